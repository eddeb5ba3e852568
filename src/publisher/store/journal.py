"""The journal beside outputs that are being written: whoever comes next finishes what it began, or takes it back.

One file a folder, `.publisher-journal`, exists while outputs of that folder are written. It is locked by its process
(flock, which ends with the process), so a journal that can be locked is that of a process that is gone. Its first byte is the
state. Outputs in several folders are one group: the journal of the first folder, by name, tells the state of all.
A journal speaks of plain names in its own folder only: one that came with a stranger's folder reaches nothing else.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

import msgspec

from publisher.store.locks import PAUSE, lock_now

NAME = ".publisher-journal"
_TOKEN = re.compile(r"[0-9a-f]{16}")
Check = Callable[[], None]


class State(Enum):
    """What is to be done with the files of a group whose process is gone."""

    WRITING = b"w"  # new files are written beside the outputs: they go
    RENAMING = b"r"  # all new files are whole: those that are not in place yet are put there
    RESTORING = b"u"  # a rename was refused: the old files come back
    DONE = b"d"  # only the journal and old files are left: they go


@dataclass(frozen=True)
class Entry:
    """An output by its name in the folder, and whether there was such a file before."""

    name: str
    existed: bool


@dataclass(frozen=True)
class Record:
    """What a journal holds: the group's token, its folders in order, and the outputs in the journal's own folder."""

    token: str
    folders: tuple[str, ...]
    entries: tuple[Entry, ...]

    def new(self, number: int) -> str:
        """The name under which the new content of entry `number` is written."""
        return f".publisher-{self.token}-{number}.new"

    def old(self, number: int) -> str:
        """The name under which the previous file of entry `number` stays until all are in place."""
        return f".publisher-{self.token}-{number}.old"


@dataclass
class Journal:
    """The open and locked journal of a folder."""

    folder: Path
    handle: int
    record: Record | None = None  # None: nothing was written beside the outputs yet

    def read(self) -> State:
        """Reads the record; the state. A journal that was cut short is of a process that had not begun."""
        data = bytearray()
        while block := os.read(self.handle, 1 << 20):
            data += block
        self.record = _record(bytes(data[1:]))
        return State(bytes(data[:1])) if self.record else State.WRITING

    def begin(self, record: Record) -> None:
        """Writes the record, in the state WRITING."""
        os.ftruncate(self.handle, 0)
        data = State.WRITING.value + json.dumps(asdict(record)).encode()
        if os.pwrite(self.handle, data, 0) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.record = record

    def set(self, state: State) -> None:
        """Puts the state on the disk: one byte in place, which needs no room."""
        os.pwrite(self.handle, state.value, 0)
        if state is not State.DONE:  # of that nobody needs to be sure
            os.fsync(self.handle)

    def remove(self) -> None:
        (self.folder / NAME).unlink(missing_ok=True)

    def remove_unused(self, kind: object, *_: object) -> None:
        """Removes the journal if we end with an error before anything is in it."""
        if kind is not None and os.fstat(self.handle).st_size == 0:
            with suppress(OSError):
                self.remove()


def _record(data: bytes) -> Record | None:
    try:
        record = msgspec.convert(json.loads(data), Record)
    except (ValueError, RecursionError):
        return None
    plain = all(entry.name not in ("", ".", "..") and not {"/", "\0"} & set(entry.name) for entry in record.entries)
    return record if plain and record.folders and _TOKEN.fullmatch(record.token) else None


@contextmanager
def locked(folders: Iterable[Path], check: Check, *, create: bool) -> Iterator[list[Journal]]:
    """The journals of `folders`, locked, in the order of their names, after what was left unfinished there is mended.

    Waits while another process writes there; `check` is called meanwhile and may raise. Unless `create`, only journals
    that exist are locked, and they are gone afterwards. Raises OSError where something cannot be mended.
    """
    wanted = set(folders)
    group = set(wanted)
    while True:
        with ExitStack() as stack:
            journals = {}
            for folder in sorted(group):
                journal = _lock(folder, check, create=create and folder in wanted)
                if journal is not None:
                    stack.callback(os.close, journal.handle)
                    stack.push(journal.remove_unused)
                    journals[folder] = journal
            states = {folder: journal.read() for folder, journal in journals.items()}
            others = {Path(name) for journal in journals.values() if journal.record for name in journal.record.folders}
            others = {folder for folder in others - group if (folder / NAME).exists()}
            if others:  # locks are taken in the order of names
                group |= others
                continue
            _mend(journals, states, kept=wanted if create else set())
            yield [journal for folder, journal in journals.items() if create and folder in wanted]
            return


def mend(paths: Iterable[Path], check: Check = lambda: None) -> None:
    """Finishes or takes back what a process that is gone left unfinished at the outputs `paths`; waits for one that is not.

    Raises OSError where that cannot be done. Without a journal it costs one look at each folder.
    """
    folders = {Path(os.path.realpath(path)).parent for path in paths}
    interrupted = [folder for folder in folders if (folder / NAME).exists()]
    if interrupted:
        with locked(interrupted, check, create=False):
            pass


def _lock(folder: Path, check: Check, *, create: bool) -> Journal | None:
    """The journal of a folder, locked; None where there is none. Whoever ends a journal unlinks it under the lock."""
    path = folder / NAME
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | (os.O_CREAT if create else 0)
    while True:
        check()
        try:
            handle = os.open(path, flags, 0o666)
        except FileNotFoundError:
            if create:
                raise
            return None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            while not lock_now(handle):
                check()
                time.sleep(PAUSE)
            if _is_at(handle, path):
                return Journal(folder, handle)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _mend(journals: Mapping[Path, Journal], states: Mapping[Path, State], kept: set[Path]) -> None:
    """Settles every group and removes the journals, the first of a group last; those of the folders `kept` are reused."""
    for journal in journals.values():
        if journal.record is not None:
            first = journals.get(Path(journal.record.folders[0]))
            whole = first is not None and first.record is not None and first.record.token == journal.record.token
            settle(journal, states[first.folder] if first is not None and whole else State.WRITING)
    for journal in reversed(list(journals.values())):
        if journal.folder in kept:
            os.ftruncate(journal.handle, 0)
            journal.record = None
        else:
            journal.remove()


def settle(journal: Journal, state: State) -> None:
    """Brings the outputs of a folder to the end that `state` asks for, and removes all that stands beside them.

    Any step may have been done before. Raises OSError where the disk refuses one.
    """
    record, folder = journal.record, journal.folder
    assert record is not None
    for number, entry in enumerate(record.entries):
        new, old, output = folder / record.new(number), folder / record.old(number), folder / entry.name
        if state is State.RENAMING:
            with suppress(FileNotFoundError):
                new.replace(output)
        elif state is State.RESTORING and entry.existed:
            with suppress(FileNotFoundError):
                old.replace(output)
        elif state is State.RESTORING and not new.exists():
            output.unlink(missing_ok=True)
    if state in (State.RENAMING, State.RESTORING):
        sync(folder)
    for number in range(len(record.entries)):
        (folder / record.new(number)).unlink(missing_ok=True)
        (folder / record.old(number)).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Puts a file, or the names in a folder, on the disk. Some file systems cannot do that with a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
