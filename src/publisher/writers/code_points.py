"""Visible marks for characters that no font has: a font with a framed code point for each, made for the characters at hand.

A character set in it stays the character that it is, so texts, links and comparisons need no change.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from publisher.writers.themes import Theme

FAMILY = "Code Points"
_DIGITS = "fonts/SourceCodePro-Semibold.ttf"  # of the theme: draws the digits
_UNITS = 1000  # of an em; the lengths below are in them
_SCALE, _GAP, _PADDING, _FRAME, _SIDE = 0.54, 70, 75, 34, 40
_BOTTOM = -205
_SPACES = {0x20: 240, 0xA0: 240, 0x2009: 200, 0x202F: 200}  # behind a mark the engine sets them in its font
_CAP_HEIGHT = 660  # of the digits before they are scaled
_TIME = 3_029_529_600  # 2000-01-01, in seconds since 1904
# Classes, and a positioning rule that does nothing: without them HarfBuzz sets what Unicode calls a combining mark over the
# letter before it.
_FEATURES = "table GDEF {{ GlyphClassDef [{names}], , , ; }} GDEF; feature kern {{ pos {first} 0; }} kern;"


@cache
def code_point_font(characters: str, theme: Theme) -> bytes:
    """A TrueType font with a mark for each of the characters: the digits of its code point in two rows, in a frame."""
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    path = theme.path(_DIGITS)
    assert path, _DIGITS
    digits = _Digits(path.read_bytes())
    marks = {f"u{ord(char):04X}": _mark(f"{ord(char):04X}", digits) for char in sorted(set(characters))}
    builder = FontBuilder(_UNITS)
    builder.font.recalcTimestamp = False
    builder.updateHead(created=_TIME, modified=_TIME)  # the same characters, the same bytes
    empty = TTGlyphPen(None).glyph()
    marks |= {".notdef": (empty, _UNITS)} | {f"u{number:04X}": (empty, width) for number, width in _SPACES.items()}
    builder.setupGlyphOrder([".notdef", *(name for name in marks if name != ".notdef")])
    builder.setupCharacterMap({int(name[1:], 16): name for name in marks if name != ".notdef"})
    builder.setupGlyf({name: glyph for name, (glyph, _) in marks.items()})
    builder.setupHorizontalMetrics({name: (width, 0 if glyph is empty else _SIDE) for name, (glyph, width) in marks.items()})
    builder.setupHorizontalHeader(ascent=900, descent=-250)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": "CodePoints-Regular"})
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-250, usWinAscent=900, usWinDescent=250)
    builder.setupPost(keepGlyphNames=False)
    addOpenTypeFeaturesFromString(builder.font, _FEATURES.format(names=" ".join(marks), first=next(iter(marks))))
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


class _Digits:
    """The outlines of a font's hexadecimal digits."""

    def __init__(self, data: bytes) -> None:
        from fontTools.ttLib import TTFont

        font = TTFont(io.BytesIO(data))
        self._glyphs, self._names = font.getGlyphSet(), font.getBestCmap()
        self.width = self._glyphs[self._names[ord("0")]].width * _SCALE

    def draw(self, digit: str, x: float, y: float, pen: Any) -> None:
        from fontTools.pens.recordingPen import DecomposingRecordingPen
        from fontTools.pens.transformPen import TransformPen

        outline = DecomposingRecordingPen(self._glyphs)
        self._glyphs[self._names[ord(digit)]].draw(outline)
        outline.replay(TransformPen(pen, (_SCALE, 0, 0, _SCALE, x, y)))


def _mark(digits: str, font: _Digits) -> tuple[Any, int]:
    """The glyph and its width: the digits in two rows of equal length, in a frame."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    rows = _rows(digits)
    digit_height = _CAP_HEIGHT * _SCALE
    right = _SIDE + 2 * _PADDING + len(rows[0]) * font.width
    top = _BOTTOM + 2 * _PADDING + 2 * digit_height + _GAP
    pen = TTGlyphPen(None)
    _rectangle(pen, (_SIDE, _BOTTOM, right, top), clockwise=True)
    _rectangle(pen, (_SIDE + _FRAME, _BOTTOM + _FRAME, right - _FRAME, top - _FRAME), clockwise=False)
    for row, y in zip(rows, (_BOTTOM + _PADDING + digit_height + _GAP, _BOTTOM + _PADDING), strict=True):
        for index, digit in enumerate(row):
            font.draw(digit, _SIDE + _PADDING + index * font.width, y, pen)
    return pen.glyph(), round(right + _SIDE)


def _rows(digits: str) -> Sequence[str]:
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return digits[: len(digits) // 2], digits[len(digits) // 2 :]


def _rectangle(pen: Any, corners: tuple[float, float, float, float], *, clockwise: bool) -> None:
    left, bottom, right, top = corners
    points: Iterable[tuple[float, float]] = [(left, bottom), (left, top), (right, top), (right, bottom)]
    first, *others = points if clockwise else [*points][::-1]
    pen.moveTo(first)
    for point in others:
        pen.lineTo(point)
    pen.closePath()
