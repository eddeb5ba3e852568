"""Tables: columns of numbers line up at their end where the author aligned nothing."""

from __future__ import annotations

import re

from bs4 import Tag

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import classes, tags, words

_NUMBER = re.compile(r"[-+−–±~≈<>]?\s*[$€£¥₺₴]?\s*\d[\d\s.,'’\u00a0\u202f]*\s*(%|‰|[A-Za-zµ°²³$€£¥₺₴/]{1,6})?")
_NOTHING = {"", "–", "—", "-", "n/a", "…", "·"}
_MOST = 0.8  # of a column's cells that say something


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article with class `end` on the cells of every column of numbers."""
    for table in tags(article.root, ("table",)):
        _open_cells(table)
        cells = tags(table, ("td", "th"))
        if not any({"end", "center"} & set(classes(cell)) for cell in cells) and not any(cell.get("colspan") for cell in cells):
            _align(table)
    return article


def _open_cells(table: Tag) -> None:
    """A cell that holds one paragraph and nothing else, as office programs write them, holds its words."""
    for cell in tags(table, ("td", "th")):
        held = [one for one in cell.children if isinstance(one, Tag) or str(one).strip()]
        if cell.name == "th" and not held:
            cell.name = "td"  # a head without words heads nothing, and screen readers stumble over it
            cell.attrs.pop("scope", None)
        if len(held) == 1 and isinstance(held[0], Tag) and held[0].name == "p":
            held[0].unwrap()


def _align(table: Tag) -> None:
    rows = [[cell for cell in row.children if isinstance(cell, Tag)] for row in tags(table, ("tr",))]
    if any(cell.get("rowspan") for row in rows for cell in row):
        return
    for index in range(1, max(map(len, rows), default=0)):  # the first column names the rows
        column = [row[index] for row in rows if len(row) > index]
        said = [text for cell in column if cell.name == "td" and (text := words(cell)) not in _NOTHING]
        if said and sum(bool(_NUMBER.fullmatch(text)) for text in said) >= _MOST * len(said):
            for cell in column:
                cell["class"] = " ".join([*classes(cell), "end"])
