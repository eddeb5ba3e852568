"""The notes that a program leaves in a page that it saves: the address of the page, and the day on which it was saved."""

from __future__ import annotations

import datetime
import re

from publisher.text.bylines import day_of

_HEAD = 4096  # characters at the start of the page that are searched
# Browsers ("Mark of the Web"), SingleFile and Save Page WE.
_ADDRESS_NOTES = (
    re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->"),
    re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)"),
    re.compile(r"<meta\s+name=[\"']?savepage-url[\"']?\s+content=[\"']?([^\s\"'>]+)"),
)
_DATE_NOTES = (
    re.compile(r"<!--\s*Page saved with SingleFile\b[^>]*?saved date:\s*\w+ (\w+ \d+ \d{4})"),
    re.compile(r"<meta\s+name=[\"']?savepage-date[\"']?\s+content=[\"']?\w+ (\w+ \d+ \d{4})"),
)


def saved_address(html: str) -> str:
    """The address from which a page was saved; empty if it is not noted."""
    match = next(filter(None, (pattern.search(html, 0, _HEAD) for pattern in _ADDRESS_NOTES)), None)
    return match[1] if match and match[1].startswith("http") else ""


def saved_day(html: str) -> datetime.date | None:
    """The day on which a page was saved; None if it is not noted."""
    match = next(filter(None, (pattern.search(html, 0, _HEAD) for pattern in _DATE_NOTES)), None)
    return day_of(match[1]) if match else None
