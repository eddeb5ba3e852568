"""Type on the page: levels of subheadings, notes, quotations, code and tables, measured in the PDF."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from weasyprint import CSS, HTML

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.writers.contract import Output
from tests.conftest import Run
from tests.page_letters import Letter, letters, letters_of

pytestmark = pytest.mark.slow

PROSE = "Words of the lock keeper about the spring. " * 6
LEVELS = f"# Gauges\n\n{PROSE}\n\n## Upper gauge\n\n{PROSE}\n\n### Morning rounds\n\n{PROSE}\n\n#### Handwritten\n\n{PROSE}\n"
IN_SECTION = '[edition]\ntitle = "Rivers"\n\n[[section]]\ntitle = "Water"\narticles = ["a.md", "b.md"]\n'
THEMES = pytest.mark.parametrize("theme", ["brief", "report", "digest"])


def pdf(*inputs: Path, theme: str = "brief") -> Output:
    (output,) = make(plan(list(inputs), [Path("a.pdf")], theme=theme)).outputs.values()
    return output


@THEMES
def test_three_levels_of_subheadings_differ_and_are_the_same_under_any_headline(edition: Callable[..., Path], theme: str) -> None:
    home = edition({"a.md": LEVELS, "b.md": "# B\n\nWords.\n"})
    alone = pdf(home / "a.md", theme=theme).data
    edition({"publisher.toml": IN_SECTION})
    types = [
        [(letter.face, letter.size) for letter in (letters_of(data, words)[0] for words in ("Uppergauge", "Morning", "Handwr"))]
        for data in (alone, pdf(home, theme=theme).data)
    ]
    assert types[0] == types[1] and len(set(types[0])) == 3
    (first, second, third) = types[0]
    assert first[0].startswith("Display") and first[1] > second[1] and "Bold" in second[0] and "Italic" in third[0]


@THEMES
def test_lines_under_subheadings_stand_on_the_same_rhythm(edition: Callable[..., Path], theme: str) -> None:
    edition({"a.md": LEVELS})
    data = pdf(Path("a.md"), theme=theme).data
    starts = sorted({round(letter.bottom, 1) for letter in letters(data) if letter.page == 1 and letter.face == "Text"})
    gaps = [after - before for before, after in pairwise(starts)]
    line = min(gaps)
    assert max(gaps) > 2 * line and all(abs(gap / line - round(gap / line)) < 0.02 for gap in gaps)


def _edges(found: list[Letter]) -> tuple[float, float]:
    return round(min(letter.left for letter in found)), round(max(letter.right for letter in found))


def test_the_first_page_of_a_digest_has_margins_with_a_band_and_without(edition: Callable[..., Path]) -> None:
    pieces = {f"{number:03}.md": f"# Gauge {number}\n\nWords.\n" for number in range(160)}
    home = edition(pieces)
    alone = pdf(home / "000.md", theme="digest").data
    left, right = _edges([letter for letter in letters(alone) if letter.page == 1])
    assert left >= 42 and right <= 420 - 42
    many = pdf(home, theme="digest").data
    first, second = ([one for one in letters(many) if one.page == page and one.face == "Subhead"] for page in (1, 2))
    assert _edges(first)[0] == _edges(second)[0] == left


_NOTE_STARTS = (
    "From the lock book, page {}.",
    "*Letters* of the keepers, box {}.",
    "https://example.org/archive/of/the/keepers/and/their/books/with/all/the/readings/of/sixty/years/{}",
    "> The water is a slow clock, box {}.",
    "- A list of books, box {}.\n    - Another list.",
    "“Satellite operator files for protection of the harbor,” *Harbor Ledger*, box {}.",
)


def _with_notes(first: int, count: int) -> str:
    numbers = range(first, first + count)
    text = "\n\n".join(f"{PROSE}[^{number}]" for number in numbers)
    notes = "\n\n".join(f"[^{number}]: {_NOTE_STARTS[number % len(_NOTE_STARTS)].format(number)}" for number in numbers)
    return f"# Notes\n\n{text}\n\n{notes}\n"


def _numbers_of_notes(found: list[Letter]) -> list[tuple[int, Letter, float]]:
    """The number of each note, its last digit, and the distance in points to the next letter on its line; -1 if there is none."""
    numbers: list[tuple[str, Letter]] = []
    for letter in found:
        if letter.face == "Label-Semi-Bold" and letter.size in NUMBER_SIZES and letter.text.isdigit():
            last = numbers[-1] if numbers else None
            if last and last[1].page == letter.page and last[1].bottom == letter.bottom and letter.left - last[1].right < 1:
                numbers[-1] = (last[0] + letter.text, letter)
            else:
                numbers.append((letter.text, letter))
    return [(int(text), digit, _distance(digit, found)) for text, digit in numbers]


def _distance(digit: Letter, found: list[Letter]) -> float:
    line = [letter for letter in found if letter.page == digit.page and abs(letter.bottom - digit.bottom) < 3]
    return min((letter.left - digit.right for letter in line if letter.left >= digit.right - 0.5), default=-1.0)


NUMBER_SIZES = (9.9,)  # of letters, in CSS pixels: 7.4 pt


@THEMES
@pytest.mark.parametrize("place", ["foot", "end"])
def test_the_number_of_a_note_is_clear_of_its_first_word_and_on_its_line(
    edition: Callable[..., Path], theme: str, place: str
) -> None:
    pieces = {f"{part}.md": _with_notes(40 * part + 1, 40) for part in range(3)}
    manifest = '[edition]\ntitle = "Rivers"\n[[section]]\narticles = ["0.md", "1.md", "2.md"]\n'
    home = edition(pieces | {"publisher.toml": f'{manifest}[sources]\nnumbering = "edition"\nnotes = "{place}"\n'})
    numbers = _numbers_of_notes(list(letters(pdf(home, theme=theme).data)))
    assert [number for number, _, _ in numbers] == list(range(1, 121))
    distances = [distance for _, _, distance in numbers]
    assert min(distances) > 3 and max(distances) < 26


def test_line_breaks_in_a_note_are_spaces(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nWords.[^1]\n\n[^1]: The keepers\n    read the\n    gauge.\n"})
    keepers, gauge = (letters_of(pdf(Path("a.md")).data, words)[0] for words in ("keepers", "gauge"))
    assert keepers.bottom == gauge.bottom


def test_a_note_that_begins_with_a_list_has_no_paragraph_around_it(
    publisher: Callable[..., Run], edition: Callable[..., Path]
) -> None:
    edition({"a.md": "# A\n\nWords.[^1]\n\n[^1]: - A list\n"})
    assert '<aside class="note" id="note-1" role="doc-footnote"><ul>' in publisher("tree", "a.md").out
    assert publisher("build", "a.md", "-o", "a.epub").code == 0
    assert publisher("check", "a.epub").code == 0


def test_three_levels_of_subheadings_differ_in_the_book(edition: Callable[..., Path]) -> None:
    edition({"a.md": LEVELS})
    data = make(plan([Path("a.md")], [Path("a.epub")])).outputs[Path("a.epub")].data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        chapter, css = (book.read(f"EPUB/{name}").decode() for name in ("a.xhtml", "style.css"))
    style = re.sub(r"@font-face[^}]*}", "", css)
    page = HTML(string=chapter).render(stylesheets=[CSS(string=style)]).pages[0]._page_box
    found = {box.element_tag: box.style for box in page.descendants() if box.element_tag in ("h1", "h2", "h3", "h4")}
    keys = ("font_family", "font_size", "font_weight", "font_style")
    assert len({tuple(found[name][key] for key in keys) for name in ("h1", "h2", "h3", "h4")}) == 4
    assert {found[name]["text_wrap"] for name in ("h1", "h2", "h3", "h4")} == {"balance"}
