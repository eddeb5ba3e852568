"""Links of a page that lead only around in it: permalinks of headings, and links that skip to the text."""

from __future__ import annotations

from publisher.input.html_elements import Element, elements_with, removal_of, text_content
from publisher.model.parts import Removal
from publisher.model.vocabulary import HEADINGS

_RULE = "a link of the page to a place in it"
_SIGNS = frozenset("¶#§🔗⚓\ufe0f \xa0")  # Sphinx, MkDocs, Docusaurus, GitHub
_TEXT_TAGS = frozenset({"main", "article", "h1"})


def remove_links_within(page: Element) -> list[Removal]:
    """Removes permalinks of headings and terms ("¶"), and links above the headline that skip to the text; returns them."""
    found = [link for link in page.iter("a") if (link.get("href") or "").startswith("#") and _is_permalink(link)]
    found += _skip_links(page)
    removed = [removal_of(_RULE, link) for link in found]
    for link in found:
        link.drop_tree()
    return [removal for removal in removed if removal.words]


def _is_permalink(link: Element) -> bool:
    text = text_content(link)
    return bool(text) and _SIGNS.issuperset(text) and any(place.tag in HEADINGS | {"dt"} for place in link.iterancestors())


def _skip_links(page: Element) -> list[Element]:
    """The links before all headings and text that lead to the element with the text."""
    result = []
    by_id = {element.get("id"): element for element in elements_with(page, "id") if element.get("id")}
    for element in page.iter(*HEADINGS, "p", "main", "article", "a"):
        if element.tag != "a":
            break
        target = by_id.get((element.get("href") or "")[1:]) if (element.get("href") or "").startswith("#") else None
        if target is not None and text_content(element) and any(part.tag in _TEXT_TAGS for part in target.iter()):
            result.append(element)
    return result
