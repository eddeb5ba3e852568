"""What the checks of a PDF find, on trees of a few elements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from publisher.checks import pdf_rules, pdf_structure
from publisher.checks.pdf_file import PdfFile, box_of
from publisher.checks.validate import validate
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError

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
        ({"Dest": Name.none}, True),
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
