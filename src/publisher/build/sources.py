"""What an edition knows of its sources: what each article, each capture and each library says of one source, together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from publisher.input.captures import CAPTURE_INDEX, captures_in
from publisher.input.folders import folders_of
from publisher.input.named_files import Refusal, read_named
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.edition import Entry
from publisher.model.limits import Limits
from publisher.model.sources import Source, merged_source

_MOST_NAMED = 3  # addresses that a message names


def with_known_sources(entries: Sequence[Entry], libraries: Iterable[Source] = (), others: Iterable[Source] = ()) -> list[Entry]:
    """The entries, each source of which has all details that any of them, the libraries or `others` have of it.

    Of two that were stated, that of the libraries is taken, else that of the first entry.
    """
    records: dict[str, list[Source]] = {}
    for source in (*libraries, *(citation.source for entry in entries for citation in entry.citations), *others):
        records.setdefault(source.identifier, []).append(source)
    merged = {identifier: merged_source(dict.fromkeys(found)) for identifier, found in records.items()}
    return [_with_sources(entry, merged) for entry in entries]


def _with_sources(entry: Entry, merged: Mapping[str, Source]) -> Entry:
    citations = tuple(replace(citation, source=merged[citation.source.identifier]) for citation in entry.citations)
    return replace(entry, citations=citations)


def captured_sources(folders: Iterable[Path]) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """What the captures of `publisher fetch` in these folders know of the pages, and what of them was not read."""
    found, refused = list[Source](), list[Diagnostic]()
    for folder in dict.fromkeys(folders):
        index = read_named(folders_of([folder]), os.path.realpath(folder), CAPTURE_INDEX, Limits().megabytes)
        if isinstance(index, Refusal):
            message = f"{CAPTURE_INDEX} is not read: {index.reason}"
            refused.append(Diagnostic(Code.PATH_REFUSED, message, Location(str(folder / CAPTURE_INDEX)), index.hint))
        elif index is not None:
            found += captures_in(index).sources
    return tuple(found), tuple(refused)


def undescribed_sources(entries: Iterable[Entry], label: str) -> list[Diagnostic]:
    """A note with the number of sources of which only the address is known, if there are any."""
    sources = {citation.source.identifier: citation.source for entry in entries for citation in entry.citations}
    bare = [source.url for source in sources.values() if not source.is_described]
    if not bare:
        return []
    names = ", ".join(bare[:_MOST_NAMED]) + (", …" if len(bare) > _MOST_NAMED else "")
    count = "1 source is" if len(bare) == 1 else f"{len(bare)} sources are"
    hint = "let `publisher fetch --sources` capture them, or give the link a title"
    return [Diagnostic(Code.SOURCES_UNDESCRIBED, f"{count} known by the address alone: {names}", Location(label), hint)]
