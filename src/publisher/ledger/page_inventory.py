"""The inventory of a saved web page: the visible text of the whole page, most of which is not the article."""

from __future__ import annotations

import json
import re
from html import escape
from itertools import accumulate

import lxml.etree
import lxml.html

from publisher.input.manuscript import Manuscript
from publisher.ledger.inventory import Inventory
from publisher.ledger.visible_text import count_tree

_NOSCRIPT = re.compile(r"</?noscript\b[^>]*>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)  # text in XHTML; the HTML parser drops it
_ARTICLE_BODY = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]|\\.)*)"')  # the article of a page that shows none
_LEAST_PROSE = 60  # words
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # what stands behind is shown too


def of_page(manuscript: Manuscript) -> Inventory:
    """What the page shows; if it shows hardly any running text, also the article that its JSON-LD states."""
    inventory = Inventory(is_page=True)
    html = manuscript.text()
    count_html(html, inventory)
    if not _has_prose(inventory):
        bodies = [text for match in _ARTICLE_BODY.finditer(html) if (text := _unquoted(match[1]))]
        inventory.add("JSON-LD", max(bodies, key=len, default=""))
    return inventory


def _has_prose(inventory: Inventory) -> bool:
    """Whether a page shows as much running text as an article has; counted only so far."""
    counts = accumulate(len(passage.text.split()) for passage in inventory.passages if passage.is_prose)
    return any(count >= _LEAST_PROSE for count in counts)


def _unquoted(text: str) -> str:
    """The text of a JSON string; empty if it is broken."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return ""


def count_html(html: str, inventory: Inventory, place: str = "", *, scripts: bool = True) -> None:
    """Adds what a page or a piece of HTML shows to an inventory. Without `scripts`, `noscript` is shown too."""
    if not scripts:
        html = _NOSCRIPT.sub("", _CDATA.sub(lambda match: escape(match[1], quote=False), html))
    parser = lxml.etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(_PAGE_END.sub("", html).encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:  # no element at all
        inventory.add(place, html)
        return
    count_tree(root, inventory, place)
