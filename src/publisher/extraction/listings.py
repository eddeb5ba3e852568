"""Makes a plain listing of what pages use to show code: tables with numbered lines, an element for each line, bars with buttons.

The program's text stays with its indentation. Line numbers and the words of controls ("Copy") are removed, with a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.extraction.listing_lines import plain_lines, set_line_containers
from publisher.extraction.listing_names import (
    CODE_CELL,
    CONTROLS,
    COPY,
    HEADER,
    LABEL,
    NUMBERS,
    TITLE,
    has_only_numbers,
    language_of,
)
from publisher.input.html_elements import Element, class_and_id, removal_of, text_content
from publisher.model.parts import Removal

_RULE = "a line number or a control of a listing"
_LONGEST_CONTROLS = 6  # words
_MOST_PARTS = 12  # of an element around a listing: the listing, bars, a button for each action
_WRAPPER_TAGS = frozenset({"div", "figure", "section", "span", "code"})
_BUTTON_TAGS = ("button", "clipboard-copy", "copy-code")
_CAPTION_TAGS = frozenset({"figcaption", "caption"})


def make_listings(page: Element) -> list[Removal]:
    """Makes a `pre` of each listing in a table or editor, and removes line numbers and controls; returns what was removed."""
    set_line_containers(page)
    removed: list[Removal] = []
    for table in list(page.iter("table")):
        if cells := _code_cells(table):
            removed += _make_pre(table, cells)
    targets = _targets(page)
    for listing in list(page.iter("pre")):
        is_part = any(place.tag in ("pre", "button") or place.get("role") == "button" for place in listing.iterancestors())
        if listing.getparent() is not None and not is_part:
            removed += _clean(listing, targets)
    return [removal for removal in removed if removal.words]


def _targets(page: Element) -> set[str]:
    """The ids to which links outside of listings lead."""
    links = (link for link in page.iter("a") if (link.get("href") or "").startswith("#") and text_content(link))
    return {link.get("href")[1:] for link in links if not has_only_numbers(link)}


def _code_cells(table: Element) -> list[Element]:
    """The cells with the lines of a listing, in order; none if the table is not a listing.

    Each row has a cell with code, and all its other cells have line numbers. In a table of several rows the classes say so:
    a table of data may have numbers and code too.
    """
    rows = [cells for row in table.iter("tr") if (cells := [cell for cell in row if isinstance(cell.tag, str)])]
    result = []
    for row in rows:
        code = [cell for cell in row if _is_code_cell(cell, len(rows))]
        rest = [cell for cell in row if cell not in code]
        if len(code) != 1 or any(cell.tag != "td" for cell in row) or not all(_is_number_cell(cell, len(rows)) for cell in rest):
            return []
        result += code
    is_column_alone = all(len(row) == 1 for row in rows)
    return [] if is_column_alone and not _is_named_listing(table) else result


def _is_code_cell(cell: Element, rows: int) -> bool:
    names = class_and_id(cell)
    if CODE_CELL.search(names):
        return True
    pre = cell.find(".//pre")
    if rows > 1 or NUMBERS.search(names) or pre is None or has_only_numbers(cell):
        return False
    return 2 * len(text_content(pre)) > len(text_content(cell))  # not a page that is laid out in tables


def _is_number_cell(cell: Element, rows: int) -> bool:
    is_named = NUMBERS.search(class_and_id(cell)) is not None or cell.get("data-line-number") is not None
    return has_only_numbers(cell) and (is_named or (rows == 1 and cell.find(".//pre") is not None))


def _is_named_listing(table: Element) -> bool:
    return any("highlight" in class_and_id(place) for place in (table, *list(table.iterancestors())[:3]))


def _make_pre(table: Element, cells: list[Element]) -> list[Removal]:
    kept = set(cells)
    numbers = [cell for row in table.iter("tr") for cell in row if cell not in kept and isinstance(cell.tag, str)]
    removed = [removal_of(_RULE, cell) for cell in numbers]
    parent = table.getparent()
    pre = parent.makeelement("pre")
    pre.tail, table.tail = table.tail, None
    if language := language_of(table, *table.iter("pre", "code", "tbody")):
        pre.set("class", f"language-{language}")
    for cell in cells:
        line = pre.makeelement("span")
        line.text = cell.text if len(cells) > 1 or (cell.text or "").strip() else None
        line.extend(list(cell))
        for nested in list(line.iter("pre")):
            nested.tail = (nested.tail or "").strip() or None
            nested.drop_tag()
        if len(cells) > 1:
            for line_break in list(line.iter("br")):
                line_break.drop_tag()
            text = "".join(line.itertext())
            line.tail = "" if text.endswith("\n") else "\n"
        pre.append(line)
    parent.replace(table, pre)
    around = next(pre.iterancestors("pre"), None)
    if around is not None:
        pre.drop_tag()
    return removed


def _clean(listing: Element, targets: set[str]) -> list[Removal]:
    """Removes the numbers and controls in and around a listing, and parts its lines."""
    controls = list(_numbers_and_controls(listing))
    language = language_of(listing, *listing.iter("pre", "code"))
    inner, wrapper = listing, listing.getparent()
    while wrapper.getparent() is not None and wrapper.tag in _WRAPPER_TAGS and _is_wrapper(wrapper, inner):
        language = language or language_of(wrapper)
        controls += [part for element in wrapper if element is not inner for part in _controls_in(element, wrapper, language)]
        wrapper.attrib.pop("class", None)  # it may be the name of the bar (`code-toolbar`)
        inner, wrapper = wrapper, wrapper.getparent()
    removed = [removal_of(_RULE, element) for element in controls]
    for element in controls:
        element.drop_tree()
    plain_lines(listing, targets)
    if language:
        for code in listing.iter("code"):
            code.attrib.pop("class", None)
        listing.set("class", f"language-{language}")
    return removed


def _is_wrapper(wrapper: Element, inner: Element) -> bool:
    """Whether an element holds `inner`, and beside it only bars with controls, a title, or columns of line numbers."""
    if len(wrapper) > _MOST_PARTS or (wrapper.text or "").strip() or any((element.tail or "").strip() for element in wrapper):
        return False
    rest = [element for element in wrapper if element is not inner and isinstance(element.tag, str)]
    is_bar = [_is_control(element) or _is_title(element) for element in rest]
    return all(is_named or has_only_numbers(element) for element, is_named in zip(rest, is_bar, strict=True)) or (
        any(map(_is_copy, rest)) and all(is_named or _is_short(element) for element, is_named in zip(rest, is_bar, strict=True))
    )


def _is_short(element: Element) -> bool:
    return len(text_content(element).split()) <= _LONGEST_CONTROLS and next(element.iter("pre", "code", "img"), None) is None


def _is_control(element: Element) -> bool:
    is_named = CONTROLS.search(class_and_id(element)) or next(element.iter(*_BUTTON_TAGS), None) is not None
    return element.tag in ("button", "textarea") or element.get("role") == "button" or (bool(is_named) and _is_short(element))


def _is_title(element: Element) -> bool:
    return (element.tag in _CAPTION_TAGS or bool(TITLE.search(class_and_id(element)))) and _is_short(element)


def _is_copy(element: Element) -> bool:
    return element.tag in _BUTTON_TAGS or element.get("role") == "button" or bool(COPY.search(class_and_id(element)))


def _controls_in(element: Element, wrapper: Element, language: str) -> list[Element]:
    """What is to be removed of a bar beside a listing: all of it, or all but the title that the author gave the listing."""
    if not isinstance(element.tag, str):
        return []
    if element.tag == "textarea" or _is_copy(element) or has_only_numbers(element):
        return [element]
    parts = [part for part in element.iter() if isinstance(part.tag, str) and (part.text or "").strip()]
    titles = [part for part in parts if not _is_label(part, element, wrapper, language)]
    if not titles:
        return [element]
    return [part for part in parts if part not in titles and not any(title in part.iter() for title in titles)]


def _is_label(part: Element, bar: Element, wrapper: Element, language: str) -> bool:
    """Whether a text in a bar is a control or the name of a language. A file name, and a title by its name, is none."""
    text = text_content(part)
    around = [part, *(place for place in part.iterancestors() if place is bar or bar in place.iterancestors())]
    if any(_is_copy(place) for place in around) or text.lower() == language.lower():
        return True
    names = " ".join(class_and_id(place) for place in around)
    if re.search(r"\w\.\w", text):
        return False
    if TITLE.search(names) or any(place.tag in _CAPTION_TAGS for place in around):
        return bool(LABEL.search(names))
    has_copy = any(map(_is_copy, wrapper.iter()))
    return has_copy or (not HEADER.search(names) and bool(LABEL.search(names) or CONTROLS.search(names)))


def _numbers_and_controls(listing: Element) -> Iterator[Element]:
    taken: set[Element] = set()
    for element in listing.iter():
        if element is listing or not isinstance(element.tag, str):
            continue
        if element.getparent() in taken:
            taken.add(element)
        elif (NUMBERS.search(class_and_id(element)) and has_only_numbers(element)) or (
            element.tag == "button" or (COPY.search(class_and_id(element)) and len(text_content(element).split()) <= 1)
        ):
            taken.add(element)
            yield element
