"""What the header cells of a table are the headers of, stated on each: readers and screen readers need it in both outputs."""

from __future__ import annotations

from lxml import etree


def state_scopes(table: etree._Element) -> None:
    """Gives each header cell without `scope` one: `col` in the table's head, `row` elsewhere (WCAG 2.1, technique H63)."""
    for cell in table.iter("th"):
        if not cell.get("scope"):
            row = cell.getparent()
            group = row.getparent() if row is not None else None
            cell.set("scope", "col" if group is not None and group.tag == "thead" else "row")
