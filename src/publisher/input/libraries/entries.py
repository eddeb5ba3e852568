"""An entry of a citation library, as all formats make it: an item of CSL-JSON, and what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from publisher.input.libraries.dates import impossible_date, with_numbers
from publisher.input.libraries.item_values import DATES, checked_values
from publisher.model.addresses import bare_doi, without_tracking
from publisher.model.diagnostics import Diagnostic
from publisher.model.libraries import LibraryEntry, source_of

_ADDRESS = re.compile(
    r"(?:https?|ftp)://(?:[^\s/?#@]*@)?(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d+)?(?:[/?#]\S*)?$", re.IGNORECASE
)
_OTHER_SCHEME = re.compile(r"(?:doi|urn|mailto|file|hdl|info|gopher|ark|data):\S+$", re.IGNORECASE)


@dataclass(frozen=True)
class LibraryFile:
    """What one file of a library gives: its entries in order, and the messages about those that cannot be read."""

    entries: tuple[LibraryEntry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def entry_of(key: str, item: Mapping[str, Any], file: str, line: int = 0, title: str = "") -> LibraryEntry:
    """An entry with its faults found; its item is written so that equal items are equal texts. `title` is that of LibraryEntry.

    Values of a wrong kind and tracking parameters are left out.
    """
    values, faults = checked_values({**item, "id": key})
    faults += [f"{name}: {fault}" for name in DATES if (fault := impossible_date(values.get(name)))]
    values |= {name: date for name in DATES if name in values and (date := with_numbers(values.pop(name)))}
    url = str(values.get("URL", ""))
    if url and not _ADDRESS.match(url) and not _OTHER_SCHEME.match(url):
        faults.append(f"URL: {url[:80]!r} is no address")
    if url:
        values["URL"] = without_tracking(url)
    if values.get("DOI"):
        values["DOI"] = bare_doi(values["DOI"])
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return LibraryEntry(key, text, source_of(key, values, text).identifier, file, line, tuple(faults), title)
