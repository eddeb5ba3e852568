"""What a build has to say: diagnostics with a place and a hint, and the exception that carries errors up.

The form on screen is the contract of `file:line:column: severity: what happened [code]`, then a hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any

from publisher.model.codes import Code, Severity


class Exit(IntEnum):
    """Exit codes of the command line; scripts rely on them."""

    DONE = 0
    INPUT = 1
    USAGE = 2
    STRICT = 3
    MISSING_COMPONENT = 4
    DIFFERENT = 5
    LEFT_OUT = 6
    NOTHING_NEW = 7
    LOCKED = 8
    BUG = 70
    INTERRUPTED = 130


@dataclass(frozen=True)
class Location:
    """A place in a file; line and column count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True)
class Diagnostic:
    """A message about a place; `rule` is the number that a checker of finished files gives to what it found.

    `own_severity` is for what is more or less severe here than its code usually is. `slugs` are the articles of the edition that
    it is about, where a writer found it. `trace` is the traceback of an error in publisher itself, for those who ask for it.
    """

    code: Code
    message: str
    location: Location | None = None
    hint: str = ""
    rule: str = ""
    own_severity: Severity | None = None
    slugs: tuple[str, ...] = ()
    trace: str = field(default="", compare=False, repr=False)

    @property
    def severity(self) -> Severity:
        return self.own_severity or self.code.severity

    @property
    def name(self) -> str:
        """What stands in brackets behind the message, and what `publisher explain` takes."""
        return self.rule or str(self.code)

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        first = f"{place}{self.severity}: {self.message} [{self.name}]"
        return f"{first}\n  hint: {self.hint}" if self.hint else first

    def as_dict(self) -> dict[str, Any]:
        """A plain dictionary, for `--log-format json`; one flat level, keys always present."""
        place = asdict(self.location) if self.location else {"file": "", "line": 0, "column": 0}
        return {"severity": str(self.severity), "code": self.name, "message": self.message, "hint": self.hint, **place}


class PublisherError(Exception):
    """The input has errors: all of them, in the order they were found."""

    def __init__(self, *diagnostics: Diagnostic, exit_code: Exit = Exit.INPUT) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics
        is_missing = any(diagnostic.code is Code.COMPONENT_MISSING for diagnostic in diagnostics)
        self.exit_code = Exit.MISSING_COMPONENT if is_missing else exit_code

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))

    def __reduce__(self) -> Any:  # crosses process borders with its exit code
        return _rebuild, (self.diagnostics, self.exit_code)


def _rebuild(diagnostics: tuple[Diagnostic, ...], exit_code: Exit) -> PublisherError:
    return PublisherError(*diagnostics, exit_code=exit_code)


def errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Only the errors among `diagnostics`."""
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR)
