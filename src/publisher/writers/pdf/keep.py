"""Sheets kept between builds: a sheet is made again only where something that goes into it has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import cache
from importlib.metadata import version
from typing import Any

from publisher import __version__
from publisher.diagnostics import Diagnostic, Location, Severity
from publisher.themes import Theme
from publisher.writers.output import Settings
from publisher.writers.pdf.typeset import Job, Sheet, typeset

_LIBRARIES = ("weasyprint", "pydyf", "fonttools", "pyphen", "tinycss2", "cssselect2", "lxml")


def typeset_all(jobs: Sequence[Job], settings: Settings) -> list[Sheet]:
    """The sheets of `jobs`, in order: from the cache where they are known, else typeset, the longest first."""
    keys = [fingerprint(job) for job in jobs]
    sheets = {key: sheet for key in keys if settings.cache and (sheet := _load(settings.cache.get(key)))}
    missing = [(key, job) for key, job in zip(keys, jobs, strict=True) if key not in sheets]
    missing.sort(key=lambda pair: -sum(piece.entry.word_count for piece in pair[1].pieces))
    for (key, _), sheet in zip(missing, settings.mapper(typeset, [job for _, job in missing]), strict=True):
        sheets[key] = sheet
        if settings.cache:
            settings.cache.put(key, _dump(sheet))
    return [sheets[key] for key in keys]


def fingerprint(job: Job) -> str:
    """A hash of all that goes into a sheet: the job, its theme's files, our version and the libraries'."""
    values = {field.name: getattr(job, field.name) for field in fields(job) if field.name != "theme"}
    values["pieces"] = [asdict(piece) for piece in job.pieces]
    values["theme"] = _digest(job.theme)
    values["versions"] = _versions()
    return hashlib.sha256(json.dumps(values, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)


@cache
def _digest(theme: Theme) -> str:
    digest = hashlib.sha256()
    for folder in theme.folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _versions() -> str:
    return " ".join([__version__, *(f"{name}={version(name)}" for name in _LIBRARIES)])


def _dump(sheet: Sheet) -> bytes:
    head = {
        "name": sheet.name,
        "pages": sheet.pages,
        "anchors": sheet.anchors,
        "diagnostics": [asdict(one) for one in sheet.diagnostics],
    }
    return json.dumps(head).encode() + b"\n" + sheet.pdf


def _load(stored: bytes | None) -> Sheet | None:
    if stored is None:
        return None
    head, _, pdf = stored.partition(b"\n")
    values = json.loads(head)
    anchors = {name: (page, height) for name, (page, height) in values["anchors"].items()}
    return Sheet(values["name"], pdf, values["pages"], anchors, tuple(map(_said, values["diagnostics"])))


def _said(values: dict[str, Any]) -> Diagnostic:
    place = values["location"]
    return Diagnostic(
        Severity(values["severity"]), values["message"], values["code"], Location(**place) if place else None, values["hint"]
    )
