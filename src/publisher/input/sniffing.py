"""Detects the input format of a manuscript, from its content and then from its name, as a suffix of the table of readers."""

from __future__ import annotations

import codecs
import json
import re
from functools import lru_cache

_HEAD = 4096  # bytes
_TEXT_SUFFIXES = {".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".xml", ".json", ".text", ""}
_SUFFIX_BY_ROOT = {
    "rss": ".rss",
    "RDF": ".rss",
    "feed": ".rss",
    "channel": ".rss",
    "opml": ".opml",
    "nitf": ".nitf",
    "newsItem": ".newsml",
    "packageItem": ".newsml",
    "conceptItem": ".newsml",
    "knowledgeItem": ".newsml",
    "planningItem": ".newsml",
    "newsMessage": ".newsml",
    "catalogItem": ".newsml",
    "contentSet": ".newsml",
    "groupSet": ".newsml",
    "NewsML": ".newsml",
    "html": ".html",
}
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)")
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>\s*)*", re.DOTALL)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main)\b", re.IGNORECASE | re.DOTALL
)
_HTML_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|section)\b[^>]*>.*</", re.IGNORECASE | re.DOTALL)
_MARKDOWN_SIGNS = (
    re.compile(r"^---\n(?:[\w-]+:.*\n)+---\n"),
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"\[[^\]\n]+\]\((?:https?:|[\w./#-]+\))"),
    re.compile(r"^\[\^[^\]]+\]: ", re.MULTILINE),
    re.compile(r"^```", re.MULTILINE),
    re.compile(r"\*\*[^*\n]+\*\*"),
)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*: .*\r?\n(?:[ \t].*\r?\n)*){2,}")
_MBOX = re.compile(rb"From \S+ .*\d{4}\r?\n[A-Za-z-]+: ")


# Keys of an IPTC ninjs item of any version, in lower case. A file with two of them is a ninjs item.
_NINJS = frozenset(
    ["uri", "versioncreated", "headlines", "headline", "bodies", "body_", "description_", "pubstatus", "associations",
     "renditions",     "descriptions", "eventdetails", "events"]
)  # fmt: skip

_NINJS_BODY = re.compile(r"body_(?:html|html5|xhtml|nitf|text|richhtml5)", re.IGNORECASE)  # ninjs 1.x: body_*
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OUTLOOK_STREAM = "__properties_version1.0".encode("utf-16-le")  # every Outlook message has it (MS-OXMSG, 2.4)
_WORD_STREAM = "WordDocument".encode("utf-16-le")  # every Word document from 1997 to 2003 has it (MS-DOC, 2.1.1)
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # of an encrypted document in a current format (MS-OFFCRYPTO, 2.3)
# Names in a Word document that is a single XML file.
_WORD_XML = (b"schemas.microsoft.com/office/2006/xmlPackage", b"schemas.microsoft.com/office/word/2003/wordml")
_BINARY_SUFFIXES = (".docx", ".doc", ".dot", ".docm", ".odt", ".epub")  # a text with such a name has the name of another file
_ZIP = b"PK\x03\x04"
# First bytes of files that are never manuscripts, whatever their names.
_UNSUPPORTED_SIGNATURES = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"RIFF", ".riff"),
    (b"{\\rtf", ".rtf"),
)


@lru_cache(maxsize=1)  # it is asked for several times of each manuscript
def kind_of(name: str, data: bytes) -> str:
    """The suffix whose reader reads the bytes; the suffix of the name (in lower case) if the content does not tell."""
    suffix = "." + name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in _BINARY_SUFFIXES and not data.startswith(_ZIP[:2]) and (_is_text(data) or _HTML_START.match(_text_start(data))):
        suffix = ".txt"
    return _kind_by_signature(data, suffix) or (_kind_by_text(data, suffix) if suffix in _TEXT_SUFFIXES else "") or suffix


def _is_text(data: bytes) -> bool:
    try:
        head = codecs.getincrementaldecoder("utf-8")().decode(data[:_HEAD], final=len(data) <= _HEAD)
    except UnicodeDecodeError:
        return False
    return bool(data.strip()) and "\0" not in head


def _kind_by_signature(data: bytes, suffix: str) -> str:
    if data.startswith(_ZIP):
        head = data[:_HEAD]
        for signature, kind in ((b"application/epub+zip", ".epub"), (b"application/vnd.oasis.opendocument.text", ".odt")):
            if signature in head:
                return kind
        return suffix if suffix in (".epub", ".odt") else ".docx" if b"word/" in data else ""
    for signature, kind in _UNSUPPORTED_SIGNATURES:
        if data.startswith(signature):
            return kind
    if data.startswith(_OLE_SIGNATURE) and _OUTLOOK_STREAM in data:
        return ".msg"
    if data.startswith(_OLE_SIGNATURE) and _WORD_STREAM in data and _ENCRYPTED_STREAM not in data:
        return ".doc"
    if any(name in data[:_HEAD] for name in _WORD_XML) and data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml"):
        return ".doc"
    if _MBOX.match(data):
        return ".mbox"
    if _MAIL.match(data) and re.search(
        rb"^(?:mime-version|content-type|received|message-id):", data[:8192], re.IGNORECASE | re.MULTILINE
    ):
        is_related = re.search(rb"^content-type:\s*multipart/related;?\s", data[:8192], re.IGNORECASE | re.MULTILINE)
        is_saved = re.search(rb"^(?:snapshot-)?content-location:|^from: <saved by", data[:8192], re.IGNORECASE | re.MULTILINE)
        return ".mhtml" if suffix in (".mht", ".mhtml") or (is_related and is_saved) else ".eml"
    return ""


def _kind_by_text(data: bytes, suffix: str) -> str:
    text = _text_start(data)
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _kind_by_json(data, suffix)
    if start.startswith("<"):
        if _HTML_START.match(start):
            return ".html"
        root = _ROOT.match(start, _PROLOG.match(start).end())  # type: ignore[union-attr]
        kind = _SUFFIX_BY_ROOT.get(root["name"]) if root else None
        if kind or suffix == ".xml":
            return kind or ".xml"
    if suffix in (".txt", ".text", ""):
        if start.startswith("<") and _HTML_BLOCK.search(start):
            return ".html"
        return ".md" if sum(bool(pattern.search(text)) for pattern in _MARKDOWN_SIGNS) >= 2 else ".txt"
    return ""


def _text_start(data: bytes) -> str:
    """The first characters, decoded well enough to recognize markup."""
    head = data[:20_000]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4].count(b"\0") >= 2:
        return head.replace(b"\0", b"").decode("latin-1").lstrip("ÿþ")
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")


def _kind_by_json(data: bytes, suffix: str) -> str:
    try:
        values = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # the reader of that format reports the error
        return "" if suffix != ".json" else ".jsonfeed" if b"jsonfeed.org/" in data[:1000] else ".ninjs"
    item = values[0] if isinstance(values, list) and values else values
    if not isinstance(item, dict):
        return ""
    keys = {re.sub("^(body|description)_.*", r"\1_", str(key).lower()) for key in item}
    if "jsonfeed.org" in str(item.get("version", "")) or ("items" in keys and "home_page_url" in keys):
        return ".jsonfeed"
    if "nbformat" in keys and "cells" in keys:
        return ".ipynb"
    has_body = any(isinstance(value, str) and _NINJS_BODY.fullmatch(str(key)) for key, value in item.items())
    return ".ninjs" if has_body or len(keys & _NINJS) >= 2 else ""
