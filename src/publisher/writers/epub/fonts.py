"""The fonts of the book: those that the theme's e-book style sheet names, subset to the characters of the text, and marks.

What a reading system has fonts for cannot be known here. A private-use or unassigned character it has none for, so a mark
with the code point stands for it, as in the PDF.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from publisher.writers.code_points import FAMILY
from publisher.writers.custom_properties import book_css
from publisher.writers.missing_characters import PRIVATE, UNASSIGNED
from publisher.writers.themes import Theme

MARKS_FILE = "fonts/code-points.ttf"
MARKS_CSS = f"@font-face {{ font-family: '{FAMILY}'; src: url({MARKS_FILE}) }}\n.code-point {{ font-family: '{FAMILY}' }}\n"
_NOT_TEXT = re.compile(r"(^[^>]*>|<math\b.*?</math>|<svg\b.*?</svg>|<[^>]*>)", re.DOTALL)
_NEVER_DRAWN = re.compile(
    "[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]"
)  # unassigned, but Default_Ignorable_Code_Point (Unicode 5.21)
_FONT_URL = re.compile(r"url\(\s*[\"']?(fonts/[^)\"']+)")


def book_fonts(theme: Theme, characters: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The path in the book and the bytes of each font. Ligatures and kerning are kept, hints removed, nothing is obfuscated."""
    for name in dict.fromkeys(_FONT_URL.findall(book_css(theme))):
        path = theme.path(name)
        if path is not None:
            yield name, _subset(path.read_bytes(), characters)


def characters_of(texts: Iterable[str]) -> set[str]:
    """The characters of texts. Of each text only what is not in ASCII, or is new, is looked at character by character."""
    found, known = set[str](), b""
    for text in texts:
        if rest := text.encode("utf-8", "surrogatepass").translate(None, known):
            found.update(rest.decode("utf-8", "surrogatepass"))
            known = "".join(filter(str.isascii, found)).encode()
    return found


def characters_for_marks(theme: Theme, files: Collection[str]) -> str:
    """The private-use and unassigned characters in the text of XHTML files that none of the book's fonts has, sorted."""
    import uharfbuzz

    characters = (char for char in characters_of(files) if unicodedata.category(char) in (PRIVATE, UNASSIGNED))
    wanted = {char for char in characters if not _NEVER_DRAWN.match(char)}
    wanted &= characters_of(part for xhtml in files for part in _NOT_TEXT.split(xhtml)[::2]) if wanted else set()
    paths = [path for name in _FONT_URL.findall(book_css(theme)) if (path := theme.path(name))] if wanted else []
    for path in paths:
        wanted -= set(map(chr, uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))).unicodes))
    return "".join(sorted(wanted))


def with_marks(xhtml: str, characters: str) -> str:
    """A file of the spine with each of the characters in its body in an element of the class that has the font of marks."""
    if not any(char in xhtml for char in characters):
        return xhtml
    head, body, rest = xhtml.partition("<body")
    runs = re.compile(f"[{characters}]+")
    parts = _NOT_TEXT.split(rest)
    parts[::2] = [runs.sub(r'<span class="code-point">\g<0></span>', part) for part in parts[::2]]
    return head + body + "".join(parts)


def _subset(data: bytes, characters: Collection[str]) -> bytes:
    import uharfbuzz

    subset = uharfbuzz.SubsetInput()
    subset.unicode_set.update({ord(character) for character in characters})
    subset.flags = uharfbuzz.SubsetFlags.NO_HINTING
    face = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(data)), subset)
    return bytes(face.blob.data) if face is not None else data
