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

if TYPE_CHECKING:
    from publisher.article import Article
    from publisher.manuscript import Manuscript

Read: TypeAlias = "Callable[[Manuscript], tuple[Article, ...]]"

READERS: dict[str, str] = {
    ".txt": "publisher.readers.wire:read",
    ".md": "publisher.readers.markdown:read",
    ".markdown": "publisher.readers.markdown:read",
    ".html": "publisher.readers.html:read",
    ".htm": "publisher.readers.html:read",
    ".xhtml": "publisher.readers.html:read",
}
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


def reader_for(suffix: str) -> Read | None:
    """The reader for a file name's suffix, loaded now; None where nobody reads it."""
    read: Read | None = _load(_readers().get(suffix.lower()))
    return read


def writer_for(suffix: str) -> Any:
    """The writer for an output's suffix, loaded now; None where nobody writes it."""
    return _load(_writers().get(suffix.lower()))


def readable() -> tuple[str, ...]:
    return tuple(_readers())


def writable() -> tuple[str, ...]:
    return tuple(_writers())


def _load(target: str | None) -> Any:
    if target is None:
        return None
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
