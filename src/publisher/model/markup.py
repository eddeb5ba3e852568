"""Between strings of markup and trees: the one door through which HTML comes in, and the one through which XHTML leaves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from publisher.model import vocabulary

_ATTRIBUTES = {tag: set(vocabulary.allowed_attributes(tag)) for tag in vocabulary.ELEMENTS | vocabulary.TRANSPARENT}
_TAGS = set(vocabulary.ELEMENTS | vocabulary.TRANSPARENT | vocabulary.RENAMED.keys())
_BREAKS = re.compile("<wbr[^>]*>")
_SAID = frozenset({"p", "li", "pre", "td", "th", "dt", "dd", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"})
_SPACES = re.compile(r"\s+")


def parse(html: str) -> BeautifulSoup:
    """A sanitized tree of an HTML fragment, under one `<article>`.

    html5ever (through nh3) repairs what is broken and drops scripts, styles, comments, event handlers and
    unknown schemes before anything of ours sees the markup (issue: The spine).
    """
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=set(vocabulary.DROPPED) - _TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={*vocabulary.LINK_SCHEMES, "data"},
        link_rel=None,
        strip_comments=True,
    )
    closed = _BREAKS.sub("<wbr/>", clean)  # libxml2 does not know that wbr is empty and would nest what follows
    return BeautifulSoup(f"<article>{closed}</article>", "lxml")


def root_of(tree: BeautifulSoup) -> Tag:
    """The `<article>` element of a tree made by `parse`."""
    root = tree.article
    if root is None:  # a reader's bug, not an author's
        raise TypeError("a tree without an article element")
    return root


def tags(root: Tag, names: Collection[str] | None = None) -> list[Tag]:
    """The elements under `root` of these names (any, without), in order: `find_all` at a tenth of its price."""
    return [one for one in root.descendants if isinstance(one, Tag) and (names is None or one.name in names)]


def holds(root: Tag, names: Collection[str]) -> bool:
    """Whether an element of one of these names is under `root`."""
    return any(isinstance(one, Tag) and one.name in names for one in root.descendants)


def words(element: PageElement | None) -> str:
    """The text of an element, white space folded; note calls and what stands in for a picture or a film left out."""
    if element is None:
        return ""
    if isinstance(element, NavigableString):
        return _SPACES.sub(" ", str(element)).strip()
    strings = (text for text in texts(element) if not in_note_reference(text) and not _stands_in(text))
    return _SPACES.sub(" ", "".join(" " if text is BREAK else text for text in strings)).strip()


STAND_INS = frozenset({"missing-image", "player"})


def first_block(html: str) -> str:
    """The words of the first block of a piece of HTML that has some; of all of it where it has no blocks."""
    root = root_of(parse(html))
    return next((said for one in tags(root, _SAID) if (said := words(one))), words(root))


BREAK = NavigableString(" ")


def texts(element: PageElement) -> Iterator[NavigableString]:
    """The text nodes under `element` in reading order; a BREAK stands for each `<br>`."""
    if not isinstance(element, Tag):
        return
    for node in element.descendants:
        if isinstance(node, NavigableString):
            if type(node) is NavigableString:  # not a comment, doctype or CDATA
                yield node
        elif isinstance(node, Tag) and node.name == "br":
            yield BREAK


def in_note_reference(text: NavigableString) -> bool:
    parent = text.parent
    return parent is not None and parent.name == "a" and "noteref" in classes(parent)


def _stands_in(text: NavigableString) -> bool:
    """Whether a text is a label of ours: in the frame of a missing picture, or on the link to a film."""
    parent = text.parent
    return parent is not None and not STAND_INS.isdisjoint(classes(parent))


def classes(tag: Tag) -> list[str]:
    """The classes of an element, as a list even where there are none."""
    value = tag.get("class")
    if value is None:
        return []
    return value.split() if isinstance(value, str) else list(value)


def attribute(tag: Tag, name: str) -> str:
    """An attribute as one string; empty where it is missing."""
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


def xhtml(nodes: Tag | Iterable[PageElement]) -> str:
    """Well-formed XHTML of one element or of several nodes side by side."""
    if isinstance(nodes, Tag):
        return nodes.decode(formatter="minimal")
    return "".join(
        node.decode(formatter="minimal") if isinstance(node, Tag) else node.output_ready("minimal")
        for node in nodes
        if isinstance(node, Tag) or type(node) is NavigableString
    )
