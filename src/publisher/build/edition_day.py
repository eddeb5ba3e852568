"""The day of an edition: from `--date`, else from the manifest; the clock is asked only for `--date today` and `yesterday`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from publisher.build.stated_time import stated_time
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

Origin = Literal["", "manifest", "option", "clock", "articles"]
DAYS = {"today": 0, "yesterday": -1}  # words for days, in days from the day they are about
_FORM = "a day such as 2026-03-17, a time such as 2026-03-17T05:30, today or yesterday"


@dataclass(frozen=True)
class EditionDay:
    """The day, the time with its zone where there is a time, and where both are from; no day is known if `day` is None."""

    day: datetime.date | None = None
    time: datetime.datetime | None = None
    origin: Origin = ""

    @property
    def moment(self) -> datetime.datetime:
        """The time, else midnight of the day. Raises ValueError without a day."""
        if self.day is None:
            raise ValueError("no day")
        return self.time or datetime.datetime.combine(self.day, datetime.time())

    @property
    def option(self) -> str:
        """What `--date` is given to get the same day and time again; empty without a day."""
        return (self.time or self.day).isoformat() if self.day else ""


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a name of the IANA database, such as `Europe/Kyiv`. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"there is no time zone {name!r}; names are such as Europe/Kyiv") from None


def day_of(edition: Mapping[str, Any], option: str | None) -> EditionDay:
    """The day of an edition by its table in the manifest and by `--date`. Raises PublisherError (exit 2) for a wrong `--date`.

    Values of the manifest that are of the wrong type count as absent: its model reports them.
    """
    zone = _zone(edition)
    if option is not None:
        return _from_option(option, zone)
    try:
        return _day(edition.get("date"), zone, "manifest")
    except OverflowError:
        fault = Diagnostic(Code.VALUE, "edition.date: its day in the zone of the edition is outside the years 1 to 9999")
        raise PublisherError(fault) from None


def _zone(edition: Mapping[str, Any]) -> datetime.tzinfo:
    try:
        return zone_of(str(edition.get("timezone") or "UTC"))
    except ValueError:
        return datetime.UTC


def _from_option(option: str, zone: datetime.tzinfo) -> EditionDay:
    if option in DAYS:
        now = (stated_time() or datetime.datetime.now(datetime.UTC)).astimezone(zone)
        return EditionDay(now.date() + datetime.timedelta(days=DAYS[option]), origin="clock")
    try:
        return _day(_stated(option), zone, "option")
    except (ValueError, OverflowError):
        hint = f"give {_FORM}"
        raise PublisherError(Diagnostic(Code.OPTION, f"--date {option}: not a day", hint=hint), exit_code=Exit.USAGE) from None


def _stated(text: str) -> datetime.date:
    """A day or a time. Raises ValueError for other forms of ISO 8601, too: a week is no day."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.date.fromisoformat(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", text):
        return datetime.datetime.fromisoformat(text)
    raise ValueError(text)


def _day(value: Any, zone: datetime.tzinfo, origin: Origin) -> EditionDay:
    """A day, or a time in the zone of the edition: a time without a zone is in it, any other is converted."""
    if isinstance(value, datetime.datetime):
        time = value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)
        time = time.replace(microsecond=0)
        return EditionDay(time.date(), time, origin)
    return EditionDay(value, None, origin) if isinstance(value, datetime.date) else EditionDay()
