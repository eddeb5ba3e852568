"""`text-wrap: balance` for WeasyPrint (CSS Text 4, 6.4.1): the lines of a headline become about equally wide.

The lines are laid out in a narrower box that needs no more of them. Only the lines have this box: borders, backgrounds and what
follows keep the width of the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.css import properties
from weasyprint.css.tokens import single_keyword
from weasyprint.css.validation import properties as validation
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

_VALUES = ("wrap", "balance", "pretty", "stable")
_ENOUGH = 0.6  # of the widest line: a last line that is no shorter looks right
_FIRST = 1.12  # of the mean width of the lines: wide enough for most headlines
_STEP = 2.0  # CSS pixels: so near the width comes to the narrowest
_MAX_LINES = 10  # a longer text is no headline, and lines that end a little apart are nothing to see in it
_iter_line_boxes = block.iter_line_boxes


def declare_text_wrap() -> None:
    """Lets style sheets use `text-wrap`, which is inherited; where this version has no such property it has no effect yet."""
    if "text-wrap" not in properties.KNOWN_PROPERTIES:
        properties.INITIAL_VALUES["text_wrap"] = "wrap"
        properties.INHERITED.add("text_wrap")
        properties.KNOWN_PROPERTIES.add("text-wrap")
        validation.PROPERTIES["text-wrap"] = single_keyword(lambda keyword: keyword in _VALUES)
        validation.PROPERTIES["text-wrap"].wants_base_url = False


def balance_lines() -> None:
    """Puts the layout of balanced lines before WeasyPrint's own."""
    block.iter_line_boxes = _balanced_line_boxes


def are_balanced() -> bool:
    """Whether lines are laid out balanced where a style sheet asks for it."""
    return block.iter_line_boxes is _balanced_line_boxes and "text-wrap" in properties.KNOWN_PROPERTIES


def _balanced_line_boxes(
    context: Any, box: Any, y: float, bottom_space: float, skip_stack: Any, parent: Any, *others: Any
) -> Iterator[tuple[Any, Any]]:
    """`iter_line_boxes` of the line box `box`, in a narrower copy of its `parent` if its text is to be balanced."""

    def lines(width: float) -> Iterator[tuple[Any, Any]]:
        return _iter_line_boxes(context, box, y, bottom_space, skip_stack, _narrowed(parent, width), *others)  # type: ignore[no-any-return]

    if parent.style["text_wrap"] != "balance" or not _is_plain(box) or _is_beside_floats(context, y):
        return lines(parent.width)
    known = box.__dict__.setdefault("balanced_widths", {})  # a block is laid out anew when the page is
    if parent.width in known or skip_stack is not None:
        return lines(known.get(parent.width, parent.width))
    known[parent.width], found = _balanced(lines, float(parent.width))
    return iter(found)


def _is_plain(box: Any) -> bool:
    """Whether laying the lines of a box out leaves nothing behind: there is no float and nothing with a position in it."""
    inline = boxes.LineBox | boxes.TextBox | boxes.InlineBox | boxes.InlineReplacedBox
    return all(isinstance(child, inline) and child.is_in_normal_flow() for child in box.descendants())


def _is_beside_floats(context: Any, y: float) -> bool:
    return any(shape.position_y + shape.margin_height() > y for shape in context.excluded_shapes)


def _balanced(lines: Callable[[float], Iterator[tuple[Any, Any]]], width: float) -> tuple[float, list[tuple[Any, Any]]]:
    """A width up to `width`, and the lines of this width: as many as of `width`, no word broken that is whole there."""
    full = list(lines(width))
    widths = [float(line.width) for line, _ in full]
    if not 2 <= len(full) <= _MAX_LINES or widths[-1] >= _ENOUGH * max(widths):
        return width, full
    words, best = _words(full), (width, full)
    low, high = sum(widths) / len(widths), max(widths)
    middle = min(_FIRST * low, (low + high) / 2)
    while high - low > _STEP:
        tried = list(lines(middle))
        widths = [float(line.width) for line, _ in tried]
        if len(tried) == len(full) and max(widths) <= middle and _words(tried) <= words:
            best, high = (middle, tried), max(widths)
            if widths[-1] >= _ENOUGH * max(widths):
                break
        else:
            low = middle
        middle = (low + high) / 2
    return best


def _words(lines: list[tuple[Any, Any]]) -> int:
    """The number of words in lines; a word over two lines counts twice."""
    texts = ("".join(part.text for part in line.descendants() if isinstance(part, boxes.TextBox)) for line, _ in lines)
    return sum(len(text.split()) for text in texts)


def _narrowed(parent: Any, width: float) -> Any:
    """A copy of a block with this width of content, on the side on which its lines stand."""
    spare = parent.width - width
    if spare <= 0:
        return parent
    narrow = parent.copy()
    narrow.width = width
    align, start_at_right = parent.style["text_align_all"], parent.style["direction"] == "rtl"
    if align == "center":
        narrow.position_x += spare / 2
    elif align == "right" or align == ("start" if start_at_right else "end"):
        narrow.position_x += spare
    return narrow
