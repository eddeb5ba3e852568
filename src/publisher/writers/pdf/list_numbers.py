"""The numbers of lists (HTML, 4.4.5 and 4.4.8) as CSS: WeasyPrint reads none of their attributes."""

from __future__ import annotations

from lxml import etree

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}


def number_lists(root: etree._Element) -> None:
    """States for each numbered list in CSS where its numbers start, their type and direction, and the values of items."""
    for numbered_list in root.iter("ol"):
        items = [child for child in numbered_list if child.tag == "li"]
        is_reversed = numbered_list.get("reversed") is not None
        start = _number(numbered_list.get("start"), len(items) if is_reversed else 1)
        rules = []
        if start != 1 or is_reversed:
            rules.append(f"counter-reset:list-item {start + (1 if is_reversed else -1)}")
        if kind := _TYPES.get(str(numbered_list.get("type"))):
            rules.append(f"list-style-type:{kind}")
        if rules:
            numbered_list.set("style", ";".join(rules))
        for item in items:
            value = item.get("value")
            if value is not None:  # WeasyPrint sets a counter before it increments it
                item.set("style", f"counter-increment:list-item 0;counter-set:list-item {_number(value, 1)}")
            elif is_reversed:
                item.set("style", "counter-increment:list-item -1")


def _number(text: str | None, default: int) -> int:
    """A number as HTML has it; the default if it is none."""
    try:
        return int(text or "")
    except ValueError:
        return default
