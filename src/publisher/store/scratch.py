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
_SHORT = "/tmp"  # where a folder has a short path, whatever TMPDIR says
_own: dict[tuple[int, str], tuple[Path, int]] = {}  # by process, as a forked process has none yet, and place
_guard = threading.RLock()


def folder(place: str | None = None) -> Path:
    """The folder of this process, made when it is first needed in `place`, else in the system's folder for temporary files.

    Where somebody has removed it, it is made again. Raises OSError where that is refused.
    """
    key = os.getpid(), place or ""
    with _guard:
        if key in _own and not _own[key][0].is_dir():
            os.close(_own.pop(key)[1])
        if place and key not in _own:
            sweep(place)
        while key not in _own:
            path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
            handle = _lock(path)
            if handle is not None:  # else another process took it for a leftover: it was not locked yet
                _own[key] = path, handle
                Finalize(None, remove, exitpriority=_LAST)
        return _own[key][0]


@contextmanager
def temporary_files(longest: int = 4096) -> Iterator[None]:
    """While it lasts, what libraries ask of `tempfile` is made in the folder of this process.

    Where the path of that has more than `longest` characters, it is made in another folder of this process, whose path is short.
    """
    with _guard:
        own, before = folder(), tempfile.tempdir
        tempfile.tempdir = str(own if len(str(own)) <= longest else folder(_SHORT))
        try:
            yield
        finally:
            tempfile.tempdir = before


def remove() -> None:
    """Removes the folders of this process, which makes new ones if it needs them."""
    for key in [key for key in _own if key[0] == os.getpid()]:
        path, handle = _own.pop(key)
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def sweep(place: str | None = None) -> None:
    """Removes the folders of processes that are gone, in `place` or the system's folder for temporary files."""
    with suppress(OSError):
        for path in Path(place or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
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
