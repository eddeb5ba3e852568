"""How far the stages of a command are, by its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from publisher.cli.terminal import printable
from publisher.model.events import ArticleRead, Event, SheetSet, StageBegun, StepDone, Waiting


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
