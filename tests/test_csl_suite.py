"""The bench that runs the test suite of CSL: it passes a fixture that is right, and names one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.csl_suite import main

FIXTURE = """>>===== MODE =====>>
{mode}
<<===== MODE =====<<

>>===== RESULT =====>>
{result}
<<===== RESULT =====<<

>>===== CSL =====>>
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
<info><id/><title/><updated>2026-01-01T00:00:00Z</updated></info>
<citation><layout delimiter="; "><text variable="title" font-variant="small-caps"/></layout></citation>
<bibliography><layout><text variable="title" font-style="italic" suffix="."/></layout></bibliography></style>
<<===== CSL =====<<

>>===== INPUT =====>>
[{{"id": "a", "type": "book", "title": "Locks & gates"}}, {{"id": "b", "type": "book", "title": "Barges"}}]
<<===== INPUT =====<<
"""
SMALL = '<span style="font-variant:small-caps;">{}</span>'
NOTE = f"{SMALL.format('Locks &#38; gates')}; {SMALL.format('Barges')}"
LIST = """<div class="csl-bib-body">
  <div class="csl-entry"><i>Locks &#38; gates</i>.</div>
  <div class="csl-entry"><i>Barges</i>.</div>
</div>"""


@pytest.mark.parametrize(
    ("mode", "result", "code", "line"),
    [
        ("citation", NOTE, 0, "1 of 1 fixtures pass"),
        ("bibliography", LIST, 0, "1 of 1 fixtures pass"),
        ("citation", NOTE.replace("Barges", "Ferries"), 1, "failed: locks"),
        ("bibliography", LIST.replace("<i>Barges</i>", "Barges"), 1, "failed: locks"),
        ("citation-rtf", NOTE, 1, "excluded: locks: output in RTF"),
    ],
)
def test_a_fixture(tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: str, result: str, code: int, line: str) -> None:
    (tmp_path / "locks.txt").write_text(FIXTURE.format(mode=mode, result=result), "utf-8")
    assert main([str(tmp_path)]) == code
    assert line in capsys.readouterr().out
