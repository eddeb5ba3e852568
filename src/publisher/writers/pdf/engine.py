"""WeasyPrint, set up once a process: the only module that imports it.

It is given what a sheet carries and the files of its theme, and opens nothing else. It keeps every note on the page of its call
(docs/upstream/footnotes.md). What it would only log becomes diagnostics.
"""

from __future__ import annotations

import publisher.writers.pdf.native_libraries  # noqa: F401 (before WeasyPrint)

# isort: split
import gc
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property, partial
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.request import url2pathname
from xml.etree import ElementTree

import uharfbuzz
import weasyprint
from cssselect2 import ElementWrapper
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse, get_link

from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.faults import fault_of
from publisher.model.media_types import media_type_of
from publisher.model.papers import page_size
from publisher.writers.code_points import FAMILY, code_point_font
from publisher.writers.pdf import weasyprint_patches as patches
from publisher.writers.pdf.font_configuration import FontFaces, ThemeFontConfiguration, in_use
from publisher.writers.pdf.font_families import undeclared_families
from publisher.writers.pdf.rule_effects import css_of
from publisher.writers.pdf.styles import FALLBACK, FallbackFace, StyleSheet, css_faults, fault, page_styles, wanted_faces
from publisher.writers.pdf.theme_faults import theme_fault
from publisher.writers.themes import Theme, text_of

