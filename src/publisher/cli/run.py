"""`publisher run`: fetch, build, check, release: the command of every morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from publisher.cli import console, options
from publisher.cli.build import exit_code, make_report, write_and_tell
from publisher.cli.fetch import fetch_manifest_feeds
from publisher.cli.release import ReleaseOrder, make_and_tell, release_options
from publisher.model.diagnostics import Exit
from publisher.model.events import working

if TYPE_CHECKING:
    from publisher.build.planned import Plan

_STEPS = ("fetch", "build", "check", "release")


@options.command(
    "publisher run morning --date today\npublisher run morning --skip fetch --skip release",
    short_help="Fetch, build, check and release.",
)
@release_options
@click.option("--skip", "skipped_steps", multiple=True, type=click.Choice(_STEPS), help="Leave out this step.")
@click.option("--allow-private", is_flag=True, help="Also fetch from private networks.")
def run(skipped_steps: tuple[str, ...], allow_private: bool, **values: Any) -> int:
    """Capture the feeds of a manifest, build its outputs, have every checker look at them, and make a release of them.

    Without the step `release`, the outputs are written as `publisher build` does it; without `build`, there is nothing to
    check or to release. Nothing new to publish is no error.
    """
    order = ReleaseOrder(**values)
    if "fetch" not in skipped_steps:
        for profile in order.named_profiles:
            _fetch(order, profile, allow_private)
    if "build" in skipped_steps:
        return Exit.DONE
    if "release" not in skipped_steps:
        return make_and_tell(order, checks="check" not in skipped_steps)
    codes = [_build(order.plan_of(profile), order, checks="check" not in skipped_steps) for profile in order.named_profiles]
    return next((code for code in (Exit.LEFT_OUT, Exit.DONE) if code in codes), Exit.NOTHING_NEW)


def _fetch(order: ReleaseOrder, profile: str | None, allow_private: bool) -> None:
    """Captures the feeds of a profile. Raises PublisherError if none could be captured, or if a feed failed under --strict."""
    from publisher.build.found_files import MANIFEST
    from publisher.build.listed_feeds import feeds_of
    from publisher.fetching.capture import FetchSettings
    from publisher.fetching.net import Bounds

    manifest = order.manifest / MANIFEST if order.manifest.is_dir() else order.manifest
    feeds = feeds_of(manifest, profile, order.date)
    if not feeds:
        return
    waiting = console.Once("waiting for another run that captures into this folder", order.log_format)
    settings = FetchSettings(wait=not order.no_wait, check=waiting)
    found = fetch_manifest_feeds(feeds, manifest, None, Bounds(allow_private=allow_private), settings, order.log_format)
    console.refuse_warnings(found, order.strict)
    console.show(found, order.log_format, verbose=order.verbose)


def _build(plan: Plan, order: ReleaseOrder, *, checks: bool) -> Exit:
    """Writes the outputs of a plan where the manifest wants them, if the checks find no error."""
    from publisher.release.checking import checked_outputs

    with console.progress(order.log_format) as listener:
        report = make_report(plan, order.jobs, listener, order.cache)
    console.refuse_warnings(report.diagnostics, order.strict)
    if checks:
        outputs = {str(path): output.data for path, output in report.outputs.items()}
        with working(console.log().timed, "checking", plan.label):
            found = checked_outputs(outputs, frozenset(order.skipped))
        console.refuse_warnings(found, order.strict)
        console.show(found, order.log_format, verbose=order.verbose)
    write_and_tell(report, dry_run=False, verbose=order.verbose, log_format=order.log_format)
    return exit_code(report, order.fail_if_empty)
