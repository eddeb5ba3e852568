"""What a finished PDF or EPUB says of itself: its articles, titles, pages and sources, read from the file alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree

from publisher.checks.epub_rules import Book, Unreadable
from publisher.checks.pdf_file import PdfFile
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.release.accompanying import SOURCES
from publisher.release.comparable import COMPARABLE, PDF

# What pikepdf raises for objects of a damaged file, and what it makes of names and texts that are none.
UNREADABLE = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError)
MANIFEST = "publisher.toml"  # among the files that are attached to a PDF
_XHTML = "{http://www.w3.org/1999/xhtml}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_CHAPTER = ".xhtml"
_SOURCE = re.compile(r"s-[0-9a-f]{10}")  # the identifier of a source (model/sources.py)


@dataclass(frozen=True)
class Contents:
    """What a PDF and an EPUB have in common.

    `articles` are the normalized articles (XHTML) by their slugs, in reading order: those attached to a PDF, the chapters of a
    book. `titles` are the titles of the articles by slug, as the navigation has them. `sources` are the identifiers of the list
    of sources, in its order. `pages` are the labels of the pages: of the PDF itself, or of the page list of a book.
    """

    path: Path
    title: str = ""
    language: str = ""
    pages: tuple[str, ...] = ()
    starts: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict, repr=False)
    titles: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class PdfContents(Contents):
    """`items` are the sources attached as CSL-JSON, `manifest` the attached manifest (None: not attached)."""

    items: list[dict[str, Any]] | None = None
    manifest: str | None = None


@dataclass(frozen=True)
class BookContents(Contents):
    """`spine` has the names of its files in reading order, without folders. `headlines` are those of the chapters, `listed`
    the words of the list of sources by their identifiers.

    `page_targets` has the address of each page of the page list by its label, `breaks` the addresses where pages begin.
    """

    identifier: str = ""
    spine: tuple[str, ...] = ()
    headlines: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    page_targets: dict[str, str] = field(default_factory=dict)
    breaks: frozenset[str] = frozenset()


def contents_of(path: Path) -> PdfContents | BookContents:
    """The contents of a file by its suffix. Raises PublisherError where it cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in COMPARABLE:
        hint = "name a .pdf or .epub file"
        raise PublisherError(Diagnostic(Code.OUTPUT_SUFFIX, f"no output of publisher: {path.name}", Location(str(path)), hint))
    if not path.is_file():
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"file not found: {path}", Location(str(path))))
    return pdf_contents(path) if suffix == PDF else book_contents(path)


def pdf_contents(path: Path) -> PdfContents:
    """Raises PublisherError where the file is no PDF that can be read."""
    try:
        with pikepdf.open(path) as pdf:
            return _pdf_contents(path, pdf)
    except (*UNREADABLE, OSError) as problem:
        place = Location(str(path))
        raise PublisherError(Diagnostic(Code.PDF, f"this PDF cannot be read: {problem}", place)) from None


def _pdf_contents(path: Path, pdf: pikepdf.Pdf) -> PdfContents:
    attached = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    places = dict(_destinations(pdf))
    slugs = [name.removesuffix(_CHAPTER) for name in attached if name.endswith(_CHAPTER)]
    slugs.sort(key=lambda slug: (places.get(slug, (0, 0.0)), slug))
    articles = {slug: _text(attached[f"{slug}{_CHAPTER}"]) for slug in slugs}
    return PdfContents(
        path,
        title=_pdf_title(pdf),
        language=str(pdf.Root.get("/Lang", "")),
        pages=tuple(str(number) for number in range(1, len(pdf.pages) + 1)),
        starts={slug: str(places[slug][0]) for slug in articles if slug in places},
        articles=articles,
        titles={slug: _headline(xhtml) for slug, xhtml in articles.items()},
        sources=tuple(sorted(filter(_SOURCE.fullmatch, places), key=lambda name: places[name])),
        items=_items(attached.get(SOURCES)),
        manifest=_text(attached[MANIFEST]) if MANIFEST in attached else None,
    )


