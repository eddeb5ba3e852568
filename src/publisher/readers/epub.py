"""EPUB 2 and 3 as manuscripts: each chapter of the spine an article, notes kept as notes, whichever file they stand in."""

from __future__ import annotations

import mimetypes
import posixpath
import re
from itertools import islice
from typing import Any
from urllib.parse import unquote

from publisher.input.archives import Archive
from publisher.input.html_elements import Element, text_content
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.input.xml import child, children, local_name, text_at, xml_of
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.text.bylines import day_of

_TYPE = "epub:type"
_EMPTIED = "data-notes-taken"  # a mark on the body of a file whose notes went to their chapters
_HOLDERS = frozenset({"aside", "div", "li", "p", "section", "dd", "td"})
_LONGEST_NOTE = 1500  # words
_SIGN = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡§¶]{1,3}|[a-z])[\])]?")
_NOTES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
# Parts of a book that are not among its articles (EPUB structural semantics; DPUB-ARIA).
_APPARATUS = {"cover", "titlepage", "toc", "landmarks", "page-list", "part", "bibliography", "colophon", "copyright-page",
              "index", "doc-toc", "doc-part", "doc-cover", "doc-bibliography", "doc-colophon", "doc-pagelist"}  # fmt: skip


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each chapter with words. Raises PublisherError where the book is broken, encrypted, or has none."""
    archive = Archive(manuscript)
    if archive.has("META-INF/encryption.xml") and b"EncryptedData" in archive.read("META-INF/encryption.xml"):
        raise manuscript.error(Code.ENCRYPTED, "the book is encrypted", hint="a book with rights management cannot be read")
    path, package = _package(manuscript, archive)
    book = _metadata(package)
    pages = {name: page_of(manuscript, _text(archive, name)) for name in _spine(manuscript, archive, path, package)}
    for page in pages.values():
        for link in [one for one in page.iter("a") if _kinds(one) & {"doc-backlink", "backlink"}]:
            link.drop_tree()
    notes = _notes(pages)
    found = [article for name, page in pages.items() if (article := _article(manuscript, archive, name, page, book, notes))]
    if not found:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the book holds no chapter with words")
    return tuple(found)


def _package(manuscript: Manuscript, archive: Archive) -> tuple[str, Any]:
    container = xml_of(manuscript, archive.read("META-INF/container.xml"))
    rootfile = next((one for one in container.iter() if local_name(one) == "rootfile"), None)
    if rootfile is None:
        raise manuscript.error(Code.EPUB, "the container names no package document")
    path = str(rootfile.get("full-path", ""))
    return path, xml_of(manuscript, archive.read(path))


def _spine(manuscript: Manuscript, archive: Archive, path: str, package: Any) -> list[str]:
    items = {one.get("id"): one for one in children(child(package, "manifest"), "item")}
    names = []
    for reference in children(child(package, "spine"), "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(item.get("href") or "")))
        if archive.has(name):
            names.append(name)
        else:
            manuscript.report(Code.EPUB_PART_MISSING, f"the spine names {name}, which is not in the book")
    return names


def _text(archive: Archive, name: str) -> str:
    return archive.read(name).decode("utf-8-sig", "replace")


def _kinds(element: Element) -> set[str]:
    return set((element.get(_TYPE) or "").split()) | set((element.get("role") or "").split())


def _notes(pages: dict[str, Element]) -> dict[str, Element]:
    """Every note of the book by `file#id`: what says that it is one, and what a raised number or sign leads to."""
    calls = [(name, one) for name, page in pages.items() for one in page.iter("a") if _is_call(one)]
    called = {_target(name, one): name for name, one in calls}
    said = {_target(name, one) for name, one in calls if _kinds(one) & {"noteref", "doc-noteref"}}
    found = {}
    for name, page in pages.items():
        for element in page.iter():
            key = f"{name}#{element.get('id')}" if isinstance(element.tag, str) and element.get("id") else ""
            if key in called or (key and element.tag in _HOLDERS and _kinds(element) & _NOTES):
                holder = next((one for one in (element, *element.iterancestors()) if one.tag in _HOLDERS), None)
                sure = key in said or (holder is not None and bool(_kinds(holder) & _NOTES))
                if holder is not None and (sure or _answers(name, holder, called[key])):
                    found[key] = holder
    return found


def _answers(name: str, holder: Element, caller: str) -> bool:
    """Whether a block that a raised number leads to is a note: it has the number too, or a way back, and is not a chapter."""
    text = text_content(holder)
    back = any(_target(name, one).startswith(f"{caller}#") for one in holder.iter("a") if one.get("href"))
    return len(text.split()) <= _LONGEST_NOTE and (back or bool(re.match(rf"{_SIGN.pattern}[.)\]]?\s", text)))


def _is_call(link: Element) -> bool:
    """Whether a link calls a note: it says so, or it is a number or a sign that is raised."""
    if not (link.get("href") or "").partition("#")[2]:
        return False
    raised = link.find(".//sup") is not None or next(link.iterancestors("sup"), None) is not None
    return bool(_kinds(link) & {"noteref", "doc-noteref"}) or (raised and bool(_SIGN.fullmatch(text_content(link))))


def _target(name: str, link: Element) -> str:
    """The `file#id` that a link in the file `name` leads to."""
    file, _, key = (link.get("href") or "").partition("#")
    return f"{posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(file))) if file else name}#{key}"


def _article(
    manuscript: Manuscript, archive: Archive, name: str, page: Element, book: Metadata, notes: dict[str, Element]
) -> Article | None:
    body = page.find("body")
    if body is None or any(_kinds(one) & _APPARATUS for one in (body, *list(body)[:2])):
        return None
    removed = _prepare(archive, name, body)
    _gather_notes(name, body, notes)
    if not text_content(body) or (body.get(_EMPTIED) and not _beyond_headings(body)):
        return None
    heading = next((text for one in body.iter("h1", "h2", "h3") if (text := _words(one))), "")
    metadata = Metadata(
        title=heading or _title(page),
        date=book.date,
        lang=_language(body, page) or book.lang,
        rights=book.rights,
        authors=book.authors,
        publisher=book.title,
    )
    return Article(metadata, parse(finished_markup(manuscript, page, body)), removed=tuple(removed))


def _prepare(archive: Archive, name: str, body: Element) -> list[Removal]:
    """What the e-book has for e-readers goes; pictures come into the page, links to other chapters keep their words."""
    removed = []
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        kinds, own = _kinds(element), set((element.get("class") or "").split())
        if kinds & {"pagebreak", "doc-pagebreak"} and not text_content(element):
            element.drop_tree()
        elif "byline" in own:
            removed.append(Removal("byline or date, now in the header", text_content(element)))
            element.drop_tree()
        elif element.tag == "figure" and "table" in own:
            _as_table(element)
        elif element.tag == "img":
            _write_in(archive, name, element)
        elif element.tag == "a" and not _is_call(element) and _is_chapter(element.get("href") or ""):
            element.drop_tag()
    return removed


def _is_chapter(address: str) -> bool:
    file = address.partition("#")[0]
    return ":" not in file and ".x" in file


def _as_table(figure: Element) -> None:
    caption, table = figure.find("figcaption"), figure.find(".//table")
    if caption is not None and table is not None:
        caption.tag = "caption"
        table.insert(0, caption)
        figure.drop_tag()


def _write_in(archive: Archive, name: str, image: Element) -> None:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(image.get("src") or "")))
    if archive.has(path):
        image.set("src", data_uri(archive.read(path), mimetypes.guess_type(path)[0] or "image/png"))


def _gather_notes(name: str, body: Element, notes: dict[str, Element]) -> None:
    """Calls become the tree's own, and the notes they call stand at the end of the chapter."""
    own = {id(one) for one in body.iter()}
    for call in [one for one in body.iter("a") if one.get("href")]:
        target = _target(name, call)
        note = notes.get(target)
        if note is None or note in call.iterancestors():
            continue
        _take_out_ways_back(note, call)
        key = target.rpartition("#")[2]
        call.attrib.clear()
        call.set("class", "noteref")
        call.set("href", f"#{key}")
        note.tag = "aside"
        note.set("class", "note")
        note.set("id", key)
        if id(note) not in own:
            there = next(note.iterancestors("body"), None)
            if there is not None:
                there.set(_EMPTIED, "yes")
            body.append(note)
            own.add(id(note))
    for section in list(body.iter("section", "div", "ol")):
        heading = next(iter(section), None)
        if "footnotes" in _kinds(section) and heading is not None and heading.tag in ("h1", "h2", "h3"):
            heading.drop_tree()


