"""Texts of CSL, which may have `<i>`, `<b>`, `<sup>` and `<sub>`, as inline XHTML."""

from __future__ import annotations

import re
from html import escape

_ALLOWED = re.compile(r"&lt;(/?(?:i|b|sup|sub))&gt;")
_OTHER = re.compile(r"</?(?:span|sc)\b[^<>]*>")


def markup_xhtml(text: str) -> str:
    """A text with its markup, all else escaped; markup that does not match up is escaped too."""
    escaped = escape(_OTHER.sub("", text), quote=False)
    html = _ALLOWED.sub(r"<\1>", escaped)
    opened: list[str] = []
    for match in re.finditer(r"<(/?)(\w+)>", html):
        if not match[1]:
            opened.append(match[2])
        elif not opened or opened.pop() != match[2]:
            return escaped
    return escaped if opened else html
