"""Draws formulas in TeX or MathML as images: SVG in a data URI, with the source as the alt text.

WeasyPrint does not lay out MathML; ziamath draws the same image everywhere. The middle of the image is a
quarter of an em above the baseline, so that `vertical-align: middle` puts it on the line. The SVG's `metadata` element holds
the formula as MathML. E-readers can read it aloud and scale it with the text. On the page its characters stand invisibly on
the drawing, so that they can be searched and copied and count as words of the text.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from html import escape

import lxml.etree

from publisher.text.characters import without_bad_references

_FONT_SIZE = 14.27  # CSS pixels: the body's 10.7 pt
_KEPT = 4096  # drawings in a process: a formula that comes again is not drawn again
_MIDDLE = 0.24 * _FONT_SIZE  # above the baseline: half the x-height, with which CSS aligns the middle
_VIEW_BOX = re.compile(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+" viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
_ADVANCE, _SPACE_WIDTH = 0.6, 0.6  # em: the advance of a monospaced font, and a gap that PDF readers take for a space
_TOKEN_ELEMENTS = ("mi", "mn", "mo", "mtext", "ms")
# Function application, invisible times, separator and plus, zero-width space.
_INVISIBLE_OPERATORS = re.compile("[\u2061-\u2064\u200b]+")
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# Elements of presentation MathML (MathML Core). Annotations, actions and foreign markup are left out.
_ELEMENTS = frozenset(
    re.findall(
        "[a-z]+",
        "math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom menclose msub msup msubsup"
        " munder mover munderover mmultiscripts mprescripts none mtable mtr mtd",
    )
)
_ATTRIBUTES = frozenset(
    re.findall(
        "[a-z]+",
        "accent accentunder columnalign columnspan depth display displaystyle fence form height largeop linethickness lspace"
        " mathvariant maxsize minsize movablelimits notation rowalign rowspan rspace scriptlevel separator stretchy symmetric"
        " voffset width",
    )
)


class FormulaError(ValueError):
    """A formula that cannot be drawn; the message is the reason."""


def from_tex(source: str, display: bool = False) -> str:
    """An `img` for TeX math. Raises FormulaError."""
    return _image_element(source.strip(), source.strip(), "tex", display)


def from_mathml(source: str, alt: str, display: bool = False) -> str:
    """An `img` for a `math` element, with or without its namespace. Raises FormulaError."""
    return _image_element(source, alt, "mathml", display)


def _image_element(source: str, alt: str, notation: str, display: bool) -> str:
    data, width, height = _drawing(source, notation, display)
    css_class = "math display" if display else "math"
    return (
        f'<img class="{css_class}" alt="{escape(" ".join(alt.split()), quote=True)}" width="{width}" height="{height}"'
        f' src="data:image/svg+xml;base64,{data}"/>'
    )


@lru_cache(_KEPT)
def _drawing(source: str, notation: str, display: bool) -> tuple[str, int, int]:
    """The SVG with the formula as MathML in it, in base64, and its size in whole CSS pixels."""
    source = source if notation == "tex" else _clean_mathml(source)
    svg, width, height = _svg_and_size(source, notation, display)
    mathml = _mathml_of(source, notation, display)
    return base64.b64encode(svg.replace(">", f"><metadata>{mathml}</metadata>", 1).encode()).decode(), width, height


def _svg_and_size(source: str, notation: str, display: bool) -> tuple[str, int, int]:
    from ziamath.zmath import Latex, Math

    from publisher.text.ziamath_patches import measure_rows_that_stretch

    measure_rows_that_stretch()
    try:
        formula = Latex(source, size=_FONT_SIZE, inline=not display) if notation == "tex" else Math(source, size=_FONT_SIZE)
        svg = formula.svg()
    except Exception as error:  # latex2mathml and ziamath have no exception classes of their own
        raise FormulaError(f"{type(error).__name__}: {error}".removesuffix(": ")) from None
    match = _VIEW_BOX.match(svg)
    if not match:
        raise FormulaError("nothing to draw")
    left, top, view_width, view_height = (float(match[number]) for number in (2, 3, 4, 5))
    half_height = max(-top - _MIDDLE, top + view_height + _MIDDLE)
    width, height = round(view_width + 0.5), round(2 * half_height + 0.5)
    start = f'<svg {match[1]}width="{width}" height="{height}" viewBox="{left:g} {-_MIDDLE - height / 2:g} {width} {height}"'
    return svg.replace(match[0], start, 1), width, height


def _mathml_of(source: str, notation: str, display: bool) -> str:
    """The formula as presentation MathML only."""
    if notation == "tex":
        from latex2mathml.converter import convert

        return _clean_mathml(convert(source, display="block" if display else "inline"))
    return source


def _clean_mathml(source: str) -> str:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=True)
    root = lxml.etree.fromstring(without_bad_references(source.encode()), parser)
    if root is None:
        raise FormulaError("not valid MathML")
    return str(lxml.etree.tostring(_clean_copy(root), encoding="unicode"))


def _clean_copy(element: lxml.etree._Element) -> lxml.etree._Element:
    """A copy of an element with only what MathML allows; other elements become `mrow`. Text outside tokens becomes `mtext`."""
    name = lxml.etree.QName(element).localname
    copy = _element(name if name in _ELEMENTS else "mrow")
    for key, value in element.attrib.items():
        if str(key) in _ATTRIBUTES:
            copy.set(key, value)
    children = [child for child in element if isinstance(child.tag, str) and not _is_foreign(child)]
    if name in _TOKEN_ELEMENTS and not children:
        copy.text = element.text
        return copy
    parts = [*_loose_text(element.text)]
    for child in element:
        parts += [_clean_copy(child)] if child in children else []
        parts += _loose_text(child.tail)
    copy.extend(_fenced(element, parts) if name == "mfenced" else parts)
    return copy


def _is_foreign(element: lxml.etree._Element) -> bool:
    name: str = lxml.etree.QName(element).localname
    return name.startswith(("annotation", "script", "style"))


def _element(name: str, text: str = "") -> lxml.etree._Element:
    element: lxml.etree._Element = lxml.etree.Element(f"{{{_NAMESPACE}}}{name}", nsmap={None: _NAMESPACE})
    element.text = text or None
    return element


def _loose_text(text: str | None) -> list[lxml.etree._Element]:
    return [_element("mtext", text.strip())] if text and text.strip() else []


def _fenced(element: lxml.etree._Element, parts: list[lxml.etree._Element]) -> list[lxml.etree._Element]:
    """The content of an `mfenced` as operators and what stands between them (MathML 3, 3.3.8)."""
    separators = "".join(element.get("separators", ",").split())
    fenced = [_element("mo", element.get("open", "("))]
    for number, part in enumerate(parts):
        if number and separators:
            fenced.append(_element("mo", separators[min(number, len(separators)) - 1]))
        fenced.append(part)
    return [*fenced, _element("mo", element.get("close", ")"))]


def clean_formula(metadata: lxml.etree._Element) -> lxml.etree._Element | None:
    """A copy of the formula in the `metadata` of an image, with only what MathML allows; None if there is none."""
    formula = metadata.find(f"{{{_NAMESPACE}}}math")
    return _clean_copy(formula) if formula is not None else None


def characters_of(svg: bytes) -> str:
    """The characters of the formula that an image shows, with spaces between its parts; empty if it shows no formula."""
    formula = formula_in(svg)
    if formula is None:
        return ""
    hidden_elements = set(formula.iter(f"{{{_NAMESPACE}}}mphantom"))
    tokens = (token for token in formula.iter(*(f"{{{_NAMESPACE}}}{name}" for name in _TOKEN_ELEMENTS)))
    visible_texts = (
        token.text or "" for token in tokens if not any(ancestor in hidden_elements for ancestor in token.iterancestors())
    )
    return " ".join(_INVISIBLE_OPERATORS.sub(" ", " ".join(visible_texts)).split())


def with_hidden_characters(svg: bytes, families: str) -> bytes:
    """The image of a formula with its characters as invisible text on it; other images are unchanged.

    The first of the font `families` is monospaced.
    """
    characters = characters_of(svg)
    if not characters:
        return svg
    match = re.search(rb'viewBox="([-\d.]+) ', svg)
    left, elements = float(match[1]) if match else 0.0, []
    for part in characters.split():  # one `text` element each: WeasyPrint gives a space between letters no width
        elements.append(f'<text x="{left:g}" y="0" font-size="1" fill-opacity="0" font-family="{families}">{escape(part)}</text>')
        left += _ADVANCE * len(part) + _SPACE_WIDTH
    return svg.replace(b"</svg>", f"{''.join(elements)}</svg>".encode(), 1)


def formula_in(svg: bytes) -> lxml.etree._Element | None:
    """The MathML in an image that was made here; None for other images."""
    if _NAMESPACE.encode() not in svg:
        return None
    return next(lxml.etree.fromstring(svg).iter(f"{{{_NAMESPACE}}}math"), None)
