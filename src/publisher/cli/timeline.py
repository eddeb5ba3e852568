"""`--timings`: which process worked at what, and when, as JSON in a file and as a chart for a terminal.

Times are seconds from the start of the command. A lane is a process: it never does two things at once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from time import monotonic, thread_time

from publisher import __version__
from publisher.model.events import Event, Planned, Span, Stopwatch, Worked

WIDEST = 100  # characters of the chart
_IDLE = "."
_PRELOADED = "importing"  # the stage of the server that workers fork from


@dataclass(frozen=True)
class Task:
    """A piece of work of a stage, in seconds from the start of the command; `cpu` are seconds of CPU time."""

    stage: str
    name: str
    start: float
    end: float
    cpu: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.start


@dataclass(frozen=True)
class Lane:
    """What a process did, in the order of time; the processes are the `command`, the `server` and each `worker`."""

    lane: str
    process: int
    tasks: tuple[Task, ...]

    @property
    def seconds(self) -> float:
        """How long it worked."""
        return sum(task.seconds for task in self.tasks)


class Timeline:
    """A listener that collects what every process did from `start` on, a time of `monotonic`."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._worked: dict[tuple[str, int], list[tuple[float, Worked]]] = {}

    def __call__(self, event: Event) -> None:
        now = monotonic()
        if isinstance(event, Planned) and not self._worked:
            event = Worked("starting", "", replace(Stopwatch().span(), start=self._start, cpu=thread_time()))
        if isinstance(event, Worked) and not self._is_older(event.span):
            self._worked.setdefault((event.span.machine, event.span.process), []).append((now, event))

    def _is_older(self, span: Span) -> bool:
        """Whether it was done for an earlier command of the same process, as the imports of a server that still runs."""
        return span.machine == os.uname().nodename and span.start < self._start

    def lanes(self) -> list[Lane]:
        """The processes that worked: the command, the server that its workers fork from, and the workers by their first task."""
        numbers, lanes = count(1), []
        for (machine, process), worked in sorted(self._worked.items(), key=lambda item: self._place(*item)):
            behind = 0.0 if machine == os.uname().nodename else self._behind(worked)
            tasks = tuple(sorted((self._task(event, behind) for _, event in worked), key=lambda task: task.start))
            is_server = any(task.stage == _PRELOADED for task in tasks)
            name = "command" if process == os.getpid() else "server" if is_server else f"worker {next(numbers)}"
            lanes.append(Lane(name, process, tasks))
        return lanes

    def _place(self, key: tuple[str, int], worked: Sequence[tuple[float, Worked]]) -> tuple[bool, float]:
        return key[1] != os.getpid(), min(event.span.start for _, event in worked)

    def _behind(self, worked: Sequence[tuple[float, Worked]]) -> float:
        """How far the clock of another machine is behind ours, by the result that was here soonest; 0 if it seems to be ours."""
        fits = all(self._start <= event.span.start and event.span.end <= now for now, event in worked)
        return 0.0 if fits else min(now - event.span.end for now, event in worked)

    def _task(self, event: Worked, behind: float) -> Task:
        span, zero = event.span, self._start - behind
        return Task(event.stage, event.name, *(round(value, 4) for value in (span.start - zero, span.end - zero, span.cpu)))


def as_json(lanes: Sequence[Lane], seconds: float) -> str:
    """The timeline as an object of JSON: the stages with their sums, and the lanes with their tasks."""
    stages = [
        {
            "stage": stage,
            "start": tasks[0].start,
            "end": max(task.end for task in tasks),
            "tasks": len(tasks),
            "seconds": round(sum(task.seconds for task in tasks), 4),
            "cpu": round(sum(task.cpu for task in tasks), 4),
        }
        for stage, tasks in _by_stage(lanes).items()
    ]
    values = {"version": __version__, "seconds": round(seconds, 4), "stages": stages, "lanes": [asdict(lane) for lane in lanes]}
    return json.dumps(values, indent=1, ensure_ascii=False) + "\n"


def chart(lanes: Sequence[Lane], seconds: float, width: int) -> list[str]:
    """The timeline as lines of at most `width` characters: a row for each lane, then a row for each stage."""
    letters = _letters(_by_stage(lanes))
    label = max(len(lane.lane) for lane in lanes)
    columns = max(10, min(width, WIDEST) - label - 8)
    rows = [
        f"{lane.lane:<{label}}  {_cells(lane, letters, seconds / columns, columns)} {_share(lane, seconds)}" for lane in lanes
    ]
    return [*rows, "", *_stage_rows(lanes, letters)]


def _by_stage(lanes: Sequence[Lane]) -> dict[str, list[Task]]:
    """The tasks of each stage in the order of time; stages by their first task."""
    stages: dict[str, list[Task]] = {}
    for task in sorted((task for lane in lanes for task in lane.tasks), key=lambda task: task.start):
        stages.setdefault(task.stage, []).append(task)
    return stages


def _letters(stages: dict[str, list[Task]]) -> dict[str, str]:
    """A letter for each stage: its first that no earlier stage has."""
    letters: dict[str, str] = {}
    for stage in stages:
        letters[stage] = next((letter for letter in stage if letter.isalpha() and letter not in letters.values()), "?")
    return letters


def _cells(lane: Lane, letters: dict[str, str], width: float, columns: int) -> str:
    """A row of `columns` cells of `width` seconds: the letter of the stage that takes most of a cell, if it is half of it."""
    cells = []
    for number in range(columns):
        start, end = number * width, (number + 1) * width
        work = dict.fromkeys(letters, 0.0)
        for task in lane.tasks:
            work[task.stage] += max(0.0, min(task.end, end) - max(task.start, start))
        most = max(work, key=lambda stage: work[stage])
        cells.append(letters[most] if sum(work.values()) >= width / 2 else _IDLE)
    return "".join(cells)


def _share(lane: Lane, seconds: float) -> str:
    return f"{lane.seconds / seconds:4.0%}"


def _stage_rows(lanes: Sequence[Lane], letters: dict[str, str]) -> list[str]:
    rows = []
    for stage, tasks in _by_stage(lanes).items():
        start, end = tasks[0].start, max(task.end for task in tasks)
        cpu = sum(task.cpu for task in tasks)
        times = "1 task" if len(tasks) == 1 else f"{len(tasks):,} tasks"
        rows.append(f"{letters[stage]} {stage:<16} {start:8.2f} to {end:.2f} s, {times}, {cpu:.2f} s of CPU time")
    return rows
