"""BibTeX and BibLaTeX: entries become items of CSL-JSON. An entry that cannot be read costs that entry, with a message."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from publisher.input.libraries.bibtex_fields import INHERITED, NOT_INHERITED
from publisher.input.libraries.bibtex_items import item_of, typed_title
from publisher.input.libraries.entries import LibraryFile, entry_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.libraries import LibraryEntry

_TOKEN = re.compile(r'\s*(?:#|(?P<quoted>")|(?P<braced>\{)|(?P<name>[^\s#"{},]+))')
_HINT = "an entry is @book{key, title = {…}, …}; each { needs its }"
_DEEPEST = 8  # entries that take fields from one another


def read(text: str, file: str) -> LibraryFile:
    """The entries of a library. Raises PublisherError if it has none that can be read, but ones that cannot."""
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it logs is in the blocks that failed
    library = parse_string(text.replace("\r\n", "\n"), parse_stack=[])
    strings = {definition.key.lower(): definition.value for definition in library.strings}
    diagnostics, blocks = list[Diagnostic](), list[Any]()
    for block in library.blocks:
        inner = getattr(block, "ignore_error_block", None)
        if type(block).__name__ == "Entry":
            blocks.append(block)
        elif type(inner).__name__ == "Entry" and type(block).__name__ != "DuplicateFieldKeyBlock":
            blocks.append(inner)
        elif hasattr(block, "error"):
            diagnostics.append(_unreadable(block, file))
    fields = {block.key: _values(block, strings) for block in blocks}
    entries = tuple(_entry(block, _values(block, strings), fields, file) for block in blocks if not _is_data(block))
    if diagnostics and not entries:
        raise PublisherError(*(Diagnostic(Code.LIBRARY, found.message, found.location, _HINT) for found in diagnostics))
    if library.blocks and all(type(block).__name__ == "ImplicitComment" for block in library.blocks):
        raise PublisherError(Diagnostic(Code.LIBRARY, "not BibTeX: it has no entry", Location(file, 1), _HINT))
    return LibraryFile(entries, tuple(diagnostics))


def _is_data(block: Any) -> bool:
    """Whether a block only holds fields for other entries."""
    return block.entry_type.lower() in ("xdata", "set")


def _unreadable(block: Any, file: str) -> Diagnostic:
    """The message about a block that is not read: a syntax error, or a field that is given twice."""
    raw = str(getattr(block, "raw", "") or "")
    match = re.match(r"@\w+\s*[{(]\s*([^,\s={}]+)", raw)
    name = match[1] if match else "an entry"
    reason = " ".join(str(getattr(block.error, "abort_reason", "") or block.error).split()).split("Note: ")[0].rstrip(".")
    message = f"the entry {name} is left out: {reason[:1].lower()}{reason[1:]}"
    hint = "each { needs its }, and a comma stands behind each field; names of fields must differ"
    return Diagnostic(Code.LIBRARY_ENTRY, message, Location(file, (block.start_line or 0) + 1), hint)


def _values(block: Any, strings: Mapping[str, str]) -> dict[str, str]:
    """The fields of an entry by their names in lower case. Braces inside values stay; names of strings are replaced."""
    return {field.key.lower(): value_of(str(field.value), strings) for field in block.fields}


def value_of(raw: str, strings: Mapping[str, str], depth: int = 0) -> str:
    """A value as written, `"Upper " # {Lock} # name`, as one text; names that are not defined (months) stay."""
    parts, place, raw = [], 0, raw.strip()
    while place < len(raw):
        match = _TOKEN.match(raw, place)
        if match is None:
            break
        if match["quoted"] or match["braced"]:
            start = match.end()
            place = _end(raw, start, '"' if match["quoted"] else "}")
            parts.append(raw[start:place])
            place += 1
        else:
            name = match["name"] or ""
            defined = strings.get(name.lower()) if depth < _DEEPEST else None
            parts.append(value_of(defined, strings, depth + 1) if defined is not None else name)
            place = match.end()
    return "".join(parts)


def _end(raw: str, start: int, mark: str) -> int:
    """The place of the mark that ends a value which begins at `start`."""
    depth = 0
    for place in range(start, len(raw)):
        char = raw[place]
        if char == mark and depth == 0 and raw[place - 1] != "\\":
            return place
        depth += (char == "{") - (char == "}")
    return len(raw)


def _entry(block: Any, values: dict[str, str], fields: Mapping[str, Mapping[str, str]], file: str) -> LibraryEntry:
    values = _with_inherited(values, fields)
    item = item_of(block.entry_type.lower(), values)
    return entry_of(block.key, item, file, (block.start_line or 0) + 1, typed_title(values, item))


def _with_inherited(values: dict[str, str], fields: Mapping[str, Mapping[str, str]], depth: int = 0) -> dict[str, str]:
    """The fields of an entry and of those that it names with `xdata` and `crossref`."""
    if depth > _DEEPEST:  # entries that name each other in a circle
        return values
    result = dict(values)
    for key in (part.strip() for part in values.get("xdata", "").split(",")):
        result = {**_with_inherited(dict(fields.get(key, {})), fields, depth + 1), **result}
    parent = _with_inherited(dict(fields.get(values.get("crossref", "").strip(), {})), fields, depth + 1)
    for name, sources in INHERITED.items():
        inherited = next((parent[source] for source in sources if source in parent), "")
        if inherited:
            result.setdefault(name, inherited)
    return {**{name: value for name, value in parent.items() if name not in NOT_INHERITED}, **result}
