"""Formulas, in TeX's notation or MathML, as pictures: SVG in a data URI, its source as the alt text.

No back-end of ours lays out MathML (FIELD_NOTES), and e-readers differ; ziamath draws the same picture everywhere. Its
middle is a quarter of an em above the baseline, so that `vertical-align: middle` sets it on the line.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from html import escape

_SIZE = 14.27  # CSS pixels: the body's 10.7 pt
_MIDDLE = 0.24 * _SIZE  # above the baseline: half the x-height, to which CSS aligns the middle
_VIEW_BOX = re.compile(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+" viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"


class Unreadable(ValueError):
    """A formula that cannot be drawn; the message says why."""


def from_tex(source: str, display: bool = False) -> str:
    """An `img` for TeX math. Raises Unreadable."""
    return _image(source.strip(), source.strip(), "tex", display)


def from_mathml(source: str, alt: str, display: bool = False) -> str:
    """An `img` for a `math` element, with or without its namespace. Raises Unreadable."""
    if _NAMESPACE not in source:
        source = source.replace("<math", f'<math xmlns="{_NAMESPACE}"', 1)
    return _image(source, alt, "mathml", display)


def _image(source: str, alt: str, notation: str, display: bool) -> str:
    svg, width, height = _drawn(source, notation, display)
    data = base64.b64encode(svg.encode()).decode()
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
