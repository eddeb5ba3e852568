"""Chooses the text blocks of the article: finds its part of the page, then decides there by votes, names and neighbors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.extraction.choice import NO_VOTE, TEASER, Choice, Vote
from publisher.extraction.clutter import CLUTTER, CLUTTER_TAGS, OVERLAY, SURE_CLUTTER
from publisher.extraction.cut_by_place import cut_by_place
from publisher.extraction.phrases import asks_to_subscribe, is_credit, is_label
from publisher.extraction.restore_wholes import restore_wholes
from publisher.extraction.text_blocks import TextBlock, wrappers_of
from publisher.input.html_elements import Element, ancestors, class_and_id, nearest_element, text_content
from publisher.model.vocabulary import HEADINGS

_DATA_TAGS = frozenset({"td", "th", "dt", "dd", "pre"})
_CELL_TAGS = frozenset({"li", "td", "th", "dd", "dt"})
_PROSE_TAGS = frozenset({"li", "dt", "dd", "td", "th", "h2", "h3", "h4", "h5", "h6", "pre", "p", "figcaption"})
# The weight of a word in the search for the article's part of the page: marked by both extractors, by one, by none.
_BOTH_WEIGHT, _TRAFILATURA_WEIGHT, _READABILITY_WEIGHT, _UNMARKED_WEIGHT = 1.0, 0.5, 0.3, -0.25
_LEAST_PROSE_SHARE = 0.5  # of the words of a page that is worth reading as a whole
_AROUND_ROLES = frozenset({"navigation", "dialog", "alertdialog", "banner", "contentinfo", "search"})
_WORDS_OF_HEADING = 3  # of an id: "related-articles" may stand on a list of links
_SHORT = 45  # words: longer paragraphs are neither calls to subscribe nor teasers


def choose(blocks: Sequence[TextBlock], votes: Sequence[Vote], page: Element) -> tuple[Element, list[Choice]]:
    """The element that holds the article, and a choice for each text block in it."""
    container = find_article_container(blocks, votes, page)
    inside = [
        (block, block_vote)
        for block, block_vote in zip(blocks, votes, strict=True)
        if block.element is container or any(element is container for element in block.element.iterancestors())
    ]
    wrappers = wrappers_of([block for block, _ in inside], container)
    choices = [_choice(block, block_vote, container, wrappers) for block, block_vote in inside]
    for choice in choices:
        _decide_by_vote(choice)
    if choices:
        _decide_by_neighbors(choices)
        _keep_headings(choices)
        cut_by_place(choices)
        restore_wholes(choices)
    return container, choices


def choose_main_text(blocks: Sequence[TextBlock], votes: Sequence[Vote], page: Element) -> tuple[Element, list[Choice]]:
    """As `choose`, for a page that is no article: all its text, without navigation and what is clutter by its name."""
    wrappers = wrappers_of(blocks, page)
    choices = [_choice(block, block_vote, page, wrappers) for block, block_vote in zip(blocks, votes, strict=True)]
    for choice in choices:
        tag, count = str(choice.block.element.tag), len(choice.block.words)
        if choice.is_clutter or _is_around(choice.block.element, page, wrappers):
            choice.cut_rule = "clutter by name"
        elif _is_label(choice, tag) or (count < _SHORT and asks_to_subscribe(choice.block.text, plain=not choice.block.linked)):
            choice.cut_rule = "a label of the page"
        else:
            choice.cut_rule = ""
    kept = [choice for choice in choices if choice.kept]
    container = nearest_element([choice.block.element for choice in kept]) if kept else page
    cut_by_place(kept)
    return container, [choice for choice in choices if container in (choice.block.element, *choice.block.element.iterancestors())]


def _is_around(element: Element, page: Element, wrappers: set[Element]) -> bool:
    """Whether an element stands in what is around the text of every page of a site, or lies over it."""
    return any(
        place.get("role") in _AROUND_ROLES
        or OVERLAY.search(class_and_id(place))
        or (place.tag == "header" and next(place.iter("nav"), None) is not None)
        for place in ancestors(element, page)
        if place not in wrappers
    )


def kept_shares(choices: Sequence[Choice], main: Sequence[Choice]) -> tuple[float, float]:
    """The words that `choices` keep as a share of those that `main` keeps: of running text, and of all text.

    1 if hardly any of the text that `main` keeps is running text.
    """
    kept, main_kept = ([choice.block for choice in part if choice.kept] for part in (choices, main))
    prose, main_prose = (sum(len(block.words) for block in part if block.is_prose) for part in (kept, main_kept))
    words, main_words = (sum(len(block.words) for block in part) for part in (kept, main_kept))
    return (prose / main_prose, words / main_words) if main_prose > _LEAST_PROSE_SHARE * main_words else (1.0, 1.0)


def find_article_container(blocks: Sequence[TextBlock], votes: Sequence[Vote], page: Element) -> Element:
    """The lowest element in which the marked words most outweigh the unmarked ones."""
    sums: dict[Element, float] = {}
    for block, block_vote in zip(blocks, votes, strict=True):
        word_weight = (
            _BOTH_WEIGHT
            if block_vote.both
            else _TRAFILATURA_WEIGHT
            if block_vote.trafilatura
            else _READABILITY_WEIGHT
            if block_vote.readability
            else _UNMARKED_WEIGHT
        )
        weight = word_weight * len(block.words) * (0.3 if word_weight < 0 and len(block.words) < 4 else 1)
        for element in (block.element, *block.element.iterancestors()):
            sums[element] = sums.get(element, 0.0) + weight
    best = page
    for element in page.iter():
        if element in sums and (best not in sums or sums[element] >= sums[best] - 1e-9):
            best = element
    return best


def _choice(block: TextBlock, block_vote: Vote, container: Element, wrappers: set[Element]) -> Choice:
    elements = list(ancestors(block.element, container)) or [block.element]
    names = tuple("" if element in wrappers else _names(element) for element in elements)
    tags = {str(element.tag) for element in elements if element.tag not in CLUTTER_TAGS or element not in wrappers}
    return Choice(block, block_vote, names, frozenset(tags))


def _names(element: Element) -> str:
    """The class and the id of an element. An id that is made of the words of its heading says nothing of what the element is."""
    identifier = element.get("id") or ""
    if len(re.split(r"[-_]+", identifier)) >= _WORDS_OF_HEADING and CLUTTER.search(identifier):
        heading = element if element.tag in HEADINGS else next(element.iter(*HEADINGS), None)
        title = "" if heading is None else re.sub(r"\W+", "", text_content(heading).lower())
        if title and title.startswith(re.sub(r"^h-|[\W_]+", "", identifier.lower())):
            return element.get("class") or ""
    return class_and_id(element)


def _decide_by_vote(choice: Choice) -> None:
    block, tag, count = choice.block, str(choice.block.element.tag), len(choice.block.words)
    link_share = 0.0 if is_credit(block.text) else block.link_share
    is_small = tag in _CELL_TAGS or tag in HEADINGS
    is_sure_clutter = not choice.quoted and any(map(SURE_CLUTTER.search, choice.names))
    if _is_label(choice, tag):
        choice.cut_rule = "a label of the page"
    elif count < _SHORT and not choice.quoted and asks_to_subscribe(block.text, plain=choice.vote.both and not block.linked):
        choice.cut_rule = "a call to subscribe"
    elif choice.vote.both:
        is_teaser = not is_small and link_share > 0.8 and 2 < count < _SHORT
        is_clutter = choice.is_clutter and (link_share > 0.5 or is_sure_clutter) and count < 130
        choice.cut_rule = TEASER if is_teaser else "clutter by name" if is_clutter else ""
    elif choice.is_clutter and (choice.vote.trafilatura or choice.vote.readability):
        choice.cut_rule = "clutter by name"
    elif choice.vote.trafilatura:
        choice.cut_rule = "" if link_share < 0.8 else TEASER
    elif choice.vote.readability:
        choice.cut_rule = "" if link_share < 0.6 or (is_small and count < 15) or count < 4 else TEASER
    else:
        choice.certain = False


def _is_label(choice: Choice, tag: str) -> bool:
    if "figure" in choice.tags and tag != "figcaption" and choice.block.text.isdigit():
        return True  # the number of an image in a gallery
    if choice.quoted or tag in _DATA_TAGS or (choice.vote.both and tag in HEADINGS):
        return False
    return is_label(choice.block.text, len(choice.block.words))


def _sure_range(choices: Sequence[Choice]) -> tuple[int, int]:
    """The first and the last block that both extractors take."""
    sure = [index for index, choice in enumerate(choices) if choice.kept and choice.vote.both and len(choice.block.words) > 5]
    return (sure[0], sure[-1]) if sure else (0, len(choices))


def _keep_headings(choices: Sequence[Choice]) -> None:
    """Keeps each heading, and each term of a definition list, if what it heads is kept."""
    first, last = _sure_range(choices)
    last = min(last, len(choices) - 1)
    for choice, following in zip(choices[last - 1 : first : -1], choices[last : first + 1 : -1], strict=False):
        is_open = choice.cut_rule == NO_VOTE and not choice.certain and not choice.is_clutter
        is_heading = is_open and str(choice.block.element.tag) in HEADINGS and "li" not in choice.tags
        is_term = choice.cut_rule in (NO_VOTE, TEASER) and choice.block.element.tag == "dt" and not choice.is_clutter
        if (is_heading or is_term) and following.kept:
            choice.cut_rule = ""


def _decide_by_neighbors(choices: Sequence[Choice]) -> None:
    """Decides by its neighbors on each block that no extractor marked, between the first and the last marked block."""
    first, last = _sure_range(choices)
    word_counts: dict[Element, list[int]] = {}
    for choice in choices:
        counts = word_counts.setdefault(choice.block.element.getparent(), [0, 0])
        counts[0] += len(choice.block.words) * choice.kept
        counts[1] += len(choice.block.words)
    items = {choice.block.element for choice in choices if choice.kept and choice.block.element.tag == "li"}
    for index, choice in enumerate(choices):
        if choice.certain or not first < index < last or choice.is_clutter:
            continue
        tag = str(choice.block.element.tag)
        kept, total = word_counts[choice.block.element.getparent()]
        beside_kept = choice.block.link_share < 0.5 and (kept > 0.6 * total or tag in _PROSE_TAGS or choice.quoted)
        in_kept_list = tag == "li" and (
            kept > 0.25 * total or any(element in items for element in choice.block.element.iterancestors("li"))
        )
        choice.cut_rule = "" if beside_kept or in_kept_list else choice.cut_rule
        if choice.kept and tag == "li":
            items.add(choice.block.element)
