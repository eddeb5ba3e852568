"""The folders of releases: each is written aside and renamed into place; `latest` is a link to the newest.

Only who holds the lock of the folder of releases (disk.locked) may call what is here, so whatever lies aside there is of a run
that is gone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from publisher.build.history import History, history_path, read_history
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.store.exchange import exchange
from publisher.store.journal import sync

_ASIDE = ".publisher-release-"  # begins the name of what is not in place yet
_OLD = f"{_ASIDE}old-"
LATEST = "latest"


def link_name(profile: str) -> str:
    """The name of the link to the newest release; a profile has a link of its own."""
    return f"{LATEST}-{profile}" if profile else LATEST


def mend(releases: Path, slug: str, link: str, keep: int | None = None) -> History:
    """Ends what a run that is gone left half done, and removes its leftovers; the history of the edition `slug`.

    Raises PublisherError where the history is damaged, and OSError where the disk refuses.
    """
    disk.mend([releases / LATEST])
    if os.path.lexists(releases / link) and not (releases / link).is_symlink():
        message, hint = f"{link} is no link that publisher made", "move it away: it is the link to the newest release"
        raise PublisherError(Diagnostic(Code.OUTPUT_UNWRITABLE, message, Location(str(releases / link)), hint))
    for path in releases.glob(f"{_OLD}*"):  # a folder that was to be replaced
        place = releases / path.name.removeprefix(_OLD)
        if not place.exists():
            path.replace(place)
    for path in releases.glob(f"{_ASIDE}*"):
        remove(path)
    history = read_history(releases, slug)
    if history.releases:
        settle(releases, slug, link, history, keep)
    return history


def settle(releases: Path, slug: str, link: str, history: History, keep: int | None) -> None:
    """Writes the history, leads the link to the newest release, and removes the oldest beyond the newest `keep`.

    What is right already is not touched.
    """
    path, data = history_path(releases, slug), history.data()
    if not path.is_file() or path.read_bytes() != data:
        disk.write({path: data})
    _lead(releases / link, history.latest.folder if history.latest else "")
    _retire(releases, history, keep)


def _lead(link: Path, folder: str) -> None:
    """Makes a link to a folder beside it, or removes it if there is no folder."""
    target = str(link.readlink()) if link.is_symlink() else ""
    if not folder or not (link.parent / folder).is_dir():
        if target:
            link.unlink()
    elif target != folder:
        aside = link.with_name(f"{_ASIDE}{link.name}")
        aside.symlink_to(folder)
        aside.replace(link)
        sync(link.parent)


@contextmanager
def aside(releases: Path, name: str) -> Iterator[Path]:
    """A folder beside the releases, for a release in the making; it is removed at the end, unless it was put in place."""
    folder = releases / f"{_ASIDE}{name}"
    folder.mkdir()
    try:
        yield folder
    finally:
        remove(folder)


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files into a folder that is aside, and puts them on the disk."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    sync(folder)


def put_in_place(folder: Path, place: Path) -> None:
    """Gives a folder that is aside its place; another folder there is removed. At any time either of them is there."""
    if not place.exists():
        folder.replace(place)
    elif not exchange(folder, place):  # then for a moment there is none, which `mend` knows
        old = place.with_name(f"{_OLD}{place.name}")
        place.replace(old)
        folder.replace(place)
    sync(place.parent)
    remove(folder)
    remove(place.with_name(f"{_OLD}{place.name}"))


def _retire(releases: Path, history: History, keep: int | None) -> None:
    """Removes the oldest releases beyond the newest `keep`. The history keeps what they contained."""
    if keep is None:
        return
    for release in [release for release in history.releases if (releases / release.folder).is_dir()][:-keep]:
        old = releases / f"{_ASIDE}{release.folder}"
        (releases / release.folder).replace(old)  # so that nobody sees half of it
        remove(old)


def remove(path: Path) -> None:
    """Removes a folder or a link, if it is there. What cannot be removed stays for the next run."""
    with suppress(OSError):
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
