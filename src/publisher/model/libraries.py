"""Entries of citation libraries as plain data: items of CSL-JSON with their places, and as sources of an edition."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.sources import Source

_MARKUP = re.compile(r"</?(?:i|b|sup|sub|sc|span)\b[^<>]*>")
_NAME_PARTS = ("given", "dropping-particle", "non-dropping-particle", "family")


@dataclass(frozen=True)
class LibraryEntry:
    """An entry under its key. `item` is CSL-JSON (1.0.2) as text; `identifier` is that of its source.

    `file` and `line` are its place. `faults` are dates that do not exist and addresses that are none. `title` is the title as it
    was typed, where the item has it in the case of a sentence, as styles of CSL ask.
    """

    key: str
    item: str
    identifier: str
    file: str
    line: int = 0
    faults: tuple[str, ...] = ()
    title: str = ""

    @property
    def place(self) -> Location:
        return Location(self.file, self.line)

    @property
    def source(self) -> Source:
        """The entry as a source of an edition."""
        source = source_of(self.key, json.loads(self.item), self.item)
        return replace(source, title=plain(self.title)) if self.title else source

    def diagnostics(self, *slugs: str) -> tuple[Diagnostic, ...]:
        """Its faults: errors, if the articles of these slugs cite it, else warnings."""
        code = Code.LIBRARY_VALUE if slugs else Code.LIBRARY_VALUE_UNUSED
        hint = "correct the entry in the library"
        return tuple(Diagnostic(code, f"{self.key}: {fault}", self.place, hint, slugs=slugs) for fault in self.faults)


def source_of(key: str, item: Mapping[str, Any], text: str) -> Source:
    """A source with all that an item of CSL-JSON, `text` in writing, knows of it."""
    doi = str(item.get("DOI", "")).strip()
    return Source(
        publication=plain(item.get("container-title") or item.get("publisher")),
        title=plain(item.get("title")),
        authors=tuple(filter(None, map(_name, _list(item.get("author")) or _list(item.get("editor"))))),
        url=str(item.get("URL", "")) or (f"https://doi.org/{doi}" if doi else ""),
        date=_day(item.get("issued")),
        accessed=_day(item.get("accessed")),
        doi=doi,
        license=plain(item.get("license")),
        key=key,
        item=text,
    )


def plain(text: object) -> str:
    """A text of CSL without its markup."""
    return _MARKUP.sub("", str(text or "")).strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(name: Any) -> str:
    if not isinstance(name, Mapping):
        return ""
    if name.get("literal"):
        return plain(name["literal"])
    full = " ".join(str(name[part]) for part in _NAME_PARTS if name.get(part))
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
