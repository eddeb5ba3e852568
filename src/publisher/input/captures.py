"""The index of the captures in a folder, which `publisher fetch` writes: for each address its file, and what was known of it.

An address is in it without its secrets. Six digits of a hash of the whole address keep apart those that differ in nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from publisher.model.addresses import outside_address
from publisher.model.metadata import from_mapping, with_written_addresses
from publisher.model.public_addresses import without_secrets
from publisher.model.sources import Source

CAPTURE_INDEX = "fetched.json"
CAPTURED_SOURCES = "sources"  # the folder beside a manifest for what its articles cite
CAPTURED_FEEDS = "feeds"  # likewise, for the feeds that it lists, and the pages of their teasers
CAPTURED_DETAILS = ("publication", "title", "authors", "url", "date")  # of a page, as it says itself
_DIGITS = re.compile(r"#[\da-f]{6}$")


@dataclass(frozen=True)
class Captures:
    """The record of each address by its key; `aliases` has the keys of addresses with secrets by their form without them.

    If several have the same form, it stands for none of them.
    """

    records: dict[str, dict[str, Any]]
    aliases: dict[str, str]

    def record_of(self, address: str) -> dict[str, Any]:
        """The record of an address; empty if it was not captured. An address in a captured file may lack its secrets."""
        return self.records.get(address_key(address)) or self.records.get(self.aliases.get(address, ""), {})

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is known of each captured page, once for every address that leads to it: as asked for, as answered, as it says."""
        return tuple(
            replace(source, url=address)
            for key, record in self.records.items()
            if (source := _source_of(record))
            for address in dict.fromkeys((_DIGITS.sub("", key), str(record.get("final") or ""), source.url))
            if outside_address(address)
        )

    def file_of(self, address: str) -> str:
        """The file that was captured from an address; empty if there is none."""
        return str(self.record_of(address).get("file") or "")


def digits_of(address: str) -> str:
    """Six hex digits that tell addresses apart: of SHA-256."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def address_key(address: str) -> str:
    """An address as the index has it."""
    shown = without_secrets(address)
    return shown if shown == address else f"{shown}#{digits_of(address)}"


@lru_cache(maxsize=8)
def captures_in(index: bytes | None) -> Captures:
    """The captures that an index lists; none if it is missing or broken."""
    try:
        values = json.loads(index or b"{}")
    except (ValueError, RecursionError):
        values = {}
    listed = values if isinstance(values, dict) else {}
    records = {address_key(address): record for address, record in listed.items() if isinstance(record, dict)}
    aliases: dict[str, str] = {}
    for key in filter(_DIGITS.search, records):
        shown = _DIGITS.sub("", key)
        aliases[shown] = "" if shown in aliases else key
    return Captures(records, aliases)


def _source_of(record: dict[str, Any]) -> Source:
    """What a record says of its page; what is of another type is as unknown as what is missing."""
    details = record.get("source")
    stated, _ = from_mapping({"source": {**details, "accessed": record.get("accessed")} if isinstance(details, dict) else None})
    source = with_written_addresses(stated)[0].source
    return source if source.title else Source()
