"""Small promises of the PDF writer: images, heads, sheets, notes, styles."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from lxml import etree
from PIL import Image

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks.pdf_file import PdfFile
from publisher.checks.validate import pdf_diagnostics
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.edition import Edition, Entry, Imprint, Moment, Section
from publisher.model.metadata import Metadata
from publisher.model.parts import Resource
from publisher.store.cache import Cache
from publisher.writers import pdf as pdf_writer
from publisher.writers import themes
from publisher.writers.contract import Failure, Settings
from publisher.writers.custom_properties import custom_properties
from publisher.writers.epub.downsample import downsample_for_screen
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf import layout, sheet_cache, typeset
from publisher.writers.pdf.downsample import downsample_for_print
from publisher.writers.pdf.drawings import svg_characters, svg_for_page
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.jobs import headline_level
from publisher.writers.pdf.outline import OutlineEntry
from publisher.writers.pdf.running import RunningHead, RunningJob
from publisher.writers.pdf.sheet import Sheet, SheetFile
from publisher.writers.pdf.sheet_cache import _order, render_all
from publisher.writers.pdf.sheet_markup import _notes_at_foot, article_markup
from publisher.writers.pdf.styles import _style_sheet, css_faults, fallback_faces, wanted_faces
from publisher.writers.template_context import colophon
from tests.conftest import Run
from tests.test_brief import brief
from tests.writer_samples import drawn, heads, long

pytestmark = pytest.mark.slow


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(("size", "there"), [((1600, 90), (1600, 90)), ((1601, 100), (1600, 100)), ((100, 3200), (50, 1600))])
@pytest.mark.parametrize(("mode", "kind"), [("RGB", "PNG"), ("P", "PNG"), ("L", "JPEG")])
def test_no_side_of_an_image_in_the_book_is_longer_than_a_screen(
    mode: str, kind: str, size: tuple[int, int], there: tuple[int, int]
) -> None:
    data = drawn(mode, size, kind)
    small = downsample_for_screen(Resource("a", f"image/{kind.lower()}", data))
    assert opened(small).size == there and opened(small).format == kind
    if kind == "PNG" and size == there:
        assert small == data


def test_a_jpeg_of_the_book_is_only_made_anew_where_that_saves_bytes() -> None:
    fine, coarse = (drawn("L", (300, 300), "JPEG", quality=quality) for quality in (100, 20))
    assert len(downsample_for_screen(Resource("a", "image/jpeg", fine))) < 0.9 * len(fine)
    assert downsample_for_screen(Resource("a", "image/jpeg", coarse)) == coarse


def test_an_image_of_another_kind_is_kept_as_it_is() -> None:
    gif = drawn("L", (1700, 10), "GIF")
    assert downsample_for_screen(Resource("a", "image/gif", gif)) == gif
    assert downsample_for_print(Resource("a", "image/gif", gif, 5000)) == (gif, "image/gif")
    svg = b'<svg xmlns="x"><metadata>\n<math/></metadata><rect/><metadata/></svg>'
    assert (
        downsample_for_screen(Resource("a", "image/svg+xml", svg.replace(b"<metadata/>", b""))) == b'<svg xmlns="x"><rect/></svg>'
    )


@pytest.mark.parametrize(("width", "there"), [(1890, 1890), (1891, 1890), (3780, 1890)])
@pytest.mark.parametrize(("mode", "kind"), [("RGB", "PNG"), ("P", "PNG"), ("RGB", "JPEG")])
def test_an_image_for_print_has_no_more_pixels_than_the_widest_column(mode: str, kind: str, width: int, there: int) -> None:
    data = drawn(mode, (width, 20), kind)
    made, media_type = downsample_for_print(Resource("a", f"image/{kind.lower()}", data, width, 20))
    assert opened(made).size == (there, 10 if width == 3780 else 20) and media_type == f"image/{kind.lower()}"
    assert opened(made).format == kind and (made == data) is (width == there)


def test_what_is_transparent_stays_so_in_print() -> None:
    data = drawn("P", (2000, 20), "PNG", transparency=0)
    assert opened(downsample_for_print(Resource("a", "image/png", data, 2000, 20))[0]).mode == "RGBA"


SVG = '<svg xmlns="http://www.w3.org/2000/svg"{}>{}</svg>'


@pytest.mark.parametrize(
    ("family", "ours"),
    [
        ("Courier New", "Code"), ("DejaVu Sans Mono", "Code"), ("Consolas", "Code"), ("Source Code Pro", "Code"),
        ("Times", "Text"), ("Georgia, serif", "Text"), ("serif", "Text"), ("Garamond", "Text"), ("Palatino", "Text"),
        ("Cambria", "Text"), ("Arial, sans-serif", "Label"), ("sans serif", "Label"), ("Helvetica", "Label"),
    ],
)  # fmt: skip
def test_words_in_a_drawing_are_in_the_fonts_of_the_theme(family: str, ours: str) -> None:
    shapes = (
        f'<style>text {{ font-family: {family}; fill: red }}</style><text font-family="{family}">a</text>'
        f'<text style="fill:red;font-family:{family};x:y">b</text><text>c</text>'
    )
    root = etree.fromstring(svg_for_page(SVG.format("", shapes).encode()))
    sheet, one, two, three = root
    assert str(one.get("font-family")).startswith(f"{ours}, Fallback Arabic")
    assert f"font-family:{ours}, Fallback" in str(two.get("style")) and str(two.get("style")).endswith(";x:y")
    assert f"font-family: {ours}, Fallback" in str(sheet.text) and str(sheet.text).endswith("; fill: red }")
    assert str(root.get("font-family")).startswith("Label, ") and three.get("font-family") is None
    named = svg_for_page(SVG.format(' font-family="Times"', "<text>a</text>").encode())
    assert str(etree.fromstring(named).get("font-family")).startswith("Text, ")


def test_a_drawing_without_words_is_as_it_was_and_its_characters_are_known() -> None:
    plain = SVG.format("", "<rect/>").encode()
    assert svg_for_page(plain) == plain and svg_characters(plain) == ""
    assert svg_characters(SVG.format("", "<text>水<tspan>門</tspan></text><text>x</text>").encode()) == "水門 x"
    prefixed = b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:text>Weir</s:text></s:svg>'
    assert svg_characters(prefixed) == "Weir" and b"Fallback" in svg_for_page(prefixed)


def sheet(pages: int, anchors: dict[str, tuple[int, float]] | None = None, **values: Any) -> Sheet:
    return Sheet("s", (), pages, anchors or {}, **values)


@pytest.mark.parametrize(
    ("pages", "recto", "spans"),
    [([1, 2, 3], False, [1, 2, 3]), ([1, 2, 3], True, [2, 2, 3]), ([3], True, [3]), ([3, 3, 3], True, [4, 4, 3])],
)
def test_each_sheet_of_a_report_begins_on_a_right_hand_page(pages: list[int], recto: bool, spans: list[int]) -> None:
    assert pdf_writer.page_spans([sheet(count) for count in pages], recto) == spans


def running_edition(*, standalone: bool = False) -> Edition:
    entries = (long("a", 1), long("b", 1), long("c", 1))
    sections = (Section("Gates", "section-1", entries[:2]), Section("Water", "section-2", entries[2:]))
    return Edition(Imprint("The log", publisher="Canal House"), sections, standalone)


def test_a_page_has_the_head_of_the_article_that_goes_on_from_the_page_before() -> None:
    first = sheet(3, {"section-1": (1, 500.0), "a": (1, 400.0), "b": (2, 300.0)})
    assert heads(running_edition(), first) == [("first", ""), ("opens", ""), ("text", "A")]
    assert heads(running_edition(), sheet(1), sheet(4, {"a": (0, 500.0), "b": (2, 500.0)})) == [
        ("first", ""), ("opens", ""), ("text", "A"), ("opens", ""), ("text", "B"),
    ]  # fmt: skip
    low = sheet(3, {"a": (0, 500.0), "b": (1, 300.0)})
    assert heads(running_edition(), sheet(1), low) == [("first", ""), ("opens", ""), ("text", "A"), ("text", "B")]


def test_a_page_of_a_section_alone_a_turned_and_a_blank_one_have_their_own_kinds() -> None:
    made = sheet(4, {"section-1": (0, 500.0), "a": (1, 500.0)}, turned=(2,), blank=(3,))
    assert heads(running_edition(), sheet(1), made, sheet(1), recto=True) == [
        ("first", ""), ("blank", ""), ("part", ""), ("opens", ""), ("turned", "A"), ("blank", ""), ("opens", ""),
    ]  # fmt: skip
    assert heads(running_edition(standalone=True), sheet(2, {"a": (0, 500.0)})) == [("first", ""), ("text", "")]


def test_a_folio_counts_all_pages_blank_ones_included() -> None:
    for standalone, name in ((False, "The log"), (True, "Canal House")):
        found = list(pdf_writer._running_heads(running_edition(standalone=standalone), [sheet(1), sheet(1)], [2, 1]))
        assert [re.findall(r"\d+", one.folio) for one in found] == [["1", "3"], [], ["3", "3"]]
        assert [one.edition for one in found] == [name, "", name]


def test_an_article_begins_on_its_page_of_the_file() -> None:
    sheets = [sheet(1, {"a": (0, 1.0), "x": (0, 1.0)}), sheet(2, {"b": (1, 1.0)}), sheet(1, {"c": (0, 1.0)})]
    assert pdf_writer._start_pages(running_edition(), sheets, False) == {"a": 1, "b": 3, "c": 4}
    assert pdf_writer._start_pages(running_edition(), sheets, True) == {"a": 1, "b": 4, "c": 5}


def test_a_blank_page_begins_where_the_next_one_does() -> None:
    one, two = PageStart("a:1", 0), PageStart("b:1", 0)
    sheets = [sheet(2, page_starts=(one, None)), sheet(2, page_starts=(two, None))]
    breaks = list(pdf_writer._page_breaks(sheets, [3, 2]))
    assert [(each.folio, each.start) for each in breaks] == [("1", one), ("2", two), ("3", two), ("4", two)]


def test_headlines_stand_below_the_title_and_the_sections() -> None:
    entry = long("a", 1)
    levels = [
        headline_level(Edition(Imprint("T"), (Section(name, "s", (entry,), part),), standalone))
        for name, part, standalone in (("", "", False), ("Gates", "", False), ("", "Weirs", False), ("Gates", "", True))
    ]
    assert levels == [2, 3, 3, 1]


def test_the_outline_has_sections_articles_and_the_subheads_that_can_be_found() -> None:
    body = (
        '<h2 id="x">The <em>big</em> &amp; old<a class="noteref" href="#n" role="doc-noteref">1</a></h2><h2>No id</h2>'
        '<h3 id="z">Small</h3>'
    )
    sections = (Section("Gates", "section-1", (long("a", 1, xhtml=body),)), Section("", "section-2", (long("b", 1),)))
    found = pdf_writer._outline(Edition(Imprint("T"), sections))
    inner = OutlineEntry("A", "a", (OutlineEntry("The big & old", "a.x"),))
    assert found[:2] == [OutlineEntry("Gates", "section-1", (inner,)), OutlineEntry("B", "b")]
    assert [(line.title, line.anchor) for line in found[2:]] == [("Sources", "sources"), ("Colophon", "colophon")]


# Articles on a sheet


def set_out(body: str, *, level: int = 2, position: str = "auto", notes: str = "", **options: Any) -> Any:
    section = f'<section class="notes">{notes}</section>' if notes else ""
    xhtml = f'<article dir="ltr"><header><h1 id="t">A</h1></header><div class="body">{body}</div>{section}</article>'
    made = article_markup(Entry("a", Metadata(lang="en"), xhtml, 1_000, options.pop("resources", ())), level, position, **options)
    return SimpleNamespace(
        **{
            name: re.sub(r' data-at="[^"]*"', "", value) if isinstance(value, str) else value
            for name, value in vars(made).items()
        }
    )


@pytest.mark.parametrize(
    ("level", "tags"),
    [(1, ["h1", "h2", "h5", "h6"]), (2, ["h2", "h3", "h6", "h6"]), (3, ["h3", "h4", "h6", "h6"])],
)
def test_headings_stand_below_the_headline(level: int, tags: list[str]) -> None:
    made = set_out("<h2>B</h2><h5>C</h5><h6>D</h6><hr/>", level=level)
    assert re.findall(r"<(h\d)", made.header + made.body) == tags and "<hr/>" in made.body


@pytest.mark.parametrize(
    ("listed", "style"),
    [
        ("<ol><li>a</li></ol>", ""),
        ('<ol start="3"><li>a</li></ol>', "counter-reset:list-item 2"),
        ('<ol start="1" type="a"><li>a</li></ol>', "list-style-type:lower-alpha"),
        ('<ol start="0" type="I"><li>a</li></ol>', "counter-reset:list-item -1;list-style-type:upper-roman"),
        ('<ol start="x" type="q"><li>a</li></ol>', ""),
        ('<ol reversed=""><li>a</li><li>b</li></ol>', "counter-reset:list-item 3"),
    ],
)
def test_a_list_begins_at_its_number(listed: str, style: str) -> None:
    assert re.findall(r'<ol[^>]* style="([^"]*)"', set_out(listed).body) == ([style] if style else [])


def test_the_pages_show_the_numbers_of_lists(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    items = (
        '<ol start="3" type="a"><li>one</li></ol><p>Then.</p><ol><li value="7">two</li><li>three</li></ol>'
        '<ol reversed=""><li>four</li><li>five</li></ol>'
    )
    home = edition({"a.html": f"<h1>Lists</h1><p>Steps at the lock.</p>{items}"})
    assert publisher("build", "a.html", "-o", "a.pdf").code == 0
    shown = subprocess.run(["pdftotext", "-layout", home / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "c. one Then. 7. two 8. three 2. four 1. five" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("href", "there"),
    [
        ("#x", "#a.x"),
        ("article:b", "bind:b"),
        ("article:b#x", "bind:b.x"),
        ("https://example.org/#x", "https://example.org/#x"),
    ],
)
def test_links_and_ids_of_an_article_are_its_own_on_a_sheet(href: str, there: str) -> None:
    made = set_out(f'<p id="x"><a href="{href}">B</a><img src="images/d.png" alt=""/></p>')
    assert f'href="{there}"' in made.body and '<p id="a.x">' in made.body and 'src="resource:images/d.png"' in made.body
    assert 'id="a.t"' in made.header


CALL = '<a class="noteref" href="#note-{0}" id="call-{0}" role="doc-noteref">{0}</a>'


NOTE = '<aside class="note" id="note-{0}"><p>Source {0}.</p></aside>'


@pytest.mark.parametrize(
    ("position", "count", "words", "at_foot"),
    [
        ("auto", 60, 1_000, True),
        ("auto", 61, 1_000, False),
        ("auto", 11, 1, True),
        ("auto", 12, 143, False),
        ("auto", 12, 144, True),
        ("foot", 61, 1, True),
        ("end", 1, 1_000, False),
    ],
)
def test_notes_stand_at_the_foot_unless_they_are_too_many_or_too_dense(
    position: str, count: int, words: int, at_foot: bool
) -> None:
    assert _notes_at_foot(position, count, words) is at_foot


def test_a_note_at_the_foot_stands_behind_its_reference_and_a_moved_one_at_the_end() -> None:
    body = f"<p>One{CALL.format(1)} two{CALL.format(2)} three.</p>"
    made = set_out(body, notes=NOTE.format(1) + NOTE.format(2), moved=["note-2"])
    assert made.floating_notes == ("a.note-1",)
    number = '<a class="number digits-1" href="#a.call-{0}">{0}</a>'
    assert f'1</a><span class="note" id="a.note-1"><span class="para">{number.format(1)}Source 1.</span></span> two' in made.body
    assert "Source 2" not in made.body and "Source 1" not in made.endnotes
    heading = '<h3 class="notes-title" id="a.notes">Notes</h3>'
    assert made.endnotes == f'{heading}<div class="endnote" id="a.note-2"><p>{number.format(2)}Source 2.</p></div>'
    assert set_out(body, notes=NOTE.format(1) + NOTE.format(2)).endnotes == ""


def test_a_second_reference_to_a_note_and_one_without_a_note_float_nothing() -> None:
    again = '<a href="#note-1" role="doc-noteref">1</a><a href="#note-9" id="call-9" role="doc-noteref">9</a>'
    made = set_out(f"<p>{again}One{CALL.format(1)}{again}.</p>", notes=NOTE.format(1))
    assert made.floating_notes == ("a.note-1",) and made.body.count("Source 1.") == 1 and made.endnotes == ""


INNER = '<aside class="note" id="note-{0}"><p>Source {0} calls{1}.</p></aside>'


def test_a_note_in_a_note_stands_behind_it_and_not_in_it() -> None:
    notes = INNER.format(1, CALL.format(2)) + INNER.format(2, '<a href="#note-1" role="doc-noteref">1</a>') + NOTE.format(3)
    made = set_out(f"<p>One{CALL.format(1)} two{CALL.format(3)}.</p>", notes=notes)
    assert made.floating_notes == ("a.note-1", "a.note-2", "a.note-3") and made.endnotes == ""
    body = etree.fromstring(made.body)
    assert [(child.get("id"), child.tail) for child in body] == [
        ("a.call-1", None), ("a.note-1", None), ("a.note-2", " two"), ("a.call-3", None), ("a.note-3", "."),
    ]  # fmt: skip
    moved = set_out(f"<p>One{CALL.format(1)}.</p>", notes=notes, moved=["note-1"])
    assert moved.floating_notes == () and moved.endnotes.count('class="endnote"') == 3


def test_the_number_of_a_note_that_nothing_refers_to_is_no_link() -> None:
    made = set_out(f"<p>One{CALL.format(1)}.</p>", notes=NOTE.format(1) + NOTE.format(2))
    assert '<p><span class="number digits-1">2</span>Source 2.</p>' in made.endnotes


@pytest.mark.parametrize(
    ("step", "classes"),
    [(0, "wide"), (1, "wide hung"), (2, "wide hung dense"), (3, "wide dense turned"), (4, "wide dense turned broken")],
)
def test_a_table_that_is_too_wide_becomes_narrower_step_by_step(step: int, classes: str) -> None:
    made = set_out('<table/><table class="wide"/>', tables={"a:1": step})
    assert re.findall(r"<table([^>]*)/>", made.body) == [' data-table="a:0"', f' class="{classes}" data-table="a:1"']


def test_the_characters_of_a_drawing_are_named_so_that_their_fonts_are_loaded() -> None:
    drawing = Resource("images/d.svg", "image/svg+xml", SVG.format("", "<text>水門</text>").encode())
    other = Resource("images/e.svg", "image/svg+xml", SVG.format("", "<rect/>").encode())
    made = set_out('<img src="images/d.svg" alt=""/><img src="images/e.svg" alt=""/>', resources=(drawing, other))
    assert made.body.count("data-characters") == 1 and 'data-characters="水門"' in made.body


@pytest.mark.parametrize(
    ("image", "style"),
    [
        ('class="sized" width="400"', 'style="width:400px"'),
        ('class="sized" width="4000"', 'style="width:4000px"'),  # the style sheet limits it to the column
        ('width="299"', 'style="width:299px"'),
        ('width="300"', ""),
        ('class="math display" width="80"', ""),
        ("", ""),
    ],
)
def test_an_image_with_a_size_of_its_own_is_not_as_wide_as_the_column(image: str, style: str) -> None:
    found = re.findall(r'style="[^"]*"', set_out(f'<figure><img src="images/a.png" alt="" {image}/></figure>').body)
    assert found == ([style] if style else [])


def test_a_drawing_that_states_no_size_is_as_wide_as_the_column() -> None:
    drawing = Resource("images/d.svg", "image/svg+xml", SVG.format("", "<rect/>").encode())
    assert "style" not in set_out('<img src="images/d.svg" alt="" width="90"/>', resources=(drawing,)).body


# What typesetting says


def job(xhtml: str = "<article><p>The weir at Kalyra is open.</p></article>") -> Job:
    return Job("s", (Piece(long("a", 1, xhtml=xhtml)),), themes.load("brief"), "en")


def test_a_line_of_the_engine_is_a_warning_but_for_images_without_words() -> None:
    lines = ["Image resource:x has no required alt description", "Ignored something", "No anchor #x"]
    assert [(one.code, one.message) for one in typeset._engine_diagnostics(job(), lines)] == [
        (Code.TYPESETTING, "Ignored something"),
        (Code.TYPESETTING, "No anchor #x"),
    ]


def test_a_note_that_is_lost_elsewhere_or_too_tall_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    from publisher.writers.pdf import engine

    names = {1: "foot", 2: "elsewhere", 3: "lost", 4: "tall", 5: "high"}
    pages = [
        SimpleNamespace(anchors={f"a.call-{one}": 0 for one in names} | {f"a.note-{one}": 0 for one in (1, 4, 5)}),
        SimpleNamespace(anchors={"a.note-2": 0}),
    ]
    tall = {id(pages[0]): [("a.note-1", 0.1), ("a.note-4", 0.34), ("a.note-5", 0.33), ("b.note-1", 0.9)]}
    monkeypatch.setattr(engine, "notes_at_foot", lambda page: tall.get(id(page), []))
    articles = (SimpleNamespace(floating_notes=[f"a.note-{one}" for one in names]),)
    assert sorted(layout._misplaced_notes(SimpleNamespace(pages=pages), articles)) == ["a.note-2", "a.note-3", "a.note-4"]  # type: ignore[arg-type]
    moved = typeset._moved_note_diagnostic("a.note-4")
    assert moved.code is Code.NOTE_MOVED and moved.message.startswith("footnote 4 of a is too tall")


def test_pages_in_landscape_are_known() -> None:
    pages = [SimpleNamespace(height=2, width=1), SimpleNamespace(height=1, width=2)]
    assert typeset._landscape_pages(SimpleNamespace(pages=pages)) == (1,)


CHANGES = {
    "name": "t", "lang": "de", "paper": "A5", "notes": "end", "level": 3, "kind": "closing", "before": "x", "after": "x",
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), CHANGES.items())
def test_a_sheet_is_set_anew_where_anything_of_it_has_changed(field: str, value: Any) -> None:
    made = job()
    others = [replace(made, **{field: value}), replace(made, pieces=(replace(made.pieces[0], opens="Gates"),))]
    others += [replace(made, pieces=(replace(made.pieces[0], section="s"),)), job("<article/>")]
    others += [replace(made, theme=themes.load("report"))]
    assert job().fingerprint == made.fingerprint and made.fingerprint not in {other.fingerprint for other in others}


def test_running_heads_are_drawn_anew_where_anything_of_them_has_changed() -> None:
    made = RunningJob(themes.load("brief"), "A4", "en", (RunningHead("text", "E", "H", "1"),))
    others = [
        replace(made, paper="A5"),
        replace(made, lang="de"),
        replace(made, heads=()),
        replace(made, theme=themes.load("report")),
    ]
    assert made.fingerprint not in {other.fingerprint for other in others}


def test_sheets_come_back_in_their_order_whatever_was_made_first() -> None:
    order = []

    def mapper(step: Any, jobs: Any) -> Any:
        for one in jobs:
            order.append(one.name)
            yield Sheet(one.name, (), 1, {})

    jobs = [replace(job(), name=name, before="word " * count) for name, count in (("s", 1), ("l", 9), ("m", 5))]
    settings = Settings(themes.load("brief"), Moment(datetime.datetime(2026, 3, 17)), mapper=mapper)
    assert [one.name for one in render_all(jobs, settings)] == ["s", "l", "m"] and order == ["l", "m", "s"]


def test_of_many_sheets_very_long_ones_are_made_first_then_each_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the last the longest comes first; of few sheets it is so from the beginning."""
    words = [40, 60, 900, 50, *range(10, 18), 20, 300]
    jobs = [replace(job(), name=str(number), before="word " * count) for number, count in enumerate(words)]
    heads_job = RunningJob(themes.load("brief"), "A4", "en", ())
    assert [words[index] for index in _order(jobs)] == sorted(words, reverse=True)
    monkeypatch.setattr(sheet_cache, "_MANY", 13)
    assert [words[index] for index in _order(jobs)] == [900, 300, 40, 60, 50, 10, 20, 17, 16, 15, 14, 13, 12, 11]
    assert _order([heads_job, *jobs])[-1] == 0


