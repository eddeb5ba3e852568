"""The structure tree of a sheet, mended while WeasyPrint writes it: what is cheap to put right before binding.

Works on the pydyf objects of one sheet, in the process that typesets it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pydyf


def mend(name: str) -> Callable[[Any, Any], None]:
    """A finisher for `Document.write_pdf`: table headers get a scope and ids that stay unique when sheets are bound."""

    def finisher(document: Any, pdf: Any) -> None:
        _open_spans(pdf)
        for thing in pdf.objects:
            if isinstance(thing, pydyf.Stream):
                _compress(thing)
            elif isinstance(thing, dict) and thing.get("Type") == "/StructElem":
                _table_cell(thing, name)
                _figure(thing)
            elif isinstance(thing, dict) and thing.get("Subtype") == "/Link":
                thing["F"] = 4  # printed (ISO 14289-1 asks nothing, PDF/A-3 6.3.2 does)

    return finisher


def _open_spans(pdf: Any) -> None:
    """Opens the elements that say nothing: what is in a bare Span or NonStruct goes to the element around it.

    WeasyPrint makes such a Span of every line of text; they are most of a tree.
    """
    root = _target(pdf, pdf.catalog.get("StructTreeRoot"))
    if root is None:
        return
    homes: dict[bytes, bytes] = {}
    elements: list[Any] = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"]
    for element in elements:
        if element.free != "f":
            element["K"][:] = list(_opened(pdf, element, homes))
    numbers = _target(pdf, root["ParentTree"])["Nums"]
    for index, value in enumerate(numbers):
        if isinstance(value, list):
            value[:] = [_home(one, homes) for one in value]
        elif isinstance(value, bytes):
            numbers[index] = _home(value, homes)


def _opened(pdf: Any, element: Any, homes: dict[bytes, bytes]) -> Iterator[Any]:
    """The kids of an element, in the place of each that says nothing its own kids."""
    for kid in element["K"]:
        inner = _target(pdf, kid) if isinstance(kid, bytes) else None
        if inner is not None and inner.get("Type") == "/OBJR":
            inner.free = "f"  # written where it is used: one object less for each link
            yield inner
            continue
        if inner is None or not _says_nothing(inner) or inner["Pg"] != element.get("Pg"):
            yield kid
            continue
        inner.free = "f"
        homes[kid] = element.reference
        for one in _opened(pdf, inner, homes):
            moved = _target(pdf, one) if isinstance(one, bytes) else None
            if moved is not None and "P" in moved:
                moved["P"] = element.reference
            yield one


def _home(reference: bytes, homes: dict[bytes, bytes]) -> bytes:
    while reference in homes:
        reference = homes[reference]
    return reference


def _target(pdf: Any, reference: bytes | None) -> Any:
    return None if reference is None else pdf.objects[int(reference.split()[0])]


def _says_nothing(element: Any) -> bool:
    plain = element.keys() == {"Type", "S", "K", "Pg", "P"} if isinstance(element, dict) else False
    return plain and element["S"] in ("/Span", "/NonStruct")


def _compress(stream: Any) -> None:
    """At zlib's usual level instead of its highest, which takes three times as long for a hundredth of the bytes."""
    if stream.compress:
        stream.compress = False
        content = stream.data.partition(b"stream\n")[2].removesuffix(b"\nendstream")
        stream.stream = [zlib.compress(content)]
        stream.extra["Filter"] = "/FlateDecode"


def _table_cell(element: Any, name: str) -> None:
    attributes = element.get("A")
    if element.get("S") == "/TH" and isinstance(attributes, dict):
        attributes.setdefault("Scope", "/Column")
    if "ID" in element:
        element["ID"] = _scoped(element["ID"], name)
    if isinstance(attributes, dict) and "Headers" in attributes:
        attributes["Headers"] = pydyf.Array([_scoped(one, name) for one in attributes["Headers"]])


def _scoped(identifier: Any, name: str) -> Any:
    return pydyf.String(f"{name}-{identifier.string}")


def _figure(element: Any) -> None:
    """A picture without words for it is a figure that says so, not one that says nothing (ISO 14289-1, 7.3)."""
    if element.get("S") == "/Figure" and "Alt" not in element:
        element["Alt"] = pydyf.String(" ")
