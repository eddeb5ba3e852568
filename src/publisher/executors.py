"""Parallel is `map`: one process, a pool of them, or a Dask cluster. The tasks are pure functions of plain data."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from publisher.diagnostics import Exit, PublisherError, error
from publisher.writers.output import Mapper

PATIENCE = "10s"  # for a scheduler that does not answer


@contextmanager
def mapper(jobs: int, executor: str | None = None) -> Iterator[Mapper]:
    """A map over `jobs` processes (with one, the built-in map and no pool), or over a cluster's workers.

    `executor` is `dask://HOST:PORT` or `dask:SCHEDULER-FILE`. Raises PublisherError (exit 4) where nobody answers.
    """
    if executor is not None:
        with _cluster(executor) as pool:
            yield pool.map
    elif jobs <= 1:
        yield map
    else:
        with _processes(jobs) as pool:
            yield pool.map


@contextmanager
def _processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")  # it cleans up after an interrupt, and says so
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_ignore_interrupts)
    try:
        _start(pool, jobs)
        yield pool
    except BaseException:
        # A sheet takes seconds; who interrupts does not want to wait for it. The pool's own thread then trips over
        # futures that are canceled already (CPython 3.11-3.13, terminate_broken), which is nobody's concern.
        threading.excepthook = lambda _: None
        for worker in multiprocessing.active_children():
            worker.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _start(pool: ProcessPoolExecutor, jobs: int) -> None:
    """Starts the workers with interrupts held back: one that is interrupted half started could not be stopped later."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for started in [pool.submit(_ignore_interrupts) for _ in range(jobs)]:
            started.result()
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
        raise _unavailable("Dask is not installed", "component-missing", hint) from None
    if not address.startswith("dask:"):
        raise _unavailable(f"no executor is called {address}", "executor", "use dask://HOST:PORT, or dask:FILE")
    where = address.removeprefix("dask:")
    how = {"address": f"tcp:{where}"} if where.startswith("//") else {"scheduler_file": where}
    try:
        client: Any = Client(timeout=PATIENCE, **how)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        hint = "start one: dask scheduler --port 8786, and dask worker tcp://HOST:8786 on each machine"
        raise _unavailable(f"no scheduler answers at {address}", "scheduler", hint) from None
    with client:
        yield client.get_executor(pure=False)


def _unavailable(what: str, code: str, hint: str) -> PublisherError:
    return PublisherError(error(what, code, None, hint), exit_code=Exit.MISSING_COMPONENT)
