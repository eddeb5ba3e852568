"""What a terminal shows of the output of a program: carriage returns, backspaces, tabs and the sequences of ECMA-48.

Colors leave no trace. Text that later text overwrites, or that is erased, is given back beside the rest: a progress bar keeps its
last state. The screen has no edges, so nothing scrolls away: what clears a whole screen or moves to an absolute place
begins a new line instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# ECMA-48, 5.4 (control sequences) and 5.6 (control strings, such as titles and addresses of links), then other escapes.
_SEQUENCE = re.compile(
    r"\x1b\[(?P<values>[0-?]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]?|[\x00-\x07\x0e-\x1f\x7f]"
)
_COLORS = re.compile(r"\x1b\[[0-?]*[ -/]*m")
_MOVES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FARTHEST = 1_000  # the last column to which a sequence moves the cursor: it costs memory
_LONGEST_WORD = 100  # characters by which overwritten text is completed to whole words


def shown_text(output: str) -> tuple[str, list[str]]:
    """The text that stays on a terminal, lines without spaces at their ends, and the pieces that were overwritten or erased."""
    text = _COLORS.sub("", output).replace("\r\n", "\n")
    if not _MOVES.search(text):
        return text, []
    screen = _Screen()
    place = 0
    for match in _SEQUENCE.finditer(text):
        screen.print(text[place : match.start()])
        if match["final"]:
            screen.control(match["final"], match["values"])
        place = match.end()
    screen.print(text[place:])
    screen.close_overwritten()
    return "\n".join("".join(line).rstrip(" ") for line in screen.lines), screen.overwritten


class _Screen:
    """Lines of cells and the cursor. A cell is a character with the combining marks on it."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self.row = self.column = 0
        self.overwritten: list[str] = []
        self._piece: list[str] = []  # cells that are being overwritten

    def print(self, text: str) -> None:
        for char in text:
            if char in "\n\x0b\x0c":
                self._move(self.row + 1, 0)
            elif char == "\r":
                self._move(self.row, 0)
            elif char == "\b":
                self._move(self.row, self.column - 1)
            else:
                self._put(char)

    def control(self, final: str, values: str) -> None:
        """A control sequence: cursor moves and erasing. Others change no text."""
        numbers = [int(value[:6]) for value in re.findall(r"\d+", values)]
        count = min(max(1, numbers[0] if numbers else 1), _FARTHEST)
        moves: dict[str, Callable[[], None]] = {
            "A": lambda: self._move(self.row - count, self.column),
            "B": lambda: self._move(min(self.row + count, len(self.lines) - 1), self.column),
            "C": lambda: self._move(self.row, max(self.column, min(self.column + count, _FARTHEST))),
            "D": lambda: self._move(self.row, self.column - count),
            "E": lambda: self._move(min(self.row + count, len(self.lines) - 1), 0),
            "F": lambda: self._move(self.row - count, 0),
            "G": lambda: self._move(self.row, count - 1),
            "K": lambda: self._erase_in_line(numbers[0] if numbers else 0),
            "J": lambda: self._erase_below() if not numbers or numbers[0] == 0 else self._begin_line(),
            "H": self._begin_line,
            "f": self._begin_line,
        }
        if final in moves:
            moves[final]()

    def close_overwritten(self) -> None:
        """Ends the piece that is being overwritten; the cells of its last word that still stand are a part of it."""
        if self._piece:
            line = self.lines[self.row]
            end = self.column
            while self._piece[-1] != " " and end < len(line) and line[end] != " " and end - self.column < _LONGEST_WORD:
                end += 1
            self._record([*self._piece, *line[self.column : end]])
            self._piece = []

    def _put(self, char: str) -> None:
        line = self.lines[self.row]
        if unicodedata.combining(char) and 0 < self.column <= len(line):
            line[self.column - 1] += char
            return
        line.extend(" " * (self.column - len(line)))
        if self.column == len(line):
            self.close_overwritten()
            line.append(char)
        else:
            if not self._piece:
                self._piece = self._start_of_word(line)
            self._piece.append(line[self.column])
            line[self.column] = char
        self.column += 1

    def _start_of_word(self, line: list[str]) -> list[str]:
        start = self.column
        while line[self.column] != " " and start and line[start - 1] != " " and self.column - start < _LONGEST_WORD:
            start -= 1
        return line[start : self.column]

    def _move(self, row: int, column: int) -> None:
        self.close_overwritten()
        self.row, self.column = max(0, row), max(0, column)
        if self.row == len(self.lines):
            self.lines.append([])

    def _erase_in_line(self, extent: int) -> None:
        """Erases from the cursor to the line's end (0), from its start to the cursor (1), or all of it (2)."""
        self.close_overwritten()
        line = self.lines[self.row]
        start, end = (0 if extent else self.column), (self.column + 1 if extent == 1 else len(line))
        self._record(line[start:end])
        line[start:end] = [] if end >= len(line) else [" "] * (end - start)

    def _erase_below(self) -> None:
        self._erase_in_line(0)
        for line in self.lines[self.row + 1 :]:
            self._record(line)
        del self.lines[self.row + 1 :]

    def _record(self, cells: list[str]) -> None:
        if piece := "".join(cells).strip():
            self.overwritten.append(piece)

    def _begin_line(self) -> None:
        self._move(len(self.lines) - 1 if not self.lines[-1] else len(self.lines), 0)
