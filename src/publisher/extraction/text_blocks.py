"""The text blocks of a page: the units that the extractors vote on and that are kept or removed as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from publisher.extraction.clutter import UNSEEN
from publisher.input.html_elements import Element, ancestors, class_and_id, words_of
from publisher.model import vocabulary

_NO_TEXT = (vocabulary.DROPPED - {"math"}) | {"head", "title", "option", "label", "source", "track", "param", "area", "datalist"}
# Letters of a formula: the text around them is one block with them.
_FORMULA_TAGS = frozenset(
    re.findall(
        r"[\w-]+",
        "math semantics annotation annotation-xml mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom"
        " mfenced menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd"
        " mlabeledtr maction",
    )
)
_INLINE_TAGS = (
    _FORMULA_TAGS | vocabulary.INLINES | {"font", "time", "tt", "big", "strike", "acronym", "picture", "nobr", "o:p", "bdo"}
)
_PROSE_LENGTH = 10  # words from which on a text block is running text
_MOST_LINKED = 0.5  # share of the words in links from which on a text block is a list of links
_WRAPPER_SHARE = 0.5  # of the running text: an element with more holds the article
_EDIT_TAGS = frozenset({"a", "span", "small", "sup", "div"})
# MediaWiki (also `veaction`), MoinMoin and Trac: `action=edit`; Redmine: the page `edit` with the number of a section.
_EDIT_ADDRESS = re.compile(r"[?&]\w*action=edit(?=[&#]|$)|/edit\?(?:.*&)?section=")
_LONGEST_EDIT_LINK = 6  # words: "[edit | edit source]"
_MOST_IN_EDIT_LINK = 12  # elements
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(eq=False)
class TextBlock:
    """The text that stands directly in a block element: at its start, or behind a block element inside it.

    `slots` are the places of its pieces: an element, and True if the piece is the tail of the element. `linked` counts the words
    in links.
    """

    element: Element
    slots: list[tuple[Element, bool]] = field(default_factory=list)
    text: str = ""
    words: tuple[str, ...] = ()
    linked: int = 0

    @property
    def link_share(self) -> float:
        return self.linked / max(1, len(self.words))

    @property
    def is_prose(self) -> bool:
        """Whether the block is running text: several words, most of them not in links."""
        return len(self.words) >= _PROSE_LENGTH and self.link_share < _MOST_LINKED


def text_blocks(root: Element) -> list[TextBlock]:
    """The text blocks of a page that have words, in order, without the text that is not shown."""
    blocks: list[TextBlock] = []
    _collect(root, TextBlock(root), False, blocks)
    result = []
    for block in blocks:
        block.text = " ".join("".join(_piece(slot) for slot in block.slots).split())
        block.words = words_of(block.text)
        if block.text:
            result.append(block)
    return result


def has_text(root: Element) -> bool:
    """Whether an element has a text block with words."""
    if not isinstance(root.tag, str) or root.tag in _NO_TEXT or is_hidden(root):
        return False
    if root.text and not root.text.isspace():
        return True
    return any((child.tail and not child.tail.isspace()) or has_text(child) for child in root)


def _piece(slot: tuple[Element, bool]) -> str:
    element, is_tail = slot
    text = (element.tail if is_tail else element.text) or ""
    return f" {text}" if is_tail and element.tag == "br" else str(text)


def _collect(element: Element, block: TextBlock, linked: bool, blocks: list[TextBlock]) -> TextBlock:
    """Adds the texts under an element to `block`, or to new ones; returns the block to which the text behind it belongs."""
    if not isinstance(element.tag, str) or element.tag in _NO_TEXT or is_hidden(element):
        return block
    is_block = element.tag not in _INLINE_TAGS
    if is_block:
        block = _new_block(element, blocks)
    linked = linked or (element.tag == "a" and leads_away(element))
    _add_text(block, (element, False), element.text, linked)
    for child in element:
        last = _collect(child, block, linked, blocks)
        if isinstance(child.tag, str) and child.tag not in _INLINE_TAGS:
            block = _new_block(element if is_block else block.element, blocks)
        elif last is not block:  # an inline element that held blocks
            block = _new_block(block.element, blocks)
        _add_text(block, (child, True), child.tail, linked)
    return block


def _new_block(element: Element, blocks: list[TextBlock]) -> TextBlock:
    blocks.append(TextBlock(element))
    return blocks[-1]


def _add_text(block: TextBlock, slot: tuple[Element, bool], text: str | None, linked: bool) -> None:
    if text:
        block.slots.append(slot)
        block.linked += len(words_of(text)) if linked else 0


def wrappers_of(blocks: Iterable[TextBlock], container: Element) -> set[Element]:
    """The elements that hold most of the running text. Whatever their names are, they are not clutter (`post-sidebar-right`)."""
    counts: dict[Element, int] = {}
    prose = [block for block in blocks if block.is_prose]
    for block in prose:
        for element in ancestors(block.element, container):
            counts[element] = counts.get(element, 0) + len(block.words)
    total = sum(len(block.words) for block in prose)
    return {element for element, count in counts.items() if count > _WRAPPER_SHARE * total}


def leads_away(link: Element) -> bool:
    """Whether a link has a target outside its page. Tables of contents and footnote references do not, and are not teasers."""
    target = link.get("href")
    return target is not None and not target.lstrip().startswith("#")


def is_hidden(element: Element) -> bool:
    """Whether the page hides an element. An element with `aria-hidden` that holds an image is still shown."""
    if element.keys():
        names, style = class_and_id(element), element.get("style")
        if element.get("hidden") is not None or (style and _HIDING_STYLE.search(style)) or (names and UNSEEN.search(names)):
            return True
        if element.get("aria-hidden") == "true" and not _shows_image(element):
            return True
    return element.tag in _EDIT_TAGS and _is_edit_link(element)


def _is_edit_link(element: Element) -> bool:
    """Whether an element in a heading, or beside one, is only a link to edit the section ("[edit]")."""
    if element.tag == "a" and not _EDIT_ADDRESS.search(element.get("href") or ""):
        return False
    places = (element.getparent(), element.getprevious(), element.getnext())
    if not any(place is not None and place.tag in vocabulary.HEADINGS for place in places):
        return False
    inside = list(islice(element.iter(), _MOST_IN_EDIT_LINK + 1))
    links = [part for part in inside if part.tag == "a"]
    are_edits = bool(links) and all(_EDIT_ADDRESS.search(link.get("href") or "") for link in links)
    if not are_edits or len(inside) > _MOST_IN_EDIT_LINK:
        return False
    words, linked = (sum(len(words_of("".join(part.itertext()))) for part in parts) for parts in ([element], links))
    return words <= _LONGEST_EDIT_LINK and 2 * linked >= words


def _shows_image(element: Element) -> bool:
    return element.tag in ("img", "picture", "figure") or any(True for _ in element.iter("img"))
