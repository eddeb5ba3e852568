"""Word files: fields, headers, references that lead nowhere, and what other files are named like them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.input.agency_status import orders_hold
from publisher.input.manuscript import Manuscript
from publisher.input.word.fields import link_of
from publisher.model.article import Article
from publisher.model.markup import words, xhtml
from tests.conftest import Run
from tests.test_readers import DOCX_SPACES, RELATIONS, TEMPLATES

PROSE = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."


def paragraph(text: str, properties: str = "") -> str:
    inner = text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def word_file(body: str, **parts: str) -> bytes:
    """A Word document; the other parts by name, each the inside of its element. Its section has the headers and footers."""
    references = "".join(
        f'<w:{name[:6]}Reference w:type="default" r:id="{name}"/>' for name in parts if name.startswith(("header", "footer"))
    )
    relationships = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{name.rstrip("0123456789")}" Target="{name}.xml"/>' for name in parts
    )
    files = {
        **TEMPLATES[".docx"],
        "word/_rels/document.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        f"{relationships}</Relationships>",
        "word/document.xml": f"<w:document{DOCX_SPACES}><w:body>{body}<w:sectPr>{references}</w:sectPr></w:body></w:document>",
        **{f"word/{name}.xml": f"<w:part{DOCX_SPACES}>{content}</w:part>" for name, content in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def read(data: bytes, name: str = "a.docx") -> Article:
    (article,) = articles_of(Manuscript(Path(name), data, name))
    return article


@pytest.mark.parametrize(
    ("instruction", "target"),
    [
        (r'HYPERLINK "https://example.org/u" \o "tip"', "https://example.org/u"),
        (r'HYPERLINK \o "tip" \t "_blank" "https://example.org/u"', "https://example.org/u"),
        (r"HYPERLINK https://example.org/u \h", "https://example.org/u"),
        (r'HYPERLINK "https://example.org/u" \l "part"', "https://example.org/u#part"),
        (r'HYPERLINK \l "part"', "#part"),
        (r"HYPERLINK \l _Toc1 \h", "#_Toc1"),
        (r'HYPERLINK \n "https://example.org/u"', "https://example.org/u"),
        (r'HYPERLINK "C:\\files\\a.docx"', r"C:\files\a.docx"),
        ("HYPERLINK “https://example.org/u”", "https://example.org/u"),
        ("HYPERLINK", ""),
        (r'HYPERLINK \o "tip"', ""),
    ],
)
def test_where_a_field_leads(instruction: str, target: str) -> None:
    assert link_of(instruction) == target


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Page 3 of 5", "number of a page"),
        ("– 3 –", "number of a page"),
        ("Seite 3 von 5", "number of a page"),
        ("3 | P a g e", "number of a page"),
        ("12 March 2026", "date in a header or footer"),
        ("a.docx", "the file's name"),
        (r"C:\files\a.docx", "the file's name"),
        ("Lower lock closes", "header or footer that repeats the text"),
        ("the first barges of the spring", "header or footer that repeats the text"),
        ("Canal Office", ""),
        ("Notice of 12 March 2026", ""),
        ("Section 3", ""),
        ("The spring", ""),
    ],
)
def test_which_line_of_a_header_is_left_out(line: str, rule: str) -> None:
    article = read(word_file(paragraph("Lower lock closes") + paragraph(PROSE), header1=paragraph(line)))
    assert (line in xhtml(article.root).partition("<hr/>")[2]) is not bool(rule)
    assert {removal.rule for removal in article.removed} == ({rule} if rule else set())


def test_a_text_of_several_headers_stands_once_and_headers_come_before_footers() -> None:
    office, street = paragraph("Canal Office"), paragraph("4 Weir Street")
    article = read(word_file(paragraph(PROSE), footer1=street, header2=office + street, header1=office))
    lines = xhtml(article.root).partition("<hr/>")[2]
    assert lines.count("Canal Office") == 1 and lines.count("4 Weir Street") == 1
    assert lines.index("Canal Office") < lines.index("4 Weir Street")


@pytest.mark.parametrize(
    ("line", "is_order"),
    [
        ("EMBARGOED until 26 November", True),
        ("Embargo until 6 a.m.", True),
        ("embargoed: 26 November 2026", True),
        ("Under embargo until Friday", True),
        ("Sperrfrist: 26. November 2026", True),
        ("HOLD", True),
        ("KILL – do not use", True),
        ("Not for release before 6 GMT", True),
        ("Embargo on timber is lifted", False),
        ("EMBARGO LIFTED", False),
        ("Hold the line", False),
        ("ATTENTION EDITORS", False),
        ("FOR IMMEDIATE RELEASE", False),
    ],
)
def test_which_line_holds_a_story(line: str, is_order: bool) -> None:
    assert orders_hold(line) is is_order


@pytest.mark.parametrize("place", ["header1", "footer1", "body"])
@pytest.mark.parametrize("line", ["Canal Office – EMBARGOED until 18 March 2026", "KILL – wrong date"])
def test_a_document_under_embargo_is_not_published(
    place: str, line: str, edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1773748800")  # March 17, 2026
    text = line.partition(" – ")[2] if place == "body" and "EMBARGOED" in line else line
    body = paragraph("Lower lock closes") + (paragraph(text) if place == "body" else "") + paragraph(PROSE)
    edition({"a.docx": word_file(body, **({} if place == "body" else {place: paragraph(line)}))})
    run = publisher("build", "a.docx", "-o", "a.epub")
    assert run.code == 1 and "[held]" in run.err


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:hyperlink r:id='gone'><w:r><w:t>no target</w:t></w:r></w:hyperlink>", "no target"),
        ("<w:r><w:t>no note</w:t><w:footnoteReference w:id='7'/></w:r>", "no note"),
        ("<w:bookmarkStart w:id='1'/><w:r><w:t>no name</w:t></w:r>", "no name"),
        ("<w:r><w:t>no symbol</w:t><w:sym w:font='Symbol' w:char='zz'/></w:r>", "no symbol�"),
        ("<w:r><w:fldChar w:fldCharType='end'/><w:t>no begin</w:t></w:r>", "no begin"),
        ("<w:r><w:fldChar w:fldCharType='begin'/><w:t>no end</w:t></w:r>", "no end"),
    ],
)
def test_what_leads_nowhere_costs_no_words(body: str, text: str) -> None:
    assert words(read(word_file(paragraph(PROSE) + paragraph(body))).root.find("div")).endswith(text)


def test_a_note_without_a_reference_is_recorded() -> None:
    reference = (
        "<w:r><w:t>The lock.</w:t><w:footnoteReference w:id='1'/></w:r><w:del><w:r><w:footnoteReference w:id='2'/></w:r></w:del>"
    )
    notes = "".join(f"<w:footnote {name}>{paragraph(text)}</w:footnote>" for name, text in (
        ("w:id='1'", "Kept."), ("w:id='2'", "Deleted."), ("w:id='3'", "Forgotten."), ("", "Nameless."),
    ))  # fmt: skip
    article = read(word_file(paragraph(reference), footnotes=notes))
    assert "Kept." in words(article.root)
    removed = {removal.words for removal in article.removed if removal.rule == "a note without a reference"}
    assert removed == {"Deleted.", "Forgotten.", "Nameless."}


def test_a_document_in_the_strict_form_is_read() -> None:
    data = word_file(
        paragraph("Lower lock closes", "<w:pStyle w:val='Own'/>") + paragraph(PROSE), header1=paragraph("Canal Office")
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as usual, zipfile.ZipFile(buffer, "w") as strict:
        for name in usual.namelist():
            text = usual.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"http://purl.oclc.org/ooxml/wordprocessingml/"
            )
            text = text.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
            )
            strict.writestr(name, text)
    found = words(read(buffer.getvalue()).root)
    assert PROSE in found and found.endswith("Canal Office")


@pytest.mark.parametrize("name", ["a.doc", "a.docx"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"{\\rtf1 Gate}", "rtf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "doc")],
)
def test_an_older_document_is_refused_with_what_to_do(
    name: str, data: bytes, kind: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({name: data})
    run = publisher("tree", name)
    what = "" if name.endswith(f".{kind}") else f": it is a {kind} file"
    message = (
        f"{name}: error: unsupported input format{what} [format]\n  hint: open it in a word processor and save it as .docx\n"
    )
    assert run.code == 1 and run.err == message


@pytest.mark.parametrize("name", ["a.doc", "a.docx"])
def test_a_page_with_the_name_of_a_document_is_read(
    name: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({name: f"<html><body><h1>Gate opens</h1><p>{PROSE}</p></body></html>"})
    run = publisher("tree", name)
    assert run.code == 0 and PROSE in run.out and "[format-sniffed]" in run.err


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("FOR IMMEDIATE RELEASE", "line of the press office"),
        ("Pressemitteilung", "line of the press office"),
        ("– ENDS –", "end mark"),
        ("###", "end mark"),
        ("This ends the work at the lock.", ""),
        ("FOR IMMEDIATE RELEASE 17 March 2026", ""),  # its date stands nowhere else
    ],
)
def test_lines_of_press_offices_are_no_text(line: str, rule: str) -> None:
    body = paragraph("Lower lock closes") + paragraph(line) + paragraph(PROSE)
    manuscript = Manuscript(Path("a.docx"), word_file(body), "a.docx")
    (article,) = articles_of(manuscript)
    removed = {removal.words: removal.rule for removal in (*article.removed, *manuscript.removed)}
    assert removed.get(line, "") == rule and (line in words(article.root)) is (not rule)
