"""Exact parity: words and links of the tree are those of the PDF and of the EPUB. What breaks it is named; sound input passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.build.build import make
from publisher.build.plan import plan
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Entry
from publisher.model.markup import xml_root
from publisher.model.metadata import Metadata
from publisher.model.parts import Resource
from publisher.writers import epub, themes
from publisher.writers import pdf as pdf_writer
from publisher.writers.epub.book_parity import book_diagnostics
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.parity import content_of, plain, word_difference
from publisher.writers.pdf import typeset
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.layout import best_layout
from publisher.writers.pdf.page_parity import _folded, is_text_of, page_diagnostics
from publisher.writers.pdf.sheet import Sheet
from tests.conftest import Run
from tests.writer_samples import drawn

LOG = '<a href="https://harbor.example/log">the lock book</a>'
REFERENCE = '<a class="noteref" role="doc-noteref" id="call-1" href="#note-1">1</a>'
HARBOR = f"""<article lang="en"><header><h1>The harbor</h1><p class="standfirst">Locks at low water</p></header><div class="body">
<p>On Tuesday seven barges passed {LOG}{REFERENCE} and <a href="#gauges">gauges</a>.</p>
<table id="gauges"><caption>Gauges of the harbor</caption><thead><tr><th>Gauge</th><th>Meters</th></tr></thead>
<tbody><tr><td>Customs Quay</td><td>1.22</td></tr></tbody></table>
<figure><img src="images/sluice.png" alt="A sluice" width="30" height="20"/><figcaption>The sluice in March</figcaption></figure>
<aside class="key"><h2>In short</h2><p>See <a href="article:b#tides">the tides</a>.</p></aside>
</div><section class="notes" role="doc-endnotes">
<aside class="note" id="note-1" role="doc-footnote"><p>Log of the weir, page 4.</p></aside></section></article>"""
IMAGE = Resource("images/sluice.png", "image/png", drawn("L", (30, 20), "PNG"), 30, 20)


def entry(xhtml: str = HARBOR, slug: str = "a") -> Entry:
    return Entry(slug, Metadata(title=slug.upper(), lang="en"), xhtml, 200, (IMAGE,))


TIDES = entry(
    '<article><header><h1>Tides</h1></header><div class="body"><p id="tides">High water at noon.</p></div></article>', "b"
)


def only(diagnostics: Iterator[Diagnostic] | Sequence[Diagnostic]) -> tuple[Code, str]:
    """Code and message of the only diagnostic, which is an error about the article `a`."""
    (found,) = diagnostics
    assert found.slugs == ("a",) and found.severity == "error" and "report this as a bug" in found.hint
    return found.code, found.message


# What is compared


def test_a_block_has_the_text_that_is_its_own() -> None:
    tree = "<div>a<p>b <em>c</em><br/>d</p> e <ul><li>f<ul><li>g</li></ul>h</li></ul></div>"
    assert [block.text for block in content_of(xml_root(tree)).blocks] == ["a e", "b c d", "", "f h", "", "g"]


def test_what_may_differ_in_any_output_is_left_out() -> None:
    images = '<img alt="x"/><img/><img alt="" src="y"/>'
    tree = f'<p>light\u00adhouse  on<wbr/>line\u200b\n<a role="doc-noteref" href="#note-1">12</a> {images}<rp>(</rp></p>'
    (block,) = content_of(xml_root(tree)).blocks
    assert block.text == "lighthouse online \x01 \x02("
    assert [(link.number, link.target) for link in block.links] == [(2, "#note-1")]


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        ("a c", "“b” is missing in “a b c”"),
        ("a b x c", "“x” is too much in “a b c”"),
        ("a bc", "“b c” is missing and “bc” is too much in “a b c”"),
        ("b a c", "“a b” stands in another order in “a b c”"),
        ("", "“a b c” is missing"),
    ],
)
def test_a_difference_names_its_words_and_its_block(shown: str, message: str) -> None:
    assert str(word_difference("a b c", shown)) == message


def test_of_a_long_difference_the_first_words_are_named() -> None:
    words = " ".join(map(str, range(20)))
    assert str(word_difference(words + " x\x01\x02", "x")) == "“0 1 2 3 4 5 6 7 …” is missing in “0 1 2 3 4 5 6 7 …”"
    assert str(word_difference("x\x01 y\x02", "x y")) == "“[reference] [image]” is missing in “x [reference] y [image]”"


# Lines of a page

HYPHENS = ("\u2010",)


@pytest.mark.parametrize(
    "lines",
    [
        ["the lighthouse keeper"],
        ["the", "lighthouse", "keeper"],
        ["the light\u2010", "house keeper"],
        ["the light", "house keeper", ""],
        ["", "the lighthouse", "", "keeper"],
    ],
)
def test_a_line_ends_at_a_space_or_within_a_word(lines: list[str]) -> None:
    assert is_text_of("the lighthouse keeper", lines, HYPHENS)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["the lighthouse"],
        ["the light house keeper"],
        ["thelighthouse keeper"],
        ["the light-", "house keeper"],
        ["the light\u2010house keeper"],
        ["lighthouse the keeper"],
        ["the lighthouse keeper", "the"],
        ["the lighthouse keeper\u2010"],
    ],
)
def test_other_words_are_not_the_text(lines: list[str]) -> None:
    assert not is_text_of("the lighthouse keeper", lines, HYPHENS)


def test_a_hyphen_of_the_text_is_kept_at_the_end_of_a_line() -> None:
    assert is_text_of("well-known sea\u2010going", ["well-", "known sea\u2010", "going"], HYPHENS)
    assert not is_text_of("well-known", ["well", "known"], HYPHENS)


@pytest.mark.parametrize(
    ("lang", "text"),
    [("de", "Straße"), ("tr", "Iğdır ile İzmir"), ("el", "Ρέυμα, Μάιος και άυλος"), ("lt", "ŠĮ Ĩ"), ("fr", "œuvre ﬁn n°ŉ")],
)
@pytest.mark.parametrize("function", ["uppercase", "lowercase", "capitalize", "full-width"])
def test_a_text_that_the_engine_sets_in_capitals_is_the_same_text(function: str, lang: str, text: str) -> None:
    from weasyprint.formatting_structure.text import transform

    assert _folded(plain(transform(function, text, lang))) == _folded(text) != _folded(text[1:])


# Pages

Change = Callable[[Any], None]


def laid_out(theme: str = "brief") -> Any:
    job = Job("s", (Piece(entry()),), themes.load(theme), "en", notes="foot")
    layout = best_layout(job)
    document, diagnostics = layout.document, typeset._checked(job, layout)[1]
    assert list(diagnostics) == []
    return document


def all_boxes(document: Any) -> list[Any]:
    return [box for page in document.pages for box in page._page_box.descendants()]


def reworded(old: str, new: str) -> Change:
    def change(document: Any) -> None:
        (box,) = (box for box in all_boxes(document) if old in getattr(box, "text", ""))
        box.text = box.text.replace(old, new)

    return change


def without(is_lost: Callable[[Any], bool]) -> Change:
    """Takes the boxes out of the boxes that they are in."""

    def change(document: Any) -> None:
        holders = [box for box in all_boxes(document) if any(map(is_lost, box.children))]
        assert holders
        for box in holders:
            box.children = [child for child in box.children if not is_lost(child)]

    return change


def is_a(tag: str, text: str = "") -> Callable[[Any], bool]:
    def is_one(box: Any) -> bool:
        return bool(box.element_tag == tag and text in "".join(getattr(inner, "text", "") for inner in box.descendants()))

    return is_one


def hidden(document: Any) -> None:
    (box,) = (box for box in all_boxes(document) if "Log of" in getattr(box, "text", ""))
    box.style["visibility"] = "hidden"


LOST_ON_PAGES: dict[str, tuple[Change, str]] = {
    "a word": (reworded("seven ", ""), "“seven” is missing in “On Tuesday seven barges passed the lock book …”"),
    "a space": (reworded("seven barges", "sevenbarges"), "“seven barges” is missing and “sevenbarges” is too much in “On Tues"),
    "the order": (reworded("seven barges", "barges seven"), "“seven barges” stands in another order in “On Tuesday seven"),
    "a capital": (reworded("On Tuesday", "on Tuesday"), "“On” is missing and “on” is too much in “On Tuesday seven"),
    "a word too many": (reworded("sluice in", "sluice lock in"), "“lock” is too much in “The sluice in March”"),
    "a standfirst": (without(is_a("p", "Locks")), "“Locks at low water” is missing"),
    "a caption": (without(is_a("caption")), "“Gauges of the harbor” is missing"),
    "a figcaption": (without(is_a("figcaption")), "“The sluice in March” is missing"),
    "an image": (without(is_a("img")), "“[image]” is missing"),
    "a cell": (without(is_a("td", "1.22")), "“1.22” is missing"),
    "a reference": (without(is_a("a", "1")), "“[reference]” is missing in “On Tuesday seven"),
    "a note": (without(lambda box: type(box).__name__ == "FootnoteAreaBox"), "“Log of the weir, page 4.” is missing"),
    "a hidden text": (hidden, "“Log of the weir, page 4.” is missing"),
    "words in capitals": (reworded("IN SHORT", "IN"), "“In short” is missing and “IN” is too much in “In short”"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", LOST_ON_PAGES)
def test_words_that_pages_lose_are_named(what: str) -> None:
    change, message = LOST_ON_PAGES[what]
    document = laid_out()
    change(document)
    code, text = only(list(page_diagnostics([entry()], document)))
    assert code is Code.WORDS_LOST and text.startswith(f"words of a differ in the PDF: {message}")


def drop_link(document: Any) -> None:
    for page in document.pages:
        page.links[:] = [link for link in page.links if "log" not in link[1]]


def turn_link(document: Any) -> None:
    for page in document.pages:
        page.links[:] = [(kind, target.replace("/log", "/lag"), *rest) for kind, target, *rest in page.links]


def drop_back_link(document: Any) -> None:
    for page in document.pages:
        page.links[:] = [link for link in page.links if link[1] != "a.call-1"]


def drop_anchor(document: Any) -> None:
    for page in document.pages:
        page.anchors.pop("a.gauges", None)


LINKS_OF_PAGES: dict[str, tuple[Change, str]] = {
    "no link": (drop_link, "“the lock book” should lead to https://harbor.example/log, but is no link"),
    "elsewhere": (
        turn_link,
        "“the lock book” should lead to https://harbor.example/log, but leads to https://harbor.example/lag",
    ),
    "no way back": (drop_back_link, "note 1 has no link back to its reference"),
    "nowhere": (drop_anchor, "“gauges” leads to #gauges, which is on no page"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", LINKS_OF_PAGES)
def test_links_that_pages_lose_are_named(what: str) -> None:
    change, message = LINKS_OF_PAGES[what]
    document = laid_out()
    change(document)
    assert only(list(page_diagnostics([entry()], document))) == (Code.LINKS_LOST, f"links of a differ in the PDF: {message}")


def test_a_link_to_a_place_of_another_article_that_is_on_no_page_is_named() -> None:
    sheet = Sheet("s", (), 1, {"a": (0, 0.0), "b": (0, 0.0)})
    assert only(list(pdf_writer._broken_links((entry(), TIDES), [sheet]))) == (
        Code.LINKS_LOST,
        "links of a differ in the PDF: a link leads to b#tides, which is on no page",
    )
    whole = Sheet("s", (), 1, {"a": (0, 0.0), "b.tides": (0, 0.0)})
    assert list(pdf_writer._broken_links((entry(), TIDES), [whole])) == []


@pytest.mark.slow
def test_brackets_part_a_word_from_its_reading(edition: Callable[..., Path]) -> None:
    ruby = "<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>"
    home = edition({"a.html": f"<article lang='ja'><h1>Harbor</h1><p>{ruby} is open today.</p></article>"})
    assert make(plan([home / "a.html"], [Path("x.pdf")])).outputs[Path("x.pdf")].data


STORY = f"""# Seven barges

