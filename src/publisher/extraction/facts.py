"""What a page says of itself: title, authors, dates, site, address, language, each from the surest place that has it.

The order of places is Readability's (FIELD_NOTES: a plain fusion of JSON-LD, OpenGraph, meta and byline classes beat every
library). What no statement of the page holds but only its looks is a guess, and is named as one.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from publisher.extraction.clutter import BYLINE, SURE_CLUTTER
from publisher.extraction.leaves import Element, is_hidden, names, text_of
from publisher.metadata import Metadata, Source, day

_SPACES = re.compile(r"\s+")
_ARTICLES = re.compile(r"(\w*Article|\w*Posting|Report|CreativeWork|WebPage|Review|Recipe|Book|NewsArticle)$")
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
_BY = re.compile(r"^\s*(by|von|par|por|di|door|av|af|автор:?|written by|posted by|text:?)\s+", re.IGNORECASE)
_BYLINE_TAGS = ("a", "span", "p", "div", "address", "li", "cite", "h3", "h4", "h5", "h6")
_BYLINE_NAMES = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
_BETWEEN = re.compile(  # not within brackets
    r"(?:\s*[;|]\s*|,\s+(?!(?:Jr|Sr|MD|PhD|Ph\.D|M\.D|[A-Z]\.)\b)|\s+(?:and|und|et|y|&|e|ve|і|та)\s+)(?![^()]*\))"
)
_LONGEST_NAME = 6  # words: what is longer is a teaser with a byline's class
_EDITED = re.compile(r"\s+(edited|reviewed) by\b.*", re.IGNORECASE)
_LONGEST_BYLINE = 100


@dataclass
class Facts:
    """The metadata of a page, and the fields of it that are guesses, each with where it was seen."""

    metadata: Metadata
    guesses: dict[str, str] = field(default_factory=dict)


def facts(page: Element, body: Element) -> Facts:
    """The facts of a page whose article is `body`; reads the tree and changes nothing."""
    meta, linked, guesses = _meta(page), _json_ld(page), {}
    title = _chosen_title(_headline_in(linked, page), meta, page, body)
    authors = _json_names(linked.get("author")) or _named(meta)
    if not authors and (seen := _seen_byline(page, body)):
        authors, guesses["authors"] = seen, "a byline on the page"
    written = day_of(str(linked.get("datePublished") or "")) or _first_day(meta)
    if written is None and (shown := _seen_date(page, body)):
        written, guesses["date"] = shown, "a time on the page"
    url = _address(page, meta)
    site = _json_text(linked.get("publisher"), "name") or _first(meta, _SITES)
    known = Metadata(
        title=title,
        authors=tuple(authors),
        date=written,
        lang=_language(page, body, meta),
        description=_json_text(linked, "description") or _first(meta, _DESCRIPTIONS),
        publisher=site,
        url=url,
        source=Source(publication=site, title=title, url=url, date=written) if url else Source(),
    )
    return Facts(known, guesses)


def day_of(text: str) -> datetime.date | None:
    """The day in an ISO date, or as mail and the web write it (`Tue, 10 May 2022 …`, `May 10, 2022`); None without one."""
    text = text.strip()
    known = day(text)
    if known is not None or not text:
        return known
    found = re.match(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})", text)
    if found:
        return day("-".join(found.groups()))
    from email.utils import parsedate_to_datetime

    for candidate in (text, re.sub(r"^(\w+)\.? (\d{1,2}),? (\d{4}).*", r"\2 \1 \3 00:00:00", text)):
        try:
            return parsedate_to_datetime(candidate).date()
        except (ValueError, TypeError, IndexError):
            continue
    return None


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


def _headline_in(linked: dict[str, Any], page: Element) -> str:
    """The headline or the name of a page's JSON-LD; of two, the one that is more like its `title`."""
    said = [text for key in ("headline", "name") if (text := _json_text(linked, key))]
    shown = page.find(".//title")
    title = text_of(shown) if shown is not None else ""
    return max(said, key=lambda text: SequenceMatcher(None, text, title).ratio(), default="")


def _json_ld(page: Element) -> dict[str, Any]:
    """The item of the page's JSON-LD that is an article (schema.org); empty where there is none."""
    for script in page.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            text = re.sub(r"^\s*(//)?<!\[CDATA\[|(//)?\]\]>\s*$", "", script.text or "").strip()
            try:
                values = json.loads(text, strict=False)
            except ValueError:
                continue
            for item in _items(values):
                kind = item.get("@type")
                if any(isinstance(one, str) and _ARTICLES.match(one) for one in (kind if isinstance(kind, list) else [kind])):
                    return item
    return {}


def _items(values: Any) -> Iterator[dict[str, Any]]:
    if isinstance(values, list):
        for one in values:
            yield from _items(one)
    elif isinstance(values, dict):
        yield values
        yield from _items(values.get("@graph", []))


def _json_text(value: Any, *keys: str) -> str:
    if isinstance(value, list):
        value = next(iter(value), None)
    if not isinstance(value, dict):
        return ""
    for key in keys:
        text = value.get(key)
        if isinstance(text, str) and text.strip():
            return _SPACES.sub(" ", _unescaped(text)).strip()
    return ""


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


