"""Lines are drawn from the glyphs that were shaped to find them; what is unusual is set by Pango once more.

Pango gives each widened space of a justified line a run of its own, with half of its spacing on each side. The letters beside it
do not kern with it then, which they may where the line is measured.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, pango

from publisher.writers.pdf.grapheme_text import COMPLEX
from publisher.writers.pdf.shaped_text import Glyphs, ShapedText, kerns
from publisher.writers.pdf.text_lines import LineLayout, TextLine

_SPACE, _SPACES = re.compile("[ \u00a0]"), re.compile("[ \u00a0]{2}")
_BESIDE_SPACES = re.compile("(?s)(?=(.[ \u00a0]|[ \u00a0].))")  # a space and the character in front of it or behind it
_SIZED = 14_802  # from this version on the fonts of Pango know their sizes
_PIXEL = int(TO_UNITS)
counts: Counter[str] = Counter()  # of lines: "drawn" from their glyphs, and left to "Pango"
_originals: dict[str, Any] = {}


class _Font(NamedTuple):
    """A font of the PDF, its size, the font of Pango, and what is written for its glyphs, by number, width and offset."""

    font: Any
    size: float
    pango_font: Any
    written: dict[tuple[int, int, int], str]


def draw_shaped_lines() -> None:
    """Puts drawing from shaped glyphs before WeasyPrint's own. After every other change to `draw_first_line`."""
    if drawing.draw_first_line is not draw_first_line:
        _originals["draw_first_line"] = drawing.draw_first_line
        drawing.draw_first_line = draw_first_line


def leave_drawing_to_pango() -> None:
    """Puts the function that was there back; for tests, which compare."""
    drawing.draw_first_line = _originals["draw_first_line"]


def are_drawn() -> bool:
    """Whether lines are drawn from shaped glyphs."""
    return drawing.draw_first_line is draw_first_line


