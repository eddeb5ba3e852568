"""What a build will do: from a manifest, a folder or files to articles in sections and outputs by path."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Imprint
from publisher.input.formats import GENERIC, readable, reader_for
from publisher.writers.formats import writable
from publisher.text.languages import long_date
from publisher.model.limits import Limits
from publisher.build.manifest import Manifest, OutputTable, ListedArticle, load, load_sidecar
from publisher.input.manuscript import Manuscript
from publisher.model.metadata import Metadata

MANIFEST = "publisher.toml"
_INDEXES = {"index.md", "summary.md", "_index.md"}  # lists of links that give a folder its order


@dataclass(frozen=True)
class PlannedArticle:
    """A manuscript's place in the edition: its file, what is said of it there, and the manifest that says it."""

    path: Path
    given: Metadata = Metadata()
    line: int = 0
    label: str = ""
    since: datetime.date | None = None
    most: int | None = None


@dataclass(frozen=True)
class PlannedSection:
    """A section of the plan; `part` is the title of the edition it comes from, where several become a volume."""

    name: str
    articles: tuple[PlannedArticle, ...]
    part: str = ""


@dataclass(frozen=True)
class Plan:
    """What a build will do: the imprint, the sections, the outputs by path; `manifest` is the text it was read from."""

    imprint: Imprint
    sections: tuple[PlannedSection, ...]
    outputs: Mapping[Path, OutputTable]
    label: str
    folder: Path
    notes: str = "auto"
    standalone: bool = False
    manifest: str = ""
    limits: Limits = Limits()

    @property
    def steps(self) -> int:
        """How many steps a build takes, for whoever watches: an article read, an output written."""
        return sum(len(one.articles) for one in self.sections) + len(self.outputs)

    def pages_of(self, path: Path) -> Path | None:
        """The PDF whose page numbers an e-book carries: the one it names, else the only one; None without one."""
        if path.suffix.lower() != ".epub":
            return None
        named = self.outputs[path].pages
        if named:
            wanted = _tidy(self.folder / named)
            return wanted if wanted in self.outputs else None
        paged = [one for one in self.outputs if one.suffix.lower() == ".pdf"]
        return paged[0] if len(paged) == 1 else None


def plan(inputs: Sequence[Path], outputs: Sequence[Path], theme: str | None = None, profile: str | None = None) -> Plan:
    """The plan for a manifest, several (a volume), a folder or files. Raises PublisherError with all that is wrong with it."""
    inputs = inputs or [Path()]
    manifests = all(map(_is_manifest, inputs))
    made = _volume([_from_manifest(one, profile) for one in inputs]) if manifests else _from_files(inputs)
    if outputs:
        known = {path.suffix.lower(): table for path, table in made.outputs.items()}
        made = replace(made, outputs={path: known.get(path.suffix.lower(), OutputTable()) for path in outputs})
    if theme:
        made = replace(made, outputs={path: _in_theme(table, theme) for path, table in made.outputs.items()})
    wrong = [_no_writer(path) for path in made.outputs if path.suffix.lower() not in writable()]
    if wrong:
        raise PublisherError(*wrong)
    return made


def _in_theme(table: OutputTable, theme: str) -> OutputTable:
    """An output in another theme than the manifest's, on that theme's own paper."""
    return table if table.theme == theme else table.model_copy(update={"theme": theme, "paper": None})


def _is_manifest(path: Path) -> bool:
    return path.suffix == ".toml" or (path.is_dir() and (path / MANIFEST).is_file())


def _from_manifest(path: Path, profile: str | None) -> Plan:
    path = path / MANIFEST if path.is_dir() else path
    label, folder = str(path), path.parent
    manifest: Manifest = load(path, label, profile)
    text = path.read_text("utf-8-sig")
    sections = tuple(
        PlannedSection(one.title, tuple(_placed(folder, article, text, label) for article in one.articles)) for one in manifest.section
    )
    if not any(one.articles for one in sections):
        found = tuple(PlannedArticle(file, label=label) for file in _manuscripts(folder))
        if not found:
            raise PublisherError(_nothing(label))
        sections = (PlannedSection("", found),)
    outputs = {_tidy(folder / name): table for name, table in manifest.outputs.items()}
    outputs = outputs or _default_outputs(folder, folder.resolve().name)
    return Plan(
        manifest.imprint(),
        sections,
        outputs,
        label,
        folder,
        manifest.sources.notes,
        manifest=text,
        limits=Limits(**manifest.limits.model_dump()),
    )


