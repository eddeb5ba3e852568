"""The printed pages in the e-book: a `doc-pagebreak` at the word where each page of the PDF starts, and the page list.

EPUB 3.3, D.5 (pagebreak, page-list); DPUB-ARIA 1.1 (doc-pagebreak, doc-pagelist); EPUB Accessibility 1.1, 3.2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from publisher.model.edition import Edition
from publisher.model.vocabulary import HEADINGS, INLINES
from publisher.writers.page_breaks import PageBreak, countable_text

OPS = "http://www.idpf.org/2007/ops"
XHTML = "http://www.w3.org/1999/xhtml"
_INLINES_IN_WORDS = INLINES - {"br", "img"}
_UNSPLIT = {"figure", "table", "img"}
_WORD_JOINERS = set("-_'’\u00ad\u2010\u2011\u200c\u200d")


@dataclass(frozen=True)
class Mark:
    """A page break in a file of the book.

    `element` is the number of an element of the article; -1: the break is at the id or the contents line `name`, or at the
    start of the file where there is none. `after` is the number of counted characters before the break, as in PageStart.
    """

    folio: str
    element: int
    name: str
    after: int


Marks = Mapping[str, Sequence[Mark]]


def _identifier(mark: Mark) -> str:
    """The id of a page break. An underscore stands in no id of an article: those are slugs."""
    return f"page_{mark.folio}"


def marks_by_file(breaks: Sequence[PageBreak], edition: Edition) -> Marks:
    """The page breaks of each file of the book."""
    file_marks: dict[str, list[Mark]] = {}
    for page_break in breaks:
        file, mark = _mark_in_file(page_break, edition)
        file_marks.setdefault(file, []).append(mark)
    return file_marks


def _mark_in_file(page_break: PageBreak, edition: Edition) -> tuple[str, Mark]:
    """The file of the book in which a page starts, and the mark there."""
    slugs, parts = {entry.slug for entry in edition.entries}, {section.slug for section in edition.sections if section.name}
    place, after = page_break.start.place, page_break.start.after
    slug, _, number = place.partition(":")
    if slug in slugs and number:
        return slug, Mark(page_break.folio, int(number), "", after)
    slug, _, name = place.partition(".")
    if slug in slugs:
        return slug, Mark(page_break.folio, -1, name, after)
    if place in parts:
        return place, Mark(page_break.folio, -1, "", 0)
    if place.startswith(("sources", "s-")) and edition.listed_sources:
        return "sources", Mark(page_break.folio, -1, place, after)
    if place == "colophon":
        return place, Mark(page_break.folio, -1, "imprint", 0)
    if page_break.folio == "1" and not edition.standalone:
        return "title", Mark(page_break.folio, -1, "", 0)
    return "nav", Mark(page_break.folio, -1, place.removeprefix("contents:"), after)


def page_list(file_marks: Marks) -> list[tuple[str, str]]:
    """Folio and address of every page, in page order."""
    rows = [(mark.folio, f"{file}.xhtml#{_identifier(mark)}") for file, marks in file_marks.items() for mark in marks]
    return sorted(rows, key=lambda row: int(row[0]))


def mark_article(root: etree._Element, marks: Sequence[Mark]) -> None:
    """Inserts the page breaks of an article into its normalized tree; this must be done before any other change to it."""
    elements = list(root.iter())
    for mark in marks:
        if mark.element < 0:
            continue
        element = elements[mark.element]
        if mark.after >= 0:
            _insert_break([_Slot(element, False), *(_Slot(child, True) for child in element)], mark, "")
        elif element.tag in _UNSPLIT:
            _insert_before(element, _break_element(mark, ""))
        else:
            _Slot(element, False).split(0, _break_element(mark, ""))


def mark_other_places(root: etree._Element, marks: Sequence[Mark]) -> None:
    """Inserts the page breaks of a file that are not at an element of an article: at an id, a contents line or the start."""
    space = f"{{{XHTML}}}" if root.tag.startswith("{") else ""
    for mark in marks:
        if mark.element >= 0:
            continue
        named = next((element for element in root.iter() if mark.name and element.get("id") == mark.name), None)
        line = next((link for link in root.iter(f"{space}a") if mark.name and link.get("href") == f"{mark.name}.xhtml"), None)
        if named is not None:
            _insert_break(list(_slots(named)), mark, space)
        elif line is not None:
            _Slot(line, False).split(0, _break_element(mark, space))  # inside the link: an item of a nav contains only a link
        else:
            _start_element(next(root.iter(f"{space}body"))).insert(0, _break_element(mark, space))


def _start_element(body: etree._Element) -> etree._Element:
    """The element for a break at the start of a file: its section, but not a nav, whose first child must be its heading."""
    return body[0] if len(body) and not str(body[0].tag).endswith("nav") else body


def _break_element(mark: Mark, space: str) -> etree._Element:
    span = etree.Element(f"{space}span", {"id": _identifier(mark), "role": "doc-pagebreak", "aria-label": mark.folio})
    span.set(f"{{{OPS}}}type", "pagebreak")
    return span


@dataclass(frozen=True)
class _Slot:
    """A text in a tree: the text of an element before its first child, or the text after the element (`tail`)."""

    element: etree._Element
    tail: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.tail else self.element.text) or ""

    def split(self, at: int, page_break: etree._Element) -> None:
        text = self.text
        page_break.tail = text[at:]
        if self.tail:
            self.element.tail = text[:at]
            parent = self.element.getparent()
            if parent is not None:
                parent.insert(parent.index(self.element) + 1, page_break)
        else:
            self.element.text = text[:at]
            self.element.insert(0, page_break)


def _insert_break(slots: Sequence[_Slot], mark: Mark, space: str) -> None:
    """Inserts a break before the word that contains the character number `mark.after` of the slots' texts."""
    slot, at = _word_start(*_slot_and_offset(slots, mark.after))
    element = _element_starting_at(slot, at)
    if element is not None:
        _insert_before(element, _break_element(mark, space))
    else:
        slot.split(at, _break_element(mark, space))


