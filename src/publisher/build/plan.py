"""What a build will do: from a manifest, a folder or files to articles in sections and outputs by path."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.build.house import read_house
from publisher.build.manifest import ListedArticle, Manifest, OutputTable, load, load_sidecar
from publisher.input.captures import CAPTURE_INDEX
from publisher.input.folders import folders_of
from publisher.input.formats import GENERIC, readable, reader_for
from publisher.input.manuscript import Manuscript
from publisher.input.named_files import read_named
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Imprint
from publisher.model.house_style import HouseStyle
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata, with_written_addresses
from publisher.store.regular_files import LargeFile, read_regular
from publisher.text.citation_styles import DEFAULT_STYLE, styles
from publisher.text.csl.styles import is_csl, shipped
from publisher.text.languages import long_date
from publisher.writers.formats import format_of, formats, traits_of
from publisher.writers.themes import DEFAULT

MANIFEST = "publisher.toml"
_INDEXES = {"index.md", "summary.md", "_index.md"}  # lists of links that give a folder its order


@dataclass(frozen=True)
class PlannedArticle:
    """A manuscript's place in the edition: its file, what is given for it there, and where that stands in the manifest.

    `named`: the manifest, or the command line alone, names it by its path; it did not come with a folder or with other files.
    `listed`: nobody names it; it was found in a folder.
    """

    path: Path
    given: Metadata = Metadata()
    line: int = 0
    label: str = ""
    named: bool = False
    since: datetime.date | None = None
    most: int | None = None
    listed: bool = False


@dataclass(frozen=True)
class PlannedSection:
    """A section of the plan; `part` is the title of the edition it comes from, where several become a volume."""

    name: str
    articles: tuple[PlannedArticle, ...]
    part: str = ""


@dataclass(frozen=True)
class Plan:
    """What a build will do: the imprint, the sections, the outputs by path; `manifest` is the text it was read from.

    `notes`, `style`, `numbering` and `listing` are as under `[sources]` in the manifest. With `keep_going`, articles with errors
    are left out and the rest is published. `folders` are those whose files the manuscripts may name (folders.folders_of).
    `house` is the house style, `warnings` what the images of the imprint lost.
    """

    imprint: Imprint
    sections: tuple[PlannedSection, ...]
    outputs: Mapping[Path, OutputTable]
    label: str
    folder: Path
    notes: str = "auto"
    style: str = DEFAULT_STYLE
    numbering: str = "article"
    listing: str = "article"
    standalone: bool = False
    manifest: str = ""
    limits: Limits = Limits()
    keep_going: bool = False
    bibliography: tuple[Path, ...] = ()
    folders: tuple[str, ...] = ()
    house: HouseStyle = HouseStyle()
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def article_count(self) -> int:
        """How many manuscripts are read; a feed among them may hold many articles."""
        return sum(len(section.articles) for section in self.sections)

    @property
    def steps(self) -> int:
        """How many steps a build takes, for a progress bar: a manuscript read, an output written."""
        return self.article_count + len(self.outputs)

    @property
    def paged(self) -> bool:
        """Whether an output has pages of its own: it must then be typeset, which takes most of a build."""
        return any(traits_of(path).paged for path in self.outputs)

    def pages_of(self, path: Path) -> Path | None:
        """The paged output whose page numbers `path` carries: the one it names, else the only one; None without one."""
        if not traits_of(path).carries_pages:
            return None
        name = self.outputs[path].pages
        if name:
            output = _relative(self.folder / name)
            return output if output in self.outputs else None
        paged = [output for output in self.outputs if traits_of(output).paged]
        return paged[0] if len(paged) == 1 else None


def plan(
    inputs: Sequence[Path],
    outputs: Sequence[Path],
    theme: str | None = None,
    profile: str | None = None,
    keep_going: bool = False,
    allow: Sequence[Path] = (),
    paper: str | None = None,
) -> Plan:
    """The plan for a manifest, several (a volume), a folder or files. Raises PublisherError with all that is wrong with it.

    `outputs`, `theme` and `paper` take the place of the manifest's; `keep_going` is as in Plan, and the manifest may ask for it
    too. `allow` are more folders whose files manuscripts may name.
    """
    inputs = inputs or [Path()]
    manifests = all(map(_is_manifest, inputs))
    result = _volume([_from_manifest(path, profile) for path in inputs]) if manifests else _from_files(inputs)
    articles = (article for section in result.sections for article in section.articles)
    folders = folders_of([*map(Path, result.folders), *allow, *places_of(articles)])
    result = replace(result, keep_going=keep_going or result.keep_going, folders=folders)
    if outputs:
        known = {path.suffix.lower(): table for path, table in result.outputs.items()}
        result = replace(result, outputs={path: known.get(path.suffix.lower(), OutputTable()) for path in outputs})
    tables = {path: _styled(table, result.house, theme or "", paper) for path, table in result.outputs.items()}
    result = replace(result, outputs=tables)
    unsupported = [_unsupported_output(path) for path in result.outputs if format_of(path) is None]
    if result.style not in styles() and not is_csl(result.style):
        unsupported.append(_unknown_style(result))
    if unsupported:
        raise PublisherError(*unsupported)
    return result


def _styled(table: OutputTable, house: HouseStyle, theme: str, paper: str | None) -> OutputTable:
    """An output with its theme and paper: those of the command line, its own, those of the house, the theme's own.

    The paper that an output names is for the theme that it names: another theme of the command line has the house's or its own.
    """
    own = table.theme or house.theme or DEFAULT
    chosen = theme or own
    own_paper = table.paper if chosen == own else None
    return table.model_copy(update={"theme": chosen, "paper": paper or own_paper or house.paper or None})


def _is_manifest(path: Path) -> bool:
    return path.suffix == ".toml" or (path.is_dir() and (path / MANIFEST).is_file())


def _from_manifest(path: Path, profile: str | None) -> Plan:
    path = path / MANIFEST if path.is_dir() else path
    label, folder = str(path), path.parent
    manifest: Manifest = load(path, label, profile)
    text = path.read_text("utf-8-sig")
    sections = tuple(
        PlannedSection(section.title, tuple(_planned(folder, article, text, label) for article in section.articles))
        for section in manifest.section
    )
    if not any(section.articles for section in sections):
        articles = tuple(PlannedArticle(file, label=label, listed=True) for file in _manuscripts(folder))
        if not articles:
            raise PublisherError(_nothing(label))
        sections = (PlannedSection("", articles),)
    outputs = {_relative(folder / name): table for name, table in manifest.outputs.items()}
    outputs = outputs or _default_outputs(folder, folder.resolve().name)
    sources, limits = manifest.sources, Limits(**manifest.limits.model_dump())
    folders = folders_of([folder, *(folder / name for name in manifest.inputs.allow)])
    house = read_house(manifest, folder, text, label)
    imprint = replace(manifest.imprint(), logo=house.logo, cover_image=house.cover_image)
    return Plan(imprint, sections, outputs, label, folder, sources.notes, sources.style, sources.numbering,
                sources.list, manifest=text, limits=limits, keep_going=manifest.edition.on_error == "skip",
                bibliography=tuple(_relative(folder / name) for name in sources.bibliography), folders=folders,
                house=house.style, warnings=house.warnings)  # fmt: skip


def _volume(plans: Sequence[Plan]) -> Plan:
    """Several editions in one, each a part with its sections, in the order given. What all imprints have in common, it has."""
    first = plans[0]
    if len(plans) == 1:
        return first
    imprints = [plan.imprint for plan in plans]
    common = {
        name: value for name, value in vars(first.imprint).items() if all(getattr(imprint, name) == value for imprint in imprints)
    }
    title = first.imprint.series or common.get("title") or " · ".join(imprint.title for imprint in imprints)
    authors = tuple(dict.fromkeys(name for imprint in imprints for name in imprint.authors))
    dates = [imprint.date for imprint in imprints if imprint.date]
    lang = first.imprint.language
    values = {**common, "title": title, "authors": authors, "language": lang, "date": max(dates, default=None)}
    subtitle = _span(dates, lang) or common.get("subtitle", "")
    values |= {"subtitle": subtitle, "description": "", "number": None, "identifier": ""}  # a description is of one edition
    sections = tuple(
        replace(section, part=part) for part, plan in zip(_part_titles(imprints), plans, strict=True) for section in plan.sections
    )
    outputs = _default_outputs(Path(), "volume")
    manifest = "\n".join(f"# {plan.label}\n{plan.manifest}" for plan in plans)
    keep_going, folders = any(plan.keep_going for plan in plans), tuple(name for plan in plans for name in plan.folders)
    bibliography = tuple(dict.fromkeys(path for plan in plans for path in plan.bibliography))
    return replace(first, imprint=Imprint(**values), sections=sections, outputs=outputs, manifest=manifest, keep_going=keep_going,
                   bibliography=bibliography, folders=folders)  # fmt: skip


def _span(days: Sequence[datetime.date], lang: str) -> str:
    """From the first day to the last, written out; empty where there is only one."""
    if len(set(days)) < 2:
        return ""
    return f"{long_date(min(days), lang)} – {long_date(max(days), lang)}"


def _part_titles(imprints: Sequence[Imprint]) -> list[str]:
    """The titles of the parts of a volume; where titles recur, with their dates, else with a number."""
    titles = [imprint.title for imprint in imprints]
    if len(set(titles)) < len(titles):
        days = [long_date(imprint.date, imprint.language) for imprint in imprints]
        titles = days if all(days) else [f"{title}, {day}" if day else title for title, day in zip(titles, days, strict=True)]
    counts: dict[str, int] = {}
    for index, title in enumerate(titles):
        counts[title] = counts.get(title, 0) + 1
        titles[index] = title if counts[title] == 1 else f"{title} ({counts[title]})"
    return titles


def _planned(folder: Path, article: ListedArticle, text: str, label: str) -> PlannedArticle:
    line = next((number for number, line in enumerate(text.split("\n"), 1) if f'"{article.path}"' in line), 0)
    return PlannedArticle(folder / article.path, article.metadata(), line, label, True, article.since, article.most)


def _relative(path: Path) -> Path:
    """A path relative to the working folder, without detours; an absolute path stays absolute."""
    return Path(os.path.relpath(path)) if not path.is_absolute() else Path(os.path.normpath(path))


def _from_files(inputs: Sequence[Path]) -> Plan:
    files = [file for path in inputs for file in (_manuscripts(path) if path.is_dir() else [path])]
    if not files:
        raise PublisherError(*(_nothing(str(path)) for path in inputs))
    folder = inputs[0] if inputs[0].is_dir() else Path()
    single = len(files) == 1
    name = files[0].stem if single else (inputs[0].resolve().name if inputs[0].is_dir() else "collection")
    title = "" if single else name.replace("-", " ").replace("_", " ").strip().capitalize()
    label = str(inputs[0])
    named = set(inputs)
    articles = tuple(
        PlannedArticle(file, label=label, named=file in named and single, listed=file not in named) for file in files
    )
    section = PlannedSection("", articles)
    return Plan(Imprint(title), (section,), _default_outputs(Path(), name), label, folder, standalone=single)


def _manuscripts(folder: Path) -> list[Path]:
    """The manuscripts of a folder: in the order in which an index file names them, the others behind by name."""
    disk.mend([folder / MANIFEST])  # what `publisher fetch` wrote
    suffixes = readable()
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes and path.name.upper() != "README.MD")
    files = [path for path in files if path.suffix.lower() not in GENERIC or _is_manuscript(folder, path)]
    index = next((path for path in files if path.name.lower() in _INDEXES), None)
    if index is None:
        return files
    text = (_look(folder, index) or b"").decode("utf-8", "replace")
    places = {path: text.find(f"({path.name}") for path in files if path != index}
    named = sorted((path for path, place in places.items() if place >= 0), key=lambda path: places[path])
    return [*named, *(path for path in files if path != index and path not in named)] if named else files


def _is_manuscript(folder: Path, path: Path) -> bool:
    """Whether a file whose suffix may be anybody's is a manuscript by its content; what cannot be read is one, and an error."""
    if path.name == CAPTURE_INDEX:
        return False
    data = _look(folder, path)
    return not path.is_dir() if data is None else reader_for(path.name, data) is not None


