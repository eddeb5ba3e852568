"""The manuscripts of a plan, opened: their bytes, and what sidecar and manifest give for them."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from publisher.build.found_files import MANIFEST
from publisher.build.planned import PlannedArticle, relative
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata, with_written_addresses
from publisher.store.regular_files import LargeFile, read_regular


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
    label = planned.shown_path
    manuscript = Manuscript(planned.path, b"", label, Metadata(), limits, planned.since, planned.most, folders, cites)
    manuscript = replace(manuscript, data=_content(planned, manuscript))
    given, refused = with_written_addresses(planned.given)
    for address in refused:
        manuscript.report_address(address, line=planned.line, file=planned.label)
    return replace(manuscript, given=given if planned.data is not None else given.merged(_sidecar(manuscript)))


def _content(planned: PlannedArticle, manuscript: Manuscript) -> bytes:
    if planned.data is not None:
        return planned.data
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
    from publisher.build.manifest_file import load_sidecar

    label = str(relative(path))
    given, refused = with_written_addresses(load_sidecar(path, label, data))
    lines = data.decode("utf-8", "replace").split("\n")
    for address in refused:
        line = next((number for number, line in enumerate(lines, 1) if address in line), 0)
        manuscript.report_address(address, line=line, file=label)
    return given


def _is_edition(path: Path, data: bytes) -> bool:
    """Whether a TOML file is a manifest, by its name or by its table `[edition]`: it is then no sidecar."""
    return path.name == MANIFEST or re.search(rb"^\s*\[edition\]", data, re.MULTILINE) is not None
