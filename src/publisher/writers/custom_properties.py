"""Custom properties of `:root`, the grammar of themes (docs/themes.md), written into style sheets in place of `var()`.

The engine would resolve them again for every element, and does not support them in margin boxes; readers of e-books do not know
them at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import tinycss2

from publisher.writers.colors import with_mixes
from publisher.writers.css_rules import rules_of
from publisher.writers.themes import Theme, text_of

TOKENS, CUSTOM, BOOK_CUSTOM = "tokens.css", "custom.css", "ebook-custom.css"
VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_MAX_DEPTH = 8  # how deep custom properties can refer to each other


@cache
def custom_properties(css: str) -> Mapping[str, str]:
    """The values of the custom properties that `:root` sets in a style sheet, by name; each value is on one line."""
    properties: dict[str, str] = {}
    if ":root" not in css:
        return properties
    for rule in rules_of(css):
        if rule.type == "qualified-rule" and tinycss2.serialize(rule.prelude).strip() == ":root":
            for declaration in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                if declaration.type == "declaration" and declaration.name.startswith("--"):
                    properties[declaration.name] = " ".join(tinycss2.serialize(declaration.value).split())
    return properties


def properties_of(css: Iterable[str]) -> dict[str, str]:
    """The custom properties of several style sheets; the last value of each."""
    known: dict[str, str] = {}
    for text in css:
        known.update(custom_properties(text))
    return known


def with_values(css: str, known: Mapping[str, str]) -> str:
    """A style sheet with the values of the properties in place of each `var()` and of mixes of their colors."""
    for _ in range(_MAX_DEPTH):
        replaced = VAR.sub(lambda match: known.get(match[1], match[0] if match[2] is None else match[2].strip()), css)
        if replaced == css:
            break
        css = replaced
    return with_mixes(css)


@cache
def theme_properties(theme: Theme) -> Mapping[str, str]:
    """The values of the custom properties of a theme on no paper of its own, each without `var()`."""
    known = properties_of(text_of(path) for path in (*theme.paths(TOKENS), *theme.paths(CUSTOM)))
    return {name: with_values(value, known) for name, value in known.items()}


@cache
def book_css(theme: Theme) -> str:
    """The style sheet of the e-book: ebook.css, then every ebook-custom.css, the parents' first."""
    css = "".join([theme.read("ebook.css"), *(text_of(path) for path in theme.paths(BOOK_CUSTOM))])
    return with_values(css, {**theme_properties(theme), **custom_properties(css)})
