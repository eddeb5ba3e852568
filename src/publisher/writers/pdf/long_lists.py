"""Long lists, of contents or of sources, are laid out in parts: an edition of 2,000 articles has a hundred pages of them.

A layout takes some megabytes of memory for a page until all its pages are written. A part ends where a page begins with an item
of the list, and the next part begins with this item. Only lists that the shipped templates mark are divided: what a theme of
its own does with a list may depend on all items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from publisher.writers.pdf.job import Job
from publisher.writers.themes import Theme, text_of

_MOST = 300  # items that are laid out together: some fifty megabytes
_FEW = 10  # items: a page before so few may have been set with room for what ends the list
_LIST, _DIVIDED = "data-list", "divided"  # the mark of a list in the templates; its value in the markup of a part
# What a box has not where it goes on at the top of a page (CSS Fragmentation 3, 5.4), and what an item has not there.
_CONTINUED = "margin-top: 0; border-top: none; padding-top: 0"
_FIRST = "margin-top: 0"
_HIDDEN = "display: none"
_ABOVE = 3  # items above the first of a part that are kept, hidden
_BY_POSITION = re.compile(r"counter|:nth-|:last-|:only-|:first-of-")  # rules whose effect depends on all items


class Place(NamedTuple):
    """Where a part ends: how many pages are full, and how many items of the list are on them."""

    pages: int
    items: int


@dataclass(frozen=True)
class ListPart:
    """The first part of a job with a long list: `job` is to be laid out; `side` of the articles (before or after) is the list."""

    job: Job
    whole: Job
    side: str
    path: tuple[Element, ...]

    def end(self, document: Any) -> Place | None:
        """Where the part ends in its layout, a weasyprint.Document; None if no page begins with an item, and it cannot end.

        Where left and right pages differ, it ends with a left page: the next part begins with a right page, as every layout does.
        """
        pages = list(_items_of_pages(document))
        last, step = max(set().union(*pages), default=0), 2 if self.job.theme.settings.recto else 1
        for number in range((len(pages) - 1) // step * step, 0, -step):
            above, items = pages[number - 1], pages[number]
            if above and items and max(above) < min(items) <= last - _FEW:
                return Place(number, min(items))
        return None

    def rest(self, items: int) -> Job:
        """What follows when so many items are set."""
        xhtml = _markup(self.path, items)
        if self.side == "before":
            return replace(self.whole, kind="sheet", before=xhtml)
        return replace(self.whole, kind="closing", pieces=(), before="", below_headline="", after=xhtml)


def first_part(job: Job) -> ListPart | None:
    """The first part of a job; None if it has no long list, and is laid out whole."""
    if path := _long_list(job.before, job.theme):
        part = replace(job, pieces=(), below_headline="", before=_markup(path, 0, _MOST), after="")
        return ListPart(part, job, "before", path)
    if path := _long_list(job.after, job.theme):
        return ListPart(replace(job, after=_markup(path, 0, _MOST)), job, "after", path)
    return None


def _long_list(xhtml: str, theme: Theme) -> tuple[Element, ...]:
    """The list of a fragment, below those around it; empty if it has none that is long, or that may be divided."""
    if xhtml.count("</") <= _MOST or not _may_be_divided(theme):
        return ()
    try:
        root = ElementTree.fromstring(f"<div>{xhtml}</div>")
    except ElementTree.ParseError:  # the engine reports it
        return ()
    return next((path for path in _paths((root,)) if _LIST in path[-1].attrib and len(path[-1]) > _MOST), ())


@cache
def _may_be_divided(theme: Theme) -> bool:
    """Whether lists have the shipped templates, and no style sheet of a theme of its own counts their items."""
    if any((folder / "templates").is_dir() for folder in theme.own_folders):
        return False
    return not any(_BY_POSITION.search(text_of(path)) for folder in theme.own_folders for path in folder.glob("*.css"))


def _paths(path: tuple[Element, ...]) -> Iterator[tuple[Element, ...]]:
    yield path
    for child in path[-1]:
        if len(child):
            yield from _paths((*path, child))


def _markup(path: Sequence[Element], start: int, end: int | None = None) -> str:
    """The fragment with these items of its list; what is before the list goes with the first item, what follows with the last."""
    root = _with_items(path, start, end)
    return (root.text or "") + "".join(ElementTree.tostring(child, encoding="unicode") for child in root)


def _with_items(path: Sequence[Element], start: int, end: int | None) -> Element:
    """A copy of the first element of a path; its list has only these items.

    Where it goes on, what stands before is empty and hidden: the rules of a theme may ask for it (`p + p`, `:first-child`).
    """
    element, *inner = path
    part, children = Element(element.tag, element.attrib), list(element)
    if inner:
        index = children.index(inner[0])
        above, kept, below = children[:index], [_with_items(inner, start, end)], children[index + 1 :]
    else:
        part.set(_LIST, "" if end is None else _DIVIDED)
        above, kept, below = children[:start], children[start:end], []
    if start:
        part.attrib.pop("id", None)
        _add_style(part, _CONTINUED)
        above = [_hidden(child) for child in above[-_ABOVE:]]
        kept = kept if inner else [_at_top(kept[0]), *kept[1:]]
    else:
        part.text = element.text
    if inner and end is None:
        kept[0].tail = inner[0].tail
    part.extend([*above, *kept, *(below if end is None else [])])
    return part


def _at_top(item: Element) -> Element:
    copy = Element(item.tag, item.attrib)
    copy.text, copy.tail = item.text, item.tail
    copy.extend(item)
    _add_style(copy, _FIRST)
    return copy


def _add_style(element: Element, style: str) -> None:
    element.set("style", "; ".join(filter(None, [element.get("style"), style])))


def _hidden(element: Element) -> Element:
    hidden = Element(element.tag, {name: value for name, value in element.attrib.items() if name != "id"})
    hidden.set("style", _HIDDEN)
    return hidden


def _items_of_pages(document: Any) -> Iterator[set[int]]:
    """The items of the list that are on each page, at least with a part, by their numbers."""
    (page, *_) = document.pages
    root = page._page_box.children[0].element
    numbers = {id(item): number for part in root.iter() if part.get(_LIST) == _DIVIDED for number, item in enumerate(part)}
    for page in document.pages:
        found = (numbers.get(id(box.element)) for box in page._page_box.descendants())
        yield {number for number in found if number is not None}
