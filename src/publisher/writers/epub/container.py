"""The book as a file: EbookLib's writer up to the bytes of each part, the zip our own (OCF 3.3, 4)."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ebooklib import epub

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can say


class Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer up to the bytes of each file, our package document in place of its own."""

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
    """The zip: mimetype first and stored, the rest sorted, times fixed (OCF 3.3, 4.3)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        for name in sorted(files):
            stored = name.endswith((".png", ".jpg"))
            _add(archive, name, files[name], zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type, info.external_attr, info.create_system = compression, 0o644 << 16, 3
    archive.writestr(info, data)
