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


LINE_TO_EDITORS = re.compile(
    r"\W*(?P<word>(?:STRICT |UNDER |SOUS )?EMBARGO(?:ED)?|Embargoed(?= (?:until|for)\b|:)|Under embargo(?= until\b|:)"
    r"|NOT FOR (?:PUBLICATION|RELEASE|USE)(?= (?:BEFORE|UNTIL)\b)|(?:MANDATORY|BULLETIN) KILL|WITHDRAWN"
    r"|CORRECTION|CORRECTS|CORRECTED|EDS|Eds|EDITORS|ATTENTION(?: EDITORS)?|SPERRFRIST"
    r"|BERICHTIGUNG|RECTIFICATIF|(?:HOLD|KILL(?:ED)?|ADVISORY)(?=\s*(?:[:–—/!,(-]|$)|\s+[A-Z]{2,})|(?:URGENT|FLASH|BULLETIN)(?=\W*$))\b"
    r"(?=\W|$)"
)
_EMBARGO_LINE = re.compile(
    r"\W*(?:(?:strict(?:ly)? |under )?embargo(?:ed)?\W{1,3}(?:until|till?|for release|\d)|sous embargo\b|sperrfrist\b"
    r"|not for (?:publication|release|use) (?:before|until)\b)",
    re.IGNORECASE,
)
_UNUSABLE_WORDS = {"HOLD", "KILL", "KILLED", "WITHDRAWN"}


def hold_of_lines(manuscript: Manuscript, lines: Iterable[str]) -> Hold | None:
    """The hold by lines to editors, all of which are reported; of several, the hold that ends last."""
    holds = []
    for text in lines:
        match = LINE_TO_EDITORS.match(text)
        line = manuscript.line_of(text[:60])
        is_unusable = bool(match and match["word"] in _UNUSABLE_WORDS)
        hold = hold_for_status(manuscript, text, line) if is_unusable else hold_of_note(manuscript, text, line)
        holds += [hold] if hold else []
    return latest_hold(holds)


def orders_hold(text: str) -> bool:
    """Whether a line orders an embargo, a hold or a kill. An embargo may be in small letters if its end follows."""
    match = LINE_TO_EDITORS.match(text)
    if match is None:
        return bool(_EMBARGO_LINE.match(text) and _EMBARGO_ORDER.search(text))
    return match["word"] in _UNUSABLE_WORDS or bool(_HOLD_ORDER.search(text) or _EMBARGO_ORDER.search(text))


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
