"""Footnotes and endnotes of Word: their references are raised once, and their typed addresses are links."""

from __future__ import annotations

import re
from typing import Any

import lxml.html

from publisher.input.html_elements import Element, ancestors
from publisher.input.manuscript import Manuscript
from publisher.input.word.elements import value, w
from publisher.input.xml import first_child, local_name, text_at

_REFERENCES = (w("footnoteReference"), w("endnoteReference"))
_OWN_NUMBERS = (w("footnoteRef"), w("endnoteRef"))
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"“”«»]+", re.IGNORECASE)
_BEHIND = re.compile(r"(?:[.,;:!?'’‘…]|&)+$")
_NOTE_IDS = ("footnote-", "endnote-")  # of mammoth


def prepare_notes(manuscript: Manuscript, root: Any) -> None:
    """Leaves references unraised (mammoth raises them) and without marks of their own, and notes without a space before them."""
    for reference in list(root.iter(*_REFERENCES)):
        run = reference.getparent()
        alignment = first_child(run, "rPr", "vertAlign")
        if alignment is not None:
            alignment.getparent().remove(alignment)
        if value(reference, "customMarkFollows") in ("1", "true", "on"):
            manuscript.remove("number of a footnote, counted anew", text_at(run))
            for mark in [part for part in run if local_name(part) in ("t", "sym")]:
                run.remove(mark)
    for number in root.iter(*_OWN_NUMBERS):
        _remove_space_behind(number)


def _remove_space_behind(number: Any) -> None:
    """Removes spaces and tabs between the number of a note and its text."""
    paragraph = next(number.iterancestors(w("p")), None)
    is_behind = False
    for element in list(paragraph.iter()) if paragraph is not None else ():
        if element is number:
            is_behind = True
        elif is_behind and element.tag == w("tab") and local_name(element.getparent()) == "r":
            element.getparent().remove(element)
        elif is_behind and element.tag == w("t"):
            element.text = (element.text or "").lstrip()
            if element.text:
                return


def part_references(body: Element) -> None:
    """Gives each reference its own `sup` where it shares it with commas and spaces, which mammoth joins to it."""
    for raised in list(body.iter("sup")):
        links = [link for link in raised if link.tag == "a" and (link.get("href") or "").startswith("#")]
        rest = "".join([raised.text or "", *(link.tail or "" for link in links)])
        if not rest or len(links) != len(raised) or not links or re.search(r"\w", rest):
            continue
        for link in links:
            link.addprevious(own := raised.makeelement("sup"))
            own.tail, link.tail = link.tail, None
            own.append(link)
        raised.drop_tag()


def link_addresses(body: Element) -> None:
    """Makes links of web addresses that are typed in notes, so that they count as sources."""
    for note in [item for item in body.iter("li") if (item.get("id") or "").startswith(_NOTE_IDS)]:
        for element in list(note.iter()):
            links = sum(around.tag == "a" for around in ancestors(element, note))
            if not links:
                _link_text(element, None)
            if element is not note and links == (element.tag == "a"):
                _link_text(element.getparent(), element)


def _link_text(holder: Element, before: Element | None) -> None:
    """Links the addresses in the text of an element, or in the text behind a child."""
    text = (holder.text if before is None else before.tail) or ""
    place = 0 if before is None else holder.index(before) + 1
    for match in reversed(list(_ADDRESS.finditer(text))):
        address = _BEHIND.sub("", match[0])
        if address.endswith(")") and "(" not in address:
            address = _BEHIND.sub("", address[:-1])
        link = lxml.html.Element("a", href=address if "://" in address else f"https://{address}")
        link.text, link.tail = address, text[match.start() + len(address) :]
        text = text[: match.start()]
        holder.insert(place, link)
    if before is None:
        holder.text = text
    else:
        before.tail = text
