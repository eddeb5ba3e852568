"""The letters of a page of a PDF as they are drawn: typeface, size and place."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Letter:
    """A letter: its page (from 1), typeface, size, and place in points from the page's left and foot."""

    text: str
    page: int
    face: str
    size: float
    left: float
    bottom: float
    right: float


def letters(data: bytes) -> Iterator[Letter]:
    """The letters of a PDF in the order in which they are drawn; spaces are none."""
    for number, page in enumerate(pypdfium2.PdfDocument(data), 1):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            if letter.strip():
                left, bottom, right, _ = text.get_charbox(index, loose=True)
                size = round(raw.FPDFText_GetFontSize(text, index), 1)
                yield Letter(letter, number, _face(text, index), size, left, bottom, right)


def letters_of(data: bytes, words: str) -> list[Letter]:
    """The letters of the first place of some words."""
    found = list(letters(data))
    wanted = "".join(words.split())
    start = "".join(letter.text[0] for letter in found).index(wanted)
    return found[start : start + len(wanted)]


def _face(text: Any, index: int) -> str:
    """The name of the typeface without the tag of its subset."""
    name, flags = ctypes.create_string_buffer(100), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, 100, flags)
    return name.value.decode(errors="replace").partition("+")[2]
