"""The collection: an EPUB 3.3 book. EbookLib holds the model; package document and navigation are written here.

EbookLib keeps the book's metadata, items, spine and contents and writes the container file and the NCX. What it gets wrong
(parsed chapters, local times, nav, properties) is written from the theme's templates. container.py writes the zip.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ebooklib import epub
from lxml import etree

from publisher import __version__
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.edition import Edition, Entry, Section
from publisher.model.events import StageBegun, StepDone, working
from publisher.model.faults import contain_faults, fault_of
from publisher.model.media_types import media_type_of
from publisher.text.languages import direction, words_for
from publisher.writers.code_points import code_point_font
from publisher.writers.contract import Output, Settings
from publisher.writers.cover import Cover, book_logo, cover
from publisher.writers.custom_properties import book_css
from publisher.writers.epub.access import access
from publisher.writers.epub.book_parity import book_diagnostics, chapter_diagnostic
from publisher.writers.epub.chapter import chapter_body
from publisher.writers.epub.container import Writer, pack
from publisher.writers.epub.downsample import downsample_for_screen
from publisher.writers.epub.fonts import MARKS_CSS, MARKS_FILE, book_fonts, characters_for_marks, characters_of, with_marks
from publisher.writers.epub.pagelist import Marks, mark_other_places, marks_by_file, page_list
from publisher.writers.epub.theme_images import theme_images
from publisher.writers.missing_characters import missing_character_diagnostics
from publisher.writers.system_fonts import system_font_diagnostics
from publisher.writers.template_context import colophon, template_context

# Of nearly every book.
_TEMPLATES = (
    "cover.xhtml.j2",
    "titlepage.xhtml.j2",
    "nav.xhtml.j2",
    "chapter.xhtml.j2",
    "colophonpage.xhtml.j2",
    "package.opf.j2",
)


@dataclass(frozen=True)
class _SpineFile:
    """A file of the spine: its name is its id in the book; the name with `.xhtml` is its path."""

    name: str
    template: str
    values: Mapping[str, Any]


def write(edition: Edition, settings: Settings) -> Output:
    """The edition as an EPUB. Raises PublisherError with a diagnostic for every article whose chapter is not well-formed."""
    with working(settings.report, "e-book", "cover"):
        front = cover(edition, settings)
        edition = replace(edition, imprint=replace(edition.imprint, logo=book_logo(edition, settings)))
        settings.theme.prepare(*_TEMPLATES)
    bool(settings.breaks)  # waits for them
    with working(settings.report, "e-book"):
        return _written(edition, settings, front)


def _written(edition: Edition, settings: Settings, front: Cover) -> Output:
    breaks = marks_by_file(settings.breaks, edition)
    values = {
        **template_context(edition, settings.style),
        "colophon": colophon(edition, edition.identifier),
        "pages": page_list(breaks),
    }
    values |= {"version": __version__, "modified": settings.moment.iso, "first": _first_text_file(edition)}
    values["cover_file"] = front.file
    spine = dict(_spine_xhtml(edition, settings, values, breaks))
    marks = characters_for_marks(settings.theme, spine.values())
    spine = {name: with_marks(xhtml, marks) for name, xhtml in spine.items()}
    if faults := tuple(book_diagnostics(edition.entries, spine)):
        raise PublisherError(*faults)
    book = _book_model(edition)
    for name, xhtml in spine.items():
        book.add_item(_item(name, f"{name}.xhtml", "application/xhtml+xml", xhtml.encode()))
    for item in _resource_items(edition, settings, front, spine.values(), marks):
        book.add_item(item)
    values["items"] = _manifest_rows(book, spine)
    values["access"] = access(edition, [spine[entry.slug] for entry in edition.entries], bool(breaks))
    package = settings.theme.render("package.opf.j2", **values).encode()
    diagnostics = (
        *missing_character_diagnostics(marks + front.missing, edition.entries, settings.place),
        *system_font_diagnostics(front.system_fonts, (), settings.place),
    )
    names = tuple(font.name for font in front.system_fonts)
    return Output(pack(Writer(book, package).files()), diagnostics, system_fonts=names)


def _book_model(edition: Edition) -> Any:
    book = epub.EpubBook()
    book.set_identifier(edition.identifier)
    book.set_title(edition.imprint.title)
    book.set_language(edition.imprint.language)
    for author in edition.imprint.authors:
        book.add_author(author)
    book.toc = _contents_tree(edition)
    return book


def _spine_xhtml(edition: Edition, settings: Settings, values: Mapping[str, Any], breaks: Marks) -> Iterator[tuple[str, str]]:
    """Name and XHTML of the files of the spine, in reading order."""
    diagnostics: list[Diagnostic] = []
    settings.report(StageBegun("writing chapters", len(edition.entries)))
    for file in _spine_files(edition, breaks, diagnostics):
        if "body" not in file.values:
            yield file.name, _insert_breaks(settings.theme.render(file.template, **values, **file.values), file.name, breaks)
            continue
        try:
            with contain_faults(f"the chapter {file.name} was written", None, (file.name,)):
                xhtml = settings.theme.render(file.template, **values, **file.values)
        except PublisherError as problem:
            diagnostics += problem.diagnostics
            continue
        settings.report(StepDone(file.name))
        yield file.name, xhtml
    if diagnostics:
        raise PublisherError(*diagnostics)


def _spine_files(edition: Edition, breaks: Marks, diagnostics: list[Diagnostic]) -> Iterator[_SpineFile]:
    yield _SpineFile("cover", "cover.xhtml.j2", {})
    if not edition.standalone:
        yield _SpineFile("title", "titlepage.xhtml.j2", {})
    yield _SpineFile("nav", "nav.xhtml.j2", {})
    lang = edition.imprint.language
    for part in edition.parts:
        if part.title:
            lines = [(section.slug, section.name, lang) for section in part.sections if section.name] or _section_lines(
                part.sections[0]
            )
            yield _SpineFile(part.slug, "sectionpage.xhtml.j2", {"title": part.title, "lines": lines})
        for section in part.sections:
            if section.name:
                yield _SpineFile(section.slug, "sectionpage.xhtml.j2", {"title": section.name, "lines": _section_lines(section)})
            for entry in section.entries:
                body = _chapter_body(entry, breaks, edition.notes_before[entry.slug], diagnostics)
                text_direction = direction(entry.metadata.lang)
                yield _SpineFile(entry.slug, "chapter.xhtml.j2", {"entry": entry, "body": body, "way": text_direction})
    if edition.listed_sources:
        yield _SpineFile("sources", "sourcespage.xhtml.j2", {})
    yield _SpineFile("colophon", "colophonpage.xhtml.j2", {})


def _first_text_file(edition: Edition) -> str:
    """The name of the file where the text begins: the page of the first part or section, else the first chapter."""
    part, section = edition.parts[0], edition.sections[0]
    return part.slug if part.title else section.slug if section.name else section.entries[0].slug


def _section_lines(section: Section) -> list[tuple[str, str, str]]:
    return [(entry.slug, entry.metadata.title, entry.metadata.lang) for entry in section.entries]


def _chapter_body(entry: Entry, breaks: Marks, notes_before: int, diagnostics: list[Diagnostic]) -> str:
    """The body of an article's chapter. Where it is not well-formed, a diagnostic is added, and the book is not written."""
    try:
        return chapter_body(entry, breaks.get(entry.slug, ()), notes_before)
    except etree.XMLSyntaxError as problem:
        diagnostics.append(chapter_diagnostic(entry.slug, problem))
    except Exception as problem:
        diagnostics.append(fault_of(problem).diagnostic(f"the chapter {entry.slug} was written", None, (entry.slug,)))
    return ""


