"""Notes inside the text: those that a page shows in the margin or under the pointer (sidenotes, tooltips, glossary terms).

Each is moved behind the paragraph in which it stands, and a reference stands in its place. The tooltip of a control is no note.
"""

from __future__ import annotations

import re

from publisher.extraction.text_blocks import leads_away
from publisher.input.html_elements import Element, class_and_id, elements_with, parsed_piece, removal_of, text_content, words_of
from publisher.model.parts import Removal

NOTE_ROLE = "doc-footnote"
REFERENCE_CLASS = "footnote-ref"
NUMBER_RULE = "number of a footnote, counted anew"
NOTE_MARK = re.compile(r"[\[({]?\s*(?:\d{1,4}|[*†‡§¶]{1,4}|[a-z]{1,2}|[ivxlc]{1,7})\s*[\])}]?\.?", re.IGNORECASE)
_SURE_MARK = re.compile(r"\W*[\d*†‡§]{1,4}\W*")  # a letter may be an icon
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
_CONTROL = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|copy\w*|clipboard\w*|btn|buttons?|anchor\w*|permalink|header-?link|icons?|toolbar|menu)(?=$|[\s_-])",
    re.IGNORECASE,
)
_FAR_ROLES = frozenset({"tooltip", "dialog", "definition"})
_LEAST_WORDS = 4  # a shorter tooltip is the name of a control
_MOST_LINKED = 0.5  # share of the words in links: a card with more shows other stories


def part_notes(page: Element, by_id: dict[str, Element]) -> list[Removal]:
    """Parts the notes inside the text from it; returns the numbers and the tooltips of controls that are removed."""
    removed = _add_far_notes(page, by_id)
    triggers = {name: element for element in elements_with(page, "aria-describedby") for name in _described_by(element)}
    for element in elements_with(page, "role", "class", "id", *_DATA_NOTES):
        if element.getparent() is None or element.get("role") == NOTE_ROLE:
            continue
        if _is_note(element):
            removed += _part_note(element, by_id, triggers.get(element.get("id") or ""))
        elif note := next((element.get(name) for name in _DATA_NOTES if element.get(name)), ""):
            removed += _add_note(element, note, by_id)
    return removed


def _described_by(element: Element) -> list[str]:
    return (element.get("aria-describedby") or "").split()


def _is_note(element: Element) -> bool:
    """Whether an element is a note that stands between the words of a paragraph."""
    if not _is_named(element) or element.tag in _TEXT_BLOCK_TAGS:
        return False
    if any(_is_named(part) for part in element.iterdescendants() if isinstance(part.tag, str)):
        return False  # it holds the term and its note
    linked = sum(len(words_of(text_content(link))) for link in element.iter("a") if leads_away(link))
    block = _block_of(element)
    is_part = block is not None and len(text_content(block)) > len(text_content(element)) + 1
    return is_part and linked <= _MOST_LINKED * len(words_of(text_content(element)))


def _is_named(element: Element) -> bool:
    is_named = element.get("role") == "tooltip" or bool(_IN_TEXT.search(class_and_id(element)))
    return is_named and len(words_of(text_content(element))) >= _LEAST_WORDS


def _block_of(element: Element) -> Element | None:
    block = next((place for place in element.iterancestors() if place.tag in _TEXT_BLOCK_TAGS), None)
    return None if block is None or block.getparent() is None else block


def _is_control(trigger: Element | None) -> bool:
    """Whether the pointer on an element shows what a control does: a button, or a link that leads away."""
    if trigger is None or _SURE_MARK.fullmatch(text_content(trigger)):
        return False
    place = next((place for place in (trigger, *trigger.iterancestors()) if place.tag in ("a", "button")), trigger)
    is_button = place.tag == "button" or trigger.get("role") == "button"
    is_link = place.tag == "a" and (place.get("href") or "#") != "#" and not (place.get("href") or "").startswith("javascript:")
    return is_button or is_link or bool(_CONTROL.search(class_and_id(trigger)))