def _take_out_ways_back(note: Element, call: Element) -> None:
    """The links from a note to its call: ours stand there anyway."""
    ids = {one.get("id") for one in (call, *islice(call.iterancestors(), 2)) if one.get("id")}
    for link in list(note.iter("a")):
        if (link.get("href") or "").partition("#")[2] in ids:
            link.drop_tree()


def _beyond_headings(body: Element) -> bool:
    """Whether a chapter holds more than headings."""
    return next(body.iter("p", "li", "td", "pre", "aside", "img"), None) is not None


def _words(heading: Element) -> str:
    """A heading's words without the calls in it."""
    calls = {text for one in heading.iter("a") if (one.get("class") or "") == "noteref" and (text := text_content(one))}
    text = text_content(heading)
    return next((text.removesuffix(call).strip() for call in calls if text.endswith(call)), text)


def _title(page: Element) -> str:
    element = page.find(".//title")
    return text_content(element) if element is not None else ""


def _language(body: Element, page: Element) -> str:
    holders = (body, *list(body)[:1], page)
    return next((str(value) for one in holders for key in ("lang", "xml:lang") if (value := one.get(key))), "")


def _metadata(package: Any) -> Metadata:
    meta = child(package, "metadata")
    return Metadata(
        title=text_at(meta, "title"),
        authors=tuple(filter(None, (text_at(one) for one in children(meta, "creator")))),
        date=day_of(text_at(meta, "date")),
        lang=text_at(meta, "language"),
        publisher=text_at(meta, "publisher"),
        rights=text_at(meta, "rights"),
    )
