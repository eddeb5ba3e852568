"""What a build has to say: diagnostics with a place and a hint, and the exception that carries errors up.

The form on screen is the contract of `file:line:column: severity: what happened [code]`, then a hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Exit(IntEnum):
    """Exit codes of the command line; scripts rely on them."""

    DONE = 0
    INPUT = 1
    USAGE = 2
    STRICT = 3
    MISSING_COMPONENT = 4
    DIFFERENT = 5
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
    severity: Severity
    message: str
    code: str
    location: Location | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        first = f"{place}{self.severity}: {self.message} [{self.code}]"
        return f"{first}\n  hint: {self.hint}" if self.hint else first

    def as_dict(self) -> dict[str, Any]:
        """A plain dictionary, for `--log-format json`; one flat level, keys always present."""
        place = asdict(self.location) if self.location else {"file": "", "line": 0, "column": 0}
        return {"severity": str(self.severity), "code": self.code, "message": self.message, "hint": self.hint, **place}


def diagnostic_from(values: dict[str, Any]) -> Diagnostic:
    """A diagnostic from what `dataclasses.asdict` made of it."""
    place = values["location"]
    return Diagnostic(
        Severity(values["severity"]), values["message"], values["code"], Location(**place) if place else None, values["hint"]
    )


class PublisherError(Exception):
    """The input has errors: all of them, in the order they were found."""

    def __init__(self, *diagnostics: Diagnostic, exit_code: Exit = Exit.INPUT) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics
        self.exit_code = exit_code

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))

    def __reduce__(self) -> Any:  # crosses process borders with its exit code
        return _rebuild, (self.diagnostics, self.exit_code)


def _rebuild(diagnostics: tuple[Diagnostic, ...], exit_code: Exit) -> PublisherError:
    return PublisherError(*diagnostics, exit_code=exit_code)


def error(message: str, code: str, location: Location | None = None, hint: str = "") -> Diagnostic:
    return Diagnostic(Severity.ERROR, message, code, location, hint)


def warning(message: str, code: str, location: Location | None = None, hint: str = "") -> Diagnostic:
    return Diagnostic(Severity.WARNING, message, code, location, hint)


def note(message: str, code: str, location: Location | None = None, hint: str = "") -> Diagnostic:
    return Diagnostic(Severity.NOTE, message, code, location, hint)


def errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Only the errors among `diagnostics`."""
    return tuple(one for one in diagnostics if one.severity is Severity.ERROR)
