"""Parallel is `map`: one process, a pool of them, or a Dask cluster. The tasks are pure functions of plain data."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkContext, ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from publisher.build import watch
from publisher.build.apart import Begun, BegunMap, Receive, fork_context
from publisher.build.bounds import WAITING
from publisher.build.interrupts import held
from publisher.build.tasks import ENGINE, LIMITS, bounded, netted, task_seconds
from publisher.model import disk
from publisher.model.events import Listener, Span, Waiting, Worked, ignore
from publisher.model.limits import Limits
from publisher.store import scratch
from publisher.writers.contract import Failure

_LONGEST = 71  # characters of a folder in which the server's socket still has a name that systems take (104 bytes)
_LOOK = 1.0  # second between two looks at the tasks
_GRACE = 1.0  # second: a task that ends itself is heard first
_WORTH = 4  # tasks for which a pool is started
_PRELOADED = ["publisher.build.preloaded"]  # what the server imports before workers fork from it


@contextmanager
def mapper(
    jobs: int,
    executor: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    report: Listener = ignore,
    *,
    typesets: bool = False,
    forks: bool = False,
) -> Iterator[Workers]:
    """A map over `jobs` processes (with one, the built-in map and no pool), or over a cluster's workers.

    A task may take as much CPU time and memory as `limits` say of typesetting. `report` listens while a pool works.
    With `typesets`, workers start with the first light task, however few they are: they will be needed. With `forks`, this
    process may be forked where it works alone: another core is free. Light tasks are then done in a fork while the engine is
    imported here.
    `executor` is `dask://HOST:PORT` or `dask:SCHEDULER-FILE`. Raises PublisherError (exit 4) where no scheduler answers.
    """
    if executor is not None:
        from publisher.build.cluster import Cluster, cluster

        with cluster(executor) as client:
            yield Cluster(client)
        return
    workers = _Pool(jobs, limits, report, typesets, forks)
    scratch.sweep()
    try:
        yield workers
    except BaseException:
        workers.kill()
        raise
    else:
        workers.close()
    finally:
        workers.sweep()


class Workers(Protocol):
    """A Mapper, and one for tasks of milliseconds."""

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        """The results in order; a task that raises, ends its worker, or takes more time or memory than it may gives a Failure."""

    def light(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        """The same for tasks of some milliseconds with bounds of their own: the first are done here while the workers start."""

    def soon(self, task: Callable[[Receive], Any], /) -> Begun | None:
        """Begins a task without bounds in a process of its own. None: there are no workers."""

    def ahead(self, module: str, task: Callable[[Receive], Any], /) -> Begun | None:
        """Begins a task that waits for what this process makes meanwhile, in a fork of it, which both have imported `module`.

        None: there are workers, or no core is free, or the system cannot fork safely.
        """

    def when_idle(self, step: Callable[[], None], /) -> None:
        """Has `step` called, once, when so few tasks of a map are left that a worker has none."""


class _Context(ForkServerContext):
    """Starts processes like its parent and remembers them, so that the pool's own can be ended and nobody else's."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[BaseProcess] = []

    def Process(self, *arguments: Any, **options: Any) -> BaseProcess:  # type: ignore[override]  # noqa: N802
        process = super().Process(*arguments, **options)
        self.started.append(process)
        return process


