"""Names and dates in bylines."""

from __future__ import annotations

import datetime
import re
import unicodedata
from contextlib import suppress
from functools import cache

from publisher.model.metadata import day
from publisher.text.numbers import whole_number
from publisher.text.word_count import counted_words

_SPACES = re.compile(r"\s+")
_BYLINE_PREFIX = re.compile(r"^\s*(by|von|par|por|di|door|av|af|автор:?|written by|posted by|text:?)\s+", re.IGNORECASE)
_EDITED_BY = re.compile(r"\s+(edited|reviewed) by\b.*", re.IGNORECASE)
_MAX_NAME_WORDS = 6  # a longer text is a teaser with the class of a byline
_SEPARATOR = re.compile(  # not inside parentheses
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
    "ar",
    "he",
    "zh",
    "ja",
)
# Short names of months that CLDR does not have.
_OTHER_MONTH_NAMES = {"jän": 1, "jänner": 1, "feber": 2, "mrz": 3, "mär": 3, "maerz": 3, "sept": 9, "setiembre": 9, "okt": 10}
# Dates as pages print them. In 1.2.2026 the first number is the day.
_DATE_PATTERNS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"),
    re.compile(r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b"),
    re.compile(
        r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s(?:de\s|of\s)?(?P<name>[^\W\d_]{3,})\.?,?\s(?:de\s)?(?P<year>\d{4})\b"
    ),
    re.compile(r"\b(?P<name>[^\W\d_]{3,})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year>\d{4})\b"),
)


def split_names(text: str) -> list[str]:
    """The names in a byline, without `By` and similar words."""
    text = _EDITED_BY.sub("", _BYLINE_PREFIX.sub("", _SPACES.sub(" ", text).strip(" \u00a0|•·,")))
    parts = _SEPARATOR.split(text)
    return [name for part in parts if (name := part.strip(" ,")) and len(name) <= LONGEST_BYLINE]


def is_name(text: str) -> bool:
    """Whether a text may be a name: not only initials, no date, no sentence. Text in parentheses is ignored."""
    name_text = re.sub(r"\(.*?\)", "", text)
    words = name_text.split()
    return max(map(len, words), default=0) > 1 and len(words) <= _MAX_NAME_WORDS and not re.search(r"\d", name_text)


def day_of(text: str) -> datetime.date | None:
    """The day of an ISO date or of a date as in mail and web pages (`Tue, 10 May 2022 …`, `May 10, 2022`); None without one."""
    text = text.strip()
    iso_day = day(text)
    if iso_day is not None or not text:
        return iso_day
    match = re.match(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})", text)
    if match:
        return day("-".join(match.groups()))
    from email.utils import parsedate_to_datetime  # with much of email, which a build of kept articles has no need of

    for candidate in (text, re.sub(r"^(\w+)\.? (\d{1,2}),? (\d{4}).*", r"\2 \1 \3 00:00:00", text)):
        try:
            return parsedate_to_datetime(candidate).date()
        except (ValueError, TypeError, IndexError):
            continue
    return None


def date_in(text: str, lang: str = "") -> tuple[datetime.date | None, str]:
    """The first date in a line (in `lang`, and in twenty-four languages) and the line without this date.

    None and the line if it has no date.
    """
    line = _SPACES.sub(" ", text)
    for pattern in _DATE_PATTERNS:
        for match in pattern.finditer(line):
            parts = match.groupdict()
            month = int(parts["month"]) if "month" in parts else _month_numbers(lang).get(parts["name"].lower(), 0)
            try:
                return datetime.date(int(parts["year"]), month, int(parts["day"])), line.replace(match[0], " ", 1)
            except ValueError:
                continue
    return None, line


def names_after_by(text: str) -> list[str]:
    """The names in a line that begins as a byline (`By …`, `Von …`): first and last names. Empty for other lines."""
    prefix = _BYLINE_PREFIX.match(text)
    if prefix is None or text.rstrip()[-1:] in ".!?…" or not all(map(_is_byline_word, text[prefix.end() :].split())):
        return []
    names = split_names(re.split(r"[|•·]|\s[-–—]\s|\d", text[prefix.end() :])[0])
    return names if names and all(is_name(name) and len(name.split()) > 1 for name in names) else []


def is_in_byline(line: str, byline: str) -> bool:
    """Whether a byline has the year of the date in a line, and a part of its names or other words."""
    day, _ = date_in(line)
    byline_words = set(counted_words(byline))
    years = {whole_number(word) for word in byline_words}
    names = counted_words(" ".join(names_after_by(line))) or counted_words(line)
    is_date_missing = day is not None and day.year not in years
    return not is_date_missing and any(word in byline_words for word in names if len(word) > 1)


def is_in_headline(line: str, headline: str) -> bool:
    """Whether a headline has at least half of the words of a line."""
    words, headline_words = counted_words(line), set(counted_words(headline))
    return 2 * sum(word in headline_words for word in words) >= len(words)


def _is_byline_word(word: str) -> bool:
    """Whether a word may stand in a byline: it has a capital, its script has no capitals, or it is a particle or conjunction."""
    return word[0].upper() == word[0] or word.lower().strip(",") in _PARTICLES


@cache
def _month_numbers(lang: str) -> dict[str, int]:
    """The numbers of the months by their full and short names, with and without accents; equal names mean those of `lang`."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import get_month_names

    languages, names = [*_LANGUAGES], dict(_OTHER_MONTH_NAMES)
    with suppress(UnknownLocaleError, ValueError):
        languages += [str(Locale.parse(lang, sep="-").language)] if lang else []
    names |= {
        name.lower().rstrip("."): number
        for language in languages
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }
    names |= {f"ב{name.lower()}": number for number, name in get_month_names("wide", "format", "he").items()}  # "in March"
    return {_without_accents(name): number for name, number in names.items()} | names


def _without_accents(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
