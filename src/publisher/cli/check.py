"""`publisher check`: every message of a build, or what is wrong with finished files."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.cli import console, options
from publisher.cli.build import make_report, summary
from publisher.model.codes import Severity
from publisher.model.diagnostics import PublisherError


@options.command(
    "publisher check\npublisher check dist/brief.pdf dist/collection.epub --strict",
    short_help="Check an edition, or finished files.",
)
@options.inputs
@options.theme
@options.strict
@options.profile
@click.option(
    "--with", "required", multiple=True, type=click.Choice(["epubcheck", "ace"]), help="Fail if this checker is not installed."
)
@options.verbose
@options.log_format
def check(
    inputs: tuple[Path, ...],
    theme: str | None,
    strict: bool,
    profile: str | None,
    required: tuple[str, ...],
    verbose: bool,
    log_format: str,
) -> None:
    """Report every message of a build, and write nothing. Given a .pdf or .epub file, check that file.

    Under --strict a checker that is not installed is an error (exit code 4).
    """
    from publisher.build.plan import plan
    from publisher.writers.formats import checker_for

    files = [path for path in inputs if checker_for(path)]
    if files:
        _check_files(files, required, strict, verbose, log_format)
        return
    with console.Progress(log_format) as progress:
        report = make_report(plan(inputs, (), theme, profile), None, progress)
    console.refuse_warnings(report.diagnostics, strict)
    console.show(report.diagnostics, log_format, verbose=verbose)
    console.tell(f"{'it would build' if report.diagnostics else 'no problems found'}: {summary(report)}", log_format)


def _check_files(files: list[Path], required: tuple[str, ...], strict: bool, verbose: bool, log_format: str) -> None:
    from publisher.checks.validate import CHECKERS, validate

    wanted = tuple(CHECKERS) if strict else required
    verdicts = [(path, validate(path, wanted)) for path in files]
    diagnostics = list(dict.fromkeys(diagnostic for _, verdict in verdicts for diagnostic in verdict.diagnostics))
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        raise PublisherError(*diagnostics)
    console.refuse_warnings(diagnostics, strict)
    console.show(diagnostics, log_format, verbose=verbose)
    for path, verdict in verdicts:
        found = len(verdict.diagnostics)
        result = "no problems found" if not found else console.plural(found, "message")
        console.tell(f"{path}: {result}; checked by {', '.join(verdict.checkers)}", log_format)
