"""Loading publisher.toml and sidecars: values checked by their models, every error with its line and the nearest key."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from publisher.build.edition_day import EditionDay, day_of
from publisher.build.feed_addresses import line_of_entry, public_manifest
from publisher.build.history import History, read_history
from publisher.build.manifest import (
    ArticleTable,
    CertifierTable,
    EditionTable,
    InputsTable,
    LimitsTable,
    ListedFeed,
    Manifest,
    OutputTable,
    SectionTable,
    SourcesTable,
    SourceTable,
)
from publisher.build.placeholders import Placeholders, written_out
from publisher.build.release_table import ReleaseTable, slug_of
from publisher.build.since import since_of
from publisher.build.theme_table import FontsTable, FontTable, MarginsTable, ThemeTable
from publisher.input.toml_lines import line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.model.metadata import Metadata
from publisher.model.public_addresses import text_without_secrets
from publisher.store.regular_files import read_regular
from publisher.text.characters import code_point, forbidden_in

_LARGEST = 16_000_000  # bytes of a manifest
_NEXT = "next"  # the number behind that of the last release


@dataclass(frozen=True)
class LoadedManifest:
    """A manifest without placeholders; its text, the day of the edition, the name of its releases, and the earlier ones.

    `public_text` is the manifest as an output may have it: of several profiles only what the edition is made with, and no tokens
    of feeds.
    """

    manifest: Manifest
    text: str
    public_text: str
    day: EditionDay
    slug: str
    history: History


def load(
    path: Path,
    label: str,
    profile: str | None = None,
    date: str | None = None,
    since: str | None = None,
    history: History | None = None,
) -> LoadedManifest:
    """The manifest at `path` with the settings of a profile, for a day (`--date`), with a `since` in place of its own.

    `history` are the earlier releases; without it, those in the folder of releases.

    Raises PublisherError with all that is wrong, each with its line.
    """
    text, values = _profiled(path, label, profile)
    edition = values["edition"] if isinstance(values.get("edition"), dict) else {}
    day, slug = day_of(edition, date), slug_of(values, profile)
    if since is not None:
        values = _with_since(values, since_of(since, day))
    history = read_history(path.parent / _release_folder(values), slug) if history is None else history
    values = _without_placeholders(values, day, history, text, label)
    manifest: Manifest = _validated(Manifest, values, text, label)
    missing = [name for name in manifest.inputs.allow if not (path.parent / name).is_dir()]
    if missing:
        place = Location(label, line_of(text, ("inputs", "allow")))
        raise PublisherError(*(Diagnostic(Code.VALUE, f"inputs.allow: {name} is not a folder", place) for name in missing))
    feeds = (feed.url for section in manifest.section for feed in section.feeds)
    return LoadedManifest(manifest, text, public_manifest(_public_text(text, values), feeds), day, slug, history)


def _profiled(path: Path, label: str, profile: str | None) -> tuple[str, dict[str, Any]]:
    """The text of a manifest, and its values with those of a profile. Raises PublisherError."""
    text, values = _toml(path, label)
    if profile is None:
        return text, values
    profiles = values.get("profile", {})
    if profile not in profiles:
        hint = f"the profiles are: {', '.join(sorted(profiles))}" if profiles else "the manifest has no profiles"
        raise PublisherError(Diagnostic(Code.PROFILE_UNKNOWN, f"profile {profile!r} not found", Location(label), hint))
    return text, _overridden(values, profiles[profile])


def _public_text(text: str, values: Mapping[str, Any]) -> str:
    """The text of a manifest without profiles; else its values as TOML, since profiles name what others must not see."""
    if "profile" not in values:
        return text
    import tomli_w

    return tomli_w.dumps({key: value for key, value in values.items() if key != "profile"})


def _with_since(values: Mapping[str, Any], since: datetime.date | str) -> dict[str, Any]:
    """The values with one `since` for the whole edition."""

    def without(table: Any) -> Any:
        return {key: value for key, value in table.items() if key != "since"} if isinstance(table, dict) else table

    def section(table: Any) -> Any:
        if not isinstance(table, dict):
            return table
        lists = {key: list(map(without, table[key])) for key in ("articles", "feeds") if isinstance(table.get(key), list)}
        return {**without(table), **lists}

    result = dict(values)
    if isinstance(sections := result.get("section"), list):
        result["section"] = list(map(section, sections))
    if isinstance(edition := result.get("edition"), dict):
        result["edition"] = {**edition, "since": since}
    return result


@dataclass(frozen=True)
class ReleasePlace:
    """Where the releases of an edition are: their folder, their common name, and how many stay."""

    folder: Path
    slug: str
    profile: str
    keep: int | None


def release_place(path: Path, label: str, profile: str | None = None) -> ReleasePlace:
    """The place of the releases of the manifest at `path`, which no day changes. Raises PublisherError as `load` does."""
    text, values = _profiled(path, label, profile)
    stated = values["release"] if isinstance(values.get("release"), dict) else {}
    without_version = {key: value for key, value in stated.items() if key != "version"}  # it may have placeholders
    table: ReleaseTable = _validated(ReleaseTable, without_version, text, label)
    return ReleasePlace(path.parent / table.folder, slug_of(values, profile), profile or "", table.keep)


def _release_folder(values: Mapping[str, Any]) -> str:
    table = values.get("release")
    folder = table.get("folder") if isinstance(table, dict) else None
    return folder if isinstance(folder, str) else ReleaseTable().folder


def _without_placeholders(values: dict[str, Any], day: EditionDay, history: History, text: str, label: str) -> dict[str, Any]:
    """The values with what a day and the earlier releases give: day, number, and all that placeholders stand for."""
    edition = values.get("edition")
    if not isinstance(edition, dict):
        return values
    number = edition.get("number")
    if number == _NEXT:
        number = history.next_number(day.option)
        values = {**values, "edition": {**edition, "number": number}}
    lang = edition.get("language")
    known = Placeholders(day, number if isinstance(number, int) else None, lang if isinstance(lang, str) else "en")
    values = written_out(values, known, text, label)
    if day.day is not None:
        values["edition"]["date"] = day.day
    return values


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
    place = Location(label, _line(text, path, error["input"]))
    name = ".".join(part for part in path if isinstance(part, str))
    if error["type"] == "extra_forbidden":
        return Diagnostic(Code.KEY_UNKNOWN, f"unknown key {path[-1]!r}", place, _key_hint(model, path))
    if error["type"] == "missing":
        return Diagnostic(Code.KEY_MISSING, f"{name} is missing", place, f"add {path[-1]} = …")
    message = _EXPECTED.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    hint = error.get("ctx", {}).get("hint") or text_without_secrets(f"the value is {error['input']!r}")[:120]
    return Diagnostic(Code.VALUE, f"{name}: {message[:1].lower()}{message[1:]}", place, hint)


def _line(text: str, path: tuple[str | int, ...], value: Any) -> int:
    """The line of a value. An entry of a list of feeds may stand on any line of it."""
    if path[:1] == ("section",) and path[2:3] == ("feeds",) and path[4:] == ("url",):
        values = value.values() if isinstance(value, dict) else [value]
        for written in (entry for entry in values if isinstance(entry, str)):
            return line_of_entry(text, path[:3], written)
    return line_of(text, path)


def _key_hint(model: type[Any], path: tuple[str | int, ...]) -> str:
    """What could have been meant by a key: a key with nearly its name, or the table of the manifest that has it."""
    key, known = str(path[-1]), sorted(_model_at(model, path[:-1]).model_fields)
    if not difflib.get_close_matches(key, known, n=1, cutoff=0.8) and model is Manifest:
        for table, title in (
            ("section", "[[section]]"),
            *((name, f"[{name}]") for name in ("edition", "sources", "inputs", "theme", "limits", "release")),
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
        ("release",): ReleaseTable,
        ("theme",): ThemeTable,
        ("theme", "fonts"): FontsTable,
        ("theme", "margins"): MarginsTable,
        ("section",): SectionTable,
        ("section", "articles"): ArticleTable,
        ("section", "articles", "source"): SourceTable,
        ("section", "feeds"): ListedFeed,
        ("section", "feeds", "source"): SourceTable,
        ("source",): SourceTable,
    }
    if path and path[0] == "outputs":
        return OutputTable
    if path[:2] == ("theme", "fonts") and len(path) > 2:
        return FontTable
    return tables.get(tuple(part for part in path if isinstance(part, str)), model)