{"The lighthouse keeper of the harbor characteristically counts barges. " * 9}

## Straße nach Iğdır

- Gauge of the *quay*
- [Log](https://harbor.example/log)

> He said “none waited”.
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "css",
    [
        "p::first-letter { font-size: 3em; float: left; line-height: 1 }",
        "p { hyphens: auto; hyphenate-character: '='; width: 30mm; text-align: justify }",
        "h2, p, li { text-transform: uppercase } h1 { text-transform: capitalize }",
        "p::before { content: '¶ ' counter(page) } em::after { content: '!' } ul { list-style: '→ ' }",
        "ul { display: flex; flex-direction: column-reverse } blockquote { position: absolute; top: 0 } h2 { float: right }",
        ".text { columns: 2 } p { font-variant: small-caps; letter-spacing: 2pt } em { display: inline-block }",
    ],
)
def test_a_theme_may_set_words_in_its_way(css: str, edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"mine/custom.css": css, "mine/theme.toml": "", "a.md": STORY})
    run = publisher("build", "a.md", "-t", "./mine", "-o", "a.pdf", "-o", "a.epub", "--no-cache")
    assert run.code == 0, run.err


@pytest.mark.slow
@pytest.mark.parametrize("css", ["em { display: none }", "em { visibility: hidden }", "em { font-size: 0 }"])
def test_a_theme_that_hides_words_is_refused(css: str, edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition({"mine/custom.css": css, "mine/theme.toml": "", "a.md": STORY})
    run = publisher("build", "a.md", "-t", "./mine", "-o", "a.pdf", "--no-cache")
    assert run.code == 1 and "words of a differ in the PDF: “quay” is missing in “Gauge of the quay” [words-lost]" in run.err
    assert not (home / "a.pdf").exists()


# Chapters


def files(change: Callable[[str], str] = str) -> dict[str, str]:
    page = '<html xmlns="http://www.w3.org/1999/xhtml">{}</html>'
    chapters = {one.slug: page.format(chapter_body(one)) for one in (entry(), TIDES)}
    changed = change(chapters["a"])
    assert changed != chapters["a"] or change is str
    return {**chapters, "a": changed}


def cut(pattern: str, replacement: str = "") -> Callable[[str], str]:
    return lambda xhtml: re.sub(pattern, replacement, xhtml, count=1, flags=re.DOTALL)


def test_a_chapter_has_the_words_and_links_of_its_article() -> None:
    assert list(book_diagnostics((entry(), TIDES), files())) == []


LOST_IN_CHAPTERS: dict[str, tuple[Callable[[str], str], str]] = {
    "a word": (cut("seven "), "“seven” is missing in “On Tuesday seven barges"),
    "the order": (cut("seven barges", "barges seven"), "“seven barges” stands in another order in “On Tuesday seven"),
    "a caption": (cut("<figcaption>Gauges.*?</figcaption>"), "“Gauges of the harbor” is missing"),
    "an image": (cut("<img[^>]*>"), "“[image]” is missing"),
    "a cell": (cut("<td>1.22</td>"), "“1.22” is missing"),
    "a note": (cut("Log of the weir, page 4."), "“Log of the weir, page 4.” is missing"),
    "a paragraph": (cut('<p class="standfirst">.*?</p>'), "“Locks at low water” is missing"),
    "a paragraph too many": (cut("<table", "<p>Words of a stranger</p><table"), "“Words of a stranger” is too much"),
}


@pytest.mark.parametrize("what", LOST_IN_CHAPTERS)
def test_words_that_a_chapter_loses_are_named(what: str) -> None:
    change, message = LOST_IN_CHAPTERS[what]
    code, text = only(list(book_diagnostics((entry(), TIDES), files(change))))
    assert code is Code.WORDS_LOST and text.startswith(f"words of a differ in the EPUB: {message}")


LINKS_OF_CHAPTERS: dict[str, tuple[Callable[[str], str], str]] = {
    "no link": (
        cut('href="https://harbor.example/log"', 'id="x"'),
        "“the lock book” should lead to https://harbor.example/log, but is no link",
    ),
    "elsewhere": (
        cut("example/log", "example/lag"),
        "“the lock book” should lead to https://harbor.example/log, but leads to https://harbor.example/lag",
    ),
    "a link too many": (
        cut("Customs", '<a href="#note-1">Customs</a>'),
        "“Customs” leads to #note-1, and is no link of the arti",
    ),
    "another file": (
        cut("b.xhtml#tides", "c.xhtml"),
        "“the tides” should lead to b.xhtml#tides, but leads to c.xhtml; “the tides” leads to c.xhtml, which is not in the book",
    ),
    "nowhere": (cut('id="gauges"'), "“gauges” leads to #gauges, which is not in the book"),
    "no way back": (lambda xhtml: xhtml.replace('href="#call-1"', ""), "note 1 has no link back to its reference"),
}


@pytest.mark.parametrize("what", LINKS_OF_CHAPTERS)
def test_links_that_a_chapter_loses_are_named(what: str) -> None:
    change, message = LINKS_OF_CHAPTERS[what]
    code, text = only(list(book_diagnostics((entry(), TIDES), files(change))))
    assert code is Code.LINKS_LOST and text.startswith(f"links of a differ in the EPUB: {message}")


def test_links_in_another_order_are_named() -> None:
    links = '<p><a href="https://harbor.example/1">Log</a> <a href="https://harbor.example/2">Log</a></p>'
    article = entry(f'<article><header><h1>A</h1></header><div class="body">{links}</div></article>')
    chapter = chapter_body(article).replace("/1", "/3").replace("/2", "/1").replace("/3", "/2")
    found = only(list(book_diagnostics([article], {"a": f'<html xmlns="http://www.w3.org/1999/xhtml">{chapter}</html>'})))
    assert found == (Code.LINKS_LOST, "links of a differ in the EPUB: “Log” stands in another place")


def test_a_chapter_that_a_theme_leaves_broken_is_an_error_and_no_traceback() -> None:
    (found,) = book_diagnostics((entry(), TIDES), files(cut("</p>")))
    assert found.code is Code.CHAPTER and found.slugs == ("a",)


def test_what_a_theme_puts_around_an_article_is_not_compared() -> None:
    assert list(book_diagnostics((entry(), TIDES), files(cut("<section", "<p>A line of the theme</p><section")))) == []


def test_a_book_with_other_words_is_not_written(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = edition({"a.md": "# Headline\n\nSeven barges passed.\n\nNone waited.\n", "a.epub": "the previous output"})
    marked = epub.with_marks
    monkeypatch.setattr(epub, "with_marks", lambda xhtml, marks: marked(xhtml, marks).replace("Seven barges", "Barges"))
    run = publisher("build", "a.md", "-o", "a.epub", "--no-cache")
    assert run.code == 1 and (home / "a.epub").read_text() == "the previous output"
    message = (
        "a.md: error: words of a differ in the EPUB: “Seven barges” is missing and “Barges” is too much in “Seven barges passed.”"
    )
    assert message in run.err and "[words-lost]" in run.err


# Whatever is written, both outputs have its words and links: these articles have all that outputs may set in another way.

WORDS = (
    "barge", "Schifffahrt", "straße", "ﬁsh", "İstanbul", "well-known", "sea\u2010going", "and/or", "light\u00adhouse", "a\u200bb",
    "7:00", "x\u00a0y", "المرفأ", "נִפְתַּח", "港口的船闸在周一开放", "ประตูน้ำ", "\U0001f6a2", "\u2d63", "e\u0301", "\u2067של\u2069",
    "—", "(quay)", "o" * 90, "https://harbor.example/" + "lock/" * 20, "characteristically",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
INLINE = st.recursive(
    TEXT,
    lambda inner: st.builds(
        str.format,
        st.sampled_from(
            [
                "<em>{0}</em>", "{0}<strong>{1}</strong>{0}", "<code>{0}</code>", "{0}<br>{1}", "{0}<wbr>{1}", "<q>{0}</q>",
                "<a href='https://harbor.example/ä?q={2}&amp;x=1#f'>{0}</a> {1}", "<a href='mailto:desk@harbor.example'>{0}</a>",
                "<ruby>{0}<rp>(</rp><rt>{1}</rt><rp>)</rp></ruby>", "<span dir=rtl lang=ar>{0}</span>{1}", "<sub>{0}</sub>",
                "<a href='#here'>{0}</a>{1}", "{0}<math><mi>x</mi><mo>=</mo><mn>2</mn></math>{1}", "{0} <kbd>{1}</kbd>",
            ]
        ),
        inner,
        inner,
        st.integers(0, 3),
    ),
    max_leaves=5,
)  # fmt: skip
BLOCK = st.recursive(
    INLINE.map("<p>{}</p>".format),
    lambda inner: st.builds(
        str.format,
        st.sampled_from(
            [
                "<ul><li>{0}</li><li>{1}</li></ul>", "<ol start=3><li>{0}{1}</li></ol>", "<blockquote>{0}</blockquote>{1}",
                "<table><caption>{2}</caption><thead><tr><th>{2}</th><th>{2}</th></tr></thead><tr><td>{0}</td><td>{1}</td></tr></table>",
                "<table><tr><td rowspan=2>{0}</td><td>{2}</td></tr><tr><td>{1}</td></tr></table>", "<pre>{2}\n\t{2}</pre>{0}",
                "<figure>{0}<figcaption>{2}</figcaption></figure>{1}", "<h2>{2}</h2>{0}", "<dl><dt>{2}</dt><dd>{0}</dd></dl>",
                "<aside class=key><h2>{2}</h2>{0}</aside>", "<div id=here>{0}</div>{1}", "{2}{0}", "<p>{2}<ul><li>{2}</ul>{2}",
            ]
        ),
        inner,
        inner,
        INLINE,
    ),
    max_leaves=6,
)  # fmt: skip
PAGES = st.lists(BLOCK, min_size=1, max_size=4).map(lambda blocks: f"<article><h1>The harbor</h1>{''.join(blocks)}</article>")


def write(html: str, output: Path, theme: str, folder: Path) -> bytes:
    (folder / "a.html").write_text(html)
    return make(plan([folder / "a.html"], [output], theme)).outputs[output].data


@given(PAGES)
@settings(max_examples=40, deadline=None)
def test_every_chapter_has_the_words_and_links_of_its_article(tmp_path_factory: pytest.TempPathFactory, html: str) -> None:
    assert write(html, Path("x.epub"), "brief", tmp_path_factory.mktemp("book"))


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["brief", "digest", "report"])
@given(html=PAGES)
@settings(max_examples=25, deadline=None)
def test_every_brief_has_the_words_and_links_of_its_article(
    tmp_path_factory: pytest.TempPathFactory, theme: str, html: str
) -> None:
    assert write(html, Path("x.pdf"), theme, tmp_path_factory.mktemp("brief"))