def _insert_breaks(xhtml: str, name: str, breaks: Marks) -> str:
    if name not in breaks:
        return xhtml
    root = etree.fromstring(xhtml.encode())
    mark_other_places(root, breaks[name])
    return str(etree.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>"))


def _resource_items(edition: Edition, settings: Settings, front: Cover, files: Collection[str], marks: str) -> Iterator[Any]:
    """The items that the spine uses: the NCX for old readers, style sheet, cover, images, fonts, also that of `marks`."""
    theme = settings.theme
    yield epub.EpubNcx()
    yield _item("style", "style.css", "text/css", (book_css(theme) + (MARKS_CSS if marks else "")).encode())
    yield _item("cover-image", front.file, front.media_type, front.data)
    logo = edition.imprint.logo
    if logo is not None and not edition.standalone:
        yield _item("logo", logo.name, logo.media_type, downsample_for_screen(logo))
    images = {image.name: (image, entry.slug) for entry in edition.entries for image in entry.resources}
    for number, (name, (image, slug)) in enumerate(images.items(), 1):
        with contain_faults(f"an image of {slug} was prepared for the EPUB", None, (slug,)):
            data = downsample_for_screen(image)
        yield _item(f"picture-{number}", name, image.media_type, data)
    for number, (name, data) in enumerate(theme_images(theme, files, set(images)), 1):
        yield _item(f"theme-{number}", name, media_type_of(name, "application/octet-stream"), data)
    for number, (name, data) in enumerate(book_fonts(theme, characters_of(files)), 1):
        yield _item(f"font-{number}", name, "font/otf" if name.endswith(".otf") else "font/ttf", data)
    if marks:
        yield _item("font-marks", MARKS_FILE, "font/ttf", code_point_font(marks, theme))


def _item(uid: str, path: str, media_type: str, data: bytes) -> Any:
    return epub.EpubItem(uid=uid, file_name=path, media_type=media_type, content=data)


def _contents_tree(edition: Edition) -> list[Any]:
    lines: list[Any] = []
    for part in edition.parts:
        children: list[Any] = []
        for section in part.sections:
            links = [epub.Link(f"{entry.slug}.xhtml", entry.metadata.title, f"n-{entry.slug}") for entry in section.entries]
            children += [(epub.Section(section.name, f"{section.slug}.xhtml"), links)] if section.name else links
        lines += [(epub.Section(part.title, f"{part.slug}.xhtml"), children)] if part.title else children
    terms = words_for(edition.imprint.language)
    if edition.listed_sources:
        lines.append(epub.Link("sources.xhtml", terms["sources"], "n-sources"))
    return [*lines, epub.Link("colophon.xhtml", terms["colophon"], "n-colophon")]


def _manifest_rows(book: Any, spine: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = []
    for item in book.get_items():
        uid, media_type = item.get_id(), item.media_type or media_type_of(item.file_name)
        properties = {"nav": "nav", "cover-image": "cover-image"}.get(uid, "mathml" if "<math" in spine.get(uid, "") else "")
        rows.append({"id": uid, "href": item.file_name, "type": media_type, "properties": properties, "spine": uid in spine})
    return rows
