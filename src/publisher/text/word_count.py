"""The words of a text as the ledger counts them: letters and digits alone, the same however quotes, dashes and case are set."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]+")  # they may stand inside a word
_MARKS = re.compile("[\u00a0‘’“”„«»–—…•]+")  # the usual marks of texts whose other characters are ASCII
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def counted_words(text: str) -> list[str]:
    """The words of a text in order, in lower case and compatibility form (Unicode NFKC)."""
    if not text.isascii():
        text = _MARKS.sub(" ", _INVISIBLE.sub("", text))
    if text.isascii():
        return text.translate(_ASCII).split()
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
