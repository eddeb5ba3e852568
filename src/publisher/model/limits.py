"""How large, deep and dense a manuscript may be: one table, which `[limits]` in the manifest changes (docs/reference.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in megabytes (1,000,000 bytes), depths in nested elements or parts, counts of files or articles, seconds."""

    megabytes: int = 64  # of a manuscript's file
    unpacked_megabytes: int = 256  # of all that an archive (docx, odt, epub) holds
    ratio: int = 200  # of unpacked to packed bytes, above the first megabyte
    files: int = 10_000  # in an archive
    depth: int = 400  # of elements in a page, of parts in a mail
    articles: int = 2_000  # in one manuscript
    seconds: int = 120  # for reading and normalizing one manuscript
