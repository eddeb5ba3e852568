"""A PDF as rules look at it: structure elements, annotations, fonts and metadata, each found once, whoever wrote the file.

Other programs write what ISO 32000-1 allows and we do not: an array of attributes, a role map, kids in place. What is broken
beyond that counts as absent, so that a rule reports it and never raises.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

UA = "{http://www.aiim.org/pdfua/ns/id/}part"
_HIDDEN, _PRINTED = 1 << 1, 1 << 2  # annotation flags (ISO 32000-1, table 165)
_DEEP = 10_000  # structure elements above one another, a circle among them
Reference = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Element:
    """A structure element: its standard type (mapped by the role map), its object, and the element around it."""

    kind: str
    object: Any = field(repr=False)
    parent: Element | None = field(default=None, repr=False)
    children: list[Element] = field(default_factory=list, repr=False)

    @property
    def ancestors(self) -> Iterator[Element]:
        """The element itself and those around it, from the inside."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def text(self, key: str) -> str:
        """A text of the element (`/Alt`, `/ActualText`, `/Lang`); empty where it has none."""
        return text_of(self.object.get(key))

    def attribute(self, name: str) -> Any:
        """The value of an attribute, from one attribute object or an array of them (ISO 32000-1, 14.7.5); None without."""
        holders = self.object.get("/A")
        for holder in holders if isinstance(holders, Array) else [holders]:
            if isinstance(holder, Dictionary) and name in holder:
                return holder[name]
        return None

    @property
    def language(self) -> str:
        """Its own language, else that of the elements around it; empty where none has one."""
        return next((language for element in self.ancestors if (language := element.text("/Lang"))), "")


@dataclass(frozen=True)
class PdfFile:
    """A PDF with what several rules look at."""

    pdf: pikepdf.Pdf = field(repr=False)

    @cached_property
    def root_element(self) -> Any:
        root = self.pdf.Root.get("/StructTreeRoot")
        return root if isinstance(root, Dictionary) else Dictionary()

    @cached_property
    def roles(self) -> dict[str, str]:
        """The role map: type to type."""
        roles = self.root_element.get("/RoleMap")
        return {str(key)[1:]: str(value)[1:] for key, value in roles.items()} if isinstance(roles, Dictionary) else {}

    def standard(self, kind: str) -> str:
        """A structure type followed through the role map to its end."""
        seen: set[str] = set()
        while kind in self.roles and kind not in seen:
            seen.add(kind)
            kind = self.roles[kind]
        return kind

    @cached_property
    def elements(self) -> list[Element]:
        """Every structure element in reading order."""
        found: list[Element] = []
        seen: set[Reference] = set()
        stack: list[tuple[Any, Element | None, int]] = [(kid, None, 0) for kid in reversed(kids_of(self.root_element))]
        while stack:
            item, parent, depth = stack.pop()
            if (
                not isinstance(item, Dictionary)
                or "/S" not in item
                or depth > _DEEP
                or (_is_shared(item) and item.objgen in seen)
            ):
                continue
            seen.add(item.objgen)
            element = Element(self.standard(str(item.S)[1:]), item, parent)
            if parent is not None:
                parent.children.append(element)
            found.append(element)
            stack.extend((kid, element, depth + 1) for kid in reversed(kids_of(item)))
        return found

    @cached_property
    def holders(self) -> dict[tuple[Reference, int], Element]:
        """For each piece of a page's marked content, by page and number, the element that holds it."""
        found: dict[tuple[Reference, int], Element] = {}
        for element in self.elements:
            own_page = element.object.get("/Pg")
            for kid in kids_of(element.object):
                page, mark = own_page, kid
                if isinstance(kid, Dictionary) and kid.get("/Type") == Name.MCR and "/Stm" not in kid:
                    page, mark = kid.get("/Pg", own_page), kid.get("/MCID")
                if isinstance(mark, int) and isinstance(page, Dictionary):
                    found[page.objgen, int(mark)] = element
        return found

    @cached_property
    def meta(self) -> dict[str, str]:
        """The XMP metadata; empty where there is none that can be read."""
        if "/Metadata" not in self.pdf.Root:
            return {}
        with contextlib.suppress(Exception):  # whatever the XML parser makes of another program's bytes
            return {key: str(value) for key, value in self.pdf.open_metadata().items()}
        return {}

    @cached_property
    def xmp(self) -> bytes:
        stream = self.pdf.Root.get("/Metadata")
        return stream.read_bytes() if isinstance(stream, pikepdf.Stream) else b""

    @property
    def archival(self) -> bool:
        """Whether the file claims to be PDF/A."""
        return "{http://www.aiim.org/pdfa/ns/id/}part" in self.meta

    @cached_property
    def annotations(self) -> list[tuple[int, Any]]:
        """Page number, from 1, and object of every annotation."""
        pages = enumerate(self.pdf.pages, 1)
        return [
            (number, entry)
            for number, page in pages
            for entry in array_of(page.obj.get("/Annots"))
            if isinstance(entry, Dictionary)
        ]

    @cached_property
    def visible_annotations(self) -> list[tuple[int, Any]]:
        """The annotations that a reader meets: not hidden, on the page, and no pop-up of another (ISO 14289-1, 7.18.1)."""
        boxes = {
            number: box_of(page.obj, "/CropBox") or box_of(page.obj, "/MediaBox") for number, page in enumerate(self.pdf.pages, 1)
        }
        return [
            (number, entry)
            for number, entry in self.annotations
            if entry.get("/Subtype") != Name.Popup
            and not number_of(entry.get("/F")) & _HIDDEN
            and _meet(boxes[number], box_of(entry, "/Rect"))
        ]

    @cached_property
    def fonts(self) -> list[Any]:
        """The fonts that pages, their forms and the appearances of annotations draw with."""
        found: dict[Reference, Any] = {}
        for resources in self._resources():
            for font in values_of(resources.get("/Font")):
                if isinstance(font, Dictionary):
                    found[font.objgen if _is_shared(font) else (id(font), -1)] = font
        return list(found.values())

    def _resources(self) -> Iterator[Any]:
        stack: list[Any] = [page.obj.get("/Resources") for page in self.pdf.pages]
        for _, annotation in self.annotations:
            appearances = values_of(annotation.get("/AP"))
            streams = [
                inner for value in appearances for inner in ([value] if isinstance(value, pikepdf.Stream) else values_of(value))
            ]
            stack += [stream.get("/Resources") for stream in streams if isinstance(stream, pikepdf.Stream)]
        seen: set[Reference] = set()
        while stack:
            resources = stack.pop()
            if not isinstance(resources, Dictionary):
                continue
            yield resources
            for form in [*values_of(resources.get("/XObject")), *values_of(resources.get("/Pattern"))]:
                if isinstance(form, pikepdf.Stream) and form.objgen not in seen:
                    seen.add(form.objgen)
                    stack.append(form.get("/Resources"))


