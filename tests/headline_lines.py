"""The lines of the headlines of a PDF, measured as they are drawn: by the letters of the typeface for headlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.page_letters import letters

SHORT = 0.35  # of the widest line: a last line below it looks left behind
_FACE = "Display"
_LINE = 1.4  # of the type size: lines of a headline that are farther apart are two headlines
_LEVEL = 2  # points


@dataclass
class Line:
    """A line on a page: size of its type, and left, right and bottom, in points."""

    page: int
    size: float
    left: float
    right: float
    bottom: float
    text: str

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass
class Headline:
    """A headline. `last_line` is the width of its last line as a share of the widest."""

    lines: list[Line]

    @property
    def last_line(self) -> float:
        return self.lines[-1].width / max(line.width for line in self.lines)


def headlines_of_several_lines(data: bytes) -> list[Headline]:
    found: list[Headline] = []
    for line in _lines(data):
        last = found[-1].lines[-1] if found else None
        is_next = last and (last.page, last.size) == (line.page, line.size) and 0 < last.bottom - line.bottom < _LINE * line.size
        if is_next:
            found[-1].lines.append(line)
        else:
            found.append(Headline([line]))
    return [headline for headline in found if len(headline.lines) > 1]


def _lines(data: bytes) -> Iterator[Line]:
    line = None
    for letter in letters(data):
        if _FACE not in letter.face:
            continue
        is_same = line and (line.page, line.size) == (letter.page, letter.size) and abs(line.bottom - letter.bottom) < _LEVEL
        if line is not None and is_same:
            line.left, line.right = min(line.left, letter.left), max(line.right, letter.right)
            line.text += letter.text
        else:
            if line is not None:
                yield line
            line = Line(letter.page, letter.size, letter.left, letter.right, letter.bottom, letter.text)
    if line is not None:
        yield line
