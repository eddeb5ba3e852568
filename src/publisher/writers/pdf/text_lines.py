"""A line of a shaped text, and what stands for its layout until it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from weasyprint.text.line_break import Layout

from publisher.writers.pdf.shaped_text import ShapedText


@dataclass(frozen=True, slots=True)
class TextLine:
    """The characters from `start` to `end` of a shaped text, and the part of a word with its hyphen that follows them.

    `resume` is the character with which the next line begins; None: there is none.
    """

    shaped: ShapedText
    style: Any
    text: str
    start: int
    end: int
    resume: int | None = None
    hyphen: ShapedText | None = None

    @property
    def width(self) -> int:
        """In units of Pango."""
        width = self.shaped.places[self.end] - self.shaped.places[self.start]
        return width + self.hyphen.places[-1] if self.hyphen else width

    def cut(self, length: int) -> TextLine:
        """The first characters of the line, as a line after which nothing comes."""
        return replace(self, text=self.text[:length], end=self.start + length, resume=None)


class LineLayout(Layout):  # type: ignore[misc]
    """A layout of WeasyPrint that is set up only where its line is not drawn from its glyphs."""

    def __init__(self, line: TextLine, justification_spacing: float, max_width: float | None) -> None:
        self.line, self.text = line, line.text
        self.justification_spacing, self.max_width = justification_spacing, max_width
        self.first_line_direction = 0
        self.ascent = self.underline_position = self.strikethrough_position = None

    def reactivate(self, style: Any) -> None:
        """Nothing: `set_up` does it."""

    def deactivate(self) -> None:
        """Drops what `set_up` has set."""
        for name in ("layout", "language", "style"):
            self.__dict__.pop(name, None)

    def set_up(self, style: Any) -> None:
        """Sets the layout up, as WeasyPrint does before it draws."""
        Layout.reactivate(self, style)
