"""The table of library formats, and libraries put together: the first that has a key gives its entry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from publisher.input.libraries.entries import LibraryFile
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.libraries import LibraryEntry
from publisher.model.plugins import load
from publisher.text.encodings import decoded

FORMATS: dict[str, str] = {
    ".bib": "publisher.input.libraries.bibtex:read",
    ".bibtex": "publisher.input.libraries.bibtex:read",
    ".json": "publisher.input.libraries.csl_json:read",
    ".csljson": "publisher.input.libraries.csl_json:read",
    ".ris": "publisher.input.libraries.ris:read",
}
LibraryReader = Callable[[str, str], LibraryFile]


@dataclass(frozen=True)
class Library:
    """Entries by key. `digest` is the same only where all files are; it is empty without a file."""

    entries: Mapping[str, LibraryEntry] = field(default_factory=dict)
    digest: str = ""

    def __bool__(self) -> bool:
        return bool(self.digest)


def suffix_of(name: str) -> str:
    """The suffix of a library's file name, if it is that of a format; else empty."""
    suffix = f".{name.rpartition('.')[2].lower()}"
    return suffix if suffix in FORMATS else ""


def read_library(name: str, data: bytes, label: str) -> LibraryFile:
    """The entries of a library by the suffix of its name; `label` is its path as messages name it.

    Raises PublisherError if the suffix names no format, or if it cannot be read at all.
    """
    suffix = suffix_of(name)
    if not suffix:
        hint = f"supported suffixes: {', '.join(FORMATS)}"
        raise PublisherError(Diagnostic(Code.LIBRARY, "not a citation library that can be read", Location(label), hint))
    text = decoded(data)
    if text is None or "\0" in text.text:
        message = "not text: neither UTF-8 nor another encoding that can be recognized"
        raise PublisherError(Diagnostic(Code.LIBRARY, message, Location(label), "save the library as UTF-8"))
    read: LibraryReader = load(FORMATS[suffix])
    return read(text.text.removeprefix("\ufeff"), label)


def conflicts(entries: Iterable[LibraryEntry]) -> list[Diagnostic]:
    """An error for each key under which two entries differ; it names both places."""
    first: dict[str, LibraryEntry] = {}
    found = []
    for entry in entries:
        other = first.setdefault(entry.key, entry)
        if other is not entry and json.loads(other.item) != json.loads(entry.item):
            message = f"{entry.key} is another work than in {other.place}"
            hint = "give one of them another key, or remove it"
            found.append(Diagnostic(Code.LIBRARY_CONFLICT, message, entry.place, hint))
    return found


def by_key(entries: Iterable[LibraryEntry]) -> dict[str, LibraryEntry]:
    """The entries by key; of several with one key the first."""
    result: dict[str, LibraryEntry] = {}
    for entry in entries:
        result.setdefault(entry.key, entry)
    return result
