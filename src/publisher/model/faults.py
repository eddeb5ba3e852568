"""An error in publisher itself, met while a file is worked on: it costs that file, and the message says where it happened.

What is caught is any exception that is no PublisherError, also RecursionError and MemoryError. Work on a single article is
caught here or by the mappers (build/executors.py); what is outside of a file ends the command (exit code 70).
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.public_addresses import text_without_secrets

_PACKAGE = Path(__file__).parents[1]
_LONGEST = 300  # characters of an exception's words, which may quote a manuscript
_HINT = "please report it with the file; --keep-going publishes the rest; PUBLISHER_TRACEBACK=1 shows where it happened"


@dataclass(frozen=True)
class Fault:
    """An exception as plain data: `words` name its type, what it says and where it happened; `trace` is its traceback."""

    words: str
    trace: str = field(default="", compare=False, repr=False)

    def diagnostic(self, work: str, place: Location | None, slugs: tuple[str, ...] = ()) -> Diagnostic:
        """The error for an article, or another file, that is lost by it; `work` says what was done (`it was read`)."""
        message = f"an error in publisher itself while {work}: {self.words}"
        return Diagnostic(Code.ARTICLE_FAILED, message, place, _HINT, slugs=slugs, trace=self.trace)


def fault_of(problem: BaseException) -> Fault:
    """What is known of an exception that was caught."""
    report = traceback.TracebackException.from_exception(problem)
    words = text_without_secrets(str(report))[:_LONGEST]  # it does not fail where the exception's own words do
    what = f"{type(problem).__name__}: {words}" if words else type(problem).__name__
    return Fault(f"{what} ({_place(report.stack)})", text_without_secrets("".join(report.format())))


def _place(frames: traceback.StackSummary) -> str:
    """`at passes/tables.py:20`: the last place in our code, and behind it that in a library where the exception was raised."""
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    places = [f"{Path(frame.filename).relative_to(_PACKAGE).as_posix()}:{frame.lineno}" for frame in ours[-1:]]
    if frames[-1:] != ours[-1:]:
        places.append(f"{Path(frames[-1].filename).name}:{frames[-1].lineno}")
    return f"at {', in '.join(places)}"


@contextmanager
def contain_faults(work: str, place: Location | None, slugs: tuple[str, ...] = ()) -> Iterator[None]:
    """Makes an unexpected exception of its block the error of a single article or file. Raises PublisherError."""
    try:
        yield
    except PublisherError:
        raise
    except Exception as problem:
        raise PublisherError(fault_of(problem).diagnostic(work, place, slugs)) from problem