class _Pool:
    """A pool of processes, started when there is work for it; a task that ends its worker ends only itself."""

    def __init__(self, jobs: int, limits: Limits, report: Listener, typesets: bool, forks: bool) -> None:
        self._jobs, self._limits, self._report, self._typesets, self._forks = jobs, limits, report, typesets, forks
        self._pool: ProcessPoolExecutor | None = None
        self._start: Future[tuple[ProcessPoolExecutor, Span]] | None = None  # what _started gives
        self._used = self._is_reported = False
        self._idle: Callable[[], None] | None = None
        self._context, self._apart = _Context(), list[Begun | BegunMap]()
        self._context.set_forkserver_preload(_PRELOADED)

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        work, task = list(items), partial(bounded, function, self._limits)
        if not self._is_worth(work):
            return map(task, work)
        results = self._each(task, work, self._longest_wait)
        if len(work) < self._jobs:
            self._begin_waiting()
        return results

    def light(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        work, task = list(items), partial(netted, function)
        if work and self._typesets and ENGINE not in sys.modules and (context := self._fork_context()):
            return self._each_beside_import(task, work, context)
        are_worth = self._jobs > 1 and (len(work) >= _WORTH or (bool(work) and self._typesets))
        return self._each_from_now(task, work) if are_worth else map(task, work)

    def soon(self, task: Callable[[Receive], Any]) -> Begun | None:
        if self._pool is None:
            return None
        with _quiet_start():  # in a process of its own: the others have grown with the sheets they set
            self._apart.append(begun := Begun(task, ForkServerContext()))
        return begun

    def ahead(self, module: str, task: Callable[[Receive], Any]) -> Begun | None:
        if self._fork_context() is None:
            return None
        _import(module)
        context = self._fork_context()
        if context is None:
            return None
        self._used = True
        with held() as check:
            self._apart.append(begun := Begun(task, context))
            check()
        return begun

    def when_idle(self, step: Callable[[], None]) -> None:
        self._idle = step

    def _begin_waiting(self) -> None:
        """Calls what waits for an idle worker."""
        if self._idle is not None:
            step, self._idle = self._idle, None
            step()

    def _fork_context(self) -> ForkContext | None:
        """Starts forks of this process, if it works alone, a core is free, and the system can fork safely."""
        return fork_context() if self._forks and self._jobs == 1 else None

    def _each_beside_import(self, function: Callable[[Any], Any], work: Sequence[Any], context: ForkContext) -> Iterator[Any]:
        """The results of a fork of this process, which imports meanwhile what will typeset them."""
        self._used = True
        with held() as check:
            self._apart.append(begun := BegunMap(function, work, context))
            check()
        _import(ENGINE)
        yield from begun

    def _is_worth(self, work: Sequence[Any]) -> bool:
        """Whether workers do it: many tasks, or any once they are there, for this process has not imported what they have."""
        return bool(work) and self._jobs > 1 and (bool(self._pool or self._start) or len(work) >= _WORTH)

    def _each_from_now(self, function: partial[Any], work: Sequence[Any]) -> Iterator[Any]:
        """The first tasks are done here; when the workers have started, they do the others, if that is worth it."""
        self._start_soon()
        for number, item in enumerate(work):
            if self._has_started() and len(rest := work[number:]) >= _WORTH:
                yield from self._each(function, rest, lambda item: self._limits.seconds * WAITING + _GRACE)
                return
            yield function(item)

    def _each(self, function: partial[Any], work: Sequence[Any], longest: Callable[[Any], float]) -> Iterator[Any]:
        """The results of workers, which begin at once; `longest` says how many seconds each may take."""
        pool = self._running(self._jobs)
        return self._results(deque((pool.submit(function, item), item) for item in work), function, longest)

    def _results(
        self, tasks: deque[tuple[Future[Any], Any]], function: partial[Any], longest: Callable[[Any], float]
    ) -> Iterator[Any]:
        """The results of tasks, each dropped when it is given: results are as large as the file that is made of them."""
        broken = False
        while tasks:
            if len(tasks) < self._jobs and function.func is bounded:
                self._begin_waiting()
            future, item = tasks.popleft()
            if not broken:
                try:
                    yield self._result(future, tasks, longest(item))
                    continue
                except (BrokenProcessPool, TimeoutError):  # the pool does not tell which of its tasks it was
                    broken = True
                    self.kill()
            done = future.done() and future.exception() is None
            yield future.result() if done else self._alone(function, item, longest(item))

    def _result(self, future: Future[Any], others: Iterable[tuple[Future[Any], Any]], seconds: float) -> Any:
        """The result of a future, which may take that long; meanwhile it is reported how many of the others are done."""
        left = seconds
        while left > _LOOK and not wait([future], timeout=_LOOK).done:
            left -= _LOOK
            self._report(Waiting(sum(other.done() for other, _ in others)))
        return future.result(timeout=left)

    def _alone(self, function: partial[Any], item: Any, longest: float) -> Any:
        """The result of a task that has a worker for itself."""
        future = self._running(1).submit(function, item)
        try:
            return future.result(timeout=longest)
        except BrokenProcessPool:
            failure = self._ending(light=function.func is netted)
            self.kill()
            return failure
        except TimeoutError:
            self.kill()
            return Failure(f"is not done after {longest:g} s and was stopped")

    def _ending(self, *, light: bool) -> Failure:
        """What ended the only worker: the kernel or a library, as a process without workers has it too, or somebody."""
        (worker,) = self._context.started
        worker.join(_GRACE)
        what, limit = watch.ending_by(-(worker.exitcode or 0)) or ("killed its worker process", "")
        return Failure(what, limit if light else LIMITS.get(limit, limit))

    def _longest_wait(self, item: Any) -> float:
        """Seconds after which a worker is ended that has not ended its task itself: a library never came back to Python."""
        return task_seconds(self._limits, item) * WAITING + _GRACE

    def _start_soon(self) -> None:
        """Lets the workers start while this process does other things: their server first imports what they need."""
        if self._pool is None and self._start is None:
            self._used = True
            with _quiet_start():
                forkserver.ensure_running()
                starter = ThreadPoolExecutor(1)
                self._start = starter.submit(self._started, self._jobs)
                starter.shutdown(wait=False)

    def _has_started(self) -> bool:
        return self._pool is not None or (self._start is not None and self._start.done())

    def _running(self, jobs: int) -> ProcessPoolExecutor:
        """The pool, all its workers started: a worker that is interrupted half started could not be stopped later."""
        if self._pool is None:
            self._used = True
            if self._start is not None:
                (self._pool, span), self._start = self._start.result(), None
            else:
                with _quiet_start():
                    self._pool, span = self._started(jobs)
            if not self._is_reported:
                self._is_reported = True
                self._report(Worked("importing", "", span))
        return self._pool

    def _started(self, jobs: int) -> tuple[ProcessPoolExecutor, Span]:
        """A new pool when all its workers have started, and what their server did before."""
        pool = ProcessPoolExecutor(jobs, mp_context=self._context, initializer=_start_worker)
        starts = [pool.submit(_server_span) for _ in range(jobs)]
        wait(starts)
        return pool, starts[0].result()

    def kill(self) -> None:
        """Ends the workers at once, whatever they do. Unfinished futures are then broken by the pool itself.

        They are not canceled: the pool's thread of CPython 3.11 to 3.13 raises over canceled ones (terminate_broken).
        """
        if self._start is not None:
            wait([self._start])
            self._pool = None if self._start.exception() else self._start.result()[0]
            self._start = None
        _end(self._context)
        if self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None

    def close(self) -> None:
        """Ends the workers when their tasks are done. Workers that nothing needed are still starting, perhaps."""
        if self._start is not None:
            self.kill()
        elif self._pool is not None:
            self._pool.shutdown()

    def sweep(self) -> None:
        """Ends what was begun and nobody has asked for; removes the temporary files of the workers, which are gone."""
        for begun in self._apart:
            begun.end()
        if self._used:
            scratch.sweep()


def _import(module: str) -> None:
    """Imports a module, if it is named. Signals wait: a library that is interrupted while it is imported ends the process."""
    with held() as check:
        if module:
            import_module(module)
        check()


def _end(context: _Context) -> None:
    """Ends the processes of a context at once."""
    for process in context.started:
        if process.is_alive():
            process.kill()
    for process in context.started:
        if process.pid is not None:  # an interrupt may come before it is started
            process.join(_GRACE)
    context.started.clear()


@contextmanager
def _quiet_start() -> Iterator[None]:
    """While processes start, Ctrl-C and SIGTERM wait, and their trackers do not warn of what they clean up after an interrupt.

    Processes inherit that they do not see Ctrl-C: the server that workers fork from never does, in the middle of an import
    neither. The tracker of multiprocessing is started first, since it lets Ctrl-C through again when it has started.
    """
    warnings = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [warnings, "ignore:resource_tracker"]))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with held() as check, disk.temporary_files(_LONGEST):  # also where another thread takes the signal
            resource_tracker.ensure_running()
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            yield
            check()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if warnings is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = warnings


def _server_span() -> Span:
    """How long the server imported what this worker has of it."""
    from publisher.build.preloaded import SPAN

    return SPAN


def _start_worker() -> None:
    """Ctrl-C reaches the whole process group: the parent alone answers it. The kernel may end a worker: its pool notices."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch.watch_pool_worker()