def _part_note(note: Element, by_id: dict[str, Element], trigger: Element | None) -> list[Removal]:
    """Moves a note behind the paragraph in which it stands, and puts a reference into its place."""
    block = _block_of(note)
    if block is None:
        return []
    if trigger is not None and _is_control(trigger):
        removed = removal_of("the tooltip of a control", note)
        note.drop_tree()
        return [removed]
    key = _free_id(note.get("id") or "note", by_id, note)
    mark = note.getprevious()
    is_numbered = mark is not None and not (mark.tail or "").strip() and bool(NOTE_MARK.fullmatch(text_content(mark)))
    removed_marks = [removal_of(NUMBER_RULE, mark)] if is_numbered else []
    if is_numbered:
        mark.drop_tree()
    reference = _reference(note, key)
    reference.tail, note.tail = note.tail, None
    note.getparent().replace(note, reference)
    note.tag = "div"
    note.attrib.clear()
    _place(note, key, block, by_id)
    return removed_marks


def _add_note(trigger: Element, text: str, by_id: dict[str, Element]) -> list[Removal]:
    """A note that stands in an attribute of its reference."""
    note = parsed_piece(text)
    block, is_mark = _block_of(trigger), bool(NOTE_MARK.fullmatch(text_content(trigger)))
    if block is None or len(words_of(text_content(note))) < _LEAST_WORDS or trigger.tag in ("img", "input"):
        return []
    if _is_control(trigger) or _has_reference(trigger, by_id) or not (is_mark or words_of(text_content(trigger))):
        return []
    key = _free_id("note", by_id, None)
    reference = _reference(trigger, key)
    reference.tail, trigger.tail = trigger.tail, None
    removed = [removal_of(NUMBER_RULE, trigger)] if is_mark else []
    if is_mark:
        trigger.getparent().replace(trigger, reference)
    else:
        trigger.addnext(reference)
    _place(note, key, block, by_id)
    return removed


def _has_reference(trigger: Element, by_id: dict[str, Element]) -> bool:
    """Whether a trigger is or stands with a link to a note at the end, of which its text is a copy."""
    around = next((place for place in trigger.iterancestors() if place.tag == "sup"), trigger)
    return any((link.get("href") or "").startswith("#") and (link.get("href") or "")[1:] in by_id for link in around.iter("a"))


def _add_far_notes(page: Element, by_id: dict[str, Element]) -> list[Removal]:
    """Notes for terms whose tooltip or definition stands elsewhere in the page, hidden until the pointer is on the term."""
    keys: dict[str, str] = {}
    removed = []
    for trigger in elements_with(page, "href", "aria-describedby"):
        href = trigger.get("href") or ""
        names = [*_described_by(trigger), *([href[1:]] if trigger.tag == "a" and href.startswith("#") else [])]
        if not names:
            continue
        name = next((name for name in names if name in keys or (name in by_id and _is_far_note(by_id[name], trigger))), "")
        block = _block_of(trigger)
        if not name or block is None or (trigger.tag != "a" and _is_control(trigger)):
            continue
        if name not in keys:
            keys[name] = _free_id("note", by_id, None)
            note = by_id[name]
            for control in list(note.iter("button")):
                removed.append(removal_of("a control of the page, which cannot be printed", control))
                control.drop_tree()
            note.getparent().remove(note)
            note.tag = "div"
            note.attrib.clear()
            _place(note, keys[name], block, by_id)
        trigger.addnext(_reference(trigger, keys[name]))
        reference = trigger.getnext()
        reference.tail, trigger.tail = trigger.tail, None
        if trigger.tag == "a":
            trigger.attrib.pop("href")
    return removed


def _is_far_note(target: Element, trigger: Element) -> bool:
    is_note = target.tag == "template" or target.get("role") in _FAR_ROLES
    is_near = any(place is _block_of(trigger) for place in target.iterancestors())
    return is_note and not is_near and len(words_of(text_content(target))) >= _LEAST_WORDS


def _reference(element: Element, key: str) -> Element:
    reference = element.makeelement("a", {"class": REFERENCE_CLASS, "href": f"#{key}"})
    reference.text = "*"
    return reference


def _free_id(name: str, by_id: dict[str, Element], element: Element | None) -> str:
    if element is not None and by_id.get(name) is element:
        return name
    number = 1
    while f"{name}-{number}" in by_id:
        number += 1
    by_id[f"{name}-{number}"] = element
    return f"{name}-{number}"


def _place(note: Element, key: str, block: Element, by_id: dict[str, Element]) -> None:
    note.set("id", key)
    note.set("role", NOTE_ROLE)
    by_id[key] = note
    while block.tag in ("li", "td", "dd", "figcaption") and block.getparent().tag not in ("body", "html"):
        block = block.getparent()
    block.addnext(note)
