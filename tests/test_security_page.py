"""SECURITY.md: each promise names a test that exists, and its figures are those of the collections."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT
from tests.hostile.drawings import drawings
from tests.hostile.payloads import payloads
from tests.hostile.vectors import vectors
from tests.test_address_schemes import ORIGINS, REFUSED

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    texts = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    written = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    assert len(named) > 20 and named - written == set()


def test_the_figures_of_the_page_are_those_of_the_collections() -> None:
    found = vectors(Path("/nowhere/out"))
    formats = len({vector.name.split("-")[0] for vector in found})
    assert f"| {len(found)} manuscripts of {formats} formats " in PAGE
    assert f"| {len(payloads())} pieces of hostile markup " in PAGE and f"| {len(drawings())} hostile drawings," in PAGE
    assert f"addresses in {len(REFUSED)} forms, from {_NUMBERS[len(ORIGINS)]} origins" in PAGE


_NUMBERS = {9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}
