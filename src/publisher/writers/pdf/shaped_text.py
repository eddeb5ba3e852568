"""A text in one font, shaped once: the places of its characters and its glyphs, as numbers. No layout of Pango is kept."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Any

from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango
from weasyprint.text.line_break import Layout

_CONTROLS = re.compile("[\n\r\t\f\0\xad\u0085\u2028\u2029]")  # they end lines, or are hyphens
_KEPT = 256  # texts of a style, the last ones: a page that is laid out again has the same
_INFO = 5  # numbers of 32 bits in a glyph of Pango: glyph, width, offset to the right, offset upward, flags
ffi.cdef(
    "void pango_glyph_item_get_logical_widths (PangoGlyphItem *glyph_item, const char *text, int *logical_widths);"
    "gpointer g_object_ref (gpointer object);"
)
# A break is the first bit of what Pango knows of a character: these turn the first byte into 1 or 0.
_BREAK = bytes(byte & 1 for byte in range(256))
_IS_BREAK = re.compile(b"\1")
_BITS = 4  # bytes of a PangoLogAttr
_WIDE, _CONTINUATION = re.compile("[^\0-\x7f]"), re.compile(b"[\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The glyphs of a text in a font of Pango: their numbers, their widths and their offsets to the right in units of Pango.

    `clusters` are the offsets in UTF-8 of their characters.
    """

    font: Any
    numbers: array[int]
    widths: array[int]
    shifts: array[int]
    clusters: array[int]


@dataclass(frozen=True, slots=True)
class ShapedText:
    """A text in one font: the place of each character in units of Pango, the breaks of lines, and the size of its line.

    `breaks` are the characters with which a line may begin. `wide` are those of more than one byte in UTF-8, `behind` the offsets
    behind them. `joined` are those that have no glyph of their own: the characters of a ligature but the first, and marks.
    `glyphs` is None where the text is drawn by Pango.
    """

    text: str
    places: array[int]
    breaks: array[int]
    wide: array[int]
    behind: array[int]
    joined: frozenset[int]
    height: float
    baseline: float
    glyphs: Glyphs | None

    def character(self, offset: int) -> int:
        """The character at an offset in UTF-8."""
        number = bisect_right(self.behind, offset)
        return self.wide[number - 1] + 1 + offset - self.behind[number - 1] if number else offset

    def offset(self, character: int) -> int:
        """The offset in UTF-8 of a character."""
        number = bisect_left(self.wide, character)
        return self.behind[number - 1] + character - self.wide[number - 1] - 1 if number else character


def is_plain(style: Any) -> bool:
    """Whether lines of a style are broken, measured and drawn in the plainest way."""
    known = style.__dict__.get("_has_plain_lines")
    if known is None:
        known = style.__dict__["_has_plain_lines"] = bool(
            style["white_space"] == "normal"
            and style["letter_spacing"] in ("normal", 0)
            and not style["word_spacing"]
            and style["direction"] == "ltr"
            and style["word_break"] == "normal"
            and style["font_size"]
            and style["text_decoration_line"] == "none"
            and not style["hyphenate_limit_zone"].value
        )
    return bool(known)


def shape(text: str, style: Any) -> ShapedText | None:
    """A text set in a style, in one line of any length; None for what has several fonts, directions or paragraphs."""
    known = style.__dict__.setdefault("_shaped_texts", {})
    if text not in known:
        if len(known) >= _KEPT:
            known.clear()
        known[text] = shape_once(text, style) if is_plain(style) and not _CONTROLS.search(text) else None
    return known[text]  # type: ignore[no-any-return]


def shape_once(text: str, style: Any) -> ShapedText | None:
    """As `shape`, for a text of a plain style that is not needed again."""
    layout = Layout(style)
    layout.set_text(text)
    line = pango.pango_layout_get_line_readonly(layout.layout, 0)
    data = text.encode()
    items = _items(line)
    if line.length != len(data) or not items:
        return None
    places = array("i", accumulate(chain.from_iterable(_character_widths(item, data) for item in items), initial=0))
    width, height = line_break.line_size(line, style)
    if places[-1] != round(width / FROM_UNITS):  # marks that stand alone
        return None
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    wide, behind = _wide(text)
    clusters = array("i", chain.from_iterable(map(_clusters, items)))
    glyphs = _glyphs(items[0], clusters) if len(items) == 1 else None
    shaped = ShapedText(text, places, _breaks(layout, len(text)), wide, behind, frozenset(), height, baseline, glyphs)
    joined = _joined(shaped, clusters, data)
    return replace(shaped, joined=joined) if joined else shaped


