"""The account of a manuscript: what it holds = what was kept + what was removed, by rule; the rest is unaccounted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from itertools import chain, compress, repeat
from types import MappingProxyType

from publisher.ledger.inventory import Inventory
from publisher.model.parts import Removal
from publisher.text.bylines import is_in_byline, is_in_headline
from publisher.text.word_count import counted_words

_SAMPLE = 8  # words of a sample
_MOVED_WHOLE = re.compile(r"^the (?:headline|standfirst)$")  # rules: the words are in the header afterwards
_MOVED_TO_BYLINE = re.compile(r"now in the header$|^fields, now in the metadata$")  # rules: names and date are in the byline
_SHORT = 2  # letters of a word that is often a part of another by chance
_LONGEST_PARTED = 500  # letters; a longer word is hardly a few words joined
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
class Share:
    """What one of several articles has of its manuscript."""

    words: int
    images: int
    tables: int
    notes: int
    links: int


@dataclass(frozen=True)
class Account:
    """Counts of words and images; `tables`, `notes` and `links` are what the manuscript holds and what the articles have.

    `prose` is the number of words of running text in a web page, None for other formats; `kept_prose` those that an article has.
    `shares` are those of several articles; a single one has all that is kept.
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
    kept_prose: int = 0
    shares: tuple[Share, ...] = ()

    def without(self, numbers: Collection[int], rule: str) -> Account:
        """The account without the articles of these numbers (from 0): what they have counts as removed by a rule."""
        if not numbers:
            return self
        if len(numbers) >= len(self.shares):
            left_out = Share(self.kept_words, self.kept_images, self.tables[1], self.notes[1], self.links[1])
        else:
            rows = [self.shares[number] for number in numbers]
            left_out = Share(*(sum(column) for column in zip(*map(astuple, rows), strict=True)))
        words, images = min(left_out.words, self.kept_words), min(left_out.images, self.kept_images)
        return replace(
            self,
            kept_words=self.kept_words - words,
            kept_images=self.kept_images - images,
            removed=(*self.removed, RemovedWords(rule, words, images)),
            tables=(self.tables[0], max(0, self.tables[1] - left_out.tables)),
            notes=(self.notes[0], max(0, self.notes[1] - left_out.notes)),
            links=(self.links[0], max(0, self.links[1] - left_out.links)),
        )

    @property
    def removed_words(self) -> int:
        return sum(row.words for row in self.removed)

    @property
    def removed_images(self) -> int:
        return sum(row.images for row in self.removed)

    @property
    def open_words(self) -> int:
        """The words that are neither kept nor removed."""
        return self.lost.words if self.lost else 0


@dataclass
class Kept:
    """What the articles of a manuscript have: their texts, and counts.

    `texts` are what the manuscript's running text may have become: blocks, drawn formulas, drawings. `header` are those of them
    in the headers; `bylines` their bylines, which are set anew. `titles` are texts beside them, such as alt texts.
    `numbers` are those of numbered lists, which only plain text has in its words.
    """

    texts: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    images: int = 0
    tables: int = 0
    notes: int = 0
    links: int = 0


def joined(parts: Sequence[Kept]) -> Kept:
    """What several articles have together."""
    kept = Kept()
    for part in parts:
        kept.texts += part.texts
        kept.header += part.header
        kept.bylines += part.bylines
        kept.titles += part.titles
        kept.numbers += part.numbers
        kept.images += part.images
        kept.tables += part.tables
        kept.notes += part.notes
        kept.links += part.links
    return kept


def account_of(inventory: Inventory, kept: Kept, removed: Iterable[Removal], articles: Sequence[Kept] = ()) -> Account:
    """The account of what `inventory` holds; `articles` is what each of several articles has of `kept`."""
    passages = [counted_words(passage.text) for passage in inventory.passages]
    known = {passage.text: words for passage, words in zip(inventory.passages, passages, strict=True)}  # most stay as they are
    held = Counter(chain.from_iterable(passages))
    prose = _prose(inventory, passages, held)
    counters = [_counter(article.texts, known) for article in articles or [kept]]
    kept_words = _counter(kept.numbers if inventory.has_list_numbers else [])
    for counter in counters:
        kept_words.update(counter)
    shown_words = Counter(kept_words)
    shown_words.update(_counter([*kept.bylines, *kept.titles]))
    titles = _counter(title.text for title in inventory.titles)
    open_titles = Counter({word: count for word, count in titles.items() if not shown_words[word]})
    open_words, rows = _without(held, kept_words) + open_titles, list[RemovedWords]()
    by_rule = _by_rule(removal for removal in removed if not _is_missing_in_header(removal, kept))
    for rule, removed_words, images in by_rule:
        taken = open_words & removed_words
        open_words -= taken
        if taken or images:
            rows.append(RemovedWords(rule, taken.total(), images))
    if open_words:
        open_words = _without_joined(open_words, [kept_words, *(removed_words for _, removed_words, _ in by_rule)], held)
    words = held.total() + titles.total()
    removed_images = sum(row.images for row in rows)
    return Account(
        words,
        words - open_words.total() - sum(row.words for row in rows),
        len(inventory.images),
        kept.images,
        tuple(rows),
        _lost(inventory, open_words) if open_words else None,
        max(0, len(inventory.images) - kept.images - removed_images),
        (inventory.tables, kept.tables),
        (inventory.notes, kept.notes),
        (inventory.links, kept.links),
        prose.total() if inventory.is_page else None,
        _common(prose, shown_words),
        tuple(_share(article, counter, held) for article, counter in zip(articles, counters, strict=False)),
    )


