"""What a command and all that it started used: for the scripts that measure builds in processes of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Use:
    """Exit code, seconds of CPU, the most resident megabytes of a process (wait4), and what was printed, in lines."""

    code: int
    cpu: float
    megabytes: int
    lines: list[str]


def use_of(command: Sequence[str], folder: Path) -> Use:
    """Runs a command in a folder, in which its output is kept, and waits for its end."""
    output = folder / "output.log"
    with output.open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
    cpu = round(used.ru_utime + used.ru_stime, 2)
    lines = output.read_text(errors="replace").strip().split("\n")
    return Use(os.waitstatus_to_exitcode(status), cpu, round(used.ru_maxrss / 1000), lines)
