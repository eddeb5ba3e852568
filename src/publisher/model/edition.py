"""An edition: articles in sections, under one imprint, in the order they are read. What writers are given."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from publisher.model.metadata import Metadata, Source

if TYPE_CHECKING:
    from publisher.model.article import Citation, Resource


@dataclass(frozen=True)
class Certifier:
    """Who says that the book is accessible, by what title, and where that is written (EPUB Accessibility 1.1, 3.5)."""

    name: str
    credential: str = ""
    report: str = ""


@dataclass(frozen=True)
class Imprint:
    """What the title block and the colophon say; empty means not said."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str = "en"
    date: datetime.date | None = None
    identifier: str = ""
    publisher: str = ""
    rights: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    series: str = ""
    number: int | None = None
    certifier: Certifier | None = None


@dataclass(frozen=True)
class Entry:
    """One article in its place: plain data, its tree as XHTML, so that it crosses process borders."""

    slug: str
    metadata: Metadata
    xhtml: str = field(repr=False)
    word_count: int
    resources: tuple[Resource, ...] = ()
    citations: tuple[Citation, ...] = ()

    @cached_property
    def digest(self) -> str:
        """A hash of all that is in it, 64 hex digits."""
        digest = hashlib.sha256(self.xhtml.encode())
        for one in self.resources:
            digest.update(hashlib.sha256(one.data).digest())
        digest.update(repr((self.slug, self.metadata, self.word_count, self.resources, self.citations)).encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Section:
    """`part` is the title of the edition it comes from, where several are gathered into a volume."""

    name: str
    slug: str
    entries: tuple[Entry, ...]
    part: str = ""

    @property
    def title(self) -> str:
        """Its name where it stands by itself: in a volume with its part's."""
        return " · ".join(filter(None, (self.part, self.name)))


@dataclass(frozen=True)
class Part:
    """The sections of one edition of a volume; the title is empty where the edition is no volume."""

    title: str
    slug: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Mention:
    """Where a source is cited: the article, and the note's number in it (0: inside an author's note)."""

    slug: str
    headline: str
    note: int


@dataclass(frozen=True)
class CitedSource:
    source: Source
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Edition:
    """`standalone` is one article published by itself: its headline is the title, and there is no title block.

    `manifest` is the text of the manifest it was made from, empty without one.
    """

    imprint: Imprint
    sections: tuple[Section, ...]
    standalone: bool = False
    manifest: str = field(default="", repr=False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for section in self.sections for entry in section.entries)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The editions gathered in a volume; all sections in one part without a title where it is none."""
        runs = [(title, tuple(some)) for title, some in itertools.groupby(self.sections, lambda one: one.part)]
        return tuple(Part(title, f"part-{number}", some) for number, (title, some) in enumerate(runs, 1))

    @property
    def headings(self) -> tuple[str, ...]:
        """What a cover names: the parts of a volume, else the sections."""
        named = self.parts if any(part.title for part in self.parts) else self.sections
        return tuple(one.title for one in named if one.title)

    @cached_property
    def sources(self) -> tuple[CitedSource, ...]:
        """Every source once, in the order of its first mention, with all the places that cite it."""
        cited: dict[str, tuple[Source, list[Mention]]] = {}
        for entry in self.entries:
            for citation in entry.citations:
                key = citation.source.identifier
                known, mentions = cited.get(key, (citation.source, []))
                mentions.append(Mention(entry.slug, entry.metadata.title, citation.note))
                cited[key] = (known.merged(citation.source), mentions)
        return tuple(CitedSource(source, tuple(mentions)) for source, mentions in cited.values())

    @cached_property
    def identifier(self) -> str:
        """The imprint's, else a UUID of the content (RFC 9562 version 5): the same words, the same identifier."""
        if self.imprint.identifier:
            return self.imprint.identifier
        digest = hashlib.sha256(self.imprint.title.encode())
        for entry in self.entries:
            digest.update(entry.xhtml.encode())
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest.hexdigest())}"

    @property
    def date(self) -> datetime.date | None:
        """The imprint's, else the newest article's, else none."""
        dated = [entry.metadata.date for entry in self.entries if entry.metadata.date]
        return self.imprint.date or max(dated, default=None)


@dataclass(frozen=True)
class Moment:
    """The one point in time that a build writes into its files (SOURCE_DATE_EPOCH, else a date, else a fixed one)."""

    when: datetime.datetime

    @property
    def pdf(self) -> str:
        return self.when.strftime("D:%Y%m%d%H%M%S+00'00'")

    @property
    def iso(self) -> str:
        return self.when.strftime("%Y-%m-%dT%H:%M:%SZ")
