"""Time limits for work in this process: CPU time of the task, and ten times as long for what only waits.

CPU time is that of the task's own thread, so neither another process nor another thread can make a task fail.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

WAITING = 10  # times the CPU seconds: the wall limit, for work that waits for a file or a lock
_AGAIN = 0.5  # seconds: an exception that comes to a callback or a finalizer is ignored, the next one is not


class OutOfTime(BaseException):
    """The time is up; the message says which. No Exception, so that a library that catches those does not go on."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises OutOfTime if its block takes more CPU time, or ten times as long on the clock; it cannot be nested.

    It needs a system with timers, and the main thread. A library that never comes back to Python is waited for.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield  # a Dask worker's thread: its scheduler watches it
        return
    waiting = seconds * WAITING
    with ExitStack() as limits:
        limits.enter_context(
            _timer(signal.SIGALRM, signal.ITIMER_REAL, time.monotonic, waiting, f"is not done after {waiting:g} s")
        )
        limits.enter_context(
            _timer(signal.SIGPROF, signal.ITIMER_PROF, time.thread_time, seconds, f"takes more than {seconds:g} s of CPU time")
        )
        yield


@contextmanager
def _timer(number: int, timer: int, clock: Callable[[], float], seconds: float, message: str) -> Iterator[None]:
    """Raises OutOfTime when `clock` has gone on by `seconds`; the signal `number` of `timer` only says when to look.

    The timer of CPU time counts all threads of the process, so it may ring early.
    """
    end, active = clock() + seconds, True

    def ring(*_: object) -> None:
        if active and (left := end - clock()) > 0:
            signal.setitimer(timer, left, _AGAIN)
        elif active:
            raise OutOfTime(message)

    before = signal.signal(number, ring)
    try:
        signal.setitimer(timer, seconds, _AGAIN)
        try:
            yield
        finally:
            active = False
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
