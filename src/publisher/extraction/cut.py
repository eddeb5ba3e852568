"""The page's own tree without what was not chosen: texts are blanked, what is then empty goes, pictures stay by their place."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.extraction.choice import TEASER, UNTAKEN, Choice
from publisher.extraction.clutter import CLUTTER, CLUTTER_TAGS, ORNAMENT
from publisher.extraction.text_blocks import is_hidden
from publisher.input.html_elements import Element, ancestors, class_and_id

_OF_FORMS = frozenset({"label", "option", "datalist"})  # their words are no leaves
_TEASERS = frozenset({"li", "article"})
_SMALL = 32  # pixels: icons and counters, no pictures


def cut(box: Element, choices: Sequence[Choice]) -> list[tuple[str, str]]:
    """Cuts `box` to what was chosen; what went, as pairs of rule and words."""
    kept_elements, torn = _shelter(choices), _torn(choices)
    removed = []
    for one in choices:
        if not one.kept:
            removed.append((one.cut_rule, one.leaf.text))
            for element, behind in one.leaf.slots:
                if behind:
                    element.tail = " "
                else:
                    element.text = " "
    order = {element: number for number, element in enumerate(box.iter())}
    span = [order[one.leaf.element] for one in choices if one.kept and one.leaf.element in order]
    first, last = (min(span), max(span)) if span else (0, 0)
    for element in reversed(list(box.iter())):
        lost = element.tag == "img" and any(one in torn for one in element.iterancestors())
        if element is not box and (lost or not _stays(element, box, kept_elements, order.get(element, 0), first, last)):
            _drop(element)
    return removed


def _shelter(choices: Sequence[Choice]) -> set[Element]:
    """The elements that hold kept text."""
    return {element for one in choices if one.kept for element in (one.leaf.element, *one.leaf.element.iterancestors())}


def _torn(choices: Sequence[Choice]) -> set[Element]:
    """Items and teasers that lead away and of which every text was cut: their pictures go with them."""
    whole: set[Element] = set()
    torn: set[Element] = set()
    for one in choices:
        around = {element for element in (one.leaf.element, *one.leaf.element.iterancestors()) if element.tag in _TEASERS}
        if one.kept:
            whole |= around
        elif one.cut_rule in (TEASER, UNTAKEN):
            torn |= around
    return torn - whole


def _stays(element: Element, box: Element, sheltered: set[Element], place: int, first: int, last: int) -> bool:
    if not isinstance(element.tag, str) or element.tag in _OF_FORMS:
        return False
    if element.tag == "img":
        return _is_shown(element, box) and place <= last + 12 and not _is_ornament(element)
    if element.tag in ("hr", "br", "wbr", "col", "colgroup"):
        return True
    if element.tag in ("td", "th", "tr"):
        return any(one in sheltered for one in element.iterancestors("table"))
    if element.tag in ("iframe", "video", "audio", "embed", "object", "math"):
        return first <= place <= last + 12 and _is_shown(element, box)
    return (
        bool((element.text or "").strip())
        or len(element) > 0
        or bool(element.get("id") and (element in sheltered or element.getparent() in sheltered))
    )


def _is_shown(element: Element, box: Element) -> bool:
    around = list(ancestors(element, box))
    return not any(one.tag in CLUTTER_TAGS or CLUTTER.search(class_and_id(one)) or is_hidden(one) for one in around)


def _is_ornament(image: Element) -> bool:
    sizes = [str(image.get(side, "")).removesuffix("px") for side in ("width", "height")]
    small = any(size.isdigit() and int(size) <= _SMALL for size in sizes)
    return small or not image.get("src") or bool(ORNAMENT.search(class_and_id(image)))


def _drop(element: Element) -> None:
    """Takes an element out; the text behind it stays."""
    parent, tail = element.getparent(), element.tail
    if parent is None:
        return
    before = element.getprevious()
    if tail:
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)
