"""Marks of what goes on: a word above a table that began on an earlier page, an arrow behind a line of code that is broken.

They are boxes in the margins of a laid-out page, and so artifacts: the words of the articles are neither more nor fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from weasyprint.formatting_structure import boxes

from publisher.text.languages import direction, words_for
from publisher.writers.pdf import engine
from publisher.writers.themes import Theme

_ARROW = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M8.5 1.5V6.2H2M4.4 3.6 1.8 6.2l2.6 2.6" fill="none"'
    b' stroke="#5a616c" stroke-width="1"/></svg>'
)
_DISTANCE = 3.0  # CSS pixels from what a mark stands beside


def mark_breaks(document: Any, has_code: bool, theme: Theme, lang: str) -> None:
    """Adds the marks to the pages of a document. `has_code` says whether a `pre` is on them, `lang` is that of the edition."""
    continued = list(_continued(engine.laid_out_tables(document)))
    broken = list(_broken_lines(document)) if has_code else []
    if not (continued or broken):
        return
    word, arrow = _marks(theme, lang)
    for part in continued:
        box = part.table
        left = box.border_box_x() + (box.border_width() - word.children[0].width if direction(lang) == "rtl" else 0)
        _add(part.page, word, left, box.border_box_y() - word.height)
    for page, block, line in broken:
        right = block.border_box_x() + block.border_width() + _DISTANCE
        _add(page, arrow, right, line.position_y + (line.height - arrow.height) / 2)


def _continued(tables: Iterable[engine.LaidOutTable]) -> Iterator[engine.LaidOutTable]:
    """The parts of tables that are not their first."""
    begun = set[str]()
    for part in tables:
        if part.key in begun:
            yield part
        begun.add(part.key)


def _broken_lines(document: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The lines of code that go on in the next line: their page, their block and the line."""
    places: dict[Any, int] = {}
    for page in document.pages:
        for block in page._page_box.descendants():
            if isinstance(block, boxes.BlockBox) and block.element_tag == "pre":
                source = "".join(block.element.itertext())
                lines = [line for line in block.children if isinstance(line, boxes.LineBox)]
                for line, place in zip(lines, _places(lines, source, places.get(block.element, 0)), strict=False):
                    places[block.element] = place
                    rest = source[place:].lstrip(" \t")
                    if rest and not rest.startswith("\n"):
                        yield page._page_box, block, line


def _places(lines: Iterable[Any], source: str, place: int) -> Iterator[int]:
    """Where each line ends in the source; it stops at a line that is not in it, such as in capitals."""
    for line in lines:
        text = "".join(part.text for part in line.descendants() if isinstance(part, boxes.TextBox)).strip()
        start = source.find(text, place)
        if start < 0 or source[place:start].strip():
            return
        place = start + len(text)
        yield place


@cache
def _marks(theme: Theme, lang: str) -> tuple[Any, Any]:
    """The boxes of the word and of the arrow, as a theme sets them."""
    word = words_for(lang)["continued"]
    xhtml = (
        f'<html lang="{lang}"><head><title>marks</title></head><body><p class="continued">{word}</p>'
        '<p class="broken-line"><img src="resource:arrow" alt=""/></p></body></html>'
    )
    resources = {"arrow": (_ARROW, "image/svg+xml")}
    page = engine.render(xhtml, theme, "A4", resources, "page.css").pages[0]._page_box
    blocks = [box for box in page.descendants() if isinstance(box, boxes.BlockBox) and box.element_tag == "p"]
    return blocks[0], blocks[1]


def _add(page: Any, mark: Any, x: float, y: float) -> None:
    """Puts a copy of a mark on a page, as a margin box with its left and top at `x` and `y`."""
    box = boxes.MarginBox("@top-left", mark.style)
    copy = mark.deepcopy()
    box.__dict__.update(copy.__dict__ | {"element": None, "element_tag": None})
    box.translate(x - box.content_box_x(), y - box.content_box_y())
    page.children = (*page.children, box)
