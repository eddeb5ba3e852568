"""The check of lines.py and line_drawing.py: each line is found and drawn both ways, and the differences are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.layout import inline

from publisher.writers.pdf import line_drawing, lines


@dataclass
class Comparison:
    """How many lines were compared with Pango's, found and drawn; how many were left to Pango; and the differences."""

    found: int = 0
    drawn: int = 0
    found_by_pango: int = 0
    drawn_by_pango: int = 0
    differences: list[tuple[Any, Any]] = field(default_factory=list)

    def split(self, context: Any, box: Any, available_width: Any, skip: Any, is_line_start: bool = True) -> Any:
        """`split_text_box`, both ways. Pango's line is returned if they differ."""
        found = lines.counts["found"]
        ours = lines.split_text_box(context, box, available_width, skip, is_line_start)
        if lines.counts["found"] == found:
            self.found_by_pango += 1
            return ours
        self.found += 1
        theirs = lines.split_with_pango(context, box, available_width, skip, is_line_start)
        if _measures(*ours) == _measures(*theirs):
            return ours
        self.differences.append((_measures(*ours), _measures(*theirs)))
        return theirs

    def draw(self, stream: Any, textbox: Any, *context: Any) -> Any:
        """`draw_first_line`, both ways: the second one is written."""
        drawn, fonts, recorder = line_drawing.counts["drawn"], _state(stream._fonts), _Recorder(stream)
        line_drawing.draw_first_line(recorder, textbox, *context)
        if line_drawing.counts["drawn"] == drawn:
            self.drawn_by_pango += 1
            _restore(stream._fonts, fonts)
            return line_drawing.draw_with_pango(stream, textbox, *context)
        self.drawn += 1
        ours = recorder.operations, _state(stream._fonts)
        _restore(stream._fonts, fonts)
        recorder = _Recorder(stream)
        line_drawing.draw_with_pango(recorder, textbox, *context)
        theirs = recorder.operations, _state(stream._fonts)
        if ours != theirs:
            self.differences.append((ours[0], theirs[0]) if ours[0] != theirs[0] else (ours, theirs))
        for name, arguments in recorder.operations:
            getattr(stream, name)(*arguments)
        return []


class _Recorder:
    """Stands for a stream of a page, and keeps what is written in place of writing it."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.operations: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("set_", "show_")):
            return lambda *arguments: self.operations.append((name, arguments))
        return getattr(self.stream, name)


def _state(fonts: Any) -> dict[str, tuple[dict[int, str], dict[int, int]]]:
    """What each font of a PDF knows of its glyphs."""
    return {key: (dict(font.to_unicode), dict(font.widths)) for key, font in fonts.items()}


def _restore(fonts: Any, state: Any) -> None:
    for key, font in list(fonts.items()):
        if key not in state:
            del fonts[key]
            continue
        for known, before in zip((font.to_unicode, font.widths), state[key], strict=True):
            known.clear()
            known.update(before)
        font.__dict__.pop("_written", None)


def _measures(box: Any, resume: Any, is_preserved: Any) -> tuple[Any, ...]:
    names = ("text", "width", "height", "baseline", "margin_top", "margin_bottom")
    return *(getattr(box, name, None) for name in names), resume, bool(is_preserved)


@contextmanager
def compared() -> Iterator[Comparison]:
    """While the context lasts, each line that is found and drawn is compared with Pango's, which is taken if they differ."""
    comparison = Comparison()
    split, draw = inline.split_text_box, drawing.draw_first_line
    lines.install(split, comparison.split)
    drawing.draw_first_line = comparison.draw
    try:
        yield comparison
    finally:
        lines.install(comparison.split, split)
        drawing.draw_first_line = draw
