"""`publisher check`: every message of a build, or what is wrong with finished files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from publisher.cli import console, options
from publisher.cli.build import exit_code, make_report, summary
from publisher.cli.ledger_table import show_ledger
from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError


@options.command(
    "publisher check\npublisher check dist/brief.pdf dist/collection.epub --strict",
    short_help="Check an edition, or finished files.",
)
@options.inputs
@options.allow
@options.theme
@options.paper
@options.strict
@options.keep_going
@options.fail_if_empty
@click.option("--ledger", is_flag=True, help="Print what each manuscript holds, what was kept and what was removed.")
@options.profile
@options.date
@options.since
@click.option(
    "--with", "required", multiple=True, type=click.Choice(["epubcheck", "ace"]), help="Fail if this checker is not installed."
)
@options.verbose
@options.log_format
def check(
    inputs: tuple[Path, ...],
    allow: tuple[Path, ...],
    theme: str | None,
    paper: str | None,
    strict: bool,
    keep_going: bool,
    fail_if_empty: bool,
    ledger: bool,
    profile: str | None,
    date: str | None,
    since: str | None,
    required: tuple[str, ...],
    verbose: bool,
    log_format: str,
) -> int:
    """Report every message of a build, and write nothing. Given a .pdf or .epub file, check that file.

    Under --strict a checker that is not installed is an error (exit code 4).
    """
    from publisher.build.plan import plan
    from publisher.writers.formats import checker_for

    files = [path for path in inputs if checker_for(path)]
    if files and ledger:
        raise click.UsageError("--ledger is for manuscripts and editions: name no finished file")
    if files:
        _check_files(files, required, strict, verbose, log_format)
        return Exit.DONE
    if required:
        raise click.UsageError("--with is for finished files: name a .pdf or .epub")
    with console.progress(log_format) as report_event:
        report = make_report(plan(inputs, (), theme, profile, keep_going, allow, paper, date, since), None, report_event)
    console.refuse_warnings(report.diagnostics, strict)
    for event in report.made:
        console.log().event(event)
    console.show(report.diagnostics, log_format, verbose=verbose)
    if ledger:
        show_ledger(report.accounts, log_format, verbose=verbose)
    result = "it would build" if _problems(report.diagnostics) else "no problems found"
    console.tell(f"{result}: {summary(report)}", log_format)
    return exit_code(report, fail_if_empty)


def _problems(diagnostics: Sequence[Diagnostic]) -> int:
    """How many of the messages are more than notes."""
    return sum(diagnostic.severity is not Severity.NOTE for diagnostic in diagnostics)


def _check_files(files: list[Path], required: tuple[str, ...], strict: bool, verbose: bool, log_format: str) -> None:
    from publisher.checks.validate import CHECKERS, validate
    from publisher.model import disk
    from publisher.store.scratch import sweep

    disk.mend(files)
    sweep()
    wanted = tuple(CHECKERS) if strict else required
    verdicts = [(path, validate(path, wanted)) for path in files]
    diagnostics = list(dict.fromkeys(diagnostic for _, verdict in verdicts for diagnostic in verdict.diagnostics))
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        raise PublisherError(*diagnostics)
    console.refuse_warnings(diagnostics, strict)
    console.show(diagnostics, log_format, verbose=verbose)
    for path, verdict in verdicts:
        problems = _problems(verdict.diagnostics)
        result = console.plural(problems, "problem") if problems else "no problems found"
        console.tell(f"{path}: {result}; checked by {', '.join(verdict.checkers)}", log_format)
