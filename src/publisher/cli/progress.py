"""Progress: a bar on a terminal, a line every ten seconds of a long command elsewhere, and as JSON every event."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from publisher.cli.terminal import echo, printable, shows_progress
from publisher.model.events import ArticleRead, Event, Listener, SheetSet, StageBegun, StepDone, Waiting

_PAUSE = 10.0  # seconds between two lines


@dataclass(frozen=True)
class Stage:
    """How far a stage is: `done` steps of `total` (0: not known), the last about `name`; `ahead` more are done, not reported."""

    title: str
    total: int = 0
    done: int = 0
    name: str = ""
    ahead: int = 0

    def after(self, event: Event) -> Stage:
        """The stage after an event."""
        match event:
            case StageBegun():
                return Stage(event.stage, event.total)
            case ArticleRead():
                return self._next(printable(event.path).rpartition("/")[2])
            case SheetSet():
                return self._next(_first_of(event.articles))
            case StepDone():
                return self._next(event.name)
            case Waiting():
                return replace(self, ahead=event.ahead)
            case _:
                return self

    @property
    def steps(self) -> int:
        """How many steps are done."""
        return self.done + self.ahead

    def _next(self, name: str) -> Stage:
        return replace(self, done=self.done + 1, name=name, ahead=max(0, self.ahead - 1))

    def __str__(self) -> str:
        if not self.total:
            return self.title
        return f"{self.title} {self.steps:,} of {self.total:,}" + (f": {self.name}" if self.name else "")


def _first_of(slugs: Sequence[str]) -> str:
    more = f" and {len(slugs) - 1} more" if len(slugs) > 1 else ""
    return f"{slugs[0]}{more}" if slugs else ""


class Display(Protocol):
    """Shows stages to a person."""

    def show(self, stage: Stage, now: float) -> None:
        """Shows how far a stage is at a time in seconds."""

    def close(self) -> None:
        """Leaves nothing behind."""


class Lines:
    """A line every ten seconds; none for a command that is shorter."""

    def __init__(self, now: float) -> None:
        self._last = now

    def show(self, stage: Stage, now: float) -> None:
        if now - self._last >= _PAUSE:
            self._last = now
            echo(str(stage), err=True)

    def close(self) -> None:
        pass


class Progress:
    """Follows the events of a command, whose messages are `log_format`; `clock` gives seconds."""

    def __init__(self, listener: Listener | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._listener, self._clock = listener, clock
        self._display: Display | None = None
        self._stage = Stage("")

    def __enter__(self) -> Listener:
        if self._listener is not None:
            return self._listener
        if shows_progress():
            from publisher.cli.progress_bar import ProgressBar

            self._display = ProgressBar(self._clock)
        else:
            self._display = Lines(self._clock())
        return self._follow

    def __exit__(self, *_: object) -> None:
        if self._display is not None:
            self._display.close()

    def _follow(self, event: Event) -> None:
        self._stage = self._stage.after(event)
        if self._display is not None and self._stage.title:
            self._display.show(self._stage, self._clock())
