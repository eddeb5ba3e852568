"""Finished work as bytes: a JSON head, then the long texts and the bytes of the work as they are.

One codec for every frozen record that is kept (articles, sheets, outputs). Reading it back checks every type and runs no code,
so that a cache folder may be shared.
"""

from __future__ import annotations

import json
import struct
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_LONG = 1_000  # characters; longer texts (XHTML) stand behind the head as UTF-8, so that JSON need not escape them
_PART, _TEXT = "\0part", "\0text"  # keys of the head that name the number of what stands behind it
_LENGTH = struct.Struct(">Q")


class WrongShape(ValueError):
    """Bytes that are no such record."""


def encode(record: Any) -> bytes:
    """A record as bytes: those of `encoded_parts`."""
    return b"".join(encoded_parts(record))


def encoded_parts(record: Any) -> list[bytes]:
    """A record as bytes to write one after the other: lengths of the head and of each part in 8 bytes, then head and parts.

    Long parts are those of the record itself: a file of many megabytes is not copied.
    """
    parts: list[bytes] = []
    text = json.dumps(_without_parts(msgspec.to_builtins(record, builtin_types=(bytes,)), parts), ensure_ascii=False)
    head = text.encode("utf-8", "surrogatepass")  # a file name that is not UTF-8 has lone surrogates
    lengths = b"".join(map(_LENGTH.pack, [len(parts), len(head), *map(len, parts)]))
    return [lengths, head, *parts]


def decode(stored: bytes | memoryview, kind: type[T]) -> T:
    """The record of type `kind` in `stored`. Raises WrongShape."""
    try:
        (count,) = _LENGTH.unpack_from(stored)
        lengths = struct.unpack_from(f">{count + 1}Q", stored, _LENGTH.size)
        blocks, start = list[memoryview](), _LENGTH.size * (count + 2)
        for length in lengths:
            blocks.append(memoryview(stored)[start : start + length])
            start += length
        head = _with_parts(json.loads(str(blocks[0], "utf-8", "surrogatepass")), blocks[1:])
        return msgspec.convert(head, kind, builtin_types=(bytes,))
    except (struct.error, ValueError, KeyError, IndexError, TypeError, RecursionError, MemoryError) as problem:
        raise WrongShape(str(problem)) from None


def _without_parts(value: Any, parts: list[bytes]) -> Any:
    if isinstance(value, dict):
        return {key: _without_parts(inner, parts) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_parts(inner, parts) for inner in value]
    if isinstance(value, bytes) or (isinstance(value, str) and len(value) > _LONG):
        parts.append(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        return {_PART if isinstance(value, bytes) else _TEXT: len(parts) - 1}
    return value


def _with_parts(value: Any, parts: list[memoryview]) -> Any:
    if isinstance(value, dict):
        if _PART in value:
            return bytes(parts[value[_PART]])
        if _TEXT in value:
            return str(parts[value[_TEXT]], "utf-8", "surrogatepass")
        return {key: _with_parts(inner, parts) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_parts(inner, parts) for inner in value]
    return value
