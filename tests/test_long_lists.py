"""Long lists are laid out in parts: the pages are those of the whole list."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest

from publisher.build.build import assemble, moment_of
from publisher.build.plan import plan
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Edition
from publisher.writers import themes
from publisher.writers.contract import Settings
from publisher.writers.formats import writer_for
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf import layout, long_lists, written_fonts
from publisher.writers.pdf.job import Job
from publisher.writers.pdf.jobs import groups, sheet_job
from publisher.writers.pdf.long_lists import first_part
from publisher.writers.pdf.sheet import Sheet, SheetFile, joined
from publisher.writers.pdf.typeset import typeset
from publisher.writers.system_fonts import SystemFont

Write = Callable[..., Path]
WORDS = [
    "gate",
    "weir",
    "lock",
    "keeper",
    "barge",
    "tide",
    "quay",
    "harbor",
    "ferry",
    "winter",
    "upland",
    "signal",
    "water",
    "level",
]
TITLE = '<div class="mast"><h1>Tides</h1></div>'
BEFORE = TITLE + '<div class="toc" id="toc"><p>Contents</p><ul class="c" id="u" data-list="">{}</ul>tail</div><p>end</p>'


def job(before: str = "", after: str = "") -> Job:
    return Job("j", (), themes.load("brief"), "en", kind="opening", before=before, after=after)


def items(count: int, first: int = 0, tag: str = "li") -> str:
    return "".join(f'<{tag} id="i{number}">{number}</{tag}>' for number in range(first, first + count))


def test_a_list_that_is_not_long_is_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lists, "_MOST", 4)
    assert first_part(job()) is None
    assert first_part(job(BEFORE.format(items(4)), f"<ul data-list=''>{items(4)}</ul>")) is None
    assert first_part(job(f"<p>{items(9, tag='a')}</p><ul>{items(9)}</ul>")) is None  # of these no template says that they may be
    assert first_part(job("<ul data-list=''>" + "<li>not closed" * 9 + "</ul>" * 9)) is None  # the engine says what is wrong


@pytest.mark.parametrize(
    ("files", "is_divided"),
    [
        ({"custom.css": ".listed { color: #333 } .toc li + li { color: black }"}, True),
        ({"custom.css": ".listed { counter-increment: source }"}, False),
        ({"custom.css": ".toc li:nth-child(2n) { background: #eee }"}, False),
        ({"tokens.css": ":root { --ink: black }", "templates/closing.xhtml.j2": "<ol></ol>"}, False),
    ],
)
def test_lists_of_a_theme_that_counts_items_or_has_its_own_templates_are_not_divided(
    files: dict[str, str], is_divided: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lists, "_MOST", 4)
    for name, text in {**files, "theme.toml": 'extends = "brief"\n'}.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(text)
    whole = replace(job(BEFORE.format(items(9))), theme=themes.load("./mine", tmp_path))
    assert (first_part(whole) is not None) is is_divided


def test_each_part_is_of_the_list_that_was_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of another list beside it, nor of the many elements in an item."""
    monkeypatch.setattr(long_lists, "_MOST", 7)
    links = "<a>link</a>" * 30
    long = "".join(f"<p>{number} {links if number in (0, 9) else ''}</p>" for number in range(12))
    part = first_part(job(BEFORE.format(items(9)), f"<div data-list=''>{long}</div>"))
    assert part is not None and part.side == "before" and part.job.before.count('data-list="divided"') == 1
    after = first_part(part.rest(5))
    assert after is not None and after.side == "after"
    assert 'data-list="divided"' not in after.job.before and after.job.after.count('data-list="divided"') == 1
    last = first_part(after.rest(4))
    assert last is not None and last.side == "after"
    assert [f"<p>{number} " in last.job.after.replace(' style="margin-top: 0"', "") for number in range(12)] == [
        *[False] * 4,
        *[True] * 4,
        *[False] * 4,
    ]