def _volume(plans: Sequence[Plan]) -> Plan:
    """Several editions in one, each a part with its sections, in the order given; what they all say, the volume says."""
    first = plans[0]
    if len(plans) == 1:
        return first
    imprints = [one.imprint for one in plans]
    same = {name: value for name, value in vars(first.imprint).items() if all(getattr(one, name) == value for one in imprints)}
    title = first.imprint.series or same.get("title") or " · ".join(one.title for one in imprints)
    authors = tuple(dict.fromkeys(name for one in imprints for name in one.authors))
    dates = [one.date for one in imprints if one.date]
    lang = first.imprint.language
    told = {**same, "title": title, "authors": authors, "language": lang, "date": max(dates, default=None)}
    told |= {"subtitle": _span(dates, lang) or same.get("subtitle", ""), "description": ""}  # a description tells of one
    sections = tuple(
        replace(section, part=part) for part, one in zip(_part_titles(imprints), plans, strict=True) for section in one.sections
    )
    outputs = _default_outputs(Path(), "volume")
    manifest = "\n".join(f"# {one.label}\n{one.manifest}" for one in plans)
    imprint = Imprint(**{**told, "number": None, "identifier": ""})
    return replace(first, imprint=imprint, sections=sections, outputs=outputs, manifest=manifest)


def _span(days: Sequence[datetime.date], lang: str) -> str:
    """From the first day to the last, written out; empty where there is but one."""
    if len(set(days)) < 2:
        return ""
    return f"{long_date(min(days), lang)} – {long_date(max(days), lang)}"


def _part_titles(imprints: Sequence[Imprint]) -> list[str]:
    """What tells the parts of a volume apart: their titles, with their dates where titles recur, else with a number."""
    titles = [one.title for one in imprints]
    if len(set(titles)) < len(titles):
        days = [long_date(one.date, one.language) for one in imprints]
        titles = days if all(days) else [f"{title}, {day}" if day else title for title, day in zip(titles, days, strict=True)]
    counted: dict[str, int] = {}
    for index, title in enumerate(titles):
        counted[title] = counted.get(title, 0) + 1
        titles[index] = title if counted[title] == 1 else f"{title} ({counted[title]})"
    return titles


def _placed(folder: Path, article: ListedArticle, text: str, label: str) -> PlannedArticle:
    line = next((number for number, line in enumerate(text.split("\n"), 1) if f'"{article.path}"' in line), 0)
    return PlannedArticle(folder / article.path, article.metadata(), line, label, article.since, article.most)


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
    label = str(inputs[0])
    placed = tuple(PlannedArticle(file, label=label) for file in files)
    return Plan(Imprint(title), (PlannedSection("", placed),), _default_outputs(Path(), name), label, folder, standalone=single)


def _manuscripts(folder: Path) -> list[Path]:
    """The manuscripts of a folder: in the order in which an index names them, the others behind by name."""
    known = readable()
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in known and path.name.upper() != "README.MD")
    found = [path for path in found if path.suffix.lower() not in GENERIC or reader_for(path.name, path.read_bytes())]
    index = next((path for path in found if path.name.lower() in _INDEXES), None)
    if index is None:
        return found
    text = index.read_text("utf-8", "replace")
    places = {path: text.find(f"({path.name}") for path in found if path != index}
    named = sorted((path for path, place in places.items() if place >= 0), key=lambda path: places[path])
    return [*named, *(path for path in found if path != index and path not in named)] if named else found


def _default_outputs(folder: Path, name: str) -> dict[Path, OutputTable]:
    return {folder / "dist" / f"{name}.pdf": OutputTable(), folder / "dist" / f"{name}.epub": OutputTable()}


def _nothing(label: str) -> Diagnostic:
    return Diagnostic(Code.NOTHING_TO_READ, "there is nothing to read here", Location(label), f"manuscripts end in {', '.join(readable())}")


def _no_writer(path: Path) -> Diagnostic:
    return Diagnostic(Code.OUTPUT_SUFFIX, f"nobody writes {path.suffix or 'a file without a suffix'}", Location(str(path)), f"outputs end in {', '.join(writable())}")  # fmt: skip


def load_manuscript(placed: PlannedArticle, limits: Limits = Limits()) -> Manuscript:  # noqa: B008 (frozen)
    """The manuscript with what its sidecar and the manifest say. Raises PublisherError where it cannot be opened."""
    path, place = placed.path, Location(placed.label or str(placed.path), placed.line)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"there is no {path}", place, "paths are relative to the manifest")) from None
    except OSError as problem:
        raise PublisherError(Diagnostic(Code.FILE_UNREADABLE, f"{path} cannot be read: {problem.strerror}", place)) from None
    sidecar = path.with_suffix(".toml")
    given = placed.given
    if sidecar.is_file() and sidecar.name != MANIFEST:
        given = given.merged(load_sidecar(sidecar, str(_tidy(sidecar))))
    return Manuscript(path, data, str(_tidy(path)), given, limits, placed.since, placed.most)
