"""The texts of a page, block by block: what extractors vote on and what is kept or cut as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from publisher.extraction.clutter import UNSEEN
from publisher.input.html_elements import Element, class_and_id, words_of
from publisher.model import vocabulary

_SILENT = (vocabulary.DROPPED - {"math"}) | {"head", "title", "option", "label", "source", "track", "param", "area", "datalist"}
_INLINE = vocabulary.INLINES | {"font", "time", "tt", "big", "strike", "acronym", "picture", "nobr", "o:p", "bdo", "math"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(eq=False)
class TextBlock:
    """The text that stands directly in one block: in the block itself, or behind one of the blocks in it.

    `slots` are its pieces: elements with True where the piece is their tail. `linked` counts the words that are links.
    """

    element: Element
    slots: list[tuple[Element, bool]] = field(default_factory=list)
    text: str = ""
    words: tuple[str, ...] = ()
    linked: int = 0

    @property
    def link_share(self) -> float:
        return self.linked / max(1, len(self.words))


def text_blocks(root: Element) -> list[TextBlock]:
    """Every leaf of a page that has words, in order; what is not shown has none."""
    found: list[TextBlock] = []
    _walk(root, TextBlock(root), False, found)
    result = []
    for leaf in found:
        leaf.text = " ".join("".join(_piece(one) for one in leaf.slots).split())
        leaf.words = words_of(leaf.text)
        if leaf.text:
            result.append(leaf)
    return result


def _piece(slot: tuple[Element, bool]) -> str:
    element, behind = slot
    text = (element.tail if behind else element.text) or ""
    return f" {text}" if behind and element.tag == "br" else str(text)


def _walk(element: Element, leaf: TextBlock, linked: bool, found: list[TextBlock]) -> TextBlock:
    """Adds the texts under an element to `leaf`, or to new ones; the leaf that what follows belongs to."""
    if not isinstance(element.tag, str) or element.tag in _SILENT or is_hidden(element):
        return leaf
    block = element.tag not in _INLINE
    if block:
        leaf = _begun(element, found)
    linked = linked or (element.tag == "a" and leads_away(element))
    _add(leaf, (element, False), element.text, linked)
    for child in element:
        inner = _walk(child, leaf, linked, found)
        if isinstance(child.tag, str) and child.tag not in _INLINE:
            leaf = _begun(element if block else leaf.element, found)
        elif inner is not leaf:  # an inline element that held blocks
            leaf = _begun(leaf.element, found)
        _add(leaf, (child, True), child.tail, linked)
    return leaf


def _begun(element: Element, found: list[TextBlock]) -> TextBlock:
    found.append(TextBlock(element))
    return found[-1]


def _add(leaf: TextBlock, slot: tuple[Element, bool], text: str | None, linked: bool) -> None:
    if text:
        leaf.slots.append(slot)
        leaf.linked += len(words_of(text)) if linked else 0


def leads_away(link: Element) -> bool:
    """Whether a link has a target outside its page: contents and calls of notes are no teasers."""
    target = link.get("href")
    return target is not None and not target.lstrip().startswith("#")


def is_hidden(element: Element) -> bool:
    """Whether a page says that it does not show an element; a formula's text for screen readers is hidden from nobody."""
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") or UNSEEN.search(class_and_id(element)):
        return True
    return bool(element.get("aria-hidden") == "true" and not _shows_picture(element))


def _shows_picture(element: Element) -> bool:
    return element.tag in ("img", "picture", "figure") or any(True for _ in element.iter("img"))
