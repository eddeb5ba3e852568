"""The input of `typeset`: the articles of a sheet, and what stands before and after them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from publisher.model.edition import Entry
from publisher.model.parts import Resource
from publisher.store.fingerprints import fingerprint
from publisher.writers.themes import Theme

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\b[^\W\d_]{3,20}\b")
_WORDS_OF_A_CELL = 3  # that take as much time to typeset as a cell
_WORDS_OF_A_LINK = 60  # of the contents or the list of sources, which has a line of its own


@dataclass(frozen=True)
class Piece:
    """An article in a sheet. `opens` is the title of the section that it begins, empty if none; `section` is its section's id.

    `notes_before` is by how many its notes are numbered higher than in the article alone. `news`: it is set as an item of news.
    """

    entry: Entry
    opens: str = ""
    section: str = ""
    notes_before: int = 0
    news: bool = False


@dataclass(frozen=True)
class Job:
    """The input of `typeset`.

    `before` and `after` are XHTML that is put before and after the articles, `below_headline` below the first headline; `images`
    are theirs. Of a `measured` job only the places on its pages are wanted: it is laid out, not drawn.
    """

    name: str
    pieces: tuple[Piece, ...]
    theme: Theme
    lang: str
    paper: str = "A4"
    notes: str = "auto"
    level: int = 2
    kind: str = "sheet"
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    images: tuple[Resource, ...] = ()
    below_headline: str = field(default="", repr=False)
    measured: bool = False

    @property
    def fingerprint(self) -> str:
        """A key for the cache: equal only for jobs that make the same sheet."""
        pieces = [(piece.entry.digest, piece.opens, piece.section, piece.notes_before, piece.news) for piece in self.pieces]
        settings = (self.lang, self.paper, self.notes, self.level, self.kind, self.measured)
        images = [(image.name, hashlib.sha256(image.data).hexdigest()) for image in self.images]
        return fingerprint(
            "sheet", self.name, pieces, self.theme.digest, settings, self.before, self.after, images, self.below_headline
        )

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(piece.entry.slug for piece in self.pieces)

    @property
    def prose(self) -> int:
        """The number of words as texts have them: a letter, a number or a code is none.

        A cell of a table counts as some, and so does a link of the contents or the list of sources, which has a line of its own.
        """
        texts = [*(piece.entry.xhtml for piece in self.pieces), self.before, self.after]
        words = sum(len(_WORD.findall(_TAG.sub(" ", text))) for text in texts)
        cells = sum(text.count("<td") + text.count("<th") for text in texts)
        links = self.before.count("<a ") + self.after.count("<a ")
        return words + _WORDS_OF_A_CELL * cells + _WORDS_OF_A_LINK * links

    @property
    def words(self) -> int:
        """The approximate size of the job, as a number of words."""
        return sum(piece.entry.word_count for piece in self.pieces) + len(self.before.split()) + len(self.after.split())
