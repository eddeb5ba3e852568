"""Small promises of the writers and of what is between readers and writers, one example each."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from lxml import etree
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from publisher.build.build import assemble, make
from publisher.build.plan import PlannedArticle, plan
from publisher.build.slugs import SlugRequest, slugs_for
from publisher.checks import epub_rules, pdf_rules, pdf_structure
from publisher.checks.pdf_file import PdfFile, box_of
from publisher.checks.validate import pdf_diagnostics, validate
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Certifier, Edition, Entry, Imprint, Moment, Section
from publisher.model.metadata import Metadata, Source
from publisher.model.parts import Citation, Resource
from publisher.writers import epub, themes
from publisher.writers import pdf as pdf_writer
from publisher.writers.contract import Failure, Settings
from publisher.writers.epub.access import access
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.epub.container import pack
from publisher.writers.epub.downsample import downsample_for_screen
from publisher.writers.epub.pagelist import OPS, Mark, mark_article, mark_other_places, marks_by_file, page_list
from publisher.writers.page_breaks import PageBreak, PageStart
from publisher.writers.pdf import typeset
from publisher.writers.pdf.bind import OutlineEntry
from publisher.writers.pdf.downsample import downsample_for_print
from publisher.writers.pdf.drawings import svg_characters, svg_for_page
from publisher.writers.pdf.font_subsets import Face, FontEmbedder
from publisher.writers.pdf.running import RunningHead, RunningJob, shortened
from publisher.writers.pdf.sheet_cache import render_all
from publisher.writers.pdf.sheet_markup import _notes_at_foot, article_markup
from publisher.writers.pdf.sheets import runs
from publisher.writers.pdf.styles import _style_sheet, css_faults, custom_properties, fallback_faces, wanted_faces
from publisher.writers.pdf.typeset import Job, Piece, Sheet, _anchors
from publisher.writers.template_context import colophon
from tests.conftest import Run
from tests.test_brief import brief
from tests.test_collection import collection

pytestmark = pytest.mark.slow


def book_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removeprefix("EPUB/"): archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(("xhtml", "opf"))
        }


def test_every_header_cell_of_the_file_is_in_its_index_of_ids(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\n| Lock | Barges |\n| --- | --- |\n| Upper | 7 |\n"})
    with pikepdf.open(io.BytesIO(brief(Path("a.md")).data)) as pdf:
        (leaf,) = (
            [pdf.Root.StructTreeRoot.IDTree]
            if "/Names" in pdf.Root.StructTreeRoot.IDTree
            else pdf.Root.StructTreeRoot.IDTree.Kids
        )
        names = {bytes(name) for name in list(leaf.Names)[::2]}
        heads = [element.object for element in PdfFile(pdf).elements if element.kind == "TH"]
        assert len(heads) == 2 and all(bytes(head.ID) in names for head in heads)


def test_a_link_to_another_sheet_is_described_by_its_destination(edition: Callable[..., Path]) -> None:
    long = "Words of the lock keeper about the spring. " * 60
    edition({"a.md": f"# A\n\n{long}\n\nSee [the other](b.md).\n", "b.md": f"# B\n\n{long}\n"})
    with pikepdf.open(io.BytesIO(brief(Path("a.md"), Path("b.md")).data)) as pdf:
        links = [entry for page in pdf.pages for entry in page.obj.get("/Annots", ()) if "/Dest" in entry]
        assert {str(link.Dest) for link in links} >= {"b"}
        assert all(str(link.Contents) == str(link.Dest) for link in links if str(link.Dest) == "b")
        assert not [link for link in links if "bind:" in str(link.get("/Contents", ""))]


def test_the_number_of_a_note_is_read_before_its_text(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nThe gate opened.[^1]\n\n[^1]: From the lock book.\n"})
    with pikepdf.open(io.BytesIO(brief(Path("a.md")).data)) as pdf:
        (note,) = [element for element in PdfFile(pdf).elements if element.kind == "Note"]
        assert note.children[0].kind == "Lbl"


def test_faces_with_other_texts_for_a_glyph_have_fonts_of_their_own() -> None:
    pdf, theme = pikepdf.new(), themes.load("brief")
    embedder = FontEmbedder(pdf, theme)
    faces = [Face("f", "Font", "Font", "font.ttf", 4, 800, -200, ((7, 500, text),)) for text in ("a", "a", "b")]
    resources = [pikepdf.Dictionary(Font=pikepdf.Dictionary()) for _ in faces]
    for face, place in zip(faces, resources, strict=True):
        embedder.place(place, [face])
    first, same, other = (place.Font["/f"].objgen for place in resources)
    assert first == same != other


def test_an_id_over_several_pages_is_on_its_first() -> None:
    pages = [SimpleNamespace(height=1000, anchors={"a.note-1": (0, top, 0, 0)}) for top in (900, 100)]
    assert _anchors(SimpleNamespace(pages=pages)) == {"a.note-1": (0, 75.0)}


@pytest.mark.parametrize(("words_per_note", "at_foot"), [(5, False), (30, True)])
def test_an_article_with_few_words_for_each_note_has_its_notes_at_its_end(
    edition: Callable[..., Path], words_per_note: int, at_foot: bool
) -> None:
    text = " ".join(f"{'word ' * (words_per_note - 1)}word[^{number}]" for number in range(14))
    notes = "\n\n".join(f"[^{number}]: Source {number}." for number in range(14))
    edition({"a.md": f"# A\n\n{text}\n\n{notes}\n"})
    book, _ = assemble(plan([Path("a.md")], []))
    assert bool(article_markup(book.entries[0], 1, "auto").floating_notes) is at_foot


def test_with_a_sheet_for_each_article_short_ones_share_none() -> None:
    entries = tuple(Entry(f"item-{number}", Metadata(), "", 20) for number in range(3))
    assert [len(run) for run in runs([Section("", "", entries)], "article")] == [1, 1, 1]
    assert [len(run) for run in runs([Section("", "", entries)], "auto")] == [3]


@pytest.mark.parametrize(
    ("text", "limit", "head"),
    [("The gate opens", 14, "The gate opens"), ("The gate opens", 13, "The gate…"), ("水門が開く", 10, "水門が開く")],
)
def test_a_running_head_is_cut_only_where_it_does_not_fit(text: str, limit: int, head: str) -> None:
    assert shortened(text, limit) == head


def test_a_page_that_goes_on_with_a_table_begins_at_a_row_not_at_the_repeated_head(edition: Callable[..., Path]) -> None:
    rows = "".join(f"| Lock {number} | {number} |\n" for number in range(90))
    edition({"a.md": f"# A\n\n| Name | Barges |\n| --- | --- |\n{rows}"})
    outputs = make(plan([Path("a.md")], [Path("a.pdf"), Path("a.epub")])).outputs
    chapter = book_of(outputs[Path("a.epub")].data)["a.xhtml"]
    breaks = re.findall(r"<td[^>]*>(?:(?!</td>).)*doc-pagebreak", chapter)
    assert outputs[Path("a.pdf")].pages > 2 and len(breaks) == outputs[Path("a.pdf")].pages - 1
    assert "doc-pagebreak" not in chapter[chapter.index("<thead") : chapter.index("</thead")]


@pytest.mark.parametrize("name", ["table", "figure", "img"])
def test_a_break_at_something_whole_stands_before_it(name: str) -> None:
    root = etree.fromstring(f"<article><p>Words</p><{name}/></article>")
    mark_article(root, [Mark("3", 2, "", -1)])
    assert [child.tag for child in root] == ["p", "span", name] and root[1].get("id") == "page_3"


def test_the_page_list_is_in_the_order_of_the_pages() -> None:
    marks = {"a": [Mark(str(number), 0, "", 0) for number in (10, 2)], "b": [Mark("1", 0, "", 0)]}
    assert [folio for folio, _ in page_list(marks)] == ["1", "2", "10"]


def test_a_note_that_nothing_refers_to_has_no_way_back() -> None:
    notes = "".join(f'<aside class="note" id="note-{number}" role="doc-footnote"><p>Note</p></aside>' for number in (1, 2))
    reference = '<a class="noteref" href="#note-1" id="call-1" role="doc-noteref">1</a>'
    article = f'<article><header><h1>A</h1></header><div class="body"><p>Words{reference}</p></div>'
    chapter = chapter_body(
        Entry(
            "a",
            Metadata(title="A", lang="en"),
            f'{article}<section class="notes" role="doc-endnotes">{notes}</section></article>',
            1,
        )
    )
    assert 'href="#call-1"' in chapter and 'href="#call-2"' not in chapter


def test_the_words_behind_a_formula_stay_behind_it(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nThe level $h^2$ rose by noon.\n"})
    chapter = book_of(collection(Path("a.md")).data)["a.xhtml"]
    assert re.search(r"The level <math.*</math> rose by noon\.", chapter, re.S)


@pytest.mark.parametrize(("alt", "claims"), [("A red square", True), ("", False)])
def test_a_book_claims_to_conform_only_if_each_image_has_a_text(edition: Callable[..., Path], alt: str, claims: bool) -> None:
    home = edition(
        {"a.md": f"# A\n\n![{alt}](dot.png)\n", "publisher.toml": '[edition]\ntitle = "T"\n[edition.certifier]\nname = "C"\n'}
    )
    Image.new("RGB", (40, 40), "red").save(home / "dot.png")
    assert ("WCAG 2.1 Level AA" in book_of(collection(home).data)["content.opf"]) is claims


def test_a_chapter_in_another_script_has_its_own_direction(edition: Callable[..., Path]) -> None:
    home = edition(
        {
            "publisher.toml": '[edition]\ntitle = "T"\nlanguage = "en"\n',
            "a.md": "---\nlang: ar\n---\n\n# \u0627\u0644\u0628\u0648\u0627\u0628\u0629\n\n\u0641\u062a\u062d\u062a.\n",
            "b.md": "# B\n\nWords.\n",
        }
    )
    book = book_of(collection(home).data)
    assert 'dir="rtl"' in book["a.xhtml"].split("<body")[0] and 'dir="rtl"' not in book["b.xhtml"].split("<body")[0]


def test_a_changed_image_is_seen_by_the_next_build(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition({"a.md": "# A\n\n![A square](dot.png)\n"})
    books = []
    for color in ("red", "blue"):
        Image.new("RGB", (40, 40), color).save(home / "dot.png")
        assert publisher("build", "a.md", "-o", "x.epub").code == 0
        books.append((home / "x.epub").read_bytes())
    assert books[0] != books[1]


def test_the_rights_of_a_manuscript_are_those_of_its_book(edition: Callable[..., Path]) -> None:
    edition({"a.md": "---\nrights: Free to print\n---\n\n# A\n\nWords.\n"})
    assert "<dc:rights>Free to print</dc:rights>" in book_of(collection(Path("a.md")).data)["content.opf"]


@pytest.mark.parametrize(
    ("stem", "slug"), [("part-1", "a-part-1"), ("section-1", "a-section-1"), ("7-locks", "a-7-locks"), ("parting", "parting")]
)
def test_a_slug_is_never_what_an_output_calls_its_own(stem: str, slug: str) -> None:
    assert slugs_for([SlugRequest(PlannedArticle(Path(f"{stem}.md")), "", ("",))]) == ([slug], [])


# Rules for PDF files, on trees that are made for them


def grown(pdf: pikepdf.Pdf, spec: Any, parent: Any) -> Any:
    """A structure element from `(kind, {key: value}, *kids)`; a bare kind is an element without kids."""
    kind, *rest = (spec,) if isinstance(spec, str) else spec
    element = pdf.make_indirect(Dictionary(S=Name(f"/{kind}"), P=parent, K=Array()))
    for item in rest:
        if isinstance(item, dict):
            for key, value in item.items():
                element[f"/{key}"] = value
        else:
            element.K.append(item if isinstance(item, int) else grown(pdf, item, element))
    return element


def tagged(*specs: Any, content: bytes = b"", **root: Any) -> PdfFile:
    """A file of one page with these elements under its root."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 600)).obj
    page.Contents = pdf.make_stream(content)
    page.Resources = Dictionary()
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    pdf.Root.StructTreeRoot.K = Array([grown(pdf, spec, pdf.Root.StructTreeRoot) for spec in specs])
    for key, value in root.items():
        pdf.Root[f"/{key}"] = value
    return PdfFile(pdf)


