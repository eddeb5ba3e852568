"""Reading takes work in proportion to the size: four times as much of anything takes four times the lines of Python, not sixteen."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from publisher.build.ingest import read_all
from publisher.input.manuscript import Manuscript
from publisher.model.diagnostics import errors
from publisher.text import mathematics
from tests.test_readers import DOCX_SPACES, ODF_SPACES, TEMPLATES

pytestmark = pytest.mark.slow


def lines_run(function: Callable[..., Any], *arguments: Any) -> int:
    """How many lines of Python a call runs; each turn of a loop counts."""
    count = 0

    def trace(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return count


def archive(suffix: str, files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {**TEMPLATES[suffix], **files}.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def docx(body: str) -> bytes:
    return archive(".docx", {"word/document.xml": f"<w:document{DOCX_SPACES}><w:body>{body}</w:body></w:document>"})


def odt(body: str) -> bytes:
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    return archive(".odt", {"content.xml": f"<office:document-content{ODF_SPACES}>{text}</office:document-content>"})


def epub(count: int, chapter: str) -> bytes:
    items = each(count, '<item id="c@" href="@.xhtml" media-type="application/xhtml+xml"/>')
    spine = each(count, '<itemref idref="c@"/>')
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Locks</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    chapter = f"<html><body>{chapter.replace('PROSE', PROSE)}</body></html>"
    pages = {f"{number}.xhtml": chapter.replace("@", str(number)) for number in range(count)}
    return archive(".epub", {"book.opf": package, **pages})


def page(body: str) -> bytes:
    return f"<html><head><title>The lock</title></head><body><article><h1>The lock</h1>{body}</article></body></html>".encode()


def mail(parts: str) -> bytes:
    headers = "From: Keeper <keeper@example.org>\nSubject: Locks\nMIME-Version: 1.0\n"
    return f'{headers}Content-Type: multipart/mixed; boundary="cut"\n\n{parts}--cut--\n'.encode()


def rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Locks</title>{items}</channel></rss>".encode()


PROSE = "Barge @ went through the lock at noon, and the keeper wrote its name and draft into the book."
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
FORMULA = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>@</m:t></m:r></m:sup></m:sSup>"
CELL = '{"cell_type": "markdown", "source": "PROSE"}'


def each(count: int, part: str) -> str:
    """The part so many times, with its number in place of `@`, and a sentence in place of `PROSE`."""
    part = part.replace("PROSE", PROSE)
    return "".join(part.replace("@", str(number)) for number in range(count))


def word(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: int, cell: str) -> str:
    row = f"<w:tr>{f'<w:tc>{cell}</w:tc>' * 4}</w:tr>"
    return f"<w:tbl>{row * rows}</w:tbl>"


def html_table(rows: int) -> str:
    return f"<table>{'<tr><td>Lock</td><td>4</td><td>12</td><td>8</td></tr>' * rows}</table>"


def odt_table(rows: int) -> str:
    row = f"<table:table-row>{'<table:table-cell><text:p>4</text:p></table:table-cell>' * 4}</table:table-row>"
    return f"<table:table>{row * rows}</table:table>"


def markdown(body: str) -> bytes:
    return f"# Lock\n\n{body}".encode()


def clutter(blocks: str) -> bytes:
    menu, side = "<a href=/x>Menu</a> " * 20, "<a href=/y>More</a> " * 20
    return f"<title>The lock</title><nav>{menu}</nav><div class=side>{side}</div><div id=main>{blocks}</div>".encode()


def notes_in_a_list(count: int) -> str:
    references = each(count, '<p>PROSE<sup><a href="#fn@" role="doc-noteref">1</a></sup></p>')
    return f"{references}<h2>Notes</h2><ol>{each(count, '<li id=fn@>Draft @.</li>')}</ol>"


def notes_in_a_group(count: int) -> str:
    references = each(count, '<p>PROSE<a href="#f@"><sup>*</sup></a></p>')
    return f"<h1>Lock</h1>{references}<div>{each(count, '<a id=f@>*</a> Draft @. ')}</div>"


# What a file is made of: its name, and its content with so many parts.
SHAPES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "paragraphs of Markdown": ("a.md", lambda n: markdown(each(n, "PROSE\n\n"))),
    "formulas in TeX": ("a.md", lambda n: markdown(each(n, "Draft $x^{@}$.\n\n"))),
    "footnotes of Markdown": ("a.md", lambda n: markdown(each(n, "Barge @.[^b@]\n\n[^b@]: Draft @.\n\n"))),
    "footnote references without footnotes": ("a.md", lambda n: markdown(each(n, "Barge @.[^b@]\n\n"))),
    "headings of one name": ("a.md", lambda n: markdown(each(n, "## Noon\n\nPROSE\n\n"))),
    "boxes of Markdown": ("a.md", lambda n: markdown(each(n, "::: key\nPROSE\n:::\n\n"))),
    "rows of Markdown": ("a.md", lambda n: markdown("| a | b |\n|---|---|\n" + "| Barge | 4 |\n" * n)),
    "items of Markdown": ("a.md", lambda n: markdown(each(n, "- Barge @\n"))),
    "formulas of Word": ("a.docx", lambda n: docx(each(n, f"<w:p><m:oMath>{FORMULA}</m:oMath></w:p>{word('PROSE')}"))),
    "cells of Word": ("a.docx", lambda n: docx(word_table(n // 4, word("Barge")))),
    "tables of Word": ("a.docx", lambda n: docx(word_table(2, word("Barge")) * (n // 8))),
    "tables in a table of Word": ("a.docx", lambda n: docx(word_table(n // 16, word_table(1, word("4")) + word("")))),
    "paragraphs of one cell of Word": ("a.docx", lambda n: docx(word_table(1, each(n // 4, word("PROSE"))))),
    "paragraphs of Word": ("a.docx", lambda n: docx(each(n, word("PROSE")))),
    "cells of OpenDocument": ("a.odt", lambda n: odt(odt_table(n // 4))),
    "paragraphs of OpenDocument": ("a.odt", lambda n: odt(each(n, "<text:p>PROSE</text:p>"))),
    "paragraphs of wire copy": ("a.txt", lambda n: f"Lock opens\n\n{each(n, 'PROSE' + chr(10) * 2)}".encode()),
    "lines of wire copy": ("a.txt", lambda n: f"Lock opens\n\n{each(n, '    PROSE' + chr(10))}".encode()),
    "paragraphs of a page": ("a.html", lambda n: page(each(n, "<p>PROSE</p>"))),
    "groups of a page": ("a.html", lambda n: page(each(n, "<div>PROSE</div>"))),
    "blocks of a cluttered page": ("a.html", lambda n: clutter(each(n, "<div><p>PROSE</p></div>"))),
    "line breaks of a page": ("a.html", lambda n: page(f"<p>{each(n, 'PROSE<br><br>')}</p>")),
    "formulas of a page": ("a.html", lambda n: page(each(n, "<p>PROSE <math><mi>x</mi><mn>@</mn></math></p>"))),
    "cells of a page": ("a.html", lambda n: page(html_table(n // 4))),
    "tables of a page": ("a.html", lambda n: page(html_table(2) * (n // 8))),
    "a long row and short ones": ("a.html", lambda n: page(f"<table><tr>{'<td>4' * n}</tr>{'<tr><td>Barge' * n}</table>")),
    "notes in a list": ("a.html", lambda n: page(notes_in_a_list(n))),
    "links to the top": ("a.html", lambda n: page(f"<div id=top>{each(n, '<p>PROSE <a href=#top>Up</a></p>')}</div>")),
    "links to one source": ("a.html", lambda n: page(each(n, "<p>PROSE <a href=https://example.org/>here</a></p>"))),
    "links to many sources": ("a.html", lambda n: page(each(n, "<p>PROSE <a href=https://example.org/@>here</a></p>"))),
    "broken links": ("a.html", lambda n: page(each(n, "<p>PROSE <a href=#gone@>here</a></p>"))),
    "missing images": ("a.html", lambda n: page(each(n, "<p>PROSE</p><img src=gone.png alt=x>"))),
    "captions of one figure": ("a.html", lambda n: page(f"<figure><img alt=x>{'<figcaption>Lock</figcaption>' * n}</figure>")),
    "words in bold": ("a.html", lambda n: page(f"<p>{each(n, 'Barge <b>@</b> and <i>draft</i> ')}</p>")),
    "quotations": ("a.html", lambda n: page(each(n, "<blockquote>'Barge @,' he wrote. -- 'Yes'</blockquote>"))),
    "chapters of a book": ("a.epub", lambda n: epub(n // 4, "<h1>Lock @</h1><p>PROSE</p>")),
    "paragraphs of a chapter": ("a.epub", lambda n: epub(1, f"<h1>Lock</h1>{each(n, '<p>PROSE</p>')}")),
    "notes of a chapter": ("a.epub", lambda n: epub(1, notes_in_a_group(n))),
    "parts of a mail": ("a.eml", lambda n: mail(each(n, f"--cut\n{PLAIN}PROSE\n\n"))),
    "paragraphs of a mail": ("a.eml", lambda n: mail(f"--cut\n{PLAIN}{each(n, 'PROSE' + chr(10) * 2)}\n")),
    "blocks of a mail": (
        "a.eml",
        lambda n: mail(f"--cut\n{PLAIN.replace('plain', 'html')}{each(n, '<p>PROSE</p>' + chr(10))}\n"),
    ),
    "entries of a feed": (
        "a.xml",
        lambda n: rss(each(n // 4, "<item><title>Lock @</title><guid>@</guid><description>PROSE</description></item>")),
    ),
    "paragraphs of reStructuredText": ("a.rst", lambda n: f"Lock\n====\n\n{each(n, 'PROSE' + chr(10) * 2)}".encode()),
    "cells of a notebook": (
        "a.ipynb",
        lambda n: f'{{"cells": [{each(n // 4, CELL + ",")}{CELL}], "metadata": {{}}, "nbformat": 4}}'.encode(),
    ),
}


def work_of(name: str, data: bytes) -> int:
    manuscript = Manuscript(Path(name), data, name)

    def read() -> None:
        assert not errors(read_all([manuscript], "en", map, None)[0].record.diagnostics)

    mathematics._drawing.cache_clear()
    return lines_run(read)


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_as_much_takes_four_times_the_work(shape: str) -> None:
    name, content = SHAPES[shape]
    work_of(name, content(16))  # what is done once in a process is done
    first, second, fourth = (work_of(name, content(100 * times)) for times in (1, 2, 4))
    assert (fourth - second) / (second - first) <= 2.3, f"{first}, {second}, {fourth} lines"
