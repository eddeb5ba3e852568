"""Tables of Word: columns that a row leaves out, and rows that are heads."""

from __future__ import annotations

from typing import Any

import lxml.etree

from publisher.input.word.elements import count, properties, value, w
from publisher.input.xml import children_named, first_child, text_at

_FIRST_ROW = 0x0020  # of the conditional formats of a table (ECMA-376, part 1, 17.4.55)
_LONGEST_HEAD = 15  # words in a cell of a head: a table whose first row has longer texts arranges the page
_MOST_COLUMNS = 100


def prepare_tables(root: Any) -> None:
    """Fills the columns that rows leave out with empty cells (17.4.14, 17.4.15), and marks the first row as a head."""
    for table in list(root.iter(w("tbl"))):
        rows = [row for row in table.iter(w("tr")) if next(row.iterancestors(w("tbl"))) is table]
        for row in rows:
            _fill_row(row)
        if rows and _has_head(table, rows):
            switches = properties(rows[0], "trPr")
            if first_child(switches, "tblHeader") is None:
                lxml.etree.SubElement(switches, w("tblHeader"))


def _fill_row(row: Any) -> None:
    cells = children_named(row, "tc")
    before, after = (min(count(first_child(row, "trPr", name)), _MOST_COLUMNS) for name in ("gridBefore", "gridAfter"))
    if before and cells:
        cells[0].addprevious(_empty_cell(before))
    if after and cells:
        cells[-1].addnext(_empty_cell(after))


def _empty_cell(columns: int) -> Any:
    cell = lxml.etree.Element(w("tc"))
    span = lxml.etree.SubElement(lxml.etree.SubElement(cell, w("tcPr")), w("gridSpan"))
    span.set(w("val"), str(columns))
    lxml.etree.SubElement(cell, w("p"))
    return cell


def _has_head(table: Any, rows: list[Any]) -> bool:
    """Whether a table formats its first row apart, and this row has the short texts of a head."""
    look = first_child(table, "tblPr", "tblLook")
    flag, bits = value(look, "firstRow"), value(look)
    try:
        is_apart = flag in ("1", "true", "on") if flag else bool(int(bits or "0", 16) & _FIRST_ROW)
    except ValueError:
        is_apart = False
    cells = rows[0].findall(f".//{w('tc')}")
    texts = [len(text_at(cell).split()) for cell in cells]
    return is_apart and len(rows) > 1 and len(cells) > 1 and any(texts) and max(texts) <= _LONGEST_HEAD
