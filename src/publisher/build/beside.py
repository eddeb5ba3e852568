"""The outputs that other processes make while this process makes the one whose page numbers they carry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self

from publisher.build.executors import Workers
from publisher.build.planned import Plan
from publisher.build.writing import Begin, BegunOutput, WritingTask, begun_output
from publisher.writers.formats import traits_of
from publisher.writers.page_breaks import PageBreak


class OutputsBeside:
    """Begins outputs of a plan and keeps them until they are wanted; `task` gives what the writer of an output is given.

    As a context it ends what nobody wanted.
    """

    def __init__(self, plan: Plan, task: Callable[[Path, tuple[PageBreak, ...]], WritingTask], processes: Workers) -> None:
        self._plan, self._task, self._processes = plan, task, processes
        self._begun: dict[Path, tuple[Path, BegunOutput]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _source, output in self._begun.values():
            output.end()

    def begin(self, source: Path) -> None:
        """Begins those that carry the pages of `source` ahead of these: in forks of this process, where it works alone.

        Where there are workers, when they have less to do than they could, as after an edit.
        """
        self._begin(source, partial(self._processes.ahead, traits_of(source).engine))
        self._processes.when_idle(partial(self._begin, source, self._processes.soon))

    def paginated(self, source: Path, breaks: tuple[PageBreak, ...]) -> None:
        """Gives the pages of `source` to those that carry them; where there are workers, they begin now."""
        self.give(source, breaks)
        self._begin(source, self._processes.soon, breaks)

    def give(self, source: Path, breaks: tuple[PageBreak, ...]) -> None:
        """Gives the pages of `source` to those that wait for them."""
        for carried, output in self._begun.values():
            if carried == source:
                output.give(breaks)

    def output(self, path: Path) -> BegunOutput | None:
        """An output that was begun."""
        return self._begun[path][1] if path in self._begun else None

    def _begin(self, source: Path, begin: Begin, breaks: tuple[PageBreak, ...] | None = None) -> None:
        for path in self._plan.outputs:
            if self._plan.pages_of(path) == source and path not in self._begun:
                output = begun_output(self._task(path, breaks or ()), begin, ahead=breaks is None)
                if output is not None:
                    self._begun[path] = source, output
