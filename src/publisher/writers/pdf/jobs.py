"""An edition as jobs for the typesetter: which articles share a sheet, and what stands before and after them.

The opening is the title block and the contents; the closing has the sources and the colophon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from publisher.model.edition import Edition
from publisher.text.citation_styles import CitationStyle
from publisher.writers.contract import Settings
from publisher.writers.pdf.estimates import Measures, measures, pages_of, pages_of_closing, pages_of_opening
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.link_descriptions import plain_text
from publisher.writers.pdf.news import news_slugs
from publisher.writers.pdf.sheet_markup import BIND_SCHEME
from publisher.writers.pdf.sheets import Part, runs
from publisher.writers.pdf.subheads import Subhead, subheads
from publisher.writers.template_context import ListedSource, colophon, has_title_of_its_article, summaries, template_context

_FEWEST_IN_COLUMNS, _SHORT_SOURCE = 12, 100  # sources; characters on average: such a list is set in two columns
_SHORT_CLOSING = 0.6  # of a page: a shorter closing stands below the last section also where sections begin new pages
_LONG_BRIEF, _FEWEST_SUBHEADS = 4, 3  # pages; subheads: a shorter brief of one article has no contents
_LABEL = " → the headline of an art… (00)"  # a place in the list of sources, for estimates


@dataclass(frozen=True)
class Group:
    """The articles of a sheet. `opens`: the opening stands before them; `closes`: the closing stands after them."""

    pieces: tuple[Piece, ...]
    opens: bool = False
    closes: bool = False


def groups(edition: Edition, settings: Settings) -> list[Group]:
    """The sheets of an edition, in order; the first has the opening, the last the closing, perhaps with no article."""
    theme, page = settings.theme.settings, measures(settings.theme, settings.paper)
    pieces = _pieces(edition, theme.news)
    opens = edition.standalone or len(edition.entries) <= theme.under
    closes = theme.flow != "section" or _closing_height(edition, settings.style, _LABEL, page) < _SHORT_CLOSING
    found = _runs(edition, settings, page, pieces, opens, closes)
    joined = [_group(edition, pieces, run, opens and index == 0, closes and run is found[-1]) for index, run in enumerate(found)]
    first, last = [] if opens else [Group((), opens=True)], [] if closes else [Group((), closes=True)]
    return [*first, *joined, *last]


def _runs(
    edition: Edition, settings: Settings, page: Measures, pieces: Mapping[str, Piece], opens: bool, closes: bool
) -> list[tuple[Part, ...]]:
    """The runs of articles. In a single sheet the list of sources names notes by their numbers, else by their articles too."""
    for label in ("", _LABEL):
        found = runs(
            edition.sections,
            settings.theme.settings.flow,
            lambda entry: _part(pieces[entry.slug], page),
            _opening_height(edition, page) if opens else None,
            _closing_height(edition, settings.style, label, page) if closes else None,
        )
        if len(found) == 1:
            break
    return found


def _part(piece: Piece, page: Measures) -> Part:
    return Part(piece.entry, pages_of(piece.entry, page, piece.news), moves=not piece.news)


def _group(edition: Edition, pieces: Mapping[str, Piece], run: Sequence[Part], opens: bool, closes: bool) -> Group:
    found = [pieces[part.entry.slug] for part in run if part.entry is not None]
    return Group(_numbered(edition, found), opens, closes)


def _pieces(edition: Edition, most_words: int) -> dict[str, Piece]:
    news = news_slugs(edition.entries, most_words)
    pieces = {}
    for section in edition.sections:
        for index, entry in enumerate(section.entries):
            pieces[entry.slug] = Piece(entry, section.title if index == 0 else "", section.slug, news=entry.slug in news)
    return pieces


def _numbered(edition: Edition, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The articles of a sheet, whose notes are counted through it: no page has two notes with the number 1."""
    if edition.numbering == "edition":
        return tuple(replace(piece, notes_before=edition.notes_before[piece.entry.slug]) for piece in pieces)
    befores = accumulate((piece.entry.note_count for piece in pieces), initial=0)
    return tuple(replace(piece, notes_before=before) for piece, before in zip(pieces, befores, strict=False))


