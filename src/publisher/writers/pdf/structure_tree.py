"""The structure tree of one sheet as WeasyPrint wrote it: pydyf objects, with the ways to reshape them and stay consistent.

An element that is given up has a home, the element that its content went to: the parent tree follows (ISO 32000-1,
14.7.4.4). `html` on an element is the HTML element that it was made of (`upstream.remember_html`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf


class Tree:
    """`document` is the element on top. Only elements of this sheet; kids are references, MCIDs, MCR or OBJR dictionaries."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self._homes: dict[bytes, bytes] = {}
        self._artifact_marks: set[tuple[bytes, int]] = set()
        self._root = self.target(pdf.catalog["StructTreeRoot"])
        self.document = self.target(self._root["K"][0])

    def target(self, kid: Any) -> Any:
        """What a kid refers to; None for an MCID or a dictionary in place."""
        return self._pdf.objects[int(kid.split()[0])] if isinstance(kid, bytes) else None

    def elements(self) -> Iterator[Any]:
        """Every element that is still in use, in the order they were made."""
        for one in list(self._pdf.objects):
            if isinstance(one, pydyf.Dictionary) and one.get("Type") == "/StructElem" and one.free != "f":
                yield one

    def inner(self, element: Any) -> list[Any]:
        """The elements among the kids of an element."""
        found = [self.target(kid) for kid in element["K"]]
        return [one for one in found if one is not None and one.get("Type") == "/StructElem"]

    def add(self, tag: str, parent: Any, page: bytes, kids: Sequence[Any]) -> Any:
        """A new element over `kids`, elements that were the parent's; the caller puts it in its place."""
        values = {"Type": "/StructElem", "S": f"/{tag}", "K": pydyf.Array(), "Pg": page, "P": parent.reference}
        element = pydyf.Dictionary(values)
        self._pdf.add_object(element)
        for kid in kids:
            self.put(element, kid.reference)
        return element

    def put(self, element: Any, kid: Any) -> None:
        """Makes `kid` the last of an element."""
        inner = self.target(kid)
        if inner is not None and "P" in inner:
            inner["P"] = element.reference
        element["K"].append(kid)

    def replace(self, element: Any, kid: Any, new: Any) -> None:
        element["K"][element["K"].index(kid.reference)] = new.reference

    def merge(self, element: Any, other: Any) -> None:
        """The content of `other` behind that of `element`, whose kind it is, on whatever page; `other` is gone.

        Kids made of one HTML element are one kid again, as they were before the page broke.
        """
        known = {(id(one.html), one["S"]): one for one in self.inner(element) if hasattr(one, "html")}
        self._gone(other, element)
        for kid in other["K"]:
            inner = self.target(kid)
            match = known.get((id(getattr(inner, "html", inner)), inner["S"])) if inner is not None and "S" in inner else None
            if match is not None and inner["S"] == "/THead":
                self.mark_as_artifact(inner)  # a head repeated on the next page was read on the first
            elif match is not None:
                self.merge(match, inner)
            elif isinstance(kid, int) and other["Pg"] != element["Pg"]:
                element["K"].append(pydyf.Dictionary({"Type": "/MCR", "Pg": other["Pg"], "MCID": kid}))
            else:
                self.put(element, kid)

    def unwrap(self, element: Any, kid: Any) -> Iterator[Any]:
        """The kids of `kid`, which is gone, as kids of `element`."""
        self._gone(kid, element)
        for one in kid["K"]:
            moved = self.target(one)
            if moved is not None and "P" in moved:
                moved["P"] = element.reference
            yield one

    def hoist_link_annotations(self, element: Any) -> None:
        """Moves the link annotations of an element to the Link around it, a new one where there is none.

        WeasyPrint inherits `link`, so that whatever stands in a link has annotations of its own.
        """
        found = [kid for kid in element["K"] if isinstance(kid, dict) and kid.get("Type") == "/OBJR"]
        if not found:
            return
        above = self.target(element["P"])
        while above["S"] not in ("/Link", "/Document"):
            above = self.target(above["P"])
        if above["S"] == "/Document":
            parent = self.target(element["P"])
            above = self.add("Link", parent, element["Pg"], ())
            self.replace(parent, element, above)
            self.put(above, element.reference)
        for kid in found:
            element["K"].remove(kid)
        above["K"].extend(found)

    def drop(self, element: Any) -> None:
        """Takes an empty element out of its parent."""
        parent = self.target(element["P"])
        if element.reference in parent["K"]:
            parent["K"].remove(element.reference)
        element.free = "f"

    def mark_as_artifact(self, element: Any) -> None:
        """Makes artifacts of all that an element shows; it is gone with all that is in it."""
        element.free = "f"
        for kid in element["K"]:
            inner = self.target(kid)
            if isinstance(kid, int):
                self._artifact_marks.add((element["Pg"], kid))
            elif isinstance(kid, dict) and "MCID" in kid:
                self._artifact_marks.add((kid["Pg"], kid["MCID"]))
            elif inner is not None and "K" in inner:
                self.mark_as_artifact(inner)

    def close(self) -> None:
        """Brings the parent tree and the pages' content in line with the tree."""
        numbers = self.target(self._root["ParentTree"])["Nums"]
        owners = {
            kid["Obj"]: one.reference for one in self.elements() for kid in one["K"] if isinstance(kid, dict) and "Obj" in kid
        }
        links = {
            one["StructParent"]: one.reference
            for one in self._pdf.objects
            if isinstance(one, pydyf.Dictionary) and "StructParent" in one
        }
        for index in range(1, len(numbers), 2):
            value = numbers[index]
            if isinstance(value, list):
                page = self._pdf.page_references[numbers[index - 1]]
                value[:] = [b"null" if (page, mcid) in self._artifact_marks else self._home(one) for mcid, one in enumerate(value)]
            elif isinstance(value, bytes):
                numbers[index] = owners.get(links[numbers[index - 1]]) or self._home(value)
        for page in {page for page, _ in self._artifact_marks}:
            self._write_artifacts(page)

    def _write_artifacts(self, page: bytes) -> None:
        content = self.target(self.target(page)["Contents"]).stream
        for index, one in enumerate(content):
            if isinstance(one, pydyf.Dictionary) and (page, one.get("MCID")) in self._artifact_marks:
                content[index - 1 : index + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Layout"})]

    def _gone(self, element: Any, home: Any) -> None:
        element.free = "f"
        self._homes[element.reference] = home.reference

    def _home(self, reference: bytes) -> bytes:
        while reference in self._homes:
            reference = self._homes[reference]
        return reference
