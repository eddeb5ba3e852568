"""Markup of strangers: nothing active is in the tree that `markup.parse` makes, nor in a chapter, nor on a page.

The payloads are in tests/hostile/payloads.py. They are judged twice: by a parser here, and by Chromium, which reads each chapter
as XHTML and as HTML, writes it out and reads it again, and shows it.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pytest
from lxml import etree
from pikepdf import Dictionary, Name, String

from publisher.build.build import make, write_outputs
from publisher.build.ingest import _entry, articles_of
from publisher.build.plan import plan
from publisher.checks.validators import browser
from publisher.input.manuscript import Manuscript
from publisher.model.markup import parse, xhtml
from publisher.text.citations import write_sources
from publisher.text.plain_text import text_of
from publisher.text.standard_style import standard_style
from publisher.writers.epub.chapter import chapter_body
from tests.conftest import ROOT
from tests.hostile.judge import active_parts
from tests.hostile.payloads import payloads
from tests.reader_samples import PROSE

_NAME_IN_BOOK = r"mimetype|META-INF/container\.xml|EPUB/(images/)?[a-z0-9][a-z0-9-]*\.[a-z0-9]+|EPUB/fonts/\w[\w.-]*\.ttf"
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_KEPT = frozenset({"<xmp>", "<form>"})  # which the passes rename or unwrap: they are inert in a tree of ours


def documents() -> Iterator[tuple[str, str]]:
    """Each payload in a page and in Markdown: a file's name and its text."""
    for name, text in payloads().items():
        prose = f"<p>{PROSE} {PROSE}</p>\n" * 4
        yield (
            f"{name}.html",
            f"<html><head><title>T</title></head><body><article><h1>A</h1>\n{prose}{text}</article></body></html>",
        )
        yield f"{name}.md", f"# A\n\n{PROSE} {PROSE}\n\n{PROSE * 8}\n\n{text}\n\nMore words.\n"


@cache
def chapters() -> dict[str, str]:
    """The body of the chapter that each document becomes, as the writer of the e-book makes it."""
    bodies = {}
    for name, text in documents():
        manuscript = Manuscript(Path(f"a{Path(name).suffix}"), text.encode(), name)
        for article in articles_of(manuscript):
            entry = _entry(article, xhtml(article.root), text_of(article))
            written, _ = write_sources(entry.xhtml, entry.citations, "en", standard_style)
            bodies[name] = chapter_body(replace(entry, xhtml=written))
    return bodies


