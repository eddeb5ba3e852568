"""Refuses articles that no page can hold in bounded time: too many notes, too many references to them, a word without an end.

Tables are measured by the pass `tables`, pictures by `images`, and markup where it is parsed (`input/extent.py`).
"""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import NavigableString

from publisher.input.extent import check_limit
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import classes, nodes

_WORD = re.compile(r"\S+")


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article as it is. Raises PublisherError if it is over a limit."""
    notes = references = letters = 0
    shortest = manuscript.limits.word_letters
    for node in nodes(article.root):
        if isinstance(node, NavigableString):
            if len(node) > shortest:
                letters = max(letters, *(len(word) for word in _WORD.findall(node)), 0)
        elif isinstance(node, Tag) and node.name == "a":
            references += "noteref" in classes(node)
        elif isinstance(node, Tag) and node.name == "aside":
            notes += "note" in classes(node)
    check_limit(manuscript, "notes", notes, "{} notes")
    check_limit(manuscript, "references", references, "{} references to notes")
    check_limit(manuscript, "word_letters", letters, "a word of {} letters")
    return article
