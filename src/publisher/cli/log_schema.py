"""The JSON Schema of a line of `--log-format json`, and the tables of docs/reference.md, generated from the events.

`log.schema.json` beside this file is what it gives; a test keeps it so.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from publisher.cli.console import EXIT_CODES
from publisher.model.codes import Severity
from publisher.model.events import ArticleRead, ArticleSkipped, Done, Logged, OutputMade, Planned, SheetSet, Started

EVENTS: tuple[type[Logged], ...] = (Started, Planned, ArticleRead, SheetSet, ArticleSkipped, OutputMade, Done)
_TYPES: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer", "minimum": 0},
    "bool": {"type": "boolean"},
    "tuple[str, ...]": {"type": "array", "items": {"type": "string"}},
}
_WORDS_OF_COMMANDS = re.compile(r"--[a-z-]+|\bverify\b")
_TEXT, _NUMBER = _TYPES["str"], _TYPES["int"]
_MESSAGE = {
    "severity": ({"enum": [str(severity) for severity in Severity]}, "how bad it is"),
    "code": (_TEXT, "the code in brackets behind the message, which `publisher explain` takes"),
    "message": (_TEXT, "what happened"),
    "hint": (_TEXT, "what to do; empty if there is nothing to say"),
    "file": (_TEXT, "the file it is about; empty if it is about none"),
    "line": (_NUMBER, "the line, from 1; 0 if it is not known"),
    "column": (_NUMBER, "the column, from 1; 0 if it is not known"),
    "trace": (_TEXT, "with `PUBLISHER_TRACEBACK=1`: where an error in publisher itself happened"),
}
_RESULT = {
    "severity": ({"const": "info"}, "always `info`"),
    "message": (_TEXT, "the result, as a line for people"),
}


def schema() -> dict[str, Any]:
    """The schema as plain values."""
    definitions = {event.NAME: _event(event) for event in EVENTS}
    message = _object("message", "A message about the input, or about the command itself.", _MESSAGE)
    message["required"].remove("trace")
    result = _object("result", "A result. Which further keys it has depends on the command.", _RESULT)
    del result["additionalProperties"]
    definitions |= {"message": message, "result": result}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:publisher-toolchain:log",
        "title": "A line of publisher --log-format json",
        "description": "The first line is start, the last is done. Later versions may add events and keys.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in definitions],
        "$defs": definitions,
    }


def _event(event: type[Logged]) -> dict[str, Any]:
    values = {value.name: (_TYPES[str(value.type)], value.metadata["meaning"]) for value in fields(event)}
    if event is Done:
        codes = [{"const": int(code), "description": meaning} for code, meaning in EXIT_CODES.items()]
        values["exit_code"] = ({"oneOf": codes}, values["exit_code"][1])
        values["meaning"] = ({"enum": list(EXIT_CODES.values())}, values["meaning"][1])
    return _object(event.NAME, _meaning(event), values)


def _object(name: str, meaning: str, values: dict[str, tuple[dict[str, Any], str]]) -> dict[str, Any]:
    properties = {key: {**kind, "description": text} for key, (kind, text) in values.items()}
    return {
        "type": "object",
        "description": meaning,
        "properties": {"event": {"const": name}, **properties},
        "required": ["event", *properties],
        "additionalProperties": False,
    }


def _meaning(event: type[Logged]) -> str:
    return " ".join((event.__doc__ or "").split())


def event_table() -> str:
    """The events and their keys, as a table of Markdown."""
    rows = ["| event | key | value |", "| --- | --- | --- |"]
    named = [(event.NAME, {value.name: value.metadata["meaning"] for value in fields(event)}) for event in EVENTS]
    named[-1:-1] = [(name, {key: text for key, (_, text) in keys.items()}) for name, keys in _OTHERS]
    for name, keys in named:
        rows += [f"| {'' if number else f'`{name}` '}| `{key}` | {text} |" for number, (key, text) in enumerate(keys.items())]
    return "\n".join(rows)


_OTHERS = (("message", _MESSAGE), ("result", _RESULT))


def exit_code_table() -> str:
    """The exit codes, as a table of Markdown."""
    meanings = {int(code): _WORDS_OF_COMMANDS.sub(r"`\g<0>`", meaning) for code, meaning in EXIT_CODES.items()}
    rows = [f"| {code} | {meaning} |" for code, meaning in meanings.items()]
    return "\n".join(["| exit code | meaning |", "| ---: | --- |", *rows])
