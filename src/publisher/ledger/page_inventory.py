"""The inventory of a saved web page: the visible text of the whole page, most of which is not the article."""

from __future__ import annotations

import re
from html import escape

import lxml.etree
import lxml.html

from publisher.input.manuscript import Manuscript
from publisher.ledger.inventory import Inventory
from publisher.ledger.visible_text import count_tree

_NOSCRIPT = re.compile(r"</?noscript\b[^>]*>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)  # text in XHTML; the HTML parser drops it
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)  # what stands behind is shown too


def of_page(manuscript: Manuscript) -> Inventory:
    """What the page shows."""
    inventory = Inventory(is_page=True)
    count_html(manuscript.text(), inventory)
    return inventory


def count_html(html: str, inventory: Inventory, place: str = "", *, scripts: bool = True) -> None:
    """Adds what a page or a piece of HTML shows to an inventory. Without `scripts`, `noscript` is shown too."""
    if not scripts:
        html = _NOSCRIPT.sub("", _CDATA.sub(lambda match: escape(match[1], quote=False), html))
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(_PAGE_END.sub("", html).encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:  # no element at all
        inventory.add(place, html)
        return
    count_tree(root, inventory, place)
