"""Typesets one sheet: turns articles into tagged PDF pages, with the data that bind.py needs.

`typeset` is a pure function of plain data, so it can run in any process or on any machine.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.garbage import collect_if_many
from publisher.writers.pdf.job import Job
from publisher.writers.pdf.layout import Layout, best_layout, settled
from publisher.writers.pdf.long_lists import first_part
from publisher.writers.pdf.sheet import Sheet, SheetFile, joined

_NO_FAULT = re.compile(r"^Image .* has no required alt description|glyph rendered for Unicode string unsupported by fonts")


def typeset(job: Job) -> Sheet:
    """The sheet of a job. Raises PublisherError if an article is nested too deeply to be laid out."""
    from publisher.writers.pdf import engine

    with engine.gc_disabled():
        return joined(list(_parts(job)))


def _parts(job: Job) -> Iterator[Sheet]:
    """The sheets of the parts in which a job is laid out: more than a single part only where it has a long list."""
    while part := first_part(job):
        laid_out = settled(part.job)
        place = part.end(laid_out.document)
        if place is None:
            break
        document = laid_out.document.copy(laid_out.document.pages[: place.pages])
        yield _sheet(part.job, replace(laid_out, document=document))
        job = part.rest(place.items)
        del laid_out, document
        gc.collect()
    yield _sheet(job, best_layout(job))


def _sheet(job: Job, laid_out: Layout) -> Sheet:
    """The sheet of a layout: drawn, or only measured."""
    from publisher.writers.pdf import engine

    if job.measured:
        return _measured(job, laid_out.document)
    collect_if_many()  # boxes of earlier layouts, before the PDF needs memory
    missing, diagnostics = _checked(job, laid_out)
    return _finished(job, laid_out.document, missing, (*engine.unknown_versions(), *diagnostics))


def _checked(job: Job, laid_out: Layout) -> tuple[str, tuple[Diagnostic, ...]]:
    """The characters that no font has, and the diagnostics of a layout, whose page breaks are marked now."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.break_marks import mark_breaks
    from publisher.writers.pdf.page_parity import page_diagnostics

    mark_breaks(laid_out.document, "<pre" in laid_out.xhtml, job.theme, job.lang)
    diagnostics = [_moved_note_diagnostic(key) for key in sorted(laid_out.setting.moved_notes)]
    diagnostics += _engine_diagnostics(job, laid_out.lines)
    diagnostics += page_diagnostics([piece.entry for piece in job.pieces], laid_out.document)
    return engine.characters_without_glyph(laid_out.xhtml, job.theme), tuple(diagnostics)


def _finished(job: Job, document: Any, missing: str, diagnostics: tuple[Diagnostic, ...]) -> Sheet:
    """The sheet of a laid-out document."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.page_starts import page_starts
    from publisher.writers.pdf.structure_fixes import fix_structure_tree
    from publisher.writers.pdf.written_fonts import write_without_fonts

    with engine.logged_warnings() as lines:
        written = write_without_fonts(
            document, job.theme, pdf_variant="pdf/ua-1", pdf_identifier=b"sheet", finisher=fix_structure_tree(job.name)
        )
    diagnostics += tuple(diagnostic for diagnostic in _engine_diagnostics(job, lines) if diagnostic not in diagnostics)
    return Sheet(
        job.name,
        (SheetFile(written.data, written.faces),),
        len(document.pages),
        _anchors(document),
        diagnostics,
        tuple(engine.blank_pages(document)),
        _landscape_pages(document),
        page_starts(document),
        engine.claims_hold(),
        missing + engine.characters_drawn_as_boxes(lines),
        written.system_fonts,
    )


def _measured(job: Job, document: Any) -> Sheet:
    """The places on the pages of a laid-out document that is not drawn."""
    from publisher.writers.pdf import engine
    from publisher.writers.pdf.page_starts import page_starts

    return Sheet(
        job.name,
        (),
        len(document.pages),
        _anchors(document),
        blank=tuple(engine.blank_pages(document)),
        turned=_landscape_pages(document),
        page_starts=page_starts(document),
    )


def _landscape_pages(document: Any) -> tuple[int, ...]:
    upright = [page.height > page.width for page in document.pages]
    return tuple(number for number, is_upright in enumerate(upright) if not is_upright)


def _anchors(document: Any) -> dict[str, tuple[int, float]]:
    """The position of each id: its page (0-based) and its height in points above the page's foot."""
    anchors: dict[str, tuple[int, float]] = {}
    for number, page in enumerate(document.pages):
        for name, (_, y, *_rest) in page.anchors.items():
            anchors.setdefault(name, (number, round((page.height - y) * 0.75, 2)))
    return anchors


def _moved_note_diagnostic(key: str) -> Diagnostic:
    slug, _, number = key.rpartition(".note-")
    return Diagnostic(
        Code.NOTE_MOVED, f"footnote {number} of {slug} is too tall for the foot of a page; it stands at the end of the article"
    )


def _engine_diagnostics(job: Job, lines: Sequence[str]) -> list[Diagnostic]:
    """Warnings for what WeasyPrint logs, but not for images that only decorate, nor for glyphs, which the sheet names."""
    return [Diagnostic(Code.TYPESETTING, line, Location(job.name)) for line in lines if not _NO_FAULT.search(line)]
