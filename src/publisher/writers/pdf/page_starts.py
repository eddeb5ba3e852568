"""Where each page of a laid-out sheet begins: the element, and how much of its text stands on the pages before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from publisher.writers.page_breaks import PageStart, countable

_WHOLE = {"figure", "table"}  # what a page may open with before any word of it: the break stands before all of it


def page_starts(document: Any) -> tuple[PageStart | None, ...]:
    """One for each page; None where nothing of the text stands on it. Elements are known by `data-at` (sheet_markup.py)."""
    told: Counter[Any] = Counter()  # characters on the pages so far, by element
    found = []
    for page in document.pages:
        first: PageStart | None = None
        known = set(told)
        for box, above in _flow(page._page_box, known):
            if isinstance(box, boxes.TextBox) and not countable(box.text):
                continue
            first = first or _begin(box, above, told, known)
            for element in {one.element for one in (box, *above) if one.element is not None}:
                told[element] += 0  # it is known now
                if isinstance(box, boxes.TextBox) and (element is box.element or not element.get("data-at")):
                    told[element] += len(countable(box.text))
        found.append(first)
    return tuple(found)


def _flow(box: Any, known: set[Any], above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Texts and pictures in reading order, with the boxes around them, inner ones first; notes at the foot, markers,
    generated content and the heads that a table repeats left out."""
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.FootnoteAreaBox | boxes.MarginBox) or "::" in (child.element_tag or ""):
            continue
        if getattr(child, "is_header", False) and child.element in known:
            continue
        if isinstance(child, boxes.TextBox | boxes.ReplacedBox):
            yield child, (box, *above)
        else:
            yield from _flow(child, known, (box, *above))


def _begin(box: Any, above: tuple[Any, ...], told: Counter[Any], known: set[Any]) -> PageStart | None:
    around = list(dict.fromkeys(one.element for one in (box, *above) if one.element is not None))
    whole = [one for one in around if one.tag in _WHOLE and one not in known and one.get("data-at")]
    if whole:
        return PageStart(whole[-1].get("data-at"), -1)
    inside = next((one for one in around if one.get("data-at")), None)
    if inside is not None:
        own = inside is box.element and isinstance(box, boxes.TextBox)
        return PageStart(inside.get("data-at"), told[inside] if own or told[inside] else -1)
    named = next((one for one in around if one.get("id")), None)
    if named is not None:
        return PageStart(named.get("id"), told[named])
    link = next((one.get("href") for one in around if one.get("href")), "")
    return PageStart(f"contents:{link.removeprefix('bind:')}", 0)
