"""Ours and the neighbors, measured in turn on one machine in one go: wall, CPU, peak memory, pages, and the ratios.

usage: python bench/bench.py [--repeat N] [--articles N] [--large N] [--small N]

The articles are those of ../shared where it stands beside the project, else the project's own of the same shape. A
neighbor that is not installed is left out and said. Writes bench/results/results.{json,md,png}.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

import workload

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "bench" / "results"
OURS = [sys.executable, "-m", "publisher"]


@dataclass(frozen=True)
class Figure:
    """One run: seconds, megabytes of the largest process, pages (0: none)."""

    wall: float
    cpu: float
    peak: float
    pages: int = 0


def measured(command: list[str], folder: Path) -> Figure:
    """Runs a command; CPU and memory of its whole tree by sampling, twenty times a second."""
    start = time.monotonic()
    process = psutil.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    cpu: dict[int, float] = {}
    peak = 0.0
    while process.poll() is None:
        for one in [process, *_children(process)]:
            try:
                times = one.cpu_times()
                cpu[one.pid] = times.user + times.system
                peak = max(peak, one.memory_info().rss / 1e6)
            except psutil.Error:
                continue
        time.sleep(0.05)
    wall = time.monotonic() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {process.stderr.read().decode()[-600:]}")
    return Figure(wall, max(sum(cpu.values()), 0.01), peak)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def prepared(folder: Path, count: int) -> Path:
    """A workload of `count` articles in `folder`."""
    script = SHARED / "bench" / "workloads.py"
    if script.is_file():
        subprocess.run([sys.executable, str(script), str(folder), str(count)], check=True, stdout=subprocess.DEVNULL)
    else:
        workload.make(folder, count)
    return folder


def pages(path: Path) -> int:
    import pikepdf

    if not path.is_file():
        return 0
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


class Bench:
    """The runs, by name; each name is measured as often as the others, in turn."""

    def __init__(self, repeat: int) -> None:
        self.repeat = repeat
        self.figures: dict[str, list[Figure]] = {}

    def run(self, cases: dict[str, Callable[[], Figure]], repeat: int = 0) -> None:
        for turn in range(repeat or self.repeat):
            for name, case in cases.items():
                figure = case()
                self.figures.setdefault(name, []).append(figure)
                print(f"{turn + 1}. {name:<44} {figure.wall:7.2f} s {figure.cpu:7.2f} CPU {figure.peak:6.0f} MB", flush=True)

    def median(self, name: str, field: str) -> float:
        return statistics.median(getattr(one, field) for one in self.figures[name])

    def ratio(self, one: str, other: str, field: str = "wall") -> float:
        return self.median(one, field) / self.median(other, field)


def with_pages(figure: Figure, path: Path) -> Figure:
    return Figure(figure.wall, figure.cpu, figure.peak, pages(path))


def ours(folder: Path, *options: str) -> Figure:
    return with_pages(measured([*OURS, "build", *options], folder), folder / "dist" / "brief.pdf")


def edited(folder: Path, cache: Path) -> Figure:
    """One word more in an article in the middle, then a build with the cache."""
    articles = sorted((folder / "articles").iterdir())
    path = articles[len(articles) // 2]
    path.write_text(path.read_text("utf-8").replace("<p>", "<p>Word ", 1), "utf-8")
    return ours(folder, "--cache", str(cache))


def peers(folder: Path) -> dict[str, Callable[[], Figure]]:
    """The neighbors that are installed."""
    weasyprint = [sys.executable, "-m", "weasyprint", "-q", "--pdf-tags", "peer.html", "peer.pdf"]
    found: dict[str, Callable[[], Figure]] = {"weasyprint": lambda: with_pages(measured(weasyprint, folder), folder / "peer.pdf")}
    try:
        import pypandoc
        import typst  # noqa: F401
    except ImportError:
        print("pandoc and typst are not installed: left out (tools/set-up.sh bench)")
        return found
    pandoc = pypandoc.get_pandoc_path()
    script = (
        "import subprocess,typst;"
        f"subprocess.run([{pandoc!r},'-s','peer-pandoc.html','-t','typst','-o','peer.typ'],check=True);"
        "typst.compile('peer.typ',output='typst.pdf')"
    )
    found["pandoc + typst, PDF"] = lambda: with_pages(measured([sys.executable, "-c", script], folder), folder / "typst.pdf")
    epub = [pandoc, "-s", "--toc", "peer-pandoc.html", "-o", "pandoc.epub"]
    found["pandoc, EPUB"] = lambda: measured(epub, folder)
    chromium = shutil.which("chromium")
    percollate = _percollate() if shutil.which("npm") and chromium else None
    if percollate is None:
        print("percollate is left out: it needs node and chromium")
    else:
        os.environ["PUPPETEER_EXECUTABLE_PATH"] = str(chromium)
        command = [percollate, "pdf", "--no-sandbox", "-o", "percollate.pdf", "peer-pandoc.html"]
        found["percollate"] = lambda: with_pages(measured(command, folder), folder / "percollate.pdf")
    return found


def _percollate() -> str | None:
    home = ROOT / ".venv" / "percollate"
    program = home / "node_modules" / ".bin" / "percollate"
    if not program.exists():
        environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
        command = ["npm", "install", "--silent", "--no-save", "--prefix", str(home), "percollate"]
        subprocess.run(command, env=environment, check=False, capture_output=True)
    return str(program) if program.exists() else None


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A Dask scheduler and its workers on loopback; the address for --executor."""
    where = folder / f"scheduler-{workers}.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    running = [subprocess.Popen([*scheduler, "--scheduler-file", str(where)], **quiet)]
    try:
        while not where.is_file() or not where.read_text():
            time.sleep(0.1)
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(where), "--nthreads", "1"]
        command = [*worker, "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
        running += [subprocess.Popen(command, **quiet) for _ in range(workers)]
        time.sleep(4)
        yield f"dask:{where}"
    finally:
        for process in running:
            process.kill()
            process.wait()


def one_article(folder: Path) -> tuple[Path, Path]:
    """A short article, and a plain page of the same text for weasyprint alone."""
    seeds = sorted((SHARED / "seeds").glob("*.txt")) if (SHARED / "seeds").is_dir() else []
    article = folder / "article.txt"
    article.write_bytes((seeds[0] if seeds else ROOT / "manuscripts" / "sample-brief" / "upland-dam.txt").read_bytes())
    text = article.read_text("utf-8").replace("&", "&amp;").replace("<", "&lt;")
    blocks = "".join(f"<p>{block}</p>" for block in text.split("\n\n"))
    page = folder / "article.html"
    page.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A</title></head><body>{blocks}</body></html>'
    )
    return article, page


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--articles", type=int, default=140)
    options.add_argument("--large", type=int, default=540, help="articles of the large workload; 0 leaves it out")
    options.add_argument("--small", type=int, default=60)
    chosen = options.parse_args()
    bench = Bench(chosen.repeat)
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        home = Path(temporary)
        rows = _figures(bench, home, chosen)
    _store(bench, rows)


