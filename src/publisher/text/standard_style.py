"""The citation style that is used where the manifest names none: author, title, publication, date, day of access, address."""

from __future__ import annotations

import re
from html import escape

from publisher.model.addresses import outside_address
from publisher.model.metadata import Source
from publisher.text.languages import long_date, quotes, words_for

_BREAK_AFTER = re.compile(r"([/?&=#_]+)(?=\w)")
_MAX_PIECE = 24  # characters of an address that stay together if it has no mark after which it can break
_PIECE = re.compile(rf".{{1,{_MAX_PIECE}}}")


def standard_style(source: Source, lang: str) -> str:
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


def _quoted_title(title: str, lang: str) -> str:
    opening_mark, closing_mark = quotes(lang)[:2]
    return f"{opening_mark}{escape(title, quote=False)}{closing_mark}" if title else ""


def _joined_with_commas(parts: list[str]) -> str:
    """The parts joined with commas. A comma stands inside quotation marks, as in American usage."""
    return re.sub("([?!])”,|”,", lambda match: f"{match[1]}”" if match[1] else ",”", ", ".join(parts))


def _with_period(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?”", "!”")) else f"{sentence}."


def address_html(url: str) -> str:
    """A link that shows its own address without the scheme and with break opportunities (`wbr`); empty if it leads nowhere."""
    url = outside_address(url)
    if not url:
        return ""
    shown_address = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    pieces = [part for piece in _BREAK_AFTER.split(shown_address) for part in _PIECE.findall(piece)]
    text = ""
    for index, piece in enumerate(pieces):
        has_break = index + 1 < len(pieces) and (bool(_BREAK_AFTER.match(piece + "x")) or len(piece) == _MAX_PIECE)
        text += escape(piece, quote=False) + ("<wbr/>" if has_break else "")
    return f'<a href="{escape(url, quote=True)}">{text}</a>'
