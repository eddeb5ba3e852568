"""What every writer is given and what it gives back: the contract between the build and its writers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.edition import Moment
from publisher.model.events import Listener, Span, Stopwatch, ignore
from publisher.model.faults import Fault
from publisher.store.cache import Cache
from publisher.text.citation_styles import CitationStyle
from publisher.text.standard_style import standard_style
from publisher.writers.page_breaks import PageBreak
from publisher.writers.themes import Theme

# The place in its manuscript of a text of an article, which is given by its slug.
Places = Callable[[str, str], Location]
# A map over pure functions of plain data: one process, a pool, or a cluster. A task that raises, or whose
# worker ends or hangs, gives a Failure, the others give their results.
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


def _in_article(slug: str, text: str) -> Location:
    """The place of a text where no manuscript is known."""
    return Location(slug)


def not_awaited(breaks: tuple[PageBreak, ...]) -> None:
    """Where nothing waits for the pages."""


@dataclass(frozen=True)
class Failure:
    """What a Mapper gives in place of a result where a task ended its worker, or raised.

    `what` says how, `limit` which limit it is over, `fault` what was raised.
    """

    what: str
    limit: str = field(default="", compare=False)
    fault: Fault | None = None


@dataclass(frozen=True)
class Timed:
    """What a task gave, and when and where it was done."""

    result: Any
    span: Span

    @property
    def ms(self) -> int:
        """The milliseconds it took."""
        return round(1000 * (self.span.end - self.span.start))


def timed(function: Callable[[Any], Any], item: Any) -> Timed | Failure:
    """What `function` gives for an item, timed in the process that runs it; a Failure as it is."""
    watch = Stopwatch()
    result = function(item)
    return result if isinstance(result, Failure) else Timed(result, watch.span())


@dataclass(frozen=True)
class Settings:
    """How one output is to be written. `paper` is a CSS page size, `notes` foot, end or auto; `variant` as in the manifest.

    `breaks` are the pages of the PDF whose page numbers an e-book carries; none where it carries none. Where that PDF is made at
    the same time, the first look at them waits for it: a writer does all else before.
    `style` writes a source out. `place` says where in its manuscript a text of an article stands. `report` listens.
    `paginated` is called with what opens each page of a paged output as soon as that is known, before the output is finished.
    """

    theme: Theme
    moment: Moment
    paper: str = "A4"
    notes: str = "auto"
    variant: str = "pdf/ua-1+a-3a"
    breaks: Sequence[PageBreak] = ()
    style: CitationStyle = standard_style
    mapper: Mapper = field(default=map, compare=False)
    cache: Cache | None = field(default=None, compare=False)
    place: Places = field(default=_in_article, compare=False)
    report: Listener = field(default=ignore, compare=False)
    paginated: Callable[[tuple[PageBreak, ...]], None] = field(default=not_awaited, compare=False)


@dataclass(frozen=True)
class Output:
    """The bytes of a finished file; `starts` has the folio on which each article begins, `breaks` what opens each page
    (paged formats only). `system_fonts` are the names of the machine's fonts that it is set in, with their versions.
    """

    data: bytes = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    pages: int = 0
    starts: dict[str, str] = field(default_factory=dict)
    breaks: tuple[PageBreak, ...] = field(default=(), repr=False)
    system_fonts: tuple[str, ...] = ()
