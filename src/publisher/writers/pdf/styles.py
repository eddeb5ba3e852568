"""A theme's style sheets for the page: custom properties replaced by their values, faults with file and line, fallback faces.

The values of the custom properties of `:root` (the grammar of themes, docs/themes.md) are written into the text before it
is parsed: the engine would resolve them again for every element, and does not support them in margin boxes.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import tinycss2

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Location
from publisher.writers.css_rules import rules_of
from publisher.writers.custom_properties import CUSTOM, TOKENS, VAR, properties_of, with_values
from publisher.writers.themes import Theme, text_of

FALLBACK = "fallback.css"
_FIRST_FALLBACK = 0x02B0  # what comes before it are letters, which the theme's own fonts have
_POSITION = re.compile(r" at (\d+):(\d+)")
_URL = re.compile(r"url\(\s*[\"']?([^)\"']+)")
_LENGTH = re.compile(r"([\d.]+)([a-z]+)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class StyleSheet:
    """One file of a theme with its custom properties replaced by their values; its line numbers do not change.

    `original` is the text of the style sheet that it is a tighter variant of, line by line.
    """

    path: Path
    css: str
    faults: tuple[Diagnostic, ...] = ()
    original: str = ""


def page_styles(theme: Theme, paper: str, names: Iterable[str], tight: bool = False) -> tuple[StyleSheet, ...]:
    """The style sheets `names`, then that of the paper, then every custom.css, the parents' first. `tight`: see `_tightened`."""
    return _style_sheets(theme, tuple(theme.paths(TOKENS)), _paths(theme, paper, names), tight)


def _paths(theme: Theme, paper: str, names: Iterable[str]) -> tuple[Path, ...]:
    paths = [path for name in (*names, f"paper/{paper.lower()}.css") if (path := theme.path(name))]
    return (*paths, *theme.paths(CUSTOM))


def page_properties(theme: Theme, paper: str) -> dict[str, str]:
    """The values of the custom properties of a theme's pages, by name; a value may name others."""
    return properties_of(text_of(path) for path in (*theme.paths(TOKENS), *_paths(theme, paper, ("page.css",))))


@cache
def _style_sheets(theme: Theme, tokens: tuple[Path, ...], paths: tuple[Path, ...], tight: bool) -> tuple[StyleSheet, ...]:
    texts = {path: text_of(path) for path in (*tokens, *paths)}
    known = properties_of(texts.values())
    if tight:  # other lengths, but no other faults
        sheets, known = _style_sheets(theme, tokens, paths, False), _tightened(known, theme)
        return tuple(StyleSheet(sheet.path, with_values(texts[sheet.path], known), sheet.faults, sheet.css) for sheet in sheets)
    return tuple(_style_sheet(path, texts[path], known) for path in paths)


def _tightened(known: Mapping[str, str], theme: Theme) -> dict[str, str]:
    """The properties for a sheet that saves a page: less leading, less space between blocks, lower images, by the theme's bounds.

    Sizes of type, margins and measures stay as they are (issue 19: copyfitting).
    """
    settings = theme.settings
    shares = dict.fromkeys(
        ("--body", "--headline", "--headline-next", "--standfirst", "--subhead", "--small"), settings.tight_leading
    )
    shares |= dict.fromkeys(("--line", "--half", "--quarter", "--three-quarters", "--double"), settings.tight_spacing)
    shares["--picture-height"] = settings.tight_images
    return {name: _less(value, shares.get(name, 0)) for name, value in known.items()} | {"--hyphenation": settings.tight_hyphens}


def _less(value: str, percent: int) -> str:
    """A length less by so many percent; of a size and a line height, the latter."""
    size, slash, line = value.rpartition("/")
    match = _LENGTH.fullmatch(line.strip())
    return f"{size}{slash}{float(match[1]) * (1 - percent / 100):g}{match[2]}" if match and percent else value


def _style_sheet(path: Path, text: str, known: Mapping[str, str]) -> StyleSheet:
    without_comments = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    faults = [
        _unset_property(path, without_comments.count("\n", 0, match.start()) + 1, match[1], known)
        for match in VAR.finditer(without_comments)
        if match[1] not in known and match[2] is None and not re.search(rf"{match[1]}\s*:", without_comments)
    ]
    faults += _missing_files(path, without_comments)
    text = with_values(text, known)
    return StyleSheet(path, text, (*_syntax_faults(path, text), *faults))


