"""Samples that several test files use."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import lxml.etree
import lxml.html

from publisher.build.ingest import articles_of
from publisher.extraction.page_metadata import page_metadata
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import xhtml
from publisher.model.metadata import Metadata

PROSE = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."


def article(name: str, text: str, **files: bytes) -> Article:
    (only,) = articles_of(Manuscript(Path(name), text.encode(), name))
    return only


def page(head: str = "", body: str = "", html: str = "") -> str:
    return f"<html {html}><head>{head}</head><body><article><h1>A</h1><p>{PROSE}</p>{body}</article></body></html>"


SECOND = "By noon the queue below the weir had gone, and the keepers wrote the hour into the book that they keep."


def listed(text: str) -> list[str]:
    return text.split()


def wire(*blocks: str) -> Article:
    return article("a.txt", "\n\n".join(blocks))


def rules(found: Article) -> dict[str, str]:
    return {removal.words: removal.rule for removal in found.removed}


def mail(body: str, *headers: str, kind: str = "html") -> Article:
    head = ["From: Morning Desk <desk@example.org>", "Subject: Gate", "MIME-Version: 1.0", *headers]
    text = "\n".join([*head, f"Content-Type: text/{kind}; charset=utf-8", "", body])
    return article("a.eml", text)


def multipart(kind: str, *parts: str, boundary: str = "q") -> str:
    """The head and the body of a multipart of a mail."""
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{body}--{boundary}--\n"


def meta(head: str = "", body: str = "<p>Words</p>", html: str = "") -> Metadata:
    parsed = lxml.html.document_fromstring(f"<html {html}><head>{head}</head><body>{body}</body></html>")
    return page_metadata(parsed, parsed.find("body")).metadata


def tree(html: str, name: str = "a.html") -> str:
    """The body of a page, or of another text, and its notes."""
    return xhtml(article(name, page(body=html) if name == "a.html" else html).root)


def ebook(pages: dict[str, str], *, items: str = "", head: str = "", spine: str = "", **files: str | bytes) -> bytes:
    """An EPUB whose spine is `pages`: bodies by file name. The manifest gets `items`, the package `head`, the archive `files`."""
    manifest = "".join(
        f'<item id="i{n}" href="{quote(name)}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    order = "".join(f'<itemref idref="i{number}"/>' for number in range(len(pages)))
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Water</dc:title><dc:language>en</dc:language></metadata><manifest>{manifest}{items}</manifest>"
        f"<spine>{order}{spine}</spine>{head}</package>"
    )
    xhtml = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">{}</html>'
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    documents = {f"OPS/{name}": xhtml.format(f"<body>{body}</body>") for name, body in pages.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in {"META-INF/container.xml": container, "OPS/book.opf": package, **documents, **files}.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"
