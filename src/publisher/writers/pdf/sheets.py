"""Which articles share a sheet: one article, or a run of consecutive short ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby

from publisher.model.edition import Entry, Section

SHORT = 350  # words below which an article runs on with its neighbors
LONGEST_RUN = 3000  # words in a run, about
LONGEST_SECTION = 15_000  # words in a section that is one sheet; longer ones are cut like long rows of short articles
_REACH = 3  # neighbors on each side that decide whether a run ends


def runs(sections: Sequence[Section], flow: str) -> Iterator[tuple[Entry, ...]]:
    """The entries of each sheet, in order; `flow` is the theme's: `article` gives each its own sheet, `section` each section.

    In a long row of short articles a run ends where an article's hash is the least of its neighbors': that
    depends on the articles near it alone, so an edit re-flows one run or two (DESIGN, sheets).
    """
    if flow == "section":
        for section in sections:
            yield from (
                [section.entries] if sum(one.word_count for one in section.entries) <= LONGEST_SECTION else _cut(section.entries)
            )
        return
    entries = [entry for section in sections for entry in section.entries]
    for short, group in groupby(entries, key=lambda entry: flow != "article" and entry.word_count < SHORT):
        row = list(group)
        if short:
            yield from _cut(row)
        else:
            yield from ((entry,) for entry in row)


def _cut(row: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    keys = [hashlib.sha256(entry.slug.encode()).digest() for entry in row]
    run: list[Entry] = []
    for index, entry in enumerate(row):
        run.append(entry)
        near = keys[max(0, index - _REACH) : index + _REACH + 1]
        ends = len(near) == 2 * _REACH + 1 and keys[index] == min(near)
        if ends or sum(one.word_count for one in run) > LONGEST_RUN:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)
