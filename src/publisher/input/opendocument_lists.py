"""The numbers of lists in OpenDocument text, which may start anywhere and continue another list (ODF 1.3, 5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from publisher.input.xml import attribute, children_named, local_name
from publisher.text.numbers import whole_number

Counters: TypeAlias = "dict[int, int]"  # the last number by level
_TYPES = ("a", "A", "i", "I")  # num-format has the values of the attribute `type` in HTML


@dataclass
class ListForm:
    """How a list is numbered: `start` is its first number, `kind` its `type` in HTML; `values` are numbers that do not follow."""

    is_ordered: bool
    start: int = 1
    kind: str = ""
    values: dict[Any, int] = field(default_factory=dict)  # by item


@dataclass
class _State:
    """The styles by name, the forms found so far, and the counters of the lists so far by their ids and by their styles."""

    styles: Mapping[str, Any]
    forms: dict[Any, ListForm] = field(default_factory=dict)
    by_id: dict[str, Counters] = field(default_factory=dict)
    by_style: dict[str, Counters] = field(default_factory=dict)


def list_forms(root: Any, styles: Mapping[str, Any]) -> dict[Any, ListForm]:
    """The form of each `text:list` under an element; `styles` are those of the document by name."""
    state = _State(styles)
    for found in _lists_in(root):
        style = attribute(found, "style-name") or _style_of_paragraph(found, styles)
        counters = state.by_id.get(attribute(found, "continue-list"))
        is_continued = counters is not None or attribute(found, "continue-numbering") == "true"
        if counters is None:
            counters = state.by_style.get(style, {}) if is_continued else {}
        state.by_style[style] = counters
        if attribute(found, "id"):
            state.by_id[attribute(found, "id")] = counters
        _number(state, found, 1, style, counters, is_continued)
    return state.forms


def has_label(item: Any) -> bool:
    """Whether an item has a number or bullet of its own: it is no header, and does not begin with a list."""
    first = next((local_name(child) for child in item if local_name(child)), "")
    return local_name(item) == "list-item" and first != "list"


def _lists_in(element: Any) -> Iterator[Any]:
    """The outermost lists under an element."""
    for child in element:
        if local_name(child) == "list":
            yield child
        elif local_name(child) != "tracked-changes":
            yield from _lists_in(child)


def _number(state: _State, found: Any, level: int, style: str, counters: Counters, is_continued: bool) -> None:
    """Adds the form of a list at a level (from 1), and of the lists in it."""
    properties = _level_style(state.styles.get(style), level)
    form = _form(properties)
    state.forms[found] = form
    last = counters.get(level) if is_continued else None
    last = _integer(properties, "start-value", 1) - 1 if last is None else last
    is_first = True
    for item in found:
        if has_label(item):
            number = _integer(item, "start-value", last + 1)
            if is_first:
                form.start = number
            elif number != last + 1:
                form.values[item] = number
            last, is_first = number, False
            counters[level] = last
            for deeper in [other for other in counters if other > level]:
                del counters[deeper]
        goes_on = is_continued and not has_label(item)
        for inner in _lists_in(item):
            is_inner_continued = goes_on or attribute(inner, "continue-numbering") == "true"
            _number(state, inner, level + 1, attribute(inner, "style-name") or style, counters, is_inner_continued)


def _form(properties: Any) -> ListForm:
    """The form that the style of a level gives; a number without a format is not shown."""
    number_format = attribute(properties, "num-format")
    is_numbered = properties is not None and local_name(properties) == "list-level-style-number"
    is_shown = is_numbered and (bool(number_format) or not any(key.endswith("}num-format") for key in properties.attrib))
    return ListForm(is_shown, kind=number_format if number_format in _TYPES else "")


def _level_style(style: Any, level: int) -> Any:
    """The element of a list style for a level, else that for its first level; None without a style."""
    levels = [part for part in style if local_name(part).startswith("list-level")] if style is not None else []
    return next((part for part in levels if attribute(part, "level") == str(level)), next(iter(levels), None))


def _style_of_paragraph(found: Any, styles: Mapping[str, Any]) -> str:
    """The list style that the style of the first paragraph names, for a list that names none."""
    item = next(iter(children_named(found, "list-item")), None)
    paragraph = next(iter(children_named(item, "p")), None)
    style = styles.get(attribute(paragraph, "style-name"))
    return attribute(style, "list-style-name")


def _integer(element: Any, name: str, default: int) -> int:
    return whole_number(attribute(element, name), default)
