"""What a page says of itself: title, authors, dates, site, address, language, each from the surest place that has it.

The order of places is Readability's (FIELD_NOTES: a plain fusion of JSON-LD, OpenGraph, meta and byline classes beat every
library). What no statement of the page holds but only its looks is a guess, and is named as one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from publisher.extraction import linked, seen
from publisher.input.html_elements import Element, text_content, words_of
from publisher.model.metadata import Metadata, Origin, Source
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
# How sure a place is: how often it said what a person noted for the same page (docs/formats.md), rounded down; where nobody noted
# anything to compare with (microformats, links, times), a cautious figure.
_CONFIDENCE = {
    "JSON-LD": 0.95,
    "a meta element": 0.9,
    "a link element": 0.9,
    "the lang attribute": 1.0,
    "microformats": 0.8,
    "the headline": 0.5,
    "the title element": 0.9,
    "a byline on the page": 0.9,
    "a time on the page": 0.5,
}
# A line that names somebody or a day.
_TELLING = re.compile(r"^\s*(?:by|von|par|por|di|door|av|af)\s|\b(?:19|20)\d\d\b", re.IGNORECASE)
_GUESSES = frozenset({"a byline on the page", "a time on the page"})


@dataclass
class PageMetadata:
    """The metadata of a page, and where each of it is from."""

    metadata: Metadata
    origins: tuple[Origin, ...] = ()

    def absorb_byline(self, line: str) -> bool:
        """Fills gaps from a line that looks like a byline or a date; whether what it says is known now, so that it may go."""
        written, rest = date_in(line)
        names = names_after_by(rest.strip(" |•·,–—-"))
        known = any(name.split()[-1].lower() in line.lower() for name in self.metadata.authors)
        if names and not self.metadata.authors:
            self._fill("authors", tuple(names), "a byline on the page")
        if written and not self.metadata.date:
            self._fill("date", written, "a time on the page")
        return bool(names or written) or known or not _TELLING.search(line)

    def _fill(self, field: str, value: Any, place: str) -> None:
        self.metadata = replace(self.metadata, **{field: value})
        self.origins += (Origin(field, place, _CONFIDENCE[place], place in _GUESSES),)


def page_metadata(page: Element, body: Element) -> PageMetadata:
    """The facts of a page whose article is `body`; reads the tree and changes nothing."""
    meta, item = _meta(page), linked.item_of(page)
    found = {
        "title": _title(item, meta, page, body),
        "authors": _authors(item, meta, page, body),
        "date": _date(item, meta, page, body),
        "lang": _language(page, body, meta),
        "description": _first_said(
            [("JSON-LD", linked.text_in(item, "description")), ("a meta element", _first(meta, _DESCRIPTIONS))]
        ),
        "publisher": _first_said(
            [("JSON-LD", linked.text_in(item.get("publisher"), "name")), ("a meta element", _first(meta, _SITES))]
        ),
        "url": _address(page, meta),
    }
    known = Metadata(**{name: value for name, (_, value) in found.items() if value})
    if known.url:
        source = Source(publication=known.publisher, title=known.title, url=known.url, date=known.date)
        known = replace(known, source=source)
    origins = (Origin(name, place, _CONFIDENCE[place], place in _GUESSES) for name, (place, value) in found.items() if value)
    return PageMetadata(known, tuple(origins))


def _first_said(said: Iterable[tuple[str, Any]]) -> tuple[str, Any]:
    """The first pair of place and value that has a value."""
    return next(((place, value) for place, value in said if value), ("", None))


def _authors(item: dict[str, Any], meta: dict[str, str], page: Element, body: Element) -> tuple[str, Any]:
    def said() -> Iterator[tuple[str, Any]]:
        yield "JSON-LD", tuple(name for one in linked.bylines(item.get("author")) for name in split_names(one))
        yield "a meta element", tuple(_named(meta))
        yield "microformats", tuple(split_names(seen.entry_part(page, "author")))
        yield "a byline on the page", tuple(seen.byline(page, body))

    return _first_said(said())


def _date(item: dict[str, Any], meta: dict[str, str], page: Element, body: Element) -> tuple[str, Any]:
    def said() -> Iterator[tuple[str, Any]]:
        yield "JSON-LD", day_of(str(item.get("datePublished") or ""))
        yield "a meta element", _first_day(meta)
        yield "microformats", day_of(seen.entry_part(page, "date"))
        yield "a time on the page", seen.time(page, body)

    return _first_said(said())


def _meta(page: Element) -> dict[str, str]:
    """The `meta` elements by name in lower case; the first of a name wins, of `citation_author` all are joined."""
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        content = _SPACES.sub(" ", element.get("content") or "").strip()
        for name in (element.get("property") or element.get("name") or element.get("itemprop") or "").lower().split():
            if content and name == "citation_author" and name in found:
                found[name] += f"; {content}"
            elif content:
                found.setdefault(name, content)
    return found


def _first(meta: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((meta[key] for key in keys if key in meta), "")


def _named(meta: dict[str, str]) -> list[str]:
    said = _first(meta, _AUTHORS)
    if not said and not meta.get("article:author", "http").startswith("http"):
        said = meta["article:author"]
    return split_names(said) if not said.startswith("http") else []


def _first_day(meta: dict[str, str]) -> datetime.date | None:
    days = (day_of(meta[key]) for key in _DATES if key in meta)
    return next(filter(None, days), None)


def _address(page: Element, meta: dict[str, str]) -> tuple[str, Any]:
    links = [
        ("a link element", str(one.get("href") or ""))
        for one in page.iter("link")
        if "canonical" in (one.get("rel") or "").split()
    ]
    said = [*links[:1], ("a meta element", meta.get("og:url", ""))]
    return _first_said((place, address) for place, address in said if address.startswith("http"))


def _title(item: dict[str, Any], meta: dict[str, str], page: Element, body: Element) -> tuple[str, Any]:
    """What the page states; the headline it shows where that is a part of it, or where it states none."""
    shown = [text for one in page.iter("h1") if (text := text_content(one))]
    place, said = _first_said(
        [
            ("JSON-LD", linked.headline(item, page)),
            ("a meta element", _first(meta, _TITLES)),
            ("microformats", seen.entry_part(page, "title")),
        ]
    )
    if said:
        return place, next((one for one in shown if one in _SEPARATOR.split(said)), said)
    own = [text for one in body.iter("h1") if (text := text_content(one))]
    element = page.find(".//title")
    named = _cleaned(_SPACES.sub(" ", element.text or "").strip(), page) if element is not None else ""
    telling = len(own) == 1 and (" " in own[0] or len(named.split()) < 3)  # a heading of one word says less than such a title
    return _first_said(
        [("the headline", own[0] if telling else ""), ("the title element", named), ("the headline", next(iter(own), ""))]
    )


def _cleaned(title: str, page: Element) -> str:
    """A `title` without the site's name: as a headline of the page has it, else the part before or behind the last separator."""
    headlines = [text_content(one) for one in page.iter("h1", "h2")]
    if title in headlines:
        return title
    if _SEPARATOR.search(title):
        before = title[: list(_SEPARATOR.finditer(title))[-1].start()]
        behind = _SEPARATOR.split(title, maxsplit=1)[-1]
        shorter = before if len(words_of(before)) >= 3 else behind
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
    declared = next((one.strip() for one in attributes if one and one.strip()), "")
    said = meta.get("content-language") or meta.get("og:locale", "").replace("_", "-")
    return _first_said([("the lang attribute", declared), ("a meta element", said.strip())])
