"""Which files of a folder are opened, by any program and any library: inotify(7), where the system has it."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OPEN, _NONBLOCK = 0x20, 0o4000
_EVENT = struct.Struct("iIII")


@contextmanager
def opened_files(folder: Path) -> Iterator[list[str]]:
    """The names of the files in `folder` that are opened while the context lasts; filled when it ends."""
    names: list[str] = []
    if sys.platform != "linux":  # there the audit hook alone watches
        yield names
        return
    library = ctypes.CDLL(None, use_errno=True)
    handle = library.inotify_init1(_NONBLOCK)
    try:
        assert library.inotify_add_watch(handle, os.fsencode(folder), _OPEN) >= 0
        yield names
        names += _names(handle)
    finally:
        os.close(handle)


def _names(handle: int) -> Iterator[str]:
    while True:
        try:
            data = os.read(handle, 65_536)
        except BlockingIOError:
            return
        while data:
            *_, length = _EVENT.unpack_from(data)
            name = data[_EVENT.size : _EVENT.size + length].rstrip(b"\0").decode()
            data = data[_EVENT.size + length :]
            if name:  # else the folder itself
                yield name
