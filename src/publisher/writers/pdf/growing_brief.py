"""The brief that is bound while its sheets are made: each sheet as soon as all before it are there, the last ones at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from publisher import __version__
from publisher.model.edition import Edition
from publisher.model.events import working
from publisher.store import freed_memory
from publisher.writers.contract import Settings
from publisher.writers.pdf.link_descriptions import link_descriptions
from publisher.writers.pdf.outline import OutlineEntry
from publisher.writers.pdf.sheet import Sheet, page_span

if TYPE_CHECKING:
    from publisher.writers.pdf.bind import Binder


class GrowingBrief:
    """A file to which the sheets of an edition are appended in order, but the opening last: its contents have page numbers.

    It is to be closed at last. Methods raise PublisherError as those of Binder.
    """

    def __init__(self, edition: Edition, settings: Settings, notes_before: Mapping[str, int], sheets: int) -> None:
        """`sheets` is how many there are, with the opening; `notes_before` the notes before those of each article, by slug."""
        self._edition, self._settings, self._notes_before, self._sheets = edition, settings, notes_before, sheets

    def __enter__(self) -> GrowingBrief:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        if "_binder" in self.__dict__:
            self._binder.close()

    @cached_property
    def _binder(self) -> Binder:
        """Made with the first sheet, when workers are busy with others; pikepdf is not imported for the cover of an e-book."""
        from publisher.writers.pdf.bind import Binder

        return Binder(self._settings.theme, link_descriptions(self._edition, self._notes_before))

    def take(self, index: int, sheet: Sheet) -> Sheet:
        """Appends a sheet other than the first; gives it without its files, which are not needed any more."""
        if index == 0:
            return sheet
        span = sheet.pages if index == self._sheets - 1 else page_span(sheet, self._settings.theme.settings.recto)
        with working(self._settings.report, "binding", sheet.name):
            self._binder.append(sheet, span)
        return replace(sheet, files=())

    def finish(
        self, opening: Sheet, span: int, running: Sequence[Sheet], outline: Sequence[OutlineEntry], claims: Collection[str]
    ) -> bytes:
        """The finished file. `span` is the number of pages of the opening in it; other arguments as of `Binder.finish`."""
        freed_memory.give_back()  # by typesetting
        self._binder.append(opening, span, first=True)
        creator = f"publisher {__version__}"
        data = self._binder.finish(running, outline, self._edition, self._settings.moment, creator, claims)
        freed_memory.give_back()
        return data
