"""Restores removed blocks that belong to kept ones: in tables and lists, captions beside images, notes that the text links to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from publisher.extraction.choice import NO_VOTE, TEASER, Choice
from publisher.extraction.clutter import FACTS
from publisher.extraction.text_blocks import TextBlock
from publisher.input.html_elements import Element, class_and_id
from publisher.model.vocabulary import HEADINGS

_SECTION_HEADINGS = HEADINGS - {"h1"}
_MIN_KEPT_SHARE = 0.4  # of the words of a table or a list
_LEVELS_TO_IMAGE = 4  # elements from a caption up to the element that also holds its image
_LEVELS_TO_LINK = 3  # elements from a text up to the link around it, or up to the block that is the target of a link
_BLOCKS_BEHIND = 2  # blocks behind the last kept block that may be the caption of its image
_NOTE_TAGS = frozenset({"div", "aside", "section", "li", "dt", "dd", "p", "td", "h2", "h3", "h4", "h5", "h6"})


def restore_wholes(choices: Sequence[Choice]) -> None:
    """Restores removed blocks where their removal would split a table, a list, a figure or a set of notes."""
    _restore_captions(choices)
    _restore_tables_and_lists(choices)
    _restore_lists_under_headings(choices)
    _restore_link_targets(choices)


def _restore_captions(choices: Sequence[Choice]) -> None:
    """A caption that no extractor takes stays if it stands among the texts of the article and has an image beside it."""
    kept = [index for index, choice in enumerate(choices) if choice.kept]
    for choice in choices[kept[0] : kept[-1] + 1 + _BLOCKS_BEHIND] if kept else ():
        is_undecided = (
            not choice.certain and choice.cut_rule == NO_VOTE and not choice.is_clutter and choice.block.link_share < 0.5
        )
        if is_undecided and choice.is_caption and _has_image(choice.block.element):
            choice.cut_rule = ""


def _has_image(element: Element) -> bool:
    for _ in range(_LEVELS_TO_IMAGE):
        if next(element.iter("img"), None) is not None:
            return True
        element = element.getparent()
        if element is None or element.tag in ("body", "article"):
            return False
    return False


def _restore_tables_and_lists(choices: Sequence[Choice]) -> None:
    """A table or a list stays whole if a large part of it stays. A box of facts stays whole in any case."""
    groups: dict[Element, list[Choice]] = {}
    for choice in choices:
        for element in choice.block.element.iterancestors("table", "ul", "ol"):
            groups.setdefault(element, []).append(choice)
    for group, members in groups.items():
        if any(table is not group for table in group.iter("table")):
            continue  # a layout table: it arranges the page and has no data
        total, kept = (
            sum(len(choice.block.words) for choice in part) for part in (members, [choice for choice in members if choice.kept])
        )
        if kept >= _MIN_KEPT_SHARE * total or FACTS.search(class_and_id(group)):
            for choice in members:
                is_restorable = choice.cut_rule in (NO_VOTE, TEASER) and not choice.is_clutter
                choice.cut_rule = "" if is_restorable or group.tag == "table" else choice.cut_rule


def _restore_lists_under_headings(choices: Sequence[Choice]) -> None:
    """A list of links directly under a kept heading stays: it is the section of that heading ("See also")."""
    heading = None
    for choice in choices:
        if str(choice.block.element.tag) in _SECTION_HEADINGS:
            heading = choice if choice.kept else None
        elif (
            heading is not None
            and choice.cut_rule in (NO_VOTE, TEASER)
            and not choice.is_clutter
            and choice.block.element.tag == "li"
        ):
            listing = choice.block.element.getparent()
            if listing is not None and listing.getparent() is heading.block.element.getparent():
                choice.cut_rule = ""


def _restore_link_targets(choices: Sequence[Choice]) -> None:
    """What the kept text links to within the page stays: notes and references."""
    targets = {target for choice in choices if choice.kept for target in _link_targets(choice.block)}
    for choice in choices:
        if choice.cut_rule in (NO_VOTE, TEASER) and not targets.isdisjoint(_ids(choice.block.element)):
            choice.cut_rule = ""


def _link_targets(block: TextBlock) -> Iterator[str]:
    for element, is_tail in block.slots:
        for link in () if is_tail else (element, *islice(element.iterancestors(), _LEVELS_TO_LINK)):
            href = link.get("href") or ""
            if link.tag == "a" and href.startswith("#"):
                yield href[1:]


def _ids(element: Element) -> set[str]:
    """The ids of a block, and of the list item or paragraph around it."""
    elements = (element, *islice(element.iterancestors(), _LEVELS_TO_LINK))
    return {str(candidate.get("id")) for candidate in elements if candidate.get("id") and candidate.tag in _NOTE_TAGS}
