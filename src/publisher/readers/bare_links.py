"""Bare links in Markdown: found as linkify-it finds them, but looked for only where a text has the signs of an address.

Its patterns look at each character with many alternatives, and most texts have no address.
"""

from __future__ import annotations

from typing import Any

from linkify_it import LinkifyIt

_SIGNS = (":", "//")  # a link has its scheme, since links without are not wanted; `//` begins a link too
_WRITTEN_SIGNS = (*_SIGNS, "&", "\\")  # as they may stand in Markdown: as a reference to a character, or with a backslash


class BareLinks(LinkifyIt):  # type: ignore[misc] # the package has no types
    """Finds links with a scheme; hosts and mail addresses alone are none."""

    def __init__(self) -> None:
        super().__init__()
        self.set({"fuzzy_link": False, "fuzzy_email": False})

    def pretest(self, text: str) -> Any:
        """Whether a paragraph of Markdown may have a link."""
        return any(sign in text for sign in _WRITTEN_SIGNS) and super().pretest(text)

    def test(self, text: str) -> Any:
        """Whether a text has a link."""
        return any(sign in text for sign in _SIGNS) and super().test(text)
