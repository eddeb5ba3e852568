"""Rules of PDF/UA-1 for what may stand in what: tables, lists, contents (ISO 14289-1, 7.2 and 7.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array

from publisher.checks.pdf_file import Element, PdfFile, number_of

_PARENTS = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"},
    "TFoot": {"Table"}, "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"},
}  # fmt: skip
_CHILDREN = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"}, "THead": {"TR"}, "TBody": {"TR"}, "TFoot": {"TR"},
    "TR": {"TH", "TD"}, "L": {"L", "LI", "Caption"}, "LI": {"Lbl", "LBody"}, "TOC": {"TOC", "TOCI", "Caption"},
}  # fmt: skip
_ONCE = {"Table": ("THead", "TFoot", "Caption"), "L": ("Caption",), "TOC": ("Caption",)}
_CELLS = 100_000  # a table with more is not laid out


def wrong_nesting(file: PdfFile) -> Iterator[str]:
    for element in file.elements:
        parent = element.parent.kind if element.parent else ""
        if element.kind in _PARENTS and parent not in _PARENTS[element.kind]:
            yield f"{element.kind} inside {parent or 'no element'}"
        kinds = [child.kind for child in element.children]
        for kind in dict.fromkeys(kinds):
            if element.kind in _CHILDREN and kind not in _CHILDREN[element.kind]:
                yield f"{kind} inside {element.kind}"
        yield from _wrong_parts(element, kinds)


def _wrong_parts(element: Element, kinds: list[str]) -> Iterator[str]:
    for kind in _ONCE.get(element.kind, ()):
        if kinds.count(kind) > 1:
            yield f"more than one {kind} in {element.kind}"
    ends = (0, len(kinds) - 1) if element.kind == "Table" else (0,)
    if element.kind in _ONCE and "Caption" in kinds and kinds.index("Caption") not in ends:
        yield f"the Caption of {element.kind} is not its first element"
    if element.kind == "Table" and {"THead", "TFoot"} & set(kinds) and "TBody" not in kinds:
        yield "a Table with THead or TFoot has no TBody"


def headers_unknown(file: PdfFile) -> Iterator[str]:
    """Each data cell's headers must be known: by the headers' scope, or by the cell's own list of them."""
    for table in (element for element in file.elements if element.kind == "Table"):
        cells = [cell for _, row in _rows(table) for cell in row]
        ids = {bytes(cell.object.ID) for cell in cells if "/ID" in cell.object}
        unscoped = [
            cell for cell in cells if cell.kind == "TH" and str(cell.attribute("/Scope")) not in ("/Row", "/Column", "/Both")
        ]
        alone = [cell for cell in cells if cell.kind == "TD" and not _headers(cell)]
        if unscoped and alone:
            yield "a table header has no scope"
        if any(header not in ids for cell in cells if cell.kind == "TD" for header in _headers(cell)):
            yield "a table cell names a header that does not exist"


def _headers(cell: Element) -> list[bytes]:
    headers = cell.attribute("/Headers")
    return [bytes(header) for header in headers] if isinstance(headers, Array) else []


def irregular_tables(file: PdfFile) -> Iterator[str]:
    """Every row of a table has as many columns as the others, and no two cells the same place (7.2)."""
    for table in (element for element in file.elements if element.kind == "Table"):
        rows = _rows(table)
        taken: dict[tuple[int, int], int] = {}
        for number, (_, row) in enumerate(rows):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                width, height = _span(cell, "/ColSpan"), _span(cell, "/RowSpan")
                if width * height > _CELLS or len(taken) > _CELLS:
                    yield "a table cell spans too many rows or columns"
                    return
                places = [(number + down, column + right) for down in range(height) for right in range(width)]
                if any(place in taken for place in places):
                    yield "two cells of a table have the same place"
                taken.update((place, number) for place in places)
        widths = {len([1 for row, _ in taken if row == number]) for number in range(len(rows))}
        if any(row >= len(rows) for row, _ in taken):
            yield "a table cell spans more rows than the table has"
        elif len(widths) > 1:
            yield "the rows of a table have different numbers of columns"


def _rows(table: Element) -> list[tuple[str, list[Element]]]:
    """The rows with the part of the table each is in."""
    rows = []
    for part in table.children:
        for row in [part] if part.kind == "TR" else part.children:
            if row.kind == "TR":
                rows.append((part.kind, [cell for cell in row.children if cell.kind in ("TH", "TD")]))
    return rows


def _span(cell: Element, name: str) -> int:
    return max(1, number_of(cell.attribute(name)))
