"""The numbers of list items in Word, which may continue another list."""

from __future__ import annotations

from typing import Any

import lxml.etree

from publisher.input.html_elements import Element, text_content
from publisher.input.word import marks
from publisher.input.xml import children_named, first_child, local_name

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def mark_numbers(root: Any, numbering: Any) -> None:
    """Puts a mark with the number before each numbered item.

    mammoth starts every list at 1, but a list in Word may continue another.
    """
    definitions = {
        element.get(f"{{{_W}}}abstractNumId"): element for element in numbering if local_name(element) == "abstractNum"
    }
    lists = {element.get(f"{{{_W}}}numId"): element for element in numbering if local_name(element) == "num"}
    counts: dict[tuple[str, int], int] = {}
    started: set[str] = set()
    for paragraph in [element for element in root.iter() if local_name(element) == "p"]:
        properties = first_child(paragraph, "pPr", "numPr")
        number, depth = _value(first_child(properties, "numId")), _count(first_child(properties, "ilvl"), 0)
        definition = _value(first_child(lists.get(number), "abstractNumId"))
        level = next(
            (level for level in children_named(definitions.get(definition), "lvl") if level.get(f"{{{_W}}}ilvl") == str(depth)),
            None,
        )
        if level is None or _value(first_child(level, "numFmt")) == "bullet":
            continue
        overrides = [
            element for element in children_named(lists[number], "lvlOverride") if element.get(f"{{{_W}}}ilvl") == str(depth)
        ]
        first = next((start for element in overrides if (start := _count(first_child(element, "startOverride"), 0))), 0)
        if (definition, depth) not in counts or (first and number not in started):
            counts[definition, depth] = (first or _count(first_child(level, "start"), 1)) - 1
        started.add(number)
        counts[definition, depth] += 1
        for deeper in [key for key in counts if key[0] == definition and key[1] > depth]:
            del counts[deeper]
        run = lxml.etree.Element(f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = marks.NUMBER.format(counts[definition, depth])
        properties.getparent().addnext(run)


def _value(element: Any) -> str:
    return str(element.get(f"{{{_W}}}val") or "") if element is not None else ""


def _count(element: Any, default: int) -> int:
    text = _value(element)
    return int(text) if text.isascii() and text.isdigit() else default


def set_list_starts(body: Element) -> None:
    """Starts each list at the number of its first item, and removes the marks."""
    for numbered_list in body.iter("ol"):
        match = marks.NUMBERS.match(text_content(numbered_list))
        if match and match[1] != "1":
            numbered_list.set("start", match[1])
    for element in body.iter():
        element.text = marks.NUMBERS.sub("", element.text) if element.text else element.text
        element.tail = marks.NUMBERS.sub("", element.tail) if element.tail else element.tail
