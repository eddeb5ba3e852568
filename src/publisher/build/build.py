"""A plan becomes outputs: read, normalize, bind, write. Nothing here prints or exits."""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from publisher.model.codes import Code
from publisher.writers import themes
from publisher.store.cache import Cache
from publisher.model.diagnostics import Diagnostic, Location, PublisherError, diagnostic_from, errors
from publisher.model.edition import Edition, Entry, Moment, Section
from publisher.build.executors import mapper
from publisher.store.files import write_all
from publisher.store.fingerprints import fingerprint
from publisher.writers.formats import writer_for
from publisher.build.ingest import ReadResult, load_entries, read_all
from publisher.build.manifest import OutputTable
from publisher.input.manuscript import Manuscript
from publisher.build.plan import PlannedArticle, Plan, load_manuscript
from publisher.writers.contract import Mapper, Output, Settings
from publisher.writers.page_breaks import PageStart, PageBreak

_FIXED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
Progress = Callable[[str, int], None]  # what begins now, and how many such steps there are


@dataclass(frozen=True)
class Report:
    """What a build did. `outputs` are the finished bytes; with errors there are none."""

    outputs: Mapping[Path, Output] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class _Gathered:
    """The manuscripts of a plan with what came of them, in order.

    `places` holds the section and the place of each; `slugs` has one for each article, of which some hold several.
    """

    places: tuple[tuple[int, PlannedArticle], ...]
    manuscripts: tuple[Manuscript, ...]
    taken: tuple[ReadResult, ...]
    slugs: tuple[str, ...]


def make(
    made: Plan,
    jobs: int = 1,
    progress: Progress = lambda *_: None,
    cache: Cache | None = None,
    executor: str | None = None,
) -> Report:
    """Every output of a plan, finished but not written. Raises PublisherError with every error there is."""
    with mapper(jobs) as local, mapper(jobs, executor) if executor else nullcontext(local) as run:
        gathered = _gather(made, local.light, cache, progress)
        keys = _output_keys(made, gathered)
        done = {path: known for path, key in keys.items() if (known := _kept(key, cache))}
        if len(done) < len(keys):
            edition, said = _assemble(made, gathered, local.light, cache)
            for path, table in sorted(made.outputs.items(), key=lambda item: item[0].suffix != ".pdf"):
                progress(f"writing {path}", made.steps)
                if path not in done:
                    breaks = done[source].breaks if (source := made.pages_of(path)) else ()
                    done[path] = _write(made, path, table, edition, said, breaks, run, cache)
                    _keep(keys[path], done[path], cache)
    told = tuple(dict.fromkeys(one for path in made.outputs for one in done[path].diagnostics))
    if errors(told):
        raise PublisherError(*told)
    if cache is not None:
        cache.prune()
        told += (Diagnostic(Code.CACHE, cache.trouble),) if cache.trouble else ()
    return Report({path: done[path] for path in made.outputs}, told)


def _write(
    made: Plan,
    path: Path,
    table: OutputTable,
    edition: Edition,
    said: tuple[Diagnostic, ...],
    breaks: tuple[PageBreak, ...],
    run: Mapper,
    cache: Cache | None,
) -> Output:
    theme = themes.load(table.theme, made.folder)
    paper = table.paper or theme.settings.paper
    settings = Settings(theme, moment_of(edition), paper, made.notes, table.variant, breaks, run, cache)
    output: Output = writer_for(path.suffix)(edition, settings)
    return replace(output, diagnostics=said + output.diagnostics)


