"""A manifest, a folder or files become outputs: read, normalize, bind, write. Nothing here prints or exits."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from publisher import themes
from publisher.article import Article
from publisher.cache import Cache
from publisher.crossrefs import resolve
from publisher.diagnostics import Diagnostic, Location, PublisherError, error, errors, note
from publisher.edition import Edition, Entry, Imprint, Moment, Section, entry_of
from publisher.executors import mapper
from publisher.files import write_all
from publisher.formats import readable, reader_for, writable, writer_for
from publisher.manifest import Manifest, OutputTable, PlacedArticle, load, load_sidecar
from publisher.manuscript import Manuscript
from publisher.metadata import Metadata
from publisher.normalize import normalize
from publisher.reading import text_of
from publisher.writers.output import Output, Settings

MANIFEST = "publisher.toml"
_FIXED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
Progress = Callable[[str, int], None]  # what begins now, and how many such steps there are


@dataclass(frozen=True)
class Placed:
    """A manuscript's place in the edition: its file, and what is said of it there."""

    path: Path
    given: Metadata = Metadata()
    line: int = 0


@dataclass(frozen=True)
class Plan:
    """What a build will do: the imprint, the sections, the outputs by path."""

    imprint: Imprint
    sections: tuple[tuple[str, tuple[Placed, ...]], ...]
    outputs: Mapping[Path, OutputTable]
    label: str
    folder: Path
    notes: str = "auto"
    standalone: bool = False

    @property
    def steps(self) -> int:
        """How many steps a build takes, for whoever watches: an article read, an output written."""
        return sum(len(articles) for _, articles in self.sections) + len(self.outputs)


@dataclass(frozen=True)
class Report:
    """What a build did. `outputs` are the finished bytes; with errors there are none."""

    outputs: Mapping[Path, Output] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def plan(inputs: Sequence[Path], outputs: Sequence[Path], theme: str | None = None, profile: str | None = None) -> Plan:
    """The plan for a manifest, a folder or files. Raises PublisherError with everything that is wrong with it."""
    inputs = inputs or [Path()]
    first = inputs[0]
    made = _from_manifest(first, profile) if len(inputs) == 1 and _is_manifest(first) else _from_files(inputs)
    if outputs:
        known = {path.suffix.lower(): table for path, table in made.outputs.items()}
        made = replace(made, outputs={path: known.get(path.suffix.lower(), OutputTable()) for path in outputs})
    if theme:
        made = replace(made, outputs={path: table.model_copy(update={"theme": theme}) for path, table in made.outputs.items()})
    wrong = [_no_writer(path) for path in made.outputs if path.suffix.lower() not in writable()]
    if wrong:
        raise PublisherError(*wrong)
    return made


def _is_manifest(path: Path) -> bool:
    return path.suffix == ".toml" or (path.is_dir() and (path / MANIFEST).is_file())


def _from_manifest(path: Path, profile: str | None) -> Plan:
    path = path / MANIFEST if path.is_dir() else path
    label, folder = str(path), path.parent
    manifest: Manifest = load(path, label, profile)
    text = path.read_text("utf-8-sig")
    sections = tuple((one.title, tuple(_placed(folder, article, text) for article in one.articles)) for one in manifest.section)
    if not any(articles for _, articles in sections):
        found = tuple(Placed(file) for file in _manuscripts(folder))
        if not found:
            raise PublisherError(_nothing(label))
        sections = (("", found),)
    outputs = {_tidy(folder / name): table for name, table in manifest.outputs.items()}
    outputs = outputs or _default_outputs(folder, folder.resolve().name)
    return Plan(manifest.imprint(), sections, outputs, label, folder, manifest.sources.notes)


def _placed(folder: Path, article: PlacedArticle, text: str) -> Placed:
    line = next((number for number, line in enumerate(text.split("\n"), 1) if f'"{article.path}"' in line), 0)
    return Placed(folder / article.path, article.metadata(), line)


def _tidy(path: Path) -> Path:
    return Path(os.path.relpath(path)) if not path.is_absolute() else Path(os.path.normpath(path))


