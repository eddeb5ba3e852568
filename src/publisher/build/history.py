"""What the earlier releases of an edition contained: a file beside their folders, which stays when the folders go."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.store.regular_files import read_regular

RECORD = "release.json"  # in the folder of each release: release/record.py
_SUFFIX = ".history.json"
_LARGEST = 256_000_000  # bytes
_PLAIN = re.compile(r"[^/\\\x00.][^/\\\x00]*")  # a name, no path, and not hidden


@dataclass(frozen=True)
class Story:
    """An article of a release: what it is known by tomorrow (choice.identities), its title, slug, and a hash of its words."""

    known_by: tuple[str, ...]
    title: str = ""
    slug: str = ""
    words: str = ""


@dataclass(frozen=True)
class PastRelease:
    """An earlier release: its version, folder, day (or time, ISO 8601) and number, and its articles.

    `withdrawn` is why it was withdrawn; empty if it was not. `record` is the SHA-256 of its release.json, in hex digits.
    """

    version: str
    folder: str
    date: str = ""
    number: int | None = None
    stories: tuple[Story, ...] = ()
    withdrawn: str = ""
    record: str = ""


@dataclass(frozen=True)
class History:
    """The earlier releases of an edition, the newest last."""

    releases: tuple[PastRelease, ...] = ()

    def before(self, version: str) -> tuple[PastRelease, ...]:
        """The releases before that of a version, all if there is none; without withdrawn ones."""
        number = next((number for number, release in enumerate(self.releases) if release.version == version), None)
        return tuple(release for release in self.releases[:number] if not release.withdrawn)

    def stories(self, version: str) -> Iterator[Story]:
        """The articles of the releases before `version`. A withdrawn release counts for none."""
        return (story for release in self.before(version) for story in release.stories)

    def next_number(self, date: str) -> int:
        """The number in the series for a release of that day: its own, if it has a number, else the number behind the highest."""
        own = [release.number for release in self.releases if date and release.date == date and release.number]
        return own[0] if own else 1 + max((release.number or 0 for release in self.releases), default=0)

    @property
    def latest(self) -> PastRelease | None:
        """The newest release that is not withdrawn."""
        return next((release for release in reversed(self.releases) if not release.withdrawn), None)

    def of(self, version: str) -> PastRelease | None:
        return next((release for release in self.releases if release.version == version), None)

    def with_release(self, release: PastRelease) -> History:
        """The history with a release: in place of that of the same version, else at the end."""
        if self.of(release.version) is None:
            return History((*self.releases, release))
        return History(tuple(release if known.version == release.version else known for known in self.releases))

    def with_withdrawn(self, version: str, reason: str) -> History:
        """The history in which a release is withdrawn, for a reason."""
        rows = (replace(release, withdrawn=reason) if release.version == version else release for release in self.releases)
        return History(tuple(rows))

    def data(self) -> bytes:
        """The content of the file."""
        rows = [asdict(release) for release in self.releases]
        return (json.dumps({"releases": rows}, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def history_path(folder: Path, slug: str) -> Path:
    """The file with the history of an edition, beside the folders of its releases."""
    return folder / f"{slug}{_SUFFIX}"


def read_history(folder: Path, slug: str) -> History:
    """The history of an edition: the file, and those folders that are not as it says (a release that was killed at its end).

    Raises PublisherError where it cannot be read: without it everything would be published again.
    """
    history = _from_file(history_path(folder, slug))
    known = {(release.folder, release.record) for release in history.releases}
    for path in sorted(folder.glob(f"{slug}-*/{RECORD}")):
        if not path.parent.is_symlink():
            data = _data(path)
            release = None if (path.parent.name, digest(data)) in known else _from_record(path.parent.name, data, slug)
            if release is not None:
                history = history.with_release(release)
    return history


def digest(record: bytes) -> str:
    """The hash of a release.json, by which its folder is known to be as the history says."""
    return hashlib.sha256(record).hexdigest()


def _data(path: Path) -> bytes:
    try:
        return read_regular(path, _LARGEST)
    except OSError:
        return b""


def _from_file(path: Path) -> History:
    try:
        values = json.loads(read_regular(path, _LARGEST))
        history = msgspec.convert({"releases": values["releases"]}, History)
        if any(_PLAIN.fullmatch(release.folder) is None for release in history.releases):
            raise ValueError("it names a folder that is none of a release")
        return history
    except FileNotFoundError:
        if path.is_symlink():
            raise _unreadable(path, "it is a link to no file") from None
        return History()
    except NotADirectoryError:
        message = f"{path.parent} is no folder, and releases stand in a folder"
        hint = "move the file away, or name another folder under [release]"
        raise PublisherError(Diagnostic(Code.OUTPUT_UNWRITABLE, message, Location(str(path.parent)), hint)) from None
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as problem:
        raise _unreadable(path, str(getattr(problem, "strerror", None) or problem)) from None


def _unreadable(path: Path, reason: str) -> PublisherError:
    message = f"the history of the releases cannot be read: {reason}"
    hint = "put the file back from a copy; without it, articles that were published would be published again"
    return PublisherError(Diagnostic(Code.HISTORY, message, Location(str(path)), hint))


def _from_record(folder: str, data: bytes, slug: str) -> PastRelease | None:
    """The release of a folder, by its release.json; None if that is not of a release of this edition."""
    try:
        record = json.loads(data)
        values = {
            "version": record["version"],
            "folder": folder,
            "record": digest(data),
            "date": record["date"]["value"],
            "number": record["edition"]["number"],
            "stories": [
                {"known_by": row["known_by"], "title": row["title"], "slug": row["slug"], "words": row["words_sha256"]}
                for row in record["articles"]
            ],
        }
        return msgspec.convert(values, PastRelease) if record["slug"] == slug else None
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
