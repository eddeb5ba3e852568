"""Removes blocks by their place: headline, standfirst and byline move to the header, captions stay once, closing lines go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.extraction.choice import HEADLINE, STANDFIRST, Choice
from publisher.extraction.clutter import BYLINE, STANDFIRST_NAME, VIDEO
from publisher.extraction.phrases import is_closing, is_label
from publisher.extraction.text_blocks import TextBlock
from publisher.input.html_elements import Element, class_and_id
from publisher.model.parts import BYLINE_TO_HEADER
from publisher.model.vocabulary import HEADINGS
from publisher.text.bylines import date_in

_DATE_AND_TIME = re.compile(r"(?=.*\b(?:19|20)\d\d\b).*\b\d{1,2}[:h.]\d\d\b")
_LONGEST_HEADLINE = 40  # words, like the lengths that follow
_LONGEST_BYLINE = 25
_LONGEST_CLOSING = 130
_LONGEST_BESIDE_DATE = 5
_LEAST_PARAGRAPH = 12
_COMPARED = 10  # captions that begin with the same words, this many, are the same
_LEVELS_TO_VIDEO = 4  # elements from a caption up to the element whose name says that it is a video


def cut_by_place(choices: Sequence[Choice]) -> None:
    """Removes what the header shows, repeated captions, captions of videos, and the site's lines under the article."""
    first = next((index for index, choice in enumerate(choices) if _is_paragraph(choice)), 0)
    captions: list[tuple[tuple[str, ...], Element]] = []
    for index, choice in enumerate(choices):
        is_under_headline = index > 0 and choices[index - 1].cut_rule == HEADLINE
        if rule := _header_rule(choice, index, first, is_under_headline):
            choice.cut_rule = rule
        elif choice.kept and _heads_nothing(choices, index):
            choice.cut_rule = "a label of the page"
        elif choice.kept and choice.is_caption:
            if not choice.vote.both and any(map(VIDEO.search, choice.names[:_LEVELS_TO_VIDEO])):
                choice.cut_rule = "the caption of a film"
            elif _is_repeated(choice, captions):
                choice.cut_rule = "a caption that is there twice"
            captions.append((choice.block.words[:_COMPARED], _figure_of(choice)))
    _cut_closing_lines(choices)


def _is_paragraph(choice: Choice) -> bool:
    return choice.kept and choice.vote.both and len(choice.block.words) > _LEAST_PARAGRAPH


def _header_rule(choice: Choice, index: int, first: int, is_under_headline: bool) -> str:
    """The rule for a block of the header, by its names or its place before the `first` paragraph; empty for other blocks.

    A short standfirst is often taken by no extractor. Directly under the headline its name is proof enough.
    """
    count, names = len(choice.block.words), choice.names[:2]
    if choice.block.element.tag == "h1" and index <= first and count < _LONGEST_HEADLINE:
        return HEADLINE
    is_named = count < _LONGEST_BYLINE and not choice.quoted and (any(map(BYLINE.search, names)) or _is_byline(choice.block))
    if is_named or (
        index < first and count < _LEAST_PARAGRAPH and (_DATE_AND_TIME.match(choice.block.text) or _is_date_line(choice))
    ):
        return BYLINE_TO_HEADER
    may_be_standfirst = index < first and (choice.kept or is_under_headline)
    return STANDFIRST if may_be_standfirst and any(map(STANDFIRST_NAME.search, names)) else ""


def _is_byline(block: TextBlock) -> bool:
    """Whether all words of a block stand in inline elements whose names mean byline or date."""
    elements = [element for element, is_tail in block.slots if not is_tail and (element.text or "").strip()]
    has_text_between = any(is_tail and (element.tail or "").strip(" \n\t|•·,–-") for element, is_tail in block.slots)
    return (
        bool(elements)
        and not has_text_between
        and all(element.tag == "time" or BYLINE.search(class_and_id(element)) for element in elements)
    )


def _heads_nothing(choices: Sequence[Choice], index: int) -> bool:
    """Whether a block is a heading with the words of a label, and the block after it was removed."""
    choice, following = choices[index], choices[index + 1 : index + 2]
    return (
        str(choice.block.element.tag) in HEADINGS
        and not any(other.kept for other in following)
        and is_label(choice.block.text, len(choice.block.words))
    )


def _is_date_line(choice: Choice) -> bool:
    """Whether a line is a date and at most a few other words."""
    date, rest = date_in(choice.block.text)
    return date is not None and len(rest.split()) <= _LONGEST_BESIDE_DATE and choice.block.text.rstrip()[-1:] not in ".!?…"


def _is_repeated(choice: Choice, captions: Sequence[tuple[tuple[str, ...], Element]]) -> bool:
    """Whether a caption was there before. A short caption ("Photo by …") may stand under several images."""
    start, figure = choice.block.words[:_COMPARED], _figure_of(choice)
    if len(start) == _COMPARED:
        return any(start == words for words, _ in captions)
    return bool(captions) and captions[-1][0] == start and (figure is None or captions[-1][1] is figure)


def _figure_of(choice: Choice) -> Element:
    return next((figure for figure in choice.block.element.iterancestors("figure")), None)


def _cut_closing_lines(choices: Sequence[Choice]) -> None:
    """Removes the site's lines under the last paragraph."""
    for choice in reversed(choices):
        if choice.kept:
            if choice.quoted or len(choice.block.words) > _LONGEST_CLOSING or not is_closing(choice.block.text):
                return
            choice.cut_rule = "a line of the site under the article"
