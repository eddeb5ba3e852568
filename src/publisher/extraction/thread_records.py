"""The repeated elements of a page that may be posts: of one kind, each with an author and one element with a text.

Programs for forums write every post by one template. Its parts are found by what they have in common on a page, so a short post
has its author, time and text in the same elements as a long one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from publisher.extraction.thread_marks import AUTHOR_NAME, AuthorKind, authors, time_of
from publisher.input.html_elements import Element, class_and_id, nearest_element, text_content, words_of

_BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?<!bg-)body|(?<!justify-)(?<!align-)contents?|text(?!-)|message|msg|cooked|prose|copy|bbwrapper|post-?text|post-?message"
    r"|message-?text|messagetext|postcontent|postbody|entry|inner|md|\w*richtext\w*|comment-?copy|commtext|toptext)(?=$|[\s_-]|\d)",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"(?:^|[\s_-])(?:\w*signature(?:container)?(?=\s|$)|post-?(?:controls?|menu|actions?|buttons?|footer|likes?|info|meta|profile|head)|reactions?\w*"
    r"|vot(?:e|es|ing)\w*|share\w*|report\w*|author\w*|user-?(?:card|panel|info|details|title)|avatar\w*|post-?author|badges?|\w*controls?\w*"
    r"|\w*actions?\w*|\w*toolbar\w*|\w*edited\w*|last-?edit\w*|expand-?link|quoteexpand|notice)(?=$|[\s_-])|(?:^|\s)sig-?\d*(?=$|\s)",
    re.IGNORECASE,
)
_BODY_TAGS = frozenset({"div", "td", "section", "article", "blockquote", "font", "span", "table", "p", "pre"})
_NO_RECORD_TAGS = frozenset(
    {"html", "body", "main", "form", "nav", "footer", "a", "span", "button", "script", "style", "head", "p", "ul", "ol"}
)
_NOT_OF_POSTS = re.compile(r"(?:^|[\s_-])(?:\w*reviews?|testimonials?|related|similar|suggested)(?=$|[\s_-])", re.IGNORECASE)
_STATES = re.compile(r"(?:odd|even|alt|first|last|new|unread)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_KIND_ATTRIBUTES = ("itemprop", "slot", "data-role", "component", "role", "data-testid", "id")
_POST_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w*post(?:bit\w*|container)?|message|comment|question|answer|discussion|reply|topic-body)(?=$|[\s_-]|\d)",
    re.IGNORECASE,
)
_POST_TYPE = re.compile(r"schema\.org/(?:DiscussionForumPosting|Question|Answer|Comment)$")
_COMMENT_NAME = re.compile(r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|answers?)(?=$|[\s_-]|\d)", re.IGNORECASE)
_LEAST_COMMENTS = 4  # words of all comments on posts
_LOOKS = ("width", "size", "align", "valign")
_SHARE_OF_LONGEST = 0.7  # of the words of the longest kind of element named as text: inner ones with so many are the text itself
_LEAST_COMMON = 0.8  # of the records
_LEAST_SHARE = 0.3  # of the words of the page


@dataclass(frozen=True)
class Record:
    """A post and where it stands; `time` is as the page shows it or states it, empty if it does neither."""

    element: Element
    author: str
    time: str
    body: Element


def kind_of(element: Element) -> str:
    """The kind of an element on its page: its tag, and the first of its classes or what else it is called."""
    if not element.keys():
        return f"{element.tag} " if "-" in element.tag else str(element.tag)
    names = [_DIGITS.sub("", name) for name in (element.get("class") or "").split()]
    name = "text" if is_typed_text(element) else next((name for name in names if not _STATES.match(name)), "")
    stated = next((_DIGITS.sub("", value) for key in _KIND_ATTRIBUTES if (value := element.get(key))), "")
    if name or stated or "-" in element.tag:
        return f"{element.tag} {name or stated}"
    return " ".join([str(element.tag), *(f"{key}={value}" for key in _LOOKS if (value := element.get(key)))])


def is_control(element: Element) -> bool:
    """Whether an element in a post is no part of its text: a signature, counters, buttons."""
    return element.tag in ("button", "footer", "menu") or bool(
        _CONTROL.search(class_and_id(element)) or element.get("data-role") == "memberSignature"
    )


def find_records(page: Element) -> list[Record]:
    """The records of the kind that has the most words in texts with authors, and comments on them; empty if there is none."""
    counts = _word_counts(page)
    elements, records = _best_records(_groups(page, counts, _LEAST_SHARE * counts.get(page, 0)), counts)
    if not records:
        return []
    texts = {element for record in records for element in record.body.iter()}
    around = {place for record in records for place in record.body.iterancestors()}
    common = nearest_element([record.element for record in records])
    inside = [
        group
        for group in _groups(page, counts, _LEAST_COMMENTS)
        if _COMMENT_NAME.search(f"{class_and_id(group[0])} {group[0].get('itemprop') or ''}")
        and texts.isdisjoint(group)
        and around.isdisjoint(group)
        and all(common in element.iterancestors() for element in group)
    ]
    parts, comments = _best_records(inside, counts)
    if not comments or not all(comment.time and is_named_text(comment.body) for comment in comments):
        return records
    order = {element: number for number, element in enumerate(page.iter())}
    return sorted([*records_of(elements, parts), *comments], key=lambda record: order[record.body])


def _best_records(groups: Sequence[Sequence[Element]], counts: dict[Element, int]) -> tuple[Sequence[Element], list[Record]]:
    best: tuple[float, Sequence[Element], list[Record]] = (0, [], [])
    for elements in groups:
        records = records_of(elements)
        timed = sum(bool(record.time) for record in records) / max(1, len(records))
        rest = sum(counts[element] for element in elements) if len(records) < _LEAST_COMMON * len(elements) else 0
        words = sum(len(words_of(text_content(record.body))) for record in records)
        score = words * (1 + timed) - 0.1 * max(0, rest - words)
        if score > best[0]:
            best = (score, elements, records)
    return best[1], best[2]


def _word_counts(page: Element) -> dict[Element, int]:
    counts: dict[Element, int] = {}
    for element in reversed(list(page.iter())):
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "head"):
            continue
        inside = sum(counts.get(child, 0) + len((child.tail or "").split()) for child in element)
        counts[element] = len((element.text or "").split()) + inside
    return counts


def single_records(page: Element) -> list[Record]:
    """The posts of a thread with a first post and perhaps an answer in another template: innermost elements named or typed so."""
    groups = _groups(page, _word_counts(page), _LEAST_COMMENTS, size=1)
    posts = [group[0] for group in groups if len(group) == 1 and _is_post(group[0])]
    records = [record for post in posts for record in records_of([post]) if is_named_text(record.body)]
    outer = {place for record in records for place in record.element.iterancestors()}
    innermost = [record for record in records if record.element not in outer]
    order = {element: number for number, element in enumerate(page.iter())}
    return sorted(innermost, key=lambda record: order[record.body])


def _is_post(element: Element) -> bool:
    return bool(_POST_NAME.search(class_and_id(element)) or _POST_TYPE.search(element.get("itemtype") or ""))


def _groups(page: Element, counts: dict[Element, int], least: float, size: int = 2) -> list[list[Element]]:
    groups: dict[object, list[Element]] = {}
    outside: set[Element] = set()
    for element in page.iter():
        parent = element.getparent()
        if parent in outside or element.tag in ("nav", "footer", "aside", "blockquote", "script", "head"):
            outside.add(element)
        elif (
            isinstance(element.tag, str)
            and element.tag not in _NO_RECORD_TAGS
            and not _NOT_OF_POSTS.search(class_and_id(element))
        ):
            kind = kind_of(element)
            is_named = kind != str(element.tag) and "=" not in kind
            groups.setdefault(kind if is_named else (element.tag, parent), []).append(element)
    return [group for group in groups.values() if len(group) >= size and sum(counts[element] for element in group) >= least]


def records_of(elements: Sequence[Element], parts: Sequence[Element] = ()) -> list[Record]:
    """The records among elements of one kind: those with a text, and most of them with an author. `parts` are other posts."""
    kind = {*elements, *parts}
    own = {element: list(_own_elements(element, kind)) for element in elements}
    bodies = _bodies(own)
    heads = {element: _outside(own[element], body) for element, body in bodies.items()}
    found = {element: authors(head, element) for element, head in heads.items()}
    frequent = Counter(mark for marks in found.values() for mark in marks)
    if not frequent:
        return []
    most = max(frequent.values())
    best = min(mark for mark, count in frequent.items() if count >= _LEAST_COMMON * most)
    records = []
    for element in (element for element in elements if element in found):  # in their order
        marks = found[element]
        author = marks.get(best) or next((marks[mark] for mark in (AuthorKind.TYPED, AuthorKind.NAMED) if mark in marks), "")
        time = time_of(heads[element], element)
        has_place = any(AUTHOR_NAME.search(class_and_id(part)) and not text_content(part) for part in heads[element])
        if author or (time and has_place):  # a guest or a member who left has a place for a name, and none in it
            records.append(Record(element, author, time, bodies[element]))
    return records


def _own_elements(element: Element, kind: set[Element]) -> Iterator[Element]:
    """The elements in `element` without those of others of its kind in it."""
    rest = list(reversed(element))
    while rest:
        child = rest.pop()
        if isinstance(child.tag, str) and child not in kind and child.tag not in ("script", "style"):
            yield child
            rest += reversed(child)


def _outside(elements: Sequence[Element], body: Element) -> list[Element]:
    text = set(body.iter())
    return [element for element in elements if element not in text]


def _bodies(own: dict[Element, list[Element]]) -> dict[Element, Element]:
    """For each element the element in it with the text: of the innermost kind that has most of the words of all."""
    kinds: dict[str, dict[Element, Element | None]] = {}
    lengths: dict[Element, int] = {}
    for top, elements in own.items():
        skipped: set[Element] = set()
        lengths |= _text_lengths(elements)
        for element in elements:
            if element.getparent() in skipped or is_control(element):
                skipped.add(element)
                continue
            if element.tag in _BODY_TAGS or "-" in element.tag:
                places = kinds.setdefault(kind_of(element), {})
                places[top] = None if top in places else element
    chosen = _chosen_bodies(kinds, lengths, is_typed_text, len(own) / 2) or _chosen_bodies(kinds, lengths, is_named_text)
    if chosen:
        rest = {kind: {top: e for top, e in places.items() if top not in chosen} for kind, places in kinds.items()}
        return chosen | _chosen_bodies(rest, lengths, is_named_text)  # the first post may have another template
    return _chosen_bodies(kinds, lengths, lambda _: True)


def _chosen_bodies(
    kinds: dict[str, dict[Element, Element | None]],
    words: dict[Element, int],
    is_text: Callable[[Element], bool],
    least: float = 1,
) -> dict[Element, Element]:
    """The bodies among the kinds of elements of which most are texts; none if fewer than `least` have such a kind."""
    candidates = {}
    for kind, places in kinds.items():
        single = {top: element for top, element in places.items() if element is not None}
        if single and len(single) >= least and 2 * len(single) > len(places) and any(map(is_text, single.values())):
            candidates[kind] = single
    lengths = {kind: sum(words[element] for element in places.values()) for kind, places in candidates.items()}
    longest = max(lengths.values(), default=0)
    fitting = [places for kind, places in candidates.items() if lengths[kind] and lengths[kind] >= _SHARE_OF_LONGEST * longest]
    most = max(map(len, fitting), default=0)
    chosen: dict[Element, Element] = {}
    for places in fitting:  # outer kinds first
        if len(places) >= _LEAST_COMMON * most:
            chosen.update(places)
    return chosen


def _text_lengths(elements: Sequence[Element]) -> dict[Element, int]:
    """The words in each of the elements of a post, without those of controls in them."""
    lengths: dict[Element, int] = {}
    for element in reversed(elements):
        inside = sum(
            (0 if _is_beside_text(child) else lengths.get(child, 0)) + len((child.tail or "").split()) for child in element
        )
        lengths[element] = len((element.text or "").split()) + inside
    return lengths


def _is_beside_text(element: Element) -> bool:
    return is_control(element) or element.tag in ("time", "h1", "h2", "h3", "h4", "h5", "h6")


def is_typed_text(element: Element) -> bool:
    """Whether an element is typed as the text of an item of schema.org."""
    return element.get("itemprop") in ("text", "articleBody", "commentText")


def is_named_text(element: Element) -> bool:
    """Whether an element is named as one that holds a text."""
    names = " ".join(filter(None, [class_and_id(element), element.get("slot"), element.get("data-role")]))
    return bool(_BODY_NAME.search(names)) or element.get("data-role") == "commentContent" or is_typed_text(element)
