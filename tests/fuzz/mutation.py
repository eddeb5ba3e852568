"""Changes of input that keep its structure: elements, lines and values of JSON are moved, doubled, nested, renamed.

Bytes changed at random are mostly refused at once, and never reach what works on the tree.
"""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # from the words of our own modules; others stand for bytes
SOURCE = Path(__file__).parents[2] / "src" / "publisher"
# The modules whose names and values a target is made of; others are found by instrumentation.
_OFFICE = ("input/opendocument*.py", "ledger/office*.py")
_PAGE = ("readers/html.py", "extraction/*.py", "input/html*.py", "input/mathml.py", "input/page*.py", "passes/*.py", "model/*.py")
_MAIL = ("readers/mail*.py", "input/mi*.py", "input/mail*.py", "readers/mhtml.py", "ledger/mail*.py")
_AGENCY = ("readers/newsml*.py", "readers/nitf.py", "readers/ninjs.py", "ledger/agency*.py", "input/agency*.py")
_FEEDS = ("readers/*feed*.py", "readers/opml.py", "ledger/feed*.py")
_TABLES = ("build/manifest.py", "model/metadata.py", "model/limits.py")
_LIBRARIES = ("input/libraries/dates.py", "input/libraries/entries.py", "model/libraries.py")
MODULES: dict[str, tuple[str, ...]] = {
    "docx": ("input/word/*.py", "readers/docx.py", "input/omml.py", *_OFFICE),
    "odt": ("readers/odt*.py", *_OFFICE),
    "epub": ("input/epub/*.py", "readers/epub.py", "input/mathml.py"),
    "eml": _MAIL,
    "mbox": _MAIL,
    "mhtml": (*_MAIL, *_PAGE),
    "html": _PAGE,
    "sanitizer": _PAGE,
    "xml": (*_FEEDS, *_AGENCY),
    "opml": _FEEDS,
    "nitf": _AGENCY,
    "ninjs": _AGENCY,
    "json": (*_FEEDS, *_AGENCY),
    "ipynb": ("readers/notebook.py", "ledger/notebook*.py"),
    "md": ("readers/markdown*.py", "passes/*.py"),
    "rst": ("readers/rst.py",),
    "txt": ("readers/wire*.py",),
    "svg": ("input/svg*.py",),
    "manifest": _TABLES,
    "sidecar": _TABLES,
    "bib": ("input/libraries/bibtex*.py", "input/libraries/latex.py", *_LIBRARIES),
    "csljson": ("input/libraries/csl_json.py", "text/source_exports.py", *_LIBRARIES),
    "ris": ("input/libraries/ris.py", *_LIBRARIES),
    "theme": ("writers/pdf/*.py",),
    "theme-settings": ("writers/themes.py",),
}
VALUES = (
    "",
    "-1",
    "0",
    "1",
    "9" * 12,
    "1e400",
    "x",
    "#",
    "#a",
    "http://[",
    "//",
    "\u202e",
    "\x0b",
    "&#0;",
    "a<b",
    "true",
    " ",
    "²",
)
OTHERS: tuple[Any, ...] = (None, True, -1, 0, 1.5, 1e300, "", "x", "\ud800", [], {}, [[]], [None], {"": None}, ["x"], {"x": "y"})
_STARTS = ("  ", "    ", "> ", "- ", "* ", "\t", "1. ", "| ", ":")  # of lines
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[\w:.-]+)(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?)(?P<empty>/?)>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_RULE = re.compile(r"([^{};\n]+)\{([^{}]*)\}")  # of a style sheet: selector, declarations
_DEEPEST = 40  # times that something is nested


@cache
def names_of(target: str) -> tuple[str, ...]:
    """Short strings in the modules of a target: names of elements, attributes, keys, headers, and their values."""
    found = set[str]()
    for pattern in MODULES.get(target, ()):
        for path in sorted(SOURCE.glob(pattern)):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.update(word for word in re.findall(r"[^\s<>\"'&=()\[\]|\\]+", node.value) if 1 < len(word) < 30)
    return tuple(sorted(found))


def mutated(target: str, data: bytes, most: int, dice: random.Random, seeds: Sequence[bytes] = ()) -> bytes:
    """The data with a few changes of its structure, at most so many bytes; the data itself if there is nothing to change."""
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(dice.choice((1, 1, 2, 4))):
        changes: list[Callable[[str, str, random.Random, str], str]] = [_change_lines]
        if text.lstrip()[:1] in ("{", "["):
            changes = [_change_json, _change_json, _change_json, *changes]
        elif target == "theme":
            changes = [_change_rules, _change_rules, _change_rules, *changes]
        elif "<" in text:
            changes = [_change_elements, _change_elements, _change_elements, _change_attributes, _change_attributes, *changes]
        other = dice.choice(seeds).decode("utf-8", "surrogateescape") if seeds and dice.random() < 0.2 else text
        text = dice.choice(changes)(target, text, dice, other)
    return _LONE.sub("?", text).encode("utf-8", "surrogateescape")[:most]


def _elements(text: str) -> list[tuple[int, int, int, int, str]]:
    """The elements of a text: where each begins, where its content begins and ends, where it ends; its name."""
    found, around = [], list[tuple[int, int, str]]()
    for match in _TAG.finditer(text):
        name = match["name"]
        if match["close"]:
            while any(name == opened for _, _, opened in around):
                start, inside, opened = around.pop()
                if opened == name:
                    found.append((start, inside, match.start(), match.end(), name))
                    break
        elif match["empty"]:
            found.append((match.start(), match.end(), match.end(), match.end(), name))
        else:
            around.append((match.start(), match.end(), name))
    return found or [(start, inside, inside, inside, name) for start, inside, name in around]


