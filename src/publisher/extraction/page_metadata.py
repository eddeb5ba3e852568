"""The metadata of a page: title, authors, date, site, address, language, each from the most reliable place that has it.

The order of places is Readability's (a plain fusion of JSON-LD, OpenGraph, meta and byline classes beat every
library). A value that the page does not state in its markup but only shows is a guess, and is marked as a guess.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from publisher.extraction import json_ld, visible_metadata
from publisher.input.agency_status import orders_hold
from publisher.input.html_elements import Element, text_content, words_of
from publisher.model.addresses import join_address
from publisher.model.metadata import Metadata, Origin
from publisher.model.sources import Source
from publisher.text.bylines import date_in, day_of, names_after_by, split_names

_SPACES = re.compile(r"\s+")
_TITLES = ("dc:title", "dcterm:title", "dcterms.title", "dc.title", "og:title", "citation_title", "weibo:article:title",
           "weibo:webpage:title", "title", "twitter:title", "parsely-title")  # fmt: skip
_AUTHORS = ("dc:creator", "dcterm:creator", "dcterms.creator", "dc.creator", "citation_author", "author", "parsely-author",
            "sailthru.author")  # fmt: skip
_DATES = ("article:published_time", "parsely-pub-date", "citation_publication_date", "citation_date", "dc:date", "dc.date",
          "dcterms.created", "dcterms.date", "date", "pubdate", "publish-date", "sailthru.date", "datepublished")  # fmt: skip
_SITES = ("og:site_name", "citation_journal_title", "application-name")
_DESCRIPTIONS = ("dc:description", "dcterm:description", "og:description", "weibo:article:description", "description",
                 "twitter:description")  # fmt: skip
_SEPARATOR = re.compile(r"\s[|–—»>/\\·•-]\s")
# How reliable a place is: how often it agreed with what a person noted for the same page (docs/formats.md), rounded down. For
# places without such notes to compare with (microformats, links, times) it is a cautious estimate.
_CONFIDENCE = {
    "JSON-LD": 0.95,
    "a meta element": 0.9,
    "a link element": 0.9,
    "the lang attribute": 1.0,
    "microformats": 0.8,
    "the headline": 0.5,
    "the title element": 0.9,
    "the first post": 0.9,
    "a byline on the page": 0.9,
    "a time on the page": 0.5,
}
# A line that names a person or a date.
_NAME_OR_DATE = re.compile(r"^\s*(?:by|von|par|por|di|door|av|af)\s|\b(?:19|20)\d\d\b", re.IGNORECASE)
_GUESSES = frozenset({"a byline on the page", "a time on the page"})


@dataclass
class PageMetadata:
    """The metadata of a page, and the origin of each value."""

    metadata: Metadata
    origins: tuple[Origin, ...] = ()

    def absorb_byline(self, line: str) -> bool:
        """Fills gaps from a line that looks like a byline or a date; returns whether the line may now be removed."""
        if orders_hold(line):
            return False  # the day of an embargo is no date of the article
        date, rest = date_in(line)
        names = names_after_by(rest.strip(" |•·,–—-"))
        has_known_author = any(name.split()[-1].lower() in line.lower() for name in self.metadata.authors)
        if names and not self.metadata.authors:
            self._fill("authors", tuple(names), "a byline on the page")
        if date and not self.metadata.date:
            self._fill("date", date, "a time on the page")
        return bool(names or date) or has_known_author or not _NAME_OR_DATE.search(line)

    def absorb_first_post(self, author: str, time: str) -> None:
        """Takes author and day of a thread from its first post, whatever the page states: that may be about the forum."""
        day = date_in(time)[0] or day_of(time)
        for field, value in (("authors", (author,) if author else ()), ("date", day)):
            if value:
                self.origins = tuple(origin for origin in self.origins if origin.field != field)
                self._fill(field, value, "the first post")

    def _fill(self, field: str, value: Any, place: str) -> None:
        self.metadata = replace(self.metadata, **{field: value})
        self.origins += (Origin(field, place, _CONFIDENCE[place], place in _GUESSES),)


def page_metadata(page: Element, body: Element) -> PageMetadata:
    """The metadata of a page whose article is `body`; does not change the tree."""
    meta, item = _meta_values(page), json_ld.article_item(page)
    values = {
        "title": _title(item, meta, page, body),
        "authors": _authors(item, meta, page, body),
        "date": _date(item, meta, page, body),
        "lang": _language(page, body, meta),
        "description": _first_with_value(
            [("JSON-LD", json_ld.text_in(item, "description")), ("a meta element", _first_content(meta, _DESCRIPTIONS))]
        ),
        "publisher": _first_with_value(
            [("JSON-LD", json_ld.text_in(item.get("publisher"), "name")), ("a meta element", _first_content(meta, _SITES))]
        ),
        "url": _address(item, page, meta),
    }
    metadata = Metadata(**{name: value for name, (_, value) in values.items() if value})
    if metadata.url:
        source = Source(publication=metadata.publisher, title=metadata.title, url=metadata.url, date=metadata.date)
        metadata = replace(metadata, source=source)
    origins = (Origin(name, place, _CONFIDENCE[place], place in _GUESSES) for name, (place, value) in values.items() if value)
    return PageMetadata(metadata, tuple(origins))


def _first_with_value(candidates: Iterable[tuple[str, Any]]) -> tuple[str, Any]:
    """The first pair of place and value that has a value."""
    return next(((place, value) for place, value in candidates if value), ("", None))


def _authors(item: dict[str, Any], meta: dict[str, str], page: Element, body: Element) -> tuple[str, Any]:
    def candidates() -> Iterator[tuple[str, Any]]:
        yield "JSON-LD", tuple(name for byline in json_ld.bylines(item.get("author")) for name in split_names(byline))
        yield "a meta element", tuple(_meta_authors(meta))
        yield "microformats", tuple(split_names(visible_metadata.entry_part(page, "author")))
        yield "a byline on the page", tuple(visible_metadata.byline(page, body))

    return _first_with_value(candidates())


def _date(item: dict[str, Any], meta: dict[str, str], page: Element, body: Element) -> tuple[str, Any]:
    def candidates() -> Iterator[tuple[str, Any]]:
        yield "JSON-LD", day_of(str(item.get("datePublished") or ""))
        yield "a meta element", _meta_date(meta)
        yield "microformats", day_of(visible_metadata.entry_part(page, "date"))
        yield "a time on the page", visible_metadata.publication_date(page, body)

    return _first_with_value(candidates())


def _meta_values(page: Element) -> dict[str, str]:
    """The content of the `meta` elements by name in lower case: the first of each name, but all `citation_author` joined."""
    contents: dict[str, str] = {}
    for element in page.iter("meta"):
        content = _SPACES.sub(" ", element.get("content") or "").strip()
        for name in (element.get("property") or element.get("name") or element.get("itemprop") or "").lower().split():
            if content and name == "citation_author" and name in contents:
                contents[name] += f"; {content}"
            elif content:
                contents.setdefault(name, content)
    return contents


def _first_content(meta: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((meta[key] for key in keys if key in meta), "")


def _meta_authors(meta: dict[str, str]) -> list[str]:
    authors = _first_content(meta, _AUTHORS)
    if not authors and not meta.get("article:author", "http").startswith("http"):
        authors = meta["article:author"]
    return split_names(authors) if not authors.startswith("http") else []


def _meta_date(meta: dict[str, str]) -> datetime.date | None:
    dates = (day_of(meta[key]) for key in _DATES if key in meta)
    return next(filter(None, dates), None)


def _address(item: dict[str, Any], page: Element, meta: dict[str, str]) -> tuple[str, Any]:
    """The address that the page states; a relative one counts if the page states its base, or has only no scheme."""
    base = next((str(element.get("href")) for element in page.iter("base") if element.get("href")), "")
    links = [str(link.get("href") or "") for link in page.iter("link") if "canonical" in (link.get("rel") or "").split()]
    entity = item.get("mainEntityOfPage")
    data = [json_ld.text_in(item, "url"), json_ld.text_in(entity, "@id", "url"), entity if isinstance(entity, str) else ""]
    candidates = [
        *(("a link element", link) for link in links[:1]),
        ("a meta element", meta.get("og:url", "")),
        *(("JSON-LD", address) for address in data),
    ]
    whole = ((place, join_address(base or "https:", address) if address else "") for place, address in candidates)
    return _first_with_value((place, address) for place, address in whole if re.match("https?://[^/]", address))


def _title(item: dict[str, Any], meta: dict[str, str], page: Element, body: Element) -> tuple[str, Any]:
    """The title that the page states; the headline that it shows if that is a part of the title, or if the page states none."""
    headlines = [text for element in page.iter("h1") if (text := text_content(element))]
    place, stated = _first_with_value(
        [
            ("JSON-LD", json_ld.headline(item, page)),
            ("a meta element", _first_content(meta, _TITLES)),
            ("microformats", visible_metadata.entry_part(page, "title")),
        ]
    )
    if stated:
        return place, next((headline for headline in headlines if headline in _SEPARATOR.split(stated)), stated)
    body_headlines = [text for element in body.iter("h1") if (text := text_content(element))]
    element = page.find(".//title")
    title = _without_site_name(_SPACES.sub(" ", element.text or "").strip(), page) if element is not None else ""
    # a longer title is better than a headline of one word
    use_headline = len(body_headlines) == 1 and (" " in body_headlines[0] or len(title.split()) < 3)
    return _first_with_value(
        [
            ("the headline", body_headlines[0] if use_headline else ""),
            ("the title element", title),
            ("the headline", next(iter(body_headlines), "")),
        ]
    )


def _without_site_name(title: str, page: Element) -> str:
    """A `title` without the site's name: as it is if a headline of the page is the same, else one side of a separator."""
    headlines = [text_content(element) for element in page.iter("h1", "h2")]
    if title in headlines:
        return title
    if _SEPARATOR.search(title):
        before = title[: list(_SEPARATOR.finditer(title))[-1].start()]
        after = _SEPARATOR.split(title, maxsplit=1)[-1]
        shorter = before if len(words_of(before)) >= 3 else after
        if shorter in headlines or len(shorter.split()) > 4:
            return shorter
    return title


def _language(page: Element, body: Element, meta: dict[str, str]) -> tuple[str, Any]:
    attributes = (
        page.get("lang"),
        page.get("xml:lang"),
        page.get("{http://www.w3.org/XML/1998/namespace}lang"),
        body.get("lang"),
    )
    declared = next((value.strip() for value in attributes if value and value.strip()), "")
    stated = meta.get("content-language") or meta.get("og:locale", "").replace("_", "-")
    return _first_with_value([("the lang attribute", declared), ("a meta element", stated.strip())])
