"""The font families that style sheets name and do not declare: they can only come from the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import tinycss2

from publisher.writers.css_rules import rules_of

# CSS Fonts 4, 2.1.4, and the keywords of every property (CSS Cascade 5, 7.3).
_KEYWORDS = {
    *("serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "math", "emoji", "fangsong"),
    *("ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded"),
    *("inherit", "initial", "unset", "revert", "revert-layer", "default", "none", "normal"),
}
_SIZES = {"dimension", "percentage", "number", "function"}  # behind the last of them, `font` has its families


def undeclared_families(css: Iterable[str]) -> frozenset[str]:
    """The families, in lower case, that the style sheets set text in without an `@font-face` for them."""
    found = list(map(_families_of, css))
    declared = {family for families, _ in found for family in families}
    return frozenset(family for _, families in found for family in families if family not in declared) - _KEYWORDS


@cache
def _families_of(css: str) -> tuple[frozenset[str], frozenset[str]]:
    """The families that a style sheet declares, and those that it names."""
    declared, named = set[str](), set[str]()
    if "font" not in css.lower() and "\\" not in css:  # with an escape, it may be written in another way
        return frozenset(), frozenset()
    for is_face, declaration in _declarations(rules_of(css)):
        if declaration.lower_name in ("font-family", "font"):
            (declared if is_face else named).update(_families(declaration))
    return frozenset(declared), frozenset(named)


def _declarations(rules: Iterable[Any], is_face: bool = False) -> Iterator[tuple[bool, Any]]:
    """The declarations in rules, in those nested in them too, and whether each is in an `@font-face`."""
    for rule in rules:
        if rule.type == "declaration":
            yield is_face, rule
        elif rule.type in ("at-rule", "qualified-rule") and rule.content:
            inner = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            yield from _declarations(inner, rule.type == "at-rule" and rule.lower_at_keyword == "font-face")


def _families(declaration: Any) -> Iterator[str]:
    """The names in a value of `font-family` or `font`: strings, and words that stand together."""
    tokens = list(declaration.value)
    if declaration.lower_name == "font":
        last = max((index for index, token in enumerate(tokens) if token.type in _SIZES), default=len(tokens))
        tokens = tokens[last + 1 :]
    words: list[str] = []
    for token in tokens:
        if token.type == "string":
            yield token.value.lower()
        elif token.type == "ident":
            words.append(token.value.lower())
        elif token.type == "literal" and words:
            yield " ".join(words)
            words = []
    if words:
        yield " ".join(words)
