"""Quotes, apostrophes, primes, dashes, ellipses and the spaces before marks, by the language of each passage.

Only what was typed straight is changed; curly quotes, code and computer output stay as they came.
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

_VERBATIM = {"pre", "code", "kbd", "samp", "var"}
_TYPED = re.compile(r"[\"'`]|\.\.\.|--|\s[-–—]\s|\. \. \.|[ \u00a0\u202f][;:!?»]|«[ \u00a0]")
_OPENERS = set(" \t\n\u00a0\u202f([{—–-/“‘„‚«‹¡¿") | {""}
_ELIDED = re.compile(r"'(?=(?:\d0s|twas|tis|twere|twill|em|til|cause|bout|round|n)\b)", re.IGNORECASE)
_BLOCKS = vocabulary.BLOCKS | vocabulary.PARTS


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with typographer's marks in place of typewriter's."""
    block, previous, open_quotes = None, "", [0, 0]
    for text in list(article.root.descendants):
        if type(text) is not NavigableString or in_note_reference(text):
            continue
        lineage = [parent for parent in text.parents if isinstance(parent, Tag)]
        home = next((parent for parent in lineage if parent.name in _BLOCKS), None)
        if home is not block:
            block, previous, open_quotes = home, "", [0, 0]
        string = str(text)
        if not any(parent.name in _VERBATIM for parent in lineage) and _TYPED.search(string):
            lang = next((attribute(parent, "lang") for parent in lineage if parent.get("lang")), "") or article.metadata.lang
            string = _set(string, previous, lang, open_quotes)
            text.replace_with(NavigableString(string))
        previous = string[-1:] or previous
    return article


def _set(text: str, previous: str, lang: str, open_quotes: list[int]) -> str:
    text = _dashes(text.replace("...", "…").replace(". . .", "…"), lang)
    text = _spaces(_ELIDED.sub("’", text), lang)
    marks = quotes(lang)
    result: list[str] = []
    for index, char in enumerate(text):
        if char in "\"'":
            before = (text[index - 1] if index else previous) if not result else result[-1][-1:]
            char = _mark(char, before, text[index + 1 : index + 2], marks, open_quotes)
        result.append(char)
    return "".join(result)


def _dashes(text: str, lang: str) -> str:
    base = lang.split("-")[0]
    between = "——" if base in WIDE_DASH else " – " if base in EN_DASH else " — "
    text = re.sub(r"(?<=\d)--(?=\d)", "–", text)
    text = re.sub(r"\s---?\s", between, text)
    text = re.sub(r"(?<!-)---?(?!-)", "—", text)
    if base in WIDE_DASH:
        text = re.sub(r"(?<!—)—(?!—)", "——", text)
    text = re.sub(r"(?<=\S)\s-\s(?=\S)", " – ", text)
    return re.sub(r" (?=[–—] )", "\u00a0", text) if base in DASH_BOUND else text


def _spaces(text: str, lang: str) -> str:
    """The spaces that a language sets before its marks, in place of those that were typed: none is added."""
    for marks, space in spaces(lang):
        text = re.sub(rf"[ \u00a0\u202f]+(?=[{marks}])", space, text)
    return re.sub(r"«[ \u00a0]+", "«\u202f", text) if spaces(lang) else text


def _mark(char: str, before: str, after: str, marks: tuple[str, str, str, str], open_quotes: list[int]) -> str:
    """One mark in place of a straight quote, from the characters at its sides and what is open."""
    double = char == '"'
    opens, closes = (marks[0], marks[1]) if double else (marks[2], marks[3])
    level = 0 if double else 1
    opening = before in _OPENERS and bool(after) and not after.isspace()
    if not double and before.isalnum() and after.isalnum():
        return "′" if before.isdigit() and after.isdigit() else "’"
    if opening or (not open_quotes[level] and (before in _OPENERS or (double and _is_ideographic(before)))):
        open_quotes[level] += 1
        return opens
    if before.isdigit() and not open_quotes[level]:
        return "″" if double else "′"
    if open_quotes[level]:
        open_quotes[level] -= 1
        return closes
    return closes if double else "’"


def _is_ideographic(char: str) -> bool:
    """A character of a script that is written without spaces: a quotation may begin right behind it."""
    return bool(char) and (0x2E80 <= ord(char[-1]) <= 0x9FFF or 0xFF00 <= ord(char[-1]) <= 0xFFEF)
