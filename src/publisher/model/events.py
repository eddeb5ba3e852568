"""What a command reports while it works: one stream of events, for progress on a terminal and for `--log-format json`.

Whoever works is given a Listener and knows nothing of who listens. Times go into no output.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, perf_counter, thread_time
from typing import Any, ClassVar, TypeAlias


def _value(meaning: str) -> Any:
    """A field that is a key of the JSON line; the schema and the table in docs/reference.md have its meaning."""
    return field(metadata={"meaning": meaning})


@dataclass(frozen=True)
class Started:
    """A command begins."""

    NAME: ClassVar[str] = "start"
    command: str = _value("the command, such as `build`; empty if the command line names none")
    version: str = _value("the version of publisher")
    inputs: tuple[str, ...] = _value("what the command line names: files, folders or addresses; none: the current folder")


@dataclass(frozen=True)
class Planned:
    """The manifest is read, and what will be built is known."""

    NAME: ClassVar[str] = "plan"
    articles: int = _value("the number of manuscripts")
    outputs: tuple[str, ...] = _value("the paths of the outputs")


@dataclass(frozen=True)
class ArticleRead:
    """A manuscript was read. Whether it has errors, messages say."""

    NAME: ClassVar[str] = "article"
    path: str = _value("the manuscript")
    format: str = _value("the input format that was recognized, such as `md`; empty if it could not be read")
    articles: int = _value("the number of articles in it: a feed may have many, or none")
    words: int = _value("their words")
    cached: bool = _value("whether its articles are from the cache")
    ms: int = _value("milliseconds that reading took; 0 if it is from the cache")


@dataclass(frozen=True)
class SheetSet:
    """A sheet of a PDF, which holds whole articles, was typeset. The first is typeset again when the page numbers are known."""

    NAME: ClassVar[str] = "sheet"
    articles: tuple[str, ...] = _value(
        "the slugs of its articles; none if it holds only the contents, or only the list of sources"
    )
    pages: int = _value("its pages")
    cached: bool = _value("whether it is from the cache")
    ms: int = _value("milliseconds that typesetting took; 0 if it is from the cache")


@dataclass(frozen=True)
class OutputMade:
    """An output is finished. It is reported when all are in place, or, where nothing is to be written, when all are finished."""

    NAME: ClassVar[str] = "output"
    path: str = _value("its path")
    written: bool = _value("whether it was written; not with `--dry-run` and `check`")
    bytes: int = _value("its size")
    sha256: str = _value("the SHA-256 of its bytes, 64 hexadecimal digits")
    pages: int = _value("its pages; 0 for an e-book")
    cached: bool = _value("whether all of it is from the cache")
    ms: int = _value("milliseconds that making it took, its sheets included")


@dataclass(frozen=True)
class ArticleSkipped:
    """An article is left out."""

    NAME: ClassVar[str] = "skipped"
    path: str = _value("its manuscript")
    title: str = _value("its title; empty if it is not known")
    code: str = _value("the code of the message that says why")


@dataclass(frozen=True)
class Done:
    """The command ends. This is always the last line."""

    NAME: ClassVar[str] = "done"
    exit_code: int = _value("the exit code")
    meaning: str = _value("what the exit code means")
    ms: int = _value("milliseconds since the command began")


@dataclass(frozen=True)
class StageBegun:
    """A stage of the work begins, with `total` events of its kind to come (0: not known). For progress alone: no line of JSON."""

    stage: str
    total: int = 0


@dataclass(frozen=True)
class StepDone:
    """A step of the stage is done that has no event of its own; `name` is what it was about. For progress alone too."""

    name: str


@dataclass(frozen=True)
class Waiting:
    """A longer task is waited for; `ahead` tasks behind it are done and have not been reported. About every second."""

    ahead: int


@dataclass(frozen=True)
class Span:
    """When and where a piece of work was done: seconds of `time.monotonic`, with the CPU seconds of the thread that did it.

    All processes of a machine have the same monotonic clock on Linux (CLOCK_MONOTONIC) and macOS (mach_absolute_time), so the
    spans of workers can be compared with those of the command. Workers on other machines have clocks of their own.
    """

    start: float
    end: float
    cpu: float
    machine: str
    process: int


@dataclass(frozen=True)
class Worked:
    """A piece of work of a stage is done; `name` is what it was about. For the timeline (`--timings`) alone: no line of JSON."""

    stage: str
    name: str
    span: Span


Logged: TypeAlias = Started | Planned | ArticleRead | SheetSet | OutputMade | ArticleSkipped | Done
Event: TypeAlias = Logged | StageBegun | StepDone | Waiting | Worked
Listener: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener where nobody listens."""


def as_dict(event: Logged) -> dict[str, Any]:
    """An event as a JSON object: its name under `event`, and its fields."""
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in vars(event).items()}
    return {"event": event.NAME, **values}


def both(first: Listener, second: Listener) -> Listener:
    """A listener that tells two others."""

    def listen(event: Event) -> None:
        first(event)
        second(event)

    return listen


class Stopwatch:
    """Measures the work of this thread from now on."""

    def __init__(self) -> None:
        self._start, self._cpu = monotonic(), thread_time()

    def span(self) -> Span:
        """The work until now."""
        return Span(self._start, monotonic(), thread_time() - self._cpu, os.uname().nodename, os.getpid())


@contextmanager
def working(report: Listener, stage: str, name: str = "") -> Iterator[None]:
    """Reports its block as a piece of work of this process, if it comes to its end."""
    watch = Stopwatch()
    yield
    report(Worked(stage, name, watch.span()))


def milliseconds_since(start: float) -> int:
    """The milliseconds since a time of `perf_counter`."""
    return round(1000 * (perf_counter() - start))
