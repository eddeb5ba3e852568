"""The normalized article as plain text, for people and for checks. `publisher tree --to text` prints it."""

from __future__ import annotations

import copy

from bs4 import Tag
from bs4.element import NavigableString

from publisher.model.article import Article
from publisher.model.markup import attribute, classes, first_tag, holds, tags, words
from publisher.text.mathematics import characters_of

_TEXT_BLOCKS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "dt", "dd", "td", "th", "caption", "figcaption", "summary"]
)

_PARTS = (("header", ""), ("div", "body"), ("section", "notes"))


def text_of(article: Article, *, body_only: bool = False) -> str:
    """Title, standfirst, body blocks, then notes, with a blank line between blocks. Each table cell is a block.

    Alt texts are left out. A formula is shown as its characters, with spaces between its parts.
    """
    root = _root_with_formulas(article)
    header, body, notes = (first_tag(root, (name,), kind) for name, kind in _PARTS)
    blocks: list[str] = []
    if not body_only and header is not None:
        blocks.append(words(first_tag(header, ("h1",))))
        blocks += [words(paragraph) for paragraph in tags(header, ("p",)) if "standfirst" in classes(paragraph)]
    if body is not None:
        blocks += _texts_of_blocks(body)
    if not body_only and notes is not None:
        blocks += _texts_of_blocks(notes)
    return "\n\n".join(filter(None, blocks)) + "\n"


def _texts_of_blocks(part: Tag) -> list[str]:
    block_texts = []
    for block in tags(part, _TEXT_BLOCKS):
        if not holds(block, _TEXT_BLOCKS):
            block_texts.append(block.get_text().strip("\n") if block.name == "pre" else words(block))
        else:
            block_texts.append(_own_text(block))
    return block_texts


def _own_text(block: Tag) -> str:
    """The words of a block before the first block inside it."""
    nodes = []
    for child in block.children:
        if isinstance(child, Tag) and (child.name in _TEXT_BLOCKS or holds(child, _TEXT_BLOCKS)):
            break
        nodes.append(child)
    return " ".join("".join(words(node) if isinstance(node, Tag) else str(node) for node in nodes).split())


def _root_with_formulas(article: Article) -> Tag:
    """The article's root. If it has formulas, a copy of the root with their characters in place of their images."""
    formulas = {resource.name: characters for resource in article.resources if (characters := characters_of(resource.data))}
    if not formulas:
        return article.root
    root = copy.copy(article.root)
    for image in tags(root, ("img",)):
        if attribute(image, "src") in formulas:
            is_figure = image.parent is not None and image.parent.name == "figure"
            image.replace_with(text := NavigableString(formulas[attribute(image, "src")]))
            if is_figure:
                text.wrap(article.tree.new_tag("p"))
    return root
