"""The test suite of the Citation Style Language, through our own path: `python bench/csl_suite.py FOLDER`.

FOLDER holds the fixtures (`processor-tests/humans` of the repository citation-style-language/test-suite). The items of each go
through the reader of CSL-JSON, its citations through the processor, the result through the sanitizer into a note of a tree.
What is expected is HTML of citeproc-js: it goes through the same sanitizer, for only what our vocabulary can say can be compared.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from publisher.input.libraries.csl_json import read
from publisher.model.clusters import CitedItem
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xml_root
from publisher.text.csl.inline_markup import entry, inline
from publisher.text.csl.processor import Formatted, NumberedCluster, Request, formatted
from publisher.text.csl.styles import Style

_PART = re.compile(r">>=+ ([A-Z0-9-]+) =+>>\n?(.*?)\n?<<=+ \1 =+<<", re.DOTALL)
_NUMBERED = re.compile(r"^(?:\.\.|>>)\[\d+\] ", re.MULTILINE)
_ENTRY = re.compile(r'<div class="csl-entry">(.*?)</div>\n(?=  <div class="csl-entry">|</div>|\Z)', re.DOTALL)
# What a fixture may ask of a processor and our path never does, with the reason.
EXCLUDED_PARTS = {
    "ABBREVIATIONS": "lists of abbreviations",
    "BIBENTRIES": "items that are changed while a document is edited",
    "BIBSECTION": "a bibliography in sections, which citeproc-js alone has",
    "INPUT2": "items that are changed while a document is edited",
    "LANGPARAMS": "variants of a name in several scripts, which citeproc-js alone has",
    "MULTIAFFIX": "variants of a name in several scripts, which citeproc-js alone has",
}
_POSITION = re.compile(r'"(?:position|near-note|first-reference-note-number)"')
_TOGETHER = 50  # fixtures in one process
EXCLUDED_MODES = {"bibliography-header": "parameters for a word processor", "citation-rtf": "output in RTF"}


@dataclass(frozen=True)
class Fixture:
    name: str
    parts: dict[str, str]

    @property
    def excluded(self) -> str:
        """Why the fixture is not counted; empty if it is."""
        mode = EXCLUDED_MODES.get(self.parts["MODE"].strip(), "")
        if _POSITION.search(self.parts.get("CITATION-ITEMS", "")):
            return "positions that are stated, not found"
        return mode or next((reason for part, reason in EXCLUDED_PARTS.items() if self.parts.get(part)), "")

    @property
    def is_bibliography(self) -> bool:
        return self.parts["MODE"].strip().startswith("bibliography")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the share that passed and the names of the others; the exit code is 1 below 95 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the fixtures")
    parser.add_argument("--show", action="store_true", help="what was expected and what came, of those that fail")
    options = parser.parse_args(arguments)
    fixtures = [Fixture(path.stem, dict(_PART.findall(path.read_text("utf-8")))) for path in sorted(options.folder.glob("*.txt"))]
    counted = [fixture for fixture in fixtures if not fixture.excluded]
    failed = []
    for fixture, found in zip(counted, _found_in(counted), strict=True):
        expected = _expected(fixture)
        if expected != found:
            failed.append(fixture.name)
            if options.show:
                print(f"{fixture.name}\n  expected {expected}\n  found    {found}")
    passed = len(counted) - len(failed)
    for fixture in fixtures:
        if fixture.excluded:
            print(f"excluded: {fixture.name}: {fixture.excluded}")
    print(f"failed: {', '.join(failed) or 'none'}")
    print(f"{passed} of {len(counted)} fixtures pass ({passed / max(1, len(counted)):.1%})")
    return 0 if counted and passed >= 0.95 * len(counted) else 1


def _compared(texts: Iterable[str]) -> str:
    """Lines or entries as one text: how fixtures part them does not count."""
    return re.sub(r"\s+", " ", " ".join(texts)).strip()


def _expected(fixture: Fixture) -> str:
    result = fixture.parts["RESULT"]
    if fixture.is_bibliography:
        return _compared(_in_note(" ".join(filter(None, entry(match[1])))) for match in _ENTRY.finditer(f"{result}\n"))
    return _compared([_in_note(inline(_NUMBERED.sub("", result)))])


def _found_in(fixtures: Sequence[Fixture]) -> Iterator[str]:
    """What each fixture gives: many in one process, but one that ends it alone."""
    for start in range(0, len(fixtures), _TOGETHER):
        batch = fixtures[start : start + _TOGETHER]
        try:
            results: Iterable[Formatted | PublisherError] = formatted([_request(fixture) for fixture in batch])
        except PublisherError:
            results = map(_alone, batch)
        for fixture, result in zip(batch, results, strict=True):
            yield str(result) if isinstance(result, PublisherError) else _text(fixture, result)


def _alone(fixture: Fixture) -> Formatted | PublisherError:
    try:
        return formatted([_request(fixture)])[0]
    except PublisherError as problem:
        return problem


def _text(fixture: Fixture, result: Formatted) -> str:
    if fixture.is_bibliography:
        return _compared(_in_note(" ".join(filter(None, (row.label, row.html)))) for row in result.bibliography)
    return _compared(_in_note(text) for document in result.documents for text in document)


def _request(fixture: Fixture) -> Request:
    library = read(fixture.parts["INPUT"], fixture.name)
    style = _style(fixture.parts["CSL"])
    items = {found.key: found.item for found in library.entries}
    documents = _documents(fixture, list(items))
    return Request(style, style.lang or "en-US", tuple(items.values()), documents, links=False)


def _in_note(html: str) -> str:
    """Inline XHTML as it stands in a note of the tree."""
    root = xml_root(f'<article><aside class="note cites" id="note-1"><p>{html}</p></aside></article>')
    text = etree.tostring(root[0][0], encoding="unicode")
    return text.removeprefix("<p>").removesuffix("</p>").replace("<p/>", "")


def _style(source: str) -> Style:
    root = etree.fromstring(source.strip().encode())
    has_bibliography = root.find("{*}bibliography") is not None
    return Style(
        etree.tostring(root, encoding="unicode"), root.get("class") == "note", has_bibliography, root.get("default-locale", "")
    )


def _documents(fixture: Fixture, keys: list[str]) -> tuple[tuple[NumberedCluster, ...], ...]:
    """The documents of a fixture: one with all its citations, one for each list of items, or one that cites all items."""
    if fixture.parts.get("CITATIONS"):
        return (tuple(_cluster(row["citationItems"], note) for row, note in _in_order(json.loads(fixture.parts["CITATIONS"]))),)
    if fixture.parts.get("CITATION-ITEMS"):
        return tuple((_cluster(row, 0),) for row in json.loads(fixture.parts["CITATION-ITEMS"]))
    return ((NumberedCluster(tuple(CitedItem(key) for key in keys), 0),),)


def _in_order(rows: list[Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """The citations in the order of the document at the end, with their notes."""
    last, before, after = rows[-1]
    by_id = {row[0].get("citationID", ""): row[0] for row in rows}
    order = [*before, [last.get("citationID", ""), last.get("properties", {}).get("noteIndex", 0)], *after]
    return ((by_id[name], note) for name, note in order)


def _cluster(items: list[dict[str, Any]], note: int) -> NumberedCluster:
    return NumberedCluster(tuple(_item(item) for item in items), note)


def _item(item: dict[str, Any]) -> CitedItem:
    return CitedItem(
        str(item["id"]),
        str(item.get("prefix", "")),
        str(item.get("label", "")),
        str(item.get("locator", "")),
        str(item.get("suffix", "")),
        bool(item.get("suppress-author")),
    )


if __name__ == "__main__":
    sys.exit(main())
