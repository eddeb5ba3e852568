"""The command under a parent that imports nothing: a fault that ends its process costs an article, not the build.

The parent waits. Native code that does not come back is ended by the kernel (build/bounds.py sets the limits); what the command
was doing then stands in memory that both share. The parent starts the command again, and this time that piece of work is lost
at once: the build reports it like any other error.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
from collections.abc import Callable

_SIZE = 65_536  # bytes of the shared memory: the length of a name, then the name
_FAULTS = {  # signals by which the kernel or a library ends a process: what that says, and the limit that it is about
    "SIGXCPU": ("takes too much CPU time in a library", "seconds"),
    **dict.fromkeys(
        ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP"),
        ("needs too much memory, or a library failed", "resident_megabytes"),
    ),
}
_FORWARDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
lost: dict[str, tuple[str, str]] = {}  # what ended an earlier process, by its name: how, and the limit
_shared: mmap.mmap | None = None


def under_watch(work: Callable[[], int]) -> int:
    """What `work` gives. It runs in a child of this process, which itself never returns; without `fork` it runs here."""
    global _shared
    if not hasattr(os, "fork"):
        return work()
    shared = mmap.mmap(-1, _SIZE)
    while True:
        alive, held = os.pipe()
        child = os.fork()
        if not child:
            os.close(held)
            _end_with_parent(alive)
            _shared = shared
            return work()
        os.close(alive)
        code = _ending(child)
        os.close(held)
        if code >= 0:
            os._exit(code)
        _remember(signal.Signals(-code), shared)


def ending_by(number: int) -> tuple[str, str] | None:
    """What it says that the kernel or a library ended a process by a signal, and the limit; None for any other ending."""
    return _FAULTS.get(signal.Signals(number).name) if number > 0 else None


def is_watched() -> bool:
    """Whether the kernel may end this process: somebody waits for it who says what was lost."""
    return _shared is not None


def watch_pool_worker() -> None:
    """Marks this process as a worker of a pool, which its pool watches."""
    global _shared
    _shared = mmap.mmap(-1, _SIZE)


def begin(name: str) -> None:
    """Says what this process does now; an empty name: nothing that could be left out."""
    if _shared is not None:
        data = name.encode(errors="replace")[: _SIZE - 4]
        _shared[:4] = bytes(4)
        _shared[4 : 4 + len(data)] = data
        _shared[:4] = len(data).to_bytes(4, "little")


def _ending(child: int) -> int:
    """Waits for the child; its exit code, or a signal as a negative number. What this process is sent, the child is sent."""

    def forward(number: int, _: object) -> None:
        try:
            os.kill(child, number)
        except ProcessLookupError:  # it has just ended
            return

    for name in _FORWARDED:
        signal.signal(getattr(signal, name), forward)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _remember(ended_by: signal.Signals, shared: mmap.mmap) -> None:
    """Notes what was lost, so that it is not tried again. Where nothing is known of it, this process ends in the same way."""
    name = shared[4 : 4 + int.from_bytes(shared[:4], "little")].decode(errors="replace")
    if ended_by.name not in _FAULTS or not name or name in lost:
        if ended_by is not signal.SIGKILL:
            signal.signal(ended_by, signal.SIG_DFL)
        os.kill(os.getpid(), ended_by)
        os._exit(128 + ended_by)
    lost[name] = _FAULTS[ended_by.name]
    shared[:4] = bytes(4)


def end_with(pipe: int) -> None:
    """Lets the kernel end this process when the other end of a pipe is closed, as it is when its process is gone (SIGIO)."""
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def _end_with_parent(alive: int) -> None:
    """Lets the kernel end this process when its parent is gone, and answers signals as any process does."""
    end_with(alive)
    for name in _FORWARDED:
        signal.signal(getattr(signal, name), signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
