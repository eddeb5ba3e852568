"""`publisher release`: the folder of a finished edition, built, checked and put in place in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli import console, options
from publisher.cli.build import make_report, summary
from publisher.model.diagnostics import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.build.manifest_file import ReleasePlace
    from publisher.build.planned import Plan
    from publisher.release.release import Release
    from publisher.store.cache import Cache

_STATES = {"new": "released", "replaced": "replaced", "unchanged": "unchanged:"}
_OPTIONS = (
    click.argument("manifest", type=click.Path(path_type=Path), default=Path()),
    click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Release this profile; several are possible."),
    options.date,
    options.since,
    click.option("--version", "version", metavar="VERSION", help="Version, in place of the manifest's. Default: the day."),
    click.option("--replace", is_flag=True, help="Replace a release of the same version that has other content."),
    click.option("--allow-dirty", is_flag=True, help="Take the version from a tag although files differ from its commit."),
    click.option(
        "--skip-check", "skipped", multiple=True, type=click.Choice(["epubcheck", "ace"]), help="Release without this checker."
    ),
    click.option("--sign", "signing_key", type=click.Path(path_type=Path), help="Sign the hashes with this SSH key."),
    click.option(
        "--attest", "attesting_key", type=click.Path(path_type=Path), help="Sign the provenance with this private key (PEM)."
    ),
    options.strict,
    options.keep_going,
    options.fail_if_empty,
    click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Processes to typeset with (default: the cores)."),
    click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder for the cache (default: the user's)."),
    click.option("--no-cache", is_flag=True, help="Use no cache: make everything again, keep nothing."),
    options.no_wait,
    options.timings,
    options.verbose,
    options.log_format,
)


@dataclass(frozen=True)
class ReleaseOrder:
    """What the options of `release` and `run` ask for."""

    manifest: Path
    profiles: tuple[str, ...]
    date: str | None
    since: str | None
    version: str | None
    replace: bool
    allow_dirty: bool
    skipped: tuple[str, ...]
    signing_key: Path | None
    attesting_key: Path | None
    strict: bool
    keep_going: bool
    fail_if_empty: bool
    jobs: int | None
    cache_folder: Path | None
    no_cache: bool
    no_wait: bool
    verbose: bool
    log_format: str

    @property
    def named_profiles(self) -> list[str | None]:
        """The profiles; None is the manifest without a profile."""
        return [None if name == options.NO_PROFILE else name for name in self.profiles] or [None]

    @property
    def cache(self) -> Cache | None:
        from publisher.store.cache import Cache, default_folder

        return None if self.no_cache else Cache(self.cache_folder or default_folder())

    def release_places(self) -> list[ReleasePlace]:
        """Where the releases of each profile are."""
        from publisher.build.found_files import MANIFEST
        from publisher.build.manifest_file import release_place

        path = self.manifest / MANIFEST if self.manifest.is_dir() else self.manifest
        return [release_place(path, str(path), profile) for profile in self.named_profiles]

    def plan_of(self, profile: str | None) -> Plan:
        """The plan of a profile. Raises UsageError if there is no manifest: a release has its name and place from one."""
        from publisher.build.plan import plan

        result = plan([self.manifest], [], None, profile, self.keep_going, date=self.date, since=self.since)
        if not result.slug:
            raise click.UsageError(f"a release is of a manifest: {self.manifest} is none, and has no publisher.toml")
        return result


def release_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of ReleaseOrder."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@options.command(
    'publisher release week.toml\npublisher release --withdraw 2026-03-17 --reason "wrong map on page 2"',
    short_help="Make a release folder of an edition.",
)
@release_options
@click.option("--withdraw", metavar="VERSION", help="Mark a release as withdrawn; makes no new one.")
@click.option("--reason", metavar="TEXT", help="Why a release is withdrawn.")
def release(withdraw: str | None, reason: str | None, **values: Any) -> int:
    """Build every output of a manifest, run every check, and put the result with its record into a folder of its own.

    A checker that is not installed is an error (exit code 4). If anything fails, there is no new folder.
    """
    from publisher.release.withdrawal import withdraw_release

    order = ReleaseOrder(**values)
    if (withdraw is None) != (reason is None):
        raise click.UsageError("--withdraw VERSION needs --reason TEXT, and the reverse")
    if withdraw is not None and reason is not None:
        folder = withdraw_release(order.release_places(), withdraw, reason, wait=not order.no_wait)
        console.tell(f"withdrawn {folder}: {reason}", order.log_format)
        return Exit.DONE
    return make_and_tell(order)


def make_and_tell(order: ReleaseOrder, *, checks: bool = True) -> Exit:
    """Makes the releases and prints what became of them; without `checks` no checker looks at them."""
    from publisher.release.release import Wish, make_releases

    wish = Wish(
        order.version,
        order.replace,
        order.allow_dirty,
        order.strict,
        frozenset(order.skipped),
        checks,
        order.signing_key,
        order.attesting_key,
    )
    cache = order.cache
    with console.progress(order.log_format) as listener:
        releases = make_releases(
            order.plan_of,
            order.named_profiles,
            lambda plan: make_report(plan, order.jobs, listener, cache),
            wish,
            cache,
            wait=not order.no_wait,
            waiting=console.Once("waiting for another release in this folder", order.log_format),
            report=listener,
        )
    return _tell(releases, order)


def _tell(releases: Sequence[Release], order: ReleaseOrder) -> Exit:
    """Prints the messages and folders of releases; the exit code."""
    for result in releases:
        console.show(result.diagnostics, order.log_format, verbose=order.verbose)
        if result.folder is not None:
            for event in result.report.finished:
                path = result.folder / Path(event.path).name
                console.log().event(replace(event, path=str(path), written=result.state != "unchanged"))
            console.tell(f"{_STATES[result.state]} {result.folder}", order.log_format)
        left_out = [article.name for article in result.report.left_out]
        console.tell(summary(result.report), order.log_format, left_out=left_out)
    if any(result.report.left_out for result in releases):
        return Exit.LEFT_OUT
    return Exit.NOTHING_NEW if order.fail_if_empty and all(result.state == "empty" for result in releases) else Exit.DONE
