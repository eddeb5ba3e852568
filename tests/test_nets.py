"""Each safety net, with what it guards broken on purpose: lost words, limits, removals, orders of agencies, trackers, writes."""

from __future__ import annotations

import base64
import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from publisher.build.ingest import articles_of
from publisher.input.image_files import open_image
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.limits import Limits
from publisher.text.plain_text import text_of
from publisher.writers.pdf import layout
from tests.conftest import ROOT, Run
from tests.file_samples import docx, epub, mail, markdown, odt, page, rss

MANIFEST = '[edition]\ntitle = "T"\n[[section]]\narticles = ["{}"]\n[limits]\n{} = {}\n'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "words"), [("header", "Headline"), ("body", "Quick brown words. [reference]"), ("endnotes", "A zebra in a note.")]
)
def test_words_that_reach_no_page_stop_the_build(
    part: str, words: str, edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = edition({"a.md": "# Headline\n\nQuick brown words.[^1]\n\n[^1]: A zebra in a note.\n", "a.pdf": "the previous output"})
    markup = layout._article_markup
    monkeypatch.setattr(layout, "_article_markup", lambda *values: replace(markup(*values), **{part: ""}))
    manifest = '[edition]\ntitle = "T"\n[sources]\nnotes = "end"\n[[section]]\narticles = ["a.md"]\n'
    (home / "publisher.toml").write_text(manifest)
    run = publisher("build", "-o", "a.pdf", "--no-cache")
    assert run.code == 1 and f"a.md: error: words of a differ in the PDF: “{words}” is missing [words-lost]" in run.err
    assert (home / "a.pdf").read_text() == "the previous output"


@pytest.mark.slow
def test_a_chapter_that_is_not_well_formed_is_never_written_empty(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lxml import etree

    from publisher.writers import epub

    def fail(*_: Any) -> str:
        etree.fromstring("<p>")
        return ""

    home = edition({"a.md": "# A\n\nWords.\n", "b.md": "# B\n\nWords.\n"})
    monkeypatch.setattr(epub, "chapter_body", fail)
    run = publisher("build", "a.md", "b.md", "-o", "x.epub", "--no-cache")
    assert run.code == 1 and run.err.count("[chapter]") == 2 and not (home / "x.epub").exists()


def archive(count: int, size: int, *, zeros: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/epub+zip")
        for number in range(count):
            packed.writestr(f"{number}.bin", b"\0" * size if zeros else random.Random(number).randbytes(size))
    return buffer.getvalue()


OVER: dict[str, tuple[str, Any, int]] = {  # a file, its content, and a limit that it is over
    "megabytes": ("a.html", f"<!-- {'x' * 1_100_000} --><article><h1>A</h1><p>Words.</p></article>", 1),
    "unpacked_megabytes": ("a.epub", archive(2, 900_000), 1),
    "ratio": ("a.epub", archive(1, 5_000_000, zeros=True), 200),
    "files": ("a.epub", archive(12, 10), 5),
    "depth": ("a.html", f"<article>{'<div>' * 40}<p>Deep words.</p>{'</div>' * 40}</article>", 20),
    "elements": ("a.html", f"<article>{'<p>Words.</p>' * 40}</article>", 20),
    "articles": (
        "a.xml",
        f"<rss><channel>{'<item><title>A</title><description>Words.</description></item>' * 3}</channel></rss>",
        2,
    ),
    "columns": ("a.html", f"<article><h1>A</h1><table><tr>{'<td>4</td>' * 40}</tr></table></article>", 20),
    "rows": ("a.html", f"<article><h1>A</h1><table>{'<tr><td>4</td></tr>' * 40}</table></article>", 20),
    "spans": ("a.html", f"<article><h1>A</h1><table>{'<tr><td colspan=4>4</td></tr>' * 10}</table></article>", 20),
    "notes": ("a.md", "# A\n\n" + "".join(f"Words[^{n}]\n\n[^{n}]: A note.\n\n" for n in range(9)), 5),
    "references": ("a.md", f"# A\n\n{'Words[^1] ' * 9}\n\n[^1]: A note.\n", 5),
    "word_letters": ("a.md", f"# A\n\n{'word' * 10}\n", 20),
    "seconds": ("a.html", "<nav><a href='/'>Home</a></nav>" + "<div><p>A paragraph that goes on and on.</p></div>" * 80_000, 1),
}


LIMITS = [field.name for field in fields(Limits)]
_ELSEWHERE = ("megapixels", "typeset_seconds", "resident_megabytes")  # an image is a placeholder; test_bounds.py


@pytest.mark.parametrize("limit", [name for name in LIMITS if name not in _ELSEWHERE])
def test_what_is_over_a_limit_is_refused_by_name_and_the_manifest_may_raise_it(
    limit: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    file, content, value = OVER[limit]
    home = edition({file: content, "publisher.toml": MANIFEST.format(file, limit, value)})
    run = publisher("check")
    assert run.code == 1 and f"{file}: error:" in run.err and "[limit]" in run.err and "[limits]" in run.err
    if limit == "seconds":  # to read that page takes a minute
        return
    (home / "publisher.toml").write_text(MANIFEST.format(file, limit, 2000 if limit == "depth" else 1_000_000))
    assert "[limit]" not in publisher("check").err


MANY = "<p>Words</p>" * 40
WORD = "<w:p><w:r><w:t>Words</w:t></w:r></w:p>" * 40
NITF = f"<nitf><body><body.head><hedline><hl1>A</hl1></hedline></body.head><body.content>{MANY}</body.content></body></nitf>"
ENTRY = f"<item><title>A</title><description>{MANY.replace('<', '&lt;')}</description></item>"
NINJS = {"type": "text", "headline": "A", "body_xhtml": MANY}


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.html", page(MANY)),
        ("a.md", markdown(f"<div>{MANY}</div>")),
        ("a.docx", docx(WORD)),
        ("a.odt", odt("<text:p>Words</text:p>" * 40)),
        ("a.epub", epub(1, f"<h1>A</h1>{MANY}")),
        ("a.xml", NITF.encode()),
        ("a.xml", rss(ENTRY)),
        ("a.json", json.dumps(NINJS).encode()),
        ("a.eml", mail(f"--cut\nContent-Type: text/html; charset=utf-8\n\n{MANY}\n")),
    ],
    ids=["html", "md", "docx", "odt", "epub", "nitf", "rss", "ninjs", "eml"],
)
def test_elements_are_counted_wherever_markup_comes_in(file: str, data: bytes) -> None:
    read = articles_of(Manuscript(Path(file), data, file))
    assert "Words" in text_of(read[0])
    message = r"error: (word/document\.xml has )?\d+ elements; 30 is the limit \[limit\]\n.*raise elements"
    with pytest.raises(PublisherError, match=message):
        articles_of(Manuscript(Path(file), data, file, limits=Limits(elements=30)))


@pytest.mark.parametrize(("side", "megapixels"), [(1001, "1"), (14_000, "more than 178")])
def test_an_image_over_the_limit_is_a_placeholder_and_the_warning_names_the_key(side: int, megapixels: str) -> None:
    buffer = io.BytesIO()
    Image.new("1", (side, side)).save(buffer, "PNG")
    data = page(f'<p>Words</p><img alt="The lock" src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">')
    manuscript = Manuscript(Path("a.html"), data, "a.html", limits=Limits(megapixels=1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "The lock" in text_of(articles_of(manuscript)[0])
    assert [diagnostic.code for diagnostic in manuscript.diagnostics] == [Code.IMAGE_TOO_LARGE]
    assert f"{megapixels} megapixels; 1 is the limit" in manuscript.diagnostics[0].message
    assert "raise megapixels under [limits]" in manuscript.diagnostics[0].hint


def test_an_image_with_the_most_pixels_that_a_limit_allows_is_shown_without_a_word_of_pillow() -> None:
    buffer = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(buffer, "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert open_image(buffer.getvalue()).size == (10_000, 10_000)


ARTICLE = "The harbor office said on Tuesday that the dredging of the channel would begin in April, two months late. "
REMOVALS: dict[str, tuple[str, str, list[str]]] = {  # a file, its content, and words that a reader or a pass removes
    "clutter of a page": (
        "a.html",
        (ROOT / "tests" / "readers" / "html" / "cluttered-page.html").read_text("utf-8"),
        ["Share this"],
    ),
    "line to editors": (
        "a.txt",
        f"EDS: adds quagga\n\nPORT OPENS\n\n{ARTICLE}\n\n{ARTICLE}\n\n(Reporting by Ann Okapi)\n",
        ["quagga"],
    ),
    "headline said twice": ("a.md", f"# The harbor opens\n\n## The harbor opens\n\n{ARTICLE}\n", []),
    "backlink of a note": (
        "a.html",
        f"<article><h1>P</h1><p>{ARTICLE}<sup id='r1'><a href='#n1'>1</a></sup></p><p>{ARTICLE}</p>"
        "<ol><li id='n1'>^ <a href='#r1'>aa</a> The note.</li></ol></article>",
        ["aa"],
    ),
    "line of the mailing": (
        "a.eml",
        "From: Desk <desk@example.org>\nSubject: Morning\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
        f"<p>{ARTICLE}</p><p>You get this mail as a friend of the gnu. <a href='https://example.org/u?token=S3CRET'>Unsubscribe</a></p>",
        ["Unsubscribe"],
    ),
}


@pytest.mark.parametrize("name", REMOVALS)
def test_what_is_removed_is_recorded_with_its_words_and_rule(
    name: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    file, content, words = REMOVALS[name]
    edition({file: content})
    values = json.loads(publisher("tree", "--to", "json", file).out)
    kept, removed = values["text"], values["removed"]
    for word in words:
        assert word not in kept and any(word in removal["words"] for removal in removed), removed
    assert all(removal["rule"] and removal["words"].strip() for removal in removed)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("KILL: do not use", "not-usable"),
        ("HOLD - legal", "not-usable"),
        ("WITHDRAWN", "not-usable"),
        ("EMBARGOED until 06:00 GMT Wednesday", "embargo"),
        ("SPERRFRIST 6.00 Uhr", "embargo"),
    ],
)
def test_an_agencys_order_stops_a_build_or_is_a_warning_that_strict_refuses(
    line: str, code: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    held = f"{line}\n\nPort opens\n\n{ARTICLE}\n\n{ARTICLE}\n"
    edition({"a.txt": held, "wire/a.txt": held, "wire/b.txt": f"Gate opens\n\n{ARTICLE}\n\n{ARTICLE}\n"})
    run = publisher("build", "a.txt", "-o", "a.epub")
    assert run.code == 1 and f"[{code}]" in run.err and "a.txt: error: “Port opens” must not be published" in run.err
    run = publisher("build", "wire", "-o", "a.epub", "--strict")
    assert run.code == 3 and "a.txt: warning: “Port opens” must not be published" in run.err and "[held-left-out]" in run.err
    assert publisher("build", "wire", "-o", "a.epub").code == 0


def test_a_readers_own_link_to_unsubscribe_never_leaves_the_mail(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({"a.eml": REMOVALS["line of the mailing"][1]})
    assert publisher("build", "a.eml", "-o", "a.epub").code == 0
    with zipfile.ZipFile(home / "a.epub") as book:
        assert not any(b"S3CRET" in book.read(name) for name in book.namelist())


HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="200"
 role="img" onload="steal()"><title>Barges</title>
<script>steal()</script><a xlink:href="javascript:steal()"><rect width="9" height="9" onclick="steal()"/></a>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="https://example.org/"/></body></foreignObject>
<image href="https://example.org/track.png" width="9" height="9"/><text y="9">Harbor</text></svg>"""


@pytest.mark.parametrize("place", ["file", "page"])
def test_nothing_in_a_drawing_runs_or_reaches_out(
    place: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    drawing = "<p><img src='d.svg' alt='A drawing'></p>" if place == "file" else HOSTILE
    home = edition({"a.html": f"<article><h1>A</h1><p>{ARTICLE}</p>{drawing}</article>", "d.svg": HOSTILE})
    assert publisher("build", "a.html", "-o", "a.epub").code == 0
    with zipfile.ZipFile(home / "a.epub") as book:
        drawings = [book.read(name) for name in book.namelist() if name.endswith(".svg")]
    assert len(drawings) == 1 and b"Harbor" in drawings[0]
    for word in (b"steal", b"script", b"foreignObject", b"iframe", b"example.org", b"onload", b"onclick"):
        assert word not in drawings[0]
