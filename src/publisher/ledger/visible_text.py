"""What a tree of HTML or XHTML shows: passages of text, images, tables, links. No matter which library parsed it."""

from __future__ import annotations

from typing import Any

import lxml.etree

from publisher.ledger.inventory import Inventory

# Never shown as text (HTML, 15.3.1: hidden elements), or not in a browser with scripts.
_UNSHOWN = frozenset(
    ["head", "script", "style", "template", "noscript", "title", "iframe", "noembed", "noframes", "datalist", "select",
     "textarea", "annotation", "annotation-xml", "desc", "metadata", "rp", "meta", "link", "base", "area"]
)  # fmt: skip
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins",
     "kbd", "label", "mark", "nobr", "output", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
     "u", "var", "wbr", "ruby", "rb", "picture", "math", "semantics", "mrow", "mi", "mn", "mo", "mtext", "ms", "svg", "tspan",
     "source", "track", "param"]  # libxml2 takes what follows them for their content
)  # fmt: skip
_COUNTED = frozenset({"img", "image", "table", "a"})
_LEAST_PROSE = 10  # words of a paragraph that counts as running text
_LONGEST_LINK_SHARE = 0.5  # of the words of a paragraph; with more in links it is a list of links


def count_tree(root: Any, inventory: Inventory, place: str = "") -> None:
    """Adds what is under an lxml element to an inventory. The places are lines of the file, or `place` if it is given."""
    passage = _Passage(inventory, place)
    names: dict[str, str] = {}
    walk = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = names.get(element.tag) or names.setdefault(element.tag, _local_name(element.tag))
        if event == "end":
            passage.linked -= name == "a"
            if name not in _INLINE and name not in _UNSHOWN and name != "br":
                passage.end(element)
            if element.tail and element is not root:
                passage.add(element.tail)
            continue
        if (name in _UNSHOWN and not _is_shadow_tree(element)) or _is_image_object(element, name):
            _count_unshown(element, name, inventory, place)
            walk.skip_subtree()
            continue
        if name == "br":
            passage.add("\n")
        elif name not in _INLINE:
            passage.end(element)
        passage.linked += name == "a"
        if element.text:
            passage.add(element.text)
        if name in _COUNTED:
            _count_element(element, name, inventory, place)
    passage.end(root)


class _Passage:
    """Collects text until a block begins or ends; `linked` is how many links are open."""

    def __init__(self, inventory: Inventory, place: str) -> None:
        self.linked = 0
        self._inventory, self._place, self._line = inventory, place, 0
        self._texts: list[str] = []
        self._linked_words = 0

    def add(self, text: str) -> None:
        self._texts.append(text)
        if self.linked:
            self._linked_words += len(text.split())

    def end(self, element: Any) -> None:
        """Ends a passage; `element` is where the next one begins."""
        if self._texts:
            text = "".join(self._texts)
            if not text.isspace():
                self._inventory.add(self._place or f"line {self._line}", text, prose=self._is_prose(text))
            self._texts.clear()
            self._linked_words = 0
        self._line = element.sourceline or self._line

    def _is_prose(self, text: str) -> bool:
        if not self._inventory.is_page:
            return False
        count = len(text.split())
        return count >= _LEAST_PROSE and self._linked_words < _LONGEST_LINK_SHARE * count


def _is_shadow_tree(element: Any) -> bool:
    """Whether a template holds a shadow tree, which a browser shows (HTML, 4.12.3)."""
    return (element.get("shadowrootmode") or element.get("shadowroot")) is not None


def _is_image_object(element: Any, name: str) -> bool:
    return name == "object" and str(element.get("type")).startswith("image/")


def _count_unshown(element: Any, name: str, inventory: Inventory, place: str) -> None:
    """An element whose text is not shown. Some pages have their article in a `noscript`, or in a template for a script."""
    if name == "object":  # an image; its text is for programs that cannot show it
        inventory.images += [place or f"line {element.sourceline or 0}"] * bool(element.get("data"))
        inventory.add_title(place or f"line {element.sourceline or 0}", "".join(element.itertext()))
    elif inventory.is_page and name in ("noscript", "template"):
        inner = Inventory(is_page=True)
        for child in element:
            count_tree(child, inner)
        inventory.alternative_prose += [passage.text for passage in inner.passages if passage.is_prose]


def _count_element(element: Any, name: str, inventory: Inventory, place: str) -> None:
    if name == "img" or (name == "image" and _is_in_drawing(element)):
        inventory.images.append(place or f"line {element.sourceline or 0}")
    elif name == "table":
        inventory.tables += 1
    elif name == "a" and element.get("href"):
        inventory.links += 1


def _is_in_drawing(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and _local_name(parent.tag) == "svg"


def _local_name(tag: Any) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
