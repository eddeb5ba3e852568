"""Builds the trees of bs4: the same elements, texts and links between them as bs4's own builder makes, at less work a node.

lxml reports what it parses, and each report becomes a node at once. What is the same for all elements is a field of their class.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import Any, Self

from bs4 import BeautifulSoup, Tag
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeValueList, NavigableString, PageElement, XMLAttributeDict

_ASCII_SPACES = BeautifulSoup.ASCII_SPACES
_EMPTY_ELEMENTS = frozenset(LXMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or ())


class Element(Tag):
    """An element that finds the places of its children in turn.

    bs4 looks through all children each time that one is moved; passes move them in order, so each stands near the one before.
    The fields of the class are those that bs4 sets anew in each element that it parses.
    """

    parser_class = None
    namespace = None
    prefix = None
    sourceline = None
    sourcepos = None
    known_xml = False
    hidden = False
    can_be_empty_element = False
    attribute_value_list_class = AttributeValueList
    cdata_list_attributes = LXMLTreeBuilder.DEFAULT_CDATA_LIST_ATTRIBUTES
    preserve_whitespace_tags = LXMLTreeBuilder.DEFAULT_PRESERVE_WHITESPACE_TAGS
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    _decomposed = False
    _namespaces = LXMLTreeBuilder.DEFAULT_NSMAPS

    _place = 0  # of the child that was found last

    def index(self, element: PageElement) -> int:
        """The place of a child (by identity). Raises ValueError if it is none."""
        contents = self.contents
        first = last = min(self._place, len(contents))
        while first > 0 or last < len(contents):
            if last < len(contents) and contents[last] is element:
                self._place = last
                return last
            if first > 0 and contents[first - 1] is element:
                self._place = first - 1
                return first - 1
            first, last = max(0, first - 1), min(len(contents), last + 1)
        raise ValueError("not a child of this element")

    def append(self, tag: Any) -> Any:
        """Puts a node behind the last child. What is no text and no element of ours, or stands here already, bs4 puts there."""
        node = NavigableString(tag) if type(tag) is str else tag
        if type(node) not in (NavigableString, Element) or node.parent is self or node is self:
            return super().append(tag)
        if node.parent is not None:
            node.extract()
        contents = self.contents
        before = contents[-1] if contents else None
        previous = _last_of(self)
        following, last = previous.next_element, _last_of(node)
        node.parent, node.previous_sibling, node.next_sibling = self, before, None
        if before is not None:
            before.next_sibling = node
        node.previous_element, previous.next_element = previous, node
        last.next_element = following
        if following is not None:
            following.previous_element = last
        contents.append(node)
        return node

    def unwrap(self) -> Self:
        """Puts the children in the place of the element, all at once. Raises ValueError if it stands in no other."""
        parent, children = self.parent, self.contents
        if parent is None or not children:
            return super().unwrap()
        place = parent.index(self)
        parent.contents[place : place + 1] = children
        for child in children:
            child.parent = parent
        first, last = children[0], children[-1]
        first.previous_sibling, last.next_sibling = self.previous_sibling, self.next_sibling
        if self.previous_sibling is not None:
            self.previous_sibling.next_sibling = first
        if self.next_sibling is not None:
            self.next_sibling.previous_sibling = last
        first.previous_element = self.previous_element
        if self.previous_element is not None:
            self.previous_element.next_element = first
        self.contents = []
        self.parent = self.previous_sibling = self.next_sibling = self.previous_element = self.next_element = None
        return self


def _last_of(node: Any) -> Any:
    """The last node in a node, or itself."""
    while type(node) is not NavigableString and isinstance(node, Tag) and node.contents:
        node = node.contents[-1]
    return node


class TreeBuilder(LXMLTreeBuilder):
    """What a parser of lxml reports to. Comments, instructions and document types are left out: nh3 lets none through."""

    def __init__(self) -> None:
        # Without containers: a text that leaves an `rt` would stay one of the kinds that bs4 does not count as text.
        super().__init__(string_containers={})
        self._texts: list[str] = []
        self._open: list[Tag] = []
        self._last: PageElement | None = None
        self._verbatim = 0  # how many open elements keep their white space

    def initialize_soup(self, soup: BeautifulSoup) -> None:
        super().initialize_soup(soup)
        self._open[:], self._last, self._verbatim = [soup], None, 0

    def start(self, tag: Any, attrib: Mapping[Any, Any], nsmap: Any = None) -> None:
        """Opens an element."""
        if self._texts:
            self._end_text()
        element = Element.__new__(Element)
        element.name = tag
        element.contents = []
        element.attrs = attributes = XMLAttributeDict(attrib if type(attrib) is dict else ())  # else it is empty
        if attributes:
            self._replace_cdata_list_attribute_values(tag, attributes)
        if tag in _EMPTY_ELEMENTS:
            element.can_be_empty_element = True
        self._place_node(element)
        self._open.append(element)
        self._verbatim += tag in self.preserve_whitespace_tags

    start.__signature__ = signature(start)  # type: ignore[attr-defined]  # each parser of lxml asks for it

    def end(self, tag: Any) -> None:
        """Closes the open element: lxml reports the end of each element, the innermost first."""
        if self._texts:
            self._end_text()
        self._verbatim -= self._open.pop().name in self.preserve_whitespace_tags

    def data(self, data: Any) -> None:
        """Adds characters to the text that ends where the next element begins or the open element ends."""
        self._texts.append(data)

    def close(self) -> None:
        """Ends the tree: called when all is reported."""
        super().close()
        if self._texts:
            self._end_text()

    def comment(self, text: Any) -> None:
        return

    def pi(self, target: Any, data: Any) -> None:
        return

    def doctype(self, name: Any, pubid: Any, system: Any) -> None:
        return

    def _end_text(self) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        if not self._verbatim and text.isspace() and not text.strip(_ASCII_SPACES):
            text = "\n" if "\n" in text else " "
        self._place_node(str.__new__(NavigableString, text))

    def _place_node(self, node: PageElement) -> None:
        """Puts a node behind all others, into the open element."""
        parent, last = self._open[-1], self._last
        siblings = parent.contents
        node.parent, node.previous_element = parent, last
        node.next_element = node.next_sibling = None
        if siblings:
            node.previous_sibling = before = siblings[-1]
            before.next_sibling = node
        else:
            node.previous_sibling = None
        if last is not None:
            last.next_element = node
        siblings.append(node)
        self._last = node
