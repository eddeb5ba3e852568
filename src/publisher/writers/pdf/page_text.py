"""What the pages of a laid-out sheet show of its articles: texts, images, links and anchors, with the places of their elements.

A place is the `data-at` of an element (sheet_markup.py). What has none is not of an article: the number of a note, a heading that
the writer adds. Content that a style sheet generates (list markers, quotes, ::before) and repeated heads and feet of tables are
left out; a first letter that is set apart is not generated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

_END_OF_LINE: Any = None


def placed_text(document: Any) -> Iterator[tuple[str, str, int]]:
    """The place, the text and the number of the line of each text box, in reading order; an image is an empty text."""
    line, repeatable = 0, set[Any]()
    for page in document.pages:
        stack = [page._page_box]
        while stack:
            box = stack.pop()
            kind = type(box)
            if kind is boxes.TextBox:
                if not is_generated(box) and _is_visible(box):
                    yield box.element.get("data-at", ""), box.text, line
            elif kind is boxes.LineBox:
                line += 1
                stack.append(_END_OF_LINE)
                stack.extend(box.children[::-1])
            elif box is _END_OF_LINE:
                line += 1
            elif kind is boxes.InlineReplacedBox or kind is boxes.BlockReplacedBox:
                if not is_generated(box) and _is_visible(box):
                    yield box.element.get("data-at", ""), "", line
            elif kind is boxes.TableRowGroupBox and (box.is_header or box.is_footer):
                if box.element not in repeatable:
                    repeatable.add(box.element)
                    stack.extend(box.children[::-1])
            elif kind is AbsolutePlaceholder:
                stack.append(box._box)
            elif kind is not boxes.MarginBox:
                stack.extend(box.children[::-1])


def is_generated(box: Any) -> bool:
    """Whether a style sheet makes the content of a box, which is then not in the tree."""
    tag = box.element_tag or ""
    return "::" in tag and not tag.endswith("::first-letter")


def _is_visible(box: Any) -> bool:
    return bool(box.style["visibility"] == "visible")


@dataclass(frozen=True)
class TextStyles:
    """What style sheets do to texts: the hyphens at ends of lines, and the places whose text is transformed (into capitals)."""

    hyphens: frozenset[str]
    transformed: frozenset[str]


def text_styles(document: Any) -> TextStyles:
    """The styles of all texts on the pages."""
    texts = [
        box for page in document.pages for box in page._page_box.descendants(placeholders=True) if isinstance(box, boxes.TextBox)
    ]
    hyphens = frozenset(box.style["hyphenate_character"] for box in texts)
    transformed = (box for box in texts if box.element is not None and box.style["text_transform"] != "none")
    return TextStyles(hyphens, frozenset(box.element.get("data-at", "") for box in transformed))


def placed_links(document: Any) -> Iterator[tuple[str, str]]:
    """The place and the target of each link, `#` before the name of an anchor."""
    for page in document.pages:
        for kind, target, _, box in page.links:
            if box.element is not None:
                yield box.element.get("data-at", ""), f"#{target}" if kind == "internal" else target


def anchors(document: Any) -> frozenset[str]:
    """The names of all anchors on the pages."""
    return frozenset(name for page in document.pages for name in page.anchors)
