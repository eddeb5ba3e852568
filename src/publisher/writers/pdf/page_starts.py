"""Where each page of a laid-out sheet begins: the element, and how much of its text is on earlier pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from publisher.writers.page_breaks import PageStart, countable_text
from publisher.writers.pdf.page_text import is_generated

_WHOLE_ELEMENTS = {"figure", "table"}  # if a page begins with one of these, the page break goes before the whole element


def page_starts(document: Any) -> tuple[PageStart | None, ...]:
    """The start of each page; None for a page without text or image. Elements are identified by `data-at` (sheet_markup.py)."""
    counts: Counter[Any] = Counter()  # characters on the pages so far, by element
    starts = []
    for page in document.pages:
        first: PageStart | None = None
        earlier = set(counts)  # elements that begin on earlier pages
        for box, ancestors in _content_boxes(page._page_box, earlier):
            if isinstance(box, boxes.TextBox) and not countable_text(box.text):
                continue
            first = first or _page_start(box, ancestors, counts, earlier)
            for element in {outer.element for outer in (box, *ancestors) if outer.element is not None}:
                counts[element] += 0  # adds the element with no characters yet
                if isinstance(box, boxes.TextBox) and (element is box.element or not element.get("data-at")):
                    counts[element] += len(countable_text(box.text))
        starts.append(first)
    return tuple(starts)


def _content_boxes(box: Any, earlier: set[Any], ancestors: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Text and image boxes in reading order, each with the boxes around it, the innermost first.

    Footnotes, list markers, generated content and repeated table heads are left out.
    """
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.FootnoteAreaBox | boxes.MarginBox) or is_generated(child):
            continue
        if getattr(child, "is_header", False) and child.element in earlier:
            continue
        if isinstance(child, boxes.TextBox | boxes.ReplacedBox):
            yield child, (box, *ancestors)
        else:
            yield from _content_boxes(child, earlier, (box, *ancestors))


def _page_start(box: Any, ancestors: tuple[Any, ...], counts: Counter[Any], earlier: set[Any]) -> PageStart | None:
    elements = list(dict.fromkeys(outer.element for outer in (box, *ancestors) if outer.element is not None))
    whole = [
        element for element in elements if element.tag in _WHOLE_ELEMENTS and element not in earlier and element.get("data-at")
    ]
    if whole:
        return PageStart(whole[-1].get("data-at"), -1)
    innermost = next((element for element in elements if element.get("data-at")), None)
    if innermost is not None:
        is_own_text = innermost is box.element and isinstance(box, boxes.TextBox)
        return PageStart(innermost.get("data-at"), counts[innermost] if is_own_text or counts[innermost] else -1)
    identified = next((element for element in elements if element.get("id")), None)
    if identified is not None:
        return PageStart(identified.get("id"), counts[identified])
    href = next((element.get("href") for element in elements if element.get("href")), "")
    return PageStart(f"contents:{href.removeprefix('bind:')}", 0)
