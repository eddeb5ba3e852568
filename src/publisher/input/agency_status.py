"""What an agency says of a story's publication: held, withdrawn, embargoed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.metadata import Hold
from publisher.text.bylines import date_in, day_of

_EMBARGO_ORDER = re.compile(
    r"\b(?:embargo(?:ed)?|sperrfrist)\b(?!.{0,20}\b(?:lifted|ended|over|expired|aufgehoben|levé)\b)"
    r"|\bnot for (?:publication|release|use) (?:before|until)\b",
    re.IGNORECASE,
)
_HOLD_ORDER = re.compile(
    r"\b(?:(?:mandatory|bulletin) kill|kill this story|hold (?:for release|until)"
    r"|(?:story|item) is withdrawn|do not (?:use|publish))\b|^\W*(?:KILL|HOLD|WITHDRAWN)\b",
    re.IGNORECASE,
)


def hold_for_status(manuscript: Manuscript, status: str, line: int = 0) -> Hold:
    """The hold for a story that the agency has withdrawn or held back; `status` is the agency's word, which is reported."""
    hint = "leave it out unless the agency has released it since"
    manuscript.report(Code.NOT_USABLE, f"the agency says of this story: {status[:120]}", line=line, hint=hint)
    return Hold(status[:120])


def hold_for_embargo(manuscript: Manuscript, embargo: str, line: int = 0) -> Hold:
    """The hold for a story that must not be published earlier; `embargo`, the agency's text with the time, is reported."""
    manuscript.report(Code.EMBARGO, f"under embargo: {embargo[:120]}", line=line, hint="do not publish it earlier")
    return Hold(f"embargo: {embargo[:120]}", _last_day(embargo))


def hold_of_item(manuscript: Manuscript, status: str, embargo: str, note: str) -> Hold | None:
    """The hold by publishing status (IPTC `usable`, `withheld`, `canceled`), embargo time and note to editors of an item.

    Of several, the hold that ends last; None without any.
    """
    held = hold_for_status(manuscript, status.lower()) if status and status.lower() != "usable" else None
    embargoed = hold_for_embargo(manuscript, f"until {embargo}") if embargo else None
    return latest_hold(filter(None, (held, embargoed, hold_of_note(manuscript, note))))


def hold_of_note(manuscript: Manuscript, note: str, line: int = 0) -> Hold | None:
    """The hold that a note to editors orders in words: a kill, a hold or an embargo. Another note is only reported."""
    if _HOLD_ORDER.search(note):
        return hold_for_status(manuscript, note, line)
    if _EMBARGO_ORDER.search(note):
        return hold_for_embargo(manuscript, note, line)
    if note:
        manuscript.report(Code.ADVISORY, f"to editors: {note[:120]}", line=line)
    return None


def latest_hold(holds: Iterable[Hold]) -> Hold | None:
    """The hold that ends last; one without an end before all others. None without any."""
    return max(holds, key=lambda hold: hold.until or datetime.date.max, default=None)


def _last_day(text: str) -> datetime.date | None:
    """The day of an embargo: an ISO date or time behind "until", else the last of the written dates."""
    found, (day, rest) = day_of(text.removeprefix("until ")), date_in(text)
    while day is not None:
        found, (day, rest) = max(found or day, day), date_in(rest)
    return found
