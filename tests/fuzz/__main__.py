"""Fuzzes targets in turn: `python -m tests.fuzz --minutes 30 [TARGET]...`; exit 1 with a finding, which is kept as a file.

Each target runs in a process of its own under atheris, which looks for input that reaches new lines of our code. A target goes on
behind a finding: of each kind the first is made shorter and kept.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.kinds import keep, kind_of, shortened

_FOUND = "FOUND"
_LONGEST = 20_000  # bytes of an input


def fuzz(target: str, seconds: int) -> bool:
    """Fuzzes one target for so long; whether nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fuzz", "--here", target, f"-artifact_prefix={folder}/", f"-max_len={_LONGEST}"]
        bounds = [f"-max_total_time={seconds}", "-timeout=60", "-rss_limit_mb=2048"]
        result = subprocess.run([*command, *bounds], capture_output=True, text=True, errors="replace")
        artifacts = sorted(path for path in Path(folder).iterdir() if path.is_file())  # what ended the process
        lines = result.stderr.splitlines()
        runs = [line for line in lines if line.startswith("Done ")]
        found = [line for line in result.stdout.splitlines() if line.startswith(_FOUND)]
        print(f"{target}: {(runs or ['ended early'])[-1].strip()}", *found, sep="\n  ", flush=True)
        if not runs:
            print(*lines[-25:], sep="\n")
        for path in artifacts:
            print(f"  {_FOUND} {path.name}: {keep(target, path.read_bytes())}", flush=True)
        return not (artifacts or found) and result.returncode == 0


def fuzz_here(target: str, options: list[str]) -> None:
    """Fuzzes in this process until its time is over; prints each new kind of finding."""
    import atheris

    with atheris.instrument_imports(include=["publisher"]):
        from tests.fuzz import targets
    from tests.fuzz.mutation import mutated

    kinds = set[str]()
    seeds = list(targets.seeds(target))

    def run(data: bytes) -> None:
        targets.run(target, data)

    def collect(data: bytes) -> None:
        try:
            run(data)
        except Exception as problem:
            kind = kind_of(problem)
            if kind not in kinds:
                kinds.add(kind)
                print(f"{_FOUND} {kind}: {keep(target, shortened(data, kind, run))}", flush=True)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        dice = random.Random(seed)
        if dice.random() < 0.2:
            return bytes(atheris.Mutate(data, most))
        return mutated(target, data, most, dice, seeds)

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds):
            (corpus / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, str(corpus)], collect, custom_mutator=mutate)
        atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--here"]:
        fuzz_here(sys.argv[2], sys.argv[3:])
        return 0
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="in all")
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS])
    arguments = parser.parse_args()
    names = arguments.targets or list(TARGETS)
    share = max(1, int(60 * arguments.minutes / len(names)))
    results = [fuzz(name, share) for name in names]  # each target, also behind one with a finding
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
