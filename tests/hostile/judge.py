"""What in a tree could run, lead or reach elsewhere: nothing of it may be in a chapter or a drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

ACTIVE = re.compile(
    r"(script|i?frame|frameset|object|embed|applet|portal|fencedframe|form|input|button|select|textarea|link|meta|base|style|template"
    r"|svg|foreignobject|animate\w*|set|discard|handler|listener|audio|video|source|track|marquee|noscript|xmp|plaintext|area|map)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = {"http", "https", "mailto", "tel"}
_ADDRESSES = {
    "href",
    "src",
    "cite",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "longdesc",
    "srcset",
    "ping",
    "altimg",
}


def active_parts(root: Any) -> Iterator[str]:
    """The active elements and attributes under an element of lxml, with their values; images may stand in the page as data."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield f"a comment or instruction: {element}"
            continue
        name = element.tag.rpartition("}")[2]
        if ACTIVE.fullmatch(name):
            yield f"<{name}>"
        for key, value in element.attrib.items():
            yield from _of_attribute(name, str(key).rpartition("}")[2].lower(), str(value))


def _of_attribute(element: str, key: str, value: str) -> Iterator[str]:
    scheme = _SCHEME.match(re.sub(r"[\t\n\r]", "", value))
    if (
        key.startswith("on")
        or key == "style"
        or (
            key in _ADDRESSES
            and scheme
            and scheme[1].lower() not in _SCHEMES
            and not (key == "src" and value.startswith("data:image/"))
        )
    ):
        yield f"{element}[{key}={value[:40]!r}]"
