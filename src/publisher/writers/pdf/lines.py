"""A text is shaped once, and its lines are found by the widths of its glyphs; whatever is unusual is left to Pango.

WeasyPrint gives Pango the rest of the text for each line, and up to four times more to try a word or a hyphen. Here the places of
all characters are kept as numbers (shaped_text.py), and a line is a difference of two of them. The same glyphs are drawn
(line_drawing.py).
"""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import Any

import pyphen
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS

from publisher.writers.pdf.shaped_text import ShapedText, end_without_spaces, kerns, shape, shape_once
from publisher.writers.pdf.text_lines import LineLayout, TextLine

_LEAST = 4  # sizes of the type: in a narrower column, WeasyPrint breaks by rules of its own
_KERNING = 1  # size of the type, by which a part of a word is at most narrower than its letters are in the word
_WIDEST = 2**20  # CSS pixels, beyond which there is no limit
_WORDS = 8_192  # the last ones of which it is known how they can be divided
split_with_pango, _add_word_spacing = inline.split_text_box, inline.add_word_spacing  # as they were
counts: Counter[str] = Counter()  # of lines: "found", and left to "Pango"


def find_lines() -> None:
    """Puts the search for lines before WeasyPrint's own."""
    install(split_with_pango, split_text_box)
    inline.add_word_spacing = _widened


def are_found() -> bool:
    """Whether lines are found by the widths of glyphs."""
    return inline.split_text_box is split_text_box and inline.add_word_spacing is _widened


def leave_lines_to_pango() -> None:
    """Puts WeasyPrint's own functions back; for tests, which compare."""
    install(split_text_box, split_with_pango)
    inline.add_word_spacing = _add_word_spacing


def install(old: Any, new: Any) -> None:
    """Puts a function in the place of another as `split_text_box`."""
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.layout") and getattr(module, "split_text_box", None) == old:
            vars(module)["split_text_box"] = new


def split_text_box(context: Any, box: Any, available_width: float | None, skip: int | None, is_line_start: bool = True) -> Any:
    """As in WeasyPrint: a box with the first line of the text behind `skip` bytes, the bytes before the next line, and False."""
    line, resume = None, None
    if available_width is None:  # the text of a line that lost the spaces at its end
        line = _cut_line(box) if not skip else None
    elif available_width < _WIDEST and box.text and (shaped := shape(box.text, box.style)):
        line = _line(shaped, box.style, shaped.character(skip or 0), available_width)
        resume = None if line is None or line.resume is None else shaped.offset(line.resume)
    counts["found" if line else "Pango"] += 1
    if line is None:
        return split_with_pango(context, box, available_width, skip, is_line_start)
    return _line_box(box, line, available_width), resume, False


def _cut_line(box: Any) -> TextLine | None:
    """The line of a box that has lost the spaces at its end; None where Pango has to measure it."""
    line = box.__dict__.get("text_line")
    if line is None or line.text.rstrip(" ") != box.text or box.style is not line.style:
        return None
    if line.text == box.text:
        return line  # type: ignore[no-any-return]
    return None if kerns(box.text[-1], " x", box.style) else line.cut(len(box.text))


def _line_box(box: Any, line: TextLine, available_width: float | None) -> Any:
    """The box of a line, as `split_text_box` makes it."""
    new, shaped = box.copy_with_text(line.text), line.shaped
    new.text_line = line
    new.pango_layout = LineLayout(line, box.justification_spacing, available_width)
    new.width, new.height = line.width * FROM_UNITS, shaped.height
    new.margin_top = new.margin_bottom = (line_break.strut(box.style)[0] - shaped.height) / 2
    new.baseline = shaped.baseline + new.margin_top
    return new


def _widened(context: Any, box: Any, justification_spacing: float, x_advance: float) -> Any:
    """`add_word_spacing`: the box is moved, and its spaces are widened, all in CSS pixels; the place behind it is returned."""
    line = _cut_line(box) if isinstance(box, boxes.TextBox) else None
    if line is None or box.text == " " or not (spaces := inline.count_expandable_spaces(box)):
        return _add_word_spacing(context, box, justification_spacing, x_advance)
    box.justification_spacing = justification_spacing
    box.position_x += x_advance
    box.pango_layout = LineLayout(line, justification_spacing, None)
    box.width += justification_spacing * spaces
    return x_advance + justification_spacing * spaces


