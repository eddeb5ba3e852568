"""Which leaves are the article: the part of the page where the votes are, and there what they, names and neighbors say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from publisher.extraction.clutter import BYLINE, CAPTION, CLUTTER, CLUTTER_TAGS, FILM, STANDFIRST, SURE_CLUTTER
from publisher.extraction.leaves import Element, Leaf, ancestors, names
from publisher.extraction.phrases import CALL_TO_SUBSCRIBE, is_closing, is_label
from publisher.extraction.votes import Vote

_HEADING = re.compile(r"h[1-6]$")
_FIELDS = frozenset({"td", "th", "dt", "dd", "pre"})
_CELLS = frozenset({"li", "td", "th", "dd", "dt"})
_PROSE = frozenset({"li", "dt", "dd", "td", "th", "h2", "h3", "h4", "h5", "h6", "pre", "p", "figcaption"})
# The weight of a word in finding the article's part of the page: marked by both, by one, by none.
_BOTH, _TRAFILATURA, _READABILITY, _NONE = 1.0, 0.5, 0.3, -0.25
_UNTAKEN, _TEASER = "no extractor takes it", "a teaser"
_UP_TO_LINK = 3  # elements from a text up to the link that it is in, or to the block that is linked to
_DATED = re.compile(r"(?=.*\b(?:19|20)\d\d\b).*\b\d{1,2}[:h.]\d\d\b")  # a day and a time of day
_LONGEST_HEADLINE = 40  # words
_LONGEST_CLOSING = 130  # words
_UP_TO_PICTURE = 4  # elements from a caption up to the one that holds its picture, too
_SHORT = 45  # words: longer paragraphs are no calls to subscribe and no teasers


@dataclass(eq=False)
class Choice:
    """A leaf in the article's part of the page; `why` is the rule that cut it, empty where it stays."""

    leaf: Leaf
    vote: Vote
    names: tuple[str, ...]
    tags: frozenset[str]
    why: str = _UNTAKEN
    certain: bool = True

    @property
    def kept(self) -> bool:
        return not self.why

    @property
    def quoted(self) -> bool:
        return "blockquote" in self.tags

    @property
    def cluttered(self) -> bool:
        return not self.quoted and (bool(self.tags & CLUTTER_TAGS) or any(map(CLUTTER.search, self.names)))

    @property
    def caption(self) -> bool:
        return "figcaption" in self.tags or any(map(CAPTION.search, self.names[:2]))


def choose(leaves: Sequence[Leaf], votes: Sequence[Vote], page: Element) -> tuple[Element, list[Choice]]:
    """The element that holds the article, and a choice for each leaf in it."""
    box = _box(leaves, votes, page)
    choices = [
        _choice(leaf, ballot, box)
        for leaf, ballot in zip(leaves, votes, strict=True)
        if leaf.element is box or any(one is box for one in leaf.element.iterancestors())
    ]
    for one in choices:
        _by_votes(one)
    if choices:
        _by_neighbors(choices)
        _by_place(choices)
        _with_pictures(choices)
        _whole(choices)
        _called(choices)
        _by_closing(choices)
    return box, choices


def _box(leaves: Sequence[Leaf], votes: Sequence[Vote], page: Element) -> Element:
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


def _choice(leaf: Leaf, ballot: Vote, box: Element) -> Choice:
    around = list(ancestors(leaf.element, box)) or [leaf.element]
    return Choice(leaf, ballot, tuple(map(names, around)), frozenset(str(one.tag) for one in around))


def _by_votes(one: Choice) -> None:
    leaf, tag, count, share = one.leaf, str(one.leaf.element.tag), len(one.leaf.words), one.leaf.link_share
    sure = not one.quoted and any(map(SURE_CLUTTER.search, one.names))
    if "figure" in one.tags and leaf.text.isdigit() or not one.quoted and tag not in _FIELDS and not (one.vote.both and _HEADING.match(tag)) and is_label(leaf.text, count):
        one.why = "a label of the page"
    elif count < _SHORT and not one.quoted and CALL_TO_SUBSCRIBE.search(leaf.text):
        one.why = "a call to subscribe"
    elif one.vote.both:
        teaser = tag not in _CELLS and not _HEADING.match(tag) and share > 0.8 and 2 < count < _SHORT
        clutter = one.cluttered and (share > 0.5 or sure) and count < 130
        one.why = _TEASER if teaser else "clutter by name" if clutter else ""
    elif one.cluttered and (one.vote.trafilatura or one.vote.readability):
        one.why = "clutter by name"
    elif one.vote.trafilatura:
        one.why = "" if share < 0.8 else _TEASER
    elif one.vote.readability:
        small = (tag in _CELLS or bool(_HEADING.match(tag))) and count < 15
        one.why = "" if share < 0.6 or small or count < 4 else _TEASER
    else:
        one.certain = False


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
        heads = bool(_HEADING.match(tag)) and "li" not in one.tags and following is not None and following.kept
        one.why = "" if beside or listed or heads else one.why
        if one.kept and tag == "li":
            items.add(one.leaf.element)