_BREAKS = re.compile(r"<wbr\s*/>")
_TAG = re.compile(r"<[^>]*>")
_IMAGE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
_CHARACTERS_OF_IMAGES = re.compile(r'data-characters="([^"]*)"')  # sheet_markup.py
_MISSING_GLYPH = re.compile(r'glyph rendered for Unicode string unsupported by fonts: "(.*?)" \(', re.DOTALL)
# Default_Ignorable_Code_Point (Unicode 5.21): what a font need not have
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS = "code-points"  # the name under which the font of marks is fetched
patches.apply_patches()
_THEME_FILES = "https://theme.invalid"  # a scheme by which the parser resolves relative addresses
_TOLERANCE = 1.0  # CSS pixels
_theme_faults: dict[tuple[str, str], Diagnostic | None] = {}  # by theme and exception: the same rule fails for many articles
_NESTING = 10_000  # the layout recurses a few frames for each nested box


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the pictures of a sheet (`resource:NAME`) and the files of a theme (`THEME_FILES/PATH`), and nothing else."""

    def __init__(self, resources: Mapping[str, tuple[bytes, str]], folders: tuple[Path, ...]) -> None:
        self._resources, self._folders = resources, folders
        self._fail_on_errors = False  # all that URLFetcher needs; its handlers, which open files and connections, are not made

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("resource:"):
            data, media_type = self._resources[url.removeprefix("resource:")]
        elif url.startswith(f"{_THEME_FILES}/"):
            path = Path(url2pathname(url.removeprefix(_THEME_FILES).split("?")[0])).resolve()
            if not any(path.is_relative_to(folder) for folder in self._folders):
                raise ValueError(f"outside the theme: {path}")
            data, media_type = path.read_bytes(), media_type_of(path.name, "application/octet-stream")
        else:
            raise ValueError(f"neither a picture of the sheet nor a file of the theme: {url}")
        return URLFetcherResponse(url, data, {"Content-Type": media_type})


def _theme_file(path: Path) -> str:
    """The address under which the engine asks for a file of a theme; it leads nowhere (RFC 2606, 2)."""
    return path.as_uri().replace("file://", _THEME_FILES, 1)


class _WarningLines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage().replace(_THEME_FILES, "")
        if line not in self.lines:
            self.lines.append(line)


def claims_hold() -> bool:
    """Whether every correction that a claim of PDF/UA or PDF/A depends on is in effect."""
    return not any(patch.claimed for patch in patches.missing())


def unknown_versions() -> Iterator[Diagnostic]:
    """A warning for each correction of WeasyPrint, pydyf or Pyphen that the installed version does without."""
    for patch in patches.missing():
        library, installed = patch.library.__name__, patch.library.__version__
        claims = "the PDF does not claim PDF/UA or PDF/A" if patch.claimed else "the PDF is made without it"
        yield Diagnostic(
            Code.ENGINE_UNKNOWN,
            f"{library} {installed}: the correction {patch.name!r} was not written for this version; {claims}",
            hint=f"install a version that it was written for: {library} {', '.join(patch.versions)}",
        )


@contextmanager
def logged_warnings() -> Iterator[list[str]]:
    """What WeasyPrint warns of while the context lasts, each line once."""
    logger, handler = logging.getLogger("weasyprint"), _WarningLines()
    kept = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield handler.lines
    finally:
        logger.handlers, logger.propagate = kept


@contextmanager
def gc_disabled() -> Iterator[None]:
    """No cyclic garbage collection while typesetting: about 15 % of the time for 1 % of memory."""
    was, limit = gc.isenabled(), sys.getrecursionlimit()
    gc.disable()
    sys.setrecursionlimit(max(limit, _NESTING))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if was:
            gc.enable()


@dataclass(frozen=True)
class _Fonts:
    """A theme's fonts with some of its fallback faces, and marks for the characters `missing`, which no font has.

    With `machine`, the machine's fonts may be used too. Each choice has a configuration of its own: a face that another sheet
    needed must not change which face a character gets in this sheet.
    """

    theme: Theme
    faces: tuple[tuple[Path, FallbackFace], ...]
    missing: str = ""
    machine: bool = False

    @cached_property
    def configuration(self) -> FontConfiguration:
        configuration = FontConfiguration() if self.machine else ThemeFontConfiguration()
        for path, face in self.faces:
            _css(self.theme, StyleSheet(path, face.css), configuration)
        if self.missing:
            marks = {_MARKS: (code_point_font(self.missing, self.theme), "font/ttf")}
            css = f"@font-face {{ font-family: '{FAMILY}'; src: url(resource:{_MARKS}) }}"
            with disk.temporary_files():
                weasyprint.CSS(string=css, font_config=configuration, url_fetcher=Fetcher(marks, ()))
        return configuration


_fonts = cache(_Fonts)


@cache
def _parsed_css(theme: Theme, sheet: StyleSheet) -> tuple[Any, tuple[Any, ...], tuple[str, ...]]:
    """A style sheet, parsed once a process, with the descriptors of its fonts and what the engine says of it."""
    faces = FontFaces()
    with logged_warnings() as lines:
        css = _css(theme, sheet, faces)
    return css, tuple(faces.descriptors), tuple(lines)


@cache
def _stylesheet(fonts: _Fonts, sheet: StyleSheet) -> tuple[Any, tuple[Diagnostic, ...]]:
    """A parsed style sheet, its fonts loaded into the configuration, and its faults: once a process, shared by all sheets."""
    try:
        css, faces, lines = _parsed_css(fonts.theme, sheet)
        with logged_warnings() as lines_of_fonts, disk.temporary_files():
            for descriptors in faces:
                fonts.configuration.add_font_face(descriptors, Fetcher({}, fonts.theme.folders))
    except Exception as problem:
        return None, (fault(sheet.path, f"the typesetting engine cannot read it: {fault_of(problem).words}"),)
    return css, sheet.faults or css_faults(sheet.path, dict.fromkeys((*lines, *lines_of_fonts)))


def _css(theme: Theme, sheet: StyleSheet, font_config: Any) -> Any:
    with disk.temporary_files():
        return css_of(sheet.css, _theme_file(sheet.path), Fetcher({}, theme.folders), font_config, sheet.original)


def render(
    xhtml: str, theme: Theme, paper: str, resources: Mapping[str, tuple[bytes, str]], *css: str, tight: bool = False
) -> Any:
    """A laid-out document (weasyprint.Document) of well-formed XHTML without a namespace.

    Raises PublisherError with all that is wrong in the theme's style sheets.
    """
    sheets = page_styles(theme, paper, css, tight)
    fonts = _fonts_of(xhtml, theme, sheets)
    faults = [fault for sheet in sheets for fault in _stylesheet(fonts, sheet)[1]]
    if faults:
        raise PublisherError(*faults)
    sizes = f"@page{{size:{page_size(paper)}}} @page turned{{size:{page_size(paper, turned=True)}}}"
    size, _ = _stylesheet(fonts, StyleSheet(theme.folders[0], sizes))

    images = _theme_images(xhtml, theme)

    def lay_out(sheets: Sequence[StyleSheet]) -> Any:
        html = _parsed(xhtml, Fetcher({**resources, **images}, theme.folders))
        stylesheets = [size, *(_stylesheet(fonts, sheet)[0] for sheet in sheets)]
        with in_use(fonts.configuration):
            return html.render(font_config=fonts.configuration, stylesheets=stylesheets)

    def lays_out(sheets: Sequence[StyleSheet]) -> bool:
        try:
            lay_out(sheets)
        except Exception:
            return False
        return True

    try:
        return lay_out(sheets)
    except RecursionError:
        raise
    except Exception as problem:
        words = fault_of(problem).words
        if (theme.digest, words) not in _theme_faults:
            _theme_faults[theme.digest, words] = theme_fault(sheets, problem, lays_out)
        if theme_error := _theme_faults[theme.digest, words]:
            raise PublisherError(theme_error) from problem
        raise


def _theme_images(xhtml: str, theme: Theme) -> dict[str, tuple[bytes, str]]:
    """The images of the theme's own templates, by the path in the theme. Raises PublisherError for those that it lacks."""
    names = dict.fromkeys(name for name in map(unescape, _IMAGE.findall(xhtml)) if ":" not in name)
    paths = {name: theme.image(unquote(name)) for name in names}
    if missing := [theme.missing_image(name) for name, path in paths.items() if path is None]:
        raise PublisherError(*missing)
    return {
        name: (path.read_bytes(), media_type_of(path.name, "application/octet-stream")) for name, path in paths.items() if path
    }


