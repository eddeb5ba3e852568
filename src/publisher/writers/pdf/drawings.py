"""Drawings for the page: their letters in the theme's faces, whatever fonts the machine has, formulas with their characters."""

from __future__ import annotations

import re

import lxml.etree

from publisher.text.mathematics import characters_of, with_hidden_characters

# Faces of the themes: for what an SVG calls typewriter, for what it calls serif, and for all else.
_REST = ", ".join(f"Fallback {name}" for name in ("Arabic", "Hebrew", "Han", "Hangul", "Symbols", "Emoji", "Math"))
_CODE, _TEXT, _LABEL = f"Code, {_REST}", f"Text, {_REST}", f"Label, {_REST}"
_FAMILY = re.compile(r"(font-family\s*:\s*)([^;}]+)")


def for_page(svg: bytes) -> bytes:
    """A drawing as the page shows it."""
    return with_hidden_characters(_with_faces(svg) if b"<text" in svg or b":text" in svg else svg, _CODE)


def letters_of(svg: bytes) -> str:
    """The characters that a drawing sets, so that the faces for them are there."""
    if b"<text" in svg or b":text" in svg:
        root = lxml.etree.fromstring(svg)
        return " ".join("".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text", "text"))
    return characters_of(svg)


def _with_faces(svg: bytes) -> bytes:
    root = lxml.etree.fromstring(svg)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.get("font-family"):
            element.set("font-family", _face(str(element.get("font-family"))))
        if "font-family" in (element.get("style") or ""):
            element.set("style", _FAMILY.sub(lambda found: found[1] + _face(found[2]), str(element.get("style"))))
        if lxml.etree.QName(element).localname == "style" and element.text:
            element.text = _FAMILY.sub(lambda found: found[1] + _face(found[2]), element.text)
    if not root.get("font-family"):
        root.set("font-family", _LABEL)
    return bytes(lxml.etree.tostring(root))


def _face(family: str) -> str:
    name = family.lower()
    if re.search(r"mono|courier|consol|code", name):
        return _CODE
    serif = re.search(r"(?<!sans-)(?<!sans )serif|times|georgia|garamond|palatino|cambria", name)
    return _TEXT if serif else _LABEL
