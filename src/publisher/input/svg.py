"""Builds an SVG drawing anew from what a still drawing may have (svg_vocabulary.py), so that nothing in it runs or reaches out.

What a reader would miss, words and images, is named; scripts, links, animations and the data of drawing programs are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import lxml.etree

from publisher.input.raster import ImageError, raster_image
from publisher.input.snippets import data_uri, data_uri_bytes
from publisher.input.svg_css import clean_declarations, clean_sheet, clean_value, is_fragment
from publisher.input.svg_measures import MAX_DEPTH, MAX_ELEMENTS, depth_of, drawn_elements, size_of
from publisher.input.svg_vocabulary import ATTRIBUTES, ELEMENTS, PRESENTATION_ATTRIBUTES, TEXT_ELEMENTS
from publisher.input.xml import local_name
from publisher.model.codes import Code
from publisher.model.public_addresses import without_secrets
from publisher.text.mathematics import clean_formula

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"  # not `href`: readers of SVG 1.1 know only this
_REFERRING = frozenset({"use", "textPath", "linearGradient", "radialGradient", "pattern"})  # they name a part of the drawing
_WITHOUT_WORDS = frozenset({"script", "style", "metadata", "title"})  # removed elements whose text is for no reader
_CONDITIONS = ("systemLanguage", "requiredExtensions")
_ID = re.compile(r"[^\W\d][\w.-]*")  # an XML name without colon
_LONGEST_ADDRESS = 80  # characters of an address in a message


@dataclass(frozen=True)
class CleanSvg:
    """A drawing that is safe to show. The size is in CSS pixels (0: unknown); `sized`: it is stated, not only its proportions.

    `left_out` names what a reader misses: words and images that could not stay.
    """

    data: bytes = field(repr=False)
    width: int
    height: int
    sized: bool
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Source:
    """The namespace of a drawing's elements ("" if it names none), the ids so far, and what is left out so far."""

    namespace: str
    ids: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    def name(self, element: lxml.etree._Element) -> str:
        """The name of an element of SVG; empty for foreign elements."""
        if not isinstance(element.tag, str):
            return ""
        return local_name(element) if _namespace(element) == self.namespace else ""


def is_svg(data: bytes) -> bool:
    """Whether the bytes of an image are markup, which no raster image begins with."""
    return data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] == b"<"


def clean_svg(data: bytes) -> CleanSvg:
    """The drawing, built anew. Raises ImageError if it is not SVG, or draws more than MAX_ELEMENTS elements."""
    root = _parsed(data)
    source = _Source(_namespace(root))
    copy = lxml.etree.Element(f"{{{_SVG}}}svg", _attributes(root, source), nsmap={None: _SVG, "xlink": _XLINK})
    _add_children(copy, root, source)
    if drawn_elements(copy) > MAX_ELEMENTS:
        raise ImageError(f"draws more than {MAX_ELEMENTS:,} elements", Code.IMAGE_TOO_LARGE, "save it as PNG")
    width, height, sized = size_of(root)
    kept_words = " ".join("".join(copy.itertext()).split())
    lost = [f"the words “{words}”" for words in source.words if words not in kept_words]
    left_out = tuple(dict.fromkeys([*lost, *source.images]))
    return CleanSvg(lxml.etree.tostring(copy, encoding="utf-8", xml_declaration=True), width, height, sized, left_out)


def _parsed(data: bytes) -> lxml.etree._Element:
    """The root. Entities that the file itself defines are replaced, within the limits of libxml2; no other file is opened."""
    try:
        parser = lxml.etree.XMLParser(resolve_entities="internal", no_network=True, remove_comments=True, remove_pis=True)
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        raise ImageError("cannot be read", Code.IMAGE_BROKEN, "correct the SVG: it is not valid XML") from None
    if local_name(root) != "svg" or _namespace(root) not in ("", _SVG):
        raise ImageError("cannot be read", Code.IMAGE_BROKEN, "save it as PNG, JPEG or SVG")
    if depth_of(root) > MAX_DEPTH:
        raise ImageError(f"has elements nested deeper than {MAX_DEPTH}", Code.IMAGE_TOO_LARGE, "save it as PNG")
    return root


def _namespace(element: lxml.etree._Element) -> str:
    """The namespace of an element's name; empty where the name has none."""
    return str(element.tag)[1:].rpartition("}")[0]


