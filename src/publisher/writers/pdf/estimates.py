"""How many pages an article fills, estimated from its text and the theme's measures: sheets are divided by it (sheets.py).

An estimate costs a thousandth of a layout. It decides only how full the last page of a sheet is, never what stands on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

from publisher.model.edition import Entry
from publisher.model.papers import millimeters
from publisher.writers.pdf.styles import page_properties
from publisher.writers.themes import Theme

_POINTS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "px": 0.75}
_LENGTH = re.compile(r"(-?[\d.]+)(pt|mm|cm|in|px)")
MANY_LINES = 12  # of the contents: more are set in columns
_EM = 0.468  # the mean width of a character of a text serif, with spaces, as a share of its size
_COLOPHON = (7.4, 11.4)  # points: its size, a little less as its sans serif is narrow, and its line height
_COLOPHON_EDGES, _COLOPHON_SIDES = 30.0, 40.0  # points: what stays free above and below it, and beside it
_BESIDES = 0.06  # pages: what page ends leave empty around an article and its headline, in the mean
_BESIDE_FIGURE = 3.0  # lines that a figure takes besides its image: space, and what it leaves empty where it does not fit
_WIDE = r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]"  # characters as wide as their size
_FIRST_WIDE = "\u1100"
_TAG = re.compile(r"<[^>]*>")
_BLOCK = re.compile(
    r"<(p|li|h[2-6]|blockquote|pre|figure|figcaption|tr|dt|dd|aside|hr)\b([^>]*)>(.*?)(?=<(?:p|li|h[2-6]|blockquote|pre|figure|"
    r"figcaption|tr|dt|dd|aside|hr|/figure|/table|section)\b|$)",
    re.DOTALL,
)
_IMAGE = re.compile(r"<img\b[^>]*>")
_SIZE = re.compile(r'\b(width|height)="(\d+)"')
_SPACED = re.compile(r"<(?:ul|ol|dl|blockquote|table|aside|figure)\b")  # with space above and below
_CAPTION = re.compile(r"<caption\b")
_CELL = re.compile(r"<t[dh]\b")
_HEADER, _NOTES = re.compile(r"<header>(.*?)</header>", re.DOTALL), re.compile(r'<section class="notes.*', re.DOTALL)
_NOTE = re.compile(r"<aside\b.*?</aside>", re.DOTALL)


@dataclass(frozen=True)
class Measures:
    """What a page of a theme measures, in points: width and height of its text, and sizes with their line heights."""

    width: float
    hang: float
    height: float
    body: tuple[float, float]
    headline: tuple[float, float]
    note: tuple[float, float]
    small: tuple[float, float]
    listing: tuple[float, float]
    picture: float
    columns: int
    title_block: float
    foot: float

    @property
    def colophon(self) -> int:
        """How many characters of a colophon find room in the foot of a page, beside the page number on either side."""
        lines = int((self.foot - _COLOPHON_EDGES) / _COLOPHON[1])
        return max(0, int(lines * 0.97 * (self.width - _COLOPHON_SIDES) / (_COLOPHON[0] * _EM)))

    @property
    def column(self) -> float:
        """The width of a column of news."""
        return (self.width + self.hang + 14) / self.columns - 14


@lru_cache(64)
def measures(theme: Theme, paper: str) -> Measures:
    """The measures of a theme on a paper."""
    values = page_properties(theme, paper)
    wide, high = (side * _POINTS["mm"] for side in millimeters(paper))
    edges = {side: _lengths(values, f"--margin-{side}")[0] for side in ("top", "end", "bottom", "start")}
    return Measures(
        max(90.0, wide - edges["start"] - edges["end"]),
        _lengths(values, "--hang")[0],
        max(90.0, high - edges["top"] - edges["bottom"]),
        _lengths(values, "--body"),
        _lengths(values, "--headline-next"),
        _lengths(values, "--note"),
        _lengths(values, "--small"),
        _lengths(values, "--listing"),
        _lengths(values, "--picture-height")[0],
        int(values["--news-columns"]) if values.get("--news-columns", "").isdigit() else 1,
        _lengths(values, "--title-block")[0],
        edges["bottom"],
    )


def _lengths(values: Mapping[str, str], name: str) -> tuple[float, float]:
    """A size and its line height, or a length twice; a theme that writes it in another way gets that of a usual text."""
    found = [float(number) * _POINTS[unit] for number, unit in _LENGTH.findall(values.get(name, ""))]
    return (found[0], found[-1]) if found else (10.0, 14.0)


def pages_of(entry: Entry, page: Measures, news: bool = False) -> float:
    """About how many pages an article fills; `news` is set in two columns."""
    return _height(entry.digest, page, news, entry) / page.height + (0 if news else _BESIDES)


def pages_of_opening(lines: int, summaries: Iterable[str], page: Measures) -> float:
    """About how many pages a title block fills with `lines` lines of contents, and what stands under them."""
    columns = page.columns if lines > MANY_LINES else 1
    below = sum(_lines(summary, page.width + page.hang - 22, page.small[0]) * page.small[1] + 2 for summary in summaries)
    return (page.title_block + lines * 1.1 * page.body[1] / columns + below) / page.height


def pages_of_closing(sources: Iterable[str], columns: int, colophon: str, page: Measures) -> float:
    """About how many pages the list of sources fills, in so many columns, with the colophon below it."""
    width = (page.width + page.hang) / columns - 24
    lines = sum(_lines(source, width, page.small[0]) * page.small[1] + 3 for source in sources)
    below = _lines(colophon, page.width, _COLOPHON[0]) * _COLOPHON[1] + 2 * page.body[1] if len(colophon) > page.colophon else 0.0
    return (4 * page.body[1] + lines / columns + below) / page.height


_heights: dict[tuple[str, Measures, bool], float] = {}


def _height(digest: str, page: Measures, news: bool, entry: Entry) -> float:
    key = (digest, page, news)
    if key not in _heights:
        _heights[key] = _news_height(entry, page) if news else _article_height(entry, page)
    return _heights[key]


def _news_height(entry: Entry, page: Measures) -> float:
    """The share of a column that an item takes, of all columns side by side."""
    body, notes = _parts(entry.xhtml)[1:]
    headline = _lines(entry.metadata.title, page.column, 11.4) * page.body[1]
    text = sum(_lines(_text(block[3]), page.column, page.body[0]) * page.body[1] for block in _BLOCK.finditer(body))
    foot = sum(_lines(_text(note), page.column, page.note[0]) * page.note[1] + 2 for note in notes)
    return (headline + page.body[1] + text + foot) / page.columns


def _article_height(entry: Entry, page: Measures) -> float:
    header, body, notes = _parts(entry.xhtml)
    line = page.body[1]
    lead = len(_text(header)) - len(entry.metadata.title)
    total = _lines(entry.metadata.title, page.width + page.hang, page.headline[0]) * page.headline[1] + 4 * line
    total += ceil(lead / 70) * 15.0
    for block in _BLOCK.finditer(body):
        total += _block_height(block[1], block[3], page)
    total += line * len(_SPACED.findall(body)) + page.small[1] * len(_CAPTION.findall(body))
    for note in notes:
        total += _lines(_text(note), page.width - 14, page.note[0]) * page.note[1] + 4
    return total


def _block_height(tag: str, content: str, page: Measures) -> float:
    size, line = page.body
    if image := _IMAGE.search(content):
        return _image_height(image[0], page) + line * (_BESIDE_FIGURE if tag == "figure" else 0.3)
    text = _text(content)
    if tag == "pre":
        return sum(_lines(row, page.width - 10, page.listing[0] * 1.28) for row in text.split("\n")) * page.listing[1] + line
    if tag == "tr":
        cells = max(1, len(_CELL.findall(content)))
        return max(1, ceil(2.2 * len(text) * _EM * page.small[0] / page.width / sqrt(cells))) * page.small[1] + 6.5
    if tag.startswith("h"):
        return 2.1 * line
    if not text:
        return 0.0
    if tag == "figcaption":
        return _lines(text, page.width, page.small[0]) * page.small[1]
    indent = 14 if tag in ("li", "dd", "blockquote") else 0
    return _lines(text, page.width - indent, size) * line


def _image_height(tag: str, page: Measures) -> float:
    sides = {name: float(value) for name, value in _SIZE.findall(tag)}
    wide, high = sides.get("width", 0.0), sides.get("height", 0.0)
    if not wide or not high:
        return page.body[1]
    shown = wide * 0.75 if wide < page.width else page.width
    return min(page.picture, high * shown / wide)


def _parts(xhtml: str) -> tuple[str, str, list[str]]:
    """The header, the body and the notes of an article's XHTML."""
    header, notes = _HEADER.search(xhtml), _NOTES.search(xhtml)
    body = xhtml[header.end() if header else 0 : notes.start() if notes else len(xhtml)]
    return (header[1] if header else "", body, _NOTE.findall(notes[0]) if notes else [])


def _text(xhtml: str) -> str:
    return _TAG.sub("", xhtml).strip()


def _lines(text: str, width: float, size: float) -> int:
    wide = len(re.findall(_WIDE, text)) if text and max(text) >= _FIRST_WIDE else 0  # it takes 2 ms to compile
    return ceil((len(text) + wide * (1 / _EM - 1)) * _EM * size / width) if text else 0
