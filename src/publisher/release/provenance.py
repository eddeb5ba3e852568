"""How the outputs of a release were made: an in-toto Statement v1 whose predicate is SLSA Provenance v1.

Specifications: in-toto Attestation Framework, Statement v1; SLSA 1.0, Provenance. A statement says what somebody who has the same
inputs needs to make the outputs again. It holds no time of a clock, so the same release has the same statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
# Names that lead nowhere (RFC 4151, RFC 2606, 2); docs/reference.md describes what they stand for.
BUILD_TYPE = "tag:publisher.invalid,2026:build:1"
BUILDER = "tag:publisher.invalid,2026:builder:1"


@dataclass(frozen=True)
class DigestedFile:
    """A file of a release by its path in it (outputs), or relative to the manifest (inputs), and its SHA-256 in hex."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """What a statement says: the outputs, what whoever ran the build chose, what publisher chose, the inputs, the versions.

    `external` has the path of the manifest, the profile, the options and the date as far as they were given. `internal` has
    settings that follow from them. `versions` are those of publisher, its packages and native libraries, by name. Values are
    those of JSON.
    """

    outputs: tuple[DigestedFile, ...]
    external: Mapping[str, Any]
    inputs: tuple[DigestedFile, ...] = ()
    internal: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def statement(provenance: Provenance) -> bytes:
    """The statement as JSON in UTF-8: sorted keys, files in the order of their paths. Raises ValueError without an output."""
    if not provenance.outputs:
        raise ValueError("a statement is about one output or more")
    value = {
        "_type": STATEMENT,
        "subject": [{"name": file.path, "digest": {"sha256": file.sha256}} for file in _sorted(provenance.outputs)],
        "predicateType": PREDICATE,
        "predicate": {"buildDefinition": _definition(provenance), "runDetails": _run(provenance)},
    }
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _definition(provenance: Provenance) -> dict[str, Any]:
    return {
        "buildType": BUILD_TYPE,
        "externalParameters": dict(provenance.external),
        "internalParameters": dict(provenance.internal),
        "resolvedDependencies": [{"name": file.path, "digest": {"sha256": file.sha256}} for file in _sorted(provenance.inputs)],
    }


def _run(provenance: Provenance) -> dict[str, Any]:
    return {"builder": {"id": BUILDER, "version": dict(provenance.versions)}}


def _sorted(files: Iterable[DigestedFile]) -> list[DigestedFile]:
    return sorted(files, key=lambda file: file.path)
