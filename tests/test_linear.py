"""Reading takes work in proportion to the size: four times as much takes four times the lines of Python, not sixteen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of, read_all
from publisher.extraction import votes
from publisher.input.manuscript import Manuscript
from publisher.model.diagnostics import errors
from publisher.text import mathematics
from publisher.text.plain_text import text_of
from tests.file_samples import docx, each, epub, mail, markdown, odt, page, rss
from tests.line_count import lines_run
from tests.thread_samples import sample

pytestmark = pytest.mark.slow

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
FORMULA = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>@</m:t></m:r></m:sup></m:sSup>"
CELL = '{"cell_type": "markdown", "source": "PROSE"}'


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


def clutter(blocks: str) -> bytes:
    menu, side = "<a href=/x>Menu</a> " * 20, "<a href=/y>More</a> " * 20
    return f"<title>The lock</title><nav>{menu}</nav><div class=side>{side}</div><div id=main>{blocks}</div>".encode()


def notes_in_a_list(count: int) -> str:
    references = each(count, '<p>PROSE<sup><a href="#fn@" role="doc-noteref">1</a></sup></p>')
    return f"{references}<h2>Notes</h2><ol>{each(count, '<li id=fn@>Draft @.</li>')}</ol>"


def notes_in_a_group(count: int) -> str:
    references = each(count, '<p>PROSE<a href="#f@"><sup>*</sup></a></p>')
    return f"<h1>Lock</h1>{references}<div>{each(count, '<a id=f@>*</a> Draft @. ')}</div>"


LINK = (
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK \\l \"a@\"</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>Lock @</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
)
TEXT_BOX = f"<w:drawing><wps:txbx><w:txbxContent>{word('PROSE')}</w:txbxContent></wps:txbx></w:drawing>"
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
    "links of Word": ("a.docx", lambda n: docx(each(n, f"<w:p>{LINK}</w:p>{word('PROSE')}"))),
    "links in a paragraph of Word": ("a.docx", lambda n: docx(f"<w:p>{each(n, LINK)}</w:p>")),
    "text boxes of Word": ("a.docx", lambda n: docx(each(n // 4, f"<w:p><w:r>{TEXT_BOX}</w:r></w:p>"))),
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
    "posts of a thread": ("a.html", lambda n: sample("phpbb", n).page.encode()),
    "comments in comments": ("a.html", lambda n: sample("reddit-old", n // 4).page.encode()),
    "chapters of a book": ("a.epub", lambda n: epub(n // 4, "<h1>Lock @</h1><p>PROSE</p>")),
    "paragraphs of a chapter": ("a.epub", lambda n: epub(1, f"<h1>Lock</h1>{each(n, '<p>PROSE</p>')}")),
    "notes of a chapter": ("a.epub", lambda n: epub(1, notes_in_a_group(n))),
    "parts of a mail": ("a.eml", lambda n: mail(each(n, f"--cut\n{PLAIN}PROSE\n\n"))),
    "paragraphs of a mail": ("a.eml", lambda n: mail(f"--cut\n{PLAIN}{each(n, 'PROSE' + chr(10) * 2)}\n")),
    "blocks of a mail": (
        "a.eml",
        lambda n: mail(f"--cut\n{PLAIN.replace('plain', 'html')}{each(n, '<p>PROSE</p>' + chr(10))}\n"),
    ),
    "transmissions in a file": (
        "a.txt",
        lambda n: each(n // 4, "kws0@ 4 i 96\nLock-gate/\nLock @ =\n\n   PROSE\n\n   PROSE\n171234 Mar 26\n").encode(),
    ),
    "headers of forwarded messages": (
        "a.txt",
        lambda n: f"Lock\n\n{each(n, 'PROSE' + chr(10) * 2 + 'From: a' + chr(10) + 'To: b' + chr(10) * 2)}".encode(),
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


def test_on_a_page_with_very_many_blocks_one_extractor_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(votes, "_MOST_BLOCKS", 50)
    monkeypatch.setitem(sys.modules, "trafilatura", None)  # whoever imports it fails
    manuscript = Manuscript(Path("a.html"), clutter(each(60, "<div><p>PROSE</p></div>")), "a.html")
    text = text_of(articles_of(manuscript)[0])
    assert text.count("went through the lock") == 60 and "Menu" not in text
