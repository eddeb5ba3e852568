"""Sources written into the notes of an article, and their form for other programs (CSL-JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from html import unescape
from typing import Any

from publisher.model.parts import Citation
from publisher.model.sources import FROM_HOST, Source
from publisher.text.compact_notes import MANY_SOURCES, group_notes
from publisher.text.standard_style import address_text

_SOURCE = re.compile(r'<p data-source="(?P<identifier>[^"]*)"(?:></p>|/>)')
_ADDRESS = re.compile(r'<span data-address="(?P<address>[^"]*)"(?:></span>|/>)')
_TAG = re.compile(r"<[^>]*>")


def write_sources(
    xhtml: str, citations: Sequence[Citation], lang: str, style: Callable[[Source, str], str], *, grouped: bool = True
) -> tuple[str, int]:
    """Normalized XHTML with each source and address written out in its note, and the number of words that this adds.

    Their places are an empty `<p data-source="IDENTIFIER">` and `<span data-address="ADDRESS">`: the normalized article, which is
    kept, knows no style. With `grouped`, the notes of an article with very many links are grouped by site.
    """
    sources = {citation.source.identifier: citation.source for citation in citations}
    xhtml, words = group_notes(xhtml, citations) if grouped and len(citations) > MANY_SOURCES else (xhtml, 0)

    def write(match: re.Match[str]) -> str:
        nonlocal words
        html = style(sources[unescape(match["identifier"])], lang)
        words += len(unescape(_TAG.sub("", html)).split())
        return f"<p>{html}</p>"

    def write_address(match: re.Match[str]) -> str:
        nonlocal words
        words += 1
        return f" ({address_text(unescape(match['address']))})"

    return _ADDRESS.sub(write_address, _SOURCE.sub(write, xhtml)), words


def csl_item(source: Source) -> dict[str, Any]:
    """A source as an item of CSL-JSON (CSL 1.0.2, appendices III and IV); unknown values are left out.

    What a citation library says of it goes before what else is known.
    """
    values = {
        "type": "webpage" if source.confidence("publication") <= FROM_HOST else "article-newspaper",
        "title": source.title,
        "author": [{"literal": author} for author in source.authors],
        "container-title": source.publication,
        "issued": _date_parts(source.date),
        "accessed": _date_parts(source.accessed),
        "URL": source.url,
        "DOI": source.doi,
        "archive_location": source.archived,
    }
    if source.item:  # what is a publication here may be the publisher there
        entry = json.loads(source.item)
        values = {name: values[name] for name in ("accessed", "archive_location")} | entry
    return {"id": source.identifier} | {key: value for key, value in values.items() if value and key != "id"}


def _date_parts(day: date | None) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}