def _prose(inventory: Inventory, passages: Sequence[list[str]], held: Counter[str]) -> Counter[str]:
    """The words of running text in a web page, those of `held` without the others, which in most pages are fewer."""
    prose = Counter[str]()
    if inventory.is_page:
        prose.update(held)
        prose.subtract(Counter(chain.from_iterable(compress(passages, (not passage.is_prose for passage in inventory.passages)))))
    prose.update(_counter(inventory.alternative_prose))
    return prose


def _share(kept: Kept, kept_words: Counter[str], held: Counter[str]) -> Share:
    return Share(_common(kept_words, held), kept.images, kept.tables, kept.notes, kept.links)


def _counter(texts: Iterable[str], known: Mapping[str, list[str]] = MappingProxyType({})) -> Counter[str]:
    """The words of texts; `known` are those of some."""
    return Counter(chain.from_iterable(known.get(text) or counted_words(text) for text in texts))


def _without(words: Counter[str], others: Counter[str]) -> Counter[str]:
    """The words without those that `others` has, each as often as it has them."""
    return Counter({word: rest for word, count in words.items() if (rest := count - others.get(word, 0)) > 0})


def _common(words: Counter[str], others: Counter[str]) -> int:
    """How many words both have."""
    return sum(map(min, words.values(), map(others.get, words, repeat(0))))


def _by_rule(removals: Iterable[Removal]) -> list[tuple[str, Counter[str], int]]:
    """The words and the number of images of each rule."""
    rows: dict[str, tuple[Counter[str], int]] = {}
    for removal in removals:
        words, images = rows.setdefault(removal.rule, (Counter(), 0))
        words.update(counted_words(removal.words))
        rows[removal.rule] = words, images + removal.images
    return [(rule, words, images) for rule, (words, images) in rows.items()]


def _is_missing_in_header(removal: Removal, kept: Kept) -> bool:
    """Whether words that were moved to the header did not arrive there: headline, standfirst, names, date."""
    if _MOVED_WHOLE.search(removal.rule):
        return not is_in_headline(removal.words, " ".join(kept.header))
    if _MOVED_TO_BYLINE.search(removal.rule):
        return not is_in_byline(removal.words, " ".join([*kept.header, *kept.bylines]))
    return False


def _without_joined(words: Counter[str], found: Sequence[Counter[str]], held: Counter[str]) -> Counter[str]:
    """The words without those that were only joined to a neighbor or split in the article.

    Each is found in the surplus: what is `found`, kept or removed, beyond the words of the manuscript (`held`). What is left of a
    longer word, once the words in it are found, must be words of the manuscript.
    """
    if words.total() > _MOST_JOINED:
        return words
    pieces = Counter[str]()
    for counter in found:
        pieces.update(counter)
    pieces -= held
    rest = Counter(words)
    all_pieces = "\n".join(pieces)
    for word in sorted(words.elements(), key=len, reverse=True):
        longer = _longer(word, pieces, held) if word in all_pieces else None
        if longer is not None:
            pieces[longer] -= 1
            pieces.update(_neighbors(word, longer))
            rest[word] -= 1
        elif parts := _parts(word, pieces):
            pieces.subtract(parts)
            rest[word] -= 1
    return +rest


def _longer(word: str, pieces: Counter[str], held: Counter[str]) -> str | None:
    """A word that holds `word` and is it and its neighbors, joined."""
    longer = (other for other, count in pieces.items() if count > 0 and word in other and word != other)
    return next((other for other in longer if _is_joined(word, other, held)), None)


def _neighbors(word: str, longer: str) -> list[str]:
    before, _, after = longer.partition(word)
    return [part for part in (before, after) if part]


def _is_joined(word: str, longer: str, held: Counter[str]) -> bool:
    """Whether a longer word is a word and others of the manuscript, joined."""
    return len(word) > _SHORT or all(_parts(part, held) for part in _neighbors(word, longer))


def _parts(word: str, pieces: Counter[str]) -> list[str]:
    """Words that make up `word` one behind the other; empty if there are none.

    From each letter it is tried once, so that a word takes work by its length, not by the number of ways to part it.
    """
    if len(word) > _LONGEST_PARTED:
        return []
    used, failed = Counter[str](), set[int]()

    def parts_from(start: int) -> list[str] | None:
        if start == len(word):
            return []
        if start in failed:
            return None
        failed.add(start)
        for end in range(len(word), start, -1):
            piece = word[start:end]
            if pieces[piece] > used[piece]:
                used[piece] += 1
                rest = parts_from(end)
                if rest is not None:
                    return [piece, *rest]
                used[piece] -= 1
        return None

    return parts_from(0) or []


def _lost(inventory: Inventory, words: Counter[str]) -> Lost:
    """The passage that has the largest share of the words, and some of them in its order."""
    best, best_words, best_score = "", [], 0.0  # type: tuple[str, list[str], float]
    for passage in (*inventory.passages, *inventory.titles):
        passage_words = counted_words(passage.text)
        found = list((Counter(passage_words) & words).elements())
        score = len(found) * len(found) / max(1, len(passage_words))
        if score > best_score:
            best, best_words, best_score = passage.place, [word for word in passage_words if word in words], score
    return Lost(words.total(), best, " ".join(best_words[:_SAMPLE]))
