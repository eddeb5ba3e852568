"""What the checks of an e-book find, on a book of one chapter."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.checks import epub_rules
from publisher.checks.pdf_file import PdfFile
from tests.writer_samples import drawn

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
