"""Captions in OpenDocument text: in the paragraph of an image, beside it in a text box, or in a style of captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from publisher.input.xml import attribute, local_name

# Drawn shapes, which may hold paragraphs (ODF 1.2, part 1, 10.3).
SHAPES = frozenset(
    ["custom-shape", "g", "frame", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path", "connector", "caption"]
)
# Styles of captions in LibreOffice and OpenOffice; that of tables has the name Table, or is made from Caption.
CAPTION_STYLES = frozenset({"Caption", "Illustration", "Figure", "Drawing"})
_FIGURE = re.compile(r"<figure>.*?</figure>", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_FLOAT = re.compile("\0([^\0]*)\0")  # between NUL characters, which XML cannot have
_LONGEST_CAPTION = 60  # words of a paragraph that is the caption of the image beside it in a box


def floating(markup: str) -> str:
    """Markup of a frame that does not stand in the line; `without_floats` finds it."""
    return f"\0{markup}\0" if markup and "\0" not in markup else markup


def without_floats(content: str) -> tuple[str, str]:
    """The content of a paragraph without floating frames, and these frames."""
    return _FLOAT.sub("", content), "\n".join(_FLOAT.findall(content))


def style_chain(styles: Mapping[str, Any], name: str) -> list[str]:
    """The name of a style and of those that it is made from."""
    chain: list[str] = []
    while name and name not in chain and len(chain) < 20:
        chain.append(name)
        name = attribute(styles.get(name), "parent-style-name")
    return chain


def is_caption(chain: Iterable[str], paragraph: Any) -> bool:
    """Whether a paragraph has a style of captions, or is numbered as one, and is not that of a table."""
    sequences = [attribute(part, "name") for part in _own_elements(paragraph) if local_name(part) == "sequence"]
    names = {name.partition("_20_")[0] for name in chain}
    return "Table" not in {*names, *sequences} and bool(names & CAPTION_STYLES or sequences)


def own_text(paragraph: Any) -> str:
    """The text of a paragraph without that in shapes, notes and comments."""
    holders = [paragraph, *_own_elements(paragraph)]
    return "".join(text or "" for holder in holders for text in (holder.text, *(part.tail for part in holder)))


def _own_elements(element: Any) -> Iterator[Any]:
    """The elements inside a paragraph that do not stand in shapes, notes and comments."""
    for part in element:
        if local_name(part) not in (*SHAPES, "note", "annotation"):
            yield part
            yield from _own_elements(part)


def figure_with_caption(content: str) -> str:
    """A figure with the images and, as their caption, the other words of a paragraph; empty if it lacks either."""
    figures, caption = _FIGURE.findall(content), _FIGURE.sub("", content).strip()
    if not figures or not _TAGS.sub("", caption).strip():
        return ""
    return _captioned("".join(figures), caption)


def beside_each_other(blocks: Iterable[str]) -> list[str]:
    """Blocks of which each caption that stands above or below an image without a caption is in its figure."""
    found: list[str] = []
    for block in filter(None, blocks):
        before = found[-1] if found else ""
        if _is_caption_block(block) and _is_bare_figure(before):
            found[-1] = _captioned(before, _content(block))
        elif _is_caption_block(before) and _is_bare_figure(block):
            found[-1] = _captioned(block, _content(before))
        else:
            found.append(block)
    return found


def in_text_box(blocks: Iterable[str]) -> str:
    """The blocks of a text box. A short paragraph beside a single image is its caption, whatever its style."""
    joined = beside_each_other(blocks)
    paragraphs = [block for block in joined if block.startswith("<p>") and len(_TAGS.sub("", block).split()) <= _LONGEST_CAPTION]
    figures = [block for block in joined if _is_bare_figure(block)]
    if len(joined) == 2 and len(paragraphs) == len(figures) == 1:
        return _captioned(figures[0], _content(paragraphs[0]))
    return "\n".join(joined)


def _captioned(figures: str, caption: str) -> str:
    images = figures.replace("<figure>", "").replace("</figure>", "")
    return f"<figure>{images}<figcaption>{caption}</figcaption></figure>"


def _is_caption_block(block: str) -> bool:
    return block.startswith("<figcaption>") and block.endswith("</figcaption>")


def _is_bare_figure(block: str) -> bool:
    is_figure = block.startswith("<figure>") and block.endswith("</figure>") and block.count("<figure>") == 1
    return is_figure and "<figcaption" not in block


def _content(block: str) -> str:
    return block.partition(">")[2].rpartition("</")[0]
