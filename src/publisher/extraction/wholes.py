"""Kept whole: tables and lists of which a good part stays, captions beside their pictures, notes that the text links to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from publisher.extraction.choice import TEASER, UNTAKEN, Choice
from publisher.extraction.clutter import FACTS
from publisher.extraction.text_blocks import TextBlock
from publisher.input.html_elements import Element, class_and_id
from publisher.model.vocabulary import HEADINGS

_HEADINGS = HEADINGS - {"h1"}
_GOOD_PART = 0.4  # of a table's or a list's words
_UP_TO_PICTURE = 4  # elements from a caption up to the one that holds its picture, too
_UP_TO_LINK = 3  # elements from a text up to the link that it is in, or to the block that is linked to
_BEHIND = 2  # leaves behind the last that stays, where its picture's caption may be
_NOTED = frozenset({"li", "dt", "dd", "p", "td", "h2", "h3", "h4", "h5", "h6"})


def completed(choices: Sequence[Choice]) -> None:
    """Takes back cuts that would tear a thing apart."""
    _captions(choices)
    _tables_and_lists(choices)
    _under_headings(choices)
    _linked(choices)


def _captions(choices: Sequence[Choice]) -> None:
    """A caption that no extractor takes stays where the article's texts stand around it and it has a picture beside it."""
    kept = [index for index, one in enumerate(choices) if one.kept]
    for one in choices[kept[0] : kept[-1] + 1 + _BEHIND] if kept else ():
        loose = not one.certain and one.cut_rule == UNTAKEN and not one.cluttered and one.leaf.link_share < 0.5
        if loose and one.caption and _has_picture(one.leaf.element):
            one.cut_rule = ""


def _has_picture(element: Element) -> bool:
    for _ in range(_UP_TO_PICTURE):
        if next(element.iter("img"), None) is not None:
            return True
        element = element.getparent()
        if element is None or element.tag in ("body", "article"):
            return False
    return False


def _tables_and_lists(choices: Sequence[Choice]) -> None:
    """A table or a list of which a good part stays, stays whole, and so does a box of facts whatever extractors say."""
    groups: dict[Element, list[Choice]] = {}
    for one in choices:
        for element in one.leaf.element.iterancestors("table", "ul", "ol"):
            groups.setdefault(element, []).append(one)
    for group, members in groups.items():
        if any(one is not group for one in group.iter("table")):
            continue  # it arranges a page instead of listing things
        total, kept = (sum(len(one.leaf.words) for one in some) for some in (members, [one for one in members if one.kept]))
        if kept >= _GOOD_PART * total or FACTS.search(class_and_id(group)):
            for one in members:
                spared = one.cut_rule in (UNTAKEN, TEASER) and not one.cluttered
                one.cut_rule = "" if spared or group.tag == "table" else one.cut_rule


def _under_headings(choices: Sequence[Choice]) -> None:
    """A list of links directly under a heading of the article is the section that it heads ("See also")."""
    heading = None
    for one in choices:
        if str(one.leaf.element.tag) in _HEADINGS:
            heading = one if one.kept else None
        elif heading is not None and one.cut_rule in (UNTAKEN, TEASER) and not one.cluttered and one.leaf.element.tag == "li":
            listing = one.leaf.element.getparent()
            if listing is not None and listing.getparent() is heading.leaf.element.getparent():
                one.cut_rule = ""


def _linked(choices: Sequence[Choice]) -> None:
    """What the article's own text links to within the page is a part of it: notes and references."""
    targets = {target for one in choices if one.kept for target in _targets(one.leaf)}
    for one in choices:
        if one.cut_rule in (UNTAKEN, TEASER) and not targets.isdisjoint(_ids(one.leaf.element)):
            one.cut_rule = ""


def _targets(leaf: TextBlock) -> Iterator[str]:
    for element, behind in leaf.slots:
        for link in () if behind else (element, *islice(element.iterancestors(), _UP_TO_LINK)):
            href = link.get("href") or ""
            if link.tag == "a" and href.startswith("#"):
                yield href[1:]


def _ids(element: Element) -> set[str]:
    """The ids of a block, and of the list item or paragraph around it."""
    around = (element, *islice(element.iterancestors(), _UP_TO_LINK))
    return {str(one.get("id")) for one in around if one.get("id") and one.tag in _NOTED}
