"""The only place that prints or exits: messages, results, progress, and what each exit code means."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import click

from publisher.cli.log import Log
from publisher.cli.progress import Progress
from publisher.cli.terminal import echo, open_pipe, printable
from publisher.model.codes import Code, Severity
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.model.events import ignore
from publisher.model.faults import fault_of

EXIT_CODES = {
    Exit.DONE: "done",
    Exit.INPUT: "the input has errors",
    Exit.USAGE: "wrong usage of the command line",
    Exit.STRICT: "warnings, under --strict",
    Exit.MISSING_COMPONENT: "a program or package that is needed is not installed",
    Exit.DIFFERENT: "verify, or diff --exit-code, found a difference",
    Exit.LEFT_OUT: "written, with articles left out (--keep-going)",
    Exit.NOTHING_NEW: "nothing new to publish (--fail-if-empty)",
    Exit.LOCKED: "another run holds the lock (--no-wait)",
    Exit.BUG: "an error in publisher itself",
    Exit.INTERRUPTED: "interrupted (Ctrl-C, SIGTERM)",
}
# The first that applies is the exit code. USAGE and LOCKED end a command before it works; DIFFERENT is of `verify` and `diff`.
PRECEDENCE = tuple(map(Exit, (130, 70, 4, 1, 3, 6, 7, 0)))
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
_PLACES = 3  # that a message with a count names
_ALONE = frozenset({Code.FEED_NOT_CAPTURED, *(code for code in Code if code.startswith("fetch-"))})  # each is about an address
_log = Log(sys.argv[1:])


def log() -> Log:
    """The log of the command that runs."""
    return _log


def show(diagnostics: Iterable[Diagnostic], log_format: str, *, verbose: bool = False, refused: bool = False) -> None:
    """Prints messages on stderr, as text or as JSON lines; as text, those of one code and file as one unless `verbose`.

    A quiet command prints errors alone, and the warnings too if they are `refused`.
    """
    wanted = [diagnostic for diagnostic in diagnostics if log().shows(diagnostic, refused)]
    if log_format == "json":
        for diagnostic in wanted:
            log().message(diagnostic, trace=_traces_are_wanted())
        return
    for diagnostic in wanted if verbose else grouped(wanted):
        first, _, hint = str(_printable_diagnostic(diagnostic)).partition("\n")
        word = f"{diagnostic.severity}:"
        echo(first.replace(word, click.style(word, fg=_COLORS[diagnostic.severity], bold=True), 1), err=True)
        if hint:
            echo(click.style(hint, dim=True), err=True)
        if diagnostic.trace and _traces_are_wanted():
            echo("\n".join(map(printable, diagnostic.trace.splitlines())), err=True)


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
    """Prints a result: a line on stdout, or as JSON on stderr with `values` beside the line; nothing where it is quiet."""
    if log_format == "json":
        log().result(line, values)
    elif not log().quiet:
        echo(printable(line))


def tell_aside(line: str, log_format: str, **values: Any) -> None:
    """The same where stdout is for a document: as text, too, the line is on stderr."""
    if log_format == "json":
        log().result(line, values)
    elif not log().quiet:
        echo(printable(line), err=True)


class Once:
    """Prints a line on stderr the first time that it is called: why nothing happens."""

    def __init__(self, line: str, log_format: str) -> None:
        self._line, self._log_format, self._is_printed = line, log_format, False

    def __call__(self) -> None:
        if not self._is_printed:
            self._is_printed = True
            tell_aside(self._line, self._log_format)


def tell_styled(pieces: Sequence[tuple[str, str]]) -> None:
    """Prints a line of a table on stdout, of pieces with their colors (`dim`, `bold`, a color, or none)."""
    if not log().quiet:
        echo("".join(_styled(printable(text), style) for text, style in pieces).rstrip())


def _styled(text: str, style: str) -> str:
    if style in ("dim", "bold"):
        return click.style(text, **{style: True})
    return click.style(text, fg=style) if style else text


def print_text(text: str) -> None:
    """Prints a document on stdout as UTF-8, whatever the locale."""
    print_bytes(text.encode())


def print_bytes(data: bytes) -> None:
    """Writes a document to stdout."""
    with open_pipe(sys.stdout):
        sys.stdout.buffer.write(data)
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


def progress(log_format: str) -> Progress:
    """Follows a command: `with progress(log_format) as report`; `report` is the Listener of its events."""
    return Progress(log().event if log_format == "json" else ignore if log().quiet else None, also=log().timed)


class Commands(click.Group):
    """Commands that Ctrl-C and SIGTERM end without the empty line that click would print."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _Interrupted from None


