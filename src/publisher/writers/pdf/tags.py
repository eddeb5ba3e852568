"""The structure tree of a sheet, mended while WeasyPrint writes it: what is cheap to put right before binding.

Works on the pydyf objects of one sheet, in the process that typesets it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
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
    """Gives the marked content of a Span that is nothing but a line of text to the element around it.

    WeasyPrint makes such a Span of every line; they say nothing, and are most of a tree.
    """
    root = _target(pdf, pdf.catalog.get("StructTreeRoot"))
    if root is None:
        return
    homes: dict[bytes, bytes] = {}
    elements: list[Any] = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"]
    for element in elements:
        kids = element["K"]
        for index, kid in enumerate(kids):
            span = _target(pdf, kid) if isinstance(kid, bytes) else None
            if span is not None and _is_line(span) and span["Pg"] == element.get("Pg"):
                homes[kid] = element.reference
                kids[index] = span["K"][0]
                span.free = "f"
    for numbers in _target(pdf, root["ParentTree"])["Nums"]:
        if isinstance(numbers, list):
            numbers[:] = [homes.get(one, one) for one in numbers]


def _target(pdf: Any, reference: bytes | None) -> Any:
    return None if reference is None else pdf.objects[int(reference.split()[0])]


def _is_line(element: Any) -> bool:
    plain = element.keys() == {"Type", "S", "K", "Pg", "P"} if isinstance(element, dict) else False
    return plain and element["S"] == "/Span" and len(element["K"]) == 1 and isinstance(element["K"][0], int)


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
