"""Cuts `SerifHan-Regular.ttf` and `SerifKana-Regular.ttf` of `styles/brief/fallback`: Chinese and Japanese beside serif letters.

usage: tools/han_fonts.py FOLDER    FOLDER has NotoSerifSC-Regular.ttf and NotoSerifJP-Regular.ttf. They come from the packages
@expo-google-fonts/noto-serif-sc 0.4.3 and noto-serif-jp 0.4.3 of npm (400Regular/*.ttf). The characters are those of the national
standards: GB 2312 and the first level of Big5 for Chinese, JIS X 0208 for Japanese. What is not in them stays with the sans face
(DroidSansFallbackFull.ttf). An offline tool: neither the tests nor a build need it.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from publisher.writers import themes
from publisher.writers.pdf.styles import FALLBACK, fallback_faces

TIME = 3_029_529_600  # 2000-01-01, in seconds since 1904: the same sources, the same bytes
PUNCTUATION = (*range(0x3000, 0x3004), *range(0x3005, 0x3018), *range(0xFF01, 0xFF5F), 0x00B7)
KANA = (*range(0x3041, 0x3097), *range(0x3099, 0x3100))
# The engine sets the space behind a character in the font of the character. The width of each as a part of an em.
SPACES = {
    0x20: 0.25, 0xA0: 0.25, 0x2000: 0.5, 0x2001: 1, 0x2002: 0.5, 0x2003: 1, 0x2004: 1 / 3, 0x2005: 0.25, 0x2006: 1 / 6,
    0x2007: 0.5, 0x2008: 0.25, 0x2009: 0.2, 0x200A: 0.1, 0x202F: 0.2, 0x205F: 0.22,
}  # fmt: skip
_LAST_OF_FIRST_LEVEL = 0xC67E  # of Big5


def characters(codec: str, last: int = 0xFFFF) -> Iterator[int]:
    """The ideographs of a character set of two bytes, up to the code `last`."""
    for code in range(0x8140, last + 1):
        try:
            char = code.to_bytes(2, "big").decode(codec)
        except UnicodeDecodeError:
            continue
        if len(char) == 1 and unicodedata.name(char, "").startswith("CJK UNIFIED"):
            yield ord(char)


FONTS = {
    "Serif Han": ("NotoSerifSC", {*characters("gb2312"), *characters("big5", _LAST_OF_FIRST_LEVEL), *PUNCTUATION}),
    "Serif Kana": ("NotoSerifJP", {*characters("euc_jp"), *PUNCTUATION, *KANA}),
}


def cut(source: Path, target: Path, numbers: set[int], family: str) -> None:
    """Writes the font with these characters, without hints and features, under another name (OFL 1.1, 3)."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(
        hinting=False, layout_features=[], glyph_names=False, notdef_outline=True, name_IDs=[0, 1, 2, 4, 6, 13, 14]
    )
    options.drop_tables += ["BASE", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=numbers)
    cutter.subset(font)
    _add_spaces(font)
    font["head"].created = font["head"].modified = TIME
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = family.replace(" ", "") + "-Regular" if record.nameID == 6 else family
    font.save(target)


def _add_spaces(font: Any) -> None:
    names, em = font.getGlyphOrder(), font["head"].unitsPerEm
    for number, share in SPACES.items():
        name = f"space{number:04X}"
        names.append(name)
        font["glyf"].glyphs[name] = Glyph()
        font["hmtx"].metrics[name] = (round(em * share), 0)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[number] = name
    font.setGlyphOrder(names)
    font["glyf"].glyphOrder = names


def _signs() -> set[int]:
    """The characters of FallbackSigns.ttf, which has exactly what the other fonts lack."""
    path = themes.load("brief").path(FALLBACK)
    assert path
    ranges: Any = next(face.ranges for face in fallback_faces(path) if "FallbackSigns" in face.css)
    return {number for first, last in ranges for number in range(first, last + 1)}


if __name__ == "__main__":
    for name, (origin, numbers) in FONTS.items():
        goal = themes.shipped() / f"brief/fallback/{name.replace(' ', '')}-Regular.ttf"
        cut(Path(sys.argv[1]) / f"{origin}-Regular.ttf", goal, numbers - _signs(), f"Fallback {name}")
        print(goal.name, len(TTFont(goal).getBestCmap()), "characters", goal.stat().st_size, "bytes")
