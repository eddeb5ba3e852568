"""Guesses the encoding of text that names none and is not UTF-8: charset-normalizer, limited to likely encodings."""

from __future__ import annotations

import re

# Encodings of Windows, of Apple and of single countries. Those of DOS and mainframes fit any bytes and are no longer used.
_LIKELY_ENCODINGS = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r", "mac_roman",
    "cp932", "euc_jp", "gb18030", "big5", "cp949", "utf_16_le", "utf_16_be",
]  # fmt: skip
# Latin single-byte encodings differ in few letters, and the guess for a short text is often the wrong one.
_LATIN_ENCODINGS = {"cp1250", "cp1254", "cp1257", "cp1258", "mac_roman"}
_WESTERN_CHARACTERS = re.compile(
    r"[\x00-\x7f\u00a0äöüÄÖÜßéèêëÉÈÊËàâáãÀÂÁÃçÇñÑíìîïÍÎóòôÓÔúùûÚåÅõÕøØæÆœŒ“”‘’„‚‹›«»–—…€£§°·•¿¡©®™ªº½]*"
)
_HUNGARIAN_LETTER = re.compile("õ(?![eio])")  # in Portuguese, õ stands before a vowel


def guess_encoding(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; both are empty if no encoding fits."""
    from charset_normalizer import from_bytes

    match = from_bytes(data, cp_isolation=_LIKELY_ENCODINGS).best() or from_bytes(data).best()
    if match is None:
        return "", ""
    if match.encoding in _LATIN_ENCODINGS:
        try:
            western_text = data.decode("cp1252")
        except UnicodeDecodeError:
            western_text = ""
        if western_text and _WESTERN_CHARACTERS.fullmatch(western_text) and not _HUNGARIAN_LETTER.search(western_text):
            return western_text, "cp1252"
    return str(match), match.encoding
