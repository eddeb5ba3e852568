"""Citations in Word documents: fields of Zotero, Mendeley and Word become clusters, and what the document knows its library."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from publisher.build.ingest import accounted_articles, articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import words, xhtml
from tests.test_word import PROSE, paragraph, word_file

BOOK = {
    "id": 7,
    "type": "book",
    "title": "The Upper Lock",
    "author": [{"family": "Berg", "given": "Anna"}],
    "issued": {"date-parts": [[2020]]},
}
SOURCES = """<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"><b:Source><b:Tag>Ber20</b:Tag>
<b:SourceType>Book</b:SourceType><b:Title>The Upper Lock</b:Title><b:Year>2020</b:Year><b:Publisher>Harbor Press</b:Publisher>
<b:Author><b:Author><b:NameList><b:Person><b:Last>Berg</b:Last><b:First>Anna</b:First></b:Person></b:NameList></b:Author></b:Author>
</b:Source><b:Source><b:Tag>Por19</b:Tag><b:SourceType>InternetSite</b:SourceType><b:Title>Barges</b:Title>
<b:Author><b:Author><b:Corporate>Port Authority</b:Corporate></b:Author></b:Author><b:URL>https://harbor.example/b</b:URL>
<b:YearAccessed>2026</b:YearAccessed><b:MonthAccessed>March</b:MonthAccessed><b:DayAccessed>7</b:DayAccessed></b:Source></b:Sources>"""


def complex_field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{escape(result)}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def sentence(inner: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{PROSE} </w:t></w:r>{inner}<w:r><w:t>.</w:t></w:r></w:p>'


def csl_citation(*rows: dict[str, Any]) -> str:
    return json.dumps({"citationID": "x", "citationItems": rows})


def with_sources(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("customXml/item1.xml", SOURCES)
    return buffer.getvalue()


def read(data: bytes) -> tuple[Article, Manuscript]:
    manuscript = Manuscript(Path("a.docx"), data, "a.docx")
    (article,) = articles_of(manuscript)
    return article, manuscript


def test_a_field_of_zotero_is_a_cluster_with_its_locator() -> None:
    row = {"id": 7, "uris": ["http://zotero.org/users/1/items/AB12"], "itemData": BOOK, "locator": "12", "prefix": "see "}
    field = complex_field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl_citation(row)}", "(see Berg 2020, 12)")
    article, _ = read(word_file(sentence(field)))
    (cluster,) = article.clusters
    (item,) = cluster.items
    assert (item.key, item.label, item.locator, item.prefix) == ("AB12", "page", "12", "see")
    assert cluster.text == "(see Berg 2020, 12)"
    assert [entry.source.title for entry in article.library] == ["The Upper Lock"]
    assert '<aside class="note cites"' in xhtml(article.root)


def test_the_key_of_better_bibtex_is_the_key() -> None:
    field = complex_field(
        f"ADDIN ZOTERO_ITEM CSL_CITATION {csl_citation({'id': 7, 'itemData': {**BOOK, 'citation-key': 'berg2020'}})}", "(Berg)"
    )
    article, _ = read(word_file(sentence(field)))
    assert article.clusters[0].keys == ("berg2020",)


def test_a_field_of_mendeley_desktop_with_two_works_is_one_cluster() -> None:
    rows = ({"id": "ITEM-1", "itemData": BOOK, "uris": ["http://www.mendeley.com/documents/?uuid=aa"]},
            {"id": "ITEM-2", "itemData": {**BOOK, "title": "Barges"}, "uris": ["http://www.mendeley.com/documents/?uuid=bb"],
             "suppress-author": 1})  # fmt: skip
    article, _ = read(word_file(sentence(complex_field(f"ADDIN CSL_CITATION {csl_citation(*rows)}", "(Berg 2020a, 2020b)"))))
    assert article.clusters[0].keys == ("aa", "bb")
    assert article.clusters[0].items[1].suppress_author


def test_a_content_control_of_mendeley_cite_is_a_cluster() -> None:
    tag = base64.b64encode(csl_citation({"id": "u-1", "itemData": BOOK}).encode()).decode().rstrip("=")
    control = (
        f'<w:sdt><w:sdtPr><w:tag w:val="MENDELEY_CITATION_v3_{tag}"/></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>(Berg 2020)</w:t></w:r></w:sdtContent></w:sdt>"
    )
    article, _ = read(word_file(sentence(control)))
    assert (article.clusters[0].keys, article.clusters[0].text) == (("u-1",), "(Berg 2020)")
    assert "(Berg 2020)" not in words(article.root.find("p"))


@pytest.mark.parametrize(
    "field",
    [
        complex_field(r"CITATION Ber20 \p 12 \l 1033 \m Por19 \n ", "(Berg 2020, 12; Port)"),
        r'<w:fldSimple w:instr="CITATION Ber20 \p 12 \l 1033 \m Por19 \n">'
        "<w:r><w:t>(Berg 2020, 12; Port)</w:t></w:r></w:fldSimple>",
    ],
)
def test_a_citation_of_word_has_the_sources_of_the_document(field: str) -> None:
    article, _ = read(with_sources(word_file(sentence(field))))
    first, second = article.clusters[0].items
    assert (first.key, first.label, first.locator, first.suppress_author) == ("Ber20", "page", "12", False)
    assert (second.key, second.suppress_author) == ("Por19", True)
    sources = {entry.key: entry.source for entry in article.library}
    assert sources["Ber20"].authors == ("Anna Berg",)
    assert (sources["Por19"].authors, str(sources["Por19"].accessed)) == (("Port Authority",), "2026-03-07")


def test_a_citation_whose_source_the_document_lacks_keeps_its_words() -> None:
    data = word_file(sentence(complex_field(r"CITATION Ber20 \l 1033", "(Berg 2020)")))
    article, manuscript = read(data)
    assert "(Berg 2020)" in words(article.root) and not article.clusters
    assert Code.WORD_PARTIAL in [diagnostic.code for diagnostic in manuscript.diagnostics]
    (article,) = articles_of(Manuscript(Path("a.docx"), data, "a.docx", cites=True))
    assert article.clusters[0].keys == ("Ber20",)  # a library of the edition may have it


def test_a_footnote_of_a_program_is_the_note_of_its_citation() -> None:
    field = complex_field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl_citation({'id': 7, 'itemData': BOOK})}", "Berg, The Upper Lock.")
    note = f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{field}</w:p></w:footnote>'
    article, _ = read(word_file(sentence('<w:r><w:footnoteReference w:id="2"/></w:r>'), footnotes=note))
    assert '<aside class="note cites" id="note-1"' in xhtml(article.root)


def test_a_footnote_with_words_of_its_own_stays_one() -> None:
    field = complex_field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl_citation({'id': 7, 'itemData': BOOK})}", "Berg, The Upper Lock")
    note = f'<w:footnote w:id="2"><w:p><w:r><w:t xml:space="preserve">But see </w:t></w:r>{field}</w:p></w:footnote>'
    article, _ = read(word_file(sentence('<w:r><w:footnoteReference w:id="2"/></w:r>'), footnotes=note))
    assert '<aside class="note" id="note-1"' in xhtml(article.root)
    assert 'But see <span data-cluster="0">' in xhtml(article.root)


@pytest.mark.parametrize(
    "listed",
    [
        paragraph(complex_field("ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY", "Berg, Anna. The Upper Lock. 2020.")),
        paragraph(complex_field("ADDIN Mendeley Bibliography CSL_BIBLIOGRAPHY", "Berg, Anna. The Upper Lock. 2020.")),
        paragraph(complex_field("BIBLIOGRAPHY", "Berg, Anna. The Upper Lock. 2020.")),
        '<w:sdt><w:sdtPr><w:tag w:val="MENDELEY_BIBLIOGRAPHY"/></w:sdtPr><w:sdtContent>'
        f"{paragraph('Berg, Anna. The Upper Lock. 2020.')}</w:sdtContent></w:sdt>",
    ],
)
def test_the_list_of_a_program_goes_with_its_heading_and_is_recorded(listed: str) -> None:
    body = paragraph(PROSE) + paragraph("References", '<w:pStyle w:val="Heading1"/>') + listed
    article, _ = read(word_file(body))
    assert words(article.root.find("div", class_="body")) == PROSE
    removed = " ".join(removal.words for removal in article.removed)
    assert "The Upper Lock" in removed and "References" in removed


@pytest.mark.parametrize("source", ["{", '{"citationItems": []}', '{"citationItems": [{"id": 1}]}', '{"citationItems": 3}', "[]"])
def test_a_citation_that_cannot_be_read_keeps_its_words(source: str) -> None:
    article, manuscript = read(word_file(sentence(complex_field(f"ADDIN ZOTERO_ITEM CSL_CITATION {source} ", "(Berg 2020)"))))
    assert "(Berg 2020)" in words(article.root)
    assert Code.WORD_PARTIAL in [diagnostic.code for diagnostic in manuscript.diagnostics]


def test_the_ledger_finds_every_word_of_a_citation() -> None:
    field = complex_field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl_citation({'id': 7, 'itemData': BOOK})}", "(Berg 2020)")
    listed = paragraph(complex_field("ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY", "Berg, Anna. The Upper Lock. 2020."))
    manuscript = Manuscript(Path("a.docx"), word_file(sentence(field) + listed), "a.docx")
    _, account = accounted_articles(manuscript)
    assert account is not None and account.open_words == 0


def test_a_deleted_citation_is_none() -> None:
    field = complex_field(f"ADDIN ZOTERO_ITEM CSL_CITATION {csl_citation({'id': 7, 'itemData': BOOK})}", "(Berg 2020)")
    article, _ = read(word_file(sentence(f'<w:del w:id="1" w:author="A">{field}</w:del>')))
    assert not article.clusters