def _destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[str, tuple[int, float]]]:
    """The named places, each with the number of its page and its distance from the top of the page (ISO 32000-1, 12.3.2.3)."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    names = pdf.Root.get("/Names")
    tree = names.get("/Dests") if isinstance(names, pikepdf.Dictionary) else None
    if tree is None:
        return
    for name, value in pikepdf.NameTree(tree).items():
        target = value.get("/D") if isinstance(value, pikepdf.Dictionary) else value
        parts = list(target) if isinstance(target, pikepdf.Array) else []
        page = numbers.get(getattr(parts[0], "objgen", (0, 0)), 0) if parts else 0
        if page:
            yield str(name), (page, -_height(parts))


def _height(target: list[Any]) -> float:
    """How high above the foot of its page a place is; 0 where it does not say so."""
    is_point = len(target) > 3 and target[1] == pikepdf.Name.XYZ
    return float(target[3]) if is_point and isinstance(target[3], int | float | Decimal) else 0.0


def _pdf_title(pdf: pikepdf.Pdf) -> str:
    """The title of the XMP metadata, else that of the document information."""
    try:
        root = etree.fromstring(PdfFile(pdf).xmp, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        root = None
    title = None if root is None else next(root.iter(f"{_DC}title"), None)
    words = "" if title is None else " ".join("".join(map(str, title.itertext())).split())
    return words or str(pdf.docinfo.get("/Title", ""))


def _items(data: bytes | None) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(data or b"null")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _headline(xhtml: str) -> str:
    """The headline of a normalized article, without references to notes; empty if it is not well-formed."""
    try:
        root = etree.fromstring(xhtml.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return ""
    return _headline_of(root)


def _headline_of(root: Any) -> str:
    heading = next(root.iter("h1", f"{_XHTML}h1"), None)
    return "" if heading is None else words_of(heading)


def words_of(element: Any) -> str:
    """The words of an element with one space between them, without references to notes."""
    texts = element.xpath(".//text()[not(ancestor::*[@role='doc-noteref'])]")
    return " ".join("".join(map(str, texts)).split())


def book_contents(path: Path) -> BookContents:
    """Raises PublisherError where the file is no EPUB that can be read."""
    try:
        book = Book(path)
        nav = book.nav
    except (Unreadable, etree.XMLSyntaxError, OSError) as problem:
        place = Location(str(path))
        raise PublisherError(Diagnostic(Code.EPUB, f"this EPUB cannot be read: {problem}", place)) from None
    spine = tuple(name.rpartition("/")[2] for name in book.pages)
    files = {name.rpartition("/")[2].removesuffix(_CHAPTER): root for name, root in book.pages.items()}
    chapters = {slug: root for slug, root in files.items() if _has_role(root, "doc-chapter")}
    toc, page_list = _lists(nav)
    listed = dict(_listed_sources(book))
    titles = {href.partition(_CHAPTER)[0]: title for title, href in toc if "#" not in href}
    return BookContents(
        path,
        title=_metadata(book, "title"),
        language=_metadata(book, "language"),
        pages=tuple(label for label, _ in page_list),
        articles={slug: etree.tostring(root, encoding="unicode") for slug, root in chapters.items()},
        titles={slug: titles[slug] for slug in titles if slug in chapters},
        sources=tuple(listed),
        listed=listed,
        identifier=_metadata(book, "identifier"),
        spine=spine,
        headlines={slug: headline for slug, root in chapters.items() if (headline := _headline_of(root))},
        page_targets=dict(page_list),
        breaks=frozenset(_breaks(book)),
    )


def _has_role(root: Any, role: str) -> bool:
    return next((True for section in root.iter(f"{_XHTML}section") if section.get("role") == role), False)


def _metadata(book: Book, name: str) -> str:
    element = next(book.opf.iter(f"{_DC}{name}"), None)
    return "" if element is None else " ".join((element.text or "").split())


def _lists(nav: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Label and address of each entry of the table of contents, and of the page list (EPUB 3.3, 7.4)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for element in () if nav is None else nav.iter(f"{_XHTML}nav"):
        links = [(words_of(link), str(link.get("href") or "")) for link in element.iter(f"{_XHTML}a")]
        found[str(element.get(_EPUB_TYPE))] = links
    return found.get("toc", []), found.get("page-list", [])


def _breaks(book: Book) -> Iterator[str]:
    for name, root in book.pages.items():
        for element in root.iter(f"{_XHTML}span", f"{_XHTML}div"):
            if element.get("role") == "doc-pagebreak":
                yield f"{name.rpartition('/')[2]}#{element.get('id')}"


def _listed_sources(book: Book) -> Iterator[tuple[str, str]]:
    for root in book.pages.values():
        for section in root.iter(f"{_XHTML}section"):
            if section.get("role") == "doc-bibliography":
                for element in section.iter():
                    if _SOURCE.fullmatch(str(element.get("id") or "")):
                        yield str(element.get("id")), words_of(element)
