"""The structure tree of a sheet, mended while WeasyPrint writes it: what is cheap to put right before binding.

Works on the pydyf objects of one sheet, in the process that typesets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pydyf


def mend(name: str) -> Callable[[Any, Any], None]:
    """A finisher for `Document.write_pdf`: table headers get a scope and ids that stay unique when sheets are bound."""

    def finisher(document: Any, pdf: Any) -> None:
        for thing in pdf.objects:
            if isinstance(thing, dict) and thing.get("Type") == "/StructElem":
                _table_cell(thing, name)
                _figure(thing)
            elif isinstance(thing, dict) and thing.get("Subtype") == "/Link":
                thing["F"] = 4  # printed (ISO 14289-1 asks nothing, PDF/A-3 6.3.2 does)

    return finisher


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
