"""What a manuscript holds: its texts with their places, and how many images, tables, notes and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from publisher.input.formats import inventory_for
from publisher.input.manuscript import Manuscript
from publisher.model.public_addresses import text_without_secrets
from publisher.text.word_count import counted_words


@dataclass(frozen=True)
class Passage:
    """A text that stands together in a manuscript, and where: a line, a part of an archive or of a mail.

    `is_prose`: it is running text of a web page, ten words or more and no list of links.
    """

    place: str
    text: str
    is_prose: bool = False


@dataclass
class Inventory:
    """Passages in the order of the manuscript, places of the images, and counts.

    `titles` are texts that name the manuscript apart from its text, such as the subject of a mail. The text may have the same
    words once more, so they only have to be found somewhere.
    `is_page`: it is of a saved web page, whose larger part is not the article. `alternative_prose` is running text that the page
    does not show by itself. `has_list_numbers`: it is of plain text, where the numbers of lists are words.
    """

    passages: list[Passage] = field(default_factory=list)
    titles: list[Passage] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    tables: int = 0
    notes: int = 0
    links: int = 0
    is_page: bool = False
    has_list_numbers: bool = False
    alternative_prose: list[str] = field(default_factory=list)

    def add(self, place: str, text: str, *, prose: bool = False) -> None:
        """Adds a text; secrets of the addresses in it do not count, for no article and no message has them."""
        if text and not text.isspace():
            self.passages.append(Passage(place, _public(text), prose))

    def add_title(self, place: str, text: str) -> None:
        if text and not text.isspace():
            self.titles.append(Passage(place, _public(text)))

    def add_forms(self, forms: Sequence[Inventory]) -> None:
        """Adds forms of one text: the form with the most words, and the words that only the others have."""
        first, *others = sorted(forms, key=lambda form: sum(len(passage.text.split()) for passage in form.passages), reverse=True)
        self.passages += first.passages
        known = Counter(word for passage in first.passages for word in counted_words(passage.text))
        for form in others:
            rest, form_words = Counter(known), Counter[str]()
            for passage in form.passages:
                words = Counter(counted_words(passage.text))
                self.add(passage.place, " ".join((words - rest).elements()))
                rest -= words
                form_words += words
            known |= form_words
        for form in forms:
            self.titles += form.titles
        self.images += max(forms, key=lambda form: len(form.images)).images
        self.tables += max(form.tables for form in forms)
        self.links += max(form.links for form in forms)


def inventory_of(manuscript: Manuscript) -> Inventory | None:
    """The inventory of a manuscript; None for a format of a plug-in that has none. Raises PublisherError if a part is broken."""
    count: Callable[[Manuscript], Inventory] | None = inventory_for(manuscript.path.name, manuscript.data)
    return count(manuscript) if count is not None else None


def _public(text: str) -> str:
    return text_without_secrets(text) if "//" in text else text