def chromium(pieces: list[tuple[str, str]], folder: Path) -> dict[str, Any]:
    (folder / "pieces.json").write_text(json.dumps(pieces))
    command = ["node", ROOT / "tests" / "reading" / "judge.mjs", folder / "pieces.json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**os.environ, **browser()})
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def test_a_tree_has_nothing_active() -> None:
    assert len(payloads()) >= 240
    found = {name: set(active_parts(lxml.html.fromstring(str(parse(text).article)))) - _KEPT for name, text in payloads().items()}
    assert {name: parts for name, parts in found.items() if parts} == {}


def test_a_chapter_has_nothing_active() -> None:
    found = {name: set(active_parts(etree.fromstring(body))) for name, body in chapters().items()}
    assert len(found) == 2 * len(payloads())
    assert {name: parts for name, parts in found.items() if parts} == {}


def test_the_judge_sees_what_is_active() -> None:
    """Of the payloads themselves, parsed as a lenient parser would."""
    seen = [
        name
        for name, text in payloads().items()
        if list(active_parts(lxml.html.fragment_fromstring(text.replace("\0", ""), "div")))
    ]
    assert len(seen) >= 190


@pytest.mark.slow
def test_nothing_in_a_chapter_runs_in_chromium(tmp_path: Path) -> None:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>{}</html>'
    judged = chromium([(name, page.format(body)) for name, body in chapters().items()], tmp_path)
    assert len(judged["done"]) == 2 * len(payloads())
    assert judged["fired"] == [] and judged["requests"] == []
    assert [piece for piece in judged["done"] if piece["active"]] == []


@pytest.mark.slow
def test_chromium_runs_the_payloads_themselves(tmp_path: Path) -> None:
    judged = chromium(list(payloads().items()), tmp_path)
    active = [piece for piece in judged["done"] if set(piece["active"]) - {"not well-formed"}]
    assert len(set(judged["fired"])) >= 40 and len(active) >= 200 and judged["requests"]


@pytest.mark.slow
def test_in_finished_files_there_are_links_alone(tmp_path: Path) -> None:
    """Every payload in an article of its own; ISO 32000-1, 12.6.4 has eighteen kinds of actions."""
    folder, outputs = tmp_path / "in", [tmp_path / "a.pdf", tmp_path / "a.epub"]
    folder.mkdir()
    for number, (name, text) in enumerate(entry for entry in documents() if entry[0].endswith(".md")):
        (folder / f"{number:03}.md").write_text(f"# {name}\n\n{text}")
    links = "[call](tel:+15550100) [write](mailto:desk@example.org) [read](https://example.org/)"
    (folder / "links.md").write_text(f"---\nurl: https://example.org/own\n---\n\n# Links\n\n{links}\n")
    write_outputs(make(plan([folder], outputs)))
    with pikepdf.open(outputs[0]) as pdf:
        addresses = {str(action.URI) for action in actions(pdf) if action.S == "/URI"}
        kinds = {str(action.S) for action in actions(pdf)}
    assert kinds <= {"/URI", "/GoTo"} and {"mailto:desk@example.org", "https://example.org/own"} <= addresses
    assert [address for address in addresses if not re.match("https?://|mailto:", address)] == []
    with zipfile.ZipFile(outputs[1]) as book:
        names = book.namelist()
        pages = {name: etree.fromstring(book.read(name)) for name in names if name.endswith((".xhtml", ".opf", ".ncx"))}
    assert [name for name in names if not re.fullmatch(_NAME_IN_BOOK, name)] == []
    found = {
        name: set(active_parts(page)) - {"<link>", "<meta>"} for name, page in pages.items()
    }  # in the heads of our templates
    assert {name: parts for name, parts in found.items() if parts} == {}
    assert {element.get("href") for page in pages.values() for element in page.iter("{*}link")} == {"style.css"}


def test_the_names_in_archives_are_ours(tmp_path: Path) -> None:
    """Whatever manuscripts and images are called: in the book, and of the files attached to the PDF."""
    folder, output = tmp_path / "in", tmp_path / "a.epub"
    folder.mkdir()
    names = ["..", "CON", "a:b", "<b>", "a\nb", "x\x1b[2J", "-rf", "ä ö", ".hidden", "nav", "%2e%2e", "a" * 200]
    for number, name in enumerate(names):
        text = f"# {number}\n\nWords. ![x](<{name.strip('<>')}.gif>) ![y]({number}%20%2B.gif)\n"
        (folder / f"{name} {number}.md").write_text(text)
        (folder / f"{number} +.gif").write_bytes(GIF)
    write_outputs(make(plan([folder], [output])))
    with zipfile.ZipFile(output) as book:
        assert [name for name in book.namelist() if not re.fullmatch(_NAME_IN_BOOK, name)] == []
        assert sum("/images/" in name for name in book.namelist()) == len(names) + 1  # and the cover


def test_the_judge_of_actions_sees_others() -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("x"))
    for other in (Dictionary(AA=Dictionary()), Dictionary(OpenAction=script), script):
        pdf = pikepdf.new()
        pdf.Root.Other = pdf.make_indirect(other)
        with pytest.raises(AssertionError):
            list(actions(pdf))


def actions(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every action in a file, wherever it hangs. Only links have one: no page, field or document has, and there is no script."""
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary):
            assert not {"/AA", "/OpenAction", "/JS", "/Launch"} & set(found.keys()), found
            if "/A" in found and "/S" in found.A:
                assert found.Subtype == "/Link" and "/Next" not in found.A
                yield found.A
