"""Placeholders in a manifest: `{date}`, `{date:%d %B %Y}`, `{weekday}`, `{number}`; `{{` and `}}` are braces."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from publisher.build.edition_day import DAYS, EditionDay
from publisher.input.toml_lines import Path, line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location, PublisherError
from publisher.text.date_patterns import CODES, patterned, weekday

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
# Keys whose texts have placeholders, by their table.
_EDITION = ("title", "subtitle", "description", "lead", "identifier", "rights", "contact", "about", "logo", "cover_image")


class _Problem(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Placeholders:
    """What stands for each placeholder: the day of the edition, its number in the series (None: not known), its language."""

    day: EditionDay
    number: int | None = None
    lang: str = "en"

    def written(self, text: str) -> str:
        """A text with its placeholders written out. Raises _Problem where that cannot be."""
        return _FIELD.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[1] is None:
            raise _Problem(f"a {match[0]} alone", f"write {match[0] * 2} for the character {match[0]}")
        name, _, pattern = match[1].partition(":")
        if name == "number" and not pattern:
            return self._number()
        if name == "weekday" and not pattern:
            return weekday(self._moment(match[0]), self.lang)
        if name == "date":
            return self._date(match[0], pattern)
        hint = "the placeholders are {date}, {date:%d %B %Y}, {weekday} and {number}; write {{ and }} for braces"
        raise _Problem(f"there is no placeholder {match[0]}", hint)

    def _moment(self, field: str) -> datetime.datetime:
        if self.day.day is None:
            raise _Problem(f"{field} needs the day of the edition", "give date under [edition], or --date DAY")
        return self.day.moment

    def _date(self, field: str, pattern: str) -> str:
        moment = self._moment(field)
        try:
            return patterned(moment, pattern, self.lang) if pattern else moment.date().isoformat()
        except ValueError as problem:
            raise _Problem(f"{field}: {problem} is not known", f"the codes are {CODES}; %-d is a number without zeros") from None

    def _number(self) -> str:
        if self.number is None:
            raise _Problem("{number} needs the number of the edition", 'give number under [edition]; "next" counts the releases')
        return str(self.number)


def written_out(values: Mapping[str, Any], placeholders: Placeholders, text: str, label: str) -> dict[str, Any]:
    """The values of a manifest without placeholders, and with days in place of `since = "yesterday"`.

    `text` is the manifest's, `label` its name. Raises PublisherError with all that is wrong. Values of a wrong type stay.
    """
    problems: list[Diagnostic] = []

    def write(value: str, path: Path) -> str:
        try:
            return placeholders.written(value)
        except _Problem as problem:
            name = ".".join(part for part in path if isinstance(part, str))
            place = Location(label, line_of(text, path))
            problems.append(Diagnostic(Code.VALUE, f"{name}: {problem}", place, problem.hint))
            return value

    def since(value: Any, path: Path) -> Any:
        if not isinstance(value, str) or value not in DAYS:
            return value
        if placeholders.day.day is None:
            place, hint = Location(label, line_of(text, path)), "give date under [edition], or --date DAY"
            problems.append(Diagnostic(Code.VALUE, f"since = {value!r} needs the day of the edition", place, hint))
            return datetime.date.min
        try:
            return placeholders.day.day + datetime.timedelta(days=DAYS[value])
        except OverflowError:
            return datetime.date.min  # there is no day before

    result = _written(values, write, since)
    if problems:
        raise PublisherError(*problems)
    return result


_Write = Callable[[str, Path], str]
_Since = Callable[[Any, Path], Any]


def _written(values: Mapping[str, Any], write: _Write, since: _Since) -> dict[str, Any]:
    result = dict(values)
    if isinstance(edition := result.get("edition"), dict):
        edition = _table(edition, ("edition",), _EDITION, write)
        result["edition"] = _with_since(edition, ("edition",), since)
    if isinstance(sections := result.get("section"), list):
        result["section"] = [_section(section, ("section", index), write, since) for index, section in enumerate(sections)]
    if isinstance(outputs := result.get("outputs"), dict):
        result["outputs"] = {
            write(name, ("outputs", name)): _table(table, ("outputs", name), ("pages",), write) for name, table in outputs.items()
        }
    if isinstance(release := result.get("release"), dict):
        result["release"] = _table(release, ("release",), ("version",), write)
    return result


def _section(section: Any, path: Path, write: _Write, since: _Since) -> Any:
    if not isinstance(section, dict):
        return section
    section = _with_since(_table(section, path, ("title",), write), path, since)
    for key in ("articles", "feeds"):
        if isinstance(listed := section.get(key), list):
            section[key] = [_listed(entry, (*path, key, index), write, since) for index, entry in enumerate(listed)]
    return section


def _listed(entry: Any, path: Path, write: _Write, since: _Since) -> Any:
    """An entry of `articles` or `feeds`. Addresses have no placeholders: braces in them are their own."""
    if isinstance(entry, str):
        return entry if "://" in entry else write(entry, path)
    return _with_since(_table(entry, path, ("path",), write), path, since) if isinstance(entry, dict) else entry


def _table(table: Any, path: Path, keys: tuple[str, ...], write: _Write) -> Any:
    if not isinstance(table, dict):
        return table
    return {key: write(value, (*path, key)) if key in keys and isinstance(value, str) else value for key, value in table.items()}


def _with_since(table: dict[str, Any], path: Path, since: _Since) -> dict[str, Any]:
    return {**table, "since": since(table["since"], (*path, "since"))} if "since" in table else table
