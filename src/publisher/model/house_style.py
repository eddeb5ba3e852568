"""The house style of an edition: what its manifest changes in a theme, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from publisher.model.diagnostics import Location

ROLES = ("text", "display", "label", "code")  # of a font: body, headlines, labels with tables, code
CUTS = ("regular", "bold", "italic", "bold_italic")
SIDES = ("top", "end", "bottom", "start")  # of a page; start is where lines begin


@dataclass(frozen=True)
class FontFile:
    """A TrueType or OpenType file; `cut` is one of CUTS, `suffix` .ttf or .otf."""

    cut: str
    suffix: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class HouseFont:
    """What a role of ROLES is set in: a family that the theme ships, or files."""

    role: str
    family: str = ""
    files: tuple[FontFile, ...] = ()


@dataclass(frozen=True)
class HouseStyle:
    """`[theme]` of a manifest; what is empty stays as the theme has it.

    `accent` is `#rrggbb`, `margins` are pairs of a side of SIDES and a length of CSS. `lines` has the line of each key, such as
    `accent` or `fonts.text`, in the manifest `label`.
    """

    theme: str = ""
    paper: str = ""
    accent: str = ""
    fonts: tuple[HouseFont, ...] = ()
    margins: tuple[tuple[str, str], ...] = ()
    label: str = ""
    lines: tuple[tuple[str, int], ...] = ()

    def place(self, key: str) -> Location:
        """Where the manifest sets a key."""
        return Location(self.label, dict(self.lines).get(key, 0))
