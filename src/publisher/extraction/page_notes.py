"""Marks the notes of a page whatever program wrote them, so that they are kept and called where the page calls them.

Two kinds: a note at the end, which its reference links to and which links back (Word, LibreOffice, Google Docs, Substack and most
others), and a note inside the text, which the page shows in the margin or under the pointer (sidenotes, tooltips).
"""

from __future__ import annotations

import re
from itertools import islice

from publisher.input.html_elements import Element, class_and_id, removal_of, text_content, words_of
from publisher.model.parts import Removal
from publisher.model.vocabulary import HEADINGS

_NOTE_ROLE = "doc-footnote"
_REFERENCE_CLASS = "footnote-ref"
_MARK = re.compile(r"[\[({]?\s*(?:\d{1,4}|[*†‡§¶]{1,4}|[a-z]{1,2}|[ivxlc]{1,7})\s*[\])}]?\.?", re.IGNORECASE)
_BACK = re.compile(r"[\s↩↵⏎^←⮐↑\ufe0e]*")
_BLOCK_TAGS = frozenset({"p", "li", "dd", "dt", "div", "section", "aside", "td", "blockquote", "tr"})
_TEXT_BLOCK_TAGS = ("p", "li", "td", "dd", "blockquote", "figcaption")
_IN_TEXT = re.compile(
    r"(?:^|[\s_-])(?:tool-?tips?|tooltip-?(?:text|content|inner|body|box)|tippy-\w+|popovers?(?:-?(?:text|content|body))?"
    r"|hover-?(?:card|note|text)|(?:side|margin)-?notes?|modern-footnotes-footnote__note|footnote-?(?:text|content|popup|tooltip))"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_DATA_NOTES = (
    "data-footnote",
    "data-footnote-content",
    "data-bigfoot-footnote",
    "data-note",
    "data-tippy-content",
    "data-tooltip",
)
_FIRST_LINKS = 2  # of a block: a link back begins its note, perhaps behind an anchor
_LEAST_WORDS = 4  # a shorter tooltip is the name of a control


def mark_notes(page: Element) -> list[Removal]:
    """Gives notes the role `doc-footnote` and their references a class, and parts notes inside the text from it.

    Returns the numbers and links back that are removed: the notes get new ones.
    """
    by_id = {element.get("id"): element for element in page.iter() if element.get("id")}
    aliases: dict[str, str] = {}
    removed: list[Removal] = []
    links = list(page.iter("a"))
    for link in links:
        target = by_id.get(_target(link))
        back = None if target is None else _link_back(target, link)
        block = None if target is None or back is None else _note_block(target, back)
        if target is not None and back is not None and block is not None:
            key = block.get("id") or _target(link)
            aliases[_target(link)] = key
            target.attrib.pop("id", None)
            block.attrib.update({"id": key, "role": _NOTE_ROLE})
            link.set("class", _REFERENCE_CLASS)
            removed.append(removal_of("link back to a footnote reference", back))
            back.drop_tree()
    for link in links:
        if (key := aliases.get(_target(link), "")) != _target(link) and key:
            link.set("href", f"#{key}")
    for element in [element for element in page.iter() if isinstance(element.tag, str)]:
        if element.getparent() is not None and _is_note_in_text(element):
            _part_note(element, by_id)
        elif note := next((element.get(name) for name in _DATA_NOTES if element.get(name)), ""):
            removed += _add_note(element, note, by_id)
    return removed


def _target(link: Element) -> str:
    href = link.get("href") or ""
    return href[1:] if href.startswith("#") else ""


def _link_back(target: Element, link: Element) -> Element | None:
    """The link back to the reference at the start of a note: the target itself, or in it, or in the block that it begins."""
    if link in target.iter() or not _MARK.fullmatch(text_content(link)):
        return None
    names = {place.get("id") for place in (link, *_inline_ancestors(link)) if place.get("id")}
    block = (
        target
        if target.tag in _BLOCK_TAGS
        else next((place for place in target.iterancestors() if place.tag in _BLOCK_TAGS), None)
    )
    if block is None or any(place is block for place in link.iterancestors()):
        return None
    for candidate in islice(block.iter("a"), _FIRST_LINKS):
        if _target(candidate) in names:
            return candidate if _is_mark(candidate) and _begins(block, candidate) else None
    return None


def _inline_ancestors(element: Element) -> list[Element]:
    result = []
    for place in element.iterancestors():
        if place.tag in _BLOCK_TAGS:
            break
        result.append(place)
    return result


def _is_mark(link: Element) -> bool:
    return bool(_MARK.fullmatch(text_content(link)))


def _begins(block: Element, link: Element) -> bool:
    """Whether a link stands before all other words of a block."""
    for element in block.iter():
        if element is link:
            return True
        if isinstance(element.tag, str) and (element.text or "").strip():
            return False
        if element is not block and (element.tail or "").strip() and element not in link.iterancestors():
            return False
    return False


def _note_block(target: Element, back: Element) -> Element | None:
    """The element with the words of a note; None if it holds more than a note."""
    block = next(place for place in (target, *target.iterancestors()) if place.tag in _BLOCK_TAGS)
    while not words_of(text_content(block).removeprefix(text_content(back))) and block.getparent() is not None:
        block = block.getparent()  # the number stands in an element of its own (Substack)
    has_more = block.tag not in _BLOCK_TAGS or next(block.iter(*HEADINGS, "main", "article"), None) is not None
    return None if has_more or block.get("role") == _NOTE_ROLE else block


def _is_note_in_text(element: Element) -> bool:
    """Whether an element is a note that stands between the words of a paragraph."""
    is_named = element.get("role") == "tooltip" or bool(_IN_TEXT.search(class_and_id(element)))
    if not is_named or len(words_of(text_content(element))) < _LEAST_WORDS or element.tag in _TEXT_BLOCK_TAGS:
        return False
    if any(_IN_TEXT.search(class_and_id(place)) for place in element.iterancestors()):
        return False
    linked = sum(len(words_of(text_content(link))) for link in element.iter("a"))
    if 2 * linked > len(words_of(text_content(element))):
        return False  # a card with teasers
    block = next((place for place in element.iterancestors() if place.tag in _TEXT_BLOCK_TAGS), None)
    return block is not None and len(text_content(block)) > len(text_content(element)) + 1


def _part_note(note: Element, by_id: dict[str, Element]) -> None:
    """Moves a note behind the paragraph in which it stands, and puts a reference into its place."""
    block = next(place for place in note.iterancestors() if place.tag in _TEXT_BLOCK_TAGS)
    if block.getparent() is None:
        return
    key = _free_id(note.get("id") or "note", by_id, note)
    reference = _reference(note, key)
    reference.tail, note.tail = note.tail, None
    note.getparent().replace(note, reference)
    note.tag = "div"
    note.attrib.clear()
    _place(note, key, block, by_id)


def _add_note(trigger: Element, text: str, by_id: dict[str, Element]) -> list[Removal]:
    """A note that stands in an attribute of its reference."""
    block = next((place for place in trigger.iterancestors() if place.tag in _TEXT_BLOCK_TAGS), None)
    if block is None or block.getparent() is None or len(words_of(text)) < _LEAST_WORDS or trigger.tag in ("img", "input"):
        return []
    key = _free_id("note", by_id, None)
    note = trigger.makeelement("div")
    note.text = text
    reference = _reference(trigger, key)
    reference.tail, trigger.tail = trigger.tail, None
    removed = [removal_of("number of a footnote, counted anew", trigger)] if _is_mark(trigger) else []
    if removed:
        trigger.getparent().replace(trigger, reference)
    else:
        trigger.addnext(reference)
    _place(note, key, block, by_id)
    return removed


def _reference(element: Element, key: str) -> Element:
    reference = element.makeelement("a", {"class": _REFERENCE_CLASS, "href": f"#{key}"})
    reference.text = "*"
    return reference


def _free_id(name: str, by_id: dict[str, Element], element: Element) -> str:
    if by_id.get(name) is element and element is not None:
        return name
    number = 1
    while f"{name}-{number}" in by_id:
        number += 1
    return f"{name}-{number}"


def _place(note: Element, key: str, block: Element, by_id: dict[str, Element]) -> None:
    note.set("id", key)
    note.set("role", _NOTE_ROLE)
    by_id[key] = note
    while block.tag in ("li", "td", "dd", "figcaption") and block.getparent().tag not in ("body", "html"):
        block = block.getparent()
    block.addnext(note)
