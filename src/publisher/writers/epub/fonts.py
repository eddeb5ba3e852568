"""The fonts of the book: those that the theme's e-book style sheet names, subset to the characters of the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from publisher.writers.themes import Theme

_FONT_URL = re.compile(r"url\(\s*[\"']?(fonts/[^)\"']+)")


def book_fonts(theme: Theme, characters: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The path in the book and the bytes of each font. Ligatures and kerning are kept, hints removed, nothing is obfuscated."""
    for name in dict.fromkeys(_FONT_URL.findall(theme.read("ebook.css"))):
        path = theme.path(name)
        if path is not None:
            yield name, _subset(path.read_bytes(), characters)


def _subset(data: bytes, characters: Collection[str]) -> bytes:
    import uharfbuzz

    subset = uharfbuzz.SubsetInput()
    subset.unicode_set.update({ord(character) for character in characters})
    subset.flags = uharfbuzz.SubsetFlags.NO_HINTING
    face = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(data)), subset)
    return bytes(face.blob.data) if face is not None else data
