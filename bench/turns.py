"""Figures of several cases, each measured as often as the others and in turn, so that a busy hour slows all of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from process_tree import Figure

Case = Callable[[], Figure]


@dataclass
class Turns:
    """Figures by the name of their case; why a case was not measured, by its name."""

    repeat: int
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def run(self, cases: Mapping[str, Case], repeat: int = 0) -> None:
        """Measures each case `repeat` times, in turn."""
        for turn in range(repeat or self.repeat):
            for name, case in cases.items():
                figure = case()
                self.figures.setdefault(name, []).append(figure)
                print(f"{turn + 1}. {name:<32} {figure.wall:7.2f} s {figure.cpu:7.2f} CPU {figure.peak:6.0f} MB", flush=True)

    def leave_out(self, name: str, reason: str) -> None:
        """Notes why a case is not measured."""
        self.missing[name] = reason
        print(f"   {name:<32} not measured: {reason}", flush=True)

    def median(self, name: str, what: str) -> float:
        """The median of `wall`, `cpu` (seconds), `peak` (MB) or `pages`."""
        return float(statistics.median(getattr(figure, what) for figure in self.figures[name]))
