"""Formats, encodings, archives and XML as they come in: one example for each rule."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import lxml.etree
import lxml.html
import pytest

from publisher.input import xml
from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.sniffing import kind_of
from publisher.input.toml_lines import key_lines, line_of
from publisher.model.diagnostics import PublisherError
from publisher.model.limits import Limits
from tests.reader_samples import PROSE, listed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the signature of encrypted Office files, and of all before 2007


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", "---\ntitle: A\n---\n\nThe **gate**.\n", ".md"),
        ("a.txt", "# Gate\n\nThe **gate**.\n", ".md"),
        ("a.txt", "See [it](https://example.org/), the **gate**.\n", ".md"),
        ("a.txt", "See [it](b.md), the **gate**.\n", ".md"),
        ("a.txt", "So[^1] the **gate**.\n\n[^1]: Note\n", ".md"),
        ("a.txt", "```\nx\n```\nThe **gate**.\n", ".md"),
        ("a.text", "# Gate\n\nThe **gate**.\n", ".md"),
        ("a", "# Gate\n\nThe **gate**.\n", ".md"),
        ("a.txt", "The **gate** opened.\n", ".txt"),
        ("a.txt", "# Gate\n\nIt opened.\n", ".txt"),
        *(("a.txt", f"<{tag} class='x'>Gate</{tag}>", ".html") for tag in listed("p div h1 h6 ul ol table blockquote section")),
        ("a.txt", "<b>Gate</b> opens", ".txt"),
        ("a.txt", "Gate <p>opens</p>", ".txt"),
        *(("a.xml", f"{start}>", ".html") for start in ("<!DOCTYPE html", "<html", "<head", "<BODY", "<article", "<main")),
        ("a.xml", "<?xml version='1.0'?>\n<!-- x -->\n<html>", ".html"),
        *(("a.xml", f"<{root}>", ".rss") for root in ("rss", "rdf:RDF", "feed", "channel")),
        ("a.xml", "<opml>", ".opml"),
        ("a.xml", "<?xml version='1.0'?><!-- x --><!DOCTYPE nitf SYSTEM 'n.dtd'>\n<nitf>", ".nitf"),
        ("a.xml", "<!DOCTYPE nitf [<!ENTITY a 'b'>]><nitf>", ".nitf"),
        *(
            ("a.xml", f"<n:{root} x='y'>", ".newsml")
            for root in (
                "newsItem",
                "packageItem",
                "conceptItem",
                "knowledgeItem",
                "planningItem",
                "newsMessage",
                "catalogItem",
                "contentSet",
                "groupSet",
                "NewsML",
            )
        ),
        ("a.txt", "<rss>", ".rss"),
        ("a.xml", "<other>", ".xml"),
        ("a.txt", "<other>", ".txt"),
        ("a.json", '{"version": "https://jsonfeed.org/version/1"}', ".jsonfeed"),
        ("a.json", '{"items": [], "home_page_url": "x"}', ".jsonfeed"),
        ("a.json", '{"items": []}', ".json"),
        ("a.json", '{"nbformat": 4, "cells": []}', ".ipynb"),
        ("a.json", '{"nbformat": 4}', ".json"),
        *(
            ("a.json", f'[{{"uri": "x", "{key}": 1}}]', ".ninjs")
            for key in (
                "versionCreated",
                "headlines",
                "headline",
                "bodies",
                "body_text",
                "body_xhtml",
                "pubStatus",
                "associations",
                "renditions",
                "descriptions",
                "eventDetails",
                "events",
            )
        ),
        ("a.json", '{"headline": "x", "body_text": "x"}', ".ninjs"),
        ("a.json", '{"headline": "x"}', ".json"),
        ("a.json", "[1]", ".json"),
        ("a.json", '{"headline": ', ".ninjs"),
        ("a.json", '{"version": "https://jsonfeed.org/version/1", ', ".jsonfeed"),
        ("a.txt", '{"headline": ', ".txt"),
        ("a.TXT", "Gate", ".txt"),
        ("a.zip", "Gate", ".zip"),
        ("a.txt", "%PDF-1.7", ".pdf"),
        ("a.txt", b"\x89PNG\r\n", ".png"),
        ("a.md", b"\xff\xd8\xff\xe0", ".jpg"),
        ("a.md", "GIF89a", ".gif"),
        ("a.md", "RIFFxxxx", ".riff"),
        ("a.txt", "{\\rtf1 x", ".rtf"),
        ("a.zip", "PK\x03\x04 application/epub+zip", ".epub"),
        ("a.zip", "PK\x03\x04 application/vnd.oasis.opendocument.text", ".odt"),
        ("a.zip", "PK\x03\x04 word/document.xml", ".docx"),
        ("a.epub", "PK\x03\x04\x00 x", ".epub"),
        ("a.odt", "PK\x03\x04\x00 x", ".odt"),
        ("a.docx", "PK\x03\x04\x00 x", ".docx"),
        *((f"a.{suffix}", "Only text.", ".txt") for suffix in ("docx", "odt", "epub")),
        *((f"a.{suffix}", "<html><body>A page", ".html") for suffix in ("doc", "docx", "DOC")),
        ("a.doc", "<html><body>Stra\u00dfe".encode("cp1252"), ".html"),
        ("a.docx", "\ufeff<html><body>A page".encode("utf-16"), ".html"),
        ("a.doc", "Only text.", ".txt"),
        ("a.doc", "{\\rtf1 x", ".rtf"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), ".doc"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), ".docx"),
        ("a.doc", OLE, ".doc"),
        ("a.doc", '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">', ".doc"),
        ("a.docx", "Text \0 and not", ".docx"),
        ("a.docx", b"\xff\xfe", ".docx"),
        *(("a.txt", f"Subject: A\n{header}: x\n\nText", ".eml") for header in ("MIME-Version", "content-type", "Received")),
        ("a.txt", "Subject: A\n folded\nMessage-ID: x\n\nText", ".eml"),
        ("a.txt", "Subject: A\nFrom: x\n\nText", ".txt"),
        ("a.txt", "From x@example.org Thu Mar 12 08:00:00 2026\nSubject: A\n\nText", ".mbox"),
        ("a.mht", "Subject: A\nMIME-Version: 1.0\n\nText", ".mhtml"),
        ("a.eml", "Snapshot-Content-Location: x\nContent-Type: multipart/related; b=c\n\nText", ".mhtml"),
        ("a.eml", "From: <Saved by a browser>\nContent-Type: multipart/related; b=c\n\nText", ".mhtml"),
        ("a.eml", "From: x\nContent-Type: multipart/related; b=c\n\nText", ".eml"),
        ("a.eml", "Content-Location: x\nContent-Type: multipart/mixed; b=c\n\nText", ".eml"),
        ("a.xml", "\ufeff<rss>".encode("utf-16"), ".rss"),
        ("a.xml", "<rss>".encode("utf-16-be"), ".rss"),
        ("a.xml", "\ufeff \n<rss>", ".rss"),
    ],
)
def test_the_format_of_a_file_is_seen_in_its_content(name: str, data: str | bytes, kind: str) -> None:
    assert kind_of(name, data.encode() if isinstance(data, str) else data) == kind


def test_a_manifest_has_the_lines_of_its_keys() -> None:
    text = (
        'a = 1\n# b = 2\n[one]\nb = [\n  "c = 3",\n]\nd = """\ne = 4\n"""\n'
        '"f g" = 5\nh.i = 6\n[[two]]\nj = 1\n[[two]] # x\nj = { k = 2 }\n'
        "l = '''x'''\n'm' = 7\n[two.sub]\nn = 8\n"
    )
    assert key_lines(text) == {
        ("a",): 1,
        ("one",): 3,
        ("one", "b"): 4,
        ("one", "d"): 7,
        ("one", "f g"): 10,
        ("one", "h", "i"): 11,
        ("two", 0): 12,
        ("two", 0, "j"): 13,
        ("two", 1): 14,
        ("two", 1, "j"): 15,
        ("two", 1, "l"): 16,
        ("two", 1, "m"): 17,
        ("two", "sub"): 18,
        ("two", "sub", "n"): 19,
    }
    assert [line_of(text, path) for path in (("two", 1, "j", "k"), ("one", "z"), ("z",), ("two", 1))] == [15, 3, 1, 14]


@pytest.mark.parametrize(
    ("data", "text", "code"),
    [
        ("\ufeffÉté", "Été", ""),
        *(("Été".encode(encoding), "Été", "") for encoding in ("utf-16", "utf-32", "utf-8-sig")),
        ('<meta charset="iso-8859-2"> Žlutý'.encode("iso-8859-2"), '<meta charset="iso-8859-2"> Žlutý', ""),
        (
            "<META http-equiv='x' content='text/html; charset=cp1251'> Ворота".encode("cp1251"),
            "<META http-equiv='x' content='text/html; charset=cp1251'> Ворота",
            "",
        ),
        (
            "<meta charset='nothing'> Été à Noël, déjà vu".encode("cp1252"),
            "<meta charset='nothing'> Été à Noël, déjà vu",
            "encoding-guessed",
        ),
        ("a\r\nb\rc", "a\nb\nc", ""),
    ],
)
def test_the_characters_of_a_file(data: str | bytes, text: str, code: str) -> None:
    manuscript = Manuscript(Path("a.txt"), data.encode() if isinstance(data, str) else data, "a.txt")
    assert manuscript.text().removeprefix("\ufeff") == text
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == ([code] if code else [])


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\xff\xfe\n\0x", "manuscript-empty", 0),
        (b"a\0b", "encoding", 0),
        (b" \n\t", "manuscript-empty", 0),
        (b"", "manuscript-empty", 0),
    ],
)
def test_a_file_without_words_or_that_is_no_text_is_an_error(data: bytes, code: str, line: int) -> None:
    with pytest.raises(PublisherError) as caught:
        Manuscript(Path("a.txt"), data, "a.txt").text()
    assert (caught.value.diagnostics[0].code.value, caught.value.diagnostics[0].location.line) == (code, line)


def test_where_words_stand_in_a_file() -> None:
    manuscript = Manuscript(Path("a.txt"), b"a b\nb c\nb", "a.txt")
    assert [manuscript.line_of("b", number) for number in (1, 2, 3, 4)] == [1, 2, 3, 0]
    assert (manuscript.line_of("c"), manuscript.line_of("x"), manuscript.line_of("")) == (2, 0, 0)
    assert manuscript.line_of("b", 1) == 1


def test_lines_are_looked_for_as_long_as_that_is_cheap() -> None:
    manuscript = Manuscript(Path("a.md"), b"ford\n" + b"a" * 1000 + b"\nweir\nlock", "a.md")
    manuscript._places.left = 1500
    assert [manuscript.line_of(snippet) for snippet in ("weir", "lock", "ford")] == [3, 4, 0]
    assert manuscript.line_of("weir") == 3  # it was found before


@pytest.mark.parametrize(
    ("source", "text", "messages"),
    [
        ("<a>b &amp; c</a>", "b & c", 0),
        ("<a>b & c</a>", "b & c", 1),
        ("<a>b<c>d</a>", "bd", 1),
        ("<a>b&#xD800;c&#1114112;d&#65;&#x10FFFF;</a>", "b\ufffdc\ufffddA\U0010ffff", 1),
        ("<a>b\x08c</a>", "bc", 0),
        ("<a><!-- x --><?y z?>b</a>", "b", 0),
    ],
)
def test_xml_is_read_as_far_as_possible(source: str, text: str, messages: int) -> None:
    manuscript = Manuscript(Path("a.xml"), b"", "a.xml")
    assert "".join(xml.xml_of(manuscript, source).itertext()) == text and len(manuscript.diagnostics) == messages


def test_small_functions_on_xml() -> None:
    root = lxml.etree.fromstring(
        "<a xmlns:n='urn:n'><n:b c='1' n:d='2'>x <i>y</i><br/><!-- z --> w</n:b><b> v </b><e><f>u</f><g> </g></e></a>"
    )
    assert xml.text_at(root, "b") == "x y w" and xml.text_at(root, "e", "f") == "u" and xml.text_at(root, "q", "f") == ""
    assert [xml.local_name(part) for part in xml.children_named(root, "b")] == ["b", "b"] and xml.children_named(None, "b") == []
    assert (
        xml.inner_markup(root) == '<b c="1">x <i>y</i><br/> w</b><b> v </b><e><f>u</f><g> </g></e>'
        and xml.inner_markup(None) == ""
    )
    assert list(xml.lowest_texts(root)) == ["x y w", "v", "u"] and xml.first_child(None, "x") is None


@pytest.mark.parametrize(
    ("entries", "limits", "code"),
    [
        ({"a": b"x" * 900}, Limits(files=1), ""),
        ({"a": b"x", "b": b"x"}, Limits(files=1), "limit"),
        ({"a": b"\0" * 1_000_001}, Limits(unpacked_megabytes=1, ratio=10**6), "limit"),
        ({"a": b"\0" * 1_000_000}, Limits(unpacked_megabytes=1, ratio=1), ""),
        ({"a": b"\0" * 1_000_001}, Limits(ratio=1), "limit"),
    ],
)
def test_the_limits_of_an_archive(entries: dict[str, bytes], limits: Limits, code: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    manuscript = Manuscript(Path("a.odt"), buffer.getvalue(), "a.odt", limits=limits)
    if not code:
        archive = Archive(manuscript)
        assert archive.names == list(entries) and archive.read("a") == entries["a"] and archive.has("a") and not archive.has("z")
        with pytest.raises(PublisherError, match="file not found in the archive: z"):
            archive.read("z")
        return
    with pytest.raises(PublisherError) as caught:
        Archive(manuscript)
    assert caught.value.diagnostics[0].code.value == code


def test_an_archive_that_is_broken_or_encrypted() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", PROSE * 9)
    data = buffer.getvalue()
    encrypted = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    broken = data[:40] + b"\xff\xff\xff\xff" + data[44:]
    for content, code in (
        (encrypted, "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x", "encrypted"),
        (data[:-9], "archive-broken"),
        (broken, "archive-broken"),
    ):
        with pytest.raises(PublisherError) as caught:
            Archive(Manuscript(Path("a.odt"), content, "a.odt")).read("a")
        assert caught.value.diagnostics[0].code.value == code


def test_an_archive_whose_beginning_is_missing_is_broken() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", "<a/>" * 20)
        archive.writestr("b.xml", "<b/>")
    with pytest.raises(PublisherError, match=r"in the archive is broken|not a zip archive"):
        Archive(Manuscript(Path("a.docx"), buffer.getvalue()[22:], "a.docx")).read("a.xml")
