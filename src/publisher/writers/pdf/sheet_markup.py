"""From an article's XHTML to the XHTML of its pages: ids made unique, headings nested, notes put at their calls.

A note at the foot is a float in the text; its number is an ordinary link, so that both ways land (FIELD_NOTES).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from publisher.model.edition import Entry
from publisher.text.languages import words_for
from publisher.writers.pdf.drawings import letters_of

MANY_NOTES = 60  # `auto`: an article with more notes has them at its end
DENSE_NOTES, DENSE_WORDS = 12, 12  # `auto`: so has one with at least 12 notes and fewer than 12 words for each
NARROWER = ("dense", "dense hung", "dense turned", "dense turned broken")  # what a table becomes that is wider than its column
NONE: Mapping[str, int] = {}
ACROSS = "bind:"  # scheme of a link to another sheet; the binder makes a destination of it


@dataclass(frozen=True)
class ArticleMarkup:
    """An article as a sheet has it: parts for the template, and the notes that float."""

    slug: str
    lang: str
    direction: str
    header: str
    body: str
    endnotes: str
    floated: tuple[str, ...]


def article_markup(
    entry: Entry, level: int, place: str, moved: Collection[str] = (), tables: Mapping[str, int] = NONE
) -> ArticleMarkup:
    """The parts of `entry` with its headline at heading `level` (1-6).

    `place` is foot, end or auto; `moved` are notes (their ids in the article) that go to its end all the same,
    because they are too tall for the foot; `tables` are those that are too wide, and how far down NARROWER each has to go.
    """
    root = etree.fromstring(entry.xhtml)
    for number, element in enumerate(root.iter()):
        if element.tag != "wbr":  # a character, as the engine has it
            element.set("data-at", f"{entry.slug}:{number}")  # page_starts.py says by it where pages begin
    header, body = root[0], root[1]
    section = root.find("section")
    notes = {str(note.get("id")): note for note in section} if section is not None else {}
    calls = [link for link in root.iter("a") if link.get("role") == "doc-noteref"]
    foot = _at_foot(place, len(notes), entry.word_count)
    for number, table in enumerate(root.iter("table")):
        key = f"{entry.slug}:{number}"
        table.set("data-table", key)
        if tables.get(key):
            table.set("class", f"{table.get('class', '')} {NARROWER[tables[key] - 1]}".strip())
    vectors = [one for one in entry.resources if one.media_type == "image/svg+xml"]
    drawn = {one.name: letters for one in vectors if (letters := letters_of(one.data))}
    for image in root.iter("img"):
        if str(image.get("src")) in drawn:  # so that the engine knows which faces the sheet needs
            image.set("data-characters", drawn[str(image.get("src"))])
    floated = []
    for call in calls:
        key = str(call.get("href"))[1:]
        if foot and key in notes and key not in moved and call.get("id"):
            _float(call, notes.pop(key), entry.slug)
            floated.append(f"{entry.slug}.{key}")
    endnotes = _endnotes(list(notes.values()), entry.metadata.lang, level + 1, entry.slug)
    for part in (header, body, *([endnotes] if endnotes is not None else [])):
        _localize(part, entry.slug, level - 1)
    return ArticleMarkup(
        entry.slug,
        entry.metadata.lang,
        str(root.get("dir") or "ltr"),
        _inner(header),
        _inner(body),
        _inner(endnotes) if endnotes is not None else "",
        tuple(floated),
    )


def _at_foot(place: str, notes: int, words: int) -> bool:
    if place != "auto":
        return place == "foot"
    return notes <= MANY_NOTES and not (notes >= DENSE_NOTES and words < DENSE_WORDS * notes)


def _float(call: etree._Element, note: etree._Element, slug: str) -> None:
    number = str(call.text)
    span = etree.Element("span", {"class": "note", "id": str(note.get("id"))})
    _label(note, number)
    for block in list(note):
        if block.tag == "p":
            block.tag = "span"
            block.set("class", "para")
        block.tail = None
        span.append(block)
    span.tail, call.tail = call.tail, None
    call.addnext(span)


def _label(note: etree._Element, number: str) -> None:
    """Puts the number, a link back to the call, at the head of the note's first paragraph."""
    _spaces_inward(note)
    link = etree.Element("a", {"class": f"number digits-{len(number)}", "href": f"#call-{number}"})
    link.text = number
    home = note[0] if len(note) and note[0].tag == "p" else note
    if home is note:
        home = etree.Element("p")
        note.insert(0, home)
    link.tail, home.text = home.text, None
    home.insert(0, link)


def _spaces_inward(note: etree._Element) -> None:
    """Moves a space in front of `cite`, `em`, `i` or `a` into it.

    WeasyPrint 70 breaks a line after its first word where a text just fits, the space behind it does not, and an
    inline element follows; a space inside that element gives it the right place to break.
    """
    for element in note.iter("cite", "em", "i", "a"):
        parent, before = element.getparent(), element.getprevious()
        text = (before.tail if before is not None else parent.text if parent is not None else None) or ""
        if parent is None or element.get("class") or not text.endswith(" "):
            continue
        if before is not None:
            before.tail = text[:-1]
        else:
            parent.text = text[:-1]
        element.text = f" {element.text or ''}"


def _endnotes(notes: list[etree._Element], lang: str, level: int, slug: str) -> etree._Element | None:
    if not notes:
        return None
    section = etree.Element("div")
    heading = etree.SubElement(section, "h2", {"class": "notes-title", "id": "notes"})
    heading.text = words_for(lang)["notes"]
    for note in notes:
        number = str(note.get("id")).removeprefix("note-")
        item = etree.SubElement(section, "div", {"class": "endnote", "id": str(note.get("id"))})
        _label(note, number)
        for block in list(note):
            block.tail = None
            item.append(block)
    return section


def _localize(part: etree._Element, slug: str, shift: int) -> None:
    for element in part.iter():
        if len(element.tag) == 2 and element.tag[0] == "h" and element.tag[1].isdigit():
            element.tag = f"h{min(int(element.tag[1]) + shift, 6)}"
        if element.get("id"):
            element.set("id", f"{slug}.{element.get('id')}")
        href = element.get("href")
        if href is not None:
            element.set("href", _address(href, slug))
        if element.tag == "img":
            element.set("src", f"resource:{element.get('src')}")


def _address(href: str, slug: str) -> str:
    if href.startswith("#"):
        return f"#{slug}.{href[1:]}"
    if href.startswith("article:"):
        target, _, fragment = href.removeprefix("article:").partition("#")
        return f"{ACROSS}{target}.{fragment}" if fragment else f"{ACROSS}{target}"
    return href


def _inner(element: etree._Element) -> str:
    head = escape(element.text or "", quote=False)
    return head + "".join(etree.tostring(child, encoding="unicode") for child in element)
