"""An output as a task for its writer, which this process or another does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias, cast, overload

from publisher.build.apart import Begun, Receive
from publisher.build.interrupts import held
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Edition
from publisher.model.events import Event, Listener, ignore, milliseconds_since
from publisher.writers.contract import Output, Settings, not_awaited
from publisher.writers.formats import writer_for
from publisher.writers.page_breaks import PageBreak

# Begins a task in a process of its own, where there may be any (executors.Workers).
Begin: TypeAlias = Callable[[Callable[[Receive], Any]], Begun | None]
_MOST_BYTES = 32_000_000  # of an edition of which a worker may have a copy


@dataclass(frozen=True)
class WritingTask:
    """What a writer is given for the output `path`; `diagnostics` are what was wrong with the edition before."""

    path: Path
    edition: Edition
    settings: Settings
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_for_workers(self) -> bool:
        """Whether the edition is small enough to be held twice."""
        texts = sum(len(entry.xhtml) for entry in self.edition.entries)
        return texts + sum(len(image.data) for entry in self.edition.entries for image in entry.resources) <= _MOST_BYTES


def written(task: WritingTask) -> Output:
    """The output. Raises PublisherError with what is wrong with the edition."""
    with held() as check:  # a library that is interrupted while it is imported ends the process
        write = writer_for(task.path)
        check()
    output = write(task.edition, task.settings)
    return replace(output, diagnostics=task.diagnostics + output.diagnostics)


class AwaitedBreaks(Sequence[PageBreak]):
    """Page breaks that another process finds meanwhile: the first look at them waits. `waited` are the seconds that it took."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.waited = 0.0

    @cached_property
    def _breaks(self) -> tuple[PageBreak, ...]:
        start = perf_counter()
        breaks = cast("tuple[PageBreak, ...]", self._receive())
        self.waited = perf_counter() - start
        return breaks

    def __len__(self) -> int:
        return len(self._breaks)

    @overload
    def __getitem__(self, index: int) -> PageBreak: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[PageBreak]: ...

    def __getitem__(self, index: int | slice) -> PageBreak | Sequence[PageBreak]:
        return self._breaks[index]


class BegunOutput:
    """An output that another process makes, with what its writer reported, for `report`; `ms` is known when it is finished."""

    def __init__(self, begun: Begun, report: Listener, waits: bool) -> None:
        self._begun, self._report, self._waits = begun, report, waits
        self.ms = 0

    def give(self, breaks: tuple[PageBreak, ...]) -> None:
        """Gives it the pages whose numbers it carries, if it waits for them."""
        if self._waits:
            self._waits = False
            self._begun.give(breaks)

    def end(self) -> None:
        """Ends the process that makes it."""
        self._begun.end()

    def output(self) -> Output:
        """The finished output. Raises what its writer raises."""
        output, events, self.ms = self._begun.result()
        for event in events:
            self._report(event)
        return cast(Output, output)


def begun_output(task: WritingTask, begin: Begin, *, ahead: bool = False) -> BegunOutput | None:
    """An output that another process begins to make, perhaps ahead of its page breaks, which it is then given.

    None where there is no such process, or the edition is too large to be held twice.
    """
    if not task.is_for_workers:
        return None
    settings = replace(task.settings, mapper=map, report=ignore, paginated=not_awaited)
    begun = begin(partial(_written_apart, replace(task, settings=settings), ahead))
    return BegunOutput(begun, task.settings.report, ahead) if begun else None


def _written_apart(task: WritingTask, ahead: bool, receive: Receive) -> tuple[Output, tuple[Event, ...], int]:
    """The output, the events that its writer reports, as nobody listens where it is, and the milliseconds of its work."""
    events: list[Event] = []
    start, breaks = perf_counter(), AwaitedBreaks(receive)
    settings = replace(task.settings, report=events.append, breaks=breaks if ahead else task.settings.breaks)
    output = written(replace(task, settings=settings))
    return output, tuple(events), milliseconds_since(start + breaks.waited)
