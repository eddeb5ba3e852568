"""The folders whose files manuscripts may name (SECURITY.md). Outside of them nothing is opened, nor even looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def folders_of(paths: Iterable[Path]) -> tuple[str, ...]:
    """The absolute paths of folders, as they are written and with links resolved, without those inside others.

    A file is itself alone: what the manifest names through a link may be read where it lies.
    """
    forms = {form for path in paths for form in (os.path.normpath(Path.cwd() / path), os.path.realpath(path))}
    outermost: list[str] = []
    for form in sorted(forms, key=_with_separator):  # so that a folder stands directly before all that is in it
        if not outermost or not _is_in(form, outermost[-1]):
            outermost.append(form)
    return tuple(outermost)


def place_in(folders: Iterable[str], base: str, name: str) -> str:
    """The real path of the file `name`, relative to the folder `base`; empty if it is in none of the `folders`.

    Where the name itself leads out of them, the file system is not asked: a look can reach another machine (automount, UNC).
    Raises ValueError for a name that no file can have.
    """
    path = str(Path(base) / name)
    if not _is_in_one(os.path.normpath(path), folders):
        return ""
    place = os.path.realpath(path)
    return place if _is_in_one(place, folders) else ""


def _is_in_one(path: str, folders: Iterable[str]) -> bool:
    return any(_is_in(path, folder) for folder in folders)


def _is_in(path: str, folder: str) -> bool:
    """Whether a path is a folder, or in it; both absolute and normal."""
    return _with_separator(os.path.normcase(path)).startswith(_with_separator(os.path.normcase(folder)))


def _with_separator(path: str) -> str:
    return path if path.endswith(os.sep) else path + os.sep