def annotated(file: PdfFile, owner: Any = None, **values: Any) -> Any:
    """An annotation on the page of the file, held by `owner`."""
    page = file.pdf.pages[0].obj
    values = {"Subtype": Name.Link, "Rect": Array([10, 10, 50, 20]), **values}
    note = file.pdf.make_indirect(Dictionary(Type=Name.Annot, **values))
    page.Annots = Array([*page.get("/Annots", ()), note])
    if owner is not None:
        owner.K.append(Dictionary(Type=Name.OBJR, Obj=note))
    return note


def failed(file: PdfFile, number: str) -> list[str]:
    return list(pdf_rules.RULES[number].test(PdfFile(file.pdf)))  # nothing remembered of the file before a change


ROW = ("TR", "TH", "TD")


@pytest.mark.parametrize(
    "spec",
    [
        ("Table", "Caption", ("THead", ROW), ("TBody", ROW), ("TFoot", ROW)),
        ("Table", ("TBody", ROW), "Caption"),
        ("Table", ROW, ROW),
        ("L", "Caption", ("LI", "Lbl", ("LBody", "P")), ("L", ("LI", "LBody"))),
        ("TOC", "Caption", ("TOCI", "Reference"), ("TOC", "TOCI")),
        ("Sect", "P", "Caption", "Lbl"),
    ],
)
def test_parts_of_tables_and_lists_may_stand_where_they_belong(spec: Any) -> None:
    assert failed(tagged(spec), "ua-09-004") == []


@pytest.mark.parametrize("kind", ["TR", "TH", "TD", "THead", "TBody", "TFoot", "LI", "LBody", "TOCI"])
def test_a_part_of_a_table_or_a_list_stands_in_nothing_else(kind: str) -> None:
    assert failed(tagged(("Sect", kind)), "ua-09-004") == [f"{kind} inside Sect"]
    assert failed(tagged(kind), "ua-09-004") == [f"{kind} inside no element"]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        (("Table", "P"), ["P inside Table"]),
        (("Table", ("THead", "P"), ("TBody", ROW)), ["P inside THead"]),
        (("Table", ("TBody", "P", "P")), ["P inside TBody"]),
        (("Table", ("TBody", ROW), ("TFoot", "P")), ["P inside TFoot"]),
        (("Table", ("TR", "TD", "P")), ["P inside TR"]),
        (("L", "P"), ["P inside L"]),
        (("L", ("LI", "P")), ["P inside LI"]),
        (("TOC", "P"), ["P inside TOC"]),
        (("Table", ("THead", ROW), ("THead", ROW), ("TBody", ROW)), ["more than one THead in Table"]),
        (("Table", ("TBody", ROW), ("TFoot", ROW), ("TFoot", ROW)), ["more than one TFoot in Table"]),
        (("Table", "Caption", ("TBody", ROW), "Caption"), ["more than one Caption in Table"]),
        (("L", "Caption", "Caption", ("LI", "LBody")), ["more than one Caption in L"]),
        (("TOC", "Caption", "Caption", "TOCI"), ["more than one Caption in TOC"]),
        (("Table", ROW, "Caption", ROW), ["the Caption of Table is not its first element"]),
        (("L", ("LI", "LBody"), "Caption"), ["the Caption of L is not its first element"]),
        (("TOC", "TOCI", "Caption"), ["the Caption of TOC is not its first element"]),
        (("Table", ("THead", ROW), ROW), ["a Table with THead or TFoot has no TBody"]),
        (("Table", ROW, ("TFoot", ROW)), ["a Table with THead or TFoot has no TBody"]),
    ],
)
def test_what_does_not_belong_into_a_table_or_a_list_is_named(spec: Any, says: list[str]) -> None:
    assert failed(tagged(spec), "ua-09-004") == says


def scoped(scope: str) -> dict[str, Any]:
    return {"A": Dictionary(O=Name.Table, Scope=Name(f"/{scope}"))}


NAMED = {"A": Dictionary(O=Name.Table, Headers=Array([String("h")]))}


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ((("TH", scoped("Row")), "TD"), []),
        ((("TH", scoped("Column")), "TD"), []),
        ((("TH", scoped("Both")), "TD"), []),
        ((("TH", scoped("Page")), "TD"), ["a table header has no scope"]),
        (("TH", "TD"), ["a table header has no scope"]),
        (("TH", "TH"), []),
        (("TD", "TD"), []),
        ((("TH", {"ID": String("h")}), ("TD", NAMED)), []),
        ((("TH", {"ID": String("h")}), ("TD", NAMED), "TD"), ["a table header has no scope"]),
        ((("TH", {"ID": String("g")}), ("TD", NAMED)), ["a table cell names a header that does not exist"]),
    ],
)
def test_the_headers_of_a_cell_are_known_by_their_scope_or_by_its_own_list(cells: Any, says: list[str]) -> None:
    assert failed(tagged(("Table", ("TBody", ("TR", *cells)))), "ua-15-003") == says


def spanning(columns: int, rows: int = 1) -> Any:
    return ("TD", {"A": Dictionary(O=Name.Table, ColSpan=columns, RowSpan=rows)})


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (((spanning(0),), ("TD",)), []),
        (((spanning(2),), ("TD", "TD")), []),
        (((spanning(2),), ("TD",)), ["the rows of a table have different numbers of columns"]),
        (((spanning(400, 251),), ("TD",)), ["a table cell spans too many rows or columns"]),
        (((("TD", {"A": Dictionary(ColSpan=True)}),), ("TD",)), []),
    ],
)
def test_the_columns_of_a_table_are_counted_over_its_parts(rows: Any, says: list[str]) -> None:
    first, *others = rows
    table = ("Table", ("THead", ("TR", *first)), ("TBody", *(("TR", *row) for row in others)))
    assert failed(tagged(table), "ua-15-004") == says


SHOWN = b"/Span <</MCID 0>> BDC BT (Weir) Tj ET EMC"


@pytest.mark.parametrize(
    ("content", "language", "says"),
    [
        (SHOWN, "", True),
        (SHOWN, "en", False),
        (SHOWN.replace(b"Tj", b"'"), "", True),
        (SHOWN.replace(b"(Weir) Tj", b'1 1 (Weir) "'), "", True),
        (SHOWN.replace(b"(Weir) Tj", b"[(Weir)] TJ"), "", True),
        (b"/Span <</MCID 0 /Lang (en)>> BDC BT (Weir) Tj ET EMC", "", False),
        (b"/Span <</Lang (en)>> BDC /Span <</MCID 0>> BDC BT (Weir) Tj ET EMC EMC", "", False),
        (b"/Span <</Lang (en)>> BDC EMC " + SHOWN, "", True),
        (b"/Artifact BMC BT (7) Tj ET EMC", "", False),
        (b"/Artifact <</Type /Pagination>> BDC BT (7) Tj ET EMC", "", False),
        (b"/Span <</MCID 0>> BDC 0 0 5 5 re f EMC", "", False),
    ],
)
def test_words_on_a_page_have_a_language_of_their_own_or_of_what_holds_them(content: bytes, language: str, says: bool) -> None:
    around = ("Sect", {"Lang": String(language)} if language else {}, ("P", 0))
    file = tagged(around, content=content)
    file.pdf.Root.StructTreeRoot.K[0].K[0].Pg = file.pdf.pages[0].obj
    assert failed(file, "ua-11-001") == (["the file does not name the language of its text"] if says else [])
    file.pdf.Root.Lang = String("en")
    assert failed(file, "ua-11-001") == []


@pytest.mark.parametrize("key", ["Alt", "ActualText", "E"])
def test_texts_that_replace_have_a_language_too(key: str) -> None:
    says = ["the file does not name the language of an alternative text"]
    assert failed(tagged(("Span", {key: String("Weir")})), "ua-11-001") == says
    assert failed(tagged(("Sect", {"Lang": String("en")}, ("Span", {key: String("Weir")}))), "ua-11-001") == []
    assert failed(tagged(("Span", {key: String("")})), "ua-11-001") == []


def test_an_outline_has_the_language_of_the_file_alone() -> None:
    file = tagged(("Document", {"Lang": String("en")}), Outlines=Dictionary())
    assert failed(file, "ua-11-001") == []
    file.pdf.Root.Outlines.First = Dictionary(Title=String("Weir"))
    assert failed(file, "ua-11-001") == ["the file does not name the language of its outline"]


@pytest.mark.parametrize("key", ["Contents", "TU"])
def test_a_description_has_the_language_of_what_holds_its_link(key: str) -> None:
    for language in ("", "en"):
        file = tagged(("Link", {"Lang": String(language)} if language else {}))
        annotated(file, file.pdf.Root.StructTreeRoot.K[0], **{key: String("Weir")})
        assert bool(failed(file, "ua-11-001")) is (not language)
    file = tagged(("Link", {"Lang": String("en")}))
    annotated(file, None, **{key: String("Weir")})
    assert len(failed(file, "ua-11-001")) == 1


@pytest.mark.parametrize(
    ("tag", "good"),
    [("en", True), ("de-CH", True), ("x-lock-1", True), ("en_US", False), ("en-", False), ("toolongaword", False), ("1n", False)],
)
def test_a_language_is_named_by_a_tag(tag: str, good: bool) -> None:
    assert (failed(tagged(("P", {"Lang": String(tag)})), "ua-11-007") == []) is good
    assert (failed(tagged("P", Lang=String(tag)), "ua-11-007") == []) is good


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        (["H1", "H2", "H3", "H2", "H1", "H2"], []),
        (["H1", "H2", "H2", "H3"], []),
        (["H2"], ["H2 after no heading"]),
        (["H1", "H3"], ["H3 after H1"]),
        (["H1", "H2", "H1", "H3"], ["H3 after H1"]),
        (["P", "H1", "P"], []),
    ],
)
def test_no_heading_level_is_skipped(kinds: list[str], says: list[str]) -> None:
    assert failed(tagged(("Document", *kinds)), "ua-14-003") == says


def test_headings_without_levels_are_one_for_each_element_and_by_themselves() -> None:
    good = tagged(("Document", "H", ("Sect", "H"), ("Sect", "H")))
    assert failed(good, "ua-14-006") == failed(good, "ua-14-007") == []
    assert failed(tagged(("Document", ("Sect", "H", "H"))), "ua-14-006") == ["Sect has two headings H"]
    assert failed(tagged(("Document", "H1", "H1")), "ua-14-006") == []
    assert len(failed(tagged(("Document", "H", "H2")), "ua-14-007")) == 1


