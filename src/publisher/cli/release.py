"""`publisher release`: the folder of a finished edition, built, checked and put in place in one step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console, options
from publisher.cli.build import make_report, summary
from publisher.model.diagnostics import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.build.plan import Plan
    from publisher.release.release import Release

_STATES = {"made": "released", "replaced": "replaced", "unchanged": "unchanged:"}


@options.command(
    'publisher release week.toml\npublisher release --withdraw 2026-03-17 --reason "wrong map on page 2"',
    short_help="Make a release folder of an edition.",
)
@click.argument("manifest", type=click.Path(path_type=Path), default=Path())
@click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Release this profile; may be given several times.")
@options.date
@options.since
@click.option("--version", "version", metavar="VERSION", help="Version, in place of the manifest's. Default: the day.")
@click.option("--replace", is_flag=True, help="Replace a release of the same version that has other content.")
@click.option("--allow-dirty", is_flag=True, help="Take the version from a tag although files differ from its commit.")
@click.option(
    "--skip-check", "skipped", multiple=True, type=click.Choice(["epubcheck", "ace"]), help="Release without this checker."
)
@options.strict
@options.keep_going
@options.fail_if_empty
@click.option("--withdraw", metavar="VERSION", help="Mark a release as withdrawn; makes no new one.")
@click.option("--reason", metavar="TEXT", help="Why a release is withdrawn.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Processes to typeset with (default: the cores).")
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder for the cache (default: the user's).")
@click.option("--no-cache", is_flag=True, help="Use no cache: make everything again, keep nothing.")
@options.no_wait
@options.verbose
@options.log_format
def release(
    manifest: Path,
    profiles: tuple[str, ...],
    date: str | None,
    since: str | None,
    version: str | None,
    replace: bool,
    allow_dirty: bool,
    skipped: tuple[str, ...],
    strict: bool,
    keep_going: bool,
    fail_if_empty: bool,
    withdraw: str | None,
    reason: str | None,
    jobs: int | None,
    cache_folder: Path | None,
    no_cache: bool,
    no_wait: bool,
    verbose: bool,
    log_format: str,
) -> int:
    """Build every output of a manifest, run every check, and put the result with its record into a folder of its own.

    A checker that is not installed is an error (exit code 4). If anything fails, there is no new folder.
    """
    from publisher.build.plan import plan
    from publisher.release.release import Wish, make_releases
    from publisher.release.withdrawal import withdraw_release
    from publisher.store.cache import Cache, default_folder

    named = [None if name == options.NO_PROFILE else name for name in profiles] or [None]

    def plan_of(profile: str | None) -> Plan:
        return plan([manifest], [], None, profile, keep_going, date=date, since=since)

    if (withdraw is None) != (reason is None):
        raise click.UsageError("--withdraw VERSION needs --reason TEXT, and the reverse")
    if withdraw is not None and reason is not None:
        folder = withdraw_release([plan_of(profile) for profile in named], withdraw, reason, wait=not no_wait)
        console.tell(f"withdrawn {folder}: {reason}", log_format)
        return Exit.DONE
    wish = Wish(version, replace, allow_dirty, strict, frozenset(skipped))
    cache = None if no_cache else Cache(cache_folder or default_folder())
    with console.Progress(log_format) as progress:
        made = make_releases(plan_of, named, lambda plan: make_report(plan, jobs, progress, cache), wish, cache, wait=not no_wait)
    return tell_releases(made, fail_if_empty=fail_if_empty, verbose=verbose, log_format=log_format)


def tell_releases(made: Sequence[Release], *, fail_if_empty: bool, verbose: bool, log_format: str) -> Exit:
    """Prints the messages and folders of releases; the exit code."""
    for result in made:
        console.show(result.diagnostics, log_format, verbose=verbose)
        if result.folder is not None:
            console.tell(f"{_STATES[result.state]} {result.folder}", log_format)
        console.tell(summary(result.report), log_format, left_out=[article.name for article in result.report.left_out])
    if any(result.report.left_out for result in made):
        return Exit.LEFT_OUT
    return Exit.NOTHING_NEW if fail_if_empty and all(result.state == "empty" for result in made) else Exit.DONE
