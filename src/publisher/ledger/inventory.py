"""What a manuscript holds: its texts with their places, and how many images, tables, notes and links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from publisher.input.formats import INVENTORIES
from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of
from publisher.model.plugins import load


@dataclass(frozen=True)
class Passage:
    """A text that stands together in a manuscript, and where: a line, a part of an archive or of a mail."""

    place: str
    text: str


@dataclass
class Inventory:
    """Passages in the order of the manuscript, places of the images, and counts.

    `titles` are texts that name the manuscript apart from its text, such as the subject of a mail. The text may have the same
    words once more, so they only have to be found somewhere.
    `prose` are the words of running text: of paragraphs that have ten words or more and are no list of links. It is counted for
    web pages, whose larger part is not the article; None for other formats.
    """

    passages: list[Passage] = field(default_factory=list)
    titles: list[Passage] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    tables: int = 0
    notes: int = 0
    links: int = 0
    prose: int | None = None

    def add(self, place: str, text: str) -> None:
        if text and not text.isspace():
            self.passages.append(Passage(place, text))

    def add_title(self, place: str, text: str) -> None:
        if text and not text.isspace():
            self.titles.append(Passage(place, text))


def inventory_of(manuscript: Manuscript) -> Inventory | None:
    """The inventory of a manuscript; None for a format that only a plug-in reads."""
    target = INVENTORIES.get(kind_of(manuscript.path.name, manuscript.data))
    if target is None:
        return None
    count: Callable[[Manuscript], Inventory] = load(target)
    return count(manuscript)
