"""Pages of two PDFs as images side by side, with the regions marked in which they differ."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

_SCALE = 90 / 72  # pixels a point: 90 to the inch
_CELL = 10  # pixels: regions are found on a grid
_MARGIN = 3  # pixels around a region
_SHADE = 40  # of 255: less is not seen as a difference
_COLORS = {"old": (176, 0, 32), "new": (0, 92, 48)}  # of the boxes
_DIGITS = re.compile(r"\d+")

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class PagePair:
    """A page on each side (0: there is none), each as a PNG, and how many regions differ."""

    old: int
    new: int
    images: tuple[bytes, bytes]
    regions: int


@dataclass(frozen=True)
class PageImages:
    """The pairs of pages that differ, at most as many as asked for; how many there are in all, and how many are the same."""

    pairs: tuple[PagePair, ...] = ()
    different: int = 0
    same: int = 0


def page_images(old: Path, new: Path, most: int) -> PageImages:
    """The pages that differ. A page that was added or removed moves no other: pages are matched by their words."""
    with pypdfium2.PdfDocument(old) as before, pypdfium2.PdfDocument(new) as after:
        pairs, different, same = list[PagePair](), 0, 0
        for here, there in _matched(before, after):
            images = _image(before, here), _image(after, there)
            boxes = _regions(*images)
            if here and there and not boxes:
                same += 1
                continue
            different += 1
            if len(pairs) < most:
                pairs.append(
                    PagePair(here, there, (_marked(images[0], boxes, "old"), _marked(images[1], boxes, "new")), len(boxes))
                )
        return PageImages(tuple(pairs), different, same)


def _matched(before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument) -> Iterator[tuple[int, int]]:
    """Numbers of the pages that stand for each other; 0 where there is none."""
    old, new = ([_words(page) for page in document] for document in (before, after))
    for tag, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        numbers = range(start + 1, end + 1), range(other_start + 1, other_end + 1)
        if tag == "equal":
            yield from zip(*numbers, strict=True)
        else:
            yield from zip_longest(*numbers, fillvalue=0)


def _words(page: pypdfium2.PdfPage) -> str:
    """The words of a page without numbers: folios change where a page is added."""
    return " ".join(_DIGITS.sub("", page.get_textpage().get_text_bounded()).split())


def _image(document: pypdfium2.PdfDocument, number: int) -> Image.Image | None:
    return document[number - 1].render(scale=_SCALE).to_pil().convert("RGB") if number else None


def _regions(old: Image.Image | None, new: Image.Image | None) -> list[Box]:
    """The boxes in which two images differ, in pixels, from top to bottom; none if there is only one image."""
    if old is None or new is None:
        return []
    size = max(old.width, new.width), max(old.height, new.height)
    canvases = []
    for image in (old, new):
        canvas = Image.new("RGB", size, "white")
        canvas.paste(image)
        canvases.append(canvas)
    shades = ImageChops.difference(*canvases).convert("L").point(lambda shade: 255 if shade > _SHADE else 0)
    grid = shades.reduce(_CELL).point(lambda shade: 255 if shade else 0)
    cells = {(number % grid.width, number // grid.width) for number, shade in enumerate(grid.tobytes()) if shade}
    boxes = _merged([_in_pixels(group, size) for group in _groups(cells)])
    return sorted(boxes, key=lambda box: (box[1], box[0]))


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes of which none touches another: those that do become a single box."""
    found = list[Box]()
    for box in boxes:
        while touching := next((other for other in found if _touch(box, other)), None):
            found.remove(touching)
            left, top = min(box[0], touching[0]), min(box[1], touching[1])
            box = left, top, max(box[2], touching[2]), max(box[3], touching[3])
        found.append(box)
    return found


def _touch(box: Box, other: Box) -> bool:
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


def _groups(cells: set[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Cells that are near each other: at most two to the side, one up or down."""
    left = set(cells)
    while left:
        group, stack = list[tuple[int, int]](), [min(left)]
        left.discard(stack[0])
        while stack:
            column, row = stack.pop()
            group.append((column, row))
            near = {(column + right, row + down) for right in range(-2, 3) for down in (-1, 0, 1)} & left
            left -= near
            stack.extend(sorted(near))
        yield group


def _in_pixels(cells: list[tuple[int, int]], size: tuple[int, int]) -> Box:
    columns, rows = [column for column, _ in cells], [row for _, row in cells]
    left, top, right, bottom = min(columns), min(rows), max(columns) + 1, max(rows) + 1
    width, height = size
    return (
        max(0, left * _CELL - _MARGIN),
        max(0, top * _CELL - _MARGIN),
        min(width, right * _CELL + _MARGIN) - 1,
        min(height, bottom * _CELL + _MARGIN) - 1,
    )


def _marked(image: Image.Image | None, boxes: list[Box], side: str) -> bytes:
    """A PNG with the boxes drawn; empty without an image."""
    if image is None:
        return b""
    draw = ImageDraw.Draw(image)
    for box in boxes:
        draw.rectangle(box, outline=_COLORS[side], width=2)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