@pytest.mark.parametrize(("kind", "number"), [("Figure", "ua-13-004"), ("Formula", "ua-17-002")])
def test_a_figure_or_a_formula_is_told_by_a_text_of_either_kind(kind: str, number: str) -> None:
    assert failed(tagged((kind, {"Alt": String("Weir")})), number) == []
    assert failed(tagged((kind, {"ActualText": String("")})), number) == []
    assert len(failed(tagged((kind, {"Alt": String(" ")})), number)) == len(failed(tagged(kind), number)) == 1
    assert failed(tagged("P"), number) == []


def test_each_note_has_an_id_of_its_own() -> None:
    one, two = {"ID": String("1")}, {"ID": String("2")}
    assert failed(tagged(("Note", one), ("Note", two), ("TH", one)), "ua-19-004") == []
    assert failed(tagged(("Note", one), ("Note", one)), "ua-19-004") == ["two notes have the same ID"]
    assert failed(tagged(("Note", one), "P"), "ua-19-003") == []
    assert failed(tagged(("Note", one), ("Note", {"ID": String("")})), "ua-19-003") == ["a note has no ID"]


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        (Dictionary(D=Dictionary()), []),
        (Dictionary(D=Dictionary(Name=String("All")), Configs=Array([Dictionary(Name=String("One"))])), []),
        (Dictionary(D=Dictionary(), Configs=Array([])), ["a configuration of layers has no name"]),
        (Dictionary(D=Dictionary(Name=String("All")), Configs=Array([Dictionary()])), ["a configuration of layers has no name"]),
        (
            Dictionary(D=Dictionary(Name=String("A")), Configs=Array([Dictionary(Name=String("B"), AS=Array())])),
            ["a configuration of layers changes by itself"],
        ),
    ],
)
def test_configurations_of_layers_have_names_and_stay_as_they_are(layers: Any, says: list[str]) -> None:
    assert failed(tagged(OCProperties=layers), "ua-20-001") == says


@pytest.mark.parametrize(("keys", "good"), [(("F", "UF"), True), (("F",), False), (("UF",), False)])
def test_an_attached_file_has_both_its_names(keys: tuple[str, ...], good: bool) -> None:
    file = tagged()
    names = {key: String("a.toml") for key in keys}
    file.pdf.Root.AF = Array([file.pdf.make_indirect(Dictionary(EF=Dictionary(), **names))])
    assert (failed(file, "ua-21-001") == []) is good


def test_a_form_is_dynamic_in_whatever_part_it_says_so() -> None:
    for xfa, good in ((b"<dynamicRender>forbidden<", True), (b"<dynamicRender> required<", False)):
        file = tagged()
        file.pdf.Root.AcroForm = Dictionary(XFA=Array([String("config"), file.pdf.make_stream(xfa)]))
        assert (failed(file, "ua-25-001") == []) is good


def test_the_order_on_a_page_matters_where_there_is_something_to_order() -> None:
    file = tagged()
    assert failed(file, "ua-28-008") == []
    annotated(file)
    assert len(failed(file, "ua-28-008")) == 1
    file.pdf.pages[0].obj.Tabs = Name.R
    assert len(failed(file, "ua-28-008")) == 1
    file.pdf.pages[0].obj.Tabs = Name.S
    assert failed(file, "ua-28-008") == []


WORDS, NO = String("Words"), Dictionary()


@pytest.mark.parametrize(
    ("kind", "values", "alt", "says"),
    [
        ("Link", {"Contents": WORDS}, "", ""),
        ("Link", {}, "Words", "page 1: a link has no description"),
        ("Link", {"TU": WORDS}, "", "page 1: a link has no description"),
        ("Widget", {"TU": WORDS}, "", ""),
        ("Widget", {"Parent": Dictionary(TU=WORDS)}, "", ""),
        ("Widget", {}, "", "page 1: a form field has no description"),
        ("Widget", {}, "Words", ""),
        ("Stamp", {}, "Words", ""),
        ("Stamp", {"Contents": WORDS}, "", ""),
        ("Stamp", {}, "", "page 1: an annotation has no description"),
        ("PrinterMark", {}, "", ""),
        ("TrapNet", {}, "", ""),
        ("Popup", {}, "", ""),
        ("Link", {"F": 2}, "", ""),
        ("Link", {"F": 4}, "", "page 1: a link has no description"),
        ("Link", {"Rect": Array([500, 10, 600, 20])}, "", ""),
        ("Link", {"Rect": Array([10, 700, 60, 720])}, "", ""),
        ("Link", {"Rect": Array([-90, 10, -10, 20])}, "", ""),
        ("Link", {"Rect": Array([10, -90, 60, -10])}, "", ""),
        ("Link", {"Rect": Array([60, 20, 10, 10])}, "", "page 1: a link has no description"),
    ],
)
def test_what_a_reader_meets_on_a_page_has_a_description(kind: str, values: dict[str, Any], alt: str, says: str) -> None:
    file = tagged(("Annot", {"Alt": String(alt)} if alt else {}))
    annotated(file, file.pdf.Root.StructTreeRoot.K[0], Subtype=Name(f"/{kind}"), **values)
    assert failed(file, "ua-28-012") == ([says] if says else [])


def test_a_link_stands_in_a_link_and_a_printers_mark_in_nothing() -> None:
    file = tagged("Link", "P")
    link, other = file.pdf.Root.StructTreeRoot.K
    annotated(file, link)
    assert failed(file, "ua-28-011") == []
    annotated(file, other)
    assert failed(file, "ua-28-011") == ["page 1: a link is in no Link element"]
    annotated(file, None, Subtype=Name.PrinterMark)
    assert failed(file, "ua-28-018") == []
    annotated(file, link, Subtype=Name.PrinterMark)
    assert len(failed(file, "ua-28-018")) == 1


@pytest.mark.parametrize(
    ("clip", "count"),
    [
        ({"CT": String("audio/mp3"), "Alt": Array([String("en"), WORDS])}, 0),
        ({"CT": String("audio/mp3"), "Alt": Array([WORDS, String("")])}, 1),
        ({"CT": String("audio/mp3"), "Alt": WORDS}, 1),
        ({"Alt": Array([String(""), WORDS])}, 1),
        ({}, 2),
    ],
)
def test_a_media_clip_says_what_it_is_and_has_words(clip: dict[str, Any], count: int) -> None:
    file = tagged()
    file.pdf.Root.PieceInfo = file.pdf.make_indirect(Dictionary(S=Name.MCD, **clip))
    assert len(failed(file, "ua-28-014")) == count


@pytest.mark.parametrize(
    ("kind", "good"),
    [("URI", True), ("GoTo", True), *((kind[1:], False) for kind in sorted(pdf_rules._FORBIDDEN_ACTIONS))],
)
def test_of_the_actions_of_links_only_harmless_ones_are_allowed(kind: str, good: bool) -> None:
    file = tagged()
    annotated(file, None, A=Dictionary(S=Name(f"/{kind}")))
    assert failed(file, "a-6.5.1") == ([] if good else [f"the action {kind} is not allowed"])
    assert {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide"} <= pdf_rules._FORBIDDEN_ACTIONS


def test_an_output_intent_is_for_pdf_a_and_has_a_profile() -> None:
    for values, good in (
        ({"S": Name.GTS_PDFA1, "DestOutputProfile": NO}, True),
        ({"S": Name.GTS_PDFX, "DestOutputProfile": NO}, False),
        ({"S": Name.GTS_PDFA1}, False),
    ):
        assert (failed(tagged(OutputIntents=Array([Dictionary(**values)])), "a-6.2.3") == []) is good


def test_what_prints_is_marked_for_printing_but_no_pop_up() -> None:
    file = tagged()
    annotated(file, None, F=4)
    annotated(file, None, Subtype=Name.Popup)
    assert failed(file, "a-6.3.2") == []
    annotated(file, None, F=1)
    assert len(failed(file, "a-6.3.2")) == 1


@pytest.mark.parametrize(
    ("content", "good"),
    [
        (SHOWN, True),
        (b"/Artifact BMC 0 0 5 5 re f EMC", True),
        (b"0 0 5 5 re W n", True),
        *((b"0 0 5 5 re " + operator, False) for operator in b"S s f F f* B B* b b*".split()),
        (b"/Shade sh", False),
        (b"BT (x) Tj ET", False),
        (b"BT [(x)] TJ ET", False),
        (b"BT (x) ' ET", False),
        (b'BT 1 1 (x) " ET', False),
        (b"/Span BMC 0 0 5 5 re f EMC", False),
        (b"/Span <</Lang (en)>> BDC 0 0 5 5 re f EMC", False),
        (b"/Span <</Lang (en)>> BDC /P <</MCID 0>> BDC 0 0 5 5 re f EMC EMC", True),
        (b"/P <</MCID 0>> BDC /Span BMC 0 0 5 5 re f EMC EMC", True),
        (b"/P <</MCID 0>> BDC EMC 0 0 5 5 re f", False),
        (b"/P <</MCID 0>> BDC /Artifact BMC EMC EMC", False),
        (b"/Artifact BMC /P <</MCID 0>> BDC EMC EMC", False),
        (b"/P /Named BDC 0 0 5 5 re f EMC", True),
        (b"/P /Other BDC 0 0 5 5 re f EMC", False),
        (b"/Picture Do", False),
        (b"/P <</MCID 0>> BDC /Picture Do EMC", True),
        (b"/Bare Do", False),
        (b"/Marked Do", True),
        (b"/Outer Do", False),
    ],
)
def test_all_that_a_page_draws_is_tagged_or_an_artifact(content: bytes, good: bool) -> None:
    file = tagged(content=content)

    def form(data: bytes, **values: Any) -> Any:
        return pikepdf.Stream(file.pdf, data, Subtype=Name.Form, **values)

    bare = form(b"0 0 5 5 re f")
    forms = Dictionary(
        Bare=bare,
        Marked=form(b"/P <</MCID 0>> BDC 0 0 5 5 re f EMC"),
        Outer=form(b"/Bare Do", Resources=Dictionary(XObject=Dictionary(Bare=bare))),
        Picture=pikepdf.Stream(file.pdf, b"", Subtype=Name.Image),
    )
    file.pdf.pages[0].obj.Resources = Dictionary(XObject=forms, Properties=Dictionary(Named=Dictionary(MCID=0)))
    assert (failed(file, "ua-01-005") == []) is good


# Fonts of a PDF

COLLECTION = Dictionary(Registry=String("Adobe"), Ordering=String("Japan1"), Supplement=2)


def lettered(**values: Any) -> PdfFile:
    """A file whose page draws with a font of these values."""
    file = tagged()
    values = {"Type": Name.Font, "BaseFont": Name.Weir, **values}
    file.pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F=Dictionary(**values)))
    return file


def composite(encoding: Any, **descendant: Any) -> dict[str, Any]:
    return {"Subtype": Name.Type0, "Encoding": encoding, "DescendantFonts": Array([Dictionary(**descendant)])}


def collected(ordering: str) -> dict[str, Any]:
    return composite(Name("/Identity-H"), CIDSystemInfo=Dictionary(Ordering=String(ordering)))


FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@pytest.mark.parametrize(
    ("values", "good"),
    [
        ({"Subtype": Name.TrueType}, False),
        ({"Subtype": Name.Type1}, False),
        ({"Subtype": Name.Type3}, True),
        *(({"Subtype": Name.Type1, "FontDescriptor": Dictionary({key: NO})}, True) for key in FILES),
        ({"Subtype": Name.Type1, "FontDescriptor": Dictionary(FontName=Name.Weir)}, False),
        (composite(Name("/Identity-H"), FontDescriptor=Dictionary(FontFile2=NO)), True),
        (composite(Name("/Identity-H"), FontDescriptor=NO), False),
    ],
)
def test_a_font_is_embedded_in_whatever_form(values: dict[str, Any], good: bool) -> None:
    assert failed(lettered(**values), "ua-31-009") == ([] if good else ["the font /Weir is not embedded"])


@pytest.mark.parametrize(
    ("values", "good"),
    [
        (composite(Name("/Identity-H")), False),
        (composite(Name("/Identity-V")), False),
        ({**composite(Name("/Identity-H")), "ToUnicode": NO}, True),
        (composite(Name("/90ms-RKSJ-H")), True),
        *((collected(name), True) for name in ("GB1", "CNS1", "Japan1", "Korea1", "KR")),
        (collected("Identity"), False),
        ({"Subtype": Name.Type3}, False),
        ({"Subtype": Name.Type3, "Encoding": Dictionary(Differences=Array([65, Name.A]))}, True),
        ({"Subtype": Name.Type3, "Encoding": Dictionary(Differences=Array([65]))}, False),
        ({"Subtype": Name.TrueType}, True),
    ],
)
def test_the_characters_of_a_font_are_known_from_its_map_or_its_collection(values: dict[str, Any], good: bool) -> None:
    assert (failed(lettered(**values), "ua-31-027") == []) is good


@pytest.mark.parametrize(
    ("cmap", "good"),
    [
        ("beginbfchar <01> <0041> endbfchar", True),
        ("beginbfchar <0000> <0041> endbfchar", True),
        ("beginbfchar <01> <0041> <02> <FEFF> endbfchar", False),
        ("beginbfchar <01> <fffe> endbfchar", False),
        ("beginbfchar <01> <0000> endbfchar", False),
        ("beginbfrange <01> <02> <0041> endbfrange", True),
        ("beginbfrange <0000> <FEFF> <0041> endbfrange", True),
        ("beginbfrange <01> <02> <0000> endbfrange", False),
        ("beginbfrange <01> <02> [<0041> <0042>] endbfrange", True),
        ("beginbfrange <01> <02> [<0041> <FFFE>] endbfrange", False),
        ("begincodespacerange <0000> <FFFE> endcodespacerange", True),
    ],
)
def test_no_glyph_is_mapped_to_what_is_no_character(cmap: str, good: bool) -> None:
    file = lettered(Subtype=Name.TrueType)
    file.pdf.pages[0].obj.Resources.Font.F.ToUnicode = file.pdf.make_stream(cmap.encode())
    assert (failed(file, "ua-31-028") == []) is good


@pytest.mark.parametrize(
    ("kind", "to_glyph", "good"),
    [
        ("CIDFontType2", Name.Identity, True),
        ("CIDFontType2", Name.Other, False),
        ("CIDFontType2", None, False),
        ("CIDFontType0", None, True),
    ],
)
def test_a_composite_true_type_font_has_a_map_to_its_glyphs(kind: str, to_glyph: Any, good: bool) -> None:
    values = {"Subtype": Name(f"/{kind}"), "FontDescriptor": NO} | ({"CIDToGIDMap": to_glyph} if to_glyph is not None else {})
    assert (failed(lettered(**composite(Name("/Identity-H"), **values)), "ua-31-004") == []) is good


@pytest.mark.parametrize(
    ("encoding", "ordering", "good"),
    [
        ("Identity-H", "Identity", True),
        ("Identity-V", "Japan1", True),
        ("UniJIS-UTF16-H", "Japan1", True),
        ("UniJIS-UTF16-H", "Korea1", False),
        ("GBK-EUC-V", "GB1", True),
        ("GBK-EUC-V", "CNS1", False),
        ("ETen-B5-H", "CNS1", True),
        ("KSC-EUC-H", "Korea1", True),
        ("KSC-EUC-H", "", True),
        ("Weir-H", "Japan1", False),
    ],
)
def test_a_character_map_is_one_that_every_reader_has_for_the_characters_of_the_font(
    encoding: str, ordering: str, good: bool
) -> None:
    info = Dictionary(Ordering=String(ordering)) if ordering else Dictionary()
    assert (failed(lettered(**composite(Name(f"/{encoding}"), CIDSystemInfo=info)), "ua-31-004") == []) is good


@pytest.mark.parametrize(
    ("values", "data", "good"),
    [
        ({}, b"/WMode 0 def", True),
        ({}, b"/WMode 1 def", False),
        ({"WMode": 1}, b"/WMode 1 def", True),
        ({"WMode": 1}, b"", True),
        ({"CIDSystemInfo": COLLECTION}, b"", True),
        ({"CIDSystemInfo": Dictionary(Registry=String("Adobe"), Ordering=String("Japan1"), Supplement=1)}, b"", False),
        ({"CIDSystemInfo": Dictionary(Registry=String("Adobe"), Ordering=String("Japan1"), Supplement=3)}, b"", True),
        ({"CIDSystemInfo": Dictionary(Registry=String("Weir"), Ordering=String("Japan1"), Supplement=2)}, b"", False),
        ({"CIDSystemInfo": Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2)}, b"", False),
        ({"UseCMap": Name.H}, b"", True),
        ({"UseCMap": Name.Weir}, b"", False),
    ],
)
def test_a_character_map_of_its_own_agrees_with_the_font(values: dict[str, Any], data: bytes, good: bool) -> None:
    file = lettered(**composite(Name.H, CIDSystemInfo=COLLECTION))
    file.pdf.pages[0].obj.Resources.Font.F.Encoding = pikepdf.Stream(file.pdf, data, **values)
    assert (failed(file, "ua-31-004") == []) is good


@pytest.mark.parametrize(
    ("flags", "encoding", "good"),
    [
        (4, None, True),
        (4, Name.WinAnsiEncoding, False),
        (32, Name.WinAnsiEncoding, True),
        (32, Name.MacRomanEncoding, True),
        (32, Name.StandardEncoding, False),
        (32, Dictionary(BaseEncoding=Name.WinAnsiEncoding), True),
        (32, Dictionary(), False),
        (32, None, False),
    ],
)
def test_the_encoding_of_a_true_type_font_is_that_of_its_kind(flags: int, encoding: Any, good: bool) -> None:
    values = {"FontDescriptor": Dictionary(Flags=flags)} | ({} if encoding is None else {"Encoding": encoding})
    assert (failed(lettered(Subtype=Name.TrueType, **values), "ua-31-018") == []) is good
    assert failed(lettered(Subtype=Name.Type1, **values), "ua-31-018") == []


@pytest.mark.parametrize("place", ["form", "pattern", "appearance", "state of an appearance"])
def test_fonts_are_found_wherever_something_draws_with_them(place: str) -> None:
    file = tagged()
    fonts = Dictionary(Font=Dictionary(F=Dictionary(Subtype=Name.TrueType, BaseFont=Name.Weir)))
    drawing = pikepdf.Stream(file.pdf, b"", Subtype=Name.Form, Resources=fonts)
    if place in ("form", "pattern"):
        key = "/XObject" if place == "form" else "/Pattern"
        file.pdf.pages[0].obj.Resources = Dictionary({key: Dictionary(X=drawing)})
    else:
        annotated(file, None, AP=Dictionary(N=drawing if place == "appearance" else Dictionary(On=drawing)))
    assert failed(file, "ua-31-009") == ["the font /Weir is not embedded"]


# How a PDF is looked at


def test_a_type_is_followed_through_the_role_map_and_elements_stand_in_reading_order() -> None:
    file = tagged(("Sect", ("Verse", "P"), "H1"), "Note")
    file.pdf.Root.StructTreeRoot.RoleMap = Dictionary(Verse=Name.Line, Line=Name.BlockQuote)
    assert [element.kind for element in file.elements] == ["Sect", "BlockQuote", "P", "H1", "Note"]
    assert [element.kind for element in file.elements[2].ancestors] == ["P", "BlockQuote", "Sect"]


def test_the_language_of_an_element_is_the_nearest() -> None:
    file = tagged(("Sect", {"Lang": String("en")}, ("P", {"Lang": String("de")}, "Span"), "P"))
    assert [element.language for element in file.elements] == ["en", "de", "de", "en"]


def test_the_size_of_a_page_may_be_that_of_all_pages_around_it() -> None:
    page = Dictionary(Parent=Dictionary(Parent=Dictionary(MediaBox=Array([400, 600, 0, 0]))))
    assert box_of(page, "/MediaBox") == (0, 0, 400, 600)
    assert box_of(page, "/CropBox") is None and box_of(Dictionary(Box=Array([1, 2, 3])), "/Box") is None


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ((0, 0, 400, 600), True),
        ((-2, -2, 402, 602), True),
        ((-3, 0, 9, 9), False),
        ((0, -3, 9, 9), False),
        ((0, 0, 403, 9), False),
        ((0, 0, 9, 603), False),
    ],
)
def test_the_box_of_a_figure_lies_on_its_page(box: tuple[int, ...], inside: bool) -> None:
    file = tagged(("Figure", {"A": Dictionary(BBox=Array(list(box)))}), MarkInfo=Dictionary(Marked=True))
    file.pdf.Root.StructTreeRoot.K[0].Pg = file.pdf.pages[0].obj
    codes = [code for _, code in pdf_structure.findings(file)]
    assert (Code.PDF_FIGURE_BOX in codes) is not inside
    file.pdf.Root.StructTreeRoot.K[0].S = Name.P
    assert Code.PDF_FIGURE_BOX not in [code for _, code in pdf_structure.findings(PdfFile(file.pdf))]


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        ({"Dest": String("new")}, False),
        ({"Dest": Name.old}, False),
        ({"Dest": String("none")}, True),
        ({"A": Dictionary(S=Name.GoTo, D=String("new"))}, False),
        ({"A": Dictionary(S=Name.GoTo, D=String("none"))}, True),
        ({"A": Dictionary(S=Name.GoToR, D=String("none"))}, False),
        ({"A": Dictionary(S=Name.URI, URI=String("https://example.org/"))}, False),
        ({"A": Dictionary(S=Name.URI, URI=String("bind:b"))}, True),
        ({"Dest": Array([0, Name.Fit])}, False),
    ],
)
def test_a_link_within_a_file_leads_to_a_place_that_has_its_name(values: dict[str, Any], lost: bool) -> None:
    branch = Dictionary(Kids=Array([Dictionary(Names=Array([String("new"), NO]))]))
    file = tagged(MarkInfo=Dictionary(Marked=True), Names=Dictionary(Dests=branch), Dests=Dictionary(old=NO))
    annotated(file, None, **values)
    codes = [code for _, code in pdf_structure.findings(file)]
    assert (Code.PDF_LINK_LOST in codes) is lost and Code.PDF_LINK_UNTAGGED in codes


