"""Lines are found by the widths of glyphs, and are those of Pango; what is unusual is left to Pango."""

from __future__ import annotations

from array import array
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration

import publisher.writers.pdf.engine  # noqa: F401 (it applies the corrections)
from publisher.writers.pdf import line_drawing, lines
from publisher.writers.pdf.line_comparison import compared
from publisher.writers.pdf.shaped_text import Glyphs, shape
from tests.conftest import ROOT, SAMPLE

DAILY, POLICY = (ROOT / "manuscripts" / f"{name}-brief" for name in ("daily", "policy"))

ENGLISH = (
    "The keeper of the Harbor Ledger writes every level into “the book”, and the officials’ efficient offices read it twice. "
)
GERMAN = "Die Schleusenwärterin schreibt den Wasserstand in das Verzeichnis, und die Geschwindigkeitsbegrenzung gilt weiterhin. "
FRENCH = (
    "L’éclusière note le niveau d’eau : « trois mètres », puis elle l’affiche au-dessus de l’entrée ; personne ne s’y oppose. "
)


FONTS = FontConfiguration()


def render(text: str, *, lang: str = "en", width: float = 200, hyphens: str = "auto", style: str = "") -> Any:
    style = f"width: {width}px; hyphens: {hyphens}; text-align: justify; {style}"
    html = f'<html lang="{lang}"><body><p style="{style}">{text}</p></body></html>'
    document = weasyprint.HTML(string=html).render(font_config=FONTS)
    document.write_pdf()
    return document


def left_to_pango(text: str, **options: Any) -> list[str]:
    """The texts whose first line Pango had to find, each as far as it was not set yet."""
    left: list[str] = []
    split = lines.split_with_pango

    def listen(context: Any, box: Any, width: Any, skip: Any, is_line_start: bool = True) -> Any:
        if width is not None:
            left.append(box.text.encode()[skip or 0 :].decode())
        return split(context, box, width, skip, is_line_start)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "split_with_pango", listen)
        render(text, **options)
    return left


@pytest.mark.parametrize(
    ("lang", "text"), [("en", ENGLISH), ("de", GERMAN), ("fr", FRENCH), ("en-GB", ENGLISH), ("hu", "vessző írása a vízről " * 9)]
)
@pytest.mark.parametrize("hyphens", ["auto", "none"])
@pytest.mark.parametrize("style", ["", "font: 11px serif", "hyphenate-limit-chars: 7 3 3"])
def test_each_line_is_that_of_pango(lang: str, text: str, hyphens: str, style: str) -> None:
    with compared() as comparison:
        for width in range(100, 300, 29):
            render(f"{text * 2}<b>{text}</b> {text} <i>{text}</i>", lang=lang, width=width, hyphens=hyphens, style=style)
    assert comparison.differences == [] and comparison.found > 100 and comparison.drawn > 100


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Locks and weirs. " * 9, {"style": "white-space: pre-wrap"}),
        ("Locks and weirs. " * 9, {"style": "letter-spacing: 1px"}),
        ("Locks and weirs. " * 9, {"style": "word-spacing: 1px"}),
        ("Locks and weirs. " * 9, {"style": "text-decoration: underline"}),
        ("Locks and weirs. " * 9, {"style": "word-break: break-all"}),
        ("Locks and weirs. " * 9, {"style": "direction: rtl"}),
        ("Locks and weirs. " * 9, {"style": "hyphenate-limit-zone: 20px"}),
        ("Locks and weirs. " * 9, {"width": 30}),  # less than four letters high
        ("Locks and gov\u00adern\u00adments. " * 9, {}),
        ("Locks and \u2028weirs. " * 9, {}),
        ("Locks and weirs. " * 9, {"style": "font-variant: small-caps"}),  # in two sizes, so in two fonts of Pango
        ("Locks نهر and weirs. " * 9, {}),  # another direction
    ],
)
def test_what_is_unusual_is_left_to_pango(text: str, options: dict[str, Any]) -> None:
    assert left_to_pango(text, **options)
    with compared() as comparison:
        for width in range(60, 300, 29):
            render(text, **{"width": width, **options})
    assert comparison.differences == []


@pytest.mark.parametrize("text", [ENGLISH * 5, "harbor/\u200bledger/\u200b" * 9, "lock-and-weir-" * 9])
def test_ordinary_lines_are_not_left_to_pango(text: str) -> None:
    assert left_to_pango(text) == []
    drawn = Counter(line_drawing.counts)
    render(text)
    assert line_drawing.counts["Pango"] == drawn["Pango"] and line_drawing.counts["drawn"] > drawn["drawn"] + 5


