"""The collection: an EPUB 3.3 book with EbookLib as its model, the package document and the navigation our own.

EbookLib keeps the book's metadata, items, spine and contents and writes container and NCX; what it gets wrong
(FIELD_NOTES: parsed chapters, local times, nav, properties) is written from the theme's templates, the zip by container.py.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ebooklib import epub
from lxml import etree

from publisher import __version__
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.edition import Edition, Entry, Section
from publisher.text.languages import direction, words_for
from publisher.writers.contract import Output, Settings
from publisher.writers.cover import cover_png
from publisher.writers.epub.access import access
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.epub.container import Writer, pack
from publisher.writers.epub.downsample import downsample_for_screen
from publisher.writers.epub.fonts import book_fonts
from publisher.writers.epub.pagelist import Marks, mark_rest, marks, page_list
from publisher.writers.template_context import colophon, template_context


@dataclass(frozen=True)
class _File:
    """A file of the spine: its name is its id in the book, and with `.xhtml` its path."""

    name: str
    template: str
    values: Mapping[str, Any]


def write(edition: Edition, settings: Settings) -> Output:
    """One EPUB. Raises PublisherError with every article that is no well-formed chapter."""
    breaks = marks(settings.breaks, edition)
    values = {**template_context(edition), "colophon": colophon(edition, edition.identifier), "pages": page_list(breaks)}
    values |= {"version": __version__, "modified": settings.moment.iso, "first": _first(edition)}
    spine = dict(_spine(edition, settings, values, breaks))
    book = _model(edition)
    for name, xhtml in spine.items():
        book.add_item(_file(name, f"{name}.xhtml", "application/xhtml+xml", xhtml.encode()))
    for item in _files(edition, settings, "".join(spine.values())):
        book.add_item(item)
    values["items"] = _manifest_rows(book, spine)
    values["access"] = access(edition, [spine[entry.slug] for entry in edition.entries], bool(breaks))
    package = settings.theme.render("package.opf.j2", **values).encode()
    return Output(pack(Writer(book, package).files()))


def _model(edition: Edition) -> Any:
    book = epub.EpubBook()
    book.set_identifier(edition.identifier)
    book.set_title(edition.imprint.title)
    book.set_language(edition.imprint.language)
    for author in edition.imprint.authors:
        book.add_author(author)
    book.toc = _contents(edition)
    return book


def _spine(edition: Edition, settings: Settings, values: Mapping[str, Any], breaks: Marks) -> Iterator[tuple[str, str]]:
    """The files that are read, in reading order: name and XHTML."""
    wrong: list[Diagnostic] = []
    for file in _leaves(edition, breaks, wrong):
        xhtml = settings.theme.render(file.template, **values, **file.values)
        yield file.name, xhtml if "body" in file.values else _with_breaks(xhtml, file.name, breaks)
    if wrong:
        raise PublisherError(*wrong)


def _leaves(edition: Edition, breaks: Marks, wrong: list[Diagnostic]) -> Iterator[_File]:
    yield _File("cover", "cover.xhtml.j2", {})
    if not edition.standalone:
        yield _File("title", "titlepage.xhtml.j2", {})
    yield _File("nav", "nav.xhtml.j2", {})
    lang = edition.imprint.language
    for part in edition.parts:
        if part.title:
            lines = [(one.slug, one.name, lang) for one in part.sections if one.name] or _lines(part.sections[0])
            yield _File(part.slug, "sectionpage.xhtml.j2", {"title": part.title, "lines": lines})
        for section in part.sections:
            if section.name:
                yield _File(section.slug, "sectionpage.xhtml.j2", {"title": section.name, "lines": _lines(section)})
            for entry in section.entries:
                body, way = _body(entry, breaks, wrong), direction(entry.metadata.lang)
                yield _File(entry.slug, "chapter.xhtml.j2", {"entry": entry, "body": body, "way": way})
    if edition.sources:
        yield _File("sources", "sourcespage.xhtml.j2", {})
    yield _File("colophon", "colophonpage.xhtml.j2", {})


def _first(edition: Edition) -> str:
    """The file with which the text begins: the page of the first part or section, else the first chapter."""
    part, section = edition.parts[0], edition.sections[0]
    return part.slug if part.title else section.slug if section.name else section.entries[0].slug


def _lines(section: Section) -> list[tuple[str, str, str]]:
    return [(one.slug, one.metadata.title, one.metadata.lang) for one in section.entries]


def _body(entry: Entry, breaks: Marks, wrong: list[Diagnostic]) -> str:
    """One article as a chapter; what is wrong with it is added to `wrong`, never written empty."""
    try:
        return chapter_body(entry, breaks.get(entry.slug, ()))
    except etree.XMLSyntaxError as problem:
        wrong.append(Diagnostic(Code.CHAPTER, f"{entry.slug} is no well-formed chapter: {problem}", hint="report this as a bug"))
        return ""


def _with_breaks(xhtml: str, name: str, breaks: Marks) -> str:
    if name not in breaks:
        return xhtml
    root = etree.fromstring(xhtml.encode())
    mark_rest(root, breaks[name])
    return str(etree.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"))


def _files(edition: Edition, settings: Settings, text: str) -> Iterator[Any]:
    """What the spine uses: contents for old readers, style, cover, pictures, fonts."""
    theme = settings.theme
    yield epub.EpubNcx()
    yield _file("style", "style.css", "text/css", theme.read("ebook.css").encode())
    yield _file("cover-image", "images/cover.png", "image/png", cover_png(edition, settings))
    pictures = {one.name: one for entry in edition.entries for one in entry.resources}
    for number, (name, one) in enumerate(pictures.items(), 1):
        yield _file(f"picture-{number}", name, one.media_type, downsample_for_screen(one))
    for number, (name, data) in enumerate(book_fonts(theme, set(text)), 1):
        yield _file(f"font-{number}", name, "font/ttf", data)


def _file(name: str, file: str, media_type: str, data: bytes) -> Any:
    return epub.EpubItem(uid=name, file_name=file, media_type=media_type, content=data)


def _contents(edition: Edition) -> list[Any]:
    lines: list[Any] = []
    for part in edition.parts:
        held: list[Any] = []
        for section in part.sections:
            links = [epub.Link(f"{entry.slug}.xhtml", entry.metadata.title, f"n-{entry.slug}") for entry in section.entries]
            held += [(epub.Section(section.name, f"{section.slug}.xhtml"), links)] if section.name else links
        lines += [(epub.Section(part.title, f"{part.slug}.xhtml"), held)] if part.title else held
    terms = words_for(edition.imprint.language)
    if edition.sources:
        lines.append(epub.Link("sources.xhtml", terms["sources"], "n-sources"))
    return [*lines, epub.Link("colophon.xhtml", terms["colophon"], "n-colophon")]


def _manifest_rows(book: Any, spine: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = []
    for item in book.get_items():
        uid, kind = item.get_id(), item.media_type or mimetypes.guess_type(item.file_name)[0]
        properties = {"nav": "nav", "cover-image": "cover-image"}.get(uid, "mathml" if "<math" in spine.get(uid, "") else "")
        rows.append({"id": uid, "href": item.file_name, "type": kind, "properties": properties, "spine": uid in spine})
    return rows
