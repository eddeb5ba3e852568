"""Days and times written by a pattern such as `%d %B %Y`, with the names of the language and never of the machine's locale."""

from __future__ import annotations

import datetime
import re

from publisher.text.languages import locale_of

_CODE = re.compile(r"%(-?.?)", re.DOTALL)
# The codes of strftime, and with them what Babel calls a name; a name alone has a form of its own in many languages.
_NAMES = {"A": "EEEE", "a": "EEE", "B": "MMMM", "b": "MMM"}
_ALONE = {"MMMM": "LLLL", "MMM": "LLL"}
_NUMBERS = "dmYyHMSjVGu"
CODES = ", ".join(f"%{code}" for code in (*_NUMBERS, *_NAMES))


def patterned(moment: datetime.datetime, pattern: str, lang: str) -> str:
    """A moment by a pattern of strftime; `%-d` is a number without leading zeros.

    Raises ValueError with the code that is not known (CODES has them all).
    """
    from babel.dates import format_datetime

    has_day = re.search(r"%-?d", pattern) is not None

    def written(match: re.Match[str]) -> str:
        code = match[1]
        if code == "%":
            return "%"
        if code in _NAMES:
            name = _NAMES[code] if has_day else _ALONE.get(_NAMES[code], _NAMES[code])
            return format_datetime(moment, name, locale=locale_of(lang))
        letter = code.removeprefix("-")
        if len(letter) != 1 or letter not in _NUMBERS:
            raise ValueError(f"%{code}")
        number = _number(moment, letter)
        return number.lstrip("0") or "0" if code.startswith("-") else number

    return _CODE.sub(written, pattern)


def weekday(moment: datetime.datetime, lang: str) -> str:
    """The name of the weekday in the language."""
    return patterned(moment, "%A", lang)


def _number(moment: datetime.datetime, code: str) -> str:
    """A number as strftime writes it, which for a year before 1000 differs from system to system."""
    year, week, day = moment.isocalendar()
    values = {
        "d": f"{moment.day:02}", "m": f"{moment.month:02}", "Y": f"{moment.year:04}", "y": f"{moment.year % 100:02}",
        "H": f"{moment.hour:02}", "M": f"{moment.minute:02}", "S": f"{moment.second:02}",
        "j": f"{moment.timetuple().tm_yday:03}", "V": f"{week:02}", "G": f"{year:04}", "u": str(day),
    }  # fmt: skip
    return values[code]