def test_sheets_are_taken_in_their_order_while_others_are_made(tmp_path: Path) -> None:
    """The cached sheet `b` waits for `a`; `c` and `d` are equal jobs with a single sheet."""
    log: list[str] = []

    def mapper(step: Any, jobs: Any) -> Any:
        log.append(f"begun {[one.name for one in jobs]}")
        return make_each(jobs)

    def make_each(jobs: Any) -> Any:
        for one in jobs:
            log.append(f"made {one.name}")
            yield Sheet(one.name, (SheetFile(b"x"),), 1, {})

    def take(index: int, sheet: Sheet) -> Sheet:
        log.append(f"taken {index} {sheet.name}")
        return replace(sheet, files=())

    names = {"o": 1, "a": 8, "b": 9, "c": 7, "e": 5}
    jobs = {name: replace(job(), name=name, before="word " * count) for name, count in names.items()}
    settings = Settings(themes.load("brief"), Moment(datetime.datetime(2026, 3, 17)), mapper=mapper, cache=Cache(tmp_path))
    render_all([jobs["o"], jobs["b"]], settings)
    log.clear()
    found = render_all([jobs[name] for name in "oabcce"], settings, take)
    assert [(sheet.name, len(sheet.files)) for sheet in found] == [*((name, 0) for name in "oabcc"), ("e", 1)]
    assert log == [
        *("begun ['a', 'c', 'e']", "taken 0 o"),
        *("made a", "taken 1 a", "taken 2 b"),
        *("made c", "taken 3 c", "taken 4 c"),
        "made e",  # nothing is made meanwhile: to take it can wait
    ]
    assert [len(sheet.files) for sheet in render_all([jobs[name] for name in "oab"], settings, take)] == [1, 1, 1]


