"""Headlines of several lines: no last line is short, in any theme, direction and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from weasyprint import HTML
from weasyprint.formatting_structure import boxes

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.writers.pdf import engine
from tests.headline_lines import SHORT, headlines_of_several_lines

HEADLINES = (
    "Ferry pilots of the lower harbor ask for a second tide gauge at once",
    "Keepers of the northern lock publish the water levels of sixty years, day by day, on paper",
    "Storm barrier at Marn closes earlier than any spring before it",
    "The council of the river towns will pay for the dredging of the old canal",
)
TITLE = "Waterways of the seven river towns, quarter by quarter"


def lines(style: str, text: str, box: str = "width: 300px") -> list[Any]:
    """The lines of an h1 in a column, as WeasyPrint lays them out."""
    engine.claims_hold()  # the module applies the corrections
    css = f"@page {{ margin: 0 }} body, h1 {{ margin: 0 }} div {{ {box} }} h1 {{ font: 24px Text; {style} }}"
    page = HTML(string=f"<style>{css}</style><div><h1>{text}</h1></div>").render().pages[0]
    heading = next(box for box in page._page_box.descendants() if isinstance(box, boxes.BlockBox) and box.element_tag == "h1")
    return [line for line in heading.children if isinstance(line, boxes.LineBox)]


def words(line: Any) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox)).strip()


@pytest.mark.parametrize("headline", HEADLINES)
@pytest.mark.parametrize("box", ["width: 300px", "columns: 2; column-fill: auto; height: 500px; width: 616px"])
def test_balanced_lines_are_as_many_as_before_with_the_same_words(headline: str, box: str) -> None:
    plain, balanced = lines("", headline, box), lines("text-wrap: balance", headline, box)
    assert len(balanced) == len(plain) > 1
    assert " ".join(map(words, balanced)) == headline
    assert max(line.width for line in balanced) <= max(line.width for line in plain)
    assert balanced[-1].width > SHORT * max(line.width for line in balanced)


@pytest.mark.parametrize("box", ["width: 300px", "columns: 2; column-fill: auto; height: 500px; width: 616px"])
def test_a_single_word_in_the_last_line_gets_company(box: str) -> None:
    assert words(lines("", HEADLINES[3], box)[-1]) == "canal"
    assert words(lines("text-wrap: balance", HEADLINES[3], box)[-1]) == "the old canal"


@pytest.mark.parametrize(
    ("style", "left", "right"),
    [
        ("", True, False),
        ("direction: rtl", False, True),
        ("text-align: right", False, True),
        ("direction: rtl; text-align: left", True, False),
    ],
)
def test_balanced_lines_stand_where_the_text_begins(style: str, left: bool, right: bool) -> None:
    found = lines(f"text-wrap: balance; {style}", HEADLINES[3])
    starts = {round(line.position_x) for line in found}
    ends = {round(line.position_x + line.width) for line in found}
    assert (starts == {0}) is left and (ends == {300}) is right


def test_centered_lines_stay_in_the_middle_of_the_column() -> None:
    found = lines("text-wrap: balance; text-align: center", HEADLINES[3])
    assert all(line.position_x + line.width / 2 == pytest.approx(150, abs=0.1) for line in found)


def test_no_word_is_broken_to_balance_lines() -> None:
    text = "Hydrometeorologicalinstitution of towns"
    style = "overflow-wrap: break-word"
    assert [words(line) for line in lines(f"text-wrap: balance; {style}", text, "width: 430px")] == [
        "Hydrometeorologicalinstitution",
        "of towns",
    ]


def test_a_word_that_is_broken_at_its_hyphen_is_made_whole() -> None:
    found = lines("text-wrap: balance", "The lock of Marn prints river-levels", "width: 350px")
    assert [words(line) for line in found] == ["The lock of Marn", "prints river-levels"]


def test_what_is_one_line_or_beside_a_float_is_left_alone() -> None:
    assert len(lines("text-wrap: balance", "Locks")) == 1
    beside = f"<div style='float:right;width:100px;height:90px'></div>{HEADLINES[3]}"
    assert [line.width for line in lines("text-wrap: balance", beside)] == [line.width for line in lines("", beside)]


def articles() -> Iterator[tuple[str, str]]:
    for number, headline in enumerate(HEADLINES):
        yield f"{number}.md", f"# {headline}[^1]\n\n{'Words of the lock keeper. ' * 30}\n\n[^1]: From the lock book.\n"
    arabic = "يعلن حراس الهويس الشمالي عن مستويات المياه خلال ستين عاما من القياس اليومي على الورق"
    yield "rtl.md", f"---\nlang: ar\n---\n# {arabic}\n\n{'كلمات حارس الهويس. ' * 30}\n"


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_no_headline_of_an_edition_has_a_short_last_line(edition: Callable[..., Path], theme: str) -> None:
    names = [name for name, _ in articles()]
    home = edition(
        dict(articles())
        | {"publisher.toml": f'[edition]\ntitle = "{TITLE}"\n\n[[section]]\ntitle = "Locks and gates"\narticles = {names}\n'}
    )
    outputs = make(plan([home], [home / "a.pdf"], theme=theme)).outputs
    (output,) = outputs.values()
    headlines = headlines_of_several_lines(output.data)
    assert len(headlines) >= 2
    assert [headline for headline in headlines if headline.last_line < SHORT] == []
