"""Removes blocks by their place: headline, standfirst and byline move to the header, captions stay once, closing lines go.

So do headings that head nothing, or only teasers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from publisher.extraction.choice import HEADLINE, NO_VOTE, STANDFIRST, TEASER, Choice
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
_LEAST_STANDFIRST, _LONGEST_STANDFIRST = 5, 60
_LEAST_TEASERS = 2
_LINKED = 0.8  # share of the words in links from which on a block is a teaser
_STANDFIRST_TAGS = frozenset({"p", "div", "h2", "h3", "h4"})
_COMPARED = 10  # captions that begin with the same words, this many, are the same
_LEVELS_TO_VIDEO = 4  # elements from a caption up to the element whose name says that it is a video


def cut_by_place(choices: Sequence[Choice]) -> None:
    """Removes what the header shows, repeated captions, captions of videos, and the site's lines under the article."""
    first = next((index for index, choice in enumerate(choices) if _is_paragraph(choice)), 0)
    captions: list[tuple[tuple[str, ...], Element]] = []
    for index, choice in enumerate(choices):
        if rule := _header_rule(choices, index, first):
            choice.cut_rule = rule
        elif choice.kept and _heads_nothing(choices, index):
            choice.cut_rule = "a label of the page"
        elif choice.kept and _heads_teasers(choices, index):
            choice.cut_rule = "a heading of teasers"
        elif choice.kept and choice.is_caption:
            if not choice.vote.both and any(map(VIDEO.search, choice.names[:_LEVELS_TO_VIDEO])):
                choice.cut_rule = "the caption of a film"
            elif _is_repeated(choice, captions):
                choice.cut_rule = "a caption that is there twice"
            captions.append((choice.block.words[:_COMPARED], _figure_of(choice)))
    _cut_closing_lines(choices)


def _is_paragraph(choice: Choice) -> bool:
    return choice.kept and choice.vote.both and len(choice.block.words) > _LEAST_PARAGRAPH


def _header_rule(choices: Sequence[Choice], index: int, first: int) -> str:
    """The rule for a block of the header, by its names or its place before the `first` paragraph; empty for other blocks.

    A short standfirst is often taken by no extractor. Directly under the headline its name is proof enough, and so is its place
    if the byline follows.
    """
    choice = choices[index]
    if choice.block.element.tag == "h1" and index <= first and len(choice.block.words) < _LONGEST_HEADLINE:
        return HEADLINE
    if _is_of_byline(choice, index < first):
        return BYLINE_TO_HEADER
    is_under_headline = index > 0 and choices[index - 1].cut_rule == HEADLINE
    may_be_standfirst = index < first and (choice.kept or is_under_headline)
    is_named = may_be_standfirst and any(map(STANDFIRST_NAME.search, choice.names[:2]))
    is_placed = is_under_headline and index <= first and _may_be_standfirst(choice) and _is_above_byline(choices, index)
    return STANDFIRST if is_named or is_placed else ""


def _is_of_byline(choice: Choice, is_above_text: bool) -> bool:
    """Whether a block is a byline or a date, by its names or by its words above the text."""
    count = len(choice.block.words)
    is_named = any(map(BYLINE.search, choice.names[:2])) or _is_byline(choice.block)
    if count < _LONGEST_BYLINE and not choice.quoted and is_named:
        return True
    return is_above_text and count < _LEAST_PARAGRAPH and (bool(_DATE_AND_TIME.match(choice.block.text)) or _is_date_line(choice))


def _may_be_standfirst(choice: Choice) -> bool:
    """Whether a block is a short text without links."""
    is_text = choice.block.element.tag in _STANDFIRST_TAGS and not (choice.is_caption or choice.is_clutter or choice.quoted)
    return is_text and _LEAST_STANDFIRST <= len(choice.block.words) <= _LONGEST_STANDFIRST and not choice.block.linked


def _is_above_byline(choices: Sequence[Choice], index: int) -> bool:
    """Whether the next block is a byline or a date, and text follows it."""
    is_next = any(_is_of_byline(following, is_above_text=True) for following in choices[index + 1 : index + 2])
    return is_next and any(map(_is_paragraph, choices[index + 2 :]))


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


def _heads_teasers(choices: Sequence[Choice], index: int) -> bool:
    """Whether a list of removed links stands behind a heading that not both extractors take.

    If heading and list are in the same element, the list is a section of the article: `restore_wholes` keeps it.
    """
    heading = choices[index]
    if heading.vote.both or str(heading.block.element.tag) not in HEADINGS:
        return False
    teasers = list(takewhile(_is_teaser, choices[index + 1 :]))
    if len(teasers) < _LEAST_TEASERS:
        return False
    listing = teasers[0].block.element.getparent()
    return bool(listing.getparent() is not heading.block.element.getparent())


def _is_teaser(choice: Choice) -> bool:
    return choice.cut_rule in (NO_VOTE, TEASER) and choice.block.element.tag == "li" and choice.block.link_share > _LINKED


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
