"""Gives each alert (a box that its author marked as a note, tip, warning …) its title, in words of the article's language."""

from __future__ import annotations

from bs4 import Tag

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import classes, tags
from publisher.model.vocabulary import ALERTS
from publisher.text.languages import spaces, words_for

_KINDS = {f"alert-{kind}" for kind in ALERTS}


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with a title in each alert. A title that the author gave follows the name of the kind."""
    terms, colon = words_for(article.metadata.lang), " : " if spaces(article.metadata.lang) else ": "
    for box in tags(article.root, ("aside",)):
        kind = next((name for name in classes(box) if name in _KINDS), "")
        if not kind:
            continue
        box["role"] = "note"  # WAI-ARIA 1.2: content that is ancillary to what stands around it
        title = box.find("p", class_="alert-title", recursive=False)
        if isinstance(title, Tag):
            title.insert(0, f"{terms[kind]}{colon}")
        else:
            title = article.tree.new_tag("p", attrs={"class": "alert-title"}, string=terms[kind])
            box.insert(0, title)
    return article
