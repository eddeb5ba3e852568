"""The first pass: control characters and the like leave the tree and the metadata, and that is reported once a file."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import tags
from publisher.model.metadata import Metadata, Source
from publisher.text.characters import clean, forbidden_in


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article without characters that cannot stand in XML or are no characters."""
    found: list[str] = []
    for text in [node for node in article.root.descendants if isinstance(node, NavigableString)]:
        if (cleaned := clean(str(text))) != text:
            found += forbidden_in(str(text))
            text.replace_with(NavigableString(cleaned))
    for tag in tags(article.root):
        for name, value in tag.attrs.items():
            if isinstance(value, str) and clean(value) != value:
                found += forbidden_in(value)
                tag[name] = _one_line(value)
    metadata = _cleaned(article.metadata, found)
    manuscript.report_characters(found)
    return replace(article, metadata=metadata)


def _cleaned(record: Metadata, found: list[str]) -> Metadata:
    """Metadata with clean texts, each on one line; forbidden characters are added to `found`."""
    values: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Source):
            values[field.name] = replace(value, **_clean_texts(value, found))
    return replace(record, **_clean_texts(record, found), **values)


def _clean_texts(record: Metadata | Source, found: list[str]) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        parts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        if any(clean(part) != part for part in parts):
            found += [char for part in parts for char in forbidden_in(part)]
            texts[field.name] = _one_line(value) if isinstance(value, str) else tuple(map(_one_line, parts))
    return texts


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