@pytest.mark.parametrize("count", [3, 4])
def test_of_many_untagged_notes_three_are_named(count: int) -> None:
    names = [item for number in range(count) for item in (String(f"a.note-{number}"), NO)]
    file = tagged(MarkInfo=Dictionary(Marked=True), Names=Dictionary(Dests=Dictionary(Names=Array(names))))
    (says,) = [message for message, code in pdf_structure.findings(file) if code is Code.PDF_NOTE_UNTAGGED]
    named = f"{count} footnotes are not tagged as Note: a.note-0, a.note-1, a.note-2"
    assert says == named + (" …" if count > 3 else "")


@pytest.mark.parametrize(
    ("name", "code"),
    [("none.pdf", Code.FILE_MISSING), ("a.md", Code.OUTPUT_SUFFIX), ("broken.pdf", Code.PDF), ("broken.epub", Code.EPUB)],
)
def test_a_file_that_cannot_be_checked_is_an_error(name: str, code: Code, edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n", "broken.pdf": "no PDF", "broken.epub": "no book"})
    with pytest.raises(PublisherError) as caught:
        validate(Path(name))
    assert [(fault.code, str(fault.location)) for fault in caught.value.diagnostics] == [(code, name)]


# Chapters of the book


def chaptered(body: str, *, header: str = "<h1>A</h1>", notes: str = "", **values: Any) -> etree._Element:
    """The chapter of an article with this body."""
    section = f'<section class="notes" role="doc-endnotes">{notes}</section>' if notes else ""
    xhtml = f'<article><header>{header}</header><div class="body">{body}</div>{section}</article>'
    entry = Entry("a", Metadata(title="The weir", lang="en"), xhtml, 1, **values)
    return etree.fromstring(chapter_body(entry))


def told(element: etree._Element) -> str:
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", etree.tostring(element, encoding="unicode", with_tail=False))


def test_a_chapter_says_what_it_is() -> None:
    body = chaptered('<p lang="de">Wehr</p>')
    assert body.get(f"{{{OPS}}}type") == "bodymatter" and body[0].tag == "section" and body[0].get("role") == "doc-chapter"
    assert body[0].get(f"{{{OPS}}}type") == "chapter"
    (paragraph,) = body.iter("p")
    assert paragraph.get("{http://www.w3.org/XML/1998/namespace}lang") == paragraph.get("lang") == "de"


@pytest.mark.parametrize(
    ("href", "there"),
    [
        ("article:b", "b.xhtml"),
        ("article:b#part", "b.xhtml#part"),
        ("#part", "#part"),
        ("https://example.org/#b", "https://example.org/#b"),
    ],
)
def test_a_link_to_another_article_leads_to_its_chapter(href: str, there: str) -> None:
    (link,) = chaptered(f'<p><a href="{href}">B</a></p>').iter("a")
    assert link.get("href") == there and link.get(f"{{{OPS}}}type") is None


def test_an_item_with_a_task_box_keeps_its_own_classes() -> None:
    box = '<span class="task done">x</span>'
    items = chaptered(f'<ul><li class="end">{box}</li><li><p>{box}</p></li><li><span class="x">y</span></li></ul>{box}').iter(
        "li"
    )
    assert [item.get("class") for item in items] == ["end tasked", "tasked", None]


def test_head_cells_have_a_scope_by_their_place() -> None:
    rows = '<thead><tr><th>a</th><th scope="colgroup">b</th></tr></thead><tbody><tr><th>c</th><td>1</td></tr></tbody>'
    cells = chaptered(f"<table>{rows}</table>").iter("th")
    assert [cell.get("scope") for cell in cells] == ["col", "colgroup", "row"]


@pytest.mark.parametrize(("columns", "scrolls"), [(4, False), (5, True)])
@pytest.mark.parametrize("caption", ["", "Barges"])
def test_a_wide_table_scrolls_and_a_caption_makes_a_figure(columns: int, scrolls: bool, caption: str) -> None:
    title = f"<caption><em>{caption}</em></caption>" if caption else ""
    body = chaptered(f"<p>Before</p><table>{title}<tbody><tr>{'<td>1</td>' * columns}</tr></tbody></table><p>After</p>")
    assert [child.tag for child in body[0][1]][0::2] == ["p", "p"] and body[0][1][2].text == "After"
    table = next(body.iter("table"))
    inside = [element.tag for element in table.iterancestors()]
    assert inside[: inside.index("div") + 1 if scrolls else 1] == (["div"] if scrolls else ["figure" if caption else "div"])
    assert ("figure" in inside) is bool(caption) and table.find("caption") is None
    if scrolls:
        box = table.getparent()
        assert box is not None and dict(box.attrib) == {
            "class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption or "The weir",
        }  # fmt: skip
    if caption:
        figure = next(body.iter("figure"))
        assert figure.get("class") == "table" and figure[0].tag == "figcaption" and told(figure[0]).count(caption) == 1


def noted(*notes: str) -> etree._Element:
    asides = "".join(
        f'<aside class="note" id="note-{number}" role="doc-footnote">{note}</aside>' for number, note in enumerate(notes, 1)
    )
    calls = "".join(
        f'<a class="noteref" href="#note-{number}" id="call-{number}" role="doc-noteref">{number}</a>'
        for number in range(1, len(notes) + 1)
    )
    return chaptered(f"<p>Words{calls}</p>", notes=asides)


@pytest.mark.parametrize(
    ("note", "text", "paragraphs"),
    [
        ("<p>One.</p>", "1 One. ↩", 1),
        ("<p>One <em>two</em></p>", "1 One two ↩", 1),
        ("<p>One.</p><p>Two.</p>", "1 One.Two. ↩", 2),
        ("<ul><li>One.</li></ul>", "1 One. ↩", 1),
        ("<p>One.</p><ul><li>Two.</li></ul>", "1 One.Two. ↩", 2),
    ],
)
def test_a_note_begins_with_its_number_and_ends_with_a_way_back(note: str, text: str, paragraphs: int) -> None:
    body = noted(note)
    (made,) = (element for element in body.iter("div") if element.get("class") == "note")
    assert " ".join("".join(made.itertext()).split()) == text and len(list(made.iter("p"))) == paragraphs
    assert (made.get("id"), made.get("role"), made.get(f"{{{OPS}}}type")) == ("note-1", "doc-footnote", "footnote")
    label, back = (link for link in made.iter("a"))
    assert (label.get("class"), back.get("class")) == ("number", "backlink")
    assert all(link.get("href") == "#call-1" and link.get("role") == "doc-backlink" for link in (label, back))
    assert "1" in str(label.get("aria-label")) and back.get("aria-label")


def test_the_notes_of_a_chapter_are_a_visible_list_under_their_heading() -> None:
    body = noted("<p>One.</p>", "<p>Two.</p>")
    section = next(element for element in body.iter("section") if element.get("class") == "notes")
    assert section.get("role") is None and section.get(f"{{{OPS}}}type") == "footnotes"
    assert (section[0].tag, section[0].get("id"), section[0].text) == ("h2", "notes", "Notes")
    assert [link.get(f"{{{OPS}}}type") for link in body.iter("a") if link.get("role") == "doc-noteref"] == ["noteref"] * 2
    assert next(chaptered("<p>Words</p>").iter("h2"), None) is None


def test_a_break_at_the_start_of_a_note_stands_before_its_number() -> None:
    aside = '<aside class="note" id="note-1" role="doc-footnote"><p>From the book.</p></aside>'
    call = '<a class="noteref" href="#note-1" id="call-1" role="doc-noteref">1</a>'
    xhtml = (
        f'<article><header><h1>A</h1></header><div class="body"><p>W{call}</p></div><section role="x">{aside}</section></article>'
    )
    number = [element.tag for element in etree.fromstring(xhtml).iter()].index("aside") + 1
    body = etree.fromstring(chapter_body(Entry("a", Metadata(title="A", lang="en"), xhtml, 1), [Mark("3", number, "", 0)]))
    (paragraph,) = (one for one in body.iter("p") if (one.getparent() is not None and one.getparent().get("id") == "note-1"))  # type: ignore[union-attr]
    assert [child.get("role") for child in paragraph][:2] == ["doc-pagebreak", "doc-backlink"]
    assert " ".join("".join(paragraph.itertext()).split()) == "1 From the book. ↩"


def test_a_formula_is_mathml_with_its_image_as_an_alternative_and_other_images_stay(edition: Callable[..., Path]) -> None:
    home = edition({"a.md": "# A\n\nLevel $h^2$ now. ![A dot](dot.png)\n"})
    Image.new("RGB", (40, 40), "red").save(home / "dot.png")
    book, _ = assemble(plan([Path("a.md")], []))
    body = etree.fromstring(chapter_body(book.entries[0]))
    (formula,) = (element for element in body.iter() if str(element.tag).endswith("}math"))
    assert formula.get("alttext") == "h^2" and str(formula.get("altimg")).endswith(".svg") and formula.tail == " now. "
    assert [image.get("alt") for image in body.iter("img")] == ["A dot"]


# Printed pages in the book


def broken(xhtml: str, *marks: tuple[int, int]) -> str:
    """An article with page breaks (element, characters before) shown as `|`."""
    root = etree.fromstring(xhtml)
    mark_article(root, [Mark(str(number), element, "", after) for number, (element, after) in enumerate(marks, 1)])
    return re.sub(r'<span [^>]*role="doc-pagebreak"[^>]*/>', "|", etree.tostring(root, encoding="unicode"))


@pytest.mark.parametrize(
    ("inner", "mark", "result"),
    [
        ("The gate opens", (1, 0), "|The gate opens"),
        ("The gate opens", (1, 3), "The |gate opens"),
        ("The gate opens", (1, 5), "The |gate opens"),
        ("The gate opens", (1, 7), "The gate |opens"),
        ("The lock-keeper left", (1, 8), "The |lock-keeper left"),
        ("The keeper's log", (1, 8), "The |keeper's log"),
        ("The keeper\u2019s log", (1, 10), "The |keeper\u2019s log"),
        ("The wa\u00adter rose", (1, 5), "The |wa\u00adter rose"),
        ("A snake_case name", (1, 7), "A |snake_case name"),
        ("The e\u0301tage", (1, 5), "The |e\u0301tage"),
        ("(gate) opens", (1, 1), "(|gate) opens"),
        ("水門が開く", (1, 2), "水門|が開く"),
        ("A <em>big</em> gate", (1, 1), "A <em>big</em> |gate"),
        ("A <em>big</em> gate", (2, 0), "A |<em>big</em> gate"),
        ("A <em>big</em> gate", (2, 1), "A |<em>big</em> gate"),
        ("A <em>very big</em> gate", (2, 4), "A <em>very |big</em> gate"),
        ("A bi<em>gg</em>er gate", (2, 0), "A |bi<em>gg</em>er gate"),
        ("A bi<em>gg</em>er gate", (1, 3), "A |bi<em>gg</em>er gate"),
        ("A big<br/>gate", (1, 4), "A big<br/>|gate"),
        ("A <a href='#x'><em>big</em></a> gate", (3, 0), 'A |<a href="#x"><em>big</em></a> gate'),
        ("The gate", (1, 99), "The gate|"),
    ],
)
def test_a_page_break_stands_before_the_whole_word(inner: str, mark: tuple[int, int], result: str) -> None:
    assert broken(f"<article><p>{inner}</p></article>", mark) == f"<article><p>{result}</p></article>"


def test_a_page_break_at_a_heading_stands_before_it_and_two_breaks_in_their_order() -> None:
    assert broken("<article><h2>Gate</h2></article>", (1, 0)) == "<article>|<h2>Gate</h2></article>"
    assert broken("<article><h2>Gate of it</h2></article>", (1, 4)) == "<article><h2>Gate |of it</h2></article>"
    assert broken("<article><p>One</p><pre>two</pre></article>", (2, -1)) == "<article><p>One</p><pre>|two</pre></article>"


def paged_book(*, named: bool = True, sources: bool = True, standalone: bool = False) -> Edition:
    cited = (Citation(1, Source(title="Log")),) if sources else ()
    entry = Entry("a", Metadata(title="A"), "<article/>", 1, (), cited)
    return Edition(Imprint("T"), (Section("Gates" if named else "", "section-1", (entry,)),), standalone)


@pytest.mark.parametrize(
    ("place", "folio", "book", "file", "mark"),
    [
        ("a:7", "3", {}, "a", Mark("3", 7, "", 5)),
        ("a.note-1", "3", {}, "a", Mark("3", -1, "note-1", 5)),
        ("a", "3", {}, "a", Mark("3", -1, "", 5)),
        ("section-1", "3", {}, "section-1", Mark("3", -1, "", 0)),
        ("section-1", "3", {"named": False}, "nav", Mark("3", -1, "section-1", 5)),
        ("sources", "3", {}, "sources", Mark("3", -1, "sources", 5)),
        ("s-0123456789", "3", {}, "sources", Mark("3", -1, "s-0123456789", 5)),
        ("sources", "3", {"sources": False}, "nav", Mark("3", -1, "sources", 5)),
        ("colophon", "3", {}, "colophon", Mark("3", -1, "imprint", 0)),
        ("contents:a", "2", {}, "nav", Mark("2", -1, "a", 5)),
        ("contents:a", "1", {}, "title", Mark("1", -1, "", 0)),
        ("contents:a", "1", {"standalone": True}, "nav", Mark("1", -1, "a", 5)),
    ],
)
def test_each_printed_page_has_its_file(place: str, folio: str, book: dict[str, bool], file: str, mark: Mark) -> None:
    assert marks_by_file([PageBreak(folio, PageStart(place, 5))], paged_book(**book)) == {file: [mark]}


@pytest.mark.parametrize(
    ("xhtml", "mark", "result"),
    [
        ('<body><p id="x">The gate</p></body>', Mark("1", -1, "x", 3), '<body><p id="x">The |gate</p></body>'),
        ('<body><p id="x">A <b>big</b> gate</p></body>', Mark("1", -1, "x", 1), '<body><p id="x">A |<b>big</b> gate</p></body>'),
        ('<body><a href="b.xhtml">B</a></body>', Mark("1", -1, "b", 0), '<body><a href="b.xhtml">|B</a></body>'),
        ("<body><section><h1>B</h1></section></body>", Mark("1", -1, "", 0), "<body><section>|<h1>B</h1></section></body>"),
        ("<body><nav><h1>B</h1></nav></body>", Mark("1", -1, "y", 0), "<body>|<nav><h1>B</h1></nav></body>"),
        ("<body><p>B</p></body>", Mark("1", 4, "", 0), "<body><p>B</p></body>"),
    ],
)  # fmt: skip
def test_a_break_outside_the_articles_is_at_its_id_its_line_or_the_start(xhtml: str, mark: Mark, result: str) -> None:
    root = etree.fromstring(xhtml)
    mark_other_places(root, [mark])
    assert re.sub(r'<span [^>]*role="doc-pagebreak"[^>]*/>', "|", etree.tostring(root, encoding="unicode")) == result


def test_a_break_names_its_page() -> None:
    root = etree.fromstring("<article><p>Words</p></article>")
    mark_article(root, [Mark("12", 1, "", 0)])
    (span,) = root.iter("span")
    assert dict(span.attrib) == {
        "id": "page_12", "role": "doc-pagebreak", "aria-label": "12", f"{{{OPS}}}type": "pagebreak",
    }  # fmt: skip
    assert page_list({"a": [Mark("12", 1, "", 0)]}) == [("12", "a.xhtml#page_12")]


# What the book says of itself


ALT, DECORATION, WITHOUT = '<img alt="A weir"/>', '<img alt="" role="presentation"/>', '<img alt=""/>'


@pytest.mark.parametrize(
    ("chapter", "modes", "sufficient", "described", "conforms"),
    [
        ("<p/>", ("textual",), ("textual",), False, True),
        (ALT, ("textual", "visual"), ("textual", "textual,visual"), True, True),
        (ALT + DECORATION, ("textual", "visual"), ("textual", "textual,visual"), True, True),
        (ALT + WITHOUT, ("textual", "visual"), ("textual,visual",), False, False),
    ],
)
def test_how_a_book_can_be_read_is_taken_from_its_images(
    chapter: str, modes: tuple[str, ...], sufficient: tuple[str, ...], described: bool, conforms: bool
) -> None:
    made = access(Edition(Imprint("T", certifier=Certifier("C")), ()), ["<p/>", chapter], False)
    assert (made.modes, made.sufficient, made.hazards) == (modes, sufficient, ("none",))
    assert ("alternativeText" in made.features) is described and bool(made.conforms) is conforms
    assert ("1 of 2 images have no description." in made.summary) is (WITHOUT in chapter)
    assert ("Every image is described" in made.summary) is described
    assert access(Edition(Imprint("T"), ()), [chapter], False).conforms == ""


@pytest.mark.parametrize(
    ("chapter", "paged", "features", "words"),
    [
        ("<math/>", False, {"MathML"}, "Formulas"),
        ("<table/>", False, set(), "Tables"),
        ("<p/>", True, {"pageBreakMarkers", "pageNavigation"}, "page numbers"),
    ],
)
def test_what_a_book_has_is_named(chapter: str, paged: bool, features: set[str], words: str) -> None:
    book = Edition(Imprint("T"), ())
    made, plain = access(book, [chapter], paged), access(book, ["<p/>"], False)
    assert set(made.features) - set(plain.features) == features and words in made.summary and words not in plain.summary
    assert {"structuralNavigation", "tableOfContents", "readingOrder", "ARIA", "unlocked"} <= set(plain.features)


@pytest.mark.parametrize(("frames", "hazard"), [(1, "none"), (2, "unknown")])
def test_only_an_animated_image_may_flash(frames: int, hazard: str) -> None:
    pictures = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")[:frames]]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:])
    entry = Entry("a", Metadata(), "", 1, (Resource("images/a.gif", "image/gif", buffer.getvalue()),))
    assert access(Edition(Imprint("T"), (Section("", "", (entry,)),)), ["<p/>"], False).hazards == (hazard,)


def test_the_zip_of_a_book_begins_with_its_type_and_is_the_same_each_time() -> None:
    files = {"b.xhtml": b"words " * 90, "a.png": b"dots " * 90, "c.jpg": b"dots " * 90}
    with zipfile.ZipFile(io.BytesIO(pack(files))) as archive:
        rows = [(info.filename, info.compress_type == zipfile.ZIP_STORED) for info in archive.infolist()]
        assert {(info.date_time, info.external_attr >> 16, info.create_system) for info in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o644, 3)
        }
        assert archive.read("mimetype") == b"application/epub+zip"
    assert rows == [("mimetype", True), ("a.png", True), ("b.xhtml", False), ("c.jpg", True)]


