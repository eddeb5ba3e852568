"""Locks (flock), which end with their process: of a file that is open, and of a whole folder."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.02  # seconds between two looks at a lock that another process holds
_UNLOCKABLE = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)  # file systems without locks


def lock_now(handle: int) -> bool:
    """Whether the lock of an open file is ours now; where the file system has no locks, it always is."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as problem:
        if problem.errno not in _UNLOCKABLE:
            raise
    return True


@contextmanager
def locked_folder(folder: Path, check: Callable[[], None] | None) -> Iterator[None]:
    """Makes a folder where it is missing, and holds its lock. It leaves no file in it.

    While another process holds the lock, `check` is called between two looks and may raise. Raises BlockingIOError instead
    of waiting if `check` is None. The lock of a folder that was removed meanwhile locks nothing: then all begins anew.
    """
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:  # removed since
            continue
        try:
            while not lock_now(handle):
                if check is None:
                    raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(folder))
                check()
                time.sleep(PAUSE)
            if not _is_at(handle, folder):
                continue
            yield
            return
        finally:
            os.close(handle)


def _is_at(handle: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), folder.stat())
    except FileNotFoundError:
        return False
