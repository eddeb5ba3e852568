"""What a command and every process below it used: wall time, CPU time, the largest process.

The processes are looked at ten times a second, so a short process between two looks is missed. What the system itself
counted of the command and of the children it waited for (wait4) is used where that is more.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOK = 0.1  # second between two looks
_LEAST = 0.01  # second of CPU time: ratios are divided by it


@dataclass(frozen=True)
class Figure:
    """A run: seconds, megabytes of the largest process at its largest, pages of the PDF (0: not counted)."""

    wall: float
    cpu: float
    peak: float
    pages: int = 0


def measured(command: Sequence[str], folder: Path) -> Figure:
    """Runs a command in a folder. Raises RuntimeError, with the end of its messages, where it fails."""
    with tempfile.TemporaryFile() as messages:
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=messages)
        with _Watcher(process.pid) as watcher:
            _, status, used = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            messages.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))}: {messages.read().decode(errors='replace')[-600:]}")
    waited = used.ru_utime + used.ru_stime
    return Figure(wall, max(sum(watcher.cpu.values()), waited, _LEAST), max(watcher.peak, used.ru_maxrss * 1024 / 1e6))


class _Watcher:
    """Looks at a process and all below it until the block ends: CPU seconds of each, megabytes of the largest."""

    def __init__(self, number: int) -> None:
        self.cpu: dict[int, float] = {}
        self.peak = 0.0
        self._number = number
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> _Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK):
            self.peak = max(self.peak, _look(self._number, self.cpu))


def _look(number: int, cpu: dict[int, float]) -> float:
    """Notes the CPU seconds of a process and of all below it; megabytes of the largest."""
    peak = 0.0
    try:
        process = psutil.Process(number)
        below = process.children(recursive=True)
    except psutil.Error:
        return peak
    for each in [process, *below]:
        try:
            times = each.cpu_times()
            cpu[each.pid] = times.user + times.system
            peak = max(peak, _megabytes(each))
        except (psutil.Error, OSError):
            continue  # it has just ended
    return peak


def _megabytes(process: psutil.Process) -> float:
    """The most resident megabytes of a process until now; where the system does not say that, those of this moment."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except FileNotFoundError:
        return process.memory_info().rss / 1e6
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peaks[0]) * 1024 / 1e6 if peaks else 0.0
