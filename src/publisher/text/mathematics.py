"""Draws formulas in TeX or MathML as images: SVG in a data URI, with the formula as one line of text as the alt text.

WeasyPrint does not lay out MathML; ziamath draws the same image everywhere. The middle of the image is a
quarter of an em above the baseline, so that `vertical-align: middle` puts it on the line. The SVG's `metadata` element holds
the formula as MathML, with the TeX that it was made of. E-readers can read it aloud and scale it with the text. On the page the
line of text stands invisibly on the drawing, so that it can be searched and copied and counts as words of the text.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from html import escape

import lxml.etree

from publisher.text.characters import without_bad_references
from publisher.text.linear_formulas import linear_text

_FONT_SIZE = 14.27  # CSS pixels: the body's 10.7 pt
_KEPT = 4096  # drawings in a process: a formula that comes again is not drawn again
_MIDDLE = 0.24 * _FONT_SIZE  # above the baseline: half the x-height, with which CSS aligns the middle
_VIEW_BOX = re.compile(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+" viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
_LEFT_AND_WIDTH = re.compile(rb'viewBox="([-\d.]+) [-\d.]+ ([\d.]+) ')
_ADVANCE = 0.6  # em: the advance of a monospaced font
_TOKEN_ELEMENTS = ("mi", "mn", "mo", "mtext", "ms")
_SOURCE = re.compile(r"tex|starmath", re.IGNORECASE)  # encodings of annotations that hold the source of a formula
_TEX_COMMAND = re.compile(r"\\[A-Za-z]+")
# Environments of lines that are aligned, which latex2mathml does not know (amsmath).
_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|align\*?|split|gathered|gather\*?|eqnarray\*?)\}")
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
    return _image_element(_ALIGNED.sub(_as_array, source.strip()), "", "tex", display)


def from_mathml(source: str, alt: str = "", display: bool = False) -> str:
    """An `img` for a `math` element, with or without its namespace. Raises FormulaError.

    `alt` is a description in words, if there is one. An image without a description has the formula as one line of text.
    """
    return _image_element(source, alt, "mathml", display)


def _as_array(match: re.Match[str]) -> str:
    columns = "" if match[1] == "end" else "{rlrlrlrlrl}"
    return f"\\{match[1]}{{array}}{columns}"


def _image_element(source: str, alt: str, notation: str, display: bool) -> str:
    data, width, height, text = _drawing(source, notation, display)
    alt = alt or text
    css_class = "math display" if display else "math"
    return (
        f'<img class="{css_class}" alt="{escape(" ".join(alt.split()), quote=True)}" width="{width}" height="{height}"'
        f' src="data:image/svg+xml;base64,{data}"/>'
    )


@lru_cache(_KEPT)
def _drawing(source: str, notation: str, display: bool) -> tuple[str, int, int, str]:
    """The SVG with the formula as MathML in it, in base64, its size in whole CSS pixels, and the formula as one line of text."""
    formula = _from_tex(source, display) if notation == "tex" else _clean_mathml(source)
    plain = lxml.etree.tostring(_clean_copy(formula), encoding="unicode")
    svg, width, height = _svg_and_size(source if notation == "tex" else plain, notation, display)
    mathml = lxml.etree.tostring(formula, encoding="unicode")
    data = base64.b64encode(svg.replace(">", f"><metadata>{mathml}</metadata>", 1).encode()).decode()
    return data, width, height, linear_text(formula)


def _svg_and_size(source: str, notation: str, display: bool) -> tuple[str, int, int]:
    from ziamath.zmath import Latex, Math

    from publisher.text.ziamath_patches import measure_rows_that_stretch, reset_font

    measure_rows_that_stretch()
    reset_font()
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


def _from_tex(source: str, display: bool) -> lxml.etree._Element:
    """The formula as MathML, with its source. Raises FormulaError if a command is unknown: it would be drawn as its name."""
    from latex2mathml.converter import convert

    try:
        formula = _clean_mathml(convert(source, display="block" if display else "inline"))
    except Exception as error:  # latex2mathml has no exception class of its own
        raise FormulaError(f"{type(error).__name__}: {error}".removesuffix(": ")) from None
    unknown = next((match for text in formula.itertext() if (match := _TEX_COMMAND.search(text))), None)
    if unknown:
        raise FormulaError(f"unknown command {unknown[0]}")
    return _with_source(formula, source, "application/x-tex")


def _clean_mathml(source: str) -> lxml.etree._Element:
    """Presentation MathML only, with the source that it was made of, if it has it in an annotation."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=True)
    root = lxml.etree.fromstring(without_bad_references(source.encode()), parser)
    if root is None:
        raise FormulaError("not valid MathML")
    return _annotated_copy(root)