BOOK = """[edition]
title = "Lock & weir"
authors = ["Ann Poe", "Ben Roe"]
language = "en"
date = 2026-03-17
identifier = "urn:isbn:9780000000000"
publisher = "Canal House"
rights = "Free to print"
description = "A week"
keywords = ["locks", "weirs"]
series = "The lock"
number = 7
[edition.certifier]
name = "Cy Doe"
credential = "Of the canal"
report = "https://example.org/report"
[[section]]
title = "Gates"
articles = ["a.md"]
[[section]]
articles = ["b.md"]
[outputs."x.pdf"]
[outputs."x.epub"]
"""


def test_the_package_of_a_book_has_all_that_the_manifest_says(edition: Callable[..., Path]) -> None:
    home = edition(
        {
            "publisher.toml": BOOK,
            "a.md": "# A\n\nLevel $h^2$ of the [log](https://example.org/log).\n\n![A dot](dot.png)\n",
            "b.md": "# B\n\nWords.\n",
        }
    )
    Image.new("RGB", (40, 40), "red").save(home / "dot.png")
    outputs = make(plan([home], [])).outputs
    data = next(output.data for path, output in outputs.items() if path.suffix == ".epub")
    book = book_of(data)
    opf = etree.fromstring(book["content.opf"].encode())
    dublin = [(etree.QName(one).localname, one.text) for one in opf.iter("{http://purl.org/dc/elements/1.1/}*")]
    assert dublin == [
        ("identifier", "urn:isbn:9780000000000"), ("title", "Lock & weir"), ("language", "en"), ("creator", "Ann Poe"),
        ("creator", "Ben Roe"), ("date", "2026-03-17"), ("publisher", "Canal House"), ("rights", "Free to print"),
        ("description", "A week"), ("subject", "locks"), ("subject", "weirs"),
    ]  # fmt: skip
    metas = {str(one.get("property")): one.text for one in opf.iter("{*}meta")}
    assert (metas["belongs-to-collection"], metas["group-position"]) == ("The lock", "7")
    assert metas["dcterms:modified"] == "2026-03-17T00:00:00Z" and metas["pageBreakSource"] == "urn:isbn:9780000000000"
    assert (metas["a11y:certifiedBy"], metas["a11y:certifierCredential"]) == ("Cy Doe", "Of the canal")
    assert 'href="https://example.org/report"' in book["content.opf"]
    items = {str(item.get("id")): item for item in opf.iter("{*}item")}
    assert [ref.get("idref") for ref in opf.iter("{*}itemref")] == [
        "cover", "title", "nav", "section-1", "a", "b", "sources", "colophon",
    ]  # fmt: skip
    properties = {name: item.get("properties") for name, item in items.items() if item.get("properties")}
    assert properties == {"nav": "nav", "cover-image": "cover-image", "a": "mathml"}
    types = {str(item.get("href")).rpartition(".")[2]: item.get("media-type") for item in items.values()}
    assert types | {"ttf": "font/ttf"} == {
        "xhtml": "application/xhtml+xml", "ncx": "application/x-dtbncx+xml", "css": "text/css", "png": "image/png",
        "svg": "image/svg+xml", "ttf": "font/ttf",
    }  # fmt: skip
    nav = etree.fromstring(book["nav.xhtml"].encode())
    kinds = {str(part.get(f"{{{OPS}}}type")): [link.get("href") for link in part.iter("{*}a")] for part in nav.iter("{*}nav")}
    assert kinds["toc"] == ["section-1.xhtml", "a.xhtml", "b.xhtml", "sources.xhtml", "colophon.xhtml"]
    assert "section-1.xhtml" in kinds["landmarks"] and len(kinds["page-list"]) == next(
        output.pages for path, output in outputs.items() if path.suffix == ".pdf"
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ncx = etree.fromstring(archive.read("EPUB/toc.ncx"))
    assert [point.get("src") for point in ncx.iter("{*}content")] == kinds["toc"]


def test_an_article_by_itself_has_no_title_page_and_without_sources_no_list_of_them(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nWords.\n"})
    book = book_of(collection(Path("a.md")).data)
    assert set(book) == {"cover.xhtml", "nav.xhtml", "a.xhtml", "colophon.xhtml", "content.opf"}
    opf = book["content.opf"]
    assert "pageBreakSource" not in opf and "conformsTo" not in opf and "belongs-to-collection" not in opf


@pytest.mark.parametrize(
    ("sections", "standalone", "first"),
    [
        ([("", "", "")], False, "a"),
        ([("Gates", "", "section-1")], False, "section-1"),
        ([("Gates", "Weirs", "section-1"), ("Water", "Locks", "section-2")], False, "part-1"),
    ],
)
def test_the_text_of_a_book_begins_with_its_first_part_section_or_chapter(
    sections: list[tuple[str, str, str]], standalone: bool, first: str
) -> None:
    entry = Entry("a", Metadata(title="A"), "", 1)
    made = tuple(Section(name, slug, (entry,), part) for name, part, slug in sections)
    assert epub._first_text_file(Edition(Imprint("T"), made, standalone)) == first


# Images


def drawn(mode: str, size: tuple[int, int], kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


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


# Sheets


def long(slug: str, words: int, **values: Any) -> Entry:
    return Entry(slug, Metadata(title=slug.upper()), values.pop("xhtml", ""), words, **values)


def grouped(flow: str, *sections: list[int]) -> list[int]:
    made = [
        Section("", "", tuple(long(f"{index}-{number}", words) for number, words in enumerate(row)))
        for index, row in enumerate(sections)
    ]
    return [len(run) for run in runs(made, flow)]


@pytest.mark.parametrize(
    ("flow", "sections", "lengths"),
    [
        ("auto", [[349, 349]], [2]),
        ("auto", [[349, 350, 349]], [1, 1, 1]),
        ("auto", [[100], [100]], [2]),
        ("section", [[5000, 5000, 5000], [1]], [3, 1]),
        ("section", [[5000, 5000, 5001]], [1, 1, 1]),
        ("section", [[1000, 1000, 1000, 15_000]], [4]),
        ("section", [[1000, 1000, 1001, 15_000]], [3, 1]),
        ("article", [[5, 5]], [1, 1]),
    ],
)
def test_short_articles_share_a_sheet_up_to_its_length(flow: str, sections: list[list[int]], lengths: list[int]) -> None:
    assert grouped(flow, *sections) == lengths


def sheet(pages: int, anchors: dict[str, tuple[int, float]] | None = None, **values: Any) -> Sheet:
    return Sheet("s", b"", pages, anchors or {}, **values)


@pytest.mark.parametrize(
    ("pages", "recto", "spans"),
    [([1, 2, 3], False, [1, 2, 3]), ([1, 2, 3], True, [2, 2, 3]), ([3], True, [3]), ([3, 3, 3], True, [4, 4, 3])],
)
def test_each_sheet_of_a_report_begins_on_a_right_hand_page(pages: list[int], recto: bool, spans: list[int]) -> None:
    assert pdf_writer._page_spans([sheet(count) for count in pages], recto) == spans


def running_edition(*, standalone: bool = False) -> Edition:
    entries = (long("a", 1), long("b", 1), long("c", 1))
    sections = (Section("Gates", "section-1", entries[:2]), Section("Water", "section-2", entries[2:]))
    return Edition(Imprint("The log", publisher="Canal House"), sections, standalone)


def heads(book: Edition, *sheets: Sheet, recto: bool = False) -> list[tuple[str, str]]:
    found = pdf_writer._running_heads(book, sheets, pdf_writer._page_spans(sheets, recto))
    return [(one.kind, one.head) for one in found]


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
        pdf_writer._headline_level(Edition(Imprint("T"), (Section(name, "s", (entry,), part),), standalone))
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


@pytest.mark.parametrize(
    ("step", "classes"),
    [(0, "wide"), (1, "wide dense"), (2, "wide dense hung"), (3, "wide dense turned"), (4, "wide dense turned broken")],
)
def test_a_table_that_is_too_wide_becomes_narrower_step_by_step(step: int, classes: str) -> None:
    made = set_out('<table/><table class="wide"/>', tables={"a:1": step})
    assert re.findall(r"<table([^>]*)/>", made.body) == [' data-table="a:0"', f' class="{classes}" data-table="a:1"']


def test_the_characters_of_a_drawing_are_named_so_that_their_fonts_are_loaded() -> None:
    drawing = Resource("images/d.svg", "image/svg+xml", SVG.format("", "<text>水門</text>").encode())
    other = Resource("images/e.svg", "image/svg+xml", SVG.format("", "<rect/>").encode())
    made = set_out('<img src="images/d.svg" alt=""/><img src="images/e.svg" alt=""/>', resources=(drawing, other))
    assert made.body.count("data-characters") == 1 and 'data-characters="水門"' in made.body


# What typesetting says


def job(xhtml: str = "<article><p>The weir at Kalyra is open.</p></article>") -> Job:
    return Job("s", (Piece(long("a", 1, xhtml=xhtml)),), themes.load("brief"), "en")


GLYPH = '1 glyph rendered for Unicode string unsupported by fonts: "{}" (U+0000)'


def test_a_line_of_the_engine_is_a_warning_but_for_images_without_words() -> None:
    lines = ["Image resource:x has no required alt description", "Ignored something", "No anchor #x"]
    assert [(one.code, one.message) for one in typeset._engine_diagnostics(job(), lines)] == [
        (Code.TYPESETTING, "Ignored something"),
        (Code.TYPESETTING, "No anchor #x"),
    ]


def test_a_character_that_no_font_has_is_an_error_with_its_words_and_the_package() -> None:
    made = job("<article><p>Over the &#x10330; weir &amp; lock</p></article>")
    found = typeset._engine_diagnostics(made, [GLYPH.format("\U00010330 "), GLYPH.format("水\U00010330")])
    assert [one.code for one in found] == [Code.GLYPH_MISSING] * 2
    by_hint = {one.hint: one.message for one in found}
    assert by_hint["install fonts-noto-extra, or remove the character"] == (
        "no font has \U00010330 (U+10330 GOTHIC LETTER AHSA), in a: “…Over the \U00010330 weir & lock…”"
    )
    assert (
        by_hint["install fonts-noto-cjk, or remove the character"] == "no font has 水 (U+6C34 CJK UNIFIED IDEOGRAPH-6C34), in s"
    )
    many = "".join(chr(0x10330 + number) for number in range(14))
    (one,) = typeset._engine_diagnostics(made, [GLYPH.format(many)])
    assert one.message.count(", \U00010331") == 1 and " and 2 more" in one.message and one.hint.endswith("these characters")
    (private,) = typeset._engine_diagnostics(made, [GLYPH.format("\ue000")])
    assert "(U+E000 private use)" in private.message


def test_letters_that_reach_no_page_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from publisher.writers.pdf import engine

    shown = "THE weir at Kalyra is open 2026"
    monkeypatch.setattr(engine, "shown_text", lambda document: [shown[:9], shown[9:]])
    assert typeset._lost_letters_diagnostics(job(), None) == []
    (lost,) = typeset._lost_letters_diagnostics(job("<article><p>The weir at Kalyra is open &amp; busy.</p></article>"), None)
    assert lost.code is Code.WORDS_LOST and lost.message == "4 letters of a are on no page"


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
    assert sorted(typeset._misplaced_notes(SimpleNamespace(pages=pages), articles)) == ["a.note-2", "a.note-3", "a.note-4"]  # type: ignore[arg-type]
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


def test_the_longest_sheets_are_made_first_and_come_back_in_their_order() -> None:
    order = []

    def mapper(step: Any, jobs: Any) -> Any:
        for one in jobs:
            order.append(one.name)
            yield Sheet(one.name, b"", 1, {})

    jobs = [replace(job(), name=name, before="word " * count) for name, count in (("s", 1), ("l", 9), ("m", 5))]
    settings = Settings(themes.load("brief"), Moment(datetime.datetime(2026, 3, 17)), mapper=mapper)
    assert [one.name for one in render_all(jobs, settings)] == ["s", "l", "m"] and order == ["l", "m", "s"]


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
    names = {re.findall(r"Fallback \w+", face.css)[0] for _, face in wanted_faces(theme, "水")}
    assert names == {"Fallback Han"} and "unicode-range" not in wanted_faces(theme, "水")[0][1].css
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
        assert int(pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(pdf.Root.StructTreeRoot.ParentTree.Nums) // 2
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


# Rules for books, on books that are made for them


def small_book(folder: Path, body: str = "<p>Words</p>", css: str = "", **files: bytes) -> epub_rules.Book:
    """A book of one chapter, with what its manifest needs; `files` are further ones by their names, `_` for a dot."""
    extra = {name.replace("_", "."): data for name, data in files.items()}
    types = {"png": "image/png", "ttf": "font/ttf", "css": "text/css", "svg": "image/svg+xml", "ncx": "application/x-dtbncx+xml"}
    covers = dict.fromkeys(("cover.png", "cover.svg"), "cover-image")
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="{types[name[-3:]]}" properties="{covers.get(name, "")}"/>'
        for number, name in enumerate(extra)
        if name[-3:] in types
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        '<dc:language>en</dc:language></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="x"/><item id="s" href="s.css" media-type="text/css"/>'
        f'{items}</manifest><spine><itemref idref="a"/></spine></package>'
    )
    page = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en"><body>{}</body></html>'
    container = '<container><rootfiles><rootfile full-path="EPUB/content.opf"/></rootfiles></container>'
    texts = {"content.opf": opf, "a.xhtml": page.format(body), "s.css": css}
    contents = {f"EPUB/{name}": text.encode() for name, text in texts.items()} | {
        f"EPUB/{name}": data for name, data in extra.items()
    }
    contents.setdefault("EPUB/nav.xhtml", page.format('<nav epub:type="toc"><ol/></nav>').encode())
    with zipfile.ZipFile(folder / "x.epub", "w") as archive:
        for name, data in {"META-INF/container.xml": container.encode(), **contents}.items():
            archive.writestr(name, data)
    return epub_rules.Book(folder / "x.epub")


CSS_FUNCTIONS = ("var", "calc", "clamp", "min", "max", "color-mix")
UNITS = ("px", "pt", "pc", "cm", "mm", "in")


def warned(book: epub_rules.Book, rule: str) -> list[str]:
    return list(epub_rules.RULES[rule].test(book))


@pytest.mark.parametrize(
    ("rule", "css", "says"),
    [
        ("kindle-margins", "p { margin: 0 -1em }", "p has a negative margin"),
        ("kindle-margins", "p { margin: -.5em 0 }", "p has a negative margin"),
        ("kindle-margins", "p { text-indent: -1em }", "p has a negative text-indent"),
        ("kindle-margins", "p { padding-left: -1px }", "p has a negative padding-left"),
        ("kindle-margins", "p { margin: 1em; top: -1em; width: 2em }", ""),
        ("kindle-margins", "@media screen { p { margin: -1em } }", "p has a negative margin"),
        ("kobo-flex", "html { display: grid }", "html has display grid: pages may be blank"),
        ("kobo-flex", ".x, body { display: inline-flex }", ".x, body has display inline-flex: pages may be blank"),
        ("kobo-flex", "div { display: flex } body { display: block } .body { display: flex }", ""),
        ("old-css", "p { --ink: red }", "p uses CSS that old readers do not support"),
        *(("old-css", f"p {{ width: {name}(1em) }}", "p uses CSS that old readers do not support") for name in CSS_FUNCTIONS),
        ("old-css", "p:is(a) { color: red }", "p:is(a) uses CSS that old readers do not support"),
        ("old-css", "p:where(a) { color: red }", "p:where(a) uses CSS that old readers do not support"),
        ("old-css", "p:has(a) { color: red }", "p:has(a) uses CSS that old readers do not support"),
        ("old-css", "@layer x { }", "@layer uses CSS that old readers do not support"),
        ("old-css", "@container (width > 1em) { }", "@container uses CSS that old readers do not support"),
        ("old-css", "@media print { p { color: red } } p:first-child { content: url(min.png) }", ""),
        *(
            ("read-sizes", f"p {{ font-size: 1{unit} }}", "p has a fixed font-size: readers cannot enlarge the text")
            for unit in UNITS
        ),
        ("read-sizes", "p { line-height: 12px }", "p has a fixed line-height: readers cannot enlarge the text"),
        ("read-sizes", "p { font: 12pt serif }", "p has a fixed font: readers cannot enlarge the text"),
        ("read-sizes", "p { font-size: 1.2em; line-height: 1.5; width: 12pt } h1 { font-size: 110% }", ""),
        ("read-night", "p { color: black }", "p sets color: in night mode text may be dark on dark"),
        ("read-night", "p { background-color: white }", "p sets background-color: in night mode text may be dark on dark"),
        ("read-night", "p { color: inherit; background: none; border-color: red } a { color: currentColor }", ""),
        ("read-night", "p { background: transparent }", ""),
    ],
)
def test_a_style_sheet_that_readers_fail_on_is_named(rule: str, css: str, says: str, tmp_path: Path) -> None:
    assert warned(small_book(tmp_path, css=css), rule) == ([f"s.css: {says}"] if says else [])


@pytest.mark.parametrize(
    ("rule", "body", "count"),
    [
        ("kindle-empty", "<p> </p>", 1),
        ("kindle-empty", '<p><img src="x"/></p>', 0),
        ("kindle-empty", '<svg xmlns="http://www.w3.org/2000/svg"/>', 0),
        ("kindle-targets", '<p id="x"><a href="#x">a</a><a href="a.xhtml#x">b</a><a href="nav.xhtml#y">c</a><a>d</a></p>', 0),
        ("kindle-targets", '<a href="https://example.org/">a</a><a href="MAILTO:x@example.org">b</a><img src="data:x"/>', 0),
        ("kindle-targets", '<a href="#x">a</a>', 1),
        ("kindle-targets", '<a href="b.xhtml">a</a>', 1),
        ("kindle-targets", '<img src="b.png"/>', 1),
        ("kindle-tables", "<table><tr><td/></tr></table><table/>", 0),
        ("kobo-ids", '<p id="kobo.1">a</p>', 1),
        ("kobo-ids", '<p class="x koboSpan">a</p>', 1),
        ("kobo-ids", '<p id="my-kobo" class="kobo">a</p>', 0),
        ("read-ids", '<p id="x">a</p><p id="x">b</p><p id="x">c</p><p id="y">d</p>', 1),
        ("kobo-notes", '<a epub:type="noteref" href="#n">1</a><p id="n">Note</p><a href="#m">2</a>', 0),
        ("kobo-notes", '<p id="n">Note</p><a epub:type="noteref" href="#n">1</a>', 1),
        ("kobo-notes", '<a epub:type="noteref" href="#m">1</a><p id="n">Note</p>', 1),
        ("kobo-notes", f'<a epub:type="noteref" href="#n">1</a><p id="n">{"x" * 5_000}</p>', 0),
        ("kobo-notes", f'<a epub:type="noteref" href="#n">1</a><p id="n">{"x" * 5_001}</p>', 1),
    ],
)
def test_a_chapter_that_readers_fail_on_is_named(rule: str, body: str, count: int, tmp_path: Path) -> None:
    assert len(warned(small_book(tmp_path, body), rule)) == count


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ((1400, 1680), []), ((1400, 2520), []), ((1399, 2000), ["1399 by 2000"]), ((1400, 1679), ["1400 by 1679"]),
        ((1400, 2521), ["1400 by 2521"]), ((2000, 1400), ["2000 by 1400"]),
    ],
)  # fmt: skip
def test_a_cover_is_large_and_upright(size: tuple[int, int], says: list[str], tmp_path: Path) -> None:
    book = small_book(tmp_path, cover_png=drawn("1", size, "PNG"))
    assert [message.partition(" has ")[2].partition(" pixels")[0] for message in warned(book, "apple-cover")] == says
    assert warned(book, "kobo-cover") == warned(book, "apple-pixels") == []


def test_a_book_without_a_cover_or_with_a_drawn_one_has_none_for_the_shelf(tmp_path: Path) -> None:
    for book in (small_book(tmp_path), small_book(tmp_path, cover_svg=b"<svg/>")):
        assert warned(book, "kobo-cover") == ["the book has no cover in JPEG or PNG"] and len(warned(book, "apple-cover")) == 1


@pytest.mark.parametrize(("size", "count"), [((2800, 2000), 0), ((2801, 2000), 1)])
def test_an_image_of_more_pixels_than_are_shown_is_named(size: tuple[int, int], count: int, tmp_path: Path) -> None:
    assert len(warned(small_book(tmp_path, dot_png=drawn("1", size, "PNG")), "apple-pixels")) == count


def test_fonts_are_in_the_book_in_its_styles_and_declared(tmp_path: Path) -> None:
    face = "@font-face { font-family: X; src: url({}) }"
    for css in (face.replace("{}", "x.ttf"), face.replace("{}", "'x.ttf'")):
        says = warned(small_book(tmp_path, css=css, x_ttf=b"font"), "apple-fonts")
        assert says == ["the package does not declare that the book has its own fonts (ibooks:specified-fonts)"]
    says = warned(small_book(tmp_path, x_ttf=b"font"), "apple-fonts")
    assert says[0] == "x.ttf is in the book but in no style sheet" and len(says) == 2
    assert warned(small_book(tmp_path, css=face.replace("{}", "y.ttf")), "apple-fonts") == [
        "y.ttf is in a style sheet but not in the book"
    ]


NCX = '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navLabel><text>{}</text></navLabel></navMap></ncx>'
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
    '<nav epub:type="landmarks"><a>Start</a></nav><nav epub:type="toc">{}</nav></body></html>'
)


