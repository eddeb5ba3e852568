"""The pages of an EPUB's spine as trees: images embedded, links as places in the book, their types by guide and landmarks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote

from publisher.input.epub.package import Book, SpineItem, place_of
from publisher.input.html_elements import Element, text_content
from publisher.input.html_pages import page_of
from publisher.input.manuscript import Manuscript
from publisher.model.parts import Removal

# The scheme, inside the reader, of links that lead to a place in the book. What follows it is `file#id`.
PLACE = "place:"
EPUB_TYPE = "epub:type"
BACKLINK_RULE = "link back to a footnote reference"
_BACKLINK_TYPES = {"doc-backlink", "backlink"}
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>", re.DOTALL)
_MATHML = "http://www.w3.org/1998/Math/MathML"
# What the guide of EPUB 2 calls parts, in the words of EPUB 3.
_GUIDE_TYPES = {"title-page": "titlepage", "copyright-page": "copyright-page", "cover": "cover", "toc": "toc"}
_UNPRINTED = {
    "button": "control of a form", "select": "control of a form", "textarea": "control of a form",
    "template": "template of a page", "area": "area of an image map",
}  # fmt: skip
_LONGEST_PAGE = 1000  # words: what a guide calls a cover, title page or copyright page is at most so long
_LINKED_SHARE = 0.5  # what a guide calls the contents has at least this share of its words in links


@dataclass(frozen=True)
class Page:
    """A page of the spine: the name of its file, its tree, the `body` in it, and what was left out of it."""

    name: str
    root: Element
    body: Element
    removed: tuple[Removal, ...] = ()


def semantic_types(element: Element) -> set[str]:
    """The values of epub:type and role."""
    return set((element.get(EPUB_TYPE) or "").split()) | set((element.get("role") or "").split())


def pages_of(manuscript: Manuscript, book: Book) -> list[Page]:
    """The pages of the spine in order. A link to a place in the book has an address that begins with PLACE."""
    pages = [page for item in book.spine() if (page := _page(manuscript, book, item)) is not None]
    _set_stated_types(pages, _stated_types(manuscript, book))
    return pages


def _page(manuscript: Manuscript, book: Book, item: SpineItem) -> Page | None:
    root, base = _tree(manuscript, book, item.name, item.media_type)
    body = root.find("body")
    if body is None:
        return None
    for name in item.types:
        body.set(EPUB_TYPE, name)
    for noscript in [*root.iter("noscript")]:
        noscript.drop_tag()  # scripts never run here
    removed = (*_remove_backlinks(root), *_remove_unprinted(root), *_choose_cases(root))
    for link in root.iter("a"):
        address = (link.get("href") or "").strip()
        target = item.name if address.startswith("#") else book.find(address, base) if address else ""
        if target:
            link.set("href", PLACE + place_of(target, address))
    return Page(item.name, root, body, removed)


def _tree(manuscript: Manuscript, book: Book, name: str, media_type: str) -> tuple[Element, str]:
    """The tree of a page, and the folder from which its addresses count. An image is a page that has only this image."""
    folder = posixpath.dirname(name)
    if media_type.startswith("image/") and media_type != "image/svg+xml":
        address = escape(book.embedded(quote(posixpath.basename(name)), folder))
        return page_of(manuscript, f'<figure><img src="{address}"></figure>'), folder
    data = book.read(name)
    text = replace(manuscript, data=data).text() if data.strip() else ""
    text = _CDATA.sub(lambda match: escape(match[1], quote=False), text)
    if media_type == "image/svg+xml":
        text = f"<div>{_XML_DECLARATION.sub('', text)}</div>"
    base = re.search(r"<base\b[^>]*\bhref\s*=\s*[\"']([^\"':]*)[\"']", text, re.IGNORECASE)
    folder = posixpath.dirname(posixpath.join(folder, base[1])) if base else folder
    root = page_of(manuscript, text, lambda address: book.embedded(address, folder))
    for element in list(root.iter("base")):
        element.drop_tree()  # of a book, the files in it count
    return root, folder


def _remove_backlinks(root: Element) -> list[Removal]:
    """Removes the links that are declared to lead from a note to its reference: publisher adds its own."""
    links = [link for link in root.iter("a") if semantic_types(link) & _BACKLINK_TYPES]
    removed = [Removal(BACKLINK_RULE, text_content(link)) for link in links]
    for link in links:
        link.drop_tree()
    return removed


def _remove_unprinted(root: Element) -> list[Removal]:
    """Removes what has words, but is no text of the page: controls, templates, and the areas of image maps."""
    removed = []
    for element in list(root.iter(*_UNPRINTED)):
        if words := text_content(element) or element.get("alt"):
            removed.append(Removal(_UNPRINTED[element.tag], words))
        element.drop_tree()
    return removed


def _choose_cases(root: Element) -> list[Removal]:
    """Keeps one form of each `epub:switch`: the MathML, else the default (EPUB 3.0.1 Content Documents, 2.1.3.4)."""
    removed = []
    for switch in list(root.iter("epub:switch")):
        forms = [child for child in switch if child.tag in ("epub:case", "epub:default")]
        chosen = next((form for form in forms if form.get("required-namespace") == _MATHML), forms[-1] if forms else None)
        for form in [form for form in forms if form is not chosen]:
            removed.append(Removal("another form of the same content", text_content(form)))
            form.drop_tree()
        if chosen is not None:
            chosen.drop_tag()
        switch.drop_tag()
    return removed


def _stated_types(manuscript: Manuscript, book: Book) -> Mapping[str, str]:
    """The type of each place that the guide or the landmarks call a cover, title page, copyright page or contents."""
    references = [(_GUIDE_TYPES.get(name, ""), place) for name, place in book.references()]
    if navigation := book.navigation():
        root, folder = _tree(manuscript, book, navigation, "application/xhtml+xml")
        for nav in [nav for nav in root.iter("nav") if "landmarks" in semantic_types(nav)]:
            for link in nav.iter("a"):
                address = link.get("href") or ""
                known = semantic_types(link) & set(_GUIDE_TYPES.values())
                references.append((next(iter(known), ""), place_of(book.find(address, folder), address)))
    texts = {place for name, place in references if not name}
    return {place: name for name, place in references if name and place not in texts}


def _set_stated_types(pages: list[Page], types: Mapping[str, str]) -> None:
    for page in pages:
        for element in [page.body, *page.body.iter("section", "nav", "div", "ol")]:
            place = page.name if element is page.body else f"{page.name}#{element.get('id')}"
            if place in types and not semantic_types(element) and _may_be(types[place], element):
                element.set(EPUB_TYPE, types[place])


def _may_be(name: str, element: Element) -> bool:
    """Whether a part can be what the guide or the landmarks call it, and is not a file with the text of the book too."""
    words = len(text_content(element).split())
    if name == "toc":
        return sum(len(text_content(link).split()) for link in element.iter("a")) >= _LINKED_SHARE * words
    return words <= _LONGEST_PAGE
