"""A theme's style sheets for the page: its custom properties put in, its faults with file and line, fallback faces apart.

Custom properties of `:root` (the grammar of themes, docs/themes.md) are written into the text before it is parsed: the
engine would resolve them again for every element, and does not know them in margin boxes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tinycss2

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.writers.themes import Theme

TOKENS, CUSTOM, FALLBACK = "tokens.css", "custom.css", "fallback.css"
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_DEPTH = 8  # custom properties in custom properties
_PLACE = re.compile(r" at (\d+):(\d+)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class StyleSheet:
    """One file of a theme, its custom properties put in; line numbers are those of the file."""

    path: Path
    css: str
    faults: tuple[Diagnostic, ...] = ()


def page_styles(theme: Theme, paper: str, names: Iterable[str]) -> tuple[StyleSheet, ...]:
    """The style sheets `names`, the paper's and every custom.css, those of the parents first."""
    paths = [path for name in (*names, f"paper/{paper.lower()}.css") if (path := theme.path(name))]
    paths += theme.paths(CUSTOM)
    return _filled(tuple(theme.paths(TOKENS)), tuple(paths))


@cache
def _filled(tokens: tuple[Path, ...], paths: tuple[Path, ...]) -> tuple[StyleSheet, ...]:
    texts = {path: path.read_text("utf-8") for path in (*tokens, *paths)}
    known: dict[str, str] = {}
    for text in texts.values():
        known.update(custom_properties(text))
    return tuple(_sheet(path, texts[path], known) for path in paths)


def custom_properties(css: str) -> dict[str, str]:
    """The custom properties that `:root` sets in a style sheet, by name, each on one line."""
    found = {}
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule" and tinycss2.serialize(rule.prelude).strip() == ":root":
            for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
                if one.type == "declaration" and one.name.startswith("--"):
                    found[one.name] = " ".join(tinycss2.serialize(one.value).split())
    return found


def _sheet(path: Path, text: str, known: Mapping[str, str]) -> StyleSheet:
    blank = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    faults = [
        _unknown(path, blank.count("\n", 0, found.start()) + 1, found[1], known)
        for found in _VAR.finditer(blank)
        if found[1] not in known and found[2] is None and not re.search(rf"{found[1]}\s*:", blank)
    ]
    for _ in range(_DEPTH):
        filled = _VAR.sub(lambda found: known.get(found[1], found[0] if found[2] is None else found[2].strip()), text)
        if filled == text:
            break
        text = filled
    return StyleSheet(path, text, (*_unparsed(path, text), *faults))


def _unparsed(path: Path, text: str) -> Iterator[Diagnostic]:
    """What does not parse at all; braces that never close swallow what follows, so the parser alone would not say so."""
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "error":
            yield fault(path, f"{rule.message}", rule.source_line, rule.source_column)
    depth, opened = 0, [0]
    blank = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for number, line in enumerate(re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", blank).split("\n"), 1):
        for char in line:
            depth += (char == "{") - (char == "}")
            opened = [*opened, number] if char == "{" else opened[:-1] if char == "}" and len(opened) > 1 else opened
    if depth > 0:
        yield fault(path, "a brace is opened here and never closed", opened[-1], 0, "close the rule with }")


def _unknown(path: Path, line: int, name: str, known: Mapping[str, str]) -> Diagnostic:
    near = difflib.get_close_matches(name, known, n=1)
    return fault(path, f"no :root sets {name}", line, 0, f"did you mean {near[0]}?" if near else "set it in tokens.css")


def fault(path: Path, what: str, line: int = 0, column: int = 0, hint: str = "") -> Diagnostic:
    """An error in a theme's style sheet."""
    what = what[:1].lower() + what[1:]
    hint = hint or "docs/themes.md says what a theme may set; the properties are those of WeasyPrint"
    return Diagnostic(Code.THEME_CSS, what, Location(str(path), line, column), hint)


def css_faults(path: Path, lines: Iterable[str]) -> tuple[Diagnostic, ...]:
    """What the engine logged while it parsed the style sheet at `path`, as errors with their place."""
    said = []
    for text in lines:
        found = _PLACE.search(text)
        line, column = (int(found[1]), int(found[2])) if found else (0, 0)
        said.append(fault(path, _PLACE.sub("", text, count=1).rstrip(". "), line, column))
    return tuple(said)


@dataclass(frozen=True)
class FallbackFace:
    """A face for scripts that the theme's own lack; read only for text that has a character in `ranges`."""

    css: str
    ranges: tuple[tuple[int, int], ...]

    def serves(self, characters: frozenset[int]) -> bool:
        return any(first <= one <= last for one in characters for first, last in self.ranges)


@cache
def fallback_faces(path: Path) -> tuple[FallbackFace, ...]:
    """The faces of a fallback.css: `@font-face` rules, each with the `unicode-range` it is for."""
    faces = []
    for rule in tinycss2.parse_stylesheet(path.read_text("utf-8"), skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "font-face" and rule.content:
            found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            declared = [one for one in found if one.type == "declaration"]
            ranges = tuple(
                (token.start, token.end)
                for one in declared
                if one.lower_name == "unicode-range"
                for token in one.value
                if token.type == "unicode-range"
            )
            rest = "; ".join(one.serialize() for one in declared if one.lower_name != "unicode-range")
            faces.append(FallbackFace(f"@font-face {{ {rest} }}", ranges))
    return tuple(faces)


def wanted_faces(theme: Theme, text: str) -> tuple[tuple[Path, FallbackFace], ...]:
    """The fallback faces, and where they are declared, that a text needs."""
    path = theme.path(FALLBACK)
    if path is None:
        return ()
    characters = frozenset(ord(char) for char in set(text) if ord(char) > 0x02FF)
    return tuple((path, face) for face in fallback_faces(path) if face.serves(characters)) if characters else ()
