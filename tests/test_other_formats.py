"""Notebooks, formulas of Word, reStructuredText, Markdown and outlines: one example for each rule."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import lxml.etree
import lxml.html
import pytest

from publisher.build.ingest import accounted_articles, articles_of
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml
from publisher.passes import typography
from publisher.readers import notebook
from publisher.text.terminal import shown_text
from tests.reader_samples import PROSE, SECOND, article, mail, rules, run, tree, wire
from tests.test_readers import packed


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"cell_type": "markdown", "source": ["A *b*\n", "c"]}, "A *b*\nc"),
        ({"cell_type": "heading", "level": 2, "source": "H"}, "## H"),
        ({"cell_type": "heading", "source": "H"}, "# H"),
        ({"cell_type": "code", "source": "x"}, "```r\nx\n```"),
        ({"cell_type": "code", "input": "x\n"}, "```r\nx\n```"),
        ({"cell_type": "raw", "source": "x"}, "```\nx\n```"),
        ({"cell_type": "code", "source": " "}, ""),
        ({"cell_type": "code", "source": "```\nx\n````"}, "`````r\n```\nx\n````\n`````"),
        ({"outputs": [{"text": ["a\n", "b"]}]}, "```text\na\nb\n```"),
        ({"outputs": [{"data": {"text/plain": "a"}}]}, "```text\na\n```"),
        ({"outputs": [{"traceback": ["\x1b[0;31mE\x1b[0m", "x"]}]}, "```text\nE\nx\n```"),
        ({"outputs": [{"text": " "}]}, ""),
        (
            {"outputs": [{"data": {"text/html": "<style>x</style><p>a</p>\n \n<p>b</p>", "text/plain": "c"}}]},
            "<p>a</p>\n<p>b</p>",
        ),
        ({"outputs": [{"data": {"text/markdown": "*a*", "text/plain": "c"}}]}, "*a*"),
        ({"outputs": [{"data": {"text/latex": "$a$", "text/plain": "c"}}]}, "$a$"),
        *(
            (
                {"outputs": [{"data": {f"image/{kind}": "AA\nBB", "text/html": "c", "text/plain": "<A [p]>"}}]},
                f"![A  p ](data:image/{kind};base64,AABB)",
            )
            for kind in ("png", "jpeg", "gif")
        ),
        ({"outputs": [{"data": {"image/svg+xml": "<svg/>"}}]}, "![output](data:image/svg+xml;base64,PHN2Zy8+)"),
        (
            {"cell_type": "markdown", "source": "![a](attachment:b.png)", "attachments": {"b.png": {"image/png": "AA\nBB"}}},
            "![a](data:image/png;base64,AABB)",
        ),
    ],
)
def test_cells_of_a_notebook_as_markdown(cell: dict[str, object], text: str) -> None:
    manuscript = Manuscript(Path("a.ipynb"), b"", "a.ipynb")
    assert "\n\n".join(notebook._parts(manuscript, cell, "cell 1", "r")) == text


@pytest.mark.parametrize(
    ("output", "shown", "overwritten"),
    [
        ("a\r\nb", "a\nb", []),
        ("1%\r20%\r100%", "100%", ["1%", "20%"]),
        ("abcdef\rxy", "xycdef", ["abcdef"]),  # a terminal erases nothing by itself
        ("a long line\rdone       ", "done", ["a long line"]),
        ("levle\b\bel", "level", ["levle"]),
        ("\b\ba", "a", []),
        ("\x1b[0;31mred\x1b[0m \x1b[38;2;1;2;3mredder\x1b[m", "red redder", []),
        ("old\r\x1b[Knew", "new", ["old"]),
        ("old\x1b[2K\rnew", "new", ["old"]),
        ("one two\x1b[3D\x1b[1Ksix", "    six", ["one t", "wo"]),
        ("north 1\nsouth 1\x1b[A\rnorth 2\n", "north 2\nsouth 1", ["north 1"]),
        ("north 1\nsouth 1\x1b[F\x1b[Jnew", "new", ["north 1", "south 1"]),
        ("a\x1b[3Cb", "a   b", []),
        ("a\x1b[999999999Cb", f"a{' ' * 999}b", []),
        ("a\x1b[5Gb", "a   b", []),
        ("one\n\x1b[H\x1b[2Jtwo", "one\ntwo", []),  # what was on the screen stays
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\ end\x07", "link end", []),
        ("cafe\u0301\b!", "caf!", ["cafe\u0301"]),
        ("a\x1b", "a", []),
    ],
)
def test_what_a_terminal_shows_of_an_output(output: str, shown: str, overwritten: list[str]) -> None:
    assert shown_text(output) == (shown, overwritten)


def test_pieces_of_one_stream_are_one_output() -> None:
    pieces = [
        {"output_type": "stream", "name": name, "text": text} for name, text in (("out", "1%"), ("out", "\r2%"), ("err", "!"))
    ]
    manuscript = Manuscript(Path("a.ipynb"), b"", "a.ipynb")
    parts = list(notebook._parts(manuscript, {"outputs": pieces}, "cell 7", "r"))
    assert parts == ["```text\n2%\n```", "```text\n!\n```"]
    assert [(removal.words, removal.place) for removal in manuscript.removed] == [("1%", "cell 7")]


def omml(markup: str) -> str:
    root = lxml.etree.fromstring(f"<m:oMath xmlns:m='urn:m'>{markup}</m:oMath>")
    return mathml(root).removeprefix('<math xmlns="http://www.w3.org/1998/Math/MathML">').removesuffix("</math>")


A, B, C = (f"<mrow><mi>{letter}</mi></mrow>" for letter in "abc")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (run("ab 1.5+.5"), "<mi>a</mi><mi>b</mi><mn>1.5</mn><mo>+</mo><mo>.</mo><mn>5</mn>"),
        (run("a&lt;b"), "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (f"<m:f><m:fPr/><m:num>{run('a')}</m:num><m:den>{run('b')}</m:den></m:f>", f"<mfrac>{A}{B}</mfrac>"),
        (f"<m:rad><m:deg/><m:e>{run('a')}</m:e></m:rad>", f"<msqrt>{A}</msqrt>"),
        (f"<m:rad><m:deg>{run('b')}</m:deg><m:e>{run('a')}</m:e></m:rad>", f"<mroot>{A}{B}</mroot>"),
        *(
            (
                f"<m:nary><m:naryPr><m:chr m:val='{sign}'/></m:naryPr><m:sub>"
                f"{run('a')}</m:sub><m:sup>{run('b')}</m:sup><m:e>{run('c')}</m:e></m:nary>",
                f"<munderover><mo>{sign}</mo>{A}{B}</munderover>{C}",
            )
            for sign in "∑∏⋃⋂"
        ),
        (
            f"<m:nary><m:sub>{run('a')}</m:sub><m:sup>{run('b')}</m:sup><m:e>{run('c')}</m:e></m:nary>",
            f"<msubsup><mo>∫</mo>{A}{B}</msubsup>{C}",
        ),
        (f"<m:d><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>", f"<mrow><mo>(</mo>{A}<mo>|</mo>{B}<mo>)</mo></mrow>"),
        (
            "<m:d><m:dPr><m:begChr m:val='['/><m:sepChr m:val=';'/><m:endChr "
            f"m:val='&gt;'/></m:dPr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>",
            f"<mrow><mo>[</mo>{A}<mo>;</mo>{B}<mo>&gt;</mo></mrow>",
        ),
        (
            f"<m:m><m:mr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:mr></m:m>",
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable>",
        ),
        (
            f"<m:eqArr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:eqArr>",
            "<mtable><mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi></mtd></mtr></mtable>",
        ),
        (f"<m:func><m:fName>{run('a')}</m:fName><m:e>{run('b')}</m:e></m:func>", f"{A}<mo>\u2061</mo>{B}"),
        *(
            (
                f"<m:acc><m:accPr><m:chr m:val='{mark}'/></m:accPr><m:e>{run('a')}</m:e></m:acc>",
                f'<mover accent="true">{A}<mo>{sign}</mo></mover>',
            )
            for mark, sign in {
                "\u0302": "^",
                "\u0303": "~",
                "\u0304": "¯",
                "\u0305": "¯",
                "\u0307": "˙",
                "\u0308": "¨",
                "\u20d7": "→",
                "x": "x",
            }.items()
        ),
        (f"<m:acc><m:e>{run('a')}</m:e></m:acc>", f'<mover accent="true">{A}<mo>^</mo></mover>'),
        (f"<m:sSup><m:e>{run('a')}</m:e><m:sup>{run('b')}</m:sup></m:sSup>", f"<msup>{A}{B}</msup>"),
        (f"<m:sSub><m:e>{run('a')}</m:e><m:sub>{run('b')}</m:sub></m:sSub>", f"<msub>{A}{B}</msub>"),
        (
            f"<m:sSubSup><m:e>{run('a')}</m:e><m:sub>{run('b')}</m:sub><m:sup>{run('c')}</m:sup></m:sSubSup>",
            f"<msubsup>{A}{B}{C}</msubsup>",
        ),
        (f"<m:limLow><m:e>{run('a')}</m:e><m:lim>{run('b')}</m:lim></m:limLow>", f"<munder>{A}{B}</munder>"),
        (f"<m:limUpp><m:e>{run('a')}</m:e><m:lim>{run('b')}</m:lim></m:limUpp>", f"<mover>{A}{B}</mover>"),
        (f"<m:box><m:boxPr>{run('x')}</m:boxPr><m:e>{run('a')}</m:e></m:box>", "<mi>a</mi>"),
    ],
)
def test_formulas_of_word_as_mathml(markup: str, wanted: str) -> None:
    assert omml(markup) == wanted


def test_what_is_at_the_head_of_a_document_in_restructured_text() -> None:
    text = (
        "Gate *opens*\n############\n\nBarges pass\n===========\n\n:Author: Mara Ennis\n:Date: "
        f"2026-03-12\n:Copyright: © Wire\n:Status: draft\n\n{PROSE}\n\nBelow\n-----\n\n{SECOND}\n"
    )
    found = article("a.rst", text)
    data = found.metadata
    assert (data.title, data.subtitle, data.authors, str(data.date), data.rights) == (
        "Gate opens",
        "Barges pass",
        ("Mara Ennis",),
        "2026-03-12",
        "© Wire",
    )
    assert "draft" not in xhtml(found.root) and '<h2 id="below">Below</h2>' in xhtml(found.root)


def test_what_is_left_out_of_restructured_text() -> None:
    text = (
        f"T\n=\n\n.. contents::\n\n{PROSE} [1]_ and [K7]_ and ``code``.\n"
        f"\nBelow\n-----\n\n{SECOND}\n\n.. [1] A note.\n.. [K7] A book.\n"
    )
    found = tree(text, "a.rst")
    assert "<code>code</code>" in found and "A note." in found and "K7" in found and "Contents" not in found
    assert found.count(">Below<") == 1 and 'id="call-1"' in found
    manuscript = Manuscript(Path("a.rst"), f"T\n=\n\n{PROSE}\n\nAn |unknown| word.\n".encode(), "a.rst")
    assert "System Message:" not in xhtml(articles_of(manuscript)[0].root)
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [("rst", 6)]


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("## A {#k .lead .pull}\n", '<h2 class="lead pull" id="k">A</h2>'),
        ("## A {x}\n", ">A {x}</h2>"),
        (
            "| a | b | c |\n| --- | ---: | :-: |\n| x | y | z |\n",
            '<tr><td>x</td><td class="end">y</td><td class="center">z</td></tr>',
        ),
        ("- [ ] open\n- [x] shut\n", '<li><span class="task">☐</span> open</li><li><span class="task done">☑</span> shut</li>'),
        ("::: key\nx\n:::\n", '<aside class="key"><p>x</p></aside>'),
        ("::: {.changed}\nx\n:::\n", '<aside class="changed"><p>x</p></aside>'),
        ("::: pull\nx\n:::\n", '<blockquote class="pull"><p>x</p></blockquote>'),
        ("::: other\nx\n:::\n", "<p>::: other"),
        (
            ":::: key\n::: pull\nx\n:::\ny\n::::\n",
            '<aside class="key"><blockquote class="pull"><p>x</p></blockquote><p>y</p></aside>',
        ),
        ("a $x$ b\n", '<img alt="x" class="math" '),
        ("$$\nx\n$$\n", 'class="math display"'),
        ("a $ x $ and $5 and $6 b\n", "a $ x $ and $5 and $6 b"),
        (
            "a https://example.org/x b www.example.org m@example.org\n",
            '<a href="https://example.org/x">https://example.org/x</a>',
        ),
        ("a https://example.org/x b www.example.org m@example.org\n", " b www.example.org m@example.org"),
        ("~~x~~\n", "<s>x</s>"),
        ("T\n: m\n", "<dl><dt>T</dt><dd>m</dd></dl>"),
        ("[x]{.credit}\n", '<span class="credit">x</span>'),
        ("a^[in *it*] b\n", '<aside class="note" id="note-1" role="doc-footnote"><p>in <em>it</em></p></aside>'),
        ("> " * 30 + "deep\n", "deep"),
    ],
)
def test_the_markdown_that_is_understood(text: str, markup: str) -> None:
    assert markup in tree(f"# Headline\n\n{text}", "a.md").replace("\n", "")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("# A\n\nx[^k] y\n", "no footnote for the reference [^k]; kept as typed", 3),
        ("# A\n\nx\n\n[^k]: y\n", "no reference to the footnote k; it stands after the others", 5),
        ("# A\n\nx $\\frac{$ y\n", "a formula cannot be drawn", 3),
        ("---\ndate: soon\n---\n\n# A\n\nx\n", "date in the front matter is ignored", 2),
        ("# A\n\nx\n\n<canvas></canvas>\n", "a <canvas> is left out: it cannot be printed", 5),
        ("# A\n\n![](none.png)\n", "image not found: none.png", 3),
    ],
)
def test_messages_of_markdown_have_their_lines(text: str, message: str, line: int) -> None:
    manuscript = Manuscript(Path("a.md"), text.encode(), "a.md")
    articles_of(manuscript)
    (found,) = [diagnostic for diagnostic in manuscript.diagnostics if diagnostic.message.startswith(message)]
    assert found.location.line == line


@pytest.mark.parametrize(
    ("front", "line"),
    [("a: [", 2), ("a: b: c", 2), ("date: 2026-13-45", 1), ("- a", 1)],
)
def test_front_matter_that_is_broken_is_an_error_with_its_line(front: str, line: int) -> None:
    with pytest.raises(PublisherError) as caught:
        article("a.md", f"---\n{front}\n---\n\n# A\n\nx\n")
    (found,) = caught.value.diagnostics
    assert (found.code.value, found.location.line) == ("front-matter", line)


@pytest.mark.parametrize(
    ("outline", "markup"),
    [
        (
            'text="T" title="U" htmlUrl="https://example.org/h" xmlUrl="https://example.org/x" url="https://example.org/u"',
            '<a href="https://example.org/h">T</a>',
        ),
        ('title="U" xmlUrl="https://example.org/x" url="https://example.org/u"', '<a href="https://example.org/x">U</a>'),
        ('url="https://example.org/u"', '<a href="https://example.org/u">https://example.org/u</a>'),
        ('text="T" url="feed.xml"', "<li>T</li>"),
        ('text="T &amp; &lt;U&gt;"', "<li>T &amp; &lt;U&gt;</li>"),
    ],
)
def test_outlines_become_links(outline: str, markup: str) -> None:
    assert markup in xhtml(
        article("a.opml", f"<opml><body><outline text='Feeds'><outline {outline}/></outline></body></opml>").root
    )


@pytest.mark.parametrize(
    ("math", "alt"),
    [
        ("<mfrac><mi>q</mi><mn>2</mn></mfrac><annotation encoding='StarMath 5.0'>q over 2</annotation>", "q/2"),
        ("<mfrac><mi>q</mi><mn>2</mn></mfrac>", "q/2"),
    ],
)
def test_a_formula_of_an_opendocument_text_is_drawn(tmp_path: Path, math: str, alt: str) -> None:
    folder = tmp_path / "a.odt"
    (folder / "Object 1").mkdir(parents=True)
    frames = "".join(f'<draw:frame><draw:object xlink:href="./Object {number}"/></draw:frame>' for number in (1, 2))
    (folder / "body.xml").write_text(f"<text:p>Of the formula {frames} nothing is lost.</text:p>")
    (folder / "Object 1" / "content.xml").write_text(
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>{math}</semantics></math>'
    )
    (found,) = articles_of(Manuscript(folder, packed(folder), "a.odt"))
    assert f'<p>Of the formula <img alt="{alt}" class="math"' in xhtml(found.root) and xhtml(found.root).count("<img") == 1


def test_a_mark_of_a_quotation_may_be_the_last_character_of_markdown() -> None:
    assert "<blockquote>\n<p>Words.</p>\n</blockquote>" in tree("# A\n\n> Words.\n>", "a.md")


def test_small_promises_of_several_readers() -> None:
    assert typography._set('¿"Sí"? ¡"No"!', "", "es", [0, 0]) == "¿«Sí»? ¡«No»!"
    found = mail(f"<p>{PROSE}</p><p><a href='https://example.org/x'><b>Unsubscribe</b></a></p>")
    assert rules(found) == {"Unsubscribe": "of the mailing, not of its text"}
    found = wire("Gate opens early", "* one", "* two", "* three", "* four", "By Mara Ennis", PROSE, SECOND)
    assert found.metadata.authors == ("Mara Ennis",)
    entry = f"<entry><id>x</id><title>Gate</title><updated>2026-03-12T08:00:00Z</updated><content>{PROSE}</content></entry>"
    found = article("a.atom", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>')
    assert str(found.metadata.date) == "2026-03-12"


def _book(chapter: str) -> bytes:
    """An EPUB of one chapter whose package says that it is English."""
    rootfiles = '<rootfiles><rootfile full-path="p.opf"/></rootfiles>'
    container = f'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">{rootfiles}</container>'
    metadata = (
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title><dc:language>en</dc:language></metadata>'
    )
    items = (
        '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine>'
    )
    package = f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0">{metadata}{items}</package>'
    files = {"META-INF/container.xml": container, "p.opf": package, "c.xhtml": chapter}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(("attribute", "lang"), [('xml:lang="de"', "de"), ('lang="de-CH"', "de-CH"), ("", "en")])
def test_a_chapter_of_a_book_may_have_a_language_of_its_own(attribute: str, lang: str) -> None:
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml" {attribute}><body><h1>Das Wehr</h1><p>Es ist offen.</p></body></html>'
    (found,) = articles_of(Manuscript(Path("a.epub"), _book(chapter), "a.epub"))
    assert found.metadata.lang == lang


@pytest.mark.parametrize("around", ["{}", "> {}", "- {}"])
def test_cells_beyond_the_columns_of_the_head_are_kept(around: str) -> None:
    rows = ["| gate | width |", "|------|------:|", "| A | 9 | *old* | x \\| y |", "B | 7 | new |", "| C |"]
    text = "\n".join(around.format(row) if around != "- {}" else f"{'- ' if row is rows[0] else '  '}{row}" for row in rows)
    manuscript = Manuscript(Path("a.md"), f"# Locks\n\nWords.\n\n{text}\n\nMore.\n".encode(), "a.md")
    (found,), account = accounted_articles(manuscript)
    cells = [[cell.get_text() for cell in row.find_all(["td", "th"])] for row in found.root.find_all("tr")]
    assert cells == [
        ["gate", "width", "", ""],
        ["A", "9", "old", "x | y"],
        ["B", "7", "new", ""],
        ["C", "", "", ""],
    ]
    assert found.root.find("em") and account is not None and account.lost is None