def _fonts_of(xhtml: str, theme: Theme, sheets: Sequence[StyleSheet]) -> _Fonts:
    """The fonts that a text needs; those of the machine only for characters, or families of style sheets, that it lacks."""
    faces = wanted_faces(theme, xhtml)
    lacking, missing = _lacking_characters(xhtml, theme), characters_without_glyph(xhtml, theme)
    named = undeclared_families((*(sheet.original or sheet.css for sheet in sheets), *_fallback_css(theme)))
    return _fonts(theme, faces, missing, machine=len(missing) < len(lacking) or bool(named))


def _fallback_css(theme: Theme) -> tuple[str, ...]:
    return tuple(map(text_of, theme.paths(FALLBACK)[-1:]))


def characters_without_glyph(xhtml: str, theme: Theme) -> str:
    """The characters of a text that neither the theme nor this machine has a font for, sorted: they are set as marks."""
    lacking = _lacking_characters(xhtml, theme)
    return _without_glyph(lacking, _fonts(theme, wanted_faces(theme, xhtml), machine=True)) if lacking else ""


def _lacking_characters(xhtml: str, theme: Theme) -> str:
    """The characters of a text that no font of the theme has, sorted; none of those that are never drawn."""
    unknown = {char for char in set(_IGNORABLE.sub("", xhtml)) if char > "\x7f" and not char.isspace()}
    for path in theme.fonts() + tuple(path for path in map(partial(_face_file, theme), wanted_faces(theme, xhtml)) if path):
        if not unknown:
            return ""
        known = _code_points_of(path, theme.digest)
        unknown = {char for char in unknown if ord(char) not in known}
    return "".join(sorted(unknown & set(unescape(_TAG.sub("", xhtml)) + "".join(_CHARACTERS_OF_IMAGES.findall(xhtml)))))


def _face_file(theme: Theme, face: tuple[Path, FallbackFace]) -> Path | None:
    return theme.path(face[1].file)


@cache
def _code_points_of(path: Path, digest: str) -> Any:
    """The code points that a font has, as a set of HarfBuzz: a bit each, where Python has an object each."""
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))).unicodes


@cache
def _without_glyph(characters: str, fonts: _Fonts) -> str:
    """Those of the characters that the engine finds in no font at all; it says so only when it draws them."""
    html = _parsed(f"<html><body>{escape(' '.join(characters))}</body></html>", Fetcher({}, ()))
    with logged_warnings() as lines, in_use(fonts.configuration):
        html.render(font_config=fonts.configuration).write_pdf(uncompressed_pdf=True)
    return characters_drawn_as_boxes(lines)