def _annotated_copy(root: lxml.etree._Element) -> lxml.etree._Element:
    for note in root.iter("{*}annotation", "annotation"):
        encoding, text = note.get("encoding", ""), (note.text or "").strip()
        if text and (not encoding or _SOURCE.search(encoding)):
            return _with_source(_clean_copy(root), text, encoding)
    return _clean_copy(root)


def _with_source(formula: lxml.etree._Element, source: str, encoding: str) -> lxml.etree._Element:
    """The formula with its source as an annotation, which nothing shows (MathML 3, 5.1.1)."""
    semantics, row, annotation = _element("semantics"), _element("mrow"), _element("annotation", source)
    if encoding:
        annotation.set("encoding", encoding)
    row.extend(list(formula))
    semantics.extend([row, annotation])
    formula.append(semantics)
    return formula


def _clean_copy(element: lxml.etree._Element) -> lxml.etree._Element:
    """A copy of an element with only what MathML allows; other elements become `mrow`. Text outside tokens becomes `mtext`."""
    name = _local_name(element)
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


def _local_name(element: lxml.etree._Element) -> str:
    """The name of an element without its namespace. (QName raises for the names that an HTML parser takes, such as `m:`.)"""
    return str(element.tag).rpartition("}")[2]


def _is_foreign(element: lxml.etree._Element) -> bool:
    return _local_name(element).startswith(("annotation", "script", "style"))


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
    return _annotated_copy(formula) if formula is not None else None


def characters_of(svg: bytes) -> str:
    """The formula that an image shows, as one line of text; empty if it shows no formula."""
    formula = formula_in(svg)
    return linear_text(formula) if formula is not None else ""


def with_hidden_characters(svg: bytes, families: str) -> bytes:
    """The image of a formula with its text invisible on it, as wide as the image; other images are unchanged.

    The first of the font `families` is monospaced. If the text were shorter, a comma behind it would be read apart from it.
    """
    characters = characters_of(svg)
    if not characters:
        return svg
    match = _LEFT_AND_WIDTH.search(svg)
    left, width = (float(match[1]), float(match[2])) if match else (0.0, _FONT_SIZE)
    advance = width / len(characters)
    scale = advance / (_ADVANCE * _FONT_SIZE)  # the size of the text around it: else pdftotext takes it for another line
    elements = []
    for word in re.finditer(r"\S+", characters):  # one `text` element each: WeasyPrint gives a space between letters no width
        place = f"translate({left + advance * word.start():.2f} 0) scale({scale:.4f} 1)"
        attributes = f'transform="{place}" font-size="{_FONT_SIZE}" fill-opacity="0" font-family="{families}"'
        elements.append(f"<text {attributes}>{escape(word[0])}</text>")
    return svg.replace(b"</svg>", f"{''.join(elements)}</svg>".encode(), 1)


def formula_in(svg: bytes) -> lxml.etree._Element | None:
    """The MathML in an image that was made here; None for other images."""
    if _NAMESPACE.encode() not in svg:
        return None
    return next(lxml.etree.fromstring(svg).iter(f"{{{_NAMESPACE}}}math"), None)
