"""The articles of an edition with their citations in a style of CSL: formatted together, each a document of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from publisher.model.clusters import CitedItem, Cluster
from publisher.model.edition import BibliographyEntry, Entry
from publisher.model.sources import FROM_HOST, Source
from publisher.store.cache import Cache
from publisher.text.citation_styles import CitationStyle
from publisher.text.citations import csl_item
from publisher.text.cluster_places import Place, Written, filled, links_of, places_of
from publisher.text.csl.locales import locale_of
from publisher.text.csl.processor import Formatted, NumberedCluster, Request, formatted, has_form
from publisher.text.csl.styles import Style
from publisher.text.plain_clusters import author_name, capitalized
from publisher.text.standard_style import standard_style


class CslArticles:
    """Entries written out in a style of CSL. `identifiers` has, for each entry, those of its sources by their keys."""

    def __init__(
        self, entries: Sequence[Entry], identifiers: Sequence[Mapping[str, str]], style: Style, lang: str, cache: Cache | None
    ) -> None:
        self._entries = entries
        self._identifiers = identifiers
        self._style = style
        self._lang = lang
        self._cache = cache
        self._sources = {citation.source.identifier: citation.source for entry in entries for citation in entry.citations}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._written(number) for number in range(len(self._entries)))

    @cached_property
    def styles(self) -> tuple[CitationStyle, ...]:
        """For each entry what is written in the notes of its links."""
        return tuple(partial(self._link_note, number) for number in range(len(self._entries)))

    @cached_property
    def bibliography(self) -> tuple[BibliographyEntry, ...]:
        """The sources in the order of the style. Without a bibliography: in their order, in the form of notes."""
        result = self._formatted[locale_of(self._lang)]
        if self._style.has_bibliography:
            return tuple(
                BibliographyEntry(identifier, row.label, row.html) for row in result.bibliography for identifier in row.ids
            )
        texts = result.documents[-len(self._sources) :] if self._sources else ()
        return tuple(
            BibliographyEntry(identifier, "", text)
            for identifier, (text,) in zip(self._sources, texts, strict=True)
            if has_form(text)
        )

    @cached_property
    def _formatted(self) -> dict[str, Formatted]:
        """What the processor made, by locale: that of the edition, and those of articles in other languages."""
        groups: dict[str, list[int]] = {locale_of(self._lang): []}
        langs = {locale_of(self._lang): self._lang}
        for number, entry in enumerate(self._entries):
            locale = locale_of(entry.metadata.lang)
            groups.setdefault(locale, []).append(number)
            langs.setdefault(locale, entry.metadata.lang)
        requests = [self._request(langs[locale], numbers) for locale, numbers in groups.items()]
        return dict(zip(groups, formatted(requests, self._cache), strict=True))

    def _request(self, lang: str, numbers: Sequence[int]) -> Request:
        documents = [tuple(cluster for _, cluster in self._documents[number]) for number in numbers]
        if not self._style.has_bibliography:
            documents += [(NumberedCluster((CitedItem(identifier),), 1),) for identifier in self._sources]
        names = dict.fromkeys(
            self._identifiers[number][cluster.keys[0]]
            for number in numbers
            for cluster in self._entries[number].clusters
            if cluster.author_in_text
        )
        items = tuple(json.dumps(_item(source), ensure_ascii=False) for source in self._sources.values())
        return Request(self._style, lang, items, tuple(documents), tuple(names))

    @cached_property
    def _documents(self) -> list[list[tuple[object, NumberedCluster]]]:
        """For each entry what is cited in the order of its notes: places of clusters, and identifiers of links with notes."""
        return [self._document(entry, ids) for entry, ids in zip(self._entries, self._identifiers, strict=True)]

    def _document(self, entry: Entry, identifiers: Mapping[str, str]) -> list[tuple[object, NumberedCluster]]:
        cited: list[tuple[int, object, NumberedCluster]] = []
        for place in places_of(entry.xhtml) if entry.clusters else ():
            cluster = entry.clusters[place.cluster]
            cited.append((place.note, place.cluster, self._numbered(cluster, place, identifiers)))
        if self._style.is_note:
            cited += [(note, key, NumberedCluster((CitedItem(key),), note)) for key, note in links_of(entry.xhtml).items()]
        return [(key, cluster) for _, key, cluster in sorted(cited, key=lambda row: row[0])]

    def _numbered(self, cluster: Cluster, place: Place, identifiers: Mapping[str, str]) -> NumberedCluster:
        """A cluster as the processor gets it. In the text an author stands in the sentence, so not in the brackets again."""
        items = [replace(item, key=identifiers[item.key]) for item in cluster.items]
        if cluster.author_in_text and not self._style.is_note:
            items[0] = replace(items[0], suppress_author=True)
        return NumberedCluster(tuple(items), place.note if self._style.is_note else 0)

    @cached_property
    def _texts(self) -> list[dict[object, str]]:
        """What the processor made of each place and each link, for each entry."""
        answers = {locale: iter(result.documents) for locale, result in self._formatted.items()}
        return [
            dict(zip((key for key, _ in document), next(answers[locale_of(entry.metadata.lang)]), strict=True))
            for entry, document in zip(self._entries, self._documents, strict=True)
        ]

    @cached_property
    def _listed(self) -> dict[str, dict[str, str]]:
        """The entries of the bibliography by the identifiers of their sources, in each locale."""
        return {
            locale: {identifier: row.html for row in result.bibliography for identifier in row.ids}
            for locale, result in self._formatted.items()
        }

    def _written(self, number: int) -> Entry:
        entry, identifiers = self._entries[number], self._identifiers[number]
        if not entry.clusters:
            return entry
        texts = self._texts[number]
        names = self._formatted[locale_of(entry.metadata.lang)].names
        written = {}
        for index, cluster in enumerate(entry.clusters):
            source = self._sources[identifiers[cluster.keys[0]]]
            html = texts.get(index, "")
            if not has_form(html):
                html = self._without_form(cluster, identifiers, entry.metadata.lang)
            if self._style.is_note and cluster.items[0].prefix:
                html = capitalized(html)
            # Styles of notes have no form for a name in a sentence.
            styled_name = "" if self._style.is_note else names.get(source.identifier)
            name = styled_name or author_name(source, entry.metadata.lang)
            written[index] = Written(html, name if cluster.author_in_text else "")
        return filled(entry, written, in_text=not self._style.is_note)

    def _without_form(self, cluster: Cluster, identifiers: Mapping[str, str], lang: str) -> str:
        """What stands for a cluster of which the style has no form: nothing for a source whose author the sentence names."""
        is_named = [
            not self._style.is_note and (item.suppress_author or (cluster.author_in_text and number == 0))
            for number, item in enumerate(cluster.items)
        ]
        sources = [self._sources[identifiers[item.key]] for item, named in zip(cluster.items, is_named, strict=True) if not named]
        texts = [standard_style(source, lang) for source in sources]
        joined = "; ".join(text.rstrip(".") for text in texts)
        return texts[0] if len(texts) == 1 else f"({joined})" if joined else ""

    def _link_note(self, number: int, source: Source, lang: str) -> str:
        """A note of a link: as the style has notes, or, where it has none, as an entry of the bibliography."""
        listed = self._listed[locale_of(self._entries[number].metadata.lang)]
        text = (self._texts[number] if self._style.is_note else listed).get(source.identifier, "")
        return text if has_form(text) else standard_style(source, lang)


def _item(source: Source) -> dict[str, Any]:
    """A source as an item. A publication that is only the host is left out: the address shows it."""
    item = csl_item(source)
    if source.url and not source.item and source.confidence("publication") <= FROM_HOST:
        item.pop("container-title", None)
    return item
