"""Files of every format with one image or one link in them: how a test names something in each."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

from tests.file_samples import archive
from tests.outlook_sample import Message, outlook_file
from tests.test_readers import DOCX_SPACES, ODF_SPACES, PACKAGE, RELATIONS

Maker = Callable[[str], bytes]  # of an address, a file that names it
PROSE = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."


def page(body: str) -> bytes:
    article = f"<article>\n<h1>The lock</h1>\n<p>{PROSE}</p>\n{body}\n</article>"
    return f"<html><head><title>T</title></head><body>{article}</body></html>".encode()


def mail(body: str) -> bytes:
    head = "From: Desk <desk@example.org>\nSubject: Gate\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    return f"{head}<p>{PROSE}</p>\n{body}\n".encode()


def mhtml(body: str) -> bytes:
    text = page(body).decode()
    head = "From: <Saved>\nSnapshot-Content-Location: https://example.org/x\nMIME-Version: 1.0\n"
    part = f"--q\nContent-Type: text/html; charset=utf-8\nContent-Location: https://example.org/x\n\n{text}\n"
    return f'{head}Content-Type: multipart/related; type="text/html"; boundary="q"\n\n{part}--q--\n'.encode()


def rss(inner: str) -> bytes:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    item = f"<item>\n<title>Gate</title>\n<description>{PROSE}</description>\n{inner}\n</item>"
    return f"<rss version='2.0' {space}><channel><title>Wire</title>\n{item}</channel></rss>".encode()


def _number_of(text: str) -> str:
    """A number for an entry: entries of one feed with the same name would be one story."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def atom(inner: str) -> bytes:
    entry = f"<entry><title>Gate</title><id>urn:x:{_number_of(inner)}</id>\n{inner}\n</entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><id>urn:x</id>\n{entry}</feed>'.encode()


def json_feed(**values: object) -> bytes:
    item = {"id": f"urn:x:{_number_of(repr(values))}", "title": "Gate", "content_text": PROSE, **values}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [item]}
    return json.dumps(feed, indent=1, ensure_ascii=False).encode()


def ninjs(**values: object) -> bytes:
    return json.dumps({"uri": "urn:x", "type": "text", "headline": "Gate", "body_text": PROSE, **values}, indent=1).encode()


def nitf(inner: str) -> bytes:
    head = "<body.head><hedline><hl1>Gate</hl1></hedline></body.head>"
    return f"<nitf><body>{head}<body.content>\n<p>{PROSE}</p>\n{inner}\n</body.content></body></nitf>".encode()


def newsml(content: str) -> bytes:
    space = 'xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en"'
    meta = "<itemMeta><pubStatus qcode='stat:usable'/></itemMeta><contentMeta><headline>Gate</headline>"
    meta += f"<description>{PROSE}</description></contentMeta>"
    return f"<newsItem {space}>{meta}\n<contentSet>{content}</contentSet></newsItem>".encode()


def docx(body: str, relations: str = "", **files: str) -> bytes:
    first = f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"
    parts = {"word/document.xml": f"<w:document{DOCX_SPACES}><w:body>{first}{body}</w:body></w:document>"}
    parts["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    return archive(".docx", {**parts, **files})


def relation(kind: str, target: str) -> str:
    return f'<Relationship Id="r9" Type="{RELATIONS}/{kind}" Target={quoteattr(target)} TargetMode="External"/>'


def docx_image(address: str) -> bytes:
    blip = '<pic:pic><pic:blipFill><a:blip r:link="r9"/></pic:blipFill></pic:pic>'
    graphic = f"<a:graphic><a:graphicData>{blip}</a:graphicData></a:graphic>"
    inline = f'<wp:inline><wp:extent cx="952500" cy="952500"/><wp:docPr id="1" name="x" descr="A plan"/>{graphic}</wp:inline>'
    return docx(f"<w:p><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>", relation("image", address))


def docx_link(address: str) -> bytes:
    return docx('<w:p><w:hyperlink r:id="r9"><w:r><w:t>the plan</w:t></w:r></w:hyperlink></w:p>', relation("hyperlink", address))


def odt(body: str) -> bytes:
    text = f"<text:h text:outline-level='1'>Gate</text:h><text:p>{PROSE}</text:p>{body}"
    content = f"<office:body><office:text>{text}</office:text></office:body>"
    spaces = f'{ODF_SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"'
    return archive(".odt", {"content.xml": f"<office:document-content{spaces}>{content}</office:document-content>"})


def odt_image(address: str) -> bytes:
    return odt(f"<text:p><draw:frame><draw:image xlink:href={quoteattr(address)}/></draw:frame></text:p>")


def epub(body: str, item: str = "", **files: str) -> bytes:
    title = '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Locks</dc:title></metadata>'
    manifest = f'<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>{item}</manifest>'
    spine = '<spine><itemref idref="c"/></spine>'
    package = f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0">{title}{manifest}{spine}</package>'
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Gate</h1><p>{PROSE}</p>{body}</body></html>'
    return archive(".epub", {"book.opf": package, "c.xhtml": chapter, **files})


def opml(outlines: str) -> bytes:
    return f"<opml><body>\n<outline text='Gate'/>{outlines}</body></opml>".encode()


def msg(body: str) -> bytes:
    return outlook_file(Message({0x0037: "Gate", 0x1013: mail(body).partition(b"\n\n")[2]}))


def notebook(*cells: dict[str, object]) -> bytes:
    first = {"cell_type": "markdown", "metadata": {}, "source": [f"# Gate\n\n{PROSE}\n"]}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [first, *cells]}, indent=1).encode()


