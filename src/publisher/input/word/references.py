"""References of a Word document that lead nowhere. mammoth reads no document that has any."""

from __future__ import annotations

from typing import Any

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import R, value, w
from publisher.input.word.parts import names_of, read_part, targets_of
from publisher.input.xml import children_named
from publisher.model.codes import Code

_NOTES = {"footnoteReference": ("footnotes", "footnote"), "endnoteReference": ("endnotes", "endnote")}


def remove_dangling(manuscript: Manuscript, archive: Archive, part: str, root: Any) -> None:
    """Removes the ids of links without a target; references to notes that are not there, with a warning."""
    targets = targets_of(manuscript, archive, part)
    for element in root.iter(w("hyperlink"), "{*}hlinkClick", "{*}imagedata"):
        if element.get(f"{{{R}}}id") is not None and element.get(f"{{{R}}}id") not in targets:
            del element.attrib[f"{{{R}}}id"]
    for name, (kind, note) in _NOTES.items():
        references = list(root.iter(w(name)))
        known = _note_ids(manuscript, archive, kind, note) if references else set()
        for reference in references:
            if value(reference, "id") not in known:
                reference.getparent().remove(reference)
                text = f"the document has no {note} for a reference, which is left out"
                manuscript.report(Code.NOTE_MISSING, text)


def _note_ids(manuscript: Manuscript, archive: Archive, kind: str, note: str) -> set[str]:
    return {
        value(element, "id")
        for name in names_of(archive, kind)
        for element in children_named(read_part(manuscript, archive, name), note)
    } - {""}


def remove_unreferenced_notes(manuscript: Manuscript, archive: Archive, root: Any) -> None:
    """Removes and records notes to which no reference leads, or only a deleted reference: no page has them."""
    for name, (_, note) in _NOTES.items():
        notes = children_named(root, note)
        known = _referenced_ids(manuscript, archive, name) if notes else set()
        for element in notes:
            if value(element, "id") not in known:
                manuscript.remove("a note without a reference", " ".join(text.text or "" for text in element.iter(w("t"))))
                element.getparent().remove(element)


def _referenced_ids(manuscript: Manuscript, archive: Archive, name: str) -> set[str]:
    return {
        value(reference, "id")
        for kind in ("document", "footnotes", "endnotes")
        for part in names_of(archive, kind)
        for reference in read_part(manuscript, archive, part).iter(w(name))
        if next(reference.iterancestors(w("del"), w("moveFrom")), None) is None
    } - {""}


def remove_nameless(root: Any) -> None:
    """Removes bookmarks and comment references without the attribute that names them, and spans without a number."""
    nameless = [element for element in root.iter(w("bookmarkStart")) if not value(element, "name")]
    nameless += [element for element in root.iter(w("commentReference")) if not value(element, "id")]
    for element in nameless:
        element.getparent().remove(element)
    for element in [span for span in root.iter(w("gridSpan")) if not value(span).isdecimal()]:
        element.getparent().remove(element)
