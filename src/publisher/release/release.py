"""Making releases: built, checked, written aside and put in place, all of a command or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from publisher.build.assemble import edition_of
from publisher.build.build import Report
from publisher.build.executors import mapper
from publisher.build.history import RECORD, PastRelease, digest
from publisher.build.interrupts import held
from publisher.build.planned import Plan
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.model.edition import Edition
from publisher.model.events import Listener, ignore, working
from publisher.release import folders
from publisher.release.accompanying import ENVELOPE, SIGNATURE, SUMS, accompanying, sums
from publisher.release.checking import checked, unchecked
from publisher.release.record import day_of, record
from publisher.release.signature import ssh_signature
from publisher.release.version import no_version, version_before
from publisher.store.cache import Cache

State = Literal["new", "replaced", "unchanged", "empty"]


@dataclass(frozen=True)
class Wish:
    """How a release is to be made: its version, whether it may replace one, the checkers that are skipped.

    Without `checks` not even publisher's own rules are applied. `signing_key` is for ssh-keygen, `attesting_key` a private key
    in PEM for the envelope of the provenance.
    """

    version: str | None = None
    replace: bool = False
    allow_dirty: bool = False
    strict: bool = False
    skipped: frozenset[str] = frozenset()
    checks: bool = True
    signing_key: Path | None = None
    attesting_key: Path | None = None


@dataclass(frozen=True)
class Release:
    """What became of one profile: its folder, its report, all messages, and its record. Without news there is no folder."""

    plan: Plan
    report: Report
    state: State
    folder: Path | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    record: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class _Finished:
    """A release that is aside, whole and checked."""

    release: Release
    aside: Path
    entry: PastRelease


def make_releases(
    plan_of: Callable[[str | None], Plan],
    profiles: Sequence[str | None],
    make: Callable[[Plan], Report],
    wish: Wish,
    cache: Cache | None,
    *,
    wait: bool = True,
    waiting: Callable[[], None] = lambda: None,
    report: Listener = ignore,
) -> list[Release]:
    """A release of each profile (None: the manifest without a profile), none if any of them has errors.

    `plan_of` plans a profile; it is asked again when the releases are locked, since an earlier run may have changed the history.
    While another run holds the lock, `waiting` is called; `report` listens. Raises PublisherError with every error, exit code 8
    where another run holds the lock and we are not to `wait`.
    """
    places = {profile: releases_of(plan_of(profile)) for profile in profiles}
    with ExitStack() as stack, disk.refusals(places[profiles[0]]):
        for place in sorted(set(places.values())):
            stack.enter_context(disk.locked(place, "a release", waiting, wait=wait))
        plans = [_mended(plan_of(profile)) for profile in profiles]
        finished = [_finished(plan, make, wish, cache, stack, report) for plan in plans]
        with held() as check:  # from here on all are put in place
            check()
            return [_placed(result) if isinstance(result, _Finished) else result for result in finished]


def releases_of(plan: Plan) -> Path:
    """The folder in which the releases of an edition are."""
    return plan.folder / plan.release.folder


def link_of(plan: Plan) -> str:
    """The name of the link to the newest release."""
    return folders.link_name(plan.profile)


def _mended(plan: Plan) -> Plan:
    """The plan, when what an earlier run left half done is ended."""
    return replace(plan, history=folders.mend(releases_of(plan), plan.slug, link_of(plan), plan.release.keep))


def _finished(
    plan: Plan, make: Callable[[Plan], Report], wish: Wish, cache: Cache | None, stack: ExitStack, listener: Listener
) -> _Finished | Release:
    version = version_before(plan, wish.version, allow_dirty=wish.allow_dirty)
    plan = replace(plan, release=replace(plan.release, version=version))
    report = make(plan)
    if wish.strict:
        _refuse_warnings(report.diagnostics)
    if not report.articles:
        return Release(plan, report, "empty", diagnostics=report.diagnostics)
    edition = edition_of_report(plan, report, cache)
    version = version or day_of(plan, edition)[:10]
    if not version:
        raise no_version(plan)
    aside = stack.enter_context(folders.aside(releases_of(plan), f"{plan.slug}-{version}"))
    names = output_names(plan)
    outputs = {name: report.outputs[path].data for name, path in names.items()}
    folders.write(aside, outputs)
    with working(listener, "checking", plan.label):
        checks, found = checked(aside, outputs, wish.skipped) if wish.checks else (unchecked(outputs), ())
    if wish.strict:
        _refuse_warnings(found)
    values = record(plan, report, edition, checks, found, version, names)
    others = accompanying(edition, values, outputs, wish.attesting_key)
    hashes = sums({**outputs, **others})
    signature = {SIGNATURE: ssh_signature(hashes, wish.signing_key)} if wish.signing_key else {}
    folders.write(aside, {**others, SUMS: hashes, **signature})
    entry = PastRelease(
        version,
        f"{plan.slug}-{version}",
        values["date"]["value"],
        edition.imprint.number,
        report.inputs.stories if report.inputs else (),
        record=digest(others[RECORD]),
    )
    release = Release(plan, report, "new", releases_of(plan) / entry.folder, (*report.diagnostics, *found), values)
    return _compared(_Finished(release, aside, entry), wish)


def edition_of_report(plan: Plan, report: Report, cache: Cache | None) -> Edition:
    """The edition that a build has made outputs of."""
    assert report.inputs is not None
    with mapper(1, None, plan.limits) as workers:
        return edition_of(plan, report.inputs, workers.light, cache)[0]


def _refuse_warnings(diagnostics: Sequence[Diagnostic]) -> None:
    if any(str(diagnostic.severity) == "warning" for diagnostic in diagnostics):
        raise PublisherError(*diagnostics, exit_code=Exit.STRICT)


def output_names(plan: Plan) -> dict[str, Path]:
    """The outputs of a plan by the names that they have in a release. Raises PublisherError where two have the same."""
    names: dict[str, Path] = {}
    for path in plan.outputs:
        other = names.setdefault(path.name, path)
        if other != path:
            message = f"{other} and {path} have the same name, and a release is a single folder"
            raise PublisherError(Diagnostic(Code.VALUE, message, Location(plan.label), "give the outputs different file names"))
    return names


def _compared(finished: _Finished, wish: Wish) -> _Finished | Release:
    """The finished release, as it is to be put in place; it is not, if its equal is there already.

    Raises PublisherError where another release of the version is there, and is not to be replaced.
    """
    release, place = finished.release, finished.release.folder
    assert place is not None
    if not place.exists():
        return finished
    if _hashes(place) == _hashes(finished.aside):
        return replace(release, state="unchanged")
    if not wish.replace:
        message = f"the release {finished.entry.version} is there, and its content differs"
        hint = "give another version, or --replace if nobody has it yet"
        raise PublisherError(Diagnostic(Code.RELEASE_EXISTS, message, Location(str(place)), hint))
    return replace(finished, release=replace(release, state="replaced"))


def _hashes(folder: Path) -> list[bytes]:
    """The lines of the hashes of a release, without that of the envelope: some keys sign differently each time."""
    path = folder / SUMS
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return [line for line in lines if not line.endswith(ENVELOPE.encode())]


def _placed(finished: _Finished) -> Release:
    """Puts a release in place, and brings history, link and number of releases up to date."""
    release, plan = finished.release, finished.release.plan
    assert release.folder is not None
    releases = releases_of(plan)
    folders.put_in_place(finished.aside, release.folder)
    history = plan.history.with_release(finished.entry)
    folders.settle(releases, plan.slug, link_of(plan), history, plan.release.keep)
    return release
