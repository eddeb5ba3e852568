"""Hashes of a release: every file of its folder against SHA256SUMS, and that list against release.json.

A list is compared with what a release writes, byte by byte, so that a change in the list itself is found and named. Permissions,
times and owners are not compared: copies, archives and version control do not keep them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from publisher.build.history import RECORD
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.release.accompanying import BILL, ENVELOPE, PROVENANCE, SIGNATURE, SOURCES, SUMS
from publisher.release.record import SCHEMA
from publisher.release.thumbnail import NAME as COVER
from publisher.release.withdrawal import MARK
from publisher.store.regular_files import read_regular

UNLISTED = frozenset({SUMS, SIGNATURE, MARK})  # what a release may have that its list does not name
_NAMES = frozenset({RECORD, SCHEMA, SOURCES, BILL, PROVENANCE, ENVELOPE, COVER})  # what stands beside the outputs
_LINE = re.compile(rb"([0-9a-f]{64})  ([^\x00-\x1f\x7f]+)")
_LARGEST = 16_000_000  # bytes of a list, and of a record
_LARGEST_FILE = 4_000_000_000  # bytes
_EDITED_DIGITS = 16  # of 64: two hashes of different contents have about 60 different digits, so fewer show an edited hash
_NO_ENTRY = "is no hash with the name of a file"
_AGAIN = "do not use it; get the release again"


@dataclass(frozen=True)
class Folder:
    """A release folder as it was found: the hash that its list gives each file, the hash that it has, and all differences."""

    path: Path
    listed: Mapping[str, str] = field(default_factory=dict)
    actual: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    def place(self, name: str) -> Location:
        return Location(str(self.path / name))


def is_release(folder: Path) -> bool:
    """Whether a folder has the list of hashes or the record of a release."""
    return any(os.path.lexists(folder / name) for name in (SUMS, RECORD))


def hashed(path: Path) -> Folder:
    """The folder of a release with everything that differs from its list. Raises PublisherError if it is no release."""
    if not is_release(path):
        hint = f"a release folder has {SUMS} and {RECORD}; name such a folder, or a file of it"
        raise PublisherError(Diagnostic(Code.RELEASE_UNKNOWN, "this folder is no release", Location(str(path)), hint))
    found = list[Diagnostic]()
    actual = dict(_actual(path, found))
    listed = _listed(path, found)
    outputs = _outputs_of_record(path)
    if listed:
        unread = sum(row.code is Code.SUMS_CHANGED and _NO_ENTRY in row.message for row in found)
        found += _differences(Folder(path, listed, actual), outputs, unread)
    else:  # without a list the record still knows the outputs
        found += _differences(Folder(path, outputs, {name: actual[name] for name in outputs if name in actual}), outputs, 0)
    return Folder(path, listed, actual, tuple(found))


def _actual(path: Path, found: list[Diagnostic]) -> Iterator[tuple[str, str]]:
    """The hash of every file below the folder; links, folders without files, and files that cannot be read are differences."""
    for top, folders, files in os.walk(path):
        for name in sorted([*files, *(name for name in folders if (Path(top) / name).is_symlink())]):
            file = Path(top) / name
            relative = file.relative_to(path).as_posix()
            place = Location(str(file))
            if file.is_symlink():
                yield relative, ""
                message = f"{relative} is a link to {file.readlink()}, and a release has files alone"
                found.append(Diagnostic(Code.FILE_CHANGED, message, place, _AGAIN))
                continue
            try:
                yield relative, _hash_of(file)
            except OSError as problem:
                yield relative, ""
                found.append(Diagnostic(Code.FILE_CHANGED, f"{relative} cannot be read: {problem.strerror}", place, _AGAIN))
        if not files and not folders and Path(top) != path:
            relative = Path(top).relative_to(path).as_posix()
            found.append(Diagnostic(Code.FILE_ADDED, f"the folder {relative} is not of the release", Location(top), "remove it"))


def _hash_of(path: Path) -> str:
    return hashlib.sha256(read_regular(path, _LARGEST_FILE, links=False)).hexdigest()


def _listed(path: Path, found: list[Diagnostic]) -> dict[str, str]:
    """The hashes of the list. What is not as a release writes it is a difference."""
    place, sums = Location(str(path / SUMS)), path / SUMS
    try:
        data = read_regular(sums, _LARGEST, links=False)
    except OSError as problem:
        if not os.path.lexists(sums):
            found.append(Diagnostic(Code.FILE_LOST, f"{SUMS} is not there", place, _AGAIN))
        elif not any(row.location == place for row in found):
            found.append(Diagnostic(Code.SUMS_CHANGED, f"{SUMS} cannot be read: {problem.strerror}", place, _AGAIN))
        return {}
    listed, faults = dict[str, str](), list[Diagnostic]()
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n"), 1):
        digest, name = _entry(line)
        if not name:
            faults.append(_sums_fault(path, f"line {number} {_NO_ENTRY}", number))
        elif name in listed:
            faults.append(_sums_fault(path, f"line {number} lists {name} again", number))
        else:
            listed[name] = digest
    written = "".join(f"{listed[name]}  {name}\n" for name in sorted(listed)).encode()
    if not faults and written != data:
        is_sorted = sorted(listed) == list(listed)
        message = "it does not end with a line break" if is_sorted else "its lines are not in the order of the names"
        faults.append(_sums_fault(path, message, 0))
    found += faults
    return listed


def _entry(line: bytes) -> tuple[str, str]:
    """Hash and name of a line; empty if it is none, or names what is not in the folder."""
    match = _LINE.fullmatch(line)
    try:
        name = match[2].decode() if match else ""
    except UnicodeDecodeError:
        return "", ""
    path = PurePosixPath(name)
    if not match or path.is_absolute() or ".." in path.parts or path.as_posix() != name or "\\" in name:
        return "", ""
    return match[1].decode(), name


def _sums_fault(path: Path, message: str, line: int) -> Diagnostic:
    return Diagnostic(Code.SUMS_CHANGED, f"{message}: {SUMS} was changed", Location(str(path / SUMS), line), _AGAIN)


def _outputs_of_record(path: Path) -> dict[str, str]:
    """The hashes of the outputs by release.json; none if it cannot be read."""
    try:
        record = json.loads(read_regular(path / RECORD, _LARGEST, links=False))
        return {str(row["path"]): str(row["sha256"]) for row in record["outputs"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _differences(folder: Folder, outputs: Mapping[str, str], unread: int) -> Iterator[Diagnostic]:
    """What differs between a folder and its list; `outputs` are the hashes that release.json has of the outputs.

    `unread` lines of the list cannot be read: as many files may be missing from it, those first that every release has.
    """
    lost = [name for name in folder.listed if name not in folder.actual]
    added = [name for name in folder.actual if name not in folder.listed and name not in UNLISTED]
    known = {*outputs, *_NAMES}
    added.sort(key=lambda name: (name not in known, name))
    for name in added[unread:]:
        same = next((other for other in lost if folder.listed[other] == folder.actual[name]), "")
        if same:
            lost.remove(same)
            yield _renamed(folder, same, name, known)
        else:
            yield Diagnostic(Code.FILE_ADDED, f"{name} is not listed in {SUMS}", folder.place(name), "remove it if it is yours")
    for name in lost:
        yield Diagnostic(Code.FILE_LOST, f"{name} is listed in {SUMS} and is not there", folder.place(name), _AGAIN)
    for name, digest in folder.listed.items():
        if folder.actual.get(name):  # else it was reported above
            yield from _hash_difference(folder, name, digest, outputs)


def _renamed(folder: Folder, listed: str, name: str, known: Any) -> Diagnostic:
    """A file that has another name than its list says: the list was changed if the name is that of a release, else the file."""
    if name in known and listed not in known:
        return _sums_fault(folder.path, f"{name} is listed as {listed}", 0)
    message = f"{name} has the content of {listed}, which is not there"
    return Diagnostic(Code.FILE_CHANGED, message, folder.place(name), f"name it {listed} again")


def _hash_difference(folder: Folder, name: str, digest: str, outputs: Mapping[str, str]) -> Iterator[Diagnostic]:
    actual, recorded = folder.actual[name], outputs.get(name)
    if actual == digest:
        if recorded not in (None, digest) and folder.actual.get(RECORD) == folder.listed.get(RECORD):
            message = f"{RECORD} has another hash of {name} than {SUMS} and the file"
            yield Diagnostic(Code.RECORD_DIFFERS, message, folder.place(RECORD), _AGAIN)
        return
    digits = sum(here != there for here, there in zip(actual, digest, strict=True))
    if recorded == actual:
        yield _sums_fault(folder.path, f"the hash of {name} is neither that of the file nor that of {RECORD}", 0)
    elif digits <= _EDITED_DIGITS:  # no change of a file does that
        yield _sums_fault(folder.path, f"the hash of {name} differs from that of the file in {digits} of 64 digits", 0)
    else:
        message = f"{name} is not the file that was released: its hash is not that of {SUMS}"
        yield Diagnostic(Code.FILE_CHANGED, message, folder.place(name), _AGAIN)
