"""release.json: what a release was made of and with, what was checked, and what it contains (release.schema.json)."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from publisher import __version__
from publisher.build.assemble import ReadInputs
from publisher.build.build import Report, theme_of
from publisher.build.planned import Plan
from publisher.build.stated_time import stated_time
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Edition
from publisher.release.native_libraries import native_libraries
from publisher.store.fingerprints import distributions

FORMAT = 1  # of the record; another number is another schema
SCHEMA = "release.schema.json"
_SECRET = (Code.HELD, Code.HELD_LEFT_OUT)  # they name what must not be known yet


@dataclass(frozen=True)
class Check:
    """That a checker looked at an output, or did not: `passed`, `warnings` with their number, or `skipped`."""

    output: str
    checker: str
    result: str
    warnings: int = 0


def record(
    plan: Plan,
    report: Report,
    edition: Edition,
    checks: Sequence[Check],
    found: Sequence[Diagnostic],
    version: str,
    outputs: Mapping[str, Path],
) -> dict[str, Any]:
    """The record of a release. `found` is what the checks found; `outputs` are the plan's, by their names in the release."""
    assert report.inputs is not None
    inputs = report.inputs
    secret = {entry.manuscript.label for number, entry in enumerate(inputs.inputs) if _is_held(inputs, number)}
    return {
        "format": FORMAT,
        "slug": plan.slug,
        "version": version,
        "profile": plan.profile,
        "edition": _imprint(edition),
        "date": {
            "value": day_of(plan, edition),
            "origin": plan.day.origin or ("articles" if edition.date else ""),
            "epoch": _epoch(),
        },
        "tool": {"name": "publisher-toolchain", "version": __version__, "python": sys.version.split()[0]},
        "libraries": _versions(distributions()),
        "native": {library.label: library.version for library in native_libraries()},
        "settings": _settings(plan),
        "manifest": {"path": _manifest_path(plan, version), "sha256": _hash(plan.manifest.encode())},
        "inputs": list(_inputs(plan, inputs)),
        "articles": list(_articles(edition, inputs)),
        "left_out": [article.name for article in report.left_out if not article.held],
        "outputs": [_output(name, path, plan, report) for name, path in outputs.items()],
        "totals": {
            "articles": report.articles,
            "words": report.words,
            "sources": report.sources,
            "pages": max((output.pages for output in report.outputs.values()), default=0),
        },
        "ledger": _ledger(report),
        "diagnostics": [_diagnostic(row, plan) for row in (*report.diagnostics, *found) if not _is_secret(row, secret)],
        "checks": [asdict(check) for check in checks],
    }


def written(values: Mapping[str, Any]) -> bytes:
    """A record as its file: sorted keys, so that equal records are equal bytes."""
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def schema() -> dict[str, Any]:
    """The JSON Schema of the record."""
    return dict(json.loads((files("publisher.release") / SCHEMA).read_text("utf-8")))


def _epoch() -> str:
    """The seconds that SOURCE_DATE_EPOCH states; empty if it states none."""
    stated = stated_time()
    return str(int(stated.timestamp())) if stated else ""


def day_of(plan: Plan, edition: Edition) -> str:
    """The day or time of an edition as `--date` takes it; empty if there is none."""
    return plan.day.option or (edition.date.isoformat() if edition.date else "")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _versions(lines: Sequence[str]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines)


def _imprint(edition: Edition) -> dict[str, Any]:
    imprint = edition.imprint
    return {
        "title": imprint.title,
        "subtitle": imprint.subtitle,
        "language": imprint.language,
        "number": imprint.number,
        "identifier": edition.identifier,
    }


def _settings(plan: Plan) -> dict[str, Any]:
    return {
        "notes": plan.notes,
        "style": plan.style,
        "numbering": plan.numbering,
        "list": plan.listing,
        "since": plan.since,
        "keep_going": plan.keep_going,
    }


