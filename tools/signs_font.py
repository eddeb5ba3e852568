"""Draws `styles/brief/fallback/FallbackSigns.ttf`: the symbols that no other font of the theme has.

usage: tools/signs_font.py FOLDER    FOLDER has the fonts of SOURCES, as NotoSans-Regular.ttf and so on. They come from the npm
packages @expo-google-fonts/noto-sans 0.4.2, noto-sans-mono 0.4.2, noto-sans-symbols 0.4.1 and noto-sans-jp 0.4.3
(400Regular/*.ttf). Prints the `unicode-range` for fallback.css. An offline tool: neither the tests nor a build need it.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from publisher.writers import themes
from publisher.writers.pdf.styles import FALLBACK, fallback_faces

STYLE = "Signs"
TIME = 3_029_529_600  # 2000-01-01, in seconds since 1904: the same sources, the same bytes
SOURCES = ("NotoSans", "NotoSansMono", "NotoSansSymbols", "NotoSansJP")  # in this order: the first that has a character draws it
BLOCKS = (
    (0x02B0, 0x02FF), (0x2000, 0x2BFF), (0x2E00, 0x2FDF), (0x2FF0, 0x303F), (0x31C0, 0x31EF), (0x3200, 0x33FF), (0x4DC0, 0x4DFF),
    (0xA700, 0xA71F), (0xFE10, 0xFE6F), (0xFF00, 0xFFFD), (0x1F100, 0x1F2FF),
)  # fmt: skip
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
# The engine sets the space behind a sign in the font of the sign.
SPACES = (0x20, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F)
_FILLERS = {0xFFA0}  # letters by their category, but not drawn


def missing() -> Iterator[int]:
    """The assigned characters of BLOCKS that neither the text face nor another fallback face has."""
    theme = themes.load("brief")
    present = set(_font(theme.path("fonts/SourceSerif4-Regular.ttf")).getBestCmap())
    path = theme.path(FALLBACK)
    assert path
    for face in fallback_faces(path):
        if STYLE not in face.css:
            file = _font(theme.path(face.css.partition("url(")[2].partition(")")[0]))
            present |= {number for number in file.getBestCmap() if face.covers(frozenset({number}))}
    for first, last in BLOCKS:
        for number in range(first, last + 1):
            drawn = unicodedata.category(chr(number)) not in _INVISIBLE and number not in _FILLERS
            if drawn and number not in present:
                yield number


def draw(folder: Path, target: Path) -> list[int]:
    """Writes the font; the code points that it has, in order."""
    sources = [_font(folder / f"{name}-Regular.ttf") for name in SOURCES]
    rows = [(number, font) for number in (*SPACES, *missing()) if (font := _source(sources, number)) is not None]
    glyphs: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    metrics = {".notdef": (500, 0)}
    for number, font in rows:
        name, source = f"u{number:04X}", font.getBestCmap()[number]
        assert font["head"].unitsPerEm == 1000
        outline, pen = DecomposingRecordingPen(font.getGlyphSet()), TTGlyphPen(None)
        font.getGlyphSet()[source].draw(outline)
        outline.replay(pen)
        glyphs[name] = pen.glyph()
        metrics[name] = (font["hmtx"][source][0], 0)
    builder = FontBuilder(1000)
    builder.font.recalcTimestamp = False
    builder.updateHead(created=TIME, modified=TIME)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({number: f"u{number:04X}" for number, _ in rows})
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (width, getattr(table[name], "xMin", 0)) for name, (width, _) in metrics.items()})
    builder.setupHorizontalHeader(ascent=1069, descent=-293)
    builder.setupNameTable({
        "familyName": f"Fallback {STYLE}", "styleName": "Regular", "psName": f"Fallback{STYLE}-Regular",
        "copyright": "Copyright 2022 The Noto Project Authors; Copyright 2014-2021 Adobe. Drawn from Noto Sans, Noto Sans Mono, "
        "Noto Sans Symbols and Noto Sans JP.",
        "licenseDescription": "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        "licenseInfoURL": "https://openfontlicense.org",
    })  # fmt: skip
    builder.setupOS2(sTypoAscender=1069, sTypoDescender=-293, usWinAscent=1069, usWinDescent=293, fsType=0)
    builder.setupPost(keepGlyphNames=False)
    builder.save(target)
    return [number for number, _ in rows if number not in SPACES]


def _font(path: Path | None) -> Any:
    assert path
    return TTFont(path, lazy=True)


def _source(sources: list[Any], number: int) -> Any:
    return next((font for font in sources if number in font.getBestCmap()), None)


def unicode_range(numbers: list[int]) -> str:
    """The descriptor `unicode-range` for sorted code points."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"U+{run[0]:04X}" + (f"-{run[-1]:04X}" if len(run) > 1 else "") for run in runs)


if __name__ == "__main__":
    font_file = themes.shipped() / "brief/fallback/FallbackSigns.ttf"
    print(unicode_range(draw(Path(sys.argv[1]), font_file)))
