"""The words of articles on the pages of a PDF, read by its structure: whether they are all there, and what else is.

As in the parity of a build (writers/parity.py) words are compared in order within each block. Letters and digits alone count:
lines end where the page wants it, and capitals and other forms of a letter are the theme's affair. Of blocks in scripts that run
from right to left only the number of each letter is compared: readers of PDFs disagree about their order.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from publisher.model.markup import xml_root
from publisher.release.pdf_text import Part
from publisher.text.languages import words_for
from publisher.writers.parity import IMAGE, REFERENCE, content_of, plain

_GENERATED = ("Reference", "Figure", "Formula")  # types whose words are not compared: numbers of notes, images
_LABEL = "Lbl"  # numbers of notes and lists, but also terms that are defined
_FEW = 8  # words that a message names
_MOST_PIECES, _LEAST_PIECE = 4, 12  # of a block; letters of a piece
_SHORT = 3  # letters: marks that a theme adds


@dataclass(frozen=True)
class PageWords:
    """The pages of a PDF as words are looked for in them."""

    root: Part

    @cached_property
    def texts(self) -> tuple[str, str]:
        """All text, without labels and with them."""
        return bare(self.root.text((*_GENERATED, _LABEL))), bare(self.root.text(_GENERATED))

    @cached_property
    def letters(self) -> Counter[str]:
        return Counter(self.texts[1])

    def has(self, text: str) -> bool:
        """Whether the words of a block are on the pages."""
        wanted = bare(text)
        if any(wanted in found or _is_in_pieces(wanted, found) for found in self.texts):
            return True
        return _runs_leftward(text) and not Counter(wanted) - self.letters


def bare(text: str) -> str:
    """A text as it is compared: its letters and digits, small, in compatibility form, without marks on them."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, folded))


def _is_in_pieces(wanted: str, text: str) -> bool:
    """Whether a block that a column breaks is there in a few long pieces. A word that was changed leaves a short one, or none."""
    for _ in range(_MOST_PIECES):
        low, high = 0, len(wanted)
        while low < high:  # what begins with a longer piece begins with each shorter one
            middle = (low + high + 1) // 2
            low, high = (middle, high) if wanted[:middle] in text else (low, middle - 1)
        if low < min(_LEAST_PIECE, len(wanted)):
            return False
        wanted = wanted[low:]
        if not wanted:
            return True
    return False


def _runs_leftward(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def blocks_of(xhtml: str) -> list[str]:
    """The texts of the blocks of a normalized article; none if it is not well-formed."""
    try:
        root = xml_root(xhtml)
    except etree.XMLSyntaxError:
        return []
    return [plain(block.text.replace(REFERENCE, "").replace(IMAGE, "")) for block in content_of(root).blocks if block.text]


def missing_words(pages: PageWords, articles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The slug of each article with words that are not on the pages, and the beginning of the first block of them."""
    for slug, xhtml in articles.items():
        block = next((block for block in blocks_of(xhtml) if block and not pages.has(block)), "")
        if block:
            yield slug, beginning(block)


def beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:_FEW]) + (" …" if len(words) > _FEW else "")


def added_words(pages: PageWords, articles: Mapping[str, str], languages: Collection[str]) -> Iterator[tuple[int, str]]:
    """Page and beginning of each paragraph or cell of an article on the pages that is in none of the articles.

    Words that publisher prints itself in one of `languages`, such as the heading of notes, are not added.
    """
    own = (word for language in languages for word in words_for(language).values())
    known = bare(" ".join([*(block for xhtml in articles.values() for block in blocks_of(xhtml)), *own]))
    for article in (part for part in pages.root.walk() if part.kind == "Art"):
        for part in article.walk():
            if part.kind in ("P", "TD", "TH", "Code", "H3", "H4", "H5", "H6"):
                text = part.text((*_GENERATED, _LABEL))
                if len(bare(text)) > _SHORT and not _runs_leftward(text) and bare(text) not in known:
                    yield part.page, beginning(" ".join(text.split()))
