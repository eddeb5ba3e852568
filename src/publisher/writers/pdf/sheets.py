"""Divides an edition into sheets: runs of articles that are typeset together, each beginning on a new page.

Articles follow each other on the same page within a sheet, so only its last page can be empty in part. Where sheets end is chosen
so that these pages are full, as far as estimates go (estimates.py), and so that an edit changes few sheets: first the edition is
cut where a hash says so that depends on the articles nearby alone (a keyed cut), then each segment between two such cuts is
divided into at most three sheets by the heights of its own articles.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise
from math import ceil, log2

from publisher.model.edition import Entry, Section

NEARBY = 8.0  # pages on each side of an article that decide whether a segment ends with it
_LONGEST, _LONGEST_OPENING = 8.0, 7.5  # pages: longer sheets cost more after an edit; the opening is typeset twice
_SHORT_EDITION = 20.0  # pages
_LONGEST_SECTION = 40.0  # pages; a longer one is divided, even where the theme puts each section in a sheet
_SHORTEST = 3.0  # pages: shorter sheets have more last pages
_MAX_SHEETS = 3  # in a segment
_MAX_CUTS = 40  # places of a segment that are tried
_SHEET = 0.12  # pages: what every sheet costs, as estimates are not exact
_ERRORS = (-0.01, 0.01, 0.025)  # of estimates: they tend to be too low
_SAVED, _COPYFIT = 0.03, 0.5  # what a tighter setting saves of each page; what it costs, for a second layout
_LAST_FIFTH = 0.78  # of a page, where a headline with two lines of text finds no place
_TOO_EMPTY = 0.5  # of a page


@dataclass(frozen=True)
class Part:
    """What stands whole in one sheet: an article, or, with no entry, the opening or the closing.

    `pages` is how many it fills. `moves`: its headline would not stand in the last fifth of a page, but on the next page.
    """

    entry: Entry | None
    pages: float
    moves: bool = False


def runs(
    sections: Sequence[Section],
    flow: str,
    part_of: Callable[[Entry], Part],
    opening: float | None = None,
    closing: float | None = None,
) -> list[tuple[Part, ...]]:
    """The parts of each sheet, in order.

    `flow` is the theme's: with `article` each article has its own sheet, with `section` sheets end with sections. `opening` and
    `closing` are the heights in pages of what goes before the first and after the last article in their sheets; None: it stands
    in a sheet of its own, which is not among these.
    """
    blocks = [list(map(part_of, section.entries)) for section in sections]
    if flow == "article":
        blocks = [[part] for block in blocks for part in block]
    elif flow == "auto":
        blocks = [[part for block in blocks for part in block]]
    blocks = [block for block in blocks if block] or [[]]
    segments = [list(segment) for block in blocks for segment in ([block] if _is_whole(block, flow) else _segments(block))]
    if opening is not None:
        segments[0].insert(0, Part(None, opening))
    if closing is not None:
        segments[-1].append(Part(None, closing))
    if flow == "auto" and len(segments) <= _MAX_SHEETS and _is_short(segments, opening, closing):
        return [tuple(part for segment in segments for part in segment)]
    return [
        run
        for number, segment in enumerate(segments)
        for run in ([tuple(segment)] if _is_whole(segment, flow) else _divided(segment, number == 0 and opening is not None))
    ]


def _is_short(segments: Sequence[Sequence[Part]], opening: float | None, closing: float | None) -> bool:
    """Whether an edition is a single sheet, with its opening and closing: its last page is its only empty one."""
    pages = sum(part.pages for segment in segments for part in segment)
    return opening is not None and closing is not None and pages <= _SHORT_EDITION


def _is_whole(parts: Sequence[Part], flow: str) -> bool:
    """Whether the parts of a section stay together: its sheets would begin on right-hand pages."""
    return flow == "section" and sum(part.pages for part in parts) <= _LONGEST_SECTION


def _segments(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """The parts between keyed cuts: a segment ends with a part whose hash is the smallest among those nearby."""
    weights = [_weight(part.pages) for part in parts]
    ends = list(accumulate(weights))
    hashes = [hashlib.sha256(part.entry.slug.encode()).digest() if part.entry else b"" for part in parts]
    first, total = 0, sum(weights)
    for index, end in enumerate(ends):
        if end < NEARBY or end > total - NEARBY:
            continue
        nearby = hashes[bisect_left(ends, end - NEARBY) : bisect_right(ends, end + NEARBY)]
        if hashes[index] == min(nearby):
            yield parts[first : index + 1]
            first = index + 1
    yield parts[first:]


def _weight(pages: float) -> float:
    """A power of two near the number of pages: it stays the same after nearly every edit."""
    return float(2 ** round(log2(max(pages, 1 / 16))))


def _divided(parts: Sequence[Part], opens: bool) -> list[tuple[Part, ...]]:
    """The sheets of a segment: the division whose last pages are least empty; `opens`: the first part is the opening."""
    if len(parts) < 2:
        return [tuple(parts)]
    places = _places(parts)
    divisions = (cuts for count in range(min(_MAX_SHEETS, len(places) + 1)) for cuts in combinations(places, count))
    best = min(divisions, key=lambda cuts: (round(_cost(parts, cuts, opens), 3), cuts))
    edges = [0, *best, len(parts)]
    return [tuple(parts[start:end]) for start, end in pairwise(edges)]


def _places(parts: Sequence[Part]) -> list[int]:
    """Where a segment may be cut: all places between its parts, or, where there are very many, evenly chosen ones."""
    step = ceil((len(parts) - 1) / _MAX_CUTS)
    return list(range(1, len(parts), max(1, step)))


def _cost(parts: Sequence[Part], cuts: Sequence[int], opens: bool) -> float:
    """What a division costs, in empty pages."""
    edges = [0, *cuts, len(parts)]
    heights = [_height(parts[start:end]) for start, end in pairwise(edges)]
    return sum(_cost_of_sheet(height, opens and number == 0) for number, height in enumerate(heights))


def _height(parts: Sequence[Part]) -> float:
    """How many pages the parts fill, one after the other."""
    height = 0.0
    for part in parts:
        if part.moves and height % 1.0 > _LAST_FIFTH:
            height = float(ceil(height))
        height += part.pages
    return height


def _cost_of_sheet(pages: float, opens: bool) -> float:
    """The pages that a sheet leaves empty, as the mean over what its height may turn out to be, and what its length costs."""
    longest, price = (_LONGEST_OPENING, 0.1) if opens else (_LONGEST, 0.05)
    empty = sum(_emptiness(pages * (1 + error)) for error in _ERRORS) / len(_ERRORS)
    return _SHEET + empty + price * max(0.0, pages - longest) + 0.15 * max(0.0, _SHORTEST - pages)


def _emptiness(pages: float) -> float:
    """What is empty on the last page, in pages; a page more if that is most of it."""
    over = pages % 1.0
    if pages > 1 and over < _SAVED * pages:
        return _COPYFIT
    return 1.0 - over + (1.0 if 1.0 - over > _TOO_EMPTY else 0.0)
