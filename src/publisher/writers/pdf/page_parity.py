"""Compares what the pages of a sheet show with its articles (parity.py): words in order within each block, and links.

What differs on pages: a line may end within a word, with a hyphen that is not in the tree or with none, and the space that a line
ends with is not on the page; a theme may set words in capitals; a block may go on on another page, where heads of tables are
repeated; blocks may stand in another order (where footnotes, captions and boxes go is the theme's affair); the number of a note,
which links back to its reference, is not in the tree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from publisher.model.addresses import scheme_of
from publisher.model.diagnostics import Diagnostic
from publisher.model.edition import Entry
from publisher.model.markup import xml_root
from publisher.writers.parity import (
    Block,
    Content,
    Link,
    WordDifference,
    content_of,
    link_difference,
    parity_diagnostics,
    plain,
    word_difference,
)
from publisher.writers.pdf.engine import link_target
from publisher.writers.pdf.page_text import TextStyles, anchors, placed_links, placed_text, text_styles
from publisher.writers.pdf.sheet_markup import BIND_SCHEME, NO_LINKS_ON_PAPER

_PLAIN_STYLES = TextStyles(frozenset({"\u2010"}), frozenset())  # WeasyPrint's hyphen, nothing in capitals
# Where a text in capitals or in wide characters (CSS Text 3, 2.1) still differs when it is folded. WeasyPrint 70 makes ΗΫ of έυ.
_TRANSFORMED = {"ı": "i", "\u2212": "-", "ηυ": "ευ"}


@dataclass(eq=False)
class _Shown:
    """What the pages show of a block: its text with a line feed where a line ends. The rest is of what was read last."""

    pieces: list[str] = field(default_factory=list)
    line: int = -1
    marked: str = ""


def page_diagnostics(entries: Sequence[Entry], document: Any) -> Iterator[Diagnostic]:
    """An error for each article of a sheet whose words, and one for each whose links, are not those on the pages."""
    contents = [content_of(xml_root(entry.xhtml)) for entry in entries]
    shown = _shown_blocks(entries, contents, document)
    targets: dict[str, set[str]] = {}
    for place, target in placed_links(document):
        targets.setdefault(place, set()).add(target)
    names = anchors(document)
    for entry, content in zip(entries, contents, strict=True):
        words = list(_word_differences(entry.slug, content, shown, _PLAIN_STYLES))
        if words:  # most sheets need no look at their styles
            words = list(_word_differences(entry.slug, content, shown, text_styles(document)))
        links = list(_link_differences(entry.slug, content, targets, names))
        yield from parity_diagnostics(entry.slug, "PDF", words, links)


def _shown_blocks(entries: Sequence[Entry], contents: Sequence[Content], document: Any) -> dict[Block, _Shown]:
    """What the pages show of each block of the articles."""
    shown = {block: _Shown() for content in contents for block in content.blocks}
    owners = {
        f"{entry.slug}:{number}": (shown[block], mark)
        for entry, content in zip(entries, contents, strict=True)
        for number, (block, mark) in content.owners.items()
    }
    for place, text, line in placed_text(document):
        if place not in owners:
            continue
        block, mark = owners[place]
        if mark:
            if block.marked == place:  # an image that cannot be shown is its alt text, in several boxes
                continue
            block.marked, text = place, mark
        if block.line != line:
            block.pieces.append("\n")
            block.line = line
        block.pieces.append(text)
    return shown


def _word_differences(slug: str, content: Content, shown: Mapping[Block, _Shown], styles: TextStyles) -> Iterator[WordDifference]:
    transformed = {block for number, (block, _) in content.owners.items() if f"{slug}:{number}" in styles.transformed}
    for block in content.blocks:
        text, lines = block.text, [plain(line) for line in "".join(shown[block].pieces).split("\n")]
        is_same = is_text_of(text, lines, styles.hyphens)
        if not is_same and block in transformed:
            is_same = is_text_of(_folded(text), list(map(_folded, lines)), styles.hyphens)
        if not is_same:
            yield word_difference(text, _joined(lines, set(text.split()), styles.hyphens))


def is_text_of(text: str, lines: Iterable[str], hyphens: Iterable[str]) -> bool:
    """Whether lines have the words of a text: each ends at a space or within a word, there with a hyphen or without."""
    at = 0
    for line in lines:
        if not text.startswith(line, at):
            line = next((line.removesuffix(hyphen) for hyphen in hyphens if line.endswith(hyphen)), line)
            if not text.startswith(line, at) or text[at + len(line) : at + len(line) + 1] in ("", " "):
                return False
        at += len(line)
        if text.startswith(" ", at):
            at += 1
    return at >= len(text)


def _folded(text: str) -> str:
    """A text in small letters without marks: some languages set capitals without them (Greek), or with others (Turkish)."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    for transformed, typed in _TRANSFORMED.items():
        bare = bare.replace(transformed, typed)
    return plain(bare)


def _joined(lines: Sequence[str], words: set[str], hyphens: Iterable[str]) -> str:
    """The lines as one text, for a message: words that a line's end divides are joined where the tree has them whole."""
    joined: list[str] = []
    for line in lines:
        parts = line.split()
        if joined and parts:
            stem = next((joined[-1].removesuffix(hyphen) for hyphen in hyphens if joined[-1].endswith(hyphen)), joined[-1])
            whole = next((word for word in (joined[-1] + parts[0], stem + parts[0]) if word in words), "")
            if whole:
                joined[-1:], parts = [whole], parts[1:]
        joined += parts
    return " ".join(joined)


def _link_differences(slug: str, content: Content, targets: Mapping[str, set[str]], names: frozenset[str]) -> Iterator[str]:
    for block in content.blocks:
        for link in block.links:
            if scheme_of(link.target) in NO_LINKS_ON_PAPER:
                continue
            wanted, found = _target(link, slug), targets.get(f"{slug}:{link.number}", set())
            if wanted not in found:
                leads = f"leads to {', '.join(sorted(found))}" if found else "is no link"
                yield link_difference(link.words, f"should lead to {link.target}, but {leads}")
            elif wanted.startswith("#") and wanted[1:] not in names:
                yield link_difference(link.words, f"leads to {link.target}, which is on no page")
    back = targets.get("", set())
    for identifier in sorted(content.ids):
        number = identifier.removeprefix("note-")
        if number != identifier and f"call-{number}" in content.ids and f"#{slug}.call-{number}" not in back:
            yield f"note {number} has no link back to its reference"


def _target(link: Link, slug: str) -> str:
    """Where a link of an article leads on the pages of its sheet."""
    if link.target.startswith("#"):
        return f"#{slug}.{link.target[1:]}"
    if link.target.startswith("article:"):
        return BIND_SCHEME + link.target.removeprefix("article:").replace("#", ".", 1)
    return link_target(link.target)
