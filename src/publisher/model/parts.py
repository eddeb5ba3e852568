"""What an article carries beside its tree, as plain data: files that it shows, sources that it cites, what was removed."""

from __future__ import annotations

from dataclasses import dataclass, field

from publisher.model.sources import Source

SMALL_WIDTH = 300  # CSS pixels: a narrower image would be coarse if it were as wide as a column (160 mm: 48 dpi)


@dataclass(frozen=True)
class Resource:
    """A file an article shows; `name` is its path in the outputs, sizes are in CSS pixels (0: unknown)."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Citation:
    """A source as one article cites it: under a note's number, or (0) inside an author's note or figure."""

    note: int
    source: Source


BYLINE_TO_HEADER = "byline or date, now in the header"
NOTE_TO_EDITORS = "advisory, now in the metadata"


@dataclass(frozen=True)
class Removal:
    """What a reader or a pass took out, by which rule; nothing goes without a record.

    `place` is where it stood, such as a line or a part of an archive, where that is known; `images` is their number.
    """

    rule: str
    words: str
    place: str = ""
    images: int = 0
