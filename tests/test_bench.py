"""The scripts of bench/ run: what is measured rarely breaks without a sound."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def run(script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "bench" / script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **variables})


@pytest.mark.parametrize(
    ("script", "arguments", "printed"),
    [
        ("citations.py", ("ieee", "3"), r"first: [\d.]+ s CPU\ncached: [\d.]+ s CPU\n"),
        ("load.py", ("--only", "images;sections", "--share", "75"), r"(?s).*   0      4 sections:.*growth.*"),
        ("hostile.py", ("--only", "95 nested tables"), r"(?s).*1 hostile inputs, 0 over the marks.*"),
        ("kills.py", ("2",), r"(?s).*2 kills.*"),
        (
            "lines.py",
            ("manuscripts/sample-brief/upland-dam.txt", "tests/conftest.py"),
            r"not built: .* \(conftest\.py\)\nlines found: .*%\nlines drawn: .*%\ndifferences: 0\n",
        ),
    ],
)
def test_a_script_measures(script: str, arguments: tuple[str, ...], printed: str) -> None:
    result = run(script, *arguments)
    assert result.returncode == 0 and re.fullmatch(printed, result.stdout), result.stdout + result.stderr


@pytest.mark.parametrize("script", ["load.py", "hostile.py"])
def test_a_script_that_finds_nothing_to_measure_says_so(script: str) -> None:
    assert run(script, "--only", "what nobody wrote").returncode == 1


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules of bench/, as its scripts import them."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))


def test_the_whole_run_measures_each_row_or_says_why_not(tmp_path: Path) -> None:
    sizes = ["--articles", "3", "--small", "2", "--large", "3", "--huge", "0", "--shared", "none"]
    files = ["--results", str(tmp_path / "results"), "--history", str(tmp_path / "history.jsonl")]
    result = run("bench.py", "--repeat", "1", *sizes, *files, PATH=str(tmp_path))
    table = (tmp_path / "results" / "results.md").read_text()
    assert result.returncode == 0 and table in result.stdout, result.stdout + result.stderr
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|", table, re.MULTILINE))
    for name in (
        "cold build, wall, compared with weasyprint",
        "one word edited, wall, compared with weasyprint",
        "nothing changed, wall, compared with weasyprint",
        "one article, both outputs, wall, compared with weasyprint",
        "peak of any process, MB",
        "peak of any process at 3 articles, MB",
        "EPUB alone, CPU, compared with pandoc's",
        "two Dask workers compared with one, wall",
        "CPU per page, 3 articles compared with 2 articles",
    ):
        assert float(rows[name]) > 0, name
    assert rows["peak of any process at huge workload, MB"] == "not measured: left out by --huge 0"
    assert "| percollate | 0 | not measured: it needs npm and chromium |" in table
    assert "not added to the history" in result.stdout and not (tmp_path / "history.jsonl").exists()
    assert set(json.loads((tmp_path / "results" / "results.json").read_text())["versions"]) >= {"python", "weasyprint", "pandoc"}


def test_a_tool_that_is_not_installed_is_named_in_both_tables(
    modules: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from marks import marks
    from neighbors import neighbors
    from report import tables
    from turns import Turns

    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    cases, missing = neighbors(tmp_path)
    assert set(cases) == {"weasyprint"} and set(missing) == {"pandoc + typst, PDF", "pandoc, EPUB", "percollate"}
    turns = Turns(1, missing=missing)
    written = tables(turns, marks(2, 3, 0), {"measures": {}}, [])
    reason = "not measured: pandoc is not installed (tools/set-up.sh bench installs it)"
    assert f"| pandoc, EPUB | 0 | {reason} | | | |" in written
    assert f"| EPUB alone, CPU, compared with pandoc's | {reason} | 0.5 | 0.3 | – |" in written
    assert "| peak of any process, MB | not measured: it was not run | 240 | – | – |" in written


def test_the_history_tells_how_a_measure_moved_since_the_last_run_of_the_same_workload(modules: None, tmp_path: Path) -> None:
    from history import add, entries, entry, movement

    path = tmp_path / "history.jsonl"
    assert entries(path) == []
    for value, workload in ((0.5, "own, 140 articles"), (0.6, "own, 140 articles"), (0.9, "own, 40 articles")):
        add(path, entry({"peak": value}, workload, {"python": "3.13.1"}))
    past = entries(path)
    assert set(past[0]) == {"date", "commit", "cores", "workload", "versions", "measures"}
    new = entry({"peak": 0.57, "new": 1.0}, "own, 140 articles", {})
    assert movement(past, new, "peak") == "0.6, -5.0 %"
    assert movement(past, new, "new") == "–"  # no earlier run has it
    assert movement(past, {**new, "cores": 96}, "peak") == "–"  # another machine
