"""Withdrawing a release: it stays where it is, marked with the reason, and is the latest no more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from publisher.build.history import History
from publisher.build.manifest_file import ReleasePlace
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.release import folders

MARK = "WITHDRAWN.json"  # beside the files of the release, whose hashes it changes nothing of


def withdraw_release(places: Sequence[ReleasePlace], version: str, reason: str, *, wait: bool = True) -> Path:
    """Marks the release of a version as withdrawn, in its folder and in the history, and leads `latest` to the release before.

    The version is that of the first of `places` which has it; the folder. Raises PublisherError if none of them has it.
    """
    first = places[0].folder
    if not first.is_dir():
        raise _unknown(first, History(), version)
    with disk.locked(first, "a release", lambda: None, wait=wait), disk.refusals(first):
        histories = [folders.mend(place.folder, place.slug, folders.link_name(place.profile)) for place in places]
        for place, history in zip(places, histories, strict=True):
            release = history.of(version)
            if release is None:
                continue
            folder = place.folder / release.folder
            if folder.is_dir():
                mark = json.dumps({"version": version, "reason": reason}, ensure_ascii=False, indent=1, sort_keys=True)
                disk.write({folder / MARK: f"{mark}\n".encode()})
            withdrawn = history.with_withdrawn(version, reason)
            folders.settle(place.folder, place.slug, folders.link_name(place.profile), withdrawn, place.keep)
            return folder
        raise _unknown(first, histories[0], version)


def _unknown(folder: Path, history: History, version: str) -> PublisherError:
    known = ", ".join(release.version for release in reversed(history.releases))
    hint = f"the releases are: {known}" if known else "there is no release yet"
    return PublisherError(Diagnostic(Code.RELEASE_UNKNOWN, f"there is no release {version}", Location(str(folder)), hint))
