"""Which of the articles that were read are published: what earlier releases lack, how many, and in which order."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from publisher.build.history import Story
from publisher.build.repeated import ADDRESS, GUID, Copy, story_keys
from publisher.text.word_count import counted_words

Sort = Literal["listed", "newest", "oldest", "title"]
PUBLISHED = "published in an earlier release"
OLD = "older than asked for (since)"
OVER = "more than asked for (most)"


@dataclass(frozen=True)
class Wanted:
    """What is wanted of an entry of the manifest or of a section: since when, how many at most, in which order.

    With `unpublished`, only what no earlier release contained.
    """

    since: datetime.date | None = None
    most: int | None = None
    sort: Sort = "listed"
    unpublished: bool = False


@dataclass(frozen=True)
class NotChosen:
    """An article that is not published, and why (PUBLISHED, OLD, OVER)."""

    copy: Copy
    reason: str


def identities(copies: Sequence[Copy]) -> dict[tuple[int, int], tuple[str, ...]]:
    """What each article, by its place, is known by tomorrow: its canonical addresses and its guid; without both, its words.

    An address to which several entries of a feed lead, such as a log of changes, is that of none of them.
    """
    keys = {copy.place: list(story_keys(copy)) for copy in copies}
    leading = Counter((copy.input, key) for copy in copies for key in keys[copy.place] if copy.is_entry)
    result = {}
    for copy in copies:
        own = [key for key in keys[copy.place] if leading[copy.input, key] < 2]
        result[copy.place] = tuple(" ".join(key) for key in own) or (f"words {copy.digest}",)
    return result


class PublishedStories:
    """The stories of earlier releases, by what they are known by."""

    def __init__(self, stories: Iterable[Story]) -> None:
        self._known: dict[str, list[Story]] = {}
        for story in stories:
            for identity in story.known_by:
                self._known.setdefault(identity, []).append(story)

    def contain(self, story: Story) -> bool:
        """Whether the story is among them: it shares an identity with a story there.

        An address alone decides nothing between two entries with different guids and headlines: a log of changes that lists
        one entry at a time has one address for all of them.
        """
        return any(
            not identity.startswith(ADDRESS) or not _are_entries_of_a_log(story, known)
            for identity in story.known_by
            for known in self._known.get(identity, ())
        )


def _are_entries_of_a_log(story: Story, other: Story) -> bool:
    guids, others = _guids(story), _guids(other)
    differ = bool(guids) and bool(others) and guids.isdisjoint(others)
    return differ and counted_words(story.title) != counted_words(other.title)


def _guids(story: Story) -> set[str]:
    return {identity for identity in story.known_by if identity.startswith(GUID)}


def wanted_now(
    copies: Sequence[Copy], wanted: Callable[[Copy], Wanted], is_published: Callable[[Copy], bool]
) -> tuple[list[Copy], list[NotChosen]]:
    """The copies that are new enough for their entry, and the others. An article without a date may be new."""
    kept, others = list[Copy](), list[NotChosen]()
    for copy in copies:
        wish = wanted(copy)
        if wish.unpublished and is_published(copy):
            others.append(NotChosen(copy, PUBLISHED))
        elif wish.since is not None and copy.date is not None and copy.date < wish.since:
            others.append(NotChosen(copy, OLD))
        else:
            kept.append(copy)
    return kept, others


def arranged(
    published: Sequence[Copy], entry_of: Callable[[Copy], tuple[int, Wanted]], sections: Mapping[int, Wanted]
) -> tuple[tuple[Copy, ...], list[NotChosen]]:
    """The articles in the order of their sections, at most so many of each entry and each section; and the others.

    `entry_of` gives the number of an article's entry in its section, and what is wanted of that entry.
    """
    kept, others = list[Copy](), list[NotChosen]()
    counts: Counter[tuple[int, int]] = Counter()
    for number, group in groupby(sorted(published, key=lambda copy: copy.section), key=lambda copy: copy.section):
        chosen = list[Copy]()
        wish = sections.get(number, Wanted())
        for copy in _sorted(list(group), wish.sort):
            entry, own = entry_of(copy)
            counts[number, entry] += 1
            full = (own.most is not None and counts[number, entry] > own.most) or len(chosen) == wish.most
            if full:
                others.append(NotChosen(copy, OVER))
            else:
                chosen.append(copy)
        kept += chosen
    return tuple(kept), others


def _sorted(copies: list[Copy], order: Sort) -> list[Copy]:
    """Copies in an order; those without a date stand last, and what is equal stays as listed."""
    if order == "title":
        return sorted(copies, key=lambda copy: tuple(counted_words(copy.title)))
    if order == "listed":
        return copies
    dated = sorted((copy for copy in copies if copy.date), key=_date, reverse=order == "newest")
    return [*dated, *(copy for copy in copies if not copy.date)]


def _date(copy: Copy) -> datetime.date:
    return copy.date or datetime.date.min


def counts(others: Sequence[NotChosen]) -> Iterator[tuple[int, str, int]]:
    """The number of an input, a reason, and how many of its articles are not published for it."""
    found = Counter((other.copy.input, other.reason) for other in others)
    for (number, reason), count in found.items():
        yield number, reason, count
