"""Code whose lines are wider than its column: its type gets smaller, then it goes out into the margin; lines are broken last.

A style sheet says how small and how far: `--least-size` and `--hang-out` of a `pre`, each a length. All characters of a typeface
for code are equally wide, so the widest line is known by its characters, before a line is laid out.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block
from weasyprint.text import line_break

_PIXELS = {"px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_WIDE = 5 / 3  # of the width of a Latin letter: an ideograph is as wide as the type is high
_TAB = 8
_level_width = block.block_level_width


def fit_code() -> None:
    """Puts the fitting of code behind the width of its block."""
    _fitting_width.without_min_max = _level_width.without_min_max  # type: ignore[attr-defined]
    block.block_level_width = _fitting_width


def is_fitted() -> bool:
    """Whether code is fitted where a style sheet asks for it."""
    return block.block_level_width is _fitting_width


def _fitting_width(box: Any, parent: Any, *options: Any) -> None:
    _level_width(box, parent, *options)
    if box.element_tag == "pre" and box.style["__least_size"]:
        _fit(box, parent)


def _fit(box: Any, parent: Any) -> None:
    """Sets the size of the type of `box`, and lets it hang out of its column if it is not in something narrower."""
    size = box.__dict__.setdefault("full_size", box.style["font_size"])  # a block is laid out anew when the page is
    natural = box.__dict__.setdefault("widest_line", _widest_line(box))
    least = min(1.0, _length(box.style["__least_size"]) / size)
    hang = _length(box.style["__hang_out"]) if _is_text_column(parent) else 0.0
    factors = (1.0, (1 + least) / 2, least)
    choices = [(factor, room) for room in dict.fromkeys((0.0, hang)) for factor in factors]
    factor, room = next(((factor, room) for factor, room in choices if natural * factor <= box.width + room), (least, hang))
    if room:
        side = "margin_right" if parent.style["direction"] == "rtl" else "margin_left"
        setattr(box, side, getattr(box, side) - room)
        box.width += room
    if size * factor != box.style["font_size"]:
        _resize(box, size * factor)


def _is_text_column(parent: Any) -> bool:
    """Whether a block is the text of an article in a single column."""
    names = str(parent.element.get("class")).split() if isinstance(parent, boxes.Box) and parent.element is not None else []
    return "text" in names and not parent.is_column


def _widest_line(box: Any) -> float:
    """The width in CSS pixels of the widest line, at the size at which the style sheets set it."""
    text = "".join(part.text for part in box.descendants() if isinstance(part, boxes.TextBox))
    columns = max((sum(_columns(char) for char in line.expandtabs(_TAB).rstrip()) for line in text.split("\n")), default=0)
    layout = line_break.create_layout("0", box.style, None, None, 0)
    line, _ = layout.get_first_line()
    return float(columns * line_break.line_size(line, box.style)[0])


def _columns(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else 1


def _length(tokens: Any) -> float:
    """A length of a custom property in CSS pixels; 0 if there is none."""
    token = next((token for token in tokens or () if token.type == "dimension"), None)
    return float(token.value) * _PIXELS.get(token.lower_unit, 0.0) if token is not None else 0.0


def _resize(box: Any, size: float) -> None:
    """Sets a block and all in it, which inherits its type, in another size; lines keep their height in proportion."""
    factor = size / box.style["font_size"]
    styles: dict[int, Any] = {}
    for part in box.descendants():
        known = part.style
        if id(known) not in styles:
            style = styles[id(known)] = known.copy()
            style["font_size"] = known["font_size"] * factor
            height = known["line_height"]
            if hasattr(height, "unit"):
                style["line_height"] = height._replace(value=height.value * factor)
        part.style = styles[id(known)]
    box.__dict__["kept_styles"] = list(styles.values())  # ids are those of living objects
