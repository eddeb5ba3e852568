"""SVG images for the page: text in the theme's fonts, not the machine's; formulas with their characters as hidden text."""

from __future__ import annotations

import re

import lxml.etree

from publisher.text.mathematics import characters_of, with_hidden_characters

# Font families of the themes: in place of an SVG's monospace fonts, of its serif fonts, and of all others.
_FALLBACKS = ", ".join(f"Fallback {name}" for name in ("Arabic", "Hebrew", "Han", "Hangul", "Symbols", "Emoji", "Math", "Signs"))
_CODE, _TEXT, _LABEL = f"Code, {_FALLBACKS}", f"Text, {_FALLBACKS}", f"Label, {_FALLBACKS}"
_FONT_FAMILY = re.compile(r"(font-family\s*:\s*)([^;}]+)")


def svg_for_page(svg: bytes) -> bytes:
    """An SVG image as it is put on the page."""
    return with_hidden_characters(_with_theme_fonts(svg) if b"<text" in svg or b":text" in svg else svg, _CODE)


def svg_characters(svg: bytes) -> str:
    """The text of an SVG image, so that fonts for its characters are loaded."""
    if b"<text" in svg or b":text" in svg:
        root = lxml.etree.fromstring(svg)
        return " ".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text", "text"))
    return characters_of(svg)


def _with_theme_fonts(svg: bytes) -> bytes:
    root = lxml.etree.fromstring(svg)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.get("font-family"):
            element.set("font-family", _theme_family(str(element.get("font-family"))))
        if "font-family" in (element.get("style") or ""):
            element.set("style", _FONT_FAMILY.sub(lambda match: match[1] + _theme_family(match[2]), str(element.get("style"))))
        if lxml.etree.QName(element).localname == "style" and element.text:
            element.text = _FONT_FAMILY.sub(lambda match: match[1] + _theme_family(match[2]), element.text)
    if not root.get("font-family"):
        root.set("font-family", _LABEL)
    return bytes(lxml.etree.tostring(root))


def _theme_family(family: str) -> str:
    name = family.lower()
    if re.search(r"mono|courier|consol|code", name):
        return _CODE
    serif = re.search(r"(?<!sans-)(?<!sans )serif|times|georgia|garamond|palatino|cambria", name)
    return _TEXT if serif else _LABEL
