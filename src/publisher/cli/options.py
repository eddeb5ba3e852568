"""Options that several commands share, and the layout of their help."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from publisher.cli import console
from publisher.model.papers import PAPERS
from publisher.model.public_addresses import without_secrets

NO_PROFILE = "default"  # the manifest without a profile, where several are named
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

inputs = click.argument("inputs", nargs=-1, type=click.Path(path_type=Path), metavar="[MANIFEST|DIR|FILE]...")
input_format = click.option(
    "-f",
    "--from",
    "form_in",
    metavar="FORMAT",
    help="Format of a manuscript on standard input (-), such as md. Default: by content.",
)
theme = click.option("-t", "--theme", metavar="THEME", help="Theme: a name, or a folder of your own (./mine).")
paper = click.option("-p", "--paper", type=click.Choice(PAPERS), help="Paper of all outputs, in place of the manifest's.")
profile = click.option("--profile", metavar="NAME", help="Override settings with [profile.NAME] of the manifest.")
date = click.option(
    "--date",
    metavar="DAY",
    help="Day of the edition, in place of the manifest's: 2026-03-17, 2026-03-17T05:30, today, yesterday.",
)
since = click.option(
    "--since",
    metavar="DAY",
    help="Only articles of that day or later; last: those that no earlier release contained; all: whatever their day.",
)
strict = click.option("--strict", is_flag=True, help="Treat warnings as errors (exit code 3).")
keep_going = click.option("--keep-going", is_flag=True, help="Leave out articles with errors and publish the rest (exit code 6).")
fail_if_empty = click.option("--fail-if-empty", is_flag=True, help="Exit with code 7 if there is nothing new to publish.")
no_wait = click.option("--no-wait", is_flag=True, help="Exit with code 8 if another run is under way; do not wait for it.")
allow = click.option(
    "--allow",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also read files in this folder that a manuscript names, such as images.",
)
log_format = click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form of the messages."
)


def _remember(ctx: click.Context, option: click.Parameter, value: bool) -> bool:
    """Tells the log whether it is quiet or verbose: an error that ends the command is printed in that way."""
    log = console.log()
    if value:
        setattr(log, str(option.name), True)
    if log.quiet and log.verbose:
        raise click.UsageError("-q and -v exclude each other")
    return value


def _time(ctx: click.Context, option: click.Parameter, value: Path | None) -> None:
    """Has the log follow what every process does. Refuses a file that cannot be written in the end, when outputs are."""
    if value is None:
        return
    if not value.parent.is_dir() or not os.access(value.parent, os.W_OK):
        raise click.BadParameter(f"the folder of {value} is not there, or cannot be written")
    console.log().time(value)


timings = click.option(
    "--timings",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    expose_value=False,
    callback=_time,
    help="Show which process worked at what, and when; the same as JSON in FILE.",
)
quiet = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=_remember, help="Print errors only: no results, no progress."
)
_verbose = click.option(
    "-v", "--verbose", is_flag=True, callback=_remember, help="List every message, also those of one kind and file."
)


def verbose(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options -v, which the command is given as `verbose`, and -q, which the console alone must know."""
    return _verbose(quiet(function))


def command(examples: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help ends with examples: a line each. As JSON its log begins when its arguments are known."""
    decorate: Callable[[Callable[..., Any]], click.Command] = click.command(
        epilog=f"\b\nExamples:\n{_indented(examples)}", context_settings=SETTINGS, **settings
    )

    def decorated(function: Callable[..., Any]) -> click.Command:
        @wraps(function)
        def begin(*arguments: Any, **values: Any) -> Any:
            context = click.get_current_context()
            console.log().start(context.info_name or "", _named(context))
            return function(*arguments, **values)

        return decorate(begin)

    return decorated


def _named(context: click.Context) -> list[str]:
    """The arguments of a command that are no options, without the secrets that addresses may hold."""
    values = [context.params[str(name.name)] for name in context.command.params if isinstance(name, click.Argument)]
    flat = [value for entry in values for value in (entry if isinstance(entry, tuple) else (entry,)) if value is not None]
    return [str(value) if isinstance(value, Path) else _public(str(value)) for value in flat]


def _public(text: str) -> str:
    """What may be an address, also without its scheme, without the secrets in it."""
    return without_secrets(text) if "://" in text else without_secrets(f"//{text}").removeprefix("//")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
