"""A formula as one line of text: 1/2, √16, (a+b)/(c+d), x^2, ∑_(i=1)^n i, [a, b; c, d].

The notation is that of Unicode Technical Note 28 (UnicodeMath) where it has one. What belongs together is in parentheses, and
factors stand apart, so the text has one meaning only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeAlias

import lxml.etree

_Element: TypeAlias = lxml.etree._Element

_TOKENS = ("mi", "mn", "mtext", "ms")
_RELATIONS = frozenset("=<>≤≥≠≈≡≔≅∼≃∝∈∉∋⊂⊃⊆⊇→←↔⇒⇐⇔↦⟶⟹∣∥⊥≪≫")
_OPENING, _CLOSING = frozenset("([{⟨⌈⌊|‖"), frozenset(")]}⟩⌉⌋|‖")
_SPACED_RELATION = re.compile(f" ([{''.join(sorted(_RELATIONS))}]) ")
_BIG = frozenset("∑∏∐∫∬∭∮⋃⋂⨁⨂⋀⋁")
# Function application, invisible times, separator and plus, zero-width space: nothing is seen of them.
_INVISIBLE = re.compile("[\u2061-\u2064\u200b]")
_ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304", "_": "\u0304", "―": "\u0304",
    "˙": "\u0307", "¨": "\u0308", "→": "\u20d7", "⃗": "\u20d7", "ˇ": "\u030c",
}  # fmt: skip
_BRACES = frozenset("⏞⏟⏠⏡⎴⎵¯‾―_^ˆ~˜→←")  # above or below a whole expression
_PRIMES = frozenset("′″‴⁗*'")
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}


def linear_text(formula: _Element) -> str:
    """The text of a MathML element, with or without its namespace; empty if it shows nothing."""
    return " ".join(_text(formula).split())


def _name(element: _Element) -> str:
    """The name without namespace or prefix; of a page it may be no name of XML. Empty for comments."""
    return re.split("[}:]", element.tag)[-1] if isinstance(element.tag, str) else ""


def _text(element: _Element) -> str:
    name = _name(element)
    if name in _TOKENS:
        return " ".join(_INVISIBLE.sub(" ", element.text or "").split())
    if name == "mo":
        return _INVISIBLE.sub("", (element.text or "").strip())
    if name == "semantics":
        return _text(element[0]) if len(element) else ""
    if not name:
        return ""
    form = _FORMS.get(name, (0, _row))
    # An element with too few parts is broken; its parts are read as a row.
    return form[1](element) if len(element) >= form[0] else _row(element)


def _row(element: _Element) -> str:
    """The parts of a row: relations between spaces, operators close to what they join, factors apart if they could be misread."""
    row, last, last_text, is_spaced = "", element, "", False
    for part in _parts(element):
        text = _text(part)
        if not text:
            is_spaced = is_spaced or _is_space(part)
            continue
        is_apart = bool(row) and (is_spaced or _stands_apart(last, last_text, part, text))
        row += f" {text}" if is_apart else text
        last, last_text, is_spaced = part, text, False
    return row


def _is_space(element: _Element) -> bool:
    width = str(element.get("width", ""))
    return _name(element) == "mspace" and not width.startswith(("-", "0px", "0em"))


def _parts(element: _Element) -> list[_Element]:
    """The parts of a row; rows in it that only group are opened."""
    parts = []
    for part in element:
        name = _name(part)
        parts += _parts(part) if name in ("mrow", "mstyle", "mpadded", "merror", "math") else [part]
    return parts


def _stands_apart(before: _Element, left: str, after: _Element, right: str) -> bool:
    """Whether a space stands between two parts of a row."""
    operator, next_operator = _core(before), _core(after)
    if operator in _RELATIONS or next_operator in _RELATIONS or operator in (",", ";"):
        return True
    is_word = left[-2:].isalpha() and len(left) > 1 and not operator
    if next_operator and next_operator not in _BIG:
        return is_word and next_operator in "+−-±∓"  # sin −x, but sin(x)
    if operator:
        return operator in _BIG or (operator in _CLOSING and left != operator)  # behind a power of brackets
    # Letters of one upright word (km). Factors stand apart: a voice reads "4 a c" letter by letter, and "4ac" as a word.
    return not all(_name(part) == "mi" and part.get("mathvariant") == "normal" for part in (before, after))


def _core(element: _Element) -> str:
    """The operator that an element is, with or without scripts (MathML Core, embellished operators); empty for an operand."""
    name = _name(element)
    if name in ("msup", "msub", "msubsup", "munder", "mover", "munderover") and len(element):
        return _core(element[0])
    text = _text(element) if name == "mo" else ""
    return "" if text.isalpha() and len(text) > 1 else text  # lim, sin and others are words


def _grouped(element: _Element) -> str:
    """The text of a part, in parentheses if it is more than a number, a name, a root or what is in brackets of its own."""
    text = _text(element)
    parts = _parts(element) if _name(element) in ("mrow", "mstyle", "math") else [element]
    name = _name(parts[0]) if len(parts) == 1 else ""
    is_whole = name in ("mi", "mn", "mo", "msqrt", "mroot") or (name == "mtext" and " " not in text)
    return text if is_whole or not text or _is_bracketed(text) else f"({text})"


def _is_bracketed(text: str) -> bool:
    """Whether the first character is a parenthesis that the last one closes."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth <= 0:
            return char == ")" and place == len(text) - 1
    return False


