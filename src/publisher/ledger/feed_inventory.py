"""Inventories of feeds: titles, summaries and contents of all entries (RSS 2.0, Atom: RFC 4287, JSON Feed 1.1, OPML 2.0)."""

from __future__ import annotations

import re
from typing import Any

import lxml.etree

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import json_of, objects_in, texts_in
from publisher.input.xml import local_name, text_at, xml_document
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.ledger.text_inventory import count_markdown
from publisher.ledger.visible_text import count_tree
from publisher.model.public_addresses import without_secrets
from publisher.text.characters import without_bad_references, without_named_references

_CONTENT = frozenset({"title", "description", "summary", "content", "encoded", "body"})
_MACHINE_TAGS = frozenset(  # of an entry: addresses, dates, names, subjects, rights, which become metadata or are for programs
    ["link", "guid", "id", "pubdate", "updated", "published", "date", "modified", "issued", "created", "author", "creator",
     "contributor", "category", "subject", "enclosure", "source", "comments", "rights", "copyright", "origlink", "thumbnail"]
)  # fmt: skip
_MEDIA = "search.yahoo.com/mrss"
_PLAIN_TYPES = ("text", "text/plain")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


def of_feed(manuscript: Manuscript) -> Inventory:
    """What the entries of an RSS, RDF or Atom feed hold."""
    inventory = Inventory()
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True, huge_tree=True)
    text = without_named_references(_DECLARATION.sub("", manuscript.text()).strip())
    text += "]]>" if text.rfind("<![CDATA[") > text.rfind("]]>") else ""  # cut off in a text
    root = lxml.etree.fromstring(without_bad_references(text.encode("utf-8", "replace")), parser)
    entries = [element for element in root.iter() if local_name(element).lower() in ("item", "entry")] if root is not None else []
    for number, entry in enumerate(entries, 1):
        _count_entry(entry, inventory, f"entry {number}")
    return inventory


def _count_entry(entry: Any, inventory: Inventory, place: str) -> None:
    """Title, and the summaries and contents, which are forms of one text; enclosures, images of Media RSS."""
    forms = []
    for element in entry:
        name = local_name(element) if isinstance(element.tag, str) else ""
        if name == "title" and _MEDIA not in element.tag:
            _count_construct(element, inventory, place)
        elif name in _CONTENT and _MEDIA not in element.tag:
            forms.append(Inventory())
            _count_construct(element, forms[-1], place)
        elif name and name.lower() not in _MACHINE_TAGS and _MEDIA not in element.tag and element.get("mode") != "base64":
            other = Inventory()
            _count_construct(element, other, place)
            inventory.titles += other.passages
        if name == "enclosure" or (name == "link" and element.get("rel") == "enclosure"):
            address = element.get("url") or element.get("href") or ""
            name = element.get("title") or without_secrets(address)
            inventory.add_title(place, name if address.startswith("http") else "")
    if forms:
        inventory.add_forms(forms)
    _count_media(entry, inventory, place)


def _count_media(entry: Any, inventory: Inventory, place: str) -> None:
    """The images of Media RSS that no text of the entry shows, with their descriptions and credits."""
    source = "".join(
        "".join(element.itertext()) for element in entry if isinstance(element.tag, str) and _MEDIA not in element.tag
    )
    for image in entry.iter("{*}content"):
        url = image.get("url") or ""
        if _MEDIA in image.tag and url not in source and "image" in (image.get("medium"), (image.get("type") or "")[:5]):
            inventory.images.append(place)
            for text in image.iter("{*}description", "{*}credit"):
                inventory.add_title(place, text.text or "")


def _count_construct(element: Any, inventory: Inventory, place: str) -> None:
    """A text construct: plain, markup in the XML itself, or escaped markup. RSS does not say which."""
    kind = element.get("type") or ""
    if element.get("mode") == "base64" or (kind and "/" in kind and not kind.startswith(("text/", "application/xhtml"))):
        return
    if len(element):
        count_tree(element, inventory, place)
        return
    text = element.text or ""
    if "markdown" in kind:
        count_markdown(text, inventory, place)
    elif kind in _PLAIN_TYPES or not re.search(r"<\w|&\w+;|&#", text):
        inventory.add(place, text)
    else:
        count_html(text, inventory, place)


def of_json_feed(manuscript: Manuscript) -> Inventory:
    """What the items of a JSON Feed hold. Its text form and its summary count for the words that its HTML form lacks."""
    inventory = Inventory()
    listed = json_of(manuscript).get("items")
    items = objects_in(listed)
    for text in texts_in([item for item in listed or () if not isinstance(item, dict)]):
        inventory.add("an item that is no object", text)
    for number, item in enumerate(items, 1):
        place = f"item {number}"
        inventory.add_title(place, str(item.get("title") or ""))
        forms = [Inventory(), Inventory(), Inventory()]
        count_html(str(item.get("content_html") or ""), forms[0], place)
        forms[1].add(place, str(item.get("content_text") or ""))
        forms[2].add(place, str(item.get("summary") or ""))
        inventory.add_forms(forms)
        if item.get("image") and str(item["image"]) not in str(item.get("content_html") or ""):
            inventory.images.append(place)
        for file in objects_in(item.get("attachments")):
            if str(file.get("url", "")).startswith("http"):
                inventory.add_title(place, str(file.get("title") or without_secrets(str(file["url"]))))
    return inventory


def of_outlines(manuscript: Manuscript) -> Inventory:
    """The texts of the outlines of an OPML file."""
    inventory, root = Inventory(), xml_document(manuscript)
    inventory.add_title("head", text_at(root, "head", "title"))
    for element in root.iter():
        if local_name(element) == "outline":
            address = element.get("htmlUrl") or element.get("xmlUrl") or element.get("url") or ""
            inventory.add(f"line {element.sourceline}", element.get("text") or element.get("title") or without_secrets(address))
            for name in ("description", "_note"):
                inventory.add(f"line {element.sourceline}", element.get(name) or "")
            inventory.links += bool(element.get("htmlUrl") or element.get("xmlUrl"))
    return inventory
