"""Finds the lines of keys in a TOML file: tomllib gives values without positions, but messages need them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*\.?""")

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """The 1-based line of each table header and key, by path; the entries of an array of tables are counted from 0."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    open_brackets, fence = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if fence:
            fence = "" if line.count(fence) % 2 else fence
            continue
        header = _HEADER.match(line) if open_brackets == 0 else None
        if header:
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line) if open_brackets == 0 else None
        if key:
            lines.setdefault((*table, *_parts(key[1])), number)
        fence = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*$', "", line)
        open_brackets = max(0, open_brackets + bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}"))
    return lines


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line of `path`; if it has none, the line of its last key after the nearest table that has a line."""
    lines = key_lines(text)
    full_path: Path = tuple(path)
    for length in range(len(full_path), -1, -1):
        if full_path[:length] in lines or length == 0:
            start = lines.get(full_path[:length], 1)
            names = [str(part) for part in full_path[length:] if isinstance(part, str)]
            return _find_key(text, start, names[-1]) if names else start
    return 1


def _find_key(text: str, start: int, name: str) -> int:
    pattern = re.compile(rf"""(?<![\w-])["']?{re.escape(name)}["']?\s*=""")
    for number, line in enumerate(text.split("\n"), 1):
        if number >= start and pattern.search(line):
            return number
    return start


def _parts(key: str) -> Path:
    return tuple(next(part for part in groups if part) for groups in _PART.findall(key) if any(groups))
