"""Tasks in a process of their own, which may begin before all that they need is there. Whatever becomes of it, they are done."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.context import BaseContext, ForkContext
from pathlib import Path
from typing import Any, TypeAlias

from publisher.build import watch

Receive: TypeAlias = Callable[[], Any]  # waits for the value that a task is given
_THREADS = Path("/proc/self/task")  # of this process, those of libraries too (proc(5))
_SIGNALS = {signal.SIGINT, signal.SIGTERM}
_GRACE = 1.0  # second: a process that was killed is gone


class _Apart:
    """Another process, which `work` is run in, with its end of a pipe to this process."""

    def __init__(self, work: Callable[[Connection], None], context: BaseContext) -> None:
        self._ours, theirs = Pipe()
        self._process: Any = context.Process(target=_run, args=(work, theirs))  # type: ignore[attr-defined]
        with theirs, _signals_blocked(), suppress(Exception):  # what cannot be sent, or started, is done here
            self._process.start()

    @property
    def process(self) -> Any:
        """The process."""
        return self._process

    def end(self) -> None:
        """Ends the process at once, whatever it does."""
        if self._process.is_alive():
            self._process.kill()
        if self._process.pid is not None:  # an interrupt may come before it is started
            self._process.join(_GRACE)
        self._ours.close()


class Begun(_Apart):
    """A task that another process works at; if that gives no result, the task is done here, when its result is wanted.

    `task` is called with a function that waits for the value that it is given. With a ForkContext the process is a fork of this
    process, and the task needs no copy.
    """

    def __init__(self, task: Callable[[Receive], Any], context: BaseContext) -> None:
        self._task, self._value = task, None
        super().__init__(partial(_send_result, task), context)

    def give(self, value: Any) -> None:
        """Gives the task the value that it waits for."""
        self._value = value
        with suppress(OSError):  # its process is gone
            self._ours.send(value)

    def result(self) -> Any:
        """The result, which is waited for. Raises what the task raises here."""
        try:
            return self._ours.recv()
        except Exception:  # none, or a part of it
            return self._task(lambda: self._value)


class BegunMap(_Apart):
    """The results of a function for items, in order; those that another process does not give are made here."""

    def __init__(self, function: Callable[[Any], Any], items: Sequence[Any], context: BaseContext) -> None:
        self._function, self._items = function, items
        super().__init__(partial(_send_each, function, items), context)

    def __iter__(self) -> Iterator[Any]:
        for number in range(len(self._items)):
            try:
                result = self._ours.recv()
            except Exception:  # none, or a part of it
                yield from map(self._function, self._items[number:])
                return
            yield result


def fork_context() -> ForkContext | None:
    """Starts forks of this process; None where that is not safe.

    It is where no other thread may hold a lock that the fork would wait for. Libraries of other systems forbid it altogether.
    """
    if sys.platform != "linux":
        return None
    try:
        return ForkContext() if len(list(_THREADS.iterdir())) == 1 else None
    except OSError:
        return None


def _run(work: Callable[[Connection], None], pipe: Connection) -> None:
    """What the other process does. The kernel ends it with its parent, which alone answers Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    watch.watch_pool_worker()
    parent = parent_process()
    if parent is not None:
        watch.end_with(parent.sentinel)
        if wait([parent.sentinel], 0):
            return
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    with suppress(Exception):  # the rest is then done in the parent, which reports it
        work(pipe)


def _send_result(task: Callable[[Receive], Any], pipe: Connection) -> None:
    pipe.send(task(pipe.recv))


def _send_each(function: Callable[[Any], Any], items: Sequence[Any], pipe: Connection) -> None:
    for item in items:
        pipe.send(function(item))


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """While it lasts, signals wait: a fork begins with the handlers of its parent."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
