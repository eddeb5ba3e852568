"""What a command writes on standard error under `--log-format json`: lines that are JSON objects as log.schema.json describes.

The first line is `start`, the last is `done`. The log of the command that runs also knows whether it is quiet or verbose.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from publisher import __version__
from publisher.cli.terminal import echo
from publisher.model.codes import Severity
from publisher.model.diagnostics import Diagnostic
from publisher.model.events import Done, Event, Logged, Started, as_dict

if TYPE_CHECKING:
    from publisher.cli.timeline import Timeline


class Log:
    """The log of a command line; `options` are its arguments as they were typed, `start` is when it began (`monotonic`)."""

    def __init__(self, options: Sequence[str] = (), start: float | None = None) -> None:
        line = " ".join(options)
        self.is_json = "--log-format json" in line or "--log-format=json" in line
        self.quiet = self.verbose = False
        self.exit_code: int | None = None
        self.timings: Path | None = None
        self.timeline: Timeline | None = None
        self._begun, self._started = monotonic() if start is None else start, False

    def time(self, path: Path) -> None:
        """Collects from now on what every process does, for a timeline in the file `path`."""
        from publisher.cli.timeline import Timeline

        self.timings, self.timeline = path, Timeline(self._begun)

    def timed(self, event: Event) -> None:
        """Takes an event for the timeline, if there is to be one."""
        if self.timeline is not None:
            self.timeline(event)

    @property
    def seconds(self) -> float:
        """Seconds since the command began."""
        return monotonic() - self._begun

    def start(self, command: str = "", inputs: Sequence[str] = ()) -> None:
        """Writes the first line, once."""
        if not self._started and self.is_json:
            self._write(as_dict(Started(command, __version__, tuple(inputs))), always=True)
        self._started = True

    def event(self, event: Event) -> None:
        """Writes an event that has a line, where lines are JSON."""
        if self.is_json and isinstance(event, Logged):
            self._write(as_dict(event))

    def message(self, diagnostic: Diagnostic, *, trace: bool = False) -> None:
        """Writes a message; with `trace`, also the traceback of an error in publisher itself."""
        self.start()
        values = diagnostic.as_dict() | ({"trace": diagnostic.trace} if trace and diagnostic.trace else {})
        self._write({"event": "message", **values}, always=True)

    def result(self, line: str, values: Mapping[str, Any]) -> None:
        """Writes a result: a line for people, with the same as values."""
        self._write({"event": "result", "severity": "info", "message": line, **values})

    def end(self, code: int, meaning: str) -> None:
        """Writes the last line, once."""
        if self.exit_code is None and self.is_json:
            self.start()
            self._write(as_dict(Done(int(code), meaning, round(1000 * self.seconds))), always=True)
        self.exit_code = code

    def shows(self, diagnostic: Diagnostic, refused: bool = False) -> bool:
        """Whether a message is written: all; if the log is quiet, errors, and warnings where they are `refused`."""
        severity = diagnostic.severity
        return not self.quiet or severity is Severity.ERROR or (refused and severity is Severity.WARNING)

    def _write(self, values: Mapping[str, Any], *, always: bool = False) -> None:
        if always or not self.quiet:
            echo(json.dumps(values, ensure_ascii=False), err=True)
