"""The measures of earlier runs, an object of JSON a line: what was measured when, of which commit, on which machine."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
_SAME = ("cores", "workload")  # what two entries must share to be compared
ROOT = Path(__file__).parents[1]


def entry(measures: dict[str, float], workload: str, versions: dict[str, str]) -> Entry:
    """The entry of a run. `workload` says of which articles, how many, and how often; measures are rounded to four digits."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "workload": workload,
        "versions": versions,
        "measures": {name: float(f"{value:.4g}") for name, value in measures.items()},
    }


def commit() -> str:
    """The commit of this tree, with `+` where files of it are changed; without git an empty text."""
    try:
        number = _git("rev-parse", "--short=10", "HEAD")
        return number + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def entries(path: Path) -> list[Entry]:
    """All entries of a history, the oldest first; a file that is not there has none."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


def add(path: Path, new: Entry) -> None:
    """Adds an entry at the end."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(new, ensure_ascii=False) + "\n")


def earlier(past: list[Entry], new: Entry, name: str) -> tuple[float, str] | None:
    """The latest earlier value of a measure, of the same workload on as many cores, and its commit."""
    for old in reversed(past):
        if name in old["measures"] and all(old[key] == new[key] for key in _SAME):
            return old["measures"][name], old["commit"]
    return None


def movement(past: list[Entry], new: Entry, name: str) -> str:
    """How a measure moved since then, such as `0.56, -3.2 %`; a dash where nothing can be compared."""
    before = earlier(past, new, name)
    if before is None or name not in new["measures"]:
        return "–"
    value, _ = before
    return f"{value:.3g}, {100 * (new['measures'][name] / value - 1):+.1f} %"
