"""Reads EPUB 2 and 3: each chapter of the spine is an article. Footnotes stay footnotes, whichever file of the book has them."""

from __future__ import annotations

import mimetypes
import posixpath
import re
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import unquote

from publisher.input.archives import Archive
from publisher.input.html_elements import Element, text_content
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import data_uri
from publisher.input.xml import children_named, first_child, local_name, text_at, xml_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import Removal
from publisher.text.bylines import day_of

_EPUB_TYPE = "epub:type"
_NOTES_MOVED = "data-notes-taken"  # set on the body of a file whose notes were moved to their chapters
_NOTE_TAGS = frozenset({"aside", "div", "li", "p", "section", "dd", "td"})
_LONGEST_NOTE = 1500  # words
_NOTE_SIGN = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡§¶]{1,3}|[a-z])[\])]?")
_NOTE_TYPES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
# What a book needs and a collection of its articles does not, with the rule by which it is removed (EPUB structural semantics;
# DPUB-ARIA 1.1). Everything else that a book has is text.
_APPARATUS = {
    "cover": "the cover of the book", "doc-cover": "the cover of the book", "titlepage": "the title page of the book",
    "halftitlepage": "the title page of the book", "copyright-page": "the copyright page of the book",
    "toc": "the contents of the book", "doc-toc": "the contents of the book", "landmarks": "the contents of the book",
    "page-list": "the contents of the book", "doc-pagelist": "the contents of the book",
}  # fmt: skip
_APPARATUS_TAGS = ("body", "section", "nav", "div", "ol")
# These change the bytes of fonts only (EPUB 3.3, 4.4; the second is Adobe's).
_FONT_OBFUSCATIONS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}


@dataclass(frozen=True)
class _SpineItem:
    """A file that the spine names. `is_contents`: it is the navigation document; `is_cover`: it is the image of the cover."""

    name: str
    media_type: str
    is_contents: bool
    is_cover: bool


