"""Other files inside a Word document (`altChunk`): web pages and plain text become a part of the text."""

from __future__ import annotations

import posixpath
from typing import Any

import lxml.etree

from publisher.input.archives import Archive
from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import paragraph_markup
from publisher.input.word import marks
from publisher.input.xml import local_name, xml_of
from publisher.model.codes import Code

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PAGES, _TEXTS = (".htm", ".html", ".xhtml"), (".txt",)


def insert_chunks(manuscript: Manuscript, archive: Archive, root: Any, insertions: list[str]) -> None:
    """Puts a mark in place of each file in the document (ECMA-376, part 1, 17.17.2.1), and its markup into `insertions`.

    A file in another format is left out and reported.
    """
    targets = chunk_names(manuscript, archive)
    for element in [element for element in root.iter() if local_name(element) == "altChunk"]:
        name = targets.get(next((value for key, value in element.attrib.items() if key.endswith("}id")), ""), "")
        suffix = posixpath.splitext(name)[1].lower()
        if suffix not in (*_PAGES, *_TEXTS) or not archive.has(name):
            hint = "open the document in a word processor and save it again"
            manuscript.report(
                Code.WORD_PARTIAL, f"a file in the Word document is left out: {name or 'without a name'}", hint=hint
            )
            continue
        text = manuscript.decoded(archive.read(name))
        paragraph = lxml.etree.Element(f"{{{_W}}}p")
        run = lxml.etree.SubElement(paragraph, f"{{{_W}}}r")
        lxml.etree.SubElement(run, f"{{{_W}}}t").text = marks.INSERTION.format(len(insertions))
        insertions.append(fragment_markup(manuscript, text, "") if suffix in _PAGES else paragraph_markup(text))
        element.getparent().replace(element, paragraph)


def chunk_names(manuscript: Manuscript, archive: Archive) -> dict[str, str]:
    """The names of the files in a document's archive, by the ids of their relationships."""
    relations = "word/_rels/document.xml.rels"
    if not archive.has(relations):
        return {}
    return {
        str(element.get("Id") or ""): posixpath.normpath(posixpath.join("/word", str(element.get("Target") or ""))).lstrip("/")
        for element in xml_of(manuscript, archive.read(relations)).iter()
        if str(element.get("Type") or "").endswith("/aFChunk")
    }
