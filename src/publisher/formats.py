"""The two tables: which reader takes a suffix, which writer makes one. A third party adds a line through an entry point.

Entry points are named by suffix, in the groups `publisher.readers` and `publisher.writers`, and load a function
of the signature shown here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.sniffing import kind_of

if TYPE_CHECKING:
    from publisher.article import Article
    from publisher.manuscript import Manuscript

Read: TypeAlias = "Callable[[Manuscript], tuple[Article, ...]]"

READERS: dict[str, str] = {  # by the suffixes that sniffing.kind_of answers, and those that files have
    ".txt": "publisher.readers.wire:read",
    ".md": "publisher.readers.markdown:read",
    ".markdown": "publisher.readers.markdown:read",
    ".html": "publisher.readers.html:read",
    ".htm": "publisher.readers.html:read",
    ".xhtml": "publisher.readers.html:read",
    ".mhtml": "publisher.readers.mhtml:read",
    ".mht": "publisher.readers.mhtml:read",
    ".rss": "publisher.readers.feed:read",
    ".atom": "publisher.readers.feed:read",
    ".jsonfeed": "publisher.readers.jsonfeed:read",
    ".opml": "publisher.readers.opml:read",
    ".ninjs": "publisher.readers.ninjs:read",
    ".nitf": "publisher.readers.nitf:read",
    ".newsml": "publisher.readers.newsml:read",
    ".docx": "publisher.readers.docx:read",
    ".odt": "publisher.readers.odt:read",
    ".epub": "publisher.readers.epub:read",
    ".eml": "publisher.readers.mail:read",
    ".mbox": "publisher.readers.mail:read_mbox",
    ".rst": "publisher.readers.rst:read",
    ".ipynb": "publisher.readers.notebook:read",
}
GENERIC = (".xml", ".json")  # names that say nothing of what is in them
WRITERS: dict[str, str] = {
    ".pdf": "publisher.writers.pdf:write",
    ".epub": "publisher.writers.epub:write",
}


@cache
def _readers() -> dict[str, str]:
    return {**_plugged("publisher.readers"), **READERS}


@cache
def _writers() -> dict[str, str]:
    return {**_plugged("publisher.writers"), **WRITERS}


def _plugged(group: str) -> dict[str, str]:
    return {point.name: point.value for point in entry_points(group=group)}


def reader_for(name: str, data: bytes) -> Read | None:
    """The reader for a manuscript, by its content and then its name, loaded now; None where nobody reads it."""
    read: Read | None = _load(_readers().get(kind_of(name, data)))
    return read


def surprise(name: str, data: bytes) -> str:
    """What a manuscript is where its content says something else than its name; empty where both agree."""
    kind, suffix = kind_of(name, data), "." + name.rpartition(".")[2].lower()
    agreed = suffix in GENERIC or _readers().get(suffix) == _readers().get(kind)
    return "" if agreed else kind[1:]


def writer_for(suffix: str) -> Any:
    """The writer for an output's suffix, loaded now; None where nobody writes it."""
    return _load(_writers().get(suffix.lower()))


def readable() -> tuple[str, ...]:
    """The suffixes of file names that somebody reads; .xml and .json by what they hold."""
    return (*_readers(), *GENERIC)


def writable() -> tuple[str, ...]:
    return tuple(_writers())


def _load(target: str | None) -> Any:
    if target is None:
        return None
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
