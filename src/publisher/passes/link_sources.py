"""What an article tells of the sources it links to: the words of a link, the note around it, the site's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bs4 import Tag

from publisher.model.addresses import site_of, without_tracking
from publisher.model.markup import attribute, tags, words
from publisher.model.sources import FROM_HOST, FROM_LINK_WORDS, FROM_NOTE, FROM_SITE_NAME, FROM_TITLE_ATTRIBUTE, Source
from publisher.text.link_words import title_in

_MOST_CITATION_WORDS = 60  # of a note that writes out its source; a longer one says more than that
_LEAST_CITATION_WORDS = 3


def linked_source(link: Tag, address: str, own: Source) -> Source:
    """The source of a link, as far as the article tells it; every detail is a guess. `own` is the article's own source."""
    title = attribute(link, "title").strip()
    confidence = FROM_TITLE_ATTRIBUTE if title else FROM_LINK_WORDS
    image = link.find("img")
    text = words(link) or (attribute(image, "alt") if isinstance(image, Tag) else "")
    site = site_of(address)
    is_own_site = bool(own.publication) and site == site_of(own.url)
    details = {
        "title": (title or title_in(text, address), confidence),
        "publication": (own.publication, FROM_SITE_NAME) if is_own_site else (site, FROM_HOST),
        "citation": (_citation_around(link, address), FROM_NOTE),
    }
    values: dict[str, Any] = {name: value for name, (value, _) in details.items() if value}
    guesses = tuple((name, details[name][1]) for name in values)
    return Source(url=without_tracking(address), guesses=guesses, **values)


def _citation_around(link: Tag, address: str) -> str:
    """The text of the note in which a link stands, without the address, if the note is about this source alone; else empty."""
    note = link.find_parent("aside", class_="note")
    if note is None or len({attribute(other, "href") for other in tags(note, ("a",)) if "://" in attribute(other, "href")}) != 1:
        return ""
    text = " ".join(_words_beside_addresses(note))
    count = len(text.split())
    is_citation = _LEAST_CITATION_WORDS <= count <= _MOST_CITATION_WORDS and title_in(text, address)
    return text.rstrip(" ,;:.(<") if is_citation else ""


def _words_beside_addresses(note: Tag) -> Iterator[str]:
    for piece in words(note).split():
        if "://" not in piece and not piece.startswith("www."):
            yield piece


def shows_address(note: Tag, address: str) -> bool:
    """Whether the words of a note have an address, with or without its scheme."""
    text = "".join(note.get_text().split()).casefold()
    bare = address.casefold().partition("://")[2].removeprefix("www.").rstrip("/")
    return bare in text
