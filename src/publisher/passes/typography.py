"""Sets quotation marks, apostrophes, primes, dashes, ellipses and the spaces before marks by the language of each text.

Only marks of a typewriter are changed. Curly quotes, code and computer output stay as they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bs4 import Tag
from bs4.element import NavigableString

from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.markup import attribute, classes, nodes
from publisher.text.languages import DASH_BOUND, EN_DASH, WIDE_DASH, quotes, spaces

_VERBATIM_ELEMENTS = {"pre", "code", "kbd", "samp", "var"}
# Any of: " ' ` ... . . . -- and dashes between white space, spaces inside of marks. It begins with a set of characters, in which
# a regular expression is found fast.
_TYPEWRITER_MARKS = re.compile(
    r"[\"'`.\-–—;:!?»«](?:(?<=[\"'`])|(?<=\.)(?:\.\.| \. \.)|(?<=-)-|(?<=\s[-–—])\s|(?<=[ \u00a0\u202f][;:!?»])|(?<=«)[ \u00a0])"
)
_STRAIGHT_QUOTE = re.compile("[\"']")
_BEFORE_OPENING = set(" \t\n\u00a0\u202f([{—–-/“‘„‚«‹¡¿") | {""}
_ELISION = re.compile(r"'(?=(?:\d0s|twas|tis|twere|twill|em|til|cause|bout|round|n)\b)", re.IGNORECASE)
_BLOCKS = vocabulary.BLOCKS | vocabulary.PARTS


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with typographic marks in place of typewriter marks."""
    block, last_char, open_quotes = None, "", [0, 0]
    contexts = {id(article.root): _context_in(article.root, _Context(lang=article.metadata.lang))}
    for node in nodes(article.root):
        context = contexts[id(node.parent)]
        if type(node) is not NavigableString:
            if isinstance(node, Tag):
                contexts[id(node)] = _context_in(node, context)
            continue
        if context.block is not block:
            block, last_char, open_quotes = context.block, "", [0, 0]
        string = str(node)
        if context.is_reference:  # it may stand for the name of an author: `@weir's report`
            last_char = string[-1:] if last_char in _BEFORE_OPENING else last_char
            continue
        if not context.is_verbatim and _TYPEWRITER_MARKS.search(string):
            string = _set(string, last_char, context.lang, open_quotes)
            node.replace_with(NavigableString(string))
        last_char = string[-1:] or last_char
    return article


class _Context(NamedTuple):
    """What is the same for all texts that stand directly in an element."""

    block: Tag | None = None
    lang: str = ""
    is_verbatim: bool = False
    is_reference: bool = False


def _context_in(element: Tag, around: _Context) -> _Context:
    """The context in an element that stands in the context `around`."""
    name = element.name
    if not element.attrs and name not in _BLOCKS and name not in _VERBATIM_ELEMENTS and not around.is_reference:
        return around
    return _Context(
        element if name in _BLOCKS else around.block,
        attribute(element, "lang") if element.attrs and element.get("lang") else around.lang,
        around.is_verbatim or name in _VERBATIM_ELEMENTS,
        name == "a" and "noteref" in classes(element),
    )


def typeset_text(text: str, lang: str) -> str:
    """A text by itself with typographic marks in place of typewriter marks."""
    return _set(text, "", lang, [0, 0])


def _set(text: str, last_char: str, lang: str, open_quotes: list[int]) -> str:
    text = _set_dashes(text.replace("...", "…").replace(". . .", "…"), lang)
    text = _set_spaces(_ELISION.sub("’", text) if "'" in text else text, lang)
    marks, pieces, start = quotes(lang), list[str](), 0
    for match in _STRAIGHT_QUOTE.finditer(text):
        index = match.start()
        previous_char = text[index - 1] if index > start else pieces[-1][-1:] if pieces else last_char
        mark = _quotation_mark(match[0], previous_char, text[index + 1 : index + 2], marks, open_quotes)
        pieces += (text[start:index], mark)
        start = index + 1
    return "".join([*pieces, text[start:]])


def _set_dashes(text: str, lang: str) -> str:
    base = lang.split("-")[0]
    spaced_dash = "——" if base in WIDE_DASH else " – " if base in EN_DASH else " — "
    if "--" in text:
        text = re.sub(r"(?<=\d)--(?=\d)", "–", text)
        text = re.sub(r"\s---?\s", spaced_dash, text)
        text = re.sub(r"(?<!-)---?(?!-)", "—", text)
    if base in WIDE_DASH:
        text = re.sub(r"(?<!—)—(?!—)", "——", text)
    if "-" in text:
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