@dataclass
class _Chapter:
    """A file of the book that becomes an article; `removed` has what was removed from it, and the apparatus before it."""

    name: str
    page: Element
    body: Element
    removed: list[Removal]


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each chapter that has words. Raises PublisherError if there is none, or the book is broken or encrypted.

    Cover, title page, copyright page and contents are removed, and recorded with the chapter that follows. A page that has
    only images belongs to the chapter before it.
    """
    archive = Archive(manuscript)
    _refuse_encryption(manuscript, archive)
    path, package = _package(manuscript, archive)
    book = _metadata(package)
    pages = {item.name: _page(manuscript, archive, item) for item in _spine(manuscript, archive, path, package)}
    for page in pages.values():
        for link in [link for link in page.iter("a") if _semantic_types(link) & {"doc-backlink", "backlink"}]:
            link.drop_tree()
    notes = _notes(pages)
    chapters = _chapters(archive, pages)
    for chapter in chapters:
        _gather_notes(chapter.name, chapter.body, notes)
        _resolve_links(chapter)
    articles = [_article(manuscript, chapter, book) for chapter in chapters if _is_article(chapter.body)]
    if not articles:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "no chapter of the book has words")
    return tuple(articles)


def _refuse_encryption(manuscript: Manuscript, archive: Archive) -> None:
    """Raises PublisherError if more than the fonts of the book is encrypted."""
    if not archive.has("META-INF/encryption.xml"):
        return
    for element in xml_of(manuscript, archive.read("META-INF/encryption.xml")).iter():
        if local_name(element) == "EncryptedData":
            method = first_child(element, "EncryptionMethod")
            if method is None or method.get("Algorithm") not in _FONT_OBFUSCATIONS:
                raise manuscript.error(Code.ENCRYPTED, "the book is encrypted", hint="get a copy without rights management (DRM)")


def _package(manuscript: Manuscript, archive: Archive) -> tuple[str, Any]:
    container = xml_of(manuscript, archive.read("META-INF/container.xml"))
    rootfile = next((element for element in container.iter() if local_name(element) == "rootfile"), None)
    if rootfile is None:
        raise manuscript.error(Code.EPUB, "this EPUB cannot be read: it names no package document")
    path = str(rootfile.get("full-path", ""))
    return path, xml_of(manuscript, archive.read(path))


def _spine(manuscript: Manuscript, archive: Archive, path: str, package: Any) -> list[_SpineItem]:
    items = {item.get("id"): item for item in children_named(first_child(package, "manifest"), "item")}
    metas = children_named(first_child(package, "metadata"), "meta")
    cover = next((meta.get("content") for meta in metas if meta.get("name") == "cover"), None)  # EPUB 2
    spine_items = []
    for reference in children_named(first_child(package, "spine"), "itemref"):
        item = items.get(reference.get("idref"))
        if item is None:
            continue
        properties = (item.get("properties") or "").split()
        name = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(item.get("href") or "")))
        if archive.has(name):
            is_cover = "cover-image" in properties or item.get("id") == cover
            spine_items.append(_SpineItem(name, item.get("media-type") or "", "nav" in properties, is_cover))
        else:
            manuscript.report(Code.EPUB_PART_MISSING, f"the spine names {name}, which is not in the book")
    return spine_items


def _page(manuscript: Manuscript, archive: Archive, item: _SpineItem) -> Element:
    """The page of a spine item; for an image a page that has only this image."""
    if item.media_type.startswith("image/"):
        page = page_of(manuscript, f'<figure><img src="{escape(posixpath.basename(item.name))}"></figure>')
    else:
        page = page_of(manuscript, archive.read(item.name).decode("utf-8-sig", "replace"))
    body = page.find("body")
    if body is not None and (item.is_contents or item.is_cover):
        body.set(_EPUB_TYPE, "toc" if item.is_contents else "cover")
    return page


def _chapters(archive: Archive, pages: dict[str, Element]) -> list[_Chapter]:
    """The pages that have words; the images of the others stand at the end of the chapter before, or before the first."""
    chapters: list[_Chapter] = []
    images: list[Element] = []
    removed: list[Removal] = []
    for name, page in pages.items():
        body = page.find("body")
        if body is None:
            continue
        removed += [*_remove_apparatus(body), *_prepare_body(archive, name, body)]
        if text_content(body):
            chapters.append(_Chapter(name, page, body, removed))
            for image in reversed(images):
                body.insert(0, image)
            images, removed = [], []
        elif chapters:
            chapters[-1].body.extend(_figures(body))
        else:
            images += _figures(body)
    if chapters:
        chapters[-1].removed += removed
    return chapters


def _figures(body: Element) -> list[Element]:
    """A figure for each image of a page."""
    figures = []
    for image in list(body.iter("img")):
        figure = image.makeelement("figure", {})
        image.tail = None
        figure.append(image)
        figures.append(figure)
    return figures


def _remove_apparatus(body: Element) -> list[Removal]:
    removed = []
    for element in list(body.iter(*_APPARATUS_TAGS)):
        rule = next((rule for name, rule in _APPARATUS.items() if name in _semantic_types(element)), "")
        if not rule or (element is not body and body not in element.iterancestors()):
            continue  # text, or inside an element that was removed
        removed.append(Removal(rule, " ".join(" ".join(element.itertext()).split())))
        if element is body:
            _clear(body)
            break
        element.drop_tree()
    return removed


def _clear(body: Element) -> None:
    body.text = None
    for child in list(body):
        body.remove(child)


def _semantic_types(element: Element) -> set[str]:
    """The values of epub:type and role."""
    return set((element.get(_EPUB_TYPE) or "").split()) | set((element.get("role") or "").split())


def _notes(pages: dict[str, Element]) -> dict[str, Element]:
    """The notes of the book by `file#id`: elements that are declared as notes, and targets of a superscript number or sign."""
    references = [(name, link) for name, page in pages.items() for link in page.iter("a") if _is_note_reference(link)]
    files_by_target = {_link_target(name, link): name for name, link in references}
    declared = {_link_target(name, link) for name, link in references if _semantic_types(link) & {"noteref", "doc-noteref"}}
    notes = {}
    judged: dict[tuple[Element, str], bool] = {}  # many targets may be in one block
    for name, page in pages.items():
        for element in page.iter():
            key = f"{name}#{element.get('id')}" if isinstance(element.tag, str) and element.get("id") else ""
            if key in files_by_target or (key and element.tag in _NOTE_TAGS and _semantic_types(element) & _NOTE_TYPES):
                note = next((holder for holder in (element, *element.iterancestors()) if holder.tag in _NOTE_TAGS), None)
                certain = key in declared or (note is not None and bool(_semantic_types(note) & _NOTE_TYPES))
                if note is not None and not certain and (note, files_by_target[key]) not in judged:
                    judged[note, files_by_target[key]] = _is_note(name, note, files_by_target[key])
                if note is not None and (certain or judged[note, files_by_target[key]]):
                    notes[key] = note
    return notes


def _is_note(name: str, block: Element, referring_file: str) -> bool:
    """Whether the target of a superscript number is a note: short, and with a number of its own or a link back."""
    text = text_content(block)
    has_backlink = any(_link_target(name, link).startswith(f"{referring_file}#") for link in block.iter("a") if link.get("href"))
    return len(text.split()) <= _LONGEST_NOTE and (has_backlink or bool(re.match(rf"{_NOTE_SIGN.pattern}[.)\]]?\s", text)))


def _is_note_reference(link: Element) -> bool:
    """Whether a link is a footnote reference: it is declared as one, or it is a superscript number or sign."""
    if not (link.get("href") or "").partition("#")[2]:
        return False
    superscript = link.find(".//sup") is not None or next(link.iterancestors("sup"), None) is not None
    return bool(_semantic_types(link) & {"noteref", "doc-noteref"}) or (
        superscript and bool(_NOTE_SIGN.fullmatch(text_content(link)))
    )


def _link_target(name: str, link: Element) -> str:
    """The `file#id` that a link in the file `name` leads to."""
    file, _, key = (link.get("href") or "").partition("#")
    return f"{posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(file))) if file else name}#{key}"


def _is_article(body: Element) -> bool:
    """Whether a chapter has words; after its notes have moved to other chapters, whether it has more than headings."""
    return bool(text_content(body)) and (not body.get(_NOTES_MOVED) or _has_content(body))


def _article(manuscript: Manuscript, chapter: _Chapter, book: Metadata) -> Article:
    page, body = chapter.page, chapter.body
    title = next((text for heading in body.iter("h1", "h2", "h3") if (text := _heading_text(heading))), "")
    metadata = Metadata(
        title=title or _title(page),
        date=book.date,
        lang=_language(body, page) or book.lang,
        rights=book.rights,
        authors=book.authors,
        publisher=book.title,
    )
    return Article(metadata, parse(finished_markup(manuscript, page, body)), removed=tuple(chapter.removed))


def _prepare_body(archive: Archive, name: str, body: Element) -> list[Removal]:
    """Removes page breaks and bylines, embeds images and converts table figures."""
    removed = []
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        types, classes = _semantic_types(element), set((element.get("class") or "").split())
        if types & {"pagebreak", "doc-pagebreak"} and not text_content(element):
            element.drop_tree()
        elif "byline" in classes:
            removed.append(Removal("byline or date, now in the header", text_content(element)))
            element.drop_tree()
        elif element.tag == "figure" and "table" in classes:
            _convert_table_figure(element)
        elif element.tag == "img":
            _embed_image(archive, name, element)
    return removed


def _resolve_links(chapter: _Chapter) -> None:
    """Keeps links to places in the same file; of links to other files of the book only the words stay."""
    for link in list(chapter.body.iter("a")):
        file, _, key = (link.get("href") or "").partition("#")
        if not file or ":" in file or _is_note_reference(link):
            continue
        if key and _link_target(chapter.name, link) == f"{chapter.name}#{key}":
            link.set("href", f"#{key}")
        else:
            link.drop_tag()


def _convert_table_figure(figure: Element) -> None:
    caption, table = figure.find("figcaption"), figure.find(".//table")
    if caption is not None and table is not None:
        caption.tag = "caption"
        table.insert(0, caption)
        figure.drop_tag()


def _embed_image(archive: Archive, name: str, image: Element) -> None:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(image.get("src") or "")))
    if archive.has(path):
        image.set("src", data_uri(archive.read(path), mimetypes.guess_type(path)[0] or "image/png"))


def _gather_notes(name: str, body: Element, notes: dict[str, Element]) -> None:
    """Gives footnote references and notes the markup of an article, and moves the notes to the end of the chapter."""
    chapter_ids = {id(element) for element in body.iter()}
    backlink_targets: dict[Element, set[str]] = {}
    for reference in [link for link in body.iter("a") if link.get("href")]:
        target = _link_target(name, reference)
        note = notes.get(target)
        if note is None or note in reference.iterancestors():
            continue
        if note.get("class") == "note" and id(note) not in chapter_ids:
            reference.drop_tag()  # the note is in another chapter that refers to it, which a list of sources leads back to
            continue
        backlink_targets.setdefault(note, set()).update(_ids_around(reference))
        key = target.rpartition("#")[2]
        reference.attrib.clear()
        reference.set("class", "noteref")
        reference.set("href", f"#{key}")
        note.tag = "aside"
        note.set("class", "note")
        note.set("id", key)
        if id(note) not in chapter_ids:
            note_body = next(note.iterancestors("body"), None)
            if note_body is not None:
                note_body.set(_NOTES_MOVED, "yes")
            body.append(note)
            chapter_ids.add(id(note))
    for note, ids in backlink_targets.items():
        _remove_backlinks(note, ids)
    for section in list(body.iter("section", "div", "ol")):
        heading = next(iter(section), None)
        if "footnotes" in _semantic_types(section) and heading is not None and heading.tag in ("h1", "h2", "h3"):
            heading.drop_tree()


def _ids_around(reference: Element) -> set[str]:
    """The ids of a reference and of the two elements around it."""
    return {str(element.get("id")) for element in (reference, *islice(reference.iterancestors(), 2)) if element.get("id")}


def _remove_backlinks(note: Element, ids: set[str]) -> None:
    """Removes links from a note to its references: publisher adds its own."""
    for link in list(note.iter("a")):
        if (link.get("href") or "").partition("#")[2] in ids:
            link.drop_tree()


def _has_content(body: Element) -> bool:
    """Whether a chapter has more than headings."""
    return next(body.iter("p", "li", "td", "pre", "aside", "img"), None) is not None


def _heading_text(heading: Element) -> str:
    """The text of a heading without a footnote reference at its end."""
    references = {text for link in heading.iter("a") if (link.get("class") or "") == "noteref" and (text := text_content(link))}
    text = text_content(heading)
    return next((text.removesuffix(reference).strip() for reference in references if text.endswith(reference)), text)


def _title(page: Element) -> str:
    element = page.find(".//title")
    return text_content(element) if element is not None else ""


def _language(body: Element, page: Element) -> str:
    holders = (body, *list(body)[:1], page)
    return next((str(value) for holder in holders for key in ("lang", "xml:lang") if (value := holder.get(key))), "")


def _metadata(package: Any) -> Metadata:
    meta = first_child(package, "metadata")
    return Metadata(
        title=text_at(meta, "title"),
        authors=tuple(filter(None, (text_at(creator) for creator in children_named(meta, "creator")))),
        date=day_of(text_at(meta, "date")),
        lang=text_at(meta, "language"),
        publisher=text_at(meta, "publisher"),
        rights=text_at(meta, "rights"),
    )
