"""Makes tables regular, their caption first; aligns columns of numbers to the end where the author aligned nothing."""

from __future__ import annotations

import re
from collections import Counter

from bs4 import BeautifulSoup, Tag

from publisher.input.extent import check_limit
from publisher.input.manuscript import Manuscript
from publisher.model import vocabulary
from publisher.model.article import Article
from publisher.model.markup import attribute, classes, tags, words
from publisher.text.numbers import whole_number

_NUMBER = re.compile(r"[-+−–±~≈<>]?\s*[$€£¥₺₴]?\s*\d[\d\s.,'’\u00a0\u202f]*\s*(%|‰|[A-Za-zµ°²³$€£¥₺₴/]{1,6})?")
_EMPTY_VALUES = {"", "–", "—", "-", "n/a", "…", "·"}
_MOST_COLUMNS = 100  # of a table whose rows are filled up
_NUMBER_SHARE = 0.8  # share of the cells with a value that must be numbers


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with the class `end` on the cells of every column of numbers."""
    for table in tags(article.root, ("table",)):
        _check_extent(manuscript, table)
        _place_captions(table)
        _unwrap_cell_paragraphs(table)
        _make_regular(article.tree, table)
        cells = tags(table, ("td", "th"))
        if not any({"end", "center"} & set(classes(cell)) for cell in cells) and not any(cell.get("colspan") for cell in cells):
            _align_number_columns(table)
    return article


def _place_captions(table: Tag) -> None:
    """Puts the caption of a table first in it, as HTML has it (4.9.2); a second caption becomes a paragraph behind the table."""
    captions = [child for child in table.children if isinstance(child, Tag) and child.name == "caption"]
    for caption in reversed(captions[1:]):
        for block in tags(caption, vocabulary.BLOCKS | vocabulary.PARTS):
            block.insert_after(" ")
            block.unwrap()
        caption.name = "p"
        table.insert_after(caption.extract())
    if captions and next(child for child in table.children if isinstance(child, Tag)) is not captions[0]:
        table.insert(0, captions[0].extract())


def _check_extent(manuscript: Manuscript, table: Tag) -> None:
    """Raises PublisherError if a table is over a limit. Spans end where their table ends (HTML, 4.9.12.1)."""
    rows = tags(table, ("tr",))
    check_limit(manuscript, "rows", len(rows), "{} rows in a table")
    widest = covered = 0
    below: Counter[int] = Counter()  # cells that reach down into a row, by the row
    for number, row in enumerate(rows):
        width = 0
        for cell in row.children:
            if isinstance(cell, Tag):
                height = min(_span(cell, "rowspan"), len(rows) - number)
                columns = _span(cell, "colspan")
                width += columns
                covered += columns * height if columns * height > 1 else 0
                if height > 1:
                    below[number + 1] += columns
                    below[number + height] -= columns
        check_limit(manuscript, "spans", covered, "{} cells covered by the spans of a table")
        below[number + 1] += below[number]
        widest = max(widest, width + below[number])
    check_limit(manuscript, "columns", widest, "{} columns in a table")


def _unwrap_cell_paragraphs(table: Tag) -> None:
    """Unwraps paragraphs that are alone in their cell, as office programs write them; empty header cells become data cells."""
    for cell in tags(table, ("td", "th")):
        contents = [child for child in cell.children if isinstance(child, Tag) or str(child).strip()]
        if cell.name == "th" and not contents:
            cell.name = "td"  # screen readers have trouble with an empty header cell
            cell.attrs.pop("scope", None)
        if len(contents) == 1 and isinstance(contents[0], Tag) and contents[0].name == "p":
            contents[0].unwrap()


def _make_regular(tree: BeautifulSoup, table: Tag) -> None:
    """Gives every row as many columns as the longest has, with empty cells, and a table of only a head a body.

    Screen readers count cells (PDF/UA-1, 7.5; Matterhorn 15-003 and 09-004).
    """
    head = table.find("thead", recursive=False)
    if isinstance(head, Tag) and len(tags(table, ("tr",))) == len(tags(head, ("tr",))):
        head.name = "tbody"
    rows = tags(table, ("tr",))
    widths, open_spans = [], list[tuple[int, int]]()  # of cells of the rows above: columns, and rows to go
    for row in rows:
        cells = [cell for cell in row.children if isinstance(cell, Tag)]
        spans = [(_span(cell, "colspan"), _span(cell, "rowspan") - 1) for cell in cells]
        widths.append(sum(columns for columns, _ in (*open_spans, *spans)))
        open_spans = [(columns, left - 1) for columns, left in open_spans if left > 1] + [span for span in spans if span[1]]
    for row, width in zip(rows, widths, strict=True):
        for _ in range(max(widths) - width if max(widths) <= _MOST_COLUMNS else 0):
            row.append(tree.new_tag("td"))


def _span(cell: Tag, name: str) -> int:
    return whole_number(attribute(cell, name), 1)


def _align_number_columns(table: Tag) -> None:
    rows = [[cell for cell in row.children if isinstance(cell, Tag)] for row in tags(table, ("tr",))]
    if any(cell.get("rowspan") for row in rows for cell in row):
        return
    columns: list[list[Tag]] = []  # without the first, which has the names of the rows
    for row in rows:
        columns += [[] for _ in range(len(row) - 1 - len(columns))]
        for column, cell in zip(columns, row[1:], strict=False):
            column.append(cell)
    for column in columns:
        values = [text for cell in column if cell.name == "td" and (text := words(cell)) not in _EMPTY_VALUES]
        if values and sum(bool(_NUMBER.fullmatch(text)) for text in values) >= _NUMBER_SHARE * len(values):
            for cell in column:
                cell["class"] = " ".join([*classes(cell), "end"])
