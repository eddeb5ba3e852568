"""publisher.toml, and the sidecar beside a manuscript, as typed models; every error with its line and the nearest key."""

from __future__ import annotations

import datetime
import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Certifier, Imprint
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata, Source
from publisher.input.toml_lines import line_of

Day = datetime.date


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceTable(_Table):
    """`source = { … }`: where an article first appeared."""

    publication: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    date: Day | None = None
    accessed: Day | None = None
    archived: str = ""


class ArticleTable(_Table):
    """What a sidecar may say of its manuscript, and the manifest of an article."""

    title: str = ""
    subtitle: str = ""
    author: str = ""
    authors: tuple[str, ...] = ()
    date: Day | None = None
    lang: str = ""
    description: str = ""
    publisher: str = ""
    rights: str = ""
    url: str = ""
    slug: str = Field(default="", pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")
    source: SourceTable = SourceTable()

    def metadata(self) -> Metadata:
        values = self.model_dump(exclude={"author", "path", "source", "since", "most"})
        values["authors"] = self.authors or ((self.author,) if self.author else ())
        return Metadata(**values, source=Source(**self.source.model_dump()))


class ListedArticle(ArticleTable):
    """An entry of `articles`: a path, and what is said of it here.

    Of a feed, a mailbox or a wire file only the articles dated `since` that day or later are taken, at most `most` of them.
    """

    path: str
    since: Day | None = None
    most: int | None = Field(default=None, ge=1)


class SectionTable(_Table):
    title: str = ""
    articles: tuple[ListedArticle, ...] = ()

    @field_validator("articles", mode="before")
    @classmethod
    def _paths(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return tuple({"path": one} if isinstance(one, str) else one for one in value)


class CertifierTable(_Table):
    """`[edition.certifier]`: who says that the book is accessible."""

    name: str = Field(min_length=1)
    credential: str = ""
    report: str = ""


class EditionTable(_Table):
    """`[edition]`: the imprint."""

    title: str = Field(min_length=1)
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str = Field(default="en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    date: Day | None = None
    identifier: str = ""
    publisher: str = ""
    rights: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    series: str = ""
    number: int | None = Field(default=None, ge=1)  # in the series
    certifier: CertifierTable | None = None


class LimitsTable(_Table):
    """`[limits]`: how large, deep and dense a manuscript may be; what is left out is as in limits.Limits."""

    megabytes: int = Field(default=Limits.megabytes, ge=1)
    unpacked_megabytes: int = Field(default=Limits.unpacked_megabytes, ge=1)
    ratio: int = Field(default=Limits.ratio, ge=1)
    files: int = Field(default=Limits.files, ge=1)
    depth: int = Field(default=Limits.depth, ge=10, le=2000)
    articles: int = Field(default=Limits.articles, ge=1)
    seconds: int = Field(default=Limits.seconds, ge=1)


class SourcesTable(_Table):
    notes: Literal["foot", "end", "auto"] = "auto"


class OutputTable(_Table):
    theme: str = "brief"
    paper: Literal["A4", "A5", "Letter"] | None = None  # the theme's
    variant: Literal["pdf/ua-1+a-3a", "pdf/ua-1"] = "pdf/ua-1+a-3a"
    pages: str = ""  # the PDF, another output, whose page numbers an e-book carries


class Manifest(_Table):
    """One edition; paths as written, relative to the manifest."""

    edition: EditionTable
    section: tuple[SectionTable, ...] = ()
    sources: SourcesTable = SourcesTable()
    limits: LimitsTable = LimitsTable()
    outputs: dict[str, OutputTable] = Field(default_factory=dict)
    profile: dict[str, dict[str, Any]] = Field(default_factory=dict, exclude=True)

    def imprint(self) -> Imprint:
        values = self.edition.model_dump()
        certifier = values.pop("certifier")
        return Imprint(**values, certifier=Certifier(**certifier) if certifier else None)


def load(path: Path, label: str, profile: str | None = None) -> Manifest:
    """The manifest at `path`, a profile laid over it. Raises PublisherError with all that is wrong, each with its line."""
    text, values = _toml(path, label)
    if profile is not None:
        profiles = values.get("profile", {})
        if profile not in profiles:
            hint = f"the profiles are: {', '.join(sorted(profiles))}" if profiles else "the manifest has none"
            raise PublisherError(Diagnostic(Code.PROFILE_UNKNOWN, f"there is no profile {profile!r}", Location(label), hint))
        values = _laid_over(values, profiles[profile])
    manifest: Manifest = _validated(Manifest, values, text, label)
    return manifest


def load_sidecar(path: Path, label: str) -> Metadata:
    """What the sidecar at `path` says of its manuscript. Raises PublisherError like `load`."""
    text, values = _toml(path, label)
    said: ArticleTable = _validated(ArticleTable, values, text, label)
    return said.metadata()


def _toml(path: Path, label: str) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise PublisherError(Diagnostic(Code.FILE_MISSING, "there is no such file", Location(label))) from None
    except OSError as problem:
        raise PublisherError(Diagnostic(Code.FILE_UNREADABLE, f"cannot be read: {problem.strerror}", Location(label))) from None
    except UnicodeDecodeError:
        raise PublisherError(Diagnostic(Code.ENCODING, "not UTF-8, which TOML must be", Location(label))) from None
    except tomllib.TOMLDecodeError as problem:
        raise PublisherError(_syntax(str(problem), label)) from None


def _syntax(problem: str, label: str) -> Diagnostic:
    import re

    found = re.search(r"\(at line (\d+), column (\d+)\)", problem)
    place = Location(label, int(found[1]), int(found[2])) if found else Location(label)
    return Diagnostic(Code.TOML, f"not TOML: {problem.split(' (at')[0].lower()}", place, "strings stand in quotation marks, lists in [ ]")


def _laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merge key by key, everything else replaces (DESIGN, profiles)."""
    merged = dict(base)
    for key, value in over.items():
        known = merged.get(key)
        merged[key] = _laid_over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _validated(model: type[Any], values: Mapping[str, Any], text: str, label: str) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as problem:
        raise PublisherError(*(_diagnosed(model, one, text, label) for one in problem.errors())) from None


def _diagnosed(model: type[Any], problem: Any, text: str, label: str) -> Diagnostic:
    path = tuple(part for part in problem["loc"])
    place = Location(label, line_of(text, path))
    name = ".".join(str(part) for part in path if isinstance(part, str))
    if problem["type"] == "extra_forbidden":
        known = sorted(_model_at(model, path[:-1]).model_fields)
        near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"the keys here are: {', '.join(known)}"
        return Diagnostic(Code.KEY_UNKNOWN, f"unknown key {path[-1]!r}", place, hint)
    if problem["type"] == "missing":
        return Diagnostic(Code.KEY_MISSING, f"{name} is missing", place, f"add {path[-1]} = …")
    message = _EXPECTED.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
    return Diagnostic(Code.VALUE, f"{name}: {message[:1].lower()}{message[1:]}", place, f"it is {problem['input']!r}"[:120])


_EXPECTED = {
    "tuple_type": "a list was expected",
    "string_type": "text in quotation marks was expected",
    "date_from_datetime_parsing": "a date like 2022-05-10 was expected",
    "date_type": "a date like 2022-05-10 was expected",
    "date_parsing": "a date like 2022-05-10 was expected",
    "model_type": "a table was expected",
    "dict_type": "a table was expected",
    "string_too_short": "may not be empty",
}


def _model_at(model: Any, path: tuple[str | int, ...]) -> Any:
    """The model of the table at `path`: its keys are what could have been meant."""
    tables = {
        ("edition",): EditionTable,
        ("edition", "certifier"): CertifierTable,
        ("sources",): SourcesTable,
        ("limits",): LimitsTable,
        ("section",): SectionTable,
        ("section", "articles"): ArticleTable,
        ("section", "articles", "source"): SourceTable,
        ("source",): SourceTable,
    }
    if path and path[0] == "outputs":
        return OutputTable
    return tables.get(tuple(part for part in path if isinstance(part, str)), model)
