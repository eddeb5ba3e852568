"""What a hundred citations in a note style cost: `python bench/citations.py [STYLE] [COUNT]`.

Prints the CPU seconds of the first time and of the time when all is kept: the library read, keys resolved, notes formatted and
written. Child processes are counted; reading the article itself is not, since it is the same without citations.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ENTRY = """@article{{key{number}, author = {{Berg, Anna and Umer, Lind {number}}},
title = {{Locks of the {{Upland}}, Part {number}}}, journaltitle = {{Freight Review}},
volume = {number}, pages = {{12--34}}, date = {{20{year:02}-05-12}},
url = {{https://harbor.example/{number}}}}}
"""
_CHILD = "--child"


def main() -> None:
    style, count = (sys.argv[1:] + ["chicago-notes-bibliography", "100"][len(sys.argv[1:]) :])[:2]
    with tempfile.TemporaryDirectory() as folder:
        write_edition(Path(folder), style, int(count))
        for name in ("first", "cached"):
            result = subprocess.run([sys.executable, __file__, _CHILD, folder], capture_output=True, text=True, check=True)
            print(f"{name}: {result.stdout.strip()} s CPU")


def write_edition(folder: Path, style: str, count: int) -> None:
    (folder / "refs.bib").write_text("".join(_ENTRY.format(number=number, year=number % 20) for number in range(count)), "utf-8")
    sentences = (f"The lock opened at {number} [@key{number}, p. {number + 1}]." for number in range(count))
    (folder / "a.md").write_text("# Locks\n\n" + "\n\n".join(sentences), "utf-8")
    sources = f'[sources]\nbibliography = "refs.bib"\nstyle = "{style}"\n'
    manifest = f'[edition]\ntitle = "Harbor"\n[[section]]\narticles = ["a.md"]\n{sources}'
    (folder / "publisher.toml").write_text(manifest, "utf-8")


def child(folder: Path) -> None:
    """Prints the CPU time that citations take, with a cache inside the folder."""
    from publisher.build import assemble, citing
    from publisher.build.executors import mapper
    from publisher.build.libraries import load_library
    from publisher.build.plan import plan
    from publisher.store.cache import Cache

    cache = Cache(folder / "cache")
    made = plan([folder], [])
    with mapper(1) as run:
        inputs = assemble.read_inputs(made, run.light, None)
        loaded = assemble.load_entries(inputs.results, [row.manuscript for row in inputs.inputs], "en", run.light, None)
    start = cpu()
    library = load_library(made.bibliography, made.label, cache)
    citing.with_citations(
        loaded[0], [row.manuscript.label for row in inputs.inputs], library, (), assemble.citation_style(made), "en", cache
    )
    print(f"{cpu() - start:.3f}")


def cpu() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


if __name__ == "__main__":
    child(Path(sys.argv[2])) if sys.argv[1:2] == [_CHILD] else main()
