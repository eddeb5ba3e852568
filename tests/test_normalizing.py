"""Small promises of readers and passes, one example each."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
from PIL import Image, ImageFile

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.model.addresses import outside_address
from publisher.model.markup import xhtml
from publisher.model.metadata import Metadata
from publisher.model.parts import Citation
from publisher.model.sources import Source
from publisher.text import languages, mathematics
from publisher.text.citations import write_sources
from publisher.text.linear_formulas import linear_text
from tests.conftest import Run
from tests.reader_samples import PROSE, SECOND, article, page, rules, tree


def test_the_byline_has_the_day_of_the_source_where_the_article_has_none(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.md": "# A\n\nWords.\n", "a.toml": '[source]\npublication = "Kalyra Wire"\ndate = 2026-03-12\n'})
    assert '<p class="byline">Kalyra Wire · March 12, 2026</p>' in publisher("tree", "a.md").out


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph() -> None:
    body = xhtml(article("a.md", '# A\n\n"It opened\n\nHe is 5\'10" tall, and "glad".\n').root)
    assert "“It opened" in body and "5′10″ tall" in body and "“glad.”" in body.replace("“glad”.", "“glad.”")


@pytest.mark.parametrize("tag", ["pt_BR", "pt-BR"])
def test_a_language_may_have_an_underscore(tag: str) -> None:
    assert article("a.html", page(html=f'lang="{tag}"')).metadata.lang == "pt-BR"


def test_a_photograph_in_printers_colors_becomes_rgb(edition: Callable[..., Path]) -> None:
    home = edition({"a.md": "# A\n\n![A square](c.jpg)\n"})
    Image.new("CMYK", (30, 30), (0, 200, 0, 0)).save(home / "c.jpg")
    (only,) = articles_of(Manuscript(home / "a.md", (home / "a.md").read_bytes(), "a.md"))
    assert Image.open(io.BytesIO(only.resources[0].data)).mode == "RGB"


@pytest.mark.parametrize("kind", ["1", "a", "A", "i", "I"])
def test_a_list_keeps_its_kind_of_numbers(kind: str) -> None:
    assert f'type="{kind}"' in xhtml(article("a.html", page(body=f'<ol type="{kind}"><li>one</li><li>two</li></ol>')).root)


@pytest.mark.parametrize(
    "listing", ['<pre class="language-python"><code>{}</code></pre>', '<pre><code class="language-python">{}</code></pre>']
)
def test_a_listing_is_colored_by_the_language_on_either_element(listing: str) -> None:
    assert 'class="code-keyword"' in xhtml(article("a.html", page(body=listing.format("def f(): pass"))).root)


def test_a_sum_of_a_word_document_keeps_what_is_summed() -> None:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    run = "<m:r><m:t>{}</m:t></m:r>".format
    limits = f"<m:sub>{run('i')}</m:sub><m:sup>{run('n')}</m:sup>"
    nary = f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>{limits}<m:e>{run('q')}</m:e></m:nary>"
    formula = mathml(lxml.etree.fromstring(f"<m:oMath xmlns:m='{space}'>{nary}</m:oMath>"))
    assert re.sub(r"<[^>]*>", "", formula) == "∑inq"


def test_json_ld_may_name_several_types() -> None:
    data = {
        "@context": "https://schema.org",
        "@type": ["Thing", "NewsArticle"],
        "headline": "The gate",
        "datePublished": "2026-03-12",
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    metadata = article("a.html", page(head)).metadata
    assert str(metadata.date) == "2026-03-12"


def test_of_several_meta_elements_the_first_counts() -> None:
    head = "".join(f'<meta property="article:published_time" content="{day}">' for day in ("2026-03-12", "2026-03-14"))
    assert str(article("a.html", page(head)).metadata.date) == "2026-03-12"


def test_an_image_that_only_a_noscript_has_is_shown(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition({"a.html": page(body=f"<noscript><img src='d.png' alt='A dot'></noscript><p>{PROSE}</p>")})
    Image.new("RGB", (30, 30), "red").save(home / "d.png")
    assert '<img alt="A dot"' in publisher("tree", "a.html").out


def test_a_message_names_the_line_of_the_right_section(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    sections = '[[section]]\ntitle = "One"\n\n[[section]]\ntitle = 7\n\n[[section]]\ntitle = "Three"\n'
    edition({"publisher.toml": f'[edition]\ntitle = "T"\n{sections}'})
    assert "publisher.toml:7: error: section.title" in publisher("build").err


def test_the_manifest_overrides_the_sidecar_and_the_sidecar_the_file(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = [{ path = "a.md", title = "By the manifest" }]\n'
    sidecar = 'title = "By the sidecar"\nauthor = "Ann Side"\n'
    home = edition(
        {"a.md": "---\nauthor: Ann File\n---\n\n# By the file\n\nWords.\n", "a.toml": sidecar, "publisher.toml": manifest}
    )
    assert publisher("build", "-o", "x.epub").code == 0

    with zipfile.ZipFile(home / "x.epub") as book:
        chapter = next(book.read(name).decode() for name in book.namelist() if name.endswith("/a.xhtml"))
    assert "By the manifest</h" in chapter and "Ann Side" in chapter and "Ann File" not in chapter


def test_hidden_text_of_a_mail_is_recorded(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    head = "From: desk@example.org\nSubject: Morning\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8"
    hidden = "<div style='display:none'>A zebra for the preview</div>"
    edition({"a.eml": f"{head}\n\n<html><body>{hidden}<p>{PROSE}</p></body></html>"})
    values = json.loads(publisher("tree", "--to", "json", "a.eml").out)
    assert "zebra" not in values["text"] and any("zebra" in removal["words"] for removal in values["removed"])


def test_a_title_of_a_feed_with_only_character_references_is_markup(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    entry = f'<entry><id>urn:x</id><title type="html">Locks &amp;amp; weirs</title><content>{PROSE}</content></entry>'
    edition({"a.atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>'})
    assert "<h1>Locks &amp; weirs" in publisher("tree", "a.atom").out


CALL, NOTE = "<p>Words{}</p>", "<ol><li id='{}'>{}A note of the lock book.</li></ol>"


def is_note(call: str, note: str) -> bool:
    found = tree(CALL.format(call) + note)
    assert re.sub(r"<[^>]*>", "", found).count("A note of the lock book.") == 1
    return 'id="call-1"' in found and '<aside class="note" id="note-1" role="doc-footnote">' in found


@pytest.mark.parametrize(
    ("call", "key", "wanted"),
    [
        *(
            (f"<a class='{name}' href='#x1'>1</a>", "x1", True)
            for name in ("footnote-ref", "footnote", "fn", "fnref", "reference")
        ),
        ("<a role='doc-noteref' href='#x1'>1</a>", "x1", True),
        ("<sup><a href='#x1'>1</a></sup>", "x1", True),
        ("<a href='#x1'><sup>1</sup></a>", "x1", True),
        ("<a href='#x1'>1</a>", "x1", False),
        *((f"<a href='#{key}'>1</a>", key, True) for key in ("fn1", "foot1", "note1", "endnote1", "cite_note-1", "ref1", "FN1")),
        *(
            (f"<sup><a href='#x1'>{mark}</a></sup>", "x1", True)
            for mark in ("[1]", "(1)", "[ 1 ]", "123", "*", "†", "‡", "§", "**", "a")
        ),
        *((f"<sup><a href='#x1'>{mark}</a></sup>", "x1", False) for mark in ("1234", "ab", "see", "1.2")),
    ],
)
def test_what_is_a_call_of_a_note(call: str, key: str, wanted: bool) -> None:
    assert is_note(call, NOTE.format(key, "")) is wanted


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        ("<p id='fn1'>A note of the lock book.</p>", True),
        ("<div id='fn1'>A note of the lock book.</div>", True),
        ("<section id='fn1'>A note of the lock book.</section>", True),
        ("<aside id='fn1'>A note of the lock book.</aside>", True),
        ("<dl><dt>1</dt><dd id='fn1'>A note of the lock book.</dd></dl>", True),
        ("<p><a id='fn1'></a>A note of the lock book.</p>", True),
        ("<p><sup id='fn1'>1</sup> A note of the lock book.</p>", True),
        ("<p><span id='fn1'>A note</span> of the lock book.</p>", True),
        ("<p>A note <span id='fn1'>of the lock</span> book.</p>", False),
        ("<h2 id='fn1'>A note of the lock book.</h2>", False),
        ("<table><tr><td id='fn1'>A note of the lock book.</td><td>x</td></tr></table>", False),
    ],
)
def test_what_is_a_note(note: str, wanted: bool) -> None:
    assert is_note("<sup><a href='#fn1'>1</a></sup>", note) is wanted


@pytest.mark.parametrize("text", ["↩", "↵", "⏎", "^", "←", "⮐", "↑", "↩\ufe0e", " ↩ "])
def test_the_link_back_of_a_note_goes_by_its_sign(text: str) -> None:
    found = tree(CALL.format("<sup id='r1'><a href='#fn1'>1</a></sup>") + NOTE.format("fn1", f"<a href='#r0'>{text}</a>"))
    assert ">A note of the lock book.</p>" in found and "Words<a" in found


@pytest.mark.parametrize("name", ["footnote-backref", "reversefootnote"])
def test_the_link_back_of_a_note_goes_by_its_class(name: str) -> None:
    found = tree(CALL.format("<sup><a href='#fn1'>1</a></sup>") + NOTE.format("fn1", f"<a class='{name}' href='#r0'>back</a>"))
    assert ">A note of the lock book.</p>" in found


@pytest.mark.parametrize(
    "label",
    [
        "<sup>1</sup>",
        "<a href='#r1'>1</a>",
        "<sup>[1]</sup>",
        "<a href='#r1'>^</a>",
        "<a href='#r1'>a</a> <a href='#r1'>2.1</a> ",
    ],
)
def test_the_number_that_a_note_has_of_its_own_goes(label: str) -> None:
    found = tree(CALL.format("<sup id='r1'><a href='#fn1'>1</a></sup>") + NOTE.format("fn1", label))
    assert re.search(r"<p>\s*A note of the lock book", found)
    assert "Once 1 more" in tree(
        CALL.format("<sup><a href='#fn1'>1</a></sup>") + "<ol><li id='fn1'>Once <sup>1</sup> more.</li></ol>"
    ).replace("<sup>1</sup>", "1")


@pytest.mark.parametrize(
    "heading",
    [
        "Notes",
        "Note",
        "Footnotes",
        "footnote",
        "Endnotes",
        "References",
        "Anmerkungen",
        "Fußnoten",
        "Notes de bas de page",
        "Dipnotlar",
        "Примітки",
    ],
)
def test_the_heading_of_the_notes_goes_with_them(heading: str) -> None:
    call, note = CALL.format("<sup><a href='#fn1'>1</a></sup>"), NOTE.format("fn1", "")
    for block in (f"<h2>{heading}</h2>{note}", f"<div><h2>{heading}</h2>{note}</div>"):
        found = article("a.html", page(body=call + block))
        assert f">{heading}<" not in xhtml(found.root) and rules(found)[heading] == "heading of the notes"
    assert ">My notes<" in tree(f"{call}<h2>My notes</h2>{note}")


def test_one_note_called_twice_and_a_call_within_a_note() -> None:
    calls = "<sup><a href='#fn1'>1</a></sup> and <sup><a href='#fn1'>1</a></sup>"
    found = tree(CALL.format(calls) + NOTE.format("fn1", ""))
    assert found.count('href="#note-1"') == 2 and found.count('id="call-1"') == 1 and found.count("<aside") == 1
    found = tree("Words[^1] and[^2].\n\n[^1]: One[^2] more.\n\n[^2]: Two.\n", "a.md")
    assert found.count('class="noteref"') == 3 and found.count("<aside") == 2
    assert (
        'One<a class="noteref" href="#note-2" id="call-2" role="doc-noteref">2</a> more' in found and found.count("call-2") == 1
    )


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("HTTPS://example.org/x", "https://example.org/x"),
        ("https://exämple.org/x", "https://xn--exmple-cua.org/x"),
        ("https://exämple.org:81/x", "https://xn--exmple-cua.org:81/x"),
        ("https://example.org:81/x", "https://example.org:81/x"),
        ("https://u@example.org/x", "https://u@example.org/x"),
        ("https://example.org/ä?ö=%C3%BC#ß", "https://example.org/%C3%A4?%C3%B6=%C3%BC#%C3%9F"),
        ("https://example.org:99999/x", ""),
        ("https://exa mple.org/x", ""),
        ("https://", ""),
        ("ftp://example.org/x", ""),
        ("https://[c", ""),
    ],
)
def test_addresses_of_other_sites(typed: str, address: str) -> None:
    assert outside_address(typed) == address


def test_ids_of_a_stranger_are_never_those_of_notes_and_references() -> None:
    text = "# A\n\nOne.[^1]\n\n<p id='note-1'>b</p><p id='call-1'>c</p><p id='notes'>d</p>\n\n[^1]: A note.\n"
    ids = re.findall(r' id="([^"]*)"', xhtml(article("a.md", text).root))
    assert sorted(ids) == ["call-1", "note-1", "p-call-1", "p-note-1", "p-notes"]


def test_a_source_has_one_number_and_the_first_is_that_of_the_article() -> None:
    found = article(
        "a.md",
        "---\nurl: https://example.org/own\n---\n\n# A\n\n"
        '[One](https://example.org/1), [two](https://example.org/2 "Two"), [again]'
        "(https://www.example.org/1/?utm_source=x#y), [own](https://example.org/own).\n",
    )
    assert [(citation.note, citation.source.url) for citation in found.citations] == [
        (1, "https://example.org/own"),
        (2, "https://example.org/1"),
        (3, "https://example.org/2"),
    ]
    assert found.citations[2].source.title == "Two"
    assert re.findall(r'href="#note-(\d)"', xhtml(found.root)) == ["1", "2", "3", "2", "1"]


@pytest.mark.parametrize(
    ("link", "markup", "message"),
    [
        ("<a href='mailto:x@example.org'>w</a>", '<a href="mailto:x@example.org">w</a>', ""),
        ("<a href='tel:+1'>w</a>", '<a href="tel:+1">w</a>', ""),
        ("<a href='#'>w</a>", " w.", ""),
        ("<a href='#x'>w</a>", " w.", "the link #x leads nowhere; its words are kept"),
        ("<a href='gate.html'>w</a>", " w.", "the link gate.html leads nowhere; its words are kept"),
        ("<a href='//example.org/x'>w</a>", '<a href="https://example.org/x">w</a>', ""),
        ("<a id='k'>w</a>", '<span id="k">w</span>', ""),
        ("<a>w</a>", " w.", ""),
        (
            "<a href='https://example.org/x'>w</a> <a href='https://example.org/x'>x</a>",
            '<a href="https://example.org/x">w x</a>',
            "",
        ),
        (
            "<a href='https://example.org/x'>w</a><a href='https://example.org/x'>x</a>",
            '<a href="https://example.org/x">wx</a>',
            "",
        ),
        ("<a href='https://example.org/x'>w</a><a href='https://example.org/x' id='k'>x</a>", '>w</a><a class="noteref"', ""),
        ("<a href='https://example.org/x'>w</a> and <a href='https://example.org/x'>x</a>", '>w</a><a class="noteref"', ""),
        ("<a href='https://example.org/x'> </a>", 'Go<a class="noteref"', ""),
    ],
)
def test_links_of_an_article(link: str, markup: str, message: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=f"<p>Go {link}.</p>").encode(), "a.html")
    (found,) = articles_of(manuscript)
    assert markup in xhtml(found.root)
    assert [diagnostic.message for diagnostic in manuscript.diagnostics] == ([message] if message else [])


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("<p><strike>w</strike></p>", "<p><s>w</s></p>"),
        ("<p><tt>w</tt></p>", "<p><code>w</code></p>"),
        ("<p><big>w</big></p>", "<p><span>w</span></p>"),
        ("<p><font>w</font></p>", "<p><span>w</span></p>"),
        ("<p><time>w</time></p>", "<p><span>w</span></p>"),
        ("<p><bdo>w</bdo></p>", "<p><span>w</span></p>"),
        ("<p><acronym title='t'>w</acronym></p>", '<p><abbr title="t">w</abbr></p>'),
        ("<center>w</center>", "\n<p>w</p>\n"),
        ("<xmp>w</xmp>", "<pre>w</pre>"),
        ("<listing>w</listing>", "<pre>w</pre>"),
        ("<dir><li>w</li></dir>", "<ul><li>w</li></ul>"),
        ("<menu><li>w</li></menu>", "<ul><li>w</li></ul>"),
        ("<details><summary>w</summary>x</details>", "<p>w</p>\n<p>x</p>"),
        ("<p><blink>w</blink></p>", "<p>w</p>"),
        (
            "<p lang='de-CH' dir='rtl' id='k' title='t' style='x' onclick='y'>w</p>",
            '<p dir="rtl" id="k" lang="de-CH" title="t">w</p>',
        ),
        ("<p lang='x y' dir='up'>w</p>", "<p>w</p>"),
        ("<p class='pull other'>w</p>", '<p class="pull">w</p>'),
        ("<ol start='-3' reversed=''><li value='7'>w</li></ol>", '<ol reversed="" start="-3"><li value="7">w</li></ol>'),
        ("<ol start='x' type='x'><li value='x'>w</li></ol>", "<ol><li>w</li></ol>"),
        ("<table><tr><td colspan='2' rowspan='3'>w</td></tr></table>", '<td colspan="2" rowspan="3">w</td>'),
        ("<table><tr><td colspan='1' rowspan='0'>w</td></tr></table>", "<td>w</td>"),
        ("<table><tr><td colspan='1000'>w</td><td colspan='1001'>x</td></tr></table>", '<td colspan="1000">w</td><td>x</td>'),
        *(
            (f"<table><tr><th scope='{scope}'>w</th></tr></table>", f'<th scope="{scope}">w</th>')
            for scope in ("row", "col", "rowgroup", "colgroup")
        ),
        ("<table><tr><th scope='x'>w</th></tr></table>", "<th>w</th>"),
    ],
)
def test_only_the_vocabulary_is_left(typed: str, markup: str) -> None:
    assert markup in tree(typed)


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("<p>one<br><br>two<br>three</p>", "<p>one</p><p>two<br/>three</p>"),
        ("<p>one<br> <br>two</p>", "<p>one</p><p>two</p>"),
        ("<div id='k'><p>one</p></div>", '<p id="k">one</p>'),
        ("<div id='k'><p id='l'>one</p></div>", '<p id="l"><span id="k"></span>one</p>'),
        ("<div id='k'><ul id='l'><li>one</li></ul></div>", '<ul id="l"><li>one</li></ul>'),
        ("one<p>two</p>three <b>four</b>", "<p>one</p>\n<p>two</p>\n<p>three <b>four</b></p>"),
        ("<blockquote>one<p>two</p></blockquote>", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("<blockquote><p>one</p><p>— two</p></blockquote>", '<blockquote><p>one</p><p class="credit">— two</p></blockquote>'),
        *((f"<blockquote><p>one</p><p>{dash} two</p></blockquote>", '<p class="credit">') for dash in ("–", "―", "--")),
        ("<blockquote><p>— two</p></blockquote>", "<blockquote><p>— two</p></blockquote>"),
        ("<blockquote><p>one</p><p>- two</p></blockquote>", "<blockquote><p>one</p><p>- two</p></blockquote>"),
        ("<p>one</p><li>two</li>", "<p>one</p>\n<p>two</p>"),
        ("<p>one</p><dl><dd>a</dd></dl>", "<ul><li>a</li></ul>"),
        ("<dl><dt>a</dt></dl>", "<ul><li>a</li></ul>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<ul>one<li>two</li><p>three</p></ul>", "<ul><li>one</li><li>two</li><li><p>three</p></li></ul>"),
        ("<ul>one <b>bold</b> word<li>two</li></ul>", "<ul><li>one <b>bold</b> word</li><li>two</li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<ul><li>a</li><ol start='3'><li>b</li></ol></ul>", '<ul><li>a<ol start="3"><li>b</li></ol></li></ul>'),
        (
            "<ol><li>a</li><ol><li>b</li><ol><li>c</li></ol></ol></ol>",
            "<ol><li>a<ol><li>b<ol><li>c</li></ol></li></ol></li></ol>",
        ),
        ("<ul><li>a</li><div><ul><li>b</li></ul></div></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><li>a</li><li><ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ol><li>a</li><li><ul><li>b</li></ul></li></ol>", "<ol><li>a</li><li><ul><li>b</li></ul></li></ol>"),  # its number 2
        ("<ul><ol><li>a</li></ol><li>b</li></ul>", "<ol><li>a</li></ol>\n<ul><li>b</li></ul>"),
        ("<ul><ul><ul><li>a</li></ul></ul></ul>", "\n<ul><li>a</li></ul>"),
        ("<ul>one<ul><li>a</li></ul></ul>", "<ul><li>one<ul><li>a</li></ul></li></ul>"),
        (
            "<figure><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' alt='a'></figure><figcaption>c</figcaption>",
            "<figcaption>c</figcaption></figure>",
        ),
        ("<p>x</p><figcaption>c</figcaption>", "<p>c</p>"),
        ("<a href='https://example.org/x'><h2>one</h2><p>two</p></a>", '<h2 id="one"><a href="https://example.org/x">one</a>'),
        ("<b><p>one</p></b>", "\n<p>one</p>\n"),
        *(
            (f"<{tag}> </{tag}><p>one</p>", "stop.</p>\n<p>one</p>")
            for tag in ("p", "h2", "ul", "ol", "dl", "blockquote", "figure")
        ),
        ("<p>&nbsp;</p><p>one</p>", "stop.</p>\n<p>one</p>"),
        ("<p>one</p><hr>", "<p>one</p>\n<hr/>"),
        (
            "<h4>e</h4><h6>b</h6><h5>c</h5><h2>d</h2>",
            '<h2 id="e">e</h2>\n<h3 id="b">b</h3>\n<h3 id="c">c</h3>\n<h2 id="d">d</h2>',
        ),
        ("<h2>f</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6>", '<h6 id="e">e</h6>'),
        (
            "<h2>The Gate</h2><h2>The Gate</h2><h2>7 locks</h2><h2>Notes</h2>",
            '<h2 id="the-gate">The Gate</h2>\n<h2 id="the-gate-2">The Gate</h2>'
            '\n<h2 id="p-7-locks">7 locks</h2>\n<h2 id="p-notes">Notes</h2>',
        ),
        ("<h2>✶</h2>", '<h2 id="p">✶</h2>'),
        ("<p id='7a'>x <a href='#7a'>y</a></p>", '<p id="p-7a">x <a href="#p-7a">y</a></p>'),
    ],
)
def test_the_structure_of_an_article(typed: str, markup: str) -> None:
    found = tree(typed)
    assert markup in found or markup in found.replace("\n", ""), found


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("<h1>One</h1><p>Words</p>", "One"),
        ("<p>Words</p><h2>Two</h2><p>x</p>", "Two"),
        ("<title>The title here</title><p>Words</p><h2>Two</h2><p>x</p>", "The title here"),
        ("<p>Words</p>", "upper lock gate"),
    ],
)
def test_where_the_headline_comes_from(given: str, title: str) -> None:
    manuscript = Manuscript(Path("upper-lock_gate.html"), given.encode(), "upper-lock_gate.html")
    (found,) = articles_of(manuscript)
    assert found.metadata.title == title and xhtml(found.root).count("<h1>") == 1
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == (
        ["headline-missing"] if title.startswith("upper") else []
    )


@pytest.mark.parametrize(
    ("second", "goes"),
    [
        ("## The gate’s “opening” – Early", True),
        ('The gate\'s "opening" - early', True),
        ("The gate's opening", False),
        ('[The gate\'s "opening" - early](https://example.org/)', False),
    ],
)
def test_a_headline_is_not_repeated(second: str, goes: bool) -> None:
    found = article("a.md", f'# The gate\'s "opening" - early\n\nOne.\n\n{second}\n\nTwo.\n')
    assert (list(rules(found).values()) == ["repeated headline"]) is goes
    late = "\n\n".join(["# Gate opens", "One.", "Two.", "Three.", "Four.", "Gate opens", "Five."])
    assert rules(article("a.md", late)) == {}


@pytest.mark.parametrize(
    "value",
    [
        "7",
        "7.5",
        "1,200",
        "1 200",
        "-7",
        "−7",
        "+7",
        "±7",
        "~7",
        "≈7",
        "<7",
        ">7",
        "7%",
        "7 %",
        "7‰",
        "$7",
        "€7",
        "£7",
        "¥7",
        "₺7",
        "₴7",
        "7 km",
        "7 m/s",
        "7°C",
        "7 m²",
        "7 €",
        "– 7",
    ],
)
def test_a_column_of_numbers_is_aligned_to_the_end(value: str) -> None:
    cell = value.replace("<", "&lt;").replace(">", "&gt;")
    rows = f"<tr><th>a</th><th>b</th></tr><tr><td>x</td><td>{cell}</td></tr>"
    assert tree(f"<table>{rows}</table>").count('class="end"') == 2


@pytest.mark.parametrize(
    ("cells", "aligned"),
    [
        *((["7", empty], True) for empty in ("–", "—", "-", "n/a", "…", "·", "")),
        (["7", "7", "7", "7", "low"], True),
        (["7", "7", "7", "low"], False),
        (["–", "–"], False),
        (["7 kilometers", "7"], False),
        (["<b class='center'>7</b>"], True),
    ],
)
def test_which_columns_are_of_numbers(cells: list[str], aligned: bool) -> None:
    rows = "".join(f"<tr><td>7</td><td>{cell}</td></tr>" for cell in cells)
    found = tree(f"<table>{rows}</table>")
    assert found.count('class="end"') == (len(cells) if aligned else 0)


@pytest.mark.parametrize("attribute", ["class='end'", "class='center'", "colspan='2'", "rowspan='2'"])
def test_a_table_that_its_author_arranged_is_left_alone(attribute: str) -> None:
    found = tree(f"<table><tr><td {attribute}>x</td><td>7</td></tr><tr><td>y</td><td>8</td></tr></table>")
    assert found.count('class="end"') == attribute.count("end")


def test_cells_have_no_lone_paragraphs_and_heads_no_empty_cells() -> None:
    found = tree(
        "<table><tr><th scope='col'></th><th><p>a</p></th></tr><tr><td> <p>x</p> </td><td><p>y</p><p>z</p></td></tr></table>"
    )
    assert "<tr><td></td><th>a</th></tr>" in found and "<p>y</p><p>z</p>" in found and "<p>x</p>" not in found


def test_a_table_in_a_table_of_data_is_lines_and_one_that_arranges_is_opened() -> None:
    inner = "<table><tr><td>1</td><td><p>2</p></td></tr><tr><td>3</td></tr></table>"
    rows = "".join(f"<tr><td>Row {n} of it</td><td>{n}</td></tr>" for n in range(4))
    found = tree(f"<table>{rows}<tr><td>Last</td><td>{inner}</td></tr></table>")
    assert found.count("<table") == 1 and "<p>1 · 2</p><p>3</p>" in found.replace("\n", "")
    found = tree(f"<table><tr><td><p>{SECOND}</p></td><td>{inner}</td></tr></table>")
    assert found.count("<table") == 1 and f"<p>{SECOND}</p>" in found and "<td>1</td>" in found


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://example.org/a.png", "image-missing"),
        ("//example.org/a.png", "image-missing"),
        ("a.png", "image-missing"),
        ("data:image/png;base64,A", "image-broken"),
        ("data:image/png;base64,AAAA", "image-broken"),
        ("data:image/svg+xml,<svg", "image-broken"),
    ],
)
def test_an_image_that_cannot_be_shown_is_a_message_and_its_words(address: str, code: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=f"<p><img src='{address}' alt='A gate'></p>").encode(), "a.html")
    (found,) = articles_of(manuscript)
    assert '<figure><span class="missing-image">A gate</span></figure>' in xhtml(found.root)
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [(code, 1)]


def test_a_damaged_image_is_broken_where_weasyprint_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint has it: Pillow then reads on after damage
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    data = buffer.getvalue()
    damaged = data[:33] + b"\0\0\0\0a\xffbc\0\0\0\0" + data[33:]  # behind the first chunk one whose name is not ASCII
    source = base64.b64encode(damaged).decode()
    assert "missing-image" in tree(f"<p><img src='data:image/png;base64,{source}' alt='A gate'></p>")


@pytest.mark.parametrize(
    ("typed", "stated"),
    [
        ("", 'height="60" src="X" width="90"'),
        ('width="45"', 'class="sized" height="30" src="X" width="45"'),
        ('width="45px" height="7"', 'class="sized" height="30" src="X" width="45"'),  # the proportions are the image's own
        ('height="30"', 'class="sized" height="30" src="X" width="45"'),
        ('width="50%" height="auto"', 'height="60" src="X" width="90"'),
        ('width="2em" height="-3"', 'height="60" src="X" width="90"'),
        ('class="sized"', 'height="60" src="X" width="90"'),  # on a page the class means something else
    ],
)
def test_the_size_that_an_author_set_is_kept(typed: str, stated: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60)).save(buffer, "PNG")
    uri = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    found = xhtml(
        article("a.html", f"<article><h1>A</h1><p>{PROSE}</p><p>See <img alt='B' {typed} src='{uri}'></p></article>").root
    )
    assert re.sub(r"images/[\w.-]+", "X", found.partition('<img alt="B" ')[2].partition("/>")[0]) == stated


@pytest.mark.parametrize(
    ("svg", "is_sized"),
    [
        ('width="80" height="80" viewBox="0 0 10 10"', True),
        ('width="400" height="80"', False),  # as large as this, it is set to the width of the column
        ('viewBox="0 0 80 80"', False),  # only proportions
    ],
)
def test_a_drawing_that_states_a_small_size_is_shown_in_it(svg: str, is_sized: bool) -> None:
    uri = f"data:image/svg+xml;base64,{base64.b64encode(f'<svg {svg}><rect/></svg>'.encode()).decode()}"
    assert ('class="sized"' in xhtml(article("a.md", f"# A\n\n![B]({uri})\n").root)) is is_sized


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("<p>The gate<img src='maps/gone.png' alt='A map'></p>", "maps/gone.png"),
        ("<p>The gate<img src='' alt='A  map'></p>", "“A map”"),
        ("<figure><img><figcaption>The quay</figcaption></figure>", "“The quay”"),
        ("<p>One two three four five six seven <img></p>", "after “…two three four five six seven”"),
        (f"<p>The gate <img src='' alt='{'x' * 90}'></p>", f"“{'x' * 79}…”"),
        ("<p>The gate <img src='' alt='A map'> <img src=''></p>", "after “…The gate”"),  # not after a placeholder's words
    ],
)
def test_a_missing_image_is_named_by_what_the_user_sees(markup: str, name: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=markup).encode(), "a.html")
    articles_of(manuscript)
    assert [entry.message for entry in manuscript.diagnostics if entry.code.value == "image-missing"][
        -1
    ] == f"image not found: {name}"


def test_places_in_an_archive_are_no_lines() -> None:
    assert Manuscript(Path("a.odt"), b"PK\x03\x04\n\ngone.png", "a.odt").line_of("gone.png") == 0
    assert Manuscript(Path("a.md"), b"PK\n\ngone.png", "a.md").line_of("gone.png") == 3


@pytest.mark.parametrize(
    ("language", "code", "spans"),
    [
        ("python", "# c", [("comment", "# c")]),
        ("python", "'s'", [("string", "'"), ("string", "s"), ("string", "'")]),
        ("python", "7", [("number", "7")]),
        ("python", "return", [("keyword", "return")]),
        ("python", "a and b", [("keyword", "and")]),
        ("python", "def f(): 0", [("keyword", "def"), ("name", "f"), ("number", "0")]),
        ("python", "class C: 0", [("keyword", "class"), ("name", "C"), ("number", "0")]),
        ("html", "&lt;b c='d'&gt;", [("keyword", "b"), ("name", "c"), ("string", "'d'")]),
        ("diff", "+a\n-b\n c", [("string", "+a"), ("comment", "-b")]),
        ("nothing", "return", []),
    ],
)
def test_the_kinds_of_tokens_of_a_listing(language: str, code: str, spans: list[tuple[str, str]]) -> None:
    found = tree(f'<pre><code class="language-{language}">{code}</code></pre>')
    assert [(kind, html.unescape(text)) for kind, text in re.findall(r'class="code-(\w+)">([^<]*)<', found)] == spans


@pytest.mark.parametrize("name", ["language-python", "lang-python", "highlight-source-python", "brush: python", "x lang-Python"])
def test_the_class_that_names_the_language_of_a_listing(name: str) -> None:
    assert "code-keyword" in tree(f'<pre class="{name}">return 7</pre>')
    assert "code-keyword" not in tree(f'<pre class="x{name}">return 7</pre>'.replace("xx ", "y"))
    assert "code-keyword" not in tree(f'<pre class="{name}">return <b>7</b></pre>')


GIF = (
    "data:image/gif;base64,"
    f"{base64.b64encode(bytes.fromhex('47494638396101000100800000ffffff00000021f90400000000002c00000000010001000002024401003b')).decode()}"
)


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        (
            f'![a]({GIF} "A caption")',
            '<figure><img alt="a" height="1" src="X" width="1"/><figcaption>A caption</figcaption></figure>',
        ),
        (f"![a]({GIF})", '<figure><img alt="a" height="1" src="X" width="1"/></figure>'),
        (f"![a]({GIF}) words", '<p><img alt="a" height="1" src="X" width="1"/> words</p>'),
        (f"*![a]({GIF})*", '<p><em><img alt="a" height="1" src="X" width="1"/></em></p>'),
        (
            f"![a]({GIF}) ![b]({GIF})",
            '<p><img alt="a" height="1" src="X" width="1"/> <img alt="b" height="1" src="X" width="1"/></p>',
        ),
        (f'<figure><p><img src="{GIF}" alt="a"></p></figure>', '<figure><img alt="a" height="1" src="X" width="1"/></figure>'),
        ('![a](none.png "A caption")', '<figure><span class="missing-image">a</span><figcaption>A caption</figcaption></figure>'),
        ("![](none.png)", '<figure><span class="missing-image">Figure</span></figure>'),
        ("![a](none.png) words", '<p><span class="missing-image">a</span> words</p>'),
        (
            "<figure><img src='none.png' alt=' a  b '><figcaption>a b</figcaption></figure>",
            '<span class="missing-image">Figure</span>',
        ),
        ("<figure><img src='none.png' alt='a'><figcaption>b</figcaption></figure>", '<span class="missing-image">a</span>'),
        ("<figure><p><img src='none.png' alt='a'></p></figure>", '<figure><span class="missing-image">a</span></figure>'),
    ],
)
def test_an_image_alone_is_a_figure(typed: str, markup: str) -> None:
    found = re.sub(r'src="images/[\w-]+\.gif"', 'src="X"', tree(f"# Headline\n\nWords.\n\n{typed}\n", "a.md"))
    label = languages.words_for("en")["figure"]
    assert markup.replace(">Figure<", f">{label}<") in found


def test_an_image_has_the_name_of_its_file_and_stands_once_among_the_resources() -> None:
    data = base64.b64decode(GIF.partition(",")[2])
    text = "# A\n\n![a](The%20Gate_7.GIF?x#y) and ![b](The%20Gate_7.GIF)\n\n![c](none.png) ![d](none.png)\n"
    manuscript = Manuscript(Path("a.md"), text.encode(), "a.md", opened={"The Gate_7.GIF": data, "none.png": None})
    (found,) = articles_of(manuscript)
    ((name, kind, width),) = [(one.name, one.media_type, one.width) for one in found.resources]
    assert name.startswith("images/the-gate-7-") and name.endswith(".gif") and (kind, width) == ("image/gif", 1)
    assert len(manuscript.diagnostics) == 2 and {diagnostic.location.line for diagnostic in manuscript.diagnostics} == {5}


@pytest.mark.parametrize(
    ("front", "byline"),
    [
        ("author: Mara Ennis\npublisher: Wire\ndate: 2026-03-12", "By Mara Ennis · Wire · March 12, 2026"),
        ("authors: [Mara Ennis, Pim Dole]", "By Mara Ennis and Pim Dole"),
        ("publisher: Wire\nsource: {publication: Other}", "Other"),
        ("date: 2026-03-12\nsource: {date: 2026-03-11}", "March 12, 2026"),
        ("date: 2026-03-12\nlang: de", "12. März 2026"),
    ],
)
def test_the_byline_of_an_article(front: str, byline: str) -> None:
    assert f'<p class="byline">{byline}</p>' in tree(f"---\n{front}\n---\n\n# A\n\nWords.\n", "a.md")
    assert "byline" not in tree("# A\n\nWords.\n", "a.md")


@pytest.mark.parametrize(
    ("lang", "wanted"), [("de", "de"), ("de_AT", "de-AT"), ("zh-Hant-TW", "zh-Hant-TW"), ("x", "en"), ("german language", "en")]
)
def test_the_language_of_an_article_is_a_tag_or_that_of_the_edition(lang: str, wanted: str) -> None:
    assert article("a.html", page(html=f'lang="{lang}"')).metadata.lang == wanted


def test_a_standfirst_of_the_text_stays_and_one_that_is_given_replaces_it() -> None:
    page_text = page(body="<p class='standfirst'>Of the <b>gate</b>.</p>").encode()
    for given, markup in (
        (Metadata(), "Of the <b>gate</b>."),
        (Metadata(subtitle="Given"), "Given"),
        (Metadata(subtitle="of the gate."), "Of the <b>gate</b>."),
    ):
        (found,) = articles_of(Manuscript(Path("a.html"), page_text, "a.html", given=given))
        assert f'<p class="standfirst">{markup}</p>' in xhtml(found.root)


def test_a_title_that_is_given_replaces_the_headline_and_its_markup_only_if_it_is_another() -> None:
    for given, markup in (
        (Metadata(title="the “gate” – OPENS"), "The <em>“gate”</em> — opens"),
        (Metadata(title="The weir"), "The weir"),
    ):
        (found,) = articles_of(Manuscript(Path("a.md"), "# The *“gate”* — opens\n\nWords.\n".encode(), "a.md", given=given))
        assert f"<h1>{markup}</h1>" in xhtml(found.root)


def test_control_characters_in_attributes_and_metadata_are_cleaned_too() -> None:
    items = [
        {
            "id": 1,
            "title": "A\x08b",
            "authors": [{"name": "Mara\x08 Ennis"}],
            "content_html": "<p title='x\x08\x0by'>Words\x08</p>",
        }
    ]
    values = {"version": "https://jsonfeed.org/version/1.1", "title": "Wi\x08re", "items": items}
    manuscript = Manuscript(Path("a.json"), json.dumps(values).encode(), "a.json")
    (found,) = articles_of(manuscript)
    assert (found.metadata.title, found.metadata.authors, found.metadata.source.publication) == ("Ab", ("Mara Ennis",), "Wire")
    assert 'title="x y"' in xhtml(found.root) and ">Words</p>" in xhtml(found.root)
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == ["control-characters"]


def test_sources_are_written_out_once_with_their_number_of_words() -> None:
    source = Source(title="A & B", url="https://example.org/x")
    text = f'<aside><p data-source="{source.identifier}"></p></aside><p data-source="{source.identifier}"/>'
    written, count = write_sources(text, [Citation(1, source)], "en", lambda one, lang: f"<b>{one.title} in {lang}</b> x &amp; y")
    assert written == "<aside><p><b>A & B in en</b> x &amp; y</p></aside><p><b>A & B in en</b> x &amp; y</p>" and count == 16


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", page('<link rel="canonical" href="https://example.org/a">', '<p><a href="//[c">of</a> <img src="//[c"></p>')),
        ("a.html", page(body='<iframe src="https://[c"></iframe>')),
        ("a.html", page('<base href="https://[c">', '<a href="b">of</a>')),
        ("a.md", f'# A\n\n{PROSE}\n\n<iframe src="https://[c"></iframe>\n\n[a](https://[c)\n'),
        (
            "a.rss",
            f"<rss><channel><item><title>A</title><link>https://[c</link><description>{PROSE}</description></item></channel></rss>",
        ),
        (
            "a.json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "home_page_url": "https://example.org",
                    "items": [{"id": "1", "url": "https://[c", "title": "A", "content_text": PROSE}],
                }
            ),
        ),
    ],
)
def test_a_malformed_address_leads_nowhere_and_breaks_nothing(name: str, text: str) -> None:
    assert "first barges of the spring" in xhtml(article(name, text).root)


def test_a_formula_with_a_reference_to_no_character_is_drawn() -> None:
    assert "\ufffd" in linear_text(mathematics._clean_mathml("<math><mi>x&#xD800;</mi></math>"))


def test_a_formula_of_restructured_text_is_drawn_and_messages_stay_out() -> None:
    found = article("a.rst", "Gate\n====\n\n:Authors: Mara Ennis; Pim Dole\n\nWords :math:`x^2` and `lost`_ here.\n")
    body = xhtml(found.root)
    assert '<img alt="x^2" class="math"' in body and "Docutils" not in body
    assert found.metadata.authors == ("Mara Ennis", "Pim Dole")


def test_a_link_to_an_id_that_stands_twice_leads_to_the_first() -> None:
    html = f'<h2 id="x">Upper</h2><p>{PROSE}</p><h2 id="x">Lower</h2><p><a href="#x">See</a></p>'
    body = xhtml(article("a.html", page(body=html)).root)
    (upper,) = re.findall(r'<h2 id="([^"]*)">Upper', body)
    assert f'<a href="#{upper}">See</a>' in body


def test_a_link_to_the_number_of_a_note_that_was_removed_is_no_reference() -> None:
    notes = '<ol><li id="fn1"><a id="n1" href="#c1">1</a> A note.</li></ol>'
    assert "A note." in tree(
        f'{CALL.format("<sup><a id=c1 href=#fn1>1</a></sup>")}<p>See <sup><a href="#n1">1</a></sup>.</p>{notes}'
    )


def test_a_figure_has_one_caption() -> None:
    captions = "".join(f"<figcaption>Gate {number}</figcaption>" for number in range(3))
    found = article("a.html", page(body=f"<figure><img src='a.png' alt='A'>{captions}</figure><p>{PROSE}</p>"))
    assert xhtml(found.root).count("<figcaption>") == 1 and "<p>Gate 1</p><p>Gate 2</p><figcaption>Gate 0" in xhtml(found.root)


@pytest.mark.parametrize(
    ("rows", "filled"),
    [
        ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "<tr><td>c</td><td></td></tr>"),
        ("<tr><td colspan=3>a</td></tr><tr><td>c</td></tr>", "<tr><td>c</td><td></td><td></td></tr>"),
        ("<tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>", "<tr><td>c</td></tr>"),
        ("<thead><tr><th>a</th></tr></thead>", "<tbody><tr><th>a</th></tr></tbody>"),
        ("<thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>", "<thead><tr><th>a</th></tr></thead>"),
    ],
)
def test_every_row_of_a_table_has_as_many_columns(rows: str, filled: str) -> None:
    assert filled in tree(f"<p>{PROSE}</p><table>{rows}</table>")


def test_a_caption_stands_first_in_its_table_and_a_second_behind_it() -> None:
    captions = "<caption>Gauges</caption><caption><p>In <b>meters</b></p><p>at noon</p></caption>"
    found = tree(f"<p>{PROSE}</p><table><tr><td>a</td></tr>{captions}</table>")
    assert "<table><caption>Gauges</caption><tbody>" in found and "</table>\n<p>In <b>meters</b> at noon </p>" in found
