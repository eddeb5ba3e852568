"""CSL-JSON: a list of items, or the object with `items` that some programs write around it."""

from __future__ import annotations

import json
import re
from typing import Any

from publisher.input.libraries.entries import LibraryFile, entry_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.libraries import LibraryEntry
from publisher.text.characters import without_surrogates


def read(text: str, file: str) -> LibraryFile:
    """The entries of a library in CSL-JSON. Raises PublisherError if it is no JSON, or no list of items."""
    try:
        values = json.loads(text)
        if _SURROGATE.search(text):
            values = json.loads(without_surrogates(json.dumps(values, ensure_ascii=False)))
    except (ValueError, RecursionError) as problem:
        place = Location(file, getattr(problem, "lineno", 0), getattr(problem, "colno", 0))
        unknown = "it is nested too deeply" if isinstance(problem, RecursionError) else "a number is too long"
        reason = getattr(problem, "msg", unknown)
        raise PublisherError(
            Diagnostic(Code.LIBRARY, f"not valid JSON: {reason[:1].lower()}{reason[1:]}", place, _HINT)
        ) from None
    items = values.get("items") if isinstance(values, dict) and "items" in values else values
    items = [items] if isinstance(items, dict) and "id" in items else items
    if not isinstance(items, list):
        raise PublisherError(Diagnostic(Code.LIBRARY, "not CSL-JSON: no list of items", Location(file, 1), _HINT))
    entries: list[LibraryEntry] = []
    diagnostics = []
    lines = _lines_of_ids(text)
    for number, item in enumerate(items, 1):
        key = _key(item)
        if key:
            line = lines.get(key, [0])
            entries.append(entry_of(key, item, file, line.pop(0) if line else 0))
        else:
            message = f"entry {number} is left out: it has no id"
            diagnostics.append(Diagnostic(Code.LIBRARY_ENTRY, message, Location(file), _HINT))
    return LibraryFile(tuple(entries), tuple(diagnostics))


_HINT = 'CSL-JSON is a list of items, each with "id" and "type"'
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # half of a pair, which may stand alone
_ID = re.compile(r'"id"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+))')


def _key(item: Any) -> str:
    """The id of an item, which may be a number; `citation-key` is what Better BibTeX writes beside an id of Zotero's own."""
    if not isinstance(item, dict) or not isinstance(item.get("id"), (str, int)) or isinstance(item["id"], bool):
        return ""
    return str(item.get("citation-key") or item["id"])


def _lines_of_ids(text: str) -> dict[str, list[int]]:
    """The lines on which ids stand, by id; JSON that is parsed has no places."""
    lines: dict[str, list[int]] = {}
    line, end = 1, 0
    for match in _ID.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.start()
        key = json.loads(f'"{match[1]}"') if match[1] is not None and "\\" in match[1] else match[1] or match[2]
        lines.setdefault(key, []).append(line)
    return lines
