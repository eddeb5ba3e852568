"""Where pages begin, in terms of the articles: how the PDF tells the e-book which words open its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNCOUNTED = re.compile("[\\s\u00ad\u200b\u2010-]+")


@dataclass(frozen=True)
class PageStart:
    """A place in an edition, ahead of a word or of a whole element.

    `place` is `SLUG:N` for the N-th element of an article (document order, the article itself 0), `contents:NAME` for a
    line of the contents, else the id of something around the articles. `after` counts the characters of the element's own
    text that come before (all of its text, around the articles), as `counted` has them; -1: the element itself opens the page.
    """

    place: str
    after: int


@dataclass(frozen=True)
class PageBreak:
    """A page of the PDF: its folio, and where it begins."""

    folio: str
    begin: PageStart


def countable(text: str) -> str:
    """The characters that are the same in a text and in its lines: no white space, no hyphens."""
    return _UNCOUNTED.sub("", text)
