"""On which line of a TOML file a key stands: tomllib gives values without places, messages need them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*\.?""")

Path = tuple[str | int, ...]


def key_lines(text: str) -> dict[Path, int]:
    """The 1-based line of each table header and key, by its path; entries of arrays of tables are counted from 0."""
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
    """The line of `path`, or of the last of its keys that can be found behind the nearest table that has a line."""
    known = key_lines(text)
    wanted: Path = tuple(path)
    for length in range(len(wanted), -1, -1):
        if wanted[:length] in known or length == 0:
            start = known.get(wanted[:length], 1)
            names = [str(part) for part in wanted[length:] if isinstance(part, str)]
            return _search(text, start, names[-1]) if names else start
    return 1


def _search(text: str, start: int, name: str) -> int:
    pattern = re.compile(rf"""(?<![\w-])["']?{re.escape(name)}["']?\s*=""")
    for number, line in enumerate(text.split("\n"), 1):
        if number >= start and pattern.search(line):
            return number
    return start


def _parts(key: str) -> Path:
    return tuple(next(part for part in found if part) for found in _PART.findall(key) if any(found))
