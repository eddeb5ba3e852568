"""What a plan is without: outputs that nobody names, and manuscripts that are not there."""

from __future__ import annotations

from pathlib import Path

from publisher.build.planned import PlannedOutput
from publisher.input.formats import readable
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.writers.formats import formats


def default_outputs(folder: Path, name: str) -> dict[Path, PlannedOutput]:
    """An output of each format that is made where nobody names one, in the folder `dist`."""
    return {folder / "dist" / f"{name}{suffix}": PlannedOutput() for suffix, known in formats().items() if known.default}


def nothing_to_read(label: str) -> Diagnostic:
    """The error of a manifest, a folder or files without a manuscript."""
    hint = f"supported file name suffixes: {', '.join(readable())}"
    return Diagnostic(Code.NOTHING_TO_READ, "no manuscripts found", Location(label), hint)
