"""The last pass: header, body and notes take their places, notes their numbers, headings their ids.

Notes are numbered in the order of their calls, the headline's first (DESIGN: notes are numbered per article).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from slugify import slugify

from publisher.input.manuscript import Manuscript
from publisher.model.article import Article, Citation
from publisher.model.markup import attribute, classes, tags
from publisher.model.metadata import Metadata
from publisher.model.vocabulary import HEADINGS
from publisher.passes.structure import heading_id
from publisher.text.citations import citation_html
from publisher.text.languages import direction, long_date, words_for

_RESERVED = re.compile(r"(note|call)-\d+$|notes$")
_BODY_HEADINGS = HEADINGS - {"h1"}


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article in its final form: `article > header, div.body, section.notes?`."""
    root, tree = article.root, article.tree
    numbers = _number(root)
    _ids(root)
    notes = _notes(article, numbers)
    header = _header(tree, root, article.metadata)
    body = _body(tree, root)
    root["lang"] = article.metadata.lang
    if direction(article.metadata.lang) == "rtl":
        root["dir"] = "rtl"
    for part in (header, body, *notes):
        root.append(part)
        root.append("\n")
    citations = tuple(Citation(numbers.get(one.source.identifier, 0), one.source) for one in article.citations)
    return replace(article, citations=citations)


def _number(root: Tag) -> dict[str, int]:
    """Numbers the calls in place; the number of each note by its key."""
    numbers: dict[str, int] = {}
    for call in [link for link in tags(root, ("a",)) if "noteref" in classes(link)]:
        if call.find_parent("aside", class_="note"):
            call.unwrap()  # a note's own call: its words stay, notes have no notes
            continue
        key = attribute(call, "href")[1:]
        first = key not in numbers
        number = numbers.setdefault(key, len(numbers) + 1)
        call.attrs = {"class": "noteref", "role": "doc-noteref", "href": f"#note-{number}"}
        if first:
            call["id"] = f"call-{number}"
        call.string = str(number)
    return numbers


def _ids(root: Tag) -> None:
    """Ids that are XML names, once each; headings without one get theirs from their words. Links follow."""
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for tag in tags(root):
        given = attribute(tag, "id")
        if _RESERVED.match(given) or "note" in classes(tag):
            continue
        if not given and tag.name not in _BODY_HEADINGS:
            continue
        name = _free(slugify(given) if given else heading_id(tag), taken)
        taken.add(name)
        renamed.setdefault(given, name)
        tag["id"] = name
    for link in tags(root, ("a",)):
        key = attribute(link, "href")[1:]
        if "noteref" not in classes(link) and key in renamed:
            link["href"] = f"#{renamed[key]}"


def _free(wished: str, taken: set[str]) -> str:
    name = wished if wished and not wished[0].isdigit() and not _RESERVED.match(wished) else f"p-{wished}".rstrip("-")
    names = itertools.chain([name], (f"{name}-{count}" for count in itertools.count(2)))
    return next(one for one in names if one not in taken)


def _notes(article: Article, numbers: dict[str, int]) -> list[Tag]:
    """`section.notes` with the notes in the order of their numbers, the uncalled ones behind them."""
    tree, root = article.tree, article.root
    sources = {one.source.identifier: one.source for one in article.citations}
    asides = root.find_all("aside", class_="note")
    asides.sort(key=lambda note: numbers.get(attribute(note, "id"), len(numbers) + 1))
    section = tree.new_tag("section", attrs={"class": "notes", "role": "doc-endnotes"})
    for number, note in enumerate(asides, 1):
        key = attribute(note, "id")
        if key in sources and "source" in classes(note):
            _fill(note, citation_html(sources[key], article.metadata.lang))
        elif not note.find("p", recursive=False):
            _wrap(tree, note)
        note["id"], note["role"] = f"note-{number}", "doc-footnote"
        section.append("\n")
        section.append(note.extract())
    section.append("\n")
    return [section] if asides else []


def _fill(note: Tag, html: str) -> None:
    fragment = BeautifulSoup(f"<p>{html}</p>", "lxml").p
    if fragment is not None:
        note.append(fragment.extract())


def _wrap(tree: BeautifulSoup, note: Tag) -> None:
    paragraph = tree.new_tag("p")
    for child in list(note.children):
        paragraph.append(child.extract())
    note.append(paragraph)


def _header(tree: BeautifulSoup, root: Tag, metadata: Metadata) -> Tag:
    header = tree.new_tag("header")
    headline = root.find("h1")
    parts = [headline, *root.find_all("p", class_="standfirst", recursive=False)]
    byline = _byline(tree, metadata)
    for part in [*parts, *([byline] if byline else [])]:
        if isinstance(part, Tag):
            header.append("\n")
            header.append(part.extract())
    header.append("\n")
    return header


def _byline(tree: BeautifulSoup, metadata: Metadata) -> Tag | None:
    """Who, where it appeared, when; None where nothing is known."""
    terms = words_for(metadata.lang)
    names = terms["by"].format(", ".join(metadata.authors)) if metadata.authors else ""
    place = metadata.source.publication or metadata.publisher
    date = long_date(metadata.date or metadata.source.date, metadata.lang)
    if not (names or place or date):
        return None
    byline = tree.new_tag("p", attrs={"class": "byline"})
    for text in filter(None, (names, place, date)):
        if byline.contents:
            byline.append(NavigableString(" · "))
        byline.append(NavigableString(text))
    return byline


def _body(tree: BeautifulSoup, root: Tag) -> Tag:
    """What is left under the root, a line break between blocks, so that `publisher tree` can be read and compared by line."""
    body = tree.new_tag("div", attrs={"class": "body"})
    for child in list(root.children):
        child.extract()
        if not isinstance(child, NavigableString) or child.strip():
            body.append("\n")
            body.append(child)
    body.append("\n")
    return body
