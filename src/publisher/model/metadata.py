"""Who wrote an article, when, and where it first appeared: the words that surround its text."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|igshid)$")


def canonical_url(url: str) -> str:
    """`url` as an identity: host in lower case, default port, fragment and tracking parameters gone.

    Two addresses with one canonical form are one source (DESIGN: sources are identified per edition).
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])]
    return urlunsplit((parts.scheme.lower(), host + port, parts.path.rstrip("/"), urlencode(query), ""))


@dataclass(frozen=True)
class Source:
    """Where a statement or an article first appeared."""

    publication: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    date: datetime.date | None = None
    accessed: datetime.date | None = None
    archived: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def identifier(self) -> str:
        """The same in the notes, the list of sources, the e-book and tomorrow's edition: `s-` and ten hex digits."""
        key = _identity(self.url) or "\x1f".join((self.publication, self.title, *self.authors, str(self.date)))
        return "s-" + hashlib.sha256(key.encode()).hexdigest()[:10]

    def merged(self, other: Source) -> Source:
        """This source, its gaps filled from `other`."""
        return _fill(self, other)


def _identity(url: str) -> str:
    try:
        return canonical_url(url) if url else ""
    except ValueError:  # a port or an IPv6 host that does not parse: the address itself is its identity
        return url


@dataclass(frozen=True)
class Metadata:
    """Everything known about one article; empty means not known."""

    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    date: datetime.date | None = None
    dateline: str = ""
    lang: str = ""
    description: str = ""
    publisher: str = ""
    rights: str = ""
    url: str = ""
    slug: str = ""
    identity: str = ""  # what a feed calls the entry by, so that tomorrow's is known for the same
    advisories: tuple[str, ...] = ()  # what an agency says of the story to editors: embargo, hold, kill, correction
    source: Source = Source()

    def merged(self, other: Metadata) -> Metadata:
        """This metadata, its gaps filled from `other`; their sources are merged the same way."""
        return replace(_fill(self, other), source=self.source.merged(other.source))


@dataclass(frozen=True)
class Origin:
    """Where in a manuscript a field of its metadata is from, and how sure that is (0 to 1); a guess is no statement."""

    field: str
    place: str
    confidence: float
    guess: bool = False


def from_mapping(values: Mapping[str, Any]) -> tuple[Metadata, dict[str, str]]:
    """Metadata from a manuscript's own front matter, under the names the ecosystem uses, and what was wrong by key.

    Keys that are not metadata are ignored; a value of the wrong kind is named in the second part and left out.
    """
    wrong: dict[str, str] = {}
    known = {_ALIASES.get(key, key): (key, value) for key, value in values.items() if value is not None}
    kept: dict[str, Any] = {}
    for field in fields(Metadata):
        if field.name in known:
            key, value = known[field.name]
            try:
                kept[field.name] = _source(value) if field.name == "source" else _value(field.name, value)
            except ValueError as problem:
                wrong[key] = str(problem)
    return Metadata(**kept), wrong


_ALIASES = {"author": "authors", "language": "lang", "standfirst": "subtitle", "deck": "subtitle", "abstract": "description"}


def _source(value: Any) -> Source:
    if not isinstance(value, Mapping):
        raise ValueError("a table was expected")
    known = {_ALIASES.get(key, key): item for key, item in value.items()}
    names = [field.name for field in fields(Source) if known.get(field.name) is not None]
    return Source(**{name: _value(name, known[name]) for name in names})


def _value(name: str, value: Any) -> Any:
    if name in ("date", "accessed"):
        return _day(value)
    if name == "authors":
        return tuple(_name(one) for one in (value if isinstance(value, list) else [value]))
    if isinstance(value, (str, int, float, datetime.date)):
        return str(value).strip()
    raise ValueError("text was expected")


def _name(value: Any) -> str:
    name = value.get("name") if isinstance(value, Mapping) else value
    if not isinstance(name, str) or not name.strip():
        raise ValueError("a name was expected")
    return name.strip()


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise ValueError("a date like 2022-05-10 was expected") from None


def day(text: str) -> datetime.date | None:
    """The day an ISO date or time begins with, or None."""
    try:
        return _day(text)
    except ValueError:
        return None


T = TypeVar("T", Source, Metadata)


def _fill(ours: T, theirs: T) -> T:
    gaps = {field.name: getattr(theirs, field.name) for field in fields(ours) if not getattr(ours, field.name)}
    return replace(ours, **gaps)