def _syntax_faults(path: Path, text: str) -> Iterator[Diagnostic]:
    """The places that cannot be parsed, and braces that are never closed, which the parser does not report."""
    for rule in rules_of(text):
        if rule.type == "error":
            yield fault(path, f"{rule.message}", rule.source_line, rule.source_column)
    depth, braces = 0, [0]  # lines of the braces that are open
    without_comments = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for number, line in enumerate(re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", without_comments).split("\n"), 1):
        for char in _BRACE.findall(line):
            depth += (char == "{") - (char == "}")
            braces = [*braces, number] if char == "{" else braces[:-1] if char == "}" and len(braces) > 1 else braces
    if depth > 0:
        yield fault(path, "a brace that is opened here is never closed", braces[-1], 0, "close the rule with }")


def _unset_property(path: Path, line: int, name: str, known: Mapping[str, str]) -> Diagnostic:
    near = difflib.get_close_matches(name, known, n=1)
    return fault(path, f"no :root sets {name}", line, 0, f"did you mean {near[0]}?" if near else "set it in tokens.css")


def _missing_files(path: Path, css: str) -> Iterator[Diagnostic]:
    """A fault for each image or font that a style sheet names and that is not there; paths are relative to the style sheet."""
    for match in _URL.finditer(css):
        name = match[1].strip()
        if not re.match(r"[a-z][a-z0-9+.-]*:|#|/", name, re.IGNORECASE) and not (path.parent / unquote(name)).is_file():
            line = css.count("\n", 0, match.start()) + 1
            yield fault(path, f"file not found: {name}", line, 0, "the path is relative to the style sheet")


def fault(path: Path, message: str, line: int = 0, column: int = 0, hint: str = "") -> Diagnostic:
    """An error for a fault in a theme's style sheet."""
    message = message[:1].lower() + message[1:]
    hint = hint or "see docs/themes.md for what a theme can set; use only properties that WeasyPrint supports"
    return Diagnostic(Code.THEME_CSS, message, Location(str(path), line, column), hint)


def css_faults(path: Path, lines: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The warnings that the engine logged while it parsed the style sheet at `path`, as errors with line and column."""
    faults = []
    for text in lines:
        match = _POSITION.search(text)
        line, column = (int(match[1]), int(match[2])) if match else (0, 0)
        faults.append(fault(path, _POSITION.sub("", text, count=1).rstrip(". "), line, column))
    return tuple(faults)


@dataclass(frozen=True)
class FallbackFace:
    """A face for scripts that the theme's main fonts lack. It is loaded only for text with a character in `ranges`.

    The ranges are in order, and none touches another.
    """

    css: str
    ranges: tuple[tuple[int, int], ...]

    @property
    def file(self) -> str:
        """The path of its font in the theme; empty where it has none."""
        match = _URL.search(self.css)
        return match[1] if match else ""

    def covers(self, characters: frozenset[int]) -> bool:
        starts = [first for first, _ in self.ranges]
        indexes = ((character, bisect_right(starts, character) - 1) for character in characters)
        return any(index >= 0 and character <= self.ranges[index][1] for character, index in indexes)


@cache
def fallback_faces(path: Path, digest: str = "") -> tuple[FallbackFace, ...]:
    """The faces of a fallback.css: its `@font-face` rules, each with its `unicode-range`."""
    faces = []
    for rule in tinycss2.parse_stylesheet(text_of(path), skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "font-face" and rule.content:
            contents = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            declarations = [node for node in contents if node.type == "declaration"]
            ranges = [
                (token.start, token.end)
                for declaration in declarations
                if declaration.lower_name == "unicode-range"
                for token in declaration.value
                if token.type == "unicode-range"
            ]
            descriptors = "; ".join(node.serialize() for node in declarations if node.lower_name != "unicode-range")
            faces.append(FallbackFace(f"@font-face {{ {descriptors} }}", _joined(ranges)))
    return tuple(faces)


def _joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The ranges in order; ranges that touch are joined."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def wanted_faces(theme: Theme, text: str) -> tuple[tuple[Path, FallbackFace], ...]:
    """The fallback faces that a text needs, each with the file that declares it."""
    path = theme.path(FALLBACK)
    if path is None:
        return ()
    characters = frozenset(ord(char) for char in set(text) if ord(char) >= _FIRST_FALLBACK)
    return tuple((path, face) for face in fallback_faces(path, theme.digest) if face.covers(characters)) if characters else ()
