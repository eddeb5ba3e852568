"""E-books as manuscripts: links between chapters, and the kinds of books there are, one example for each rule."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from publisher.build.build import assemble, make
from publisher.build.ingest import articles_of
from publisher.build.plan import plan
from publisher.checks.validate import validate
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.markup import xhtml
from publisher.text.plain_text import text_of
from tests.reader_samples import ebook, rules

# Links of the kinds that books have: to a section, a page break, an empty anchor, a chapter, a plate, the contents.
CHAPTERS = {
    "nav.xhtml": '<nav epub:type="toc"><a href="one.xhtml">One</a></nav>',
    "one.xhtml": '<h1>One</h1><p>See <a href="Zw%C3%B6lf.xhtml#Sec_2">the section</a>, <a href="Zwölf.xhtml#page12">page 12</a>, '
    '<a href="Zw%C3%B6lf.xhtml#empty">the anchor</a>, <a href="Zwölf.xhtml">chapter two</a>, '
    '<a href="plate.xhtml">the plate</a>, <a href="#here">here</a> and <a href="nav.xhtml">the contents</a>.</p>'
    '<p id="here">Here it is.</p>',
    "Zwölf.xhtml": '<section id="top"><h1>Two</h1><p>A start.</p><h2 id="Sec_2">Section two</h2><p>Some words.</p>'
    '<div><span epub:type="pagebreak" id="page12" title="12"/></div><p>Page twelve begins. '
    'Back to <a href="one.xhtml#here">here</a>.</p><div id="empty"/><p>Behind the anchor.</p></section>',
    "plate.xhtml": '<p><img src="dot.png" alt="A dot"/></p>',
}
DOT = (Path(__file__).parent / "readers" / "html" / "dot.png").read_bytes()
# The words at the place that each link leads to, by the words of the link.
PLACES = {
    "the section": "Section two", "page 12": "Page twelve begins.", "the anchor": "Behind the anchor.", "chapter two": "Two",
    "here": "Here it is.", "the plate": "",
}  # fmt: skip


def read(data: bytes, name: str = "book.epub") -> tuple[tuple[Article, ...], list[Diagnostic]]:
    manuscript = Manuscript(Path(name), data, name)
    return articles_of(manuscript), manuscript.diagnostics


def book_with_links() -> bytes:
    return ebook(CHAPTERS, **{"OPS/dot.png": DOT})


def test_the_tree_shows_a_link_to_another_chapter_by_the_name_of_its_file() -> None:
    (one, two), messages = read(book_with_links(), "my book.epub")
    assert '<a href="my%20book.epub/OPS/Zw%C3%B6lf.xhtml#Sec_2">the section</a>' in xhtml(one.root)
    assert '<a href="#here">here</a>' in xhtml(one.root) and "and the contents." in xhtml(one.root)
    assert '<a href="my%20book.epub/OPS/one.xhtml#here">here</a>' in xhtml(two.root)
    assert [str(message.code) for message in messages] == ["link-removed"]


@pytest.mark.slow
def test_links_between_chapters_lead_there_in_both_outputs(edition: Callable[..., Path]) -> None:
    home = edition(
        {"my book.epub": book_with_links(), "note.md": "# Note\n\nSee [chapter two](my%20book.epub/OPS/Zwölf.xhtml).\n"}
    )
    report = make(plan([Path("my book.epub"), Path("note.md")], [Path("out.pdf"), Path("out.epub")]))
    assert [str(message.code) for message in report.diagnostics if "link" in message.code] == ["link-removed"]
    outputs = {path.suffix: output.data for path, output in report.outputs.items()}
    links = links_of_book(outputs[".epub"])
    assert links.keys() == PLACES.keys()
    assert all(links[words].startswith(place) for words, place in PLACES.items())
    (home / "out.epub").write_bytes(outputs[".epub"])
    assert {found.code for found in validate(home / "out.epub").diagnostics} <= {Code.CHECKER_MISSING}
    with pikepdf.open(io.BytesIO(outputs[".pdf"])) as pdf:
        names = set(pikepdf.NameTree(pdf.Root.Names.Dests))
        targets = {str(link.Dest) for page in pdf.pages for link in page.obj.get("/Annots", ()) if "/Dest" in link}
        assert targets <= names
        ends = {"sec-2", "page12", "empty", "here", "images-of-ops-plate-xhtml"}
        assert ends <= {target.partition(".")[2] for target in targets}


def links_of_book(data: bytes) -> dict[str, str]:
    """The words at the target of each link between or in chapters, by the words of the link."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {
            name: etree.fromstring(archive.read(name)) for name in archive.namelist() if re.search(r"(book|note).*xhtml$", name)
        }
    links = {}
    for name, root in files.items():
        for link in root.iter("{*}a"):
            file, _, key = str(link.get("href")).partition("#")
            target = files.get(f"EPUB/{file}" if file else name)
            if target is not None and not link.get("role"):
                places = target.xpath(f"//*[@id='{key}']") if key else target.xpath("//*[local-name()='h1' or local-name()='h2']")
                place = places[0] if places[0].tag.rpartition("}")[2] != "span" else places[0].getparent()
                links["".join(link.itertext())] = " ".join("".join(place.itertext()).split())
    return links


