"""Where the fonts of a page come from: from the theme alone, and from this machine only for what the theme lacks.

WeasyPrint asks Fontconfig for all fonts of the machine, and its rules (fonts.conf) may put any of them before those of a style
sheet. A page that needs none of them is set with a configuration that knows none: it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration

# In a configuration without rules a generic family is no font at all. These are the families of the shipped themes.
_GENERIC = {"serif": "Text", "sans-serif": "Label", "monospace": "Code"}
_ALIASES = "".join(
    f'<match target="pattern"><test name="family"><string>{generic}</string></test>'
    f'<edit name="family" mode="assign" binding="strong"><string>{family}</string></edit></match>'
    for generic, family in _GENERIC.items()
)
_RULES = f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>{_ALIASES}</fontconfig>'
ffi.cdef("""
    FcConfig * FcConfigCreate (void);
    FcConfig * FcConfigReference (FcConfig *config);
    FcBool FcConfigSetCurrent (FcConfig *config);
""")


class ThemeFontConfiguration(FontConfiguration):  # type: ignore[misc]
    """A configuration in which only the fonts exist that style sheets load, and no rule of the machine has an effect."""

    def __init__(self) -> None:
        super().__init__()
        self._config = fontconfig.FcConfigCreate()
        fontconfig.FcConfigParseAndLoadFromMemory(self._config, _RULES.encode(), True)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        fontconfig.FcConfigDestroy(self._config)  # the font map keeps it


class FontFaces:
    """Stands for a configuration while a style sheet is parsed: it keeps the descriptors of each `@font-face`."""

    def __init__(self) -> None:
        self.descriptors: list[Any] = []

    def add_font_face(self, descriptors: Any, fetcher: Any) -> None:
        self.descriptors.append(descriptors)


@contextmanager
def in_use(configuration: Any) -> Iterator[None]:
    """While the context lasts, Pango takes its rules from a configuration: for a font it asks that of the process."""
    before = fontconfig.FcConfigReference(ffi.NULL)
    fontconfig.FcConfigSetCurrent(configuration._config)
    try:
        yield
    finally:
        fontconfig.FcConfigSetCurrent(before)
        fontconfig.FcConfigDestroy(before)


def loaded_fonts(configuration: Any, sizes: Container[int]) -> list[bytes]:
    """The fonts with these numbers of bytes that style sheets have loaded, after unpacking; others are the machine's."""
    paths = sorted(Path(configuration._folder).iterdir()) if configuration._folder else []
    return [path.read_bytes() for path in paths if path.stat().st_size in sizes]
