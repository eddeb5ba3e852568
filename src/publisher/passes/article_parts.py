"""The last pass: builds header, body and notes section, numbers the notes, gives the headings their ids.

Notes are numbered in the order of their references, the headline's first. A note that another note refers to follows that note.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from slugify import slugify

from publisher.input.manuscript import Manuscript
from publisher.model.addresses import OUTSIDE_SCHEMES, scheme_of
from publisher.model.article import Article
from publisher.model.markup import attribute, classes, first_tag, parent_of, tags
from publisher.model.metadata import Metadata
from publisher.model.parts import Citation
from publisher.model.sources import Source
from publisher.model.vocabulary import BLOCKS, HEADINGS
from publisher.passes.structure import heading_id
from publisher.text.languages import direction, list_of, long_date, words_for

_RESERVED_ID = re.compile(r"(note|call)-\d+$|notes$")
_BODY_HEADINGS = HEADINGS - {"h1"}


def apply(article: Article, manuscript: Manuscript) -> Article:
    """The article in its final form: `article > header, div.body, section.notes?`."""
    root, tree = article.root, article.tree
    numbers = _number_references(root)
    _part_references(tree, root)
    new_ids = _assign_ids(root)
    notes = _notes_section(article, numbers, new_ids)
    header = _header(tree, root, article.metadata)
    body = _body(tree, root)
    root["lang"] = article.metadata.lang
    if direction(article.metadata.lang) == "rtl":
        root["dir"] = "rtl"
    for part in (header, body, *notes):
        root.append(part)
        root.append("\n")
    places = _sources_in_notes(notes) | numbers
    citations = [Citation(places.get(citation.source.identifier, 0), citation.source) for citation in article.citations]
    citations.sort(key=lambda citation: (not citation.note, citation.note))  # in the order of their mentions
    return replace(article, citations=tuple(citations), new_ids=new_ids)


def _number_references(root: Tag) -> dict[str, int]:
    """Numbers the references in place. Returns the numbers of the notes by their keys."""
    numbers: dict[str, int] = {}
    citing = {attribute(note, "id") for note in tags(root, ("aside",)) if "cites" in classes(note)}
    for reference in _references_in_order(root):
        key = attribute(reference, "href")[1:]
        if key not in citing:  # a style may put words in place of the others
            _close_up(reference)
        is_first = key not in numbers
        number = numbers.setdefault(key, len(numbers) + 1)
        reference.attrs = {"class": "noteref", "role": "doc-noteref", "href": f"#note-{number}"}
        if is_first:
            reference["id"] = f"call-{number}"
        reference.string = str(number)
    return numbers


def _close_up(reference: Tag) -> None:
    """Lets a reference stand at its word: formats such as reStructuredText ask for a space before it."""
    while isinstance(before := reference.previous_sibling, NavigableString) and before[-1:].isspace():
        if not before.strip() and before.previous_sibling is None:
            return
        text = before.rstrip()
        before.replace_with(NavigableString(text)) if text else before.extract()


def _sources_in_notes(sections: list[Tag]) -> dict[str, int]:
    """The numbers of the notes in which links stand, by the identifiers of the sources that they name."""
    places: dict[str, int] = {}
    for note in (note for section in sections for note in tags(section, ("aside",))):
        for link in tags(note, ("a",)):
            address = attribute(link, "href")
            if scheme_of(address) in OUTSIDE_SCHEMES:
                places.setdefault(Source(url=address).identifier, int(attribute(note, "id").rpartition("-")[2]))
    return places


def _part_references(tree: BeautifulSoup, root: Tag) -> None:
    """Puts a comma between references side by side: ⁶⁷ would be read as 67."""
    for reference in [link for link in tags(root, ("a",)) if "noteref" in classes(link)]:
        gap = reference.next_sibling
        gap = gap if isinstance(gap, NavigableString) and gap.strip() in ("", ",") else None
        following = reference.next_sibling if gap is None else gap.next_sibling
        if isinstance(following, Tag) and "noteref" in classes(following):
            comma = tree.new_tag("span", attrs={"class": "parting"})
            comma.string = ","
            reference.insert_after(comma)
            if gap is not None:
                gap.extract()


def _references_in_order(root: Tag) -> list[Tag]:
    """All references as they are read: those inside a note directly behind the first reference to it."""
    in_text: list[Tag] = []
    in_notes: dict[str, list[Tag]] = {}
    for link in tags(root, ("a",)):
        if "noteref" in classes(link):
            note = parent_of(link, "aside", "note")
            (in_text if note is None else in_notes.setdefault(attribute(note, "id"), [])).append(link)
    references: list[Tag] = []
    waiting = in_text[::-1]
    while waiting or in_notes:
        if not waiting:  # what is left is in notes that the text does not lead to
            waiting = in_notes.pop(next(iter(in_notes)))[::-1]
        reference = waiting.pop()
        references.append(reference)
        waiting += in_notes.pop(attribute(reference, "href")[1:], [])[::-1]
    return references


def _assign_ids(root: Tag) -> dict[str, str]:
    """Makes ids valid XML names and unique; headings without an id get one from their words. Links are updated.

    Returns the new ids by the old ones, where they differ.
    """
    new_ids: dict[str, str] = {}
    used_ids: set[str] = set()
    last_numbers: dict[str, int] = {}
    for tag in tags(root):
        if not tag.attrs and tag.name not in _BODY_HEADINGS:
            continue
        old_id = attribute(tag, "id")
        if not {"note", "noteref"}.isdisjoint(classes(tag)):  # they have ids of ours
            continue
        if not old_id and tag.name not in _BODY_HEADINGS:
            continue
        new_id = _free_id(slugify(old_id) if old_id else heading_id(tag), used_ids, last_numbers)
        used_ids.add(new_id)
        new_ids.setdefault(old_id, new_id)
        tag["id"] = new_id
    for link in tags(root, ("a",)):
        key = attribute(link, "href")[1:]
        if "noteref" not in classes(link) and key in new_ids:
            link["href"] = f"#{new_ids[key]}"
    return {old_id: new_id for old_id, new_id in new_ids.items() if old_id and old_id != new_id}


def _free_id(base: str, used_ids: set[str], last_numbers: dict[str, int]) -> str:
    """An id that is not used yet; `last_numbers` has the number behind each that was used several times."""
    first_choice = base if base and not base[0].isdigit() and not _RESERVED_ID.match(base) else f"p-{base}".rstrip("-")
    if first_choice not in used_ids:
        return first_choice
    numbers = itertools.count(last_numbers.get(first_choice, 1) + 1)
    last_numbers[first_choice] = next(number for number in numbers if f"{first_choice}-{number}" not in used_ids)
    return f"{first_choice}-{last_numbers[first_choice]}"


def _notes_section(article: Article, numbers: dict[str, int], new_ids: dict[str, str]) -> list[Tag]:
    """`section.notes` with the notes in the order of their numbers; notes without a reference follow.

    Their new ids are added to `new_ids`.
    """
    tree, root = article.tree, article.root
    sources = {citation.source.identifier for citation in article.citations}
    asides = [aside for aside in tags(root, ("aside",)) if "note" in classes(aside)]
    asides.sort(key=lambda note: numbers.get(attribute(note, "id"), len(numbers) + 1))
    section = tree.new_tag("section", attrs={"class": "notes", "role": "doc-endnotes"})
    for number, note in enumerate(asides, 1):
        key = attribute(note, "id")
        if key in sources and "source" in classes(note):
            note.append(tree.new_tag("p", attrs={"data-source": key}))  # written out when an output is made
        elif not note.find("p", recursive=False):
            _wrap_in_paragraphs(tree, note)
        note["id"], note["role"] = f"note-{number}", "doc-footnote"
        if key:
            new_ids.setdefault(key, f"note-{number}")
        section.append("\n")
        section.append(note.extract())
    section.append("\n")
    return [section] if asides else []


def _wrap_in_paragraphs(tree: BeautifulSoup, note: Tag) -> None:
    """Puts what is not in a block of the note into paragraphs; a note without blocks is a paragraph."""
    has_blocks = any(_is_block(child) for child in note.children)
    for is_block, nodes in itertools.groupby(list(note.children), _is_block):
        children = list(nodes)
        if is_block or (has_blocks and not any(isinstance(child, Tag) or str(child).strip() for child in children)):
            continue
        paragraph = tree.new_tag("p")
        children[0].insert_before(paragraph)
        for child in children:
            paragraph.append(child.extract())
    if not note.contents:
        note.append(tree.new_tag("p"))


def _is_block(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in BLOCKS


def _header(tree: BeautifulSoup, root: Tag, metadata: Metadata) -> Tag:
    header = tree.new_tag("header")
    paragraphs = [child for child in root.contents if isinstance(child, Tag) and child.name == "p"]
    elements = [first_tag(root, ("h1",)), *(paragraph for paragraph in paragraphs if "standfirst" in classes(paragraph))]
    byline = _byline(tree, metadata)
    for element in [*elements, *([byline] if byline else [])]:
        if isinstance(element, Tag):
            header.append("\n")
            header.append(element.extract())
    header.append("\n")
    return header


def _byline(tree: BeautifulSoup, metadata: Metadata) -> Tag | None:
    """The line with authors, publication and date; None if none of them is known."""
    terms = words_for(metadata.lang)
    names = terms["by"].format(list_of(metadata.authors, metadata.lang)) if metadata.authors else ""
    place = metadata.source.publication or metadata.publisher
    date = long_date(metadata.date or metadata.source.date, metadata.lang)
    if not (names or place or date):
        return None
    byline = tree.new_tag("p", attrs={"class": "byline"})
    for detail in filter(None, (names, place, date)):
        if byline.contents:
            byline.append(NavigableString(" · "))
        byline.append(NavigableString(detail))
    return byline


def _body(tree: BeautifulSoup, root: Tag) -> Tag:
    """What is left under the root, with line breaks between blocks: `publisher tree` can then be compared line by line."""
    body = tree.new_tag("div", attrs={"class": "body"})
    for child in list(root.children):
        child.extract()
        if not isinstance(child, NavigableString) or child.strip():
            body.append("\n")
            body.append(child)
    body.append("\n")
    return body
