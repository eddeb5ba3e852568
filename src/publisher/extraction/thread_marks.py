"""Who wrote a post and when: the marks of authors and times beside its text.

A mark counts only if it stands for the post itself: not in its text or a quotation, not in a line about who edited, liked or
answered it or when its author joined.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

from publisher.input.html_elements import Element, class_and_id, text_content
from publisher.text.bylines import date_in, day_of

AUTHOR_NAME = re.compile(
    r"(?:^|[\s_-])(?:author\w*|\w*username\w*|user-?(?:name|link)|poster\w*|nick(?:name)?|member-?name|creator|name)(?=$|[\s_-])",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:u|users?|members?|profiles?|people|authors?|by)[/.?=-]|/@|(?:member|profile|user|memberlist)\.\w+|action=profile"
    r"|viewprofilepage|^user\?|[?&;](?:u|uid|userid)=",
    re.IGNORECASE,
)
_CARD = re.compile(r"hovercard|user-?card|userid", re.IGNORECASE)
_AUTHOR_ATTRIBUTES = ("data-author", "author", "data-username", "data-user-name")
_TIME_TAGS = frozenset({"time", "relative-time", "local-time", "time-ago"})
_TIME_NAME = re.compile(r"(?:^|[\s_-])(?:\w*date\w*|\w*time\w*|posted\w*|timeago|age|when)(?=$|[\s_-])", re.IGNORECASE)
_TIME_ATTRIBUTE = re.compile(r"time|date|stamp|created|^ts$|content|title|tippy", re.IGNORECASE)
# Lines about something else than who wrote the post and when.
_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:\w*edit(?:ed|s)?|\w*modified|last-?\w*|\w*likes?(?:d-?by)?|\w*liked\w*|\w*reactions?\w*|\w*mention\w*|\w*joined"
    r"|(?<!post-)signature\w*|in-?response|notice|stats?|reply-count"
    r"|author-?(?:level|posts)|reputation\w*|replies-last|quote\w*)(?=$|[\s_-])|(?:^|\s)(?!has-|no-)[\w-]*(?:rank|badges?|roles?|title)(?=$|\s)",
    re.IGNORECASE,
)
_POST_DATE = re.compile(r"post-?date|date-?posted|posted-?on", re.IGNORECASE)
_ASIDE_BEFORE = re.compile(
    r"\b(?:edit(?:ed)?\b|modified|liked by|in response to|in reply to|reply to|replying to|joined|registered|join date"
    r"|member since"
    r"|last (?:reply|post|seen|visit|active|activity)|quote from|originally posted)",
    re.IGNORECASE,
)
_ASIDE_AFTER = re.compile(r"\b(?:likes? (?:this|it)|liked|replied|reacted|edited|wrote:|said:)", re.IGNORECASE)
_ASIDE_LINES = 3  # elements around each other that may be the line
_ASIDE_WORDS = 14  # an element with more is not only such a line
_PICTURE_NAME = re.compile(r"avatar|badge|icon|sr-only|photo|rank|(?:^|[\s_-])roles?(?=$|[\s_-])", re.IGNORECASE)
_LEADING_BY = re.compile(r"^(?:posted |written |asked |answered |submitted )?(?:by|von|par|por)\s+", re.IGNORECASE)
_COUNT = re.compile(r"[\d.,]+\s?[km]?(?:\s\w+)?", re.IGNORECASE)  # "2.8k posts"
_NO_NAME = re.compile(
    r"(?:author|op|mod(?:erator)?|admin(?:istrator)?|members?|staff|guests?|reply|(?:view|see|visit) .*|.*(?:://|www\.).*|\[.*\])$",
    re.IGNORECASE,
)
_LONGEST_AUTHOR = 5  # words
_LONGEST_TIME = 12
_MONTH_DATE = (
    r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?\s(?:de\s|of\s)?[^\W\d_]{3,}\.?,?\s(?:de\s)?\d{4}"
    r"|[^\W\d_]{3,}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
)
_WEEKDAY = (
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom)[^\W\d_]{0,8}\.?"
)
_WHEN = re.compile(
    rf"(?:{_WEEKDAY},?\s)?(?:\d{{4}}[-/]\d\d[-/]\d\d|\b\d{{1,2}}[-/.]\s?\d{{1,2}}[-/.]\s?\d{{2,4}}|\d{{4}}\s?年.*日|\b(?:{_MONTH_DATE}))"
    r"(?!\d)(?:(?:,|\s)*(?:[-–—@T·]|at|um|à|a las)?\s*\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?)?",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(r"\d[-/.]\s?\d{1,2}[-/.]\s?\d|\d{4}[-/]\d")
_LEADING_LABEL = re.compile(r"^(?:posted|on|asked|answered|am|le|el|date)\b[\s:,-]*", re.IGNORECASE)
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?$")  # seconds or milliseconds since 1970


class AuthorKind(IntEnum):
    """How a page marks an author, from the surest to the least sure."""

    TYPED = 0
    ATTRIBUTE = 1
    LINK = 2
    NAMED = 3


@dataclass(frozen=True)
class TimeMark:
    """A time: as it is shown if that has a year, and as the markup states it; either may be empty."""

    shown: str
    stated: str


def is_aside(element: Element, top: Element, value: str) -> bool:
    """Whether an element with a name or time stands in a quotation or in a line about something else than the post's own."""
    place, lines = element, 0
    while place is not None and place is not top:
        names = class_and_id(place)
        if place.tag == "blockquote" or (_ASIDE_NAME.search(names) and not _POST_DATE.search(names)):
            return True
        if lines < _ASIDE_LINES:
            lines += 1
            text = text_content(place)
            if len(text.split()) <= _ASIDE_WORDS:
                before, _, after = text.partition(value or text or " ")
                if _ASIDE_BEFORE.search(before) or _ASIDE_AFTER.search(after):
                    return True
            else:
                lines = _ASIDE_LINES
        place = place.getparent()
    return False


