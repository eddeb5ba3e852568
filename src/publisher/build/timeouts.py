"""A time limit for work in this process, where the system has timers and the work is in the main thread."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN = 0.5  # seconds: an exception that comes to a callback or a finalizer is ignored, the next one is not


class OutOfTime(BaseException):
    """The time is up. No Exception, so that a library that catches those does not go on."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises OutOfTime where its block takes longer; a library that never comes back to Python is waited for."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield  # a Dask worker's thread: its scheduler watches it
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_: object) -> None:
    raise OutOfTime
