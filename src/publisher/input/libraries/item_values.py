"""The values of an item of CSL-JSON: those of a wrong kind are found, for a processor of styles fails on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

DATES = ("issued", "accessed", "original-date", "event-date", "submitted", "available-date")
_NAMES = frozenset(
    ["author", "chair", "collection-editor", "compiler", "composer", "container-author", "contributor", "curator", "director",
     "editor", "editorial-director", "editortranslator", "executive-producer", "guest", "host", "illustrator", "interviewer",
     "narrator", "organizer", "original-author", "performer", "producer", "recipient", "reviewed-author", "script-writer",
     "series-creator", "translator"]
)  # fmt: skip
_NAME_PARTS = frozenset({"family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle"})
_NOT_PRINTED = frozenset({"categories", "custom", "multi"})  # what programs keep there for themselves is nested
_LONGEST_SHOWN = 40  # characters of a value in a message


def checked_values(item: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values of an item that have their kind (CSL 1.0.2, appendix IV), numbers as text; and what is wrong with the others."""
    values, faults = dict[str, Any](), list[str]()
    for name, value in item.items():
        if value in ("", None, [], {}) or name in _NOT_PRINTED:
            continue
        kind, checked = _checked(name, value)
        if checked is None:
            faults.append(f"{name}: {str(value)[:_LONGEST_SHOWN]!r} is no {kind}")
        else:
            values[name] = checked
    return values, faults


def _checked(name: str, value: Any) -> tuple[str, Any]:
    """What a value should be, and the value; None if it is not that."""
    if name in _NAMES:
        return "list of names", _names(value)
    if name in DATES:
        return "date of CSL-JSON", value if _is_date(value) else None
    return "text", _text(value)


def _text(value: Any) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else value if isinstance(value, str) else None


def _names(value: Any) -> list[dict[str, Any]] | None:
    """Names with texts as their parts, numbers as text; other parts than texts and switches are for programs."""
    if not isinstance(value, list) or not all(isinstance(name, Mapping) for name in value):
        return None
    if not all(_are_texts(part for key, part in name.items() if key in _NAME_PARTS) for name in value):
        return None
    return [
        {
            key: _text(part) if key in _NAME_PARTS else part
            for key, part in name.items()
            if isinstance(part, (str, bool, int, float))
        }
        for name in value
    ]


def _is_date(value: Any) -> bool:
    """Whether a value has the form of a date; whether there is such a day is not asked."""
    if not isinstance(value, Mapping) or not _are_texts(part for key, part in value.items() if key in ("raw", "literal")):
        return False
    parts = value.get("date-parts") or []
    return isinstance(parts, list) and all(isinstance(row, list) and _are_texts(row) for row in parts)


def _are_texts(values: Iterable[Any]) -> bool:
    return all(_text(value) is not None for value in values)
