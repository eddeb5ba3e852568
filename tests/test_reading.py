"""The book in real reading systems: foliate-js in headless Chromium, MuPDF, and Ace over the same book."""

from __future__ import annotations

import json
import os
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from publisher.build.build import assemble, make, write_outputs
from publisher.build.plan import plan
from publisher.checks.validate import validate
from publisher.checks.validators import browser
from tests.conftest import ROOT, SAMPLE
from tests.test_words import letters

pytestmark = pytest.mark.slow
READING = ROOT / "tests" / "reading"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    report = make(plan([SAMPLE], [folder / "book.pdf", folder / "book.epub"]))
    write_outputs(report)
    return folder / "book.epub"


@pytest.fixture(scope="module")
def read(book: Path) -> Any:
    """What a reader sees who opens the book, pages through it, follows its contents, and opens three notes."""
    command = ["node", READING / "read.mjs", book, book.parent / "pictures"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**os.environ, **browser()})
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_book_is_paged_through_from_the_cover_to_the_colophon(read: Any, book: Path) -> None:
    assert read["errors"] == [] and read["outside"] == []
    assert read["sections"] == sorted(read["sections"]) and len(read["sections"]) == len(read["chapters"]) > 10
    assert read["turned"] > len(read["sections"])
    assert [int(folio) for folio in read["folios"]] == list(range(1, len(read["folios"]) + 1))  # the PDF's pages, in order
    pictures = sorted((book.parent / "pictures").glob("*.png"))
    assert len(pictures) == len(read["sections"]) + 2 and min(one.stat().st_size for one in pictures) > 3000


def test_every_entry_of_the_contents_leads_to_itself(read: Any) -> None:
    assert len(read["contents"]) > 8
    assert [one["landed"] for one in read["contents"]] == [one["label"] for one in read["contents"]]


def test_notes_pop_up_whole_and_lead_back_to_their_calls(read: Any) -> None:
    assert len(read["notes"]) == 3
    for note in read["notes"]:
        assert note["popup"] is not None and note["popup"]["type"] == "footnote"
        assert letters(note["popup"]["text"]) == letters(note["wanted"]) != ""
        assert note["back"]


def test_another_engine_reads_every_word_in_the_same_order(book: Path) -> None:
    said = subprocess.run(["mutool", "draw", "-q", "-F", "text", book], capture_output=True, text=True, check=True).stdout
    text, start, missed = letters(said), 0, []
    for entry in assemble(plan([SAMPLE], []))[0].entries:
        body = ElementTree.fromstring(entry.xhtml).find("div")
        blocks = list(body) if body is not None else []
        parts = [list(one) if one.tag in ("ol", "ul") else [one] for one in blocks]  # MuPDF numbers the items of a list
        for block in (one for some in parts for one in some):
            wanted = letters("".join(block.itertext()))
            found = text.find(wanted, start)
            missed += [] if found >= 0 else [f"{entry.slug}: {wanted[:60]}"]
            start = found + len(wanted) if found >= 0 else start
    assert missed == []
    assert start > 20_000


def test_ace_and_epubcheck_have_nothing_to_say(book: Path, ace: None) -> None:
    assert validate(book, ("epubcheck", "ace")).diagnostics == ()


def test_ace_sees_a_book_that_says_nothing_of_its_access(book: Path, ace: None, tmp_path: Path) -> None:
    with zipfile.ZipFile(book) as good, zipfile.ZipFile(tmp_path / "bad.epub", "w") as bad:
        for item in good.infolist():
            data = good.read(item)
            bad.writestr(item, re.sub(rb"<meta property=\"schema:[^>]*>[^<]*</meta>", b"", data))
    assert any(entry.name.startswith("ace-metadata") for entry in validate(tmp_path / "bad.epub", ("ace",)).diagnostics)
