"""Finds footnote references and their notes and makes them `a.noteref`, and `aside.note` at the end of the article.

A note without a reference is kept after the others, with a warning. A reference without a note stays as typed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import attribute, classes, holds, tags, words
from publisher.model.parts import Removal
from publisher.model.vocabulary import HEADINGS, INLINES

_REFERENCE_CLASSES = {"noteref", "footnote-ref", "footnote", "fn", "fnref", "reference"}
_NOTE_MARK = re.compile(r"[\[(]?\s*(\d{1,3}|[*†‡§]+|[a-z])\s*[\])]?$")
_NUMBER, _BACKLINK = "number of a footnote, counted anew", "link back to a footnote reference"
_NOTE_ID = re.compile(r"(fn|foot|note|endnote|cite_note|ref)", re.IGNORECASE)
_BACKLINK_TEXT = re.compile(r"^[\s↩↵⏎^←⮐↑\ufe0e]*$")
_BACKLINK_MARK = re.compile(r"[\^↑↩⏎↵]|[a-z]{1,2}|\d{1,2}([.,]\d{1,2})?", re.IGNORECASE)
_NOTES_HEADING = re.compile(
    r"(?:(?:foot|end)?notes?|references|anmerkungen|fußnoten|notes de bas de page|dipnotlar|примітки):?", re.IGNORECASE
)


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with its notes last in the tree, each with the id that its references name."""
    root = article.root
    targets = {attribute(tag, "id"): tag for tag in tags(root) if tag.get("id")}
    referenced_notes: dict[str, Tag] = {}
    reference_ids: set[str] = set()  # of the references and what stands around them: backlinks lead there
    for link in tags(root, ("a",)):
        # _make_note removes the backlinks and the number of a note: such a link, or its target, may no longer exist.
        if not _exists(link) or not re.match("#.", attribute(link, "href")):
            continue
        key = attribute(link, "href")[1:]
        named = targets.get(key)
        target = _target_block(named, key) if named is not None and _exists(named) else None
        if target is not None and _is_reference(link, target):
            if key not in referenced_notes:
                referenced_notes[key] = _make_note(manuscript, target)
            reference_ids |= _ids_around(link)
            _make_reference(manuscript, link, key)
        elif target is None and "noteref" in classes(link):
            _report_missing_note(manuscript, link)
    unreferenced_notes = [
        tag for tag in tags(root, ("aside",)) if "note" in classes(tag) and attribute(tag, "id") not in referenced_notes
    ]
    removals = _remove_backlinks(referenced_notes.values(), reference_ids)
    removals += _move_to_end(root, [*referenced_notes.values(), *unreferenced_notes])
    for note in unreferenced_notes:
        _report_unused_note(manuscript, note)
    return replace(article, removed=article.removed + removals)


def _exists(tag: Tag) -> bool:
    """Whether a tag was not decomposed. (The property `decomposed` of bs4 searches all of its descendants.)"""
    return "attrs" in vars(tag)


def _target_block(target: Tag | None, key: str) -> Tag | None:
    """The element that is linked to. For an anchor at the start of a paragraph or list item, that paragraph or item."""
    block = target.parent if target is not None and target.name in ("a", "span", "sup") else None
    if (
        target is None
        or block is None
        or block.name not in ("p", "li", "dd")
        or not (_starts_with(block, target) or _is_leading_anchor(block, target))
    ):
        return target
    if not block.get("id"):
        block["id"] = key
        del target["id"]
    return block if attribute(block, "id") == key else target


def _is_leading_anchor(block: Tag, anchor: Tag) -> bool:
    """Whether an anchor is empty and stands before all words of a block."""
    first = next(node for node in block.descendants if node is anchor or (isinstance(node, NavigableString) and node.strip()))
    return first is anchor and not anchor.get_text().strip() and bool(block.get_text().strip())


def _is_reference(link: Tag, target: Tag) -> bool:
    if "note" in classes(target) and target.name == "aside":
        return "backlink" not in classes(link)
    if target.name not in ("li", "p", "div", "aside", "section", "dd") or _is_inside(link, target):
        return False
    is_marked = attribute(link, "role") == "doc-noteref" or bool(_REFERENCE_CLASSES & set(classes(link))) or _is_superscript(link)
    is_named = attribute(target, "role") in ("doc-footnote", "doc-endnote") or bool(_NOTE_ID.search(attribute(target, "id")))
    return (is_marked or is_named) and bool(_NOTE_MARK.match(_link_text(link)))


def _is_inside(element: PageElement, holder: Tag) -> bool:
    return any(parent is holder for parent in element.parents)


def _link_text(link: Tag) -> str:
    return link.get_text().strip()


