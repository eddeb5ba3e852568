"""Sheets bound into one tagged file: pages, structure trees, destinations, links, outline, running matter, metadata.

The recipe (DESIGN, sheets): append the pages, copy the foreign structure root so that its /Pg land on the copied
pages, shift /StructParents and /StructParent, join the number trees.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from publisher.model.edition import Edition, Moment
from publisher.writers.pdf.archive import archive
from publisher.writers.pdf.font_subsets import Faces
from publisher.writers.pdf.sheet_markup import ACROSS
from publisher.writers.pdf.typeset import Sheet
from publisher.writers.themes import Theme

_PDFUA = "http://www.aiim.org/pdfua/ns/id/"


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the outline: where it leads is an anchor of a sheet."""

    title: str
    anchor: str
    children: tuple[OutlineEntry, ...] = ()


class _Book:
    """The file while it is bound: what the sheets have brought so far."""

    def __init__(self, theme: Theme) -> None:
        self.pdf = pikepdf.new()
        self.faces = Faces(self.pdf, theme)
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
    archival: bool = True,
) -> bytes:
    """The finished file; `archival` makes it PDF/A-3a too.

    `spans` are the pages that each sheet takes, blank ones behind it included; `running` are those whose pages,
    in order, go on top of the sheets' pages.
    """
    book = _Book(theme)
    for sheet, span in zip(sheets, spans, strict=True):
        with pikepdf.open(io.BytesIO(sheet.pdf)) as source:
            _append(book, source, sheet)
        for _ in range(span - sheet.pages):
            _blank(book.pdf)
    _structure(book)
    _destinations(book)
    resolve_cross_sheet_links(book)
    _overlay(book, running)
    book.faces.embed()
    _outline(book, outline)
    _metadata(book.pdf, edition, moment, creator)
    if archival:
        archive(book.pdf, edition, moment)
    buffer = io.BytesIO()
    book.pdf.save(
        buffer,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        min_version="1.7",
    )
    return buffer.getvalue()


def _append(book: _Book, source: pikepdf.Pdf, sheet: Sheet) -> None:
    first = len(book.pdf.pages)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # destinations are joined below
        book.pdf.pages.extend(source.pages)
    book.faces.place(book.pdf.pages[first].obj.Resources, sheet.faces)  # all pages of a sheet share them
    root = book.pdf.copy_foreign(source.Root.StructTreeRoot)
    for page in list(book.pdf.pages)[first:]:
        page.obj.StructParents = int(page.obj.StructParents) + book.next_key
        for annotation in page.obj.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + book.next_key
    numbers = list(root.ParentTree.Nums)
    for key, value in zip(numbers[::2], numbers[1::2], strict=True):
        book.numbers += [int(key) + book.next_key, value]
    book.next_key += int(numbers[-2]) + 1 if numbers else 0
    for document in root.K:
        book.parts.extend(document.K)
    if "/Names" in source.Root and "/Dests" in source.Root.Names:
        tree = source.make_indirect(source.Root.Names.Dests)  # only what is indirect can be copied
        names = list(book.pdf.copy_foreign(tree).Names)
        for name, target in zip(names[::2], names[1::2], strict=True):
            book.destinations[str(name)] = target


def _blank(pdf: pikepdf.Pdf) -> None:
    """An empty page as large as the one before it."""
    left, bottom, right, top = map(float, pdf.pages[-1].mediabox)
    page = pdf.add_blank_page(page_size=(right - left, top - bottom))
    page.obj.Resources = Dictionary()


