"""Findings as one JSON object: the files, the messages with the keys of `--log-format json`, and the exit code."""

from __future__ import annotations

import json

from publisher import __version__
from publisher.checks.reports.findings import Findings


def plain(findings: Findings) -> str:
    """The report, a document of JSON."""
    values = {
        "version": __version__,
        "exit_code": int(findings.exit_code),
        "files": [{"path": file.path, "read": file.was_read} for file in findings.files],
        "messages": [diagnostic.as_dict() for diagnostic in findings.diagnostics],
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
