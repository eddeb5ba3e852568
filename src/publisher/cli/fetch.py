"""`publisher fetch`: feeds, pages and sources become manuscripts on disk. Only it and `run` use the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console, options
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError

if TYPE_CHECKING:
    from publisher.build.listed_feeds import FeedPlace
    from publisher.fetching.capture import FetchResult, FetchSettings
    from publisher.fetching.names import Name
    from publisher.fetching.net import Bounds

# Options by their names until version 0.2, which still work.
_RENAMED = {"--at-once": "--concurrency", "--a-host": "--per-host", "--megabytes": "--max-size", "--seconds": "--timeout"}


class _RenamedOptions(click.Command):
    """A command that understands the old names of its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [_current_name(argument) for argument in args])


def _current_name(argument: str) -> str:
    name, separator, value = argument.partition("=")
    return f"{_RENAMED.get(name, name)}{separator}{value}"


@options.command(
    "publisher fetch week.toml\npublisher fetch https://example.org/story --into manuscripts\npublisher fetch --check week.toml",
    short_help="Capture feeds, pages and sources.",
    cls=_RenamedOptions,
)
@click.argument("addresses", nargs=-1, metavar="[MANIFEST|URL|FILE]...")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Folder for the captures.")
@click.option("--as", "chosen", metavar="NAME", help="Name of the captured file, for one address. Default: words of the address.")
@click.option(
    "--sources", "sources_of", metavar="MANIFEST", type=click.Path(path_type=Path), help="Capture what its articles cite."
)
@click.option("--check", "links_of", metavar="MANIFEST", type=click.Path(path_type=Path), help="Report its dead links.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests at the same time.")
@click.option(
    "--per-host", type=click.IntRange(1, 16), default=2, show_default=True, help="Requests at the same time to one host."
)
@click.option("--max-size", type=click.IntRange(1), default=32, show_default=True, help="Largest answer, in megabytes.")
@click.option(
    "--timeout", type=click.FloatRange(1), default=60.0, show_default=True, help="Longest time for one address, in seconds."
)
@click.option("--allow-private", is_flag=True, help="Also fetch from private networks.")
@click.option("--ignore-robots", is_flag=True, help="Do not ask for robots.txt.")
@options.strict
@options.no_wait
@options.profile
@options.date
@options.verbose
@options.log_format
def fetch(
    addresses: tuple[str, ...],
    into: Path | None,
    chosen: str | None,
    sources_of: Path | None,
    links_of: Path | None,
    concurrency: int,
    per_host: int,
    max_size: int,
    timeout: float,
    allow_private: bool,
    ignore_robots: bool,
    strict: bool,
    no_wait: bool,
    profile: str | None,
    date: str | None,
    verbose: bool,
    log_format: str,
) -> None:
    """Capture the feeds of a manifest, or addresses, into a folder. Only this command and `run` use the network.

    The feeds of a manifest go into the folder `feeds` beside it. Under --strict what was captured stays written.
    """
    from publisher.build.listed_feeds import feeds_of
    from publisher.fetching.capture import FetchSettings
    from publisher.fetching.net import Bounds

    bounds = Bounds(seconds=timeout, megabytes=max_size, allow_private=allow_private)
    waiting = console.Once("waiting for another run that captures into this folder", log_format)
    settings = FetchSettings(concurrency, per_host, not ignore_robots, not no_wait, waiting)
    if chosen is not None and (sources_of is not None or links_of is not None):
        raise click.UsageError("--as names the file of one address; it has no use with --sources or --check")
    if links_of is not None:
        diagnostics = _check_links(links_of, bounds, settings, log_format)
    elif manifest := _manifest_among(addresses):
        if len(addresses) > 1 or sources_of is not None or chosen is not None:
            raise click.UsageError("the feeds of a manifest are fetched alone: name one manifest, and no --as or --sources")
        diagnostics = fetch_manifest_feeds(feeds_of(manifest, profile, date), manifest, into, bounds, settings, log_format)
    else:
        diagnostics = _fetch_addresses(addresses, sources_of, into, chosen, bounds, settings, log_format)
    console.refuse_warnings(diagnostics, strict)
    console.show(diagnostics, log_format, verbose=verbose)


