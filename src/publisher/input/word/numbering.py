"""The lists of Word (ECMA-376, part 1, 17.9): levels that styles give, and numbers that may continue another list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import lxml.etree

from publisher.input.archives import Archive
from publisher.input.html_elements import Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.input.word import marks
from publisher.input.word.elements import count, properties, text_run, value, w
from publisher.input.word.parts import names_of, read_part
from publisher.input.word.styles import Styles
from publisher.input.xml import children_named, first_child
from publisher.text.numbers import whole_number

_BULLETS, _NUMBERS = "1", "2"  # the lists that mammoth is given
_TYPES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}  # of numbers, as in HTML
_ROMAN = tuple(  # the numerals of 0 to 9 in each place, from the thousands
    ["", unit, unit * 2, unit * 3, unit + half, half, half + unit, half + unit * 2, half + unit * 3, unit + next_unit]
    for unit, half, next_unit in ("m  ", "cdm", "xlc", "ivx")
)
_PLACE = re.compile(r"%([1-9])")  # of the number of a level
_LETTER = re.compile(r"[^\W\d_]|§")
_MOST_LETTERS = 30  # of the number of an item; Word itself goes on to 30 (17.18.59)
_DEEPEST = 8  # of the nine levels of a list, counted from 0
_DEEPEST_OF_MAMMOTH = 4  # deeper items would be paragraphs


@dataclass
class Numbering:
    """The definitions and lists of a document by id, and the counts so far: by definition and depth."""

    styles: Styles
    definitions: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)

    def definition_of(self, number: str) -> str:
        """The id of the definition of a list; behind a link to a style (17.9.21), that of the style's list."""
        seen = set[str]()
        while number not in seen:
            seen.add(number)
            found = value(first_child(self.lists.get(number), "abstractNumId"))
            style = value(first_child(self.definitions.get(found), "numStyleLink"))
            if not style:
                return found
            number = value(self.styles.first(style, "pPr", "numPr", "numId"))
        return ""

    def list_of(self, paragraph: Any) -> tuple[str, int]:
        """The list of a paragraph and its depth in it, by the paragraph or its style; an empty id if it is in none."""
        own = first_child(paragraph, "pPr", "numPr")
        number, depth = self.list_of_style(value(first_child(paragraph, "pPr", "pStyle")))
        number, depth = value(first_child(own, "numId")) or number, count(first_child(own, "ilvl"), depth)
        is_known = number in self.lists and self.definition_of(number) in self.definitions
        return (number, min(depth, _DEEPEST)) if is_known else ("", 0)

    def list_of_style(self, style: str) -> tuple[str, int]:
        """The list that a style names, or that a definition gives to the style (17.9.23), and the depth."""
        if style not in self.by_style:
            number = value(self.styles.first(style, "pPr", "numPr", "numId"))
            for other in self.lists if style and not number else ():
                if any(value(first_child(level, "pStyle")) == style for level in self._levels(other)):
                    number = other
                    break
            depths = (value(level, "ilvl") for level in self._levels(number) if value(first_child(level, "pStyle")) == style)
            depth = next(filter(None, depths), value(self.styles.first(style, "pPr", "numPr", "ilvl")))
            self.by_style[style] = number, whole_number(depth)
        return self.by_style[style]

    def level(self, number: str, depth: int) -> Any:
        """A level of a list; a level without a depth is the first."""
        return next((level for level in self._levels(number) if (value(level, "ilvl") or "0") == str(depth)), None)

    def _levels(self, number: str) -> list[Any]:
        """The levels of a list: those that it overrides (17.9.8), then those of its definition."""
        overrides = children_named(self.lists.get(number), "lvlOverride")
        own = [level for part in overrides for level in children_named(part, "lvl")]
        return [*own, *children_named(self.definitions.get(self.definition_of(number)), "lvl")]

    def next_number(self, number: str, depth: int, level: Any) -> int:
        """Counts an item. A list that overrides the start begins there with its first item (17.9.26)."""
        key = self.definition_of(number), depth
        overrides = [part for part in children_named(self.lists[number], "lvlOverride") if part.get(w("ilvl")) == str(depth)]
        first = next((count(start) for part in overrides if (start := first_child(part, "startOverride")) is not None), None)
        if key not in self.counts or (first is not None and (number, depth) not in self.started):
            self.counts[key] = (first if first is not None else count(first_child(level, "start"), 1)) - 1
        self.started.add((number, depth))
        self.counts[key] += 1
        for deeper in range(depth + 1, _DEEPEST + 1):
            self.counts.pop((key[0], deeper), None)
        return self.counts[key]

    def label(self, number: str, depth: int, level: Any) -> str:
        """The number of an item as Word writes it (17.9.11), with those of the levels above: `2.1`, `Article 3`."""

        def written(match: re.Match[str]) -> str:
            above = int(match[1]) - 1
            upper = self.level(number, above)
            start = count(first_child(upper, "start"), 1)
            return _written(self.counts.get((self.definition_of(number), above), start), value(first_child(upper, "numFmt")))

        return _PLACE.sub(written, value(first_child(level, "lvlText")))


def _written(number: int, kind: str) -> str:
    """A number in letters or as a Roman numeral, if its format says so."""
    if kind in ("lowerLetter", "upperLetter") and 0 < number <= _MOST_LETTERS * 26:
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        text = "".join(digits[int(digit)] for digits, digit in zip(_ROMAN, f"{number:04}", strict=True))
    else:
        text = f"{number:02}" if kind == "decimalZero" else str(number)
    return text.upper() if kind.startswith("upper") else text


