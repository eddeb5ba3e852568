"""The notes of an EPUB, whichever file of the book has them: found, moved to the chapters that refer to them, and marked."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from itertools import islice

from publisher.input.epub.pages import BACKLINK_RULE, PLACE, Page, semantic_types
from publisher.input.html_elements import Element, text_content
from publisher.model.parts import Removal

NOTES_MOVED = "data-notes-taken"  # set on the body of a file whose notes were moved to their chapters
_CHAPTER = "data-chapter"  # set on a note: the file of the chapter that it now stands in
_NOTE_TAGS = frozenset({"aside", "div", "li", "p", "section", "dd", "td"})
_LONGEST_NOTE = 1500  # words
_NOTE_SIGN = re.compile(r"[\[(]?(?:\d{1,4}|[*†‡§¶]{1,3}|[a-z])[\])]?")
_NOTE_TYPES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
_REFERENCE_TYPES = {"noteref", "doc-noteref"}


def notes_of(pages: Sequence[Page]) -> dict[str, Element]:
    """The notes of the book by `file#id`: elements that are declared as notes, and targets of a superscript number or sign."""
    references = [(page.name, link) for page in pages for link in page.root.iter("a") if _is_note_reference(link)]
    files_by_target = {_target(link): name for name, link in references}
    declared = {_target(link) for _, link in references if semantic_types(link) & _REFERENCE_TYPES}
    notes = {}
    judged: dict[tuple[Element, str], bool] = {}  # many targets may be in one block
    for page in pages:
        for element in page.root.iter():
            key = f"{page.name}#{element.get('id')}" if isinstance(element.tag, str) and element.get("id") else ""
            if key in files_by_target or (key and element.tag in _NOTE_TAGS and semantic_types(element) & _NOTE_TYPES):
                note = next((holder for holder in (element, *element.iterancestors()) if holder.tag in _NOTE_TAGS), None)
                certain = key in declared or (note is not None and bool(semantic_types(note) & _NOTE_TYPES))
                if note is not None and not certain and (note, files_by_target[key]) not in judged:
                    judged[note, files_by_target[key]] = _is_note(note, files_by_target[key])
                if note is not None and (certain or judged[note, files_by_target[key]]):
                    notes[key] = note
    return notes


def gather_notes(name: str, body: Element, notes: dict[str, Element]) -> list[Removal]:
    """Gives footnote references and notes the markup of an article, and moves the notes to the end of the chapter `name`.

    A note that an earlier chapter refers to stays there, and the reference is a link to it. Returns what was removed.
    """
    chapter_elements = {id(element) for element in body.iter()}
    backlink_targets: dict[Element, set[str]] = {}
    for reference in [link for link in body.iter("a") if link.get("href")]:
        note = notes.get(_target(reference))
        if note is None or note in reference.iterancestors():
            continue
        is_here = id(note) in chapter_elements
        if note.get(_CHAPTER) and not is_here:
            reference.set("href", f"{PLACE}{note.get(_CHAPTER)}#{note.get('id')}")
            continue
        backlink_targets.setdefault(note, set()).update(_ids_around(reference))
        if not note.get(_CHAPTER):
            key = _target(reference).rpartition("#")[2]
            note.tag = "aside"
            note.set("class", "note")
            note.set("id", key if is_here else _free_id(body, key))
            note.set(_CHAPTER, name)
        reference.attrib.clear()
        reference.set("class", "noteref")
        reference.set("href", f"#{note.get('id')}")
        if not is_here:
            note_body = next(note.iterancestors("body"), None)
            if note_body is not None:
                note_body.set(NOTES_MOVED, "yes")
            body.append(note)
            chapter_elements.update(id(element) for element in note.iter())
    removed = [removal for note, ids in backlink_targets.items() for removal in _remove_backlinks(note, ids)]
    return [*removed, *_remove_headings_of_notes(body)]


def _remove_headings_of_notes(body: Element) -> list[Removal]:
    removed = []
    for section in list(body.iter("section", "div", "ol")):
        heading = next(iter(section), None)
        if "footnotes" in semantic_types(section) and heading is not None and heading.tag in ("h1", "h2", "h3"):
            removed.append(Removal("heading of the notes", text_content(heading)))
            heading.drop_tree()
    return removed


def _free_id(body: Element, key: str) -> str:
    """The id of a note that comes from another file: its own, with a number behind it if the chapter has this id too."""
    used = {element.get("id") for element in body.iter() if element.get("id")}
    return next(name for name in itertools.chain([key], (f"{key}-{number}" for number in itertools.count(2))) if name not in used)


def _is_note(block: Element, referring_file: str) -> bool:
    """Whether the target of a superscript number is a note: short, and with a number of its own or a link back."""
    text = text_content(block)
    has_backlink = any(_target(link).startswith(f"{referring_file}#") for link in block.iter("a"))
    return len(text.split()) <= _LONGEST_NOTE and (has_backlink or bool(re.match(rf"{_NOTE_SIGN.pattern}[.)\]]?\s", text)))


def _is_note_reference(link: Element) -> bool:
    """Whether a link is a footnote reference: it is declared so, or it is a superscript number or sign."""
    if "#" not in _target(link):
        return False
    superscript = link.find(".//sup") is not None or next(link.iterancestors("sup"), None) is not None
    return bool(semantic_types(link) & _REFERENCE_TYPES) or (superscript and bool(_NOTE_SIGN.fullmatch(text_content(link))))


def _target(link: Element) -> str:
    """The `file#id` or file that a link leads to; empty if it leads to no place in the book."""
    address = link.get("href") or ""
    return address.removeprefix(PLACE) if address.startswith(PLACE) else ""


def _ids_around(reference: Element) -> set[str]:
    """The ids of a reference and of the two elements around it."""
    return {str(element.get("id")) for element in (reference, *islice(reference.iterancestors(), 2)) if element.get("id")}


def _remove_backlinks(note: Element, ids: set[str]) -> list[Removal]:
    """Removes links from a note to its references: publisher adds its own."""
    removed = []
    for link in [link for link in note.iter("a") if (link.get("href") or "").partition("#")[2] in ids]:
        removed.append(Removal(BACKLINK_RULE, text_content(link)))
        link.drop_tree()
    return removed
