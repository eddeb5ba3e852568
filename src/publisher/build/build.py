"""A plan becomes outputs: load, read, assemble, write. Nothing here prints or exits."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache as once
from functools import partial
from pathlib import Path

from publisher.build.assemble import Progress, ReadInputs, edition_of, read_inputs
from publisher.build.executors import mapper
from publisher.build.plan import Plan
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, errors
from publisher.model.edition import Edition, Moment
from publisher.model.plugins import plugin_versions
from publisher.store.cache import Cache
from publisher.store.files import write_all
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept
from publisher.text.citation_styles import style_of
from publisher.writers import themes
from publisher.writers.contract import Mapper, Output, Places, Settings
from publisher.writers.formats import require_components, traits_of, writer_for
from publisher.writers.page_breaks import PageBreak

_FIXED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_Draft = Callable[[], tuple[Edition, tuple[Diagnostic, ...]]]


@dataclass(frozen=True)
class Report:
    """What a build did. `outputs` are the finished bytes; counts are of the whole edition, sources each once."""

    outputs: Mapping[Path, Output] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    articles: int = 0
    words: int = 0
    sources: int = 0


def make(
    plan: Plan,
    jobs: int = 1,
    progress: Progress = lambda *_: None,
    cache: Cache | None = None,
    executor: str | None = None,
) -> Report:
    """Every output of a plan, finished but not written. Raises PublisherError with every error there is."""
    for path in plan.outputs:
        require_components(path)
    with mapper(jobs) as local, mapper(jobs, executor) if executor else nullcontext(local) as workers:
        inputs = read_inputs(plan, local.light, cache, progress)
        draft: _Draft = once(lambda: edition_of(plan, inputs, local.light, cache))
        outputs = _write_each(plan, inputs, draft, workers, cache, progress)
    diagnostics = tuple(dict.fromkeys(diagnostic for path in plan.outputs for diagnostic in outputs[path].diagnostics))
    if errors(diagnostics):
        raise PublisherError(*diagnostics)
    if cache is not None:
        cache.prune()
        diagnostics += (Diagnostic(Code.CACHE, cache.trouble),) if cache.trouble else ()
    records = [result.record for result in inputs.results]
    return Report(
        {path: outputs[path] for path in plan.outputs},
        diagnostics,
        articles=len(inputs.slugs),
        words=sum(sum(record.words) for record in records),
        sources=len({source for record in records for sources in record.sources for source in sources}),
    )


def assemble(plan: Plan, jobs: int = 1) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition of a plan, and its diagnostics. Raises PublisherError with every error of every manuscript."""
    with mapper(jobs) as workers:
        return edition_of(plan, read_inputs(plan, workers.light, None, lambda *_: None), workers.light, None)


def _write_each(
    plan: Plan, inputs: ReadInputs, draft: _Draft, workers: Mapper, cache: Cache | None, progress: Progress
) -> dict[Path, Output]:
    """Each output, from the cache where nothing that goes into it has changed; paged ones first, whose pages others carry."""
    outputs: dict[Path, Output] = {}
    for path in sorted(plan.outputs, key=lambda path: not traits_of(path).paged):
        progress(f"writing {path}", plan.steps)
        source = plan.pages_of(path)
        breaks = outputs[source].breaks if source else ()
        key = _output_key(plan, path, inputs, _output_key(plan, source, inputs) if source else "")
        step = partial(_write, plan, path, draft, breaks, workers, cache, inputs.place)
        outputs[path] = kept(cache, key, Output, step, keep=lambda output: not errors(output.diagnostics))
    return outputs


def _write(
    plan: Plan, path: Path, draft: _Draft, breaks: tuple[PageBreak, ...], workers: Mapper, cache: Cache | None, place: Places
) -> Output:
    """One output, made now; `breaks` are the pages of the output whose page numbers it carries."""
    edition, diagnostics = draft()
    table = plan.outputs[path]
    theme = themes.load(table.theme, plan.folder)
    paper = table.paper or theme.settings.paper
    style = style_of(plan.style)
    settings = Settings(theme, moment_of(edition), paper, plan.notes, table.variant, breaks, style, workers, cache, place)
    output = writer_for(path)(edition, settings)
    return replace(output, diagnostics=diagnostics + output.diagnostics)


def _output_key(plan: Plan, path: Path, inputs: ReadInputs, pages: str = "") -> str:
    """A fingerprint of all that goes into an output; `pages` is that of the output whose page numbers it carries."""
    table = plan.outputs[path]
    return fingerprint(
        "output", path.suffix, plugin_versions(), table, themes.load(table.theme, plan.folder).digest, plan.imprint, plan.label,
        plan.notes, plan.style, plan.standalone, plan.manifest, [(section.part, section.name) for section in plan.sections],
        inputs.identity, os.environ.get("SOURCE_DATE_EPOCH", ""), pages,
    )  # fmt: skip


def moment_of(edition: Edition) -> Moment:
    """The point in time for the files: SOURCE_DATE_EPOCH, else the edition's date at midnight UTC, else a fixed one."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return Moment(datetime.datetime.fromtimestamp(int(epoch), datetime.UTC))
    if edition.date is None:
        return Moment(_FIXED)
    return Moment(datetime.datetime.combine(edition.date, datetime.time(), datetime.UTC))


def write_outputs(report: Report) -> None:
    """Writes the outputs, all or none. Raises PublisherError where the disk refuses them."""
    try:
        write_all({path: output.data for path, output in report.outputs.items()})
    except OSError as problem:
        place = Location(str(problem.filename or ""))
        raise PublisherError(Diagnostic(Code.OUTPUT_UNWRITABLE, f"cannot write: {problem.strerror}", place)) from None
