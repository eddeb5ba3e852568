"""Small functions on lxml elements for all modules that read web pages: text, words, class and id, ancestors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

Element: TypeAlias = Any  # lxml has no types of its own
# A word; in scripts without spaces, a pair of characters.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{1,2}|\w+")


def text_content(element: Element) -> str:
    """All text in an element, white space collapsed."""
    return " ".join("".join(element.itertext()).split())


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case; in scripts without spaces, pairs of characters."""
    return tuple(_WORD.findall(text.lower()))


def ancestors(element: Element, top: Element) -> Iterator[Element]:
    """An element and its ancestors, up to but without `top`."""
    while element is not None and element is not top:
        yield element
        element = element.getparent()


def class_and_id(element: Element) -> str:
    """The class and the id of an element as one string."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()