def kids_of(element: Any) -> list[Any]:
    """What stands in a structure element: elements, references, numbers of marked content."""
    kids = element.get("/K")
    return list(kids) if isinstance(kids, Array) else [] if kids is None else [kids]


def array_of(value: Any) -> Iterable[Any]:
    return value if isinstance(value, Array) else ()


def values_of(value: Any) -> list[Any]:
    """The values of a dictionary; none of anything else."""
    return list(dict(value.items()).values()) if isinstance(value, Dictionary) and not isinstance(value, pikepdf.Stream) else []


def text_of(value: Any) -> str:
    """A string of the file without white space around it; empty for anything else."""
    return str(value).strip() if isinstance(value, pikepdf.String) else ""


def number_of(value: Any) -> int:
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else 0


def box_of(holder: Any, key: str) -> tuple[float, float, float, float] | None:
    """A rectangle as left, bottom, right, top; None where there is none. A page inherits its boxes."""
    value, depth = holder.get(key), 0
    while value is None and isinstance(holder.get("/Parent"), Dictionary) and depth < 50:
        holder, depth = holder.Parent, depth + 1
        value = holder.get(key)
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        x1, y1, x2, y2 = (float(side) for side in value)
    except (TypeError, ValueError):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _meet(page: tuple[float, float, float, float] | None, box: tuple[float, float, float, float] | None) -> bool:
    if page is None or box is None:
        return True
    return box[0] <= page[2] and box[2] >= page[0] and box[1] <= page[3] and box[3] >= page[1]


def _is_shared(item: Any) -> bool:
    """Whether an object is indirect: others may refer to it."""
    return bool(item.is_indirect)
