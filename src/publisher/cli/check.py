"""`publisher check`: every message of a build, or what is wrong with finished files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console, options
from publisher.cli.build import exit_code, make_report, summary
from publisher.cli.ledger_table import show_ledger
from publisher.cli.standard_streams import read_input, with_input
from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.model.events import ArticleRead, Event, both

if TYPE_CHECKING:
    from publisher.build.build import Report
    from publisher.build.planned import Plan
    from publisher.checks.reports.findings import CheckedFile, Findings

_FORMATS = ("text", "json", "sarif", "junit", "github")


@options.command(
    "publisher check\npublisher check dist/brief.pdf dist/collection.epub --strict\npublisher check --format sarif > check.sarif",
    short_help="Check an edition, or finished files.",
)
@options.inputs
@options.input_format
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
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="Format of the report on stdout."
)
@options.verbose
@options.log_format
def check(
    inputs: tuple[Path, ...],
    form_in: str | None,
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
    form: str,
    verbose: bool,
    log_format: str,
) -> int:
    """Report every message of a build, and write nothing. Given a .pdf or .epub file, check that file.

    Under --strict a checker that is not installed is an error (exit code 4).
    """
    from publisher.build.plan import plan
    from publisher.writers.formats import checker_for

    files = [path for path in inputs if checker_for(path)]
    if ledger and (files or form != "text"):
        raise click.UsageError("--ledger is a table about manuscripts: name no finished file, and leave out --format")
    if required and not files:
        raise click.UsageError("--with is for finished files: name a .pdf or .epub")
    if files:
        findings, results = _check_files(files, required, strict)
        return _end(findings, form, results, verbose, log_format)
    inputs, stdin = read_input(inputs, form_in)

    def make_plan() -> Plan:
        return with_input(plan(inputs, (), theme, profile, keep_going, allow, paper, date, since), stdin)

    findings, report = _check_edition(make_plan, str(next(iter(inputs), ".")), strict, fail_if_empty, log_format)
    if report is None or form != "text":
        results = [_result(report)] if report else []
        return _end(findings, form, results, verbose, log_format)
    console.show(report.diagnostics, log_format, verbose=verbose)
    if ledger:
        show_ledger(report.accounts, log_format, verbose=verbose)
    console.tell(_result(report), log_format)
    return findings.exit_code


def _result(report: Report) -> str:
    """A line: whether the edition has problems, and what it holds."""
    return f"{'it would build' if _problems(report.diagnostics) else 'no problems found'}: {summary(report)}"


def _check_edition(
    make_plan: Callable[[], Plan], name: str, strict: bool, fail_if_empty: bool, log_format: str
) -> tuple[Findings, Report | None]:
    """What a build of the edition would report; without a report where it would fail. `name` is its own without a plan."""
    from publisher.checks.reports.findings import Findings

    read: list[Event] = []
    planned = None
    try:
        with console.progress(log_format) as listener:
            planned = make_plan()
            name = planned.label
            report = make_report(planned, None, both(listener, read.append))
        console.refuse_warnings(report.diagnostics, strict)
        for event in report.finished:
            console.log().event(event)
    except PublisherError as problem:
        return Findings(name, _files(planned, read), problem.diagnostics, problem.exit_code, strict), None
    return Findings(name, _files(planned, read), report.diagnostics, exit_code(report, fail_if_empty), strict), report


def _files(plan: Plan | None, events: Sequence[Event]) -> tuple[CheckedFile, ...]:
    """The manifest and the manuscripts of a plan, with what is known of reading them."""
    from publisher.checks.reports.findings import CheckedFile

    if plan is None:
        return ()
    read = {event.path: event for event in events if isinstance(event, ArticleRead) and event.format}
    paths = [article.shown_path for section in plan.sections for article in section.articles]
    manifest = [CheckedFile(plan.label, True)] if plan.manifest else []
    articles = [CheckedFile(path, path in read, read[path].ms if path in read else 0) for path in dict.fromkeys(paths)]
    return (*manifest, *articles)


def _problems(diagnostics: Sequence[Diagnostic]) -> int:
    """How many of the messages are more than notes."""
    return sum(diagnostic.severity is not Severity.NOTE for diagnostic in diagnostics)


def _check_files(files: list[Path], required: tuple[str, ...], strict: bool) -> tuple[Findings, list[str]]:
    """What is wrong with finished files, and a line about each."""
    from publisher.checks.reports.findings import CheckedFile, Findings
    from publisher.checks.validate import CHECKERS, validate
    from publisher.model import disk
    from publisher.store.scratch import sweep

    disk.mend(files)
    sweep()
    checked, results, found = list[CheckedFile](), list[str](), list[Diagnostic]()
    codes = {Exit.DONE}
    for path in files:
        try:
            verdict = validate(path, tuple(CHECKERS) if strict else required)
        except PublisherError as problem:
            checked.append(CheckedFile(str(path), False))
            found += problem.diagnostics
            codes.add(problem.exit_code)
            continue
        problems = _problems(verdict.diagnostics)
        result = console.plural(problems, "problem") if problems else "no problems found"
        results.append(f"{path}: {result}; checked by {', '.join(verdict.checkers)}")
        checked.append(CheckedFile(str(path), True))
        found += verdict.diagnostics
    severities = {diagnostic.severity for diagnostic in found}
    failing = {Severity.ERROR: Exit.INPUT, **({Severity.WARNING: Exit.STRICT} if strict else {})}
    codes |= {code for severity, code in failing.items() if severity in severities}
    name = "finished files" if len(files) > 1 else str(files[0])
    code = next(code for code in console.PRECEDENCE if code in codes)
    return Findings(name, tuple(checked), tuple(dict.fromkeys(found)), code, strict), results


def _end(findings: Findings, form: str, results: Sequence[str], verbose: bool, log_format: str) -> Exit:
    """Writes the findings as text or, on stdout, in another format; the exit code. Raises PublisherError for text."""
    failed = findings.exit_code not in (Exit.DONE, Exit.LEFT_OUT, Exit.NOTHING_NEW)
    if form == "text":
        if failed:
            raise PublisherError(*findings.diagnostics, exit_code=findings.exit_code)
        console.show(findings.diagnostics, log_format, verbose=verbose)
        for line in results:
            console.tell(line, log_format)
        return findings.exit_code
    from publisher.checks.reports import REPORTS

    if log_format == "json":
        console.show(findings.diagnostics, log_format)
    if form == "github" and not verbose:
        findings = replace(findings, diagnostics=tuple(console.grouped(findings.diagnostics)))
    console.print_text(REPORTS[form](findings))
    for line in results:
        console.tell_aside(line, log_format)
    return findings.exit_code
