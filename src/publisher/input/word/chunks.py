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
from publisher.input.word.elements import text_run, w
from publisher.input.word.parts import targets_of
from publisher.input.xml import local_name
from publisher.model.codes import Code

_PAGES, _TEXTS = (".htm", ".html", ".xhtml"), (".txt",)


def insert_chunks(manuscript: Manuscript, archive: Archive, part: str, root: Any, insertions: list[str]) -> None:
    """Puts a mark in place of each file in the document (ECMA-376, part 1, 17.17.2.1), and its markup into `insertions`.

    A file in another format is left out and reported.
    """
    targets = targets_of(manuscript, archive, part, "/aFChunk")
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
        paragraph = lxml.etree.Element(w("p"))
        paragraph.append(text_run(marks.INSERTION.format(len(insertions))))
        insertions.append(fragment_markup(manuscript, text, "") if suffix in _PAGES else paragraph_markup(text))
        element.getparent().replace(element, paragraph)