def _change_elements(target: str, text: str, dice: random.Random, other: str) -> str:
    elements = _elements(text)
    if not elements:
        return text
    start, inside, content_end, end, name = dice.choice(elements)
    around, whole, content = text[start:inside], text[start:end], text[inside:content_end]
    second = dice.choice(_elements(other) or elements)
    moved, closing = other[second[0] : second[3]], text[content_end:end]
    change = dice.randrange(9)
    if change == 0:
        return text[:start] + text[end:]
    if change == 1:
        return text[:start] + content + text[end:]  # unwrapped
    if change == 2:
        return text[:start] + whole * dice.choice((2, 2, 3, 20)) + text[end:]
    if change == 3:
        return text[:inside] + text[content_end:]  # emptied
    if change == 4:
        times = dice.choice((2, 2, 3, _DEEPEST))
        return text[:start] + around * times + content + closing * times + text[end:]
    if change == 5:
        place = dice.choice((start, inside, content_end, end))
        return text[:place] + moved + text[place:]
    if change == 6:
        return text[:start] + moved + text[end:]
    if change == 7:
        return text[:inside] + dice.choice(VALUES) + text[content_end:]
    renamed = second[4] if dice.random() < 0.5 or not names_of(target) else dice.choice(names_of(target))
    if ":" in name and ":" not in renamed:
        renamed = f"{name.partition(':')[0]}:{renamed}"
    return text[:start] + around.replace(name, renamed, 1) + content + closing.replace(name, renamed) + text[end:]


def _change_attributes(target: str, text: str, dice: random.Random, other: str) -> str:
    attributes = list(_ATTRIBUTE.finditer(text))
    if not attributes:
        return text
    match, second = dice.choice(attributes), dice.choice(list(_ATTRIBUTE.finditer(other)) or attributes)
    names = names_of(target) or ("id",)
    changed = dice.choice(
        (
            "",
            f"{match[1]}{match[2]}{second[3]}",
            f"{second[1]}{match[2]}{match[3]}",
            f'{match[1]}{match[2]}"{dice.choice(VALUES)}"',
            f'{match[1]}{match[2]}"{dice.choice(names)}"',
            f"{match[0]} {second[0]}",
            f'{match[0]} {dice.choice(names)}="{dice.choice(VALUES)}"',
        )
    )
    return text[: match.start()] + changed + text[match.end() :]


def _change_lines(target: str, text: str, dice: random.Random, other: str) -> str:
    lines, others = text.split("\n"), other.split("\n")
    place, line = dice.randrange(len(lines)), dice.choice(others)
    cut = dice.randrange(len(lines[place]) + 1)
    word = dice.choice((*names_of(target), *VALUES))
    replacement = dice.choice(
        (
            [],
            [line, lines[place]],
            [lines[place]] * dice.choice((2, 3, 30)),
            [lines[place][:cut], lines[place][cut:]],
            [dice.choice(_STARTS) * dice.choice((1, 2, _DEEPEST)) + lines[place]],
            [lines[place][:cut] + word + lines[place][cut:]],
            [lines[place] + line],
            [line],
        )
    )
    return "\n".join([*lines[:place], *replacement, *lines[place + 1 :]])


def _change_rules(target: str, text: str, dice: random.Random, other: str) -> str:
    """A style sheet with a declaration or a selector of another rule, or with a rule of declarations of several."""
    rules, others = list(_RULE.finditer(text)), list(_RULE.finditer(other))
    if not rules or not others:
        return text
    rule = dice.choice(rules)
    declarations = [part.strip() for found in (*rules, *others) for part in found[2].split(";") if part.strip()]
    selectors = [found[1] for found in (*rules, *others)]
    if not declarations:
        return text
    chosen = "; ".join(dice.choice(declarations) for _ in range(dice.choice((1, 2, 5))))
    change = dice.randrange(4)
    if change == 0:
        return f"{text[: rule.start(1)]}{dice.choice(selectors)}{text[rule.end(1) :]}"
    if change == 1:
        return f"{text[: rule.start(2)]} {chosen} {text[rule.end(2) :]}"
    if change == 2:
        return text[: rule.start()] + text[rule.end() :]
    return f"{text}\n{dice.choice(selectors)} {{ {chosen} }}\n"


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Each list and object in a value of JSON with each of its keys."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


def _change_json(target: str, text: str, dice: random.Random, other: str) -> str:
    try:
        value = json.loads(text)
        others = _places(json.loads(other))
    except (ValueError, RecursionError):
        return _change_lines(target, text, dice, text)
    places = _places(value)
    if not places or not others:
        return text
    holder, key = dice.choice(places)
    change = dice.randrange(6)
    if change == 0:
        del holder[key]
    elif change == 1:
        holder[key] = dice.choice(OTHERS)
    elif change == 2:
        second, second_key = dice.choice(others)
        holder[key] = second[second_key]
    elif change == 3:
        holder[key] = [holder[key]] * dice.choice((1, 2, 20))
    elif change == 4:
        holder[key] = {dice.choice(names_of(target) or ("x",)): holder[key]}
    elif isinstance(holder, dict):
        holder[dice.choice(names_of(target) or ("x",))] = dice.choice((holder[key], *OTHERS))
    try:
        return json.dumps(value)
    except (ValueError, RecursionError):
        return text