def test_chapters_that_are_not_wanted_are_no_targets(edition: Callable[..., Path]) -> None:
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = [{ path = "a.epub", most = 1 }]\n'
    edition({"a.epub": book_with_links(), "publisher.toml": manifest})
    made, messages = assemble(plan([Path("publisher.toml")], [Path("x.epub")]))
    assert "See the section, page 12" in made.entries[0].xhtml
    assert {str(message.code) for message in messages} == {"link-broken", "link-removed"}


# Kinds of books. Those that need a folder of files are in tests/readers/epub.

GATE, MILL = "<h1>Gate</h1><p>It is open.</p>", "<h1>Mill</h1><p>It turns.</p>"
PAIR = {"gate.xhtml": GATE, "mill.xhtml": MILL}


def titles(data: bytes) -> list[str]:
    return [found.metadata.title for found in read(data)[0]]


def changed(data: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> bytes:
    """The archive with other files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = change({name: archive.read(name) for name in archive.namelist()})
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_book_without_a_container_is_read_by_its_package_document() -> None:
    data = changed(ebook(PAIR), lambda files: {name: text for name, text in files.items() if "container" not in name})
    assert titles(data) == ["Gate", "Mill"]
    assert titles_or_error(changed(data, lambda files: {"a.txt": b""})) == "file not found in the archive: META-INF/container.xml"


def titles_or_error(data: bytes) -> str:
    with pytest.raises(PublisherError) as problem:
        read(data)
    return problem.value.diagnostics[0].message


def test_of_several_renditions_the_first_that_is_an_epub_is_read() -> None:
    rootfiles = (
        '<rootfile full-path="a.pdf" media-type="application/pdf"/><rootfile full-path="OPS/book.opf"/><rootfile full-path="b"/>'
    )
    container = f"<container><rootfiles>{rootfiles}</rootfiles></container>"
    assert titles(ebook(PAIR, **{"META-INF/container.xml": container})) == ["Gate", "Mill"]


@pytest.mark.parametrize(
    "written",
    ["gate.xhtml", "GATE.xhtml", "caf\u00e9.xhtml", "cafe\u0301.xhtml", "a b.xhtml", "50%.xhtml", "a%20b.xhtml", "c&d.xhtml"],
)
def test_a_file_is_found_by_other_forms_of_its_name(written: str) -> None:
    form = unicodedata.normalize("NFD", written).swapcase()
    data = changed(ebook({written: GATE}), lambda files: {name.replace(written, form): text for name, text in files.items()})
    assert titles(data) == ["Gate"]


def test_a_chapter_that_the_spine_names_twice_is_one_article_and_one_that_is_not_linear_is_an_article_too() -> None:
    assert titles(ebook(PAIR, spine='<itemref idref="i0" linear="no"/><itemref idref="i1"/>')) == ["Gate", "Mill"]
    assert titles(ebook({"gate.xhtml": GATE}, items='<item id="m" href="m.xhtml" media-type="application/xhtml+xml"/>',
                        spine='<itemref idref="m" linear="no"/>', **{"OPS/m.xhtml": MILL})) == ["Gate", "Mill"]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_chapter_in_another_encoding(encoding: str) -> None:
    data = changed(ebook({"gate.xhtml": "<h1>Mühle</h1><p>Words.</p>"}), lambda files: {
        name: text.decode().encode(encoding) if name.endswith("gate.xhtml") else text for name, text in files.items()
    })  # fmt: skip
    assert titles(data) == ["Mühle"]


def test_notes_of_the_same_id_in_two_files_stay_two_notes() -> None:
    first, second = (f'<a epub:type="noteref" href="{name}.xhtml#n">1</a>' for name in "mo")
    text = f'<h1>Gate</h1><p id="n">Open{first}, shut{second}.</p>'
    notes = {f"{name}.xhtml": f'<aside epub:type="footnote" id="n"><p>Note {name}.</p></aside>' for name in "mo"}
    ((found,), _) = read(ebook({"gate.xhtml": text, **notes}))
    assert text_of(found) == "Gate\n\nOpen, shut.\n\nNote m.\n\nNote o.\n"


def test_a_note_that_two_chapters_refer_to_stands_in_the_first_and_the_second_links_to_it(edition: Callable[..., Path]) -> None:
    call = '<a epub:type="noteref" href="n.xhtml#n">7</a>'
    note = '<section epub:type="footnotes"><h2>Notes</h2><p epub:type="footnote" id="n">A note.</p></section>'
    edition(
        {"a.epub": ebook({"gate.xhtml": f"{GATE}<p>One{call}.</p>", "mill.xhtml": f"{MILL}<p>Two{call}.</p>", "n.xhtml": note})}
    )
    made, messages = assemble(plan([Path("a.epub")], [Path("x.epub")]))
    gate, mill = made.entries
    assert "A note." in gate.xhtml and f'<p>Two<a href="article:{gate.slug}#note-1">7</a>.</p>' in mill.xhtml and messages == ()


def test_headings_of_notes_and_links_back_are_recorded() -> None:
    text = f'{GATE}<p><a id="c" epub:type="noteref" href="#n">1</a> <a id="d" epub:type="noteref" href="#m">2</a></p>'
    notes = '<li id="n">A note. <a href="#c">up</a></li><li id="m">Another. <a role="doc-backlink" href="#d">back</a></li>'
    ((found,), _) = read(ebook({"gate.xhtml": f'{text}<section epub:type="footnotes"><h2>Notes</h2><ol>{notes}</ol></section>'}))
    back = "link back to a footnote reference"
    number = "number of a footnote, counted anew"
    assert rules(found) == {"Notes": "heading of the notes", "up": back, "back": back, "1": number, "2": number}


def test_what_a_chapter_does_not_print_is_recorded() -> None:
    controls = "<button>Next</button><select><option>A</option></select><template>T</template><map><area alt='North'/></map>"
    ((found,), _) = read(
        ebook({"gate.xhtml": GATE + controls, "c.xhtml": '<div epub:type="cover"><img src="a.png" alt="Lock"/></div>'})
    )
    assert rules(found) == {
        "Next": "control of a form", "A": "control of a form", "T": "template of a page", "North": "area of an image map",
        "[Lock]": "the cover of the book",
    }  # fmt: skip


def test_a_link_to_an_anchor_behind_all_words_leads_to_the_last_block() -> None:
    pages = {"gate.xhtml": f'{GATE}<div id="end"/>', "mill.xhtml": f'{MILL}<p><a href="gate.xhtml#end">the end</a></p>'}
    ((gate, _), messages) = read(ebook(pages))
    assert '<p><span id="end"></span>It is open.</p>' in xhtml(gate.root) and messages == []