def read_numbering(manuscript: Manuscript, archive: Archive, styles: Styles) -> Numbering:
    """The lists that a document defines."""
    numbering = Numbering(styles)
    for name in names_of(archive, "numbering"):
        root = read_part(manuscript, archive, name)
        numbering.definitions |= {value(element, "abstractNumId"): element for element in children_named(root, "abstractNum")}
        numbering.lists |= {value(element, "numId"): element for element in children_named(root, "num")}
    return numbering


def two_lists() -> bytes:
    """The lists that `mark_numbers` names: mammoth must know the depth of an item, and whether it has a number."""
    root = lxml.etree.Element(w("numbering"))
    for name, kind in ((_BULLETS, "bullet"), (_NUMBERS, "decimal")):
        definition = lxml.etree.SubElement(root, w("abstractNum"), {w("abstractNumId"): name})
        for depth in range(_DEEPEST + 1):
            level = lxml.etree.SubElement(definition, w("lvl"), {w("ilvl"): str(depth)})
            lxml.etree.SubElement(level, w("numFmt"), {w("val"): kind})
    for name in (_BULLETS, _NUMBERS):
        number = lxml.etree.SubElement(root, w("num"), {w("numId"): name})
        lxml.etree.SubElement(number, w("abstractNumId"), {w("val"): name})
    return bytes(lxml.etree.tostring(root))


def mark_numbers(root: Any, numbering: Numbering) -> None:
    """Puts each item into one of two lists, at its depth, and a mark with the number before a numbered item.

    mammoth starts every list at 1, but a list in Word may continue another.
    """
    for paragraph in root.iter(w("p")):
        number, depth = numbering.list_of(paragraph)
        level = numbering.level(number, depth) if number else None
        kind = value(first_child(level, "numFmt"))
        own = first_child(paragraph, "pPr", "numPr")
        if own is not None:
            own.getparent().remove(own)
        if level is None or kind == "none":
            continue
        if kind != "bullet" and _is_labeled(paragraph, level, numbering.styles):
            numbering.next_number(number, depth, level)
            label = numbering.label(number, depth, level)
            properties(paragraph, "pPr").addnext(text_run(f"{label} " if label.strip() else ""))
            continue
        own = lxml.etree.SubElement(properties(paragraph, "pPr"), w("numPr"))
        lxml.etree.SubElement(own, w("ilvl"), {w("val"): str(min(depth, _DEEPEST_OF_MAMMOTH))})
        lxml.etree.SubElement(own, w("numId"), {w("val"): _BULLETS if kind == "bullet" else _NUMBERS})
        if kind != "bullet":
            mark = marks.NUMBER.format(numbering.next_number(number, depth, level), _TYPES.get(kind, "1"))
            first_child(paragraph, "pPr").addnext(text_run(mark))


def _is_labeled(paragraph: Any, level: Any, styles: Styles) -> bool:
    """Whether an item is no item in HTML: a heading, or a paragraph with words in its number."""
    style = styles.by_id.get(value(first_child(paragraph, "pPr", "pStyle")))
    is_heading = value(first_child(style, "name")).lower().startswith("heading ")
    return is_heading or bool(_LETTER.search(_PLACE.sub("", value(first_child(level, "lvlText")))))


def set_list_starts(body: Element) -> None:
    """Starts each list at the number of its first item, and another list where the numbers start again. Removes the marks."""
    for outer in list(body.iter("ul")):
        _unwrap_level(outer)
    for numbered_list in list(body.iter("ol")):
        _split_where_it_starts_again(numbered_list)
    for numbered_list in body.iter("ol"):
        match = _number_of(next(iter(numbered_list), None))
        if match and match[1] != "1":
            numbered_list.set("start", match[1])
        if match and match[2] != "1":
            numbered_list.set("type", match[2])
    for element in body.iter():
        element.text = marks.NUMBERS.sub("", element.text) if element.text else element.text
        element.tail = marks.NUMBERS.sub("", element.tail) if element.tail else element.tail


def _unwrap_level(outer: Element) -> None:
    """Replaces a list that has nothing but another list: mammoth puts such lists around items of a deeper level alone."""
    inner = outer[0][0] if len(outer) == 1 and len(outer[0]) == 1 else None
    if inner is None or inner.tag not in ("ol", "ul") or (outer[0].text or "").strip() or (inner.tail or "").strip():
        return
    inner.tail, outer.tail = outer.tail, None
    outer.getparent().replace(outer, inner)


def _number_of(item: Element | None) -> re.Match[str] | None:
    """The mark of an item; none of an item that only holds another list."""
    if item is None or (not (item.text or "").strip() and len(item) and item[0].tag in ("ol", "ul")):
        return None
    return marks.NUMBERS.match(text_content(item))


def _split_where_it_starts_again(numbered_list: Element) -> None:
    """mammoth joins neighboring lists: an item whose number does not follow begins a list of its own."""
    expected, current = None, numbered_list
    for item in list(numbered_list):
        match = _number_of(item)
        number = int(match[1]) if match else None
        if expected is not None and number is not None and number != expected:
            following = numbered_list.makeelement("ol")
            following.tail, current.tail = current.tail, None
            current.addnext(following)
            current = following
        if current is not numbered_list:
            current.append(item)
        expected = number + 1 if number is not None else expected
