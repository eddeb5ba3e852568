"""What a page shows of its article without stating it: bylines and times, microformats among them."""

from __future__ import annotations

import datetime
import re

from publisher.extraction.clutter import BYLINE, COMMENTS, SURE_CLUTTER
from publisher.extraction.text_blocks import is_hidden
from publisher.input.html_elements import Element, class_and_id, text_content
from publisher.text.bylines import LONGEST_BYLINE, day_of, is_name, split_names

_BYLINE_TAGS = ("a", "span", "p", "div", "address", "li", "cite", "h3", "h4", "h5", "h6")
_BYLINE_NAMES = re.compile(r"byline|author|dateline|writtenby|p-author", re.IGNORECASE)
# Microformats (microformats.org, h-entry and its elder hAtom): the root, then who, when and what.
_ENTRY = re.compile(r"(?:^|\s)(?:h-entry|hentry)(?:$|\s)")
_ENTRY_PARTS = {
    "title": re.compile(r"(?:^|\s)(?:p-name|entry-title)(?:$|\s)"),
    "author": re.compile(r"(?:^|\s)(?:p-author|fn)(?:$|\s)"),
    "date": re.compile(r"(?:^|\s)(?:dt-published|published)(?:$|\s)"),
}


def entry_part(page: Element, part: str) -> str:
    """The title, author or date (as it is written) of the page's one microformats entry; empty where it has none, or several."""
    entries = [one for one in page.iter() if isinstance(one.tag, str) and _ENTRY.search(one.get("class") or "")]
    if len(entries) != 1:
        return ""
    for element in entries[0].iter():
        if isinstance(element.tag, str) and _ENTRY_PARTS[part].search(element.get("class") or ""):
            return str(element.get("datetime") or element.get("title") if part == "date" else "") or text_content(element)
    return ""


def byline(page: Element, body: Element) -> list[str]:
    """The first byline that the page shows: in the article, else around it, but not in its apparatus."""
    inside = set(body.iter())
    marked = [one for one in page.iter(*_BYLINE_TAGS) if _is_byline(one)]
    for element in sorted(marked, key=lambda one: (_apart(one), one not in inside)):
        inner = next((one for one in element.iter() if "name" in (one.get("itemprop") or "") and text_content(one)), element)
        found = split_names(text_content(inner))
        if found and all(map(is_name, found)):
            return found
    return []


def _is_byline(element: Element) -> bool:
    marked = element.get("rel") == "author" or "author" in (element.get("itemprop") or "")
    if not marked and not _BYLINE_NAMES.search(class_and_id(element)):
        return False
    return not is_hidden(element) and 0 < len(text_content(element)) < LONGEST_BYLINE


def _apart(element: Element) -> int:
    """How far from an article an element stands: 0 not at all, 1 in a page's apparatus, 2 in readers' comments."""
    around = list(element.iterancestors())
    if any(COMMENTS.search(class_and_id(one)) for one in around):
        return 2
    return int(any(one.tag in ("nav", "aside", "footer") or SURE_CLUTTER.search(class_and_id(one)) for one in around))


def time(page: Element, body: Element) -> datetime.date | None:
    """A `time` that the page marks as its publication's, or the first one that stands with the byline or in the article."""
    for element in page.iter("time", "meta", "span", "abbr"):
        if "datePublished" in (element.get("itemprop") or "") or element.get("pubdate") is not None:
            found = day_of(element.get("datetime") or element.get("content") or element.get("title") or text_content(element))
            if found:
                return found
    for element in page.iter("time"):
        around = element.iterancestors()
        near = any(one is body or one.tag == "header" or BYLINE.search(class_and_id(one)) for one in around)
        if near and (found := day_of(element.get("datetime") or text_content(element))):
            return found
    return None
