"""Hostile inputs, generated: each is small to write and large, deep or slow to read, to lay out or to hold.

`BOMBS` has, for each name, the file name and what gives its bytes. `bench/hostile.py` builds each in a process of its own.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.file_samples import archive, docx, each, epub, mail, markdown, odt, page, rss

Bomb = tuple[str, Callable[[], bytes]]
WORD = "lock"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">'


def nested(depth: int, start: str, end: str, inner: str = WORD) -> str:
    return start * depth + inner + end * depth


def png(width: int, height: int, frames: int = 0) -> bytes:
    """A PNG of zeros in few bytes; with `frames` it says that it is animated."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8 + (width % 8 > 0))
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    control = chunk(b"acTL", struct.pack(">II", frames, 0)) if frames else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + control + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif(frames: int) -> bytes:
    frame = b"\x21\xf9\x04\x04\x00\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 2000, 2000, 0)
    frame += b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 2000, 2000, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


def with_image(data: bytes, kind: str = "png") -> bytes:
    return page(f'<p>{WORD}</p><img alt="x" src="data:image/{kind};base64,{base64.b64encode(data).decode()}">')


def drawing(inner: str) -> bytes:
    return page(f"<p>{WORD}</p>{SVG}{inner}</svg>")


def doubled(count: int, levels: int) -> str:
    """Groups of `use`, each of which uses the one before it ten times."""
    groups = ['<g id="g0"><rect width="1" height="1"/></g>']
    for level in range(1, levels + 1):
        uses = f'<use xlink:href="#g{level - 1}"/>' * count
        groups.append(f'<g id="g{level}">{uses}</g>')
    return "".join(groups)


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        for name, data in files.items():
            bomb.writestr(name, data)
    return buffer.getvalue()


def spans(rows: int, span: int) -> str:
    return f"<table>{f'<tr><td rowspan={span} colspan={span}>4</td></tr>' * rows}</table>"


def references(count: int) -> bytes:
    return markdown("[^a] " * count + "\n\n[^a]: Draft.\n")


def notes(count: int) -> bytes:
    return markdown(each(count, "Barge[^n@]\n\n[^n@]: Draft @.\n\n"))


def rst(body: str) -> bytes:
    return f"Lock\n====\n\n{body}\n".encode()


def front(matter: str) -> bytes:
    return f"---\n{matter}\n---\n\n# Lock\n\nText.\n".encode()


def aliases(levels: int) -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + f"\ntitle: *a{levels - 1}"


def entities(levels: int, root: str) -> bytes:
    lines = [f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, levels)]
    return f"<!DOCTYPE {root} [<!ENTITY e0 'lollollol'>{''.join(lines)}]><{root}>&e{levels - 1};</{root}>".encode()


def variables(levels: int) -> str:
    rules = "".join(f"--v{n}:{f'var(--v{n - 1}) ' * 10};" for n in range(1, levels))
    return f"<style>:root{{--v0:lol;{rules}}} p{{content:var(--v{levels - 1})}}</style>"


def mime(depth: int) -> bytes:
    start = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    end = "".join(f"\n--b{n}--" for n in reversed(range(depth)))
    return f"From: a@example.org\nSubject: Locks\nMIME-Version: 1.0\n{start}Content-Type: text/plain\n\n{WORD}{end}\n".encode()


def outline(depth: int) -> bytes:
    outlines = nested(depth, '<outline text="a">', "</outline>", "")
    return f"<opml version='2.0'><body>{outlines}</body></opml>".encode()


def lists_of_odt(depth: int) -> bytes:
    return odt(nested(depth, "<text:list><text:list-item>", "</text:list-item></text:list>", "<text:p>lock</text:p>"))


def tables_of_word(depth: int) -> bytes:
    start, end = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    return docx(nested(depth, start, end, "<w:p><w:r><w:t>lock</w:t></w:r></w:p>"))


def ninjs(depth: int) -> bytes:
    return ('{"uri": "x", "headline": "Lock", "body_text": "Text.", "x": ' + nested(depth, "[", "]", "1") + "}").encode()


def notebook(cells: int) -> bytes:
    cell = {"cell_type": "markdown", "source": "PROSE", "metadata": {}}
    return json.dumps({"cells": [cell] * cells, "metadata": {}, "nbformat": 4}).encode()


