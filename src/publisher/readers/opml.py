"""OPML: a list of feeds becomes one article, with nested lists of links. `publisher fetch` captures the feeds themselves."""

from __future__ import annotations

from html import escape
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.input.xml import children_named, first_child, text_at, xml_document
from publisher.model.addresses import outside_address
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.public_addresses import without_secrets


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if there are no outlines."""
    root = xml_document(manuscript)
    outlines = children_named(first_child(root, "body"), "outline")
    if not outlines:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the OPML file has no outlines")
    metadata = Metadata(title=text_at(root, "head", "title"), authors=tuple(filter(None, [text_at(root, "head", "ownerName")])))
    return (Article(metadata, parse(_list(manuscript, outlines))),)


def _list(manuscript: Manuscript, outlines: list[Any]) -> str:
    return f"<ul>{''.join(_list_item(manuscript, outline) for outline in outlines)}</ul>"


def _list_item(manuscript: Manuscript, outline: Any) -> str:
    url = outline.get("htmlUrl") or outline.get("xmlUrl") or outline.get("url") or ""
    name = escape(outline.get("text") or outline.get("title") or without_secrets(url))
    label = f'<a href="{escape(url, quote=True)}">{name}</a>' if outside_address(url) else name
    if url and not outside_address(url):
        manuscript.report_address(url)
    inner_outlines = children_named(outline, "outline")
    label += "".join(f"<p>{escape(text)}</p>" for key in ("description", "_note") if (text := (outline.get(key) or "").strip()))
    return f"<li>{label}{_list(manuscript, inner_outlines) if inner_outlines else ''}</li>"
