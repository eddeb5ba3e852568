"""The brief: articles typeset in sheets, the opening and closing matter last, all bound into one tagged PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import unescape

from publisher import __version__
from publisher.model.diagnostics import errors
from publisher.model.edition import Edition, Entry
from publisher.text.languages import words_for
from publisher.writers.contract import Output, Settings
from publisher.writers.page_breaks import PageBreak
from publisher.writers.pdf.bind import OutlineEntry, bind
from publisher.writers.pdf.running import RunningHead, RunningJob
from publisher.writers.pdf.sheet_cache import render_all
from publisher.writers.pdf.sheet_markup import ACROSS
from publisher.writers.pdf.sheets import runs
from publisher.writers.pdf.typeset import Job, Piece, Sheet
from publisher.writers.template_context import template_context

_CHUNK = 100  # pages of running matter in one task
_HEADING = re.compile(r"<h(?P<level>[2-6])(?P<attributes>[^>]*)>(?P<html>.*?)</h(?P=level)>", re.DOTALL)
_ID = re.compile(r'id="([^"]+)"')
_CALL = re.compile(r'<a [^>]*role="doc-noteref"[^>]*>.*?</a>', re.DOTALL)


def write(edition: Edition, settings: Settings) -> Output:
    """One PDF. Diagnostics are those of typesetting; an error among them means that the file must not be kept."""
    pieces = _pieces(edition)
    groups = [tuple(pieces[entry.slug] for entry in run) for run in runs(edition.sections, settings.theme.settings.flow)]
    under = edition.standalone or len(edition.entries) <= settings.theme.settings.under
    first, rest = (groups[0], groups[1:]) if under else ((), groups)
    alone = under and not rest
    inner = [_job(edition, settings, group) for group in rest] + ([] if alone else [_closing(edition, settings)])
    bound, running = settle_page_numbers(
        edition, settings, lambda folios: _opening(edition, settings, first, folios, alone), inner
    )
    recto = settings.theme.settings.recto
    spans, starts = _spans(bound, recto), _starts(edition, bound, recto)
    said = tuple(dict.fromkeys(one for sheet in bound for one in sheet.diagnostics))
    archival = settings.variant.endswith("a-3a")
    data = bind(
        bound, spans, running, settings.theme, _outline(edition), edition, settings.moment, f"publisher {__version__}", archival
    )
    folios = {slug: str(page) for slug, page in starts.items()}
    return Output(b"" if errors(said) else data, said, sum(spans), folios, tuple(_breaks(bound, spans)))


def _pieces(edition: Edition) -> dict[str, Piece]:
    pieces = {}
    for section in edition.sections:
        for index, entry in enumerate(section.entries):
            pieces[entry.slug] = Piece(entry, section.title if index == 0 else "", section.slug)
    return pieces


def _level(edition: Edition) -> int:
    """Where headlines stand: under the edition's title (h1), and under section titles (h2) where there are any."""
    if edition.standalone:
        return 1
    return 3 if any(section.title for section in edition.sections) else 2


def _job(edition: Edition, settings: Settings, pieces: tuple[Piece, ...]) -> Job:
    return Job(
        name=pieces[0].entry.slug if pieces else "opening",
        pieces=pieces,
        theme=settings.theme,
        lang=edition.imprint.language,
        paper=settings.paper,
        notes=settings.notes,
        level=_level(edition),
    )


