"""`publisher verify`: whether a release, or a file of it, is what was released, and whether its inputs give it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console, options
from publisher.cli.build import make_report
from publisher.model.diagnostics import Exit, errors

if TYPE_CHECKING:
    from publisher.release.lone_files import Verified


@options.command(
    "publisher verify dist/latest\npublisher verify dist/latest --rebuild\npublisher verify brief.pdf",
    short_help="Verify a release, or a file of it.",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR|FILE...")
@click.option(
    "--signers", type=click.Path(path_type=Path), metavar="FILE", help="Require a signature by one of these signers (ssh-keygen)."
)
@click.option("--rebuild", is_flag=True, help="Also make the edition again from its inputs, and compare.")
@click.option(
    "--manifest", type=click.Path(path_type=Path), metavar="PATH", help="Manifest for --rebuild (default: where it was)."
)
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Processes to typeset with (default: the cores).")
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder for the cache (default: the user's).")
@click.option("--no-cache", is_flag=True, help="Use no cache: make everything again, keep nothing.")
@options.verbose
@options.log_format
def verify(
    paths: tuple[Path, ...],
    signers: Path | None,
    rebuild: bool,
    manifest: Path | None,
    jobs: int | None,
    cache_folder: Path | None,
    no_cache: bool,
    verbose: bool,
    log_format: str,
) -> int:
    """Compare a release folder with its list of hashes, its signature and its record, or a PDF or EPUB with itself.

    Any difference ends with exit code 5; every one of them is named. With --rebuild the edition is made again.
    """
    from publisher.release.verify import Request, exit_code, verify_each
    from publisher.store.cache import Cache, default_folder

    if manifest is not None and not rebuild:
        raise click.UsageError("--manifest is for --rebuild")
    cache = None if no_cache else Cache(cache_folder or default_folder())
    with console.progress(log_format) as listener:
        request = Request(signers, rebuild, manifest, lambda plan: make_report(plan, jobs, listener, cache), cache)
        results = verify_each(paths, request)
    for result in results:
        _tell(result, verbose, log_format)
    return exit_code(results)


def _tell(result: Verified, verbose: bool, log_format: str) -> None:
    """Prints the messages of a verified folder or file, and what was verified."""
    console.show(result.diagnostics, log_format, verbose=verbose)
    is_read = result.failure in (Exit.DONE, Exit.DIFFERENT)
    different = len(errors(result.diagnostics)) if is_read else 0
    done = f"verified: {'; '.join(result.done)}" if result.done else "it could not be verified"
    state = console.plural(different, "difference") if different else done
    console.tell(f"{result.path}: {state}", log_format, differences=different, verified=list(result.done))
