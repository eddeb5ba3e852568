"""Writes letters with marks, ligatures and reordered letters so that they are read back in logical order.

A PDF page shows glyphs; programs that read it sort them by place. A mark that is raised above its letter is taken for a line of
its own, and the characters of a ligature are turned around in text from right to left. So:

- a letter stays a glyph, and its marks are drawn as paths, which are no text;
- from right to left, an invisible glyph for each mark stands on the baseline at the left edge of the letter: behind it, in the
  order of reading. All characters of a ligature stand there so. (Of an ActualText, Poppler turns the characters around.)
- from left to right, a letter with marks, or letters in another order than in the text, are a span with the characters as its
  ActualText (ISO 32000-1, 14.9.4).
"""

from __future__ import annotations

import re
import unicodedata
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from fontTools.pens.basePen import BasePen
from weasyprint.text.ffi import FROM_UNITS, pango

# Scripts with marks, ligatures or letters that stand before what they follow: Hebrew to Khmer, and marks of any script.
COMPLEX = re.compile("[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1700-\u18af\u1a20-\u1cff\ua880-\uabff\ufb1d-\ufdff\ufe70-\ufefc]")
# Marks that stand mirrored from right to left: the glyph of the first is then read as the second.
MIRRORED = re.compile(r"[()\[\]{}<>«»‹›⟨⟩]")
_JOINERS = "\u200c\u200d"  # they are characters of the words in which they stand (Persian, Hindi)
_RIGHT_TO_LEFT_MARK = "\u200f"
_STEP = 10  # thousandths of an em between invisible marks: enough to be in order


@dataclass(frozen=True)
class Glyph:
    """A glyph of a run: its number, its offsets and its advance in CSS pixels (y downward)."""

    number: int
    x: float
    y: float
    advance: float


@dataclass(frozen=True)
class Grapheme:
    """A letter with its marks, or a ligature: its characters, and its glyphs as they stand from left to right.

    `ends_run`: it is the last of words from right to left within text from left to right.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    is_rtl: bool
    ends_run: bool = False

    @property
    def advance(self) -> float:
        return sum(glyph.advance for glyph in self.glyphs)


def special_graphemes(text: bytes, glyph_item: Any, known: dict[int, str], in_rtl: bool) -> dict[int, Grapheme | None]:
    """The graphemes of a run that need more than a glyph each, by the place of their first glyph; None for their other glyphs.

    `known` has the text of each glyph of the font that is in use. `in_rtl`: the text around goes from right to left.
    """
    glyphs, item = glyph_item.glyphs, glyph_item.item
    count, is_rtl = glyphs.num_glyphs, bool(item.analysis.level % 2)
    run = text[item.offset : item.offset + item.length]
    found: dict[int, Grapheme | None] = {}
    texts = ChainMap({}, known)  # as they will be when the glyphs before are written
    parts = list(_parts(run, list(glyphs.log_clusters[0:count])))
    if is_rtl:
        parts = list(_joined(parts, [glyphs.glyphs[place].geometry.width for place in range(count)]))[::-1]
    for part, places in parts:
        shown = [place for place in places if glyphs.glyphs[place].glyph != pango.PANGO_GLYPH_EMPTY]
        is_whole = places == list(range(places[0], places[0] + len(places)))
        has_unknown = any(glyphs.glyphs[place].glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG for place in shown)
        ends_run = is_rtl and not in_rtl and places[0] == 0
        grapheme = Grapheme(part, tuple(_glyph(glyphs.glyphs[place]) for place in shown), is_rtl, ends_run)
        if shown and is_whole and not has_unknown and _is_special(grapheme, texts):
            found |= dict.fromkeys(places)
            found[places[0]] = grapheme
        for glyph in grapheme.glyphs:
            texts.setdefault(glyph.number, part)
    return found


def _parts(run: bytes, clusters: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """The texts of the graphemes of a run, with the places of their glyphs."""
    places: dict[int, list[int]] = {}
    for place, start in enumerate(clusters):
        places.setdefault(start, []).append(place)
    starts = sorted(places)
    text, held = "", list[int]()
    for start, end in zip(starts, [*starts[1:], len(run)], strict=True):
        cluster = run[start:end].decode("utf-8", "replace")
        if held and not _goes_on(cluster[:1]):
            yield text, sorted(held)
            text, held = "", []
        text, held = text + cluster, held + places[start]
    if held:
        yield text, sorted(held)


def _joined(parts: Sequence[tuple[str, list[int]]], widths: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Parts with those that have no width of their own in the one before: an alef may be drawn over the place of its lam."""
    text, held = "", list[int]()
    for part, places in parts:
        if held and any(widths[place] for place in places):
            yield text, held
            text, held = "", []
        text, held = text + part, sorted([*held, *places])
    if held:
        yield text, held


