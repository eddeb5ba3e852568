"""The encoding of text that does not say it and is no UTF-8: charset-normalizer's guess, held to what offices and the web use."""

from __future__ import annotations

import re

# Windows', Apple's and the national ones; DOS's and mainframes' fit any bytes and are nobody's any more.
_LIKELY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r", "mac_roman",
    "cp932", "euc_jp", "gb18030", "big5", "cp949", "utf_16_le", "utf_16_be",
]  # fmt: skip
# The single-byte Latin ones differ in few letters, and short texts are taken for the wrong one.
_LATIN = {"cp1250", "cp1254", "cp1257", "cp1258", "mac_roman"}
_WESTERN = re.compile(r"[\x00-\x7f\u00a0äöüÄÖÜßéèêëÉÈÊËàâáãÀÂÁÃçÇñÑíìîïÍÎóòôÓÔúùûÚåÅõÕøØæÆœŒ“”‘’„‚‹›«»–—…€£§°·•¿¡©®™ªº½]*")
_HUNGARIAN = re.compile("õ(?![eio])")  # õ of Portuguese stands before a vowel


def guess_encoding(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; both empty where none fits."""
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_LIKELY).best() or from_bytes(data).best()
    if best is None:
        return "", ""
    if best.encoding in _LATIN:
        try:
            western = data.decode("cp1252")
        except UnicodeDecodeError:
            western = ""
        if western and _WESTERN.fullmatch(western) and not _HUNGARIAN.search(western):
            return western, "cp1252"
    return str(best), best.encoding
