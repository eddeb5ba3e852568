"""Where the pages of the PDF start, as places in the articles; the e-book gets its page breaks from them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNCOUNTED = re.compile("[\\s\u00ad\u200b\u2010-]+")


@dataclass(frozen=True)
class PageStart:
    """The place in an edition where a page starts: before a word or before a whole element.

    `place` is `SLUG:N` for the N-th element of an article (in document order; the article itself is 0), `contents:NAME` for a
    line of the contents, else the id of an element outside the articles. `after` is the number of characters before the place
    in the element's own text (outside the articles: in all of its text), counted by `countable`; -1: the page starts with the
    element itself.
    """

    place: str
    after: int


@dataclass(frozen=True)
class PageBreak:
    """A page of the PDF: its folio, and where it starts."""

    folio: str
    start: PageStart


def countable_text(text: str) -> str:
    """The text without white space and hyphens: the characters that a text and its typeset lines have in common."""
    return _UNCOUNTED.sub("", text)