def _manifest_among(arguments: Sequence[str]) -> Path | None:
    """The first argument that is a manifest, or a folder with a manifest."""
    from publisher.build.found_files import MANIFEST

    for argument in arguments:
        path = Path(argument)
        if "://" not in argument and path.suffix == ".toml":
            return path
        if "://" not in argument and path.is_dir():
            return path / MANIFEST
    return None


def fetch_manifest_feeds(
    feeds: Sequence[FeedPlace], manifest: Path, into: Path | None, bounds: Bounds, settings: FetchSettings, log_format: str
) -> Sequence[Diagnostic]:
    """Captures the feeds of a manifest; the messages. Raises PublisherError where none could be captured."""
    from publisher.fetching.feeds import Feed, fetch_feeds
    from publisher.fetching.run import as_errors
    from publisher.input.captures import CAPTURED_FEEDS

    folder = into or manifest.parent / CAPTURED_FEEDS
    report = fetch_feeds([Feed(entry.feed.url, entry.place) for entry in feeds], folder, bounds, settings)
    failed, unchanged = len(report.failed), sum(feed.unchanged for feed in report.feeds)
    if report.feeds and failed == len(report.feeds):
        raise PublisherError(*as_errors(report.feeds))
    _tell_files([*report.feeds, *report.pages], folder, log_format)
    counts = [(len(report.feeds) - failed - unchanged, "new"), (unchanged, "unchanged"), (failed, "failed")]
    words = ", ".join(f"{count} {word}" for count, word in counts if count)
    count = console.plural(len(report.feeds), "feed")
    console.tell(f"{count}: {words}" if report.feeds else f"{manifest} lists no feeds: nothing is fetched", log_format)
    return report.diagnostics


def _fetch_addresses(
    arguments: Sequence[str],
    sources_of: Path | None,
    into: Path | None,
    chosen: str | None,
    bounds: Bounds,
    settings: FetchSettings,
    log_format: str,
) -> Sequence[Diagnostic]:
    """Captures addresses, and what the articles of a manifest cite; the messages."""
    from publisher.fetching import run
    from publisher.input.captures import CAPTURED_SOURCES

    named = run.addresses(arguments)
    urls = [*named, *(_cited(sources_of) if sources_of is not None else [])]
    folder = into or (sources_of.parent / CAPTURED_SOURCES if sources_of is not None else None)
    if not urls or folder is None:
        raise click.UsageError("name a manifest with feeds; or an address or a file of addresses, and a folder with --into DIR")
    name = _chosen_name(chosen, urls, folder) if chosen is not None else None
    results = run.fetch(urls, folder, bounds, settings, name=name, trusted=named)
    _tell_files(results, folder, log_format)
    return [diagnostic for result in results for diagnostic in result.diagnostics]


def _tell_files(results: Sequence[FetchResult], folder: Path, log_format: str) -> None:
    for result in results:
        if result.file:
            console.tell(f"{'kept' if result.unchanged else 'saved'} {folder / result.file} from {result.url}", log_format)


def _check_links(manifest: Path, bounds: Bounds, settings: FetchSettings, log_format: str) -> Sequence[Diagnostic]:
    from publisher.fetching import run

    diagnostics = run.check(_cited(manifest), bounds, settings)
    dead = sum(diagnostic.code is Code.LINK_DEAD for diagnostic in diagnostics)
    console.tell(console.plural(dead, "dead link"), log_format)
    return diagnostics


def _chosen_name(text: str, urls: Sequence[str], folder: Path) -> Name:
    """The name that the user chose for the file of one address. Raises UsageError if the file cannot have it."""
    from publisher.fetching import names
    from publisher.fetching.capture import captures_of

    if len(urls) != 1:
        raise click.UsageError(f"--as names the file of one address, and there are {len(urls)}")
    try:
        name = names.name_of(text)
    except ValueError as problem:
        raise click.UsageError(f"--as {text!r}: {problem}") from None
    if file := names.conflict(urls[0], name, captures_of(folder), folder):
        raise click.UsageError(
            f"--as {text!r}: {folder / file} is there already, and is not of this address: choose another name"
        )
    return name


def _cited(manifest: Path) -> list[str]:
    """The addresses of every source that the articles of a manifest cite."""
    from publisher.build.build import assemble
    from publisher.build.plan import plan

    edition, _ = assemble(plan([manifest], []))
    return [cited.source.url for cited in edition.sources if cited.source.url]
