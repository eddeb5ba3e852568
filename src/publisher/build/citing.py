"""The citations of an edition: keys become entries of its libraries, clusters are formatted together and written out."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from publisher.build.libraries import Library
from publisher.build.sources import with_known_sources
from publisher.model.clusters import Cluster
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import BibliographyEntry, Entry
from publisher.model.libraries import LibraryEntry
from publisher.model.parts import Citation
from publisher.model.sources import Source
from publisher.store.cache import Cache
from publisher.text.citation_styles import CitationStyle
from publisher.text.cluster_places import mentions_of, note_numbers
from publisher.text.csl.styles import Style
from publisher.text.csl_articles import CslArticles
from publisher.text.plain_clusters import PlainArticles


@dataclass(frozen=True)
class CitedEntries:
    """Entries with their citations written out, for each the style of the notes that name its other sources, and the
    bibliography in the order of the style."""

    entries: tuple[Entry, ...]
    styles: tuple[CitationStyle, ...]
    bibliography: tuple[BibliographyEntry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def with_citations(
    entries: Sequence[Entry],
    labels: Sequence[str],
    library: Library,
    known: Sequence[Source],
    style: CitationStyle | Style,
    lang: str,
    cache: Cache | None,
) -> CitedEntries:
    """The entries with all citations in that style; `labels` are the names of their manuscripts, `lang` the edition's language.

    `known` is what else is known of sources.

    Raises PublisherError with each key that no library has, and each fault of an entry that is cited.
    """
    cited = [_cited(entry, library) for entry in entries]
    faults = [
        fault
        for entry, found, label in zip(entries, cited, labels, strict=True)
        for fault in _faults(entry, found, library, label)
    ]
    faults += _disagreements(cited)
    if faults:
        raise PublisherError(*dict.fromkeys(faults))
    used = {source for entry in entries for source in (citation.source.identifier for citation in entry.citations)}
    listed = [found.source for identifier, found in library.identifiers.items() if identifier in used]
    own = [_sourced(entry, found) for entry, found in zip(entries, cited, strict=True)]
    sourced = with_known_sources(own, listed, known)
    identifiers = [{key: found.identifier for key, found in row.items()} for row in cited]
    if isinstance(style, Style):
        articles = CslArticles(sourced, identifiers, style, lang, cache)
        return CitedEntries(articles.entries, articles.styles, articles.bibliography, _warnings(library))
    plain = tuple(PlainArticles(style).written(entry, ids) for entry, ids in zip(sourced, identifiers, strict=True))
    return CitedEntries(plain, (style,) * len(plain), (), _warnings(library))


def _cited(entry: Entry, library: Library) -> dict[str, LibraryEntry]:
    """The entries of the libraries that an article cites, by key. The edition's libraries go before the manuscript's own."""
    own = {found.key: found for found in entry.library}
    keys = dict.fromkeys(key for cluster in entry.clusters for key in cluster.keys)
    found = {key: library.entries.get(key) or own.get(key) for key in keys}
    return {key: row for key, row in found.items() if row is not None}


def _faults(entry: Entry, cited: Mapping[str, LibraryEntry], library: Library, label: str) -> list[Diagnostic]:
    faults = [fault for found in cited.values() for fault in found.diagnostics(entry.slug)]
    known = [*library.entries, *(found.key for found in entry.library)]
    for cluster in entry.clusters:
        faults += [_unknown(key, cluster, known, label, entry.slug) for key in cluster.keys if key not in cited]
    return faults


def _unknown(key: str, cluster: Cluster, known: Sequence[str], label: str, slug: str) -> Diagnostic:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "add the entry to a library, or write \\@ for a sign that is no citation"
    message = f"no library has the key {key}" if known else f"no library has the key {key}: there is no entry at all"
    return Diagnostic(Code.CITATION_UNKNOWN, message, Location(label, cluster.line), hint, slugs=(slug,))


def _disagreements(cited: Sequence[Mapping[str, LibraryEntry]]) -> list[Diagnostic]:
    """An error for each two entries of libraries of manuscripts that have one identifier by their key alone, and differ."""
    first: dict[str, LibraryEntry] = {}
    problems = []
    for found in (found for row in cited for found in row.values()):
        other = first.setdefault(found.identifier, found)
        is_named = found.source.url or found.source.doi
        if other.item != found.item and not is_named and json.loads(other.item) != json.loads(found.item):
            message = f"{found.key} is another work than in {other.place}"
            problems.append(Diagnostic(Code.LIBRARY_CONFLICT, message, found.place, "give one of them another key"))
    return problems


def _sourced(entry: Entry, cited: Mapping[str, LibraryEntry]) -> Entry:
    """The entry with what it cites among its citations, under the numbers of the notes, in the order of their mentions."""
    if not entry.clusters:
        return entry

    numbers = note_numbers(entry.xhtml)
    sources: dict[str, Source] = {key: found.source for key, found in cited.items()}
    added = [
        Citation(numbers.get(number, 0), sources[key])
        for number, cluster in enumerate(entry.clusters)
        for key in dict.fromkeys(cluster.keys)
    ]
    order: dict[str, int] = {}
    for mention in mentions_of(entry.xhtml):
        keys = () if isinstance(mention, str) else entry.clusters[mention].keys
        for identifier in (mention,) if isinstance(mention, str) else (sources[key].identifier for key in keys):
            order.setdefault(identifier, len(order))
    citations = dict.fromkeys((*entry.citations, *added))
    ordered = sorted(citations, key=lambda citation: order.get(citation.source.identifier, len(order)))
    return replace(entry, citations=tuple(ordered))


def _warnings(library: Library) -> tuple[Diagnostic, ...]:
    """What could not be read of the libraries, and what is wrong with entries that are not cited; of others it was an error."""
    return (*library.diagnostics, *(fault for entry in library.entries.values() for fault in entry.diagnostics()))