def feed_of_json(count: int) -> bytes:
    items = [{"id": str(number), "content_text": "A barge.", "title": f"Lock {number}"} for number in range(count)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Locks", "items": items}).encode()


def word_of(letters: int) -> str:
    return ("barge" * (letters // 5 + 1))[:letters]


BOMBS: dict[str, Bomb] = {
    # nesting
    **{
        f"{depth} nested divs": ("a.html", lambda depth=depth: page(nested(depth, "<div>", "</div>")))  # type: ignore[misc]
        for depth in (300, 395, 5_000, 200_000)
    },
    **{
        f"{depth} nested {name}": (f"a{suffix}", lambda depth=depth, make=make: make(depth))  # type: ignore[misc]
        for name, suffix, depths, make in (
            ("spans", ".html", (300, 390, 50_000), lambda n: page(f"<p>{nested(n, '<span>', '</span>')}</p>")),
            ("bolds", ".html", (390,), lambda n: page(f"<p>{nested(n // 2, '<b><i>', '</i></b>')}</p>")),
            ("lists", ".html", (190,), lambda n: page(nested(n, "<ul><li>", "</li></ul>"))),
            ("quotations", ".html", (390,), lambda n: page(nested(n, "<blockquote>", "</blockquote>"))),
            ("tables", ".html", (95,), lambda n: page(nested(n, "<table><tr><td>a", "</td></tr></table>"))),
            ("asides", ".html", (380,), lambda n: page(nested(n, "<aside><p>a</p>", "</aside>"))),
            ("sections", ".html", (380,), lambda n: page(nested(n, "<section><h2>a</h2>", "</section>"))),
            ("quotations of Markdown", ".md", (190, 390, 20_000), lambda n: markdown("> " * n + WORD)),
            ("lists of Markdown", ".md", (150,), lambda n: markdown("".join(f"{'  ' * d}- a\n" for d in range(n)))),
            ("brackets of Markdown", ".md", (50_000,), lambda n: markdown("[" * n + WORD + "](x)" * n)),
            ("emphases of Markdown", ".md", (20_000,), lambda n: markdown("*a **a " * n + " b** b*" * n)),
            ("quotations of rst", ".rst", (300, 390), lambda n: rst("\n\n".join(f"{' ' * d}lock" for d in range(n)))),
            ("lists of rst", ".rst", (250, 350), lambda n: rst("\n\n".join(f"{'  ' * d}- a" for d in range(n)))),
            ("bullets on a line of rst", ".rst", (300, 3_000), lambda n: rst("- " * n + "a")),
            ("lists of OpenDocument", ".odt", (120, 300, 5_000), lists_of_odt),
            ("spans of OpenDocument", ".odt", (300, 390), lambda n: odt(f"<text:p>{nested(n, '<text:span>', '</text:span>')}</text:p>")),
            ("tables of Word", ".docx", (60, 300, 3_000), tables_of_word),
            ("outlines of OPML", ".opml", (150, 300, 395, 5_000), outline),
            ("brackets of YAML", ".md", (300, 390, 20_000), lambda n: front("title: " + nested(n, "[", "]", "a"))),
            ("keys of YAML", ".md", (350, 3_000), lambda n: front("\n".join(f"{' ' * d}k:" for d in range(n)))),
            ("arrays of JSON", ".json", (300, 1_500, 100_000), ninjs),
            ("parts of a mail", ".eml", (90, 300, 3_000), mime),
            ("blocks of CSS", ".html", (300, 395, 20_000), lambda n: page(f"<style>{nested(n, 'a{', '}', 'x:y')}</style><p>lock</p>")),
            ("blocks of an attribute", ".html", (395, 20_000), lambda n: page("<p style='" + nested(n, "a(", ")", "x") + "'>lock</p>")),
            ("groups of a drawing", ".html", (300, 5_000), lambda n: drawing(nested(n, "<g>", "</g>", "<rect width='1' height='1'/>"))),
            ("blocks of CSS in a drawing", ".html", (395, 20_000), lambda n: drawing(f"<style>{nested(n, 'a{', '}', 'x:y')}</style><rect width='1' height='1'/>")),
            ("rows of MathML", ".html", (300, 390), lambda n: page(f"<p><math>{nested(n, '<mrow>', '</mrow>', '<mi>x</mi>')}</math></p>")),
            ("fractions of MathML", ".html", (100, 350), lambda n: page(f"<p><math>{nested(n, '<mfrac><mn>1</mn>', '</mfrac>', '<mi>x</mi>')}</math></p>")),
            ("fractions of TeX", ".md", (60, 300, 5_000), lambda n: markdown(f"Draft $x={nested(n, chr(92) + 'frac{1}{', '}', 'x')}$.")),
            ("braces of TeX", ".md", (5_000,), lambda n: markdown(f"Draft ${nested(n, '{', '}', 'x')}$.")),
            ("elements of NITF", ".xml", (390,), lambda n: f"<nitf><body><body.content>{nested(n, '<block><p>a</p>', '</block>', '')}</body.content></body></nitf>".encode()),
            ("elements of a feed", ".xml", (390, 5_000), lambda n: rss(f"<item><title>a</title><description>b</description>{nested(n, '<x>', '</x>')}</item>")),
        )
        for depth in depths
    },
    # long words, lines, addresses, attributes
    **{
        f"a word of {letters} letters": ("a.md", lambda letters=letters: markdown(word_of(letters)))  # type: ignore[misc]
        for letters in (4_000, 20_000, 100_000, 1_000_000, 10_000_000)
    },
    "a word of a megabyte on a page": ("a.html", lambda: page(f"<p>{word_of(1_000_000)}</p>")),
    "a word of 100,000 letters in a cell": ("a.html", lambda: page(f"<table><tr><td>a</td><td>{word_of(100_000)}</td></tr></table>")),
    "a word of 100,000 letters in a headline": ("a.html", lambda: page(f"<h2>{word_of(100_000)}</h2><p>lock</p>")),
    "a title of 100,000 letters": ("a.md", lambda: f"# {word_of(100_000)}\n\nText.".encode()),
    "a title of 100,000 words": ("a.md", lambda: f"# {'lock ' * 100_000}\n\nText.".encode()),
    "a listing with a line of a megabyte": ("a.md", lambda: markdown(f"```\n{word_of(1_000_000)}\n```")),
    "a listing of many languages' marks": ("a.md", lambda: markdown(f"```python\n{'((' * 50_000}\n```\n\n```html\n{'<a ' * 50_000}\n```")),
    "base64 of nothing": ("a.md", lambda: markdown(base64.b64encode(bytes(3_000_000)).decode())),
    "base64 of nothing in lines": ("a.txt", lambda: b"Lock\n\n" + base64.encodebytes(bytes(3_000_000))),
    "an address of a megabyte": ("a.html", lambda: page(f'<p><a href="https://example.org/{word_of(1_000_000)}">x</a></p>')),
    "an address of a megabyte as text": ("a.md", lambda: markdown(f"https://example.org/{word_of(1_000_000)}")),
    "an attribute of ten megabytes": ("a.html", lambda: page(f'<p title="{word_of(10_000_000)}">lock</p>')),
    "100,000 attributes": ("a.html", lambda: page(f"<p {each(100_000, 'a@=1 ')}>lock</p>")),
    "100,000 classes": ("a.html", lambda: page(f'<p class="{each(100_000, "a@ ")}">lock</p>')),
    "an alternative text of a megabyte": ("a.html", lambda: page(f'<p>lock</p><img src="gone.png" alt="{word_of(1_000_000)}">')),
    "front matter of ten megabytes": ("a.md", lambda: front(f"title: {WORD}\nnote: {word_of(10_000_000)}")),
    "front matter of 300,000 keys": ("a.md", lambda: front(each(300_000, "k@: lock\n"))),
    # tables and lists
    "60 rows of spans of 1,000": ("a.html", lambda: page(spans(60, 1_000))),
    "1,000 rows of spans of 1,000": ("a.html", lambda: page(spans(1_000, 1_000))),
    "a colspan of 65,000": ("a.html", lambda: page("<table><tr><td colspan=65000>a</td></tr><tr><td>b</td></tr></table>")),
    "a rowspan of 65,000": ("a.html", lambda: page("<table><tr><td rowspan=65000>a</td><td>b</td></tr><tr><td>b</td></tr></table>")),
    "a row of 5,000 cells": ("a.html", lambda: page(f"<table><tr>{'<td>4</td>' * 5_000}</tr></table>")),
    "20,000 rows": ("a.html", lambda: page(f"<table>{'<tr><td>4</td><td>lock</td></tr>' * 20_000}</table>")),
    "300 by 300 cells": ("a.html", lambda: page("<table>" + ("<tr>" + "<td>4</td>" * 300 + "</tr>") * 300 + "</table>")),
    "100,000 items": ("a.html", lambda: page(f"<ul>{'<li>a</li>' * 100_000}</ul>")),
    "200,000 line breaks": ("a.html", lambda: page(f"<p>lock{'<br>a' * 200_000}</p>")),
    "300,000 spans in a paragraph": ("a.html", lambda: page(f"<p>{'<b>a</b>' * 300_000}</p>")),
    "100,000 empty paragraphs": ("a.html", lambda: page(f"<p>lock</p>{'<p>&nbsp;</p>' * 100_000}")),
    "a table of OpenDocument repeated 10^9 times": (
        "a.odt",
        lambda: odt(
            '<table:table><table:table-row table:number-rows-repeated="1000000000">'
            '<table:table-cell table:number-columns-repeated="16384"><text:p>4</text:p></table:table-cell></table:table-row></table:table>'
        ),
    ),
    "10^9 spaces of OpenDocument": ("a.odt", lambda: odt('<text:p>lock<text:s text:c="1000000000"/>gate</text:p>')),
    "a span of 10^9 in Word": (
        "a.docx",
        lambda: docx('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>'),
    ),
    # notes and links
    "33,000 references to a note": ("a.md", lambda: references(33_000)),
    "20,000 notes": ("a.md", lambda: notes(20_000)),
    "5,000 notes": ("a.md", lambda: notes(5_000)),
    "500 notes to a paragraph": ("a.md", lambda: markdown(each(500, "a[^n@] ") + "\n\n" + each(500, "[^n@]: Draft @.\n\n"))),
    "notes in notes": ("a.md", lambda: markdown("Barge[^n0]\n\n" + "".join(f"[^n{n}]: Draft[^n{n + 1}]\n\n" for n in range(300)))),
    "3,000 links": ("a.html", lambda: page(each(3_000, "<p>PROSE <a href=https://example.org/@>here</a></p>"))),
    "100,000 links": ("a.html", lambda: page(each(100_000, "<a href=https://example.org/@>here</a> "))),
    "100,000 links to a fragment": ("a.html", lambda: page(f"<p id=a>lock</p>{'<a href=#a>up</a> ' * 100_000}")),
    "50,000 ids": ("a.html", lambda: page(each(50_000, "<p id=a@>a</p>"))),
    # archives
    "an archive of zeros": ("a.docx", lambda: packed({"[Content_Types].xml": b"<x/>", "word/document.xml": bytes(300_000_000)})),
    "an archive of 20,000 files": ("a.epub", lambda: packed({"mimetype": b"application/epub+zip", **{f"{n}.xhtml": b"" for n in range(20_000)}})),
    "an archive in an archive": ("a.epub", lambda: packed({"mimetype": b"application/epub+zip", "a.zip": packed({"a": bytes(90_000_000)})})),
    "a chapter of spaces": ("a.epub", lambda: epub(1, f"<h1>Lock</h1><p>{' ' * 900_000}lock</p>")),
    "3,000 chapters": ("a.epub", lambda: epub(3_000, "<h1>Lock @</h1><p>PROSE</p>")),
    "styles of Word that follow each other": ("a.docx", lambda: _style_chain(20_000)),
    # images
    "an image of 400 megapixels": ("a.html", lambda: with_image(png(20_000, 20_000))),
    "an image of 78 megapixels": ("a.html", lambda: with_image(png(8_800, 8_800))),
    "an image of 65,000 by 65,000": ("a.html", lambda: with_image(png(65_000, 10))),
    "an animation of 10^9 frames": ("a.html", lambda: with_image(png(9, 9, 10**9))),
    "an animation of 5,000 large frames": ("a.html", lambda: with_image(gif(5_000), "gif")),
    "2,000 images": ("a.html", lambda: page(("<p>lock</p>" + f'<img alt="x" src="data:image/png;base64,{base64.b64encode(png(40, 40)).decode()}">') * 2_000)),
    # entities and aliases
    "aliases of YAML": ("a.md", lambda: front(aliases(9))),
    "aliases of YAML in a note": ("a.md", lambda: front(aliases(12).replace("title:", "note:"))),
    "entities of XML": ("a.xml", lambda: entities(10, "rss")),
    "entities of NITF": ("a.xml", lambda: entities(10, "nitf")),
    "entities of a drawing": ("a.html", lambda: _with_drawing_file(entities(10, "svg"))),
    "variables of CSS": ("a.html", lambda: page(variables(10) + "<p>lock</p>")),
    "variables of CSS in a drawing": ("a.html", lambda: drawing(variables(10) + "<rect width='9' height='9'/>")),
    "selectors of CSS": ("a.html", lambda: page(f"<style>{'a ' * 20_000}{{}} {':not(' * 5_000}</style>{each(2_000, '<p>PROSE</p>')}")),
    # drawings
    "use of use to 10^8": ("a.html", lambda: drawing(doubled(10, 8) + '<use xlink:href="#g8"/>')),
    "use of use to 2^30": ("a.html", lambda: drawing(doubled(2, 30) + '<use xlink:href="#g30"/>')),
    "a drawing that uses itself": ("a.html", lambda: drawing('<g id="a"><use xlink:href="#a"/></g>')),
    "a pattern that uses itself": (
        "a.html", lambda: drawing('<pattern id="p" width="1" height="1"><rect width="9" height="9" fill="url(#p)"/></pattern><rect width="90" height="90" fill="url(#p)"/>'),
    ),
    "patterns of patterns": ("a.html", lambda: drawing(_patterns(8))),
    "a pattern of tiny tiles": (
        "a.html",
        lambda: drawing(
            '<pattern id="p" width="1e-6" height="1e-6" patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern>'
            '<rect width="1e6" height="1e6" fill="url(#p)"/>'
        ),
    ),
    "a large filter": ("a.html", lambda: drawing('<filter id="f"><feGaussianBlur stdDeviation="99999"/><feTurbulence numOctaves="999"/></filter><rect width="90" height="90" filter="url(#f)"/>')),
    "gradients that name each other": (
        "a.html", lambda: drawing('<linearGradient id="a" xlink:href="#b"/><linearGradient id="b" xlink:href="#a"/><rect width="9" height="9" fill="url(#a)"/>'),
    ),
    "markers of markers": ("a.html", lambda: drawing(_markers(8))),
    "a path of 500,000 points": ("a.html", lambda: drawing('<path d="M0 0' + " l1 1" * 500_000 + '"/>')),
    "a dash of nothing": ("a.html", lambda: drawing('<path stroke="#000" stroke-dasharray="1e-7" d="M0 0 l90 90"/>')),
    "a drawing of 10^9 pixels": ("a.html", lambda: page(f"<p>lock</p>{SVG.replace('90', '1000000000')}<rect width='9' height='9'/></svg>")),
    # texts that are hard for patterns
    **{
        f"a run of {name} in {suffix}": (f"a{suffix}", lambda run=run, suffix=suffix: _run_of(run, suffix))  # type: ignore[misc]
        for suffix in (".md", ".txt", ".html", ".rst", ".eml")
        for name, run in (
            ("spaces", " " * 300_000), ("quotes", "\"' " * 60_000), ("brackets", "[(" * 60_000), ("less-than", "<" * 120_000),
            ("comments", "<!--" * 40_000), ("dashes", "- -- " * 40_000), ("at signs", "a@" * 60_000), ("backticks", "` `` " * 30_000),
            ("stars", "*_" * 60_000), ("ampersands", "&#" * 60_000), ("dots", "a." * 60_000), ("slashes", "http://" * 30_000),
            ("pipes", "|a" * 30_000 + "\n" + "|-" * 30_000), ("colons", "From: a\n" * 20_000), ("marks above", "a" + "\u0301" * 100_000),
            ("directions", "\u202e\u2066" * 50_000), ("newlines", "\n" * 300_000 + "a"), ("dollars", "$a $$ " * 30_000),
        )
    },
    # many of something
    "a feed of 100,000 items": ("a.xml", lambda: rss(each(100_000, "<item><title>Lock @</title><guid>@</guid><description>A barge.</description></item>"))),
    "a JSON feed of 100,000 items": ("a.json", lambda: feed_of_json(100_000)),
    "a feed of 2,000 items": ("a.xml", lambda: rss(each(2_000, "<item><title>Lock @</title><guid>@</guid><description>A barge.</description></item>"))),
    "100,000 parts of a mail": ("a.eml", lambda: mail("--cut\nContent-Type: text/plain\n\na\n\n" * 100_000)),
    "100,000 headers of a mail": ("a.eml", lambda: each(100_000, "X-@: a\n").encode() + b"Subject: Locks\nFrom: a@example.org\n\nText.\n"),
    "a header of a megabyte": ("a.eml", lambda: f"From: {'a <a@example.org>, ' * 50_000}\nSubject: {'=?utf-8?q?a?= ' * 50_000}\n\nText.\n".encode()),
    "a mailbox of 5,000 mails": ("a.mbox", lambda: each(5_000, "From a@example.org Mon Mar 16 08:00:00 2026\nSubject: Lock @\nFrom: a@example.org\n\nA barge.\n\n").encode()),
    "a notebook of 20,000 cells": ("a.ipynb", lambda: notebook(20_000)),
    "5,000 formulas": ("a.md", lambda: markdown(each(5_000, "Draft $x^{@}$.\n\n"))),
    "a formula of 5,000 signs": ("a.md", lambda: markdown(f"Draft ${'x+' * 5_000}x$.")),
    "a matrix of 100 by 100": ("a.md", lambda: markdown("$$" + r"\begin{matrix}" + r"\\".join(["&".join("x" * 100)] * 100) + r"\end{matrix}$$")),
    "20,000 headings": ("a.md", lambda: markdown(each(20_000, "## Noon\n\na\n\n"))),
    "100,000 paragraphs of a word": ("a.md", lambda: markdown("lock\n\n" * 100_000)),
    "60 megabytes of a letter": ("a.txt", lambda: b"Lock\n\n" + b"a " * 30_000_000),
    "60 megabytes of lines": ("a.md", lambda: b"# Lock\n\n" + b"a\n" * 30_000_000),
    "30 megabytes of elements": ("a.html", lambda: page("<b>" * 900_000)),
}  # fmt: skip


def _style_chain(count: int) -> bytes:
    styles = each(count, '<w:style w:type="paragraph" w:styleId="s@"><w:name w:val="s@"/></w:style>')
    for number in range(1, count):
        styles = styles.replace(
            f'<w:name w:val="s{number}"/>', f'<w:name w:val="s{number}"/><w:basedOn w:val="s{number - 1}"/>', 1
        )
        if number > 500:
            break
    text = f'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{styles}</w:styles>'
    body = '<w:p><w:pPr><w:pStyle w:val="s499"/></w:pPr><w:r><w:t>lock</w:t></w:r></w:p>'
    space = ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return archive(
        ".docx", {"word/styles.xml": text, "word/document.xml": f"<w:document{space}><w:body>{body}</w:body></w:document>"}
    )


def _with_drawing_file(data: bytes) -> bytes:
    return with_image(
        data.replace(b"<svg>", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>').replace(
            b"</svg>", b"</text></svg>"
        ),
        "svg+xml",
    )


def _patterns(levels: int) -> str:
    parts = ['<pattern id="p0" width="1" height="1" patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern>']
    for level in range(1, levels + 1):
        rects = f'<rect width="90" height="90" fill="url(#p{level - 1})"/>' * 10
        parts.append(f'<pattern id="p{level}" width="90" height="90" patternUnits="userSpaceOnUse">{rects}</pattern>')
    return "".join(parts) + f'<rect width="90" height="90" fill="url(#p{levels})"/>'


def _markers(levels: int) -> str:
    path = "M0 0 L1 1 L2 2 L3 3 L4 4 L5 5 L6 6 L7 7 L8 8 L9 9"
    parts = [f'<marker id="m0" markerWidth="9" markerHeight="9"><path d="{path}"/></marker>']
    for level in range(1, levels + 1):
        marked = f'<path d="{path}" marker-start="url(#m{level - 1})" marker-mid="url(#m{level - 1})" marker-end="url(#m{level - 1})"/>'
        parts.append(f'<marker id="m{level}" markerWidth="9" markerHeight="9">{marked}</marker>')
    return "".join(parts) + f'<path d="{path}" marker-mid="url(#m{levels})"/>'


def _run_of(run: str, suffix: str) -> bytes:
    if suffix == ".html":
        return page(f"<p>lock {run} gate</p>")
    if suffix == ".eml":
        return f"From: a@example.org\nSubject: Locks\n\nlock {run} gate\n".encode()
    return {".md": markdown, ".rst": rst}.get(suffix, lambda text: f"Lock\n\n{text}".encode())(f"lock {run} gate")