def _line(shaped: ShapedText, style: Any, start: int, available_width: float) -> TextLine | None:
    """The line of a text that begins at a character; None where Pango has to find it."""
    text, places = shaped.text, shaped.places
    limit, begin = int(max(0, available_width) * TO_UNITS), places[start]
    if start >= len(text) or start in shaped.joined or unicodedata.category(text[start]).startswith("M"):
        return None  # a mark that begins a line gets a dotted circle
    if places[-1] - begin <= limit:
        return TextLine(shaped, style, text[start:], start, len(text))
    if style["font_size"] * _LEAST > available_width or places[len(text.rstrip())] - begin <= limit:
        return None
    resume, following = _break(shaped, begin + limit)
    if resume <= start or places[end_without_spaces(text, resume)] - begin == limit or resume in shaped.joined:
        return None
    if _ends_with_other_space(text, resume) or _ends_with_other_space(text, following):
        return None
    if style["hyphens"] == "auto" and style["lang"]:
        end = following if following == len(text) else following - 1  # WeasyPrint's own count
        parts = _word_parts(text[resume:end], style["lang"], *style["hyphenate_limit_chars"])
        if parts is None:
            return None
        for part in parts:
            if places[resume + part] - begin <= limit + _KERNING * style["font_size"] * TO_UNITS:
                hyphen = shape_once(text[resume : resume + part] + style["hyphenate_character"], style)
                if hyphen is None:
                    return None
                if places[resume] - begin + hyphen.places[-1] <= limit:
                    shown = text[start:resume] + hyphen.text
                    return TextLine(shaped, style, shown, start, resume, resume + part, hyphen)
    return _whole_words(shaped, style, start, resume)


def _break(shaped: ShapedText, limit: int) -> tuple[int, int]:
    """The last break whose line ends in front of a place in units of Pango, 0 if there is none, and the next (or the end)."""
    breaks, last = shaped.breaks, bisect_right(shaped.places, limit) - 1
    number = bisect_right(breaks, last)
    if number < len(breaks) and end_without_spaces(shaped.text, breaks[number]) <= last:
        number += 1
    return breaks[number - 1] if number else 0, breaks[number] if number < len(breaks) else len(shaped.text)


def _whole_words(shaped: ShapedText, style: Any, start: int, resume: int) -> TextLine | None:
    """The line up to a break between words; None where the letter at its end has another width without what follows."""
    text = shaped.text
    end = end_without_spaces(text, resume)
    if end <= start:
        return None
    last = text[max(start, end - 2) : end]  # two: a letter kerns across a character without width
    if kerns(last, " x" if end < resume else text[resume], style):
        return None
    return TextLine(shaped, style, text[start:end], start, end, resume)


def _ends_with_other_space(text: str, place: int) -> bool:
    """Whether a text ends with a white space that only Pango lets hang over the margin, such as a no-break space."""
    end = end_without_spaces(text, place)
    return end > 0 and text[end - 1].isspace()


@lru_cache(_WORDS)
def _word_parts(text: str, lang: str, total: int, left: int, right: int) -> tuple[int, ...] | None:
    """Where the first word of a text with `total` letters can be divided, the last first; None if letters of it change."""
    if not (dictionary := pyphen.language_fallback(lang)):
        return ()
    start = 0
    while boundaries := line_break.get_next_word_boundaries(text[start:], dictionary):
        begin, end = (start + boundary for boundary in boundaries)
        if end - begin >= total:
            parts = [part for part, _ in pyphen.Pyphen(lang=dictionary, left=left, right=right).iterate(text[begin:end])]
            is_plain = all(text.startswith(part, begin) for part in parts)
            return tuple(begin + len(part) for part in parts) if is_plain else None
        start = end
    return ()
