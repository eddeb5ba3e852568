"""The used lengths of a box (margins, paddings, borders, width and height) are computed once for a style and a containing block.

Every box that shares the style, and every new try of a layout, takes them from there.
"""

from __future__ import annotations

import sys
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent

_USED = (
    *(f"margin_{side}" for side in ("left", "right", "top", "bottom")),
    *(f"padding_{side}" for side in ("left", "right", "top", "bottom")),
    *(f"border_{side}_width" for side in ("left", "right", "top", "bottom")),
    *("width", "min_width", "max_width", "height", "min_height", "max_height"),
)
_resolve = percent.resolve_percentages


def resolve_percentages_once() -> None:
    """Keeps the used lengths of a style in a containing block, which every box and every new try of it shares.

    About a tenth of the time of a layout went into finding them again (docs/upstream/percentages.md).
    """
    _install(_resolved_once)


def are_resolved_once() -> bool:
    """Whether the layout takes used lengths from the style."""
    return percent.resolve_percentages is _resolved_once


def resolve_percentages_always() -> None:
    """Puts WeasyPrint's own function back; for tests, which compare."""
    _install(_resolve)


def _install(function: Any) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.layout") and hasattr(module, "resolve_percentages"):
            vars(module)["resolve_percentages"] = function


def _resolved_once(box: Any, containing_block: Any) -> None:
    """`resolve_percentages`: what it sets depends on the style and the containing block's size alone.

    Boxes of the page and of tables with collapsed borders, where more goes into it, are left to the original.
    """
    style = box.style
    if isinstance(box, boxes.PageBox | boxes.MarginBox) or style["border_collapse"] == "collapse":
        _resolve(box, containing_block)
        return
    if isinstance(containing_block, boxes.Box):
        size = containing_block.width, containing_block.height
    else:
        size = tuple(containing_block)
    known = style.__dict__.setdefault("_used_lengths", {})
    used = known.get(size)
    if used is None:
        _resolve(box, size)
        own = box.__dict__
        known[size] = {name: own[name] for name in _USED}
    else:
        box.__dict__.update(used)
