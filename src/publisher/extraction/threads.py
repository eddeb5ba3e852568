"""Finds the posts of a forum's thread: who wrote each, when, and what; in their order on the page.

A page is a thread if its posts hold most of the running text, and no article stands above them: comments under an article are
no thread, nor are reviews, teasers and lists of topics.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from publisher.extraction import thread_marks
from publisher.extraction.clutter import CLUTTER
from publisher.extraction.page_kind import PageKind, is_published_article, page_kind
from publisher.extraction.text_blocks import TextBlock, text_blocks
from publisher.extraction.thread_marks import AuthorKind
from publisher.extraction.thread_records import Record, find_records, is_control, is_named_text, kind_of, single_records
from publisher.input.html_elements import Element, class_and_id, nearest_element, removal_of, text_content, words_of
from publisher.model.parts import Removal

_AROUND = "around the posts of a thread"
_COMMENT_NAME = re.compile(r"(?:^|[\s_-])(?:comments?|notes?)(?=$|[\s_-]|\d)", re.IGNORECASE)
_SIDE = re.compile(r"(?:^|[\s_-])(?:side|about|rules|description|info)(?=$|[\s_-])", re.IGNORECASE)
_LEAST_POSTS = 2
_LEAST_REPEATED = 8  # words: shorter posts may be the same ("Thank you!")
_LEAST_SHARE = 0.5  # of the running text of the page that is in the posts
_MOST_ABOVE = 100  # words of running text above the posts; with more, it is an article with comments
_LEAST_OPENING = 5  # words in the longest paragraph of an opening post that is another element than the answers
_HIGHER = 2  # elements around that of the opening post
_LEAST_UNSIGNED = 20  # without an author
_MOST_TITLED = 0.8  # of the records that have a linked heading of their own: more are teasers
_MOST_LINKED = 0.5  # of the words of the texts


@dataclass(frozen=True)
class Post:
    """A post of a thread; `time` is as the page shows it or states it, empty if it does neither."""

    author: str
    time: str
    body: Element


def find_posts(page: Element) -> list[Post]:
    """The posts of the thread that is the subject of a page, in order; none if the page is no thread."""
    kind = page_kind(page)
    if kind is not PageKind.THREAD and is_published_article(page):
        return []
    records = find_records(page) or (single_records(page) if kind is PageKind.THREAD else [])
    if not records or (kind is not PageKind.THREAD and _are_teasers(records)):
        return []
    posts = [Post(record.author, record.time, record.body) for record in records]
    has_times = 2 * sum(bool(post.time) for post in posts) >= len(posts)
    above, inside, total = _prose(posts, page, records)
    opening = _opening_post(above, records, page)
    if opening:
        above, inside, total = _prose([*opening, *posts], page, records)
    rest = sum(len(block.words) for block in above)
    least = 1 if kind is PageKind.THREAD else _LEAST_POSTS
    if len(posts) + len(opening) < least or not (has_times or kind is PageKind.THREAD):
        return []
    if inside <= _LEAST_SHARE * total or rest > min(_MOST_ABOVE, inside):
        return []
    if kind is not PageKind.THREAD and not opening and rest and _COMMENT_NAME.search(class_and_id(records[0].element)):
        return []
    return [*opening, *_without_previews(posts)]


def _are_teasers(records: list[Record]) -> bool:
    """Whether records are teasers or topics of a list: with linked headings of their own, or with texts of links."""
    headings = []
    for record in records:
        heading = next(
            (link for tag in ("h1", "h2", "h3", "h4") for place in record.element.iter(tag) for link in place.iter("a")), None
        )
        headings.append(text_content(heading) if heading is not None else "")
    own = {heading for heading, record in zip(headings, records, strict=True) if heading and heading != record.author}
    linked = sum(len(words_of(text_content(link))) for record in records for link in record.body.iter("a"))
    words = sum(len(words_of(text_content(record.body))) for record in records)
    return len(own) >= _MOST_TITLED * len(records) or linked > _MOST_LINKED * words


def _without_previews(posts: list[Post]) -> list[Post]:
    """The posts without those that repeat one of the same author, as a preview of the post that is answered does."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    result = []
    for post in posts:
        text = words_of(text_content(post.body))
        if len(text) < _LEAST_REPEATED or (post.author, text) not in seen:
            result.append(post)
        seen.add((post.author, text))
    return result


def _prose(posts: list[Post], page: Element, records: list[Record]) -> tuple[list[TextBlock], int, int]:
    """The running text above the first post, the words of that in all posts, and of that on the whole page.

    What stands in the element of a post beside its text is neither above nor counted: lines about its author and edits.
    """
    text = {element for post in posts for element in post.body.iter()}
    around = {record.element for record in records}
    prose = [block for block in text_blocks(page) if block.is_prose]
    known = {block.words for block in prose if block.element in text}
    first = next((number for number, block in enumerate(prose) if block.element in text), len(prose))
    inside = sum(len(block.words) for block in prose if block.element in text)
    outside = [
        block
        for block in prose
        if block.element not in text
        and block.words not in known  # no repetitions
        and around.isdisjoint((block.element, *block.element.iterancestors()))
    ]
    above = [block for block in prose[:first] if block in outside or block.words in known]
    return above, inside, inside + sum(len(block.words) for block in outside)


