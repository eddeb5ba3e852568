"""The words of a text as the ledger counts them: letters and digits alone, the same however quotes, dashes and case are set."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # they may stand inside a word
_MARKS = "\u00a0‘’“”„«»–—…•"  # the usual marks of texts whose other characters are ASCII
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_BYTES = bytes(ord(_ASCII[code]) if code in _ASCII else code for code in range(256))


def counted_words(text: str) -> list[str]:
    """The words of a text in order, in lower case and compatibility form (Unicode NFKC)."""
    if not text.isascii():
        for sign in _INVISIBLE:
            text = text.replace(sign, "")
        for sign in _MARKS:
            text = text.replace(sign, " ")
    if text.isascii():
        return text.translate(_ASCII).split()
    words: list[str] = []
    for word in text.encode("utf-8", "surrogatepass").translate(_BYTES).decode("utf-8", "surrogatepass").split():
        if word.isascii():
            words.append(word)
        else:
            words += _WORD.findall(unicodedata.normalize("NFKC", word).casefold())
    return words
