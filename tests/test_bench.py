"""The scripts of bench/ run: what is measured rarely breaks without a sound."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "bench" / script, *arguments], capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("script", "arguments", "printed"),
    [
        ("citations.py", ("ieee", "3"), r"first: [\d.]+ s CPU\ncached: [\d.]+ s CPU\n"),
        ("load.py", ("--only", "images;sections", "--share", "75"), r"(?s).*   0      4 sections:.*growth.*"),
        ("hostile.py", ("--only", "95 nested tables"), r"(?s).*1 hostile inputs, 0 over the marks.*"),
        ("kills.py", ("2",), r"(?s).*2 kills.*"),
    ],
)
def test_a_script_measures(script: str, arguments: tuple[str, ...], printed: str) -> None:
    result = run(script, *arguments)
    assert result.returncode == 0 and re.fullmatch(printed, result.stdout), result.stdout + result.stderr


@pytest.mark.parametrize("script", ["load.py", "hostile.py"])
def test_a_script_that_finds_nothing_to_measure_says_so(script: str) -> None:
    assert run(script, "--only", "what nobody wrote").returncode == 1
