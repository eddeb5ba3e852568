"""Lays out text in columns that fill the page, each with its notes at its own foot (docs/upstream/columns.md).

WeasyPrint's own columns share the notes of the page: it lays the columns out again for every height that the notes might have,
leaves gaps where they turn out lower, and balances by trying one height after the other. Here a column is a small page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from typing import Any

from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import block
from weasyprint.layout.column import columns_layout
from weasyprint.layout.percent import percentage, resolve_percentages

_STEP = 4.0  # CSS pixels: how exactly the last columns are balanced
_FORCED = {"page", "left", "right", "recto", "verso"}
_Fill = Callable[[float, list[Any]], "_Columns"]


@dataclass(frozen=True)
class _Columns:
    """Columns side by side: where the text goes on, None at its end, and how high each is with its notes, in CSS pixels."""

    boxes: list[Any]
    resume_at: Any
    next_page: dict[str, Any]
    heights: list[float]
    complete: bool


def lay_out_columns(
    context: Any, box: Any, bottom_space: float, skip_stack: Any, containing_block: Any, page_is_empty: bool,
    absolute_boxes: list[Any], fixed_boxes: list[Any], adjoining_margins: list[Any], *first_styles: Any,
) -> Any:  # fmt: skip
    """`columns_layout` of WeasyPrint, for columns of automatic height without a child that spans them; others are left to it."""
    if context.in_column or box.style["height"] != "auto" or any(child.style["column_span"] == "all" for child in box.children):
        return columns_layout(
            context, box, bottom_space, skip_stack, containing_block, page_is_empty, absolute_boxes, fixed_boxes,
            adjoining_margins, *first_styles,
        )  # fmt: skip
    box = box.copy_with_children(box.children)
    box.position_y += block.collapse_margin([*adjoining_margins, box.margin_top]) - box.margin_top
    block.block_level_width(box, containing_block)
    bottom = context.page_bottom - bottom_space - box.padding_bottom - box.border_bottom_width

    def fill(height: float, positioned: list[Any]) -> _Columns:
        return _filled(context, box, box.content_box_y() + height, skip_stack, page_is_empty, positioned, first_styles)

    positioned: list[Any] = []
    state = _State(context)
    columns = fill(bottom - box.content_box_y(), positioned)
    if not columns.boxes:
        state.restore()
        return None, (0, None), {"break": "any", "page": None}, [], False
    if columns.complete and box.style["column_fill"] != "auto":
        height = _balanced_height(columns, fill, state)
        state.restore()
        positioned = []
        columns = fill(height, positioned)
    absolute_boxes += positioned
    state.leave_columns()
    box.children = columns.boxes
    box.height = max(columns.heights)
    for column in box.children:
        column.height = box.height
    return box, columns.resume_at, columns.next_page, [], False


class _State:
    """What a layout changes in the context, as it was before: a height that is only tried leaves no trace."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._waiting, self._reported = context.footnotes[:], context.reported_footnotes[:]
        self._page = context.current_page_footnotes, context.current_footnote_area, context.page_bottom
        self._out_of_flow = dict(context.broken_out_of_flow)
        self._shapes = len(context.excluded_shapes)

    def leave_columns(self) -> None:
        """Lets the notes of the page be those that it had above the columns."""
        context = self._context
        context.current_page_footnotes, context.current_footnote_area, context.page_bottom = self._page

    def restore(self) -> None:
        self.leave_columns()
        self._context.footnotes[:] = self._waiting
        self._context.reported_footnotes = self._reported[:]
        self._context.broken_out_of_flow.clear()
        self._context.broken_out_of_flow.update(self._out_of_flow)
        del self._context.excluded_shapes[self._shapes :]


