"""Options that several commands share, and the layout of their help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from publisher.model.papers import PAPERS

NO_PROFILE = "default"  # the manifest without a profile, where several are named
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

inputs = click.argument("inputs", nargs=-1, type=click.Path(path_type=Path), metavar="[MANIFEST|DIR|FILE]...")
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
verbose = click.option("-v", "--verbose", is_flag=True, help="List every message, also those of one kind and file.")


def command(examples: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help ends with examples: a line each."""
    return click.command(epilog=f"\b\nExamples:\n{_indented(examples)}", context_settings=SETTINGS, **settings)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
