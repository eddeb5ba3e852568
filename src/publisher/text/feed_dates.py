"""The dates of feeds: RFC 822 and RFC 3339, and what feeds have in their place: Unix time, numbers, words of a language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from publisher.text.bylines import date_in, day_of

_EARLIEST, _LATEST = 1900, 2100  # years, for dates that are not in the form of ISO 8601
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:$|[T\s]|\d{2,6}$)")
_UNIX = re.compile(r"(\d{9,10})(?:\.\d+|\d{3}|\d{6})?$")  # seconds, milliseconds, microseconds
_NUMBERS = re.compile(
    r"(?:[^\W\d_]+\.?,?\s+)?(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)(?!\d)"
)
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_KOREAN = re.compile(r"(\d{4})년\s?(\d{1,2})월\s?(\d{1,2})일")
_NO_DATE = re.compile(r"[0\s:.,TZ/+-]*$|0001-01-01")  # what programs write if there is no date
# Languages whose dates in numbers begin with the year (CLDR, yMd); in those of all others but en-US they begin with the day.
_YEAR_FIRST_LANGUAGES = frozenset({"zh", "ja", "ko", "hu", "lt", "sv", "fa", "mn"})


def feed_day(text: str, lang: str = "", day_first: bool | None = None) -> datetime.date | None:
    """The day of a date in a feed; None if it has none, or if it may be one of two days.

    `day_first` is whether 03/04/2026 is the third of April, None if that is not known. The months may have names of twenty
    languages, those of `lang` first.
    """
    text = " ".join(text.split())
    found = _iso_day(text)
    if found is None and (unix := _UNIX.match(text)):
        found = datetime.datetime.fromtimestamp(int(unix[1]), datetime.UTC).date()
    elif found is None:
        found = _day_in_numbers(text, day_first) or _day_in_words(text, lang)
    elif not text.isdigit():
        return found
    return found if found is not None and _EARLIEST <= found.year <= _LATEST else None


def is_no_date(text: str) -> bool:
    """Whether a text stands for the lack of a date: empty, zeros, the year 1."""
    return bool(_NO_DATE.match(text.strip()))


def is_day_first(texts: Iterable[str], lang: str) -> bool | None:
    """Whether the day stands first in dates such as 03/04/2026: as in the other dates of the feed, else as in its language."""
    orders = {order for text in texts if (order := _order_of(text)) is not None}
    if orders:
        return orders.pop() if len(orders) == 1 else None
    language, _, region = lang.lower().replace("_", "-").partition("-")
    if language == "en":
        return None if not region else region not in ("us", "ph", "ca")
    return True if language and language not in _YEAR_FIRST_LANGUAGES else None


def _order_of(text: str) -> bool | None:
    match = _NUMBERS.match(text.strip())
    if not match or match["mark"] == ".":
        return None
    first, second = int(match["first"]), int(match["second"])
    return None if (first > 12) == (second > 12) else first > 12


def _iso_day(text: str) -> datetime.date | None:
    match = _ISO.match(text)
    return _date(*match.groups()) if match and int(match[1]) > 1 else None


def _day_in_numbers(text: str, day_first: bool | None) -> datetime.date | None:
    year_first = _YEAR_FIRST.match(text) or _KOREAN.search(text)
    if year_first:
        return _date(*year_first.groups())
    match = _NUMBERS.match(text)
    if not match:
        return None
    year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
    order = True if match["mark"] == "." or match["first"] == match["second"] else _order_of(text)
    order = day_first if order is None else order
    if order is None:
        return None
    day, month = (match["first"], match["second"]) if order else (match["second"], match["first"])
    return _date(year, month, day)


def _day_in_words(text: str, lang: str) -> datetime.date | None:
    """The day of a date with the name of the month, in the form of a mail or of a page (`17-Mar-2026` too)."""
    text = re.sub(r"\b(\d{1,2})-([^\W\d_]{3,})-(\d{4})\b", r"\1 \2 \3", text)
    return day_of(text) or date_in(text, lang)[0]


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
