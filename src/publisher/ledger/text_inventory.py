"""Inventories of text files: wire copy, Markdown, reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from publisher.input.manuscript import Manuscript
from publisher.ledger.inventory import Inventory

# What stands in Markdown for the machine and not for a reader (CommonMark 0.31, and the extensions of docs/reference.md).
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^(?P<indent>(?:[ \t>]|(?:[-+*]|\d{1,9}[.)]|\[[ xX]\])(?=[ \t]))*)(?P<fence>`{3,}|~{3,})[^\n]*$")
_MACHINE_KEYS = frozenset({"lang", "language", "slug", "url", "archived", "date", "accessed"})
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNSHOWN_HTML = re.compile(r"<(script|style|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")
_IMAGE = re.compile(r"!\[|<img\b", re.IGNORECASE)
_NO_IMAGE = re.compile(r"!\[[^\]\n]*\]\((?!<)[^\s()]+[ \t]+[^\s\"'()][^)\n]*\)")  # a space in the address (CommonMark 6.3)
_ALT = re.compile(r"!\[([^\[\]\n]*)\]")
_LINK_TITLE = re.compile(r"(?<!!)(\[[^\[\]\n]*\]\(\s*\S+)\s+\"([^\"\n]*)\"(?=\s*\))")
_DEFINITION_TITLE = re.compile(r"^([ >]{0,8}\[(?!\^)[^\]\n]+\]:[ \t]*\n?[ \t]*\S+)[ \t]+[\"'(](.*)[\"')][ \t]*$", re.MULTILINE)
_DESTINATION = re.compile(r"\]\(\s*(?:<[^<>\n]*>|(?:[^\s()]|\((?:[^\s()]|\([^\s()]*\))*\))*)")
_REFERENCE = re.compile(r"\]\[[^\]\n]*\]")
_DEFINITION = re.compile(r"^[ >]{0,8}\[(?!\^)[^\]\n]+\]:[ \t]*\n?[ \t]*\S+", re.MULTILINE)
_NOTE_LABEL = re.compile(r"\[\^[^\]\s]+\]:?")
_NOTE = re.compile(r"^[ >]{0,8}\[\^[^\]\s]+\]:|\^\[", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{(?:\s*(?:[#.][\w-]+|[\w-]+=(?:\"[^\"]*\"|\S+?)))+\s*\}")
_BOX = re.compile(r"^[ >]*:{3,}.*$", re.MULTILINE)
_LIST_MARKS = re.compile(
    r"^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=\s)))+(?:[ \t]+\[[ xX]\])?", re.MULTILINE
)  # of lists in lists too
_NUMBER_OR_BOX = re.compile(r"\d+[.)]|\[[ xX]\]")
_DIRECTIVE = re.compile(r"^\s*\.\. [\w:.+-]+::", re.MULTILINE)
_TABLE = re.compile(r"^[ >]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)


def of_wire_copy(manuscript: Manuscript) -> Inventory:
    """All words of a text file, by paragraphs."""
    inventory = Inventory(has_list_numbers=True)
    for line, paragraph in _paragraphs(manuscript.text()):
        inventory.add(f"line {line}", paragraph)
    return inventory


def of_markdown(manuscript: Manuscript) -> Inventory:
    """The words of a Markdown file without its marks, addresses and attributes; the values of its front matter."""
    inventory = Inventory()
    count_markdown(manuscript.text(), inventory)
    return inventory


def count_markdown(text: str, inventory: Inventory, place: str = "") -> None:
    """Adds a piece of Markdown to an inventory. The places are lines, or `place` if it is given."""
    front_matter = _FRONT_MATTER.match(text)
    if front_matter:
        for value in _values(front_matter[1]):
            inventory.add_title(place or "front matter", value)
        text = "\n" * front_matter[0].count("\n") + text[front_matter.end() :]
    for line, is_code, part in _code_and_text(text):
        if not is_code:
            inventory.images += [place or f"line {line}"] * (len(_IMAGE.findall(part)) - len(_NO_IMAGE.findall(part)))
            inventory.notes += len(_NOTE.findall(part))
            inventory.links += part.count("](") - part.count("![")
            inventory.tables += sum("|" in row for row in _TABLE.findall(part))
            part = _without_attributes(part, inventory, place or f"line {line}")
        for offset, paragraph in _paragraphs(part if is_code else _without_marks(part)):
            inventory.add(place or f"line {line + offset - 1}", paragraph)


def _without_attributes(text: str, inventory: Inventory, place: str) -> str:
    """The text without alternative texts and titles of links, which become attributes; the inventory has them as titles."""

    def add(match: re.Match[str]) -> str:
        inventory.add_title(place, match[match.lastindex or 0])
        return "![]" if match.re is _ALT else match[1]

    for pattern in (_ALT, _LINK_TITLE, _DEFINITION_TITLE):
        text = pattern.sub(add, text)
    return text


def _without_marks(text: str) -> str:
    for pattern in (_COMMENT, _UNSHOWN_HTML, _TAG, _BOX, _DEFINITION, _NOTE_LABEL):
        text = pattern.sub(lambda match: "\n" * match[0].count("\n") or "\u200b", text)
    text = _LIST_MARKS.sub(lambda marks: _NUMBER_OR_BOX.sub("", marks[0]), text)
    return unescape(_ATTRIBUTES.sub("", _REFERENCE.sub("]", _DESTINATION.sub("](", text))))


def _code_and_text(text: str) -> Iterator[tuple[int, bool, str]]:
    """The parts between and in code fences: line, whether it is code, text."""
    start, lines, fence = 1, list[str](), ""
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.match(line)
        closes = bool(fence and match and match["fence"].startswith(fence) and not line.strip(" \t>").strip(fence[0]))
        if match and (closes or not fence):
            yield start, bool(fence), "\n".join(lines)
            start, lines, fence = number + 1, [], "" if closes else match["fence"]
        else:
            lines.append(line)
    yield start, bool(fence), "\n".join(lines)


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a text between blank lines, with the line on which each begins."""
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield number - len(lines), "\n".join(lines)
            lines = []


