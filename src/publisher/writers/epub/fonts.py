"""The theme's fonts as the book carries them: those that its e-book style sheet names, cut to the characters in use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from publisher.writers.themes import Theme

_NAMED = re.compile(r"url\(\s*[\"']?(fonts/[^)\"']+)")


def book_fonts(theme: Theme, characters: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The path in the book and the bytes of each font; ligatures and kerning kept, hints not, nothing obfuscated."""
    for name in dict.fromkeys(_NAMED.findall(theme.read("ebook.css"))):
        path = theme.path(name)
        if path is not None:
            yield name, _cut(path.read_bytes(), characters)


def _cut(data: bytes, characters: Collection[str]) -> bytes:
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update({ord(one) for one in characters})
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    face = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(data)), wanted)
    return bytes(face.blob.data) if face is not None else data
