"""The warnings for characters that no font has: one for each file and font package, with the line of the first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.edition import Entry
from publisher.text.characters import code_point
from publisher.writers.contract import Places

PRIVATE, UNASSIGNED = "Co", "Cn"  # general categories (Unicode 4.5)

_TAG = re.compile(r"<[^>]*>")
_CONTEXT = 24  # characters on either side of the one that is named
_MOST = 12  # characters that a message lists
# Packages of Debian and Ubuntu with a font, by the first and last code point of their characters. fonts-noto-core has all others.
_FONT_PACKAGES = (
    (0x1100, 0x11FF, "fonts-noto-cjk"),
    (0x2E80, 0x9FFF, "fonts-noto-cjk"),
    (0xA960, 0xA97F, "fonts-noto-cjk"),
    (0xAC00, 0xD7FF, "fonts-noto-cjk"),
    (0xF900, 0xFAFF, "fonts-noto-cjk"),
    (0x10570, 0x107BF, "fonts-unifont"),
    (0x10F70, 0x10FDF, "fonts-unifont"),
    (0x11900, 0x1195F, "fonts-unifont"),
    (0x119A0, 0x119FF, "fonts-unifont"),
    (0x12F90, 0x12FFF, "fonts-unifont"),
    (0x16A70, 0x16ACF, "fonts-unifont"),
    (0x1F000, 0x1FAFF, "fonts-noto-color-emoji"),
    (0x1FB00, 0x1FBFF, "fonts-unifont"),
    (0x20000, 0x3FFFF, "fonts-hanazono"),
)


def font_package(char: str) -> str:
    """The package of Debian and Ubuntu with a font for an assigned character."""
    return next((name for first, last, name in _FONT_PACKAGES if first <= ord(char) <= last), "fonts-noto-core")


def missing_character_diagnostics(characters: str, entries: Iterable[Entry], place: Places) -> Iterator[Diagnostic]:
    """A warning for each file and hint. Characters outside articles (in the edition's title, for example) have no place."""
    wanted, found = set(characters), set[tuple[str, str]]()
    for entry in entries if wanted else ():
        text = text_of_entry(entry)
        by_hint: dict[str, list[str]] = {}
        for char in dict.fromkeys(char for char in text if char in wanted):
            location = place(entry.slug, char)
            if (location.file, char) not in found:
                found.add((location.file, char))
                by_hint.setdefault(_hint(char), []).append(char)
        for hint, group in by_hint.items():
            yield _diagnostic(group, hint, place(entry.slug, group[0]), context_of(text, group[0]))
    elsewhere = sorted(wanted - {char for _, char in found})
    for hint in dict.fromkeys(map(_hint, elsewhere)):
        yield _diagnostic([char for char in elsewhere if _hint(char) == hint], hint)


def text_of_entry(entry: Entry) -> str:
    """All that an article shows, its drawings included."""
    vectors = [resource for resource in entry.resources if resource.media_type == "image/svg+xml"]
    markup = [entry.xhtml, *(vector.data.decode("utf-8", "replace") for vector in vectors)]
    return " ".join(unescape(_TAG.sub(" ", text)) for text in markup)


def _diagnostic(chars: list[str], hint: str, location: Location | None = None, context: str = "") -> Diagnostic:
    marks = "a mark with its code point stands for it" if len(chars) == 1 else "marks with their code points stand for them"
    place = f": “…{context}…”" if context else ""
    return Diagnostic(Code.GLYPH_MISSING, f"no font has {descriptions(chars)}; {marks}{place}", location, hint)


def descriptions(chars: Sequence[str]) -> str:
    """The characters with code points and names, the first twelve of them."""
    others = f" and {len(chars) - _MOST} more" if len(chars) > _MOST else ""
    return f"{', '.join(map(_description, chars[:_MOST]))}{others}"


def _description(char: str) -> str:
    """The character, its code point and name; without the character where a screen could not show it by itself."""
    category = unicodedata.category(char)
    name = unicodedata.name(char, "") or {PRIVATE: "private use", UNASSIGNED: "not assigned"}.get(category, "no name")
    return f"{code_point(char)} ({name})" if category[0] in "CM" else f"{char} ({code_point(char)} {name})"


def _hint(char: str) -> str:
    category = unicodedata.category(char)
    if category == PRIVATE:
        return "only the font that it was made for has it: write it in words or as an image, or remove it"
    if category == UNASSIGNED:
        return f"Unicode {unicodedata.unidata_version} has no such character: correct it"
    return f"install {font_package(char)}, or write it in another way"


def context_of(text: str, char: str) -> str:
    """The words around a character; empty if the text does not have it."""
    index = text.find(char)
    return " ".join(text[max(0, index - _CONTEXT) : index + _CONTEXT].split()) if index >= 0 else ""
