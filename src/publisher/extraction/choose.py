"""Which leaves are the article: the part of the page where the votes are, and there what they, names and neighbors say."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.extraction.choice import TEASER, Choice, Vote
from publisher.extraction.clutter import SURE_CLUTTER
from publisher.extraction.phrases import asks_to_subscribe, is_credit, is_label
from publisher.extraction.places import placed
from publisher.extraction.text_blocks import TextBlock
from publisher.extraction.wholes import completed
from publisher.input.html_elements import Element, ancestors, class_and_id
from publisher.model.vocabulary import HEADINGS

_FIELDS = frozenset({"td", "th", "dt", "dd", "pre"})
_CELLS = frozenset({"li", "td", "th", "dd", "dt"})
_PROSE = frozenset({"li", "dt", "dd", "td", "th", "h2", "h3", "h4", "h5", "h6", "pre", "p", "figcaption"})
# The weight of a word in finding the article's part of the page: marked by both, by one, by none.
_BOTH, _TRAFILATURA, _READABILITY, _NONE = 1.0, 0.5, 0.3, -0.25
_SHORT = 45  # words: longer paragraphs are no calls to subscribe and no teasers


def choose(leaves: Sequence[TextBlock], votes: Sequence[Vote], page: Element) -> tuple[Element, list[Choice]]:
    """The element that holds the article, and a choice for each leaf in it."""
    box = find_article_container(leaves, votes, page)
    choices = [
        _choice(leaf, ballot, box)
        for leaf, ballot in zip(leaves, votes, strict=True)
        if leaf.element is box or any(one is box for one in leaf.element.iterancestors())
    ]
    for one in choices:
        _by_votes(one)
    if choices:
        _by_neighbors(choices)
        placed(choices)
        completed(choices)
    return box, choices


def find_article_container(leaves: Sequence[TextBlock], votes: Sequence[Vote], page: Element) -> Element:
    """The lowest element in which the words that are marked outweigh most those that are not."""
    sums: dict[Element, float] = {}
    for leaf, ballot in zip(leaves, votes, strict=True):
        share = _BOTH if ballot.both else _TRAFILATURA if ballot.trafilatura else _READABILITY if ballot.readability else _NONE
        weight = share * len(leaf.words) * (0.3 if share < 0 and len(leaf.words) < 4 else 1)
        for element in (leaf.element, *leaf.element.iterancestors()):
            sums[element] = sums.get(element, 0.0) + weight
    best = page
    for element in page.iter():
        if element in sums and (best not in sums or sums[element] >= sums[best] - 1e-9):
            best = element
    return best


def _choice(leaf: TextBlock, ballot: Vote, box: Element) -> Choice:
    around = list(ancestors(leaf.element, box)) or [leaf.element]
    return Choice(leaf, ballot, tuple(map(class_and_id, around)), frozenset(str(one.tag) for one in around))


def _by_votes(one: Choice) -> None:
    leaf, tag, count = one.leaf, str(one.leaf.element.tag), len(one.leaf.words)
    share = 0.0 if is_credit(leaf.text) else leaf.link_share
    small = tag in _CELLS or tag in HEADINGS
    sure = not one.quoted and any(map(SURE_CLUTTER.search, one.names))
    if _is_label(one, tag):
        one.cut_rule = "a label of the page"
    elif count < _SHORT and not one.quoted and asks_to_subscribe(leaf.text, plain=one.vote.both and not leaf.linked):
        one.cut_rule = "a call to subscribe"
    elif one.vote.both:
        teaser = not small and share > 0.8 and 2 < count < _SHORT
        clutter = one.cluttered and (share > 0.5 or sure) and count < 130
        one.cut_rule = TEASER if teaser else "clutter by name" if clutter else ""
    elif one.cluttered and (one.vote.trafilatura or one.vote.readability):
        one.cut_rule = "clutter by name"
    elif one.vote.trafilatura:
        one.cut_rule = "" if share < 0.8 else TEASER
    elif one.vote.readability:
        one.cut_rule = "" if share < 0.6 or (small and count < 15) or count < 4 else TEASER
    else:
        one.certain = False


def _is_label(one: Choice, tag: str) -> bool:
    if "figure" in one.tags and tag != "figcaption" and one.leaf.text.isdigit():
        return True  # it counts the pictures
    if one.quoted or tag in _FIELDS or (one.vote.both and tag in HEADINGS):
        return False
    return is_label(one.leaf.text, len(one.leaf.words))


def _by_neighbors(choices: Sequence[Choice]) -> None:
    """What nobody marked, by what stands around it, between the first and the last text that is marked."""
    sure = [index for index, one in enumerate(choices) if one.kept and one.vote.both and len(one.leaf.words) > 5]
    first, last = (sure[0], sure[-1]) if sure else (0, len(choices))
    shares: dict[Element, list[int]] = {}
    for one in choices:
        known = shares.setdefault(one.leaf.element.getparent(), [0, 0])
        known[0] += len(one.leaf.words) * one.kept
        known[1] += len(one.leaf.words)
    items = {one.leaf.element for one in choices if one.kept and one.leaf.element.tag == "li"}
    for index, one in enumerate(choices):
        if one.certain or not first < index < last or one.cluttered:
            continue
        tag = str(one.leaf.element.tag)
        kept, whole = shares[one.leaf.element.getparent()]
        following = choices[index + 1] if index + 1 < len(choices) else None
        beside = one.leaf.link_share < 0.5 and (kept > 0.6 * whole or tag in _PROSE or one.quoted)
        listed = tag == "li" and (kept > 0.25 * whole or any(above in items for above in one.leaf.element.iterancestors("li")))
        heads = tag in HEADINGS and "li" not in one.tags and following is not None and following.kept
        one.cut_rule = "" if beside or listed or heads else one.cut_rule
        if one.kept and tag == "li":
            items.add(one.leaf.element)
