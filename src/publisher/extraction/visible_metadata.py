"""Metadata from the visible parts of a page: bylines and times, and microformats."""

from __future__ import annotations

import datetime
import re

from publisher.extraction.clutter import BYLINE, COMMENTS, SURE_CLUTTER
from publisher.extraction.text_blocks import is_hidden
from publisher.input.html_elements import Element, class_and_id, elements_with, text_content
from publisher.text.bylines import LONGEST_BYLINE, day_of, is_name, split_names

_BYLINE_TAGS = ("a", "span", "p", "div", "address", "li", "cite", "h3", "h4", "h5", "h6")
_BYLINE_NAMES = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
# Microformats (microformats.org, h-entry and the older hAtom): the root element, then its parts.
_ENTRY = re.compile(r"(?:^|\s)(?:h-entry|hentry)(?:$|\s)")
_ENTRY_PARTS = {
    "title": re.compile(r"(?:^|\s)(?:p-name|entry-title)(?:$|\s)"),
    "author": re.compile(r"(?:^|\s)(?:p-author|fn)(?:$|\s)"),
    "date": re.compile(r"(?:^|\s)(?:dt-published|published)(?:$|\s)"),
}


def entry_part(page: Element, part: str) -> str:
    """The title, author or date (as written) of the page's only microformats entry; empty if it has none or several."""
    entries = [element for element in elements_with(page, "class") if _ENTRY.search(element.get("class"))]
    if len(entries) != 1:
        return ""
    for element in entries[0].iter():
        if isinstance(element.tag, str) and _ENTRY_PARTS[part].search(element.get("class") or ""):
            return str(element.get("datetime") or element.get("title") if part == "date" else "") or text_content(element)
    return ""


def byline(page: Element, body: Element) -> list[str]:
    """The first byline that the page shows: in the article, else around it; last in boilerplate and in comments."""
    inside = set(body.iter())
    candidates = [element for element in page.iter(*_BYLINE_TAGS) if _is_byline(element)]
    for element in sorted(candidates, key=lambda candidate: (_distance(candidate), candidate not in inside)):
        name_element = next(
            (child for child in element.iter() if "name" in (child.get("itemprop") or "") and text_content(child)), element
        )
        names = split_names(text_content(name_element))
        if names and all(map(is_name, names)):
            return names
    return []


def _is_byline(element: Element) -> bool:
    marked = element.get("rel") == "author" or "author" in (element.get("itemprop") or "")
    if not marked and not _BYLINE_NAMES.search(class_and_id(element)):
        return False
    return not is_hidden(element) and 0 < len(text_content(element)) < LONGEST_BYLINE


def _distance(element: Element) -> int:
    """How far an element is from the article: 0 near it, 1 in boilerplate, 2 in readers' comments."""
    ancestors = list(element.iterancestors())
    if any(COMMENTS.search(class_and_id(ancestor)) for ancestor in ancestors):
        return 2
    return int(
        any(ancestor.tag in ("nav", "aside", "footer") or SURE_CLUTTER.search(class_and_id(ancestor)) for ancestor in ancestors)
    )


def publication_date(page: Element, body: Element) -> datetime.date | None:
    """The time that the page marks as its publication time, or the first `time` beside the byline or in the article."""
    for element in page.iter("time", "meta", "span", "abbr"):
        if "datePublished" in (element.get("itemprop") or "") or element.get("pubdate") is not None:
            date = day_of(element.get("datetime") or element.get("content") or element.get("title") or text_content(element))
            if date:
                return date
    for element in page.iter("time"):
        ancestors = element.iterancestors()
        is_near = any(
            ancestor is body or ancestor.tag == "header" or BYLINE.search(class_and_id(ancestor)) for ancestor in ancestors
        )
        if is_near and (date := day_of(element.get("datetime") or text_content(element))):
            return date
    return None
