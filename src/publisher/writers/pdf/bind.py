"""Binds sheets into one tagged file: pages, structure trees, destinations, links, outline, running heads, metadata.

The method: the file is written as it grows. A sheet is opened alone, all that is about it is done there, and its objects are
written with the numbers of the file; what belongs to the whole file has numbers from the beginning and is written last.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from publisher.model.edition import Edition, Moment
from publisher.writers.pdf.archive import add_output_intent, attach_files, claim_archive
from publisher.writers.pdf.document_metadata import write_metadata
from publisher.writers.pdf.font_subsets import FontEmbedder
from publisher.writers.pdf.growing_file import GrowingFile
from publisher.writers.pdf.link_descriptions import LinkDescriptions
from publisher.writers.pdf.object_transfer import ObjectTransfer
from publisher.writers.pdf.outline import OutlineEntry, add_outline
from publisher.writers.pdf.search_trees import add_name_tree, add_number_tree
from publisher.writers.pdf.sheet import Sheet, SheetFile
from publisher.writers.pdf.sheet_markup import BIND_SCHEME
from publisher.writers.themes import Theme

CLAIMS = ("ua-1", "a-3a")  # PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3)


class _BoundPage(NamedTuple):
    """The numbers of a page and of its running head, which is written when all pages are known."""

    page: int
    head: int


class _BoundSheet(NamedTuple):
    """What the file remembers of a sheet: its pages, with the blank ones behind it, and its topmost structure elements."""

    pages: list[_BoundPage]
    parts: list[int]


class Binder:
    """A file to which sheets are appended. A sheet is written at once; nothing of it is kept but numbers and names.

    It is to be closed at last. Methods raise PublisherError where the disk refuses what a long file needs while it grows.
    """

    def __init__(self, theme: Theme, described: Mapping[str, str] | None = None) -> None:
        """`described` are the descriptions of links (link_descriptions.py)."""
        self._file = GrowingFile()
        self._fonts = FontEmbedder(self._file, theme)
        self._descriptions = LinkDescriptions(described or {})
        self._page_tree, self._structure, self._document = (self._file.reserve() for _ in range(3))
        # Around the content of each page, for the running head; all pages share the two streams.
        self._before = self._file.add_stream(b"", b"q")
        self._after = self._file.add_stream(b"", b"Q /Artifact <</Type /Pagination>> BDC q /Running Do Q EMC")
        self._next_key = 0
        self._sheets: list[_BoundSheet] = []
        self._owners: list[tuple[int, bytes]] = []  # the parent tree
        self._identified: list[tuple[bytes, bytes]] = []
        self._destinations: dict[bytes, bytes] = {}

    def __enter__(self) -> Binder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives back what the file needs while it grows."""
        self._file.close()

    def append(self, sheet: Sheet, span: int, *, first: bool = False) -> None:
        """Writes a sheet and the blank pages behind it, `span` pages in all; `first`: its pages are the first of the file."""
        bound = _BoundSheet([], [])
        for file in sheet.files:
            width, height = self._append_file(file, bound)
        bound.pages.extend(self._append_blank_page(width, height) for _ in range(span - len(bound.pages)))
        self._sheets.insert(0 if first else len(self._sheets), bound)

    def finish(
        self,
        running: Iterable[Sheet],
        outline: Sequence[OutlineEntry],
        edition: Edition,
        moment: Moment,
        creator: str,
        claims: Collection[str] = CLAIMS,
    ) -> bytes:
        """The finished file; it claims the standards `claims` of CLAIMS, none where nothing can be claimed.

        `running` are the sheets with running heads: their pages are laid over the pages of the file, in order. Raises
        ValueError if they have fewer or more pages.
        """
        self._overlay_running_heads(running)
        self._fonts.embed()
        self._write_page_tree()
        self._write_structure_tree()
        with pikepdf.new() as pdf:
            transfer = ObjectTransfer(pdf, self._file)
            transfer.place(pdf.Root.Pages, self._page_tree)
            pdf.Root.StructTreeRoot = transfer.stand_in(self._structure)
            pdf.Root.MarkInfo = Dictionary(Marked=True)
            pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
            write_metadata(pdf, edition, moment, creator, accessible="ua-1" in claims)
            names = Dictionary()
            if self._destinations:
                pdf.Root.Outlines = transfer.stand_in(add_outline(self._file, outline, self._destinations))
                names.Dests = transfer.stand_in(add_name_tree(self._file, self._destinations.items()))
            if "a-3a" in claims:
                add_output_intent(pdf)
                claim_archive(pdf)
                files = attach_files(self._file, edition, moment)
                names.EmbeddedFiles = transfer.stand_in(
                    add_name_tree(self._file, ((key, _reference(file)) for key, file in files))
                )
                pdf.Root.AF = Array([transfer.stand_in(file) for _, file in files])
            pdf.Root.Names = names
            catalog, information = transfer.move(pdf.Root), transfer.move(pdf.docinfo)
            transfer.write()
        return self._file.finish(catalog, information)

    def _append_file(self, file: SheetFile, bound: _BoundSheet) -> tuple[float, float]:
        """Writes the pages of a sheet that are in a file; gives the width and height of the last of them, in points."""
        with pikepdf.open(io.BytesIO(file.pdf)) as source:
            transfer = ObjectTransfer(source, self._file)
            transfer.place(source.Root.Pages, self._page_tree)
            self._fonts.place(transfer, source.pages[0].obj.Resources, file.faces)  # all pages of a file share its resources
            _share_resources(source, source.pages[0].obj.Resources)
            bound.pages.extend(self._append_page(transfer, page.obj) for page in source.pages)
            left, bottom, right, top = map(float, source.pages[-1].mediabox)
            bound.parts.extend(self._append_structure(transfer, source.Root.get("/StructTreeRoot", Dictionary(K=Array()))))
            self._append_destinations(transfer, source.Root)
            transfer.write()
        return right - left, top - bottom

    def _append_page(self, transfer: ObjectTransfer, page: Any) -> _BoundPage:
        if "/StructParents" in page:
            page.StructParents = int(page.StructParents) + self._next_key
        for annotation in page.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + self._next_key
            _resolve_cross_sheet_link(annotation)
            self._descriptions.describe(annotation)
        head = self._file.reserve()
        page.Resources = _with_running_head(transfer, page.Resources, head)
        page.Contents = Array([transfer.stand_in(self._before), page.Contents, transfer.stand_in(self._after)])
        return _BoundPage(transfer.move(page), head)

    def _append_blank_page(self, width: float, height: float) -> _BoundPage:
        """Adds an empty page."""
        head = self._file.reserve()
        page = (
            b"<< /Type /Page /Parent %d 0 R /MediaBox [ 0 0 %s %s ] /Contents [ %d 0 R %d 0 R ]"
            b" /Resources << /XObject << /Running %d 0 R >> >> >>"
        )
        size = f"{width:.6f}".encode(), f"{height:.6f}".encode()
        return _BoundPage(self._file.add(page % (self._page_tree, *size, self._before, self._after, head)), head)

    def _append_structure(self, transfer: ObjectTransfer, root: Any) -> list[int]:
        """Writes the structure elements of a sheet, the parent tree and identifiers aside; gives the topmost ones."""
        parts: list[int] = []
        for document in root.K:
            transfer.place(document, self._document)
            parts.extend(map(transfer.move, document.K))
            for element in _identified_elements(document):
                self._identified.append((bytes(element.ID), transfer.text(element)))
        numbers = list(root.get("/ParentTree", Dictionary(Nums=Array())).Nums)
        keys = list(map(int, numbers[::2]))
        for key, owners in zip(keys, numbers[1::2], strict=True):
            self._owners.append((key + self._next_key, transfer.text(owners)))
        self._next_key += max(keys, default=-1) + 1
        return parts

    def _append_destinations(self, transfer: ObjectTransfer, root: Any) -> None:
        if "/Names" in root and "/Dests" in root.Names:
            names = list(root.Names.Dests.Names)
            self._destinations.update((bytes(name), transfer.text(to)) for name, to in zip(names[::2], names[1::2], strict=True))

    def _overlay_running_heads(self, running: Iterable[Sheet]) -> None:
        heads = (page.head for sheet in self._sheets for page in sheet.pages)
        for file in (file for sheet in running for file in sheet.files):
            with pikepdf.open(io.BytesIO(file.pdf)) as source:
                transfer = ObjectTransfer(source, self._file)
                self._fonts.place(transfer, source.pages[0].obj.Resources, file.faces)
                for page in source.pages:
                    transfer.move(_form(page), next(heads))
                transfer.write()
        if next(heads, None) is not None:
            raise ValueError("a page has no running head")

    def _write_page_tree(self) -> None:
        pages = [page.page for sheet in self._sheets for page in sheet.pages]
        self._file.add(b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (len(pages), _references(pages)), self._page_tree)

    def _write_structure_tree(self) -> None:
        parts = [part for sheet in self._sheets for part in sheet.parts]
        document = b"<< /Type /StructElem /S /Document /P %d 0 R /K [ %s ] >>" % (self._structure, _references(parts))
        self._file.add(document, self._document)
        identifiers = b" /IDTree %d 0 R" % add_name_tree(self._file, self._identified) if self._identified else b""
        root = b"<< /Type /StructTreeRoot /K [ %d 0 R ] /ParentTree %d 0 R /ParentTreeNextKey %d%s >>"
        parent_tree = add_number_tree(self._file, self._owners)
        self._file.add(root % (self._document, parent_tree, self._next_key, identifiers), self._structure)


