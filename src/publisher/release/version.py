"""The version of a release: given, from the manifest, the tag of the commit, or the day of the edition."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from publisher.build.planned import GIT, Plan, version_of
from publisher.build.release_table import LONGEST
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError

_UNUSABLE = re.compile(r"[^A-Za-z0-9._+-]+")


def version_before(plan: Plan, option: str | None, *, allow_dirty: bool) -> str:
    """The version, as far as it is known before the articles are read; else empty.

    Raises PublisherError where a tag is asked for and there is none, or where the files are not those of the commit.
    """
    if option:
        if _UNUSABLE.search(option) or not option[0].isalnum() or len(option) > LONGEST:
            hint = f"a version has letters, digits and . _ + -, the first a letter or a digit, at most {LONGEST} in all"
            fault = Diagnostic(Code.OPTION, f"--version {option}: not a version", hint=hint)
            raise PublisherError(fault, exit_code=Exit.USAGE)
        return option
    if plan.release.version == GIT:
        return _tag(plan, allow_dirty)
    return version_of(plan.release, plan.day)


def no_version(plan: Plan) -> PublisherError:
    """The error of an edition without version and day."""
    hint = "give version under [release], date under [edition], or --date DAY"
    return PublisherError(
        Diagnostic(Code.VERSION, "the release has no version, and the edition no day", Location(plan.label), hint)
    )


def _tag(plan: Plan, allow_dirty: bool) -> str:
    """The tag of the commit that is checked out. A slash in it becomes a hyphen."""
    folder, place = plan.folder, Location(plan.label)
    if shutil.which("git") is None:
        missing = Diagnostic(Code.COMPONENT_MISSING, 'git is not installed, and version is "git"', place, "install git")
        raise PublisherError(missing)
    found = _git(folder, "describe", "--tags", "--exact-match", "HEAD")
    if found is None:
        hint = "set a tag (git tag VERSION), or give --version VERSION"
        raise PublisherError(Diagnostic(Code.VERSION, "the commit that is checked out has no tag", place, hint))
    changes = _git(folder, "status", "--porcelain", "--", ".", f":(exclude){plan.release.folder}")
    if not allow_dirty and changes != "":
        names = [line[3:] for line in (changes or "").splitlines()]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        message = f"files differ from the commit of the tag {found}: {', '.join(names[:3])}{more}"
        raise PublisherError(Diagnostic(Code.VERSION, message, place, "commit or undo the changes, or give --allow-dirty"))
    return _UNUSABLE.sub("-", found).lstrip("-._+")


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None where it fails."""
    run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True)
    return run.stdout.rstrip("\n") if run.returncode == 0 else None
