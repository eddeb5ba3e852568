"""Cleans the CSS of a drawing: only known properties stay, without imports, fonts and addresses outside the drawing.

It works on the tokens of the CSS parser, so an escape (`\\75rl(…)`) or a comment hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

from publisher.input.svg_vocabulary import FUNCTIONS, PROPERTIES

_FRAGMENT = re.compile(r"#[^\s\"'()<>\\]+")
_PLAIN_VALUE = re.compile(r"[\w\s.,#%+-]*")  # has no function, string or escape


class _OutsideError(ValueError):
    """A value has a token that a drawing may not have."""


def is_fragment(address: str) -> bool:
    """Whether an address leads to a place in the drawing itself."""
    return bool(_FRAGMENT.fullmatch(address))


def clean_sheet(css: str) -> str:
    """The content of a `style` element: rules, also those inside `@media`; empty if nothing stays."""
    return _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def clean_declarations(css: str) -> str:
    """The content of a `style` attribute; empty if nothing stays."""
    return _declarations(tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True))


def clean_value(value: str) -> str:
    """The value of a presentation attribute, which is read as CSS; empty if it may not stay."""
    if _PLAIN_VALUE.fullmatch(value):
        return value
    try:
        return _serialized(tinycss2.parse_component_value_list(value, skip_comments=True)).strip()
    except _OutsideError:
        return ""


def _rules(rules: Iterable[Any]) -> str:
    parts = []
    for rule in rules:
        if rule.type == "qualified-rule":
            content = _declarations(tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True))
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            content = _rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
        else:
            continue
        prelude = tinycss2.serialize(rule.prelude).strip()
        if content and not any(token.type in ("error", "url") for token in rule.prelude):
            parts.append(f"{'@media ' if rule.type == 'at-rule' else ''}{prelude}{{{content}}}")
    return "\n".join(parts)


def _declarations(items: Iterable[Any]) -> str:
    parts = []
    for item in items:
        if item.type != "declaration" or not (item.lower_name in PROPERTIES or item.lower_name.startswith("--")):
            continue
        try:
            value = _serialized(item.value).strip()
        except _OutsideError:
            continue
        name = item.lower_name if item.lower_name in PROPERTIES else tinycss2.serializer.serialize_identifier(item.name)
        parts.append(f"{name}:{value}{'!important' if item.important else ''}")
    return ";".join(parts)


def _serialized(tokens: Iterable[Any]) -> str:
    """The tokens as CSS. Raises _OutsideError at a function or address that a drawing may not have."""
    return str(tinycss2.serialize([_allowed(token) for token in tokens]))


def _allowed(token: Any) -> Any:
    if token.type == "url":
        return _url(token, token.value)
    if token.type == "function" and token.lower_name == "url":
        return _url(token, "".join(argument.value for argument in token.arguments if argument.type == "string"))
    if token.type == "function" and token.lower_name in FUNCTIONS:
        token.arguments = [_allowed(argument) for argument in token.arguments]
    elif token.type == "() block":
        token.content = [_allowed(part) for part in token.content]
    elif token.type in ("function", "error", "at-keyword", "{} block", "[] block"):
        raise _OutsideError
    return token


def _url(token: Any, address: str) -> Any:
    if not is_fragment(address):
        raise _OutsideError
    return tinycss2.ast.URLToken(token.source_line, token.source_column, address, f"url({address})")