def authors(elements: Sequence[Element], top: Element) -> dict[AuthorKind, str]:
    """The author of a post by each kind of mark that it has, from the elements beside its text."""
    found: dict[AuthorKind, str] = {}
    for name in _AUTHOR_ATTRIBUTES:
        if author := _name(top.get(name) or ""):
            found.setdefault(AuthorKind.ATTRIBUTE, author)
    named = [element for element in elements if AUTHOR_NAME.search(class_and_id(element))]
    outer = {place for element in named for place in element.iterancestors()}
    innermost = set(named) - outer  # the outer ones have the rank and other words too
    for element in elements:
        if element.get("itemprop") in ("author", "creator"):
            kind, author = AuthorKind.TYPED, _typed_name(element)
        elif element.tag == "a" and _is_profile(element):
            kind, author = AuthorKind.LINK, _name(_name_text(element))
        elif element in innermost:
            kind, author = AuthorKind.NAMED, _name(_name_text(element))
        else:
            continue
        if author and kind not in found and not is_aside(element, top, author):
            found[kind] = author
    return found


def _is_profile(link: Element) -> bool:
    return bool(_PROFILE.search(link.get("href") or "")) or any(_CARD.search(str(name)) for name in link.keys())


def profile_kind(top: Element) -> str:
    """How the first link to a profile in an element begins (`/user/`, `member.php`); empty without such a link."""
    for link in top.iter("a"):
        match = _PROFILE.search(link.get("href") or "")
        name = _name(_name_text(link))
        if match and name and not is_aside(link, top, name):
            return match[0]
    return ""


def _typed_name(element: Element) -> str:
    parts = [part for part in element.iter() if isinstance(part.tag, str) and part.get("itemprop") == "name"]
    names = (_name(part.get("content") or text_content(part)) for part in (*parts, element))
    return next(filter(None, names), "")


def _name_text(element: Element) -> str:
    """The text of an element without pictures of the author, which may be a letter, and badges."""
    if element is None or not isinstance(element.tag, str) or _PICTURE_NAME.search(class_and_id(element)):
        return ""
    return " ".join(f"{element.text or ''}{''.join(f'{_name_text(child)}{child.tail or chr(32)}' for child in element)}".split())


def _name(text: str) -> str:
    name = _LEADING_BY.sub("", text).strip(" :,|·•»«")
    is_number = not any(character.isalpha() for character in name) or bool(_COUNT.fullmatch(name))
    is_long = len(name.split()) > _LONGEST_AUTHOR
    is_initial = len(name) == 1 and name.isascii()  # in place of a picture
    return "" if not name or is_initial or is_number or is_long or shown_time(name) or _NO_NAME.match(name) else name


def time_of(elements: Sequence[Element], top: Element) -> str:
    """When a post was written, as the page shows it if that has a year, else as its markup states it."""
    marks = list(_time_marks(elements, top))
    if not marks:
        return _stated(top)
    day = day_of(marks[0].stated) if marks[0].stated else None
    if not marks[0].shown:
        for mark in marks[1:]:
            if mark.shown and day is not None and day in (date_in(mark.shown)[0], day_of(mark.stated)):
                return mark.shown
    stated = next((mark.stated for mark in marks if mark.stated), "")
    relative = next((text_content(element) for element in elements if element.tag in _TIME_TAGS), "")
    return marks[0].shown or stated or _stated(top) or relative


def _time_marks(elements: Sequence[Element], top: Element) -> Iterator[TimeMark]:
    """The marks of times: those that are elements for times or named so; without them, short lines with a date."""
    found = False
    for sure in (True, False):
        for element in elements:
            is_time = element.tag in _TIME_TAGS or element.get("itemprop") in ("datePublished", "dateCreated")
            is_time = is_time or bool(_TIME_NAME.search(class_and_id(element)) or element.get("data-time"))
            if is_time != sure:
                continue
            shown = _shown(element, whole=sure)
            stated = _stated(element) if sure else ""
            if (shown or stated) and not is_aside(element, top, shown or text_content(element)):
                found = True
                yield TimeMark(shown, stated)
        if found:
            return


def _shown(element: Element, *, whole: bool) -> str:
    own = " ".join(filter(None, [element.text, *(child.tail for child in element)]))
    texts = (
        text for text in (element.text or "", own, text_content(element) if whole else "") if len(text.split()) <= _LONGEST_TIME
    )
    return next(filter(None, map(shown_time, texts)), "")


def shown_time(text: str) -> str:
    """The first date with a year in a line, with the time of day behind it."""
    line = " ".join(text.replace("\u200e", "").split())
    for match in _WHEN.finditer(line):
        if _NUMERIC_DATE.search(match[0]) or date_in(match[0])[0]:
            time = _LEADING_LABEL.sub("", match[0]).strip(" ,")
            return time[:16].replace("T", " ") if _ISO_TIME.match(time) else time
    return ""


def _stated(element: Element) -> str:
    """The time that an element's attributes state: `2025-03-14 09:12`, or with the words of its tooltip."""
    tooltip = ""
    for name, value in element.items():
        text = str(value).strip()
        if name == "datetime" or _TIME_ATTRIBUTE.search(str(name)):
            if _ISO_TIME.match(text):
                return text[:16].replace("T", " ")
            if _EPOCH.match(text):
                with suppress(ValueError, OverflowError):
                    return f"{datetime.datetime.fromtimestamp(int(text[:10]), datetime.UTC):%Y-%m-%d %H:%M}"
            tooltip = tooltip or (shown_time(text) if name == "title" else "")
    return tooltip
