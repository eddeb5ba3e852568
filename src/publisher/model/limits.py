"""Limits for the size and depth of manuscripts, and for the time to read them; `[limits]` in the manifest changes them.

The keys of the manifest, their bounds and the table in docs/reference.md are generated from this class.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
    seconds: int = _limit(120, "seconds of CPU time to read and normalize one manuscript")
