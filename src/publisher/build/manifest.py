"""publisher.toml, and the sidecar beside a manuscript, as typed models; every error with its line and the nearest key."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, create_model, field_validator

from publisher.build.theme_table import FontsTable, FontTable, MarginsTable, ThemeTable
from publisher.build.theme_table import Table as _Table
from publisher.input.toml_lines import line_of
from publisher.model.addresses import outside_address
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.edition import Certifier, Imprint
from publisher.model.limits import Limits
from publisher.model.metadata import Hold, Metadata
from publisher.model.papers import Paper
from publisher.model.sources import Source
from publisher.store.regular_files import read_regular
from publisher.text.characters import code_point, forbidden_in
from publisher.text.citation_styles import DEFAULT_STYLE

Day = datetime.date
_LARGEST = 16_000_000  # bytes of a manifest


class SourceTable(_Table):
    """`source = { … }`: where an article first appeared."""

    publication: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    date: Day | None = None
    accessed: Day | None = None
    archived: str = ""
    archived_date: Day | None = None
    doi: str = ""
    license: str = ""
    descriptor: str = ""  # what kind of source it is, and how good (ICS 206-01)
    credibility: str = ""
    ai_use: str = ""  # what in it was written by a machine


class ArticleTable(_Table):
    """What a sidecar may say of its manuscript, and the manifest of an article."""

    title: str = ""
    subtitle: str = ""
    author: str = ""
    authors: tuple[str, ...] = ()
    date: Day | None = None
    lang: str = ""
    description: str = ""
    summary: str = ""  # for the front page
    publisher: str = ""
    rights: str = ""
    url: str = ""
    slug: str = Field(default="", pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")
    hold: bool | None = None  # true: must not be published; false: may be, whatever the copy says
    source: SourceTable = SourceTable()

    def metadata(self) -> Metadata:
        values = self.model_dump(exclude={"author", "path", "source", "since", "most", "hold"})
        values["authors"] = self.authors or ((self.author,) if self.author else ())
        hold = None if self.hold is None else Hold("on hold", released=not self.hold)
        return Metadata(**values, hold=hold, source=Source(**self.source.model_dump()))


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
        return tuple({"path": article} if isinstance(article, str) else article for article in value)


class CertifierTable(_Table):
    """`[edition.certifier]`: who says that the book is accessible."""

    name: str = Field(min_length=1)
    credential: str = ""
    report: str = ""

    @field_validator("report")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not outside_address(value):
            raise ValueError("must be a whole address (https://…)")
        return outside_address(value)


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
    lead: str = ""  # a few sentences above the contents
    keywords: tuple[str, ...] = ()
    series: str = ""
    number: int | None = Field(default=None, ge=1)  # in the series
    certifier: CertifierTable | None = None
    logo: str = ""  # the path of an image
    cover_image: str = ""  # likewise
    contact: str = ""  # lines of the colophon
    about: str = ""
    on_error: Literal["stop", "skip"] = "stop"  # skip: articles with errors are left out, the rest is published


def _limit_fields() -> dict[str, Any]:
    """The fields of Limits as pydantic's: type, default and bounds."""
    return {
        limit.name: (int, Field(default=limit.default, ge=limit.metadata["least"], le=limit.metadata["most"]))
        for limit in fields(Limits)
    }


# `[limits]`: what is left out is as in Limits.
LimitsTable: Any = create_model("LimitsTable", __base__=_Table, **_limit_fields())