@pytest.mark.parametrize(
    "text",
    [
        f"{ENGLISH}<b> {ENGLISH} </b><i>{GERMAN}</i> , {FRENCH}",  # spaces at both ends of what is widened
        "trois\u00a0mètres\u00a0d’eau «\u00a0ici\u00a0», " * 9,  # no-break spaces are widened too
        "a \u00a0 b\u00a0\u00a0c lock of water " * 9,  # two together
        "ein fi ffl fl Stoff\u200bfilter auffinden " * 9,  # ligatures
        "(the weir) [the lock] “quoted” «so» " * 9,  # mirrored where text goes from right to left
        "a\u0301 e\u0302 lock of x\u0323 water " * 9,  # marks
        "наводнение на реке Ύδωρ water " * 9,  # three scripts, three runs
        "水閘管理員每天記錄水位 water 水位。" * 9,
        "สวัสดี ครับ " * 9,
        "น้ำ ์ ้ ์ " * 20,  # marks at the starts of lines
        "Locks 😀 and ★ weirs → " * 9,
    ],
)
@pytest.mark.parametrize(
    "style", ["", "font-size: 9.3px", "text-align: left", "font-family: serif; font-weight: bold", "color: red"]
)
def test_each_line_is_drawn_as_by_pango(text: str, style: str) -> None:
    with compared() as comparison:
        for width in range(90, 300, 29):
            render(text, width=width, style=style)
    assert comparison.differences == [] and comparison.drawn + comparison.drawn_by_pango > 20


@pytest.mark.parametrize(
    ("place", "name", "wrong"),
    [
        (lines, "_break", lambda shaped, limit: (shaped.breaks[0], len(shaped.text))),
        (lines, "kerns", lambda *_: True),
        (line_drawing, "_padded", lambda spacing, **_: (spacing, 0)),
        (line_drawing, "_glyph_written", lambda font, glyph, width, shift: f"{glyph:04x}"),
        (
            line_drawing,
            "_register",
            lambda stream, font, shaped, number: font.font.widths.setdefault(shaped.glyphs.numbers[number], 9),
        ),
    ],
)
def test_the_comparison_finds_what_is_wrong(place: Any, name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, name, wrong)
    with compared() as comparison:
        render(f"{ENGLISH}<b>{ENGLISH}</b>{GERMAN}")
    assert comparison.differences or (comparison.found_by_pango > comparison.found and name == "kerns")


def shaped(text: str) -> tuple[Any, Any]:
    box = next(box for box in render(text, width=10_000).pages[0]._page_box.descendants() if isinstance(box, boxes.TextBox))
    found = shape(box.text, box.style)
    assert found is not None
    return found, box.style


def test_a_line_that_begins_inside_a_ligature_is_left_to_pango() -> None:
    found, style = shaped(
        "a\u0301 lock of water in the uplands"
    )  # a letter and its mark: two characters with their glyphs together
    assert found.joined == {1}
    assert lines._line(found, style, 1, 100) is None and lines._line(found, style, 0, 100) is not None


def test_a_text_that_fits_but_for_its_last_space_is_left_to_pango() -> None:
    found, style = shaped("Locks and weirs")
    width = found.places[-1] * lines.FROM_UNITS
    longer = shape("Locks and weirs ", style)
    assert longer is not None
    assert (line := lines._line(found, style, 0, width)) and (line.text, line.width, line.resume) == (
        found.text,
        found.places[-1],
        None,
    )
    assert lines._line(longer, style, 0, width) is None


def test_a_line_whose_last_letter_kerns_with_the_space_is_left_to_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    found, style = shaped("Locks and weirs of the uplands and their keepers")
    line = lines._line(found, style, 0, 120)
    assert line is not None and line.resume
    monkeypatch.setattr(lines, "kerns", lambda before, behind, style: behind == " x")
    assert lines._line(found, style, 0, 120) is None


def test_a_word_whose_letters_change_where_it_is_divided_is_left_to_pango() -> None:
    """Hungarian: asszonnyal, asz-szony-nyal."""
    assert lines._word_parts("asszonnyal", "hu", 5, 2, 2) is None
    assert lines._word_parts("Verzeichnis gilt", "de", 5, 2, 2) == (8, 3)
    assert lines._word_parts("und Verzeichnis", "de", 5, 2, 2) == (12, 7)
    assert lines._word_parts("Verzeichnis", "xx", 5, 2, 2) == ()


def test_no_layout_outlives_the_reading_of_its_numbers() -> None:
    for page in render(ENGLISH * 3).pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.TextBox):
                assert not hasattr(box.pango_layout, "layout")
                kept = [getattr(box.text_line.shaped, name) for name in type(box.text_line.shaped).__slots__]
                assert {type(value) for value in kept} <= {str, array, frozenset, float, Glyphs}


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
@pytest.mark.parametrize("edition", [SAMPLE, DAILY, POLICY], ids=["sample", "daily", "policy"])
def test_the_lines_of_our_editions_are_those_of_pango(edition: Path, theme: str, tmp_path: Path) -> None:
    from publisher.build.build import make
    from publisher.build.plan import plan

    with compared() as comparison:
        make(plan([edition], [tmp_path / "x.pdf"], theme=theme), 1)
    assert comparison.differences == []
    assert comparison.found > 2 * comparison.found_by_pango and comparison.drawn > comparison.drawn_by_pango


def test_the_lines_of_every_language_are_those_of_pango() -> None:
    from publisher.text.languages import QUOTES

    with compared() as comparison:
        for lang in QUOTES:
            render(f"{ENGLISH}{GERMAN}{FRENCH}", lang=lang, width=170)
    assert comparison.differences == [] and comparison.found > len(QUOTES)