def cell(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def output(**data: str) -> dict[str, object]:
    shown = {"output_type": "display_data", "metadata": {}, "data": data}
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": [], "outputs": [shown]}


def image(address: str) -> str:
    return f'<p><img src={quoteattr(address)} alt="A plan"></p>'


def link(address: str) -> str:
    return f"<p>See <a href={quoteattr(address)}>the plan</a> of it.</p>"


def _ninjs_image(address: str) -> bytes:
    renditions = {"web": {"href": address, "mimetype": "image/png"}}
    return ninjs(associations={"main": {"type": "picture", "headline": "Plan", "renditions": renditions}})


def _newsml_link(address: str) -> bytes:
    body = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{PROSE}</p>{link(address)}</body></html>"
    return newsml(f"<inlineXML contenttype='application/xhtml+xml'>{body}</inlineXML>")


def _in_markup(make: Callable[[str], bytes], form: str, part: Callable[[str], str]) -> Maker:
    """A file of a format that carries HTML, in which `part` stands in the place of `@` in `form`."""
    return lambda address: make(form.replace("@", f"<p>{PROSE}</p>{part(address)}"))


def _in_json(part: Callable[[str], str]) -> Maker:
    return lambda address: json_feed(content_html=f"<p>{PROSE}</p>{part(address)}", content_text="")


def _escaped(part: Callable[[str], str]) -> Maker:
    return lambda address: atom(f'<content type="html">{escape(f"<p>{PROSE}</p>{part(address)}")}</content>')


_CDATA = "<content:encoded><![CDATA[@]]></content:encoded>"
_MEDIA = '<media media-type="image"><media-reference source={} alternate-text="Plan"/></media>'
IMAGES: Mapping[str, tuple[str, Maker]] = {  # by reader: the suffix, and a file with one image
    "html": (".html", lambda address: page(image(address))),
    "xhtml": (".xhtml", lambda address: page(image(address).replace('">', '"/>'))),
    "markdown": (".md", lambda address: f"# Gate\n\n{PROSE}\n\n![A plan](<{address}>)\n".encode()),
    "rst": (".rst", lambda address: f"Gate\n====\n\n{PROSE}\n\n.. image:: {address}\n   :alt: A plan\n".encode()),
    "mhtml": (".mhtml", lambda address: mhtml(image(address))),
    "rss": (".rss", _in_markup(rss, _CDATA, image)),
    "atom": (".atom", _escaped(image)),
    "jsonfeed": (".json", _in_json(image)),
    "ninjs": (".json", _ninjs_image),
    "nitf": (".xml", lambda address: nitf(_MEDIA.format(quoteattr(address)))),
    "newsml": (".xml", lambda address: newsml(f"<remoteContent href={quoteattr(address)}/>")),
    "docx": (".docx", docx_image),
    "odt": (".odt", odt_image),
    "epub": (".epub", lambda address: epub(image(address).replace('">', '"/>'))),
    "eml": (".eml", lambda address: mail(image(address))),
    "mbox": (".mbox", lambda address: b"From desk@example.org Tue Mar 17 08:00:00 2026\n" + mail(image(address))),
    "msg": (".msg", lambda address: msg(image(address))),
    "notebook": (".ipynb", lambda address: notebook(cell(f"![A plan](<{address}>)\n"))),
}
LINKS: Mapping[str, tuple[str, Maker]] = {
    "html": (".html", lambda address: page(link(address))),
    "markdown": (".md", lambda address: f"# Gate\n\n{PROSE} See [the plan](<{address}>).\n".encode()),
    "rst": (".rst", lambda address: f"Gate\n====\n\n{PROSE} See `the plan <{address}>`_ of it.\n".encode()),
    "mhtml": (".mhtml", lambda address: mhtml(link(address))),
    "rss": (".rss", _in_markup(rss, _CDATA, link)),
    "atom": (".atom", _escaped(link)),
    "jsonfeed": (".json", _in_json(link)),
    "opml": (".opml", lambda address: opml(f"<outline text='Plan' htmlUrl={quoteattr(address)}/>")),
    "ninjs": (".json", lambda address: ninjs(body_xhtml=f"<p>{PROSE}</p>{link(address)}")),
    "nitf": (".xml", lambda address: nitf(link(address))),
    "newsml": (".xml", _newsml_link),
    "docx": (".docx", docx_link),
    "odt": (".odt", lambda address: odt(f"<text:p>See <text:a xlink:href={quoteattr(address)}>the plan</text:a>.</text:p>")),
    "epub": (".epub", lambda address: epub(link(address))),
    "eml": (".eml", lambda address: mail(link(address))),
    "msg": (".msg", lambda address: msg(link(address))),
    "notebook": (".ipynb", lambda address: notebook(cell(f"See [the plan](<{address}>).\n"))),
}


def changed(data: bytes, part: str, before: str, root: str) -> bytes:
    """An archive with a declaration before the root of one of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(root.encode(), before.encode() + root.encode(), 1) if name == part else text)
    return buffer.getvalue()