def test_what_is_around_a_list_goes_with_its_first_and_its_last_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lists, "_MOST", 4)
    part = first_part(job(BEFORE.format(items(6)), "<p>after</p>"))
    assert part is not None and part.side == "before"
    assert part.job.before == (
        '<div class="mast"><h1>Tides</h1></div><div class="toc" id="toc"><p>Contents</p><ul class="c" id="u" data-list="divided">'
        f"{items(4)}</ul></div>"
    )
    assert (part.job.after, part.job.kind) == ("", "opening")
    rest, on, hidden = part.rest(3), long_lists._CONTINUED, '<li style="display: none" />'
    assert (rest.after, rest.kind) == ("<p>after</p>", "sheet")
    assert rest.before == (
        f'<div class="mast" style="display: none" /><div class="toc" style="{on}"><p style="display: none" />'
        f'<ul class="c" data-list="" style="{on}">{hidden * 3}<li id="i3" style="margin-top: 0">3</li>'
        f"{items(2, 4)}</ul>tail</div><p>end</p>"
    )


def test_the_articles_go_with_the_part_that_is_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lists, "_MOST", 4)
    whole = replace(
        job("<p>before</p>", f'<div><div data-list="" style="color: red">{items(9, tag="p")}</div></div>'), below_headline="x"
    )
    part = first_part(whole)
    assert part is not None and part.side == "after"
    assert (part.job.before, part.job.below_headline, part.job.kind) == ("<p>before</p>", "x", "opening")
    rest = part.rest(2)
    assert (rest.before, rest.below_headline, rest.pieces, rest.kind) == ("", "", (), "closing")
    assert f'style="color: red; {long_lists._CONTINUED}"' in rest.after and items(6, 3, "p") in rest.after


