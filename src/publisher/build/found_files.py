"""The manuscripts that nobody names, but that lie in a folder."""

from __future__ import annotations

import os
from pathlib import Path

from publisher.input.captures import CAPTURE_INDEX
from publisher.input.folders import folders_of
from publisher.input.formats import GENERIC, readable, reader_for
from publisher.input.named_files import read_named
from publisher.model import disk
from publisher.model.limits import Limits

MANIFEST = "publisher.toml"
_INDEXES = {"index.md", "summary.md", "_index.md"}  # lists of links that give a folder its order


def manuscripts_in(folder: Path) -> list[Path]:
    """The manuscripts of a folder: in the order in which an index file names them, the others behind by name."""
    disk.mend([folder / MANIFEST])  # what `publisher fetch` wrote
    suffixes = readable()
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes and path.name.upper() != "README.MD")
    files = [path for path in files if path.suffix.lower() not in GENERIC or _is_manuscript(folder, path)]
    index = next((path for path in files if path.name.lower() in _INDEXES), None)
    if index is None:
        return files
    text = (_look(folder, index) or b"").decode("utf-8", "replace")
    places = {path: text.find(f"({path.name}") for path in files if path != index}
    named = sorted((path for path, place in places.items() if place >= 0), key=lambda path: places[path])
    return [*named, *(path for path in files if path != index and path not in named)] if named else files


def may_be_manuscript(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in readable() and (suffix not in GENERIC or _is_manuscript(path.parent, path))


def _is_manuscript(folder: Path, path: Path) -> bool:
    """Whether a file whose suffix may be anybody's is a manuscript by its content; what cannot be read is one, and an error."""
    if path.name == CAPTURE_INDEX:
        return False
    data = _look(folder, path)
    return not path.is_dir() if data is None else reader_for(path.name, data) is not None


def _look(folder: Path, path: Path) -> bytes | None:
    """The bytes of a file found in a folder; None if it is no regular file in it, or cannot be read."""
    found = read_named(folders_of([folder]), os.path.realpath(folder), path.name, Limits().megabytes)
    return found if isinstance(found, bytes) else None
