"""Writes Outlook messages (.msg) for the tests: an OLE file with one stream for each property (MS-OXMSG)."""

from __future__ import annotations

import datetime
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from extract_msg import OleWriter

_UNICODE, _BINARY, _TIME, _INTEGER = 0x001F, 0x0102, 0x0040, 0x0003
_PRESENT = 6  # the property may be read and written
Value: TypeAlias = "str | bytes | int | datetime.datetime"


@dataclass(frozen=True)
class Attachment:
    """`data` is a file, or a message inside the message."""

    data: bytes | Message
    name: str = ""
    media_type: str = ""
    content_id: str = ""


@dataclass(frozen=True)
class Message:
    """`properties` are by the identifiers of MS-OXPROPS, such as 0x0037 for the subject."""

    properties: dict[int, Value]
    attachments: Sequence[Attachment] = field(default_factory=tuple)


def outlook_file(message: Message) -> bytes:
    writer, stream = OleWriter(), io.BytesIO()
    for name in ("__substg1.0_00020102", "__substg1.0_00030102", "__substg1.0_00040102"):  # no named properties
        writer.addEntry(["__nameid_version1.0", name], b"")
    _write_message(writer, [], message)
    writer.write(stream)
    return stream.getvalue()


def _write_message(writer: OleWriter, path: list[str], message: Message) -> None:
    count = len(message.attachments)
    head = struct.pack("<8x4I", 0, count, 0, count) + (b"" if path else bytes(8))
    _write_properties(writer, path, {0x001A: "IPM.Note", **message.properties}, head)
    for number, attachment in enumerate(message.attachments):
        folder = [*path, f"__attach_version1.0_#{number:08X}"]
        is_message = isinstance(attachment.data, Message)
        values: dict[int, Value] = {0x3705: 5 if is_message else 1, 0x3707: attachment.name}
        values |= {0x370E: attachment.media_type} if attachment.media_type else {}
        values |= {0x3712: attachment.content_id} if attachment.content_id else {}
        entries = b""
        if isinstance(attachment.data, Message):
            entries = struct.pack("<HHI8x", 0x000D, 0x3701, _PRESENT)
            _write_message(writer, [*folder, "__substg1.0_3701000D"], attachment.data)
        else:
            values[0x3701] = attachment.data
        _write_properties(writer, folder, values, bytes(8), entries)


def _write_properties(
    writer: OleWriter, path: list[str], properties: dict[int, Value], head: bytes, entries: bytes = b""
) -> None:
    """The streams of the values that have no fixed size, and the stream that lists all properties."""
    for identifier, value in properties.items():
        if isinstance(value, int):
            entries += struct.pack("<HHIq", _INTEGER, identifier, _PRESENT, value)
        elif isinstance(value, datetime.datetime):  # hundreds of nanoseconds since 1601
            passed = value - datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
            entries += struct.pack("<HHIq", _TIME, identifier, _PRESENT, int(passed.total_seconds()) * 10_000_000)
        else:
            kind, data = (_UNICODE, value.encode("utf-16-le")) if isinstance(value, str) else (_BINARY, value)
            size = len(data) + (2 if kind == _UNICODE else 0)
            entries += struct.pack("<HHIII", kind, identifier, _PRESENT, size, 0)
            writer.addEntry([*path, f"__substg1.0_{identifier:04X}{kind:04X}"], data)
    writer.addEntry([*path, "__properties_version1.0"], head + entries)
