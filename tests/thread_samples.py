"""Builds pages of threads as programs for forums write them: `tests/threads/NAME.html` holds the markup of a program.

Such a file has the formats of times, then parts behind lines of `===`: the markup of a quotation, of the first post if it is
another, of a post, and of the page. All programs show the same four posts; the second quotes the first.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

HOME = Path(__file__).parent / "threads"
QUOTED = "The rack climbs two teeth and then slips back."
OPENING = (
    "<p>The gate of our mill sluice sticks at high water since the spring flood. The rack climbs two teeth and then slips back."
    "</p><p>Has anybody here dealt with worn racks on a wooden gate?</p>"
)
ANSWER = (
    "<p>That sounds like the pinion, not the rack. Grease it first and count the teeth that are left before you order parts.</p>"
)
LISTING = (
    "<p>I wrote down the levels with a small script for a week:</p><pre><code>for hour in range(24):\n    print(hour"
    ", level(hour))</code></pre><p>The gate only sticks above two metres.</p>"
)
THANKS = "<p>Thanks, it was the pinion indeed!</p>"
POSTS = (
    ("lockwarden", datetime.datetime(2025, 3, 14, 9, 12), OPENING),
    ("Ida Brandt", datetime.datetime(2025, 3, 14, 11, 40), ANSWER),
    ("otter_77", datetime.datetime(2025, 3, 16, 8, 5), LISTING),
    ("lockwarden", datetime.datetime(2025, 4, 2, 19, 30), THANKS),
)


@dataclass(frozen=True)
class Sample:
    """The page of a thread, and the author and time that each of its posts has."""

    page: str
    heads: tuple[tuple[str, str], ...]


def sample(name: str, count: int = len(POSTS)) -> Sample:
    """The thread in the markup of a program, with its first `count` posts; behind the last, the first comes again."""
    head, *rest = re.split(r"^=== (\w+)\n", (HOME / f"{name}.html").read_text("utf-8"), flags=re.MULTILINE)
    formats = dict(re.findall(r"^(\w+): (.*)$", head, re.MULTILINE))
    parts = {part: Template(text) for part, text in zip(rest[::2], rest[1::2], strict=True)}
    posts: list[str] = []
    replies = ""
    for number in range(count, 0, -1):
        author, time, text = POSTS[(number - 1) % len(POSTS)]
        if number % len(POSTS) == 2:
            text = parts["quote"].substitute(author="lockwarden", slug="lockwarden", words=QUOTED) + text
        is_nested = number % len(POSTS) == 3 and formats.get("nested")
        epoch = int(time.replace(tzinfo=datetime.UTC).timestamp())
        markup = (parts.get("first", parts["post"]) if number == 1 else parts["post"]).substitute(
            author=author,
            slug=author.lower().replace(" ", "-"),
            number=number,
            iso=f"{time:%Y-%m-%dT%H:%M:%SZ}",
            epoch=epoch * 1000 if formats.get("epoch") == "milliseconds" else epoch,
            shown=time.strftime(formats["shown"]),
            text=text,
            replies=replies,
        )
        replies = markup if is_nested else ""
        posts += [] if is_nested else [markup]
    page = parts["page"].substitute(posts="".join(reversed(posts)))
    return Sample(page, tuple((author, time.strftime(formats["time"])) for author, time, _ in (POSTS * count)[:count]))


PROGRAMS = sorted(path.stem for path in HOME.glob("*.html"))
