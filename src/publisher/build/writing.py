"""An output as a task for its writer, which this process or a worker does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, cast

from publisher.build.interrupts import held
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Edition
from publisher.model.events import Event, Listener, ignore
from publisher.writers.contract import Output, Settings, Timed, not_awaited, timed
from publisher.writers.formats import writer_for

# Begins a task in a worker, if there is any: what it gives waits for the result (executors.Workers.soon).
Soon: TypeAlias = Callable[[Callable[[Any], Any], Any], Callable[[], Any] | None]
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


class BegunOutput:
    """An output that a worker makes: `wait` gives a Timed with the output and what its writer reported, for `report`."""

    def __init__(self, wait: Callable[[], Timed], report: Listener) -> None:
        self._wait, self._report = wait, report
        self.ms = 0

    def output(self) -> Output:
        """The finished output. Raises what its writer raises."""
        timed_output = self._wait()
        self.ms = timed_output.ms
        output, events = timed_output.result
        for event in events:
            self._report(event)
        return cast(Output, output)


def begun_output(task: WritingTask, soon: Soon) -> BegunOutput | None:
    """An output that a worker begins to make; None where there is no worker, or the edition is too large to be held twice."""
    if not task.is_for_workers:
        return None
    settings = replace(task.settings, mapper=map, report=ignore, paginated=not_awaited)
    wait = soon(partial(timed, _written_apart), replace(task, settings=settings))
    return BegunOutput(wait, task.settings.report) if wait else None


def _written_apart(task: WritingTask) -> tuple[Output, tuple[Event, ...]]:
    """The output, and the events that its writer reports: nobody listens where a worker is."""
    events: list[Event] = []
    return written(replace(task, settings=replace(task.settings, report=events.append))), tuple(events)
