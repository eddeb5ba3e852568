"""Nothing was lost: the words of `publisher tree --to text` are in the PDF, the body in reading order, each note whole."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLE, Run

Command = Callable[..., Run]


def letters(text: str) -> str:
    """Letters and digits alone: what a line's break, a hyphen or a ligature cannot change."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def spoken(pdf: Path) -> str:
    """The letters of the structure tree in its order, as a screen reader takes them; calls and numbers of notes left out."""
    listing = subprocess.run(["pdfinfo", "-struct-text", pdf], capture_output=True, text=True, check=True).stdout
    return letters("".join(_texts(listing.splitlines())))


def _texts(lines: list[str]) -> Iterator[str]:
    reference = label = 999
    for line in lines:
        depth, said = len(line) - len(line.lstrip()), line.strip()
        if depth > reference:
            continue
        reference, label = 999, label if depth > label else 999
        if said.startswith("Reference"):
            reference = depth
        elif said.startswith("Lbl"):
            label = depth
        elif said.startswith('"') and not (depth > label and re.fullmatch(r'"\d+\.?"', said)):
            yield said[1:-1]


def blocks(publisher: Command, file: Path, *options: str) -> list[str]:
    run = publisher("tree", file, "--to", "text", *options)
    assert run.code == 0, run.err
    return [found for block in run.out.split("\n\n") if (found := letters(block))]


def lost(publisher: Command, files: list[Path], pdf: Path) -> list[str]:
    """The blocks of the manuscripts that the PDF does not say, or not in their order."""
    text = spoken(pdf)
    wrong = []
    for file in files:
        body, whole = blocks(publisher, file, "--body"), blocks(publisher, file)
        notes = [] if whole == body else whole[len(whole) - whole[::-1].index(body[-1]) :]
        figures = file.read_text("utf-8").count("![") + file.read_text("utf-8").count("<figure")
        starts = [found.start() for found in re.finditer(re.escape(whole[0]), text)]
        attempts = [list(_missing(body, text, start, figures)) for start in starts] or [whole[:1]]
        wrong += [f"{file.name}: {one[:80]}" for one in min(attempts, key=len)]
        wrong += [f"{file.name}: note {one[:80]}" for one in notes if one not in text]
    return wrong


def _missing(body: list[str], text: str, start: int, figures: int) -> Iterator[str]:
    """The blocks that are not there, or not in their order; so many captions may stand later, where text passed their figure."""
    for number, one in enumerate(body):
        found = text.find(one, start)
        if found < 0:
            yield one
        elif figures and number + 1 < len(body) and start <= text.find(body[number + 1], start) < found:
            figures -= 1
        else:
            start = found + len(one)


@pytest.mark.slow
def test_every_word_of_the_sample_is_in_its_pdf_in_reading_order(publisher: Command, tmp_path: Path) -> None:
    pdf = tmp_path / "brief.pdf"
    assert publisher("build", SAMPLE, "-o", pdf).code == 0
    files = [one for one in sorted(SAMPLE.iterdir()) if one.suffix in {".md", ".html", ".txt"}]
    assert len(files) >= 6
    # What the manifest and other articles say of the sources of these notes, `tree` of the file alone does not know.
    known = ("clinic-boats.html: note noorcastellan", "brenning-ford-gauge.md: note releasefromthesarnhead",
             "brenning-ford-gauge.md: note takenbyhand")  # fmt: skip
    assert [one for one in lost(publisher, files, pdf) if not one.startswith(known)] == []


def test_a_word_that_is_not_there_is_missed(publisher: Command, edition: Callable[..., Path]) -> None:
    home = edition({"a.md": "# The lock opens\n\nBarges passed the lock at seven.[^1]\n\nNone waited.\n\n[^1]: Lock book.\n"})
    assert publisher("build", home / "a.md", "-o", home / "a.pdf").code == 0
    assert lost(publisher, [home / "a.md"], home / "a.pdf") == []
    (home / "a.md").write_text("# The lock opens\n\nNone waited.\n\nBarges passed the lock at seven.[^1]\n\n[^1]: Log.\n")
    assert lost(publisher, [home / "a.md"], home / "a.pdf") == ["a.md: bargespassedthelockatseven", "a.md: note log"]


@pytest.mark.slow
def test_every_word_of_thirteen_web_pages_is_in_their_briefs(shared: Path, publisher: Command, tmp_path: Path) -> None:
    for page in sorted((shared / "corpus" / "web-pages").glob("*/expected.html")):
        picture = re.compile(r"<img\b[^>]*>")  # none of them is on this machine, and frames stand between words
        (tmp_path / f"{page.parent.name}.html").write_text(picture.sub("", page.read_text()))
    files = sorted(tmp_path.glob("*.html"))[::5]  # a fifth: pdfinfo needs four minutes for the 317 pages of them all
    assert len(files) == 13
    for some in (files[:5], files[5:9], files[9:]):  # its time grows with the square of the pages
        assert publisher("build", *some, "-o", tmp_path / "web.pdf").code == 0
        assert lost(publisher, some, tmp_path / "web.pdf") == []