def _opening_height(edition: Edition, page: Measures) -> float:
    if edition.standalone:
        return 0.0
    lines = len(edition.entries) + sum(1 for section in edition.sections if section.title)
    return pages_of_opening(lines, summaries(edition).values(), page)


def _closing_height(edition: Edition, style: CitationStyle, label: str, page: Measures) -> float:
    lang = edition.imprint.language
    texts = [plain_text(style(cited.source, lang)) + label * len(cited.mentions) for cited in edition.listed_sources]
    columns = 2 if len(texts) >= _FEWEST_IN_COLUMNS else 1
    return pages_of_closing(texts, columns, " · ".join(colophon(edition, edition.imprint.identifier)), page)


def headline_level(edition: Edition) -> int:
    """The heading level of headlines: below the edition's title (h1), and below section titles (h2) if there are any.

    The headline of a brief that has its name is the title.
    """
    if edition.standalone or has_title_of_its_article(edition):
        return 1
    return 3 if any(section.title for section in edition.sections) else 2


def sheet_job(
    edition: Edition, settings: Settings, group: Group, notes_before: Mapping[str, int], folios: Mapping[str, int] | None = None
) -> Job:
    """The job of a sheet. The contents of an opening have the page numbers `folios`, by slug."""
    job = Job(
        name=group.pieces[0].entry.slug if group.pieces else "closing",
        pieces=group.pieces,
        theme=settings.theme,
        lang=edition.imprint.language,
        paper=settings.paper,
        notes=settings.notes,
        level=headline_level(edition),
        kind="sheet" if group.pieces else "closing",
        after=_closing_xhtml(edition, settings, notes_before) if group.closes else "",
    )
    if not group.opens:
        return job
    values = _contents_values(edition, settings, group, folios)
    below = ""
    if values["lines"] and group.pieces:
        below = settings.theme.render("subheads.xhtml.j2", **template_context(edition, settings.style), **values)
    before = _opening_xhtml(edition, settings, values)
    return replace(job, name="opening", kind="opening", before=before, below_headline=below, images=edition.imprint.images)


def _is_long(edition: Edition, settings: Settings, folios: Mapping[str, int] | None) -> bool:
    """Whether a brief of one article has contents: from so many pages on, by an estimate before the pages are known."""
    if folios:
        return max(folios.values()) >= _LONG_BRIEF
    return pages_of(edition.entries[0], measures(settings.theme, settings.paper)) >= _LONG_BRIEF


def _contents_values(edition: Edition, settings: Settings, group: Group, folios: Mapping[str, int] | None) -> dict[str, Any]:
    """The variables of the contents: page numbers, the prefix of links, whether articles follow on the page (`joined`).

    And `lines`: the subheads, in a long brief of one article.
    """
    lines: list[tuple[Subhead, str]] = []
    if len(edition.entries) == 1 and not edition.standalone and _is_long(edition, settings, folios):
        entry = edition.entries[0]
        lines = [(subhead, f"{entry.slug}.{subhead.identifier}") for subhead in subheads(entry)]
    lines = lines if len(lines) >= _FEWEST_SUBHEADS else []
    return {"lines": lines, "folios": folios or {}, "across": BIND_SCHEME, "joined": bool(group.pieces)}


def _opening_xhtml(edition: Edition, settings: Settings, values: Mapping[str, Any]) -> str:
    """The title block and the contents; those of one article stand below its headline if it is on the same page."""
    if edition.standalone:
        return ""
    return settings.theme.render("opening.xhtml.j2", **template_context(edition, settings.style), **values)


def _closing_xhtml(edition: Edition, settings: Settings, notes_before: Mapping[str, int]) -> str:
    values = template_context(edition, settings.style, notes_before)
    columns = _in_columns(values["sources"])
    room = measures(settings.theme, settings.paper).colophon
    short = len(" · ".join(values["colophon"])) <= room
    return settings.theme.render("closing.xhtml.j2", **values, level=headline_level(edition), columns=columns, short=short)


def _in_columns(sources: Sequence[ListedSource]) -> bool:
    lengths = [len(plain_text(listed.html)) for listed in sources]
    return len(lengths) >= _FEWEST_IN_COLUMNS and sum(lengths) <= _SHORT_SOURCE * len(lengths)
