"""The citation libraries that a manifest names: read once, kept by their bytes, put together by keys."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from publisher.input.libraries.entries import LibraryFile
from publisher.input.libraries.library import by_key, conflicts, read_library
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.faults import contain_faults
from publisher.model.libraries import LibraryEntry
from publisher.store.cache import Cache
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept
from publisher.store.regular_files import read_regular

_LARGEST = 256_000_000  # bytes of a library


@dataclass(frozen=True)
class Library:
    """The entries of an edition's libraries by key. `digest` is the same only where the files are; empty without any."""

    entries: dict[str, LibraryEntry] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    digest: str = ""

    @cached_property
    def identifiers(self) -> dict[str, LibraryEntry]:
        """The entries by the identifiers of their sources."""
        return {entry.identifier: entry for entry in reversed(self.entries.values())}


def load_library(paths: Sequence[Path], label: str, cache: Cache | None) -> Library:
    """The libraries at these paths. Raises PublisherError with all that cannot be read, and each key on which two disagree."""
    files, digests, faults = list[LibraryFile](), list[str](), list[Diagnostic]()
    for path in paths:
        try:
            data = read_regular(path, _LARGEST)
            digest = hashlib.sha256(data).hexdigest()
            digests.append(f"{path}={digest}")
            key = fingerprint("library", str(path), digest)
            files.append(kept(cache, key, LibraryFile, partial(_read, path, data)))
        except FileNotFoundError:
            hint = "paths are relative to the manifest"
            faults.append(Diagnostic(Code.FILE_MISSING, f"file not found: {path}", Location(label), hint))
        except OSError as problem:
            faults.append(Diagnostic(Code.FILE_UNREADABLE, f"{path} cannot be read: {problem.strerror}", Location(label)))
        except PublisherError as problem:
            faults += problem.diagnostics
    entries = [entry for file in files for entry in file.entries]
    diagnostics = [diagnostic for file in files for diagnostic in file.diagnostics]
    problems = [*faults, *conflicts(entries)]
    if errors(problems):
        raise PublisherError(*diagnostics, *problems)
    return Library(by_key(entries), tuple(diagnostics), "\n".join(digests))


def _read(path: Path, data: bytes) -> LibraryFile:
    with contain_faults("it was read", Location(str(path))):
        return read_library(path.name, data, str(path))
