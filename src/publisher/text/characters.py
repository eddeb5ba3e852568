"""Characters that cannot stand in an article: controls, lone surrogates, non-characters (XML 1.0, 2.2; Unicode 16, 23.7).

A form feed parts paragraphs; vertical tab, next line, line and paragraph separator break lines; a lone surrogate becomes U+FFFD;
the others are removed.
"""

from __future__ import annotations

import re
from functools import cache
from html.entities import html5

PRIVATE_USE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # as ranges of a regular expression (Unicode 23.5)
_NAMED_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = frozenset("&<>\"'")
_NUMERIC_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]{1,8}|[0-9]{1,10});")
_HTML_REFERENCE = re.compile(r"&#(?:[xX](?P<hexadecimal>[0-9a-fA-F]+)|(?P<decimal>[0-9]+));?")
_MOST_DIGITS, _LAST = 7, 0x10FFFF  # of the number of a character; the last one
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_INSTEAD = {"\x0b": "\n", "\x0c": "\n"} | dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")
_LINE_BREAKS = re.compile("[\x0b\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NON_CHARACTERS = "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
_FORBIDDEN = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef{_NON_CHARACTERS}]")
_FRAME = re.compile(r"\x01([^\x01-\x04]*)\x02([^\x01-\x04]*)\x03([^\x01-\x04]*)\x04?")
# All but the permitted characters. A set is searched from its start: the most frequent characters come first.
_HIGH_PLANES = "".join(f"{chr(plane * 0x10000)}-{chr(plane * 0x10000 + 0xFFFD)}" for plane in range(1, 17))
_PERMITTED = f" -~\n\t\r\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_HIGH_PLANES}"
_USUAL = bytes((*b"\n\t\r", *range(0x20, 0x7F)))  # of the permitted characters those that most texts are made of


def clean(text: str) -> str:
    """The text with every forbidden character replaced or removed."""
    if not _unusual(text):
        return text
    text = _LINE_BREAKS.sub("\n", text.replace("\f", "\n\n"))
    return _FORBIDDEN.sub("", without_surrogates(text))


def without_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no encoding can write."""
    return _SURROGATES.sub("\ufffd", text)


def forbidden_in(text: str) -> list[str]:
    """The characters of a text that `clean` removes or replaces by U+FFFD, in order; those that become line breaks are none."""
    return [char for char in _unusual(text) if _FORBIDDEN.match(char) or _SURROGATES.match(char)]


def _unusual(text: str) -> list[str]:
    """All but the permitted characters of a text, in order. What is looked through is the text without the usual characters."""
    if text.isascii() and text.isprintable():  # an image may stand in an address
        return []
    others = text.encode("utf-8", "surrogatepass").translate(None, _USUAL)
    return _not_permitted().findall(others.decode("utf-8", "surrogatepass")) if others else []


@cache
def _not_permitted() -> re.Pattern[str]:
    """The pattern of a character that is not permitted: it takes long to compile, and not every command needs it."""
    return re.compile(f"[^{_PERMITTED}]")


def without_frames(text: str) -> str:
    """The text without the controls that frame transmissions of news agencies: SOH head STX text ETX date EOT (IPTC 7901)."""
    return _FRAME.sub(r"\1\2\3", text.replace("\x16", "")) if "\x01" in text else text


def code_point(char: str) -> str:
    """`U+E8A3`, as the Unicode Standard names a character (appendix A)."""
    return f"U+{ord(char):04X}"


def without_named_references(text: str) -> str:
    """XML with characters in place of the named references of HTML (`&eacute;`), which XML does not know.

    Those of characters that XML has names for, and those that the document declares, stay.
    """

    def text_of(match: re.Match[str]) -> str:
        character = html5.get(f"{match[1]};", match[0])
        return match[0] if character in _MARKUP or f"<!ENTITY {match[1]} " in text else character

    return _NAMED_REFERENCE.sub(text_of, text)


def parsable(html: str) -> str:
    """HTML without the characters that no XML has, also in numeric references: no tree of libxml2 with them could be changed."""

    def valid_reference(match: re.Match[str]) -> str:
        digits = (match["hexadecimal"] or match["decimal"]).lstrip("0") or "0"
        number = int(digits, 16 if match["hexadecimal"] else 10) if len(digits) <= _MOST_DIGITS else _LAST + 1
        return match[0] if number <= _LAST and not _NO_XML.match(chr(number)) else "\ufffd"

    html = _NO_XML.sub(lambda match: _INSTEAD.get(match[0], ""), html)
    return _HTML_REFERENCE.sub(valid_reference, html) if "&#" in html else html


def without_bad_references(data: bytes) -> bytes:
    """Markup whose numeric references all name characters (XML 1.0, 4.1): libxml2 turns others into invalid UTF-8."""

    def valid_reference(match: re.Match[bytes]) -> bytes:
        number = int(match[1][1:], 16) if match[1][:1] in b"xX" else int(match[1])
        return match[0] if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else b"&#xFFFD;"

    return _NUMERIC_REFERENCE.sub(valid_reference, data)
