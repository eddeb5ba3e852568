"""A source: where a statement or an article first appeared, who answers for it, and how sure each detail is."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from publisher.model.addresses import bare_doi, canonical_address, doi_of
from publisher.model.public_addresses import text_without_secrets, without_secrets

# How sure a detail is that nobody stated, from 0 to 1.
FROM_TITLE_ATTRIBUTE, FROM_NOTE, FROM_LINK_WORDS, FROM_SITE_NAME, FROM_HOST = 0.8, 0.6, 0.5, 0.8, 0.3

_ARCHIVE_DAY = re.compile(r"/(\d{4})(\d\d)(\d\d)\d{6}(?:[a-z_]*)/")
_PUBLIC_FORMS = ((("url", "archived"), without_secrets), (("citation", "item"), text_without_secrets), (("doi",), bare_doi))


@dataclass(frozen=True)
class Source:
    """One source; empty means not known. Its addresses are without secrets, its DOI is bare, wherever they come from.

    `citation` is how an author wrote it out in a note. `descriptor` says what kind of source it is and how good, `credibility`
    how far it is to be believed, `ai_use` what was written by a machine (ICS 206-01, source descriptors). `key` is its name in a
    citation library, `item` its entry there as CSL-JSON. `guesses` has each detail that nobody stated, with its confidence.
    """

    publication: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    date: datetime.date | None = None
    accessed: datetime.date | None = None
    archived: str = ""
    archived_date: datetime.date | None = None
    doi: str = ""
    license: str = ""
    citation: str = ""
    descriptor: str = ""
    credibility: str = ""
    ai_use: str = ""
    key: str = ""
    item: str = ""
    guesses: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        for names, public in _PUBLIC_FORMS:
            for name in names:
                value = getattr(self, name)
                if value and (shown := public(value)) != value:
                    object.__setattr__(self, name, shown)

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    @cached_property
    def identifier(self) -> str:
        """`s-` and ten hex digits. The same in notes, in the list of sources, in the e-book and in later editions.

        It is made of the DOI, else of the canonical address, else of the key, else of what is known.
        """
        canonical = canonical_address(self.url) if self.url else ""
        doi = self.doi.lower() or doi_of(unquote(canonical))
        address = f"doi:{doi}" if doi else canonical
        identity = (
            address or self.key or "\x1f".join((self.publication, self.title, *self.authors, str(self.date), self.citation))
        )
        return "s-" + hashlib.sha256(identity.encode()).hexdigest()[:10]

    @property
    def archived_on(self) -> datetime.date | None:
        """The day of the archived copy: as stated, else as its address has it (`…/20260317101500/…`, Memento archives)."""
        digits = _ARCHIVE_DAY.search(self.archived)
        try:
            stated = datetime.date(int(digits[1]), int(digits[2]), int(digits[3])) if digits else None
        except ValueError:
            stated = None
        return self.archived_date or stated

    @property
    def sort_key(self) -> tuple[str, ...]:
        """By author, else by title, else by publication or site; without marks, accents and the difference of capitals."""
        name = self.authors[0] if self.authors else ""
        family = name.rpartition(" ")[2] if " " in name and "," not in name else name
        texts = (family or self.citation or self.title or self.publication, name, self.title, str(self.date or ""), self.url)
        return tuple(_bare(text) for text in texts)

    @property
    def is_described(self) -> bool:
        """Whether more is known than an address."""
        is_host = dict(self.guesses).get("publication") == FROM_HOST
        return bool(self.title or self.authors or self.citation or self.item or (self.publication and not is_host))

    def confidence(self, name: str) -> float:
        """How sure a detail is: 0 if it is not known, 1 if it was stated."""
        return dict(self.guesses).get(name, 1.0) if getattr(self, name) else 0.0

    def merged(self, other: Source) -> Source:
        """This source with the details of `other` that are surer than its own."""
        return merged_source((self, other))


def _bare(text: str) -> str:
    letters = (char for char in unicodedata.normalize("NFD", text.casefold()) if unicodedata.category(char)[0] != "M")
    return " ".join(re.sub(r"[\W_]+", " ", "".join(letters)).split())


_DETAILS = tuple(field.name for field in fields(Source) if field.name != "guesses")


def merged_source(sources: Iterable[Source]) -> Source:
    """All that several records know of one source: of each detail the surest, of two stated ones the first.

    Of two guesses of the same confidence the longer is taken, then the first by the alphabet: the order of articles does not
    count.
    """
    records = list(filter(None, sources))
    if len(records) < 2:
        return records[0] if records else Source()
    values: dict[str, Any] = {}
    guesses = []
    for name in _DETAILS:
        knowing = [record for record in records if getattr(record, name)]
        if knowing:
            best = knowing[0] if len(knowing) == 1 else max(knowing, key=lambda record: _rank(record, name))
            values[name] = getattr(best, name)
            if best.confidence(name) < 1:
                guesses.append((name, best.confidence(name)))
    return Source(**values, guesses=tuple(guesses))


def _rank(record: Source, name: str) -> tuple[float, int, list[int]]:
    confidence, text = record.confidence(name), str(getattr(record, name))
    return (confidence, 0, []) if confidence == 1 else (confidence, len(text), [-ord(char) for char in text])
