"""An edition: articles in sections in reading order, with one imprint. Writers get it as input."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from publisher.model.clusters import Cluster
from publisher.model.libraries import LibraryEntry
from publisher.model.metadata import Metadata
from publisher.model.parts import Citation, Resource
from publisher.model.sources import Source, merged_source

_ID = re.compile(r' id="([^"]+)"')
_NOTE = re.compile(r'<aside [^>]*role="doc-footnote"')
_GROUPED_NOTES = '<section class="notes compact"'


@dataclass(frozen=True)
class Certifier:
    """Who certifies that the e-book is accessible, with which credential and report (EPUB Accessibility 1.1, 3.5)."""

    name: str
    credential: str = ""
    report: str = ""


@dataclass(frozen=True)
class Imprint:
    """The data of the title block and the colophon; empty means not known."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str = "en"
    date: datetime.date | None = None
    time: datetime.datetime | None = None  # on that day, with its zone
    identifier: str = ""
    publisher: str = ""
    rights: str = ""
    description: str = ""
    lead: str = ""  # what stands on the front page above the contents; an empty line begins a paragraph
    keywords: tuple[str, ...] = ()
    series: str = ""
    number: int | None = None
    certifier: Certifier | None = None
    logo: Resource | None = None
    cover_image: Resource | None = None
    contact: str = ""
    about: str = ""

    @property
    def images(self) -> tuple[Resource, ...]:
        """The logo and the cover image, as far as there are such."""
        return tuple(filter(None, (self.logo, self.cover_image)))

    @property
    def logo_alt(self) -> str:
        """What the logo says to those who cannot see it: the house that it stands for."""
        return self.publisher or self.title


@dataclass(frozen=True)
class Entry:
    """One article of an edition as plain data, with its tree as XHTML, so that it can be sent to other processes.

    `new_ids` has the ids that passes changed, by the id in the manuscript: links from other articles name the latter. `clusters`
    are its citations of a library, by the numbers of their places in the tree; `library` the entries of its own that they cite.
    """

    slug: str
    metadata: Metadata
    xhtml: str = field(repr=False)
    word_count: int
    resources: tuple[Resource, ...] = ()
    citations: tuple[Citation, ...] = ()
    new_ids: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    clusters: tuple[Cluster, ...] = ()
    library: tuple[LibraryEntry, ...] = field(default=(), repr=False)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its elements."""
        return frozenset(_ID.findall(self.xhtml))

    @cached_property
    def note_count(self) -> int:
        """How many notes it has."""
        return len(_NOTE.findall(self.xhtml))

    @cached_property
    def digest(self) -> str:
        """A hash of all its content, 64 hex digits."""
        digest = hashlib.sha256(self.xhtml.encode())
        for resource in self.resources:
            digest.update(hashlib.sha256(resource.data).digest())
        digest.update(repr((self.slug, self.metadata, self.word_count, self.resources, self.citations)).encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Section:
    """Articles under one name. In a volume of several editions, `part` is the title of the section's edition."""

    name: str
    slug: str
    entries: tuple[Entry, ...]
    part: str = ""

    @property
    def title(self) -> str:
        """Its name; in a volume, the name of its part and its name."""
        return " · ".join(filter(None, (self.part, self.name)))


@dataclass(frozen=True)
class Part:
    """The sections of one edition of a volume. The title is empty if the edition is not a volume."""

    title: str
    slug: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Mention:
    """Where a source is cited: the article and the number of the note (0: in none)."""

    slug: str
    headline: str
    note: int


@dataclass(frozen=True)
class CitedSource:
    source: Source
    mentions: tuple[Mention, ...]


