"""Measures a drawing: its size on the page, and how many elements are drawn when every reference is followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import cssselect2
import lxml.etree
import tinycss2

from publisher.text.numbers import decimal_number

MAX_ELEMENTS = 100_000  # a larger drawing is refused: WeasyPrint draws some thousands a second
MAX_DEPTH = 150  # elements in elements; WeasyPrint and we go down by recursion
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_ONCE = ("mask", "clip-path", "filter")  # they apply to an element as a whole; other values are inherited by all elements in it
_DECLARATION = re.compile(r"([\w-]+)\s*:([^;]*)")
_NUMBER = re.compile(r"\d*\.?\d+")
_HREF = "{http://www.w3.org/1999/xlink}href"
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*|\.\d+)([a-z]*)\s*", re.IGNORECASE)


def size_of(svg: lxml.etree._Element) -> tuple[int, int, bool]:
    """Width and height in CSS pixels, by the drawing's attributes, else by its viewBox; whether the attributes state them.

    (0, 0, False) if neither does.
    """
    width, height = (pixels(svg.get(side, "")) for side in ("width", "height"))
    if width and height:
        return round(width), round(height), True
    box = [decimal_number(number) for number in re.findall(r"-?\d+\.?\d*", svg.get("viewBox", ""))]
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        return 0, 0, False
    if width or height:
        scale = width / box[2] if width else height / box[3]
        return round(box[2] * scale), round(box[3] * scale), True
    return round(box[2]), round(box[3]), False


def pixels(length: str) -> float:
    """A length with an absolute unit, or none, in CSS pixels; 0 for all others."""
    match = _LENGTH.fullmatch(length)
    return decimal_number(match[1]) * _PIXELS.get(match[2].lower(), 0.0) if match else 0.0


def depth_of(svg: lxml.etree._Element) -> int:
    """The number of elements around the innermost element, itself included."""
    deepest, level = 0, 0
    for event, _ in lxml.etree.iterwalk(svg, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def drawn_elements(svg: lxml.etree._Element) -> int:
    """The number of elements of a cleaned drawing, those that it refers to counted once for each time that they are drawn.

    More than MAX_ELEMENTS if a reference leads back to its own element, or references and elements nest deeper than MAX_DEPTH.
    """
    targets = {str(element.get("id")): element for element in reversed(list(svg.iter())) if element.get("id")}
    return _Counter(targets, _sheet_declarations(svg)).count(svg, 1)[0]


@dataclass(frozen=True)
class _Counter:
    """Elements by id; what the style sheet says of an element, where that has references; what is counted so far."""

    targets: Mapping[str, lxml.etree._Element]
    declarations: Mapping[lxml.etree._Element, str]
    counted: dict[lxml.etree._Element, tuple[int, int]] = field(default_factory=dict)

    def count(self, element: lxml.etree._Element, level: int) -> tuple[int, int]:
        """The number of elements that are drawn for `element`, which stands at `level` from 1, and how deep they nest."""
        if level > MAX_DEPTH:
            return MAX_ELEMENTS + 1, 1
        if element not in self.counted:
            self.counted[element] = (MAX_ELEMENTS + 1, 1)  # for a reference from inside the element to itself
            inside = [self.count(child, level + 1) for child in element]
            total, depth = 1 + sum(count for count, _ in inside), 1 + max((deepest for _, deepest in inside), default=0)
            drawn = total
            for name, times in self._references(element, drawn):
                count, deepest = self.count(self.targets[name], level + 1)
                total, depth = total + times * count, max(depth, 1 + deepest)
            self.counted[element] = (total, depth) if depth <= MAX_DEPTH else (MAX_ELEMENTS + 1, 1)
        return self.counted[element]

    def _references(self, element: lxml.etree._Element, drawn: int) -> Iterator[tuple[str, int]]:
        """The ids that an element of `drawn` elements refers to, and how many times each of them is drawn."""
        if address := element.get(_HREF):
            yield from ((name, 1) for name in [address[1:]] if name in self.targets)
        stated = ";".join(f"{name}:{value}" for name, value in element.attrib.items() if "url(" in value and name != "style")
        for prop, value in _DECLARATION.findall(f"{stated};{element.get('style', '')};{self.declarations.get(element, '')}"):
            for name in _REFERENCE.findall(value):
                if name in self.targets:
                    yield name, 1 if prop in _ONCE else _vertices(element) if prop.startswith("marker") else drawn


def _vertices(element: lxml.etree._Element) -> int:
    """No less than the number of corners of all lines in an element: each may carry a marker."""
    return 1 + sum(len(_NUMBER.findall(part.get("d") or part.get("points") or "")) for part in element.iter())


def _sheet_declarations(svg: lxml.etree._Element) -> dict[lxml.etree._Element, str]:
    """For each element the declarations with references that the drawing's style sheets give it."""
    matcher = cssselect2.Matcher()
    for style in svg.iter("{http://www.w3.org/2000/svg}style"):
        for rule in tinycss2.parse_stylesheet(style.text or "", skip_comments=True, skip_whitespace=True):
            if rule.type == "qualified-rule" and "url(" in (declarations := tinycss2.serialize(rule.content)):
                try:
                    selectors = cssselect2.compile_selector_list(rule.prelude)
                except cssselect2.SelectorError:
                    continue
                for selector in selectors:
                    matcher.add_selector(selector, declarations)
    found: dict[lxml.etree._Element, str] = {}
    for wrapper in cssselect2.ElementWrapper.from_xml_root(svg).iter_subtree():
        if matches := matcher.match(wrapper):
            found[wrapper.etree_element] = ";".join(match[-1] for match in matches)
    return found
