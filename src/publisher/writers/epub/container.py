"""The book as a file: EbookLib makes the bytes of each part; the zip is written here (OCF 3.3, 4)."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ebooklib import epub

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can store


class Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer, used for the bytes of each file only; the given package document replaces EbookLib's."""

    def __init__(self, book: Any, package: bytes) -> None:
        super().__init__("", book, {"raise_exceptions": True})
        self._package = package
        self._files: dict[str, bytes] = {}
        self.out = self

    def writestr(self, name: str, data: Any, **_: Any) -> None:
        self._files[name] = data.encode() if isinstance(data, str) else data

    def files(self) -> dict[str, bytes]:
        self._write_container()
        self._write_items()
        self.writestr(f"{self.book.FOLDER_NAME}/content.opf", self._package)
        return self._files


def pack(files: dict[str, bytes]) -> bytes:
    """The zip archive: mimetype first and stored, the other files sorted, times fixed (OCF 3.3, 4.3)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add_file(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name in sorted(files):
            stored = name.endswith((".png", ".jpg"))
            _add_file(archive, name, files[name], zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _add_file(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type, info.external_attr, info.create_system = compression, 0o644 << 16, 3
    archive.writestr(info, data)
