"""Links to places in the same page, whatever way the page writes their names: encoded, by `name`, or with its own address."""

from __future__ import annotations

import re
from urllib.parse import unquote

from slugify import slugify

from publisher.input.html_elements import Element, elements_with

_SAFE = re.compile(r"[A-Za-z0-9_:.~-]+")  # characters that no serializer of HTML encodes in an address
_OLD_ENCODING = re.compile(r"\.(?=[0-9A-F]{2})")  # MediaWiki before 2018: .C3.9C for Ü


def match_fragments(page: Element, address: str = "") -> None:
    """Makes each link to a place in the page name the id of that place as it is (HTML, 7.4.6.4, decodes names).

    Ids with other characters than ASCII's are written in ASCII: serializers encode them in addresses, but not in ids.
    Links with the page's own `address` are such links too, if the place is there.
    """
    places = {element.get("id"): element for element in elements_with(page, "id") if element.get("id")}
    for anchor in page.iter("a", "map"):
        if anchor.get("name"):
            places.setdefault(anchor.get("name"), anchor)
    for link in page.iter("a"):
        href = (link.get("href") or "").strip()
        own, mark, name = href.partition("#")
        if not mark or not name or own not in ("", address):
            continue
        place = next((places[form] for form in _forms(name) if form in places), None)
        if place is not None:
            link.set("href", f"#{_safe_id(place, name, places)}")


def _forms(name: str) -> tuple[str, ...]:
    return name, unquote(name), unquote(_OLD_ENCODING.sub("%", name)), slugify(unquote(name))


def _safe_id(place: Element, name: str, places: dict[str, Element]) -> str:
    """The id of a place; a new one if it has none or one that is not safe in an address."""
    current = str(place.get("id") or name)
    if not _SAFE.fullmatch(current):
        stem, number = slugify(current) or "place", 1
        current = stem
        while places.get(current, place) is not place:
            number += 1
            current = f"{stem}-{number}"
    place.set("id", current)
    places[current] = place
    return current
