"""Finished work by what went into it: plain files, checked when read, bounded in size."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from publisher.store.regular_files import read_regular

_ENTRIES = f"{'[0-9a-f]' * 2}/{'[0-9a-f]' * 62}"  # a folder may hold other things: they are left alone
LIMIT = 1_000_000_000  # bytes kept, the least recently used go first


def default_folder() -> Path:
    """The user's cache folder for this program (XDG Base Directory; ~/Library/Caches on a Mac)."""
    home = Path("~").expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or (
        home / "Library/Caches" if (home / "Library/Caches").is_dir() else home / ".cache"
    )
    return Path(base) / "publisher"


class Cache:
    """Bytes by key. Every trouble with it is a miss: a build without its cache is slower, not wrong.

    An entry is the SHA-256 of its key and content, and then the content: one that is damaged, or under another name, or whose
    process was ended while it wrote, is noticed and made anew. So it needs no temporary file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._has_grown = False
        self.trouble = ""

    def get(self, key: str) -> memoryview | None:
        """The content under a key; None where there is none, or not as it was written."""
        path = self._path(key)
        try:
            stored = memoryview(read_regular(path, LIMIT))
        except OSError:
            return None
        digest, content = stored[:32], stored[32:]
        if _digest(key, content) != digest:
            return None
        with suppress(OSError):
            os.utime(path)
        return content

    def put(self, key: str, *content: bytes) -> None:
        """Keeps the content, given in parts, under a key."""
        if self.trouble:
            return
        try:
            self._has_grown = True
            self._write(self._path(key), (_digest(key, *content), *content))
        except FileExistsError:
            return  # another process writes it now
        except OSError as problem:
            self.trouble = f"the cache {self._folder} cannot be written: {problem.strerror}"

    def _write(self, path: Path, parts: Iterable[bytes]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with path.open("xb") as stream:  # a link that somebody put there is not followed
            try:
                for part in parts:
                    stream.write(part)
                stream.flush()
            except BaseException:
                path.unlink(missing_ok=True)
                raise

    def prune(self) -> None:
        """Takes out the least recently used entries above LIMIT, if anything was put in: all entries are looked at for it."""
        if not self._has_grown:
            return
        entries = sorted(self._entries(), reverse=True)
        kept = 0
        for _, size, path in entries:
            kept += size
            if kept > LIMIT:
                with suppress(OSError):
                    path.unlink()

    def clear(self) -> tuple[int, int]:
        """Takes out every entry, and nothing else; how many they were, and their bytes."""
        count = total = 0
        for _, size, path in self._entries():
            with suppress(OSError):
                path.unlink()
                count, total = count + 1, total + size
        return count, total

    def size(self) -> tuple[int, int]:
        """How many entries there are, and their bytes."""
        sizes = [size for _, size, _ in self._entries()]
        return len(sizes), sum(sizes)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob(_ENTRIES):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]


def _digest(key: str, *content: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(key.encode())
    for part in content:
        digest.update(part)
    return digest.digest()
