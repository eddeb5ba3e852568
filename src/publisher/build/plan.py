"""What a build will do: from a manifest, a folder or files to articles in sections and outputs by path."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from publisher.build.defaults import default_outputs, nothing_to_read
from publisher.build.edition_day import EditionDay, day_of
from publisher.build.found_files import MANIFEST, files_in
from publisher.build.history import History
from publisher.build.planned import Plan, PlannedArticle, PlannedOutput, PlannedSection
from publisher.build.since import since_of, wanted_of
from publisher.input.folders import folders_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, Location, PublisherError
from publisher.model.edition import Imprint
from publisher.model.house_style import HouseStyle
from publisher.text.citation_styles import styles
from publisher.text.csl.styles import is_csl, shipped
from publisher.text.languages import long_date
from publisher.writers.formats import format_of, formats
from publisher.writers.themes import DEFAULT


def plan(
    inputs: Sequence[Path],
    outputs: Sequence[Path],
    theme: str | None = None,
    profile: str | None = None,
    keep_going: bool = False,
    allow: Sequence[Path] = (),
    paper: str | None = None,
    date: str | None = None,
    since: str | None = None,
    history: History | None = None,
) -> Plan:
    """The plan for a manifest, several (a volume), a folder or files. Raises PublisherError with all that is wrong with it.

    `outputs`, `theme` and `paper` take the place of the manifest's; `keep_going` is as in Plan, and the manifest may ask for it
    too. `allow` are more folders whose files manuscripts may name. `date` and `since` are as on the command line. `history` takes
    the place of the earlier releases that stand in the folder of a manifest.
    """
    inputs = inputs or [Path()]
    manifests = all(map(_is_manifest, inputs))
    if manifests:
        from publisher.build.manifest_plan import plan_of_manifest

        result = _volume([plan_of_manifest(path, profile, date, since, history) for path in inputs])
    else:
        result = _from_files(inputs, outputs, day_of({}, date), since)
    articles = (article for section in result.sections for article in section.articles)
    folders = folders_of([*map(Path, result.folders), *allow, *places_of(articles)])
    result = replace(result, keep_going=keep_going or result.keep_going, folders=folders)
    if outputs:
        known = {path.suffix.lower(): table for path, table in result.outputs.items()}
        result = replace(result, outputs={path: known.get(path.suffix.lower(), PlannedOutput()) for path in outputs})
    tables = {path: _styled(table, result.house, theme or "", paper) for path, table in result.outputs.items()}
    result = replace(result, outputs=tables)
    unsupported = [_unsupported_output(path) for path in result.outputs if format_of(path) is None or not path.name.isprintable()]
    if result.style not in styles() and not is_csl(result.style):
        unsupported.append(_unknown_style(result))
    if unsupported:
        raise PublisherError(*unsupported)
    return result


def _styled(table: PlannedOutput, house: HouseStyle, theme: str, paper: str | None) -> PlannedOutput:
    """An output with its theme and paper: those of the command line, its own, those of the house, the theme's own.

    The paper that an output names is for the theme that it names: another theme of the command line has the house's or its own.
    """
    own = table.theme or house.theme or DEFAULT
    chosen = theme or own
    own_paper = table.paper if chosen == own else None
    return replace(table, theme=chosen, paper=paper or own_paper or house.paper or None)


def _is_manifest(path: Path) -> bool:
    return path.suffix == ".toml" or (path.is_dir() and (path / MANIFEST).is_file())


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
    outputs = default_outputs(Path(), "volume")
    names = _names_from_common_folder([plan.label for plan in plans])
    manifest = "\n".join(f"# {name}\n{plan.manifest}" for name, plan in zip(names, plans, strict=True))
    keep_going, folders = any(plan.keep_going for plan in plans), tuple(name for plan in plans for name in plan.folders)
    bibliography = tuple(dict.fromkeys(path for plan in plans for path in plan.bibliography))
    warnings = tuple(dict.fromkeys(warning for plan in plans for warning in plan.warnings))
    return replace(first, imprint=Imprint(**values), sections=sections, outputs=outputs, manifest=manifest, keep_going=keep_going,
                   bibliography=bibliography, folders=folders, warnings=warnings)  # fmt: skip


def _names_from_common_folder(paths: Sequence[str]) -> list[str]:
    """Paths as they are from the folder that has them all, wherever that is, and however they were typed."""
    places = [Path(path).resolve() for path in paths]
    folder = os.path.commonpath([place.parent for place in places])
    return [place.relative_to(folder).as_posix() for place in places]


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


def _from_files(inputs: Sequence[Path], outputs: Sequence[Path], day: EditionDay, since: str | None) -> Plan:
    known = [*inputs, *(path.parent for path in outputs)]
    found = {path: files_in(path, known) for path in inputs if path.is_dir()}
    files = [file for path in inputs for file in (found[path].manuscripts if path in found else [path])]
    warnings = tuple(diagnostic for files in found.values() for diagnostic in files.diagnostics)
    if not files:
        raise PublisherError(*(nothing_to_read(str(path)) for path in inputs), *warnings)
    folder = inputs[0] if inputs[0].is_dir() else Path()
    single = len(files) == 1
    name = files[0].stem if single else (inputs[0].resolve().name if inputs[0].is_dir() else "collection")
    title = "" if single else name.replace("-", " ").replace("_", " ").strip().capitalize()
    label = str(inputs[0])
    named = set(inputs)
    wanted = wanted_of(since_of(since, day) if since else None, None)
    if wanted.unpublished:
        hint = "name a manifest, or give a day"
        raise PublisherError(
            Diagnostic(Code.OPTION, "--since last: files without a manifest have no releases", hint=hint), exit_code=Exit.USAGE
        )
    articles = tuple(
        PlannedArticle(file, label=label, named=file in named and single, listed=file not in named, wanted=wanted)
        for file in files
    )
    section = PlannedSection("", articles)
    imprint = Imprint(title, date=day.day, time=day.time)
    return Plan(imprint, (section,), default_outputs(Path(), name), label, folder, standalone=single, day=day, warnings=warnings)


def _unsupported_output(path: Path) -> Diagnostic:
    if not path.name.isprintable():
        message = "the output's name has a line break or another character that no name should have"
        return Diagnostic(Code.OUTPUT_SUFFIX, message, Location(ascii(str(path))[1:-1]), "choose another name")
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
