"""The collection: an EPUB 3.3 book with EbookLib as its model, the package document and the navigation our own.

EbookLib keeps the book's metadata, items, spine and contents and writes container and NCX; what it gets wrong
(FIELD_NOTES: parsed chapters, local times, nav, properties) is written from the theme's templates, and the zip by `_pack`.
"""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Iterator
from typing import Any

from ebooklib import epub
from lxml import etree

from publisher import __version__
from publisher.diagnostics import Diagnostic, PublisherError, error
from publisher.edition import Edition, Entry
from publisher.languages import direction, words_for
from publisher.writers.cover import cover_png
from publisher.writers.matter import colophon, matter
from publisher.writers.output import Output, Settings

OPS = "http://www.idpf.org/2007/ops"
XML = "http://www.w3.org/XML/1998/namespace"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can say
_EMBEDDED = ("SourceSerif4-", "SourceSerif4Display", "SourceSans3-Semibold", "SourceCodePro-Regular")


def write(edition: Edition, settings: Settings) -> Output:
    """One EPUB. Raises PublisherError where an article is no well-formed chapter."""
    book = _model(edition)
    values = {**matter(edition), "colophon": colophon(edition, edition.identifier)}
    values |= {"version": __version__, "modified": settings.moment.iso}
    wrong: list[Diagnostic] = []
    for item in _items(edition, settings, values, wrong):
        book.add_item(item)
    if wrong:
        raise PublisherError(*wrong)
    book.toc = _contents(edition)
    values["items"], values["features"] = _manifest_rows(book), _features(edition)
    package = settings.theme.render("package.opf.j2", **values).encode()
    return Output(_pack(_Writer(book, package).files()))


def _model(edition: Edition) -> Any:
    book = epub.EpubBook()
    book.set_identifier(edition.identifier)
    book.set_title(edition.imprint.title)
    book.set_language(edition.imprint.language)
    for author in edition.imprint.authors:
        book.add_author(author)
    return book


def _items(edition: Edition, settings: Settings, values: dict[str, Any], wrong: list[Diagnostic]) -> Iterator[Any]:
    """The book's files in reading order: spine first, then what the chapters use."""
    theme = settings.theme
    pages = [("cover", "cover.xhtml.j2")]
    if not edition.standalone:
        pages += [("title", "titlepage.xhtml.j2")]
    for name, template in pages:
        yield _page(name, f"{name}.xhtml", theme.render(template, **values))
    yield _page("nav", "nav.xhtml", theme.render("nav.xhtml.j2", **values))
    for section in edition.sections:
        if section.title:
            yield _page(section.slug, f"{section.slug}.xhtml", theme.render("sectionpage.xhtml.j2", **values, section=section))
        for entry in section.entries:
            yield _page(entry.slug, f"{entry.slug}.xhtml", _chapter(entry, settings, values, wrong))
    if edition.sources:
        yield _page("sources", "sources.xhtml", theme.render("sourcespage.xhtml.j2", **values))
    yield _page("colophon", "colophon.xhtml", theme.render("colophonpage.xhtml.j2", **values))
    yield epub.EpubNcx()
    yield _file("style", "style.css", "text/css", theme.read("ebook.css").encode())
    yield _file("cover-image", "images/cover.png", "image/png", cover_png(edition, settings))
    yield from _resources(edition)
    for font in theme.fonts():
        if font.name.startswith(_EMBEDDED) and "Black" not in font.name:
            yield _file(f"font-{font.stem}", f"fonts/{font.name}", "font/ttf", font.read_bytes())


def _page(name: str, file: str, xhtml: str) -> Any:
    return epub.EpubItem(uid=name, file_name=file, media_type="application/xhtml+xml", content=xhtml.encode())


def _file(name: str, file: str, media_type: str, data: bytes) -> Any:
    return epub.EpubItem(uid=name, file_name=file, media_type=media_type, content=data)


def _resources(edition: Edition) -> Iterator[Any]:
    seen = set()
    for entry in edition.entries:
        for one in entry.resources:
            if one.name not in seen:
                seen.add(one.name)
                yield _file(f"r-{one.name.split('/')[-1].rsplit('.', 1)[0]}", one.name, one.media_type, one.data)


def _chapter(entry: Entry, settings: Settings, values: dict[str, Any], wrong: list[Diagnostic]) -> str:
    """One article as a chapter; what is wrong with it is added to `wrong`, never written empty."""
    try:
        body = chapter_body(entry)
    except etree.XMLSyntaxError as problem:
        wrong.append(error(f"{entry.slug} is no well-formed chapter: {problem}", "chapter", hint="report this as a bug"))
        return ""
    return settings.theme.render("chapter.xhtml.j2", **values, entry=entry, body=body, way=direction(entry.metadata.lang))


