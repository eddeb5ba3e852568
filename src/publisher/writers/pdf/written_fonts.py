"""Writes a laid-out document as PDF, and tells its fonts: those of the theme, which are left out, and those of the machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import uharfbuzz

from publisher.writers.pdf import weasyprint_patches as patches
from publisher.writers.pdf.face import Face
from publisher.writers.pdf.font_configuration import in_use, loaded_fonts
from publisher.writers.system_fonts import SystemFont, merged_fonts
from publisher.writers.themes import Theme, file_digest


@dataclass(frozen=True)
class WrittenPdf:
    """A PDF without the fonts `faces` of the theme (font_subsets.py); the fonts `system_fonts` of the machine are in it."""

    data: bytes
    faces: tuple[Face, ...]
    system_fonts: tuple[SystemFont, ...]


def write_without_fonts(document: Any, theme: Theme, **options: Any) -> WrittenPdf:
    """The PDF of a document, without the theme's fonts."""
    return _write(document, _files(theme), options)


def write_with_fonts(document: Any, **options: Any) -> WrittenPdf:
    """The PDF of a document, with all its fonts."""
    return _write(document, _FontFiles({}), options)


def _write(document: Any, files: _FontFiles, options: dict[str, Any]) -> WrittenPdf:
    try:
        with in_use(document.font_config), patches.theme_fonts_left_out(files.get) as fonts:
            pdf = document.write_pdf(**options)
    except OverflowError:  # above 65,535 objects pydyf cannot number its object streams; the binder packs the file anew anyway
        with in_use(document.font_config), patches.theme_fonts_left_out(files.get) as fonts:
            pdf = document.write_pdf(**options, uncompressed_pdf=True)
    return WrittenPdf(pdf, tuple(fonts.faces), merged_fonts(_system_fonts(fonts.embedded, document.font_config)))


def _system_fonts(embedded: Iterable[patches.EmbeddedFont], configuration: Any) -> Iterator[SystemFont]:
    """Those of the embedded fonts that no style sheet has loaded."""
    embedded = list(embedded)
    known = set(map(_digest, loaded_fonts(configuration, {len(font.data) for font in embedded})))
    for font in embedded:
        if _digest(font.data) not in known:
            characters = sorted({char for text in font.texts for char in text if not char.isspace()})
            yield SystemFont(font.family, _version(font.data, font.index), "".join(characters))


def _version(data: bytes, index: int) -> str:
    """The version that a font states of itself (OpenType, table `name`, 5), such as `2.37`; empty if it states none."""
    names = uharfbuzz.Face(uharfbuzz.Blob(data), index)
    stated = names.get_name(uharfbuzz.OTNameIdPredefined.VERSION_STRING) or ""
    return " ".join(stated.removeprefix("Version").split())


@cache
def _files(theme: Theme) -> _FontFiles:
    paths = {name: theme.path(name) for name in theme.font_names()}
    return _FontFiles({file_digest(path): name for name, path in paths.items() if path})


@dataclass(frozen=True)
class _FontFiles:
    """The files of a theme by their hashes, where the binder can cut them: static TrueType."""

    names: dict[bytes, str]

    def get(self, data: bytes) -> str:
        plain = data[:4] in (b"\0\1\0\0", b"true") and b"fvar" not in data[:400]
        return self.names.get(_digest(data), "") if plain else ""


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
