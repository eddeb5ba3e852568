"""Groups articles into sheets: one article by itself, or a run of consecutive short ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby

from publisher.model.edition import Entry, Section

SHORT = 350  # words; a shorter article shares a sheet with its neighbors
LONGEST_RUN = 3000  # words in a run, approximately
LONGEST_SECTION = 15_000  # words; a longer section is split into runs, even where the theme puts each section on one sheet
_NEIGHBORS = 3  # articles on each side that decide whether a run ends


def runs(sections: Sequence[Section], flow: str) -> Iterator[tuple[Entry, ...]]:
    """The entries of each sheet, in order.

    `flow` is the theme's setting: with `article` each article has its own sheet, with `section` each section has.
    In a long series of short articles, a run ends at an article whose hash is the smallest among its neighbors. This
    depends only on the articles near it, so an edit changes one or two runs.
    """
    if flow == "section":
        for section in sections:
            yield from (
                [section.entries]
                if sum(entry.word_count for entry in section.entries) <= LONGEST_SECTION
                else _split(section.entries)
            )
        return
    entries = [entry for section in sections for entry in section.entries]
    for is_short, group in groupby(entries, key=lambda entry: flow != "article" and entry.word_count < SHORT):
        articles = list(group)
        if is_short:
            yield from _split(articles)
        else:
            yield from ((entry,) for entry in articles)


def _split(articles: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    hashes = [hashlib.sha256(entry.slug.encode()).digest() for entry in articles]
    run: list[Entry] = []
    for index, entry in enumerate(articles):
        run.append(entry)
        nearby = hashes[max(0, index - _NEIGHBORS) : index + _NEIGHBORS + 1]
        is_end = len(nearby) == 2 * _NEIGHBORS + 1 and hashes[index] == min(nearby)
        if is_end or sum(member.word_count for member in run) > LONGEST_RUN:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)
