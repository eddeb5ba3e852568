"""What normalized articles keep of their manuscript: the words of tree and metadata, images, tables, notes, links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from publisher.ledger.account import Kept
from publisher.ledger.inventory import Inventory
from publisher.ledger.visible_text import count_tree
from publisher.model.article import Article
from publisher.model.markup import xhtml, xml_root
from publisher.model.metadata import Metadata

_TEXT_ATTRIBUTES = re.compile(r'\s(?:alt|title|aria-label)="([^"]*)"')
_REFERENCE = re.compile(r'<a [^>]*\bclass="noteref"[^>]*>[^<]*</a>')  # its number is ours, not the manuscript's
_SVG_TEXT = re.compile(r">([^<>]+)<")


def kept_of(articles: Sequence[Article]) -> Kept:
    """The texts and counts of articles together. Drawn formulas are no images: their words are in the alt text."""
    inventory, texts = Inventory(), []
    for article in articles:
        texts += _header_texts(article.metadata)
        markup = _REFERENCE.sub("", xhtml(article.root))
        texts += _TEXT_ATTRIBUTES.findall(markup)
        root = xml_root(markup)
        count_tree(root, inventory, "article")
        texts += [str(number) for numbered in root.iter("ol") for number in _numbers(numbered)]
        for resource in article.resources:
            if resource.media_type == "image/svg+xml":
                texts += _SVG_TEXT.findall(resource.data.decode("utf-8", "replace"))
        inventory.notes += markup.count('<aside class="note"')  # notes that name a source are ours
        inventory.images += ["article"] * markup.count('class="missing-image')
    texts += [passage.text for passage in inventory.passages]
    return Kept(tuple(texts), len(inventory.images), inventory.tables, inventory.notes, inventory.links)


def _numbers(numbered: Any) -> range:
    """The numbers that a numbered list shows, which are text in a text file."""
    start = int(numbered.get("start") or 1)
    return range(start, start + len(numbered))


def _header_texts(metadata: Metadata) -> list[str]:
    """The texts of the metadata that a reader sees apart from the tree. A description is in the metadata of the files alone."""
    source = metadata.source
    texts = [
        metadata.dateline,
        metadata.publisher,
        metadata.rights,
        *metadata.advisories,
        source.publication,
    ]
    if source.title != metadata.title:
        texts.append(source.title)
    if source.authors != metadata.authors:
        texts += source.authors
    return texts
