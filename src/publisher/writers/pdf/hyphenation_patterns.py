"""Hyphenation patterns, of which only those are parsed that are in a word: Pyphen parses all of a language in each process.

A dictionary has up to a hundred thousand patterns; the words of an edition have some thousands of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import digits
from typing import Any

import pyphen

_DIGIT = re.compile(r"\d")  # as Pyphen has it
_UNUSUAL = re.compile(r"[/0]|[^\D1-9]")  # an alternative spelling, a value of 0, a digit of another script
_Dictionary = pyphen.HyphDict


class HyphenationPatterns(_Dictionary):  # type: ignore[misc,valid-type]
    """`pyphen.HyphDict` of a `hyph_*.dic` file: the patterns by their letters, as text until a word has them."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        encoding = data.split(b"\n", 1)[0].decode().strip()
        encoding = "cp1251" if encoding.lower() == "microsoft-cp1251" else encoding
        text = path.read_text(encoding)
        if "^^" in text:
            text = pyphen.parse_hex(lambda match: chr(int(match[1], 16)), text)
        lines = [line for line in map(str.strip, text.split("\n")[1:]) if line and not line.startswith(pyphen.ignored)]
        text = "\n".join(lines)
        by_letters = zip(_letters(text), lines, strict=True)
        is_plain = not _UNUSUAL.search(text)
        plain = {letters: line for letters, line in by_letters if letters != line} if is_plain else {}
        self.patterns: dict[str, Any] = plain or _patterns(lines)
        self.cache: dict[str, Any] = {}
        self.maxlen = max(map(len, self.patterns))

    def positions(self, word: str) -> Any:
        """The places in a word where it can be divided, as Pyphen's `DataInt`."""
        word = word.lower()
        if word not in self.cache:
            places = enumerate(self._values(f".{word}."))
            self.cache[word] = [pyphen.DataInt(place - 1, reference=value) for place, value in places if value % 2]
        return self.cache[word]

    def _values(self, word: str) -> list[Any]:
        """The highest value of any pattern for each place of a word (Liang, 1983)."""
        patterns, longest = self.patterns, self.maxlen
        values: list[Any] = [0] * (len(word) + 1)
        for start in range(len(word) - 1):
            for end in range(start + 1, min(start + longest, len(word)) + 1):
                pattern = patterns.get(word[start:end])
                if pattern is None:
                    continue
                if type(pattern) is str:
                    pattern = patterns[word[start:end]] = _parsed(pattern)
                offset, own = pattern
                places = slice(start + offset, start + offset + len(own))
                values[places] = map(max, own, values[places])
        return values


def _letters(text: str) -> list[str]:
    """The lines of a text without ASCII digits."""
    for digit in digits:
        text = text.replace(digit, "")
    return text.split("\n")


def _patterns(lines: list[str]) -> dict[str, Any]:
    """The patterns of lines of which some are unusual, parsed at once."""
    patterns: dict[str, Any] = {}
    for line in lines:
        letters = _DIGIT.sub("", line.split("/")[0] if "/" in line and "=" in line else line)
        if parsed := _parsed(line):
            patterns[letters] = parsed
    return patterns


def _parsed(line: str) -> Any:
    """Where the values of a pattern begin, and the values from the first to the last that is not 0; None if all are."""
    factory: Any = int
    if "/" in line and "=" in line:
        line, alternative = line.split("/", 1)
        factory = pyphen.AlternativeParser(line, alternative)
    values = tuple(factory(digit or "0") for digit, _ in pyphen.parse(line))
    places = [place for place, value in enumerate(values) if value]
    return (places[0], values[places[0] : places[-1] + 1]) if places else None
