"""Puts what a page sends late, or keeps in templates, into the place where a browser shows it.

Two kinds: React streams the parts of a page that were not ready into hidden elements behind it (`<div hidden id="S:0">` for
`<template id="B:0">`; react-dom, server rendering with Suspense), and a declarative shadow tree stands in a template in its host
(HTML, 4.12.3). A saved page has them as they were sent.
"""

from __future__ import annotations

import re

from publisher.input.html_elements import Element, elements_with, removal_of
from publisher.model.parts import Removal

_PLACE = re.compile(r"(?P<prefix>.*)[BP]:(?P<number>[0-9a-f]+)")  # a boundary with a fallback, or a place without
_BOUNDARY_START = re.compile(r"\$[?!~]?$")  # the comment before a boundary, `/$` is the comment behind it
_BOUNDARY_END = "/$"
_RULE = "shown only until a part of the page is there"


def place_streamed_parts(page: Element) -> list[Removal]:
    """Moves each streamed part to its template, in place of the fallback, and each shadow tree into its host.

    Returns what is removed: the fallbacks.
    """
    removed: list[Removal] = []
    parts = {
        str(element.get("id")): element for element in reversed(elements_with(page, "id")) if element.get("id")
    }  # the first counts
    for template in [element for element in page.iter("template") if element.get("id")]:
        match = _PLACE.fullmatch(template.get("id"))
        part = parts.get(f"{match['prefix']}S:{match['number']}") if match else None
        if part is not None and part.getparent() is not None and part not in template.iterancestors():
            removed += _remove_fallback(template)
            _replace_by_content(template, part)
    for template in reversed([element for element in page.iter("template") if _is_shadow_tree(element)]):
        removed += _replace_host_content(template.getparent(), template)
    return [removal for removal in removed if removal.words or removal.images]


def _remove_fallback(template: Element) -> list[Removal]:
    """Removes what a boundary shows until its part is there: what stands between the template and the comment at its end."""
    previous, level = template.getprevious(), 0
    if previous is None or not _is_comment(previous) or not _BOUNDARY_START.match(previous.text or ""):
        return []
    fallback = [Removal(_RULE, " ".join((template.tail or "").split()))]
    template.tail = None
    element = template.getnext()
    while element is not None:
        following = element.getnext()
        if _is_comment(element):
            if element.text == _BOUNDARY_END and level == 0:
                break
            level += bool(_BOUNDARY_START.match(element.text or "")) - (element.text == _BOUNDARY_END)
        fallback += [] if _is_comment(element) else [removal_of(_RULE, element)]
        fallback.append(Removal(_RULE, " ".join((element.tail or "").split())))
        element.tail = None
        element.getparent().remove(element)
        element = following
    return fallback


def _is_comment(element: Element) -> bool:
    return not isinstance(element.tag, str)


def _is_shadow_tree(template: Element) -> bool:
    return template.getparent() is not None and (template.get("shadowrootmode") or template.get("shadowroot")) is not None


def _replace_by_content(place: Element, part: Element) -> None:
    """Puts the content of `part` in the place of an element, and removes both."""
    tail, part.tail = part.tail, None
    _append_text(part.getprevious(), part.getparent(), tail)
    part.getparent().remove(part)
    part.tag, part.tail = "div", place.tail
    part.attrib.clear()
    place.getparent().replace(place, part)
    part.drop_tag()


def _append_text(previous: Element, parent: Element, text: str | None) -> None:
    if text and previous is not None:
        previous.tail = (previous.tail or "") + text
    elif text:
        parent.text = (parent.text or "") + text


def _replace_host_content(host: Element, template: Element) -> list[Removal]:
    """The host shows its shadow tree. Its own children stand in the slots; those without a slot are not shown.

    Returns the default texts of slots that are filled.
    """
    removed: list[Removal] = []
    first_text, children = host.text, [child for child in host if child is not template]
    after_template, host.text = template.tail, template.text
    for child in list(host):
        host.remove(child)
    host.extend(list(template))
    default_slot: Element = None
    for slot in list(host.iter("slot")):
        assigned = [child for child in children if (child.get("slot") or "") == (slot.get("name") or "")]
        if not slot.get("name"):
            default_slot = slot if default_slot is None else default_slot
            assigned = assigned if default_slot is slot else []
        if assigned or (slot is default_slot and ((first_text or "") + (after_template or "")).strip()):
            tail, slot.tail = slot.tail, None
            removed.append(removal_of("the default text of a slot", slot))
            slot.clear()
            slot.tail = tail
            slot.text = (first_text or "") + (after_template or "") if slot is default_slot else None
            slot.extend(assigned)
        children = [child for child in children if child not in assigned]
        slot.tag = "span"
    for child in children:
        if isinstance(child.tag, str):
            child.set("hidden", "")
        host.append(child)
    return removed
