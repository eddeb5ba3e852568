"""The command line: one file a command; console.py alone prints and exits."""

from __future__ import annotations

import click

from publisher import __version__
from publisher.cli import console, options
from publisher.cli.build import build
from publisher.cli.check import check
from publisher.cli.clean import clean
from publisher.cli.diff import diff
from publisher.cli.doctor import doctor
from publisher.cli.explain import explain
from publisher.cli.fetch import fetch
from publisher.cli.new import new
from publisher.cli.release import release
from publisher.cli.run import run
from publisher.cli.sources import sources
from publisher.cli.tree import tree
from publisher.cli.verify import verify


def _table(rows: dict[str, str]) -> str:
    width = max(map(len, rows)) + 2
    return "\n".join(f"  {name:<{width}}{meaning}" for name, meaning in rows.items())


_EPILOG = "\n\n".join(
    (
        "\b\nExamples:\n  publisher new week-12\n  publisher build week-12",
        "\b\nExit codes:\n" + _table({str(int(code)): meaning for code, meaning in console.EXIT_CODES.items()}),
        "\b\nEnvironment variables:\n" + _table(console.VARIABLES),
    )
)


_COMMANDS = [new, fetch, build, check, release, run, verify, diff, tree, sources, explain, doctor, clean]


@click.group(cls=console.Commands, context_settings=options.SETTINGS, epilog=_EPILOG, commands=_COMMANDS)
@click.version_option(__version__, prog_name="publisher")
def cli() -> None:
    """Turns a set of articles into one styled PDF brief and one EPUB collection with footnoted sources."""


def main(arguments: list[str] | None = None, start: float | None = None) -> int:
    """Runs the command line; the exit code. `start` is when it began, a time of `monotonic`; None: now."""
    return console.run(cli, arguments, start)
