"""Headers of mails as Unicode before the email package parses them: raw bytes and encoded words (RFC 2047).

The email package decodes each encoded word by itself, and by Python's names of encodings. So it loses characters that are divided
between two words, and the quotation marks of windows-1252 under the name iso-8859-1.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Callable
from email.message import EmailMessage
from itertools import groupby
from typing import TypeAlias

Decode: TypeAlias = "Callable[[bytes, str], str]"  # bytes and the label that is declared for them -> characters

_TEXT_HEADERS = frozenset(
    ["subject", "from", "list-id", "content-type", "content-disposition", "content-description", "content-location"]
)
_WORD = r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?="
_ENCODED_WORD = re.compile(r"=\?(?P<charset>[^?*\s]+)[^?\s]*\?(?P<encoding>[bBqQ])\?(?P<text>[^?]*)\?=")
_ENCODED_WORDS = re.compile(rf"{_WORD}(?:\s*{_WORD})*")
_RAW = re.compile("[\udc80-\udcff]")


def repair_headers(message: EmailMessage, decode: Decode) -> None:
    """Decodes the headers of one part that are shown or looked at; `decode` is given an empty label where none is declared."""
    headers = list(message.raw_items())
    repaired = [(name, _repaired(value, decode) if name.lower() in _TEXT_HEADERS else value) for name, value in headers]
    if repaired == headers:
        return
    for name in set(message.keys()):
        del message[name]
    for name, value in repaired:
        message.set_raw(name, value)


def base64_bytes(letters: str) -> bytes:
    """Decoded base64; of what was cut off, as much as can be decoded."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", letters)
    letters = letters[:-1] if len(letters) % 4 == 1 else letters  # less than a byte
    return base64.b64decode(letters + "=" * (-len(letters) % 4))


def _repaired(value: str, decode: Decode) -> str:
    if _RAW.search(value):
        value = decode(value.encode("utf-8", "surrogateescape"), "")
    return _ENCODED_WORDS.sub(lambda run: _rewritten(run[0], decode), value)


def _rewritten(words: str, decode: Decode) -> str:
    """A run of encoded words as a single word in UTF-8: commas and quotation marks stay encoded until the header is parsed."""
    by_charset = groupby(_ENCODED_WORD.finditer(words), key=lambda word: word["charset"].lower())
    text = "".join(decode(b"".join(map(_bytes_of, run)), charset) for charset, run in by_charset)
    return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?="


def _bytes_of(word: re.Match[str]) -> bytes:
    if word["encoding"] in "bB":
        return base64_bytes(word["text"])
    return quopri.decodestring(word["text"].encode("utf-8", "surrogateescape"), header=True)
