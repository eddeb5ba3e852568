"""What every writer takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from publisher.cache import Cache
from publisher.diagnostics import Diagnostic
from publisher.edition import Moment
from publisher.themes import Theme

# A map over pure functions of plain data: one process, a pool, or a cluster (DESIGN: parallel is `map`). A task that
# kills or hangs its worker gives a Failure, the others their results.
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


@dataclass(frozen=True)
class Failure:
    """What a Mapper gives in place of a result where a task took its worker down; `what` says how."""

    what: str


@dataclass(frozen=True)
class Settings:
    """How one output is to be written. `paper` is a CSS page size, `notes` foot, end or auto; `variant` as in the manifest."""

    theme: Theme
    moment: Moment
    paper: str = "A4"
    notes: str = "auto"
    variant: str = "pdf/ua-1+a-3a"
    mapper: Mapper = field(default=map, compare=False)
    cache: Cache | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Output:
    """The bytes of a finished file; `starts` is the folio on which each article begins (paged formats only)."""

    data: bytes = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    pages: int = 0
    starts: dict[str, str] = field(default_factory=dict)
