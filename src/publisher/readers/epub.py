"""Reads EPUB 2 and 3: each chapter of the spine is an article. Footnotes stay footnotes, whichever file of the book has them."""

from __future__ import annotations

from publisher.input.epub.chapters import Chapter, chapters_of
from publisher.input.epub.links import keep_anchors, linked_places, resolve_links
from publisher.input.epub.notes import NOTES_MOVED, gather_notes, notes_of
from publisher.input.epub.package import Book
from publisher.input.epub.pages import pages_of
from publisher.input.html_elements import Element, removal_of, text_content
from publisher.input.html_pages import finished_markup
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import parse
from publisher.model.metadata import Metadata
from publisher.model.parts import BYLINE_TO_HEADER
from publisher.text.bylines import names_after_by


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each chapter that has words. Raises PublisherError if there is none, or the book is broken or encrypted.

    Cover, title page, copyright page and contents are removed, and recorded with the chapter that follows. A page that has
    only images belongs to the chapter before it. A chapter is called by the name of its file, by which links lead to it.
    """
    book = Book(manuscript)
    pages = pages_of(manuscript, book)
    notes, linked = notes_of(pages), linked_places(pages)
    chapters = chapters_of(pages, linked)
    for chapter in chapters:
        chapter.removed += gather_notes(chapter.name, chapter.body, notes)
    for chapter in chapters:
        if not _is_article(chapter.body):
            manuscript.record(*chapter.removed, removal_of("heading of the notes", chapter.body))
    chapters = [chapter for chapter in chapters if _is_article(chapter.body)]
    for chapter in chapters:
        keep_anchors(chapter, linked)
    resolve_links(manuscript, chapters)
    if not chapters:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "no chapter of the book has words")
    return tuple(_article(manuscript, chapter, book.metadata) for chapter in chapters)


def _is_article(body: Element) -> bool:
    """Whether a chapter has words; after its notes have moved to other chapters, whether it has more than headings."""
    return bool(text_content(body)) and (not body.get(NOTES_MOVED) or _has_content(body))


def _has_content(body: Element) -> bool:
    """Whether a chapter has more than headings."""
    return next(body.iter("p", "li", "td", "pre", "aside", "img"), None) is not None


def _article(manuscript: Manuscript, chapter: Chapter, book: Metadata) -> Article:
    page, body = chapter.page, chapter.body
    title = next((text for heading in body.iter("h1", "h2", "h3") if (text := _heading_text(heading))), "")
    metadata = Metadata(
        title=title or _title(page),
        date=book.date,
        lang=_language(body, page) or book.lang,
        rights=book.rights,
        authors=_byline_names(chapter) or book.authors,
        publisher=book.title,
        identity=chapter.name,
    )
    return Article(metadata, parse(finished_markup(manuscript, page, body)), removed=tuple(chapter.removed))


def _byline_names(chapter: Chapter) -> tuple[str, ...]:
    """The names in the chapter's own byline; a book has the names of all its authors."""
    names = (names_after_by(removal.words) for removal in chapter.removed if removal.rule == BYLINE_TO_HEADER)
    return tuple(next(filter(None, names), ()))


def _heading_text(heading: Element) -> str:
    """The text of a heading, with a space for each line break, without a footnote reference at its end."""
    references = {text for link in heading.iter("a") if (link.get("class") or "") == "noteref" and (text := text_content(link))}
    nodes = heading.xpath("descendant::text() | descendant::br")
    text = " ".join("".join(node if isinstance(node, str) else " " for node in nodes).split())
    return next((text.removesuffix(reference).strip() for reference in references if text.endswith(reference)), text)


def _title(page: Element) -> str:
    element = page.find(".//title")
    return text_content(element) if element is not None else ""


def _language(body: Element, page: Element) -> str:
    holders = (body, *list(body)[:1], page)
    return next((str(value) for holder in holders for key in ("lang", "xml:lang") if (value := holder.get(key))), "")
