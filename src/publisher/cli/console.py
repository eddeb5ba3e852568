"""The only place that prints or exits: messages, results, progress, and what each exit code means."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import click

from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.model.faults import fault_of

EXIT_CODES = {
    Exit.DONE: "done",
    Exit.INPUT: "the input has errors",
    Exit.USAGE: "wrong usage of the command line",
    Exit.STRICT: "warnings, under --strict",
    Exit.MISSING_COMPONENT: "a program or package that is needed is not installed",
    Exit.DIFFERENT: "verify found a difference",
    Exit.LEFT_OUT: "written, with articles left out (--keep-going)",
    Exit.NOTHING_NEW: "nothing new to publish (--fail-if-empty)",
    Exit.LOCKED: "another run holds the lock (--no-wait)",
    Exit.BUG: "an error in publisher itself",
    Exit.INTERRUPTED: "interrupted (Ctrl-C, SIGTERM)",
}
VARIABLES = {
    "SOURCE_DATE_EPOCH": "the time that is written into the files, in seconds since 1970",
    "XDG_CACHE_HOME": "where the cache folder is (default: ~/.cache)",
    "NETRC": "file with user names and passwords for `fetch` (default: ~/.netrc)",
    "PUBLISHER_FETCH_HEADERS": "file with tokens for `fetch`, a line each: HOST HEADER: VALUE",
    "HTTPS_PROXY": "the proxy for https that `fetch` uses (also HTTP_PROXY and ALL_PROXY)",
    "NO_PROXY": "hosts that `fetch` asks without a proxy",
    "PUBLISHER_TASK_SECONDS": "most CPU seconds to typeset one part (default: typeset_seconds under [limits])",
    "PUBLISHER_TRACEBACK": "set to 1 to see where an error in publisher itself happened",
    "PUPPETEER_EXECUTABLE_PATH": "the Chromium that Ace uses",
}
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # to a terminal, which a file's name or an address may hold
_PLACES = 3  # that a message with a count names
_ALONE = frozenset({Code.FEED_NOT_CAPTURED, *(code for code in Code if code.startswith("fetch-"))})  # each is about an address


def show(diagnostics: Iterable[Diagnostic], log_format: str, *, verbose: bool = False) -> None:
    """Prints messages on stderr, as text or as JSON lines; as text, those of one code and file as one unless `verbose`."""
    if log_format == "json":
        for diagnostic in diagnostics:
            trace = {"trace": diagnostic.trace} if diagnostic.trace and _traces_are_wanted() else {}
            click.echo(json.dumps(diagnostic.as_dict() | trace, ensure_ascii=False), err=True)
        return
    for diagnostic in diagnostics if verbose else grouped(diagnostics):
        first, _, hint = str(_printable_diagnostic(diagnostic)).partition("\n")
        word = f"{diagnostic.severity}:"
        click.echo(first.replace(word, click.style(word, fg=_COLORS[diagnostic.severity], bold=True), 1), err=True)
        if hint:
            click.echo(click.style(hint, dim=True), err=True)
        if diagnostic.trace and _traces_are_wanted():
            click.echo("\n".join(map(printable, diagnostic.trace.splitlines())), err=True)


def printable(text: str) -> str:
    """A text that may quote a manuscript, on one line and without the characters that command a terminal."""
    return _COMMANDS.sub("\ufffd", " ".join(text.splitlines()))


def _printable_diagnostic(diagnostic: Diagnostic) -> Diagnostic:
    place = diagnostic.location and replace(diagnostic.location, file=printable(diagnostic.location.file))
    return replace(diagnostic, message=printable(diagnostic.message), hint=printable(diagnostic.hint), location=place)


def grouped(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Warnings and notes of one code and file (or of none) as one, with their number and three places; errors as they are.

    So are messages about addresses that were fetched: each names its own.
    """
    groups: dict[object, list[Diagnostic]] = {}
    for number, diagnostic in enumerate(diagnostics):
        file = diagnostic.location.file if diagnostic.location else ""
        alone = diagnostic.severity is Severity.ERROR or diagnostic.code in _ALONE
        groups.setdefault(number if alone else (diagnostic.severity, diagnostic.name, file), []).append(diagnostic)
    return [_summary(group) for group in groups.values()]


