"""Writes the brief as one tagged PDF: articles are typeset in sheets (jobs.py), and the sheets are bound."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from html import unescape

from publisher.model.diagnostics import Diagnostic, PublisherError, errors
from publisher.model.edition import Edition, Entry
from publisher.model.events import StageBegun, working
from publisher.text.languages import words_for
from publisher.writers.contract import Output, Settings
from publisher.writers.missing_characters import missing_character_diagnostics
from publisher.writers.page_breaks import PageBreak
from publisher.writers.parity import parity_diagnostics
from publisher.writers.pdf.growing_brief import GrowingBrief
from publisher.writers.pdf.job import Job
from publisher.writers.pdf.jobs import groups, sheet_job
from publisher.writers.pdf.outline import OutlineEntry
from publisher.writers.pdf.running import RunningHead, RunningJob
from publisher.writers.pdf.sheet import Sheet, page_spans
from publisher.writers.pdf.sheet_cache import Take, render_all
from publisher.writers.pdf.subheads import subheads
from publisher.writers.system_fonts import merged_fonts, system_font_diagnostics

_PAGES_PER_TASK = 100  # pages of running heads in one task
_LINK_ACROSS = re.compile(r'href="article:([^"]+)"')


def write(edition: Edition, settings: Settings) -> Output:
    """One PDF, with the diagnostics of typesetting. If one is an error, the data is empty: the file must not be kept."""
    first, *rest = groups(edition, settings)
    notes_before = {piece.entry.slug: piece.notes_before for group in (first, *rest) for piece in group.pieces}
    with GrowingBrief(edition, settings, notes_before, 1 + len(rest)) as brief:
        sheets, running = settle_page_numbers(
            edition,
            settings,
            lambda folios: sheet_job(edition, settings, first, notes_before, folios),
            [sheet_job(edition, settings, group, notes_before) for group in rest],
            brief.take,
        )
        settings.paginated(tuple(_page_breaks(sheets, page_spans(sheets, settings.theme.settings.recto))))
        settings.report(StageBegun("binding"))
        for index, sheet in enumerate(sheets):
            if sheet.files:
                sheets[index] = brief.take(index, sheet)
        with working(settings.report, "binding"):
            return _bound(edition, settings, sheets, running, brief)


def _bound(edition: Edition, settings: Settings, sheets: list[Sheet], running: list[Sheet], brief: GrowingBrief) -> Output:
    recto = settings.theme.settings.recto
    spans, starts = page_spans(sheets, recto), _start_pages(edition, sheets, recto)
    missing = "".join(sheet.missing for sheet in (*sheets, *running))
    diagnostics = tuple(dict.fromkeys(diagnostic for sheet in sheets for diagnostic in sheet.diagnostics))
    if not errors(diagnostics):
        diagnostics += tuple(_broken_links(edition.entries, sheets))
    diagnostics += tuple(missing_character_diagnostics(missing, edition.entries, settings.place))
    system_fonts = merged_fonts(font for sheet in (*sheets, *running) for font in sheet.system_fonts)
    diagnostics += tuple(system_font_diagnostics(system_fonts, edition.entries, settings.place))
    claims = settings.variant.removeprefix("pdf/").split("+") if all(sheet.claimable for sheet in sheets) else ()
    folios = {entry.slug: str(starts[entry.slug]) for entry in edition.entries if entry.slug in starts}
    names, breaks = tuple(font.name for font in system_fonts), tuple(_page_breaks(sheets, spans))
    data = b""
    if not errors(diagnostics):
        data = brief.finish(sheets[0], spans[0], running, _outline(edition), claims)
    return Output(data, diagnostics, sum(spans), folios, breaks, names)


def settle_page_numbers(
    edition: Edition,
    settings: Settings,
    make_opening: Callable[[dict[str, int]], Job],
    inner_jobs: Sequence[Job],
    take: Take,
) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets, and the sheets with their running heads; the contents in the opening have the right page numbers.

    The opening is first laid out together with the sheets, to know its length. It is typeset, together with the running
    heads, when the page numbers are known. This is repeated only while its length or its anchors change. `take` is as of
    `render_all`.
    """
    job = make_opening({})
    if make_opening(dict.fromkeys((entry.slug for entry in edition.entries), 1)) != job:  # it will be set with page numbers
        job = replace(job, measured=True)
    first, *sheets = _first_sheets(job, inner_jobs, settings, take)
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


def _first_sheets(opening: Job, inner_jobs: Sequence[Job], settings: Settings, take: Take) -> list[Sheet]:
    """The opening, which may be only measured, and the other sheets. Raises PublisherError with the errors of all of them.

    So where others have errors, an opening that was measured without any is drawn too: it may have errors then.
    """
    try:
        return render_all([opening, *inner_jobs], settings, take)
    except PublisherError as problem:
        faulty = {slug for diagnostic in problem.diagnostics for slug in diagnostic.slugs}
        if not opening.measured or faulty & set(opening.slugs):
            raise
        try:
            render_all([replace(opening, measured=False)], settings)
        except PublisherError as other:
            raise PublisherError(*dict.fromkeys((*other.diagnostics, *problem.diagnostics))) from None
        raise


def _start_pages(edition: Edition, sheets: Sequence[Sheet], recto: bool) -> dict[str, int]:
    """The page, counted from 1, on which each article begins; in a brief of one article also those of its subheads."""
    starts, offset = {}, 1
    slugs = {entry.slug for entry in edition.entries}
    if len(edition.entries) == 1:
        slugs.update(f"{edition.entries[0].slug}.{subhead.identifier}" for subhead in subheads(edition.entries[0]))
    for sheet, span in zip(sheets, page_spans(sheets, recto), strict=True):
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
    heads = list(_running_heads(edition, sheets, page_spans(sheets, settings.theme.settings.recto)))
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
            continued = _continued(sheet, page, starts, opening_pages)
            kind = "text" if continued in titles else "opens"
            kind = "first" if number == 1 else "part" if page in section_pages else kind
            if page in sheet.blank or page >= sheet.pages:
                yield RunningHead("blank", "", "", "")
                continue
            kind = "turned" if page in sheet.turned else kind
            head = titles.get(continued, "") if kind in ("text", "turned") and not edition.standalone else ""
            yield RunningHead(kind, edition_name, head, folio_format.format(number, total))


def _continued(sheet: Sheet, page: int, starts: Sequence[tuple[int, float, str]], opening_pages: Collection[int]) -> str:
    """The slug of the article that goes on at the head of a page; empty if another thing stands there.

    The start of the page says it, where it is known: in columns the last headline of the page before may stand above others.
    """
    if page < len(sheet.page_starts) and (start := sheet.page_starts[page]):
        owner = start.place.partition(":")[0]
        return "" if (page, owner) in {(number, name) for number, _, name in starts} else owner
    earlier = [name for number, _, name in starts if number < page]
    return earlier[-1] if earlier and page not in opening_pages else ""


def _outline(edition: Edition) -> list[OutlineEntry]:
    lines: list[OutlineEntry] = []
    for section in edition.sections:
        articles = tuple(_article_outline(entry) for entry in section.entries)
        lines += [OutlineEntry(section.title, section.slug, articles)] if section.title else articles
    terms = words_for(edition.imprint.language)
    return [*lines, OutlineEntry(terms["sources"], "sources"), OutlineEntry(terms["colophon"], "colophon")]


def _article_outline(entry: Entry) -> OutlineEntry:
    lines = (OutlineEntry(subhead.title, f"{entry.slug}.{subhead.identifier}") for subhead in subheads(entry))
    return OutlineEntry(entry.metadata.title, entry.slug, tuple(lines))