def test_nothing_after_a_sheet_with_errors_is_taken() -> None:
    fault = Diagnostic(Code.TYPESETTING, "wrong", own_severity=Severity.ERROR)
    taken: list[int] = []

    def mapper(step: Any, jobs: Any) -> Any:
        return (Sheet(one.name, (), 1, {}, (fault,) if one.name == "b" else ()) for one in jobs)

    jobs = [replace(job(), name=name) for name in "abc"]
    settings = Settings(themes.load("brief"), Moment(datetime.datetime(2026, 3, 17)), mapper=mapper)
    with pytest.raises(PublisherError):
        render_all(jobs, settings, lambda index, sheet: taken.append(index) or sheet)  # type: ignore[func-returns-value]
    assert taken == [0]


def test_a_sheet_whose_worker_ended_is_named_with_its_articles() -> None:
    failing = Settings(
        themes.load("brief"),
        Moment(datetime.datetime(2026, 3, 17)),
        mapper=lambda step, jobs: iter([Failure("took too long") for _ in jobs]),
    )
    heads_job = RunningJob(themes.load("brief"), "A4", "en", ())
    with pytest.raises(PublisherError) as caught:
        render_all([job(), replace(job(), pieces=(), name="closing"), heads_job], failing)
    assert sorted(fault.message for fault in caught.value.diagnostics) == [
        f"typesetting {name} took too long" for name in ("a", "closing", "running")
    ]
    assert {fault.code for fault in caught.value.diagnostics} == {Code.WORKER_LOST}


