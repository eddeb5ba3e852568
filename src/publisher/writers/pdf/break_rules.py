"""Where pages end, beyond what CSS can say: no headline near the foot, and text that goes on where a figure does not fit.

WeasyPrint breaks the page in front of a figure that is too tall for what is left of it. Here the blocks of text behind the figure
come first, and it stands behind them, near the head of the next page (docs/upstream/figures.md).
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import block

from publisher.writers.pdf.column_layout import page_of

_LAST_FIFTH = 0.8  # of the page's text height: no headline begins below
_PASSED = frozenset(
    ["p", "ul", "ol", "dl", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6"]
)  # no figure passes another, or a table
_MOST_PASSED = 6  # blocks: farther away a figure would be lost to the text that speaks of it
_in_flow_layout = block._in_flow_layout
_block_level_layout = block.block_level_layout


def lay_out_in_flow(context: Any, box: Any, index: int, child: Any, *rest: Any) -> Any:
    """`_in_flow_layout` of WeasyPrint for a child of `box`: `child`, or the text that stands in its place by now."""
    text = box.element is not None and "text" in str(box.element.get("class", "")).split()
    if not text:
        return _in_flow_layout(context, box, index, child, *rest)
    current = box.children[index]
    current.position_x, current.position_y = child.position_x, child.position_y
    new_children, adjoining_margins, bottom_space = rest[0], rest[4], rest[5]
    if _is_figure(current) and (
        _parts_what_belongs_together(box, index)
        or ((new_children or not rest[1]) and not _fits(context, box, current, adjoining_margins, bottom_space))
    ):
        current = _text_first(box, index)
        current.position_x, current.position_y = child.position_x, child.position_y
    return _in_flow_layout(context, box, index, current, *rest)


def lay_out_block(
    context: Any, box: Any, bottom_space: float, skip_stack: Any, containing_block: Any, *rest: Any, **names: Any
) -> Any:
    """`block_level_layout` of WeasyPrint: a headline in the last fifth of a page goes to the next page, or column."""
    page_is_empty = rest[0] if rest else names.get("page_is_empty", True)
    margins = rest[3] if len(rest) > 3 else names.get("adjoining_margins") or []
    if box.element_tag == "header" and skip_stack is None and not page_is_empty and _is_low(context, box, margins):
        return None, None, {"break": "any", "page": None}, [], False, None
    return _block_level_layout(context, box, bottom_space, skip_stack, containing_block, *rest, **names)


def _is_low(context: Any, box: Any, adjoining_margins: list[Any]) -> bool:
    page = page_of(context)
    return bool(box.position_y + block.collapse_margin(adjoining_margins) > page.content_box_y() + _LAST_FIFTH * page.height)


def _is_figure(box: Any) -> bool:
    return isinstance(box, boxes.BlockBox) and box.element_tag == "figure" and not box.is_table_wrapper


def _parts_what_belongs_together(box: Any, index: int) -> bool:
    """Whether a figure that text has passed stands behind a colon, in front of what the colon announces."""
    before = box.children[index - 1].element if index else None
    has_moved = getattr(box.children[index], "passed", 0) > 0
    return has_moved and before is not None and "".join(before.itertext()).rstrip().endswith(":")


def _fits(context: Any, box: Any, figure: Any, adjoining_margins: list[Any], bottom_space: float) -> bool:
    """Whether a figure fits on what is left of the page. It is laid out to see, and the notes in its caption are taken back."""
    x, y = figure.position_x, figure.position_y
    shown = _block_level_layout(context, figure, bottom_space, None, box, False, [], [], list(adjoining_margins))[0]
    figure.position_x, figure.position_y = x, y
    if shown is None:
        return False
    fits = not context.overflows_page(bottom_space, shown.border_box_y() + shown.border_height())
    block.remove_placeholders(context, [shown], [], [])
    return fits


def _indent_like_the_others(box: Any, index: int, paragraph: Any) -> None:
    """Gives a paragraph that follows another now, and no figure, the indent that others have: selectors know the tree alone."""
    follows = index and box.children[index - 1].element_tag == "p" == paragraph.element_tag
    indents = [
        child.style["text_indent"] for child in box.children if child.element_tag == "p" and child.style["text_indent"].value
    ]
    if follows and indents and not paragraph.element.get("class"):
        for part in (paragraph, *(line for line in paragraph.children if isinstance(line, boxes.LineBox))):
            part.style = part.style.copy()
            part.style["text_indent"] = indents[0]


def _text_first(box: Any, index: int) -> Any:
    """Puts the block behind a figure in front of it, if it is text, and returns what then stands at `index`."""
    figure, behind = box.children[index], box.children[index + 1 : index + 2]
    passed = getattr(figure, "passed", 0)
    if not behind or behind[0].element_tag not in _PASSED or passed == _MOST_PASSED:
        return figure
    figure.passed = passed + 1
    _indent_like_the_others(box, index, behind[0])
    box.children = [*box.children[:index], behind[0], figure, *box.children[index + 2 :]]
    return behind[0]
