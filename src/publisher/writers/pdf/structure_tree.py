"""The structure tree of one sheet as WeasyPrint wrote it: pydyf objects, and operations that keep the tree consistent.

A removed element has a successor, the element that took its content; the parent tree refers to the successor
(ISO 32000-1, 14.7.4.4). The attribute `html` of an element is the HTML element from which it was made
(`remember_html_elements` in weasyprint_patches.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pydyf


class Tree:
    """The tree of one sheet. `document` is the topmost element; kids are references, MCIDs, MCR or OBJR dictionaries."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self._successors: dict[bytes, bytes] = {}
        self._artifact_marks: set[tuple[bytes, int]] = set()
        self._root = self.target(pdf.catalog["StructTreeRoot"])
        self.document = self.target(self._root["K"][0])

    def target(self, kid: Any) -> Any:
        """The object that a kid refers to; None for an MCID or a direct dictionary."""
        return self._pdf.objects[int(kid.split()[0])] if isinstance(kid, bytes) else None

    def elements(self) -> Iterator[Any]:
        """All elements that are still in use, in the order in which they were made."""
        for element in list(self._pdf.objects):
            if isinstance(element, pydyf.Dictionary) and element.get("Type") == "/StructElem" and element.free != "f":
                yield element

    def child_elements(self, element: Any) -> list[Any]:
        """The elements among the kids of an element."""
        targets = [self.target(kid) for kid in element["K"]]
        return [target for target in targets if target is not None and target.get("Type") == "/StructElem"]

    def add_element(self, tag: str, parent: Any, page: bytes, kids: Sequence[Any]) -> Any:
        """A new element with `kids`, which were elements of the parent. The caller puts it into the parent."""
        values = {"Type": "/StructElem", "S": f"/{tag}", "K": pydyf.Array(), "Pg": page, "P": parent.reference}
        element = pydyf.Dictionary(values)
        self._pdf.add_object(element)
        for kid in kids:
            self.append_kid(element, kid.reference)
        return element

    def append_kid(self, element: Any, kid: Any) -> None:
        """Makes `kid` the last kid of an element."""
        inner = self.target(kid)
        if inner is not None and "P" in inner:
            inner["P"] = element.reference
        element["K"].append(kid)

    def replace_kid(self, element: Any, kid: Any, new: Any) -> None:
        element["K"][element["K"].index(kid.reference)] = new.reference

    def merge(self, element: Any, other: Any) -> None:
        """Moves the content of `other` to the end of `element`, which has the same type, and removes `other`.

        The two can be on different pages. Kids made from the same HTML element are merged too, as they were before the
        page break.
        """
        known = {(id(child.html), child["S"]): child for child in self.child_elements(element) if hasattr(child, "html")}
        self._remove(other, element)
        for kid in other["K"]:
            inner = self.target(kid)
            match = known.get((id(getattr(inner, "html", inner)), inner["S"])) if inner is not None and "S" in inner else None
            if match is not None and inner["S"] == "/THead":
                self.mark_as_artifact(inner)  # a table head that is repeated on the next page
            elif match is not None:
                self.merge(match, inner)
            elif isinstance(kid, int) and other["Pg"] != element["Pg"]:
                element["K"].append(pydyf.Dictionary({"Type": "/MCR", "Pg": other["Pg"], "MCID": kid}))
            else:
                self.append_kid(element, kid)

    def unwrap(self, element: Any, kid: Any) -> Iterator[Any]:
        """Removes `kid` and yields its kids, which become kids of `element`."""
        self._remove(kid, element)
        for inner_kid in kid["K"]:
            moved = self.target(inner_kid)
            if moved is not None and "P" in moved:
                moved["P"] = element.reference
            yield inner_kid

    def hoist_link_annotations(self, element: Any) -> None:
        """Moves the link annotations of an element to the Link around it, or to a new Link if there is none.

        In WeasyPrint the property `link` is inherited, so every element inside a link has annotations of its own.
        """
        annotations = [kid for kid in element["K"] if isinstance(kid, dict) and kid.get("Type") == "/OBJR"]
        if not annotations:
            return
        link = self.target(element["P"])
        while link["S"] not in ("/Link", "/Document"):
            link = self.target(link["P"])
        if link["S"] == "/Document":
            parent = self.target(element["P"])
            link = self.add_element("Link", parent, element["Pg"], ())
            self.replace_kid(parent, element, link)
            self.append_kid(link, element.reference)
        for kid in annotations:
            element["K"].remove(kid)
        link["K"].extend(annotations)

    def drop(self, element: Any) -> None:
        """Removes an empty element from its parent."""
        parent = self.target(element["P"])
        if element.reference in parent["K"]:
            parent["K"].remove(element.reference)
        element.free = "f"

    def mark_as_artifact(self, element: Any) -> None:
        """Turns the content of an element into artifacts, and removes the element with all elements in it."""
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
        """Updates the parent tree and the content of the pages to agree with the changed tree."""
        numbers = self.target(self._root["ParentTree"])["Nums"]
        owners = {
            kid["Obj"]: element.reference
            for element in self.elements()
            for kid in element["K"]
            if isinstance(kid, dict) and "Obj" in kid
        }
        links = {
            link["StructParent"]: link.reference
            for link in self._pdf.objects
            if isinstance(link, pydyf.Dictionary) and "StructParent" in link
        }
        for index in range(1, len(numbers), 2):
            value = numbers[index]
            if isinstance(value, list):
                page = self._pdf.page_references[numbers[index - 1]]
                value[:] = [
                    b"null" if (page, mcid) in self._artifact_marks else self._successor(owner)
                    for mcid, owner in enumerate(value)
                ]
            elif isinstance(value, bytes):
                numbers[index] = owners.get(links[numbers[index - 1]]) or self._successor(value)
        for page in {page for page, _ in self._artifact_marks}:
            self._write_artifacts(page)

    def _write_artifacts(self, page: bytes) -> None:
        content = self.target(self.target(page)["Contents"]).stream
        for index, operand in enumerate(content):
            if isinstance(operand, pydyf.Dictionary) and (page, operand.get("MCID")) in self._artifact_marks:
                content[index - 1 : index + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Layout"})]

    def _remove(self, element: Any, successor: Any) -> None:
        element.free = "f"
        self._successors[element.reference] = successor.reference

    def _successor(self, reference: bytes) -> bytes:
        while reference in self._successors:
            reference = self._successors[reference]
        return reference
