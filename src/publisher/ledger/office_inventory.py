"""Inventories of office files: every part of the archive that has text, not only the document itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from publisher.input.archives import Archive
from publisher.input.manuscript import Manuscript
from publisher.input.xml import local_name, xml_of
from publisher.ledger.inventory import Inventory
from publisher.ledger.page_inventory import count_html

# Parts of a Word document with text (ECMA-376, part 1, 11.3 and 14.2), and what a message calls them.
_WORD_FILES = re.compile(r"word/[^/]*\.(?:html?|xhtml|txt)")  # other files inside a document
_WORD_PARTS = (
    (re.compile(r"word/document\d*\.xml"), "the text"),
    (re.compile(r"word/footnotes\d*\.xml"), "the footnotes"),
    (re.compile(r"word/endnotes\d*\.xml"), "the endnotes"),
    (re.compile(r"word/header[\w-]*\.xml"), "the headers"),
    (re.compile(r"word/footer[\w-]*\.xml"), "the footers"),
    (re.compile(r"word/comments\d*\.xml"), "the comments"),
    (re.compile(r"word/charts/chart[^/]*\.xml"), "a chart"),
    (re.compile(r"word/diagrams/data[^/]*\.xml"), "a diagram"),
)
# Elements whose text is not shown: another form of what stands beside them, text that a tracked change deleted or moved away.
_UNSHOWN = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText", "pPrChange", "rPrChange"})
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_INSTRUCTIONS = (f"{{{_W}}}instrText", f"{{{_W}}}fldSimple")  # of fields, which may be links
_SPACES = frozenset({"tab", "br", "cr", "ptab", "sym"})  # or signs that are no part of a word


def of_word(manuscript: Manuscript) -> Inventory:
    """The texts (`w:t`, and `a:t` and `c:v` of charts and diagrams) of all parts of a Word document."""
    archive, inventory = Archive(manuscript), Inventory()
    for pattern, place in _WORD_PARTS:
        for name in filter(pattern.fullmatch, archive.names):
            root = xml_of(manuscript, archive.read(name))
            for element in _shown(root):
                kind = local_name(element)
                if kind == "p" and not _is_separator(element):
                    inventory.add(place, "".join(_own_texts(element)))
                elif kind == "v" and place == "a chart":
                    inventory.add(place, element.text or "")
                elif kind in ("blip", "imagedata") and _address(element):
                    inventory.images.append(place)
                elif kind == "tbl":
                    inventory.tables += 1
                elif kind in ("footnoteReference", "endnoteReference"):
                    inventory.notes += 1
                elif kind == "hyperlink":
                    inventory.links += 1
            inventory.links += sum(
                "HYPERLINK" in (element.text or element.get(f"{{{_W}}}instr") or "") for element in root.iter(*_INSTRUCTIONS)
            )
    for name in filter(_WORD_FILES.fullmatch, archive.names):
        text = manuscript.decoded(archive.read(name))
        inventory.add(name, text) if name.endswith(".txt") else count_html(text, inventory, name)
    return inventory


def _is_separator(paragraph: Any) -> bool:
    """Whether a paragraph belongs to a separator of footnotes, which has a type (ECMA-376, 17.11.10)."""
    note = paragraph.getparent()
    kind = next((value for name, value in note.attrib.items() if name.endswith("}type")), "") if note is not None else ""
    return local_name(note) in ("footnote", "endnote") and kind not in ("", "normal")


def _address(image: Any) -> str:
    return next(
        (value for name, value in image.attrib.items() if name.rpartition("}")[2] in ("embed", "link", "id") and value), ""
    )


def _shown(element: Any) -> Iterator[Any]:
    """An element and all that is shown in it, in order."""
    yield element
    for child in element:
        if local_name(child) and local_name(child) not in _UNSHOWN:
            yield from _shown(child)


def _own_texts(paragraph: Any) -> Iterator[str]:
    """The texts of a paragraph without those of paragraphs inside it (text boxes)."""
    for child in paragraph:
        name = local_name(child)
        if not name or name in _UNSHOWN or name == "p":
            continue
        if name == "t":
            yield child.text or ""
        elif name in _SPACES:
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "rt":  # how a word is read, above it
            yield f" {''.join(_own_texts(child))} "
        else:
            yield from _own_texts(child)


def of_opendocument(manuscript: Manuscript) -> Inventory:
    """The paragraphs and headings of an OpenDocument text, of its headers and footers, comments and formulas."""
    archive, inventory = Archive(manuscript), Inventory()
    for name, place in (("content.xml", "the text"), ("styles.xml", "the headers and footers")):
        if not archive.has(name):
            continue
        for element in _shown_in_opendocument(xml_of(manuscript, archive.read(name))):
            kind = local_name(element)
            if kind in ("p", "h"):
                inventory.add("a comment" if _is_comment(element) else place, "".join(_opendocument_texts(element)))
            elif kind in ("title", "desc") and local_name(element.getparent()) in ("frame", "custom-shape", "g"):
                inventory.add_title("an alternative text", element.text or "")
            elif kind == "object":
                _count_formula(manuscript, archive, f"{_href(element).removeprefix('./')}/content.xml", inventory)
            elif kind == "frame" and any(local_name(part) == "image" and _href(part) for part in element):
                inventory.images.append(place)  # several images in a frame are forms of one
            elif kind == "table":
                inventory.tables += 1
            elif kind == "note":
                inventory.notes += 1
            elif kind == "a":
                inventory.links += 1
    return inventory


def _count_formula(manuscript: Manuscript, archive: Archive, name: str, inventory: Inventory) -> None:
    """A formula of an OpenDocument text: its source in the annotation, else its MathML."""
    if archive.has(name) and b"MathML" in (source := archive.read(name)):
        root = xml_of(manuscript, source)
        annotations = [element for element in root.iter() if local_name(element) == "annotation"]
        inventory.add_title("a formula", " ".join((annotations[0] if annotations else root).itertext()))


def _shown_in_opendocument(element: Any) -> Iterator[Any]:
    yield element
    for child in element:
        if local_name(child) and local_name(child) not in ("tracked-changes", "note-citation", "forms", "variable-decls"):
            yield from _shown_in_opendocument(child)


def _opendocument_texts(paragraph: Any) -> Iterator[str]:
    yield paragraph.text or ""
    for child in paragraph:
        name = local_name(child)
        if name in ("s", "tab", "line-break"):
            yield " "
        elif name and name not in ("p", "h", "note", "annotation", "frame", "custom-shape", "g", "tracked-changes"):
            yield from _opendocument_texts(child)
        yield child.tail or ""


def _is_comment(element: Any) -> bool:
    return any(local_name(ancestor) == "annotation" for ancestor in element.iterancestors())


def _href(image: Any) -> str:
    return next((value for name, value in image.attrib.items() if name.endswith("}href")), "")