def _wide(text: str) -> tuple[array[int], array[int]]:
    """The characters of more than one byte in UTF-8, and the offsets behind them."""
    wide = array("i", () if text.isascii() else (match.start() for match in _WIDE.finditer(text)))
    more = accumulate(len(text[character].encode()) - 1 for character in wide)
    return wide, array("i", (character + 1 + extra for character, extra in zip(wide, more, strict=True)))


def end_without_spaces(text: str, place: int) -> int:
    """The place behind the last character in front of `place` that is no space."""
    while place and text[place - 1] == " ":
        place -= 1
    return place


def _breaks(layout: Any, length: int) -> array[int]:
    """The places between characters at which a line may begin, without the start."""
    attributes = pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL)
    marks = bytes(ffi.buffer(attributes, length * _BITS))[::_BITS].translate(_BREAK)
    return array("i", (match.start() for match in _IS_BREAK.finditer(marks, 1)))


def _items(line: Any) -> list[Any]:
    """The glyphs of a line in one font, from left to right; none of another line."""
    run, items = line.runs[0], []
    while run != ffi.NULL:
        items.append(run.data)
        run = run.next
    fonts = {item.item.analysis.font for item in items}
    return items if len(fonts) == 1 and not any(item.item.analysis.level % 2 for item in items) else []


def _character_widths(item: Any, data: bytes) -> list[int]:
    """The widths of the characters of some glyphs, in units of Pango."""
    widths = ffi.new("int[]", item.item.num_chars)
    pango.pango_glyph_item_get_logical_widths(item, ffi.from_buffer("char[]", data), widths)
    return ffi.unpack(widths, item.item.num_chars)  # type: ignore[no-any-return]


def _clusters(item: Any) -> Iterator[int]:
    """The offset in UTF-8 of the first character of each glyph."""
    clusters = ffi.unpack(item.glyphs.log_clusters, item.glyphs.num_glyphs)
    start = item.item.offset
    return iter(clusters) if not start else (start + cluster for cluster in clusters)


def _joined(shaped: ShapedText, clusters: array[int], data: bytes) -> frozenset[int]:
    """The characters without a glyph of their own; `data` is the text in UTF-8."""
    shown = set(clusters)
    if len(shown) == len(shaped.text):
        return frozenset()
    inside = {match.start() for match in _CONTINUATION.finditer(data)}
    return frozenset(map(shaped.character, set(range(len(data))) - inside - shown))


def _glyphs(item: Any, clusters: array[int]) -> Glyphs | None:
    """The glyphs of a text; None where one is raised, or where the font lacks one."""
    info = array("I")
    info.frombytes(ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * _INFO * info.itemsize))
    numbers = info[::_INFO]
    if any(info[3::_INFO]) or max(numbers, default=0) >= pango.PANGO_GLYPH_UNKNOWN_FLAG:
        return None
    font = ffi.gc(gobject.g_object_ref(item.item.analysis.font), gobject.g_object_unref)
    return Glyphs(font, numbers, _signed(info[1::_INFO]), _signed(info[2::_INFO]), clusters)


def _signed(numbers: array[int]) -> array[int]:
    return array("i", numbers.tobytes())


def width_of(text: str, style: Any) -> int:
    """The width of a text in units of Pango."""
    known = style.__dict__.setdefault("_widths", {})
    if text not in known:
        layout = Layout(style)
        layout.set_text(text)
        extents = ffi.new("PangoRectangle *")
        pango.pango_layout_line_get_extents(pango.pango_layout_get_line_readonly(layout.layout, 0), ffi.NULL, extents)
        known[text] = int(extents.width)
    return known[text]  # type: ignore[no-any-return]


def kerns(before: str, after: str, style: Any) -> bool:
    """Whether two texts are another width together."""
    known = style.__dict__.setdefault("_kerned", {})
    if (before, after) not in known:
        known[before, after] = width_of(before + after, style) != width_of(before, style) + width_of(after, style)
    return bool(known[before, after])
