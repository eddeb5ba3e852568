"""The values that all templates get: edition, terms and dates, the list of sources, the colophon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publisher import __version__
from publisher.model.edition import Edition, LeftOut
from publisher.text.citation_styles import CitationStyle
from publisher.text.languages import direction, long_date, words_for


@dataclass(frozen=True)
class ListedSource:
    """A source in the list of sources: its citation as XHTML, and the places that cite it."""

    identifier: str
    html: str
    mentions: tuple[Any, ...]


def template_context(edition: Edition, style: CitationStyle) -> dict[str, Any]:
    """The variables of every template: `edition`, `imprint`, `terms`, the date in words, `sources`, `colophon`.

    The colophon shows only an identifier from the manifest, not one made from the content: pages must not change with every word.
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
        "sources": listed_sources(edition, style),
        "colophon": colophon(edition, edition.imprint.identifier),
    }


def listed_sources(edition: Edition, style: CitationStyle) -> tuple[ListedSource, ...]:
    lang = edition.imprint.language
    return tuple(ListedSource(cited.source.identifier, style(cited.source, lang), cited.mentions) for cited in edition.sources)


def colophon(edition: Edition, identifier: str) -> tuple[str, ...]:
    """The lines of the colophon: publisher, authors, description, rights, identifier, missing articles, version."""
    imprint, terms = edition.imprint, words_for(edition.imprint.language)
    lines = (
        imprint.publisher,
        ", ".join(imprint.authors),
        imprint.description,
        imprint.rights,
        identifier,
        _missing(edition.left_out, terms),
        terms["made"].format(__version__),
    )
    return tuple(line for line in lines if line)


def _missing(left_out: Sequence[LeftOut], terms: Mapping[str, str]) -> str:
    """How many articles are missing and which; what an agency holds back is counted and not named."""
    if not left_out:
        return ""
    names = [article.name for article in left_out if not article.held]
    held = len(left_out) - len(names)
    return terms["missing"].format(len(left_out), ", ".join([*names, *([terms["held"].format(held)] if held else [])]))