def _is_superscript(link: Tag) -> bool:
    return holds(link, ("sup",)) or (link.parent is not None and link.parent.name == "sup")


def _make_reference(manuscript: Manuscript, link: Tag, key: str) -> None:
    """Makes a link a note reference without `sup`: the theme raises the number, and some e-readers fail on `sup`."""
    manuscript.remove(_NUMBER, _link_text(link))
    link.attrs = {"class": "noteref", "href": f"#{key}"}
    link.string = "*"
    parent = link.parent
    if parent is not None and parent.name == "sup" and parent.get_text().strip() in ("*", "[*]", "(*)"):
        parent.replace_with(link)


def _make_note(manuscript: Manuscript, target: Tag) -> Tag:
    for link in target.find_all("a"):
        if _BACKLINK_TEXT.match(link.get_text()) or {"backlink", "footnote-backref", "reversefootnote"} & set(classes(link)):
            manuscript.remove(_BACKLINK, _link_text(link))
            link.decompose()
    if target.name != "aside":
        label = target.find(["a", "sup"])
        if label is not None and _NOTE_MARK.match(_link_text(label)) and _starts_with(target, label):
            manuscript.remove(_NUMBER, _link_text(label))  # the pass article_parts gives the note a new one
            label.decompose()
    target.name = "aside"
    target.attrs = {"class": "note", "id": attribute(target, "id")}
    return target


def _ids_around(link: Tag) -> set[str]:
    """The ids of a reference and of the inline elements around it."""
    around = itertools.takewhile(lambda element: element.name in INLINES, link.parents)
    return {attribute(element, "id") for element in (link, *around) if element.get("id")}


def _remove_backlinks(notes: Iterable[Tag], reference_ids: set[str]) -> tuple[Removal, ...]:
    """Removes the marks by which a reference list leads back to each reference, such as "^ a b". Each note gets one of ours."""
    removals = []
    for note in notes:
        links = [link for link in tags(note, ("a",)) if attribute(link, "href").removeprefix("#") in reference_ids]
        marks = [link for link in links if _BACKLINK_MARK.fullmatch(_link_text(link))]
        for link in marks:
            removals.append(Removal(_BACKLINK, _link_text(link)))
            link.decompose()
        first_text = next((text for text in note.strings if text.strip()), None)
        if marks and first_text is not None and _BACKLINK_TEXT.match(first_text.strip()[:1]):
            first_text.replace_with(first_text.lstrip("^↑↩ \u00a0"))
    return tuple(removals)


def _starts_with(target: Tag, element: Tag) -> bool:
    first_text = next((text for text in target.strings if text.strip()), None)
    return first_text is not None and _is_inside(first_text, element)


def _move_to_end(root: Tag, notes: list[Tag]) -> tuple[Removal, ...]:
    containers: dict[int, Tag] = {}  # the innermost first, each once: all may be in one list
    for note in notes:
        for container in itertools.takewhile(lambda parent: parent is not root, note.parents):
            containers.pop(id(container), None)
            containers[id(container)] = container
        root.append(note.extract())
    removals = []
    for container in containers.values():
        if container.decomposed:
            continue
        title = _orphaned_heading(container)
        if title is not None:
            removals.append(Removal("heading of the notes", words(title)))
            title.decompose()
        if not container.get_text().strip() and not container.find("img"):
            container.decompose()
    return tuple(removals)


def _orphaned_heading(container: Tag) -> Tag | None:
    """The heading "Notes" in or before a container, if nothing else is left in the container."""
    heading_inside = container.find(list(HEADINGS))
    heading_before = container.find_previous_sibling(True)
    for heading in (heading_inside, heading_before):
        if isinstance(heading, Tag) and heading.name in HEADINGS and _NOTES_HEADING.fullmatch(words(heading)):
            rest = container.get_text().strip().removeprefix(heading.get_text().strip() if heading is heading_inside else "")
            if not rest.strip():
                return heading
    return None


def _report_missing_note(manuscript: Manuscript, link: Tag) -> None:
    key = attribute(link, "href")
    manuscript.report(
        Code.NOTE_MISSING,
        f"no footnote for the reference {key}; kept as typed",
        line=manuscript.line_of(key),
        hint=f'add the footnote with id="{key[1:]}", or remove the reference',
    )
    link.unwrap()


def _report_unused_note(manuscript: Manuscript, note: Tag) -> None:
    label = attribute(note, "id").removeprefix("fn-")
    line = manuscript.line_of(f"[^{label}]:") or manuscript.line_of(label)
    manuscript.report(
        Code.NOTE_UNUSED,
        f"no reference to the footnote {label}; it stands after the others",
        line=line,
        hint="add the reference in the text, or remove the footnote",
    )
