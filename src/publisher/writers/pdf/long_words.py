"""Words wider than any column: they get places to break, so that they are set line by line and nothing of them is lost.

Without such places the engine measures all that is left of a word for each of its lines, and puts it on one line in the end.
"""

from __future__ import annotations

import re
from typing import Any

UNHYPHENATED = 60  # letters: no language has longer words that a reader would divide by its rules
_LONGEST = 100  # letters that fit into a column or are broken by the style sheet; longer words are broken here
_LONGEST_OF_CODE = 1_000  # letters; code is copied from the page, so as little as possible is put into it
_PIECE = 10  # letters between two places to break
# Characters of scripts that are written with spaces; lines of the others break anywhere. U+0300: a mark stays with its letter.
_LETTERS = "!-~\u00a1-\u05ff\u0600-\u06ff\u0900-\u0dff\u1e00-\u1fff"
_PIECES = re.compile(f"([{_LETTERS}]{{{_PIECE}}})(?=[!-~]|\\w)")
_LONG = {longest: re.compile(f"[{_LETTERS}]{{{longest + 1},}}") for longest in (_LONGEST, _LONGEST_OF_CODE)}
_CODE = ("pre", "code", "kbd", "samp")


def break_long_words(root: Any) -> None:
    """Puts U+200B into the long words of an lxml tree, every ten letters."""
    for element in root.iter():
        if element.text and len(element.text) > _LONGEST:
            element.text = _broken(element.text, element)
        if element.tail and len(element.tail) > _LONGEST:
            element.tail = _broken(element.tail, element.getparent())


def _broken(text: str, holder: Any) -> str:
    if not _LONG[_LONGEST].search(text):
        return text
    is_code = holder.tag in _CODE or next(holder.iterancestors(*_CODE), None) is not None
    return _LONG[_LONGEST_OF_CODE if is_code else _LONGEST].sub(lambda word: _PIECES.sub("\\1\u200b", word[0]), text)
