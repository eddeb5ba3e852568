"""The chapters of an EPUB: its pages without cover, title page, copyright page and contents, which are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from publisher.input.epub.pages import Page, semantic_types
from publisher.input.html_elements import Element, text_content
from publisher.model.parts import BYLINE_TO_HEADER, Removal

# What a book needs and a collection of its articles does not, with the rule by which it is removed (EPUB structural semantics;
# DPUB-ARIA 1.1). Everything else that a book has is text.
_APPARATUS = {
    "cover": "the cover of the book", "doc-cover": "the cover of the book", "titlepage": "the title page of the book",
    "halftitlepage": "the title page of the book", "copyright-page": "the copyright page of the book",
    "toc": "the contents of the book", "doc-toc": "the contents of the book", "landmarks": "the contents of the book",
    "page-list": "the contents of the book", "doc-pagelist": "the contents of the book",
}  # fmt: skip
_APPARATUS_TAGS = ("body", "section", "nav", "div", "ol")


@dataclass
class Chapter:
    """A file of the book that becomes an article.

    `removed` has what was removed from it, and the apparatus before it. `images_of` has the pages that links lead to, that
    hold only images and now stand in this chapter: the id of the first image by the name of the file.
    """

    name: str
    page: Element
    body: Element
    removed: list[Removal]
    images_of: dict[str, str] = field(default_factory=dict)


def chapters_of(pages: Sequence[Page], linked: frozenset[str]) -> list[Chapter]:
    """The pages that have words; the images of the others stand at the end of the chapter before, or before the first.

    `linked` has the places that links of the book lead to. Page breaks among them keep their ids.
    """
    linked_files = {place.partition("#")[0] for place in linked}
    chapters: list[Chapter] = []
    early: list[tuple[str, list[Element]]] = []
    removed: list[Removal] = []
    for page in pages:
        removed += [*page.removed, *_remove_apparatus(page.body, page.name), *_prepare_body(page, linked)]
        if text_content(page.body):
            chapters.append(Chapter(page.name, page.root, page.body, removed))
            removed = []
            for name, figures in reversed(early):
                _insert_figures(chapters[-1], name, figures, 0, linked_files)
            early = []
        elif chapters:
            _insert_figures(chapters[-1], page.name, _figures(page.body), len(chapters[-1].body), linked_files)
        else:
            early.append((page.name, _figures(page.body)))
    if chapters:
        chapters[-1].removed += removed
    return chapters


def _insert_figures(chapter: Chapter, name: str, figures: list[Element], place: int, linked_files: set[str]) -> None:
    if figures and name in linked_files:
        key = next((figure.get("id") for figure in figures if figure.get("id")), f"images-of-{name}")
        figures[0].set("id", key)
        chapter.images_of[name] = key
    chapter.body[place:place] = figures


def _figures(body: Element) -> list[Element]:
    """A figure for each image of a page."""
    figures = []
    for image in list(body.iter("img")):
        figure = image.makeelement("figure", {})
        image.tail = None
        figure.append(image)
        figures.append(figure)
    return figures


def _remove_apparatus(body: Element, page_name: str) -> list[Removal]:
    removed = []
    for element in list(body.iter(*_APPARATUS_TAGS)):
        rule = next((rule for name, rule in _APPARATUS.items() if name in semantic_types(element)), "")
        if not rule or (element is not body and body not in element.iterancestors()):
            continue  # text, or inside an element that was removed
        removed.append(Removal(rule, _words_and_images(element), page_name, sum(1 for _ in element.iter("img"))))
        if element is body:
            _clear(body)
            break
        element.drop_tree()
    return removed


def _words_and_images(element: Element) -> str:
    """The words of an element, and the alt texts of its images, of which each is named."""
    images = [f"[{image.get('alt') or 'image'}]" for image in element.iter("img")]
    return " ".join([*" ".join(element.itertext()).split(), *images])


def _clear(body: Element) -> None:
    body.text = None
    for child in list(body):
        body.remove(child)


def _prepare_body(page: Page, linked: frozenset[str]) -> list[Removal]:
    """Removes page breaks and bylines, and converts table figures."""
    removed = []
    for element in list(page.body.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        types, classes = semantic_types(element), set((element.get("class") or "").split())
        if types & {"pagebreak", "doc-pagebreak"} and not text_content(element):
            if f"{page.name}#{element.get('id')}" in linked:
                key = element.get("id")  # an index leads to it
                element.tag = "span"
                element.attrib.clear()
                element.set("id", key)
            else:
                element.drop_tree()
        elif "byline" in classes:
            removed.append(Removal(BYLINE_TO_HEADER, text_content(element)))
            element.drop_tree()
        elif element.tag == "figure" and "table" in classes:
            _convert_table_figure(element)
    return removed


def _convert_table_figure(figure: Element) -> None:
    caption, table = figure.find("figcaption"), figure.find(".//table")
    if caption is not None and table is not None:
        caption.tag = "caption"
        table.insert(0, caption)
        figure.drop_tag()
