"""The result of `typeset`: tagged pages, with the data that bind.py needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from publisher.model.diagnostics import Diagnostic
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf.face import Face
from publisher.writers.system_fonts import SystemFont, merged_fonts


@dataclass(frozen=True)
class SheetFile:
    """Pages as a PDF. `faces` are the theme's fonts that the pages use; they are not embedded."""

    pdf: bytes = field(repr=False)
    faces: tuple[Face, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Sheet:
    """Tagged pages, in one file; in several where a long list was laid out in parts, in none where they were only measured.

    `anchors` maps an id to its page (0-based) and its height in points above the page's foot. `blank` are the empty pages,
    `turned` those in landscape (both 0-based). `page_starts` has the start of each page, None for an empty one. `claimable`: the
    file may claim PDF/UA and PDF/A. `missing` are the characters that no font has: marks stand for them. `system_fonts` are the
    machine's fonts that are embedded.
    """

    name: str
    files: tuple[SheetFile, ...]
    pages: int
    anchors: dict[str, tuple[int, float]]
    diagnostics: tuple[Diagnostic, ...] = ()
    blank: tuple[int, ...] = ()
    turned: tuple[int, ...] = ()
    page_starts: tuple[PageStart | None, ...] = field(default=(), repr=False)
    claimable: bool = True
    missing: str = ""
    system_fonts: tuple[SystemFont, ...] = ()


def page_spans(sheets: Sequence[Sheet], recto: bool) -> list[int]:
    """The number of pages of each sheet in the file. With `recto` it is even: the next sheet begins on a right-hand page."""
    return [*(page_span(sheet, recto) for sheet in sheets[:-1]), sheets[-1].pages]


def page_span(sheet: Sheet, recto: bool) -> int:
    """The number of pages of a sheet in the file that is not the last sheet."""
    return sheet.pages + (sheet.pages % 2 if recto else 0)


def joined(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet of parts that follow each other. An id that is in several has its first place."""
    if len(sheets) == 1:
        return sheets[0]
    *offsets, pages = accumulate((sheet.pages for sheet in sheets), initial=0)
    parts = list(zip(offsets, sheets, strict=True))
    anchors: dict[str, tuple[int, float]] = {}
    for offset, sheet in parts:
        for name, (page, height) in sheet.anchors.items():
            anchors.setdefault(name, (page + offset, height))
    return Sheet(
        sheets[0].name,
        tuple(file for sheet in sheets for file in sheet.files),
        pages,
        anchors,
        tuple(dict.fromkeys(diagnostic for sheet in sheets for diagnostic in sheet.diagnostics)),
        tuple(page + offset for offset, sheet in parts for page in sheet.blank),
        tuple(page + offset for offset, sheet in parts for page in sheet.turned),
        tuple(start for sheet in sheets for start in sheet.page_starts),
        all(sheet.claimable for sheet in sheets),
        "".join(sheet.missing for sheet in sheets),
        merged_fonts(font for sheet in sheets for font in sheet.system_fonts),
    )
