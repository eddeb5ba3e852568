"""Which of a manuscript's articles are published: none if it has errors, and not those that an agency holds back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from publisher.build.ingest import ReadRecord
from publisher.build.planned import PlannedArticle
from publisher.build.stated_time import stated_time
from publisher.input.formats import FEEDS
from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, errors
from publisher.model.events import ArticleSkipped

_COLLECTIONS = (*FEEDS, ".mbox")  # a manifest that names such a file names none of its articles


@dataclass(frozen=True)
class Selection:
    """What becomes of one manuscript: the numbers (from 0) of its articles that are published, and all messages about it.

    `path` is its file as messages name it, `withheld` the titles of its articles that are left out as an agency holds them back.
    """

    planned: PlannedArticle
    path: str
    published: tuple[int, ...]
    diagnostics: tuple[Diagnostic, ...]
    withheld: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return errors(self.diagnostics)

    @property
    def held(self) -> bool:
        """Whether all that is wrong with it is that an agency holds it back."""
        return bool(self.errors) and all(diagnostic.code is Code.HELD for diagnostic in self.errors)

    @property
    def skipped(self) -> tuple[ArticleSkipped, ...]:
        """What is left out: all of it because of errors, or what an agency holds back."""
        if self.errors:
            return (ArticleSkipped(self.path, self.planned.given.title, self.errors[0].name),)
        return tuple(ArticleSkipped(self.path, title, str(Code.HELD_LEFT_OUT)) for title in self.withheld)


def today() -> datetime.date:
    """The day (UTC) that decides on embargoes where an edition has no date: that of SOURCE_DATE_EPOCH, else of the clock."""
    return (stated_time() or datetime.datetime.now(datetime.UTC)).date()


def select(planned: PlannedArticle, manuscript: Manuscript, record: ReadRecord, day: datetime.date) -> Selection:
    """The selection from a manuscript that was read, for an edition of that day.

    An article that is held is an error if it was named by its path. If it came with a feed or a folder, it is left out.
    """
    by_name = planned.named and kind_of(manuscript.path.name, manuscript.data) not in _COLLECTIONS
    held = [number for number, hold in enumerate(record.holds) if hold is not None and hold.in_force(day)]
    messages = [_held(planned, manuscript, record, number, by_name) for number in held]
    if errors(record.diagnostics) or _has_only_its_description(record.diagnostics):
        published: tuple[int, ...] = ()
    else:
        published = tuple(number for number in range(len(record.words)) if number not in held)
    withheld = () if by_name else tuple(record.titles[number] for number in held)
    return Selection(planned, manuscript.label, published, (*record.diagnostics, *messages), withheld)


def _held(planned: PlannedArticle, manuscript: Manuscript, record: ReadRecord, number: int, by_name: bool) -> Diagnostic:
    hold = record.holds[number]
    message = f"“{record.titles[number]}” must not be published ({hold.reason if hold else ''})"
    release = "if the agency has released it, set hold = false for it in the manifest or in a sidecar"
    if by_name:
        place = Location(planned.label, planned.line) if planned.line else Location(manuscript.label)
        return Diagnostic(Code.HELD, message, place, f"remove it from the edition; {release}")
    return Diagnostic(Code.HELD_LEFT_OUT, f"{message}: it is left out", Location(manuscript.label), release)


def _has_only_its_description(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether a feed has no entry with words. Its own description, which `publisher tree` shows, is no news."""
    return any(diagnostic.code is Code.FEED_EMPTY for diagnostic in diagnostics)
