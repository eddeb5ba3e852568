"""The normalized article as words, for people and for checks: what `publisher tree --to text` prints."""

from __future__ import annotations

import copy

from bs4 import Tag
from bs4.element import NavigableString

from publisher.model.article import Article
from publisher.model.markup import attribute, holds, tags, words
from publisher.text.mathematics import characters_of

_LEAVES = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "dt", "dd", "td", "th", "caption", "figcaption", "summary"]
)


def text_of(article: Article, *, body_only: bool = False) -> str:
    """Title, standfirst, body blocks, then notes, a blank line between blocks; tables cell by cell, alt texts left out.

    A formula stands as its characters, a space between its parts.
    """
    root = _with_formulas(article)
    header, body = root.find("header"), root.find("div", class_="body")
    blocks: list[str] = []
    if not body_only and isinstance(header, Tag):
        blocks += [words(header.find("h1")), *(words(one) for one in header.find_all("p", class_="standfirst"))]
    if isinstance(body, Tag):
        blocks += _blocks(body)
    notes = root.find("section", class_="notes")
    if not body_only and isinstance(notes, Tag):
        blocks += _blocks(notes)
    return "\n\n".join(filter(None, blocks)) + "\n"


def _blocks(part: Tag) -> list[str]:
    found = []
    for leaf in tags(part, _LEAVES):
        if not holds(leaf, _LEAVES):
            found.append(leaf.get_text().strip("\n") if leaf.name == "pre" else words(leaf))
        else:
            found.append(_own(leaf))
    return found


def _own(leaf: Tag) -> str:
    """The words of a block that holds other blocks, up to the first of them."""
    own = []
    for child in leaf.children:
        if isinstance(child, Tag) and (child.name in _LEAVES or holds(child, _LEAVES)):
            break
        own.append(child)
    return " ".join("".join(words(one) if isinstance(one, Tag) else str(one) for one in own).split())


def _with_formulas(article: Article) -> Tag:
    """The article's root; a copy of it with the characters of its formulas in their places, where it has some."""
    formulas = {one.name: characters for one in article.resources if (characters := characters_of(one.data))}
    if not formulas:
        return article.root
    root = copy.copy(article.root)
    for image in tags(root, ("img",)):
        if attribute(image, "src") in formulas:
            alone = image.parent is not None and image.parent.name == "figure"
            image.replace_with(text := NavigableString(formulas[attribute(image, "src")]))
            if alone:
                text.wrap(article.tree.new_tag("p"))
    return root