def _from_files(inputs: Sequence[Path]) -> Plan:
    files = [file for one in inputs for file in (_manuscripts(one) if one.is_dir() else [one])]
    if not files:
        raise PublisherError(*(_nothing(str(one)) for one in inputs))
    folder = inputs[0] if inputs[0].is_dir() else Path()
    single = len(files) == 1
    name = files[0].stem if single else (inputs[0].resolve().name if inputs[0].is_dir() else "collection")
    title = "" if single else name.replace("-", " ").replace("_", " ").strip().capitalize()
    placed = tuple(Placed(file) for file in files)
    return Plan(Imprint(title), (("", placed),), _default_outputs(Path(), name), str(inputs[0]), folder, standalone=single)


def _manuscripts(folder: Path) -> list[Path]:
    known = readable()
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in known and path.name.upper() != "README.MD")


def _default_outputs(folder: Path, name: str) -> dict[Path, OutputTable]:
    return {folder / "dist" / f"{name}.pdf": OutputTable(), folder / "dist" / f"{name}.epub": OutputTable()}


def _nothing(label: str) -> Diagnostic:
    return error(
        "there is nothing to read here", "nothing-to-read", Location(label), f"manuscripts end in {', '.join(readable())}"
    )


def _no_writer(path: Path) -> Diagnostic:
    return error(f"nobody writes {path.suffix or 'a file without a suffix'}", "output-suffix", Location(str(path)),
                 f"outputs end in {', '.join(writable())}")  # fmt: skip


def read(placed: Placed, label: str) -> Manuscript:
    """The manuscript with what its sidecar and the manifest say. Raises PublisherError where it cannot be opened."""
    path, place = placed.path, Location(label, placed.line)
    if path.suffix.lower() not in readable():
        if not path.exists():
            raise PublisherError(error(f"there is no {path}", "file-missing", place, "paths are relative to the manifest"))
        raise PublisherError(error(f"nobody reads {path}", "format", place, f"manuscripts end in {', '.join(readable())}"))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise PublisherError(error(f"there is no {path}", "file-missing", place, "paths are relative to the manifest")) from None
    except OSError as problem:
        raise PublisherError(error(f"{path} cannot be read: {problem.strerror}", "file-unreadable", place)) from None
    sidecar = path.with_suffix(".toml")
    given = placed.given
    if sidecar.is_file() and sidecar.name != MANIFEST:
        given = given.merged(load_sidecar(sidecar, str(_tidy(sidecar))))
    return Manuscript(path, data, str(_tidy(path)), given)


def articles_of(manuscript: Manuscript, lang: str = "en") -> tuple[Article, ...]:
    """The normalized articles of a manuscript. Raises PublisherError; milder trouble is in its complaints."""
    reader = reader_for(manuscript.path.suffix)
    if reader is None:
        raise manuscript.refuse("nobody reads this format", "format", hint=f"manuscripts end in {', '.join(readable())}")
    return tuple(normalize(article, manuscript, lang) for article in reader(manuscript))


def assemble(made: Plan, progress: Progress = lambda *_: None) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """The edition of a plan, and what was complained of. Raises PublisherError with every error of every manuscript."""
    said: list[Diagnostic] = []
    taken: list[tuple[int, Placed, Manuscript, Article]] = []
    for index, (_, articles) in enumerate(made.sections):
        for placed in articles:
            progress(f"reading {placed.path}", made.steps)
            manuscript = None
            try:
                manuscript = read(placed, made.label)
                taken += [(index, placed, manuscript, one) for one in articles_of(manuscript, made.imprint.language)]
            except PublisherError as problem:
                said += problem.diagnostics
            if manuscript is not None:
                said += manuscript.complaints
                manuscript.complaints.clear()
    slugs, clashes = _slugs([(placed, manuscript) for _, placed, manuscript, _ in taken], made.label)
    said += clashes
    if errors(said):
        raise PublisherError(*said)
    entries: dict[int, list[Entry]] = {}
    paths = {manuscript.path.resolve(): slug for (_, _, manuscript, _), slug in zip(taken, slugs, strict=True)}
    for (index, _, manuscript, article), slug in zip(taken, slugs, strict=True):
        resolve(article, manuscript, paths)
        said += manuscript.complaints
        entries.setdefault(index, []).append(entry_of(slug, article, text_of(article)))
    return _edition(made, entries), tuple(said)


