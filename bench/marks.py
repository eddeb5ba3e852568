"""The measures with a mark: what is divided by what, how small it should be, and how small it may become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from neighbors import PANDOC, TYPST, WEASYPRINT
from turns import Turns

COLD, EDITED, UNCHANGED, EPUB = "cold, PDF and EPUB", "one word edited", "nothing changed", "EPUB alone, cold"
ARTICLE, ARTICLE_WEASYPRINT = "one article, PDF and EPUB", "one article, weasyprint"


@dataclass(frozen=True)
class Mark:
    """A measure: its name, the cases it is of, its value by the medians, its mark and its aim (empty: none)."""

    name: str
    cases: tuple[str, ...]
    value: Callable[[Turns], float]
    mark: str = ""
    aim: str = ""

    def missing(self, turns: Turns) -> str:
        """Why this measure has no value; empty: it has a value."""
        absent = [name for name in self.cases if name not in turns.figures]
        reasons = [turns.missing[name] for name in absent if name in turns.missing]
        return reasons[0] if reasons else "it was not run" if absent else ""


def at_size(role: str, count: int) -> str:
    """The name of the cold build of the `small`, `large` or `huge` workload, by its number of articles if it has any."""
    return f"cold, {size(role, count)}"


def size(role: str, count: int) -> str:
    """What a workload beside the main workload is called."""
    return f"{count:,} articles" if count else f"{role} workload"


def dask(workers: int) -> str:
    """The name of the build by so many Dask workers."""
    return f"Dask, workers: {workers}"


def marks(small: int, large: int, huge: int) -> list[Mark]:
    """All measures, for workloads of these sizes beside the main workload (0: it is left out)."""
    neighbor, peak = "cold build, wall, compared with", "peak of any process"
    a_few, many, most = at_size("small", small), at_size("large", large), at_size("huge", huge)
    page = f"CPU per page, {size('large', large)} compared with {size('small', small)}"
    return [
        _ratio(f"{neighbor} weasyprint", COLD, WEASYPRINT, "wall", "0.43", "0.36"),
        Mark(f"{neighbor} pandoc + typst's PDF and pandoc's EPUB", (COLD, TYPST, PANDOC), _both_of_pandoc),
        _ratio(f"{neighbor} pandoc + typst's PDF", COLD, TYPST),
        _ratio("one word edited, wall, compared with weasyprint", EDITED, WEASYPRINT, "wall", "0.05", "0.03"),
        _ratio("nothing changed, wall, compared with weasyprint", UNCHANGED, WEASYPRINT, "wall", "0.010", "0.006"),
        _ratio("one article, both outputs, wall, compared with weasyprint", ARTICLE, ARTICLE_WEASYPRINT, "wall", "1.3", "1.1"),
        _peak(f"{peak}, MB", COLD, "240"),
        _peak(f"{peak} at {size('large', large)}, MB", many, "250"),
        _peak(f"{peak} at {size('huge', huge)}, MB", most, "400"),
        _ratio("EPUB alone, CPU, compared with pandoc's", EPUB, PANDOC, "cpu", "0.5", "0.3"),
        _ratio("two Dask workers compared with one, wall", dask(2), dask(1), "wall", "0.58"),
        Mark(page, (a_few, many), _growth(a_few, many), "1.0"),
    ]


def _ratio(name: str, case: str, other: str, what: str = "wall", mark: str = "", aim: str = "") -> Mark:
    return Mark(name, (case, other), lambda turns: turns.median(case, what) / turns.median(other, what), mark, aim)


def _peak(name: str, case: str, mark: str) -> Mark:
    return Mark(name, (case,), lambda turns: turns.median(case, "peak"), mark)


def _both_of_pandoc(turns: Turns) -> float:
    return turns.median(COLD, "wall") / (turns.median(TYPST, "wall") + turns.median(PANDOC, "wall"))


def _growth(small: str, large: str) -> Callable[[Turns], float]:
    def value(turns: Turns) -> float:
        first, second = (turns.median(name, "cpu") / turns.median(name, "pages") for name in (small, large))
        return second / first

    return value
