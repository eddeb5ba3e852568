"""Drawings that stand in a page as SVG: charts and maps become pictures, icons go.

An HTML parser folds the case of SVG's names; they are given back as the HTML standard has them (13.2.6.5, "adjust SVG
attributes", and the table of element names beside it).
"""

from __future__ import annotations

import base64
import re

import lxml.etree
import lxml.html

from publisher.input.html_elements import Element, text_content

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_NAMES = {
    name.lower(): name
    for name in re.findall(
        r"\w+",
        """
        altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend feColorMatrix
        feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
        feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
        feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient radialGradient textPath
        attributeName attributeType baseFrequency baseProfile calcMode clipPathUnits diffuseConstant edgeMode filterUnits
        gradientTransform gradientUnits kernelMatrix kernelUnitLength keyPoints keySplines keyTimes lengthAdjust
        limitingConeAngle markerHeight markerUnits markerWidth maskContentUnits maskUnits numOctaves pathLength
        patternContentUnits patternTransform patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio
        primitiveUnits refX refY repeatCount repeatDur requiredExtensions requiredFeatures specularConstant specularExponent
        spreadMethod startOffset stdDeviation stitchTiles surfaceScale systemLanguage tableValues targetX targetY textLength
        viewBox viewTarget xChannelSelector yChannelSelector zoomAndPan
        """,
    )
}
_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image")
_FOREIGN = ("script", "foreignobject")
_LEAST_SIDE = 64  # CSS pixels: smaller ones are icons
_LEAST_SHAPES = 2  # of what says its size; an icon of a font scaled by CSS has one or two
_MANY_SHAPES = 6  # of what does not


def inline_svg_to_img(page: Element) -> None:
    """Puts an `img` in place of every drawing that is a picture, and takes the icons out."""
    for svg in list(page.iter("svg")):
        if svg.getparent() is None or next(svg.iterancestors("svg"), None) is not None:
            continue
        if not _is_picture(svg):
            svg.drop_tree()
            continue
        image = lxml.html.Element("img")
        image.set("src", f"data:image/svg+xml;base64,{base64.b64encode(_source(svg)).decode()}")
        for name in ("class", "id", "width", "height"):
            if svg.get(name):
                image.set(name, svg.get(name))
        if told := _told(svg):
            image.set("alt", told)
        image.tail = svg.tail
        svg.getparent().replace(svg, image)


def _is_picture(svg: Element) -> bool:
    own = {one.get("id") for one in svg.iter() if one.get("id")}
    uses = [(one.get("href") or one.get("xlink:href") or "")[1:] for one in svg.iter("use")]
    if svg.get("aria-hidden") == "true" or any(name not in own for name in uses):
        return False
    shapes = sum(1 for _ in svg.iter(*_SHAPES))
    sides = [_pixels(svg.get(side)) for side in ("width", "height")]
    if all(sides):
        return min(sides) >= _LEAST_SIDE and shapes >= _LEAST_SHAPES
    box = [float(one) for one in re.findall(r"-?\d+\.?\d*", svg.get("viewbox") or "")]
    large = len(box) == 4 and min(box[2:]) >= _LEAST_SIDE
    return large and (shapes >= _MANY_SHAPES or next(svg.iter("text"), None) is not None)


def _pixels(size: str | None) -> float:
    found = re.fullmatch(r"\s*(\d+\.?\d*)(?:px)?\s*", size or "")
    return float(found[1]) if found else 0.0


def _told(svg: Element) -> str:
    """What the drawing says of itself to those who do not see it."""
    said = [svg.get("aria-label") or "", *(text_content(one) for name in ("title", "desc") for one in svg.iterchildren(name))]
    return next(filter(None, said), "")


def _source(svg: Element) -> bytes:
    return bytes(lxml.etree.tostring(_copy(svg), encoding="utf-8"))


def _copy(element: Element) -> Element:
    """An element of a drawing in SVG's namespace and case, scripts and foreign markup left out."""
    copy = lxml.etree.Element(f"{{{_SVG}}}{_NAMES.get(element.tag, element.tag)}", nsmap={None: _SVG, "xlink": _XLINK})
    for name, value in element.attrib.items():
        if name == "xlink:href":
            copy.set(f"{{{_XLINK}}}href", value)
        elif re.fullmatch(r"[A-Za-z_][\w.-]*", name) and not name.startswith("xmlns"):
            copy.set(_NAMES.get(name, name), value)
    copy.text = element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _FOREIGN and re.fullmatch(r"[a-z][\w-]*", child.tag):
            copy.append(_copy(child))
        if child.tail and child.tail.strip():
            if len(copy):
                copy[-1].tail = (copy[-1].tail or "") + child.tail
            else:
                copy.text = (copy.text or "") + child.tail
    return copy