def _slot_and_offset(slots: Sequence[_Slot], after: int) -> tuple[_Slot, int]:
    """The slot and the offset of the first character after `after` counted characters that is not white space."""
    remaining = after
    for slot in slots:
        text = slot.text
        count = len(countable_text(text))
        if count <= remaining:
            remaining -= count
            continue
        for at, char in enumerate(text):
            if remaining == 0 and not char.isspace():
                return slot, at
            remaining -= len(countable_text(char))
    return slots[-1], len(slots[-1].text)


def _slots(element: etree._Element) -> Iterator[_Slot]:
    """The texts inside an element, in reading order."""
    yield _Slot(element, False)
    for child in element:
        yield from _slots(child)
        yield _Slot(child, True)


def _word_start(slot: _Slot, at: int) -> tuple[_Slot, int]:
    """The slot and the offset where the word around a page break starts, which may be in an earlier inline element."""
    block = slot.element.getparent() if slot.tail else slot.element
    while block is not None and _local_name(block) in INLINES and block.getparent() is not None:
        block = block.getparent()
    slots = list(_slots(block)) if block is not None else [slot]
    current = slots.index(slot)
    while _is_word_character(slots[current].text[at : at + 1]):
        text = slots[current].text
        while at > 0 and _is_word_character(text[at - 1]):
            at -= 1
        earlier = current
        while (
            at == 0
            and earlier > 0
            and _local_name(slots[earlier].element) in _INLINES_IN_WORDS
            and (earlier == current or not slots[earlier].text)
        ):
            earlier -= 1
        if earlier == current or not _is_word_character(slots[earlier].text[-1:]):
            break
        current, at = earlier, len(slots[earlier].text) - 1
    return slots[current], at


def _local_name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _is_word_character(char: str) -> bool:
    if not char:
        return False
    return (char.isalnum() or char in _WORD_JOINERS or unicodedata.combining(char) > 0) and unicodedata.east_asian_width(
        char
    ) not in "WF"


def _element_starting_at(slot: _Slot, at: int) -> etree._Element | None:
    """The outermost inline element or heading that starts at this place: the break goes before it, outside links and titles."""
    element, outermost = slot.element, None
    if slot.tail or slot.text[:at].strip():
        return None
    while True:
        name = _local_name(element)
        if name not in INLINES and name not in HEADINGS:
            return outermost
        outermost, parent, previous = element, element.getparent(), element.getprevious()
        if parent is None or name in HEADINGS or previous is not None or (parent.text or "").strip():
            return outermost
        element = parent


def _insert_before(element: etree._Element, page_break: etree._Element) -> None:
    """Inserts a break directly before an element, after the text that precedes it."""
    parent = element.getparent()
    if parent is not None:
        parent.insert(parent.index(element), page_break)