def assemble(made: Plan, jobs: int = 1) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition of a plan, and what was complained of. Raises PublisherError with every error of every manuscript."""
    with mapper(jobs) as run:
        return _assemble(made, _gather(made, run.light, None, lambda *_: None), run.light, None)


def _gather(made: Plan, run: Mapper, cache: Cache | None, progress: Progress) -> _Gathered:
    """Every manuscript opened, and read where it is not known. Raises PublisherError with all errors of all of them."""
    places: list[tuple[int, PlannedArticle]] = []
    manuscripts: list[Manuscript] = []
    told: dict[PlannedArticle, tuple[Diagnostic, ...]] = {}  # in the order of the plan, whatever is found out when
    for index, section in enumerate(made.sections):
        for placed in section.articles:
            progress(f"reading {placed.path}", made.steps)
            try:
                manuscripts.append(load_manuscript(placed, made.limits))
                places.append((index, placed))
            except PublisherError as problem:
                told[placed] = problem.diagnostics
            else:
                told[placed] = ()
    taken = read_all(manuscripts, made.imprint.language, run, cache)
    told |= {placed: came.diagnostics for (_, placed), came in zip(places, taken, strict=True)}
    said = [one for some in told.values() for one in some]
    rows = zip(places, manuscripts, taken, strict=True)
    slugs, clashes = _slugs([(placed, one, came.names) for (_, placed), one, came in rows])
    if clashes or errors(said):
        raise PublisherError(*said, *clashes)
    if not slugs:
        raise PublisherError(*said, Diagnostic(Code.NOTHING_TO_READ, "no article is left to publish", Location(made.label)))
    return _Gathered(tuple(places), tuple(manuscripts), tuple(taken), tuple(slugs))


def _assemble(made: Plan, gathered: _Gathered, run: Mapper, cache: Cache | None) -> tuple[Edition, tuple[Diagnostic, ...]]:
    from publisher.build.crossrefs import resolve

    taken = load_entries(gathered.taken, gathered.manuscripts, made.imprint.language, run, cache)
    rows = [
        (place, manuscript, entry)
        for place, manuscript, came in zip(gathered.places, gathered.manuscripts, taken, strict=True)
        for entry in came.entries or ()
    ]
    said = [one for came in taken for one in came.diagnostics]
    entries: dict[int, list[Entry]] = {}
    paths = {manuscript.path.resolve(): slug for (_, manuscript, _), slug in zip(rows, gathered.slugs, strict=True)}
    for ((index, _), manuscript, entry), slug in zip(rows, gathered.slugs, strict=True):
        linked, broken = resolve(entry.xhtml, manuscript, paths)
        said += broken
        entries.setdefault(index, []).append(replace(entry, slug=slug, xhtml=linked))
    return _edition(made, entries), tuple(said)


def _output_keys(made: Plan, gathered: _Gathered) -> dict[Path, str]:
    """A fingerprint of all that goes into each output: for an e-book with page numbers, all that goes into their PDF too."""
    own = {path: _output_key(made, path, table, gathered) for path, table in made.outputs.items()}
    sources = {path: made.pages_of(path) for path in own}
    return {path: fingerprint("pages", key, own[source]) if (source := sources[path]) else key for path, key in own.items()}


def _output_key(made: Plan, path: Path, table: OutputTable, gathered: _Gathered) -> str:
    articles = [
        (index, str(placed.path), placed.line, came.identity)
        for (index, placed), came in zip(gathered.places, gathered.taken, strict=True)
    ]
    return fingerprint(
        "output", path.suffix, table, themes.load(table.theme, made.folder).digest, made.imprint, made.label, made.notes,
        made.standalone, made.manifest, [(one.part, one.name) for one in made.sections], articles,
        os.environ.get("SOURCE_DATE_EPOCH", ""),
    )  # fmt: skip


def _keep(key: str, output: Output, cache: Cache | None) -> None:
    if cache is None or errors(output.diagnostics):
        return
    said = [asdict(one) for one in output.diagnostics]
    breaks = [asdict(one) for one in output.breaks]
    head = {"diagnostics": said, "pages": output.pages, "starts": output.starts, "breaks": breaks}
    cache.put(key, json.dumps(head).encode() + b"\n" + output.data)


def _kept(key: str, cache: Cache | None) -> Output | None:
    stored = cache.get(key) if cache else None
    if stored is None:
        return None
    head, _, data = stored.partition(b"\n")
    values = json.loads(head)
    said = tuple(map(diagnostic_from, values["diagnostics"]))
    breaks = tuple(PageBreak(one["folio"], PageStart(**one["begin"])) for one in values["breaks"])
    return Output(data, said, values["pages"], values["starts"], breaks)


def _edition(made: Plan, entries: Mapping[int, list[Entry]]) -> Edition:
    sections = tuple(
        Section(one.name, f"section-{number}", tuple(entries.get(number - 1, ())), one.part)
        for number, one in enumerate(made.sections, 1)
        if entries.get(number - 1)
    )
    imprint = made.imprint
    if made.standalone:
        metadata = sections[0].entries[0].metadata
        imprint = replace(imprint, title=metadata.title, authors=metadata.authors, language=metadata.lang,
                          description=metadata.description, rights=metadata.rights, publisher=metadata.publisher)  # fmt: skip
    return Edition(imprint, sections, made.standalone, made.manifest)


def _slugs(rows: Sequence[tuple[PlannedArticle, Manuscript, tuple[str, ...]]]) -> tuple[list[str], list[Diagnostic]]:
    """A slug for each article of each manuscript: the one given, else the file's name, with a number behind it on a collision.

    Several in one file have what tells them apart behind it: six digits of what their source calls each, so that an entry of a
    feed keeps its slug when others come before it.
    """
    explicit: dict[str, PlannedArticle] = {}
    clashes, slugs = [], []
    for one, manuscript, names in rows:
        given = manuscript.given.slug if len(names) == 1 else ""
        if given and explicit.setdefault(given, one) is not one:
            clashes.append(Diagnostic(Code.SLUG_TWICE, f"two articles have the slug {given!r}", Location(one.label, one.line), f"the other is {explicit[given].path}"))  # fmt: skip
    used = {"title", "sources", "colophon", "nav", "cover", "contents"} | set(explicit)
    for one, manuscript, names in rows:
        given = manuscript.given.slug
        stem = given or _slug(one.path.stem)
        stem = f"a-{stem}" if stem[0].isdigit() or stem.startswith(("section-", "part-")) else stem
        for name in names:
            if given and len(names) == 1:
                slugs.append(given)
                continue
            apart = hashlib.sha256(name.encode()).hexdigest()[:6] if name and len(names) > 1 else ""
            wished = f"{stem}-{apart}" if apart else stem
            numbered = (f"{wished}-{number}" for number in itertools.count(2))
            slugs.append(next(free for free in itertools.chain([wished], numbered) if free not in used))
            used.add(slugs[-1])
    return slugs, clashes


def _slug(stem: str) -> str:
    if re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", stem):
        return stem
    from slugify import slugify

    return slugify(stem) or "article"


def moment_of(edition: Edition) -> Moment:
    """The point in time for the files: SOURCE_DATE_EPOCH, else the edition's date at midnight UTC, else a fixed one."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return Moment(datetime.datetime.fromtimestamp(int(epoch), datetime.UTC))
    if edition.date is None:
        return Moment(_FIXED)
    return Moment(datetime.datetime.combine(edition.date, datetime.time(), datetime.UTC))


def write_outputs(report: Report) -> None:
    """Writes the outputs, all or none. Raises PublisherError where the disk will not have them."""
    try:
        write_all({path: output.data for path, output in report.outputs.items()})
    except OSError as problem:
        where = Location(str(problem.filename or ""))
        raise PublisherError(Diagnostic(Code.OUTPUT_UNWRITABLE, f"cannot write: {problem.strerror}", where)) from None
