"""The values that all templates get: edition, terms and dates, the list of sources, the colophon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from textwrap import shorten
from typing import Any

from publisher import __version__
from publisher.model.edition import Edition, Imprint, LeftOut, Mention
from publisher.text.citation_styles import CitationStyle
from publisher.text.languages import direction, long_date, words_for

_MOST_STANDFIRSTS = 12  # articles of an edition whose front page has standfirsts: with more it would be pages long
_LONGEST_HEADLINE = 32  # characters of a headline in the list of sources


@dataclass(frozen=True)
class Place:
    """Where an article cites a source: the id of its note there (empty: it has none), and the words that name the place."""

    slug: str
    note: str
    label: str


@dataclass(frozen=True)
class ListedSource:
    """A source in the list of sources: its citation as XHTML, and the places that cite it."""

    identifier: str
    html: str
    places: tuple[Place, ...]


def template_context(edition: Edition, style: CitationStyle, notes_before: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The variables of every template: `edition`, `imprint`, `terms`, the date in words, `house`, `sources`, `colophon`.

    For the front page: `lead` (paragraphs), `summaries` (lines by slug), `single` (the edition has one article) and `same_title`
    (as its headline).
    `notes_before` has by how many the notes of an article are numbered higher than in the article alone. The colophon shows only
    an identifier from the manifest, not one made from the content: pages must not change with every word.
    """
    lang = edition.imprint.language
    terms = words_for(lang)
    return {
        "edition": edition,
        "imprint": edition.imprint,
        "lang": lang,
        "direction": direction(lang),
        "terms": terms,
        "date": long_date(edition.date, lang, weekday=True),
        "house": _house(edition.imprint),
        "sources": _listed_sources(edition, style, edition.notes_before if notes_before is None else notes_before),
        "colophon": colophon(edition, edition.imprint.identifier),
        "lead": [paragraph.strip() for paragraph in edition.imprint.lead.split("\n\n") if paragraph.strip()],
        "summaries": summaries(edition),
        "single": len(edition.entries) == 1,
        "same_title": has_title_of_its_article(edition),
    }


def has_title_of_its_article(edition: Edition) -> bool:
    """Whether a brief of one article has the headline as its name: it is printed once."""
    title = edition.imprint.title
    return len(edition.entries) == 1 and edition.entries[0].metadata.title.casefold() == title.casefold()


def summaries(edition: Edition) -> dict[str, str]:
    """What the front page has under headlines, by slug: the summary; in a short edition the standfirst where there is none."""
    short = len(edition.entries) <= _MOST_STANDFIRSTS
    lines = {entry.slug: entry.metadata.summary or (entry.metadata.subtitle if short else "") for entry in edition.entries}
    return {slug: line for slug, line in lines.items() if line}


def _house(imprint: Imprint) -> str:
    """Publisher, series and the number in it, as far as there are such."""
    series = f"{imprint.series} {imprint.number}" if imprint.series and imprint.number else imprint.series
    return " · ".join(filter(None, (imprint.publisher, series)))


def _listed_sources(edition: Edition, style: CitationStyle, notes_before: Mapping[str, int]) -> tuple[ListedSource, ...]:
    lang, single = edition.imprint.language, len(edition.entries) == 1
    place = _note_of_the_article if single else _number if _are_unique(edition, notes_before) else _place
    return tuple(
        ListedSource(
            cited.source.identifier,
            style(cited.source, lang),
            tuple(filter(None, (place(mention, notes_before.get(mention.slug, 0)) for mention in cited.mentions))),
        )
        for cited in edition.listed_sources
    )


def _are_unique(edition: Edition, notes_before: Mapping[str, int]) -> bool:
    """Whether the notes of all articles are counted through."""
    counts = [(notes_before.get(entry.slug, 0), entry.note_count) for entry in edition.entries if entry.note_count]
    return all(before >= earlier + count for (earlier, count), (before, _) in pairwise(counts))


def _number(mention: Mention, before: int) -> Place:
    """The place where no two notes of the edition have the same number."""
    return _note_of_the_article(mention, before) or _place(mention, before)


def _place(mention: Mention, before: int) -> Place:
    headline = _shortened(mention.headline)
    if not mention.note:
        return Place(mention.slug, "", headline)
    return Place(mention.slug, f"note-{mention.note}", f"{headline} ({mention.note + before})")


@lru_cache
def _shortened(headline: str) -> str:
    return shorten(headline, _LONGEST_HEADLINE, placeholder="…")


def _note_of_the_article(mention: Mention, before: int) -> Place | None:
    """The place where there is one article: its headline before every number would say nothing."""
    return Place(mention.slug, f"note-{mention.note}", str(mention.note + before)) if mention.note else None


def colophon(edition: Edition, identifier: str) -> tuple[str, ...]:
    """The lines of the colophon: publisher, contact, authors, description, about, rights, identifier, missing articles, maker."""
    imprint, terms = edition.imprint, words_for(edition.imprint.language)
    lines = (
        imprint.publisher,
        *_lines_of(imprint.contact),
        ", ".join(imprint.authors),
        imprint.description,
        *_lines_of(imprint.about),
        imprint.rights,
        identifier,
        _missing(edition.left_out, terms),
        terms["made"].format(__version__),
    )
    return tuple(line for line in lines if line)


def _lines_of(text: str) -> tuple[str, ...]:
    return tuple(map(str.strip, text.splitlines()))


def _missing(left_out: Sequence[LeftOut], terms: Mapping[str, str]) -> str:
    """How many articles are missing and which; what an agency holds back is counted and not named."""
    if not left_out:
        return ""
    names = [article.name for article in left_out if not article.held]
    held = len(left_out) - len(names)
    return terms["missing"].format(len(left_out), ", ".join([*names, *([terms["held"].format(held)] if held else [])]))
