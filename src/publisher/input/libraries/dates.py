"""Dates of citation libraries as CSL has them (CSL 1.0.2, "Date variables"; EDTF level 1 as BibLaTeX writes it)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_YEAR = r"[+-]?\d{1,6}"
_DATE = re.compile(rf"(?P<year>{_YEAR})(?:-(?P<month>\d{{1,2}})(?:-(?P<day>\d{{1,2}}))?)?(?:T[\d:.+Z-]*)?(?P<doubt>[?~%])?$")
_NUMBERS = re.compile(r"[\d\s/.,:?~%TZ+-]+$")
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})?/?(\d{1,2})?/?(.*)$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_SEASON, _LAST_SEASON = 21, 24  # EDTF: spring to winter
_LEAP_YEAR = 2000


def date_of(text: str) -> dict[str, Any]:
    """A CSL date from `2020`, `2020-05-12`, `2020-05/2020-06`, `2020~` or `2020-21` (a season); other words stay as they are.

    A date of numbers that does not exist is kept under `raw`, where `impossible_date` finds it.
    """
    text = text.strip()
    if not text:
        return {}
    if "/" in text and (slashed := _SLASHED.match(text)) and not re.match(rf"{_YEAR}[\d-]*/({_YEAR}|\.\.)?[\d-]*$", text):
        text = "-".join(part.zfill(2) for part in slashed.groups()[:3] if part)
    ends = [end.strip() for end in text.split("/")]
    ends = [end for end in ends if end not in ("", "..")]
    matches = [_DATE.match(end) for end in ends]
    if not ends or len(ends) > 2 or not all(matches):
        return {"raw": text} if _NUMBERS.match(text) and re.search(r"\d", text) and "-" in text else {"literal": text}
    dates = [_parts(match) for match in matches if match]
    if any(parts is None for parts in dates):
        return {"raw": text}
    found: dict[str, Any] = {"date-parts": [parts for parts in dates if parts]}
    season = _season(matches[0]) if len(matches) == 1 and matches[0] else 0
    if season:
        found = {"date-parts": [found["date-parts"][0][:1]], "season": season}
    if any(match["doubt"] for match in matches if match):
        found["circa"] = True
    return found


def _parts(match: re.Match[str]) -> list[int] | None:
    """The numbers of a date; None if there is no such day or month."""
    numbers = [int(part) for part in match.group("year", "month", "day") if part is not None]
    while len(numbers) > 1 and numbers[-1] == 0:  # 2020-00-00: a month that is not known
        numbers.pop()
    if len(numbers) == 2 and _FIRST_SEASON <= numbers[1] <= _LAST_SEASON:
        return numbers
    return numbers if _exists(numbers) else None


def _season(match: re.Match[str]) -> int:
    month = int(match["month"] or 0)
    return month - _FIRST_SEASON + 1 if _FIRST_SEASON <= month <= _LAST_SEASON else 0


def _exists(numbers: list[int]) -> bool:
    year, month, day = [*numbers, 1, 1][:3]
    try:
        date(year if 1 <= year <= 9999 else _LEAP_YEAR, month, day)
    except ValueError:
        return False
    return True


def month_of(text: str) -> str:
    """The number of a month that is named or numbered, in two digits; empty if it is neither."""
    text = text.strip().lower()
    if text.isascii() and text.isdigit():
        return text.zfill(2)
    return f"{_MONTHS.index(text[:3]) + 1:02}" if text[:3] in _MONTHS else ""


def impossible_date(value: Any) -> str:
    """What is wrong with a CSL date that names a day that does not exist; empty if nothing is."""
    if not isinstance(value, Mapping):
        return ""
    raw = str(value.get("raw") or "")
    if raw:
        parsed = date_of(raw)
        return f"the date {raw[:40]!r} does not exist" if "raw" in parsed else ""
    for parts in value.get("date-parts") or ():
        numbers = [str(part) for part in parts] if isinstance(parts, list) else []
        if not numbers or not all(re.fullmatch(r"(?:[+-]?\d{1,6})?", number) for number in numbers) or len(numbers) > 3:
            return f"{str(parts)[:40]!r} is no date"
        known = [int(number) for number in numbers if number]
        while len(known) > 1 and known[-1] == 0:
            known.pop()
        is_season = len(known) == 2 and 13 <= known[1] <= _LAST_SEASON
        if known and not is_season and not _exists(known):
            return f"the date {'-'.join(numbers)} does not exist"
    return ""


def with_numbers(value: Mapping[str, Any]) -> dict[str, Any]:
    """A CSL date with its parts as numbers, as far as they are known; without parts that are no numbers."""
    rows = [[str(part) for part in row] for row in value.get("date-parts") or ()]
    known = [row[: row.index("")] if "" in row else row for row in rows]
    is_date = any(known) and all(re.fullmatch(r"[+-]?\d{1,6}", part, re.ASCII) for row in known for part in row)
    others = {name: part for name, part in value.items() if name != "date-parts"}
    return others | ({"date-parts": [[int(part) for part in row] for row in known]} if is_date else {})