def _add_children(copy: lxml.etree._Element, element: lxml.etree._Element, source: _Source) -> None:
    is_text = local_name(copy) in TEXT_ELEMENTS
    if is_text:
        _add_text(copy, element.text)
    for child in element:
        _add_child(copy, child, source)
        if is_text:
            _add_text(copy, child.tail)


def _add_text(copy: lxml.etree._Element, text: str | None) -> None:
    if len(copy):
        copy[-1].tail = (copy[-1].tail or "") + (text or "")
    else:
        copy.text = (copy.text or "") + (text or "")


def _add_child(copy: lxml.etree._Element, child: lxml.etree._Element, source: _Source) -> None:
    name = source.name(child)
    if name == "a":  # the link goes, what it shows stays
        name = "tspan" if local_name(copy) in TEXT_ELEMENTS else "g"
    if name == "switch":
        _add_alternative(copy, child, source)
    elif name == "style":
        if css := clean_sheet("".join(child.itertext())):
            _add(copy, name, {}).text = css
    elif name == "image":
        _add_image(copy, child, source)
    elif name == "metadata" and (formula := clean_formula(child)) is not None:
        _add(copy, name, {}).append(formula)
    elif name in ELEMENTS:
        _add_element(copy, name, child, source)
    elif name not in _WITHOUT_WORDS:
        _leave_out(child, source)


def _add(copy: lxml.etree._Element, name: str, attributes: dict[str, str]) -> lxml.etree._Element:
    return lxml.etree.SubElement(copy, f"{{{_SVG}}}{name}", attributes)


def _add_element(copy: lxml.etree._Element, name: str, child: lxml.etree._Element, source: _Source) -> None:
    attributes, address = _attributes(child, source), _address(child)
    if name in _REFERRING and is_fragment(address):
        attributes[_HREF] = address
    elif name == "use":
        source.images.append(_image_name(address))
        return
    _add_children(_add(copy, name, attributes), child, source)


def _add_alternative(copy: lxml.etree._Element, switch: lxml.etree._Element, source: _Source) -> None:
    """Adds the first child of a `switch` that can be shown to any reader; drawing programs put plain text after HTML."""
    known = [child for child in switch if source.name(child) in ELEMENTS | {"a", "image", "switch"}]
    chosen = next((child for child in known if not any(child.get(name) for name in _CONDITIONS)), next(iter(known), None))
    group = _add(copy, "g", _attributes(switch, source))
    for child in switch:
        if child is chosen:
            _add_child(group, child, source)
        elif source.name(child) not in _WITHOUT_WORDS:
            _leave_out(child, source)


def _add_image(copy: lxml.etree._Element, image: lxml.etree._Element, source: _Source) -> None:
    """Adds an image that is embedded and a raster image; another drawing or a file elsewhere is left out."""
    address = _address(image)
    try:
        raster = raster_image(data_uri_bytes(address))
    except ValueError:  # no data URI, or an ImageError
        source.images.append(_image_name(address))
        return
    _add(copy, "image", {**_attributes(image, source), _HREF: data_uri(raster.data, raster.media_type)})


def _leave_out(element: lxml.etree._Element, source: _Source) -> None:
    """Notes the words of an element that is left out; its scripts and styles have none."""
    texts = [
        text
        for part in element.iter()
        if local_name(part).lower() not in _WITHOUT_WORDS
        for text in (part.text, part.tail if part is not element else None)
    ]
    if words := " ".join(" ".join(filter(None, texts)).split()):
        source.words.append(words)


def _address(element: lxml.etree._Element) -> str:
    return (element.get("href") or element.get(_HREF) or "").strip()


def _image_name(address: str) -> str:
    if address.lower().startswith("data:"):
        return "an image embedded in it"
    shown = without_secrets(address)
    return f"the image {shown if len(shown) <= _LONGEST_ADDRESS else f'{shown[: _LONGEST_ADDRESS - 1]}…'}"


def _attributes(element: lxml.etree._Element, source: _Source) -> dict[str, str]:
    attributes = {}
    for key, value in element.attrib.items():
        name = str(key)
        if name == "style":
            value = clean_declarations(value)
        elif name in PRESENTATION_ATTRIBUTES:
            value = clean_value(value)
        elif name not in ATTRIBUTES or (name == "id" and (value in source.ids or not _ID.fullmatch(value))):
            continue
        if value:
            attributes[name] = value
    source.ids.add(attributes.get("id", ""))
    return attributes
