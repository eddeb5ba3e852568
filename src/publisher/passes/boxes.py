"""Tells boxes of key messages from boxes of key figures: the former are set as sentences, the latter with large numbers."""

from __future__ import annotations

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import classes, tags, words

_LONGEST_FIGURE = 18  # characters of a figure with its unit: "14.2 million tons"


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with the class `messages` on each box of key points where a bold beginning is longer than a figure."""
    for box in tags(article.root, ("aside",)):
        if "key" in classes(box):
            bold = [item.find("strong") for item in tags(box, ("li",))]
            if any(len(words(strong)) > _LONGEST_FIGURE for strong in bold if strong is not None):
                box["class"] = " ".join([*classes(box), "messages"])
    return article
