"""`publisher fetch`: pages, feeds and sources become manuscripts on disk; the only command that uses the network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from publisher.cli import console, options
from publisher.model.codes import Code

if TYPE_CHECKING:
    from publisher.fetching.names import Name

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
    "publisher fetch https://example.org/story --into manuscripts\npublisher fetch --check week.toml",
    short_help="Capture pages, feeds and sources.",
    cls=_RenamedOptions,
)
@click.argument("addresses", nargs=-1, metavar="[URL|FILE]...")
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
    verbose: bool,
    log_format: str,
) -> None:
    """Capture pages, feeds and sources into a folder of manuscripts. No other command uses the network."""
    from publisher.fetching import run
    from publisher.fetching.net import Bounds
    from publisher.input.captures import CAPTURED_SOURCES

    bounds = Bounds(seconds=timeout, megabytes=max_size, allow_private=allow_private)
    workers: dict[str, Any] = {"max_requests": concurrency, "per_host": per_host}
    if chosen is not None and (sources_of is not None or links_of is not None):
        raise click.UsageError("--as names the file of one address; it has no use with --sources or --check")
    if links_of is not None:
        diagnostics = run.check(_cited(links_of), bounds, **workers)
        console.show(diagnostics, log_format, verbose=verbose)
        dead = sum(diagnostic.code is Code.LINK_DEAD for diagnostic in diagnostics)
        console.tell(console.plural(dead, "dead link"), log_format)
        return
    urls = [*run.addresses(addresses), *(_cited(sources_of) if sources_of is not None else [])]
    folder = into or (sources_of.parent / CAPTURED_SOURCES if sources_of is not None else None)
    if not urls or folder is None:
        raise click.UsageError("name an address or a file of addresses, and a folder with --into DIR")
    name = _chosen_name(chosen, urls, folder) if chosen is not None else None
    captures = run.fetch(urls, folder, bounds, obey_robots=not ignore_robots, name=name, **workers)
    for capture in captures:
        if capture.file:
            unchanged = any(diagnostic.code is Code.FETCH_UNCHANGED for diagnostic in capture.diagnostics)
            verb = "kept" if unchanged else "saved"
            console.tell(f"{verb} {folder / capture.file} from {capture.url}", log_format)
    console.show([diagnostic for capture in captures for diagnostic in capture.diagnostics], log_format, verbose=verbose)


def _chosen_name(text: str, urls: Sequence[str], folder: Path) -> Name:
    """The name that the user chose for the file of one address. Raises UsageError if the file cannot have it."""
    from publisher.fetching import names, run

    if len(urls) != 1:
        raise click.UsageError(f"--as names the file of one address, and there are {len(urls)}")
    try:
        name = names.name_of(text)
    except ValueError as problem:
        raise click.UsageError(f"--as {text!r}: {problem}") from None
    if file := names.conflict(urls[0], name, run.captures_of(folder), folder):
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