def _opening_post(above: list[TextBlock], records: list[Record], page: Element) -> list[Post]:
    """The post that opens the thread, if its element is another than those of the answers: the running text above them.

    Its author is marked as those of the answers are, or typed; else the text above is none that a member wrote.
    """
    if not above:
        return []
    around = {element for record in records for element in (record.element, *record.element.iterancestors())}
    longest = max(above, key=lambda block: len(block.words))
    alone = [place for place in (longest.element, *longest.element.iterancestors()) if place not in around]
    if not alone or len(longest.words) < _LEAST_OPENING or any(place.tag in ("aside", "nav") for place in alone):
        return []
    outer = alone[-1]
    parent = outer.getparent()
    blocks = [block.element for block in above if outer in (block.element, *block.element.iterancestors())]
    body = _opening_body(alone, nearest_element(blocks), records)
    text = set(body.iter())
    elements = [
        element for element in (*_before(parent, outer), *outer.iter()) if isinstance(element.tag, str) and element not in text
    ]
    found = thread_marks.authors(elements, parent) | thread_marks.authors([], outer)
    if not found and parent not in (None, page):  # the line about the author may stand in a header above
        higher = [parent, *parent.iterancestors()][1 : 1 + _HIGHER]
        found = next(filter(None, (_sure_authors(list(_before(place, parent)), place) for place in higher)), {})
    answers = {thread_marks.profile_kind(record.element) for record in records} - {""}
    is_member = thread_marks.profile_kind(parent if parent not in around else outer) in answers
    if page_kind(page) is not PageKind.THREAD and not (found and is_member):
        return []
    is_beside = any(CLUTTER.search(names) or _SIDE.search(names) for names in map(class_and_id, alone))
    if not found and (is_beside or len(longest.words) < _LEAST_UNSIGNED):
        return []
    author = next((found[mark] for mark in AuthorKind if mark in found), "")
    return [Post(author, (thread_marks.time_of(elements, parent) or thread_marks.time_of([], outer)), body)]


def _sure_authors(elements: list[Element], top: Element) -> dict[AuthorKind, str]:
    marks = thread_marks.authors([element for element in elements if isinstance(element.tag, str)], top)
    return {mark: author for mark, author in marks.items() if mark in (AuthorKind.TYPED, AuthorKind.LINK)}


def _opening_body(alone: list[Element], common: Element, records: list[Record]) -> Element:
    """The element with the text of the opening post: of the kind of the answers' texts, named so, or around its blocks."""
    kinds = {kind_of(record.body) for record in records}
    inside = list(takewhile(lambda place: place is not common.getparent(), alone))
    same = [place for place in alone if kind_of(place) in kinds]
    named = [place for place in inside if is_named_text(place) and not is_control(place)]
    return (same or named or [common])[0]


def _before(outer: Element, body: Element) -> list[Element]:
    """The elements in `outer` that stand before `body`."""
    return list(takewhile(lambda element: element is not body, outer.iter()))


def set_posts(container: Element, posts: list[Post]) -> list[Removal]:
    """Puts the posts into their common element: a line with author and time, then the text. Returns what is removed.

    That is what stands around and in the posts besides: signatures, counters, buttons.
    """
    sections = []
    removed = []
    for post in posts:
        for element in [element for element in post.body.iter() if element is not post.body and isinstance(element.tag, str)]:
            if is_control(element) and element.getparent() is not None:
                removed.append(removal_of(_AROUND, element))
                element.drop_tree()
        section = container.makeelement("section")
        head = container.makeelement("p", {"class": "post"})
        if post.author:
            name = container.makeelement("strong")
            name.text, name.tail = post.author, f", {post.time}" if post.time else None
            head.append(name)
        else:
            head.text = post.time
        if post.author or post.time:
            section.append(head)
        sections.append(section)
    for post, section in zip(posts, sections, strict=True):
        place = post.body
        place.tail, tail = None, place.tail
        mark = place.makeelement("span")
        mark.tail = tail
        place.getparent().replace(place, mark)
        place.tag = "div"
        place.attrib.pop("class", None)
        section.append(place)
    removed += [removal_of(_AROUND, child) for child in container if isinstance(child.tag, str)]
    for child in list(container):
        container.remove(child)
    container.text = None
    container.extend(sections)
    return [removal for removal in removed if removal.words or removal.images]


def common_element(posts: list[Post]) -> Element:
    """The nearest element around all posts."""
    common = nearest_element([post.body for post in posts])
    return common.getparent() if any(post.body is common for post in posts) else common
