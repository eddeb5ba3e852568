"""Findings as SARIF 2.1.0 (OASIS), for code scanning and editors. Numbers are the sections of the standard."""

from __future__ import annotations

import json
import os
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from publisher import __version__
from publisher.checks.reference import Entry, entry_of
from publisher.checks.reports.findings import Findings
from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic, Location

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(findings: Findings) -> str:
    """The report, a document of JSON; its rules are the codes of its messages."""
    names = list(dict.fromkeys(diagnostic.name for diagnostic in findings.diagnostics))
    driver = {
        "name": "publisher",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(name, entry_of(name)) for name in names],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": int(findings.exit_code)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, names.index(diagnostic.name)) for diagnostic in findings.diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(name: str, entry: Entry | None) -> dict[str, Any]:
    """A reportingDescriptor (3.49). A code of another checker has the entry of the checker."""
    if entry is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": entry.meaning},
        "help": {"text": entry.remedy},
        "defaultConfiguration": {"level": str(Severity(entry.severity))},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    """A result (3.27)."""
    text = "\n".join(filter(None, [diagnostic.message, diagnostic.hint]))
    result: dict[str, Any] = {
        "ruleId": diagnostic.name,
        "ruleIndex": rule,
        "level": str(diagnostic.severity),
        "message": {"text": text},
    }
    if diagnostic.location is not None:
        result["locations"] = [{"physicalLocation": _place(diagnostic.location)}]
    return result


def _place(location: Location) -> dict[str, Any]:
    """A physicalLocation (3.29); without a line, it has no region."""
    place: dict[str, Any] = {"artifactLocation": _artifact(location.file)}
    if location.line:
        columns = {"startColumn": location.column} if location.column else {}
        place["region"] = {"startLine": location.line, **columns}
    return place


def _artifact(file: str) -> dict[str, str]:
    """An artifactLocation (3.4): relative to the working folder, or, for a file outside of it, its whole address."""
    path = PurePath(os.path.relpath(file))
    if ".." in path.parts:
        return {"uri": PurePath(os.path.abspath(file)).as_uri()}  # noqa: PTH100 (resolves no links)
    return {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}
