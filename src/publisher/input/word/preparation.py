"""The document in a form that mammoth reads completely."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import lxml.etree

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.input.snippets import formula_image
from publisher.input.word import marks
from publisher.input.word.characters import convert_characters
from publisher.input.word.chunks import insert_chunks
from publisher.input.word.citations import WordCitations, take_citations
from publisher.input.word.directions import mark_directions
from publisher.input.word.elements import text_run, w
from publisher.input.word.fields import prepare_fields
from publisher.input.word.hidden import record_covered_cells, remove_contents, remove_hidden_text
from publisher.input.word.images import prepare_images
from publisher.input.word.notes import prepare_notes
from publisher.input.word.numbering import Numbering, mark_numbers, read_numbering, two_lists
from publisher.input.word.parts import names_of, read_part, transitional
from publisher.input.word.references import remove_dangling, remove_nameless, remove_unreferenced_notes
from publisher.input.word.styles import Styles, read_styles
from publisher.input.word.tables import prepare_tables
from publisher.input.word.text_boxes import choose_alternatives, report_drawings, unpack_text_boxes
from publisher.input.xml import local_name
from publisher.text.linear_formulas import linear_text

_NO_COMMENTS = lxml.etree.tostring(lxml.etree.Element(w("comments")))
_KINDS = ("document", "footnotes", "endnotes")


@dataclass(frozen=True)
class Prepared:
    """A document with marks, the markup that stands in place of each mark of an insertion, and the citations of programs."""

    data: bytes
    insertions: list[str]
    citations: WordCitations


def prepare(manuscript: Manuscript, archive: Archive) -> Prepared:
    """The document with all that mammoth ignores converted or marked. Raises PublisherError if a part is broken or too large."""
    styles, changed = read_styles(manuscript, archive)
    numbering = read_numbering(manuscript, archive, styles)
    changed |= dict.fromkeys(names_of(archive, "numbering"), two_lists())
    changed |= dict.fromkeys(names_of(archive, "comments"), _NO_COMMENTS)
    insertions: list[str] = []
    citations = WordCitations()
    for name in [name for kind in _KINDS for name in names_of(archive, kind)]:
        root = read_part(manuscript, archive, name)
        remove_nameless(root)
        remove_unreferenced_notes(manuscript, archive, root)
        _remove_foreign_marks(manuscript, root)
        choose_alternatives(root)
        take_citations(manuscript, archive, root, insertions, citations)
        _convert(manuscript, root, styles)
        _extract_formulas(manuscript, root, insertions)
        insert_chunks(manuscript, archive, name, root, insertions)
        prepare_images(manuscript, archive, name, root, insertions)
        remove_dangling(manuscript, archive, name, root)
        _mark(root, styles, numbering)
        changed[name] = lxml.etree.tostring(root)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as result:
        for name in archive.names:
            result.writestr(name, changed[name] if name in changed else transitional(archive.read(name)))
    return Prepared(buffer.getvalue(), insertions, citations)


def _convert(manuscript: Manuscript, root: Any, styles: Styles) -> None:
    remove_hidden_text(manuscript, root, styles)
    remove_contents(manuscript, root)
    prepare_fields(manuscript, root)
    prepare_notes(manuscript, root)
    report_drawings(manuscript, root)
    unpack_text_boxes(root)
    convert_characters(root)
    record_covered_cells(manuscript, root)
    prepare_tables(root)


def _mark(root: Any, styles: Styles, numbering: Numbering) -> None:
    mark_directions(root, styles)
    mark_numbers(root, numbering)


def _remove_foreign_marks(manuscript: Manuscript, root: Any) -> None:
    found: list[str] = []
    for element in root.iter():
        for name, text in (("text", element.text), ("tail", element.tail)):
            if text and marks.ANY.search(text):
                found += marks.ANY.findall(text)
                setattr(element, name, marks.ANY.sub("", text))
        for key, value in element.attrib.items():
            if marks.ANY.search(value):
                found += marks.ANY.findall(value)
                element.set(key, marks.ANY.sub("", value))
    manuscript.report_characters(found)


def _extract_formulas(manuscript: Manuscript, root: Any, insertions: list[str]) -> None:
    """Appends the markup of each formula to `insertions`, and puts a mark in its place."""
    for math in [element for element in root.iter() if local_name(element) == "oMath"]:
        parent = math.getparent()
        run = text_run(marks.INSERTION.format(len(insertions)))
        run.tail, math.tail = math.tail, None
        markup, is_display = mathml(math), local_name(parent) == "oMathPara"
        words = linear_text(lxml.etree.fromstring(markup))
        insertions.append(formula_image(manuscript, markup, words, display=is_display))
        if local_name(parent) == "oMathPara":
            parent.addprevious(run)
            parent.remove(math)
        else:
            parent.replace(math, run)
