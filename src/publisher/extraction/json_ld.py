"""What a page states about its article in JSON-LD (schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from publisher.input.html_elements import Element, text_content

_SPACES = re.compile(r"\s+")
_ARTICLE_TYPES = re.compile(r"(\w*Article|\w*Posting|Report|CreativeWork|WebPage|Review|Recipe|Book|NewsArticle)$")
_CDATA_MARKS = re.compile(r"^\s*(//)?<!\[CDATA\[|(//)?\]\]>\s*$")


def article_item(page: Element) -> dict[str, Any]:
    """The item of the page's JSON-LD that is an article (schema.org); empty if there is none."""
    for script in page.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            text = _CDATA_MARKS.sub("", script.text or "").strip()
            try:
                values = json.loads(text, strict=False)
            except ValueError:
                continue
            for item in _items(values):
                types = item.get("@type")
                if any(
                    isinstance(name, str) and _ARTICLE_TYPES.match(name)
                    for name in (types if isinstance(types, list) else [types])
                ):
                    return item
    return {}


def headline(item: dict[str, Any], page: Element) -> str:
    """The headline or the name in a page's JSON-LD; if it has both, the one that is more like the page's `title`."""
    headlines = [text for key in ("headline", "name") if (text := text_in(item, key))]
    element = page.find(".//title")
    title = text_content(element) if element is not None else ""
    return max(headlines, key=lambda text: SequenceMatcher(None, text, title).ratio(), default="")


def text_in(value: Any, *keys: str) -> str:
    """The text of the first of `keys` that has one, in a value of JSON-LD or in the first of a list; empty if none has."""
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
    """The authors in a value of JSON-LD, as they are written there: a name, a record with a name, or a list of these."""
    authors = value if isinstance(value, list) else [value]
    values = [
        author if isinstance(author, str) else author.get("name") if isinstance(author, dict) else None for author in authors
    ]
    names = [name for entry in values for name in (entry if isinstance(entry, list) else [entry])]
    return [unescape(name) for name in names if isinstance(name, str) and not name.startswith("http")]


def _items(values: Any) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        for value in values:
            yield from _items(value)
    elif isinstance(values, dict):
        yield values
        yield from _items(values.get("@graph", []))
