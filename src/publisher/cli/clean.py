"""`publisher clean`: the cache emptied."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli import console, options


@options.command("publisher clean\npublisher clean --cache build-cache", short_help="Empty the cache.")
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder of the cache (default: the user's).")
@options.quiet
@options.log_format
def clean(cache_folder: Path | None, log_format: str) -> None:
    """Empty the cache. Other files in its folder stay."""
    from publisher.store.cache import Cache, default_folder

    folder = cache_folder or default_folder()
    count, total = Cache(folder).clear()
    console.tell(f"removed {count} entries ({console.size(total) if total else '0 kB'}) from {folder}", log_format)
