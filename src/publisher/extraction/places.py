"""By their place: headline, standfirst and byline leave for the header, a caption stays once, lines under the end go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.extraction.choice import BYLINE_LEFT, Choice
from publisher.extraction.clutter import BYLINE, FILM, STANDFIRST
from publisher.extraction.phrases import is_closing, is_label
from publisher.extraction.text_blocks import TextBlock
from publisher.input.html_elements import Element, class_and_id
from publisher.model.vocabulary import HEADINGS
from publisher.text.bylines import date_in

_DATED = re.compile(r"(?=.*\b(?:19|20)\d\d\b).*\b\d{1,2}[:h.]\d\d\b")  # a day and a time of day
_LONGEST_HEADLINE = 40  # words, as all that follow
_LONGEST_BYLINE = 25
_LONGEST_CLOSING = 130
_BESIDE_DAY = 5
_LEAST_PARAGRAPH = 12
_TELLING = 10  # as many that are the same make the same caption
_UP_TO_FILM = 4  # elements from a caption up to the one that says that it is a film's


def placed(choices: Sequence[Choice]) -> None:
    """Cuts what the header shows, captions that are there twice or are a film's, and the site's lines under the article."""
    first = next((at for at, one in enumerate(choices) if _is_paragraph(one)), 0)
    captions: list[tuple[tuple[str, ...], Element]] = []
    for index, one in enumerate(choices):
        if part := _header_part(one, index, first):
            one.cut_rule = part
        elif one.kept and _heads_nothing(choices, index):
            one.cut_rule = "a label of the page"
        elif one.kept and one.caption:
            if not one.vote.both and any(map(FILM.search, one.names[:_UP_TO_FILM])):
                one.cut_rule = "the caption of a film"
            elif _is_double(one, captions):
                one.cut_rule = "a caption that is there twice"
            captions.append((one.leaf.words[:_TELLING], _figure(one)))
    _close(choices)


def _is_paragraph(one: Choice) -> bool:
    return one.kept and one.vote.both and len(one.leaf.words) > _LEAST_PARAGRAPH


def _header_part(one: Choice, index: int, first: int) -> str:
    """What of the header a leaf is, that stands before the `first` paragraph or is named so; empty for what is none."""
    count, near = len(one.leaf.words), one.names[:2]
    if one.leaf.element.tag == "h1" and index <= first and count < _LONGEST_HEADLINE:
        return "the headline"
    named = count < _LONGEST_BYLINE and not one.quoted and (any(map(BYLINE.search, near)) or _of_bylines(one.leaf))
    if named or (index < first and count < _LEAST_PARAGRAPH and (_DATED.match(one.leaf.text) or _is_dated(one))):
        return BYLINE_LEFT
    return "the standfirst" if one.kept and index < first and any(map(STANDFIRST.search, near)) else ""


def _of_bylines(leaf: TextBlock) -> bool:
    """Whether all words of a leaf stand in inline elements that are called byline or date."""
    said = [element for element, behind in leaf.slots if not behind and (element.text or "").strip()]
    loose = any(behind and (element.tail or "").strip(" \n\t|•·,–-") for element, behind in leaf.slots)
    return bool(said) and not loose and all(one.tag == "time" or BYLINE.search(class_and_id(one)) for one in said)


def _heads_nothing(choices: Sequence[Choice], index: int) -> bool:
    """Whether a leaf is a heading as over a box of the page, and what follows it was cut."""
    one, following = choices[index], choices[index + 1 : index + 2]
    return (
        str(one.leaf.element.tag) in HEADINGS
        and not any(other.kept for other in following)
        and is_label(one.leaf.text, len(one.leaf.words))
    )


def _is_dated(one: Choice) -> bool:
    """Whether a line is a day and little else."""
    written, rest = date_in(one.leaf.text)
    return written is not None and len(rest.split()) <= _BESIDE_DAY and one.leaf.text.rstrip()[-1:] not in ".!?…"


def _is_double(one: Choice, captions: Sequence[tuple[tuple[str, ...], Element]]) -> bool:
    """Whether a caption was there before; a short one ("Photo by …") may stand under each of several pictures."""
    begin, figure = one.leaf.words[:_TELLING], _figure(one)
    if len(begin) == _TELLING:
        return any(begin == words for words, _ in captions)
    return bool(captions) and captions[-1][0] == begin and (figure is None or captions[-1][1] is figure)


def _figure(one: Choice) -> Element:
    return next((around for around in one.leaf.element.iterancestors("figure")), None)


def _close(choices: Sequence[Choice]) -> None:
    """Lines of the site under the last paragraph."""
    for one in reversed(choices):
        if one.kept:
            if one.quoted or len(one.leaf.words) > _LONGEST_CLOSING or not is_closing(one.leaf.text):
                return
            one.cut_rule = "a line of the site under the article"
