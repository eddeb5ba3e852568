"""Hashes of files that seldom change, such as fonts of themes: a file is read once for each state, of a large one once a cache.

The state is what the system knows of a file: place, size, and the times of change, of which nobody can set the second (ctime,
POSIX.1). So a file is read again whenever it was written, even if its size and its date are as before.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from publisher.store.cache import Cache
from publisher.store.fingerprints import fingerprint

_LARGE = 250_000  # bytes; to read and hash a smaller file takes no longer than to look into the cache
_kept_in: Cache | None = None


def keep_digests(folder: Cache | None) -> None:
    """From now on in this process, the hashes of large files are looked for in this cache and kept in it."""
    global _kept_in
    _kept_in = folder


def digest_of(path: str, status: os.stat_result) -> bytes:
    """The SHA-256 of a file, 32 bytes; `status` is its state now. Raises OSError."""
    times = status.st_mtime_ns, status.st_ctime_ns
    return _digest_of_state(path, status.st_size, times, (status.st_dev, status.st_ino))


@cache
def _digest_of_state(path: str, size: int, times: tuple[int, int], inode: tuple[int, int]) -> bytes:
    """The hash of a file as it is after a change; a build asks for that of each font several times."""
    kept = _kept_in if size >= _LARGE else None
    key = fingerprint("hash of a file", path, size, times, inode) if kept else ""
    if kept and (known := kept.get(key)) is not None and len(known) == hashlib.sha256().digest_size:
        return bytes(known)
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    if kept:
        kept.put(key, digest)
    return digest
