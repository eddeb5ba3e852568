"""An entry of a citation library, as all formats give it: an item of CSL-JSON, and what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from publisher.input.libraries.dates import impossible_date
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.sources import Source

_SCHEMES = ("http", "https", "ftp", "doi", "urn", "mailto", "file", "hdl", "info", "gopher", "ark", "data")
_ADDRESS = re.compile(rf"(?:https?|ftp)://(?:[^\s/?#@]*@)?(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d+)?(?:[/?#]\S*)?$", re.IGNORECASE)
_OTHER_SCHEME = re.compile(rf"(?:{'|'.join(_SCHEMES[2:])}):\S+$", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:i|b|sup|sub|sc|span)\b[^<>]*>")
_DATES = ("issued", "accessed", "original-date", "event-date", "submitted", "available-date")


@dataclass(frozen=True)
class LibraryEntry:
    """An entry under its key. `item` is CSL-JSON (1.0.2) as text; `file` and `line` are its place.

    `faults` are dates that do not exist and addresses that are none: errors, if the entry is cited.
    """

    key: str
    item: str
    file: str
    line: int = 0
    faults: tuple[str, ...] = ()

    @property
    def place(self) -> Location:
        return Location(self.file, self.line)

    @property
    def source(self) -> Source:
        """The entry as a source of an edition."""
        return source_of(self.key, json.loads(self.item), self.item)

    def diagnostics(self, is_cited: bool) -> tuple[Diagnostic, ...]:
        code = Code.LIBRARY_VALUE if is_cited else Code.LIBRARY_VALUE_UNUSED
        hint = "correct the entry in the library"
        return tuple(Diagnostic(code, f"{self.key}: {fault}", self.place, hint) for fault in self.faults)


@dataclass(frozen=True)
class LibraryFile:
    """What one file of a library gives: its entries in order, and the messages about those that cannot be read."""

    entries: tuple[LibraryEntry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = field(default=())


def entry_of(key: str, item: Mapping[str, Any], file: str, line: int = 0) -> LibraryEntry:
    """An entry with its faults found; its item is written so that equal items are equal texts."""
    values = {name: value for name, value in item.items() if value not in ("", None, [], {})} | {"id": key}
    faults = [f"{name}: {fault}" for name in _DATES if (fault := impossible_date(values.get(name)))]
    url = str(values.get("URL", ""))
    if url and not _ADDRESS.match(url) and not _OTHER_SCHEME.match(url):
        faults.append(f"URL: {url[:80]!r} is no address")
    return LibraryEntry(key, json.dumps(values, ensure_ascii=False, sort_keys=True), file, line, tuple(faults))


def source_of(key: str, item: Mapping[str, Any], text: str = "") -> Source:
    """A source with all that an item of CSL-JSON knows of it."""
    doi = str(item.get("DOI", "")).strip()
    return Source(
        publication=plain(item.get("container-title") or item.get("publisher")),
        title=plain(item.get("title")),
        authors=tuple(filter(None, map(_name, item.get("author") or item.get("editor") or ()))),
        url=str(item.get("URL", "")) or (f"https://doi.org/{doi}" if doi else ""),
        date=_day(item.get("issued")),
        accessed=_day(item.get("accessed")),
        doi=doi,
        license=plain(item.get("license")),
        key=key,
        item=text or json.dumps(item, ensure_ascii=False, sort_keys=True),
    )


def plain(text: object) -> str:
    """A text of CSL without its markup."""
    return _MARKUP.sub("", str(text or "")).strip()


def _name(name: Any) -> str:
    if not isinstance(name, Mapping):
        return ""
    if name.get("literal"):
        return plain(name["literal"])
    parts: Sequence[str] = ("given", "dropping-particle", "non-dropping-particle", "family")
    full = " ".join(str(name[part]) for part in parts if name.get(part))
    return f"{full}, {name['suffix']}" if name.get("suffix") else full


def _day(value: Any) -> date | None:
    """The day of a CSL date that names one; None for a year, a month, a season or a range."""
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], list) or len(parts[0]) != 3:
        return None
    try:
        return date(*(int(part) for part in parts[0]))
    except (TypeError, ValueError):
        return None
