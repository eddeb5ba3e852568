"""A PDF file that is written as it grows: an object is written once, and then only its place in the file is remembered.

Small objects are packed into compressed object streams (ISO 32000-1, 7.5.7), and a cross-reference stream ends the file (7.5.8).
"""

from __future__ import annotations

import hashlib
import io
import sys
import tempfile
import zlib
from array import array
from collections.abc import Sequence
from typing import IO

from publisher.model import disk

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # bytes above 127 mark a binary file (ISO 19005-3, 6.1.2)
_PACKED = 100  # objects in an object stream: a program unpacks all of them to read a single object
_FREE, _PLAIN = -2, -1  # in place of the index in an object stream: not written; written at an offset of the file
_UP = b"\2"  # the PNG predictor (ISO 32000-1, 7.4.4.4): each byte less the byte above it
_IN_MEMORY = 16_000_000  # bytes: a longer file grows on the disk


class GrowingFile:
    """The objects of a file by number. A number can be reserved, and referred to, before its object is written.

    Methods that write raise PublisherError where the disk refuses the temporary file of a long PDF.
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._stream: IO[bytes] = io.BytesIO()
        self._size, self._in_memory = 0, in_memory
        self._hash = hashlib.sha256()
        self._places = array("Q", [0])  # of each object: its offset, or the number of its object stream
        self._indexes = array("i", [_FREE])
        self._waiting: list[tuple[int, bytes]] = []
        self._write(_HEADER)

    def close(self) -> None:
        """Gives back what the file needs while it grows."""
        self._stream.close()

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._places.append(0)
        self._indexes.append(_FREE)
        return len(self._places) - 1

    def add(self, content: bytes, number: int | None = None) -> int:
        """Writes an object that is no stream, under a reserved number or the next; gives its number."""
        number = self.reserve() if number is None else number
        self._waiting.append((number, content))
        if len(self._waiting) == _PACKED:
            self._pack()
        return number

    def add_stream(self, entries: bytes, data: bytes, number: int | None = None, *, compress: bool = False) -> int:
        """Writes a stream; `entries` are those of its dictionary, without Length, and without Filter if `compress` is given."""
        number = self.reserve() if number is None else number
        if compress:
            data, entries = zlib.compress(data), b" /Filter /FlateDecode " + entries
        self._places[number], self._indexes[number] = self._size, _PLAIN
        self._write(b"%d 0 obj\n<< /Length %d %s >>\nstream\n" % (number, len(data), entries.strip()))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return number

    def finish(self, catalog: int, information: int) -> bytes:
        """The bytes of the file with its catalog and its document information. Its identifier is a hash of its content.

        Raises ValueError if a reserved number has no object.
        """
        if self._waiting:
            self._pack()
        free = [number for number, index in enumerate(self._indexes) if index == _FREE]
        if free != [0]:
            raise ValueError(f"object {free[1]} of the file is not written")
        identifier, offset, number = self._hash.hexdigest()[:32].encode(), self._size, self.reserve()
        self._places[number], self._indexes[number] = offset, _PLAIN
        width = (max(self._places).bit_length() + 7) // 8
        self.add_stream(
            b"/Type /XRef /W [ 1 %d 1 ] /Size %d /Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ] /Filter /FlateDecode"
            b" /DecodeParms << /Predictor 12 /Columns %d >>"
            % (width, len(self._places), catalog, information, identifier, identifier, width + 2),
            zlib.compress(_predicted(self._columns(width))),
            number,
        )
        self._write(b"startxref\n%d\n%%%%EOF\n" % offset)
        with disk.temporary_refusals():
            self._stream.seek(0)
            return self._stream.read()

    def _write(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)
        with disk.temporary_refusals():
            self._stream.write(data)
            if self._size > self._in_memory and isinstance(self._stream, io.BytesIO):
                self._move_to_disk(self._stream)

    def _move_to_disk(self, written: io.BytesIO) -> None:
        with disk.temporary_files():
            self._stream = tempfile.TemporaryFile()  # noqa: SIM115 (`close` closes it)
        self._stream.write(written.getbuffer())

    def _pack(self) -> None:
        """Writes the small objects that wait as an object stream."""
        waiting, self._waiting = self._waiting, []
        holder, offset, offsets = self.reserve(), 0, []
        for index, (number, content) in enumerate(waiting):
            self._places[number], self._indexes[number] = holder, index
            offsets.append(b"%d %d " % (number, offset))
            offset += len(content) + 1
        first = b"".join(offsets)
        content = first + b"\n".join(content for _, content in waiting)
        self.add_stream(b"/Type /ObjStm /N %d /First %d" % (len(waiting), len(first)), content, holder, compress=True)

    def _columns(self, width: int) -> list[bytes]:
        """The columns of the cross-reference stream: the kind of each object, the bytes of its place, and its index."""
        places = array("Q", self._places)
        if sys.byteorder == "little":
            places.byteswap()
        kinds = bytes(0 if index == _FREE else 1 if index == _PLAIN else 2 for index in self._indexes)
        indexes = bytes(max(index, 0) for index in self._indexes)
        return [kinds, *(places.tobytes()[8 - width + column :: 8] for column in range(width)), indexes]


def _predicted(columns: Sequence[bytes]) -> bytes:
    """The rows of a table as differences to the row above, which compress better."""
    rows, step = len(columns[0]), len(columns) + 1
    table = bytearray(rows * step)
    table[::step] = _UP * rows
    for number, column in enumerate(columns, 1):
        table[number::step] = bytes((byte - above) & 255 for byte, above in zip(column, b"\0" + column, strict=False))
    return bytes(table)
