"""Changes to ziamath at run time, until it is changed there: docs/upstream/formula-heights.md is the proposal for the first.

The drawings are the same with it and without it. It is applied only to the versions that it was read in.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ziamath
from ziamath import operators, zmath
from ziamath.nodes.mrow import Mrow

VERSIONS = ("0.12", "0.13")
_NESTING = 12  # nested rows that are measured: each level takes twice the time
_SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts")
_heights = Mrow._get_height_nostretch


@cache
def measure_rows_that_stretch() -> None:
    """Lets ziamath measure a row only if an operator asks for its height; a deep nest of such rows is then a ValueError.

    Otherwise it builds the contents of every row twice, to measure it and to draw it. For rows in rows this takes twice the time
    for each level.
    """
    if ".".join(ziamath.__version__.split(".")[:2]) in VERSIONS:
        Mrow._get_height_nostretch = _measured  # type: ignore[method-assign, assignment]


def reset_font() -> None:
    """Lets the font that all formulas share set formulas: where drawing fails inside an `mtext`, it stays as for plain text."""
    font: Any = zmath.loadedfonts["default"]
    font.language("math", "")


def _measured(row: Any, line: list[Any], **options: Any) -> tuple[float, float]:
    is_part = bool(options.get("nostretch"))  # of a row that is being measured: what stretches in it does not count there
    if not _stretches(line) or (is_part and not _has_stretching_scripts(row)):
        return 0, 0
    depth = options["measured"] = options.get("measured", 0) + 1
    if depth > _NESTING:
        raise ValueError("brackets are nested too deeply")
    lowest, highest = _heights(row, line, **options)
    return lowest, highest


def _has_stretching_scripts(row: Any) -> bool:
    """Whether scripts in the formula stand at something that stretches, which then decides where they stand."""
    formula = row
    while hasattr(formula, "parent"):
        formula = formula.parent
    if not hasattr(formula, "has_stretching_scripts"):
        formula.has_stretching_scripts = any(_stretches(part) for part in formula.element.iter() if part.tag in _SCRIPTS)
    return bool(formula.has_stretching_scripts)


def _stretches(elements: Any) -> bool:
    return any(_may_stretch(element) for part in elements for element in part.iter())


def _may_stretch(element: Any) -> bool:
    stretchy = element.get("stretchy")
    return bool(stretchy != "false") if stretchy else (element.text or "").strip() in _stretching_operators()


@cache
def _stretching_operators() -> frozenset[str]:
    """The operators that stretch in one form at least."""
    return frozenset(name for (name, _), values in operators.operators.items() if values.get("stretchy", "false") != "false")