def _values(source: str) -> Iterator[str]:
    """All texts in front matter; its keys are not for a reader."""
    import yaml

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, part in value.items():
                if key not in _MACHINE_KEYS:
                    yield from texts(part)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)
        elif isinstance(value, str):
            yield value

    try:
        yield from texts(yaml.safe_load(source))
    except (yaml.YAMLError, ValueError):  # the reader refuses the file
        return


def of_restructured_text(manuscript: Manuscript) -> Inventory:
    """The words of a reStructuredText file as docutils parses it, without comments and what docutils adds."""
    from docutils import nodes
    from docutils.core import publish_doctree

    settings = {
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "_disable_config": True,
        "report_level": 5,
        "halt_level": 5,
    }
    document = publish_doctree(manuscript.text(), settings_overrides=settings)
    inventory = Inventory()
    unshown = (
        nodes.comment,
        nodes.system_message,
        nodes.substitution_definition,
        nodes.footnote_reference,
        nodes.raw,
    )
    for block in document.findall(nodes.TextElement):
        around = [block]
        while around[-1].parent is not None:
            around.append(around[-1].parent)
        is_generated = any("contents" in element.get("classes", ()) for element in around if isinstance(element, nodes.topic))
        if isinstance(block.parent, nodes.TextElement) or is_generated or any(isinstance(element, unshown) for element in around):
            continue
        line = next((element.line for element in around if element.line), 0)
        if isinstance(block, nodes.label) and not isinstance(block.parent, nodes.citation):
            continue  # the number of a footnote
        texts = [text.astext() for text in block.findall(nodes.Text) if not isinstance(text.parent, nodes.footnote_reference)]
        inventory.add(f"line {line}", "".join(texts))
    for message in document.findall(nodes.system_message):
        for source in message.findall(nodes.literal_block):  # a directive that docutils does not know or does not obey
            if "irective" in message.astext().partition("\n")[0]:
                inventory.add(f"line {message.get('line', 0)}", _DIRECTIVE.sub("", source.astext()))
    inventory.images = ["" for _ in document.findall(nodes.image)]
    inventory.tables = sum(1 for _ in document.findall(nodes.table))
    inventory.notes = sum(1 for _ in document.findall(nodes.footnote))
    inventory.links = sum(1 for _ in document.findall(nodes.reference))
    return inventory
