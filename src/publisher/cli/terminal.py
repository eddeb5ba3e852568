"""What goes to a terminal: text that commands it in no way, and colors where they are wanted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # to a terminal, which a file's name or an address may hold


def printable(text: str) -> str:
    """A text that may quote a manuscript, on one line and without the characters that command a terminal."""
    return _COMMANDS.sub("\ufffd", " ".join(text.splitlines()))


def echo(line: str, *, err: bool = False) -> None:
    """Prints a line on stdout or stderr, in colors only on a terminal that shows them (https://no-color.org)."""
    with open_pipe(sys.stderr if err else sys.stdout):
        click.echo(line, err=err, color=False if os.environ.get("NO_COLOR") or _is_dumb() else None)


@contextmanager
def open_pipe(stream: TextIO) -> Iterator[None]:
    """While something is printed. A reader that has gone (`| head`) stops nothing: the rest is printed for nobody."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def shows_progress() -> bool:
    """Whether stderr is a terminal on which a line can be drawn again and again."""
    return sys.stderr.isatty() and not _is_dumb()


def _is_dumb() -> bool:
    return os.environ.get("TERM") in ("dumb", "unknown")
