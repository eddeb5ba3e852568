"""Removes from the page's own tree what was not chosen: first the texts, then the empty elements; images stay by their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.extraction.choice import NO_VOTE, TEASER, Choice
from publisher.extraction.clutter import CLUTTER, CLUTTER_TAGS, ORNAMENT
from publisher.extraction.text_blocks import is_hidden, wrappers_of
from publisher.input.html_elements import Element, ancestors, class_and_id, removal_of
from publisher.model.parts import Removal
from publisher.text.numbers import whole_number

_FORM_TAGS = frozenset({"label", "option", "datalist"})  # their text is in no text block
_TEASER_TAGS = frozenset({"li", "article"})
_LEFTOVER = "not shown by the page, or without a place in the article"
_LEFTOVER_RULES = {"img": "an image that is not of the article", **dict.fromkeys(_FORM_TAGS, "a form")}
_NEAR = 12  # elements behind the last text in which an image or a film still belongs to it
_ICON_SIDE = 32  # pixels: images up to this size are icons and counters


@dataclass(frozen=True)
class _Frame:
    """The kept text in its container: the elements that hold it, and the places of the first and the last in document order."""

    container: Element
    kept_elements: set[Element]
    wrappers: set[Element]
    order: dict[Element, int]
    first: int
    last: int

    @classmethod
    def of(cls, container: Element, choices: Sequence[Choice]) -> _Frame:
        """The frame of what was chosen."""
        kept = [choice.block for choice in choices if choice.kept]
        elements = {element for block in kept for element in (block.element, *block.element.iterancestors())}
        order = {element: number for number, element in enumerate(container.iter())}
        places = [order[block.element] for block in kept if block.element in order]
        first, last = (min(places), max(places)) if places else (0, 0)
        return cls(container, elements, wrappers_of(kept, container), order, first, last)


def cut(container: Element, choices: Sequence[Choice]) -> list[Removal]:
    """Cuts `container` down to what was chosen; returns what was removed."""
    frame, removed_teasers = _Frame.of(container, choices), _removed_teasers(choices)
    removed = []
    for choice in choices:
        if not choice.kept:
            removed.append(Removal(choice.cut_rule, choice.block.text, f"line {choice.block.element.sourceline or 0}"))
            for element, is_tail in choice.block.slots:
                if is_tail:
                    element.tail = " "
                else:
                    element.text = " "
    for element in reversed(list(container.iter())):
        in_teaser = element.tag == "img" and any(ancestor in removed_teasers for ancestor in element.iterancestors())
        if element is not container and (in_teaser or not _is_kept(element, frame)):
            rest = removal_of(_LEFTOVER_RULES.get(element.tag, _LEFTOVER), element) if isinstance(element.tag, str) else None
            removed += [rest] if rest and (rest.words or rest.images) else []
            _remove_element(element)
    return removed


def _removed_teasers(choices: Sequence[Choice]) -> set[Element]:
    """List items and teasers of which every text was removed: their images are removed with them."""
    with_kept_text: set[Element] = set()
    with_cut_text: set[Element] = set()
    for choice in choices:
        teasers = {
            element for element in (choice.block.element, *choice.block.element.iterancestors()) if element.tag in _TEASER_TAGS
        }
        if choice.kept:
            with_kept_text |= teasers
        elif choice.cut_rule in (TEASER, NO_VOTE):
            with_cut_text |= teasers
    return with_cut_text - with_kept_text


def _is_kept(element: Element, frame: _Frame) -> bool:
    if not isinstance(element.tag, str) or element.tag in _FORM_TAGS:
        return False
    place = frame.order.get(element, 0)
    if element.tag == "img":
        return _is_shown(element, frame) and place <= frame.last + _NEAR and not _is_ornament(element)
    if element.tag == "hr":
        return frame.first < place < frame.last and element.getparent() in frame.kept_elements
    if element.tag in ("br", "wbr", "col", "colgroup"):
        return True
    if element.tag in ("td", "th", "tr"):
        return any(table in frame.kept_elements for table in element.iterancestors("table"))
    if element.tag in ("iframe", "video", "audio", "embed", "object", "math"):
        return frame.first <= place <= frame.last + _NEAR and _is_shown(element, frame)
    is_target = bool(element.get("id")) and (element in frame.kept_elements or element.getparent() in frame.kept_elements)
    return bool((element.text or "").strip()) or len(element) > 0 or is_target


def _is_shown(element: Element, frame: _Frame) -> bool:
    return not any(
        ancestor.tag in CLUTTER_TAGS or CLUTTER.search(class_and_id(ancestor)) or is_hidden(ancestor)
        for ancestor in ancestors(element, frame.container)
        if ancestor not in frame.wrappers
    )


def _is_ornament(image: Element) -> bool:
    sizes = [str(image.get(side, "")).removesuffix("px") for side in ("width", "height")]
    is_small = any(whole_number(size, _ICON_SIDE + 1) <= _ICON_SIDE for size in sizes)
    return is_small or not image.get("src") or bool(ORNAMENT.search(class_and_id(image)))


def _remove_element(element: Element) -> None:
    """Removes an element; the text behind it stays, and the white space in it (`<span> </span>` between two words)."""
    space = element.text if element.tag == "span" and len(element) == 0 and (element.text or "").isspace() else None
    parent, tail = element.getparent(), (space or "") + (element.tail or "")
    if parent is None:
        return
    previous = element.getprevious()
    if tail:
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)
