"""Icons of icon fonts: private-use characters that stand where no word is, and say nothing without the font they were made for.

A private-use character in or beside a word stays: it may be a letter of somebody's font, and the page shows its code point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import nodes
from publisher.model.parts import Removal
from publisher.text.characters import PRIVATE_USE, code_point

_ICON = re.compile(f"\\s*([{PRIVATE_USE}])[\ufe00-\ufe0f\u200d]*(?:\\s+|$)")  # with variation selectors, which it may carry
_CODE = ("code", "pre", "kbd", "samp")  # what is quoted there is meant
_INLINE = ("a", "abbr", "b", "em", "i", "small", "span", "strong", "sub", "sup", "u")


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article without icons: alone in an element or on a line, or first in it, with a space behind."""
    removed: list[Removal] = []
    behind: list[PageElement | None] = []
    for text in [node for node in nodes(article.root) if isinstance(node, NavigableString)]:
        icon = _ICON.match(text)
        if icon and _is_icon(text, icon):
            element, links = _emptied(text) if icon.end() == len(text) else (None, [])
            removed.append(Removal("icon of an icon font", ", ".join([code_point(icon[1]), *links])))
            if element is None:
                text.replace_with(NavigableString(text[icon.end() :]))
            else:
                behind.append(element.next_sibling)
                element.extract()
    _trim(behind)
    title, subtitle = (_ICON.sub("", value, count=1) for value in (article.metadata.title, article.metadata.subtitle))
    metadata = replace(article.metadata, title=title, subtitle=subtitle)
    return (
        replace(article, metadata=metadata, removed=(*article.removed, *removed))
        if removed
        else replace(article, metadata=metadata)
    )


def _is_icon(text: NavigableString, icon: re.Match[str]) -> bool:
    """Whether no word stands before the icon in its element or line, and none directly behind it."""
    if text.find_parent(_CODE) or _has_text(text.previous_siblings):
        return False
    touches = icon.end() == len(text) and not icon[0][-1:].isspace()
    return not (touches and _has_text(text.next_siblings))


def _has_text(siblings: Iterable[PageElement]) -> bool:
    """Whether text stands between an icon and the end of its element or line."""
    for sibling in siblings:
        if isinstance(sibling, Tag) and sibling.name == "br":
            return False
        if sibling.get_text().strip() if isinstance(sibling, Tag) else str(sibling).strip():
            return True
    return False


def _emptied(text: NavigableString) -> tuple[PageElement, list[str]]:
    """The outermost inline element that has nothing in it but this text, and the addresses of the links that go with it."""
    element: PageElement = text
    links = []
    while (parent := element.parent) is not None and parent.name in _INLINE and len(parent.contents) == 1:
        links += [str(parent["href"])] if parent.get("href") else []
        element = parent
    return element, links


def _trim(texts: Iterable[PageElement | None]) -> None:
    """Removes the space that stood between an icon and a text, where the text now begins its element or line."""
    for text in texts:
        if isinstance(text, NavigableString) and text.parent is not None and not _has_text(text.previous_siblings):
            text.replace_with(NavigableString(text.lstrip()))
