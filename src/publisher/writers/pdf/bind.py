"""Binds sheets into one tagged file: pages, structure trees, destinations, links, outline, running heads, metadata.

The method: append the pages; copy the structure root of the sheet, so that its /Pg entries refer to the
copied pages; shift /StructParents and /StructParent; join the number trees.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from publisher.model.edition import Edition, Moment
from publisher.writers.pdf.archive import archive
from publisher.writers.pdf.font_subsets import FontEmbedder
from publisher.writers.pdf.link_descriptions import describe_links
from publisher.writers.pdf.sheet_markup import BIND_SCHEME
from publisher.writers.pdf.typeset import Sheet
from publisher.writers.themes import Theme

CLAIMS = ("ua-1", "a-3a")  # PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3)
_PDFUA = "http://www.aiim.org/pdfua/ns/id/"


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline. `anchor`, its destination, is an anchor of a sheet."""

    title: str
    anchor: str
    children: tuple[OutlineEntry, ...] = ()


class _BoundFile:
    """The file while it is bound, with what was collected from the sheets so far."""

    def __init__(self, theme: Theme) -> None:
        self.pdf = pikepdf.new()
        self.fonts = FontEmbedder(self.pdf, theme)
        self.next_key = 0
        self.numbers: list[Any] = []
        self.parts: list[Any] = []
        self.destinations: dict[str, Any] = {}


def bind(
    sheets: Sequence[Sheet],
    spans: Sequence[int],
    running: Sequence[Sheet],
    theme: Theme,
    outline: Sequence[OutlineEntry],
    edition: Edition,
    moment: Moment,
    creator: str,
    claims: Collection[str] = CLAIMS,
    described: Mapping[str, str] | None = None,
) -> bytes:
    """The finished file; it claims the standards `claims` of CLAIMS, none where nothing can be claimed.

    `spans` are the numbers of pages of the sheets, each with the blank pages after it. `running` are the sheets with
    running heads: their pages, in order, are laid over the pages of `sheets`. `described` are the descriptions of links.
    """
    file = _BoundFile(theme)
    for sheet, span in zip(sheets, spans, strict=True):
        with pikepdf.open(io.BytesIO(sheet.pdf)) as source:
            _append_sheet(file, source, sheet)
        for _ in range(span - sheet.pages):
            _add_blank_page(file.pdf)
    _write_structure_tree(file)
    _write_destinations(file)
    resolve_cross_sheet_links(file)
    describe_links(file.pdf.pages, described or {})
    _overlay_running_heads(file, running)
    file.fonts.embed()
    _write_outline(file, outline)
    _write_metadata(file.pdf, edition, moment, creator, accessible="ua-1" in claims)
    if "a-3a" in claims:
        archive(file.pdf, edition, moment)
    buffer = io.BytesIO()
    file.pdf.save(
        buffer,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        min_version="1.7",
    )
    return buffer.getvalue()


def _append_sheet(file: _BoundFile, source: pikepdf.Pdf, sheet: Sheet) -> None:
    first = len(file.pdf.pages)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # destinations are copied below
        file.pdf.pages.extend(source.pages)
    file.fonts.place(file.pdf.pages[first].obj.Resources, sheet.faces)  # all pages of a sheet share its resources
    root = file.pdf.copy_foreign(source.Root.StructTreeRoot)
    for page in list(file.pdf.pages)[first:]:
        page.obj.StructParents = int(page.obj.StructParents) + file.next_key
        for annotation in page.obj.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + file.next_key
    numbers = list(root.ParentTree.Nums)
    for key, value in zip(numbers[::2], numbers[1::2], strict=True):
        file.numbers += [int(key) + file.next_key, value]
    file.next_key += int(numbers[-2]) + 1 if numbers else 0
    for document in root.K:
        file.parts.extend(document.K)
    if "/Names" in source.Root and "/Dests" in source.Root.Names:
        tree = source.make_indirect(source.Root.Names.Dests)  # only indirect objects can be copied
        names = list(file.pdf.copy_foreign(tree).Names)
        for name, target in zip(names[::2], names[1::2], strict=True):
            file.destinations[str(name)] = target


def _add_blank_page(pdf: pikepdf.Pdf) -> None:
    """Adds an empty page of the size of the page before it."""
    left, bottom, right, top = map(float, pdf.pages[-1].mediabox)
    page = pdf.add_blank_page(page_size=(right - left, top - bottom))
    page.obj.Resources = Dictionary()


def _write_structure_tree(file: _BoundFile) -> None:
    pdf = file.pdf
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array(file.parts)))
    for part in file.parts:
        part.P = document
    root.K = Array([document])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(file.numbers)))
    root.ParentTreeNextKey = file.next_key
    elements_by_id = sorted((str(element.ID), element) for element in _identified_elements(document))
    if elements_by_id:
        pairs = [item for key, element in elements_by_id for item in (String(key), element)]
        root.IDTree = pdf.make_indirect(Dictionary(Names=Array(pairs)))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _identified_elements(element: Any) -> Iterator[Any]:
    """The elements with an ID: table headers and notes. Only elements that can contain a table are searched."""
    stack = [element]
    while stack:
        candidate = stack.pop()
        if not isinstance(candidate, Dictionary) or "/S" not in candidate:
            continue
        if "/ID" in candidate:
            yield candidate
        if str(candidate.S) in _TABLE_CONTAINERS and "/K" in candidate:
            kids = candidate.K
            stack.extend(kids if isinstance(kids, Array) else [kids])


