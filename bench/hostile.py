"""Builds every hostile input of tests/bombs.py in a process of its own, and says what it took and how it ended.

usage: python bench/hostile.py [--only "TEXT;TEXT…"] [--jobs N] [--report FILE]

CPU seconds and resident megabytes are those of the command and all that it started (wait4). The marks: 20 s, 1,000 MB, an
exit code of the table, never 70. Exit code 1 if any input misses one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from process_use import use_of

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
MOST_SECONDS, MOST_MEGABYTES = 20, 1_000
_STOPPED = 120  # CPU seconds after which the measuring ends a process itself
_ENDINGS = (0, 1)


@dataclass(frozen=True)
class Ending:
    name: str
    code: int
    cpu: float
    megabytes: float
    message: str

    @property
    def within(self) -> bool:
        return self.code in _ENDINGS and self.cpu <= MOST_SECONDS and self.megabytes <= MOST_MEGABYTES


def ending(name: str) -> Ending:
    """How the build of one hostile input ends."""
    from tests.bombs import BOMBS

    file, content = BOMBS[name]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, file).write_bytes(content())
        build = f"ulimit -t {_STOPPED}; exec {sys.executable} -m publisher build {file} -o a.pdf -o a.epub --no-cache"
        used = use_of(["/bin/sh", "-c", build], Path(folder))
    shown = next((line for line in used.lines if "error" in line), used.lines[-1])
    return Ending(name, used.code, used.cpu, used.megabytes, shown[:200])


def main() -> int:
    from tests.bombs import BOMBS

    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    names = [name for name in BOMBS if any(text in name for text in options.only.split(";"))]
    endings = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for result in (future.result() for future in as_completed([pool.submit(ending, name) for name in names])):
            endings.append(result)
            figures = f"{'  ' if result.within else '! '}{result.code:4} {result.cpu:7.2f} s {result.megabytes:6.0f} MB"
            print(f"{figures}  {result.name}: {result.message}", flush=True)
    missed = [result for result in endings if not result.within]
    marks = f"{MOST_SECONDS} s of CPU, {MOST_MEGABYTES} MB, exit 0 or 1"
    print(f"{len(endings)} hostile inputs, {len(missed)} over the marks ({marks})")
    if options.report:
        options.report.write_text(json.dumps([asdict(result) for result in endings], indent=1))
    return 1 if missed or not endings else 0


if __name__ == "__main__":
    raise SystemExit(main())
