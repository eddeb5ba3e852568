"""`publisher sources`: every source of an edition, for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli import console, options
from publisher.cli.standard_streams import read_input, with_input

_FORMS = ("csl-json", "bibtex", "ris", "csv")


@options.command(
    "publisher sources week.toml --to csl-json > sources.json\npublisher sources week.toml --to bibtex",
    short_help="Print every source of an edition.",
)
@options.inputs
@click.option("--to", "form", type=click.Choice(_FORMS), default="csl-json", show_default=True, help="Form of the output.")
@options.input_format
@options.profile
@options.date
@options.since
@options.verbose
@options.log_format
def sources(
    inputs: tuple[Path, ...],
    form: str,
    form_in: str | None,
    profile: str | None,
    date: str | None,
    since: str | None,
    verbose: bool,
    log_format: str,
) -> None:
    """Print every source of an edition once, in the order of its list of sources."""
    from publisher.build.build import assemble
    from publisher.build.plan import plan
    from publisher.text.source_exports import export

    inputs, stdin = read_input(inputs, form_in)
    with console.progress(log_format) as listener:
        planned = with_input(plan(inputs, [], profile=profile, date=date, since=since), stdin)
        edition, diagnostics = assemble(planned, report=listener)
    listed = sorted(edition.sources, key=lambda cited: cited.source.sort_key) if edition.listing == "name" else edition.sources
    console.print_text(export([cited.source for cited in listed], form))
    console.show(diagnostics, log_format, verbose=verbose)
