"""Takes orders of an agency or a press office (embargo, hold, kill) from the first blocks of an article, whatever its format."""

from __future__ import annotations

from dataclasses import replace

from publisher.input.agency_status import hold_of_lines, latest_hold, orders_hold
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import holds, tags, words
from publisher.model.parts import NOTE_TO_EDITORS, Removal

_TOP_BLOCKS = 8
_LONGEST_ORDER = 20  # words
_BLOCK_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "li")


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article without such lines; they are in its metadata, and hold it back."""
    orders = []
    for block in list(tags(article.root, _BLOCK_TAGS))[:_TOP_BLOCKS]:
        text = words(block)
        is_known = any(advisory in text for advisory in article.metadata.advisories)  # by the reader, which keeps the line
        if len(text.split()) <= _LONGEST_ORDER and orders_hold(text) and not is_known and not holds(block, ("img",)):
            orders.append(text)
            if block.name in ("td", "th"):
                block.clear()
            else:
                block.decompose()
    if not orders:
        return article
    metadata = article.metadata
    stated = filter(None, (metadata.hold, hold_of_lines(manuscript, orders)))
    metadata = replace(metadata, advisories=(*metadata.advisories, *orders), hold=latest_hold(stated))
    return replace(article, metadata=metadata, removed=article.removed + tuple(Removal(NOTE_TO_EDITORS, text) for text in orders))