def characters_drawn_as_boxes(lines: Iterable[str]) -> str:
    """The characters without a glyph that lines of the log name, sorted; spaces are none."""
    named = {char for line in lines if (match := _MISSING_GLYPH.search(line)) for char in match[1]}
    return "".join(sorted(char for char in named if not char.isspace()))


def _parsed(xhtml: str, fetcher: Fetcher) -> Any:
    """What weasyprint.HTML makes of a string, by expat instead of its HTML parser: the markup is ours and well-formed."""
    html = weasyprint.HTML.__new__(weasyprint.HTML)
    html.base_url, html.url_fetcher, html.media_type = "resource:", fetcher, "print"
    # A wbr is three boxes, and a link annotation each in a link, for the one character that it stands for.
    root = ElementTree.fromstring(_BREAKS.sub("\u200b", xhtml))
    for image in root.iter("img"):
        if ":" not in image.get("src", ""):  # an image of the theme
            image.set("src", f"resource:{image.get('src')}")
    html.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
    html.etree_element = html.wrapper_element.etree_element
    return html


def link_target(href: str) -> str:
    """The address that a link to another site has on the page."""
    link = get_link(href, "resource:")
    return str(link[1][1]) if link else ""


def blank_pages(document: Any) -> Iterator[int]:
    """The pages (0-based) without a word or a picture."""
    for number, page in enumerate(document.pages):
        if not any(isinstance(box, boxes.TextBox | boxes.ReplacedBox) for box in page._page_box.descendants()):
            yield number


@dataclass(frozen=True)
class LaidOutTable:
    """A table, or the part of one, on a page: what its `data-table` says, and the boxes of page, table and what is around it."""

    key: str
    page: Any
    wrapper: Any
    table: Any


def laid_out_tables(document: Any) -> Iterator[LaidOutTable]:
    """The tables of the articles, page by page."""
    for page in document.pages:
        for wrapper in page._page_box.descendants():
            table = wrapper.get_wrapped_table() if getattr(wrapper, "is_table_wrapper", False) else None
            if table is not None and (key := table.element.get("data-table")):
                yield LaidOutTable(key, page._page_box, wrapper, table)


def wide_tables(tables: Iterable[LaidOutTable]) -> Iterator[str]:
    """The keys of tables that stand over the edge of their page's column."""
    for part in tables:
        left, right = part.page.content_box_x(), part.page.content_box_x() + part.page.width
        start, end = part.table.border_box_x(), part.table.border_box_x() + part.table.border_width()
        hangs = min(0, part.wrapper.margin_left), min(0, part.wrapper.margin_right)  # where the theme lets it hang out
        if start < left + hangs[0] - _TOLERANCE or end > right - hangs[1] + _TOLERANCE:
            yield part.key


def tables_without_heads(tables: Iterable[LaidOutTable]) -> Iterator[str]:
    """The keys of tables whose head or foot is on no page: WeasyPrint leaves out one that leaves no room for the rows."""
    shown, elements = set[Any](), {}
    for part in tables:
        elements[part.key] = part.table.element
        shown.update(group.element for group in part.table.children)
    for key, element in elements.items():
        if any(group.tag in ("thead", "tfoot") and len(group) and group not in shown for group in element):
            yield key


def height_on_last_page(document: Any) -> float:
    """How far down the text and the images of the last page go, as a share of its text height; without what is at its foot."""
    page = document.pages[-1]._page_box
    top, lowest = page.content_box_y(), 0.0
    waiting = [page]
    while waiting:
        box = waiting.pop()
        if isinstance(box, boxes.LineBox | boxes.ReplacedBox):
            lowest = max(lowest, box.position_y + box.margin_height() - top)
        elif not isinstance(box, boxes.FootnoteAreaBox) and box.style["position"] != "absolute":
            waiting += getattr(box, "children", ())
    return float(lowest / page.height)


def notes_at_foot(page: Any) -> Iterator[tuple[str, float]]:
    """The id of each note at the foot of a page, and its height as a share of the page's text height."""
    for area in page._page_box.descendants():
        if isinstance(area, boxes.FootnoteAreaBox):
            for box in area.descendants():
                if box.element is not None and "note" in str(box.element.get("class", "")).split():
                    yield str(box.element.get("id")), box.margin_height() / page._page_box.height
