"""SVG drawings inside a page: charts and maps become images, icons are removed.

An HTML parser turns SVG's names into lower case. The case of those that a drawing may have is restored.
"""

from __future__ import annotations

import base64
import re

import lxml.etree
import lxml.html

from publisher.input.html_elements import NAME, Element, text_content
from publisher.input.svg_vocabulary import ATTRIBUTES, ELEMENTS
from publisher.model.parts import Removal

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_SVG_NAMES = {name.lower(): name for name in ELEMENTS | ATTRIBUTES}
_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image")
_WORD_TAGS = ("text", "foreignobject")  # in the second: HTML
_MIN_SIDE = 64  # CSS pixels: smaller drawings are icons
_MIN_SHAPES = 2  # of a drawing that states its size; an icon of a font scaled by CSS has one or two
_MIN_SHAPES_UNSIZED = 6  # of a drawing that does not


def inline_svg_to_img(page: Element) -> list[Removal]:
    """Puts an `img` in place of every drawing that is more than an icon, and removes the icons, which are returned.

    A drawing that holds only an image is that image; one that holds only text is that text.
    """
    removed = []
    for svg in list(page.iter("svg")):
        if svg.getparent() is None or next(svg.iterancestors("svg"), None) is not None:
            continue
        shapes = {shape.tag for shape in svg.iter(*_SHAPES)}
        address = _image_address(svg) if shapes == {"image"} else ""
        if shapes <= {"text"} and svg.get("aria-hidden") != "true" and (words := _words(svg)):
            _replace_by_text(svg, words)
            continue
        if not address and not _is_image(svg):
            removed.append(Removal("an icon", _words(svg), f"line {svg.sourceline or 0}", sum(1 for _ in svg.iter("image"))))
            svg.drop_tree()
            continue
        image = lxml.html.Element("img")
        image.set("src", address or f"data:image/svg+xml;base64,{base64.b64encode(_svg_source(svg)).decode()}")
        for name in ("class", "id", "width", "height"):
            if svg.get(name):
                image.set(name, svg.get(name))
        if description := _description(svg):
            image.set("alt", description)
        image.tail = svg.tail
        svg.getparent().replace(svg, image)
    return removed


def _image_address(svg: Element) -> str:
    """The address of the only image of a drawing, as covers and plates of e-books have it; empty if there are several."""
    addresses = {element.get("href") or element.get("xlink:href") or "" for element in svg.iter("image")}
    return addresses.pop() if len(addresses) == 1 else ""


def _words(svg: Element) -> str:
    return " ".join(filter(None, (text_content(element) for element in svg.iter(*_WORD_TAGS))))


def _replace_by_text(svg: Element, words: str) -> None:
    span = lxml.html.Element("span")
    span.text, span.tail = words, svg.tail
    svg.getparent().replace(svg, span)


def _is_image(svg: Element) -> bool:
    ids = {element.get("id") for element in svg.iter() if element.get("id")}
    used = [(element.get("href") or element.get("xlink:href") or "")[1:] for element in svg.iter("use")]
    if svg.get("aria-hidden") == "true" or any(name not in ids for name in used):
        return False
    shapes = sum(1 for _ in svg.iter(*_SHAPES))
    sides = [_pixels(svg.get(side)) for side in ("width", "height")]
    if all(sides):
        return min(sides) >= _MIN_SIDE and shapes >= _MIN_SHAPES
    box = [float(number) for number in re.findall(r"-?\d+\.?\d*", svg.get("viewbox") or "")]
    is_large = len(box) == 4 and min(box[2:]) >= _MIN_SIDE
    return is_large and (shapes >= _MIN_SHAPES_UNSIZED or next(svg.iter("text"), None) is not None)


def _pixels(size: str | None) -> float:
    match = re.fullmatch(r"\s*(\d+\.?\d*)(?:px)?\s*", size or "")
    return float(match[1]) if match else 0.0


def _description(svg: Element) -> str:
    """The text that describes the drawing to readers who cannot see it; empty if it has none."""
    texts = [
        svg.get("aria-label") or "",
        *(text_content(element) for name in ("title", "desc") for element in svg.iterchildren(name)),
        _words(svg),
    ]
    return next(filter(None, texts), "")


def _svg_source(svg: Element) -> bytes:
    return bytes(lxml.etree.tostring(_svg_copy(svg), encoding="utf-8"))


def _svg_copy(element: Element) -> Element:
    """A copy of an element of a drawing in SVG's namespace and case; clean_svg takes out what may not stay."""
    copy = lxml.etree.Element(f"{{{_SVG}}}{_SVG_NAMES.get(element.tag, element.tag)}", nsmap={None: _SVG, "xlink": _XLINK})
    for name, value in element.attrib.items():
        if name == "xlink:href":
            copy.set(f"{{{_XLINK}}}href", value)
        elif NAME.fullmatch(name) and not name.startswith("xmlns"):
            copy.set(_SVG_NAMES.get(name, name), value)
    copy.text = element.text
    for child in element:
        if isinstance(child.tag, str) and NAME.fullmatch(child.tag):
            copy.append(_svg_copy(child))
        if child.tail and child.tail.strip():
            if len(copy):
                copy[-1].tail = (copy[-1].tail or "") + child.tail
            else:
                copy.text = (copy.text or "") + child.tail
    return copy