@pytest.mark.parametrize(
    ("pages", "theme", "place"),
    [
        ([(0, 1, 2), (3, 4)], "brief", (1, 3)),
        ([(), (0, 1), (2, 3), (4,)], "brief", (3, 4)),
        ([(0, 1, 2), (3, 4), (4, 5)], "brief", (1, 3)),  # item 4 is on both pages
        ([(0,), (0,), (0, 1)], "brief", None),  # an item longer than a page
        ([(0, 1)], "brief", None),
        ([(), (0, 1)], "brief", None),  # the list begins on the last page
        ([(0, 1, 2), (3,), (4, 5), (6,)], "report", (2, 4)),  # the next part begins on a right-hand page
        ([(0, 1, 2), (3, 4)], "report", None),
    ],
)
def test_a_part_ends_where_a_page_begins_with_an_item(
    pages: list[tuple[int, ...]], theme: str, place: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place_in(pages, theme, 0, monkeypatch) == place


def test_a_page_before_very_few_items_may_be_shorter_and_ends_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [(0, 1, 2), (3, 4, 5), (6, 7)]
    assert [place_in(pages, "brief", few, monkeypatch) for few in (1, 2, 4, 5)] == [(2, 6), (1, 3), (1, 3), None]


def place_in(pages: list[tuple[int, ...]], theme: str, few: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int] | None:
    """Where a part ends whose list has these items on its pages."""
    monkeypatch.setattr(long_lists, "_MOST", 8)
    monkeypatch.setattr(long_lists, "_FEW", few)
    part = first_part(replace(job(f"<ul data-list=''>{items(20)}</ul>"), theme=themes.load(theme)))
    assert part is not None
    root = ElementTree.fromstring(f"<html>{part.job.before}</html>")
    html = SimpleNamespace(element=root)
    boxes = [[html, *(SimpleNamespace(element=root[0][number]) for number in numbers)] for numbers in pages]
    page_boxes = [SimpleNamespace(children=[html], descendants=lambda found=found: found) for found in boxes]
    return part.end(SimpleNamespace(pages=[SimpleNamespace(_page_box=page_box) for page_box in page_boxes]))


# Sheets


def test_the_sheet_of_parts_has_what_each_of_them_has() -> None:
    fonts = [SystemFont("Quay", "1", characters) for characters in ("ab", "bc")]
    note, fault = Diagnostic(Code.NOTE_MOVED, "a note"), Diagnostic(Code.TYPESETTING, "a line")
    first = Sheet("a", (SheetFile(b"1"),), 2, {"x": (1, 7.0)}, (note,), (0,), (1,), (None, PageStart("x", 0)), True, "é")
    second = Sheet("a", (SheetFile(b"2"),), 3, {"x": (0, 9.0), "y": (2, 5.0)}, (note, fault), (1,), (2,), (None,) * 3, False, "ü")
    third = replace(second, system_fonts=tuple(fonts[1:]), claimable=True, anchors={}, missing="")
    whole = joined([replace(first, system_fonts=tuple(fonts[:1])), second, third])
    assert (whole.pages, whole.files) == (8, (SheetFile(b"1"), SheetFile(b"2"), SheetFile(b"2")))
    assert whole.anchors == {"x": (1, 7.0), "y": (4, 5.0)} and whole.diagnostics == (note, fault)
    assert (whole.blank, whole.turned, whole.claimable, whole.missing) == ((0, 3, 6), (1, 4, 7), False, "éü")
    assert whole.page_starts == (None, PageStart("x", 0), *[None] * 6) and whole.system_fonts == (SystemFont("Quay", "1", "abc"),)
    assert joined([first]) is first


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """An edition of many short articles in two sections, with a source each."""
    home, pick = tmp_path_factory.mktemp("large"), random.Random(5)
    names = [f"{number:03}.md" for number in range(280)]
    for name in names:
        title, title_of_source, text = (" ".join(pick.choices(WORDS, k=pick.randint(2, most))) for most in (9, 14, 20))
        link = f"[{title_of_source}](https://harbor.example/{name} '{title_of_source}')"
        (home / name).write_text(f"# {title.capitalize()}\n\n{text.capitalize()} {link}.\n")
    sections = "".join(
        f'[[section]]\ntitle = "{title}"\narticles = {part}\n' for title, part in [("Locks", names[:40]), ("Tides", names[40:])]
    )
    (home / "publisher.toml").write_text(f'[edition]\ntitle = "The harbor year"\n{sections}')
    return assemble(plan([home], []))[0]


def outer_sheets(edition: Edition, theme: str) -> Iterator[Sheet]:
    """The sheets with the contents and with the list of sources."""
    settings = Settings(themes.load(theme), moment_of(edition))
    found = groups(edition, settings)
    befores = {piece.entry.slug: piece.notes_before for group in found for piece in group.pieces}
    folios = {entry.slug: 7 for entry in edition.entries}
    for group in (found[0], found[-1]):
        yield typeset(sheet_job(edition, settings, group, befores, folios))


def list_pages(sheet: Sheet, edition: Edition) -> int:
    """How many pages of an outer sheet are compared: all of the closing; of the opening those with the list."""
    first = min((sheet.anchors[entry.slug][0] for entry in edition.entries if entry.slug in sheet.anchors), default=sheet.pages)
    return sheet.pages if "sources" in sheet.anchors else first + 1


def pictures(sheet: Sheet) -> list[tuple[bytes, str]]:
    """Each page as pixels, and its text."""
    pages = [page for file in sheet.files for page in pypdfium2.PdfDocument(file.pdf)]
    return [(page.render(scale=1).to_numpy().tobytes(), page.get_textpage().get_text_bounded()) for page in pages]


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_the_pages_of_a_list_in_parts_are_those_of_the_whole_list(
    theme: str, large: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = written_fonts.write_with_fonts
    monkeypatch.setattr(layout, "_may_save_a_page", lambda *_: False)  # it would set the whole sheet tighter, or its last part
    monkeypatch.setattr(written_fonts, "write_without_fonts", lambda document, theme, **options: write(document, **options))
    whole = list(outer_sheets(large, theme))
    monkeypatch.setattr(long_lists, "_MOST", 150)
    divided = list(outer_sheets(large, theme))
    assert [len(sheet.files) for sheet in whole] == [1, 1] and all(len(sheet.files) > 1 for sheet in divided)
    for sheet, parts in zip(whole, divided, strict=True):
        assert (parts.pages, parts.blank, parts.missing, parts.diagnostics) == (sheet.pages, (), "", sheet.diagnostics)
        assert parts.anchors.keys() == sheet.anchors.keys()
        count = list_pages(sheet, large)
        assert parts.page_starts[:count] == sheet.page_starts[:count]
        assert pictures(parts)[:count] == pictures(sheet)[:count]


@pytest.mark.slow
def test_a_brief_with_lists_in_parts_has_all_links_and_lines(large: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def brief() -> tuple[Any, ...]:
        output = writer_for(Path("x.pdf"))(large, Settings(themes.load("digest"), moment_of(large)))
        document = pypdfium2.PdfDocument(output.data)
        text = [page.get_textpage().get_text_bounded() for page in document]
        return output.diagnostics, output.pages, output.starts, output.breaks, text

    monkeypatch.setattr(layout, "_may_save_a_page", lambda *_: False)
    whole = brief()
    monkeypatch.setattr(long_lists, "_MOST", 150)
    assert brief() == whole
