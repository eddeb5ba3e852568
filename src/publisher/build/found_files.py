"""The manuscripts that nobody names, but that lie in a folder; and what of it is not read: subfolders, links to no file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from publisher.input.captures import CAPTURE_INDEX, CAPTURED_FEEDS, CAPTURED_SOURCES
from publisher.input.folders import folders_of
from publisher.input.formats import GENERIC, readable, reader_for
from publisher.input.named_files import read_named
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.model.limits import Limits

MANIFEST = "publisher.toml"
_INDEXES = {"index.md", "summary.md", "_index.md"}  # lists of links that give a folder its order
_OWN_FOLDERS = {"dist", CAPTURED_FEEDS, CAPTURED_SOURCES}  # which publisher itself writes beside a manifest
_IMAGES_OF_A_PAGE = "_files"  # ends the name of the folder that is saved with a page
_MOST_NAMES = 1_000  # that are looked at in a subfolder


@dataclass(frozen=True)
class FoundFiles:
    """The manuscripts of a folder in reading order, and messages about the rest of it."""

    manuscripts: tuple[Path, ...]
    diagnostics: tuple[Diagnostic, ...]


def files_in(folder: Path, known: Iterable[Path] = ()) -> FoundFiles:
    """The manuscripts of a folder: in the order in which an index file names them, the others behind by name.

    Its subfolders are not read. A note names those with files that may be manuscripts; `known` are folders that it leaves out,
    such as those of outputs. A symbolic link to a file that is not there is a warning.
    """
    disk.mend([folder / CAPTURE_INDEX])  # what `publisher fetch` wrote
    entries = sorted(folder.iterdir())
    dangling = [path for path in entries if path.is_symlink() and not path.exists()]
    files = [path for path in entries if path not in dangling and _has_suffix_of_manuscript(path.name) and not path.is_dir()]
    files = [path for path in files if path.suffix.lower() not in GENERIC or _is_manuscript(folder, path)]
    aside = {os.path.realpath(path) for path in known}
    unread = [path for path in entries if _is_unread(path) and os.path.realpath(path) not in aside]
    return FoundFiles(tuple(_in_order(folder, files)), (*map(dangling_link, dangling), *_unread(folder, unread)))


def _in_order(folder: Path, files: list[Path]) -> list[Path]:
    index = next((path for path in files if path.name.lower() in _INDEXES), None)
    if index is None:
        return files
    text = (_look(folder, index) or b"").decode("utf-8", "replace")
    places = {path: text.find(f"({path.name}") for path in files if path != index}
    named = sorted((path for path, place in places.items() if place >= 0), key=lambda path: places[path])
    return [*named, *(path for path in files if path != index and path not in named)] if named else files


def _has_suffix_of_manuscript(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in readable() and name.upper() != "README.MD"  # noqa: PTH122 (a name, no path)


def may_be_manuscript(path: Path) -> bool:
    """Whether a file that a pattern matches is a manuscript by its suffix, or by its content where the suffix is anybody's."""
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


def _is_unread(path: Path) -> bool:
    """Whether a path is a subfolder with files that may be manuscripts, and not one that publisher itself fills."""
    if path.name.startswith(".") or path.name in _OWN_FOLDERS or path.name.endswith(_IMAGES_OF_A_PAGE) or not path.is_dir():
        return False
    return any(_has_suffix_of_manuscript(name) for name in _names_in(path))


def _names_in(folder: Path) -> Iterator[str]:
    """The names of files in a folder and below it, hidden ones left out; of a very large folder only the first."""
    left = _MOST_NAMES
    for _, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (name for name in sorted(names)[:left] if not name.startswith("."))
        left -= len(names) + len(folders)
        if left <= 0:
            return


def _unread(folder: Path, subfolders: list[Path]) -> Iterator[Diagnostic]:
    if subfolders:
        are = "1 subfolder is" if len(subfolders) == 1 else f"{len(subfolders)} subfolders are"
        message = f"{are} not read: {', '.join(path.name for path in subfolders)}"
        hint = "list the files in the manifest, or name the folder on the command line"
        yield Diagnostic(Code.SUBFOLDER_UNREAD, message, Location(str(folder)), hint)


def dangling_link(path: Path) -> Diagnostic:
    message = "this symbolic link leads to a file that does not exist: it is left out"
    return Diagnostic(Code.LINK_DANGLING, message, Location(str(path)), "remove it, or bring the file back")
