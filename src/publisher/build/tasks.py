"""A task as a process runs it: within its bounds, and whatever it raises is a Failure."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from publisher.build.bounds import OutOfBounds, within
from publisher.model.diagnostics import PublisherError
from publisher.model.faults import fault_of
from publisher.model.limits import WORDS_PER_SECOND, Limits
from publisher.writers.contract import Failure

ENGINE = "publisher.writers.pdf.engine"  # what typesets, and takes longer to import than an article to read
LIMITS = {"seconds": "typeset_seconds"}  # of typesetting, where they have another name than those of reading


def bounded(function: Callable[[Any], Any], limits: Limits, item: Any) -> Any:
    """What `function` gives, or a Failure when it takes too much: what a worker runs, and one process without workers too."""
    try:
        with within(task_seconds(limits, item), limits.resident_megabytes, getattr(item, "fingerprint", "")):
            return function(item)
    except OutOfBounds as problem:
        return Failure(f"{problem} and was stopped", LIMITS.get(problem.limit, problem.limit))
    except PublisherError:
        raise
    except Exception as problem:
        return _failure(problem)


def netted(function: Callable[[Any], Any], item: Any) -> Any:
    """What `function` gives, or a Failure where it raises: for a task that has bounds of its own, or that a cluster watches."""
    try:
        return function(item)
    except PublisherError:
        raise
    except Exception as problem:
        return _failure(problem)


def _failure(problem: Exception) -> Failure:
    """The Failure of a task that raised what nobody expected."""
    fault = fault_of(problem)
    return Failure(f"failed: {fault.words}", fault=fault)


def task_seconds(limits: Limits, item: Any = None) -> float:
    """Seconds of CPU time that a task may take: PUBLISHER_TASK_SECONDS, else what the limits say, and more for a long article."""
    try:
        return float(os.environ.get("PUBLISHER_TASK_SECONDS", "")) or limits.typeset_seconds
    except ValueError:
        return limits.typeset_seconds + getattr(item, "prose", 0) // WORDS_PER_SECOND
