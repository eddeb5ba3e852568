"""Limits the tree to the vocabulary: other elements are renamed or unwrapped, other attributes and classes removed.

The dangerous parts (scripts, styles, handlers, schemes) are removed before the tree exists: markup.parse runs nh3.
"""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import AttributeValueList, Comment

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.markup import classes, nodes, tags
from publisher.text.numbers import whole_number

_MOST_SPANNED = 1000  # columns or rows of a cell (HTML, 4.9.11)
_VALUE_PATTERNS = {
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "dir": re.compile("ltr|rtl|auto"),
    "start": re.compile("-?[0-9]{1,9}"),
    "value": re.compile("-?[0-9]{1,9}"),
    "type": re.compile("[1aAiI]"),
    "scope": re.compile("row|col|rowgroup|colgroup"),
}


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with only the elements of vocabulary.py in its tree (and TRANSPARENT ones, which `structure` unwraps)."""
    for tag in tags(article.root):
        tag.name = vocabulary.RENAMED.get(tag.name, tag.name)
        if tag.name not in vocabulary.ELEMENTS and tag.name not in vocabulary.TRANSPARENT:
            tag.unwrap()
        else:
            _filter_attributes(tag)
    for comment in [node for node in nodes(article.root) if isinstance(node, Comment)]:
        comment.extract()
    return article


def _filter_attributes(tag: Tag) -> None:
    if not tag.attrs:
        tag.attrs = {}
        return
    kept_classes = [name for name in classes(tag) if name in vocabulary.CLASSES]
    allowed = vocabulary.allowed_attributes(tag.name)
    attributes = {name: value for name, value in tag.attrs.items() if name in allowed and name != "class"}
    if kept_classes:
        attributes["class"] = AttributeValueList(kept_classes)
    for name, pattern in _VALUE_PATTERNS.items():
        if name in attributes and not pattern.fullmatch(str(attributes[name])):
            del attributes[name]
    for name in ("colspan", "rowspan", "span"):
        if name in attributes and not 1 < whole_number(str(attributes[name])) <= _MOST_SPANNED:
            del attributes[name]
    tag.attrs = attributes
