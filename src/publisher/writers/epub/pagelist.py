"""The printed pages in the e-book: a `doc-pagebreak` at the word where each page of the PDF begins, and their list.

EPUB 3.3, D.5 (pagebreak, page-list); DPUB-ARIA 1.1 (doc-pagebreak, doc-pagelist); EPUB Accessibility 1.1, 3.2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from publisher.model.edition import Edition
from publisher.model.vocabulary import HEADINGS, INLINES
from publisher.writers.page_breaks import PageBreak, countable

OPS = "http://www.idpf.org/2007/ops"
XHTML = "http://www.w3.org/1999/xhtml"
_WITHIN_WORDS = INLINES - {"br", "img"}
_WHOLE = {"figure", "table", "img"}
_JOINING = set("-_'’\u00ad\u2010\u2011\u200c\u200d")


@dataclass(frozen=True)
class Mark:
    """A page break in one file of the book. `element` is the number of an element of the article, -1: `name` says where."""

    folio: str
    element: int
    name: str
    after: int


Marks = Mapping[str, Sequence[Mark]]


def marks(breaks: Sequence[PageBreak], edition: Edition) -> Marks:
    """The page breaks by the file of the book in which they stand."""
    found: dict[str, list[Mark]] = {}
    for one in breaks:
        file, mark = _home(one, edition)
        found.setdefault(file, []).append(mark)
    return found


def _home(one: PageBreak, edition: Edition) -> tuple[str, Mark]:
    slugs, parts = {entry.slug for entry in edition.entries}, {section.slug for section in edition.sections if section.name}
    place, after = one.begin.place, one.begin.after
    slug, _, number = place.partition(":")
    if slug in slugs and number:
        return slug, Mark(one.folio, int(number), "", after)
    slug, _, name = place.partition(".")
    if slug in slugs:
        return slug, Mark(one.folio, -1, name, after)
    if place in parts:
        return place, Mark(one.folio, -1, "", 0)
    if place.startswith(("sources", "s-")) and edition.sources:
        return "sources", Mark(one.folio, -1, place, after)
    if place == "colophon":
        return place, Mark(one.folio, -1, "imprint", 0)
    if one.folio == "1" and not edition.standalone:
        return "title", Mark(one.folio, -1, "", 0)
    return "nav", Mark(one.folio, -1, place.removeprefix("contents:"), after)


def page_list(found: Marks) -> list[tuple[str, str]]:
    """Folio and address of every page, in the order of the pages."""
    rows = [(mark.folio, f"{file}.xhtml#page-{mark.folio}") for file, some in found.items() for mark in some]
    return sorted(rows, key=lambda row: int(row[0]))


def mark_article(root: etree._Element, some: Sequence[Mark]) -> None:
    """Puts the breaks of one article into its normalized tree, before anything else is done to it."""
    elements = list(root.iter())
    for mark in some:
        if mark.element < 0:
            continue
        element = elements[mark.element]
        if mark.after >= 0:
            _insert([_Slot(element, False), *(_Slot(child, True) for child in element)], mark, "")
        elif element.tag in _WHOLE:
            _before(element, _break(mark, ""))
        else:
            _Slot(element, False).split(0, _break(mark, ""))


def mark_rest(root: etree._Element, some: Sequence[Mark]) -> None:
    """Puts those breaks into a file of the book that stand at something around its articles: an id, a line of the contents."""
    space = f"{{{XHTML}}}" if root.tag.startswith("{") else ""
    for mark in some:
        if mark.element >= 0:
            continue
        named = next((one for one in root.iter() if mark.name and one.get("id") == mark.name), None)
        line = next((one for one in root.iter(f"{space}a") if mark.name and one.get("href") == f"{mark.name}.xhtml"), None)
        if named is not None:
            _insert(list(_slots(named)), mark, space)
        elif line is not None:
            _Slot(line, False).split(0, _break(mark, space))  # in the link: a line of a nav may hold nothing else
        else:
            _begin(next(root.iter(f"{space}body"))).insert(0, _break(mark, space))


def _begin(body: etree._Element) -> etree._Element:
    """Where the break of a whole file goes: into its section, but not into a nav, which begins with its heading."""
    return body[0] if len(body) and not str(body[0].tag).endswith("nav") else body


def _break(mark: Mark, space: str) -> etree._Element:
    page = etree.Element(f"{space}span", {"id": f"page-{mark.folio}", "role": "doc-pagebreak", "aria-label": mark.folio})
    page.set(f"{{{OPS}}}type", "pagebreak")
    return page


@dataclass(frozen=True)
class _Slot:
    """A text of a tree: that in an element before its first child, or that behind a child (`tail`)."""

    element: etree._Element
    tail: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.tail else self.element.text) or ""

    def split(self, at: int, page: etree._Element) -> None:
        text = self.text
        page.tail = text[at:]
        if self.tail:
            self.element.tail = text[:at]
            parent = self.element.getparent()
            if parent is not None:
                parent.insert(parent.index(self.element) + 1, page)
        else:
            self.element.text = text[:at]
            self.element.insert(0, page)


def _insert(slots: Sequence[_Slot], mark: Mark, space: str) -> None:
    """Puts a break ahead of the word that holds the character number `mark.after` of some texts."""
    slot, at = _word_begin(*_place(slots, mark.after))
    outside = _outermost(slot, at)
    if outside is not None:
        _before(outside, _break(mark, space))
    else:
        slot.split(at, _break(mark, space))


def _place(slots: Sequence[_Slot], after: int) -> tuple[_Slot, int]:
    """The slot and the offset in it behind `after` counted characters, at the next that is no white space."""
    left = after
    for slot in slots:
        text = slot.text
        count = len(countable(text))
        if count <= left:
            left -= count
            continue
        for at, char in enumerate(text):
            if left == 0 and not char.isspace():
                return slot, at
            left -= len(countable(char))
    return slots[-1], len(slots[-1].text)


def _slots(element: etree._Element) -> Iterator[_Slot]:
    """The texts under an element in reading order."""
    yield _Slot(element, False)
    for child in element:
        yield from _slots(child)
        yield _Slot(child, True)


def _word_begin(slot: _Slot, at: int) -> tuple[_Slot, int]:
    """Back to the begin of a word that a page break cut, through the inline elements that it began in."""
    block = slot.element.getparent() if slot.tail else slot.element
    while block is not None and _name(block) in INLINES and block.getparent() is not None:
        block = block.getparent()
    slots = list(_slots(block)) if block is not None else [slot]
    here = slots.index(slot)
    while _inside_word(slots[here].text[at : at + 1]):
        text = slots[here].text
        while at > 0 and _inside_word(text[at - 1]):
            at -= 1
        earlier = here
        while (
            at == 0
            and earlier > 0
            and _name(slots[earlier].element) in _WITHIN_WORDS
            and (earlier == here or not slots[earlier].text)
        ):
            earlier -= 1
        if earlier == here or not _inside_word(slots[earlier].text[-1:]):
            break
        here, at = earlier, len(slots[earlier].text) - 1
    return slots[here], at


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _inside_word(char: str) -> bool:
    if not char:
        return False
    return (char.isalnum() or char in _JOINING or unicodedata.combining(char) > 0) and unicodedata.east_asian_width(
        char
    ) not in "WF"


def _outermost(slot: _Slot, at: int) -> etree._Element | None:
    """The inline element or the heading that begins with the word; the break stands before it, out of links and titles."""
    element, found = slot.element, None
    if slot.tail or slot.text[:at].strip():
        return None
    while True:
        name = _name(element)
        if name not in INLINES and name not in HEADINGS:
            return found
        found, parent, before = element, element.getparent(), element.getprevious()
        if parent is None or name in HEADINGS or before is not None or (parent.text or "").strip():
            return found
        element = parent


def _before(element: etree._Element, page: etree._Element) -> None:
    """Ahead of an element, the text in front of it left where it is."""
    parent = element.getparent()
    if parent is not None:
        parent.insert(parent.index(element), page)
