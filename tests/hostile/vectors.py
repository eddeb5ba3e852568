"""Manuscripts that name files outside of their edition: every reader, by image, link, include, entity and sidecar.

Each is a file of its own with a sentence of prose, so that all can be in one edition. Outside lies a canary: a picture of one
color and texts with words that nothing else has. Nothing of it may be in an output.
"""

from __future__ import annotations

import io
import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from tests.hostile.formats import (
    IMAGES,
    LINKS,
    PROSE,
    atom,
    cell,
    changed,
    docx,
    epub,
    image,
    json_feed,
    mhtml,
    newsml,
    nitf,
    notebook,
    odt,
    opml,
    output,
    page,
    relation,
    rss,
)

WORDS = "quaggamire velundra"  # what the texts outside say
COLOR = (1, 254, 77)  # of the picture outside
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="90">'
CANARY = {
    "canary.txt": f"{WORDS}\n",
    "canary.md": f"# {WORDS}\n\n{WORDS}\n",
    "canary.html": f"<html><body><article><h1>{WORDS}</h1><p>{WORDS} {PROSE}</p></article></body></html>",
    "canary.csv": f"a,b\n{WORDS},1\n",
    "canary.css": f"p::before {{ content: '{WORDS}' }}\n",
    "canary.xml": f"<p>{WORDS}</p>",
    "canary.svg": f'{_SVG}<rect width="9" height="9"/><text y="9">{WORDS}</text></svg>',
    "canary.toml": f'title = "{WORDS}"\nauthor = "{WORDS}"\n',
    "fetched.json": json.dumps({"https://example.org/teaser": {"file": "canary.html"}}),
}


@dataclass(frozen=True)
class Vector:
    """A manuscript; `sidecar` is what the sidecar beside it is a link to.

    `warned`: it must have a warning; `has_line`: with a line. `shows`: if the folder outside is allowed, the picture is shown.
    """

    name: str
    data: bytes
    warned: bool = False
    has_line: bool = False
    shows: bool = False
    sidecar: str = ""


