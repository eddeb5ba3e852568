"""Small promises of the writers and of what is between readers and writers, one example each."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image

from publisher.build.build import assemble, make
from publisher.build.plan import plan
from publisher.build.planned import PlannedArticle
from publisher.build.slugs import SlugRequest, slugs_for
from publisher.checks.pdf_file import PdfFile
from publisher.model.edition import Entry
from publisher.model.metadata import Metadata
from publisher.writers import themes
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.epub.pagelist import Mark, mark_article, page_list
from publisher.writers.pdf.face import Face
from publisher.writers.pdf.font_subsets import FontEmbedder
from publisher.writers.pdf.growing_file import GrowingFile
from publisher.writers.pdf.object_transfer import ObjectTransfer
from publisher.writers.pdf.running import shortened
from publisher.writers.pdf.sheet_markup import article_markup
from publisher.writers.pdf.typeset import _anchors
from tests.conftest import Run
from tests.test_brief import brief
from tests.test_collection import collection
from tests.writer_samples import book_of

pytestmark = pytest.mark.slow


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
        assert {str(link.Contents) for link in links if str(link.Dest) == "b"} == {"B"}
        assert not [link for link in links if "bind:" in str(link.get("/Contents", ""))]


def test_the_number_of_a_note_is_read_before_its_text(edition: Callable[..., Path]) -> None:
    edition({"a.md": "# A\n\nThe gate opened.[^1]\n\n[^1]: From the lock book.\n"})
    with pikepdf.open(io.BytesIO(brief(Path("a.md")).data)) as pdf:
        (note,) = [element for element in PdfFile(pdf).elements if element.kind == "Note"]
        assert note.children[0].kind == "Lbl"


def test_faces_with_other_texts_for_a_glyph_have_fonts_of_their_own() -> None:
    file, pdf = GrowingFile(), pikepdf.new()
    transfer, embedder = ObjectTransfer(pdf, file), FontEmbedder(file, themes.load("brief"))
    faces = [Face("f", "Font", "Font", "font.ttf", 4, 800, -200, ((7, 500, text),)) for text in ("a", "a", "b")]
    resources = [pikepdf.Dictionary(Font=pikepdf.Dictionary()) for _ in faces]
    for face, place in zip(faces, resources, strict=True):
        embedder.place(transfer, place, [face])
    first, same, other = (transfer.text(place.Font["/f"]) for place in resources)
    assert first == same != other


def test_a_font_that_draws_nothing_is_in_the_file(edition: Callable[..., Path]) -> None:
    """The marks of directions around a Hebrew word have no glyph, but the font of the text around them."""
    table = "<table><caption>\u2067של\u2069</caption><tr><td>b</td></tr></table>"
    home = edition({"a.html": f"<article><h1>A</h1><p>Words.</p>{table}</article>"})
    with pikepdf.open(io.BytesIO(brief(home / "a.html").data)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        widths = {str(font.BaseFont)[8:]: list(font.DescendantFonts[0].W) for font in fonts.values()}
    assert widths["Label-Semi-Bold"] == [] and widths["Fallback-Hebrew"] != []


def test_heads_and_feet_that_are_too_tall_to_be_repeated_stand_once(edition: Callable[..., Path]) -> None:
    words = " ".join(["gauge", "tide", "weir", "barge"] * 90)
    rows = "".join(f"<tr><td>Lock {number}</td><td>Open</td></tr>" for number in range(30))
    tall = f"<tr><th>{words}</th><th>{words}</th></tr>"
    tables = (
        f"<table><thead>{tall}</thead><tbody>{rows}</tbody></table>",
        f"<table><tfoot>{tall}</tfoot><tbody>{rows}</tbody></table>",
        f"<table><thead>{tall}</thead><tbody><tr><td>{words} {words}</td><td>Open</td></tr></tbody></table>",
    )
    pages = {f"{number}.html": f"<article><h1>Gauges</h1><p>Words.</p>{table}</article>" for number, table in enumerate(tables)}
    home = edition(pages)
    output = brief(*(home / name for name in pages))
    assert output.data and not output.diagnostics


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
    assert re.findall(r'<th[^>]* scope="(\w+)"', chapter) == ["col", "col", "row"]


@pytest.mark.parametrize("theme", ["brief", "report", "digest"])
def test_a_small_image_keeps_its_size_and_a_large_one_fills_the_column(edition: Callable[..., Path], theme: str) -> None:
    home = edition({"a.md": "# Lock\n\n![Icon](icon.png)\n\n![Gate](gate.png)\n\n![Tower](tower.png)\n"})
    for name, size in {"icon": (16, 16), "gate": (1600, 800), "tower": (300, 3000)}.items():
        Image.new("RGB", size, "navy").save(home / f"{name}.png")
    (output,) = make(plan([home / "a.md"], [Path("a.pdf")], theme=theme)).outputs.values()
    boxes = [item.get_bounds() for page in pypdfium2.PdfDocument(output.data) for item in page.get_objects() if item.type == 3]
    icon, gate, tower = ((right - left, top - bottom) for left, bottom, right, top in boxes)
    assert icon == pytest.approx((12, 12), abs=0.1)
    assert gate[0] > 200 and gate[0] == pytest.approx(2 * gate[1], abs=0.5)
    assert tower[1] > 100 and tower[1] == pytest.approx(10 * tower[0], abs=0.5)
