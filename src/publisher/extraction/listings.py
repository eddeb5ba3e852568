"""Makes a plain listing of what pages use to show code: tables with numbered lines, an element for each line, bars with buttons.

The program's text stays with its indentation. Line numbers and the words of controls ("Copy") are removed, with a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.input.html_elements import Element, class_and_id, removal_of, text_content
from publisher.model.parts import Removal

_RULE = "a line number or a control of a listing"
# Prism, highlight.js, Pygments, Rouge, SyntaxHighlighter, GitHub, GitLab, and site generators that use them.
_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:linenos?|lineno(?:div|table)?|line-?numbers?(?:-rows)?|linenumber\w*|ln(?:-num)?|gutter|blob-num|hljs-ln-n\w*"
    r"|rouge-gutter|gl)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CODE_CELL = re.compile(
    r"(?:^|[\s_-])(?:blob-code|code|hljs-ln-code|rouge-code|crayon-code|line_content)(?=$|[\s_-])", re.IGNORECASE
)
_CONTROLS = re.compile(
    r"(?:^|[\s_-])(?:toolbar|copy\w*|clipboard\w*|copybtn|btn|buttons?|code-?(?:header|block-?header|actions?|lang\w*))(?=$|[\s_-])",
    re.IGNORECASE,
)
_LINE = re.compile(r"(?:^|[\s_-])(?:line|code-?line|view-line|token-line|cl|row)(?=$|[\s_-])", re.IGNORECASE)
_COPY = re.compile(r"(?:^|[\s_-])(?:copy|copybtn|clipboard)(?=$|[\s_-])", re.IGNORECASE)
# The language in the class of an element around a listing (Sphinx, GitHub, Jekyll, SyntaxHighlighter).
_LANGUAGE = re.compile(r"(?:^|\s)(?:highlight-source-|highlight-|language-|lang-|brush:\s*)(?!text|default|none|toolbar)(\w+)")
_LONGEST_CONTROLS = 6  # words
_WRAPPER_TAGS = frozenset({"div", "figure", "section", "span"})


def make_listings(page: Element) -> list[Removal]:
    """Makes a `pre` of each listing in a table, and removes line numbers and controls; returns what was removed."""
    removed: list[Removal] = []
    for table in list(page.iter("table")):
        if cells := _code_cells(table):
            removed += _make_pre(table, cells)
    for listing in list(page.iter("pre")):
        if listing.getparent() is not None and next(listing.iterancestors("pre"), None) is None:
            removed += _clean(listing)
    return [removal for removal in removed if removal.words]


def _code_cells(table: Element) -> list[Element]:
    """The cells with the lines of a listing, in order; none if the table is not a listing.

    One column has code, and all others have numbers or nothing.
    """
    rows = [[cell for cell in row if isinstance(cell.tag, str)] for row in table.iter("tr")]
    if (
        not rows
        or len({len(row) for row in rows}) > 1
        or len(rows[0]) < 2
        or any(cell.tag != "td" for row in rows for cell in row)
    ):
        return []
    columns = list(zip(*rows, strict=True))
    code_columns = [column for column in columns if all(map(_is_code_cell, column))]
    numbers = [cell for column in columns if column not in code_columns for cell in column]
    return list(code_columns[0]) if len(code_columns) == 1 and all(map(_has_only_numbers, numbers)) else []


def _is_code_cell(cell: Element) -> bool:
    if cell.get("data-line-number") is not None or _NUMBERS.search(class_and_id(cell)):
        return False
    code = next(cell.iter("pre", "code"), None)
    is_code = code is not None and not _has_only_numbers(cell) and 2 * len(text_content(code)) > len(text_content(cell))
    return bool(_CODE_CELL.search(class_and_id(cell))) or is_code


def _has_only_numbers(element: Element) -> bool:
    return not "".join(element.itertext()).strip("0123456789 \n\r\t\xa0+-")


def _make_pre(table: Element, cells: list[Element]) -> list[Removal]:
    removed = [
        removal_of(_RULE, cell) for row in table.iter("tr") for cell in row if cell not in cells and isinstance(cell.tag, str)
    ]
    parent = table.getparent()
    pre = parent.makeelement("pre")
    pre.tail, table.tail = table.tail, None
    for cell in cells:
        inner = cell.find("pre") if len(cells) == 1 else None
        line = pre.makeelement("span")
        source = cell if inner is None else inner
        line.text = source.text
        line.extend(list(source))
        for nested in list(line.iter("pre", "br")):
            nested.drop_tag()
        if len(cells) > 1 and not "".join(line.itertext()).endswith("\n"):
            line.tail = "\n"
        pre.append(line)
    parent.replace(table, pre)
    around = next((element for element in pre.iterancestors("pre")), None)
    if around is not None:
        pre.drop_tag()
    return removed


def _clean(listing: Element) -> list[Removal]:
    """Removes the numbers and controls in and around a listing, and parts its lines."""
    controls = list(_numbers_and_controls(listing))
    inner, wrapper = listing, listing.getparent()
    while wrapper.getparent() is not None and wrapper.tag in _WRAPPER_TAGS and _is_wrapper(wrapper, inner):
        controls += [element for element in wrapper if element is not inner and isinstance(element.tag, str)]
        language = _LANGUAGE.search(f"{wrapper.get('class')} language-{wrapper.get('data-lang') or ''}")
        if language and not _LANGUAGE.search(" ".join(part.get("class") or "" for part in listing.iter("pre", "code"))):
            listing.set("class", f"language-{language[1]}")
        wrapper.attrib.pop("class", None)  # it may be the name of the bar (`code-toolbar`)
        inner, wrapper = wrapper, wrapper.getparent()
    removed = [removal_of(_RULE, element) for element in controls]
    for element in controls:
        element.drop_tree()
    _part_lines(listing)
    return removed


def _is_wrapper(wrapper: Element, inner: Element) -> bool:
    """Whether an element holds `inner`, and beside it only bars with controls or columns of line numbers."""
    if (wrapper.text or "").strip() or any((element.tail or "").strip() for element in wrapper):
        return False
    return all(
        element is inner or not isinstance(element.tag, str) or _has_only_numbers(element) or _is_control(element)
        for element in wrapper
    )


def _is_control(element: Element) -> bool:
    is_named = _CONTROLS.search(class_and_id(element)) or next(element.iter("button"), None) is not None
    is_short = len(text_content(element).split()) <= _LONGEST_CONTROLS
    return element.tag == "button" or (bool(is_named) and is_short and next(element.iter("pre", "code", "img"), None) is None)


def _numbers_and_controls(listing: Element) -> Iterator[Element]:
    taken: set[Element] = set()
    for element in listing.iter():
        if element is listing or not isinstance(element.tag, str):
            continue
        if element.getparent() in taken:
            taken.add(element)
        elif (_NUMBERS.search(class_and_id(element)) and _has_only_numbers(element)) or (
            element.tag == "button" or (_COPY.search(class_and_id(element)) and len(text_content(element).split()) <= 1)
        ):
            taken.add(element)
            yield element


def _part_lines(listing: Element) -> None:
    """Ends each line: an element for each line has no line break behind it, and `br` is a line break."""
    for line_break in list(listing.iter("br")):
        line_break.tail = "\n" + (line_break.tail or "")
        line_break.drop_tag()
    for element in listing.iter("div", "li", "p", "code", "span"):
        is_line = element.tag in ("div", "li", "p") or bool(_LINE.search(element.get("class") or ""))
        following = element.getnext()
        if not is_line or following is None or following.tag != element.tag or (element.tail or "").startswith("\n"):
            continue
        if not "".join(element.itertext()).endswith("\n"):
            element.tail = "\n" + (element.tail or "").lstrip(" ")
    for element in list(listing.iter("div", "li", "p", "ol", "ul")):
        element.drop_tag()
