"""Publisher and its neighbors, measured in turn on this machine in one run: wall and CPU time, peak memory, pages, ratios.

usage: python bench/bench.py [--repeat N] [--articles N] [--small N] [--large N] [--huge N] [--results FOLDER] [--history FILE]

The articles are those of ../shared where it stands beside the project, else the project's own of the same shape. A neighbor
that is not installed, and a size that is left out, is named in the tables. Writes FOLDER/results.{md,json,png}, and adds a line
to the history where each figure is a median of three runs or more.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import history
import report
import workload
from cluster import cluster
from marks import ARTICLE, ARTICLE_WEASYPRINT, COLD, EDITED, EPUB, UNCHANGED, at_size, dask, marks
from neighbors import neighbors, versions, weasyprint_command, with_pages
from process_tree import Figure, measured
from turns import Turns

ROOT = Path(__file__).parents[1]
OURS = [sys.executable, "-m", "publisher", "build"]
_RECORDED = 3  # runs of each case from which a history knows the measures


def prepared(folder: Path, count: int, shared: Path) -> Path:
    """A workload of `count` articles in `folder`."""
    script = shared / "bench" / "workloads.py"
    if script.is_file():
        subprocess.run([sys.executable, str(script), str(folder), str(count)], check=True, stdout=subprocess.DEVNULL)
    else:
        workload.make(folder, count)
    return folder


def built(folder: Path, *options: str) -> Figure:
    """A build of a workload."""
    return with_pages(measured([*OURS, *options], folder), folder / "dist" / "brief.pdf")


def edited(folder: Path, cache: Path) -> Figure:
    """A word more in an article in the middle, then a build with the cache."""
    articles = sorted((folder / "articles").iterdir())
    for path in articles[len(articles) // 2 :] + articles:
        text = path.read_text("utf-8")
        changed = text.replace("<p>", "<p>Word ", 1)
        if changed != text:
            path.write_text(changed, "utf-8")
            return built(folder, "--cache", str(cache))
    raise RuntimeError("no article has a paragraph to edit")


def article_cases(folder: Path, shared: Path) -> dict[str, Callable[[], Figure]]:
    """A short article in both outputs, and a plain page of the same text by WeasyPrint."""
    seeds = sorted((shared / "seeds").glob("*.txt"))
    text = (seeds[0] if seeds else ROOT / "manuscripts" / "sample-brief" / "upland-dam.txt").read_text("utf-8")
    (folder / "article.txt").write_text(text, "utf-8")
    blocks = "".join(f"<p>{block}</p>" for block in text.replace("&", "&amp;").replace("<", "&lt;").split("\n\n"))
    head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Article</title></head>'
    (folder / "article.html").write_text(f"{head}<body>{blocks}</body></html>", "utf-8")
    both = [*OURS, "--no-cache", "article.txt", "-o", "article.pdf", "-o", "article.epub"]
    return {
        ARTICLE: lambda: measured(both, folder),
        ARTICLE_WEASYPRINT: lambda: measured(weasyprint_command("article.html", "peer-article.pdf"), folder),
    }


def run_main(turns: Turns, home: Path, chosen: argparse.Namespace) -> None:
    """The main workload: cold, edited, unchanged, the neighbors, an article alone."""
    folder, cache = prepared(home / "main", chosen.articles, chosen.shared), home / "cache"
    built(folder, "--cache", str(cache))
    others, missing = neighbors(folder)
    for name, reason in missing.items():
        turns.leave_out(name, reason)
    turns.run(
        {
            COLD: lambda: built(folder, "--no-cache"),
            **others,
            EDITED: lambda: edited(folder, cache),
            UNCHANGED: lambda: built(folder, "--cache", str(cache)),
            EPUB: lambda: measured([*OURS, "--no-cache", "-o", "x.epub"], folder),
            **article_cases(home, chosen.shared),
        }
    )


def run_dask(turns: Turns, home: Path) -> None:
    """A worker, and two, each set of them idle while the other works."""
    if not find_spec("distributed"):
        for workers in (1, 2):
            turns.leave_out(dask(workers), "Dask is not installed (tools/set-up.sh test installs it)")
        return
    folder = home / "main"
    with ExitStack() as stack:
        cases: dict[str, Callable[[], Figure]] = {}
        for workers in (1, 2):
            options = ["--no-cache", "--executor", stack.enter_context(cluster(home, workers))]
            built(folder, *options)  # the workers have imported what they need
            cases[dask(workers)] = lambda options=options: built(folder, *options)
        turns.run(cases)


def run_sizes(turns: Turns, home: Path, chosen: argparse.Namespace) -> None:
    """A small, a large and a huge workload, cold. The huge takes long and is for its memory: it is built once."""

    def case(count: int) -> Callable[[], Figure]:
        folder = prepared(home / str(count), count, chosen.shared)
        return lambda: built(folder, "--no-cache")

    sizes = {role: getattr(chosen, role) for role in ("small", "large", "huge")}
    cases = {at_size(role, count): case(count) for role, count in sizes.items() if count}
    huge = {name: cases.pop(name) for name in [at_size("huge", chosen.huge)] if name in cases}
    turns.run(cases)
    turns.run(huge, 1)
    for role, count in sizes.items():
        if not count:
            turns.leave_out(at_size(role, 0), f"left out by --{role} 0")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="how often each case is measured (default 3)")
    parser.add_argument("--articles", type=int, default=140, help="articles of the main workload")
    parser.add_argument("--small", type=int, default=60, help="articles of the small workload; 0 leaves it out")
    parser.add_argument("--large", type=int, default=540, help="articles of the large workload; 0 leaves it out")
    parser.add_argument("--huge", type=int, default=2000, help="articles of the huge workload, built once; 0 leaves it out")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder with a workload and a text to use")
    parser.add_argument("--results", type=Path, default=ROOT / "bench" / "results", help="folder for tables and plot")
    parser.add_argument("--history", type=Path, default=ROOT / "bench" / "history.jsonl", help="file of earlier measures")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    compileall.compile_dir(ROOT / "src", quiet=2)  # as the other tools are, once they are installed
    turns = Turns(chosen.repeat)
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        run_main(turns, home, chosen)
        run_dask(turns, home)
        run_sizes(turns, home, chosen)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    measures = marks(chosen.small, chosen.large, chosen.huge)
    values = {mark.name: mark.value(turns) for mark in measures if not mark.missing(turns)}
    source = "shared" if (chosen.shared / "bench" / "workloads.py").is_file() else "own"
    new = history.entry(values, f"{source}, {chosen.articles} articles", versions())
    past = history.entries(chosen.history)
    written = report.tables(turns, measures, new, past)
    report.store(chosen.results, turns, new, written)
    print("\n" + written)
    if chosen.repeat < _RECORDED:
        print(f"not added to the history: a measure there is a median of {_RECORDED} runs or more")
    else:
        history.add(chosen.history, new)


if __name__ == "__main__":
    main()
