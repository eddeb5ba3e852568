"""What a chapter of the e-book and its package hold, one example each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from publisher.build.build import assemble, make
from publisher.build.plan import plan
from publisher.model.edition import Certifier, Edition, Entry, Imprint, Section
from publisher.model.metadata import Metadata
from publisher.model.parts import Citation, Resource
from publisher.model.sources import Source
from publisher.writers import epub
from publisher.writers.epub.access import access
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.epub.container import pack
from publisher.writers.epub.pagelist import OPS, Mark, mark_article, mark_other_places, marks_by_file, page_list
from publisher.writers.page_breaks import PageBreak, PageStart
from tests.test_collection import collection
from tests.writer_samples import book_of

# Chapters of the book


def chaptered(body: str, *, header: str = "<h1>A</h1>", notes: str = "", **values: Any) -> etree._Element:
    """The chapter of an article with this body."""
    section = f'<section class="notes" role="doc-endnotes">{notes}</section>' if notes else ""
    xhtml = f'<article><header>{header}</header><div class="body">{body}</div>{section}</article>'
    entry = Entry("a", Metadata(title="The weir", lang="en"), xhtml, 1, **values)
    return etree.fromstring(chapter_body(entry))


def markup_of(element: etree._Element) -> str:
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
        assert figure.get("class") == "table" and figure[0].tag == "figcaption" and markup_of(figure[0]).count(caption) == 1


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


def test_a_reference_inside_a_note_pops_up_only_if_it_leads_forward() -> None:
    call = '<a class="noteref" href="#note-{0}" role="doc-noteref">{0}</a>'
    body = noted(f"<p>On{call.format(2)}.</p>", f"<p>Back{call.format(1)}, itself{call.format(2)}.</p>")
    inner = [link for note in body.iter("div") if note.get("class") == "note" for link in note.iter("a")]
    calls = [link for link in inner if link.get("class") == "noteref"]
    assert [(link.get("href"), link.get(f"{{{OPS}}}type")) for link in calls] == [
        ("#note-2", "noteref"), ("#note-1", None), ("#note-2", None),
    ]  # fmt: skip


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
        ("<table><tr><th>a</th></tr></table>", False, set(), "Tables"),
        ("<p/>", True, {"pageBreakMarkers", "pageNavigation"}, "page numbers"),
    ],
)
def test_what_a_book_has_is_named(chapter: str, paged: bool, features: set[str], words: str) -> None:
    book = Edition(Imprint("T"), ())
    made, plain = access(book, [chapter], paged), access(book, ["<p/>"], False)
    assert set(made.features) - set(plain.features) == features and words in made.summary and words not in plain.summary
    assert {"structuralNavigation", "tableOfContents", "readingOrder", "ARIA", "unlocked"} <= set(plain.features)


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (["<th>a</th>", "<th scope='col'>b</th>"], "Tables have heads that are marked as such."),
        (["<th>a</th>", "<td>b</td>", "<td>c</td>"], "2 of 3 tables have no marked heads."),
        (["<td>a</td>"], "1 of 1 tables have no marked heads."),
    ],
)
def test_heads_are_claimed_if_every_table_of_the_book_has_some(heads: list[str], words: str) -> None:
    chapters = [f"<table><thead><tr>{head}</tr></thead></table>" for head in heads]
    assert words in access(Edition(Imprint("T"), ()), chapters, False).summary


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