def _base(element: _Element) -> str:
    """What a script stands at: a fraction or a row is in parentheses, another script is not."""
    name = _name(element)
    return _text(element) if name in ("msub", "munder", "mover", "munderover") else _grouped(element)


def _fraction(element: _Element) -> str:
    stroke = "¦" if str(element.get("linethickness", "")).startswith("0") else "/"  # without a line: a binomial coefficient
    return f"{_term(element[0])}{stroke}{_term(element[1])}"


def _term(element: _Element) -> str:
    """A numerator or denominator: a power or an index alone needs no parentheses."""
    parts = _parts(element) if _name(element) in ("mrow", "mstyle") else [element]
    is_script = len(parts) == 1 and _name(parts[0]) in ("msup", "msub", "msubsup")
    return _text(element) if is_script else _grouped(element)


def _square_root(element: _Element) -> str:
    parts = _parts(element)
    return f"√{_grouped(parts[0]) if len(parts) == 1 else f'({_row(element)})'}"


def _root(element: _Element) -> str:
    degree = _text(element[1])
    return f"{_ROOTS.get(degree) or f'√[{degree}]'}{_grouped(element[0])}"


def _superscript(element: _Element) -> str:
    return _base(element[0]) + _raised(element[1])


def _raised(element: _Element) -> str:
    text = _text(element)
    return text if text and set(text) <= _PRIMES else f"^{_close(element)}" if text else ""


def _lowered(element: _Element) -> str:
    return f"_{_close(element)}" if _text(element) else ""


def _close(element: _Element) -> str:
    """A script: without spaces at its relations."""
    return _SPACED_RELATION.sub(r"\1", _grouped(element))


def _subscript(element: _Element) -> str:
    return _base(element[0]) + _lowered(element[1])


def _both_scripts(element: _Element) -> str:
    return _base(element[0]) + _lowered(element[1]) + _raised(element[2])


def _over(element: _Element) -> str:
    base, mark = _text(element[0]), _text(element[1])
    if mark in _ACCENTS and len(base) == 1:
        return unicodedata.normalize("NFC", base + _ACCENTS[mark])
    return f"{mark}{_grouped(element[0])}" if mark in _BRACES else _superscript(element)


def _under(element: _Element) -> str:
    mark = _text(element[1])
    return f"{mark}{_grouped(element[0])}" if mark in _BRACES else _subscript(element)


def _prescripts(element: _Element) -> str:
    """Base, pairs of scripts behind it, `mprescripts`, pairs of scripts before it (MathML 3, 3.4.7)."""
    behind, before = [""], [""]
    scripts = behind
    for part in element[1:]:
        if _name(part) == "mprescripts":
            scripts = before
        else:
            scripts.append(_lowered(part) if len(scripts) % 2 else _raised(part))
    return "".join(before) + _base(element[0]) + "".join(behind)


def _table(element: _Element) -> str:
    """A matrix, in square brackets unless it has brackets of its own; lines of equations only have semicolons between them."""
    rows = [[text for cell in row if (text := _text(cell))] for row in element]
    lines = [cells for cells in rows if cells]
    if all(len(cells) == 1 or cells[1][0] in _RELATIONS for cells in lines):
        return "; ".join(" ".join(cells) for cells in lines)
    text = "; ".join(", ".join(cells) for cells in lines)
    return text if _in_brackets(element) else f"[{text}]"


def _in_brackets(element: _Element) -> bool:
    before, after = element.getprevious(), element.getnext()
    return before is not None and _core(before) in _OPENING and after is not None and _core(after) in _CLOSING


def _enclosed(element: _Element) -> str:
    return _grouped(element[0]) if len(element) == 1 else f"({_row(element)})"


# For each element the number of parts that it must have, and its text.
_FORMS: dict[str, tuple[int, Callable[[_Element], str]]] = {
    "mfrac": (2, _fraction),
    "msqrt": (1, _square_root),
    "mroot": (2, _root),
    "msup": (2, _superscript),
    "msub": (2, _subscript),
    "msubsup": (3, _both_scripts),
    "munder": (2, _under),
    "mover": (2, _over),
    "munderover": (3, _both_scripts),
    "mmultiscripts": (1, _prescripts),
    "mtable": (1, _table),
    "menclose": (1, _enclosed),
    "mphantom": (0, lambda _: ""),
    "mspace": (0, lambda _: ""),
    "none": (0, lambda _: ""),
}