def _first_mentions(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The first mention of each article, one with a number if there is one."""
    ordered = sorted(mentions, key=lambda mention: not mention.note)
    first = {mention.slug: mention for mention in reversed(ordered)}
    return tuple(first[slug] for slug in dict.fromkeys(mention.slug for mention in mentions))


@dataclass(frozen=True)
class LeftOut:
    """A manuscript that a build left out because of errors; `held` if the error is that an agency holds it back."""

    name: str
    held: bool = False


@dataclass(frozen=True)
class BibliographyEntry:
    """A source as a citation style lists it: its label, such as `[1]`, and its text, both inline XHTML."""

    identifier: str
    label: str
    html: str


@dataclass(frozen=True)
class Edition:
    """If `standalone`, it is one article by itself: its headline is the title, and there is no title block.

    `manifest` is the manifest's text, or empty. `left_out` are the manuscripts that are missing because of errors. `numbering`
    says where notes begin with 1 (article, edition), `listing` the order of the list of sources (article, name, none).
    `bibliography` are the sources as a style of CSL lists them, in its order, which then is the order of the list.
    """

    imprint: Imprint
    sections: tuple[Section, ...]
    standalone: bool = False
    manifest: str = field(default="", repr=False)
    left_out: tuple[LeftOut, ...] = ()
    numbering: str = "article"
    listing: str = "article"
    bibliography: tuple[BibliographyEntry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for section in self.sections for entry in section.entries)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The editions of a volume; if it is not a volume, one part with all sections and no title."""
        runs = [(title, tuple(sections)) for title, sections in itertools.groupby(self.sections, lambda section: section.part)]
        return tuple(Part(title, f"part-{number}", sections) for number, (title, sections) in enumerate(runs, 1))

    @property
    def headings(self) -> tuple[str, ...]:
        """The titles on a cover: those of the parts of a volume, else those of the sections."""
        groups = self.parts if any(part.title for part in self.parts) else self.sections
        return tuple(group.title for group in groups if group.title)

    @cached_property
    def sources(self) -> tuple[CitedSource, ...]:
        """Every source once, in the order of first mention, with all its mentions."""
        records: dict[str, list[Source]] = {}
        mentions: dict[str, list[Mention]] = {}
        for entry in self.entries:
            for citation in entry.citations:
                key = citation.source.identifier
                records.setdefault(key, []).append(citation.source)
                mentions.setdefault(key, []).append(Mention(entry.slug, entry.metadata.title, citation.note))
        return tuple(CitedSource(merged_source(dict.fromkeys(records[key])), tuple(mentions[key])) for key in records)

    @cached_property
    def listed_sources(self) -> tuple[CitedSource, ...]:
        """The list of sources in its order, with each article among the mentions once.

        One article by itself has no list where it would only repeat the notes: with one source, or with notes grouped by site.
        """
        repeats = self.standalone and (len(self.sources) == 1 or any(_GROUPED_NOTES in entry.xhtml for entry in self.entries))
        if self.listing == "none" or repeats:
            return ()
        listed = [replace(cited, mentions=_first_mentions(cited.mentions)) for cited in self.sources]
        if self.bibliography:
            order = {row.identifier: number for number, row in enumerate(self.bibliography)}
            return tuple(sorted(listed, key=lambda cited: order.get(cited.source.identifier, len(order))))
        return tuple(sorted(listed, key=lambda cited: cited.source.sort_key) if self.listing == "name" else listed)

    @cached_property
    def notes_before(self) -> dict[str, int]:
        """By how many each article's notes are numbered higher than in the article alone; 0 where each begins with 1."""
        counts = [entry.note_count if self.numbering == "edition" else 0 for entry in self.entries]
        return dict(zip((entry.slug for entry in self.entries), itertools.accumulate(counts, initial=0), strict=False))

    @cached_property
    def identifier(self) -> str:
        """The imprint's identifier, else a UUID made from the content (RFC 9562 version 5): equal content, equal identifier."""
        if self.imprint.identifier:
            return self.imprint.identifier
        digest = hashlib.sha256(self.imprint.title.encode())
        for entry in self.entries:
            digest.update(entry.xhtml.encode())
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest.hexdigest())}"

    @property
    def date(self) -> datetime.date | None:
        """The imprint's date, else the date of the newest article, else None."""
        dates = [entry.metadata.date for entry in self.entries if entry.metadata.date]
        return self.imprint.date or max(dates, default=None)


@dataclass(frozen=True)
class Moment:
    """The only time that a build writes into its files: SOURCE_DATE_EPOCH, else the edition's date, else a constant.

    The constant (`known` is false) stands only where a format must have a time, as an EPUB must; it says nothing of the edition.
    """

    time: datetime.datetime
    known: bool = True

    @property
    def pdf(self) -> str:
        return self.time.strftime("D:%Y%m%d%H%M%S+00'00'")

    @property
    def iso(self) -> str:
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")