_TABLE_CONTAINERS = {
    f"/{tag}"
    for tag in [
        "Document",
        "Art",
        "Sect",
        "Div",
        "Part",
        "NonStruct",
        "BlockQuote",
        "Note",
        "L",
        "LI",
        "LBody",
        "Table",
        "THead",
        "TBody",
        "TFoot",
        "TR",
        "TD",
        "TH",
    ]
}


def _write_destinations(file: _BoundFile) -> None:
    names = [item for name in sorted(file.destinations) for item in (String(name), file.destinations[name])]
    if names:
        tree = file.pdf.make_indirect(Dictionary(Names=Array(names)))
        file.pdf.Root.Names = Dictionary(Dests=tree)


def resolve_cross_sheet_links(file: _BoundFile) -> None:
    """Turns links to other sheets (`bind:ANCHOR`) into links within the file."""
    for page in file.pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            uri = str(annotation.A.URI) if "/A" in annotation and "/URI" in annotation.A else ""
            if uri.startswith(BIND_SCHEME):
                del annotation["/A"]
                anchor = uri.removeprefix(BIND_SCHEME)
                annotation.Dest = String(anchor)


def _overlay_running_heads(file: _BoundFile, running: Sequence[Sheet]) -> None:
    before = file.pdf.make_stream(b"q")  # all pages share these two streams
    after = file.pdf.make_stream(b"Q /Artifact <</Type /Pagination>> BDC q /Running Do Q EMC")
    pages = iter(file.pdf.pages)
    for sheet in running:
        with pikepdf.open(io.BytesIO(sheet.pdf)) as source:
            for number, running_page in enumerate(source.pages):
                form = file.pdf.copy_foreign(running_page.as_form_xobject())
                if number == 0:
                    file.fonts.place(form.Resources, sheet.faces)
                page = next(pages)
                _copy_resources(page)
                page.obj.Resources.XObject.Running = form
                page.obj.Contents = Array([before, page.obj.Contents, after])


def _copy_resources(page: pikepdf.Page) -> None:
    """Gives a page its own copy of the resources: the pages of a sheet share them, but each page gets another form."""
    shared = page.obj.Resources
    resources = Dictionary({key: shared[key] for key in shared.keys()})
    forms = shared.get("/XObject", Dictionary())
    resources.XObject = Dictionary({key: forms[key] for key in forms.keys()})
    page.obj.Resources = resources


def _write_outline(file: _BoundFile, entries: Sequence[OutlineEntry]) -> None:
    with file.pdf.open_outline() as outline:
        outline.root.extend(item for entry in entries if (item := _outline_item(file, entry)))


def _outline_item(file: _BoundFile, entry: OutlineEntry) -> OutlineItem | None:
    if entry.anchor not in file.destinations:
        return None
    item = OutlineItem(entry.title, destination=file.destinations[entry.anchor])
    item.is_closed = True
    item.children.extend(child for line in entry.children if (child := _outline_item(file, line)))
    return item


def _write_metadata(pdf: pikepdf.Pdf, edition: Edition, moment: Moment, creator: str, *, accessible: bool) -> None:
    imprint = edition.imprint
    pdf.Root.Lang = String(imprint.language)
    info = {
        "/Title": imprint.title,
        "/Author": ", ".join(imprint.authors),
        "/Subject": imprint.description,
        "/Keywords": ", ".join(imprint.keywords),
        "/Creator": creator,
        "/CreationDate": moment.pdf if moment.known else "",
        "/ModDate": moment.pdf if moment.known else "",
    }
    for key, value in info.items():
        if value:
            pdf.docinfo[key] = String(value)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        if accessible:
            meta.register_xml_namespace(_PDFUA, "pdfuaid")
            meta[f"{{{_PDFUA}}}part"] = "1"
        meta["dc:identifier"] = edition.identifier
        meta["dc:title"] = imprint.title
        meta["dc:language"] = {imprint.language}
        if imprint.authors:
            meta["dc:creator"] = list(imprint.authors)
        if imprint.description:
            meta["dc:description"] = imprint.description
        if imprint.publisher:
            meta["dc:publisher"] = {imprint.publisher}
        if imprint.rights:
            meta["dc:rights"] = imprint.rights
        meta["xmp:CreatorTool"] = creator
        if moment.known:  # Info has none either then: both must agree (ISO 19005-3)
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = moment.iso
        if imprint.keywords:
            meta["pdf:Keywords"] = ", ".join(imprint.keywords)
