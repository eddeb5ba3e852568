"""The votes of trafilatura and readability-lxml: which text blocks each of them takes for the article."""

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
_RUN_LENGTH = 3  # words in a row that identify a text
# From so many blocks on, trafilatura's fallbacks are not used: their time grows with the square of the number of blocks.
_MANY_BLOCKS = 3_000
# From so many on, trafilatura is not used at all: it asks libxml2 for all texts in paragraphs, which grows with the square too.
_MOST_BLOCKS = 20_000
_FAILED_SHARE = 0.5  # of the words that the other extractor takes
_MIN_SHARE = 0.6  # of a block's runs that must be in an extractor's text


def vote(page: Element, blocks: Sequence[TextBlock]) -> list[Vote]:
    """A vote for each text block, in order. An extractor that finds much less than the other has failed: the other decides.

    On a page with very many blocks readability alone decides.
    """
    marked = _marked_by_readability(page, blocks)
    if len(blocks) >= _MOST_BLOCKS:
        return [Vote(number in marked, number in marked) for number in range(len(blocks))]
    text = _trafilatura_text(page, thorough=len(blocks) < _MANY_BLOCKS)
    words = words_of(text)
    runs = {words[start : start + _RUN_LENGTH] for start in range(len(words))}
    lines = {words_of(line) for line in text.split("\n")}
    taken = {number for number, block in enumerate(blocks) if _is_taken(block.words, runs, lines)}
    taken_count, marked_count = (sum(len(blocks[number].words) for number in numbers) for numbers in (taken, marked))
    if marked_count < _FAILED_SHARE * taken_count:
        marked = taken
    elif taken_count < _FAILED_SHARE / 2 * marked_count:  # trafilatura is asked for precision
        taken = marked
    return [Vote(number in taken, number in marked) for number in range(len(blocks))]


def _is_taken(words: tuple[str, ...], runs: set[tuple[str, ...]], lines: set[tuple[str, ...]]) -> bool:
    if len(words) <= _RUN_LENGTH:
        return bool(words) and words in lines
    block_runs = [words[start : start + _RUN_LENGTH] for start in range(len(words) - _RUN_LENGTH + 1)]
    return sum(run in runs for run in block_runs) > _MIN_SHARE * len(block_runs)


def _marked_by_readability(page: Element, blocks: Sequence[TextBlock]) -> set[int]:
    """The numbers of the blocks whose elements are in readability's summary. It keeps attributes, so the marks are exact."""
    from readability import Document
    from readability.readability import Unparseable

    numbers_of: dict[Element, list[int]] = {}
    for number, block in enumerate(blocks):
        numbers_of.setdefault(block.element, []).append(number)
    for number, element in enumerate(numbers_of):
        element.set(_MARK, str(number))
    source = lxml.html.tostring(page, encoding="unicode")
    for element in numbers_of:
        del element.attrib[_MARK]
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    try:
        summary = Document(source).summary()
    except (Unparseable, ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        return set()  # no summary: only the votes of trafilatura count
    numbers = list(numbers_of.values())
    return {number for mark in _MARKED.findall(summary) for number in numbers[int(mark)]}


def _trafilatura_text(page: Element, *, thorough: bool) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("courlan").setLevel(logging.CRITICAL)
    source = lxml.html.tostring(page, encoding="unicode")
    try:
        return trafilatura.extract(source, include_comments=False, favor_precision=True, fast=not thorough) or ""
    except (ValueError, TypeError, AttributeError, IndexError, lxml.etree.LxmlError):
        return ""
