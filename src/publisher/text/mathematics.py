"""Formulas, in TeX's notation or MathML, as pictures: SVG in a data URI, its source as the alt text.

WeasyPrint lays out no MathML (FIELD_NOTES); ziamath draws the same picture everywhere. Its middle is a quarter of an em
above the baseline, so that `vertical-align: middle` sets it on the line. The formula itself travels in the picture's
`metadata`, for e-readers, which read it aloud and let it grow with the text, and for the page, where its characters stand unseen
on the drawing: so it is found by a search, copied, and counted among the words of the text.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape

import lxml.etree

_SIZE = 14.27  # CSS pixels: the body's 10.7 pt
_MIDDLE = 0.24 * _SIZE  # above the baseline: half the x-height, to which CSS aligns the middle
_VIEW_BOX = re.compile(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+" viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
_PITCH, _GAP = 0.6, 0.6  # em: the advance of a face of one width, and what a reader of pages takes for a space
_TOKENS = ("mi", "mn", "mo", "mtext", "ms")
_UNSEEN = re.compile("[\u2061-\u2064\u200b]+")  # applied to, times, separator, plus: operators that are not drawn
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# What presentation MathML is made of (MathML Core); annotations, actions and foreign markup are left out.
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


class Unreadable(ValueError):
    """A formula that cannot be drawn; the message says why."""


def from_tex(source: str, display: bool = False) -> str:
    """An `img` for TeX math. Raises Unreadable."""
    return _image(source.strip(), source.strip(), "tex", display)


def from_mathml(source: str, alt: str, display: bool = False) -> str:
    """An `img` for a `math` element, with or without its namespace. Raises Unreadable."""
    return _image(_presentation_of(source), alt, "mathml", display)


def _image(source: str, alt: str, notation: str, display: bool) -> str:
    svg, width, height = _drawn(source, notation, display)
    formula = _mathml(source, notation, display)
    data = base64.b64encode(svg.replace(">", f"><metadata>{formula}</metadata>", 1).encode()).decode()
    kind = "math display" if display else "math"
    return (
        f'<img class="{kind}" alt="{escape(" ".join(alt.split()), quote=True)}" width="{width}" height="{height}"'
        f' src="data:image/svg+xml;base64,{data}"/>'
    )


@cache
def _drawn(source: str, notation: str, display: bool) -> tuple[str, int, int]:
    """The SVG and its size in whole CSS pixels."""
    from ziamath.zmath import Latex, Math

    try:
        formula = Latex(source, size=_SIZE, inline=not display) if notation == "tex" else Math(source, size=_SIZE)
        svg = formula.svg()
    except Exception as problem:  # whatever latex2mathml and ziamath trip over: they have no error of their own
        raise Unreadable(f"{type(problem).__name__}: {problem}".removesuffix(": ")) from None
    found = _VIEW_BOX.match(svg)
    if not found:
        raise Unreadable("nothing to draw")
    left, top, wide, high = (float(found[number]) for number in (2, 3, 4, 5))
    half = max(-top - _MIDDLE, top + high + _MIDDLE)
    width, height = round(wide + 0.5), round(2 * half + 0.5)
    box = f'<svg {found[1]}width="{width}" height="{height}" viewBox="{left:g} {-_MIDDLE - height / 2:g} {width} {height}"'
    return svg.replace(found[0], box, 1), width, height


def _mathml(source: str, notation: str, display: bool) -> str:
    """The formula in presentation MathML, nothing else in it."""
    if notation == "tex":
        from latex2mathml.converter import convert

        return _presentation_of(convert(source, display="block" if display else "inline"))
    return source


def _presentation_of(source: str) -> str:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=True)
    root = lxml.etree.fromstring(source.encode(), parser)
    if root is None:
        raise Unreadable("no MathML")
    return str(lxml.etree.tostring(_presentation(root), encoding="unicode"))


def _presentation(element: lxml.etree._Element) -> lxml.etree._Element:
    """A copy of an element with what may stand in MathML of it; a group of other markup is a row."""
    name = lxml.etree.QName(element).localname
    kept = name if name in _ELEMENTS else "mrow"
    copy: lxml.etree._Element = lxml.etree.Element(f"{{{_NAMESPACE}}}{kept}", nsmap={None: _NAMESPACE})
    for key, value in element.attrib.items():
        if str(key) in _ATTRIBUTES:
            copy.set(key, value)
    if not len(element):
        copy.text = element.text
    for child in element:
        if isinstance(child.tag, str) and not lxml.etree.QName(child).localname.startswith(("annotation", "script", "style")):
            copy.append(_presentation(child))
    return copy


def characters_of(svg: bytes) -> str:
    """The characters of the formula that a picture shows, a space between its parts; empty where it shows none."""
    formula = formula_in(svg)
    if formula is None:
        return ""
    hidden = set(formula.iter(f"{{{_NAMESPACE}}}mphantom"))
    tokens = (one for one in formula.iter(*(f"{{{_NAMESPACE}}}{name}" for name in _TOKENS)))
    seen = (one.text or "" for one in tokens if not any(around in hidden for around in one.iterancestors()))
    return " ".join(_UNSEEN.sub(" ", " ".join(seen)).split())


def with_hidden_characters(svg: bytes, families: str) -> bytes:
    """The picture of a formula with its characters on it, to be read by machines and seen by nobody; others as they are.

    `families` begins with a face of one width.
    """
    characters = characters_of(svg)
    if not characters:
        return svg
    found = re.search(rb'viewBox="([-\d.]+) ', svg)
    left, parts = float(found[1]) if found else 0.0, []
    for part in characters.split():  # each by itself: the engine gives a space between letters no width
        parts.append(f'<text x="{left:g}" y="0" font-size="1" fill-opacity="0" font-family="{families}">{escape(part)}</text>')
        left += _PITCH * len(part) + _GAP
    return svg.replace(b"</svg>", f"{''.join(parts)}</svg>".encode(), 1)


def formula_in(svg: bytes) -> lxml.etree._Element | None:
    """The MathML that a picture made here holds; None where it holds none."""
    if _NAMESPACE.encode() not in svg:
        return None
    return next(lxml.etree.fromstring(svg).iter(f"{{{_NAMESPACE}}}math"), None)
