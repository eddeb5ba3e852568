"""Marks the notes of a page whatever program wrote them, so that they are kept and called where the page calls them.

A note at the end is linked to by its reference, and links back (Word, LibreOffice, Google Docs, Substack and most others). Notes
inside the text are those of `tooltip_notes`.
"""

from __future__ import annotations

import re
from itertools import islice

from publisher.extraction.tooltip_notes import NOTE_MARK, NOTE_ROLE, NUMBER_RULE, REFERENCE_CLASS, part_notes
from publisher.input.fragments import match_fragments
from publisher.input.html_elements import Element, class_and_id, elements_with, removal_of, text_content, words_of
from publisher.model.parts import Removal
from publisher.model.vocabulary import HEADINGS

_BACK_RULE = "link back to a footnote reference"
_GROUP_MARK = re.compile(r"\[\s*[^\W\d_]{1,12}\.?\s\d{1,3}\s*\]")  # of notes apart from the sources: [note 3]
_BACK = re.compile(r"[\s↩↵⏎^←⮐↑\ufe0e]+")
_BACK_NAME = re.compile(r"(?:^|\s)mw-cite-backlink(?=\s|$)")
_BLOCK_TAGS = frozenset({"p", "li", "dd", "dt", "div", "section", "aside", "td", "blockquote", "tr"})
# An element that holds all paragraphs of a note, by its name (LibreOffice, Word) or by Word's style.
_WHOLE_NOTE = re.compile(r"(?:^|\s)(?:ftn|edn|sd(?:foot|end)note|(?:foot|end)?note-?|fn-?)\d+(?=\s|$)", re.IGNORECASE)
_WORD_NOTE = re.compile(r"mso-element:\s*(?:foot|end)note\s*(?:;|$)")
_FIRST_LINKS = 2  # of a block: a link back begins its note, perhaps behind an anchor
_MOST_BACK_WORDS = 4  # words between links back ("a et b")


def mark_notes(page: Element) -> list[Removal]:
    """Gives notes the role `doc-footnote` and their references a class, and parts notes inside the text from it.

    Returns the numbers and links back that are removed: the notes get new ones.
    """
    match_fragments(page)
    by_id = {element.get("id"): element for element in elements_with(page, "id") if element.get("id")}
    aliases: dict[str, str] = {}
    removed: list[Removal] = []
    links = list(page.iter("a"))
    for link in links:
        if link.getparent() is None:  # a link back that was removed
            continue
        removed += _plain_mark(link)
        _remove_brackets(link)
        target = by_id.get(_target(link))
        back = None if target is None else _link_back(target, link)
        block = None if target is None or back is None else _note_block(target, back)
        if target is not None and back is not None and block is not None:
            key = block.get("id") or _target(link)
            aliases[_target(link)] = key
            target.attrib.pop("id", None)
            block.attrib.update({"id": key, "role": NOTE_ROLE})
            link.set("class", REFERENCE_CLASS)
            removed.append(removal_of(_BACK_RULE, back))
            back.drop_tree()
    for link in links:
        if (key := aliases.get(_target(link), "")) != _target(link) and key:
            link.set("href", f"#{key}")
    for element in [element for element in page.iter("span") if _BACK_NAME.search(element.get("class") or "")]:
        removed += _remove_words_between(element)
    return removed + part_notes(page, by_id)


def _plain_mark(link: Element) -> list[Removal]:
    """Makes a plain mark of a reference that names its group of notes."""
    href, parent = link.get("href") or "", link.getparent()
    names = f"{link.get('class')} {parent.get('class')}".split()
    if not href.startswith("#") or "reference" not in names or not _GROUP_MARK.fullmatch(text_content(link)):
        return []
    removed, tail, key = removal_of(NUMBER_RULE, link), link.tail, link.get("id")
    link.clear()
    link.attrib.update({"class": REFERENCE_CLASS, "href": href, **({"id": key} if key else {})})
    link.text, link.tail = "*", tail
    return [removed]


def _remove_brackets(link: Element) -> None:
    """Removes the brackets around a link back: the link is removed, and they would be left."""
    previous, parent, tail = link.getprevious(), link.getparent(), link.tail or ""
    before = (parent.text if previous is None else previous.tail) or ""
    if _BACK.fullmatch(text_content(link)) and before.rstrip().endswith("[") and tail.lstrip().startswith("]"):
        link.tail = tail.lstrip()[1:]
        if previous is None:
            parent.text = before.rstrip()[:-1]
        else:
            previous.tail = before.rstrip()[:-1]


def _remove_words_between(backs: Element) -> list[Removal]:
    """Removes the words between several links back, such as "et"; the links themselves are removed with their note."""
    words = [word for text in (backs.text, *(part.tail for part in backs.iterdescendants())) for word in words_of(text or "")]
    if not words or len(words) > _MOST_BACK_WORDS or next(backs.iter("a"), None) is None:
        return []
    backs.text = None
    for part in backs.iterdescendants():
        part.tail = " "
    return [Removal(_BACK_RULE, " ".join(words), f"line {backs.sourceline or 0}")]


def _target(link: Element) -> str:
    href = link.get("href") or ""
    return href[1:] if href.startswith("#") else ""


def _link_back(target: Element, link: Element) -> Element | None:
    """The link back to the reference at the start of a note: the target itself, or in it, or in the block that it begins."""
    if link in target.iter() or not NOTE_MARK.fullmatch(text_content(link)):
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
            is_mark = NOTE_MARK.fullmatch(text_content(candidate)) is not None
            return candidate if is_mark and _begins(block, candidate) else None
    return None


def _inline_ancestors(element: Element) -> list[Element]:
    result = []
    for place in element.iterancestors():
        if place.tag in _BLOCK_TAGS:
            break
        result.append(place)
    return result


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
    """The element with all words of a note; None if it holds more than a note."""
    block = next(place for place in (target, *target.iterancestors()) if place.tag in _BLOCK_TAGS)
    while not words_of(text_content(block).removeprefix(text_content(back))) and block.getparent() is not None:
        block = block.getparent()  # the number stands in an element of its own (Substack)
    around = block.getparent()
    if around is not None and around.tag == "div" and _is_whole_note(around) and _begins(around, back):
        block = around
    has_more = block.tag not in _BLOCK_TAGS or next(block.iter(*HEADINGS, "main", "article"), None) is not None
    return None if has_more or block.get("role") == NOTE_ROLE else block


def _is_whole_note(element: Element) -> bool:
    return bool(_WHOLE_NOTE.search(class_and_id(element)) or _WORD_NOTE.search(element.get("style") or ""))
