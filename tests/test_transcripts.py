"""Transcripts: files, a command, what it prints. `pytest --update` rewrites what stands under `=== out`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

HERE = Path(__file__).parent
CASES = [*sorted((HERE / "cases").glob("*.txt")), *sorted((HERE / "hostile" / "cases").glob("*.txt"))]
PART = re.compile(r"^=== (file|run|out)(?: (.*))?\n", re.MULTILINE)


def parts(text: str) -> list[tuple[str, str, str]]:
    pieces = PART.split(text)
    return list(zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True))


def said(run: Run) -> str:
    return f"{run.out}{run.err}[exit {run.code}]\n"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_transcript(
    case: Path, edition: Callable[..., Path], publisher: Callable[..., Run], request: pytest.FixtureRequest
) -> None:
    text = case.read_text("utf-8")
    found = parts(text)
    edition({name: content for kind, name, content in found if kind == "file"})
    command = next(name for kind, name, _ in found if kind == "run")
    got = said(publisher(*command.split()[1:]))
    if request.config.getoption("--update"):
        case.write_text(text[: text.index("=== out")] + "=== out\n" + got, "utf-8")
        return
    assert got == next(content for kind, _, content in found if kind == "out")
