"""Stories that an edition has more than once, in two feeds or in a feed and as a saved page: which copy is published, and where.

Two copies are of one story if they have the same address, or the same guid in the same publication, and one of them is an entry
of a feed. A headline never counts.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from publisher.input.formats import FEEDS
from publisher.model.addresses import canonical_address, host_of
from publisher.text.word_count import counted_words

_PAGES = (".html", ".htm", ".xhtml", ".mhtml", ".mht")  # as they were saved; files in other formats were written by someone
ADDRESS, GUID = "address", "guid"
_SHORT_GUID = 16  # characters; a shorter one, such as a number, may be that of another site too

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Copy:
    """An article of the edition: `number` of it in its manuscript and `input` of the manuscript, from 0; its section.

    `part` is the title of its edition in a volume, `name` what its source calls it. `path` is its file, and `captured` the file
    that was captured from its address, if it is an entry of a feed. `known` is how much is known of its source, `digest` a hash
    of its words. `is_first` is whether its file is not listed before.
    """

    input: int
    number: int
    section: int
    part: str
    path: Path
    kind: str
    title: str
    name: str
    words: int
    known: int
    addresses: tuple[str, ...]
    publication: str
    date: datetime.date | None = None
    digest: str = ""
    captured: Path | None = None
    is_first: bool = True

    @property
    def place(self) -> tuple[int, int]:
        """The numbers of its input and of the article in it."""
        return self.input, self.number

    @property
    def is_entry(self) -> bool:
        return self.kind in FEEDS

    @property
    def is_edited(self) -> bool:
        """Whether its file is neither a feed nor a saved page."""
        return not self.is_entry and self.kind not in _PAGES

    @property
    def has_guid(self) -> bool:
        """Whether its name is more than its title, which stands for the guid that an entry lacks."""
        return self.is_entry and counted_words(self.name) != counted_words(self.title)


@dataclass(frozen=True)
class Repeat:
    """A copy that is left out, the one that is published in its place, and what they have in common: address, guid or neither."""

    left_out: Copy
    kept: Copy
    common: str

    @property
    def reason(self) -> str:
        """Why the other one is kept."""
        if self.kept.is_edited:
            return "and is neither a feed nor a saved page"
        if self.kept.words > self.left_out.words:
            return f"in more words ({self.kept.words:,}, not {self.left_out.words:,})"
        if self.kept.known > self.left_out.known:
            return "in as many words, and says more of its source"
        return "in as many words, and stands before it"


@dataclass
class _Story:
    """The numbers of its copies, and which entry of each input is one of them."""

    copies: list[int]
    entries: dict[int, Key]

    def takes(self, other: _Story) -> bool:
        """Whether no file has an article in both: articles of one file are different stories."""
        return all(self.entries.get(number, entry) == entry for number, entry in other.entries.items())


def without_repeats(copies: Sequence[Copy]) -> tuple[tuple[Copy, ...], tuple[Repeat, ...]]:
    """The copies to publish, in reading order, and those that are left out.

    Of a story the copy with the most words is kept; of several the one of whose source most is known, else the first. It stands
    where the first copy stood. A file that someone wrote or edited stays where it is, and feeds and saved pages are left out.
    """
    published: list[Copy | None] = list(copies)
    repeats = []
    keys = [list(_keys(copy)) for copy in copies]
    for story in _stories(copies, keys):
        edited = [index for index in story if copies[index].is_edited]
        kept = edited[0] if edited else max(story, key=lambda index: (copies[index].words, copies[index].known))
        for index in story:
            if index != kept and not copies[index].is_edited:
                repeats.append(Repeat(copies[index], copies[kept], _common(keys[index], keys[kept])))
                published[index] = None
        if not edited:
            published[kept] = None
            published[story[0]] = replace(copies[kept], section=copies[story[0]].section)
    return tuple(copy for copy in published if copy is not None), tuple(repeats)


def _stories(copies: Sequence[Copy], keys: Sequence[Sequence[Key]]) -> list[list[int]]:
    """The numbers of the copies of each story that has several. A guid counts where no address decides."""
    holders: dict[Key, list[int]] = defaultdict(list)
    for index, own_keys in enumerate(keys):
        for key in own_keys:
            holders[key].append(index)
    story_of = {index: _Story([index], {copy.input: _entry(copy)}) for index, copy in enumerate(copies)}
    for key in sorted(holders, key=lambda key: key[0] == GUID):
        if _is_of_one_story([copies[index] for index in holders[key]]):
            for index in holders[key][1:]:
                _merge(story_of, story_of[holders[key][0]], story_of[index])
    stories = {id(story): sorted(story.copies) for story in story_of.values()}
    return [story for story in stories.values() if len(story) > 1]


def _is_of_one_story(copies: Sequence[Copy]) -> bool:
    """Whether what these copies have in common is that of a story: a feed has it, and no file has it for several articles.

    Entries of a log of changes, for instance, lead to one page.
    """
    entries: dict[int, Key] = {}
    return any(copy.is_entry for copy in copies) and all(
        entries.setdefault(copy.input, _entry(copy)) == _entry(copy) for copy in copies
    )


def _merge(story_of: dict[int, _Story], first: _Story, second: _Story) -> None:
    if first is second or not first.takes(second):
        return
    large, small = (first, second) if len(first.copies) >= len(second.copies) else (second, first)
    large.copies += small.copies
    large.entries |= small.entries
    story_of.update(dict.fromkeys(small.copies, large))


def _entry(copy: Copy) -> Key:
    """What tells the articles of one file apart. A feed may have an entry twice (RFC 4287, 4.1.1)."""
    return (copy.name, copy.title, *copy.addresses) if copy.has_guid else (str(copy.number),)


def _keys(copy: Copy) -> Iterator[Key]:
    """What copies of a story have in common. A file that is listed once more is meant to be there once more."""
    if not copy.is_entry and not copy.is_first:
        return
    for canonical in _story_addresses(copy):
        yield (ADDRESS, copy.part, canonical)
    file = copy.captured if copy.is_entry else copy.path
    if file is not None:
        yield (ADDRESS, copy.part, "file", str(file))
    if copy.is_entry:
        entry = _entry(copy) if copy.has_guid else (copy.name,)
        yield (ADDRESS, copy.part, "entry", str(copy.path), *entry)
    for key in _guid_keys(copy):
        yield (GUID, copy.part, *key)


def _story_addresses(copy: Copy) -> Iterator[str]:
    """The canonical addresses of a copy. The start page of a site is no story."""
    for address in copy.addresses:
        canonical = canonical_address(address)
        host = host_of(canonical)
        if host and not canonical.rstrip("/").endswith(f"//{host}"):
            yield canonical


def story_keys(copy: Copy) -> Iterator[Key]:
    """What a story is known by, whatever file it comes in: its canonical addresses, its guid in its publication."""
    for canonical in dict.fromkeys(_story_addresses(copy)):
        yield (ADDRESS, canonical)
    for key in _guid_keys(copy):
        yield (GUID, *filter(None, key))


def _guid_keys(copy: Copy) -> Iterator[Key]:
    """The guid of an entry with its publication, and with the host where it is too short to be unlike others."""
    if not copy.has_guid:
        return
    host = next((host_of(canonical_address(address)) for address in copy.addresses), "")
    publication = " ".join(counted_words(copy.publication)) or host
    if publication:
        is_short = len(copy.name) < _SHORT_GUID and ":" not in copy.name
        yield (publication, host if is_short else "", copy.name)


def _common(left_out: Sequence[Key], kept: Sequence[Key]) -> str:
    kinds = {key[0] for key in left_out if key in kept}
    return ADDRESS if ADDRESS in kinds else GUID if kinds else ""
