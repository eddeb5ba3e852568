"""Exact parity: the words and links of an article's tree are those of what a writer made of it, in order within each block.

A block is an element that is not inline; its text is what stands in it and in its inline elements. What may differ in any output
is left out: white space is one space; there are no soft hyphens and no places for line breaks (`wbr`). A reference to a note is a
mark, since its number may be counted anew: it is compared by its target, as a link. An image is a mark, and so is a formula in
whatever form; one without alt text only decorates and is left out. What differs in one output alone is in page_parity.py and
book_parity.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from lxml import etree

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic
from publisher.model.vocabulary import INLINES

REFERENCE, IMAGE = "\x01", "\x02"  # marks in a text; XML has no such characters
_MARKS = {REFERENCE: "[reference]", IMAGE: "[image]"}
_INLINES = INLINES | {"math"}
_IGNORED = ("\u00ad", "\u200b")
_MOST_BLOCKS, _MOST_WORDS = 3, 8  # that a message names
_Item = TypeVar("_Item", bound=Hashable)
_HINT = "report this as a bug, and attach the manuscript"


@dataclass(frozen=True)
class Link:
    """A link with words or an image: the number of its element, its target as the tree has it, and its words."""

    number: int
    target: str
    words: str


@dataclass(eq=False)
class Block:
    """A block: the number of its element, its words with one space between them, and its links in order."""

    number: int
    pieces: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def typed(self) -> str:
        """Its text with white space as it was typed."""
        return "".join(self.pieces)

    @property
    def text(self) -> str:
        return plain(self.typed)


@dataclass(frozen=True)
class Content:
    """What a tree says. Elements are numbered in document order, from 0.

    `blocks` are in the order of their starts. `owners` has, for each element whose text is compared, its block, and the mark that
    stands for the element, empty if none does. `ids` are all ids.
    """

    blocks: tuple[Block, ...]
    owners: dict[int, tuple[Block, str]]
    ids: frozenset[str]


def plain(text: str) -> str:
    """A text as it is compared: its words with one space between them."""
    for character in _IGNORED:
        text = text.replace(character, "")
    return " ".join(text.split())


def _nothing(_: Any) -> bool:
    return False


def content_of(root: etree._Element, is_generated: Callable[[Any], bool] = _nothing) -> Content:
    """The words and links under `root`, with namespaces or without, but for the elements that a writer generated."""
    walk = _Walk(is_generated)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            walk.start(element)
        else:
            walk.end(element)
    return Content(tuple(walk.blocks), walk.owners, frozenset(walk.ids))


class _Walk:
    """Goes through a tree, however deep, and collects its content."""

    def __init__(self, is_generated: Callable[[Any], bool]) -> None:
        self.blocks: list[Block] = []
        self.owners: dict[int, tuple[Block, str]] = {}
        self.ids: list[str] = []
        self._is_generated = is_generated
        self._open: list[Block] = []
        self._links: list[tuple[Any, int, int]] = []  # open ones: the element, its number, and the pieces of its block before it
        self._number = -1
        self._left_out: Any = None  # the element whose content is not compared

    def start(self, element: Any) -> None:
        self._number += 1
        if self._left_out is not None:
            return
        name = _local_name(element.tag)
        if name not in _INLINES:
            self._open.append(Block(self._number))
            self.blocks.append(self._open[-1])
        block = self._open[-1]
        if element.keys():
            if identifier := element.get("id"):
                self.ids.append(identifier)
            if name == "a" and element.get("href"):
                self._links.append((element, self._number, len(block.pieces)))
            mark = _mark(name, element)
            if mark is not None or self._is_generated(element):
                self._left_out = element
                if mark:
                    block.pieces.append(mark)
                    self.owners[self._number] = block, mark
                return
        self.owners[self._number] = block, ""
        if name == "br":
            block.pieces.append(" ")
        elif text := element.text:
            block.pieces.append(text)

    def end(self, element: Any) -> None:
        if self._left_out is not None:
            if self._left_out is not element:
                return
            self._left_out = None
        if self._links and self._links[-1][0] is element:
            self._end_link()
        if _local_name(element.tag) not in _INLINES:
            self._open.pop()
            if self._open:
                self._open[-1].pieces.append(" ")
        if self._open and (tail := element.tail):
            self._open[-1].pieces.append(tail)

    def _end_link(self) -> None:
        element, number, before = self._links.pop()
        block = self._open[-1]
        if words := plain("".join(block.pieces[before:])):
            block.links.append(Link(number, element.get("href"), words))


@cache
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _mark(name: str, element: Any) -> str | None:
    """The mark that stands for an element, empty if it is left out; None if its text is compared."""
    if name == "a":
        return REFERENCE if element.get("role") == "doc-noteref" else None
    if name == "img":
        return IMAGE if element.get("alt") else ""
    if name == "math":
        return IMAGE if element.get("alttext") else ""
    return None


@dataclass(frozen=True)
class WordDifference:
    """Where two texts differ: the words that are missing, those too many, or else those that stand in another order."""

    block: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" in “{_some(_words(self.block))}”" if self.block else ""
        if self.moved:
            return f"“{_some(self.moved)}” stands in another order{where}"
        parts = [f"“{_some(self.missing)}” is missing"] if self.missing else []
        parts += [f"“{_some(self.extra)}” is too much"] if self.extra else []
        whole = not self.extra and len(self.missing) == len(_words(self.block))
        return " and ".join(parts) + ("" if whole else where)


def word_difference(expected: str, shown: str) -> WordDifference:
    """What differs between two texts that are not the same, in time proportional to their lengths."""
    wanted, found = differing_parts(_words(expected), _words(shown))
    missing, extra = tuple(surplus(wanted, found)), tuple(surplus(found, wanted))
    return WordDifference(expected or shown, missing, extra, () if missing or extra else tuple(wanted))


def differing_parts(wanted: Sequence[_Item], found: Sequence[_Item]) -> tuple[Sequence[_Item], Sequence[_Item]]:
    """Two sequences without what they begin with and what they end with in common."""
    before = _common(wanted, found)
    wanted, found = wanted[before:], found[before:]
    after = _common(wanted[::-1], found[::-1])
    return wanted[: len(wanted) - after], found[: len(found) - after]


def _common(items: Sequence[_Item], others: Sequence[_Item]) -> int:
    """How many items two sequences begin with in common."""
    pairs = enumerate(zip(items, others, strict=False))
    return next((number for number, (item, other) in pairs if item != other), min(len(items), len(others)))


def _words(text: str) -> list[str]:
    for mark in _MARKS:
        text = text.replace(mark, f" {mark} ")
    return text.split()


def surplus(items: Iterable[_Item], others: Iterable[_Item]) -> Iterator[_Item]:
    """The items that are not among the others, each as often as there are more of it."""
    counts = Counter(others)
    for item in items:
        if counts[item]:
            counts[item] -= 1
        else:
            yield item


def _some(words: Sequence[str]) -> str:
    named = " ".join(_MARKS.get(word, word) for word in words[:_MOST_WORDS])
    return f"{named} …" if len(words) > _MOST_WORDS else named


def parity_diagnostics(slug: str, output: str, words: Sequence[WordDifference], links: Sequence[str]) -> Iterator[Diagnostic]:
    """An error for the words of an article that differ in an output (PDF, EPUB), and one for its links."""
    for code, what, differences in ((Code.WORDS_LOST, "words", words), (Code.LINKS_LOST, "links", links)):
        if differences:
            named = "; ".join(map(str, differences[:_MOST_BLOCKS]))
            others = len(differences) - _MOST_BLOCKS
            more = f"; and {others} more" if others > 0 else ""
            yield Diagnostic(code, f"{what} of {slug} differ in the {output}: {named}{more}", None, _HINT, slugs=(slug,))


def link_difference(words: str, what: str) -> str:
    """A sentence on a link with these words: `what` says where it leads."""
    return f"“{_some(_words(words))}” {what}"
