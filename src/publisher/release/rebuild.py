"""Making the edition of a release again from its inputs, and comparing what comes out with what was released, byte by byte."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from publisher.build.build import Report, make, theme_of
from publisher.build.history import History, PastRelease, Story, read_history
from publisher.build.plan import plan
from publisher.build.planned import Plan
from publisher.build.stated_time import stated_as
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.release import engine
from publisher.release.accompanying import SOURCES, sources_file
from publisher.release.byte_differences import first_difference
from publisher.release.meaning import differences_in_meaning
from publisher.release.record import record as record_of
from publisher.release.release import edition_of_report, output_names
from publisher.release.thumbnail import NAME as COVER
from publisher.release.thumbnail import thumbnail
from publisher.store.cache import Cache
from publisher.store.regular_files import read_regular

_LARGEST = 4_000_000_000  # bytes
_RESTORE = "restore it as it was, for example from version control"
_FACTS = ("articles", "left_out", "totals", "ledger")  # of the record: what the same inputs give again
Record = Mapping[str, Any]
Make = Callable[[Plan], Report]


@dataclass(frozen=True)
class _Rebuilt:
    """An edition that was made again: the release it is compared with, and the result."""

    folder: Path
    record: Record
    plan: Plan
    report: Report
    engine: tuple[str, ...]  # what of it has changed
    base: Path  # the folder from which the record names its inputs

    def differs(self, message: str, name: str) -> Diagnostic:
        hint = "compare that place; with the inputs of the release, the file should be the same"
        return Diagnostic(Code.REBUILD_DIFFERS, message, Location(str(self.folder / name)), hint)


def rebuilt_edition(
    folder: Path, record: Record, manifest: Path | None, make_again: Make | None, cache: Cache | None, done: list[str]
) -> list[Diagnostic]:
    """What differs when the edition of a release is made again; what was compared is added to `done`.

    `manifest` is the manifest, by default that which the record names, from the folder of the release. Nothing is written
    beside it. Raises PublisherError where a component is missing (exit code 4).
    """
    path = _manifest_of(folder, record, manifest)
    base = path if path.is_dir() else path.parent
    found = list(_changed_inputs(base, record))
    if any(not (base / row["path"]).is_file() for row in record["inputs"]):
        return found
    with stated_as(record["date"]["epoch"]):
        try:
            planned = _plan(folder, record, path)
            found += _changed_settings(planned, record)
            report = (make_again or (lambda plan: make(plan, cache=cache)))(planned)
        except PublisherError as problem:
            if problem.exit_code is Exit.MISSING_COMPONENT:
                raise
            return [*found, *problem.diagnostics]
        changed = tuple(engine.changes(engine.recorded(record), engine.current()))
        rebuilt = _Rebuilt(folder, record, planned, report, changed, base)
        found += _compared(rebuilt, cache, done)
    return found


def _manifest_of(folder: Path, record: Record, manifest: Path | None) -> Path:
    """The manifest or, for an edition without a manifest, its folder. Raises PublisherError where there is neither."""
    path = manifest or Path(os.path.relpath(folder.resolve() / record["manifest"]["path"]))
    if path.is_dir():
        path = path / "publisher.toml"
    if path.is_file():
        return path
    first = next((row["path"] for row in record["inputs"]), "")
    if manifest is None and path.name == "publisher.toml" and first and (path.parent / first).is_file():
        return path.parent
    hint = "give its place with --manifest PATH"
    fault = Diagnostic(Code.INPUT_DIFFERS, f"the manifest of the release is missing: {path}", Location(str(path)), hint)
    raise PublisherError(fault, exit_code=Exit.DIFFERENT)


def _changed_inputs(base: Path, record: Record) -> Iterator[Diagnostic]:
    """Each input of the record that is missing, or is another file now."""
    for row in record["inputs"]:
        path = base / row["path"]
        try:
            data = read_regular(path, _LARGEST)
        except OSError as problem:
            message = f"the input {row['path']} is missing: {problem.strerror}"
            yield Diagnostic(Code.INPUT_DIFFERS, message, Location(str(path)), _RESTORE)
            continue
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            message = f"the input {row['path']} is not the file that the release was made of"
            yield Diagnostic(Code.INPUT_DIFFERS, message, Location(str(path)), _RESTORE)


def _plan(folder: Path, record: Record, path: Path) -> Plan:
    """The plan of the release: its day, profile, settings, and the releases that were there before it."""
    day, settings = record["date"], record["settings"]
    date = day["value"] if day["origin"] in ("option", "clock") else None
    planned = plan(
        [path], [], None, record["profile"] or None, settings["keep_going"],
        date=date, since=settings["since"] or None, history=_history(folder, record),
    )  # fmt: skip
    return replace(planned, release=replace(planned.release, version=record["version"]))


def _history(folder: Path, record: Record) -> History:
    """The releases before this one, as they were then, and this one.

    When a release was withdrawn is not known. If this release has an article of it again, it was withdrawn before; else it still
    counted.
    """
    known = read_history(folder.resolve().parent, record["slug"])
    version = record["version"]
    number = next((at for at, row in enumerate(known.releases) if row.version == version), len(known.releases))
    stories = tuple(Story(tuple(row["known_by"]), row["title"], row["slug"], row["words_sha256"]) for row in record["articles"])
    own = {identity for story in stories for identity in story.known_by}
    before = [
        replace(row, withdrawn="") if own.isdisjoint(identity for story in row.stories for identity in story.known_by) else row
        for row in known.releases[:number]
    ]
    this = PastRelease(version, folder.name, record["date"]["value"], record["edition"]["number"], stories)
    return History((*before, this))


def _changed_settings(planned: Plan, record: Record) -> Iterator[Diagnostic]:
    """The manifest and the themes, if they are others than those of the release."""
    if hashlib.sha256(planned.manifest.encode()).hexdigest() != record["manifest"]["sha256"]:
        message = "the manifest is not that of the release"
        yield Diagnostic(Code.INPUT_DIFFERS, message, Location(planned.label), _RESTORE)
    names = output_names(planned)
    for row in record["outputs"]:
        path = names.get(row["path"])
        if path is None:
            message = f"the manifest has no output {row['path']}"
            yield Diagnostic(Code.INPUT_DIFFERS, message, Location(planned.label), _RESTORE)
        elif theme_of(planned, path)[0].digest != row["theme_sha256"]:
            message = f"the theme {row['theme']} of {row['path']} is not that of the release"
            yield Diagnostic(Code.INPUT_DIFFERS, message, Location(planned.label), _RESTORE)


def _compared(rebuilt: _Rebuilt, cache: Cache | None, done: list[str]) -> Iterator[Diagnostic]:
    names = {name: path for name, path in output_names(rebuilt.plan).items() if path in rebuilt.report.outputs}
    rows = {row["path"]: row for row in rebuilt.record["outputs"]}
    if not names:
        yield rebuilt.differs("the edition that was made again has no articles", next(iter(rows)))
        return
    same, other = list[str](), list[str]()
    found = list[Diagnostic]()
    for name in rows:
        if name not in names:
            continue
        old, new = (rebuilt.folder / name).read_bytes(), rebuilt.report.outputs[names[name]].data
        if old == new:
            same.append(name)
        elif not rebuilt.engine:
            found.append(rebuilt.differs(f"made again, {first_difference(name, old, new, _starts(rows))}", name))
        elif differences := list(_differences(rebuilt.folder / name, new)):
            found += [rebuilt.differs(f"made again by another engine, {difference}", name) for difference in differences]
        else:
            other.append(name)
    yield from found
    yield from _facts(rebuilt, cache, names, is_same=not other and not found)
    if rebuilt.engine:
        yield _other_engine(rebuilt, other)
    if same:
        done.append(f"{_list(same)} made again with the same bytes")
    if other:
        done.append(f"{_list(other)} made again by another engine with the same words, pages and structure")


def _list(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _starts(rows: Mapping[str, Any]) -> Mapping[str, str]:
    return next((row["starts"] for row in rows.values() if "starts" in row), {})


def _differences(old: Path, data: bytes) -> list[str]:
    with disk.temporary_files(), tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / old.name
        new.write_bytes(data)
        return list(differences_in_meaning(old, new))


def _other_engine(rebuilt: _Rebuilt, other: list[str]) -> Diagnostic:
    shown = ", ".join(rebuilt.engine[:8]) + (f" and {len(rebuilt.engine) - 8} more" if len(rebuilt.engine) > 8 else "")
    what = f"words, pages and structure of {_list(other)} were compared instead of bytes" if other else "the bytes were compared"
    hint = "install these versions to compare the bytes" if other else ""
    return Diagnostic(Code.OTHER_ENGINE, f"other engine: {shown}; {what}", Location(str(rebuilt.folder)), hint)


def _facts(rebuilt: _Rebuilt, cache: Cache | None, names: Mapping[str, Path], *, is_same: bool) -> Iterator[Diagnostic]:
    """What else the same inputs give again: sources, cover, and what release.json says of the articles."""
    edition = edition_of_report(rebuilt.plan, rebuilt.report, cache)
    if sources_file(edition) != (rebuilt.folder / SOURCES).read_bytes():
        yield rebuilt.differs(f"{SOURCES} has other sources than the edition that was made again", SOURCES)
    cover = thumbnail({name: rebuilt.report.outputs[path].data for name, path in names.items()})
    if is_same and not rebuilt.engine and cover and cover != (rebuilt.folder / COVER).read_bytes():
        yield rebuilt.differs(f"{COVER} is another image", COVER)
    new = record_of(rebuilt.plan, rebuilt.report, edition, (), (), rebuilt.record["version"], names)
    if new["edition"] != rebuilt.record["edition"]:
        keys = ", ".join(key for key, value in new["edition"].items() if rebuilt.record["edition"].get(key) != value)
        yield rebuilt.differs(f"its edition has another {keys} than the edition that was made again", "release.json")
    for key in _FACTS:
        if new[key] != rebuilt.record[key]:
            what = key.replace("_", " ")
            yield rebuilt.differs(f"its {what} differ from what the edition has that was made again", "release.json")
    known = {row["path"] for row in rebuilt.record["inputs"]}
    for row in new["inputs"]:
        path = rebuilt.plan.folder / row["path"]
        if Path(os.path.relpath(path, rebuilt.base)).as_posix() not in known:
            message = f"{row['path']} goes into the edition now, and was no input of the release"
            yield Diagnostic(Code.INPUT_DIFFERS, message, Location(str(path)), "remove it, or move it away")
