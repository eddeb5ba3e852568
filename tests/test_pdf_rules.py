"""Every rule sees its own failure, and nothing else in a good file: one breaking of a brief for each."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from publisher.checks import pdf_rules, pdf_structure, pdf_tables
from publisher.checks.pdf_file import PdfFile
from publisher.checks.pdf_rules import RULES
from publisher.checks.validate import pdf_diagnostics
from publisher.model.codes import Code
from tests.conftest import Run
from tests.test_brief import brief

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parent / "pdf_rules"

ARTICLE = """---
lang: en
---

# A small brief[^2]

Words with a [link](https://example.org/one) and a note.[^1] And `code`.

## A subhead

| a | b |
| --- | --- |
| 1 | 2 |

- one
- two

![A red square](dot.png)

[^1]: The first note.

[^2]: The second note.
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("good")
    Image.new("RGB", (700, 950), "red").save(folder / "dot.png")  # so that there are two pages
    (folder / "a.md").write_text(f"{ARTICLE}\n\n{'The gate moved again. ' * 200}\n", "utf-8")
    return brief(folder / "a.md").data


def failures(pdf: pikepdf.Pdf) -> set[str]:
    return {number for _, number in pdf_rules.failures(PdfFile(pdf))}


def _first(pdf: pikepdf.Pdf, kind: str) -> Any:
    return _all(pdf, kind)[0]


def _all(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [element.object for element in PdfFile(pdf).elements if element.kind == kind]


def _link(pdf: pikepdf.Pdf) -> Any:
    return next(annotation for annotation in pdf.pages[0].Annots if annotation.Subtype == Name.Link)


def _meta(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    data = pdf.Root.Metadata.read_bytes()
    assert old in data
    pdf.Root.Metadata.write(data.replace(old, new))


def _font(pdf: pikepdf.Pdf) -> Any:
    return next(entry for entry in pdf.objects if isinstance(entry, Dictionary) and entry.get("/Subtype") == Name.Type0)


def _no_fonts(pdf: pikepdf.Pdf) -> None:
    descriptor = _font(pdf).DescendantFonts[0].FontDescriptor
    for key in descriptor.keys() & {"/FontFile2", "/FontFile3"}:
        del descriptor[key]


def _interpolated(pdf: pikepdf.Pdf) -> None:
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Stream) and entry.get("/Subtype") == Name.Image:
            entry.Interpolate = True


def _same_notes(pdf: pikepdf.Pdf) -> None:
    notes = _all(pdf, "Note")
    notes[0].ID = notes[1].ID


def _unidentified(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer["/ID"]


def _no_language(pdf: pikepdf.Pdf) -> None:
    for holder in (pdf.Root, *(element.object for element in PdfFile(pdf).elements)):
        if "/Lang" in holder:
            del holder["/Lang"]


def _same_headings(pdf: pikepdf.Pdf) -> None:
    for element in PdfFile(pdf).elements:
        if re.fullmatch("H[1-6]|P", element.kind):
            element.object.S = Name.H


def _wordless_formula(pdf: pikepdf.Pdf) -> None:
    figure = _first(pdf, "Figure")
    figure.S = Name.Formula
    del figure["/Alt"]


def _no_headers(pdf: pikepdf.Pdf) -> None:
    for cell in [*_all(pdf, "TH"), *_all(pdf, "TD")]:
        del cell["/A"]


def _private(pdf: pikepdf.Pdf, entry: Any) -> None:
    """An object that the file holds though nothing shows it."""
    pdf.Root.PieceInfo = pdf.make_indirect(entry)


def _simple_font(pdf: pikepdf.Pdf) -> None:
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Test, Flags=4, FontFile2=pdf.make_stream(b""))
    font = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Test, Encoding=Name.WinAnsiEncoding, FontDescriptor=descriptor
    )
    pdf.pages[0].Resources.Font.Test = pdf.make_indirect(font)


def _mapped_to_nothing(pdf: pikepdf.Pdf) -> None:
    stream = _font(pdf).ToUnicode
    stream.write(re.sub(rb"(beginbfchar\s*<[0-9a-f]+>\s*)<[0-9a-f]+>", rb"\1<0000>", stream.read_bytes(), count=1))


def _dynamic_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<dynamicRender>required</dynamicRender>"))


BREAKINGS: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "ua-01-005": lambda pdf: pdf.pages[0].contents_add(b"0 0 5 5 re f", prepend=True),
    "ua-01-007": lambda pdf: setattr(pdf.Root.MarkInfo, "Suspects", True),
    "ua-02-001": lambda pdf: setattr(_first(pdf, "Code"), "S", Name.Listing),
    "ua-02-003": lambda pdf: setattr(pdf.Root.StructTreeRoot, "RoleMap", Dictionary(Verse=Name.Line, Line=Name.Verse)),
    "ua-02-004": lambda pdf: setattr(pdf.Root.StructTreeRoot, "RoleMap", Dictionary(Quote=Name.Span)),
    "ua-06-001": lambda pdf: pdf.Root.__delitem__("/Metadata"),
    "ua-06-002": lambda pdf: _meta(pdf, b"pdfuaid:part", b"pdfuaid:whole"),
    "ua-06-003": lambda pdf: _meta(pdf, b"dc:title", b"dc:source"),
    "ua-07-001": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "ua-09-004": lambda pdf: setattr(_first(pdf, "LI"), "S", Name.TBody),
    "ua-11-001": _no_language,
    "ua-11-007": lambda pdf: setattr(pdf.Root, "Lang", String("plain English")),
    "ua-13-004": lambda pdf: _first(pdf, "Figure").__delitem__("/Alt"),
    "ua-14-003": lambda pdf: setattr(_first(pdf, "H2"), "S", Name.H4),
    "ua-14-006": _same_headings,
    "ua-14-007": lambda pdf: setattr(_first(pdf, "H2"), "S", Name.H),
    "ua-15-003": _no_headers,
    "ua-15-004": lambda pdf: _all(pdf, "TR")[-1].K.__delitem__(1),
    "ua-17-002": _wordless_formula,
    "ua-19-003": lambda pdf: _first(pdf, "Note").__delitem__("/ID"),
    "ua-19-004": _same_notes,
    "ua-20-001": lambda pdf: setattr(pdf.Root, "OCProperties", Dictionary(OCGs=Array(), D=Dictionary(AS=Array()))),
    "ua-21-001": lambda pdf: pdf.Root.AF[0].__delitem__("/UF"),
    "ua-25-001": _dynamic_form,
    "ua-28-007": lambda pdf: setattr(_link(pdf), "Subtype", Name.TrapNet),
    "ua-28-008": lambda pdf: pdf.pages[0].obj.__delitem__("/Tabs"),
    "ua-28-011": lambda pdf: setattr(_first(pdf, "Link"), "S", Name.Span),
    "ua-28-012": lambda pdf: _link(pdf).__delitem__("/Contents"),
    "ua-28-014": lambda pdf: _private(pdf, Dictionary(S=Name.MCD, CT=String("audio/mp3"))),
    "ua-28-018": lambda pdf: setattr(_link(pdf), "Subtype", Name.PrinterMark),
    "ua-30-001": lambda pdf: _private(pdf, pikepdf.Stream(pdf, b"", Subtype=Name.Form, Ref=Dictionary(F=String("other.pdf")))),
    "ua-31-004": lambda pdf: _font(pdf).DescendantFonts[0].__delitem__("/CIDToGIDMap"),
    "ua-31-009": _no_fonts,
    "ua-31-013": lambda pdf: setattr(_font(pdf).DescendantFonts[0].FontDescriptor, "CharSet", String("none")),
    "ua-31-018": _simple_font,
    "ua-31-027": lambda pdf: _font(pdf).__delitem__("/ToUnicode"),
    "ua-31-028": _mapped_to_nothing,
    "a-6.1.3": _unidentified,
    "a-6.2.3": lambda pdf: pdf.Root.__delitem__("/OutputIntents"),
    "a-6.2.8": _interpolated,
    "a-6.3.2": lambda pdf: _link(pdf).__delitem__("/F"),
    "a-6.5.1": lambda pdf: setattr(_link(pdf), "A", Dictionary(S=Name.JavaScript, JS=String("1"))),
    "a-6.6.2.3": lambda pdf: _meta(pdf, b"pdfaExtension:schemas", b"pdfaExtension:nothing"),
    "a-6.6.4": lambda pdf: _meta(pdf, b">A</pdfaid:conformance>", b">Z</pdfaid:conformance>"),
    "a-6.8": lambda pdf: setattr(pdf.Root, "AF", Array()),
}


