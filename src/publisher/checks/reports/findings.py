"""What a check found: the files that it looked at, all messages, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic, Exit


@dataclass(frozen=True)
class CheckedFile:
    """A manuscript, a manifest or a finished file; `ms` are the milliseconds that reading it took, 0 if that is not known."""

    path: str
    was_read: bool
    ms: int = 0


@dataclass(frozen=True)
class Findings:
    """The findings of a command. With `strict`, warnings are failures. `name` is the edition, or what else was checked."""

    name: str
    files: tuple[CheckedFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    exit_code: Exit = Exit.DONE
    strict: bool = False

    def by_file(self) -> list[tuple[CheckedFile, list[Diagnostic]]]:
        """Each file with the messages about it; behind them what else messages name. Those without a place are of `name`."""
        found: dict[str, tuple[CheckedFile, list[Diagnostic]]] = {file.path: (file, []) for file in self.files}
        for diagnostic in self.diagnostics:
            path = diagnostic.location.file if diagnostic.location else self.name
            found.setdefault(path, (CheckedFile(path, True), []))[1].append(diagnostic)
        return list(found.values())

    def failures(self, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Those of the messages that let the command fail."""
        failing = (Severity.ERROR, Severity.WARNING) if self.strict else (Severity.ERROR,)
        return [diagnostic for diagnostic in diagnostics if diagnostic.severity in failing]
