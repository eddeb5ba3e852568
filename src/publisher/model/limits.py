"""Limits for the size and depth of manuscripts, and for the time to read them; `[limits]` in the manifest changes them.

The keys of the manifest, their bounds and the table in docs/reference.md are generated from this class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

WORDS_PER_SECOND = 2_500  # of prose, for which typesetting gets a second more: a fifth of what it usually does in a second


def _limit(default: int, meaning: str, *, least: int = 1, most: int | None = None) -> Any:
    return field(default=default, metadata={"meaning": meaning, "least": least, "most": most})


@dataclass(frozen=True)
class Limits:
    """Sizes in megabytes (1,000,000 bytes), depths in nested elements or parts, counts of files or articles, seconds."""

    megabytes: int = _limit(64, "megabytes of a manuscript's file")
    unpacked_megabytes: int = _limit(256, "megabytes of all that an archive (docx, odt, epub) holds")
    ratio: int = _limit(200, "unpacked bytes for each packed byte of an archive, above the first megabyte")
    files: int = _limit(10_000, "files in an archive")
    depth: int = _limit(400, "nested elements in a page, nested parts in a mail", least=10, most=2000)
    elements: int = _limit(1_000_000, "elements in a page or an XML file")
    megapixels: int = _limit(80, "megapixels of an image", most=178)  # Pillow opens no larger one
    articles: int = _limit(2_000, "articles in one manuscript")
    columns: int = _limit(2_000, "columns of a table")
    rows: int = _limit(20_000, "rows of a table")
    spans: int = _limit(100_000, "cells that the spans of a table cover")
    notes: int = _limit(5_000, "notes of an article, those that name sources with them")
    references: int = _limit(20_000, "references to notes in an article")
    word_letters: int = _limit(100_000, "letters of a word, which is what stands between two spaces")
    seconds: int = _limit(9, "seconds of CPU time to read and normalize one manuscript")
    typeset_seconds: int = _limit(
        8,
        f"seconds of CPU time to typeset a sheet of articles; one more for each {WORDS_PER_SECOND:,} words "
        "(a cell counts as 3, an entry of the contents or the list of sources as 60)",
    )
    resident_megabytes: int = _limit(600, "megabytes of memory that reading or typesetting one article may add")


def raise_hint(limit: str) -> str:
    """What to do about an article that is over a limit, given by its key."""
    return f"if you trust the file, raise {limit} under [limits] in the manifest"
