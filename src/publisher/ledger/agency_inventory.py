"""Inventories of news agencies' formats: the story with its heads and captions (NITF 3.6, NewsML-G2, ninjs 1 to 3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.snippets import json_of, objects_in
from publisher.input.xml import local_name, xml_document, xml_of
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html
from publisher.ledger.visible_text import count_tree
from publisher.model.diagnostics import PublisherError

_ITEMS = frozenset({"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem"})
_META_TEXTS = frozenset({"headline", "description", "creditline", "edNote", "dateline", "by"})
_NEWS_LINES = frozenset(
    ["SubHeadLine", "ByLine", "DateLine", "RightsLine", "SeriesLine", "SlugLine", "KeywordLine", "NewsLineText"]
)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|tiff?|svg)$", re.IGNORECASE)
# XML of an agency's own, with codes in it.
_FOREIGN = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?!/|!|html|body|p\b|div|article|section|h\d|nitf|[uo]l|table|blockquote|figure|span|[abi]\b)"
)
_CONCEPT_TEXTS = frozenset({"name", "definition", "note", "headline", "description", "slugline", "edNote", "title"})


def of_nitf(manuscript: Manuscript) -> Inventory:
    """The body of the story: head, content and end."""
    inventory = Inventory()
    _count_nitf(xml_document(manuscript), inventory, "")
    return inventory


def _count_nitf(root: Any, inventory: Inventory, place: str) -> None:
    for element in root.iter():
        if local_name(element) == "body":
            count_tree(element, inventory, place)
        elif local_name(element) == "media" and element.get("media-type", "image") == "image":
            inventory.images += [place or f"line {element.sourceline}"] * any(
                local_name(part) == "media-reference" and (part.get("source") or part.get("data-location"))
                for part in element.iter()
            )


def of_newsml(manuscript: Manuscript) -> Inventory:
    """The content of each item, its headlines, descriptions and credits; of concepts and plans all names and definitions."""
    inventory, root = Inventory(), xml_document(manuscript)
    if local_name(root) == "NewsML":
        _count_newsml1(root, inventory)
        return inventory
    items = (
        [root] if local_name(root) not in ("newsMessage", "catalogItem") else [e for e in root.iter() if local_name(e) in _ITEMS]
    )
    for item in items:
        for element in item.iter():
            name, parents = local_name(element), {local_name(ancestor) for ancestor in element.iterancestors()}
            if name in ("inlineXML", "inlineData") and not element.get("encoding"):
                _count_inline(manuscript, element, inventory)
            elif parents & {"inlineXML", "inlineData"}:
                continue
            elif (name in _META_TEXTS and parents & {"contentMeta", "itemMeta", "partMeta"}) or (
                name in _CONCEPT_TEXTS
                and local_name(item) != "newsItem"
                and not parents & {"contentMeta", "itemMeta", "rightsInfo"}
            ):
                text = "".join(element.itertext())
                (inventory.add_title if name in ("headline", "creditline") else inventory.add)(f"line {element.sourceline}", text)
        inventory.images += _renditions(item)
    return inventory


def _count_newsml1(root: Any, inventory: Inventory) -> None:
    """NewsML 1.x: news lines, comments, instructions; the contents of each component, which are forms of one text."""
    for element in root.iter():
        name, place = local_name(element), f"line {element.sourceline}"
        parents = {local_name(ancestor) for ancestor in element.iterancestors()}
        if name in ("HeadLine", "CreditLine", "CopyrightLine") and "NewsLines" in parents:
            inventory.add_title(place, "".join(element.itertext()))
        elif (name in _NEWS_LINES and "NewsLines" in parents) or (name in ("Comment", "Instruction") and "NewsItem" in parents):
            inventory.add(place, "".join(element.itertext()))
        elif name == "NewsComponent":
            contents = [part for part in element if local_name(part) == "ContentItem"]
            inventory.images += [place for content in contents if _is_image_content(content)]
            forms = [_counted_content(part, place) for part in contents if not _is_image_content(part)]
            if forms:
                inventory.add_forms(forms)


def _counted_content(content: Any, place: str) -> Inventory:
    counted = Inventory()
    data = next((part for part in content.iter() if local_name(part) == "DataContent"), None)
    encoding = next((str(part.get("Notation")) for part in content if local_name(part) == "Encoding"), "")
    if data is None or "base64" in encoding.lower():
        return counted
    stories = [part for part in data.iter() if local_name(part) == "nitf"]
    for story in stories:
        _count_nitf(story, counted, place)
    if len(data) and not stories:
        count_tree(next((part for part in data.iter() if local_name(part).lower() == "body"), data), counted, place)
    elif not stories:
        count_html(data.text or "", counted, place)
    return counted


def _is_image_content(content: Any) -> bool:
    """Whether a content item is an image: by the names of its medium and format, or by the name of its file."""
    kinds = " ".join(str(part.get("FormalName")) for part in content if local_name(part) in ("MediaType", "MimeType", "Format"))
    address = str(content.get("Href") or "")
    is_named = bool(re.search(r"photo|picture|image|graphic", kinds, re.IGNORECASE) or _IMAGE_NAME.search(address))
    return is_named and (bool(address) or any(local_name(part) == "Encoding" for part in content))


def _renditions(item: Any) -> list[str]:
    """One image for all renditions of the same picture."""
    contents = [element for element in item.iter() if local_name(element) == "remoteContent"]
    images = [element for element in contents if str(element.get("contenttype", "image")).startswith("image")]
    return [f"line {images[0].sourceline}"] if images else []


def _count_inline(manuscript: Manuscript, element: Any, inventory: Inventory) -> None:
    place = f"line {element.sourceline}"
    stories = [part for part in element.iter() if local_name(part) == "nitf"]
    if stories:
        for story in stories:
            _count_nitf(story, inventory, place)
    elif len(element):
        body = next((part for part in element.iter() if local_name(part) == "body"), element)
        count_tree(body, inventory, place)
    elif "html" in str(element.get("contenttype", "")):
        count_html(element.text or "", inventory, place)
    else:
        inventory.add(place, "".join(element.itertext()))


def of_ninjs(manuscript: Manuscript) -> Inventory:
    """Headlines, bodies and descriptions of each item; of several bodies all words, each once; captions of its pictures."""
    inventory = Inventory()
    values = json_of(manuscript)
    for item in values if isinstance(values, list) else [values]:
        if isinstance(item, dict):
            _count_item(manuscript, _lower(item), inventory)
    return inventory


def _lower(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _lower(part) for key, part in value.items()}
    return [_lower(part) for part in value] if isinstance(value, list) else value


def _count_item(manuscript: Manuscript, item: dict[str, Any], inventory: Inventory) -> None:
    for text in _texts(item, "headlines", "headline"):
        inventory.add_title("headline", text)
    forms = []
    texts = list(_texts(item, "bodies", "body"))
    for text in [text for text in texts if not _FOREIGN.match(text)] or texts:
        form = Inventory()
        if text.lstrip().startswith(("<nitf", "<?xml", "<body.content")):
            try:
                _count_nitf(xml_of(manuscript, text), form, "body")
            except PublisherError:  # it only begins as such a document does, and is read as text
                count_html(text, form, "body")
        elif re.search(r"</\w", text):
            count_html(text, form, "body")
        else:
            form.add("body", text)
        forms.append(form)
    for text in _texts(item, "descriptions", "description"):
        form = Inventory()
        count_html(text, form, "description")
        forms.append(form)
    if forms:
        inventory.add_forms(forms)
    for name in ("ednote", "creditline"):
        inventory.add_title(name, str(item.get(name) or ""))
    associations = item.get("associations")
    for other in objects_in(list(associations.values()) if isinstance(associations, dict) else associations):
        _count_associated(other, inventory)


def _count_associated(item: dict[str, Any], inventory: Inventory) -> None:
    """A picture with its caption and credit; of another item the words."""
    if item.get("type", "picture") in ("picture", "graphic"):
        inventory.images += ["associations"] * ('"href"' in json.dumps(item.get("renditions")))
        captions = Inventory()
        for text in _texts(item, "descriptions", "description"):
            count_html(text, captions, "associations")
        inventory.titles += captions.passages
        inventory.add_title("associations", str(item.get("by") or item.get("byline") or ""))
        return
    for plural, single in (("headlines", "headline"), ("descriptions", "description"), ("bodies", "body")):
        for text in _texts(item, plural, single):
            count_html(text, inventory, "associations")


def _texts(item: dict[str, Any], plural: str, single: str) -> Iterator[str]:
    entries = item.get(plural)
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("value"), str):
            yield entry["value"]
    for key, value in item.items():
        if isinstance(value, str) and (key == single or key.startswith(f"{single}_")):
            yield value
