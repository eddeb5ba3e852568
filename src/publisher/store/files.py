"""Writing files so that nobody ever sees half of one, and no command of ours some new ones beside old ones."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from publisher.store.journal import Check, Entry, Journal, Record, State, locked, settle, sync

_BLOCK = 1 << 20  # bytes written between two looks at whether we are interrupted
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS)  # file systems without hard links


class Unfinished(OSError):
    """Some outputs are new and others old, and the disk refuses to go back: the next command mends that (journal.mend)."""


@dataclass(frozen=True)
class _File:
    """A file to write: the path as the user gave it, where it leads when links are followed, and the content."""

    path: Path
    target: Path
    data: bytes


def write_all(outputs: Mapping[Path, bytes], check: Check = lambda: None) -> None:
    """Writes every output beside its place and then renames: all of them are new, or, on an error, all are old.

    A link is followed: its target is replaced. `check` is called between two steps until the outputs are put in place, and
    may raise. Raises OSError with the path of `outputs` that cannot be written, Unfinished where that leaves a mix.
    """
    files = list({file.target: file for file in map(_file, outputs, outputs.values())}.values())
    if not files:
        return
    new_folders: list[Path] = []
    try:
        _make_folders(files, new_folders)
        with _naming(files), locked({file.target.parent for file in files}, check, create=True) as journals:
            _write_locked(files, journals, check)
    except BaseException:
        for folder in reversed(new_folders):
            with suppress(OSError):
                folder.rmdir()
        raise


def _file(path: Path, data: bytes) -> _File:
    file = _File(path, Path(os.path.realpath(path)), data)
    with _naming([file]):
        for fault, code in ((file.target.is_dir(), errno.EISDIR), (file.target.is_symlink(), errno.ELOOP)):
            if fault:
                raise OSError(code, os.strerror(code))
    return file


def _make_folders(files: Sequence[_File], new_folders: list[Path]) -> None:
    """Makes the folders that are missing, and adds them to `new_folders`, parents first."""
    for file in files:
        missing = [folder for folder in file.target.parents if not folder.exists()]
        for folder in reversed(missing):
            with _naming([file]):
                folder.mkdir(exist_ok=True)
            new_folders.append(folder)


def _write_locked(files: Sequence[_File], journals: Sequence[Journal], check: Check) -> None:
    """Writes `files`, whose folders are locked, and removes the journals; after an error all is as before."""
    first, state = journals[0], State.WRITING
    try:
        _write_aside(files, journals, check)
        _keep_old_files(files, journals)
        state = State.RENAMING
        first.set(state)
        _rename(files, journals)
        state = State.DONE
    except BaseException as problem:
        _undo(journals, state, problem)
        raise
    with suppress(OSError):  # whoever comes next removes what is left
        _end(journals, State.DONE)


def _write_aside(files: Sequence[_File], journals: Sequence[Journal], check: Check) -> None:
    """Writes the journals and the new files, and puts them on the disk."""
    token = secrets.token_hex(8)
    folders = tuple(str(journal.folder) for journal in journals)
    for journal in journals:
        own = [file for file in files if file.target.parent == journal.folder]
        with _naming(own):
            journal.begin(Record(token, folders, tuple(Entry(file.target.name, file.target.exists()) for file in own)))
    places = list(_places(files, journals))
    for file, new, _ in places:
        with _naming([file]):
            _write(new, file.data, check)
    for file, new, _ in places:  # in a turn of its own: the disk then has many files to write at a time
        check()
        with _naming([file]):
            sync(new)


def _write(path: Path, data: bytes, check: Check) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        view = memoryview(data)
        while view:
            check()
            view = view[os.write(handle, view[:_BLOCK]) :]
    finally:
        os.close(handle)


def _keep_old_files(files: Sequence[_File], journals: Sequence[Journal]) -> None:
    """Gives each previous file a second name, by which it can come back, and puts all names on the disk."""
    for file, _, old in _places(files, journals):
        with _naming([file]):
            if file.target.exists():
                _link(file.target, old)
    for journal in journals:
        with _naming([file for file in files if file.target.parent == journal.folder]):
            os.fsync(journal.handle)
            sync(journal.folder)


def _link(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
        shutil.copy2(path, other)


def _rename(files: Sequence[_File], journals: Sequence[Journal]) -> None:
    for file, new, _ in _places(files, journals):
        with _naming([file]):
            new.replace(file.target)
    for journal in journals:
        sync(journal.folder)


def _undo(journals: Sequence[Journal], state: State, problem: BaseException) -> None:
    """Brings the old files back after `problem`. What the disk refuses stays for the next command, which reads the journal."""
    try:
        if state is State.RENAMING:
            state = State.RESTORING
            journals[0].set(state)
        _end(journals, state)
    except OSError:
        if state is State.RESTORING and isinstance(problem, OSError):
            raise Unfinished(problem.errno, problem.strerror, problem.filename) from None


def _end(journals: Sequence[Journal], state: State) -> None:
    for journal in journals:
        if journal.record is not None:
            settle(journal, state)
    for journal in reversed(journals):
        journal.set(State.DONE)
        journal.remove()


def _places(files: Sequence[_File], journals: Sequence[Journal]) -> Iterator[tuple[_File, Path, Path]]:
    """Each file with the names of its new and its old content."""
    for journal in journals:
        own = [file for file in files if file.target.parent == journal.folder]
        record = journal.record
        assert record is not None
        for number, file in enumerate(own):
            yield file, journal.folder / record.new(number), journal.folder / record.old(number)


@contextmanager
def _naming(files: Sequence[_File]) -> Iterator[None]:
    """An OSError that names no path of the user's gets that of the first of `files`."""
    try:
        yield
    except OSError as problem:
        if problem.filename in {str(file.path) for file in files}:
            raise
        kind = Unfinished if isinstance(problem, Unfinished) else OSError
        raise kind(problem.errno, problem.strerror, str(files[0].path)) from None
