"""What changed in the words of an article: paragraphs first, then words within those that stand for each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["changed", "added", "removed", "moved"]
Mark = Literal["same", "removed", "added"]
_WINDOW = 40  # paragraphs in which a similar one is looked for
_ALIKE = 0.4  # of the words of two paragraphs: below it, one is removed and the other added


@dataclass(frozen=True)
class Piece:
    """Words of a paragraph that are the same, removed or added."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, heading or cell that is not the same in both: its pieces in order. A moved one has its words unchanged."""

    kind: Kind
    pieces: tuple[Piece, ...]

    def words(self, mark: Mark) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.mark == mark) if self.kind != "moved" else 0


def word_diff(old: Sequence[str], new: Sequence[str]) -> tuple[Paragraph, ...]:
    """The paragraphs of an article that differ, in reading order; `old` and `new` are the texts of its paragraphs."""
    old, new = [text for text in old if text], [text for text in new if text]
    found = list[Paragraph]()
    for tag, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _changes(old[start:end], new[other_start:other_end])
    return tuple(_with_moves(found))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """The changes from some paragraphs to those in their place: each to the most similar of those that are left, in order."""
    at = 0
    for text in old:
        words = text.split()
        ratios = [(_likeness(words, other.split()), -number) for number, other in enumerate(new[at : at + _WINDOW])]
        best, place = max(ratios, default=(0.0, 0))
        if best < _ALIKE:
            yield Paragraph("removed", (Piece("removed", text),))
            continue
        yield from (Paragraph("added", (Piece("added", other),)) for other in new[at : at - place])
        yield Paragraph("changed", tuple(_pieces(words, new[at - place].split())))
        at += 1 - place
    yield from (Paragraph("added", (Piece("added", other),)) for other in new[at:])


def _likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """How many of the words two paragraphs have in common, from 0 to 1."""
    common = sum((Counter(words) & Counter(others)).values())
    return 2 * common / (len(words) + len(others))


def _pieces(words: Sequence[str], others: Sequence[str]) -> Iterator[Piece]:
    for tag, start, end, other_start, other_end in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", " ".join(words[start:end]))
            continue
        if end > start:
            yield Piece("removed", " ".join(words[start:end]))
        if other_end > other_start:
            yield Piece("added", " ".join(others[other_start:other_end]))


def _with_moves(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The changes, where a paragraph that is removed in one place and added in another is moved, and shown once."""
    texts = {kind: Counter(row.pieces[0].text for row in paragraphs if row.kind == kind) for kind in ("added", "removed")}
    moved = texts["added"] & texts["removed"]
    left = {"added": Counter(moved), "removed": Counter(moved)}
    for row in paragraphs:
        text = row.pieces[0].text
        if row.kind in left and left[row.kind][text]:
            left[row.kind][text] -= 1
            if row.kind == "added":
                yield Paragraph("moved", (Piece("same", text),))
        else:
            yield row
