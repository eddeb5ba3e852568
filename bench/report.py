"""The tables and the plot of a run: what was measured, how that compares with its mark and with the run before."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from history import Entry, movement
from marks import Mark
from turns import Turns


def tables(turns: Turns, marks: list[Mark], new: Entry, past: list[Entry]) -> str:
    """The runs, then the measures; of what was not measured, the reason."""
    lines = ["| run | times | wall s | CPU s | peak MB | pages |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, runs in turns.figures.items():
        wall, cpu, peak, pages = (turns.median(name, what) for what in ("wall", "cpu", "peak", "pages"))
        lines.append(f"| {name} | {len(runs)} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {pages:.0f} |")
    lines += [f"| {name} | 0 | not measured: {reason} | | | |" for name, reason in turns.missing.items()]
    lines += ["", "| measure | measured | mark | aim | before, change |", "| --- | ---: | ---: | ---: | ---: |"]
    for mark in marks:
        missing = mark.missing(turns)
        value = f"not measured: {missing}" if missing else f"{mark.value(turns):.3g}"
        lines.append(f"| {mark.name} | {value} | {mark.mark or '–'} | {mark.aim or '–'} | {movement(past, new, mark.name)} |")
    return "\n".join(lines) + "\n"


def store(folder: Path, turns: Turns, new: Entry, written: str) -> None:
    """Writes results.md, results.json (each run) and, where matplotlib is installed, results.png."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.md").write_text(written, "utf-8")
    runs = {name: [asdict(figure) for figure in figures] for name, figures in turns.figures.items()}
    values = {**new, "runs": runs, "not_measured": turns.missing}
    (folder / "results.json").write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", "utf-8")
    _plot(folder / "results.png", turns)


def _plot(path: Path, turns: Turns) -> None:
    try:
        import matplotlib
    except ImportError:
        print("no plot: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = list(reversed(turns.figures))
    figure, axes = pyplot.subplots(figsize=(8, 0.36 * len(names) + 1))
    bars = axes.barh(names, [turns.median(name, "wall") for name in names], color="#8c1c13")
    axes.bar_label(bars, fmt="%.1f s", padding=3)
    axes.set_xlabel("seconds, median")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