def _resolve_cross_sheet_link(annotation: Any) -> None:
    """Turns a link to another sheet (`bind:ANCHOR`) into a link within the file."""
    uri = str(annotation.A.URI) if "/A" in annotation and "/URI" in annotation.A else ""
    if uri.startswith(BIND_SCHEME):
        del annotation["/A"]
        annotation.Dest = String(uri.removeprefix(BIND_SCHEME))


def _share_resources(source: pikepdf.Pdf, resources: Any) -> None:
    """Makes the parts of a sheet's resources indirect objects, to which the resources of each page refer."""
    for key in resources.keys():
        if isinstance(resources[key], Dictionary) and not resources[key].is_indirect:
            resources[key] = source.make_indirect(resources[key])


def _with_running_head(transfer: ObjectTransfer, shared: Any, head: int) -> Any:
    """A copy of the resources for a page: the pages of a sheet share them, but each page has another running head."""
    resources = Dictionary({key: shared[key] for key in shared.keys()})
    forms = shared.get("/XObject", Dictionary())
    resources.XObject = Dictionary({key: forms[key] for key in forms.keys()})
    resources.XObject.Running = transfer.stand_in(head)
    return resources


def _form(page: pikepdf.Page) -> Any:
    """The content of a page as a form (ISO 32000-1, 8.10); the forms of a file share its resources."""
    page.contents_coalesce()
    form = page.obj.Contents
    form.Type, form.Subtype, form.BBox, form.Resources = Name.XObject, Name.Form, page.mediabox, page.obj.Resources
    return form


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


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(map(_reference, numbers))
