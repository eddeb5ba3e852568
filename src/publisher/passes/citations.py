"""Every citation of a library gets a note: a reference in the text, and an `aside.note.cites` for what is to be written there.

What is written is known when the edition is assembled, for it depends on the library and the style. Until then the place,
`<span data-cluster="N">`, holds what the author typed. A citation inside a note has its place there.
"""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import AttributeValueList, NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import attribute, classes, tags

_PLACE_ID = re.compile(r"cluster-(\d+)")


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with `span.cluster` of its reader made places, each inside a note."""
    if not article.clusters:
        return article
    for span in tags(article.root, ("span",)):
        match = _PLACE_ID.fullmatch(attribute(span, "id"))
        if match is None or "cluster" not in classes(span) or int(match[1]) >= len(article.clusters):
            continue
        span.attrs = {"data-cluster": match[1]}
        note = span.find_parent("aside", class_="note")
        if note is None:
            _add_note(article, span, f"cluster-{match[1]}")
        elif note.get_text().strip() == span.get_text().strip():  # a footnote that a program of citations made
            note["class"] = AttributeValueList(["note", "cites"])
            note.clear()
            note.append(_paragraph(article, span))
    return article


def _add_note(article: Article, span: Tag, key: str) -> None:
    """Puts a place into a note of its own, and the reference to the note where it stood."""
    reference = article.tree.new_tag("a", attrs={"class": "noteref", "href": f"#{key}"})
    reference.string = "*"
    span.replace_with(reference)
    note = article.tree.new_tag("aside", attrs={"id": key})
    note["class"] = AttributeValueList(["note", "cites"])
    note.append(_paragraph(article, span))
    article.root.append(note)


def _paragraph(article: Article, span: Tag) -> Tag:
    paragraph = article.tree.new_tag("p")
    text = span.get_text()
    span.clear()
    span.append(NavigableString(text))
    paragraph.append(span)
    return paragraph
