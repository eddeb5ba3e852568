"""The words of a tagged PDF by its structure: what each element says, whatever fonts and lines it is set in.

The texts are those that PDFium reads of each piece of marked content; the structure tree says to which element it belongs
(ISO 32000-1, 14.7 and 14.8).
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from publisher.checks.pdf_file import Element, PdfFile, Reference, kids_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.release.contents import UNREADABLE

_DEEP = 16  # forms in forms


@dataclass(eq=False)
class Part:
    """A structure element: its type, the page of its first words (0: none), its parts, and what it says, in reading order.

    `content` has its own words as texts, and its parts.
    """

    kind: str
    page: int = 0
    content: list[str | Part] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        return [piece for piece in self.content if isinstance(piece, Part)]

    def text(self, left_out: Collection[str] = ()) -> str:
        """Its words and those of its parts, in reading order, without elements of the types `left_out`."""
        pieces, stack = list[str](), list[str | Part]([self])
        while stack:
            piece = stack.pop()
            if isinstance(piece, str):
                pieces.append(piece)
            elif piece.kind not in left_out:
                stack.extend(reversed(piece.content))
        return "\n".join(pieces)

    def walk(self) -> Iterator[Part]:
        """The element and all parts in it, in reading order."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.parts))


def structure_of(path: Path) -> Part:
    """The structure of a PDF as a part without a type; it has no parts if the file is not tagged.

    Raises PublisherError where the file cannot be read.
    """
    try:
        return _structure_of(path)
    except (*UNREADABLE, pypdfium2.PdfiumError) as problem:
        raise PublisherError(Diagnostic(Code.PDF, f"this PDF cannot be read: {problem}", Location(str(path)))) from None


def _structure_of(path: Path) -> Part:
    with pikepdf.open(path) as pdf, pypdfium2.PdfDocument(path) as document:
        file = PdfFile(pdf)
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        texts = dict(_texts(document, list(numbers)))
        root = Part("")
        parts: dict[int, Part] = {}
        for element in file.elements:  # parents stand before their parts
            part = parts[id(element)] = Part(element.kind)
            if element.parent is None:
                root.content.append(part)
        for element in file.elements:
            _fill(parts[id(element)], element, parts, texts, numbers)
        return root


def _fill(
    part: Part,
    element: Element,
    parts: Mapping[int, Part],
    texts: Mapping[tuple[Reference, int], str],
    numbers: Mapping[Reference, int],
) -> None:
    """Puts the words of an element and its parts into the order that the structure gives them."""
    children = iter(element.children)
    own_page = element.object.get("/Pg")
    for kid in kids_of(element.object):
        page, mark = own_page, kid
        if isinstance(kid, pikepdf.Dictionary):
            if "/S" in kid:
                if (child := next(children, None)) is not None:
                    part.content.append(parts[id(child)])
                continue
            page, mark = kid.get("/Pg", own_page), kid.get("/MCID")
        if isinstance(mark, int) and isinstance(page, pikepdf.Dictionary):
            part.content.append(texts.get((page.objgen, mark), ""))
            part.page = part.page or numbers.get(page.objgen, 0)


def _texts(document: pypdfium2.PdfDocument, pages: list[Reference]) -> Iterator[tuple[tuple[Reference, int], str]]:
    """The text of each piece of marked content, by page and number."""
    for reference, page in zip(pages, document, strict=False):
        found: dict[int, list[str]] = {}
        text_page = page.get_textpage()
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=_DEEP):
            number = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
            if number >= 0:
                found.setdefault(number, []).append(_text(item.raw, text_page.raw))
        yield from (((reference, number), "".join(texts)) for number, texts in found.items())
        text_page.close()
        page.close()


def _text(item: object, text_page: object) -> str:
    size = pdfium.FPDFTextObj_GetText(item, text_page, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(item, text_page, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace")