class _Interrupted(BaseException):
    """Ctrl-C or SIGTERM ended a command."""


def run(command: click.Command, arguments: list[str] | None, start: float | None = None) -> int:
    """Runs a command line; the exit code. Only an error in publisher itself prints a traceback, and then on request.

    `start` is when it began, a time of `monotonic`; None: now.
    """
    global _log
    _log = Log(sys.argv[1:] if arguments is None else arguments, start)
    code = _run(command, arguments)
    log().end(code, EXIT_CODES[Exit(code)])
    return code


def _run(command: click.Command, arguments: list[str] | None) -> int:
    try:
        code = command.main(arguments, prog_name="publisher", standalone_mode=False)
        _show_timeline()
        return code if isinstance(code, int) else Exit.DONE
    except PublisherError as problem:
        log_format, refused = "json" if log().is_json else "text", problem.exit_code is Exit.STRICT
        show(problem.diagnostics, log_format, verbose=log().verbose, refused=refused)
        return problem.exit_code
    except click.ClickException as problem:
        _show_usage(problem)
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort, _Interrupted):
        _show_interrupted()
        return Exit.INTERRUPTED
    except Exception as bug:
        return _report_bug(bug)


def _show_timeline() -> None:
    """Writes the timeline of the command, if there is to be one, and prints its chart on stderr: stdout may have a document."""
    timeline, path, seconds = log().timeline, log().timings, log().seconds
    if timeline is None or path is None:
        return
    from publisher.cli.timeline import WIDEST, as_json, chart
    from publisher.model import disk

    lanes = timeline.lanes()
    disk.write({path: as_json(lanes, seconds).encode()})
    log_format = "json" if log().is_json else "text"
    if not log().is_json:
        for line in chart(lanes, seconds, shutil.get_terminal_size((WIDEST, 0)).columns):
            tell_aside(line, log_format)
    tell_aside(f"timeline of {seconds:.1f} s in {path}", log_format, timings=str(path))


def end_interrupted() -> int:
    """The exit code where the interrupt is before the command began, or when it was done, which is too late."""
    if log().exit_code is None:
        _show_interrupted()
        log().end(Exit.INTERRUPTED, EXIT_CODES[Exit.INTERRUPTED])
    return log().exit_code or Exit.DONE


def _show_interrupted() -> None:
    message = "interrupted; nothing was written"
    if log().is_json:
        log().message(Diagnostic(Code.INTERRUPTED, message))
    else:
        echo(f"\n{message}" if sys.stderr.isatty() else message, err=True)  # the terminal has shown ^C


def _show_usage(problem: click.ClickException) -> None:
    """Prints what is wrong with the command line."""
    if not log().is_json:
        problem.show()
        return
    context = problem.ctx if isinstance(problem, click.UsageError) else None
    log().start(context.info_name if context and context.parent and context.info_name else "")
    hint = f"try '{context.command_path} --help'" if context else ""
    log().message(Diagnostic(Code.USAGE, problem.format_message(), hint=hint))


def _report_bug(bug: Exception) -> int:
    fault = fault_of(bug)
    hint = "please report it with the manuscript; PUBLISHER_TRACEBACK=1 shows where it happened"
    diagnostic = Diagnostic(Code.BUG, f"an error in publisher itself: {fault.words}", hint=hint, trace=fault.trace)
    if log().is_json:
        log().message(diagnostic, trace=_traces_are_wanted())
    else:
        echo(printable(f"publisher: error: {diagnostic.message} [{diagnostic.name}]"), err=True)
        echo(f"  hint: {hint}", err=True)
        if _traces_are_wanted():
            echo(fault.trace, err=True)
    return Exit.BUG


def _traces_are_wanted() -> bool:
    return bool(os.environ.get("PUBLISHER_TRACEBACK"))
