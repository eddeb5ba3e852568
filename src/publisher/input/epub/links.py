"""Links inside an EPUB: to a place in the same chapter, or to another chapter, which the edition resolves."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from publisher.input.epub.chapters import Chapter
from publisher.input.epub.pages import PLACE, Page
from publisher.input.html_elements import Element, text_content
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code

_TEXT_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "figcaption", "caption", "pre")


def linked_places(pages: Sequence[Page]) -> frozenset[str]:
    """The places in the book that links lead to: `file#id` or a file."""
    return frozenset(
        link.get("href").removeprefix(PLACE)
        for page in pages
        for link in page.body.iter("a")
        if (link.get("href") or "").startswith(PLACE)
    )


def keep_anchors(chapter: Chapter, linked: frozenset[str]) -> None:
    """Moves the id of each empty element that is linked to into the next block with words: empty elements are not kept."""
    elements = list(chapter.body.iter())
    blocks = [(place, block) for place, block in enumerate(elements) if block.tag in _TEXT_BLOCKS and _is_innermost(block)]
    for number, element in enumerate(elements):
        if not isinstance(element.tag, str) or f"{chapter.name}#{element.get('id')}" not in linked or _stays(element):
            continue
        block = next((block for place, block in blocks if place > number), blocks[-1][1] if blocks else None)
        if block is not None:
            anchor = block.makeelement("span", {"id": element.attrib.pop("id")})
            anchor.tail, block.text = block.text, None
            block.insert(0, anchor)


def _is_innermost(block: Element) -> bool:
    return bool(text_content(block)) and not any(text_content(inner) for inner in block.iter(*_TEXT_BLOCKS) if inner is not block)


def _stays(element: Element) -> bool:
    """Whether an element is kept: it has words or an image, or stands in a block that has words."""
    if text_content(element) or element.tag == "img" or element.find(".//img") is not None:
        return True
    return any(parent.tag in _TEXT_BLOCKS and text_content(parent) for parent in element.iterancestors())


def resolve_links(manuscript: Manuscript, chapters: Sequence[Chapter]) -> None:
    """Gives links inside the book their final addresses: `#id` in the same chapter, `book.epub/file#id` to another.

    A link to a part that is no article, such as the contents, becomes plain words, with a note.
    """
    owners = {chapter.name: chapter for chapter in chapters}
    owners.update({name: chapter for chapter in chapters for name in chapter.images_of})
    ids = {name: {element.get("id") for element in chapter.body.iter() if element.get("id")} for name, chapter in owners.items()}
    for chapter in chapters:
        for link in list(chapter.body.iter("a")):
            address = link.get("href") or ""
            if not address.startswith(PLACE):
                continue
            name, _, key = address.removeprefix(PLACE).partition("#")
            if name not in owners:
                _remove_link(manuscript, link, name)
                continue
            target = owners[name]
            if name in target.images_of and key not in ids[name]:
                key = target.images_of[name]
            elif key and key in _outer_ids(target):
                key = ""
            if target is chapter and key:
                link.set("href", f"#{key}")
            else:
                path = quote(f"{manuscript.path.name}/{target.name}")
                link.set("href", f"{path}#{quote(key)}" if key else path)


def _outer_ids(chapter: Chapter) -> set[str]:
    """The ids of the whole chapter, on its body and around it."""
    return {element.get("id") for element in (chapter.body, *chapter.body.iterancestors()) if element.get("id")}


def _remove_link(manuscript: Manuscript, link: Element, name: str) -> None:
    if words := text_content(link):
        message = f"the link {words[:40]!r} leads to {name}, which is no article; its words are kept"
        manuscript.report(Code.LINK_REMOVED, message)
    link.drop_tag()
