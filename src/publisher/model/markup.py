"""Converts markup to trees and back: `parse` is the only way to read HTML, `xhtml` the only way to write XHTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import lxml.html
import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from lxml import etree

from publisher.model import vocabulary
from publisher.model.addresses import LINK_SCHEMES, scheme_of, written_address

_ALLOWED_ATTRIBUTES = {tag: set(vocabulary.allowed_attributes(tag)) for tag in vocabulary.ELEMENTS | vocabulary.TRANSPARENT}
_ALLOWED_TAGS = set(vocabulary.ELEMENTS | vocabulary.TRANSPARENT | vocabulary.RENAMED.keys())
_ADDRESS = re.compile(r"\b(?:href|src)\s*=", re.IGNORECASE)
_IN_THE_FILE = frozenset({"data", "cid", "mid"})  # schemes of images in the manuscript itself
_BUTTON = re.compile(r"javascript:\s*(?:void\s*\(?\s*0\s*\)?)?[\s;]*", re.IGNORECASE)  # of pages: they lead nowhere, as `#`
# A data URI of a link, or of an image that says of itself that it is none.
_DATA = re.compile(
    r'href="[\x00-\x20]*d\s*a\s*t\s*a\s*:[^"]*"'
    r'|src="[\x00-\x20]*d\s*a\s*t\s*a\s*:(?!\s*(?:image/|application/octet-stream|[;,]))[^"]*"',
    re.IGNORECASE,
)
_WBR_TAGS = re.compile("<wbr[^>]*>")
_TEXT_BLOCKS = frozenset({"p", "li", "pre", "td", "th", "dt", "dd", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
_SPACES = re.compile(r"\s+")


class Tree(BeautifulSoup):
    """A tree made by `parse`. `dropped_links` and `dropped_images` are addresses, as they were written, that could not stay."""

    dropped_links: tuple[str, ...] = ()
    dropped_images: tuple[str, ...] = ()


def parse(html: str) -> Tree:
    """A sanitized tree of an HTML fragment, under one `<article>`.

    html5ever (through nh3) repairs broken markup and removes scripts, styles, comments, event handlers and
    unknown schemes before other code sees the markup.
    """
    clean = nh3.clean(
        html,
        tags=_ALLOWED_TAGS,
        clean_content_tags=set(vocabulary.DROPPED) - _ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        url_schemes={*LINK_SCHEMES, "data"},  # data: for images
        link_rel=None,
        strip_comments=True,
    )
    markup = _WBR_TAGS.sub("<wbr/>", clean)  # libxml2 does not know that wbr is empty: it would put the following text into it
    # Without containers: a text that leaves an `rt` would stay one of the kinds that bs4 does not count as text.
    tree = Tree(f"<article>{markup}</article>", "lxml", element_classes={Tag: _Element}, string_containers={})
    if _DATA.search(markup):
        _drop_data(tree)
    elif len(_ADDRESS.findall(markup)) == len(_ADDRESS.findall(html)):
        return tree
    tree.dropped_links, tree.dropped_images = _dropped_addresses(html)
    return tree


def _drop_data(tree: Tree) -> None:
    """Takes away the data URIs that are no images."""
    for element in tags(tree, ("a", "img")):
        for name in ("href", "src"):
            if element.get(name) and _DATA.fullmatch(f'{name}="{attribute(element, name)}"'):
                element[name] = ""


def _dropped_addresses(html: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses of links and of images that cannot stay, each once; buttons and images of the same file have none."""
    try:
        root = lxml.html.document_fromstring(html, parser=lxml.html.HTMLParser(huge_tree=True))
    except etree.ParserError:  # no element at all
        return (), ()
    links = dict.fromkeys(str(link.get("href")) for link in root.iter("a") if link.get("href"))
    images = dict.fromkeys(str(image.get("src")) for image in root.iter("img") if image.get("src"))
    return (
        tuple(link for link in links if _is_refused(link) and not _BUTTON.fullmatch(unquote(link))),
        tuple(image for image in images if _is_refused(image) and scheme_of(image) not in _IN_THE_FILE),
    )


