"""Sheets kept between builds: a sheet is made again only where something that goes into it has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TypeAlias

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError, diagnostic_from
from publisher.writers.contract import Failure, Settings
from publisher.writers.page_breaks import PageStart
from publisher.writers.pdf.font_subsets import Face
from publisher.writers.pdf.running import RunningJob, draw_running_heads
from publisher.writers.pdf.typeset import Job, Sheet, typeset

AnyJob: TypeAlias = Job | RunningJob


def render_all(jobs: Sequence[AnyJob], settings: Settings) -> list[Sheet]:
    """The sheets of `jobs`, in order: from the cache where they are known, else made, the longest first.

    Raises PublisherError, when all others are made and kept, with the name of each that took its worker down.
    """
    keys = [job.fingerprint for job in jobs]
    sheets = {key: sheet for key in keys if settings.cache and (sheet := _load(settings.cache.get(key)))}
    missing = {key: job for key, job in zip(keys, jobs, strict=True) if key not in sheets}
    order = sorted(missing.items(), key=lambda pair: -pair[1].words)
    wrong = []
    for (key, job), sheet in zip(order, settings.mapper(perform, [job for _, job in order]), strict=True):
        if isinstance(sheet, Failure):
            wrong.append(
                Diagnostic(Code.WORKER_LOST, f"typesetting {_called(job)} {sheet.what}", None, "the other sheets are kept")
            )
            continue
        sheets[key] = sheet
        if settings.cache:
            settings.cache.put(key, _dump(sheet))
    if wrong:
        raise PublisherError(*wrong)
    return [sheets[key] for key in keys]


def perform(job: AnyJob) -> Sheet:
    """Makes one sheet, whatever it is: what a worker runs."""
    return draw_running_heads(job) if isinstance(job, RunningJob) else typeset(job)


def _called(job: AnyJob) -> str:
    return ", ".join(piece.entry.slug for piece in job.pieces) or job.name if isinstance(job, Job) else job.name


def _dump(sheet: Sheet) -> bytes:
    head = asdict(replace(sheet, pdf=b""))
    del head["pdf"]
    return json.dumps(head).encode() + b"\n" + sheet.pdf


def _load(stored: bytes | None) -> Sheet | None:
    if stored is None:
        return None
    head, _, pdf = stored.partition(b"\n")
    values = json.loads(head)
    anchors = {name: (page, height) for name, (page, height) in values["anchors"].items()}
    faces = tuple(Face(**{**one, "glyphs": tuple(map(tuple, one["glyphs"]))}) for one in values["faces"])
    said = tuple(map(diagnostic_from, values["diagnostics"]))
    begins = tuple(PageStart(**one) if one else None for one in values["page_starts"])
    blank, turned = tuple(values["blank"]), tuple(values["turned"])
    return Sheet(values["name"], pdf, values["pages"], anchors, said, blank, turned, faces, begins)
