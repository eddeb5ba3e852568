"""What a tree of HTML or XHTML shows: passages of text, images, tables, links. No matter which library parsed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from publisher.ledger.inventory import Inventory

# Never shown as text (HTML, 15.3.1: hidden elements), or not in a browser with scripts.
_UNSHOWN = frozenset(
    ["head", "script", "style", "template", "noscript", "title", "iframe", "noembed", "noframes", "datalist", "select",
     "textarea", "annotation", "annotation-xml", "desc", "metadata",
     "rp", "meta", "link", "base", "param", "source", "track", "area"]
)  # fmt: skip
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins",
     "kbd", "label", "mark", "nobr", "output", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
     "u", "var", "wbr", "ruby", "rb", "picture", "math", "semantics", "mrow", "mi", "mn", "mo", "mtext", "ms", "svg", "tspan"]
)  # fmt: skip
_LEAST_PROSE = 10  # words of a paragraph that counts as running text
_LONGEST_LINK_SHARE = 0.5  # of the words of a paragraph; with more in links it is a list of links


def count_tree(root: Any, inventory: Inventory, place: str = "") -> None:
    """Adds what is under an lxml element to an inventory. The places are lines of the file, or `place` if it is given."""
    passages = _Passages(inventory, place)
    for event, element in _walk(root):
        if event == "text":
            passages.text(element)
            continue
        name = _name(element)
        if name == "br" or name not in _INLINE:
            passages.end(element)
        if event == "start":
            passages.linked += name == "a"
            _count_element(element, name, inventory, place)
        else:
            passages.linked -= name == "a"
    passages.end(None)


class _Passages:
    """Collects text until a block begins or ends."""

    def __init__(self, inventory: Inventory, place: str) -> None:
        self.inventory, self.place, self.linked = inventory, place, 0
        self._line, self._texts, self._linked_words = 0, [], 0  # type: tuple[int, list[str], int]

    def text(self, text: str) -> None:
        self._texts.append(text)
        self._linked_words += len(text.split()) if self.linked else 0

    def end(self, element: Any) -> None:
        """Ends a passage; `element` is where the next one begins."""
        text = "".join(self._texts)
        if text and not text.isspace():
            self.inventory.add(self.place or f"line {self._line}", text)
            count = len(text.split())
            if self.inventory.prose is not None and count >= _LEAST_PROSE and self._linked_words < _LONGEST_LINK_SHARE * count:
                self.inventory.prose += count
        self._texts, self._linked_words = [], 0
        self._line = element.sourceline or self._line if element is not None else 0


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """`start` and `end` of each element that is shown, and `text` with each text, in order."""
    stack = [(root, iter(root))]
    yield "start", root
    if root.text:
        yield "text", root.text
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
            if stack and element.tail:
                yield "text", element.tail
        elif not isinstance(child.tag, str) or _name(child) in _UNSHOWN:
            if child.tail:
                yield "text", child.tail
        else:
            stack.append((child, iter(child)))
            yield "start", child
            if child.text:
                yield "text", child.text


def _count_element(element: Any, name: str, inventory: Inventory, place: str) -> None:
    if name == "img" or (name == "image" and _name(element.getparent()) == "svg"):
        inventory.images.append(place or f"line {element.sourceline or 0}")
    elif name == "table":
        inventory.tables += 1
    elif name == "a" and element.get("href"):
        inventory.links += 1


def _name(element: Any) -> str:
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
