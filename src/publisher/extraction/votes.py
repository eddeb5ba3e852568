"""What trafilatura and readability-lxml take for the article, as marks on our leaves."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import lxml.html

from publisher.extraction.choice import Vote
from publisher.extraction.text_blocks import TextBlock
from publisher.input.html_elements import Element, words_of

_MARK = "data-leaf"
_MARKED = re.compile(f'{_MARK}="(\\d+)"')
_RUN = 3  # words in a row that tell one text from another
_MANY = 3_000  # leaves: the other ways that trafilatura tries where its own finds little take the square of their number
_ENOUGH = 0.6  # of a leaf's runs must be in an extractor's text


def vote(page: Element, leaves: Sequence[TextBlock]) -> list[Vote]:
    """A vote for each leaf, in order."""
    marked = _readability(page, leaves)
    text = _trafilatura(page, thorough=len(leaves) < _MANY)
    said = words_of(text)
    runs = {said[at : at + _RUN] for at in range(len(said))}
    lines = {words_of(line) for line in text.split("\n")}
    return [Vote(_is_in(leaf.words, runs, lines), number in marked) for number, leaf in enumerate(leaves)]


def _is_in(words: tuple[str, ...], runs: set[tuple[str, ...]], lines: set[tuple[str, ...]]) -> bool:
    if len(words) <= _RUN:
        return bool(words) and words in lines
    own = [words[at : at + _RUN] for at in range(len(words) - _RUN + 1)]
    return sum(run in runs for run in own) > _ENOUGH * len(own)


def _readability(page: Element, leaves: Sequence[TextBlock]) -> set[int]:
    """The numbers of the leaves whose elements are in readability's summary; it keeps attributes, so the marks are exact."""
    from readability import Document
    from readability.readability import Unparseable

    owners: dict[Element, list[int]] = {}
    for number, leaf in enumerate(leaves):
        owners.setdefault(leaf.element, []).append(number)
    for number, element in enumerate(owners):
        element.set(_MARK, str(number))
    source = lxml.html.tostring(page, encoding="unicode")
    for element in owners:
        del element.attrib[_MARK]
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = Document(source).summary()
    except (Unparseable, ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        return set()  # it finds nothing: the other's votes stand alone
    numbers = list(owners.values())
    return {leaf for mark in _MARKED.findall(summary) for leaf in numbers[int(mark)]}


def _trafilatura(page: Element, *, thorough: bool) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("courlan").setLevel(logging.CRITICAL)
    source = lxml.html.tostring(page, encoding="unicode")
    try:
        return trafilatura.extract(source, include_comments=False, favor_precision=True, fast=not thorough) or ""
    except (ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        return ""
