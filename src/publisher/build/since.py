"""Since when articles are wanted: what the manifest and `--since` say of it."""

from __future__ import annotations

import datetime

from publisher.build.choice import Wanted
from publisher.build.edition_day import DAYS, EditionDay
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

LAST, ALL = "last", "all"  # since the last release (what no earlier release contained); whatever its day


def since_of(option: str, day: EditionDay) -> datetime.date | str:
    """The value of `--since`. Raises PublisherError (exit 2) where it is none."""
    if option in (LAST, ALL):
        return option
    try:
        if option in DAYS and day.day is not None:
            return day.day + datetime.timedelta(days=DAYS[option])
        return datetime.date.fromisoformat(option)
    except (ValueError, OverflowError):
        needs_day = option in DAYS
        message = "the edition has no day" if needs_day else "not a day"
        hint = "give --date too" if needs_day else "give last, all, yesterday, today, or a day such as 2026-03-17"
        raise PublisherError(Diagnostic(Code.OPTION, f"--since {option}: {message}", hint=hint), exit_code=Exit.USAGE) from None


def wanted_of(since: datetime.date | str | None, most: int | None) -> Wanted:
    """What is wanted of an entry, by its values in the manifest."""
    return Wanted(since if isinstance(since, datetime.date) else None, most, unpublished=since == LAST)
