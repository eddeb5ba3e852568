"""Front and back matter as plain values for templates: the contents, the list of sources, the colophon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from publisher import __version__
from publisher.model.edition import Edition
from publisher.text.citations import citation_html
from publisher.text.languages import direction, long_date, words_for


@dataclass(frozen=True)
class ListedSource:
    """A source in the list: its citation as XHTML, and where it is cited."""

    identifier: str
    html: str
    mentions: tuple[Any, ...]


def template_context(edition: Edition) -> dict[str, Any]:
    """What every template may use: `edition`, `imprint`, `terms`, dates written out, `sources`, `colophon`.

    The colophon has the identifier that was given, not one made of the content: pages must not change with every word.
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
        "sources": listed_sources(edition),
        "colophon": colophon(edition, edition.imprint.identifier),
    }


def listed_sources(edition: Edition) -> tuple[ListedSource, ...]:
    lang = edition.imprint.language
    return tuple(
        ListedSource(cited.source.identifier, citation_html(cited.source, lang), cited.mentions) for cited in edition.sources
    )


def colophon(edition: Edition, identifier: str) -> tuple[str, ...]:
    """The lines of the colophon: who publishes, what rights, which identifier (if any), set with what."""
    imprint, terms = edition.imprint, words_for(edition.imprint.language)
    lines = (
        imprint.publisher,
        ", ".join(imprint.authors),
        imprint.description,
        imprint.rights,
        identifier,
        terms["made"].format(__version__),
    )
    return tuple(line for line in lines if line)
