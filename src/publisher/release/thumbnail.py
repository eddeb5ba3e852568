"""The thumbnail of a release: the cover of its book, else the first page of its PDF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from lxml import etree
from PIL import Image

NAME = "cover.png"
_WIDTH, _HEIGHT = 600, 800  # pixels; the thumbnail fits into them


def thumbnail(outputs: Mapping[str, bytes]) -> bytes | None:
    """A PNG of at most 600 by 800 pixels, from the finished outputs by their names; None where no output has a cover."""
    for name, data in sorted(outputs.items(), key=lambda item: _suffix(item[0]) != "epub"):
        draw = _DRAWN.get(_suffix(name))
        image = draw(data) if draw else None
        if image is not None:
            return _png(image)
    return None


def _suffix(name: str) -> str:
    return name.lower().rpartition(".")[2]


def _cover_of_book(data: bytes) -> Image.Image | None:
    """The image that the package names as the cover (EPUB 3.3, D.2.1); None where it is a drawing or missing."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        package = next((name for name in book.namelist() if name.endswith(".opf")), None)
        if package is None:
            return None
        root = etree.fromstring(book.read(package))
        found = root.xpath("//*[local-name()='item'][contains(concat(' ', @properties, ' '), ' cover-image ')]/@href")
        folder = package.rpartition("/")[0]
        if not found or str(found[0]).endswith(".svg"):
            return None
        return Image.open(io.BytesIO(book.read(f"{folder}/{found[0]}" if folder else str(found[0]))))


def _first_page(data: bytes) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        page = document[0]
        return page.render(scale=_HEIGHT / max(page.get_size())).to_pil()  # type: ignore[no-any-return]


def _png(image: Image.Image) -> bytes:
    image = image.convert("RGB")
    image.thumbnail((_WIDTH, _HEIGHT))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


_DRAWN = {"epub": _cover_of_book, "pdf": _first_page}
