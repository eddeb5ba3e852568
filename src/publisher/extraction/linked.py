"""What a page says of its article in JSON-LD (schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from publisher.input.html_elements import Element, text_content

_SPACES = re.compile(r"\s+")
_ARTICLES = re.compile(r"(\w*Article|\w*Posting|Report|CreativeWork|WebPage|Review|Recipe|Book|NewsArticle)$")
_MARKED_SECTION = re.compile(r"^\s*(//)?<!\[CDATA\[|(//)?\]\]>\s*$")


def item_of(page: Element) -> dict[str, Any]:
    """The item of the page's JSON-LD that is an article (schema.org); empty where there is none."""
    for script in page.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            text = _MARKED_SECTION.sub("", script.text or "").strip()
            try:
                values = json.loads(text, strict=False)
            except ValueError:
                continue
            for item in _items(values):
                kind = item.get("@type")
                if any(isinstance(one, str) and _ARTICLES.match(one) for one in (kind if isinstance(kind, list) else [kind])):
                    return item
    return {}


def headline(item: dict[str, Any], page: Element) -> str:
    """The headline or the name of a page's JSON-LD; of two, the one that is more like its `title`."""
    said = [text for key in ("headline", "name") if (text := text_in(item, key))]
    shown = page.find(".//title")
    title = text_content(shown) if shown is not None else ""
    return max(said, key=lambda text: SequenceMatcher(None, text, title).ratio(), default="")


def text_in(value: Any, *keys: str) -> str:
    """The first of `keys` that has a text in a value of JSON-LD, or in the first of several; empty where none has."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if not isinstance(value, dict):
        return ""
    for key in keys:
        text = value.get(key)
        if isinstance(text, str) and text.strip():
            return _SPACES.sub(" ", unescape(text)).strip()
    return ""


def bylines(value: Any) -> list[str]:
    """The authors in a value of JSON-LD, as they are written there: names, or records with a name, one or several."""
    some = value if isinstance(value, list) else [value]
    found = [one if isinstance(one, str) else one.get("name") if isinstance(one, dict) else None for one in some]
    flat = [name for one in found for name in (one if isinstance(one, list) else [one])]
    return [unescape(one) for one in flat if isinstance(one, str) and not one.startswith("http")]


def _items(values: Any) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        for one in values:
            yield from _items(one)
    elif isinstance(values, dict):
        yield values
        yield from _items(values.get("@graph", []))
