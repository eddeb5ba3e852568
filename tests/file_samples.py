"""Files of several formats, made of as many parts as a test asks for."""

from __future__ import annotations

import io
import zipfile

from tests.test_readers import DOCX_SPACES, ODF_SPACES, TEMPLATES

PROSE = "Barge @ went through the lock at noon, and the keeper wrote its name and draft into the book."


def each(count: int, part: str) -> str:
    """The part so many times, with its number in place of `@`, and a sentence in place of `PROSE`."""
    part = part.replace("PROSE", PROSE)
    return "".join(part.replace("@", str(number)) for number in range(count))


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


def markdown(body: str) -> bytes:
    return f"# Lock\n\n{body}".encode()
