"""What an article tells of the sources it links to: the words of a link, the note around it, the site's name."""

from __future__ import annotations

from typing import Any

from bs4 import Tag

from publisher.model.addresses import site_of, without_tracking
from publisher.model.article import Article
from publisher.model.markup import attribute, parent_of, tags, words
from publisher.model.sources import FROM_HOST, FROM_LINK_WORDS, FROM_NOTE, FROM_SITE_NAME, FROM_TITLE_ATTRIBUTE, Source
from publisher.passes.typography import typeset_text
from publisher.text.link_words import title_in

_MOST_CITATION_WORDS = 60  # of a note that writes out its source; a longer one says more than that
_LEAST_CITATION_WORDS = 3


class LinkSources:
    """The sources of the links of an article; `own` is the article's own source.

    The text of a note is gathered once: a note may have very many links.
    """

    def __init__(self, article: Article, own: Source) -> None:
        self._tree, self._lang, self._own, self._own_site = article.tree, article.metadata.lang, own, site_of(own.url)
        self._texts: dict[int, str] = {}
        self._written: set[tuple[int, str]] = set()

    def source_of(self, link: Tag, address: str) -> Source:
        """The source of a link, as far as the article tells it; every detail is a guess."""
        stated_title = attribute(link, "title").strip()
        text = words(link) or _image_description(link)
        title = stated_title or title_in(text, address)
        site = site_of(address)
        is_own_site = bool(self._own.publication) and site == self._own_site
        details = {
            "title": (title, FROM_TITLE_ATTRIBUTE if stated_title else FROM_LINK_WORDS),
            "publication": (self._own.publication, FROM_SITE_NAME) if is_own_site else (site, FROM_HOST),
            "citation": ("" if title else self._citation_around(link, address), FROM_NOTE),
        }
        values: dict[str, Any] = {name: typeset_text(value, self._lang) for name, (value, _) in details.items() if value}
        return Source(url=without_tracking(address), guesses=tuple((name, details[name][1]) for name in values), **values)

    def _citation_around(self, link: Tag, address: str) -> str:
        """The text of the note in which a link stands, without the address, if the note is about this source alone; else empty.

        A note with a citation is about another source too.

        The words of the link itself tell nothing: it shows its address, or "here".
        """
        note = parent_of(link, "aside", "note")
        if note is None or note.find("span", attrs={"data-cluster": True}):
            return ""
        if any("://" in other and other != address for other in _addresses(note)):
            return ""
        pieces = [piece for piece in self._text(note).split() if "://" not in piece and not piece.startswith("www.")]
        text = " ".join(pieces)
        is_citation = _LEAST_CITATION_WORDS <= len(pieces) <= _MOST_CITATION_WORDS and title_in(text, address)
        return text.rstrip(" ,;:.(<") if is_citation else ""

    def write_address_out(self, note: Tag, link: Tag) -> None:
        """Puts the address of a link behind it, where paper would not show it; it is written when an output is made."""
        address = without_tracking(attribute(link, "href"))
        if not self._shows(note, address) and (id(note), address) not in self._written:
            self._written.add((id(note), address))
            link.insert_after(self._tree.new_tag("span", attrs={"data-address": address}))

    def _shows(self, note: Tag, address: str) -> bool:
        """Whether the words of a note have an address, with or without its scheme."""
        bare = address.casefold().partition("://")[2].removeprefix("www.").rstrip("/")
        return bare in "".join(self._text(note).split()).casefold()

    def _text(self, note: Tag) -> str:
        if id(note) not in self._texts:
            self._texts[id(note)] = words(note)
        return self._texts[id(note)]


def _image_description(link: Tag) -> str:
    """The description of the first image in a link, also of one that is missing."""
    image, missing = link.find("img"), link.find("span", class_="missing-image")
    if isinstance(image, Tag):
        return attribute(image, "alt")
    return missing.get_text() if isinstance(missing, Tag) else ""


def _addresses(note: Tag) -> list[str]:
    return [attribute(link, "href") for link in tags(note, ("a",))]
