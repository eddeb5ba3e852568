"""`publisher build`: the outputs of a manifest, a folder or files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.cli import console, options
from publisher.cli.ledger_table import show_ledger
from publisher.cli.standard_streams import output_name, read_input, with_input
from publisher.model.diagnostics import Exit
from publisher.model.events import Listener, Planned, ignore, working

if TYPE_CHECKING:
    from publisher.build.build import Report
    from publisher.build.planned import Plan
    from publisher.store.cache import Cache

_POOL_ARTICLES, _POOL_READING = 8, 200  # articles for which a pool of processes pays: to typeset, to read alone


@options.command("publisher build\npublisher build week.toml -o week.pdf -t report", short_help="Write the outputs.")
@options.inputs
@options.input_format
@options.allow
@click.option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path), help="File to write: .pdf or .epub; -: stdout."
)
@click.option("--to", "form_out", type=click.Choice(["pdf", "epub"]), help="Format of the output on stdout (-o -).")
@options.theme
@options.paper
@click.option("-j", "--jobs", type=click.IntRange(1), default=None, help="Processes to typeset with (default: the cores).")
@options.strict
@options.keep_going
@options.fail_if_empty
@options.profile
@options.date
@options.since
@click.option("--executor", metavar="URL", help="Typeset on a Dask cluster: dask://HOST:PORT.")
@click.option("--cache", "cache_folder", type=click.Path(path_type=Path), help="Folder for the cache (default: the user's).")
@click.option("--no-cache", is_flag=True, help="Use no cache: make everything again, keep nothing.")
@click.option("--dry-run", is_flag=True, help="Do everything except write.")
@options.timings
@options.verbose
@options.log_format
def build(
    inputs: tuple[Path, ...],
    form_in: str | None,
    allow: tuple[Path, ...],
    outputs: tuple[Path, ...],
    form_out: str | None,
    theme: str | None,
    paper: str | None,
    jobs: int | None,
    strict: bool,
    keep_going: bool,
    fail_if_empty: bool,
    profile: str | None,
    date: str | None,
    since: str | None,
    executor: str | None,
    cache_folder: Path | None,
    no_cache: bool,
    dry_run: bool,
    verbose: bool,
    log_format: str,
) -> int:
    """Write the outputs of a manifest, a folder or files; without an argument, of the current folder.

    - is a manuscript on standard input; what it names is looked for in the current folder.
    """
    from publisher.build.plan import plan
    from publisher.store.cache import Cache, default_folder

    stdout = output_name(outputs, form_out)
    inputs, stdin = read_input(inputs, form_in)
    with console.progress(log_format) as listener:
        cache = None if no_cache else Cache(cache_folder or default_folder())
        files = [stdout] if stdout else outputs
        planned = with_input(plan(inputs, files, theme, profile, keep_going, allow, paper, date, since), stdin)
        report = make_report(planned, jobs, _naming_stdout(listener) if stdout else listener, cache, executor)
    console.refuse_warnings(report.diagnostics, strict)
    write_and_tell(report, stdout, dry_run=dry_run, verbose=verbose, log_format=log_format)
    return exit_code(report, fail_if_empty)


def write_and_tell(report: Report, stdout: Path | None = None, *, dry_run: bool, verbose: bool, log_format: str) -> None:
    """Writes the outputs of a build, or that of the name `stdout` to standard output, and prints what became of it."""
    from publisher.build.build import write_outputs
    from publisher.build.interrupts import held

    with held() as check:
        with working(console.log().timed, "writing files"):
            if not dry_run and stdout:
                console.print_bytes(report.outputs[stdout].data if report.outputs else b"")
            elif not dry_run:
                write_outputs(report, check)
        _tell(report, stdout, dry_run=dry_run, verbose=verbose, log_format=log_format)


def _naming_stdout(listener: Listener) -> Listener:
    """A listener to which the only output is `-`."""
    return lambda event: listener(replace(event, outputs=("-",)) if isinstance(event, Planned) else event)


def _tell(report: Report, stdout: Path | None, *, dry_run: bool, verbose: bool, log_format: str) -> None:
    """Prints the messages of a build, the files it wrote and the summary: on stderr if stdout has an output."""
    tell = console.tell_aside if stdout else console.tell
    console.show(report.diagnostics, log_format, verbose=verbose)
    if log_format == "json":
        show_ledger(report.accounts, log_format, verbose=verbose)
    for event in report.finished:
        path = "-" if stdout else event.path
        console.log().event(replace(event, path=path, written=not dry_run))
        pages = f", {console.plural(event.pages, 'page')}" if event.pages else ""
        tell(f"{'would write' if dry_run else 'wrote'} {path} ({console.size(event.bytes)}{pages})", log_format)
    numbers = {"articles": report.articles, "pages": report.pages, "words": report.words, "sources": report.sources}
    tell(summary(report), log_format, **numbers, left_out=[article.name for article in report.left_out])


def exit_code(report: Report, fail_if_empty: bool) -> Exit:
    """The exit code of a build that was not refused."""
    if report.left_out:
        return Exit.LEFT_OUT
    return Exit.NOTHING_NEW if fail_if_empty and not report.articles else Exit.DONE


def make_report(
    plan: Plan,
    jobs: int | None,
    listener: Listener = ignore,
    cache: Cache | None = None,
    executor: str | None = None,
) -> Report:
    """Makes every output with as many processes as are worth it."""
    from publisher.build.build import make

    most = jobs or _cores()
    return make(plan, jobs or _worthwhile_jobs(plan, most), listener, cache, executor, forks=most > 1 and executor is None)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _worthwhile_jobs(plan: Plan, cores: int) -> int:
    """A pool costs about as much as typesetting five articles, or reading a hundred."""
    return cores if plan.article_count >= (_POOL_ARTICLES if plan.paged else _POOL_READING) else 1


def summary(report: Report) -> str:
    """One line: articles, pages, words, sources, what was left out, and the warnings by code."""
    if not report.articles:
        return f"nothing new to publish: nothing is written{console.counts(report.diagnostics)}"
    numbers = [(report.articles, "article"), (report.pages, "page"), (report.words, "word"), (report.sources, "source")]
    line = ", ".join(console.plural(count, noun) for count, noun in numbers if count or noun == "article")
    if report.left_out:
        line += f"; {console.plural(len(report.left_out), 'article')} left out"
    return line + console.counts(report.diagnostics)
