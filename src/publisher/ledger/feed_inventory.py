"""Inventories of feeds: titles, summaries and contents of all entries (RSS 2.0, Atom: RFC 4287, JSON Feed 1.1, OPML 2.0)."""

from __future__ import annotations

import json
import re
from typing import Any

import lxml.etree

from publisher.input.manuscript import Manuscript
from publisher.input.xml import local_name, xml_document
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.ledger.visible_text import count_tree

_CONTENT = frozenset({"title", "description", "summary", "content", "encoded", "body"})
_MEDIA = "search.yahoo.com/mrss"
_PLAIN_TYPES = ("text", "text/plain")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


def of_feed(manuscript: Manuscript) -> Inventory:
    """What the entries of an RSS, RDF or Atom feed hold."""
    inventory = Inventory()
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True, huge_tree=True)
    text = _DECLARATION.sub("", manuscript.text()).strip()
    text += "]]>" if text.rfind("<![CDATA[") > text.rfind("]]>") else ""  # cut off in a text
    root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    entries = [element for element in root.iter() if local_name(element).lower() in ("item", "entry")] if root is not None else []
    for number, entry in enumerate(entries, 1):
        for element in entry:
            if isinstance(element.tag, str) and local_name(element) in _CONTENT and _MEDIA not in element.tag:
                _count_construct(element, inventory, f"entry {number}")
    return inventory


def _count_construct(element: Any, inventory: Inventory, place: str) -> None:
    """A text construct: plain, markup in the XML itself, or escaped markup. RSS does not say which."""
    kind = element.get("type") or ""
    if element.get("mode") == "base64" or (kind and "/" in kind and not kind.startswith(("text/", "application/xhtml"))):
        return
    if len(element):
        count_tree(element, inventory, place)
        return
    text = element.text or ""
    if kind in _PLAIN_TYPES or not re.search(r"<\w|&\w+;|&#", text):
        inventory.add(place, text)
    else:
        count_html(text, inventory, place)


def of_json_feed(manuscript: Manuscript) -> Inventory:
    """What the items of a JSON Feed hold. The text form of an item is counted if it has no HTML form."""
    inventory = Inventory()
    items = [item for item in json.loads(manuscript.text(), strict=False).get("items") or [] if isinstance(item, dict)]
    for number, item in enumerate(items, 1):
        place = f"item {number}"
        inventory.add_title(place, str(item.get("title") or ""))
        inventory.add(place, str(item.get("summary") or ""))
        if item.get("content_html"):
            count_html(str(item["content_html"]), inventory, place)
        else:
            inventory.add(place, str(item.get("content_text") or ""))
        if item.get("image"):
            inventory.images.append(place)
    return inventory


def of_outlines(manuscript: Manuscript) -> Inventory:
    """The texts of the outlines of an OPML file."""
    inventory = Inventory()
    for element in xml_document(manuscript).iter():
        if local_name(element) == "outline":
            inventory.add(f"line {element.sourceline}", element.get("text") or element.get("title") or "")
            inventory.links += bool(element.get("htmlUrl") or element.get("xmlUrl"))
    return inventory
