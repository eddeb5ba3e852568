"""The media type of a file by the suffix of its name, the same on every machine.

`mimetypes.guess_type` also reads the tables of the system (/etc/mime.types, the registry of Windows), and newer versions of
Python know more suffixes: then the same input could be read, or written, in another way.
"""

from __future__ import annotations

from functools import cache
from mimetypes import MimeTypes

# What no version of Python names, or not all of those that publisher runs on (IANA's list of media types).
_ADDED = {
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".jxl": "image/jxl",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/opus",
    ".otf": "font/otf",
    ".rtf": "application/rtf",
    ".toml": "application/toml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
}


@cache
def _table() -> MimeTypes:
    table = MimeTypes()  # Python's own table: a table of our own does not read those of the system
    for suffix, media_type in _ADDED.items():
        table.add_type(media_type, suffix)
    return table


def media_type_of(name: str, default: str = "") -> str:
    """The media type of a file or an address by its suffix; `default` where the suffix is not known."""
    return _table().guess_type(name)[0] or default