def _figures(bench: Bench, home: Path, chosen: argparse.Namespace) -> list[tuple[str, float, str]]:
    folder, cache = prepared(home / "main", chosen.articles), home / "cache"
    ours(folder, "--cache", str(cache))
    article, page = one_article(home)
    alone = [sys.executable, "-m", "weasyprint", "-q", "--pdf-tags", page.name, "page.pdf"]
    both = [*OURS, "build", "--no-cache", article.name, "-o", "one.pdf", "-o", "one.epub"]
    others = peers(folder)
    bench.run(
        {
            "cold, PDF and EPUB": lambda: ours(folder, "--no-cache"),
            **others,
            "one word edited": lambda: edited(folder, cache),
            "nothing changed": lambda: ours(folder, "--cache", str(cache)),
            "EPUB alone, cold": lambda: measured([*OURS, "build", "--no-cache", "-o", "x.epub"], folder),
            "one article, PDF and EPUB": lambda: measured(both, home),
            "one article, weasyprint": lambda: measured(alone, home),
        }
    )
    for workers in (1, 2):
        with cluster(home, workers) as address:
            ours(folder, "--no-cache", "--executor", address)  # the workers have imported what they need
            bench.run({f"Dask, workers: {workers}": lambda a=address: ours(folder, "--no-cache", "--executor", a)})
    rows = [
        ("cold build, wall, against weasyprint", bench.ratio("cold, PDF and EPUB", "weasyprint"), "0.45"),
        ("one word edited, against weasyprint", bench.ratio("one word edited", "weasyprint"), "0.08"),
        ("nothing changed, against weasyprint", bench.ratio("nothing changed", "weasyprint"), "0.03"),
        ("peak of any process, MB", bench.median("cold, PDF and EPUB", "peak"), "300"),
        (
            "one article, both outputs, against weasyprint",
            bench.ratio("one article, PDF and EPUB", "one article, weasyprint"),
            "1.6",
        ),
        ("two Dask workers against one, wall", bench.ratio("Dask, workers: 2", "Dask, workers: 1"), "0.65"),
    ]
    if "pandoc, EPUB" in others:
        rows.append(("EPUB alone, CPU, against pandoc's", bench.ratio("EPUB alone, cold", "pandoc, EPUB", "cpu"), "0.8"))
    if chosen.large:
        small, large = prepared(home / "small", chosen.small), prepared(home / "large", chosen.large)
        names = f"cold, {chosen.small} articles", f"cold, {chosen.large} articles"
        bench.run({names[0]: lambda: ours(small, "--no-cache"), names[1]: lambda: ours(large, "--no-cache")})
        a_page = [bench.median(name, "cpu") / bench.median(name, "pages") for name in names]
        rows.append((f"CPU a page, {chosen.large} articles against {chosen.small}", a_page[1] / a_page[0], "1.10"))
        rows.append((f"peak of any process at {chosen.large} articles, MB", bench.median(names[1], "peak"), "350"))
    return rows


def _store(bench: Bench, rows: list[tuple[str, float, str]]) -> None:
    lines = ["| run | wall s | CPU s | peak MB | pages |", "| --- | ---: | ---: | ---: | ---: |"]
    for name in bench.figures:
        wall, cpu, peak, count = (bench.median(name, field) for field in ("wall", "cpu", "peak", "pages"))
        lines.append(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {count:.0f} |")
    lines += ["", "| mark | measured | first mark |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {value:.3g} | {mark} |" for name, value, mark in rows]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "results.md").write_text("\n".join(lines) + "\n", "utf-8")
    figures = {name: [asdict(one) for one in runs] for name, runs in bench.figures.items()}
    (RESULTS / "results.json").write_text(json.dumps({"runs": figures, "marks": rows}, indent=1) + "\n", "utf-8")
    print("\n" + "\n".join(lines))
    _plot(bench)


def _plot(bench: Bench) -> None:
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = list(reversed(bench.figures))
    figure, axes = pyplot.subplots(figsize=(8, 0.36 * len(names) + 1))
    bars = axes.barh(names, [bench.median(name, "wall") for name in names], color="#8c1c13")
    axes.bar_label(bars, fmt="%.1f s", padding=3)
    axes.set_xlabel("seconds, median")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(RESULTS / "results.png", dpi=110)


if __name__ == "__main__":
    main()
