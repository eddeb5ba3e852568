"""Finds the posts of a forum's thread: who wrote each, when, and what; in their order on the page.

A post is an element that is named or typed as such (schema.org: DiscussionForumPosting, Question, Answer, Comment), with the name
of its author and a text of its own. A page is a thread if its posts hold most of the running text, and no article stands above
them: comments under an article are no thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from publisher.extraction.clutter import CLUTTER
from publisher.extraction.page_kind import PageKind, page_kind
from publisher.extraction.text_blocks import TextBlock, text_blocks
from publisher.input.html_elements import Element, class_and_id, nearest_element, removal_of, text_content, words_of
from publisher.model.parts import Removal
from publisher.text.bylines import date_in, day_of

_POST_TYPE = re.compile(r"schema\.org/(?:DiscussionForumPosting|SocialMediaPosting|Question|Answer|\w*Comments?)$")
_POST_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:topic|forum|thread|user)?-?(?:post|message|comment|reply|answer|question)s?(?:-?(?:\d+|item|row|wrap\w*|"
    r"container|block|box|cell|layout))?|crawler-post|lia-message\w*|bbp-\w+)(?=$|[\s_-])",
    re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?<!bg-)body|(?<!justify-)(?<!align-)contents?|text(?!-)|message|msg|cooked|prose|copy|bbwrapper|post-?text|post-?message|message-?text"
    r"|entry|inner|postbody|\w*richtext\w*|comment-copy)(?=$|[\s_-]|\d)",
    re.IGNORECASE,
)
_AUTHOR_NAME = re.compile(
    r"(?:^|[\s_-])(?:author\w*|\w*username\w*|user-?(?:name|link|details|info)|poster\w*|nick(?:name)?|member-?name|creator"
    r"|comment-user|name)(?=$|[\s_-])",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:u|users?|members?|profiles?|people|authors?)[/.?=-]|/@|(?:member|profile|user|memberlist)\.php|[?&](?:u|uid|userid)=",
    re.IGNORECASE,
)
_TIME_NAME = re.compile(r"(?:^|[\s_-])(?:\w*date\w*|\w*time\w*|posted\w*|timeago|age|when)(?=$|[\s_-])", re.IGNORECASE)
_NOT_TEXT = re.compile(
    r"(?:^|[\s_-])(?:\w*signature\w*|sig|post-?(?:controls?|menu|actions?|buttons?|footer|likes?|info|meta|profile)|reactions?\w*"
    r"|vot(?:e|es|ing)\w*|share\w*|report\w*|author\w*|user-?(?:card|panel|info|details)|avatar\w*|post-?author|badges?|\w*controls?\w*|\w*actions?\w*|\w*toolbar\w*)(?=$|[\s_-])",
    re.IGNORECASE,
)
_LEADING_BY = re.compile(r"^(?:posted |written |asked |answered )?(?:by|von|par|por)\s+", re.IGNORECASE)
_COUNT = re.compile(r"[\d.,]+\s?[km]?(?:\s\w+)?", re.IGNORECASE)  # "2.8k posts"
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d|$)")
_AROUND = "around the posts of a thread"
_NO_POST_TAGS = frozenset({"html", "body", "main", "form", "nav", "footer", "a", "span", "button", "script", "style"})
_SHARE_OF_LONGEST = 0.9  # of the words of the longest element named as text: an element in it with so many is the text itself
_AGREED_SHARE = 0.75  # of the words of the bodies in which an element with the same names stands
_BADGE = re.compile(r"badge|rank|role", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:author|op|mod(?:erator)?|admin(?:istrator)?|members?|staff|.*(?:://|www\.).*)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LONGEST_AUTHOR = 5  # words
_LONGEST_TIME = 8
_LEAST_POSTS = 2
_LEAST_REPEATED = 8  # words: shorter posts may be the same ("Thank you!")
_LEAST_SHARE = 0.5  # of the running text of the page that is in the posts
_MOST_ABOVE = 100  # words of running text above the posts; with more, it is an article with comments
_LEAST_OPENING = 20  # words in the longest paragraph of an opening post that is another element than the answers


@dataclass(frozen=True)
class Post:
    """A post of a thread; `time` is as the page shows it or states it, empty if it does neither."""

    author: str
    time: str
    body: Element


def find_posts(page: Element) -> list[Post]:
    """The posts of the thread that is the subject of a page, in order; none if the page is no thread."""
    candidates = [element for element in page.iter() if isinstance(element.tag, str) and _may_be_post(element)]
    found: dict[Element, Post] = {}
    stated: set[Element] = set()  # posts whose author is typed as such: no line above them knows better
    for candidate in reversed(candidates):  # inner elements first: what is in a post in a post is not of the outer one
        own, inner = _own_elements(candidate, found)
        body = _body(own)
        text = set(body.iter()) if body is not None else set()
        typed_author = _typed_author(own, text)
        author = typed_author or _shown_author(own, text)
        if author and body is not None:
            found[candidate] = Post(author, _time(own, text), body)
        elif author and len(inner) == 1 and (typed_author or inner[0] not in stated):
            post = found.pop(inner[0])  # the same post, with the line about its author
            found[candidate] = Post(author, _time(own, text) or post.time, post.body)
        if typed_author and candidate in found:
            stated.add(candidate)
    order = {element: number for number, element in enumerate(page.iter())}
    posts = _agreed(sorted(found.values(), key=lambda post: order[post.body]))
    kind = page_kind(page)
    has_times = 2 * sum(bool(post.time) for post in posts) >= len(posts)
    if len(posts) < _LEAST_POSTS or kind is PageKind.ARTICLE or not (has_times or kind is PageKind.THREAD):
        return []
    above, inside, total = _prose(posts, page)
    if inside <= _LEAST_SHARE * total or sum(len(block.words) for block in above) > inside:
        return []
    opening = _opening_post(above, posts)
    text = {element for post in opening for element in post.body.iter()}
    rest = sum(len(block.words) for block in above if block.element not in text)
    return [*opening, *_without_previews(posts)] if rest <= _MOST_ABOVE else []


def _without_previews(posts: list[Post]) -> list[Post]:
    """The posts without those that repeat the text of another: some programs show the post that is answered above its answer."""
    seen: set[tuple[str, ...]] = set()
    result = []
    for post in posts:
        text = words_of(text_content(post.body))
        if len(text) < _LEAST_REPEATED or text not in seen:
            result.append(post)
        seen.add(text)
    return result


def _may_be_post(element: Element) -> bool:
    if element.tag in _NO_POST_TAGS or any(place.tag in ("nav", "aside", "footer") for place in element.iterancestors()):
        return False
    return bool(_POST_TYPE.search(element.get("itemtype") or "") or _POST_NAME.search(class_and_id(element)))


def _own_elements(element: Element, found: dict[Element, Post]) -> tuple[list[Element], list[Element]]:
    """The elements in `element` without those of posts in it and of quotes; and the outermost of these posts."""
    own, inner, rest = [], [], list(reversed(element))
    while rest:
        child = rest.pop()
        if child in found:
            inner.append(child)
        elif isinstance(child.tag, str) and child.tag not in _NO_POST_TAGS - {"a", "span"}:
            own.append(child)
            rest += reversed(child)
    return own, inner


def _body(elements: list[Element]) -> Element | None:
    """The element with the text of a post: typed as such, or the innermost with most of the words among those named so."""
    typed = next((element for element in elements if element.get("itemprop") in ("text", "articleBody", "commentText")), None)
    if typed is not None and words_of(text_content(typed)):
        return typed
    named = [element for element in elements if _BODY_NAME.search(class_and_id(element)) and not _is_control(element)]
    lengths = {element: len(words_of(text_content(element))) for element in named if element.tag not in ("a", "span")}
    longest = max(lengths.values(), default=0)
    fitting = [element for element, length in lengths.items() if length and length >= _SHARE_OF_LONGEST * longest]
    is_date = longest <= _LONGEST_TIME and any(date_in(text_content(element))[0] for element in fitting)
    return fitting[-1] if fitting and not is_date else None


def _agreed(posts: list[Post]) -> list[Post]:
    """The posts with the same kind of element as the body: short ones often seem to have another, with the line about the author.

    An element in a body is the body instead if the elements of its names have most of the words of all bodies that have one.
    """
    inner: dict[tuple[str, str], dict[int, Element]] = {}
    for number, post in enumerate(posts):
        for element in post.body.iter("div", "section", "article", "td", "blockquote"):
            if _BODY_NAME.search(class_and_id(element)) and not _is_control(element):
                inner.setdefault((element.tag, _DIGITS.sub("", element.get("class") or "")), {}).setdefault(number, element)
    lengths = [len(words_of(text_content(post.body))) for post in posts]
    bodies = {}
    for elements in inner.values():  # outer elements first
        count = sum(len(words_of(text_content(element))) for element in elements.values())
        if count >= _AGREED_SHARE * sum(lengths[number] for number in elements):
            bodies.update(elements)
    return [replace(post, body=bodies.get(number, post.body)) for number, post in enumerate(posts)]


def _is_control(element: Element) -> bool:
    return bool(_NOT_TEXT.search(class_and_id(element)))


def _typed_author(elements: list[Element], text: set[Element]) -> str:
    """The name of a post's author that is typed as such, outside of its text."""
    for element in elements:
        if element not in text and element.get("itemprop") in ("author", "creator"):
            names = [part for part in element.iter() if isinstance(part.tag, str) and part.get("itemprop") == "name"]
            for name in (*names, element):
                if author := _name(name.get("content") or text_content(name)):
                    return author
    return ""


