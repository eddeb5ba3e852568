"""The citation style that is used where the manifest names none: author, title, publication, date, day of access, address.

Where only a guess is known of the title, and an author's note writes the source out, the words of that note stand instead.
"""

from __future__ import annotations

import json
import re
from html import escape

from publisher.model.addresses import outside_address, readable_host
from publisher.model.sources import FROM_HOST, Source
from publisher.text.languages import list_of, long_date, month_and_year, quotes, words_for

_BREAK_AFTER = re.compile(r"([/?&=#_]+)(?=\w)")
_MAX_PIECE = 24  # characters of an address that stay together if it has no mark after which it can break
_PIECE = re.compile(rf".{{1,{_MAX_PIECE}}}")


def standard_style(source: Source, lang: str, locator: str = "") -> str:
    """`Author, “Title,” Publication, date, locator. Accessed date. address` as inline XHTML; unknown parts are left out.

    The order is that of a Chicago note (17th edition, 14.23). The address is a link that may break after its marks.
    """
    terms = words_for(lang)
    if source.citation and source.confidence("title") < 1:
        details = [escape(source.citation, quote=False)]
    else:
        details = _details(source, lang)
    sentences = [_joined_with_commas([detail for detail in (*details, escape(locator, quote=False)) if detail])]
    if source.accessed:
        sentences.append(escape(terms["accessed"].format(long_date(source.accessed, lang))))
    text = " ".join(_with_period(sentence) for sentence in sentences if sentence)
    parts = [text, address_html(source.url)]
    if source.archived:
        parts.append(terms["archived"].format(address_html(source.archived)))
    return " ".join(filter(None, parts))


def _details(source: Source, lang: str) -> list[str]:
    """Author, title, publication and date. A publication that is only the host is left out: the address shows it."""
    is_host = source.url and source.confidence("publication") == FROM_HOST
    publication = f"<cite>{escape(source.publication, quote=False)}</cite>" if source.publication and not is_host else ""
    return [
        escape(list_of(source.authors, lang), quote=False),
        _quoted_title(source.title, lang),
        publication,
        escape(long_date(source.date, lang) or _issued(source.item, lang)),
    ]


def _issued(item: str, lang: str) -> str:
    """The date of an entry of a citation library that names no day: a year, a month, or other words."""
    issued = json.loads(item).get("issued") if item else None
    parts = (issued.get("date-parts") or [[]])[0] if isinstance(issued, dict) else []
    if not parts:
        return str(issued.get("literal") or "") if isinstance(issued, dict) else ""
    year, *rest = (int(part) for part in parts if str(part).lstrip("-").isdigit())
    return month_and_year(year, rest[0], lang) if rest and 1 <= rest[0] <= 12 and 1 <= year <= 9999 else str(year)


def _quoted_title(title: str, lang: str) -> str:
    opening_mark, closing_mark, inner_opening, inner_closing = quotes(lang)
    if title.count(opening_mark) == title.count(closing_mark):  # else they are marks of another language, or apostrophes
        title = title.replace(opening_mark, inner_opening).replace(closing_mark, inner_closing)
    return f"{opening_mark}{escape(title, quote=False)}{closing_mark}" if title else ""


def _joined_with_commas(parts: list[str]) -> str:
    """The parts joined with commas. A comma stands inside quotation marks, as in American usage."""
    return re.sub("([?!])”,|”,", lambda match: f"{match[1]}”" if match[1] else ",”", ", ".join(parts))


def _with_period(sentence: str) -> str:
    """The sentence with a period at its end; it stands inside quotation marks as a comma does."""
    if sentence.endswith((".", "?", "!", "…", "?”", "!”", ".”", "…”")):
        return sentence
    return f"{sentence[:-1]}.”" if sentence.endswith("”") else f"{sentence}."


def address_html(url: str) -> str:
    """A link that shows its own address; empty without one, and for one that leads nowhere."""
    url = outside_address(url)
    return f'<a href="{escape(url, quote=True)}">{address_text(url)}</a>' if url else ""


def address_text(url: str) -> str:
    """An address as XHTML: without the scheme, with the host in its own letters, and with break opportunities (`wbr`)."""
    shown_address = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
    if "xn--" in shown_address:
        host, slash, path = shown_address.partition("/")
        shown_address = readable_host(host) + slash + path
    return breakable(shown_address)


def breakable(address: str) -> str:
    """The text of an address as XHTML that may break behind its marks, and in pieces that are very long."""
    pieces = [part for piece in _BREAK_AFTER.split(address) for part in _PIECE.findall(piece)]
    text = ""
    for index, piece in enumerate(pieces):
        has_break = index + 1 < len(pieces) and (bool(_BREAK_AFTER.match(piece + "x")) or len(piece) == _MAX_PIECE)
        text += escape(piece, quote=False) + ("<wbr/>" if has_break else "")
    return text
