"""`-` on the command line: a manuscript on standard input, an output on standard output."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from publisher.model.limits import Limits

if TYPE_CHECKING:
    from publisher.build.planned import Plan, PlannedArticle

DASH = Path("-")
_EDITION = re.compile(rb"^\s*\[edition\]", re.MULTILINE)


@dataclass(frozen=True)
class StandardInput:
    """A manuscript that was read from standard input; messages name it by `path`, where no file is."""

    path: Path
    data: bytes

    def given(self, planned: PlannedArticle) -> PlannedArticle:
        """The manuscript's place in a plan, with its bytes if it is this manuscript."""
        return replace(planned, data=self.data) if planned.path == self.path else planned


def read_input(inputs: Sequence[Path], form: str | None) -> tuple[tuple[Path, ...], StandardInput | None]:
    """The inputs of a command line, `-` replaced by a name, and what that is; None where no input is `-`.

    `form` is the input format that the user states, as a suffix without the dot. Raises UsageError.
    """
    if DASH not in inputs:
        if form is not None:
            raise click.UsageError("--from is about standard input: name it with -")
        return tuple(inputs), None
    if inputs.count(DASH) > 1:
        raise click.UsageError("standard input can be read once: - stands there twice")
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    suffix = _suffix(form)
    data = sys.stdin.buffer.read(Limits().megabytes * 1_000_000 + 1)  # a byte beyond the limit: it is then refused as any file
    if not suffix and _EDITION.search(data):
        raise click.UsageError("a manifest on standard input is not read: write it into a file")
    path = _free_name(suffix or _kind(data))
    return tuple(path if name == DASH else name for name in inputs), StandardInput(path, data)


def with_input(plan: Plan, stdin: StandardInput | None) -> Plan:
    """The plan with the manuscript from standard input in its place, if there is one."""
    if stdin is None:
        return plan
    sections = (replace(section, articles=tuple(map(stdin.given, section.articles))) for section in plan.sections)
    return replace(plan, sections=tuple(sections))


def _suffix(form: str | None) -> str:
    from publisher.input.formats import readable

    suffix = f".{form.lower().lstrip('.')}" if form else ""
    if suffix and suffix not in readable():
        raise click.UsageError(f"unknown input format {form!r}; the formats are {', '.join(name[1:] for name in readable())}")
    return suffix


def _kind(data: bytes) -> str:
    from publisher.input.sniffing import kind_of

    return kind_of("", data) or ".txt"


def _free_name(suffix: str) -> Path:
    """`stdin.md`, or with a number where there is such a file."""
    number = 1
    while (path := Path(f"stdin{'' if number == 1 else f'-{number}'}{suffix}")).exists():
        number += 1
    return path


def output_name(outputs: Sequence[Path], form: str | None) -> Path | None:
    """The name that the output for standard output has in the build; None where no output is `-`. Raises UsageError."""
    if DASH not in outputs:
        if form is not None:
            raise click.UsageError("--to is about standard output: use it with -o -")
        return None
    if len(outputs) > 1:
        raise click.UsageError("-o - is the only output: leave out the others")
    if form is None:
        raise click.UsageError("-o - needs --to pdf or --to epub")
    if sys.stdout.isatty():
        raise click.UsageError("an output is not written to a terminal: send it to a file or a program")
    return Path(f"stdout.{form}")
