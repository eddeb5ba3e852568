"""What the program that saved a page wrote into it: where the page was, and when it was taken."""

from __future__ import annotations

import datetime
import re

from publisher.text.bylines import day_of

_HEAD = 4096  # characters in which such notes stand
# Browsers ("Mark of the Web"), SingleFile and Save Page WE.
_FROM = (
    re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->"),
    re.compile(r"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)"),
    re.compile(r"<meta\s+name=[\"']?savepage-url[\"']?\s+content=[\"']?([^\s\"'>]+)"),
)
_ON = (
    re.compile(r"<!--\s*Page saved with SingleFile\b[^>]*?saved date:\s*\w+ (\w+ \d+ \d{4})"),
    re.compile(r"<meta\s+name=[\"']?savepage-date[\"']?\s+content=[\"']?\w+ (\w+ \d+ \d{4})"),
)


def saved_address(html: str) -> str:
    """The address a page was saved from; empty where it does not say."""
    found = next(filter(None, (one.search(html, 0, _HEAD) for one in _FROM)), None)
    return found[1] if found and found[1].startswith("http") else ""


def saved_day(html: str) -> datetime.date | None:
    """The day on which a page was saved; None where it does not say."""
    found = next(filter(None, (one.search(html, 0, _HEAD) for one in _ON)), None)
    return day_of(found[1]) if found else None