def _manifest_path(plan: Plan, version: str) -> str:
    """The path of the manifest from the folder of the release."""
    folder = plan.folder / plan.release.folder / f"{plan.slug}-{version}"
    name = plan.label if Path(plan.label).is_file() else plan.folder / "publisher.toml"
    return Path(os.path.relpath(name, folder)).as_posix()


def relative_to(plan: Plan, path: str | Path) -> str:
    """A path as seen from the folder of the manifest, with slashes: the same wherever the folder is."""
    return Path(os.path.relpath(path, plan.folder)).as_posix()


def _inputs(plan: Plan, inputs: ReadInputs) -> Iterator[dict[str, Any]]:
    """Each file that went in, once, by its path; none that an agency holds back."""
    found: dict[str, dict[str, Any]] = {}

    def add(path: Path, digest: str, size: int) -> None:
        name = relative_to(plan, path)
        found.setdefault(name, {"path": name, "sha256": digest, "bytes": size})

    for number, (entry, result) in enumerate(zip(inputs.inputs, inputs.results, strict=True)):
        planned = entry.planned
        if _is_held(inputs, number):
            continue
        add(planned.path, _hash(entry.manuscript.data), len(entry.manuscript.data))
        for name, state in result.record.opened.items():
            path = planned.path.parent / name
            if len(state) == 64 and path.is_file():
                add(path, state, path.stat().st_size)
    for path in (*plan.bibliography, *_own_files(plan), *inputs.indexes):
        if path.is_file():
            data = path.read_bytes()
            add(path, _hash(data), len(data))
    yield from (found[name] for name in sorted(found))


def _is_held(inputs: ReadInputs, number: int) -> bool:
    """Whether an agency holds back something of a manuscript of which nothing is published: it must not be known yet."""
    return any(inputs.results[number].record.holds) and number not in {copy.input for copy in inputs.published}


def _is_secret(diagnostic: Diagnostic, labels: Collection[str]) -> bool:
    place = diagnostic.location.file if diagnostic.location else ""
    return diagnostic.code in _SECRET or place in labels


def _own_files(plan: Plan) -> Iterator[Path]:
    """The files that the manifest names itself: those of the house style, and a citation style."""
    yield from plan.house_files
    if plan.style.endswith(".csl"):
        yield plan.folder / plan.style


def _articles(edition: Edition, inputs: ReadInputs) -> Iterator[dict[str, Any]]:
    stories = {story.slug: story for story in inputs.stories}
    for section in edition.sections:
        for entry in section.entries:
            yield {
                "slug": entry.slug,
                "section": section.name,
                "title": entry.metadata.title,
                "words": entry.word_count,
                "sha256": entry.digest,
                "words_sha256": stories[entry.slug].words,
                "known_by": list(stories[entry.slug].known_by),
            }


def _output(name: str, path: Path, plan: Plan, report: Report) -> dict[str, Any]:
    output, table = report.outputs[path], plan.outputs[path]
    starts = {"starts": dict(sorted(output.starts.items()))} if output.pages else {}
    return {
        "path": name,
        "sha256": _hash(output.data),
        "bytes": len(output.data),
        "pages": output.pages,
        "theme": table.theme,
        "paper": table.paper or "",
        "theme_sha256": theme_of(plan, path)[0].digest,
        "variant": table.variant,
        "system_fonts": list(output.system_fonts),
        **starts,
    }


def _ledger(report: Report) -> dict[str, int]:
    accounts = [account for _, account in report.accounts]
    words, kept = sum(row.words for row in accounts), sum(row.kept_words for row in accounts)
    removed = sum(row.removed_words for row in accounts)
    return {"words": words, "kept": kept, "removed": removed, "unaccounted": words - kept - removed}


def _diagnostic(found: Diagnostic, plan: Plan) -> dict[str, Any]:
    """A message whose file is named as seen from the manifest."""
    values = found.as_dict()
    file = values["file"]
    return {**values, "file": relative_to(plan, file) if file and Path(file).exists() else file}
