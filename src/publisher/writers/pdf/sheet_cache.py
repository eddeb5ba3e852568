"""Sheets, made or taken from the cache: one is typeset again only where something that goes into it has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.store.kept import kept_each
from publisher.writers.contract import Failure, Settings
from publisher.writers.pdf.running import RunningJob, draw_running_heads
from publisher.writers.pdf.typeset import Job, Sheet, typeset

_ENGINE = threading.Lock()
AnyJob: TypeAlias = Job | RunningJob


def render_all(jobs: Sequence[AnyJob], settings: Settings) -> list[Sheet]:
    """The sheets of `jobs`, in order: from the cache where they are known, else made, the longest first.

    Raises PublisherError, when all others are made and kept, with the name of each that ended its worker.
    """

    def render_now(missing: Sequence[AnyJob]) -> Iterator[Sheet | Failure]:
        return settings.mapper(render, missing)

    keys = [job.fingerprint for job in jobs]
    by_key = dict(sorted(zip(keys, jobs, strict=True), key=lambda pair: -pair[1].words))
    sheets = kept_each(settings.cache, by_key, Sheet, render_now)
    failures = [_lost(by_key[key], result) for key, result in sheets.items() if isinstance(result, Failure)]
    if failures:
        raise PublisherError(*failures)
    return [sheet for key in keys if isinstance(sheet := sheets[key], Sheet)]


def render(job: AnyJob) -> Sheet:
    """Makes one sheet of either kind: what a worker runs. One at a time in a process: the engine shares state between threads."""
    with _ENGINE:
        return draw_running_heads(job) if isinstance(job, RunningJob) else typeset(job)


def _lost(job: AnyJob, failure: Failure) -> Diagnostic:
    slugs = ", ".join(piece.entry.slug for piece in job.pieces) if isinstance(job, Job) else ""
    return Diagnostic(Code.WORKER_LOST, f"typesetting {slugs or job.name} {failure.what}", None, "the other sheets are kept")
