"""Writes the brief as one tagged PDF: articles are typeset in sheets, and the sheets are bound.

The opening is the title block and the contents; the closing has the sources and the colophon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from itertools import accumulate

from publisher import __version__
from publisher.model.diagnostics import Diagnostic, errors
from publisher.model.edition import Edition, Entry
from publisher.text.languages import words_for
from publisher.writers.contract import Output, Settings
from publisher.writers.missing_characters import missing_character_diagnostics
from publisher.writers.page_breaks import PageBreak
from publisher.writers.parity import parity_diagnostics
from publisher.writers.pdf.bind import OutlineEntry, bind
from publisher.writers.pdf.link_descriptions import link_descriptions, plain_text
from publisher.writers.pdf.running import RunningHead, RunningJob
from publisher.writers.pdf.sheet_cache import render_all
from publisher.writers.pdf.sheet_markup import BIND_SCHEME
from publisher.writers.pdf.sheets import runs
from publisher.writers.pdf.typeset import Job, Piece, Sheet
from publisher.writers.template_context import template_context

_FEWEST_IN_COLUMNS, _SHORT_SOURCE = 12, 100  # sources; characters on average: such a list is set in two columns
_PAGES_PER_TASK = 100  # pages of running heads in one task
_HEADING = re.compile(r"<h(?P<level>[2-6])(?P<attributes>[^>]*)>(?P<html>.*?)</h(?P=level)>", re.DOTALL)
_ID = re.compile(r'id="([^"]+)"')
_LINK_ACROSS = re.compile(r'href="article:([^"]+)"')


def write(edition: Edition, settings: Settings) -> Output:
    """One PDF, with the diagnostics of typesetting. If one is an error, the data is empty: the file must not be kept."""
    pieces = _pieces(edition)
    groups = [
        _numbered(edition, [pieces[entry.slug] for entry in run]) for run in runs(edition.sections, settings.theme.settings.flow)
    ]
    notes_before = {piece.entry.slug: piece.notes_before for group in groups for piece in group}
    first_below_contents = edition.standalone or len(edition.entries) <= settings.theme.settings.under
    first_pieces, rest = (groups[0], groups[1:]) if first_below_contents else ((), groups)
    single_sheet = first_below_contents and not rest
    jobs = [_sheet_job(edition, settings, group) for group in rest] + (
        [] if single_sheet else [_closing_job(edition, settings, notes_before)]
    )
    sheets, running = settle_page_numbers(
        edition,
        settings,
        lambda folios: _opening_job(edition, settings, first_pieces, folios, notes_before if single_sheet else None),
        jobs,
    )
    recto = settings.theme.settings.recto
    spans, starts = _page_spans(sheets, recto), _start_pages(edition, sheets, recto)
    missing = "".join(sheet.missing for sheet in (*sheets, *running))
    diagnostics = tuple(dict.fromkeys(diagnostic for sheet in sheets for diagnostic in sheet.diagnostics))
    if not errors(diagnostics):
        diagnostics += tuple(_broken_links(edition.entries, sheets))
    diagnostics += tuple(missing_character_diagnostics(missing, edition.entries, settings.place))
    claims = settings.variant.removeprefix("pdf/").split("+") if all(sheet.claimable for sheet in sheets) else ()
    described = link_descriptions(edition, notes_before)
    creator = f"publisher {__version__}"
    data = bind(sheets, spans, running, settings.theme, _outline(edition), edition, settings.moment, creator, claims, described)
    folios = {slug: str(page) for slug, page in starts.items()}
    return Output(b"" if errors(diagnostics) else data, diagnostics, sum(spans), folios, tuple(_page_breaks(sheets, spans)))


def _pieces(edition: Edition) -> dict[str, Piece]:
    pieces = {}
    for section in edition.sections:
        for index, entry in enumerate(section.entries):
            pieces[entry.slug] = Piece(entry, section.title if index == 0 else "", section.slug)
    return pieces


def _numbered(edition: Edition, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The articles of a sheet, whose notes are counted through it: no page has two notes with the number 1."""
    if edition.numbering == "edition":
        return tuple(replace(piece, notes_before=edition.notes_before[piece.entry.slug]) for piece in pieces)
    befores = accumulate((piece.entry.note_count for piece in pieces), initial=0)
    return tuple(replace(piece, notes_before=before) for piece, before in zip(pieces, befores, strict=False))


