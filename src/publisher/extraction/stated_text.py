"""The text of an article that a page only states in its data, for a script: in JSON-LD, or in the JSON state of its program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

from publisher.extraction import json_ld
from publisher.extraction.hidden_parts import prose_count
from publisher.extraction.text_blocks import text_blocks
from publisher.input.html_elements import Element, parsed_piece, text_content, words_of
from publisher.text.characters import clean

# The keys of a body in the data of content management systems.
_BODY_KEY = re.compile(
    r"(?:article|story|post|main|page|rich)?_?(?:body|content|text|html|paragraphs|blocks|components|elements)(?:_?(?:html|text))?",
    re.IGNORECASE,
)
_TEXT_KEYS = ("text", "content", "html", "value", "body", "data", "paragraph")  # of a part of a body that is a list
_ASSIGNMENT = re.compile(r"(?<=[\w\s\]])=\s*(?=[{\[])")
_TAG = re.compile(
    r"</?(?:p|div|span|br|a|h[1-6]|ul|ol|li|em|strong|b|i|blockquote|figure|figcaption|img|table|section)\b[^>]*>", re.IGNORECASE
)
_MOST_ASSIGNMENTS = 50  # of a script that are searched
_LEAST_WORDS = 60  # an article in data has so many
_SHOWN_SHARE = 0.5  # of its words that are also on the page: then the page shows it
_OTHER_SHARE = 0.2  # of its words: a page with more running text of another kind shows an article of its own
_RUN_LENGTH = 4
_DEEPEST = 60  # levels of JSON


@dataclass(frozen=True)
class StatedText:
    """The text of an article in a page's data, plain or HTML, and the place where it stands."""

    text: str
    place: str


def stated_text(page: Element) -> StatedText | None:
    """The text of an article in the data of a page that the page does not show; None if there is none.

    That of JSON-LD comes first, then the longest in a script.
    """
    stated = _text_in_json_ld(page)
    texts = [stated] if stated is not None and len(words_of(stated.text)) >= _LEAST_WORDS else list(_texts_in_state(page))
    candidates = [(len(words_of(_TAG.sub(" ", text.text))), -number, text) for number, text in enumerate(texts)]
    count, _, longest = max(candidates, default=(0, 0, None))
    if longest is None or count < _LEAST_WORDS or prose_count(page) > max(_LEAST_WORDS, _OTHER_SHARE * count):
        return None
    return None if _is_shown(longest.text, page) else longest


def _text_in_json_ld(page: Element) -> StatedText | None:
    """The body of the item from which title and authors are taken."""
    body = json_ld.article_item(page).get("articleBody")
    return StatedText(unescape(body), "JSON-LD (articleBody)") if isinstance(body, str) else None


def _texts_in_state(page: Element) -> Iterator[StatedText]:
    for script in page.iter("script"):
        kind, source = (script.get("type") or "").lower(), script.text or ""
        if kind == "application/ld+json" or len(source) < _LEAST_WORDS * 3:
            continue
        starts = (
            [len(source) - len(source.lstrip())]
            if "json" in kind
            else [match.end() for match in islice(_ASSIGNMENT.finditer(source), _MOST_ASSIGNMENTS)]
        )
        for start in starts:
            try:
                value = json.JSONDecoder(strict=False).raw_decode(source, start)[0]
            except (ValueError, RecursionError):
                continue
            for text in _bodies(value, 0):
                yield StatedText(text, f"the data of a script in line {script.sourceline}")


def _bodies(value: Any, level: int) -> Iterator[str]:
    """The texts under keys of a body, at any level."""
    if level > _DEEPEST or not isinstance(value, dict | list):
        return
    entries = value.items() if isinstance(value, dict) else (("", entry) for entry in value)
    for key, entry in entries:
        if key and _BODY_KEY.fullmatch(key):
            text = entry if isinstance(entry, str) else "\n".join(_parts(entry, 0))
            if text:
                yield text
        yield from _bodies(entry, level + 1)


def _parts(value: Any, level: int) -> Iterator[str]:
    """The texts of a body that is a list of paragraphs or of records with texts, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and level < _DEEPEST:
        for entry in value:
            yield from _parts(entry, level + 1)
    elif isinstance(value, dict) and level < _DEEPEST:
        for key in _TEXT_KEYS:
            if key in value:
                yield from _parts(value[key], level + 1)
                return


def _is_shown(text: str, page: Element) -> bool:
    shown = words_of(" ".join(block.text for block in text_blocks(page)))
    runs = {shown[start : start + _RUN_LENGTH] for start in range(len(shown))}
    words = words_of(_TAG.sub(" ", text))
    stated = [words[start : start + _RUN_LENGTH] for start in range(max(1, len(words) - _RUN_LENGTH + 1))]
    return sum(run in runs for run in stated) > _SHOWN_SHARE * len(stated)


def set_stated_text(page: Element, stated: StatedText) -> Element:
    """Puts the text at the end of the page, as an element with paragraphs; returns that element."""
    body, text = page.find("body"), clean(stated.text)
    if _TAG.search(text):
        article = parsed_piece(text, "article")
    else:
        article = parsed_piece("", "article")
        for line in filter(None, map(str.strip, text.splitlines())):
            paragraph = article.makeelement("p")
            paragraph.text = line
            article.append(paragraph)
    for heading in [heading for heading in article.iter("h1") if text_content(heading)]:
        heading.tag = "h2"
    (page if body is None else body).append(article)
    return article
