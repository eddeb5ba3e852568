"""Turns an article's XHTML into the XHTML of its pages: unique ids, nested headings, footnotes after their references.

A footnote is a float in the text. Its number is an ordinary link, so that links work in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from lxml import etree

from publisher.model.addresses import scheme_of, written_address
from publisher.model.edition import Entry
from publisher.model.markup import xml_root
from publisher.model.parts import SMALL_WIDTH
from publisher.model.vocabulary import BLOCKS
from publisher.text.languages import words_for
from publisher.writers.note_numbers import raise_numbers
from publisher.writers.pdf.drawings import svg_characters
from publisher.writers.pdf.list_numbers import number_lists
from publisher.writers.pdf.long_words import break_long_words
from publisher.writers.table_headers import state_scopes

MANY_NOTES = 60  # with `auto`, an article with more notes has endnotes
DENSE_NOTES, DENSE_WORDS = 12, 12  # so has one with at least 12 notes and fewer than 12 words per note
# Classes for a table that is wider than its column, tried one after the other.
NARROW_TABLE_CLASSES = ("hung", "hung dense", "dense turned", "dense turned broken")
_HOLDERS_OF_BLOCKS = ("blockquote", "ul", "ol", "dl", "figure", "table", "thead", "tbody", "tfoot", "tr")
_SPACES = re.compile(r"[ \t\r\n]+")
_NO_TABLES: Mapping[str, int] = {}
NO_LINKS_ON_PAPER = frozenset({"tel"})
BIND_SCHEME = "bind:"  # scheme of a link to another sheet; bind.py replaces such links by destinations


@dataclass(frozen=True)
class ArticleMarkup:
    """An article prepared for a sheet: the parts for the template, and the ids of the notes that stand at the foot of pages."""

    slug: str
    lang: str
    direction: str
    header: str
    body: str
    endnotes: str
    floating_notes: tuple[str, ...]


def article_markup(
    entry: Entry,
    level: int,
    note_position: str,
    moved: Collection[str] = (),
    tables: Mapping[str, int] = _NO_TABLES,
    notes_before: int = 0,
    unrepeated: Collection[str] = (),
    news: bool = False,
) -> ArticleMarkup:
    """The parts of `entry`, with its headline at heading level `level` (1-6).

    `note_position` is foot, end or auto. `moved` are the ids, in the article, of notes that are too tall for the foot and
    become endnotes in any case. `tables` has, for each table that is too wide, its step in NARROW_TABLE_CLASSES, from 1. The
    numbers of notes are shown `notes_before` higher; ids stay as they are. `unrepeated` are the tables whose head or foot is too
    tall to stand on each page. An item of `news` has its source and day in front of its text.
    """
    root = xml_root(entry.xhtml)
    for number, element in enumerate(root.iter()):
        if element.tag != "wbr":  # engine.py replaces each wbr by a character
            element.set("data-at", f"{entry.slug}:{number}")  # page_starts.py identifies elements by it
    header, body = root[0], root[1]
    section = root.find("section")
    notes = {str(note.get("id")): note for note in section.iter("aside")} if section is not None else {}
    references = [*_references(header), *_references(body)]
    called = {str(link.get("id")) for link in _references(root)}
    raise_numbers(root, notes_before)
    if news:
        _set_byline_before_text(header, body)
    at_foot = _notes_at_foot(note_position, len(notes), entry.word_count)
    digits = len(str(notes_before + len(notes)))
    for note in notes.values():
        note.set("class", f"wide-{digits}" if digits > 2 else "")
    _mark_tables(root, entry.slug, tables, unrepeated)
    number_lists(root)
    _mark_images(root, entry)
    break_long_words(root)
    floating_notes = _float_notes(references, notes, moved, entry.slug) if at_foot else []
    endnotes = _endnotes(section, notes, called, notes_before, words_for(entry.metadata.lang)["notes"])
    for part in (header, body, *([endnotes] if endnotes is not None else [])):
        _adapt_to_sheet(part, entry.slug, level - 1)
    return ArticleMarkup(
        entry.slug,
        entry.metadata.lang,
        str(root.get("dir") or "ltr"),
        _inner_xhtml(header),
        _inner_xhtml(body),
        _inner_xhtml(endnotes) if endnotes is not None else "",
        tuple(floating_notes),
    )


def _set_byline_before_text(header: etree._Element, body: etree._Element) -> None:
    """Moves the byline of an item of news to the beginning of its first paragraph, as the first part of the dateline."""
    byline = next((block for block in header.iterchildren("p") if "byline" in str(block.get("class", "")).split()), None)
    first = body[0] if len(body) else None
    if byline is None or first is None or first.tag != "p":
        return
    byline.tail = f" {first.text or ''}"
    first.text = None
    byline.tag = "span"
    first.insert(0, byline)


def _mark_tables(root: etree._Element, slug: str, tables: Mapping[str, int], unrepeated: Collection[str]) -> None:
    for number, table in enumerate(root.iter("table")):
        key = f"{slug}:{number}"
        table.set("data-table", key)
        state_scopes(table)
        if tables.get(key):
            _add_class(table, NARROW_TABLE_CLASSES[tables[key] - 1])
        if key in unrepeated:
            _set_heads_as_rows(table)


def _set_heads_as_rows(table: etree._Element) -> None:
    """Lets head and foot of a table stand once, and go on on the next page where they are too tall; the foot stands last."""
    for group in [*table.iterchildren("thead", "tfoot")]:
        group.set("style", "display:table-row-group")
        if group.tag == "tfoot":
            table.append(group)


def _mark_images(root: etree._Element, entry: Entry) -> None:
    vectors = [resource for resource in entry.resources if resource.media_type == "image/svg+xml"]
    texts = {vector.name: text for vector in vectors if (text := svg_characters(vector.data))}
    names = {vector.name for vector in vectors}
    for image in root.iter("img"):
        if _has_own_width(image, str(image.get("src")) in names):
            image.set("style", f"width:{image.get('width')}px")  # WeasyPrint reads no lengths from attributes
        if str(image.get("src")) in texts:  # so that the engine loads the fonts that the sheet needs
            image.set("data-characters", texts[str(image.get("src"))])


def _float_notes(
    references: Sequence[etree._Element], notes: dict[str, etree._Element], moved: Collection[str], slug: str
) -> list[str]:
    """Takes the notes of the foot out of `notes` and puts them behind their references; returns their ids."""
    floating_notes: list[str] = []
    for reference in references:
        behind = reference
        waiting = [reference]
        while waiting:  # a note in a note stands behind it: a float cannot stand in a float
            inner = waiting.pop()
            key = str(inner.get("href"))[1:]
            if key in notes and key not in moved and inner.get("id"):
                waiting += _references(notes[key])[::-1]
                behind = _float_note(inner, behind, notes.pop(key))
                floating_notes.append(f"{slug}.{key}")
    return floating_notes


def _has_own_width(image: etree._Element, is_vector: bool) -> bool:
    """Whether an image is not set as wide as its column: its author set a size, or it has too few pixels for that."""
    classes, width = str(image.get("class", "")).split(), int(image.get("width") or 0)
    return "math" not in classes and width > 0 and ("sized" in classes or (not is_vector and width < SMALL_WIDTH))


def _notes_at_foot(note_position: str, notes: int, words: int) -> bool:
    if note_position != "auto":
        return note_position == "foot"
    return notes <= MANY_NOTES and not (notes >= DENSE_NOTES and words < DENSE_WORDS * notes)


def _references(part: etree._Element) -> list[etree._Element]:
    return [link for link in part.iter("a") if link.get("role") == "doc-noteref"]


def _float_note(reference: etree._Element, behind: etree._Element, note: etree._Element) -> etree._Element:
    """The note as a float, put behind an element of the text."""
    span = etree.Element("span", {"class": f"note {note.get('class')}".strip(), "id": str(note.get("id"))})
    _add_number(note, str(reference.text), int(str(note.get("id")).removeprefix("note-")))
    for block in list(note):
        if block.tag == "p":
            block.tag = "span"
            block.set("class", f"para {block.get('class', '')}".strip())
        block.tail = None
        span.append(block)
    _collapse_space(span)
    span.tail, behind.tail = behind.tail, None
    behind.addnext(span)
    return span


def _collapse_space(note: etree._Element) -> None:
    """Collapses the white space of a float, as WeasyPrint 70 does it elsewhere: line breaks in a footnote would be kept."""
    for element in note.iter("*"):
        if element.tag == "pre" or next(element.iterancestors("pre"), None) is not None:
            continue
        has_blocks = element.tag in _HOLDERS_OF_BLOCKS or any(child.tag in BLOCKS for child in element)
        element.text = _collapsed(element.text, has_blocks)
        for child in element:
            child.tail = _collapsed(child.tail, has_blocks)


def _collapsed(text: str | None, is_between_blocks: bool) -> str | None:
    collapsed = _SPACES.sub(" ", text or "")
    return None if is_between_blocks and collapsed == " " else collapsed or None


def _add_number(note: etree._Element, shown_number: str, number: int) -> None:
    """Puts the shown number at the beginning of the note's first paragraph, with a link back to the reference.

    `number` is that of the reference in its article; 0 if there is none. A note that begins with a list, a quotation or a table
    has the number in a paragraph of its own, which takes no room: so it stands on the first line of what follows.
    """
    _move_spaces_inward(note)
    link = etree.Element("a" if number else "span", {"class": f"number digits-{len(shown_number)}"})
    if number:
        link.set("href", f"#call-{number}")
    link.text = shown_number
    paragraph = note[0] if len(note) and note[0].tag == "p" else note
    if paragraph is note:
        paragraph = etree.Element("p", {"class": "beside"})
        note.insert(0, paragraph)
    link.tail, paragraph.text = paragraph.text, None
    paragraph.insert(0, link)


def _move_spaces_inward(note: etree._Element) -> None:
    """Moves a space before `cite`, `em`, `i` or `a` into that element.

    If a text just fits on a line, but the space after it does not, and an inline element follows, WeasyPrint 70 breaks
    the line after its first word. A space inside that element gives it the right place to break.
    """
    for element in note.iter("cite", "em", "i", "a"):
        parent, previous = element.getparent(), element.getprevious()
        text = (previous.tail if previous is not None else parent.text if parent is not None else None) or ""
        if parent is None or element.get("class") or not text.endswith(" "):
            continue
        if previous is not None:
            previous.tail = text[:-1]
        else:
            parent.text = text[:-1]
        element.text = f" {element.text or ''}"


def _endnotes(
    section: etree._Element | None, notes: Mapping[str, etree._Element], called: Collection[str], before: int, title: str
) -> etree._Element | None:
    """The section of those notes that stand at the end; `called` are the ids of references."""
    if not notes or section is None:
        return None
    part = etree.Element("div")
    etree.SubElement(part, "h2", {"class": "notes-title", "id": "notes"}).text = title
    is_compact = "compact" in str(section.get("class")).split()
    holder = etree.SubElement(part, "div", {"class": "compact"}) if is_compact else part
    for note in list(section):
        if note.get("id") in notes:
            item = etree.SubElement(holder, "div", {"class": f"endnote {note.get('class')}".strip(), "id": str(note.get("id"))})
            number = int(str(note.get("id")).removeprefix("note-"))
            _add_number(note, str(number + before), number if f"call-{number}" in called else 0)
            for block in list(note):
                block.tail = None
                item.append(block)
        elif note.tag == "p":  # the name of a site, above its notes
            note.tail = None
            holder.append(note)
    return part


def _adapt_to_sheet(part: etree._Element, slug: str, shift: int) -> None:
    for element in part.iter():
        if len(element.tag) == 2 and element.tag[0] == "h" and element.tag[1].isdigit():
            if element.tag != "h1" and element.get("class") != "notes-title":
                _add_class(element, f"subhead-{int(element.tag[1]) - 1}")
            element.tag = f"h{min(int(element.tag[1]) + shift, 6)}"
        if element.get("id"):
            element.set("id", f"{slug}.{element.get('id')}")
        href = element.get("href")
        if href is not None and (address := _sheet_href(href, slug)):
            element.set("href", address)
        elif href is not None:
            del element.attrib["href"]
        if element.tag == "img":
            element.set("src", f"resource:{element.get('src')}")


def _add_class(element: etree._Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _sheet_href(href: str, slug: str) -> str:
    """The address that a link has in a sheet; empty if it is no link on paper: a telephone number, and what no pass leaves."""
    if href.startswith("#"):
        return f"#{slug}.{href[1:]}"
    if href.startswith("article:"):
        target, _, fragment = href.removeprefix("article:").partition("#")
        return f"{BIND_SCHEME}{target}.{fragment}" if fragment else f"{BIND_SCHEME}{target}"
    return "" if scheme_of(href) in NO_LINKS_ON_PAPER else written_address(href)


def _inner_xhtml(element: etree._Element) -> str:
    head = escape(element.text or "", quote=False)
    return head + "".join(etree.tostring(child, encoding="unicode") for child in element)