def settle_page_numbers(
    edition: Edition, settings: Settings, opening: Callable[[dict[str, int]], Job], inner: Sequence[Job]
) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets, and the running matter for them, the page numbers in the opening those on which articles begin.

    The opening is first set with the sheets, to see how long it is, and again, with the running matter, when the
    numbers are known; a second time only where that changed its length.
    """
    job = opening({})
    first, *sheets = render_all([job, *inner], settings)
    for _ in range(4):
        bound = [first, *sheets]
        job, before = opening(_starts(edition, bound, settings.theme.settings.recto)), job
        running = _running(edition, settings, bound)
        if job == before:
            return bound, render_all(running, settings)
        again, *drawn = render_all([job, *running], settings)
        if (again.pages, again.anchors) == (first.pages, first.anchors):
            return [again, *sheets], drawn
        first = again
    return [first, *sheets], render_all(_running(edition, settings, [first, *sheets]), settings)


def _opening(edition: Edition, settings: Settings, pieces: tuple[Piece, ...], folios: dict[str, int], alone: bool) -> Job:
    """Title block and contents, with the first sheet under them in a short brief."""
    values = template_context(edition)
    after = settings.theme.render("closing.xhtml.j2", **values, level=_level(edition)) if alone else ""
    before = "" if edition.standalone else settings.theme.render("opening.xhtml.j2", **values, folios=folios, across=ACROSS)
    return replace(_job(edition, settings, pieces), name="opening", kind="opening", before=before, after=after)


def _closing(edition: Edition, settings: Settings) -> Job:
    after = settings.theme.render("closing.xhtml.j2", **template_context(edition), level=_level(edition))
    return replace(_job(edition, settings, ()), name="closing", kind="closing", after=after)


def _spans(sheets: Sequence[Sheet], recto: bool) -> list[int]:
    """How many pages each sheet takes in the file: with `recto` an even number, so that the next begins on the right."""
    spans = [sheet.pages + (sheet.pages % 2 if recto else 0) for sheet in sheets]
    return [*spans[:-1], sheets[-1].pages]


def _starts(edition: Edition, sheets: Sequence[Sheet], recto: bool) -> dict[str, int]:
    """The page, from 1, on which each article begins."""
    starts, offset = {}, 1
    slugs = {entry.slug for entry in edition.entries}
    for sheet, span in zip(sheets, _spans(sheets, recto), strict=True):
        starts.update({name: page + offset for name, (page, _) in sheet.anchors.items() if name in slugs})
        offset += span
    return starts


def _breaks(sheets: Sequence[Sheet], spans: Sequence[int]) -> Iterator[PageBreak]:
    """Every page in order; one on which nothing stands begins where the next does."""
    by_page = [
        begin for sheet, span in zip(sheets, spans, strict=True) for begin in (*sheet.page_starts, *[None] * (span - sheet.pages))
    ]
    for number, begin in enumerate(by_page, 1):
        following = begin or next(filter(None, by_page[number:]), None)
        if following:
            yield PageBreak(str(number), following)


def _running(edition: Edition, settings: Settings, sheets: Sequence[Sheet]) -> list[RunningJob]:
    heads = list(_heads(edition, sheets, _spans(sheets, settings.theme.settings.recto)))
    return [
        RunningJob(settings.theme, settings.paper, edition.imprint.language, tuple(heads[start : start + _CHUNK]))
        for start in range(0, len(heads), _CHUNK)
    ]


def _heads(edition: Edition, sheets: Sequence[Sheet], spans: Sequence[int]) -> Iterator[RunningHead]:
    folio = words_for(edition.imprint.language)["folio"]
    titles = {entry.slug: entry.metadata.title for entry in edition.entries}
    house = edition.imprint.publisher if edition.standalone else edition.imprint.title  # one article says its headline once
    parts = {section.slug for section in edition.sections}
    number, total = 0, sum(spans)
    for sheet, span in zip(sheets, spans, strict=True):
        begins = sorted((page, -height, name) for name, (page, height) in sheet.anchors.items() if name in titles)
        top = max((-height for _, height, _ in begins), default=0.0)
        opens = {page for page, height, _ in begins if -height >= top - 1}
        opens_part = {page for name, (page, _) in sheet.anchors.items() if name in parts} - {page for page, _, _ in begins}
        for page in range(span):
            number += 1
            current = [name for start, _, name in begins if start < page]
            kind = "opens" if page in opens or not current else "text"
            kind = "first" if number == 1 else "part" if page in opens_part else kind
            if page in sheet.blank or page >= sheet.pages:
                yield RunningHead("blank", "", "", "")
                continue
            kind = "turned" if page in sheet.turned else kind
            head = titles[current[-1]] if current and kind in ("text", "turned") and not edition.standalone else ""
            yield RunningHead(kind, house, head, folio.format(number, total))


def _outline(edition: Edition) -> list[OutlineEntry]:
    lines: list[OutlineEntry] = []
    for section in edition.sections:
        articles = tuple(_article_line(entry) for entry in section.entries)
        lines += [OutlineEntry(section.title, section.slug, articles)] if section.title else articles
    terms = words_for(edition.imprint.language)
    return [*lines, OutlineEntry(terms["sources"], "sources"), OutlineEntry(terms["colophon"], "colophon")]


def _article_line(entry: Entry) -> OutlineEntry:
    subheads = (
        OutlineEntry(_plain(found["html"]), f"{entry.slug}.{identified[1]}")
        for found in _HEADING.finditer(entry.xhtml)
        if found["level"] == "2" and (identified := _ID.search(found["attributes"]))
    )
    return OutlineEntry(entry.metadata.title, entry.slug, tuple(subheads))


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", _CALL.sub("", html))).split())
