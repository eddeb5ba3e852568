"""What a page states about its article in JSON-LD (schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from publisher.input.html_elements import Element, text_content
from publisher.text.characters import clean

_SPACES = re.compile(r"\s+")
# The types of an item that describes the article, the most specific first: a page is more than its article.
_TYPES_BY_RANK = (
    re.compile(r"(?:\w*Article|\w*Posting|Report|Review|Recipe)$"),
    re.compile(r"(?:CreativeWork|Book|Question|QAPage)$"),
    re.compile(r"\w*WebPage$|(?:\w*Page)$"),
)
_CDATA_MARKS = re.compile(r"^\s*(//)?<!\[CDATA\[|(//)?\]\]>\s*$")
_MOST_REFERENCES = 8  # references that lead to others: more are a circle


def article_item(page: Element) -> dict[str, Any]:
    """The item of the page's JSON-LD that is an article, else that of the page; with what it refers to by `@id` in place.

    Empty if there is none.
    """
    items = list(page_items(page))
    ranks = [(rank, item) for item in items if (rank := _rank(item)) is not None]
    if not ranks:
        return {}
    best = min(rank for rank, _ in ranks)
    item = next(item for rank, item in ranks if rank == best)
    by_id = {str(entry["@id"]): entry for entry in items if "@id" in entry and len(entry) > 1}
    resolved = {key: _resolved(value, by_id) for key, value in item.items()}
    page_item = next((entry for rank, entry in ranks if rank == len(_TYPES_BY_RANK) - 1 and best < rank), {})
    rest = {key: _resolved(value, by_id) for key, value in page_item.items() if key in ("author", "datePublished", "publisher")}
    return {**rest, **resolved}


def types(page: Element) -> set[str]:
    """The types of all items in a page's JSON-LD."""
    return {name for item in page_items(page) for name in _types(item)}


def _types(item: dict[str, Any]) -> list[str]:
    names = item.get("@type")
    return [name for name in (names if isinstance(names, list) else [names]) if isinstance(name, str)]


def _rank(item: dict[str, Any]) -> int | None:
    return next((rank for rank, pattern in enumerate(_TYPES_BY_RANK) if any(map(pattern.match, _types(item)))), None)


def page_items(page: Element) -> Iterator[dict[str, Any]]:
    """The items of all JSON-LD of a page, in order; data that cannot be parsed is passed over."""
    for script in page.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            text = _CDATA_MARKS.sub("", script.text or "").strip()
            try:
                values = json.loads(text, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _items(values)


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    """A value with the items themselves in place of references to them (`{"@id": …}`; JSON-LD 1.1, 3.3)."""
    if isinstance(value, list):
        return [_resolved(entry, by_id) for entry in value]
    for _ in range(_MOST_REFERENCES):
        if not isinstance(value, dict) or set(value) - {"@id", "@type"} or "@id" not in value:
            break
        value = by_id.get(str(value["@id"]), {})
    return value


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
            return _SPACES.sub(" ", clean(unescape(text))).strip()
    return ""


def bylines(value: Any) -> list[str]:
    """The authors in a value of JSON-LD, as they are written there: a name, a record with a name, or a list of these."""
    authors = value if isinstance(value, list) else [value]
    values = [
        author if isinstance(author, str) else author.get("name") if isinstance(author, dict) else None for author in authors
    ]
    names = [name for entry in values for name in (entry if isinstance(entry, list) else [entry])]
    return [clean(unescape(name)) for name in names if isinstance(name, str) and not name.startswith("http")]


def _items(values: Any) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        for value in values:
            yield from _items(value)
    elif isinstance(values, dict):
        yield values
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(values.get(key), (list, dict)):
                yield from _items(values[key])
