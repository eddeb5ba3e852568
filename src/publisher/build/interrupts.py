"""Ctrl-C and SIGTERM: both raise KeyboardInterrupt, and wait while something is done that must not stop half way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


def interrupt_once(number: int, _: object) -> None:
    """Raises KeyboardInterrupt, once: the terminal sends a signal to this process, and its parent sends it on."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def held(*numbers: signal.Signals) -> Iterator[Callable[[], None]]:
    """While it lasts, the signals only mark that they came; the function that it gives then raises KeyboardInterrupt.

    Only for signals that raise it anyway: what a program that uses the library does with a signal stays. One that came and
    that nobody asked for is forgotten: all was done.
    """
    received: list[int] = []

    def check() -> None:
        if received:
            raise KeyboardInterrupt

    handlers: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {number: signal.getsignal(number) for number in numbers or INTERRUPTS}
    ours = {number: handler for number, handler in handlers.items() if handler in (signal.default_int_handler, interrupt_once)}
    for number in ours:
        signal.signal(number, lambda number, _: received.append(number))
    try:
        yield check
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
