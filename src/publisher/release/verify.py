"""Verifying a release, or a file of it: hashes, what it says of itself, its signature, and on request the edition made again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.build.build import Report
from publisher.build.history import RECORD, read_history
from publisher.build.planned import Plan
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError, errors
from publisher.release.comparable import COMPARABLE
from publisher.release.consistency import Record, consistency, read_record
from publisher.release.folder_hashes import UNLISTED, Folder, hashed, is_release
from publisher.release.lone_files import Verified, counted, verify_file
from publisher.release.rebuild import rebuilt_edition
from publisher.release.rebuild_attached import rebuilt_articles
from publisher.release.signed import signature_findings
from publisher.release.withdrawal import MARK
from publisher.store.cache import Cache
from publisher.store.regular_files import read_regular

_LARGEST = 1_000_000  # bytes of a mark


@dataclass(frozen=True)
class Request:
    """How to verify: with a file of allowed signers, and whether the edition is made again, from which manifest and how."""

    signers: Path | None = None
    rebuild: bool = False
    manifest: Path | None = None
    make: Callable[[Plan], Report] | None = None
    cache: Cache | None = None


def verify(path: Path, request: Request = Request()) -> Verified:
    """What is wrong with a release folder or a file. Raises PublisherError (exit code 1) where it cannot be read at all."""
    if path.is_dir():
        return _verify_folder(path, request)
    if not path.exists() and not path.is_symlink():
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"file not found: {path}", Location(str(path))))
    return _verify_file(path, request)


def verify_each(paths: Sequence[Path], request: Request = Request()) -> list[Verified]:
    """The same for several, where those that cannot be read do not hide what differs in others."""
    results = list[Verified]()
    for path in paths:
        try:
            results.append(verify(path, request))
        except PublisherError as problem:
            results.append(Verified(path, problem.diagnostics, (), problem.exit_code))
    return results


def exit_code(results: Sequence[Verified]) -> Exit:
    """Exit.DIFFERENT if anything differs; else why something could not be verified; else Exit.DONE."""
    failures = [result.failure for result in results if result.failure is not Exit.DONE]
    is_different = any(errors(result.diagnostics) for result in results if result.failure is Exit.DONE)
    return Exit.DIFFERENT if is_different or Exit.DIFFERENT in failures else next(iter(failures), Exit.DONE)


def _verify_folder(path: Path, request: Request) -> Verified:
    folder = hashed(path)
    found, done = list(folder.diagnostics), list[str]()
    found += signature_findings(path, request.signers, done)
    record = None
    if not folder.diagnostics:
        done.insert(0, f"{counted(len(folder.listed), 'file')} with their hashes")
        record = _consistent(path, folder, found, done)
    found += _withdrawal(path, record)
    if request.rebuild and record is not None and not errors(found):
        found += rebuilt_edition(path, record, request.manifest, request.make, request.cache, done)
    return Verified(path, tuple(found), tuple(done))


def _consistent(path: Path, folder: Folder, found: list[Diagnostic], done: list[str]) -> Record | None:
    """The record of a folder whose hashes are right, None if it is not valid; its contradictions are added to `found`."""
    try:
        record = read_record(path)
    except PublisherError as problem:
        found += problem.diagnostics
        return None
    contradictions = list(consistency(path, record, {name: folder.actual[name] for name in folder.listed}))
    found += contradictions
    if not errors(contradictions):
        done.append("its record, pages, articles and sources agree")
    return record


def _withdrawal(path: Path, record: Record | None) -> Iterator[Diagnostic]:
    """A warning for a withdrawn release, with the reason; an error if the mark is not as publisher writes it."""
    mark = path / MARK
    if not mark.is_file() or mark.is_symlink():
        return
    place = Location(str(mark))
    try:
        data = read_regular(mark, _LARGEST)
        values = json.loads(data)
        version, reason = str(values["version"]), str(values["reason"])
        written = json.dumps({"version": version, "reason": reason}, ensure_ascii=False, indent=1, sort_keys=True)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        yield Diagnostic(Code.FILE_CHANGED, f"{MARK} is no mark of a withdrawn release", place, "get the release again")
        return
    if f"{written}\n".encode() != data or (record is not None and record["version"] != version):
        yield Diagnostic(Code.FILE_CHANGED, f"{MARK} is not the mark that publisher wrote", place, "get the release again")
    known = read_history(path.resolve().parent, record["slug"]).of(version) if record is not None else None
    if known is not None and known.withdrawn and known.withdrawn != reason:
        message = f"{MARK} has another reason than the history of the releases: “{known.withdrawn}”"
        yield Diagnostic(Code.FILE_CHANGED, message, place, "ask the publisher of the release which is right")
    message = f"the release {version} is withdrawn: {reason}"
    yield Diagnostic(Code.RELEASE_WITHDRAWN, message, place, "use another release")


def _verify_file(path: Path, request: Request) -> Verified:
    """A file: its line in the folder that it lies in, if that is a release, and what it says of itself."""
    found, done = list[Diagnostic](), list[str]()
    folder = path.parent
    name = path.name
    if is_release(folder):
        release = hashed(folder)
        mine = Location(str(folder / name))
        of_list = (row for row in release.diagnostics if row.code is Code.SUMS_CHANGED)
        found += dict.fromkeys([*(row for row in release.diagnostics if row.location == mine), *of_list])
        if not found and name not in UNLISTED:
            done.append(f"the hash of {name} in the list of its release")
        found += _withdrawal(folder, None)
    elif path.suffix.lower() in COMPARABLE:
        message = f"{name} lies in no release folder: what its hash should be is not known"
        hint = "verify the folder of the release, if you have it"
        found.append(Diagnostic(Code.NOT_VERIFIED, message, Location(str(path)), hint))
    if not errors(found) and path.suffix.lower() in COMPARABLE:
        result = verify_file(path)
        found, done = [*found, *result.diagnostics], [*done, *result.done]
        if request.rebuild and not errors(found):
            found += rebuilt_articles(path, done)
    elif not errors(found) and not is_release(folder):
        hint = f"name a folder with {RECORD}, a file in it, or a .pdf or .epub"
        raise PublisherError(Diagnostic(Code.RELEASE_UNKNOWN, f"{name} is of no release", Location(str(path)), hint))
    return Verified(path, tuple(found), tuple(done))