def test_old_readers_have_contents_and_the_same_ones(tmp_path: Path) -> None:
    nav = NAV.format("<a>The\n weir</a>").encode()
    assert warned(small_book(tmp_path, nav_xhtml=nav), "old-ncx") == ["the book has no NCX: old readers show no contents"]
    assert warned(small_book(tmp_path, nav_xhtml=nav, toc_ncx=NCX.format("The weir").encode()), "old-ncx") == []
    assert len(warned(small_book(tmp_path, nav_xhtml=nav, toc_ncx=NCX.format("A weir").encode()), "old-ncx")) == 1


@pytest.mark.parametrize(("depth", "count"), [(3, 0), (4, 1)])
def test_contents_are_at_most_three_levels_deep(depth: int, count: int, tmp_path: Path) -> None:
    nav = NAV.format(f"{'<ol><li>' * depth}<a>A</a>{'</li></ol>' * depth}").encode()
    assert len(warned(small_book(tmp_path, nav_xhtml=nav), "old-depth")) == count


@pytest.mark.parametrize(
    ("name", "good"), [("Weir_1-a.txt", True), ("weir 1.txt", False), ("w\u00e9ir.txt", False), ("a+b.txt", False)]
)
def test_names_of_files_are_plain(name: str, good: bool, tmp_path: Path) -> None:
    book = small_book(tmp_path)
    book.files[f"EPUB/{name}"] = b""
    assert (warned(book, "kindle-names") == []) is good


