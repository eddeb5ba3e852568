"""What normalized articles keep of their manuscript: the words of tree and metadata, images, tables, notes, links."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from publisher.ledger.account import Kept
from publisher.ledger.inventory import Inventory
from publisher.ledger.visible_text import count_tree
from publisher.model.article import Article
from publisher.model.markup import xml_root
from publisher.model.metadata import Metadata

_FORMULA = "math"  # the class of a formula that is drawn as an image
_REFERENCE = re.compile(r'<a [^>]*\bclass="noteref"[^>]*>[^<]*</a>')  # its number is ours, not the manuscript's
_SVG_TEXT = re.compile(r">([^<>]+)<")
_TEXT_ATTRIBUTES = ("alt", "title", "aria-label")
_WITH_TEXTS = etree.XPath("descendant-or-self::*[self::img or @alt or @title or @aria-label]")


def kept_of(article: Article, written: str) -> Kept:
    """The texts and counts of an article, which is `written` in XHTML. Words of drawn formulas are in the alt texts of images."""
    inventory, header, kept = Inventory(), Inventory(), Kept()
    formulas = 0
    kept.texts += article.metadata.advisories
    kept.titles += _metadata_texts(article.metadata)
    markup = _REFERENCE.sub("", written)
    root = xml_root(markup)
    for part in root:
        count_tree(part, header if part.tag == "header" else inventory, "article")
    for byline in root.iterfind("header/p[@class='byline']"):
        kept.bylines.append("".join(byline.itertext()))
    for element in _WITH_TEXTS(root):
        is_formula = element.tag == "img" and _FORMULA in element.get("class", "").split()
        formulas += is_formula
        (kept.texts if is_formula else kept.titles).extend(filter(None, map(element.get, _TEXT_ATTRIBUTES)))
    kept.numbers += [str(number) for numbered in root.iter("ol") for number in _numbers(numbered)]
    for resource in article.resources:
        if resource.media_type == "image/svg+xml":
            kept.texts += _SVG_TEXT.findall(resource.data.decode("utf-8", "replace"))
    kept.notes += markup.count('<aside class="note"')  # notes that name a source are ours
    kept.images += markup.count('class="missing-image')
    kept.header += [passage.text for passage in header.passages if passage.text not in kept.bylines]
    kept.texts += [*kept.header, *(passage.text for passage in inventory.passages)]
    kept.images += len(inventory.images) + len(header.images) - formulas
    kept.tables, kept.links = inventory.tables + header.tables, inventory.links + header.links
    return kept


def _numbers(numbered: Any) -> range:
    """The numbers that a numbered list shows, which are text in a text file."""
    start = int(numbered.get("start") or 1)
    return range(start, start + len(numbered))


def _metadata_texts(metadata: Metadata) -> list[str]:
    """The texts of the metadata that a reader sees apart from the tree."""
    source = metadata.source
    known = (
        source.title,
        source.publication,
        *source.authors,
        source.license,
        source.descriptor,
        source.credibility,
        source.ai_use,
    )
    return [metadata.publisher, metadata.rights, metadata.slugline, *known]
