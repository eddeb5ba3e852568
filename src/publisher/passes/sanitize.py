"""Holds the tree to the vocabulary: other elements are renamed or opened, other attributes and classes taken off.

The dangerous part (scripts, styles, handlers, schemes) is gone before there is a tree: markup.parse runs nh3.
"""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import AttributeValueList, Comment

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.markup import classes, tags

_VALUES = {
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    "dir": re.compile("ltr|rtl|auto"),
    "start": re.compile(r"-?\d{1,9}"),
    "value": re.compile(r"-?\d{1,9}"),
    "type": re.compile("[1aAiI]"),
    "scope": re.compile("row|col|rowgroup|colgroup"),
}


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with nothing in its tree that vocabulary.py does not name (bar TRANSPARENT, which structure opens)."""
    for tag in tags(article.root):
        tag.name = vocabulary.RENAMED.get(tag.name, tag.name)
        if tag.name not in vocabulary.ELEMENTS and tag.name not in vocabulary.TRANSPARENT:
            tag.unwrap()
        else:
            _attributes(tag)
    for comment in [one for one in article.root.descendants if isinstance(one, Comment)]:
        comment.extract()
    return article


def _attributes(tag: Tag) -> None:
    kept = [name for name in classes(tag) if name in vocabulary.CLASSES]
    allowed = vocabulary.allowed_attributes(tag.name)
    attributes = {name: value for name, value in tag.attrs.items() if name in allowed and name != "class"}
    if kept:
        attributes["class"] = AttributeValueList(kept)
    for name, pattern in _VALUES.items():
        if name in attributes and not pattern.fullmatch(str(attributes[name])):
            del attributes[name]
    for name in ("colspan", "rowspan", "span"):
        if name in attributes and not (str(attributes[name]).isdigit() and 1 < int(str(attributes[name])) <= 1000):
            del attributes[name]
    tag.attrs = attributes