def _by_place(choices: Sequence[Choice]) -> None:
    """Headline, standfirst and byline leave for the header; a caption that is there twice stays once."""
    first = next((index for index, one in enumerate(choices) if one.kept and one.vote.both and len(one.leaf.words) > 12), 0)
    captions: list[tuple[str, ...]] = []
    for index, one in enumerate(choices):
        head = one.names[:2]
        if one.leaf.element.tag == "h1" and index <= first and len(one.leaf.words) < _LONGEST_HEADLINE:
            one.why = "the headline"
        elif index < first and len(one.leaf.words) < 12 and _DATED.match(one.leaf.text):
            one.why = "byline or date, now in the header"
        elif len(one.leaf.words) < 25 and not one.quoted and (any(map(BYLINE.search, head)) or _of_bylines(one.leaf)):
            one.why = "byline or date, now in the header"
        elif one.kept and index < first and any(map(STANDFIRST.search, head)):
            one.why = "the standfirst"
        elif one.kept and one.caption and not one.vote.both and any(map(FILM.search, one.names[:_UP_TO_PICTURE])):
            one.why = "the caption of a film"
        elif one.kept and one.caption:
            begin = one.leaf.words[:10]
            if begin in captions and (len(begin) == 10 or begin == captions[-1]):
                one.why = "a caption that is there twice"
            captions.append(begin)


def _of_bylines(leaf: Leaf) -> bool:
    """Whether all words of a leaf stand in inline elements that are called byline or date."""
    said = [element for element, behind in leaf.slots if not behind and (element.text or "").strip()]
    loose = any(behind and (element.tail or "").strip(" \n\t|•·,–-") for element, behind in leaf.slots)
    return bool(said) and not loose and all(one.tag == "time" or BYLINE.search(names(one)) for one in said)


def _with_pictures(choices: Sequence[Choice]) -> None:
    """A caption that no extractor takes stays where the article's texts stand around it and it has a picture beside it."""
    kept = [index for index, one in enumerate(choices) if one.kept]
    span = range(kept[0], kept[-1]) if kept else range(0)
    for index in span:
        one = choices[index]
        loose = not one.certain and one.why == _UNTAKEN and not one.cluttered and one.leaf.link_share < 0.5
        if loose and one.caption and _has_picture(one.leaf.element):
            one.why = ""


def _has_picture(element: Element) -> bool:
    for _ in range(_UP_TO_PICTURE):
        if next(element.iter("img"), None) is not None:
            return True
        element = element.getparent()
        if element is None or element.tag in ("body", "article"):
            return False
    return False


def _by_closing(choices: Sequence[Choice]) -> None:
    """Lines of the site under the last paragraph."""
    for one in reversed(choices):
        if one.kept:
            if one.quoted or len(one.leaf.words) > _LONGEST_CLOSING or not is_closing(one.leaf.text):
                return
            one.why = "a line of the site under the article"


def _whole(choices: Sequence[Choice]) -> None:
    """A table or a list of which a good part stays, stays whole."""
    groups: dict[Element, list[Choice]] = {}
    for one in choices:
        for element in one.leaf.element.iterancestors("table", "ul", "ol"):
            groups.setdefault(element, []).append(one)
    for group, members in groups.items():
        if any(one is not group for one in group.iter("table")):
            continue  # it arranges a page instead of listing things
        total, kept = (sum(len(one.leaf.words) for one in some) for some in (members, [one for one in members if one.kept]))
        if kept >= 0.4 * total:
            for one in members:
                spared = one.why in (_UNTAKEN, _TEASER) and not one.cluttered
                one.why = "" if spared or group.tag == "table" else one.why


def _called(choices: Sequence[Choice]) -> None:
    """What the article's own text links to within the page is a part of it: notes and references."""
    targets = {target for one in choices if one.kept for target in _targets(one.leaf)}
    for one in choices:
        if one.why in (_UNTAKEN, _TEASER) and not targets.isdisjoint(_ids(one.leaf.element)):
            one.why = ""


def _targets(leaf: Leaf) -> Iterator[str]:
    for element, behind in leaf.slots:
        for link in () if behind else (element, *islice(element.iterancestors(), _UP_TO_LINK)):
            href = link.get("href") or ""
            if link.tag == "a" and href.startswith("#"):
                yield href[1:]


def _ids(element: Element) -> set[str]:
    """The ids of a block, and of the list item or paragraph around it."""
    around = (element, *islice(element.iterancestors(), _UP_TO_LINK))
    return {str(one.get("id")) for one in around if one.get("id") and one.tag in _PROSE}