def _json_names(value: Any) -> list[str]:
    some = value if isinstance(value, list) else [value]
    found = [one if isinstance(one, str) else one.get("name") if isinstance(one, dict) else None for one in some]
    flat = [name for one in found for name in (one if isinstance(one, list) else [one])]
    return [name for one in flat if isinstance(one, str) for name in split_names(_unescaped(one)) if not one.startswith("http")]


def _named(meta: dict[str, str]) -> list[str]:
    said = _first(meta, _AUTHORS)
    if not said and not meta.get("article:author", "http").startswith("http"):
        said = meta["article:author"]
    return split_names(said) if not said.startswith("http") else []


def split_names(text: str) -> list[str]:
    """The names in a byline, without `By` and the like."""
    text = _EDITED.sub("", _BY.sub("", _SPACES.sub(" ", text).strip(" \u00a0|•·,")))
    parts = _BETWEEN.split(text)
    return [name for part in parts if (name := part.strip(" ,")) and len(name) <= _LONGEST_BYLINE]


def _seen_byline(page: Element, body: Element) -> list[str]:
    """The first byline that the page shows: in the article, else around it, but not in its apparatus."""
    inside = set(body.iter())
    marked = [one for one in page.iter(*_BYLINE_TAGS) if _is_byline(one)]
    for element in sorted(marked, key=lambda one: (_in_apparatus(one), one not in inside)):
        inner = next((one for one in element.iter() if "name" in (one.get("itemprop") or "") and text_of(one)), element)
        found = split_names(text_of(inner))
        if found and all(map(_is_name, found)):
            return found
    return []


def _is_name(text: str) -> bool:
    """Whether a text may be a name: no initials alone, no date, no sentence; what stands in brackets does not count."""
    bare = re.sub(r"\(.*?\)", "", text)
    words = bare.split()
    return max(map(len, words), default=0) > 1 and len(words) <= _LONGEST_NAME and not re.search(r"\d", bare)


def _is_byline(element: Element) -> bool:
    marked = element.get("rel") == "author" or "author" in (element.get("itemprop") or "")
    if not marked and not _BYLINE_NAMES.search(names(element)):
        return False
    return not is_hidden(element) and 0 < len(text_of(element)) < _LONGEST_BYLINE


def _in_apparatus(element: Element) -> bool:
    return any(one.tag in ("nav", "aside", "footer") or SURE_CLUTTER.search(names(one)) for one in element.iterancestors())


def _seen_date(page: Element, body: Element) -> datetime.date | None:
    """A `time` that the page marks as its publication's, or the first one that stands with the byline or in the article."""
    for element in page.iter("time", "meta", "span", "abbr"):
        if "datePublished" in (element.get("itemprop") or "") or element.get("pubdate") is not None:
            found = day_of(element.get("datetime") or element.get("content") or element.get("title") or text_of(element))
            if found:
                return found
    for element in page.iter("time"):
        around = element.iterancestors()
        near = any(one is body or one.tag == "header" or BYLINE.search(names(one)) for one in around)
        if near and (found := day_of(element.get("datetime") or text_of(element))):
            return found
    return None


def _address(page: Element, meta: dict[str, str]) -> str:
    links = (str(link.get("href") or "") for link in page.iter("link") if "canonical" in (link.get("rel") or "").split())
    return next((one for one in (next(links, ""), meta.get("og:url", "")) if one.startswith("http")), "")


def _first_day(meta: dict[str, str]) -> datetime.date | None:
    days = (day_of(meta[key]) for key in _DATES if key in meta)
    return next(filter(None, days), None)


def _chosen_title(linked: str, meta: dict[str, str], page: Element, body: Element) -> str:
    """What the page states; the headline it shows where that is a part of it, or where it states none."""
    shown = [text for one in page.iter("h1") if (text := text_of(one))]
    said = linked or _first(meta, _TITLES)
    if said:
        return next((one for one in shown if one in _SEPARATOR.split(said)), said)
    own = [text for one in body.iter("h1") if (text := text_of(one))]
    element = page.find(".//title")
    named = _cleaned(_SPACES.sub(" ", element.text or "").strip(), page) if element is not None else ""
    telling = len(own) == 1 and (" " in own[0] or len(named.split()) < 3)  # a heading of one word says less than such a title
    return own[0] if telling else named or next(iter(own), "")


def _cleaned(title: str, page: Element) -> str:
    """A `title` without the site's name: as a headline of the page has it, else the part before or behind the last separator."""
    headlines = [text_of(one) for one in page.iter("h1", "h2")]
    if title in headlines:
        return title
    if _SEPARATOR.search(title):
        before = title[: list(_SEPARATOR.finditer(title))[-1].start()]
        behind = _SEPARATOR.split(title, maxsplit=1)[-1]
        shorter = before if len(before.split()) >= 3 else behind
        if shorter in headlines or len(shorter.split()) > 4:
            return shorter
    return title


def _language(page: Element, body: Element, meta: dict[str, str]) -> str:
    declared = (
        page.get("lang") or page.get("xml:lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang") or body.get("lang")
    )
    return str(declared or meta.get("content-language") or meta.get("og:locale", "").replace("_", "-") or "").strip()
