"""E-books as manuscripts: links between chapters, and the kinds of books there are, one example for each rule."""

from __future__ import annotations

import io
import re
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
from publisher.model.diagnostics import Diagnostic
from publisher.model.markup import xhtml
from tests.reader_samples import ebook

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
        names = {str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]}
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
