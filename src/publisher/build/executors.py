"""Parallel is `map`: one process, a pool of them, or a Dask cluster. The tasks are pure functions of plain data."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver
from typing import Any, Protocol

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.writers.contract import Failure

PATIENCE = "10s"  # for a scheduler that does not answer
_PATIENCE = 600.0  # seconds for a task
_WORTH = 4  # tasks for which a pool is started
_FEW = 200  # light tasks that are done before a pool has started
_PRELOADED = ["publisher.writers.pdf.engine", "publisher.passes.pipeline", "publisher.text.plain_text"]  # imported once, workers fork from it


@contextmanager
def mapper(jobs: int, executor: str | None = None) -> Iterator[Workers]:
    """A map over `jobs` processes (with one, the built-in map and no pool), or over a cluster's workers.

    `executor` is `dask://HOST:PORT` or `dask:SCHEDULER-FILE`. Raises PublisherError (exit 4) where nobody answers.
    """
    if executor is not None:
        with _cluster(executor) as client:
            yield _Cluster(client)
    else:
        workers = _Pool(jobs)
        try:
            yield workers
        except BaseException:
            workers.kill()
            raise
        workers.close()


class Workers(Protocol):
    """A Mapper, and one for tasks of milliseconds."""

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        """The results in order; a task that kills its worker, or takes longer than `patience()`, gives a Failure."""

    def light(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        """The same for tasks of some milliseconds: a few of them are done here while the workers start."""


class _Pool:
    """A pool of processes, started when there is work for it, that outlives a task that does not."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        work = list(items)
        return map(function, work) if self._jobs <= 1 or len(work) < _WORTH else self._each(function, work)

    def light(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        work = list(items)
        if self._jobs > 1 and len(work) >= _WORTH and self._pool is None:
            _context()
            with _interrupts_held_back():
                forkserver.ensure_running()  # it imports WeasyPrint while we read
        return map(function, work) if len(work) < _FEW else self(function, work)

    def _each(self, function: Callable[[Any], Any], work: list[Any]) -> Iterator[Any]:
        pool = self._started(self._jobs)
        futures = [pool.submit(function, item) for item in work]
        broken = False
        for future, item in zip(futures, work, strict=True):
            if not broken:
                try:
                    yield future.result(timeout=patience())
                    continue
                except (BrokenProcessPool, TimeoutError):  # which of the tasks under way it was, nobody says
                    broken = True
                    self._stopped(futures)
            done = future.done() and not future.cancelled() and future.exception() is None
            yield future.result() if done else self._alone(function, item)

    def _alone(self, function: Callable[[Any], Any], item: Any) -> Any:
        """The result of a task that has a worker for itself."""
        future = self._started(1).submit(function, item)
        try:
            return future.result(timeout=patience())
        except BrokenProcessPool:
            self._stopped([future])
            return Failure("killed its worker process")
        except TimeoutError:
            self._stopped([future])
            return Failure(f"took longer than {patience():g} s and was stopped")

    def _started(self, jobs: int) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_ignore_interrupts)
            _start(self._pool, jobs)
        return self._pool

    def _stopped(self, futures: Sequence[Future[Any]]) -> None:
        """Ends the pool; what was finished is kept by its futures."""
        for future in futures:
            future.cancel()
        self.kill()

    def kill(self) -> None:
        # A sheet takes seconds; who interrupts does not want to wait for it. The pool's own thread then trips over
        # futures that are canceled already (CPython 3.11-3.13, terminate_broken), which is nobody's concern.
        if self._pool is not None:
            threading.excepthook = lambda _: None
            for worker in multiprocessing.active_children():
                worker.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()


def _context() -> Any:
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")  # it cleans up after an interrupt, and says so
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def patience() -> float:
    """Seconds that a task may take: PUBLISHER_TASK_SECONDS, else ten minutes."""
    try:
        return float(os.environ.get("PUBLISHER_TASK_SECONDS", "")) or _PATIENCE
    except ValueError:
        return _PATIENCE


def _start(pool: ProcessPoolExecutor, jobs: int) -> None:
    """Starts the workers; one that is interrupted half started could not be stopped later."""
    with _interrupts_held_back():
        for started in [pool.submit(_ignore_interrupts) for _ in range(jobs)]:
            started.result()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _ignore_interrupts() -> None:
    """Ctrl-C reaches the whole group: the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        hint = "pip install 'publisher-toolchain[dask]'"
        raise _unavailable(Code.COMPONENT_MISSING, "Dask is not installed", hint) from None
    if not address.startswith("dask:"):
        raise _unavailable(Code.EXECUTOR, f"no executor is called {address}", "use dask://HOST:PORT, or dask:FILE")
    where = address.removeprefix("dask:")
    how = {"address": f"tcp:{where}"} if where.startswith("//") else {"scheduler_file": where}
    try:
        client: Any = Client(timeout=PATIENCE, **how)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        hint = "start one: dask scheduler --port 8786, and dask worker tcp://HOST:8786 on each machine"
        raise _unavailable(Code.SCHEDULER, f"no scheduler answers at {address}", hint) from None
    with client:
        yield client


class _Cluster:
    """The workers of a Dask cluster; they have no disk of ours, so what opens files is done here."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        from distributed import KilledWorker

        pool = self._client.get_executor(pure=False)
        for future in [pool.submit(function, item) for item in items]:
            try:
                yield future.result()
            except KilledWorker:
                yield Failure("killed three workers")

    light = staticmethod(map)


def _unavailable(code: Code, what: str, hint: str) -> PublisherError:
    return PublisherError(Diagnostic(code, what, None, hint), exit_code=Exit.MISSING_COMPONENT)
