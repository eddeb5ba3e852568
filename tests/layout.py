"""What is wrong with laid-out pages, whatever is on them: text over an edge, headings alone at a page's foot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from weasyprint.formatting_structure import boxes

from publisher.writers.pdf import typeset

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
SLACK = 1.5  # CSS pixels


@contextmanager
def laid_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The documents that are typeset while the context lasts, in this process."""
    seen: list[Any] = []
    finished = typeset._finished

    def keep(job: Any, document: Any, *values: Any) -> Any:
        seen.append((job.name, document))
        return finished(job, document, *values)

    with monkeypatch.context() as patch:
        patch.setattr(typeset, "_finished", keep)
        yield seen


def clipped(document: Any, hang: float) -> Iterator[str]:
    """Text that stands over the edge of its page, or of the column and the margin that the theme hangs things into."""
    for number, page in enumerate(document.pages, 1):
        column = page._page_box
        left, right = column.content_box_x() - hang, column.content_box_x() + column.width + hang
        for box in column.descendants():
            if isinstance(box, boxes.TextBox) and box.text.strip():
                start, end = box.position_x, box.position_x + box.width
                if start < max(0, left) - SLACK or end > min(page.width, right) + SLACK:
                    yield f"page {number}: {box.text[:40]!r} from {start:.0f} to {end:.0f} of {left:.0f} to {right:.0f}"


def lonely_headings(document: Any) -> Iterator[str]:
    """Headings that are the last thing on a page, with text of their article on the next."""
    for number, (page, following) in enumerate(zip(document.pages, document.pages[1:], strict=False), 1):
        lines = [
            box for child in page._page_box.children if not isinstance(child, boxes.FootnoteAreaBox) for box in _lines(child)
        ]
        last = max(lines, key=lambda line: line.position_y + line.height, default=None)
        if (
            last is not None
            and last.element is not None
            and last.element.tag in HEADINGS
            and any(True for _ in _lines(following._page_box))
        ):
            yield f"page {number}: {''.join(box.text for box in last.descendants() if isinstance(box, boxes.TextBox))!r}"


def _lines(box: Any) -> Iterator[Any]:
    if hasattr(box, "descendants"):
        yield from (one for one in box.descendants() if isinstance(one, boxes.LineBox))