@pytest.mark.parametrize(("lang", "good"), [("en", True), ("de-CH", True), ("", False), ("english please", False)])
def test_a_book_and_its_chapters_name_their_language(lang: str, good: bool, tmp_path: Path) -> None:
    book = small_book(tmp_path)
    next(book.opf.iter("{*}language")).text = lang
    assert (warned(book, "kindle-language") == []) is good
    book = small_book(tmp_path)
    (page,) = book.pages.values()
    page.set("lang", lang)
    assert (warned(book, "kindle-language") == []) is good
    del page.attrib["lang"]
    page.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    assert warned(book, "kindle-language") == []


def test_images_of_a_chapter_may_be_up_to_5_megabytes(tmp_path: Path) -> None:
    book = small_book(tmp_path, dot_png=drawn("1", (9, 9), "PNG"))
    for size, count in ((5_000_000, 0), (5_000_001, 1)):
        book.files["EPUB/dot.png"] = bytes(size)
        assert len(warned(book, "kindle-pictures")) == count
    cover = small_book(tmp_path, cover_png=drawn("1", (9, 9), "PNG"))
    for size, count in ((3_000_000, 0), (3_000_001, 1)):
        cover.files["EPUB/cover.png"] = bytes(size)
        assert len(warned(cover, "kobo-cover")) == count
    for size, count in ((50_000_000, 0), (50_000_001, 1)):
        cover.size = size
        assert len(warned(cover, "kindle-size")) == count


def test_notes_at_the_end_are_notes_and_the_box_of_a_figure_is_counted_from_the_foot(edition: Callable[..., Path]) -> None:
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["a.md"]\n[sources]\nnotes = "end"\n'
    dots = "Upper ![A dot](dot.png)\n\nLower ![A dot](dot.png) words.[^1]"
    home = edition({"publisher.toml": manifest, "a.md": f"# A\n\n{dots}\n\n[^1]: From the lock book.\n"})
    Image.new("RGB", (40, 40), "red").save(home / "dot.png")
    with pikepdf.open(io.BytesIO(make(plan([home], [Path("x.pdf")])).outputs[Path("x.pdf")].data)) as pdf:
        elements = PdfFile(pdf).elements
        (note,) = (element for element in elements if element.kind == "Note")
        assert str(note.object.ID) == "a.note-1" and [child.kind for child in note.children][:1] == ["Lbl"]
        upper, lower = (element.attribute("/BBox") for element in elements if element.kind == "Figure")
        assert float(upper[1]) > float(lower[3])


def test_a_header_cell_of_a_row_is_the_header_of_its_row(edition: Callable[..., Path]) -> None:
    table = "<table><thead><tr><th>Lock</th><th>Barges</th></tr></thead><tbody><tr><th>Upper</th><td>7</td></tr></tbody></table>"
    edition({"a.html": f"<article><h1>A</h1><p>Words of the keepers.</p>{table}</article>"})
    outputs = make(plan([Path("a.html")], [Path("a.pdf"), Path("a.epub")])).outputs
    with pikepdf.open(io.BytesIO(outputs[Path("a.pdf")].data)) as pdf:
        elements = PdfFile(pdf).elements
        scopes = [str(element.attribute("/Scope")) for element in elements if element.kind == "TH"]
        ids = [bytes(element.object.ID) for element in elements if element.kind == "TH"]
        (cell,) = [element for element in elements if element.kind == "TD"]
        assert scopes == ["/Column", "/Column", "/Row"]
        assert sorted(map(bytes, cell.attribute("/Headers"))) == sorted([ids[1], ids[2]])
    chapter = book_of(outputs[Path("a.epub")].data)["a.xhtml"]
    assert re.findall(r'<th scope="(\w+)"', chapter) == ["col", "col", "row"]