def _look(folder: Path, path: Path) -> bytes | None:
    """The bytes of a file found in a folder; None if it is no regular file in it, or cannot be read."""
    found = read_named(folders_of([folder]), os.path.realpath(folder), path.name, Limits().megabytes)
    return found if isinstance(found, bytes) else None


def _default_outputs(folder: Path, name: str) -> dict[Path, OutputTable]:
    return {folder / "dist" / f"{name}{suffix}": OutputTable() for suffix, known in formats().items() if known.default}


def _nothing(label: str) -> Diagnostic:
    hint = f"supported file name suffixes: {', '.join(readable())}"
    return Diagnostic(Code.NOTHING_TO_READ, "no manuscripts found", Location(label), hint)


def _unsupported_output(path: Path) -> Diagnostic:
    message = f"unsupported output format {path.suffix}" if path.suffix else "the output's name has no suffix"
    return Diagnostic(Code.OUTPUT_SUFFIX, message, Location(str(path)), f"supported suffixes: {', '.join(formats())}")


def _unknown_style(plan: Plan) -> Diagnostic:
    message = f"citation style {plan.style!r} not found"
    return Diagnostic(
        Code.STYLE_UNKNOWN,
        message,
        Location(plan.label),
        f"the citation styles are: {', '.join((*styles(), *shipped()))}; or the path of a .csl file",
    )


