"""From a manifest to a plan: what only manifests need, models of pydantic above all, is imported with this module."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from publisher.build.defaults import default_outputs, nothing_to_read
from publisher.build.entries import planned_sections
from publisher.build.found_files import MANIFEST, files_in
from publisher.build.history import History
from publisher.build.house import read_house
from publisher.build.manifest_file import load
from publisher.build.planned import Plan, PlannedArticle, PlannedRelease, PlannedSection, relative
from publisher.build.since import wanted_of
from publisher.input.folders import folders_of
from publisher.model.diagnostics import PublisherError
from publisher.model.limits import Limits


def plan_of_manifest(path: Path, profile: str | None, date: str | None, since: str | None, history: History | None) -> Plan:
    """The plan for a manifest, or the manifest of a folder. Raises PublisherError with all that is wrong with it."""
    path = path / MANIFEST if path.is_dir() else path
    label, folder = str(path), path.parent
    loaded = load(path, label, profile, date, since, history)
    manifest = loaded.manifest
    outputs = {relative(folder / name): table.planned() for name, table in manifest.outputs.items()}
    sections, notes = planned_sections(folder, loaded, label)
    if not sections:
        found = files_in(folder, [*(path.parent for path in outputs), folder / manifest.release.folder])
        articles, notes = tuple(PlannedArticle(file, label=label, listed=True) for file in found.manuscripts), found.diagnostics
        if not articles:
            raise PublisherError(nothing_to_read(label), *notes)
        wanted = wanted_of(manifest.edition.since, None)
        sections = (PlannedSection("", tuple(replace(article, wanted=wanted) for article in articles)),)
    outputs = outputs or default_outputs(folder, folder.resolve().name)
    sources, limits = manifest.sources, Limits(**manifest.limits.model_dump())
    folders = folders_of([folder, *(folder / name for name in manifest.inputs.allow)])
    house = read_house(manifest, folder, loaded.text, label)
    imprint = replace(manifest.imprint(), logo=house.logo, cover_image=house.cover_image, time=loaded.day.time)
    return Plan(imprint, sections, outputs, label, folder, sources.notes, sources.style, sources.numbering,
                sources.list, manifest=loaded.public_text, limits=limits, keep_going=manifest.edition.on_error == "skip",
                bibliography=tuple(relative(folder / name) for name in sources.bibliography), folders=folders,
                house=house.style, house_files=house.paths, warnings=(*house.warnings, *notes), day=loaded.day,
                release=PlannedRelease(**manifest.release.model_dump()), slug=loaded.slug, history=loaded.history,
                profile=profile or "", since=since or "")  # fmt: skip
