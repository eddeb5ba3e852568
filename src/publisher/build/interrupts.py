"""Ctrl-C and SIGTERM: both raise KeyboardInterrupt, and wait while something is done that must not stop half way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held(*numbers: signal.Signals) -> Iterator[Callable[[], None]]:
    """While it lasts, the signals only mark that they came; the function that it gives then raises KeyboardInterrupt.

    Only for signals that raise it anyway: what a program that uses the library does with a signal stays. One that came and
    that nobody asked for is forgotten: all was done.
    """
    came: list[int] = []

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    ours = [number for number in numbers or INTERRUPTS if main and signal.getsignal(number) is signal.default_int_handler]
    for number in ours:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield check
    finally:
        for number in ours:
            signal.signal(number, signal.default_int_handler)
