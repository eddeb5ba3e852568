"""What a manuscript holds: its texts with their places, and how many images, tables, notes and links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of


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


_INVENTORIES = {  # by the kinds of sniffing.kind_of
    ".txt": "text_inventory:of_wire_copy",
    ".md": "text_inventory:of_markdown",
    ".markdown": "text_inventory:of_markdown",
    ".rst": "text_inventory:of_restructured_text",
    ".html": "page_inventory:of_page",
    ".htm": "page_inventory:of_page",
    ".xhtml": "page_inventory:of_page",
    ".mhtml": "mail_inventory:of_saved_page",
    ".mht": "mail_inventory:of_saved_page",
    ".eml": "mail_inventory:of_mail",
    ".msg": "mail_inventory:of_outlook_mail",
    ".mbox": "mail_inventory:of_mailbox",
    ".rss": "feed_inventory:of_feed",
    ".atom": "feed_inventory:of_feed",
    ".jsonfeed": "feed_inventory:of_json_feed",
    ".opml": "feed_inventory:of_outlines",
    ".ninjs": "agency_inventory:of_ninjs",
    ".nitf": "agency_inventory:of_nitf",
    ".newsml": "agency_inventory:of_newsml",
    ".docx": "office_inventory:of_word",
    ".odt": "office_inventory:of_opendocument",
    ".epub": "book_inventory:of_book",
    ".ipynb": "notebook_inventory:of_notebook",
}


def inventory_of(manuscript: Manuscript) -> Inventory | None:
    """The inventory of a manuscript; None for a format that only a plug-in reads."""
    target = _INVENTORIES.get(kind_of(manuscript.path.name, manuscript.data))
    if target is None:
        return None
    module, _, name = target.partition(":")
    count: Callable[[Manuscript], Inventory] = getattr(import_module(f"publisher.ledger.{module}"), name)
    return count(manuscript)
