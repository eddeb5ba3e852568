"""WeasyPrint, set up once a process: the only module that imports it.

It may open nothing but what a sheet carries; it keeps every note on the page of its call (docs/upstream/footnotes.md);
what it would only log becomes diagnostics.
"""

from __future__ import annotations

import gc
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from publisher.themes import Theme
from publisher.writers.pdf import upstream

_BREAKS = re.compile(r"<wbr\s*/>")
NOTES_KEPT = upstream.keep_notes_with_their_calls()
upstream.resolve_percentages_once()
upstream.remember_html()

_NESTING = 10_000  # the layout recurses a few frames for each nested box


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the pictures of a sheet (`resource:NAME`) and the files of a theme; refuses everything else."""

    def __init__(self, resources: Mapping[str, tuple[bytes, str]], folders: tuple[Path, ...]) -> None:
        super().__init__(allowed_protocols={"file", "resource"}, fail_on_errors=False)
        self._resources, self._folders = resources, folders

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("resource:"):
            data, media_type = self._resources[url.removeprefix("resource:")]
            return URLFetcherResponse(url, data, {"Content-Type": media_type})
        response = super().fetch(url, headers)
        path = Path(response.path or "").resolve()
        if not any(path.is_relative_to(folder) for folder in self._folders):
            response.close()
            raise ValueError(f"outside the theme: {url}")
        return response


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if line not in self.lines:
            self.lines.append(line)


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What WeasyPrint warns of while the context lasts, each line once."""
    logger, handler = logging.getLogger("weasyprint"), _Complaints()
    kept = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield handler.lines
    finally:
        logger.handlers, logger.propagate = kept


@contextmanager
def uncollected() -> Iterator[None]:
    """No cyclic garbage collection while typesetting: about 15 % of the time for 1 % of memory (FIELD_NOTES)."""
    was, limit = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    sys.setrecursionlimit(max(limit, _NESTING))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if was:
            gc.enable()


@cache
def _fonts(theme: Theme) -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet(theme: Theme, name: str) -> Any:
    """A parsed style sheet of the theme, and with it its fonts: once a process, shared by all sheets (FIELD_NOTES)."""
    return weasyprint.CSS(filename=theme.path(name), font_config=_fonts(theme), url_fetcher=Fetcher({}, theme.folders))


@cache
def _size(theme: Theme, paper: str) -> Any:
    return weasyprint.CSS(string=f"@page{{size:{paper}}}", font_config=_fonts(theme))


def stylesheets(theme: Theme, paper: str, *names: str) -> tuple[list[Any], FontConfiguration]:
    """The theme's parsed style sheets for a paper size, and their fonts."""
    wanted = [name for name in (*names, f"paper/{paper.lower()}.css") if theme.path(name)]
    return [_size(theme, paper), *(_stylesheet(theme, name) for name in wanted)], _fonts(theme)


def render(xhtml: str, theme: Theme, paper: str, resources: Mapping[str, tuple[bytes, str]], *css: str) -> Any:
    """A laid-out document (weasyprint.Document) of well-formed XHTML without a namespace."""
    sheets, fonts = stylesheets(theme, paper, *css)
    return _parsed(xhtml, Fetcher(resources, theme.folders)).render(font_config=fonts, stylesheets=sheets)


def _parsed(xhtml: str, fetcher: Fetcher) -> Any:
    """What weasyprint.HTML makes of a string, by expat instead of its HTML parser: the markup is ours and well-formed."""
    html = weasyprint.HTML.__new__(weasyprint.HTML)
    html.base_url, html.url_fetcher, html.media_type = "resource:", fetcher, "print"
    # A wbr is three boxes, and a link annotation each in a link, for the one character that it stands for.
    root = ElementTree.fromstring(_BREAKS.sub("\u200b", xhtml))
    html.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
    html.etree_element = html.wrapper_element.etree_element
    return html


def shown_text(document: Any) -> Iterator[str]:
    """The text on all pages, in pieces, generated content and repeated table heads included."""
    for page in document.pages:
        yield from (box.text for box in page._page_box.descendants() if isinstance(box, boxes.TextBox))


def notes_at_foot(page: Any) -> Iterator[tuple[str, float]]:
    """The id of each note at the foot of a page, and its height as a share of the page's text height."""
    for area in page._page_box.children:
        if isinstance(area, boxes.FootnoteAreaBox):
            for box in area.children:
                if box.element is not None:
                    yield str(box.element.get("id")), box.margin_height() / page._page_box.height
