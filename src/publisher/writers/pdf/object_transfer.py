"""Moves objects of a PDF in memory, each with all that it refers to, into a file that is written as it grows.

qpdf writes each object as text; here its references get the numbers of the file. Streams are copied as they are.
"""

from __future__ import annotations

import re
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from publisher.writers.pdf.growing_file import GrowingFile

# A reference, in what qpdf writes; strings are matched, so that no reference is found in them.
_TOKEN = re.compile(rb"\([^\\()]*(?:\\.[^\\()]*)*\)|<[0-9a-f]+>|(\d++ \d++) R\b", re.DOTALL)


class ObjectTransfer:
    """The objects of a PDF and their numbers in the file. Objects that nothing refers to are left behind."""

    def __init__(self, source: pikepdf.Pdf, file: GrowingFile) -> None:
        self._source, self._file = source, file
        self._numbers: dict[bytes, int] = {}
        self._waiting: list[tuple[bytes, int]] = []

    def place(self, item: Any, number: int) -> None:
        """Puts the object of the file `number` in place of an indirect object, which is not moved itself."""
        self._numbers[_key(item)] = number

    def stand_in(self, number: int) -> Any:
        """An object to refer to in place of the object of the file `number`."""
        item = self._source.make_indirect(Dictionary())
        self.place(item, number)
        return item

    def move(self, item: Any, number: int | None = None) -> int:
        """The number of an indirect object in the file, a reserved `number` if given; it is written by `write`."""
        key = _key(item)
        if number is not None:
            self._numbers[key] = number
            self._waiting.append((key, number))
        return self._number(key)

    def text(self, value: Any) -> bytes:
        """A direct object, or a reference to an indirect object, as it is to be written."""
        return self._renumbered(value.unparse())

    def write(self) -> None:
        """Writes all objects that are to be moved, and those that they refer to."""
        for key, number in self._waiting:  # it grows meanwhile
            item = self._source.get_object(*map(int, key.split()))
            if isinstance(item, pikepdf.Stream):
                self._write_stream(item, number)
            else:
                self._file.add(b"null" if item is None else self._renumbered(item.unparse(resolved=True)), number)
        self._waiting.clear()

    def _write_stream(self, stream: Any, number: int) -> None:
        """Metadata stay readable for programs that know no PDF (ISO 32000-1, 14.3.2)."""
        entries, data = stream.stream_dict, stream.read_raw_bytes()
        if "/Length" in entries:
            del entries["/Length"]
        plain = "/Filter" not in entries and entries.get("/Type") != Name.Metadata
        text = self._renumbered(entries.unparse()).removeprefix(b"<<").removesuffix(b">>")
        self._file.add_stream(text, data, number, compress=plain)

    def _renumbered(self, text: bytes) -> bytes:
        return _TOKEN.sub(self._token, text)

    def _token(self, match: re.Match[bytes]) -> bytes:
        key = match[1]
        return match[0] if key is None else b"%d 0 R" % self._number(key)

    def _number(self, key: bytes) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self._file.reserve()
            self._waiting.append((key, number))
        return number


def _key(item: Any) -> bytes:
    return b"%d %d" % item.objgen
