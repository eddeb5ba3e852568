"""Sets quotation marks, apostrophes, primes, dashes, ellipses and the spaces before marks by the language of each text.

Only marks of a typewriter are changed. Curly quotes, code and computer output stay as they are.
"""

from __future__ import annotations

import re

from bs4 import Tag
from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.markup import attribute, in_note_reference
from publisher.text.languages import DASH_BOUND, EN_DASH, WIDE_DASH, quotes, spaces

_VERBATIM_ELEMENTS = {"pre", "code", "kbd", "samp", "var"}
_TYPEWRITER_MARKS = re.compile(r"[\"'`]|\.\.\.|--|\s[-–—]\s|\. \. \.|[ \u00a0\u202f][;:!?»]|«[ \u00a0]")
_BEFORE_OPENING = set(" \t\n\u00a0\u202f([{—–-/“‘„‚«‹¡¿") | {""}
_ELISION = re.compile(r"'(?=(?:\d0s|twas|tis|twere|twill|em|til|cause|bout|round|n)\b)", re.IGNORECASE)
_BLOCKS = vocabulary.BLOCKS | vocabulary.PARTS


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with typographic marks in place of typewriter marks."""
    block, last_char, open_quotes = None, "", [0, 0]
    for text in list(article.root.descendants):
        if type(text) is not NavigableString:
            continue
        ancestors = [parent for parent in text.parents if isinstance(parent, Tag)]
        parent_block = next((parent for parent in ancestors if parent.name in _BLOCKS), None)
        if parent_block is not block:
            block, last_char, open_quotes = parent_block, "", [0, 0]
        string = str(text)
        if in_note_reference(text):  # it may stand for the name of an author: `@weir's report`
            last_char = string[-1:] if last_char in _BEFORE_OPENING else last_char
            continue
        if not any(parent.name in _VERBATIM_ELEMENTS for parent in ancestors) and _TYPEWRITER_MARKS.search(string):
            lang = next((attribute(parent, "lang") for parent in ancestors if parent.get("lang")), "") or article.metadata.lang
            string = _set(string, last_char, lang, open_quotes)
            text.replace_with(NavigableString(string))
        last_char = string[-1:] or last_char
    return article


def typeset_text(text: str, lang: str) -> str:
    """A text by itself with typographic marks in place of typewriter marks."""
    return _set(text, "", lang, [0, 0])


def _set(text: str, last_char: str, lang: str, open_quotes: list[int]) -> str:
    text = _set_dashes(text.replace("...", "…").replace(". . .", "…"), lang)
    text = _set_spaces(_ELISION.sub("’", text), lang)
    marks = quotes(lang)
    result: list[str] = []
    for index, char in enumerate(text):
        if char in "\"'":
            previous_char = (text[index - 1] if index else last_char) if not result else result[-1][-1:]
            char = _quotation_mark(char, previous_char, text[index + 1 : index + 2], marks, open_quotes)
        result.append(char)
    return "".join(result)


def _set_dashes(text: str, lang: str) -> str:
    base = lang.split("-")[0]
    spaced_dash = "——" if base in WIDE_DASH else " – " if base in EN_DASH else " — "
    text = re.sub(r"(?<=\d)--(?=\d)", "–", text)
    text = re.sub(r"\s---?\s", spaced_dash, text)
    text = re.sub(r"(?<!-)---?(?!-)", "—", text)
    if base in WIDE_DASH:
        text = re.sub(r"(?<!—)—(?!—)", "——", text)
    text = re.sub(r"(?<=\S)\s-\s(?=\S)", " – ", text)
    return re.sub(r" (?=[–—] )", "\u00a0", text) if base in DASH_BOUND else text


def _set_spaces(text: str, lang: str) -> str:
    """Replaces typed spaces before marks by those that the language uses. No space is added."""
    for marks, space in spaces(lang):
        text = re.sub(rf"(?<![ \u00a0\u202f])[ \u00a0\u202f]+(?=[{marks}])", space, text)
    return re.sub(r"«[ \u00a0]+", "«\u202f", text) if spaces(lang) else text


def _quotation_mark(
    char: str, previous_char: str, next_char: str, marks: tuple[str, str, str, str], open_quotes: list[int]
) -> str:
    """The mark that replaces a straight quote. It depends on the characters beside it and the open quotations."""
    is_double = char == '"'
    opening_mark, closing_mark = (marks[0], marks[1]) if is_double else (marks[2], marks[3])
    level = 0 if is_double else 1
    is_opening = previous_char in _BEFORE_OPENING and bool(next_char) and not next_char.isspace()
    if not is_double and previous_char.isalnum() and next_char.isalnum():
        return "′" if previous_char.isdigit() and next_char.isdigit() else "’"
    if is_opening or (
        not open_quotes[level] and (previous_char in _BEFORE_OPENING or (is_double and _is_ideographic(previous_char)))
    ):
        open_quotes[level] += 1
        return opening_mark
    if previous_char.isdigit() and not open_quotes[level]:
        return "″" if is_double else "′"
    if open_quotes[level]:
        open_quotes[level] -= 1
        return closing_mark
    return closing_mark if is_double else "’"


def _is_ideographic(char: str) -> bool:
    """Whether a character is of a script that is written without spaces: a quotation may begin directly after it."""
    return bool(char) and (0x2E80 <= ord(char[-1]) <= 0x9FFF or 0xFF00 <= ord(char[-1]) <= 0xFFEF)
