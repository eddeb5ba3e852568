"""How a source is written out: in a note, and in the list of sources."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from typing import Any

from publisher.model.metadata import Source
from publisher.text.languages import long_date, quotes, words_for

_BREAK_AFTER = re.compile(r"([/?&=#_]+)(?=\w)")

_LONGEST = 24  # characters of an address that stay together where it has no mark to break after
_LONG = re.compile(rf".{{1,{_LONGEST}}}")


def citation_html(source: Source, lang: str) -> str:
    """`Author, “Title,” Publication, date, Accessed date. address`, what is known of it, as inline XHTML.

    The order is that of a Chicago note (17th edition, 14.23); the address is a link that may break after its marks.
    """
    terms = words_for(lang)
    publication = f"<cite>{escape(source.publication)}</cite>" if source.publication else ""
    known = [escape(", ".join(source.authors)), _quoted(source.title, lang), publication, escape(long_date(source.date, lang))]
    sentences = [_listed([one for one in known if one])]
    if source.accessed:
        sentences.append(escape(terms["accessed"].format(long_date(source.accessed, lang))))
    text = " ".join(_ended(sentence) for sentence in sentences if sentence)
    parts = [text, address_html(source.url)]
    if source.archived:
        parts.append(terms["archived"].format(address_html(source.archived)))
    return " ".join(filter(None, parts))


def csl_item(source: Source) -> dict[str, Any]:
    """A source as an item of CSL-JSON (CSL 1.0.2, appendices III and IV); only what is known of it."""
    values = {
        "id": source.identifier,
        "type": "article-newspaper" if source.publication else "webpage",
        "title": source.title,
        "author": [{"literal": one} for one in source.authors],
        "container-title": source.publication,
        "issued": _date_parts(source.date),
        "accessed": _date_parts(source.accessed),
        "URL": source.url,
        "archive_location": source.archived,
    }
    return {key: value for key, value in values.items() if value}


def _date_parts(day: date | None) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}


def _quoted(title: str, lang: str) -> str:
    opening, closing = quotes(lang)[:2]
    return f"{opening}{escape(title)}{closing}" if title else ""


def _listed(parts: list[str]) -> str:
    """Parts with commas between, the comma inside the quotation marks as American usage has it."""
    return re.sub("([?!])”,|”,", lambda found: f"{found[1]}”" if found[1] else ",”", ", ".join(parts))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?”", "!”")) else f"{sentence}."


def address_html(url: str) -> str:
    """A link that shows its own address, without the scheme, with places to break (`wbr`)."""
    if not url:
        return ""
    shown = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    pieces = [part for piece in _BREAK_AFTER.split(shown) for part in _LONG.findall(piece)]
    text = ""
    for index, piece in enumerate(pieces):
        broken = index + 1 < len(pieces) and (bool(_BREAK_AFTER.match(piece + "x")) or len(piece) == _LONGEST)
        text += escape(piece) + ("<wbr/>" if broken else "")
    return f'<a href="{escape(url, quote=True)}">{text}</a>'
