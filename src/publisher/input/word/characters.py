"""Characters and wrappers of Word that mammoth does not read: symbols, check boxes, ruby texts, breaks, drop caps, directions."""

from __future__ import annotations

import re
from typing import Any

import lxml.etree

from publisher.input.word.elements import value, w
from publisher.input.xml import first_child, local_name, text_at

_WRAPPERS = (w("bdo"), w("dir"))
_SYMBOL_FONTS = range(0xF000, 0xF100)  # where fonts of symbols have their characters (17.3.3.30)
_HEX = re.compile(r"[0-9A-Fa-f]{1,6}")


def convert_characters(root: Any) -> None:
    """Converts each of them to elements that mammoth reads."""
    for element in list(root.iter(*_WRAPPERS)):
        for inner in list(element):
            element.addprevious(inner)
        element.getparent().remove(element)
    for element in list(root.iter(w("ruby"))):
        base, reading = text_at(element, "rubyBase"), text_at(element, "rt")
        _replace(element, f"{base} ({reading})" if reading else base)
    for element in root.iter(w("br"), w("cr")):
        element.tag = w("br")
        element.attrib.pop(w("type"), None)
    for element in list(root.iter(w("ptab"))):
        element.tag = w("tab")
    for element in list(root.iter(w("sym"))):
        _convert_symbol(element)
    for element in [element for element in root.iter("{*}checkbox") if local_name(element.getparent()) == "sdtPr"]:
        element.getparent().remove(element)  # the sign that stands in the box is its text; mammoth would drop it
    for element in [element for element in root.iter(w("framePr")) if value(element, "dropCap") not in ("", "none")]:
        _join_drop_cap(element.getparent().getparent())


def _replace(element: Any, text: str) -> None:
    replacement = lxml.etree.Element(w("t"))
    replacement.text = text
    element.getparent().replace(element, replacement)


def _convert_symbol(symbol: Any) -> None:
    """A symbol that mammoth does not know becomes its character: in Unicode, or private where its font alone knows it."""
    from mammoth.docx.dingbats import dingbats

    code = value(symbol, "char")
    number = int(code, 16) if _HEX.fullmatch(code) else 0
    known = {(value(symbol, "font"), number), (value(symbol, "font"), number & 0xFF if number in _SYMBOL_FONTS else number)}
    if known.isdisjoint(dingbats):
        _replace(symbol, chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF else "\ufffd")


def _join_drop_cap(paragraph: Any) -> None:
    """Puts a drop cap, which is a paragraph of its own in Word (17.3.1.11), before the text of the next paragraph."""
    following = paragraph.getnext() if paragraph is not None else None
    if local_name(paragraph) != "p" or following is None or local_name(following) != "p":
        return
    start = first_child(following, "pPr")
    for run in reversed([part for part in paragraph if local_name(part) != "pPr"]):
        if start is None:
            following.insert(0, run)
        else:
            start.addnext(run)
    paragraph.getparent().remove(paragraph)