def lay_out(home: Path) -> tuple[Path, Path]:
    """The folder of the edition and the one outside, with what lies in them beside the manuscripts."""
    inside, outside = home / "in", home / "out"
    inside.mkdir(parents=True)
    outside.mkdir()
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), COLOR).save(buffer, "PNG")
    (outside / "canary.png").write_bytes(buffer.getvalue())
    for name, text in CANARY.items():
        (outside / name).write_text(text)
    for name in ("link.png", "link.svg", "link.md", "link.toml"):
        (inside / name).symlink_to(f"../out/canary{Path(name).suffix}")
    (inside / "chain.png").symlink_to("link.png")
    (inside / "folder").symlink_to("../out")
    (inside / "loop.png").symlink_to("loop.png")
    (inside / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe.png")
    here = Path.cwd()
    os.chdir(inside)  # the name of a socket must be short
    try:
        socket.socket(socket.AF_UNIX).bind("socket.png")
    finally:
        os.chdir(here)
    return inside, outside


WARNINGS = frozenset({"path-refused", "image-missing", "image-broken", "link-broken", "address-refused", "docx-partial"})
_WITHOUT_LINES = frozenset({"docx", "odt", "epub", "msg"})
_OF_LINKS = ("relative", "absolute", "link", "folder by a link", "file", "device", "pipe", "escaped", "share")
_SHOWN = {"odt": ("relative",), "epub": ()}  # what these readers look for beside the file
_OF_A_SITE = frozenset({"relative", "absolute", "link", "folder by a link", "device", "pipe", "escaped"})  # in a page of the web


def _places(outside: Path) -> dict[str, str]:
    """Addresses of the picture outside, and of what is no file, by the form in which they are written."""
    return {
        "relative": "../out/canary.png",
        "relative through a folder": "./folder/../../out/canary.png",
        "escaped": "%2e%2e/out/canary%2Epng",
        "escaped slash": "..%2Fout%2Fcanary.png",
        "absolute": f"{outside}/canary.png",
        "absolute and escaped": quote(f"{outside}/canary.png").replace("/", "%2F"),
        "file": f"file://{outside}/canary.png",
        "file of a host": f"FILE://localhost{outside}/canary.png",
        "link": "link.png",
        "chain of links": "chain.png",
        "folder by a link": "folder/canary.png",
        "device": "/dev/zero",
        "device by a link": "zero.png",
        "pipe": "pipe.png",
        "socket": "socket.png",
        "other host": "//127.0.0.1/canary.png",
        "network": "http://127.0.0.1:9/canary.png",
        "share": "smb://127.0.0.1/canary.png",
    }


def _name(reader: str, kind: str, place: str, suffix: str) -> str:
    return f"{reader}-{kind}-{place}".replace(" ", "-") + suffix


def _images(outside: Path) -> Iterator[Vector]:
    for reader, (suffix, make) in IMAGES.items():
        for place, address in _places(outside).items():
            if reader == "odt" and address.startswith(".."):
                address = f"../{address}"  # in an archive, its own folder is one above
            shows = place in _SHOWN.get(reader, ("relative", "absolute", "link"))
            yield Vector(_name(reader, "image", place, suffix), make(address), True, reader not in _WITHOUT_LINES, shows)


def _links(outside: Path) -> Iterator[Vector]:
    places = _places(outside)
    for reader, (suffix, make) in LINKS.items():
        for place in _OF_LINKS:
            data = make(places[place].replace("canary.png", "canary.md"))
            is_warned = not (reader == "mhtml" and place in _OF_A_SITE)
            yield Vector(_name(reader, "link", place, suffix), data, is_warned, is_warned and reader not in _WITHOUT_LINES)


def _quiet(reader: str, kind: str, files: Mapping[str, bytes | str], suffix: str = "") -> Iterator[Vector]:
    """Vectors of one reader by place; of some nothing is to be said."""
    for place, data in files.items():
        name = _name(reader, kind, place, suffix or f".{reader}")
        yield Vector(name, data.encode() if isinstance(data, str) else data)


def _other_images(outside: Path) -> Iterator[Vector]:
    """Images by the other means of a format."""
    there, drawn = "../out/canary.png", "<rect width=9 height=9 /><path d=M0 />"
    pages = {
        "by srcset": f"<p><img srcset='{there} 2x' alt=x></p>",
        "by lazy": f"<p><img data-src='{there}' src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' alt=x></p>",
        "by picture": f"<picture><source srcset='{there}'><img src='{there}' alt=x></picture>",
        "by noscript": f"<noscript><img src='{there}' alt=x></noscript>",
        "by object": f"<object data='{there}' type='image/png'>x</object>",
        "by poster": f"<video poster='{there}' src='x.mp4'></video>",
        "by input": f"<p><input type=image src='{there}' alt=x></p>",
        "by background": f'<div style="background-image:url({there});width:400px;height:300px"></div>',
        "by image element": f"<p><image src='{there}' alt=x></p>",
        "by larger copy": f"<p><a href='{there}'><img src='../out/x.png' alt=x></a></p>",
        "by drawing": "<p><img src='../out/canary.svg' alt=x></p>",
        "by image in a drawing": f"<svg width=400 height=90>{drawn}<image href='{there}' width=90 height=90 /></svg>",
        "by only image of a drawing": f"<svg width=400 height=90><image href='{there}' width=90 height=90 /></svg>",
        "by formula": f"<math altimg='{there}'><mi>x</mi></math>",
        "by figure": f"<figure><img src='{there}'><figcaption>x</figcaption></figure>",
    }
    yield from _quiet("html", "image", {place: page(body) for place, body in pages.items()})
    texts = {
        "by reference": f"![A plan][p]\n\n[p]: {there}\n",
        "by html": f"<img src='{there}' alt='x'>\n",
        "by title": f'![A plan]({there} "x")\n',
        "by link": f"[![A plan]({there})](https://example.org/)\n",
        "by attributes": f"![A plan]({there}){{width=9 .math}}\n",
    }
    yield from _quiet("markdown", "image", {place: f"# Gate\n\n{PROSE}\n\n{text}" for place, text in texts.items()}, ".md")
    yield from _quiet("rss", "image", {"by media": rss(f"<media:content url='{there}' medium='image'/>"),
                                       "by enclosure": rss(f"<enclosure url='{there}' type='image/png'/>")})  # fmt: skip
    attachments = [{"url": f"file://{outside}/canary.png"}]
    yield from _quiet("jsonfeed", "image", {"by image": json_feed(image=there, banner_image=there),
                                            "by attachment": json_feed(attachments=attachments)}, ".json")  # fmt: skip
    yield from _quiet("odt", "image", {"by object": odt(f"<text:p><draw:object xlink:href='{there}'/></text:p>")})
    shape = '<w:p><w:r><w:pict><v:shape><v:imagedata r:id="r9" r:href="r9"/></v:shape></w:pict></w:r></w:p>'
    yield from _quiet("docx", "image", {"by VML": docx(shape, relation("image", there))})
    cells = {"by output": output(**{"text/html": image(there)}), "by attachment": cell(f"![A](attachment:{there})\n")}
    yield from _quiet("notebook", "image", {place: notebook(shown) for place, shown in cells.items()}, ".ipynb")
    part = f"--q\nContent-Type: image/png\nContent-ID: <x>\nContent-Location: file://{outside}/canary.png\n\n\n--q--"
    yield from _quiet("mhtml", "image", {"by location": mhtml(image("cid:x")).replace(b"--q--", part.encode())})


def _includes(outside: Path) -> Iterator[Vector]:
    """What a format can take in from another file."""
    text, there = f"{outside}/canary.txt", f"{outside}/canary"
    directives = {
        "include": f".. include:: {text}\n",
        "relative include": ".. include:: ../out/canary.txt\n",
        "include as it is": f".. include:: {text}\n   :literal:\n",
        "include as code": f".. include:: {text}\n   :code: python\n",
        "raw": f".. raw:: html\n   :file: {there}.html\n",
        "raw by address": f".. raw:: html\n   :url: file://{there}.html\n",
        "table": f".. csv-table::\n   :file: {there}.csv\n",
        "table by address": f".. csv-table::\n   :url: file://{there}.csv\n",
        "literal include": f".. literalinclude:: {text}\n",
        "embedded image": f".. image:: {there}.png\n   :loading: embed\n",
        "embedded drawing": ".. image:: ../out/canary.svg\n   :loading: embed\n",
        "embedded figure": f".. figure:: {there}.png\n   :loading: embed\n   :figwidth: image\n   :scale: 50\n",
        "substitution": f"A |plan| here.\n\n.. |plan| image:: {there}.png\n   :loading: embed\n",
        "role": f".. role:: raw-html(raw)\n   :format: html\n\n:raw-html:`<img src='{there}.png'>`\n",
        "style sheet": f".. meta::\n   :stylesheet: {text}\n\n.. default-role:: x\n\nWords.\n",
    }
    yield from _quiet("rst", "include", {place: f"Gate\n====\n\n{PROSE}\n\n{words}" for place, words in directives.items()})
    pages = {
        "frame": f"<iframe src='../out/canary.html'></iframe><object data='{there}.html'></object>",
        "import": "<link rel=import href='../out/canary.html'><link rel=stylesheet href='../out/canary.css'>",
        "style": f"<style>@import '../out/canary.css'; p {{ background: url({there}.png) }}</style>",
        "server": f"<!--#include file='{text}' --><esi:include src='{text}'/>",
        "embed": f"<embed src='{text}'><portal src='{text}'></portal>",
        "script": f"<script src='{text}'></script><script>fetch('{text}')</script>",
    }
    yield from _quiet("html", "include", {place: page(body) for place, body in pages.items()})
    texts = {"Jinja": f"{{% include '{text}' %}}", "brackets": f"!include {text}\n\n{{{{< include {text} >}}}}\n\n![[{text}]]",
             "snippet": f'--8<-- "{text}"\n\n::: include {text}\n:::'}  # fmt: skip
    yield from _quiet("markdown", "include", {place: f"# Gate\n\n{PROSE}\n\n{words}\n" for place, words in texts.items()}, ".md")
    yield from _quiet("docx", "include", _word_includes(outside))
    section = "<text:section text:name='s'><text:section-source xlink:href='../../out/canary.txt'/></text:section>"
    yield from _quiet("odt", "include", {"section": odt(section)})
    item = '<item id="x" href="{}" media-type="application/xhtml+xml"/>'
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>{}</rootfiles></container>'
    above = container.format('<rootfile full-path="../../out/canary.xml"/>')
    yield from _quiet("epub", "include", {
        "item above": epub("<p>More.</p>", item.format("../../out/canary.html")),
        "item by address": epub("<p>More.</p>", item.format(f"file://{there}.html")),
        "package above": epub("<p>More.</p>", **{"META-INF/container.xml": above}),
    })  # fmt: skip
    head = "From: Desk <desk@example.org>\nSubject: Gate\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n"
    part = f'Content-Type: message/external-body; access-type=local-file; name="{text}"\n\nContent-Type: text/plain\n\n'
    yield from _quiet("eml", "include", {"external body": f"{head}\n--q\n\n{PROSE}\n--q\n{part}\n--q--\n"})
    yield from _quiet("opml", "include", {"outline": opml(f"<outline type='include' text='x' url='{text}'/>")})
    content = f"<summary>{PROSE}</summary><content type='text/html' src='file://{there}.html'/>"
    yield from _quiet("atom", "include", {"content": atom(content)})
    yield from _quiet("rss", "include", {"captured page": rss("<link>https://example.org/teaser</link>")})
    yield from _quiet("notebook", "include", {"magic": notebook(cell(f"%load {text}\n!cat {text}"))}, ".ipynb")


def _word_includes(outside: Path) -> dict[str, bytes]:
    text, fields = f"{outside}/canary.txt", '<w:p><w:r><w:instrText>INCLUDETEXT "{0}" </w:instrText></w:r></w:p>'
    fields += "<w:p><w:fldSimple w:instr='INCLUDEPICTURE \"{1}\" \\d'/></w:p>"
    inner = relation("aFChunk", "../../../out/canary.html").replace(' TargetMode="External"', "")
    return {
        "fields": docx(fields.format(text, f"{outside}/canary.png")),
        "altChunk": docx('<w:altChunk r:id="r9"/>', relation("aFChunk", f"file://{outside}/canary.html")),
        "subDoc": docx('<w:subDoc r:id="r9"/>', relation("subDocument", text)),
        "part above": docx('<w:altChunk r:id="r9"/>', inner),
    }


def _entities(outside: Path) -> Iterator[Vector]:
    """Entities and inclusions of XML, in every format that is XML or carries it."""
    address = f"file://{outside}/canary.txt"
    formats: dict[str, tuple[str, str, Callable[[str], bytes]]] = {
        "rss": (".rss", "rss", lambda text: rss(f"<content:encoded>{text} {PROSE}</content:encoded>")),
        "atom": (".atom", "feed", lambda text: atom(f"<content>{text} {PROSE}</content>")),
        "opml": (".opml", "opml", lambda text: opml(f"<outline text='Plan'>{text}</outline>")),
        "nitf": (".xml", "nitf", lambda text: nitf(f"<p>{text} {PROSE}</p>")),
        "newsml": (".xml", "newsItem", lambda text: newsml(f"<inlineData>{text} {PROSE}</inlineData>")),
        "xhtml": (".xhtml", "html", lambda text: page(f"<p>{text} {PROSE}</p>")),
        "svg": (".svg", "svg", lambda text: f'{_SVG}<text y="9">{text}</text></svg>'.encode()),
    }
    for reader, (suffix, root, make) in formats.items():
        for place, text in _declarations(root, address, make).items():
            if reader == "svg":
                suffix, text = ".html", page(image("data:image/svg+xml," + quote(text)))
            yield from _quiet(reader, "entity", {place: text}, suffix)
    entity = f'<!DOCTYPE x [<!ENTITY c SYSTEM "{address}">]>'
    for reader, data, part, root in (
        ("docx", docx("<w:p><w:r><w:t>&c; words</w:t></w:r></w:p>"), "word/document.xml", "<w:document"),
        ("odt", odt("<text:p>&c; words</text:p>"), "content.xml", "<office:document-content"),
        ("epub", epub("<p>&c; words</p>"), "c.xhtml", "<html"),
        ("epub", epub("<p>words</p>"), "book.opf", "<package"),
    ):
        yield from _quiet(reader, "entity", {f"in {part.rpartition('/')[2]}": changed(data, part, entity, root)})


def _declarations(root: str, address: str, make: Callable[[str], bytes]) -> dict[str, bytes]:
    named, empty = make("&c;"), make("x")
    return {
        "entity": f'<!DOCTYPE {root} [<!ENTITY c SYSTEM "{address}">]>'.encode() + named,
        "relative entity": f'<!DOCTYPE {root} [<!ENTITY c SYSTEM "../out/canary.txt">]>'.encode() + named,
        "public entity": f'<!DOCTYPE {root} [<!ENTITY c PUBLIC "x" "{address}">]>'.encode() + named,
        "parameter entity": f'<!DOCTYPE {root} [<!ENTITY % c SYSTEM "{address}"> %c;]>'.encode() + empty,
        "DTD": f'<!DOCTYPE {root} SYSTEM "{address}">'.encode() + named,
        "inclusion": make(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{address}"/>'),
    }


def _themes(outside: Path) -> Iterator[Vector]:
    """Themes, styles and templates that a manuscript asks for: only the manifest may."""
    for place, address in {"relative": "../out", "absolute": str(outside), "file": f"file://{outside}", "link": "folder",
                           "device": "/dev/zero", "network": "http://127.0.0.1:9/"}.items():  # fmt: skip
        front = f"---\ntheme: {address}\ncss: {address}/canary.css\ntemplate: {address}/canary.html\n---\n"
        yield from _quiet("markdown", "theme", {place: f"{front}# Gate\n\n{PROSE}\n"}, ".md")
        links = f"<link rel=stylesheet href='{address}/canary.css'><style>@import '{address}/canary.css'</style>"
        yield from _quiet("html", "theme", {place: page(links)})


def _sidecars(outside: Path) -> Iterator[Vector]:
    """Sidecars that are no regular file in the folder: a link, a chain of links, a pipe, a device."""
    targets = {"link": f"{outside}/canary.toml", "relative link": "../out/canary.toml", "chain": "link.toml",
               "device": "/dev/zero", "pipe": "pipe.png", "folder": "folder/canary.toml"}  # fmt: skip
    for place, target in targets.items():
        yield Vector(_name("markdown", "sidecar", place, ".md"), f"# Gate\n\n{PROSE}\n".encode(), warned=True, sidecar=target)


def vectors(outside: Path) -> list[Vector]:
    """Every vector; `outside` is the folder of the canary."""
    kinds = (_images, _links, _other_images, _includes, _entities, _themes, _sidecars)
    found = [vector for kind in kinds for vector in kind(outside)]
    assert len({vector.name for vector in found}) == len(found)
    return found


def write_edition(home: Path) -> list[Vector]:
    """The folder of an edition with every vector, `in/publisher.toml`, and the canary outside, `out/`."""
    inside, outside = lay_out(home)
    found = vectors(outside)
    for vector in found:
        path = inside / vector.name
        path.write_bytes(vector.data)
        if vector.sidecar:
            path.with_suffix(".toml").symlink_to(vector.sidecar)
    lines = "".join(f'  "{vector.name}",\n' for vector in found)
    (inside / "publisher.toml").write_text(f'[edition]\ntitle = "Harbor"\n\n[[section]]\narticles = [\n{lines}]\n')
    return found
