"""Elements of WordprocessingML: names, values and switches (ECMA-376, part 1, 17)."""

from __future__ import annotations

from typing import Any

import lxml.etree

from publisher.input.xml import first_child
from publisher.text.numbers import whole_number

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def w(name: str) -> str:
    """The full name of an element or attribute."""
    return f"{{{W}}}{name}"


def value(element: Any, name: str = "val") -> str:
    """The value of an element's attribute; empty without the element or the attribute."""
    return str(element.get(w(name)) or "") if element is not None else ""


def is_on(element: Any) -> bool:
    """Whether a switch such as `w:vanish` is there and not switched off (17.17.4)."""
    return element is not None and value(element) not in ("0", "false", "off")


def count(element: Any, default: int = 0) -> int:
    """The number that an element has as its value; the default if it has none."""
    return whole_number(value(element), default)


def text_run(text: str) -> Any:
    """A run with a text."""
    run = lxml.etree.Element(w("r"))
    lxml.etree.SubElement(run, w("t")).text = text
    return run


def properties(element: Any, name: str) -> Any:
    """The first child with this name, which holds properties; it is added if there is none."""
    found = first_child(element, name)
    if found is None:
        found = lxml.etree.Element(w(name))
        element.insert(0, found)
    return found
