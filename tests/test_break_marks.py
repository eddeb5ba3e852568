"""What does not fit: code gets smaller, hangs out, is broken with a mark; tables hang out, shrink, and say that they go on."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from weasyprint.formatting_structure import boxes

from tests.conftest import Run
from tests.layout import clipped, laid_out
from tests.page_letters import letters, letters_of
from tests.test_page_type import THEMES, pdf

pytestmark = pytest.mark.slow

HANG, FULL, LEAST = 26 * 72 / 25.4, 10.8, 9.2  # of the brief: points; sizes of type in CSS pixels
TEXT = "Words of the lock keeper about the spring. " * 9


def code(*lines: str) -> str:
    block = "\n".join(lines)
    return f"# A\n\n{TEXT}\n\n```\n{block}\n```\n"


def line_of(length: int) -> str:
    return ("gauge-" * length)[: length - 1] + ";"


@pytest.mark.parametrize(
    ("length", "size", "hangs"),
    [(50, FULL, False), (74, 10.0, False), (80, LEAST, False), (84, FULL, True), (90, 10.0, True), (98, LEAST, True)],
)
def test_code_gets_smaller_then_hangs_out_into_the_margin(
    length: int, size: float, hangs: bool, edition: Callable[..., Path]
) -> None:
    edition({"a.md": code("short", line_of(length))})
    data = pdf(Path("a.md")).data
    found = [letter for letter in letters(data) if letter.face.startswith("Code")]
    assert {letter.size for letter in found} == {size}
    column = letters_of(data, "Words of")[0].left
    assert (min(letter.left for letter in found) < column - HANG / 2) is hangs
    assert len({letter.bottom for letter in found}) == 2 and "".join(letter.text for letter in found[5:]) == line_of(length)


def arrows(document: object) -> int:
    found = [
        box
        for page in document.pages  # type: ignore[attr-defined]
        for box in page._page_box.children
        if isinstance(box, boxes.MarginBox) and any(isinstance(inner, boxes.ReplacedBox) for inner in box.descendants())
    ]
    return len(found)


@THEMES
def test_a_line_that_is_broken_has_a_mark_that_is_no_text(
    theme: str, edition: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = " ".join(f"--option{number} value" for number in range(18))
    edition({"a.md": code("first", "", long, "    last of all")})
    with laid_out(monkeypatch) as documents:
        output = pdf(Path("a.md"), theme=theme)
    document = max((document for _, document in documents), key=arrows)
    lines = {letter.bottom for letter in letters(output.data) if letter.face.startswith("Code")}
    assert arrows(document) == len(lines) - 3 > 0  # each line that goes on
    assert list(clipped(document, 100)) == []
    shown = [letter.text for letter in letters(output.data) if letter.face.startswith("Code")]
    assert "".join(shown) == "".join(f"first {long} last of all".split())
    assert not output.diagnostics


def test_code_in_a_list_or_in_columns_does_not_hang_out(edition: Callable[..., Path]) -> None:
    edition({"a.md": f"# A\n\n{TEXT}\n\n- Point:\n\n  ```\n  {line_of(95)}\n  ```\n"})
    data = pdf(Path("a.md")).data
    assert min(letter.left for letter in letters(data) if letter.face.startswith("Code")) > letters_of(data, "Words of")[0].left


def table(rows: int, columns: int = 2) -> str:
    head = "| Station | " + " | ".join(f"Remark{number}" for number in range(columns - 1)) + " |\n" + "| --- " * columns + "|\n"
    return f"# A\n\n{TEXT}\n\n{head}" + "".join(f"| Lock {row} |" + " Words |" * (columns - 1) + "\n" for row in range(rows))


@pytest.mark.parametrize(("lang", "word"), [("en", "continued"), ("de", "Fortsetzung"), ("ar", "تابع")])
def test_a_table_that_goes_on_says_so_on_each_page_but_its_first(
    lang: str, word: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    manifest = f'[edition]\ntitle = "T"\nlanguage = "{lang}"\n[[section]]\narticles = ["a.md"]\n'
    home = edition({"publisher.toml": manifest, "a.md": f"---\nlang: en\n---\n{table(90)}"})
    assert publisher("build", home, "-o", "a.pdf").code == 0
    pages = subprocess.run(["pdftotext", "a.pdf", "-"], capture_output=True, check=True).stdout.decode().split("\f")
    assert [word in page for page in pages if "Lock" in page] == [False, True, True]
    assert publisher("check", "a.pdf").code == 0


def test_a_table_on_one_page_says_nothing(edition: Callable[..., Path]) -> None:
    edition({"a.md": table(9)})
    assert "continued" not in "".join(letter.text for letter in letters(pdf(Path("a.md")).data))


def test_the_word_above_a_table_is_an_artifact(edition: Callable[..., Path]) -> None:
    edition({"a.md": table(90)})
    with pikepdf.open(io.BytesIO(pdf(Path("a.md")).data)) as file:
        contents = b"".join(part.read_bytes() for part in file.pages[1].Contents)
    marked = re.findall(rb"(/\w+)\s+(?:<<[^>]*>>\s+)?B[MD]C((?:(?!EMC).)*?)EMC", contents, re.DOTALL)
    texts = [(tag, body.count(b"TJ")) for tag, body in marked if b"TJ" in body]
    assert [count for tag, count in texts if tag == b"/Artifact"] == [1, 1, 1]  # it, and the two cells of the repeated head
    assert len(texts) > 20


@pytest.mark.parametrize(("columns", "size"), [(9, 8.8), (11, 7.2)])
def test_a_wide_table_hangs_out_before_it_shrinks(columns: int, size: float, edition: Callable[..., Path]) -> None:
    head = f"| Place |{' Tons |' * columns}\n| --- |{' --- |' * columns}\n"
    edition({"a.md": f"# A\n\n{TEXT}\n\n{head}| Hall |{' 1,204.55 |' * columns}\n"})
    data = pdf(Path("a.md")).data
    first = letters_of(data, "Place")[0]
    assert first.size == round(size * 4 / 3, 1) and first.left < letters_of(data, "Words of")[0].left - HANG / 2
