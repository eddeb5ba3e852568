"""Sheets, made or taken from the cache: one is typeset again only where something that goes into it has changed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.events import SheetSet, StageBegun, StepDone, Worked
from publisher.model.garbage import collected_alone
from publisher.model.limits import raise_hint
from publisher.store import freed_memory
from publisher.store.kept import as_kept
from publisher.writers.contract import Failure, Settings, Timed, timed
from publisher.writers.pdf.job import Job
from publisher.writers.pdf.running import RunningJob, draw_running_heads
from publisher.writers.pdf.sheet import Sheet
from publisher.writers.pdf.typeset import typeset

_MANY = 100  # sheets: more are not kept in memory until all are made
_LONG = 2  # times as many words as a usual sheet
_LAST = 8  # sheets whose order is by their length
_ENGINE = threading.Lock()
AnyJob: TypeAlias = Job | RunningJob
Take: TypeAlias = Callable[[int, Sheet], Sheet]


def render_all(jobs: Sequence[AnyJob], settings: Settings, take: Take = lambda index, sheet: sheet) -> list[Sheet]:
    """The sheets of `jobs`, in order: from the cache where they are known, else made, running heads last.

    While sheets are made, `take` is given the index of each job and its sheet, in order, as soon as all before it are there; what
    it gives stands for the sheet from then on. It is not given what is left when all are made. Raises PublisherError, when all
    others are made and kept, with what is wrong with each article that could not be typeset.
    """
    stage = "numbering pages" if any(isinstance(job, RunningJob) for job in jobs) else "typesetting"
    keys = [job.fingerprint for job in jobs]
    by_key = {keys[index]: jobs[index] for index in _order(jobs)}
    ordered = _OrderedSheets(keys, take)

    def render_now(missing: Sequence[AnyJob]) -> Iterator[Sheet | Failure]:
        results = iter(settings.mapper(partial(timed, render), missing))  # workers begin
        for job in missing:
            ordered.advance()
            result = next(results)
            if isinstance(result, Timed):
                settings.report(Worked(stage, job.name, result.span))
                settings.report(_event(job, result.result, ms=result.ms))
            yield result.result if isinstance(result, Timed) else result

    settings.report(StageBegun(stage, len(by_key)))
    pairs = as_kept(
        settings.cache,
        by_key,
        Sheet,
        render_now,
        found=lambda job, sheet: settings.report(_event(job, sheet, cached=True)),
        keep=lambda sheet: not errors(sheet.diagnostics),  # it may be the machine's: a full disk, for instance
    )
    faulty = []
    for key, result in pairs:
        if _errors_of(by_key[key], result):
            faulty.append((by_key[key], result))
        elif isinstance(result, Sheet):
            ordered.add(key, result)
    if faulty:
        raise PublisherError(*(error for job, result in faulty for error in _errors_of_each(job, result, settings)))
    return ordered.sheets()


def _order(jobs: Sequence[AnyJob]) -> list[int]:
    """In which order jobs are made, by their indexes: the longest first, so that all workers end at about the same time.

    Of very many sheets only those come first that take much longer than others; then each comes after those before it, so that
    it can be taken, and dropped, soon; the last of these the longest first. Running heads come last.
    """
    sheets = [index for index, job in enumerate(jobs) if isinstance(job, Job)]
    usual = sum(jobs[index].words for index in sheets) / max(1, len(sheets))
    by_length = sorted(sheets, key=lambda index: -jobs[index].words)
    first = [index for index in by_length if len(sheets) <= _MANY or jobs[index].words > _LONG * usual]
    others = [index for index in sheets if index not in set(first)]
    last = [index for index in by_length if index in set(others[-_LAST:])]
    return [*first, *others[:-_LAST], *last, *(index for index, job in enumerate(jobs) if isinstance(job, RunningJob))]


class _OrderedSheets:
    """Sheets that come in any order, handed to `take` in the order of their jobs, whose keys are `keys`."""

    def __init__(self, keys: Sequence[str], take: Take) -> None:
        self._keys, self._take = keys, take
        self._uses = Counter(keys)  # equal jobs have a single sheet
        self._waiting: dict[str, Sheet] = {}
        self._taken: list[Sheet] = []

    def add(self, key: str, sheet: Sheet) -> None:
        self._waiting[key] = sheet

    def advance(self) -> None:
        """Hands over what can be."""
        for index in range(len(self._taken), len(self._keys)):
            key = self._keys[index]
            if key not in self._waiting:
                return
            self._taken.append(self._take(index, self._waiting[key]))
            self._uses[key] -= 1
            if not self._uses[key]:
                del self._waiting[key]

    def sheets(self) -> list[Sheet]:
        """All sheets, when all are there, those that are not handed over as they came."""
        return [*self._taken, *(self._waiting[key] for key in self._keys[len(self._taken) :])]


def _event(job: AnyJob, sheet: Sheet, *, cached: bool = False, ms: int = 0) -> SheetSet | StepDone:
    if isinstance(job, RunningJob):
        return StepDone("")
    return SheetSet(job.slugs, sheet.pages, cached=cached, ms=ms)


def render(job: AnyJob) -> Sheet:
    """Makes one sheet of either kind: what a worker runs. A sheet that cannot be made is one without pages, with the errors.

    One at a time in a process: the engine shares state between threads.
    """
    try:
        with _ENGINE, collected_alone():
            return draw_running_heads(job) if isinstance(job, RunningJob) else typeset(job)
    except PublisherError as problem:
        return Sheet(job.name, (), 0, {}, problem.diagnostics)
    finally:
        freed_memory.give_back()


def _errors_of(job: AnyJob, result: Sheet | Failure) -> tuple[Diagnostic, ...]:
    if isinstance(result, Sheet):
        return errors(result.diagnostics)
    slugs = job.slugs if isinstance(job, Job) else ()
    name = ", ".join(slugs) or job.name
    if result.fault is not None:
        return (result.fault.diagnostic(f"{name} was typeset", None, slugs),)
    message = f"typesetting {name} {result.what}"
    if result.limit:
        return (Diagnostic(Code.LIMIT, message, Location(job.name), raise_hint(result.limit), slugs=slugs),)
    return (Diagnostic(Code.WORKER_LOST, message, None, "the other sheets are kept", slugs=slugs),)


def _errors_of_each(job: AnyJob, result: Sheet | Failure, settings: Settings) -> tuple[Diagnostic, ...]:
    """The errors of a sheet. Where several articles share it, each is typeset alone, to find those that are at fault."""
    if isinstance(job, RunningJob) or len(job.pieces) < 2:
        return _errors_of(job, result)
    alone = [replace(job, pieces=(piece,), before="", after="") for piece in job.pieces]
    found = [
        error
        for single, outcome in zip(alone, settings.mapper(render, alone), strict=True)
        for error in _errors_of(single, outcome)
    ]
    return tuple(found) or _errors_of(job, result)
