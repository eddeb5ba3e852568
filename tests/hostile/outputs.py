"""What finished files show of a canary: its words, in any part, and pictures of its color."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from PIL import Image

from tests.hostile.vectors import COLOR, WORDS

_SEEN = re.compile("|".join(WORDS.split()).encode(), re.IGNORECASE)
_TOLERANCE = 12  # of a channel: a picture may have become a JPEG


def parts_of_book(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            data = book.read(name)
            yield name, data
            for number, text in enumerate(re.findall(rb"base64,([\w+/=]+)", data)):
                yield f"{name} (data {number})", base64.b64decode(text + b"==")


def parts_of_pdf(path: Path) -> Iterator[tuple[str, bytes]]:
    """The text of the pages, and every stream: pictures, attached files, metadata."""
    yield "text", subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
    with pikepdf.open(path) as pdf:
        yield "information", repr(dict(pdf.docinfo)).encode()
        for number, found in enumerate(pdf.objects):
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image" and "/Width" in found:
                yield f"picture {number}", _png(found)
            elif isinstance(found, pikepdf.Stream):
                yield f"stream {number}", found.read_bytes()


def _png(stream: pikepdf.Stream) -> bytes:
    buffer = io.BytesIO()
    pikepdf.PdfImage(stream).as_pil_image().convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def leaks(parts: Iterator[tuple[str, bytes]]) -> list[str]:
    """The parts with the words or the color of what lies outside."""
    return [name for name, data in parts if _SEEN.search(data) or _has_color(data)]


def _has_color(data: bytes) -> bool:
    if data[:4] not in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"GIF8"):
        return False
    with Image.open(io.BytesIO(data)) as image:
        pixel = image.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= _TOLERANCE for one, other in zip(pixel, COLOR, strict=True))