def _structure(book: _Book) -> None:
    pdf = book.pdf
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array(book.parts)))
    for part in book.parts:
        part.P = document
    root.K = Array([document])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(book.numbers)))
    root.ParentTreeNextKey = book.next_key
    identified = sorted((str(cell.ID), cell) for cell in _cells(document))
    if identified:
        pairs = [item for key, cell in identified for item in (String(key), cell)]
        root.IDTree = pdf.make_indirect(Dictionary(Names=Array(pairs)))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _cells(element: Any) -> Iterator[Any]:
    """The table headers with an ID: the only elements of a sheet that have one. Tables alone are searched."""
    stack = [element]
    while stack:
        one = stack.pop()
        if not isinstance(one, Dictionary) or "/S" not in one:
            continue
        if "/ID" in one:
            yield one
        if str(one.S) in _HOLDS_TABLES and "/K" in one:
            kids = one.K
            stack.extend(kids if isinstance(kids, Array) else [kids])


_HOLDS_TABLES = {
    f"/{tag}"
    for tag in [
        "Document",
        "Art",
        "Sect",
        "Div",
        "Part",
        "NonStruct",
        "BlockQuote",
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


def _destinations(book: _Book) -> None:
    names = [item for name in sorted(book.destinations) for item in (String(name), book.destinations[name])]
    if names:
        tree = book.pdf.make_indirect(Dictionary(Names=Array(names)))
        book.pdf.Root.Names = Dictionary(Dests=tree)


def resolve_cross_sheet_links(book: _Book) -> None:
    """Makes the links across sheets (`bind:ANCHOR`) links within the file."""
    for page in book.pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            uri = str(annotation.A.URI) if "/A" in annotation and "/URI" in annotation.A else ""
            if uri.startswith(ACROSS):
                del annotation["/A"]
                anchor = uri.removeprefix(ACROSS)
                annotation.Dest = String(anchor)
                annotation.Contents = String(anchor)


def _overlay(book: _Book, running: Sequence[Sheet]) -> None:
    before = book.pdf.make_stream(b"q")  # two streams for all pages
    after = book.pdf.make_stream(b"Q /Artifact <</Type /Pagination>> BDC q /Running Do Q EMC")
    pages = iter(book.pdf.pages)
    for sheet in running:
        with pikepdf.open(io.BytesIO(sheet.pdf)) as source:
            for number, drawn in enumerate(source.pages):
                form = book.pdf.copy_foreign(drawn.as_form_xobject())
                if number == 0:
                    book.faces.place(form.Resources, sheet.faces)
                page = next(pages)
                _own_resources(page)
                page.obj.Resources.XObject.Running = form
                page.obj.Contents = Array([before, page.obj.Contents, after])


def _own_resources(page: pikepdf.Page) -> None:
    """Gives a page resources of its own: a sheet's pages share theirs, and each gets another form."""
    shared = page.obj.Resources
    own = Dictionary({key: shared[key] for key in shared.keys()})
    forms = shared.get("/XObject", Dictionary())
    own.XObject = Dictionary({key: forms[key] for key in forms.keys()})
    page.obj.Resources = own


def _outline(book: _Book, entries: Sequence[OutlineEntry]) -> None:
    with book.pdf.open_outline() as outline:
        outline.root.extend(item for entry in entries if (item := _item(book, entry)))


def _item(book: _Book, entry: OutlineEntry) -> OutlineItem | None:
    if entry.anchor not in book.destinations:
        return None
    item = OutlineItem(entry.title, destination=book.destinations[entry.anchor])
    item.is_closed = True
    item.children.extend(child for one in entry.children if (child := _item(book, one)))
    return item


def _metadata(pdf: pikepdf.Pdf, edition: Edition, moment: Moment, creator: str) -> None:
    imprint = edition.imprint
    pdf.Root.Lang = String(imprint.language)
    info = {
        "/Title": imprint.title,
        "/Author": ", ".join(imprint.authors),
        "/Subject": imprint.description,
        "/Keywords": ", ".join(imprint.keywords),
        "/Creator": creator,
        "/CreationDate": moment.pdf,
        "/ModDate": moment.pdf,
    }
    for key, value in info.items():
        if value:
            pdf.docinfo[key] = String(value)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
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
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = moment.iso
        if imprint.keywords:
            meta["pdf:Keywords"] = ", ".join(imprint.keywords)
