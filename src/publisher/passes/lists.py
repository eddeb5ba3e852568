"""Gives lists the only form that all readers of books and PDF understand: items, and every nested list in an item."""

from __future__ import annotations

from collections.abc import Collection

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from publisher.model.markup import holds, tags
from publisher.model.vocabulary import BLOCKS, TRANSPARENT

_LISTS = ("ul", "ol")


def fix_lists(tree: BeautifulSoup, root: Tag) -> None:
    """Makes items of loose content in lists, and gives a list that stands directly in a list to the item before it.

    Web editors and word processors nest lists in this way (HTML 4.4.5 and 4.4.6 allow only `li`). A list without an item before
    it is put before the list that it begins. A `dl` that does not begin with a term and end with a definition becomes a `ul`.
    """
    for container in tags(root, ("dl",)):
        _wrap_loose(tree, container, "dd", {"dt", "dd"})
        items = container.find_all(("dt", "dd"), recursive=False)
        if items and (items[0].name != "dt" or items[-1].name != "dd"):
            container.name = "ul"
            for item in items:
                item.name = "li"
    for container in tags(root, _LISTS):
        for group in [child for child in container.children if isinstance(child, Tag) and _groups_items(child)]:
            group.unwrap()
        _wrap_loose(tree, container, "li", {"li", *_LISTS})
        _give_lists_to_items(container)


def _groups_items(child: Tag) -> bool:
    """Whether an element only groups lists or items of the list in which it stands."""
    if child.name not in TRANSPARENT:
        return False
    parts = [part for part in child.children if not isinstance(part, NavigableString) or part.strip()]
    return bool(parts) and all(isinstance(part, Tag) and part.name in (*_LISTS, "li") for part in parts)


def _give_lists_to_items(container: Tag) -> None:
    last_item: Tag | None = None
    for child in list(container.children):
        if not isinstance(child, Tag):
            continue
        if child.name in _LISTS and last_item is not None:
            last_item.append(child.extract())
        elif child.name in _LISTS:
            container.insert_before(child.extract())
        elif last_item is not None and container.name == "ul" and _has_only_lists(child):
            last_item.extend(list(child.children))  # in an `ol` the item has a number, which stays
            child.decompose()
        else:
            last_item = child


def _has_only_lists(item: Tag) -> bool:
    """Whether an item has nothing of its own beside a list: it would be a second bullet on the line of the list's first item."""
    parts = [part for part in item.children if not isinstance(part, NavigableString) or part.strip()]
    return bool(parts) and all(isinstance(part, Tag) and part.name in _LISTS for part in parts)


def _wrap_loose(tree: BeautifulSoup, container: Tag, name: str, kept: Collection[str]) -> None:
    """Makes an item of each block, and of each run of text and inline elements, that stands directly in a list."""
    item: Tag | None = None
    for child in list(container.children):
        if isinstance(child, Tag) and child.name in kept:
            item = None
        elif item is not None and not _is_block(child):
            item.append(child.extract())
        elif isinstance(child, Tag) or (isinstance(child, NavigableString) and child.strip()):
            item = child.wrap(tree.new_tag(name))
            item = None if _is_block(child) else item


def _is_block(node: PageElement) -> bool:
    return isinstance(node, Tag) and (node.name in BLOCKS or node.name in TRANSPARENT or holds(node, BLOCKS))
