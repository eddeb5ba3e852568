"""Margin boxes of tagged pages are artifacts: they are marked as such, and have no place in the structure tree."""

from __future__ import annotations

from typing import Any

from weasyprint import draw
from weasyprint.formatting_structure import boxes

_draw_stacking_context = draw.draw_stacking_context


def draw_margins_as_artifacts() -> None:
    """Puts the marks of an artifact around each margin box."""
    draw.draw_stacking_context = _draw_with_artifacts


def are_artifacts() -> bool:
    """Whether margin boxes are drawn as artifacts."""
    return draw.draw_stacking_context is _draw_with_artifacts


def _draw_with_artifacts(stream: Any, stacking_context: Any) -> None:
    if not isinstance(stacking_context.box, boxes.MarginBox) or stream._tags is None:
        _draw_stacking_context(stream, stacking_context)
        return
    with stream.artifact():
        tags, stream._tags = stream._tags, None  # what is in an artifact has no marks of its own
        try:
            _draw_stacking_context(stream, stacking_context)
        finally:
            stream._tags = tags
