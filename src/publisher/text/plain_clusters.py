"""Citations of a library in a style that is a function of a source: every cluster a note, its parts joined by semicolons."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping
from functools import cached_property

from publisher.model.clusters import CitedItem, Cluster
from publisher.model.edition import Entry
from publisher.model.sources import Source
from publisher.text.citation_styles import CitationStyle
from publisher.text.cluster_places import Written, filled
from publisher.text.csl.locator_terms import locator_text
from publisher.text.csl.markup_text import markup_xhtml
from publisher.text.languages import list_of

_FIRST_LETTER = re.compile(r"^((?:<[^>]*>)*)(\w)")


class PlainArticles:
    """Writes clusters with one style."""

    def __init__(self, style: CitationStyle) -> None:
        self._style = style

    def written(self, entry: Entry, identifiers: Mapping[str, str]) -> Entry:
        """The entry with its clusters written out; `identifiers` are those of its sources by their keys."""
        if not entry.clusters:
            return entry
        sources = {citation.source.identifier: citation.source for citation in entry.citations}
        by_key = {key: sources[identifier] for key, identifier in identifiers.items()}
        lang = entry.metadata.lang
        texts = {
            number: Written(
                self._text(cluster, by_key, lang), author_name(by_key[cluster.keys[0]], lang) if cluster.author_in_text else ""
            )
            for number, cluster in enumerate(entry.clusters)
        }
        return filled(entry, texts, in_text=False)

    def _text(self, cluster: Cluster, sources: Mapping[str, Source], lang: str) -> str:
        parts = [self._item(item, sources[item.key], lang) for item in cluster.items]
        return capitalized("; ".join([*(part.rstrip(".") for part in parts[:-1]), parts[-1]]))

    def _item(self, item: CitedItem, source: Source, lang: str) -> str:
        locator = locator_text(item.label, item.locator, lang) if item.locator else ""
        if self._takes_locator:
            text = self._style(source, lang, locator)  # type: ignore[call-arg]
        else:
            text = self._style(source, lang) + (f" {markup_xhtml(locator)}." if locator else "")
        suffix = markup_xhtml(item.suffix)
        if suffix:
            text = f"{text.rstrip('.')}{'' if suffix[0] in ' ,;:.' else ' '}{suffix}"
        return f"{markup_xhtml(item.prefix)} {text}" if item.prefix else text

    @cached_property
    def _takes_locator(self) -> bool:
        return "locator" in inspect.signature(self._style).parameters


def capitalized(html: str) -> str:
    """Inline XHTML with a capital at its start, as a note begins."""
    return _FIRST_LETTER.sub(lambda match: match[1] + match[2].upper(), html)


def author_name(source: Source, lang: str) -> str:
    """The authors of a source in a sentence: their family names, of more than three the first; else the title."""
    families = _family_names(source)
    if not families:
        return markup_xhtml(source.title)
    names = [families[0], "et al."] if len(families) > 3 else list(families)
    return markup_xhtml(" ".join(names) if len(families) > 3 else list_of(names, lang))


def _family_names(source: Source) -> list[str]:
    """What a source's authors are called in a sentence: the family name, of an organization the whole."""
    item = json.loads(source.item) if source.item else {}
    names = item.get("author") or item.get("editor") or ()
    families = [
        " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family")))) or name.get("literal", "")
        for name in names
        if isinstance(name, dict)
    ]
    return [family for family in families if family] or list(source.authors)
