"""Reading files that may have any name: a device, a pipe or a socket is never opened, and nothing above a size is read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_KINDS = {
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
# A file may become a pipe after it was looked at: opening it must not wait. Windows has none of these flags.
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC"))


class IrregularFile(OSError):
    """The path names a device, a pipe or a socket; `strerror` says which."""


class LargeFile(OSError):
    """The file has more bytes than the caller takes."""


def read_regular(path: Path, most: int, *, links: bool = True) -> bytes:
    """The bytes of a regular file, at most so many; symbolic links are followed if `links`.

    Raises OSError: IrregularFile or LargeFile, FileNotFoundError, IsADirectoryError and so on.
    """
    _check(path.stat(follow_symlinks=links), path)
    handle = os.open(path, os.O_RDONLY | _FLAGS | (0 if links else getattr(os, "O_NOFOLLOW", 0)))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        _check(status, path)
        if status.st_size > most:
            raise _large(path)
        data = file.read(status.st_size + 1)
        if len(data) > status.st_size:  # it grew, or its file system states no sizes
            data += file.read(most + 1 - len(data))
        if len(data) > most:
            raise _large(path)
        return data


def _check(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "no regular file")
        raise IrregularFile(errno.EINVAL, f"it is {kind}", str(path))


def _large(path: Path) -> LargeFile:
    return LargeFile(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
