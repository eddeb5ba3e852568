"""What holds a tagged PDF together: pages, structure tree and links that point at each other (ISO 32000-1, 14.7.4.4 and 12.3).

Both ways are followed: what the parent tree says of a page's content and annotations, and what the elements say they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from publisher.checks.pdf_file import PdfFile, array_of, box_of, kids_of, number_of, text_of
from publisher.model.codes import Code

Finding = tuple[str, Code]
_TOLERANCE = 2.0  # points by which a figure may stand over the edge of its page
_LEAST_SIDE = 1.5  # points, of a link that can be clicked on
_NOTE = re.compile(r"(?P<article>.+)\.(?P<kind>note|call)-(?P<number>\d+)")
_NUMBER_TREE_DEPTH = 50


def findings(file: PdfFile) -> Iterator[Finding]:
    """What keeps a PDF from being tagged and whole, none where all is well."""
    root = file.pdf.Root
    marked = root.get("/MarkInfo")
    if not isinstance(root.get("/StructTreeRoot"), Dictionary) or not (
        isinstance(marked, Dictionary) and bool(marked.get("/Marked", False))
    ):
        yield "the file is not tagged", Code.PDF_UNTAGGED
        return
    if not text_of(file.pdf.docinfo.get("/Title")) and not any(key.endswith("}title") for key in file.meta):
        yield "the file has no title", Code.PDF_TITLE
    yield from _content_findings(file)
    yield from _annotation_findings(file)
    yield from _figure_findings(file)
    yield from _note_findings(file)


def _content_findings(file: PdfFile) -> Iterator[Finding]:
    """Each piece of marked content is owned by the element that the parent tree names, and by no other."""
    owners = _parent_tree(file)
    for number, page in enumerate(file.pdf.pages, 1):
        marks = set(_marks(page))
        if not marks:
            continue
        entry: Any = owners.get(number_of(page.obj.get("/StructParents", -1)))
        if not isinstance(entry, Array):
            yield f"page {number} is not in the structure tree", Code.PDF_PAGE_UNTAGGED
            continue
        for mark in sorted(marks):
            owner: Any = entry[mark] if mark < len(entry) else None
            holder = file.holders.get((page.obj.objgen, mark))
            if not isinstance(owner, Dictionary):
                if holder is not None:
                    yield f"page {number}: content {mark} is not in the parent tree", Code.PDF_PARENT_TREE
                else:
                    yield f"page {number}: content {mark} is owned by no structure element", Code.PDF_PARENT_TREE
            elif holder is None or holder.object.objgen != owner.objgen:
                yield f"page {number}: content {mark} is not held by the element that the parent tree names", Code.PDF_PARENT_TREE


def _marks(page: pikepdf.Page) -> Iterator[int]:
    """The numbers of the marked content that a page shows itself, artifacts left out."""
    for instruction in pikepdf.parse_content_stream(page, "BDC"):
        operands = instruction.operands
        if len(operands) < 2 or operands[0] == Name.Artifact:
            continue
        properties: Any = operands[1]
        if isinstance(properties, Name):
            named = page.obj.get("/Resources", Dictionary()).get("/Properties", Dictionary())
            properties = named.get(str(properties)) if isinstance(named, Dictionary) else None
        if isinstance(properties, Dictionary) and isinstance(properties.get("/MCID"), int):
            yield int(properties.MCID)


def _parent_tree(file: PdfFile) -> dict[int, Any]:
    """The entries of the parent tree by their keys, leaves of a number tree included (ISO 32000-1, 7.9.7)."""
    found: dict[int, Any] = {}
    stack: list[tuple[Any, int]] = [(file.root_element.get("/ParentTree"), 0)]
    while stack:
        node, depth = stack.pop()
        if not isinstance(node, Dictionary) or depth > _NUMBER_TREE_DEPTH:
            continue
        pairs = list(array_of(node.get("/Nums")))
        found.update((int(key), value) for key, value in zip(pairs[::2], pairs[1::2], strict=False) if isinstance(key, int))
        stack.extend((kid, depth + 1) for kid in array_of(node.get("/Kids")))
    return found


def _annotation_findings(file: PdfFile) -> Iterator[Finding]:
    """Each annotation is owned by the element that the parent tree names; each link within the file leads somewhere."""
    owners = _parent_tree(file)
    names = _destinations(file.pdf)
    for number, annotation in file.visible_annotations:
        owner = owners.get(number_of(annotation.get("/StructParent", -1)))
        kind = "link" if annotation.get("/Subtype") == Name.Link else "annotation"
        if annotation.get("/Subtype") == Name.PrinterMark:
            continue
        if not isinstance(owner, Dictionary):
            yield f"a {kind} on page {number} is in no structure element", Code.PDF_LINK_UNTAGGED
        elif not any(_is_reference_to(kid, annotation) for kid in kids_of(owner)):
            yield f"a {kind} on page {number} is not held by the element that the parent tree names", Code.PDF_PARENT_TREE
        yield from _link_findings(number, annotation, names)
    yield from _areas_missing(file, owners)


def _areas_missing(file: PdfFile, owners: Mapping[int, Any]) -> Iterator[Finding]:
    """Links whose annotations all are a line or a point. One on several lines has an annotation for each, some of them empty."""
    links: dict[Any, tuple[int, str, bool]] = {}
    for number, annotation in file.visible_annotations:
        if annotation.get("/Subtype") == Name.Link:
            key = number_of(annotation.get("/StructParent", -1))
            owner = owners.get(key)
            link = owner.objgen if isinstance(owner, Dictionary) and owner.is_indirect else key
            has_area = links[link][2] if link in links else False
            links[link] = (number, text_of(annotation.get("/Contents")), has_area or _has_area(annotation))
    for number, words, has_area in links.values():
        if not has_area:
            yield f'the link "{words[:60]}" on page {number} has no area that a reader could click on', Code.PDF_LINK_AREA


def _has_area(annotation: Any) -> bool:
    box = box_of(annotation, "/Rect")
    return box is not None and min(abs(box[2] - box[0]), abs(box[3] - box[1])) >= _LEAST_SIDE


def _is_reference_to(kid: Any, annotation: Any) -> bool:
    return isinstance(kid, Dictionary) and isinstance(kid.get("/Obj"), Dictionary) and kid.Obj.objgen == annotation.objgen


def _link_findings(number: int, annotation: Any, names: set[str]) -> Iterator[Finding]:
    action = annotation.get("/A")
    action = action if isinstance(action, Dictionary) else Dictionary()
    target = annotation.get("/Dest", action.get("/D") if action.get("/S") == Name.GoTo else None)
    if isinstance(target, pikepdf.String | Name) and str(target).removeprefix("/") not in names:
        yield f"a link on page {number} leads to {str(target)[:60]}, which does not exist", Code.PDF_LINK_LOST
    if text_of(action.get("/URI")).startswith("bind:"):
        yield f"a link on page {number} was not resolved: {text_of(action.URI)[:60]}", Code.PDF_LINK_LOST


def _destinations(pdf: pikepdf.Pdf) -> set[str]:
    """Every named destination: of the name tree, and of the dictionary that older files have (ISO 32000-1, 12.3.2.3)."""
    old = pdf.Root.get("/Dests")
    found = {key.removeprefix("/") for key in old.keys()} if isinstance(old, Dictionary) else set()
    names = pdf.Root.get("/Names")
    stack: list[tuple[Any, int]] = [(names.get("/Dests"), 0)] if isinstance(names, Dictionary) else []
    while stack:
        node, depth = stack.pop()
        if isinstance(node, Dictionary) and depth < _NUMBER_TREE_DEPTH:
            found |= {str(name) for name in list(array_of(node.get("/Names")))[::2]}
            stack.extend((kid, depth + 1) for kid in array_of(node.get("/Kids")))
    return found


def _figure_findings(file: PdfFile) -> Iterator[Finding]:
    """The box of a figure lies on its page (ISO 32000-1, 14.8.5.4.3)."""
    pages = {page.obj.objgen: (number, page.obj) for number, page in enumerate(file.pdf.pages, 1)}
    for element in file.elements:
        page = element.object.get("/Pg")
        if element.kind != "Figure" or not isinstance(page, Dictionary) or page.objgen not in pages:
            continue
        box = box_of(Dictionary(Box=element.attribute("/BBox")), "/Box") if element.attribute("/BBox") is not None else None
        number, holder = pages[page.objgen]
        sheet = box_of(holder, "/MediaBox")
        if box and sheet and not _inside(box, sheet):
            yield f"the box of a figure on page {number} is not on the page", Code.PDF_FIGURE_BOX


def _inside(box: tuple[float, float, float, float], sheet: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = box
    return (
        left >= sheet[0] - _TOLERANCE and bottom >= sheet[1] - _TOLERANCE
        and right <= sheet[2] + _TOLERANCE and top <= sheet[3] + _TOLERANCE
    )  # fmt: skip


def _note_findings(file: PdfFile) -> Iterator[Finding]:
    """Each footnote of an article is a Note, and each footnote reference a Reference, in a file that publisher made.

    Which there must be is known from the destinations that both are, and from the articles that the file carries.
    """
    wanted = {name for name in _destinations(file.pdf) if _NOTE.fullmatch(name)} | _carried_notes(file.pdf)
    notes = {
        bytes(element.object.ID).decode("latin-1")
        for element in file.elements
        if element.kind == "Note" and "/ID" in element.object
    }
    lost = sorted(name for name in wanted if ".note-" in name and name not in notes)
    if lost:
        yield (
            f"{len(lost)} footnotes are not tagged as Note: {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}",
            Code.PDF_NOTE_UNTAGGED,
        )
    referred = {
        text_of(kid.Obj.get("/Dest"))
        for element in file.elements
        if element.kind == "Link" and any(above.kind == "Reference" for above in element.ancestors)
        for kid in kids_of(element.object)
        if isinstance(kid, Dictionary) and isinstance(kid.get("/Obj"), Dictionary)
    }
    unreferred = sorted(name for name in wanted if ".call-" in name and name.replace(".call-", ".note-") not in referred)
    if unreferred:
        places = f"{', '.join(unreferred[:3])}{' …' if len(unreferred) > 3 else ''}"
        yield f"{len(unreferred)} footnote references are not tagged as Reference: {places}", Code.PDF_NOTE_UNTAGGED


def _carried_notes(pdf: pikepdf.Pdf) -> set[str]:
    """The ids of footnotes and references in the normalized articles that the file has attached."""
    found: set[str] = set()
    for name, attachment in pdf.attachments.items():
        if name.endswith(".xhtml"):
            xhtml = attachment.get_file().read_bytes().decode("utf-8", "replace")
            slug = name.removesuffix(".xhtml")
            found |= {f"{slug}.{identifier}" for identifier in re.findall(r'\sid="((?:note|call)-\d+)"', xhtml)}
    return found