def _filled(
    context: Any, box: Any, bottom: float, skip_stack: Any, page_is_empty: bool, positioned: list[Any], first_styles: Any
) -> _Columns:
    """The columns of `box` down to `bottom`, in CSS pixels from the head of the page."""
    count, width, gap = _measures(box)
    filled: list[Any] = []
    heights: list[float] = []
    next_page: dict[str, Any] = {"break": "any", "page": None}
    resume_at, complete = skip_stack, False
    for number in range(count):
        column = _column_box(box, width, number * (width + gap))
        _begin_notes(context, column, bottom)
        empty = page_is_empty if number == 0 else bottom - column.position_y > _least_height(box)
        new, after, following, *_ = block.block_box_layout(
            context, column, 0, resume_at, box, empty, positioned, positioned, None, *first_styles, discard=False, max_lines=None
        )
        if new is None:
            break
        resume_at, next_page = after, following
        notes = _notes_at_foot(context, positioned)
        heights.append(_height(new) + (notes.margin_height() if notes else 0))
        new.children = [*new.children, *([notes] if notes else [])]
        filled.append(new)
        if after is None:
            complete = not context.reported_footnotes
            break
        if following["break"] in _FORCED or following["page"] not in (None, box.page_values()[0]):
            break
    return _Columns(filled, resume_at, next_page, heights, complete)


def _balanced_height(full: _Columns, fill: _Fill, state: _State) -> float:
    """The least height, nearly, at which all that is left of the text fits into the columns; notes count."""
    count, high = max(2, len(full.heights)), max(full.heights)
    low = sum(full.heights) / count - _STEP
    step = 2 * _STEP
    while low + step < high:  # from below, as the best height is near the mean of the columns
        if _fits(low + step, fill, state):
            high = low + step
            break
        low, step = low + step, 2 * step
    while high - low > _STEP:
        middle = (low + high) / 2
        low, high = (low, middle) if _fits(middle, fill, state) else (middle, high)
    return high


def _fits(height: float, fill: _Fill, state: _State) -> bool:
    state.restore()
    columns = fill(height, [])
    return columns.complete and max(columns.heights) <= height + 1


def _measures(box: Any) -> tuple[int, float, float]:
    """The number of columns, their width and the gap between them (CSS Multi-column 1, 3.4)."""
    style, width, count = box.style, box.style["column_width"], box.style["column_count"]
    gap = style["font_size"] if style["column_gap"] == "normal" else percentage(style["column_gap"], style, box.width)
    if width != "auto":
        fitting = max(1, floor((box.width + gap) / (width + gap)))
        count = fitting if count == "auto" else min(count, fitting)
    return count, max(0, (box.width + gap) / count - gap), gap


def _column_box(box: Any, width: float, offset: float) -> Any:
    column = box.anonymous_from(box, children=box.children)
    resolve_percentages(column, box)
    column.is_column = True
    column.width = width
    right_to_left = box.style["direction"] == "rtl"
    column.position_x = box.content_box_x() + (box.width - width - offset if right_to_left else offset)
    column.position_y = box.content_box_y()
    return column


def _least_height(box: Any) -> float:
    """The height of a column that must take something, even what is taller: less would be left empty."""
    return float(20 * box.style["font_size"])


def page_of(context: Any) -> Any:
    """The box of the page that is laid out, also in a column."""
    box = context.current_footnote_area.page
    while hasattr(box, "outer_area"):
        box = box.outer_area.page
    return box


def _begin_notes(context: Any, column: Any, bottom: float) -> None:
    """Gives a column a foot of its own, with the notes that the column before it had no room for."""
    column.outer_area = context.current_footnote_area
    area = boxes.FootnoteAreaBox(column, column.outer_area.style)
    resolve_percentages(area, column)
    area.position_x, area.position_y = column.position_x, bottom
    context.current_footnote_area, context.current_page_footnotes, context.page_bottom = area, [], bottom
    waiting, context.reported_footnotes = context.reported_footnotes, []
    for index, note in enumerate(waiting):
        context.footnotes.append(note)
        if context.layout_footnote(note) and index:
            context.report_footnote(note)
            context.reported_footnotes = waiting[index:]
            break


def _notes_at_foot(context: Any, positioned: list[Any]) -> Any:
    area = context.current_footnote_area
    if not context.current_page_footnotes:
        return None
    area.children = context.current_page_footnotes
    laid_out = build.create_anonymous_boxes(area.deepcopy())
    laid_out.position_x = area.page.position_x
    laid_out = block.block_level_layout(context, laid_out, float("-inf"), None, area.page, True, positioned, positioned)[0]
    laid_out.translate(dy=-laid_out.margin_height())
    return laid_out


def _height(column: Any) -> float:
    """How high the text of a column is, without the margin below it."""
    last = block.find_last_in_flow_child(column.children)
    return float(last.border_box_y() + last.border_height() - column.position_y) if last else 0.0