def _edition(made: Plan, entries: Mapping[int, list[Entry]]) -> Edition:
    sections = tuple(
        Section(title, f"section-{number}", tuple(entries.get(number - 1, ())))
        for number, (title, _) in enumerate(made.sections, 1)
        if entries.get(number - 1)
    )
    imprint = made.imprint
    if made.standalone:
        metadata = sections[0].entries[0].metadata
        imprint = replace(imprint, title=metadata.title, authors=metadata.authors, language=metadata.lang,
                          description=metadata.description, rights=metadata.rights, publisher=metadata.publisher)  # fmt: skip
    return Edition(imprint, sections, made.standalone)


def _slugs(placed: Iterable[tuple[Placed, Manuscript]], label: str) -> tuple[list[str], list[Diagnostic]]:
    """A slug for each article: the one given, else the file's name, with a number behind it on a collision."""
    from slugify import slugify

    explicit: dict[str, Placed] = {}
    clashes, slugs = [], []
    pairs = list(placed)
    for one, manuscript in pairs:
        given = manuscript.given.slug
        if given and explicit.setdefault(given, one) is not one:
            clashes.append(error(f"two articles have the slug {given!r}", "slug-twice", Location(label, one.line),
                                 f"the other is {explicit[given].path}"))  # fmt: skip
    used = {"title", "sources", "colophon", "nav", "cover", "contents"} | set(explicit)
    for one, manuscript in pairs:
        wished = manuscript.given.slug
        if not wished:
            stem = slugify(one.path.stem) or "article"
            stem = f"a-{stem}" if stem[0].isdigit() or stem.startswith("section-") else stem
            wished = next(name for name in (stem, *(f"{stem}-{number}" for number in range(2, 10_000))) if name not in used)
            used.add(wished)
        slugs.append(wished)
    return slugs, clashes


def moment_of(edition: Edition) -> Moment:
    """The point in time for the files: SOURCE_DATE_EPOCH, else the edition's date at midnight UTC, else a fixed one."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return Moment(datetime.datetime.fromtimestamp(int(epoch), datetime.UTC))
    if edition.date is None:
        return Moment(_FIXED)
    return Moment(datetime.datetime.combine(edition.date, datetime.time(), datetime.UTC))


def make(
    made: Plan,
    jobs: int = 1,
    progress: Progress = lambda *_: None,
    cache: Cache | None = None,
    executor: str | None = None,
) -> Report:
    """Every output of a plan, finished but not written. Raises PublisherError with every error there is."""
    edition, said = assemble(made, progress)
    done: dict[Path, Output] = {}
    with mapper(jobs, executor) as run:
        for path, table in sorted(made.outputs.items(), key=lambda item: item[0].suffix != ".pdf"):
            progress(f"writing {path}", made.steps)
            theme = themes.load(table.theme, made.folder)
            settings = Settings(theme, moment_of(edition), table.paper, made.notes, table.variant, run, cache)
            done[path] = writer_for(path.suffix)(edition, settings)
            said += tuple(one for one in done[path].diagnostics if one not in said)
    if errors(said):
        raise PublisherError(*said)
    if cache is not None:
        cache.prune()
        said += (note(cache.trouble, "cache"),) if cache.trouble else ()
    return Report(done, said)


def store(report: Report) -> None:
    """Writes the outputs, all or none. Raises PublisherError where the disk will not have them."""
    try:
        write_all({path: output.data for path, output in report.outputs.items()})
    except OSError as problem:
        where = Location(str(problem.filename or ""))
        raise PublisherError(error(f"cannot write: {problem.strerror}", "output-unwritable", where)) from None
