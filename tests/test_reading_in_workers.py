"""Manuscripts are read here until the workers have started, and then by the workers; nothing else depends on who read them."""

from __future__ import annotations

import gc
import os
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest

from publisher.build import executors
from publisher.build.build import make
from publisher.build.executors import mapper
from publisher.build.plan import plan
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.events import ArticleRead, Event, Worked
from publisher.writers.contract import Failure

pytestmark = pytest.mark.slow

Edition = Callable[..., Path]
Starts = Callable[[executors._Pool], bool]


def when_started(pool: executors._Pool) -> bool:
    """Waits for the workers."""
    if pool._start is not None:
        wait([pool._start])
    return True


def never(_: executors._Pool) -> bool:
    """As on a machine where the workers start when all is read."""
    return False


def after_three() -> Starts:
    """The workers have started when three tasks are done."""
    asked = 0

    def has_started(pool: executors._Pool) -> bool:
        nonlocal asked
        asked += 1
        return asked > 3 and when_started(pool)

    return has_started


def _task(number: int) -> tuple[int, int]:
    if number == 5:
        raise ValueError("five")
    return number, os.getpid()


@pytest.mark.parametrize(("has_started", "here"), [(when_started, 0), (after_three(), 3), (never, 9)])
def test_tasks_are_done_here_until_the_workers_have_started(
    has_started: Starts, here: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors._Pool, "_has_started", has_started)
    with mapper(2) as run:
        results = list(run.light(_task, range(9)))
    failed = results.pop(5)
    assert isinstance(failed, Failure) and "five" in failed.what
    assert [number for number, _ in results] == [0, 1, 2, 3, 4, 6, 7, 8]
    assert [process == os.getpid() for _, process in results] == [number < here for number in (0, 1, 2, 3, 4, 6, 7, 8)]


def test_few_tasks_start_no_workers() -> None:
    with mapper(2) as run:
        assert [process for _, process in run.light(_task, range(3))] == [os.getpid()] * 3
        assert run._start is None and run._pool is None  # type: ignore[attr-defined]


def test_workers_start_with_the_first_task_where_something_is_typeset() -> None:
    with mapper(2, typesets=True) as run:
        assert not list(run.light(_task, [])) and run._start is None  # type: ignore[attr-defined]
        assert list(run.light(_task, [1])) == [(1, os.getpid())]
        assert run._start is not None  # type: ignore[attr-defined]
        assert [process == os.getpid() for _, process in run(_task, [1])] == [False]


def _has_engine(_: int) -> bool:
    return "publisher.writers.pdf.engine" in sys.modules


def test_the_server_imports_the_engine_once_for_all_workers() -> None:
    with mapper(2) as run:
        assert all(run(_has_engine, range(4)))


def _ends(how: str) -> str:
    if how == "abort":
        os.abort()
    return how


def test_a_library_that_ends_its_worker_is_reported_as_it_is_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors._Pool, "_has_started", when_started)
    with mapper(2) as run:
        results = list(run.light(_ends, ["a", "b", "abort", "c", "d"]))
        heavy = list(run(_ends, ["a", "abort", "b", "c"]))
    ended = Failure("needs too much memory, or a library failed", "resident_megabytes")
    assert results == ["a", "b", ended, "c", "d"] and heavy == ["a", ended, "b", "c"]
    assert results[2].limit == ended.limit


def outcome(folder: Path, jobs: int) -> tuple[list[Diagnostic], list[bytes], list[str], set[int]]:
    """Messages and outputs of a build, the manuscripts in the order in which they are reported, and the processes that read."""
    seen: list[Event] = []
    try:
        report = make(plan([folder], [Path("x.pdf"), Path("x.epub")], keep_going=False), jobs, seen.append)
        found, data = list(report.diagnostics), [output.data for output in report.outputs.values()]
    except PublisherError as problem:
        found, data = list(problem.diagnostics), []
    paths = [event.path for event in seen if isinstance(event, ArticleRead)]
    return found, data, paths, {event.span.process for event in seen if isinstance(event, Worked) and event.stage == "reading"}


@pytest.mark.parametrize("faulty", [False, True])
@pytest.mark.parametrize("starts", [when_started, after_three, never])
def test_messages_and_bytes_are_those_of_one_process(
    starts: Any, faulty: bool, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"a{number}.md": f"# Lock {number}\n\nThe lock ![]({number}.png) is closed.\n" for number in range(9)}
    home = edition(
        {f"in/{name}": text for name, text in files.items()} | ({"in/a4.md": "", "in/a6.docx": b"PK"} if faulty else {})
    )
    alone = outcome(home / "in", 1)
    assert alone[3] == {os.getpid()} and bool(alone[1]) is not faulty
    monkeypatch.setattr(executors._Pool, "_has_started", starts() if starts is after_three else starts)
    shared = outcome(home / "in", 2)
    assert shared[:3] == alone[:3]
    assert (os.getpid() in shared[3]) is (starts is not when_started)


def test_workers_begin_before_a_result_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """So this process can bind what it has while they work."""
    begun: list[int] = []

    class Pool:
        def submit(self, function: Callable[[int], int], item: int) -> Future[int]:
            begun.append(item)
            future: Future[int] = Future()
            future.set_result(function(item))
            return future

    with mapper(2) as run:
        monkeypatch.setattr(run, "_running", lambda jobs: Pool())
        results = run(abs, [-1, -2, -3, -4])
        assert begun == [-1, -2, -3, -4] and list(results) == [1, 2, 3, 4]


def test_a_result_is_dropped_when_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets are as large as the file that is made of them."""

    class Result:
        pass

    class Pool:
        def submit(self, function: Any, item: int) -> Future[Result]:
            future: Future[Result] = Future()
            future.set_result(Result())
            return future

    with mapper(2) as run:
        monkeypatch.setattr(run, "_running", lambda jobs: Pool())
        results = run(abs, range(6))
        given = [weakref.ref(next(results)) for _ in range(5)]
        gc.collect()
        assert [reference() is None for reference in given] == [True] * 4 + [False]  # the last is that of the task at hand
