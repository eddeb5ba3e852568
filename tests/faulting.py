"""A disk that refuses the Nth call, or on which the process is killed at it: what `os` is asked for is counted, nothing waits."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

CALLS = ("open", "write", "pwrite", "fsync", "ftruncate", "link", "replace", "unlink", "mkdir", "rmdir")


@dataclass
class Disk:
    """Counts calls; from call number `at` (from 1; 0: never) on, or at that one only (`once`), it does `act`."""

    at: int = 0
    act: Callable[[], None] = lambda: None
    once: bool = True
    count: int = 0

    def call(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*values: Any, **options: Any) -> Any:
            self.count += 1
            if self.at and (self.count == self.at or (self.count > self.at and not self.once)):
                self.act()
            return function(*values, **options)

        return counted


@contextmanager
def counted(disk: Disk) -> Iterator[Disk]:
    """While it lasts, the calls of `os` go through `disk`."""
    with mock.patch.multiple(os, **{name: disk.call(getattr(os, name)) for name in CALLS}):
        yield disk


def refusing(number: int, at: int, *, once: bool = True) -> Disk:
    """A disk that raises the error `number` at call `at`."""

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    return Disk(at, refuse, once)


def killing(at: int) -> Disk:
    """A disk at whose call `at` the process is killed."""
    return Disk(at, lambda: os.kill(os.getpid(), signal.SIGKILL))


def in_child(work: Callable[[], object]) -> int:
    """Does `work` in a process that forks from this one; its signal (negative), or 0 when it ended, 1 when it raised."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