class SourcesTable(_Table):
    notes: Literal["foot", "end", "auto"] = "auto"
    style: str = DEFAULT_STYLE  # a name in the table of citation styles, of a style of CSL that is shipped, or a path (.csl)
    bibliography: tuple[str, ...] = ()  # citation libraries

    @field_validator("bibliography", mode="before")
    @classmethod
    def _paths(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    numbering: Literal["article", "edition"] = "article"  # where notes begin with 1
    list: Literal["article", "name", "none"] = "article"  # the order of the list of sources


class InputsTable(_Table):
    allow: tuple[str, ...] = ()  # more folders whose files manuscripts may name


class OutputTable(_Table):
    theme: str = ""  # that of `[theme]`, else brief
    paper: Paper | None = None  # that of `[theme]`, else the theme's
    variant: Literal["pdf/ua-1+a-3a", "pdf/ua-1"] = "pdf/ua-1+a-3a"
    pages: str = ""  # the PDF, another output, whose page numbers an e-book carries


class Manifest(_Table):
    """One edition; paths as written, relative to the manifest."""

    edition: EditionTable
    section: tuple[SectionTable, ...] = ()
    sources: SourcesTable = SourcesTable()
    inputs: InputsTable = InputsTable()
    theme: ThemeTable = ThemeTable()
    limits: LimitsTable = LimitsTable()
    outputs: dict[str, OutputTable] = Field(default_factory=dict)
    profile: dict[str, dict[str, Any]] = Field(default_factory=dict, exclude=True)

    def imprint(self) -> Imprint:
        """The imprint without its images, which are files."""
        values = self.edition.model_dump(exclude={"on_error", "logo", "cover_image"})
        certifier = values.pop("certifier")
        return Imprint(**values, certifier=Certifier(**certifier) if certifier else None)


def load(path: Path, label: str, profile: str | None = None) -> Manifest:
    """The manifest at `path` with the settings of a profile. Raises PublisherError with all that is wrong, each with its line."""
    text, values = _toml(path, label)
    if profile is not None:
        profiles = values.get("profile", {})
        if profile not in profiles:
            hint = f"the profiles are: {', '.join(sorted(profiles))}" if profiles else "the manifest has no profiles"
            raise PublisherError(Diagnostic(Code.PROFILE_UNKNOWN, f"profile {profile!r} not found", Location(label), hint))
        values = _overridden(values, profiles[profile])
    manifest: Manifest = _validated(Manifest, values, text, label)
    missing = [name for name in manifest.inputs.allow if not (path.parent / name).is_dir()]
    if missing:
        place = Location(label, line_of(text, ("inputs", "allow")))
        raise PublisherError(*(Diagnostic(Code.VALUE, f"inputs.allow: {name} is not a folder", place) for name in missing))
    return manifest


def load_sidecar(path: Path, label: str, data: bytes | None = None) -> Metadata:
    """What the sidecar at `path` says of its manuscript; `data` is its content, if known. Raises PublisherError like `load`."""
    text, values = _toml(path, label, data)
    table: ArticleTable = _validated(ArticleTable, values, text, label)
    return table.metadata()


def _toml(path: Path, label: str, data: bytes | None = None) -> tuple[str, dict[str, Any]]:
    """The text and the values of a TOML file. Raises PublisherError."""
    place = Location(label)
    try:
        text = (read_regular(path, _LARGEST) if data is None else data).decode("utf-8-sig")
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise PublisherError(Diagnostic(Code.FILE_MISSING, "file not found", place)) from None
    except OSError as problem:
        raise PublisherError(Diagnostic(Code.FILE_UNREADABLE, f"cannot be read: {problem.strerror}", place)) from None
    except UnicodeDecodeError:
        raise PublisherError(Diagnostic(Code.ENCODING, "not UTF-8, which TOML must be", place, "save it as UTF-8")) from None
    except tomllib.TOMLDecodeError as problem:
        raise PublisherError(_syntax(str(problem), label)) from None
    if problems := [
        Diagnostic(
            Code.VALUE,
            f"{'.'.join(key for key in path if isinstance(key, str))}: has {code_point(char)}, which no document may contain",
            Location(label, line_of(text, path)),
            "remove the escape",
        )
        for path, value in _strings(values)
        if (char := next(iter(forbidden_in(value)), ""))
    ]:
        raise PublisherError(*problems)
    return text, values


def _strings(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All texts in a value with their paths. TOML allows control characters in them as escapes."""
    if isinstance(value, str):
        yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from _strings(entry, (*path, key))


def _syntax(problem: str, label: str) -> Diagnostic:
    match = re.search(r"\(at line (\d+), column (\d+)\)", problem)
    place = Location(label, int(match[1]), int(match[2])) if match else Location(label)
    message = f"not valid TOML: {problem.split(' (at')[0].lower()}"
    return Diagnostic(Code.TOML, message, place, "put strings in quotation marks and lists in [ ]")


def _overridden(base: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `profile`: tables merge key by key, everything else is replaced."""
    merged = dict(base)
    for key, value in profile.items():
        known = merged.get(key)
        merged[key] = _overridden(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _validated(model: type[Any], values: Mapping[str, Any], text: str, label: str) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError as problem:
        raise PublisherError(*(_diagnostic(model, error, text, label) for error in problem.errors())) from None


def _diagnostic(model: type[Any], error: Any, text: str, label: str) -> Diagnostic:
    """An error of pydantic with its place in the file."""
    path = tuple(error["loc"])
    place = Location(label, line_of(text, path))
    name = ".".join(part for part in path if isinstance(part, str))
    if error["type"] == "extra_forbidden":
        return Diagnostic(Code.KEY_UNKNOWN, f"unknown key {path[-1]!r}", place, _key_hint(model, path))
    if error["type"] == "missing":
        return Diagnostic(Code.KEY_MISSING, f"{name} is missing", place, f"add {path[-1]} = …")
    message = _EXPECTED.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return Diagnostic(Code.VALUE, f"{name}: {message[:1].lower()}{message[1:]}", place, f"the value is {error['input']!r}"[:120])


def _key_hint(model: type[Any], path: tuple[str | int, ...]) -> str:
    """What could have been meant by a key: a key with nearly its name, or the table of the manifest that has it."""
    key, known = str(path[-1]), sorted(_model_at(model, path[:-1]).model_fields)
    if not difflib.get_close_matches(key, known, n=1, cutoff=0.8) and model is Manifest:
        for table, title in (
            ("section", "[[section]]"),
            *((name, f"[{name}]") for name in ("edition", "sources", "inputs", "theme", "limits")),
        ):
            if path[:1] != (table,) and key in _model_at(model, (table,)).model_fields:
                return f"it belongs under {title}"
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"the keys here are: {', '.join(known)}"


_EXPECTED = {
    "tuple_type": "must be a list",
    "string_type": "must be text in quotation marks",
    "date_from_datetime_parsing": "must be a date such as 2022-05-10",
    "date_type": "must be a date such as 2022-05-10",
    "date_parsing": "must be a date such as 2022-05-10",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "string_too_short": "must not be empty",
}


def _model_at(model: Any, path: tuple[str | int, ...]) -> Any:
    """The model of the table at `path`: its keys are what could have been meant."""
    tables = {
        ("edition",): EditionTable,
        ("edition", "certifier"): CertifierTable,
        ("sources",): SourcesTable,
        ("inputs",): InputsTable,
        ("limits",): LimitsTable,
        ("theme",): ThemeTable,
        ("theme", "fonts"): FontsTable,
        ("theme", "margins"): MarginsTable,
        ("section",): SectionTable,
        ("section", "articles"): ArticleTable,
        ("section", "articles", "source"): SourceTable,
        ("source",): SourceTable,
    }
    if path and path[0] == "outputs":
        return OutputTable
    if path[:2] == ("theme", "fonts") and len(path) > 2:
        return FontTable
    return tables.get(tuple(part for part in path if isinstance(part, str)), model)