def _is_refused(address: str) -> bool:
    return bool(scheme_of(address)) and not written_address(address)


class _Element(Tag):
    """An element that finds the places of its children in turn.

    bs4 looks through all children each time that one is moved; passes move them in order, so each stands near the one before.
    """

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


def xml_root(xhtml: str | bytes) -> Any:
    """The lxml element of XHTML of our own, however deep: libxml2 by itself stops at 256 levels. Raises XMLSyntaxError."""
    return etree.fromstring(xhtml, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))


def root_of(tree: BeautifulSoup) -> Tag:
    """The `<article>` element of a tree made by `parse`."""
    root = tree.article
    if root is None:  # a bug of the reader, not a fault of the author
        raise TypeError("a tree without an article element")
    return root


def tags(root: Tag, names: Collection[str] | None = None) -> list[Tag]:
    """The elements under `root` with these names (all, if None), in order. Takes a tenth of the time of `find_all`."""
    return [element for element in root.descendants if isinstance(element, Tag) and (names is None or element.name in names)]


def holds(root: Tag, names: Collection[str]) -> bool:
    """Whether `root` has an element with one of these names in it."""
    return any(isinstance(element, Tag) and element.name in names for element in root.descendants)


def words(element: PageElement | None) -> str:
    """The text of an element with white space folded, without note references and placeholders of images and videos."""
    if element is None:
        return ""
    if isinstance(element, NavigableString):
        return _SPACES.sub(" ", str(element)).strip()
    strings = (text for text in texts(element) if not in_note_reference(text) and not _in_placeholder(text))
    return _SPACES.sub(" ", "".join(" " if text is BREAK else text for text in strings)).strip()


_PLACEHOLDER_CLASSES = frozenset({"missing-image", "player"})


def first_block(html: str) -> str:
    """The words of the first block with words in an HTML fragment; all its words if it has no such block."""
    root = root_of(parse(html))
    return next((text for element in tags(root, _TEXT_BLOCKS) if (text := words(element))), words(root))


BREAK = NavigableString(" ")
_READINGS = frozenset({"rt", "rp"})


def texts(element: PageElement) -> Iterator[NavigableString]:
    """The text nodes under `element` in reading order, with a BREAK for each `<br>`; without the readings of `ruby`."""
    if not isinstance(element, Tag):
        return
    for node in element.descendants:
        if isinstance(node, NavigableString):
            if type(node) is NavigableString and (parent := node.parent) and parent.name not in _READINGS:
                yield node  # not a comment, doctype or CDATA
        elif isinstance(node, Tag) and node.name == "br":
            yield BREAK


def in_note_reference(text: NavigableString) -> bool:
    parent = text.parent
    return parent is not None and parent.name == "a" and "noteref" in classes(parent)


def _in_placeholder(text: NavigableString) -> bool:
    """Whether a text is the label of a placeholder: of a missing image, or of a video (a link to it)."""
    parent = text.parent
    return parent is not None and not _PLACEHOLDER_CLASSES.isdisjoint(classes(parent))


def classes(tag: Tag) -> list[str]:
    """The classes of an element as a list; empty if it has none."""
    value = tag.get("class")
    if value is None:
        return []
    return value.split() if isinstance(value, str) else list(value)


def attribute(tag: Tag, name: str) -> str:
    """An attribute as one string; empty if it is missing."""
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


def xhtml(nodes: Tag | Iterable[PageElement]) -> str:
    """Well-formed XHTML of one element or of several sibling nodes."""
    if isinstance(nodes, Tag):
        return nodes.decode(formatter="minimal")
    return "".join(
        node.decode(formatter="minimal") if isinstance(node, Tag) else node.output_ready("minimal")
        for node in nodes
        if isinstance(node, Tag) or type(node) is NavigableString
    )
