"""Feeds that are captured with the pages of their teasers: those that a manifest lists, and those among other addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from publisher.fetching.capture import (
    DEFAULT_BOUNDS,
    DEFAULT_SETTINGS,
    Capture,
    CaptureRun,
    FetchResult,
    FetchSettings,
    capturing,
)
from publisher.fetching.net import Bounds
from publisher.fetching.refusals import ASKS_FOR_PASSWORD, Refused
from publisher.input.formats import FEEDS, reader_for
from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.markup import words
from publisher.readers.html import is_teaser

_PAGE_KINDS = (".html", ".htm", ".xhtml")


@dataclass(frozen=True)
class Feed:
    """The address of a feed, and where it stands in the manifest."""

    url: str = field(repr=False)
    place: Location


@dataclass(frozen=True)
class FeedsReport:
    """What became of feeds, each address once, in order, and of the pages to which their teasers lead."""

    feeds: tuple[FetchResult, ...] = ()
    pages: tuple[FetchResult, ...] = ()

    @property
    def failed(self) -> tuple[FetchResult, ...]:
        """The feeds that were not captured this time."""
        return tuple(result for result in self.feeds if not result.file)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostic for result in (*self.feeds, *self.pages) for diagnostic in result.diagnostics)


def fetch_feeds(
    feeds: Sequence[Feed], into: Path, bounds: Bounds = DEFAULT_BOUNDS, settings: FetchSettings = DEFAULT_SETTINGS
) -> FeedsReport:
    """Captures feeds into a folder, and the pages of entries that have only a teaser. Nothing is printed.

    A feed that cannot be captured, or whose answer is none, is a warning at its place, and what was captured of it before
    stays. Raises PublisherError as `capturing` does, and where the disk refuses the files.
    """
    if not feeds:
        return FeedsReport()
    places = {feed.url: feed.place for feed in reversed(feeds)}
    urls = list(dict.fromkeys(feed.url for feed in feeds))
    with capturing(into, urls, bounds, settings) as run, ThreadPoolExecutor(settings.max_requests) as pool:
        found = [_checked(run, capture) for capture in pool.map(run.capture, urls)]
        pages = list(pool.map(run.capture, new_pages(found)))
        run.write([*found, *pages])
        results = tuple(_placed(run, capture, places[capture.url]) for capture in found)
    return FeedsReport(results, tuple(page.result for page in pages))


def new_pages(captures: Sequence[Capture]) -> Iterator[str]:
    """The addresses to which the teasers of captured feeds lead, each once, without those that were captured with them."""
    known = {capture.url for capture in captures}
    return (url for url in dict.fromkeys(url for capture in captures for url in capture.pages) if url not in known)


def with_teasers(capture: Capture) -> Capture:
    """A capture with the pages of its teasers, if it is a feed that can be read."""
    try:
        return _with_teasers(capture)
    except (PublisherError, RecursionError):
        return capture


def _with_teasers(capture: Capture) -> Capture:
    if capture.snapshot is None or capture.answer is None:
        return capture
    return replace(capture, pages=_teaser_pages(capture.snapshot.name, capture.answer.data))


def _checked(run: CaptureRun, capture: Capture) -> Capture:
    """The capture of a feed with the pages to ask for; refused if the answer is no feed."""
    if capture.snapshot is None or capture.answer is None:
        return replace(capture, pages=_missing_pages(run, capture))
    kind = kind_of(capture.snapshot.name, capture.answer.data)
    if kind not in FEEDS:
        what = "a web page" if kind in _PAGE_KINDS else kind.removeprefix(".") or "of an unknown kind"
        return run.refused(capture.url, Refused(f"it is {what}, not a feed", Code.FETCH_NO_FEED, ASKS_FOR_PASSWORD))
    try:
        return _with_teasers(capture)
    except PublisherError as problem:
        return run.refused(capture.url, Refused(problem.diagnostics[0].message, Code.FETCH_NO_FEED))
    except RecursionError:
        return run.refused(capture.url, Refused("its elements are nested too deep", Code.FETCH_NO_FEED))


def _missing_pages(run: CaptureRun, capture: Capture) -> tuple[str, ...]:
    """The pages of a feed that has not changed which an earlier run did not get; none, if it got all."""
    if not capture.result.unchanged:
        return ()
    listed = run.record_of(capture.url).get("pages")
    if not isinstance(listed, list) or all(key in run.captures.records for key in listed):
        return ()
    file = run.into / capture.result.file
    try:
        found = _teaser_pages(file.name, file.read_bytes())
    except (OSError, PublisherError, RecursionError):
        return ()
    return tuple(url for url in found if not run.captures.record_of(url))


def _teaser_pages(name: str, data: bytes) -> tuple[str, ...]:
    """The page addresses of the entries of a feed that have too few words to be the article. Raises PublisherError."""
    reader = reader_for(name, data) if kind_of(name, data) in FEEDS else None
    articles = reader(Manuscript(Path(name), data, name)) if reader else ()
    return tuple(article.metadata.url for article in articles if article.metadata.url and is_teaser(words(article.root)))


def _placed(run: CaptureRun, capture: Capture, place: Location) -> FetchResult:
    """The result for a feed; that of a feed which was not captured names its place in the manifest, and what stays."""
    result = capture.result
    if result.file:
        return result
    day = run.record_of(capture.url).get("accessed")
    stays = f"the capture of {day} stays" if day else "there is no earlier capture"
    return replace(result, diagnostics=tuple(
        replace(found, message=f"{result.url} is not captured: {found.message}; {stays}", location=place)
        for found in result.diagnostics
    ))  # fmt: skip
