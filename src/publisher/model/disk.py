"""The disk, whose refusals are diagnostics: what is written, mended and set aside for a while (store/ does the work)."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.store import files, journal, locks, scratch

_UNCHANGED = "the previous files are unchanged"
_ROOM = f"make room on the disk; {_UNCHANGED}"
_RIGHTS = f"correct the permissions, or choose another folder; {_UNCHANGED}"
_HINTS = {errno.ENOSPC: _ROOM, errno.EDQUOT: _ROOM, errno.EROFS: _RIGHTS, errno.EACCES: _RIGHTS, errno.EPERM: _RIGHTS}
_MIXED = "some files may be new and others old; when the disk works again, the next command makes them one set"
_REFUSALS = (*_HINTS, errno.EIO, errno.ENOENT)


def write(outputs: Mapping[Path, bytes], check: Callable[[], None] = lambda: None) -> None:
    """Writes files, all or none (files.write_all). Raises PublisherError where the disk refuses them."""
    try:
        files.write_all(outputs, check)
    except OSError as problem:
        raise _unwritable(problem) from None


def mend(paths: Iterable[Path]) -> None:
    """Finishes or takes back what a command that was killed left half done at `paths` (journal.mend).

    Raises PublisherError where the disk refuses that.
    """
    for path in paths:
        try:
            journal.mend([path])
        except OSError as problem:
            raise _unwritable(OSError(problem.errno, problem.strerror, str(path))) from None


@contextmanager
def temporary_files(longest: int = 4096) -> Iterator[None]:
    """What libraries ask of `tempfile` is made in our own folder, with a path of at most `longest` characters.

    Raises PublisherError where the disk refuses it.
    """
    with temporary_refusals(), scratch.temporary_files(longest):
        yield


@contextmanager
def temporary_refusals() -> Iterator[None]:
    """What the disk refuses of temporary files is a PublisherError."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in _REFUSALS:
            raise
        hint = f"make room in {tempfile.gettempdir()}, or name another folder with the environment variable TMPDIR"
        message = f"cannot write temporary files: {problem.strerror}"
        raise PublisherError(Diagnostic(Code.TEMPORARY_FILES, message, hint=hint)) from None


@contextmanager
def refusals(folder: Path) -> Iterator[None]:
    """What the disk refuses below a folder is a PublisherError."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in _REFUSALS:
            raise
        raise _unwritable(OSError(problem.errno, problem.strerror, str(problem.filename or folder))) from None


@contextmanager
def locked(folder: Path, what: str, check: Callable[[], None], *, wait: bool) -> Iterator[None]:
    """Makes a folder where it is missing, and holds its lock (locks.locked_folder) for `what`, such as "a release".

    Raises PublisherError (exit code 8) if another process holds it and we are not to `wait`, or where the disk refuses.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.locked_folder(folder, check if wait else None))
        except BlockingIOError:
            hint = "run the command again when the other is done, or leave out --no-wait"
            held = Diagnostic(Code.LOCKED, f"{what} is under way in this folder", Location(str(folder)), hint)
            raise PublisherError(held, exit_code=Exit.LOCKED) from None
        except OSError as problem:
            raise _unwritable(OSError(problem.errno, problem.strerror, str(folder))) from None
        yield


def _unwritable(problem: OSError) -> PublisherError:
    """The error of a file that cannot be written: `problem` names it as the user did."""
    hint = _MIXED if isinstance(problem, files.Unfinished) else _HINTS.get(problem.errno or 0, _UNCHANGED)
    place = Location(str(problem.filename or ""))
    return PublisherError(Diagnostic(Code.OUTPUT_UNWRITABLE, f"cannot write: {problem.strerror or problem}", place, hint))
