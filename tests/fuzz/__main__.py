"""Fuzzes targets in turn: `python -m tests.fuzz --minutes 30 [TARGET]...`; exit 1 with a finding, which is kept as a file.

Each target runs in a process of its own under atheris, which looks for input that reaches new lines of our code.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

FINDINGS = Path(__file__).parent / "findings"


def fuzz(target: str, seconds: int) -> bool:
    """Fuzzes one target for so long; whether nothing was found."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "tests.fuzz",
            "--here",
            target,
            f"-max_total_time={seconds}",
            "-timeout=60",
            "-rss_limit_mb=2048",
        ]
        result = subprocess.run([*command, f"-artifact_prefix={folder}/", "-max_len=20000"], capture_output=True, text=True)
        artifacts = sorted(path for path in Path(folder).iterdir() if path.is_file())
        runs = [line for line in result.stderr.splitlines() if "DONE" in line or "Done" in line]
        print(f"{target}: {(runs or ['ended early'])[-1].strip()}", flush=True)
        for path in artifacts:
            data = path.read_bytes()
            kept = FINDINGS / target / hashlib.sha256(data).hexdigest()[:12]
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
            print(f"  found: {kept.relative_to(Path.cwd())}\n" + "\n".join(result.stderr.splitlines()[-25:]), flush=True)
        return not artifacts and result.returncode == 0


def fuzz_here(target: str, options: list[str]) -> None:
    """Fuzzes in this process until its time is over or something is found."""
    import atheris

    with atheris.instrument_imports(include=["publisher"]):
        from tests.fuzz import targets

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(targets.seeds(target)):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, folder], lambda data: targets.run(target, data))
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
