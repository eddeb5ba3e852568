"""Bounds for work in this process: CPU time of the task, ten times as long for what only waits, and resident memory.

CPU time is that of the task's own thread, so neither another process nor another thread can make a task fail. In a process that
is watched (build/watch.py) the kernel has the same bounds, for libraries that do not come back to Python.
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from publisher.build import watch

WAITING = 10  # times the CPU seconds: the wall limit, for work that waits for a file or a lock
_AGAIN = 1.0  # second: an exception that comes to a callback or a finalizer is ignored, the next exception is not
_LOOK = 0.1  # seconds of CPU time between two looks at the memory
_GRACE = 2  # seconds of CPU time after which the kernel ends a task that did not end itself
_SLACK = 1.3  # times the megabytes: what may be allocated, touched or not
_STATM = Path("/proc/self/statm")  # pages: size, resident, shared, text, library, data


class OutOfBounds(BaseException):
    """A bound is reached; the message says which. No Exception, so that a library that catches those does not go on.

    `limit` is the field of Limits that it is about.
    """

    def __init__(self, message: str, limit: str) -> None:
        super().__init__(message)
        self.limit = limit


@contextmanager
def within(seconds: float, megabytes: float = math.inf, name: str = "") -> Iterator[None]:
    """Raises OutOfBounds if its block takes more CPU time, ten times as long on the clock, or more memory; it cannot be nested.

    It needs a system with timers, and the main thread. A library that never comes back to Python is waited for, unless the
    process is watched: `name` is then that of the work, by which it is known when it has ended the process.
    """
    if name in watch.lost:
        raise OutOfBounds(*watch.lost[name])
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield  # a Dask worker's thread: its scheduler watches it
        return
    waiting = seconds * WAITING
    memory = _Memory(megabytes)
    with ExitStack() as limits:
        if watch.is_watched():
            limits.enter_context(_kernel_limits(seconds, megabytes))
            limits.callback(watch.begin, "")
            watch.begin(name)
        late, slow = f"is not done after {waiting:g} s", f"takes more than {seconds:g} s of CPU time"
        limits.enter_context(_timer(signal.SIGALRM, signal.ITIMER_REAL, time.monotonic, waiting, late))
        limits.enter_context(_timer(signal.SIGPROF, signal.ITIMER_PROF, time.thread_time, seconds, slow, memory))
        try:
            yield
        except MemoryError:
            raise memory.exceeded() from None


class _Memory:
    """The resident memory of this process, and how much more of it a task may use."""

    def __init__(self, megabytes: float) -> None:
        self._megabytes = megabytes
        self._most = resident() + megabytes * 1_000_000

    def check(self) -> None:
        if resident() > self._most:
            raise self.exceeded()

    def exceeded(self) -> OutOfBounds:
        return OutOfBounds(f"needs more than {self._megabytes:g} MB of memory", "resident_megabytes")


def resident() -> int:
    """Bytes of memory that this process has in use; 0 where the system does not say."""
    return _pages(1)


def _pages(column: int) -> int:
    try:
        return int(_STATM.read_bytes().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


@contextmanager
def _kernel_limits(seconds: float, megabytes: float) -> Iterator[None]:
    """Lets the kernel end this process (SIGXCPU) a little after its time, and refuse it memory."""
    import resource

    with ExitStack() as limits:
        used = time.process_time()
        limits.enter_context(_soft_limit(resource.RLIMIT_CPU, math.ceil(used + seconds) + _GRACE))
        if megabytes < math.inf and _pages(5):
            limits.enter_context(_soft_limit(resource.RLIMIT_DATA, int(_pages(5) + megabytes * 1_000_000 * _SLACK)))
        yield


@contextmanager
def _soft_limit(kind: int, value: int) -> Iterator[None]:
    import resource

    before, hard = resource.getrlimit(kind)
    known = [limit for limit in (value, before, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(known), hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (before, hard))


@contextmanager
def _timer(
    number: int, timer: int, clock: Callable[[], float], seconds: float, message: str, memory: _Memory | None = None
) -> Iterator[None]:
    """Raises OutOfBounds when `clock` has gone on by `seconds`; the signal `number` of `timer` only says when to look.

    The timer of CPU time counts all threads of the process, so it may ring early. With `memory` it also rings to look at that.
    """
    end, active = clock() + seconds, True

    def ring(*_: object) -> None:
        if not active:
            return
        signal.setitimer(timer, _AGAIN, _AGAIN)
        if memory is not None:
            memory.check()
        if (left := end - clock()) <= 0:
            raise OutOfBounds(message, "seconds")
        signal.setitimer(timer, min(left, pause), _AGAIN)

    pause = seconds if memory is None else min(seconds, _LOOK)
    before = signal.signal(number, ring)
    signal.siginterrupt(number, memory is None)  # looks at the memory do not disturb a library that reads a file
    try:
        signal.setitimer(timer, pause, _AGAIN)
        try:
            yield
        finally:
            active = False
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
