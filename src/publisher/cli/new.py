"""`publisher new`: a starter edition that builds at once."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli import console, options


@options.command("publisher new week-12\npublisher new briefs/energy", short_help="Make a starter edition.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@options.quiet
@options.log_format
def new(folder: Path, log_format: str) -> None:
    """Make a starter edition that builds at once."""
    from publisher.build.starter import write_starter

    for path in write_starter(folder):
        console.tell(f"wrote {path}", log_format, path=str(path))
    console.tell(f"next: publisher build {folder}", log_format)
