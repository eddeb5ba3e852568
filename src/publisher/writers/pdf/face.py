"""A font of the theme on the pages of a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Face:
    """A font of the theme as one sheet uses it.

    `key` is its name in the sheet's resources, `name` its PostScript name, `file` its path in the theme; each of `glyphs`
    is (number, width in thousandths of an em, text).
    """

    key: str
    name: str
    family: str
    file: str
    flags: int
    ascent: int
    descent: int
    glyphs: tuple[tuple[int, int, str], ...] = field(repr=False)
