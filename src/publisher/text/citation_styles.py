"""The table of citation styles: how a source is written out in notes and in the list of sources.

A style is a function of a source and a language that gives inline XHTML. Another package adds a line through an entry point of
the same shape in the group `publisher.citation_styles`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from publisher.model.edition import BibliographyEntry
from publisher.model.plugins import load, plugged
from publisher.model.sources import Source

CitationStyle: TypeAlias = Callable[[Source, str], str]

DEFAULT_STYLE = "standard"
STYLES: dict[str, str] = {
    "standard": "publisher.text.standard_style:standard_style",
}


def styles() -> dict[str, str]:
    """Every citation style by its name."""
    return {**plugged("publisher.citation_styles"), **STYLES}


def style_of(name: str) -> CitationStyle:
    """The style of that name, loaded now. Raises KeyError."""
    style: CitationStyle = load(styles()[name])
    return style


def listing_style(bibliography: Sequence[BibliographyEntry], style: CitationStyle) -> CitationStyle:
    """The style of the list of sources: the entries of a bibliography as they are, other sources in `style`."""
    return _ListingStyle({row.identifier: f"{row.label} {row.html}".strip() for row in bibliography}, style)


class _ListingStyle:
    """A citation style that writes each source once, as every output and every estimate asks for it; plain data if `style` is."""

    def __init__(self, texts: Mapping[str, str], style: CitationStyle) -> None:
        self._texts, self._style = texts, style
        self._written: dict[tuple[Source, str], str] = {}

    def __call__(self, source: Source, lang: str) -> str:
        if (source, lang) not in self._written:
            self._written[source, lang] = self._texts.get(source.identifier) or self._style(source, lang)
        return self._written[source, lang]
