"""Names and days as bylines write them."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime

from publisher.metadata import day

_SPACES = re.compile(r"\s+")
_BY = re.compile(r"^\s*(by|von|par|por|di|door|av|af|автор:?|written by|posted by|text:?)\s+", re.IGNORECASE)
_EDITED = re.compile(r"\s+(edited|reviewed) by\b.*", re.IGNORECASE)
_LONGEST_NAME = 6  # words: what is longer is a teaser with a byline's class
_BETWEEN = re.compile(  # not within brackets
    r"(?:\s*[;|]\s*|,\s+(?!(?:Jr|Sr|MD|PhD|Ph\.D|M\.D|[A-Z]\.)\b)|\s+(?:and|und|et|y|&|e|ve|і|та)\s+)(?![^()]*\))"
)
LONGEST_BYLINE = 100


def split_names(text: str) -> list[str]:
    """The names in a byline, without `By` and the like."""
    text = _EDITED.sub("", _BY.sub("", _SPACES.sub(" ", text).strip(" \u00a0|•·,")))
    parts = _BETWEEN.split(text)
    return [name for part in parts if (name := part.strip(" ,")) and len(name) <= LONGEST_BYLINE]


def is_name(text: str) -> bool:
    """Whether a text may be a name: no initials alone, no date, no sentence; what stands in brackets does not count."""
    bare = re.sub(r"\(.*?\)", "", text)
    words = bare.split()
    return max(map(len, words), default=0) > 1 and len(words) <= _LONGEST_NAME and not re.search(r"\d", bare)


def day_of(text: str) -> datetime.date | None:
    """The day in an ISO date, or as mail and the web write it (`Tue, 10 May 2022 …`, `May 10, 2022`); None without one."""
    text = text.strip()
    known = day(text)
    if known is not None or not text:
        return known
    found = re.match(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})", text)
    if found:
        return day("-".join(found.groups()))
    for candidate in (text, re.sub(r"^(\w+)\.? (\d{1,2}),? (\d{4}).*", r"\2 \1 \3 00:00:00", text)):
        try:
            return parsedate_to_datetime(candidate).date()
        except (ValueError, TypeError, IndexError):
            continue
    return None
