"""Samples that several test files use."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image

from publisher.model.edition import Edition, Entry
from publisher.model.metadata import Metadata
from publisher.writers import pdf as pdf_writer
from publisher.writers.pdf.sheet import Sheet


def book_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name.removeprefix("EPUB/"): archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(("xhtml", "opf"))
        }


# Images


def drawn(mode: str, size: tuple[int, int], kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


# Sheets


def long(slug: str, words: int, **values: Any) -> Entry:
    return Entry(slug, Metadata(title=slug.upper()), values.pop("xhtml", ""), words, **values)


def heads(book: Edition, *sheets: Sheet, recto: bool = False) -> list[tuple[str, str]]:
    found = pdf_writer._running_heads(book, sheets, pdf_writer.page_spans(sheets, recto))
    return [(one.kind, one.head) for one in found]
