"""How a source is written out, in notes and in the list of sources; and its form for other programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from html import escape, unescape
from typing import Any

from publisher.model.metadata import Source
from publisher.model.parts import Citation
from publisher.text.languages import long_date, quotes, words_for

_BREAK_AFTER = re.compile(r"([/?&=#_]+)(?=\w)")

_SOURCE = re.compile(r'<p data-source="(?P<identifier>[^"]*)"(?:></p>|/>)')
_TAG = re.compile(r"<[^>]*>")
_MAX_PIECE = 24  # characters of an address that stay together if it has no mark after which it can break
_PIECE = re.compile(rf".{{1,{_MAX_PIECE}}}")


def citation_html(source: Source, lang: str) -> str:
    """`Author, “Title,” Publication, date, Accessed date. address` as inline XHTML; unknown parts are left out.

    The order is that of a Chicago note (17th edition, 14.23). The address is a link that may break after its marks.
    """
    terms = words_for(lang)
    publication = f"<cite>{escape(source.publication, quote=False)}</cite>" if source.publication else ""
    details = [
        escape(", ".join(source.authors), quote=False),
        _quoted_title(source.title, lang),
        publication,
        escape(long_date(source.date, lang)),
    ]
    sentences = [_joined_with_commas([detail for detail in details if detail])]
    if source.accessed:
        sentences.append(escape(terms["accessed"].format(long_date(source.accessed, lang))))
    text = " ".join(_with_period(sentence) for sentence in sentences if sentence)
    parts = [text, address_html(source.url)]
    if source.archived:
        parts.append(terms["archived"].format(address_html(source.archived)))
    return " ".join(filter(None, parts))


def write_sources(xhtml: str, citations: Sequence[Citation], lang: str, style: Callable[[Source, str], str]) -> tuple[str, int]:
    """Normalized XHTML with each source written out in its note, and the number of words that this adds.

    The place is an empty `<p data-source="IDENTIFIER">`: the normalized article, which is kept, knows no style.
    """
    sources = {citation.source.identifier: citation.source for citation in citations}
    words = 0

    def write(match: re.Match[str]) -> str:
        nonlocal words
        html = style(sources[unescape(match["identifier"])], lang)
        words += len(unescape(_TAG.sub("", html)).split())
        return f"<p>{html}</p>"

    return _SOURCE.sub(write, xhtml), words


def csl_item(source: Source) -> dict[str, Any]:
    """A source as an item of CSL-JSON (CSL 1.0.2, appendices III and IV); unknown values are left out."""
    values = {
        "id": source.identifier,
        "type": "article-newspaper" if source.publication else "webpage",
        "title": source.title,
        "author": [{"literal": author} for author in source.authors],
        "container-title": source.publication,
        "issued": _date_parts(source.date),
        "accessed": _date_parts(source.accessed),
        "URL": source.url,
        "archive_location": source.archived,
    }
    return {key: value for key, value in values.items() if value}


def _date_parts(day: date | None) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}


def _quoted_title(title: str, lang: str) -> str:
    opening_mark, closing_mark = quotes(lang)[:2]
    return f"{opening_mark}{escape(title, quote=False)}{closing_mark}" if title else ""


def _joined_with_commas(parts: list[str]) -> str:
    """The parts joined with commas. A comma stands inside quotation marks, as in American usage."""
    return re.sub("([?!])”,|”,", lambda match: f"{match[1]}”" if match[1] else ",”", ", ".join(parts))


def _with_period(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?”", "!”")) else f"{sentence}."


def address_html(url: str) -> str:
    """A link that shows its own address without the scheme and with break opportunities (`wbr`)."""
    if not url:
        return ""
    shown_address = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    pieces = [part for piece in _BREAK_AFTER.split(shown_address) for part in _PIECE.findall(piece)]
    text = ""
    for index, piece in enumerate(pieces):
        has_break = index + 1 < len(pieces) and (bool(_BREAK_AFTER.match(piece + "x")) or len(piece) == _MAX_PIECE)
        text += escape(piece, quote=False) + ("<wbr/>" if has_break else "")
    return f'<a href="{escape(url, quote=True)}">{text}</a>'
