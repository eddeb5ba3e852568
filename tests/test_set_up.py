"""Set-up on real machines: a held package lock is waited for, another failure is shown."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

APT_GET = """#!/bin/sh
echo "$@" >> "$LOG"
if [ "$(grep -c . "$LOG")" -le 2 ]; then echo "E: $PROBLEM" >&2; exit 100; fi
"""


@pytest.mark.parametrize(
    ("problem", "code", "calls"),
    [
        ("Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (unattended-upgr)", 0, 3),
        ("Unable to lock directory /var/lib/apt/lists/", 0, 3),
        ("Unable to locate package libpango", 1, 1),
    ],
)
def test_a_held_lock_is_waited_for_and_another_failure_is_not(problem: str, code: int, calls: int, tmp_path: Path) -> None:
    function = re.search(r"^apt_get\(\) \{.*?^\}", (ROOT / "tools" / "set-up.sh").read_text(), re.MULTILINE | re.DOTALL)
    assert function
    (tmp_path / "apt-get").write_text(APT_GET)
    (tmp_path / "apt-get").chmod(0o755)
    log = tmp_path / "log"
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "LOG": str(log),
        "PROBLEM": problem,
        "SETUP_PAUSE": "0",
    }
    script = f"{function[0]}\napt_get apt-get install -y x"
    run = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True)
    assert (run.returncode, len(log.read_text().splitlines())) == (code, calls), run.stderr
    assert ("waiting for it" in run.stdout) == (code == 0) and (problem in run.stderr) == (code == 1)
