"""Names and days as bylines write them."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime
from functools import cache

from publisher.model.metadata import day

_SPACES = re.compile(r"\s+")
_BY = re.compile(r"^\s*(by|von|par|por|di|door|av|af|автор:?|written by|posted by|text:?)\s+", re.IGNORECASE)
_EDITED = re.compile(r"\s+(edited|reviewed) by\b.*", re.IGNORECASE)
_LONGEST_NAME = 6  # words: what is longer is a teaser with a byline's class
_BETWEEN = re.compile(  # not within brackets
    r"(?:\s*[;|]\s*|,\s+(?!(?:Jr|Sr|MD|PhD|Ph\.D|M\.D|[A-Z]\.)\b)|\s+(?:and|und|et|y|&|e|ve|і|та)\s+)(?![^()]*\))"
)
LONGEST_BYLINE = 100
_PARTICLES = frozenset(
    [
        "and",
        "und",
        "et",
        "y",
        "e",
        "ve",
        "i",
        "та",
        "de",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "zu",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "da",
        "di",
        "do",
        "dos",
        "du",
        "te",
        "ten",
    ]
)
_LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "uk",
    "ru",
    "tr",
    "ro",
    "hu",
    "el",
    "id",
)
# Days as pages print them; where only numbers stand, the day comes first.
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"),
    re.compile(r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b"),
    re.compile(
        r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s(?:de\s|of\s)?(?P<name>[^\W\d_]{3,})\.?,?\s(?:de\s)?(?P<year>\d{4})\b"
    ),
    re.compile(r"\b(?P<name>[^\W\d_]{3,})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year>\d{4})\b"),
)


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


def date_in(text: str) -> tuple[datetime.date | None, str]:
    """The first day that a line of a page names, in twenty languages, and the line without it; None and the line without one."""
    folded = _SPACES.sub(" ", text)
    for pattern in _WRITTEN:
        for found in pattern.finditer(folded):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _months().get(parts["name"].lower(), 0)
            try:
                return datetime.date(int(parts["year"]), month, int(parts["day"])), folded.replace(found[0], " ", 1)
            except ValueError:
                continue
    return None, folded


def names_after_by(text: str) -> list[str]:
    """The names in a line that is a byline (`By …`, `Von …`): first and last names, no sentence."""
    begun = _BY.match(text)
    if begun is None or text.rstrip()[-1:] in ".!?…" or not all(map(_is_of_name, text[begun.end() :].split())):
        return []
    names = split_names(re.split(r"[|•·]|\s[-–—]\s|\d", text[begun.end() :])[0])
    return names if names and all(is_name(name) and len(name.split()) > 1 for name in names) else []


def _is_of_name(word: str) -> bool:
    """Whether a word may stand in a byline: with a capital, in a script without them, between names or within one."""
    return word[0].upper() == word[0] or word.lower().strip(",") in _PARTICLES


@cache
def _months() -> dict[str, int]:
    """The number of each month by its names, long and short."""
    from babel.dates import get_month_names

    return {
        name.lower().rstrip("."): number
        for language in _LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }
