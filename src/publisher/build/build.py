"""A plan becomes outputs: load, read, assemble, write. Nothing here prints or exits."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cache as once
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from publisher.build.assemble import ReadInputs, citation_style, edition_of, read_inputs
from publisher.build.beside import OutputsBeside
from publisher.build.executors import Workers, mapper
from publisher.build.planned import Plan
from publisher.build.stated_time import stated_time
from publisher.build.writing import WritingTask, written
from publisher.ledger.account import Account
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError, errors
from publisher.model.edition import Edition, LeftOut, Moment
from publisher.model.events import Listener, OutputMade, Planned, StageBegun, ignore, milliseconds_since, working
from publisher.model.plugins import plugin_versions
from publisher.store.cache import Cache
from publisher.store.file_digests import keep_digests
from publisher.store.fingerprints import fingerprint
from publisher.store.kept import kept
from publisher.text.citation_styles import CitationStyle, listing_style
from publisher.text.csl.styles import Style
from publisher.text.standard_style import standard_style
from publisher.writers import themes
from publisher.writers.contract import Mapper, Output, Places, Settings
from publisher.writers.contrast import contrast_warnings
from publisher.writers.formats import require_components, traits_of
from publisher.writers.house_themes import in_house_style
from publisher.writers.page_breaks import PageBreak
from publisher.writers.themes import Theme

_FIXED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Report:
    """What a build did. `outputs` are the finished bytes; counts are of the whole edition, sources each once.

    Without an article there are no outputs: there is nothing new. `left_out` are manuscripts with errors that are missing.
    `accounts` are what the ledger says of each manuscript, by its label. `inputs` is what was read. `finished` are the
    events of the outputs, which are not written yet.
    """

    outputs: Mapping[Path, Output] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    articles: int = 0
    words: int = 0
    sources: int = 0
    left_out: tuple[LeftOut, ...] = ()
    accounts: tuple[tuple[str, Account], ...] = ()
    inputs: ReadInputs | None = field(default=None, repr=False)
    finished: tuple[OutputMade, ...] = ()

    @property
    def pages(self) -> int:
        """The pages of the longest output."""
        return max((output.pages for output in self.outputs.values()), default=0)


@dataclass(frozen=True)
class _Tools:
    """What an output needs apart from its settings; fields as in Settings. `processes` are those of this machine."""

    mapper: Mapper
    processes: Workers
    cache: Cache | None
    report: Listener


class _Draft(NamedTuple):
    """An edition, what is wrong with its links, and the style of its list of sources."""

    edition: Edition
    diagnostics: tuple[Diagnostic, ...]
    style: CitationStyle


class _Finished(NamedTuple):
    output: Output
    event: OutputMade


def make(
    plan: Plan,
    jobs: int = 1,
    report: Listener = ignore,
    cache: Cache | None = None,
    executor: str | None = None,
    *,
    forks: bool = False,
) -> Report:
    """Every output of a plan, finished but not written. Raises PublisherError with every error there is.

    If the plan keeps going, articles with errors are left out, and their errors are among the report's messages.
    With `forks`, an e-book may be made in a fork of this process while its PDF is made here, if there are no workers.
    """
    report(Planned(plan.article_count, tuple(map(str, plan.outputs))))
    stated_time()  # wrong values end a build before it begins
    disk.mend(plan.outputs)
    for path in plan.outputs:
        require_components(path)
    citation_style(plan)
    keep_digests(cache)
    warnings = _style_warnings(plan)
    with (
        mapper(jobs, None, plan.limits, report, typesets=plan.paged, forks=forks) as local,
        mapper(jobs, executor) if executor else nullcontext(local) as workers,
    ):
        inputs = read_inputs(plan, local.light, cache, report)
        if not inputs.slugs:
            return Report(diagnostics=(*warnings, *inputs.diagnostics), accounts=inputs.accounts, inputs=inputs)
        inputs, finished, diagnostics = _write_all(plan, inputs, local.light, _Tools(workers, local, cache, report))
    if cache is not None:
        cache.prune()
        diagnostics += (Diagnostic(Code.CACHE, cache.trouble),) if cache.trouble else ()
    if inputs.left_out:
        diagnostics += (_left_out(inputs.left_out, plan.label),)
    return Report(
        {path: finished[path].output for path in plan.outputs},
        (*warnings, *diagnostics),
        articles=len(inputs.slugs),
        words=inputs.words,
        sources=len(inputs.sources),
        left_out=inputs.left_out,
        accounts=inputs.accounts,
        inputs=inputs,
        finished=tuple(finished[path].event for path in plan.outputs),
    )


def _style_warnings(plan: Plan) -> tuple[Diagnostic, ...]:
    """What the images of the imprint lost, and colors of the outputs that are hard to read. Raises PublisherError for themes."""
    problem = PublisherError()
    found = [*plan.warnings]
    for path in plan.outputs:
        try:
            found += contrast_warnings(theme_of(plan, path)[0], plan.house)
        except PublisherError as raised:
            problem = PublisherError(*dict.fromkeys((*problem.diagnostics, *raised.diagnostics)))
    if problem.diagnostics:
        raise problem
    return tuple(dict.fromkeys(found))


def _left_out(articles: Sequence[LeftOut], label: str) -> Diagnostic:
    names = ", ".join(article.name for article in articles)
    are = "1 article is" if len(articles) == 1 else f"{len(articles)} articles are"
    return Diagnostic(
        Code.ARTICLES_LEFT_OUT,
        f"{are} left out because of errors: {names}",
        Location(label),
        "correct the errors and build again",
    )


def _write_all(
    plan: Plan, inputs: ReadInputs, light: Mapper, tools: _Tools
) -> tuple[ReadInputs, dict[Path, _Finished], tuple[Diagnostic, ...]]:
    """Every output, its inputs and all messages. Raises PublisherError with the errors of all outputs.

    If the plan keeps going, the articles that the errors are about are left out, and the outputs are made again.
    """
    while True:
        draft = once(partial(_draft, plan, inputs, light, tools))
        try:
            finished = _write_each(plan, inputs, draft, tools)
            found = [inputs.located(diagnostic) for path in plan.outputs for diagnostic in finished[path].output.diagnostics]
            problem = PublisherError(*dict.fromkeys([*inputs.diagnostics, *found]))
            if not errors(found):
                return inputs, finished, problem.diagnostics
        except PublisherError as raised:
            found = list(map(inputs.located, raised.diagnostics))
            problem = PublisherError(*dict.fromkeys([*inputs.diagnostics, *found]), exit_code=raised.exit_code)
        faulty = {slug for diagnostic in errors(found) for slug in diagnostic.slugs}
        if not plan.keep_going or problem.exit_code is not Exit.INPUT or not faulty or faulty >= set(inputs.slugs):
            raise problem
        for skipped in inputs.skipped(errors(found)):
            tools.report(skipped)
        inputs = inputs.without(faulty, errors(found))


def _draft(plan: Plan, inputs: ReadInputs, light: Mapper, tools: _Tools) -> _Draft:
    with working(tools.report, "assembling", plan.label):
        edition, diagnostics = edition_of(plan, inputs, light, tools.cache)
        style = citation_style(plan)
        listing = listing_style(edition.bibliography, standard_style if isinstance(style, Style) else style)
        return _Draft(edition, diagnostics, listing)


def assemble(plan: Plan, jobs: int = 1, report: Listener = ignore) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition of a plan, and its diagnostics. Raises PublisherError with every error of every manuscript."""
    with mapper(jobs, None, plan.limits) as workers:
        inputs = read_inputs(plan, workers.light, None, report)
        edition, diagnostics = edition_of(plan, inputs, workers.light, None)
        return edition, (*plan.warnings, *inputs.diagnostics, *diagnostics)


def _write_each(plan: Plan, inputs: ReadInputs, draft: Callable[[], _Draft], tools: _Tools) -> dict[Path, _Finished]:
    """Each output, from the cache where nothing that goes into it has changed; paged ones first, whose pages others carry.

    Other processes make these meanwhile: forks of this process from the beginning, or workers when the pages are known.
    """
    finished: dict[Path, _Finished] = {}

    def task(path: Path, breaks: tuple[PageBreak, ...]) -> WritingTask:
        return _task(plan, path, draft(), breaks, tools, inputs.place)

    def write(path: Path, breaks: tuple[PageBreak, ...]) -> Output:
        beside.begin(path)
        given = task(path, breaks)
        return written(replace(given, settings=replace(given.settings, paginated=partial(beside.paginated, path))))

    with OutputsBeside(plan, task, tools.processes) as beside:
        for path in sorted(plan.outputs, key=lambda path: not traits_of(path).paged):
            start, cached = perf_counter(), list[Output]()
            tools.report(StageBegun(f"making {path.name}"))
            source = plan.pages_of(path)
            breaks = finished[source].output.breaks if source else ()
            key = _output_key(plan, path, inputs, _output_key(plan, source, inputs) if source else "")
            begun = beside.output(path)
            step = begun.output if begun else partial(write, path, breaks)
            output = kept(tools.cache, key, Output, step, lambda output: not errors(output.diagnostics), found=cached.append)
            beside.give(path, output.breaks)
            ms = begun.ms if begun and not cached else milliseconds_since(start)
            digest = hashlib.sha256(output.data).hexdigest()
            event = OutputMade(str(path), False, len(output.data), digest, output.pages, cached=bool(cached), ms=ms)
            finished[path] = _Finished(output, event)
    return finished


def _task(plan: Plan, path: Path, draft: _Draft, breaks: tuple[PageBreak, ...], tools: _Tools, place: Places) -> WritingTask:
    """What the writer of an output is given; `breaks` are the pages of the output whose page numbers it carries."""
    theme, paper = theme_of(plan, path)
    settings = Settings(
        theme,
        moment_of(draft.edition),
        paper,
        plan.notes,
        plan.outputs[path].variant,
        breaks,
        draft.style,
        tools.mapper,
        tools.cache,
        place,
        tools.report,
    )
    return WritingTask(path, draft.edition, settings, draft.diagnostics)


def _output_key(plan: Plan, path: Path, inputs: ReadInputs, pages: str = "") -> str:
    """A fingerprint of all that goes into an output; `pages` is that of the output whose page numbers it carries."""
    table = plan.outputs[path]
    return fingerprint(
        "output", path.suffix, plugin_versions(), table, *_theme_key(plan, path), plan.imprint, plan.label,
        plan.notes, _style_key(plan), plan.numbering, plan.listing, plan.standalone, plan.manifest,
        [(section.part, section.name) for section in plan.sections],
        inputs.identity, stated_time(), pages, [release.record for release in plan.history.before(plan.version)[-1:]],
    )  # fmt: skip


def theme_of(plan: Plan, path: Path) -> tuple[Theme, str]:
    """The theme of an output in the house style, and its paper. Raises PublisherError."""
    table = plan.outputs[path]
    try:
        theme = themes.load(table.theme, plan.folder)
    except PublisherError as problem:
        if table.theme != plan.house.theme:
            raise
        place = plan.house.place("name")
        raise PublisherError(*(replace(fault, location=fault.location or place) for fault in problem.diagnostics)) from None
    paper = table.paper or theme.settings.paper
    return in_house_style(theme, plan.house, paper), paper


def _theme_key(plan: Plan, path: Path) -> tuple[str, str]:
    theme, paper = theme_of(plan, path)
    return theme.digest, paper


def _style_key(plan: Plan) -> tuple[str, ...]:
    style = citation_style(plan)
    return (plan.style, style.digest) if isinstance(style, Style) else (plan.style,)


def moment_of(edition: Edition) -> Moment:
    """The point in time for the files: SOURCE_DATE_EPOCH, the edition's time, midnight UTC of its day, else the constant."""
    if (stated := stated_time()) is not None:
        return Moment(stated)
    if edition.imprint.time is not None:
        return Moment(edition.imprint.time.astimezone(datetime.UTC))
    if edition.date is None:
        return Moment(_FIXED, known=False)
    return Moment(datetime.datetime.combine(edition.date, datetime.time(), datetime.UTC))


def write_outputs(report: Report, check: Callable[[], None] = lambda: None) -> None:
    """Writes the outputs, all or none. Raises PublisherError where the disk refuses them, and what `check` raises meanwhile."""
    disk.write({path: output.data for path, output in report.outputs.items()}, check)
