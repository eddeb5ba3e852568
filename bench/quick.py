"""Whether the working tree builds the sample edition slower than a base commit: CPU time of a process, in pairs.

usage: python bench/quick.py [--base COMMIT] [--pairs N] [--edition FOLDER] [--least PERCENT]

Both trees build the edition in turn, without a cache, as a PDF and an EPUB. The base is HEAD where files of src or styles are
changed, else the commit where the branch left main, else the parent of HEAD. Exit code 1: slower by more than the noise of the
pairs, which is never taken for less than `--least`. Exit code 2: nothing could be compared.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from base_tree import base_commit, base_tree
from process_use import use_of
from slower import PAIRS, Change, change

ROOT = Path(__file__).parents[1]
_SECONDS = 165.0  # no further pair is begun that would end after this time


def seconds(tree: Path, edition: Path, folder: Path) -> float:
    """CPU seconds that a tree takes to build the edition into a folder. Raises ValueError where it cannot build it."""
    paths = os.pathsep.join(filter(None, [str(tree / "src"), os.environ.get("PYTHONPATH", "")]))
    outputs = ["-o", str(folder / "brief.pdf"), "-o", str(folder / "brief.epub")]
    build = [sys.executable, "-m", "publisher", "build", "--no-cache", "-j", "1", str(edition), *outputs]
    use = use_of(["env", f"PYTHONPATH={paths}", "PYTHONHASHSEED=0", *build], folder)
    if use.code:
        raise ValueError(f"the edition could not be built by {tree.name} (exit code {use.code}): " + "\n".join(use.lines[-6:]))
    return use.cpu


def compared(base: Path, edition: Path, count: int) -> list[tuple[float, float]]:
    """CPU seconds of base and working tree, in pairs; who begins changes from pair to pair. Fewer pairs where time is short."""
    pairs: list[tuple[float, float]] = []
    for tree in (base, ROOT):
        compileall.compile_dir(tree / "src", quiet=2)
    with tempfile.TemporaryDirectory(prefix="bench-quick-") as temporary:
        folder = Path(temporary)
        start = time.monotonic()
        seconds(ROOT, edition, folder)  # libraries and fonts are in memory from here on
        while len(pairs) < count and not (len(pairs) >= PAIRS[0] and _over(start, len(pairs))):
            order = [base, ROOT] if len(pairs) % 2 else [ROOT, base]
            taken = {tree: seconds(tree, edition, folder) for tree in order}
            pairs.append((taken[base], taken[ROOT]))
            print(f"{len(pairs)}. base {taken[base]:6.2f} s   working tree {taken[ROOT]:6.2f} s", flush=True)
    return pairs


def _over(start: float, pairs: int) -> bool:
    """Whether another pair, as long as those before, would end too late."""
    passed = time.monotonic() - start
    return passed + passed / pairs > _SECONDS


def verdict(found: Change) -> str:
    """What was found, in a sentence."""
    percent, noise = 100 * (found.ratio - 1), f"{100 * found.noise:.1f} %"
    if found.is_slower:
        return f"slower: the working tree takes {percent:+.1f} % CPU time, which is more than the noise of {noise}"
    if found.is_faster:
        return f"faster: the working tree takes {percent:+.1f} % CPU time; the noise is {noise}"
    return f"no slower: the working tree takes {percent:+.1f} % CPU time, which is within the noise of {noise}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="", help="commit to compare with")
    parser.add_argument("--pairs", type=int, default=5, choices=range(PAIRS[0], PAIRS[1] + 1), help="default 5")
    parser.add_argument("--edition", type=Path, default=ROOT / "manuscripts" / "sample-brief", help="folder or file to build")
    parser.add_argument("--least", type=float, default=1.0, help="smallest noise, in percent (default 1)")
    return parser.parse_args()


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the worktree is removed then too
    chosen = options()
    try:
        commit, reason = base_commit(ROOT, chosen.base)
        print(f"base: {commit[:10]}, {reason}", flush=True)
        with base_tree(ROOT, commit) as base:
            pairs = compared(base, chosen.edition.resolve(), chosen.pairs)
    except ValueError as problem:
        print(f"nothing could be compared: {problem}", file=sys.stderr)
        return 2
    found = change(pairs, chosen.least / 100)
    print(verdict(found))
    return 1 if found.is_slower else 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