def _shown_author(elements: list[Element], text: set[Element]) -> str:
    """The name of a post's author in a link to a profile, or in an element named so, outside of its text and of quotes."""
    outside = [
        element
        for element in elements
        if element not in text and element.tag != "blockquote" and not _BADGE.search(class_and_id(element))
    ]
    links = (element for element in outside if element.tag == "a" and _PROFILE.search(element.get("href") or ""))
    named = [element for element in outside if _AUTHOR_NAME.search(class_and_id(element))]
    outer = {place for element in named for place in element.iterancestors()}
    innermost = (element for element in named if element not in outer)  # the outer ones have the rank and other words too
    return next(filter(None, (_name(text_content(element)) for element in (*links, *innermost))), "")


def _name(text: str) -> str:
    name = _LEADING_BY.sub("", text).strip(" :,|·•")
    is_number = not any(character.isalpha() for character in name) or bool(_COUNT.fullmatch(name))
    is_long = len(name.split()) > _LONGEST_AUTHOR
    is_initial = len(name) == 1 and name.isascii()  # in place of a picture
    return "" if not name or is_initial or is_number or is_long or date_in(name)[0] or _NO_NAME.match(name) else name


def _time(elements: list[Element], text: set[Element]) -> str:
    """When a post was written, as the page shows it if that has a year, else as its markup states it."""
    for element in elements:
        if element in text:
            continue
        shown = text_content(element)
        stated = element.get("datetime") or element.get("title") or element.get("content") or ""
        is_time = element.tag == "time" or element.get("itemprop") in ("datePublished", "dateCreated")
        if is_time or _TIME_NAME.search(class_and_id(element)):
            if date_in(shown)[0] and len(shown.split()) <= _LONGEST_TIME:
                return shown
            if day_of(stated):
                return stated[:16].replace("T", " ") if _ISO_TIME.match(stated) else stated
            if is_time and shown and len(shown.split()) <= _LONGEST_TIME:
                return shown
    return ""