def chapter_body(entry: Entry) -> str:
    """The `body` of an article's chapter: links to other chapters made, notes with a way back (EPUB 3 SSV; DPUB-ARIA)."""
    root = etree.fromstring(entry.xhtml)
    body = etree.Element("body", nsmap={"epub": OPS})
    body.set(f"{{{OPS}}}type", "bodymatter")
    body.append(root)
    root.tag = "section"
    root.set("role", "doc-chapter")
    root.set(f"{{{OPS}}}type", "chapter")
    terms = words_for(entry.metadata.lang)
    for element in root.iter():
        if element.get("lang"):
            element.set(f"{{{XML}}}lang", str(element.get("lang")))
        href = element.get("href")
        if href is not None and href.startswith("article:"):
            slug, _, fragment = href.removeprefix("article:").partition("#")
            element.set("href", f"{slug}.xhtml" + (f"#{fragment}" if fragment else ""))
        if element.get("role") == "doc-noteref":
            element.set(f"{{{OPS}}}type", "noteref")
    _notes(root, terms)
    return str(etree.tostring(body, encoding="unicode"))


def _notes(root: etree._Element, terms: dict[str, str]) -> None:
    section = root.find("section")
    if section is None:
        return
    del section.attrib["role"]
    section.set(f"{{{OPS}}}type", "footnotes")
    heading = etree.Element("h2", {"class": "notes-title"})
    heading.text, heading.tail = terms["notes"], "\n"
    section.insert(0, heading)
    called = {str(link.get("id")) for link in root.iter("a") if link.get("id")}
    for note in section.findall("aside"):
        number = str(note.get("id")).removeprefix("note-")
        note.set(f"{{{OPS}}}type", "footnote")
        if f"call-{number}" not in called:
            continue
        label = etree.Element("a", {"class": "number", "href": f"#call-{number}", "role": "doc-backlink"})
        label.set("aria-label", terms["note"].format(number))
        label.text = number
        first = note[0]
        target = first if first.tag == "p" else note
        label.tail, target.text = f" {target.text or ''}", None
        target.insert(0, label)
        back = etree.Element("a", {"class": "backlink", "href": f"#call-{number}", "role": "doc-backlink"})
        back.set("aria-label", terms["back"])
        back.text = "↩"
        last = note[-1] if note[-1].tag == "p" else etree.SubElement(note, "p")
        if len(last):
            last[-1].tail = f"{last[-1].tail or ''} "
        else:
            last.text = f"{last.text or ''} "
        last.append(back)


def _contents(edition: Edition) -> list[Any]:
    lines: list[Any] = []
    for section in edition.sections:
        links = [epub.Link(f"{entry.slug}.xhtml", entry.metadata.title, f"n-{entry.slug}") for entry in section.entries]
        lines += [(epub.Section(section.title, f"{section.slug}.xhtml"), links)] if section.title else links
    terms = words_for(edition.imprint.language)
    if edition.sources:
        lines.append(epub.Link("sources.xhtml", terms["sources"], "n-sources"))
    return [*lines, epub.Link("colophon.xhtml", terms["colophon"], "n-colophon")]


def _manifest_rows(book: Any) -> list[dict[str, Any]]:
    properties = {"nav": "nav", "cover-image": "cover-image"}
    rows = []
    for item in book.get_items():
        uid, kind = item.get_id(), item.media_type or mimetypes.guess_type(item.file_name)[0]
        rows.append({"id": uid, "href": item.file_name, "type": kind, "properties": properties.get(uid, ""),
                     "spine": kind == "application/xhtml+xml"})  # fmt: skip
    return rows


def _features(edition: Edition) -> dict[str, bool]:
    """What the access metadata must say, read off the content (EPUB Accessibility 1.1, 2.2)."""
    text = "".join(entry.xhtml for entry in edition.entries)
    return {"images": "<img " in text, "tables": "<table" in text, "described": 'alt=""' not in text}


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer up to the bytes of each file, our package document in place of its own."""

    def __init__(self, book: Any, package: bytes) -> None:
        super().__init__("", book, {"raise_exceptions": True})
        self._package = package
        self._files: dict[str, bytes] = {}
        self.out = self

    def writestr(self, name: str, data: Any, **_: Any) -> None:
        self._files[name] = data.encode() if isinstance(data, str) else data

    def files(self) -> dict[str, bytes]:
        self._write_container()
        self._write_items()
        self.writestr(f"{self.book.FOLDER_NAME}/content.opf", self._package)
        return self._files


def _pack(files: dict[str, bytes]) -> bytes:
    """The zip: mimetype first and stored, the rest sorted, times fixed (OCF 3.3, 4.3)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name in sorted(files):
            stored = name.endswith((".png", ".jpg"))
            _add(archive, name, files[name], zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type, info.external_attr, info.create_system = compression, 0o644 << 16, 3
    archive.writestr(info, data)