# Style sheets of a theme


def test_custom_properties_are_those_of_root_and_later_ones_win(tmp_path: Path) -> None:
    css = ":root { --ink: black; --wide: 1px\n  2px; color: red }\np { --ink: red }\n:root { --ink: blue }"
    assert custom_properties(css) == {"--ink": "blue", "--wide": "1px 2px"}


OPEN = "a brace that is opened here is never closed"


@pytest.mark.parametrize(
    ("css", "made", "faults"),
    [
        ("p { color: var(--ink) }", "p { color: blue }", []),
        ("p { color: var( --ink ) }", "p { color: blue }", []),
        ("p { color: var(--two) }", "p { color: blue }", []),
        ("p { color: var(--ink, red) }", "p { color: blue }", []),
        ("p { color: var(--none, red) }", "p { color: red }", []),
        ("p { color: var(--none, rgb(1, 2, 3)) }", "p { color: rgb(1, 2, 3) }", []),
        ("/* var(--none) { */ p { color: red }", "/* var(--none) { */ p { color: red }", []),
        ('p::before { content: "{" }', 'p::before { content: "{" }', []),
        ("\n/* x\n*/ p { color: var(--inc) }", None, [(3, "no :root sets --inc", "did you mean --ink?")]),
        ("p { color: var(--zzzzzz) }", None, [(1, "no :root sets --zzzzzz", "set it in tokens.css")]),
        ("p { color: red }\n\nh1 { color: blue", None, [(3, OPEN, "close the rule with }")]),
    ],
)  # fmt: skip
def test_custom_properties_are_replaced_and_faults_have_their_line(
    css: str, made: str | None, faults: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    known = {"--ink": "blue", "--two": "var(--ink)"}
    result = _style_sheet(tmp_path / "custom.css", css, known)
    assert made is None or result.css == made
    found = [(fault.location.line if fault.location else 0, fault.message, fault.hint) for fault in result.faults]
    assert found == faults and all(fault.code is Code.THEME_CSS for fault in result.faults)


def test_what_the_engine_says_of_a_style_sheet_has_its_place(tmp_path: Path) -> None:
    lines = ["Ignored `colour: red` at 3:5, unknown property.", "Something odd."]
    found = css_faults(tmp_path / "custom.css", lines)
    places = [(one.location.line, one.location.column) for one in found if one.location]
    assert places == [(3, 5), (0, 0)]
    assert [one.message for one in found] == ["ignored `colour: red`, unknown property", "something odd"]


def test_a_fallback_face_is_loaded_for_its_characters_alone() -> None:
    theme = themes.load("brief")
    (path,) = {path for path, _ in wanted_faces(theme, "水門")}
    assert path.name == "fallback.css" and wanted_faces(theme, "The weir, Überlauf") == ()
    names = {re.findall(r"Fallback [\w ]+", face.css)[0] for _, face in wanted_faces(theme, "水")}
    assert names == {"Fallback Serif Han", "Fallback Han"} and "unicode-range" not in wanted_faces(theme, "水")[0][1].css
    (face, *_) = fallback_faces(path)
    first, last = face.ranges[0]
    assert face.covers(frozenset([first])) and face.covers(frozenset([last])) and not face.covers(frozenset([first - 1]))


# The bound file

MIXED = """<article lang="en"><h1>The weir</h1>
<p>Words with <code>code</code>, <q>a quotation</q> and a <span lang="de">Wehr</span>.</p>
<pre><code>open(gate)
close(gate)</code></pre><blockquote><p>Quoted.</p></blockquote><aside class="pull"><p>Pulled.</p></aside>
<aside class="key"><p>Key.</p></aside><dl><dt>Weir</dt><dd><p>A low dam.</p></dd></dl>
<table><caption>Barges</caption><thead><tr><th>Lock</th><th>Barges</th></tr></thead><tbody>
<tr><th>Upper</th><td>7</td></tr></tbody></table>
<figure><img src="dot.png" alt="A dot"><figcaption>A caption</figcaption></figure></article>"""


def test_a_file_says_of_each_part_what_it_is(edition: Callable[..., Path]) -> None:
    manifest = (
        '[edition]\ntitle = "Lock log"\nauthors = ["Ann Poe", "Ben Roe"]\ndescription = "A week"\nkeywords = ["locks", "weirs"]\n'
        'publisher = "Canal House"\nrights = "Free"\nidentifier = "urn:x"\ndate = 2026-03-17\n[[section]]\ntitle = "Gates"\n'
        'articles = ["a.html"]\n[[section]]\ntitle = "Water"\narticles = ["b.md"]\n'
    )
    home = edition({"publisher.toml": manifest, "a.html": MIXED, "b.md": "# B\n\n## Sub\n\n[Log](https://example.org/log)\n"})
    Image.new("RGB", (40, 40), "red").save(home / "dot.png")
    with pikepdf.open(io.BytesIO(make(plan([home], [Path("x.pdf")])).outputs[Path("x.pdf")].data)) as pdf:
        pairs = {(element.kind, element.parent.kind if element.parent else "") for element in PdfFile(pdf).elements}
        assert {
            ("Code", "P"), ("Quote", "P"), ("P", "BlockQuote"), ("Caption", "Table"), ("THead", "Table"), ("TH", "TR"),
            ("LBody", "LI"), ("Lbl", "LI"), ("TOCI", "TOC"), ("Reference", "TOCI"), ("Link", "Reference"),
            ("Reference", "P"), ("Lbl", "Note"), ("Note", "Art"),
        } <= pairs  # fmt: skip
        elements = PdfFile(pdf).elements
        assert [element.text("/Alt") for element in elements if element.kind == "Figure"] == ["A dot"]
        assert any(element.text("/Lang") == "de" for element in elements)
        assert [element.kind for element in elements].count("BlockQuote") == 2
        (figure,) = (element for element in elements if element.kind == "Figure")
        left, bottom, right, top = (float(side) for side in figure.attribute("/BBox"))
        assert right - left == pytest.approx(top - bottom, abs=1) and 0 < left < right < 596 and 0 < bottom < top < 842
        scopes = [str(element.attribute("/Scope")) for element in elements if element.kind == "TH"]
        assert scopes[:2] == ["/Column", "/Column"]
        info = {str(key): str(value) for key, value in pdf.docinfo.items()}
        assert info["/Title"] == "Lock log" and info["/Author"] == "Ann Poe, Ben Roe" and info["/Subject"] == "A week"
        assert info["/Keywords"] == "locks, weirs" and info["/Creator"].startswith("publisher ")
        assert info["/CreationDate"] == info["/ModDate"] == "D:20260317000000+00'00'"
        meta = pdf.open_metadata()
        assert (meta["dc:identifier"], meta["dc:title"], meta["dc:description"]) == ("urn:x", "Lock log", "A week")
        assert meta["dc:creator"] == ["Ann Poe", "Ben Roe"] and meta["dc:publisher"] == {"Canal House"}
        assert (meta["dc:rights"], meta["pdf:Keywords"]) == ("Free", "locks, weirs") and meta["dc:language"] == {"en"}
        assert meta["xmp:CreateDate"] == meta["xmp:ModifyDate"] == "2026-03-17T00:00:00Z"
        with pdf.open_outline() as outline:
            lines = [(item.title, [child.title for child in item.children], item.is_closed) for item in outline.root]
            assert lines[:2] == [("Gates", ["The weir"], True), ("Water", ["B"], True)]
            assert [child.title for child in outline.root[1].children[0].children] == ["Sub"]
        described = {str(spec.obj.F): (str(spec.obj.AFRelationship), spec.description) for spec in pdf.attachments.values()}
        assert described == {
            "a.xhtml": ("/Source", "Normalized article: The weir"), "b.xhtml": ("/Source", "Normalized article: B"),
            "sources.csl.json": ("/Data", "Sources, as CSL-JSON"), "publisher.toml": ("/Source", "Manifest of the edition"),
        }  # fmt: skip
        types = {name: pdf.attachments[name].get_file().mime_type for name in described}
        assert types["publisher.toml"] == "application/toml" and types["a.xhtml"] == "application/xhtml+xml"
        assert all(int(note.get("/F", 0)) & 4 for page in pdf.pages for note in page.obj.get("/Annots", ()))
        assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree))
        assert all(b"Pagination" in page.Contents[2].read_bytes() for page in pdf.pages)
        assert list(pdf_diagnostics(pdf)) == []


def test_a_file_without_sources_and_manifest_carries_its_article_alone(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nWords.\n"})
    with pikepdf.open(io.BytesIO(brief(Path("a.md")).data)) as pdf:
        assert set(pdf.attachments.keys()) == {"a.xhtml"}
        assert {"/Author", "/Subject", "/Keywords"}.isdisjoint(pdf.docinfo.keys())
        meta = pdf.open_metadata()
        assert not [key for key in ("dc:creator", "dc:description", "dc:publisher", "dc:rights", "pdf:Keywords") if key in meta]


def test_the_colophon_leaves_out_what_is_not_known() -> None:
    book = Edition(Imprint("T", authors=("Ann Poe", "Ben Roe"), publisher="Canal House", rights="Free"), ())
    lines = colophon(book, "urn:x")
    assert lines[:-1] == ("Canal House", "Ann Poe, Ben Roe", "Free", "urn:x") and "publisher" in lines[-1].lower()
    assert len(colophon(Edition(Imprint("T"), ()), "")) == 1
