"""The account of a manuscript: what it holds = what was kept + what was removed, by rule; the rest is unaccounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from publisher.ledger.inventory import Inventory
from publisher.text.word_count import counted_words

_SAMPLE = 8  # words of a sample
_MOST_JOINED = 2_000  # words of which it is tried whether they were joined or split


@dataclass(frozen=True)
class RemovedWords:
    """How many words of the manuscript, and how many images, a rule removed."""

    rule: str
    words: int
    images: int


@dataclass(frozen=True)
class Lost:
    """Words of a manuscript that are neither kept nor removed: their number, the place that has most of them, some of them."""

    words: int
    place: str
    sample: str


@dataclass(frozen=True)
class Account:
    """Counts of words and images; `tables`, `notes` and `links` are what the manuscript holds and what was kept of it.

    `prose` and `kept_prose` are words of running text in a web page, and those of them that were kept.
    """

    words: int
    kept_words: int
    images: int
    kept_images: int
    removed: tuple[RemovedWords, ...]
    lost: Lost | None
    lost_images: int
    tables: tuple[int, int]
    notes: tuple[int, int]
    links: tuple[int, int]
    prose: int | None = None


@dataclass(frozen=True)
class Kept:
    """What the articles of a manuscript have: all their texts, and counts."""

    texts: tuple[str, ...]
    images: int
    tables: int
    notes: int
    links: int


def account_of(inventory: Inventory, kept: Kept, removed: Iterable[tuple[str, str, int]]) -> Account:
    """The account; `removed` has rule, words and number of images of each removal."""
    held = Counter(word for passage in inventory.passages for word in counted_words(passage.text))
    kept_words = Counter(word for text in kept.texts for word in counted_words(text))
    by_rule: dict[str, tuple[Counter[str], int]] = {}
    for rule, text, images in removed:
        words, count = by_rule.setdefault(rule, (Counter(), 0))
        words.update(counted_words(text))
        by_rule[rule] = words, count + images
    open_words, rows = held - kept_words, []
    surplus = Counter(kept_words)
    for rule, (words, images) in by_rule.items():
        taken = open_words & words
        surplus += words
        open_words -= taken
        rows.append(RemovedWords(rule, taken.total(), images))
    open_words = _without_joined(open_words, surplus - held)
    removed_images = sum(row.images for row in rows)
    return Account(
        held.total(),
        held.total() - open_words.total() - sum(row.words for row in rows),
        len(inventory.images),
        kept.images,
        tuple(rows),
        _lost(inventory, open_words) if open_words else None,
        max(0, len(inventory.images) - kept.images - removed_images),
        (inventory.tables, kept.tables),
        (inventory.notes, kept.notes),
        (inventory.links, kept.links),
        inventory.prose,
    )


def _without_joined(words: Counter[str], surplus: Counter[str]) -> Counter[str]:
    """The words without those that were only joined to a neighbor or split in the article: each is found in `surplus`."""
    if not words or words.total() > _MOST_JOINED:
        return words
    rest = Counter(words)
    pieces = Counter(surplus)
    for word in sorted(words.elements(), key=len, reverse=True):
        longer = next((other for other in pieces if word in other and word != other), None)
        if longer is not None:
            before, _, after = longer.partition(word)
            pieces -= Counter([longer])
            pieces += Counter(filter(None, [before, after]))
            rest -= Counter([word])
        elif parts := _parts(word, pieces):
            pieces -= Counter(parts)
            rest -= Counter([word])
    return rest


def _parts(word: str, pieces: Counter[str]) -> list[str]:
    """Words that make up `word` one behind the other; empty if there are none."""
    if not word:
        return []
    for end in range(len(word), 0, -1):
        start = word[:end]
        if pieces[start] > 0:
            if end == len(word):
                return [start]
            rest = _parts(word[end:], pieces - Counter([start]))
            if rest:
                return [start, *rest]
    return []


def _lost(inventory: Inventory, words: Counter[str]) -> Lost:
    """The passage that has the largest share of the words, and some of them in its order."""
    best, best_words, best_score = "", [], 0.0  # type: tuple[str, list[str], float]
    for passage in inventory.passages:
        passage_words = counted_words(passage.text)
        found = list((Counter(passage_words) & words).elements())
        score = len(found) * len(found) / max(1, len(passage_words))
        if score > best_score:
            best, best_words, best_score = passage.place, [word for word in passage_words if word in words], score
    return Lost(words.total(), best, " ".join(best_words[:_SAMPLE]))


def images_text(count: int) -> str:
    return f"{count} image{'' if count == 1 else 's'}"


__all__: Sequence[str] = ("Account", "Kept", "Lost", "RemovedWords", "account_of")
