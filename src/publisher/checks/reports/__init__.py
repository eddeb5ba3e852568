"""What `publisher check --format` writes, for other programs: one file a format, each a function of the findings."""

from __future__ import annotations

from collections.abc import Callable

from publisher.checks.reports.findings import Findings
from publisher.checks.reports.junit import junit
from publisher.checks.reports.plain import plain
from publisher.checks.reports.sarif import sarif
from publisher.checks.reports.workflow_commands import workflow_commands

REPORTS: dict[str, Callable[[Findings], str]] = {"json": plain, "sarif": sarif, "junit": junit, "github": workflow_commands}
