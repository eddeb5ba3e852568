"""Each line of an edition found and drawn both ways, by shaped glyphs and by Pango: how many, and how many differ.

usage: python bench/lines.py [--theme NAME] [FILE or FOLDER ...]

Files are built alone, folders as editions; without any, our own editions are. A file ending in .gz is unpacked first. Files that
cannot be built are named. Prints the differences, and lines found, lines drawn, and the shares that are left to Pango. Ends with
exit code 1 if a line differs.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.model.diagnostics import PublisherError
from publisher.writers.pdf import engine  # noqa: F401 (it applies the changes to WeasyPrint)
from publisher.writers.pdf.line_comparison import Comparison, compared

ROOT = Path(__file__).parents[1]


def unpacked(path: Path, folder: Path) -> Path:
    """A path that can be built."""
    if path.suffix != ".gz":
        return path
    copy = folder / path.stem
    copy.write_bytes(gzip.decompress(path.read_bytes()))
    return copy


def differences(paths: list[Path], theme: str, comparison: Comparison) -> Iterator[str]:
    """What is to be printed of each path: why it cannot be built, or its lines that differ."""
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            known = len(comparison.differences)
            try:
                make(plan([unpacked(path, Path(folder))], [Path(folder) / "lines.pdf"], theme=theme), 1)
            except PublisherError as problem:
                yield f"not built: {problem.diagnostics[0].message} ({path.name})"
            for ours, theirs in comparison.differences[known:]:
                yield f"{path.name}\n  by glyphs {ours}\n  by Pango  {theirs}"


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--theme", default="brief")
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE or FOLDER")
    chosen = parser.parse_args()
    with compared() as comparison:
        for line in differences(chosen.paths or sorted((ROOT / "manuscripts").iterdir()), chosen.theme, comparison):
            print(line, flush=True)
    found, drawn = comparison.found + comparison.found_by_pango, comparison.drawn + comparison.drawn_by_pango
    print(f"lines found: {found:,}, of which Pango found {comparison.found_by_pango / max(1, found):.1%}")
    print(f"lines drawn: {drawn:,}, of which Pango drew {comparison.drawn_by_pango / max(1, drawn):.1%}")
    print(f"differences: {len(comparison.differences):,}")
    return min(1, len(comparison.differences))


if __name__ == "__main__":
    sys.exit(main())