def _goes_on(char: str) -> bool:
    """Whether a character belongs to the letter before it."""
    return unicodedata.category(char).startswith("M") or char in _JOINERS if char else True


def _glyph(info: Any) -> Glyph:
    geometry = info.geometry
    return Glyph(info.glyph, geometry.x_offset * FROM_UNITS, geometry.y_offset * FROM_UNITS, geometry.width * FROM_UNITS)


def _is_special(grapheme: Grapheme, known: Mapping[int, str]) -> bool:
    """Whether a glyph with its text would not be read back as the characters of a grapheme."""
    if len(grapheme.glyphs) != 1 or (grapheme.is_rtl and len(_letters(grapheme.text)) > 1):
        return True
    number = grapheme.glyphs[0].number
    return bool(grapheme.text.strip()) and known.get(number, grapheme.text) != grapheme.text


def _letters(text: str) -> str:
    """The characters of a text without controls of direction and the like."""
    return "".join(char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")


class GraphemeWriter:
    """Writes the graphemes of one text box, and, once its text object is closed, the paths of their marks."""

    def __init__(self, stream: Any, x: float, y: float) -> None:
        self._stream, self._x, self._y = stream, x, y
        self._paths: list[str] = []

    def write(self, font: Any, pango_font: Any, size: float, grapheme: Grapheme, start: float) -> None:
        """Writes a grapheme that begins `start` pixels behind the start of the line, where the pen is."""
        face = _Face(self._stream, font, pango_font, size)
        letters = _letters(grapheme.text)
        base = _base(grapheme, letters, face)
        if base is None and not grapheme.is_rtl:
            self._write_span(face, grapheme.text, grapheme.glyphs)
            return
        pen, base_place = start, 0.0
        for glyph in grapheme.glyphs:
            if glyph is base:
                base_place = face.em(pen - start)
            else:
                self._paths.append(face.path(glyph.number, self._x + pen + glyph.x, self._y + glyph.y))
            pen += glyph.advance
        if base is not None and not grapheme.is_rtl:
            self._write_span(face, grapheme.text, [replace(base, advance=grapheme.advance)])
            return
        ending = _RIGHT_TO_LEFT_MARK if grapheme.ends_run else ""
        if base is None:
            at = self._write_invisible(face, _places(letters, face.em(grapheme.advance), ending))
        else:
            marks = [(base_place - _STEP * place, char, 0.0) for place, char in enumerate(letters[1:] + ending, 1)]
            at = self._write_invisible(face, marks[::-1])
        array = ""
        if base is not None:
            face.use(base.number, letters[0])
            array, at = f"{face.steps(base_place - at)}<{base.number:04x}>", base_place + face.width(base.number)
        if array := array + face.steps(face.em(grapheme.advance) - at):
            self._stream.show_text(array)

    def draw_paths(self) -> None:
        self._stream.stream += self._paths

    def _write_span(self, face: _Face, text: str, glyphs: Sequence[Glyph]) -> None:
        code = f"FEFF{text.encode('utf-16-be').hex()}"
        self._stream.stream.append(f"/Span <</ActualText <{code}>>> BDC")
        array, behind, raised = "", 0.0, 0.0  # `behind`: by how much the pen stands behind its place
        for glyph in glyphs:
            face.use(glyph.number, text)
            if glyph.y != raised:
                if array:
                    self._stream.show_text(array)
                self._stream.set_text_rise(-glyph.y)
                array, raised = "", glyph.y
            array += f"{face.steps(behind + face.em(glyph.x))}<{glyph.number:04x}>"
            behind = face.em(glyph.advance - glyph.x) - face.width(glyph.number)
        self._stream.show_text(array + face.steps(behind))
        if raised:
            self._stream.set_text_rise(0)
        self._stream.stream.append("EMC")

    def _write_invisible(self, face: _Face, places: Sequence[tuple[float, str, float]]) -> float:
        """Writes characters at places relative to the pen, with widths where these are not 0, all in thousandths of an em.

        Returns where the pen stands then.
        """
        at = 0.0
        shown = [(place, char, width, number) for place, char, width in places if (number := face.number_of(char))]
        if shown:
            self._stream.set_text_rendering(3)
        for place, char, width, number in shown:
            face.use(number, char)
            own_width = face.width(number)
            if steps := face.steps(place - at):
                self._stream.show_text(steps)
            if width and own_width:
                self._stream.stream.append(f"{100 * width / own_width:.2f} Tz")
            self._stream.show_text(f"<{number:04x}>")
            if width and own_width:
                self._stream.stream.append("100 Tz")
            at = place + (width if width and own_width else own_width)
        if shown:
            self._stream.set_text_rendering(0)
        return at


def _places(letters: str, width: float, ending: str) -> list[tuple[float, str, float]]:
    """The places of the characters of a ligature, from left to right: letters share its width."""
    count = sum(not _goes_on(char) for char in letters)
    places, left, marks = list[tuple[float, str, float]](), width, 0
    for char in letters + ending:
        if _goes_on(char) or char == ending:
            marks += 1
            places.append((left - _STEP * marks, char, 0.0))
        else:
            left, marks = left - width / count, 0
            places.append((left, char, width / count))
    return places[::-1]


def _base(grapheme: Grapheme, letters: str, face: _Face) -> Glyph | None:
    """The glyph of the letter itself, if it stands in its place, shows nothing but the letter, and has only marks with it."""
    widest = max(grapheme.glyphs, key=lambda glyph: glyph.advance)
    if not letters or widest.y or widest.x or face.text_of(widest.number, letters[0]) != letters[0]:
        return None
    are_marks = all(_goes_on(char) for char in letters[1:])
    are_narrow = all(glyph is widest or not glyph.advance for glyph in grapheme.glyphs)
    return widest if are_marks and (grapheme.is_rtl or are_narrow) else None


class _Face:
    """A font at a size, as a stream uses it. Widths and places are in thousandths of an em."""

    def __init__(self, stream: Any, font: Any, pango_font: Any, size: float) -> None:
        self._stream, self._font, self._pango_font, self._size = stream, font, pango_font, size

    def em(self, length: float) -> float:
        return length * 1000 / self._size

    def steps(self, distance: float) -> str:
        """The number that moves the pen in an array of `TJ`; empty if it need not be moved."""
        return f"{-distance:.2f}".rstrip("0").rstrip(".") if abs(distance) >= 0.01 else ""

    def width(self, number: int) -> int:
        widths = self._font.widths
        if number not in widths:
            ink, logical = self._stream.ink_rect, self._stream.logical_rect
            pango.pango_font_get_glyph_extents(self._pango_font, number, ink, logical)
            widths[number] = round(logical.width * 1000 * FROM_UNITS / self._size)
        return int(widths[number])

    def use(self, number: int, text: str) -> None:
        self.width(number)
        self._font.to_unicode.setdefault(number, text)

    def text_of(self, number: int, text: str) -> str:
        """The text that a glyph has in the font, or `text` if it has none yet."""
        return str(self._font.to_unicode.get(number, text))

    def number_of(self, char: str) -> int:
        """The glyph of a character by itself; 0 if the font has none, or if it stands for another character already."""
        number = _shapes(self._font.file_content, self._font.index).get_nominal_glyph(ord(char)) or 0
        return number if self.text_of(number, char) == char else 0

    def path(self, number: int, x: float, y: float) -> str:
        """The operators that draw a glyph at a place on the page. Those of its outline are always the same, and compress well."""
        scale = self._size / _shapes(self._font.file_content, self._font.index).face.upem
        outline = _outline(self._font.file_content, self._font.index, number)
        return f"q {scale:.6f} 0 0 {-scale:.6f} {x:.2f} {y:.2f} cm {outline} f Q"


@lru_cache(8)
def _shapes(data: bytes, index: int) -> Any:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(data), index))


@lru_cache(1024)
def _outline(data: bytes, index: int, number: int) -> str:
    """The outline of a glyph as operators of PDF paths (ISO 32000-1, 8.5.2), in units of the font."""
    pen = _PathPen(None)
    _shapes(data, index).draw_glyph_with_pen(number, pen)
    return " ".join(pen.operators)


class _PathPen(BasePen):  # type: ignore[misc]
    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.operators: list[str] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self.operators.append(" ".join([*(f"{round(x)} {round(y)}" for x, y in points), operator]))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("l", pt)

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:  # noqa: N802
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._add("h")
