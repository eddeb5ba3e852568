"""Margin boxes of a page without content have no style of their own: nothing of them is drawn.

WeasyPrint's own style sheet has a rule for each of the sixteen margin boxes, so each page computed sixteen styles.
"""

from __future__ import annotations

from typing import Any

from weasyprint.css import StyleFor

# A box without content counts in the layout of its neighbors only by these.
_BOUNDS = ("min_width", "max_width", "min_height", "max_height")
_AREAS = ("@footnote", "@note-area")  # they need no content to be areas of the page
_add_page_declarations = StyleFor.add_page_declarations


def leave_out_empty_margin_boxes() -> None:
    """Drops the declarations of margin boxes without `content`: the layout then takes the anonymous style of the page."""
    StyleFor.add_page_declarations = _add_needed_declarations


def are_left_out() -> bool:
    """Whether empty margin boxes get no style of their own."""
    return StyleFor.add_page_declarations is _add_needed_declarations


def _add_needed_declarations(style_for: Any, page_type: Any) -> None:
    """`StyleFor.add_page_declarations`: keeps what a page of this type needs, and nothing of the pages before it.

    Their computed styles are there already, and WeasyPrint would look through all of them at each page.
    """
    cascaded = style_for.get_cascaded_styles()
    cascaded.clear()
    _add_page_declarations(style_for, page_type)
    for key in [key for key, declarations in cascaded.items() if _is_empty(key[1], declarations)]:
        del cascaded[key]


def _is_empty(pseudo_type: str | None, declarations: dict[str, Any]) -> bool:
    if pseudo_type is None or pseudo_type in _AREAS:
        return False
    return "content" not in declarations and not any(bound in declarations for bound in _BOUNDS)