def _headline_level(edition: Edition) -> int:
    """The heading level of headlines: below the edition's title (h1), and below section titles (h2) if there are any."""
    if edition.standalone:
        return 1
    return 3 if any(section.title for section in edition.sections) else 2


def _sheet_job(edition: Edition, settings: Settings, pieces: tuple[Piece, ...]) -> Job:
    return Job(
        name=pieces[0].entry.slug if pieces else "opening",
        pieces=pieces,
        theme=settings.theme,
        lang=edition.imprint.language,
        paper=settings.paper,
        notes=settings.notes,
        level=_headline_level(edition),
    )


def settle_page_numbers(
    edition: Edition, settings: Settings, make_opening: Callable[[dict[str, int]], Job], inner_jobs: Sequence[Job]
) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets, and the sheets with their running heads; the contents in the opening have the right page numbers.

    The opening is first typeset together with the sheets, to know its length. It is typeset again, together with the
    running heads, when the page numbers are known. This is repeated only while its length or its anchors change.
    """
    job = make_opening({})
    first, *sheets = render_all([job, *inner_jobs], settings)
    for _ in range(4):
        bound = [first, *sheets]
        job, previous_job = make_opening(_start_pages(edition, bound, settings.theme.settings.recto)), job
        running_jobs = _running_jobs(edition, settings, bound)
        if job == previous_job:
            return bound, render_all(running_jobs, settings)
        new_first, *running_sheets = render_all([job, *running_jobs], settings)
        if (new_first.pages, new_first.anchors) == (first.pages, first.anchors):
            return [new_first, *sheets], running_sheets
        first = new_first
    return [first, *sheets], render_all(_running_jobs(edition, settings, [first, *sheets]), settings)


def _opening_job(
    edition: Edition,
    settings: Settings,
    pieces: tuple[Piece, ...],
    folios: dict[str, int],
    notes_before: Mapping[str, int] | None,
) -> Job:
    """The title block and the contents; in a short brief also the articles of the first sheet, `pieces`, below them.

    If the edition is this sheet alone, `notes_before` is given, and the closing stands below the articles.
    """
    values = template_context(edition, settings.style)
    after = "" if notes_before is None else _closing_xhtml(edition, settings, notes_before)
    before = "" if edition.standalone else settings.theme.render("opening.xhtml.j2", **values, folios=folios, across=BIND_SCHEME)
    return replace(_sheet_job(edition, settings, pieces), name="opening", kind="opening", before=before, after=after,
                   images=edition.imprint.images)  # fmt: skip


def _closing_job(edition: Edition, settings: Settings, notes_before: Mapping[str, int]) -> Job:
    after = _closing_xhtml(edition, settings, notes_before)
    return replace(_sheet_job(edition, settings, ()), name="closing", kind="closing", after=after)


def _closing_xhtml(edition: Edition, settings: Settings, notes_before: Mapping[str, int]) -> str:
    values = template_context(edition, settings.style, notes_before)
    lengths = [len(plain_text(listed.html)) for listed in values["sources"]]
    columns = len(lengths) >= _FEWEST_IN_COLUMNS and sum(lengths) <= _SHORT_SOURCE * len(lengths)
    return settings.theme.render("closing.xhtml.j2", **values, level=_headline_level(edition), columns=columns)


def _page_spans(sheets: Sequence[Sheet], recto: bool) -> list[int]:
    """The number of pages of each sheet in the file. With `recto` it is even: the next sheet begins on a right-hand page."""
    spans = [sheet.pages + (sheet.pages % 2 if recto else 0) for sheet in sheets]
    return [*spans[:-1], sheets[-1].pages]


def _start_pages(edition: Edition, sheets: Sequence[Sheet], recto: bool) -> dict[str, int]:
    """The page, counted from 1, on which each article begins."""
    starts, offset = {}, 1
    slugs = {entry.slug for entry in edition.entries}
    for sheet, span in zip(sheets, _page_spans(sheets, recto), strict=True):
        starts.update({name: page + offset for name, (page, _) in sheet.anchors.items() if name in slugs})
        offset += span
    return starts


def _broken_links(entries: Sequence[Entry], sheets: Sequence[Sheet]) -> Iterator[Diagnostic]:
    """An error for each article with a link to a place of another that is on no page."""
    anchors = {name for sheet in sheets for name in sheet.anchors}
    for entry in entries:
        targets = dict.fromkeys(map(unescape, _LINK_ACROSS.findall(entry.xhtml)))
        broken = [target for target in targets if target.replace("#", ".", 1) not in anchors]
        yield from parity_diagnostics(
            entry.slug, "PDF", (), [f"a link leads to {target}, which is on no page" for target in broken]
        )


def _page_breaks(sheets: Sequence[Sheet], spans: Sequence[int]) -> Iterator[PageBreak]:
    """A page break for every page, in order; a blank page begins where the next page does."""
    page_starts = [
        page_start
        for sheet, span in zip(sheets, spans, strict=True)
        for page_start in (*sheet.page_starts, *[None] * (span - sheet.pages))
    ]
    for number, page_start in enumerate(page_starts, 1):
        next_start = page_start or next(filter(None, page_starts[number:]), None)
        if next_start:
            yield PageBreak(str(number), next_start)


def _running_jobs(edition: Edition, settings: Settings, sheets: Sequence[Sheet]) -> list[RunningJob]:
    heads = list(_running_heads(edition, sheets, _page_spans(sheets, settings.theme.settings.recto)))
    return [
        RunningJob(settings.theme, settings.paper, edition.imprint.language, tuple(heads[start : start + _PAGES_PER_TASK]))
        for start in range(0, len(heads), _PAGES_PER_TASK)
    ]


def _running_heads(edition: Edition, sheets: Sequence[Sheet], spans: Sequence[int]) -> Iterator[RunningHead]:
    folio_format = words_for(edition.imprint.language)["folio"]
    titles = {entry.slug: entry.metadata.title for entry in edition.entries}
    # An article by itself has its headline only once, so its running heads name the publisher.
    edition_name = edition.imprint.publisher if edition.standalone else edition.imprint.title
    sections = {section.slug for section in edition.sections}
    number, total = 0, sum(spans)
    for sheet, span in zip(sheets, spans, strict=True):
        starts = sorted((page, -height, name) for name, (page, height) in sheet.anchors.items() if name in titles)
        top = max((-height for _, height, _ in starts), default=0.0)
        opening_pages = {page for page, height, _ in starts if -height >= top - 1}
        section_pages = {page for name, (page, _) in sheet.anchors.items() if name in sections} - {page for page, _, _ in starts}
        for page in range(span):
            number += 1
            continued = [name for start, _, name in starts if start < page]
            kind = "opens" if page in opening_pages or not continued else "text"
            kind = "first" if number == 1 else "part" if page in section_pages else kind
            if page in sheet.blank or page >= sheet.pages:
                yield RunningHead("blank", "", "", "")
                continue
            kind = "turned" if page in sheet.turned else kind
            head = titles[continued[-1]] if continued and kind in ("text", "turned") and not edition.standalone else ""
            yield RunningHead(kind, edition_name, head, folio_format.format(number, total))


def _outline(edition: Edition) -> list[OutlineEntry]:
    lines: list[OutlineEntry] = []
    for section in edition.sections:
        articles = tuple(_article_outline(entry) for entry in section.entries)
        lines += [OutlineEntry(section.title, section.slug, articles)] if section.title else articles
    terms = words_for(edition.imprint.language)
    return [*lines, OutlineEntry(terms["sources"], "sources"), OutlineEntry(terms["colophon"], "colophon")]


def _article_outline(entry: Entry) -> OutlineEntry:
    subheads = (
        OutlineEntry(plain_text(heading["html"]), f"{entry.slug}.{identifier[1]}")
        for heading in _HEADING.finditer(entry.xhtml)
        if heading["level"] == "2" and (identifier := _ID.search(heading["attributes"]))
    )
    return OutlineEntry(entry.metadata.title, entry.slug, tuple(subheads))