def _prose(posts: list[Post], page: Element) -> tuple[list[TextBlock], int, int]:
    """The running text above the first post, the words of that in all posts, and of that on the whole page."""
    text = {element for post in posts for element in post.body.iter()}
    prose = [block for block in text_blocks(page) if block.is_prose]
    known = {block.words for block in prose if block.element in text}
    inside = sum(len(block.words) for block in prose if block.element in text)
    outside = [block for block in prose if block.element not in text and block.words not in known]  # no repetitions
    above = list(takewhile(lambda block: block.element not in text, prose))
    return above, inside, inside + sum(len(block.words) for block in outside)


def _opening_post(above: list[TextBlock], posts: list[Post]) -> list[Post]:
    """The post that opens the thread, if its element is another than those of the answers: the running text above them."""
    if not above:
        return []
    answers = {element for post in posts for element in post.body.iterancestors()}
    longest = max(above, key=lambda block: len(block.words))
    alone = [place for place in (longest.element, *longest.element.iterancestors()) if place not in answers]
    if not alone or len(longest.words) < _LEAST_OPENING or any(CLUTTER.search(class_and_id(place)) for place in alone):
        return []
    outer = alone[-1]
    elements = [element for element in (*_before(outer.getparent(), outer), *outer.iter()) if isinstance(element.tag, str)]
    body = _body([element for element in elements if element in alone])
    if body is None:
        body = nearest_element([block.element for block in above if outer in (block.element, *block.element.iterancestors())])
    text = set(body.iter())
    return [Post(_typed_author(elements, text) or _shown_author(elements, text), _time(elements, text), body)]


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
            if _is_control(element) and element.getparent() is not None:
                removed.append(removal_of(_AROUND, element))
                element.drop_tree()
        section = container.makeelement("section")
        head = container.makeelement("p")
        name = container.makeelement("strong")
        name.text = post.author
        name.tail = f", {post.time}" if post.time else None
        head.append(name)
        if post.author:
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
