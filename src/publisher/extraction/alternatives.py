"""A pattern of alternatives that are listed one by one, so that a test can have an example for each."""

from __future__ import annotations

import re


class Alternatives:
    """A pattern of `alternatives` (regular expressions, case is ignored) between two expressions that they have in common."""

    def __init__(self, *alternatives: str, before: str = "", behind: str = "") -> None:
        self.alternatives, self.before, self.behind = alternatives, before, behind
        pattern = re.compile(rf"{before}(?:{'|'.join(alternatives)}){behind}", re.IGNORECASE)
        self.search, self.match, self.fullmatch = pattern.search, pattern.match, pattern.fullmatch


def names(*words: str) -> Alternatives:
    """Words of which each is a whole part of a class or id: `share` in `share-bar` and `post_share`, but not in `shareholder`."""
    return Alternatives(*words, before=r"(?:^|[\s_-])", behind=r"(?=$|[\s_-])")
