"""Findings as commands of GitHub Actions, which shows each beside its line in a change.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Mapping

from publisher.checks.reports.findings import Findings
from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def workflow_commands(findings: Findings) -> str:
    """The report: a command a line, errors first, since only the first ten of each kind are shown."""
    order = list(_COMMANDS)
    ordered = sorted(findings.diagnostics, key=lambda diagnostic: order.index(diagnostic.severity))
    return "".join(map(_command, ordered))


def _command(diagnostic: Diagnostic) -> str:
    place = diagnostic.location
    values: dict[str, object] = {}
    if place is not None:
        values = {"file": place.file, "line": place.line, "col": place.column}
    values["title"] = diagnostic.name
    properties = ",".join(f"{key}={_escaped(str(value), _PROPERTY)}" for key, value in values.items() if value)
    text = "\n".join(filter(None, [diagnostic.message, diagnostic.hint]))
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{_escaped(text, _DATA)}\n"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(char, char) for char in text)
