"""Progress: a bar on a terminal, a line every ten seconds of a long command elsewhere, and as JSON every event."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from publisher.cli.stages import Stage
from publisher.cli.terminal import echo, shows_progress
from publisher.model.events import Event, Listener, both, ignore

_PAUSE = 10.0  # seconds between two lines


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
    """Follows the events of a command: `listener` gets them, or (None) a person sees them; `also` gets them in any case.

    `clock` gives seconds.
    """

    def __init__(self, listener: Listener | None, clock: Callable[[], float] = time.monotonic, also: Listener = ignore) -> None:
        self._listener, self._clock, self._also = listener, clock, also
        self._display: Display | None = None
        self._stage = Stage("")

    def __enter__(self) -> Listener:
        if self._listener is not None:
            return both(self._listener, self._also)
        if shows_progress():
            from publisher.cli.progress_bar import ProgressBar

            self._display = ProgressBar(self._clock)
        else:
            self._display = Lines(self._clock())
        return both(self._follow, self._also)

    def __exit__(self, *_: object) -> None:
        if self._display is not None:
            self._display.close()

    def _follow(self, event: Event) -> None:
        self._stage = self._stage.after(event)
        if self._display is not None and self._stage.title:
            self._display.show(self._stage, self._clock())
