"""Converts markup to trees and back: `parse` is the only way to read HTML, `xhtml` the only way to write XHTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import unquote

import lxml.html
import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from lxml import etree

from publisher.model import vocabulary
from publisher.model.addresses import LINK_SCHEMES, scheme_of, written_address
from publisher.model.tree_builder import Element, TreeBuilder

_ALLOWED_ATTRIBUTES = {tag: set(vocabulary.allowed_attributes(tag)) for tag in vocabulary.ELEMENTS | vocabulary.TRANSPARENT}
_ALLOWED_TAGS = set(vocabulary.ELEMENTS | vocabulary.TRANSPARENT | vocabulary.RENAMED.keys())
_CLEANER = nh3.Cleaner(
    tags=_ALLOWED_TAGS,
    clean_content_tags=set(vocabulary.DROPPED) - _ALLOWED_TAGS,
    attributes=_ALLOWED_ATTRIBUTES,
    url_schemes={*LINK_SCHEMES, "data"},  # data: for images
    link_rel=None,
    strip_comments=True,
)
# Patterns that begin with letters are found several times as fast as others.
_ADDRESSES = ((b"href", re.compile(rb"href(?<=\bhref)\s*=")), (b"src", re.compile(rb"src(?<=\bsrc)\s*=")))  # in lower case
_IN_THE_FILE = frozenset({"data", "cid", "mid"})  # schemes of images in the manuscript itself
_BUTTON = re.compile(r"javascript:\s*(?:void\s*\(?\s*0\s*\)?)?[\s;]*", re.IGNORECASE)  # of pages: they lead nowhere, as `#`
# A data URI of a link, or of an image that says of itself that it is none.
_DATA = (
    re.compile(r'href="[\x00-\x20]*(?i:d\s*a\s*t\s*a\s*:)[^"]*"'),
    re.compile(r'src="[\x00-\x20]*(?i:d\s*a\s*t\s*a\s*:(?!\s*(?:image/|application/octet-stream|[;,])))[^"]*"'),
)
_WBR_TAGS = re.compile("<wbr[^>]*>")
_TEXT_BLOCKS = frozenset({"p", "li", "pre", "td", "th", "dt", "dd", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})


class Tree(BeautifulSoup):
    """A tree made by `parse`. `dropped_links` and `dropped_images` are addresses, as they were written, that could not stay."""

    dropped_links: tuple[str, ...] = ()
    dropped_images: tuple[str, ...] = ()


def parse(html: str) -> Tree:
    """A sanitized tree of an HTML fragment, under one `<article>`.

    html5ever (through nh3) repairs broken markup and removes scripts, styles, comments, event handlers and
    unknown schemes before other code sees the markup.
    """
    clean = _CLEANER.clean(html)
    markup = _WBR_TAGS.sub("<wbr/>", clean)  # libxml2 does not know that wbr is empty: it would put the following text into it
    tree = Tree(f"<article>{markup}</article>", builder=TreeBuilder(), element_classes={Tag: Element})
    if any(pattern.search(markup) for pattern in _DATA):
        _drop_data(tree)
    elif _count_addresses(markup) == _count_addresses(html):
        return tree
    tree.dropped_links, tree.dropped_images = _dropped_addresses(html)
    return tree


def _count_addresses(html: str) -> int:
    folded, total = html.encode("utf-8", "surrogatepass").lower(), 0
    for name, pattern in _ADDRESSES:
        count = folded.count(name)
        is_usual = folded.count(b' %s="' % name) == count  # all are attributes as they are mostly written
        total += count if is_usual else len(pattern.findall(folded))
    return total


def _drop_data(tree: Tree) -> None:
    """Takes away the data URIs that are no images."""
    for element in tags(tree, ("a", "img")):
        for name in ("href", "src"):
            written = f'{name}="{attribute(element, name)}"'
            if any(pattern.fullmatch(written) for pattern in _DATA):
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


def xml_root(xhtml: str | bytes) -> Any:
    """The lxml element of XHTML of our own, however deep: libxml2 by itself stops at 256 levels. Raises XMLSyntaxError."""
    return etree.fromstring(xhtml, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))


def root_of(tree: BeautifulSoup) -> Tag:
    """The `<article>` element of a tree made by `parse`."""
    root: Any = tree
    for name in ("html", "body", "article"):
        root = next((child for child in root.contents if isinstance(child, Tag) and child.name == name), None)
        if root is None:
            break
    root = tree.article if root is None else root
    if not isinstance(root, Tag):  # a bug of the reader, not a fault of the author
        raise TypeError("a tree without an article element")
    return root


def nodes(root: Tag) -> list[PageElement]:
    """All nodes under `root`, in order, as they are now."""
    found: list[PageElement] = []
    node, end = _bounds(root)
    while node is not end:
        found.append(node)
        node = node.next_element
    return found


def tags(root: Tag, names: Collection[str] | None = None) -> list[Tag]:
    """The elements under `root` with these names (all, if None), in order. Takes a tenth of the time of `find_all`."""
    found: list[Tag] = []
    node, end = _bounds(root)
    while node is not end:
        if type(node) is not NavigableString and (names is None or node.name in names) and isinstance(node, Tag):
            found.append(node)
        node = node.next_element
    return found


def _bounds(root: Tag) -> tuple[Any, Any]:
    """The first node under `root` and the node behind the last; the same if there is none."""
    if not root.contents:
        return None, None
    last: Any = root
    while type(last) is not NavigableString and isinstance(last, Tag) and last.contents:
        last = last.contents[-1]
    return root.contents[0], last.next_element


def release(tree: BeautifulSoup) -> None:
    """Takes a tree apart that is not needed any more. Its nodes lead to each other: else they would wait for the collector."""
    for node in [*nodes(tree), tree] if "contents" in vars(tree) else ():
        vars(node).clear()


def first_tag(root: Tag, names: Collection[str], name_of_class: str = "") -> Tag | None:
    """The first element under `root` with one of these names, and with this class, if any; None if there is none."""
    node, end = _bounds(root)
    while node is not end:
        is_named = type(node) is not NavigableString and isinstance(node, Tag) and node.name in names
        if is_named and (not name_of_class or name_of_class in classes(node)):
            return node  # type: ignore[no-any-return]
        node = node.next_element
    return None


def holds(root: Tag, names: Collection[str]) -> bool:
    """Whether `root` has an element with one of these names in it."""
    return first_tag(root, names) is not None


def parent_of(element: PageElement, name: str, name_of_class: str = "") -> Tag | None:
    """The nearest element with this name, and with this class, if any, in which `element` stands; None if there is none."""
    parent = element.parent
    while parent is not None and (parent.name != name or (name_of_class and name_of_class not in classes(parent))):
        parent = parent.parent
    return parent


def has_words(element: Tag) -> bool:
    """Whether there is a text under `element` that is more than white space."""
    return any(type(node) is NavigableString and node.strip() for node in nodes(element))


def words(element: PageElement | None) -> str:
    """The text of an element with white space folded, without note references and placeholders of images and videos."""
    if element is None:
        return ""
    if isinstance(element, NavigableString):
        return " ".join(element.split())
    if isinstance(element, Tag) and len(element.contents) == 1 and not element.attrs and element.name not in _READINGS:
        text = element.contents[0]
        if type(text) is NavigableString:  # as most paragraphs are
            return " ".join(text.split())
    read: list[str] = []
    unread: dict[int, bool] = {}
    for text in texts(element):
        parent = text.parent
        if parent is not None and parent.attrs:
            if id(parent) not in unread:
                unread[id(parent)] = in_note_reference(text) or not _PLACEHOLDER_CLASSES.isdisjoint(classes(parent))
            if unread[id(parent)]:
                continue
        read.append(text)
    return " ".join("".join(read).split())


_PLACEHOLDER_CLASSES = frozenset({"missing-image", "player"})


def first_block(html: str) -> str:
    """The words of the first block with words in an HTML fragment; all its words if it has no such block."""
    root = root_of(parse(html))
    return next((text for element in tags(root, _TEXT_BLOCKS) if (text := words(element))), words(root))


BREAK = NavigableString(" ")
_READINGS = frozenset({"rt", "rp"})


def texts(element: PageElement) -> list[NavigableString]:
    """The text nodes under `element` in reading order, with a BREAK for each `<br>`; without the readings of `ruby`."""
    if not isinstance(element, Tag):
        return []
    found: list[NavigableString] = []
    node, end = _bounds(element)
    while node is not end:
        if type(node) is NavigableString:  # not a comment, doctype or CDATA
            if node.parent is not None and node.parent.name not in _READINGS:
                found.append(node)
        elif node.name == "br":
            found.append(BREAK)
        node = node.next_element
    return found


def in_note_reference(text: NavigableString) -> bool:
    parent = text.parent
    return parent is not None and parent.name == "a" and "noteref" in classes(parent)


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
    """Well-formed XHTML of one element or of several sibling nodes; attributes stand in the order of their names."""
    if isinstance(nodes, Tag):
        return _written([nodes])
    return _written([node for node in nodes if isinstance(node, Tag) or type(node) is NavigableString])


def _written(nodes: Sequence[PageElement]) -> str:
    pieces: list[str] = []
    open_ends = [""]
    levels = [iter(nodes)]
    while levels:
        for node in levels[-1]:
            if type(node) is NavigableString:
                pieces.append(escaped(node))
            elif not isinstance(node, Tag):  # a comment
                pieces.append(node.output_ready() if isinstance(node, NavigableString) else "")
            elif node.contents:
                pieces.append(f"<{node.name}{_attributes(node)}>")
                open_ends.append(f"</{node.name}>")
                levels.append(iter(node.contents))
                break
            else:
                pieces.append(f"<{node.name}{_attributes(node)}{'/>' if node.can_be_empty_element else f'></{node.name}>'}")
        else:
            levels.pop()
            pieces.append(open_ends.pop())
    return "".join(pieces)


def _attributes(element: Tag) -> str:
    attributes = element.attrs
    return "".join([f" {name}={_quoted(attributes[name])}" for name in sorted(attributes)]) if attributes else ""


def _quoted(value: Any) -> str:
    text = escaped(" ".join(value) if isinstance(value, (list, tuple)) else str(value))
    if '"' not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else f'"{text.replace(chr(34), "&quot;")}"'


def escaped(text: str) -> str:
    """A text as it stands in XHTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
