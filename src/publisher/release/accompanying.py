"""What stands beside the outputs of a release: sources, cover, record, bill of materials, provenance; and the hashes of all."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf

from publisher.build.build import moment_of
from publisher.build.history import RECORD
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Edition
from publisher.release import thumbnail
from publisher.release.bom import EmbeddedFont, bom
from publisher.release.envelope import sign
from publisher.release.native_libraries import native_libraries
from publisher.release.provenance import DigestedFile, Provenance, statement
from publisher.release.record import SCHEMA, schema, written
from publisher.store.regular_files import read_regular
from publisher.text.source_exports import export

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
SOURCES, BILL, PROVENANCE, ENVELOPE = "sources.csl.json", "bom.cdx.json", "provenance.intoto.json", "provenance.dsse.json"
_LARGEST_KEY = 1_000_000  # bytes


def accompanying(edition: Edition, values: Mapping[str, Any], outputs: Mapping[str, bytes], key: Path | None) -> dict[str, bytes]:
    """The files beside the `outputs`, by their names; `values` are those of the record, `key` signs the provenance.

    Raises PublisherError where the key cannot be used.
    """
    provenance = statement(provenance_of(values))
    moment = moment_of(edition).time if edition.date else None
    files = {
        SOURCES: sources_file(edition),
        RECORD: written(values),
        SCHEMA: written(schema()),
        BILL: bom(native_libraries(), _fonts(outputs, values), moment),
        PROVENANCE: provenance,
    }
    if key is not None:
        files[ENVELOPE] = sign(provenance, _key(key))
    cover = thumbnail.thumbnail(outputs)
    return {**files, thumbnail.NAME: cover} if cover else files


def sources_file(edition: Edition) -> bytes:
    """The sources of an edition as CSL-JSON, in the order of its list."""
    listed = edition.sources
    if edition.listing == "name":
        listed = tuple(sorted(listed, key=lambda cited: cited.source.sort_key))
    return export([cited.source for cited in listed], "csl-json").encode()


def sums(files: Mapping[str, bytes]) -> bytes:
    """The hashes of files as `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _key(path: Path) -> bytes:
    """The content of a file with a private key. Raises PublisherError where it cannot be read."""
    try:
        return read_regular(path, _LARGEST_KEY)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        fault = Diagnostic(Code.SIGNING_KEY, f"the key cannot be read: {reason}", Location(str(path)), "correct the path")
        raise PublisherError(fault) from None


def provenance_of(values: Mapping[str, Any]) -> Provenance:
    """What the provenance of a release says, by its record."""
    manifest = values["manifest"]
    inputs = [DigestedFile(manifest["path"], manifest["sha256"])]
    inputs += [DigestedFile(row["path"], row["sha256"]) for row in values["inputs"]]
    return Provenance(
        outputs=tuple(DigestedFile(row["path"], row["sha256"]) for row in values["outputs"]),
        external={
            "manifest": manifest["path"],
            "profile": values["profile"],
            "version": values["version"],
            "date": values["date"]["value"],
            "since": values["settings"]["since"],
            "keep_going": values["settings"]["keep_going"],
        },
        inputs=tuple(inputs),
        internal={"themes": {row["path"]: row["theme_sha256"] for row in values["outputs"]}},
        versions={values["tool"]["name"]: values["tool"]["version"], **values["libraries"], **values["native"]},
    )


def _fonts(outputs: Mapping[str, bytes], values: Mapping[str, Any]) -> Iterator[EmbeddedFont]:
    """The fonts of which the PDFs have subsets, and those of the machine, each once."""
    names = {name for data in outputs.values() if data.startswith(b"%PDF-") for name in _font_names(data)}
    for name in sorted(names):
        yield EmbeddedFont(name)
    for name in sorted({name for row in values["outputs"] for name in row["system_fonts"]}):
        family, _, version = name.removesuffix(")").partition(" (")
        yield EmbeddedFont(family, version)


def _font_names(data: bytes) -> Iterator[str]:
    """The names of the fonts of a PDF without the six letters of a subset (ISO 32000-1, 9.6.4)."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor":
                name = str(found.get("/FontName", "")).removeprefix("/")
                yield name.partition("+")[2] or name
