"""From bytes to text: the byte-order mark, UTF-8, the declared encoding by the labels of the Encoding Standard, a guess.

Labels mean what browsers mean by them (Encoding Standard, 4.2): `iso-8859-1` is windows-1252. A few bytes that are wrong in UTF-8
are no sign of another encoding: each becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import webencodings

_BOMS = (  # the marks of UTF-32 first: that of UTF-16 LE begins the same way
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_STARTS = {b"\0\0\0<": "utf-32-be", b"<\0\0\0": "utf-32-le", b"\0<\0?": "utf-16-be", b"<\0?\0": "utf-16-le"}
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096  # bytes in which a declaration is looked for
# Python's codecs by these names lack characters that the Encoding Standard gives them.
_COMPLETE_CODECS = {"shift_jis": "cp932", "euc_kr": "cp949", "gbk": "gb18030", "gb2312": "gb18030", "big5": "big5hkscs"}
# Encodings whose bytes are valid UTF-8 too: they switch between character sets, or write ASCII with zero bytes.
_SEVEN_BIT = ("iso2022", "hz", "utf-7")
_WIDE = ("utf-16", "utf-32")
_FEW = 3  # invalid bytes that a text declared as UTF-8 may have, short as it is
_REPLACED = "\ufffd"

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

# What UTF-8 looks like when it is read as windows-1252, Latin-1 or windows-1251, and C1 controls other than next line.
# A pattern that begins with a set of characters is found faster than several patterns: most texts have none of them.
_ENCODED_TWICE = re.compile(
    "[\u00c2-\u00f4\u0420\u0421\x80-\x84\x86-\x9f]"
    "(?:(?<=[\u00c2-\u00f4])[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|(?<=[\u0420\u0421])[\u00a0-\u00bf\u0402-\u040f\u0452-\u045f\u2018-\u203a\u20ac\u2116\u2122]"
    "|(?<=[\x80-\x84\x86-\x9f]))"
)


@dataclass(frozen=True)
class DecodedText:
    """A text with the encoding it was read in; `invalid` characters of it are U+FFFD for bytes, the first at byte `place`."""

    text: str
    encoding: str
    guessed: bool = False
    invalid: int = 0
    place: int = 0


def decoded(data: bytes, label: str = "") -> DecodedText | None:
    """The text of `data`; `label` is the encoding that is declared for it from outside. None if no encoding fits."""
    mark = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "")
    if wide := mark or _WIDE_STARTS.get(data[:4], ""):
        return _with_replacements(data, wide)
    outside = codec_of(label)
    if outside.startswith(_SEVEN_BIT) or (outside.startswith(_WIDE) and b"\0" in data):
        switched = _with_replacements(data, outside)
        if not switched.invalid:
            return switched
    utf8 = _with_replacements(data, "utf-8")
    if not utf8.invalid:
        return utf8
    declared = codec_of(label or declared_label(data))
    valid = sum(char > "\x7f" for char in utf8.text) - utf8.invalid
    few = max(valid, _FEW if declared == "utf-8" else 0, len(data) // 100 if declared == "utf-8" else 0)
    if utf8.invalid <= few:
        return utf8
    if declared and declared != "utf-8":
        result = _with_replacements(data, declared)
        if result.invalid * 10 <= len(result.text):
            return result
    text, encoding = guess_encoding(data)
    return DecodedText(text, encoding, guessed=True) if text else None


def declared_label(data: bytes) -> str:
    """The encoding that an XML declaration or a `<meta>` element names; empty if there is none."""
    match = _DECLARED.search(data[:_HEAD])
    return (match[1] or match[2]).decode("ascii") if match else ""


def codec_of(label: str) -> str:
    """The codec of a declared encoding; empty if the label is unknown. Labels of old mails that browsers dropped are kept."""
    encoding = webencodings.lookup(label)
    standard = encoding is not None and encoding.name not in ("replacement", "x-user-defined")
    try:
        name = codecs.lookup(encoding.codec_info.name if encoding and standard else label).name
        "".encode(name)  # some codecs are not of text
    except (LookupError, TypeError, UnicodeError, ValueError):
        return ""
    return _COMPLETE_CODECS.get(name, name)


def _with_replacements(data: bytes, encoding: str) -> DecodedText:
    try:
        return DecodedText(data.decode(encoding), encoding)
    except UnicodeDecodeError as problem:
        text = data.decode(encoding, "replace")
        return DecodedText(text, encoding, invalid=text.count(_REPLACED), place=problem.start)


def without_double_encoding(text: str) -> str:
    """The text with what was encoded twice (`itâ€™s`) read again, line by line; the rest is not changed."""
    if text.isascii() or not _ENCODED_TWICE.search(text):
        return text
    import ftfy

    return "".join(ftfy.fix_encoding(line) if _ENCODED_TWICE.search(line) else line for line in re.split("(\n)", text))


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
