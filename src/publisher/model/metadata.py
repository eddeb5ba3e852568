"""The metadata of articles: who wrote an article, when, and where it first appeared."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from publisher.model.addresses import outside_address
from publisher.model.sources import Source


@dataclass(frozen=True)
class Hold:
    """That an article must not be published: the agency's reason (KILL, HOLD, an embargo), and its last day, if known.

    `released` lifts what another record says: the manifest or a sidecar may.
    """

    reason: str = ""
    until: datetime.date | None = None
    released: bool = False

    def in_force(self, day: datetime.date) -> bool:
        """Whether it holds for an edition of that day; its last day is included, since the hour is not known."""
        return not self.released and not (self.until and self.until < day)


@dataclass(frozen=True)
class Metadata:
    """The metadata of one article; empty means not known."""

    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    date: datetime.date | None = None
    dateline: str = ""
    lang: str = ""
    description: str = ""
    summary: str = ""  # a sentence for the front page
    publisher: str = ""
    rights: str = ""
    url: str = ""
    slug: str = ""
    identity: str = ""  # what its source calls it, today and tomorrow: the id of an entry in a feed, a file name in an e-book
    slugline: str = ""  # what an agency calls the story in its newsroom: slug and keyword line
    advisories: tuple[str, ...] = ()  # notes of an agency to editors: embargo, hold, kill, correction
    hold: Hold | None = None
    source: Source = Source()

    def merged(self, other: Metadata) -> Metadata:
        """This metadata, with empty fields filled from `other`. Their sources are merged too."""
        gaps = {field.name: getattr(other, field.name) for field in fields(self) if not getattr(self, field.name)}
        return replace(self, **{**gaps, "source": self.source.merged(other.source)})


def with_written_addresses(metadata: Metadata) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata with its addresses in the form in which an output has them, and those that no output may have."""
    source = metadata.source
    found = {address: outside_address(address) for address in (metadata.url, source.url, source.archived) if address}
    if not found:
        return metadata, ()
    kept = {address: written for address, written in found.items() if written}
    source = replace(source, url=kept.get(source.url, ""), archived=kept.get(source.archived, ""))
    refused = tuple(address for address in found if address not in kept)
    return replace(metadata, url=kept.get(metadata.url, ""), source=source), refused


@dataclass(frozen=True)
class Origin:
    """Where in a manuscript a metadata field was found, and the confidence (0 to 1). A `guess` is inferred, not stated."""

    field: str
    place: str
    confidence: float
    guess: bool = False


def field_of(key: str) -> str:
    """The field of the metadata that a key of front matter gives; empty if it is another key."""
    name = _ALIASES.get(key, key)
    return name if name in Metadata.__dataclass_fields__ else ""


def from_mapping(values: Mapping[str, Any]) -> tuple[Metadata, dict[str, str]]:
    """The metadata in a manuscript's front matter, under common names of keys, and the problems by key.

    Keys that are not metadata are ignored. A value of the wrong type is left out and is one of the problems.
    """
    problems: dict[str, str] = {}
    items = {_ALIASES.get(key, key): (key, value) for key, value in values.items() if value is not None}
    metadata_values: dict[str, Any] = {}
    for field in fields(Metadata):
        if field.name in items:
            key, value = items[field.name]
            try:
                metadata_values[field.name] = _source_from(value) if field.name == "source" else _parsed_value(field.name, value)
            except ValueError as error:
                problems[key] = str(error)
    return Metadata(**metadata_values), problems


_ALIASES = {"author": "authors", "language": "lang", "standfirst": "subtitle", "deck": "subtitle", "abstract": "description"}


def _source_from(value: Any) -> Source:
    if not isinstance(value, Mapping):
        raise ValueError("not a table")
    items = {_ALIASES.get(key, key): item for key, item in value.items()}
    names = [field.name for field in fields(Source) if field.name != "guesses" and items.get(field.name) is not None]
    return Source(**{name: _parsed_value(name, items[name]) for name in names})


def _parsed_value(name: str, value: Any) -> Any:
    if name in ("date", "accessed", "archived_date"):
        return _day_from(value)
    if name == "hold":
        return Hold(reason="hold", released=value is False)
    if name == "authors":
        return tuple(_name_from(author) for author in (value if isinstance(value, list) else [value]))
    if isinstance(value, (str, int, float, datetime.date)):
        return str(value).strip()
    raise ValueError("not text")


def _name_from(value: Any) -> str:
    name = value.get("name") if isinstance(value, Mapping) else value
    if not isinstance(name, str) or not name.strip():
        raise ValueError("not a name")
    return name.strip()


def _day_from(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise ValueError("not a date of the form YYYY-MM-DD") from None


def day(text: str) -> datetime.date | None:
    """The day at the start of an ISO date or time; None without a date, and for the year 1, which programs write for no date."""
    try:
        found = _day_from(text)
    except ValueError:
        return None
    return found if found.year > 1 else None