def _summary(group: Sequence[Diagnostic]) -> Diagnostic:
    """One message for several: the first with the lines of three, or, where no lines are known, the first three messages."""
    first = group[0]
    if len(group) == 1:
        return first
    lines = list(dict.fromkeys(place.line for diagnostic in group if (place := diagnostic.location) and place.line))
    if lines:
        more = ", …" if len(lines) > _PLACES else ""
        places = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines[:_PLACES]))}{more}"
        message = f"{first.message} (and {len(group) - 1} more; {places})"
    else:
        messages = list(dict.fromkeys(diagnostic.message for diagnostic in group))
        message = "; ".join(messages[:_PLACES])
        message += f" (and {len(group) - _PLACES} more)" if len(group) > _PLACES else ""
    hidden = lines or len(group) > _PLACES
    hint = " ".join(filter(None, [first.hint, "(-v lists all)" if hidden else ""]))
    return Diagnostic(first.code, message, first.location, hint, first.rule, first.own_severity)


def tell(line: str, log_format: str, **values: Any) -> None:
    """Prints a result: a line on stdout, or as JSON on stderr with `values` beside the line."""
    if log_format == "json":
        click.echo(json.dumps({"severity": "info", "message": line, **values}, ensure_ascii=False), err=True)
    else:
        click.echo(printable(line))


class Once:
    """Prints a line on stderr the first time that it is called: why nothing happens."""

    def __init__(self, line: str, log_format: str) -> None:
        self._line, self._log_format, self._is_told = line, log_format, False

    def __call__(self) -> None:
        if not self._is_told:
            self._is_told = True
            values = {"severity": "info", "message": self._line}
            click.echo(json.dumps(values) if self._log_format == "json" else printable(self._line), err=True)


def print_text(text: str) -> None:
    """Prints a document on stdout as UTF-8, whatever the locale."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def counts(diagnostics: Sequence[Diagnostic]) -> str:
    """`; 5 warnings (alt-missing 3, link-broken 2)`; empty where there are no warnings."""
    codes = [diagnostic.name for diagnostic in diagnostics if diagnostic.severity is Severity.WARNING]
    if not codes:
        return ""
    by_code = ", ".join(f"{code} {codes.count(code)}" for code in sorted(set(codes), key=lambda code: (-codes.count(code), code)))
    return f"; {plural(len(codes), 'warning')} ({by_code})"


def plural(count: int, noun: str) -> str:
    """`1 page`, `2,031 pages`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def size(count: int) -> str:
    """A number of bytes in kB or MB."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def refuse_warnings(diagnostics: Sequence[Diagnostic], strict: bool) -> None:
    """Raises PublisherError (exit code 3) where warnings are to be treated as errors and there are any."""
    if strict and any(diagnostic.severity is Severity.WARNING for diagnostic in diagnostics):
        raise PublisherError(*diagnostics, exit_code=Exit.STRICT)


class Progress:
    """A bar on a terminal; nothing when piped."""

    def __init__(self, log_format: str) -> None:
        self._shown = sys.stderr.isatty() and log_format == "text"
        self._bar: Any = None

    def __enter__(self) -> Callable[[str, int], None]:
        return self._advance

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            click.echo("\r\x1b[2K\x1b[?25h", err=True, nl=False)  # removes the bar and shows the cursor again

    def _advance(self, step: str, steps: int) -> None:
        if self._shown:
            self._bar = self._bar or click.progressbar(
                length=steps, file=sys.stderr, show_eta=False, item_show_func=lambda item: item and item.rpartition("/")[2]
            )
            self._bar.update(1, printable(step))


def run(command: click.Command, arguments: list[str] | None) -> int:
    """Runs a command line; the exit code. Only an error in publisher itself prints a traceback, and then on request."""
    options = sys.argv[1:] if arguments is None else arguments
    try:
        code = command.main(arguments, prog_name="publisher", standalone_mode=False)
        return code if isinstance(code, int) else Exit.DONE
    except PublisherError as problem:
        show(problem.diagnostics, log_format_of(options), verbose="-v" in options or "--verbose" in options)
        return problem.exit_code
    except click.ClickException as problem:
        problem.show()
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing was written", err=True)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as bug:
        return _report_bug(bug)


def log_format_of(options: Sequence[str]) -> str:
    line = " ".join(options)
    return "json" if "--log-format json" in line or "--log-format=json" in line else "text"


def _report_bug(bug: Exception) -> int:
    fault = fault_of(bug)
    click.echo(printable(f"publisher: error: an error in publisher itself: {fault.words} [bug]"), err=True)
    click.echo("  hint: please report it with the manuscript; PUBLISHER_TRACEBACK=1 shows where it happened", err=True)
    if _traces_are_wanted():
        click.echo(fault.trace, err=True)
    return Exit.BUG


def _traces_are_wanted() -> bool:
    return bool(os.environ.get("PUBLISHER_TRACEBACK"))
