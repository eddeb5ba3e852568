"""Titles in the case of a sentence, as CSL asks for English ones: styles raise the first letters of words, they lower none."""

from __future__ import annotations

import re

_PROTECTED = re.compile(r'(<span class="nocase">.*?</span>|<[^<>]+>)')
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDS = re.compile(r"[:?!.—]\s*[“\"'‘(]*$")


def sentence_case(title: str) -> str:
    """A title whose words begin with small letters, but for the first, those behind a colon, and what is protected.

    A word with capitals inside (NATO, iPhone) stays. So does a title that is not in title case.
    """
    pieces = _PROTECTED.split(title)
    words = [word for piece in pieces[::2] for word in _WORD.findall(piece)]
    if sum(word[0].isupper() for word in words[1:]) * 2 < sum(len(word) > 3 for word in words[1:]):
        return title
    before, result = "", []
    for place, piece in enumerate(pieces):
        is_text = place % 2 == 0
        result.append(_lowered(piece, before) if is_text else piece)
        before += "x" if not is_text and piece.startswith("<span") else piece if is_text else ""
    return "".join(result)


def _lowered(text: str, before: str) -> str:
    def lower(match: re.Match[str]) -> str:
        word, earlier = match[0], before + text[: match.start()]
        is_first = not re.search(r"\w", earlier) or bool(_ENDS.search(earlier))
        is_plain = word[0].isupper() and word[1:] == word[1:].lower() and (len(word) > 1 or word == "A")
        return word.lower() if is_plain and not is_first else word

    return _WORD.sub(lower, text)
