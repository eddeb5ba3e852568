"""A folder for the temporary files of this process: it goes with the process, or, where that was killed, with the next command.

The folder is locked (flock) as long as its process lives. Nothing else in the system's folder for such files is touched.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.util import Finalize
from pathlib import Path

_PREFIX = "publisher-run-"
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_LAST = -200  # multiprocessing has a folder of its own in ours, which it removes at -100
_own: dict[int, tuple[Path, int]] = {}  # by process: one that was forked has none yet
_guard = threading.RLock()


def folder() -> Path:
    """The folder of this process, made when it is first needed. Raises OSError where that is refused."""
    with _guard:
        while os.getpid() not in _own:
            path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            handle = _lock(path)
            if handle is not None:  # else another process took it for a leftover: it was not locked yet
                _own[os.getpid()] = path, handle
                Finalize(None, remove, exitpriority=_LAST)
        return _own[os.getpid()][0]


@contextmanager
def temporary_files(longest: int = 4096) -> Iterator[None]:
    """While it lasts, what libraries ask of `tempfile` is made in the folder of this process, unless its path is too long."""
    with _guard:
        own, before = str(folder()), tempfile.tempdir
        tempfile.tempdir = own if len(own) <= longest else before
        try:
            yield
        finally:
            tempfile.tempdir = before


def remove() -> None:
    """Removes the folder of this process, which makes a new one if it needs one."""
    path, handle = _own.pop(os.getpid(), (None, -1))
    if path is not None:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def sweep() -> None:
    """Removes the folders of processes that are gone."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            handle = _lock(path)
            if handle is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(handle)


def _lock(path: Path) -> int | None:
    """The handle of a folder of ours that is now locked; None where another process has it, or there is none."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), path.lstat()) and os.fstat(handle).st_uid == os.geteuid():
            return handle
    except OSError:
        pass
    os.close(handle)
    return None