def _numbers(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root.StructTreeRoot.ParentTree.Nums


def _swap_pages(pdf: pikepdf.Pdf) -> None:
    first, second = pdf.pages[0].obj, pdf.pages[-1].obj
    first.StructParents, second.StructParents = second.StructParents, first.StructParents


def _own_nothing(pdf: pikepdf.Pdf) -> None:
    """An element gives up its content, which the parent tree still says is its own."""
    _first(pdf, "H1").K = Array()


def _disown_link(pdf: pikepdf.Pdf) -> None:
    links = [annotation for annotation in pdf.pages[0].Annots if "/StructParent" in annotation]
    links[0].StructParent, links[1].StructParent = links[1].StructParent, links[0].StructParent


def _no_titles(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Title"]
    _meta(pdf, b"dc:title", b"dc:source")


def _unreferred(pdf: pikepdf.Pdf) -> None:
    for reference in _all(pdf, "Reference"):
        reference.S = Name.Span


def _flatten_links(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            annotation.Rect[3] = annotation.Rect[1]


STRUCTURE: dict[str, tuple[Code, Callable[[pikepdf.Pdf], Any]]] = {
    "untagged": (Code.PDF_UNTAGGED, lambda pdf: pdf.Root.__delitem__("/StructTreeRoot")),
    "unmarked": (Code.PDF_UNTAGGED, lambda pdf: setattr(pdf.Root, "MarkInfo", Dictionary(Marked=False))),
    "no title": (Code.PDF_TITLE, _no_titles),
    "page without a number": (Code.PDF_PAGE_UNTAGGED, lambda pdf: pdf.pages[0].obj.__delitem__("/StructParents")),
    "page with another page's number": (Code.PDF_PARENT_TREE, _swap_pages),
    "element that gave up its content": (Code.PDF_PARENT_TREE, _own_nothing),
    "entry of the parent tree gone": (Code.PDF_PARENT_TREE, lambda pdf: _numbers(pdf)[1].__setitem__(0, None)),
    "links that changed their owners": (Code.PDF_PARENT_TREE, _disown_link),
    "link without an owner": (Code.PDF_LINK_UNTAGGED, lambda pdf: _link(pdf).__delitem__("/StructParent")),
    "links that lead nowhere": (Code.PDF_LINK_LOST, lambda pdf: pdf.Root.Names.__delitem__("/Dests")),
    "links without height": (Code.PDF_LINK_AREA, _flatten_links),
    "figure beside its page": (
        Code.PDF_FIGURE_BOX,
        lambda pdf: setattr(_first(pdf, "Figure").A, "BBox", Array([700, 100, 900, 200])),
    ),
    "note that is a paragraph": (Code.PDF_NOTE_UNTAGGED, lambda pdf: setattr(_first(pdf, "Note"), "S", Name.P)),
    "references that are spans": (Code.PDF_NOTE_UNTAGGED, _unreferred),
}


def test_a_good_file_holds_together(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        assert list(pdf_structure.findings(PdfFile(pdf))) == []


@pytest.mark.parametrize("name", STRUCTURE)
def test_each_way_to_fall_apart_is_found(name: str, good: bytes) -> None:
    code, breaking = STRUCTURE[name]
    with pikepdf.open(io.BytesIO(good)) as pdf:
        breaking(pdf)
        assert code in {found for _, found in pdf_structure.findings(PdfFile(pdf))}


def test_notes_that_are_nowhere_are_missed_by_the_articles_that_the_file_carries(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        del pdf.Root.Names["/Dests"]
        for note in _all(pdf, "Note"):
            note.S = Name.P
        messages = [message for message, code in pdf_structure.findings(PdfFile(pdf)) if code is Code.PDF_NOTE_UNTAGGED]
    assert messages and messages[0].startswith("3 footnotes are not tagged as Note: a.note-1")


FOREIGN: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "attributes in an array, with revision numbers": lambda pdf: setattr(
        _first(pdf, "TH"), "A", Array([Dictionary(O=Name.Layout), 0, Dictionary(O=Name.Table, Scope=Name.Column), 1])
    ),
    "headers in the second of two attribute objects": lambda pdf: [
        setattr(cell, "A", Array([Dictionary(O=Name.Layout), cell.A])) for cell in [*_all(pdf, "TH"), *_all(pdf, "TD")]
    ],
    "a type of its own, mapped twice": lambda pdf: (
        setattr(_first(pdf, "Code"), "S", Name.Listing),
        setattr(pdf.Root.StructTreeRoot, "RoleMap", Dictionary(Listing=Name.Mono, Mono=Name.Code)),
    ),
    "a pop-up that nobody owns": lambda pdf: pdf.pages[0].Annots.append(
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Popup, Rect=Array([0, 0, 9, 9]), F=28))
    ),
    "a hidden link": lambda pdf: pdf.pages[0].Annots.append(
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), F=6))
    ),
    "a parent tree with branches": lambda pdf: setattr(
        pdf.Root.StructTreeRoot,
        "ParentTree",
        pdf.make_indirect(Dictionary(Kids=Array([pdf.make_indirect(Dictionary(Nums=_numbers(pdf)))]))),
    ),
    "a title in the metadata alone": lambda pdf: pdf.docinfo.__delitem__("/Title"),
    "the language on the elements": lambda pdf: (
        setattr(_first(pdf, "Document"), "Lang", String("en")),
        pdf.Root.__delitem__("/Lang"),
        pdf.Root.__delitem__("/Outlines"),
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_other_programs_may_write_is_no_fault(name: str, good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        FOREIGN[name](pdf)
        assert list(pdf_diagnostics(pdf)) == []


@pytest.mark.parametrize(
    "breaking",
    [
        lambda pdf: setattr(pdf.Root, "StructTreeRoot", String("no dictionary")),
        lambda pdf: setattr(pdf.Root.StructTreeRoot, "K", 7),
        lambda pdf: setattr(pdf.Root.StructTreeRoot, "ParentTree", Array()),
        lambda pdf: setattr(_first(pdf, "P"), "K", String("words")),
        lambda pdf: _first(pdf, "Art").K.append(_first(pdf, "Document")),
        lambda pdf: setattr(_first(pdf, "TH"), "A", String("Scope")),
        lambda pdf: setattr(_first(pdf, "Figure").A, "BBox", Array([String("a"), 1, 2, 3])),
        lambda pdf: setattr(pdf.pages[0].obj, "Annots", Array([7, String("x")])),
        lambda pdf: setattr(_link(pdf), "A", Array([Name.URI])),
        lambda pdf: setattr(pdf.Root, "Names", Array()),
        lambda pdf: pdf.Root.Metadata.write(b"<x:xmpmeta"),
        lambda pdf: setattr(pdf.Root, "MarkInfo", 1),
        lambda pdf: setattr(_font(pdf), "DescendantFonts", Dictionary()),
        lambda pdf: setattr(_font(pdf), "ToUnicode", Name("/Identity-H")),
        lambda pdf: setattr(pdf.Root, "OCProperties", Array()),
        lambda pdf: setattr(_first(pdf, "Code"), "S", Name("/")),
    ],
)
def test_a_file_that_is_broken_in_a_way_that_nobody_foresaw_gives_messages_and_no_traceback(
    breaking: Callable[[pikepdf.Pdf], Any], good: bytes
) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        breaking(pdf)
        list(pdf_diagnostics(pdf))


def test_a_good_file_fails_nothing(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        assert failures(pdf) == set()


@pytest.mark.parametrize("number", BREAKINGS)
def test_a_broken_file_fails_its_own_rule_only(number: str, good: bytes, request: pytest.FixtureRequest) -> None:
    """The broken files stand in tests/pdf_rules, for `publisher check` and for other checkers; --update breaks them anew."""
    fixture = FIXTURES / f"{number}.pdf"
    with pikepdf.open(io.BytesIO(good)) as pdf:
        BREAKINGS[number](pdf)
        if request.config.getoption("--update"):
            pdf.save(fixture, static_id=True)
            if number == "a-6.1.3":  # pikepdf gives every file it writes an identifier
                fixture.write_bytes(fixture.read_bytes().replace(b"/ID", b"/XD"))
        assert failures(pdf) == {number}
    with pikepdf.open(fixture) as pdf:
        assert failures(pdf) == {number}


def test_a_script_of_the_whole_document_fails(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.Names.JavaScript = Dictionary(Names=Array([String("greeting"), script]))
        assert failures(pdf) == {"a-6.5.1"}


def _table(pdf: pikepdf.Pdf, *rows: tuple[tuple[int, int], ...]) -> None:
    """Lays out the first table anew: for each row the (columns, rows) that its cells span."""
    table = _first(pdf, "Table")
    body = Array()
    for row in rows:
        cells = [
            pdf.make_indirect(Dictionary(S=Name.TD, A=Dictionary(O=Name.Table, ColSpan=columns, RowSpan=down), K=Array()))
            for columns, down in row
        ]
        body.append(pdf.make_indirect(Dictionary(S=Name.TR, K=Array(cells))))
        for cell in cells:
            cell.P = body[-1]
    for row in body:
        row.P = table
    table.K = body


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((((1, 1), (1, 1), (1, 1)), ((1, 1), (1, 1), (1, 1))), ""),
        ((((1, 2), (1, 2), (1, 1)), ((1, 1),)), ""),
        ((((1, 1), (1, 2)), ((2, 1),)), "two cells of a table have the same place"),
        ((((1, 1), (1, 1)), ((1, 1),)), "the rows of a table have different numbers of columns"),
        ((((1, 3),), ((1, 1),)), "a table cell spans more rows than the table has"),
    ],
)
def test_the_places_of_cells_that_span_are_counted(
    rows: tuple[tuple[tuple[int, int], ...], ...], message: str, good: bytes
) -> None:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        _table(pdf, *rows)
        assert next(pdf_tables.irregular_tables(PdfFile(pdf)), "") == message


def test_a_file_closed_to_assistive_technology_fails(good: bytes) -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(
            locked,
            encryption=pikepdf.Encryption(
                owner="o", R=3, aes=False, metadata=False, allow=pikepdf.Permissions(accessibility=False)
            ),
        )
    with pikepdf.open(locked) as pdf:
        assert "ua-26-002" in failures(pdf)


def test_every_rule_has_its_breaking() -> None:
    assert RULES.keys() == BREAKINGS.keys() | {"ua-26-002"}


def test_check_names_the_rule(publisher: Callable[..., Run]) -> None:
    run = publisher("check", FIXTURES / "ua-13-004.pdf")
    assert run.code == 1 and "a figure has no alternative text [ua-13-004]" in run.err
