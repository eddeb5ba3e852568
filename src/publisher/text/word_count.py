"""The words of a text as the ledger counts them: letters and digits alone, the same however quotes, dashes and case are set."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])  # they may stand inside a word


def counted_words(text: str) -> list[str]:
    """The words of a text in order, in lower case and compatibility form (Unicode NFKC)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return _WORD.findall(text.casefold())
