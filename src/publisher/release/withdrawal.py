"""Withdrawing a release: it stays where it is, marked with the reason, and is the latest no more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from publisher.build.history import History
from publisher.build.plan import Plan
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.release import folders
from publisher.release.release import link_of, releases_of

MARK = "WITHDRAWN.json"  # beside the files of the release, whose hashes it changes nothing of


def withdraw_release(plans: Sequence[Plan], version: str, reason: str, *, wait: bool = True) -> Path:
    """Marks the release of a version as withdrawn, in its folder and in the history, and leads `latest` to the one before.

    The version is that of the first of `plans` which has it; the folder. Raises PublisherError if none of them has it.
    """
    with disk.locked(releases_of(plans[0]), "a release", lambda: None, wait=wait), disk.refusals(releases_of(plans[0])):
        histories = [folders.mend(releases_of(plan), plan.slug, link_of(plan)) for plan in plans]
        for plan, history in zip(plans, histories, strict=True):
            release = history.of(version)
            if release is None:
                continue
            folder = releases_of(plan) / release.folder
            if folder.is_dir():
                mark = json.dumps({"version": version, "reason": reason}, ensure_ascii=False, indent=1, sort_keys=True)
                disk.write({folder / MARK: f"{mark}\n".encode()})
            folders.settle(
                releases_of(plan), plan.slug, link_of(plan), history.with_withdrawn(version, reason), plan.release.keep
            )
            return folder
        raise _unknown(plans[0], histories[0], version)


def _unknown(plan: Plan, history: History, version: str) -> PublisherError:
    known = ", ".join(release.version for release in reversed(history.releases))
    hint = f"the releases are: {known}" if known else "there is no release yet"
    return PublisherError(
        Diagnostic(Code.RELEASE_UNKNOWN, f"there is no release {version}", Location(str(releases_of(plan))), hint)
    )