def draw_first_line(stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
    """`draw_first_line`: the line of a text box, drawn; the emojis in it are returned."""
    layout = textbox.pango_layout
    if not isinstance(layout, LineLayout):
        counts["Pango"] += 1
        return draw_with_pango(stream, textbox, text_overflow, block_ellipsis, matrix)
    if not textbox.text.strip():
        return []
    if text_overflow != "ellipsis" and block_ellipsis == "none" and textbox.style["font_size"] >= 1:
        font, text = _written(stream, layout.line, layout.justification_spacing)
        if text:
            counts["drawn"] += 1
            stream.set_text_matrix(*matrix.values)
            stream.set_font_size(font.font.hash, font.size)
            stream.show_text(text)
            return []
    counts["Pango"] += 1
    return draw_with_pango(stream, textbox, text_overflow, block_ellipsis, matrix)


def draw_with_pango(stream: Any, textbox: Any, *context: Any) -> Any:
    """`draw_first_line` as it was."""
    if isinstance(textbox.pango_layout, LineLayout):
        textbox.pango_layout.set_up(textbox.style)
    return _originals["draw_first_line"](stream, textbox, *context)


def _written(stream: Any, line: TextLine, justification_spacing: float) -> tuple[Any, str]:
    """The font and what is written for a line, as for the operator TJ (ISO 32000-1, 9.4.3); empty where Pango has to set it."""
    glyphs, hyphen = line.shaped.glyphs, line.hyphen.glyphs if line.hyphen else None
    has_other_font = line.hyphen is not None and (hyphen is None or glyphs is None or hyphen.font != glyphs.font)
    is_complex = getattr(stream, "graphemes", None) is not None and COMPLEX.search(line.text)
    font = None if glyphs is None or has_other_font or is_complex else _font(stream, glyphs, line.style)
    if font is None:
        return None, ""
    if not justification_spacing or not _SPACE.search(line.text):
        return font, _run(_part_written(stream, font, line.shaped, line.start, line.end) + _hyphen_written(stream, font, line))
    spacing = int(justification_spacing * TO_UNITS)
    if not spacing or not _is_widened_plainly(line):
        return None, ""
    return font, "".join(_runs(stream, font, line, spacing))


def _font(stream: Any, glyphs: Glyphs, style: Any) -> _Font | None:
    """The font of a text in a PDF; None if it has pictures, or if its glyphs were drawn from right to left."""
    known = stream.__dict__.setdefault("_shaped_fonts", {})
    font = known.get(glyphs.font)
    if font is None:
        pdf_font, size = stream.add_font(glyphs.font)
        if pango.pango_version() < _SIZED:
            size = style["font_size"]
        written = pdf_font.__dict__.setdefault("_written", {}).setdefault(size, {})
        font = known[glyphs.font] = _Font(pdf_font, size, glyphs.font, written)
    has_pictures = font.font.bitmap or font.font.svg or font.font.png or font.font.colr
    return None if has_pictures or getattr(font.font, "is_mirrored", False) else font


def _is_widened_plainly(line: TextLine) -> bool:
    """Whether the spaces of a line can be widened each by itself: no two are together, and no letter kerns with them."""
    if _SPACES.search(line.text) or (line.hyphen and _SPACE.search(line.hyphen.text)):
        return False
    known = line.style.__dict__.setdefault("_beside_spaces", set())
    pairs = set(_BESIDE_SPACES.findall(line.text)) - known
    if any(_kern(before, behind, line.style) for before, behind in pairs):
        return False
    known |= pairs
    return True


def _kern(before: str, behind: str, style: Any) -> bool:
    """Whether a space kerns with a character; letters keep Pango from cutting it at the ends of a line."""
    return kerns(before, f"{behind}x", style) if _SPACE.match(behind) else kerns(f"x{before}", behind, style)


def _runs(stream: Any, font: _Font, line: TextLine, spacing: int) -> Iterator[str]:
    """What is written for the runs of a justified line; `spacing` is added to each space, in units of Pango."""
    shaped, place = line.shaped, line.start
    first, last = 0, len(line.text.encode()) - 1
    for match in _SPACE.finditer(line.text):
        space, behind = line.start + match.start(), line.start + match.end()
        if space > place:
            yield _run(_part_written(stream, font, shaped, place, space))
        offset = shaped.offset(space) - shaped.offset(line.start)
        # WeasyPrint adds the double at the ends, where Pango gives one half
        added = spacing * (2 if offset in (first, last) else 1)
        is_last = behind == line.end and not line.hyphen
        yield _run(_space_written(stream, font, shaped, space, *_padded(added, is_first=not offset, is_last=is_last)))
        place = behind
    rest = _part_written(stream, font, shaped, place, line.end) + _hyphen_written(stream, font, line)
    if rest:
        yield _run(rest)


def _padded(spacing: int, *, is_first: bool, is_last: bool) -> tuple[int, int]:
    """What Pango adds to the width of a space and to its offset, half in front and half behind; nothing at an end of the line."""
    left = spacing // 2 if spacing >= 0 else -(-spacing // 2)
    if spacing % _PIXEL == 0:  # Pango keeps whole pixels
        left = (left + _PIXEL // 2) // _PIXEL * _PIXEL
    if is_first:
        return spacing - left, 0
    return (left, left) if is_last else (spacing, left)


def _run(glyphs: Sequence[str]) -> str:
    """A string of glyphs; a number may follow the last of them."""
    text = "<" + "".join(glyphs)
    return text[:-1] if text[-1] == "<" else text + ">"


def _hyphen_written(stream: Any, font: _Font, line: TextLine) -> list[str]:
    """What is written for the part of a word and its hyphen at the end of a line."""
    return _part_written(stream, font, line.hyphen, 0, len(line.hyphen.text)) if line.hyphen else []


def _part_written(stream: Any, font: _Font, shaped: ShapedText, start: int, end: int) -> list[str]:
    """What is written for the glyphs of the characters from `start` to `end`."""
    glyphs, written = shaped.glyphs, font.written
    if glyphs is None or start >= end:
        return []
    first, last = (bisect_left(glyphs.clusters, shaped.offset(place)) for place in (start, end))
    parts = (glyphs.numbers[first:last], glyphs.widths[first:last], glyphs.shifts[first:last])
    try:
        return [written[glyph] for glyph in zip(*parts, strict=True)]
    except KeyError:
        for number, glyph in enumerate(zip(*parts, strict=True), first):
            if glyph not in written:
                _register(stream, font, shaped, number)
                written[glyph] = _glyph_written(font, *glyph)
        return [written[glyph] for glyph in zip(*parts, strict=True)]


def _space_written(stream: Any, font: _Font, shaped: ShapedText, place: int, width: int, shift: int) -> list[str]:
    """What is written for a space that is `width` wider and `shift` further to the right, in units of Pango."""
    glyphs = shaped.glyphs
    if glyphs is None:
        return []
    number = bisect_left(glyphs.clusters, shaped.offset(place))
    _register(stream, font, shaped, number)
    return [_glyph_written(font, glyphs.numbers[number], glyphs.widths[number] + width, glyphs.shifts[number] + shift)]


def _register(stream: Any, font: _Font, shaped: ShapedText, number: int) -> None:
    """Tells the font of the PDF the characters and the width of a glyph of a text, if it does not know them."""
    glyphs, pdf_font = shaped.glyphs, font.font
    if glyphs is None or (glyph := glyphs.numbers[number]) == pango.PANGO_GLYPH_EMPTY:
        return
    if glyph not in pdf_font.to_unicode:
        data = shaped.text.encode()
        following = glyphs.clusters[number + 1] if number + 1 < len(glyphs.clusters) else len(data)
        pdf_font.to_unicode[glyph] = data[glyphs.clusters[number] : following].decode()
    if glyph not in pdf_font.widths:
        pango.pango_font_get_glyph_extents(font.pango_font, glyph, stream.ink_rect, stream.logical_rect)
        pdf_font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / font.size)


def _glyph_written(font: _Font, glyph: int, width: int, shift: int) -> str:
    """What is written for a glyph within a string: its number, and the number by which the next one is moved."""
    if glyph == pango.PANGO_GLYPH_EMPTY:
        return f">{-width / font.size}<"
    offset = shift / font.size
    text = f">{-offset}<{glyph:04x}" if offset else f"{glyph:04x}"
    kerning = font.font.widths[glyph] + offset - width * 1000 * FROM_UNITS / font.size
    return f"{text}>{int(kerning)}<" if kerning else text