def places_of(articles: Iterable[PlannedArticle]) -> Iterator[Path]:
    """The folders of manuscripts; and those manuscripts that are named, but are links to files elsewhere."""
    folders: set[Path] = set()
    for article in articles:
        folders.add(article.path.parent)
        if not article.listed and article.path.is_symlink():
            yield Path(os.path.realpath(article.path))
    yield from folders


def load_manuscript(
    planned: PlannedArticle,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    folders: tuple[str, ...] = (),
    *,
    cites: bool = False,
) -> Manuscript:
    """The manuscript with what its sidecar and the manifest give; it may name files in `folders` and in its own.

    `cites` is as in Manuscript.

    Raises PublisherError where it cannot be opened, or is too large.
    """
    label = str(_relative(planned.path))
    manuscript = Manuscript(planned.path, b"", label, Metadata(), limits, planned.since, planned.most, folders, cites)
    manuscript = replace(manuscript, data=_content(planned, manuscript))
    given, refused = with_written_addresses(planned.given)
    for address in refused:
        manuscript.report_address(address, line=planned.line, file=planned.label)
    return replace(manuscript, given=given.merged(_sidecar(manuscript)))


def _content(planned: PlannedArticle, manuscript: Manuscript) -> bytes:
    path, place = planned.path, Location(planned.label or str(planned.path), planned.line)
    try:
        if planned.listed and path.is_symlink() and manuscript.place_of(path.name) is None:
            hint = "name the file in the manifest or on the command line, or allow its folder (--allow DIR)"
            message = f"{path} is a link to a file outside the folder"
            raise PublisherError(Diagnostic(Code.FILE_UNREADABLE, message, place, hint))
        return read_regular(path, manuscript.limits.megabytes * 1_000_000)
    except FileNotFoundError:
        hint = "paths are relative to the manifest" if planned.line else ""
        raise PublisherError(Diagnostic(Code.FILE_MISSING, f"file not found: {path}", place, hint)) from None
    except LargeFile:
        raise manuscript.too_large() from None
    except OSError as problem:
        message = f"{path} cannot be read: {problem.strerror}"
        raise PublisherError(Diagnostic(Code.FILE_UNREADABLE, message, place)) from None


def _sidecar(manuscript: Manuscript) -> Metadata:
    """What the sidecar beside a manuscript says. Nobody names a sidecar: it is opened as what a manuscript names."""
    path = manuscript.path.with_suffix(".toml")
    data = manuscript.open(path.name) if os.path.lexists(path) else None
    if data is None or _is_edition(path, data):
        return Metadata()
    label = str(_relative(path))
    given, refused = with_written_addresses(load_sidecar(path, label, data))
    lines = data.decode("utf-8", "replace").split("\n")
    for address in refused:
        line = next((number for number, line in enumerate(lines, 1) if address in line), 0)
        manuscript.report_address(address, line=line, file=label)
    return given


def _is_edition(path: Path, data: bytes) -> bool:
    """Whether a TOML file is a manifest, by its name or by its table `[edition]`: it is then no sidecar."""
    return path.name == MANIFEST or re.search(rb"^\s*\[edition\]", data, re.MULTILINE) is not None
