"""Converts Office math (OMML, ECMA-376 part 1, 22.1), as Word's formula editor writes it, to MathML, element by element."""

from __future__ import annotations

from html import escape
from typing import Any

from publisher.input.xml import children_named, first_child, local_name

_ACCENTS = {"\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "¯", "\u0307": "˙", "\u0308": "¨", "\u20d7": "→", "": "^"}


def mathml(formula: Any) -> str:
    """The `math` element for an `m:oMath` element."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{_row(formula)}</math>'


def _row(element: Any) -> str:
    return "".join(_markup(part) for part in element) if element is not None else ""


def _group(element: Any, *path: str) -> str:
    return f"<mrow>{_row(first_child(element, *path))}</mrow>"


def _property(element: Any, name: str, default: str) -> str:
    """The value of a property of an element (`m:fPr` holds those of `m:f`)."""
    property_element = first_child(element, f"{local_name(element)}Pr", name)
    if property_element is None:
        return default
    return next((value for key, value in property_element.attrib.items() if key.endswith("}val")), default)


def _markup(element: Any) -> str:
    name = local_name(element)
    if name == "r":
        return "".join(_run("".join(text.itertext())) for text in children_named(element, "t"))
    converter = _CONVERTERS.get(name)
    return converter(element) if converter else "" if name.endswith("Pr") else _row(element)


def _run(text: str) -> str:
    """The letters, numbers and operators of a run, each in its own element."""
    parts, number = [], ""
    for char in [*text, ""]:
        if char and (char.isdigit() or (char == "." and number)):
            number += char
            continue
        if number:
            parts.append(f"<mn>{number}</mn>")
            number = ""
        if char.isalpha():
            parts.append(f"<mi>{escape(char)}</mi>")
        elif char.strip():
            parts.append(f"<mo>{escape(char)}</mo>")
    return "".join(parts)


def _fraction(element: Any) -> str:
    return f"<mfrac>{_group(element, 'num')}{_group(element, 'den')}</mfrac>"


def _radical(element: Any) -> str:
    degree = _row(first_child(element, "deg"))
    return f"<mroot>{_group(element, 'e')}<mrow>{degree}</mrow></mroot>" if degree else f"<msqrt>{_group(element, 'e')}</msqrt>"


def _nary(element: Any) -> str:
    sign, below, above = _property(element, "chr", "∫"), _group(element, "sub"), _group(element, "sup")
    name = "munderover" if sign in "∑∏⋃⋂" else "msubsup"
    return f"<{name}><mo>{escape(sign)}</mo>{below}{above}</{name}>{_group(element, 'e')}"


def _delimiters(element: Any) -> str:
    opens, closes = _property(element, "begChr", "("), _property(element, "endChr", ")")
    inner = f"<mo>{escape(_property(element, 'sepChr', '|'))}</mo>".join(
        f"<mrow>{_row(part)}</mrow>" for part in children_named(element, "e")
    )
    return f"<mrow><mo>{escape(opens)}</mo>{inner}<mo>{escape(closes)}</mo></mrow>"


def _matrix(element: Any) -> str:
    rows = ("".join(f"<mtd>{_row(cell)}</mtd>" for cell in children_named(row, "e")) for row in children_named(element, "mr"))
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in rows)}</mtable>"


def _equation_array(element: Any) -> str:
    return f"<mtable>{''.join(f'<mtr><mtd>{_row(line)}</mtd></mtr>' for line in children_named(element, 'e'))}</mtable>"


def _function(element: Any) -> str:
    return f"{_group(element, 'fName')}<mo>\u2061</mo>{_group(element, 'e')}"


def _accent(element: Any) -> str:
    mark = _property(element, "chr", "")
    return f'<mover accent="true">{_group(element, "e")}<mo>{escape(_ACCENTS.get(mark, mark))}</mo></mover>'


def _script_converter(name: str, *places: str) -> Any:
    def converter(element: Any) -> str:
        return f"<{name}>{''.join(_group(element, place) for place in places)}</{name}>"

    return converter


_CONVERTERS = {
    "f": _fraction,
    "rad": _radical,
    "nary": _nary,
    "d": _delimiters,
    "m": _matrix,
    "eqArr": _equation_array,
    "func": _function,
    "acc": _accent,
    "sSup": _script_converter("msup", "e", "sup"),
    "sSub": _script_converter("msub", "e", "sub"),
    "sSubSup": _script_converter("msubsup", "e", "sub", "sup"),
    "limLow": _script_converter("munder", "e", "lim"),
    "limUpp": _script_converter("mover", "e", "lim"),
}
