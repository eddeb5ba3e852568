"""What a page declares to be: an article, a thread of a forum, or neither (schema.org, the Open Graph protocol)."""

from __future__ import annotations

import re
from enum import Enum

from publisher.extraction import json_ld
from publisher.input.html_elements import Element, elements_with

_THREAD_TYPES = re.compile(r"(?:DiscussionForumPosting|QAPage|Answer)$")
# The addresses that programs for forums give to threads.
_THREAD_ADDRESS = re.compile(
    r"//[\w.-]*forums?\.|/(?:\w*forums?|threads?|topics?|t|showthread|viewtopic|discussions?|questions?)(?=[/.?-])"
    r"|[?&;]topic=\d|/d/\d+-|/issues/\d+|/r/\w+/comments/|/list/[^/]+/thread/"
)
_ARTICLE_TYPES = re.compile(r"(?:\w*Article|BlogPosting|Report|Review|Recipe|\w*NewsPosting)$")
_ARTICLE_META = ("article:published_time", "citation_title", "parsely-pub-date", "sailthru.date")


class PageKind(Enum):
    """What a page declares to be."""

    ARTICLE = "article"
    THREAD = "thread"
    UNDECLARED = ""


def page_kind(page: Element) -> PageKind:
    """The kind that a page declares. A thread has priority: programs for forums often declare their pages as articles too."""
    types = {
        *json_ld.types(page),
        *(
            str(element.get("itemtype")).rsplit("/", 1)[-1]
            for element in elements_with(page, "itemtype")
            if element.get("itemtype")
        ),
    }
    names = {
        str(element.get("property") or element.get("name") or "").lower(): str(element.get("content") or "")
        for element in page.iter("meta")
    }
    canonical = (str(link.get("href")) for link in page.iter("link") if link.get("rel") == "canonical")
    addresses = [names.get("og:url", ""), *canonical]
    if any(map(_THREAD_TYPES.match, types)) or any(map(_THREAD_ADDRESS.search, addresses)):
        return PageKind.THREAD
    # Where the JSON-LD has a page and no article, og:type is not about the page: WordPress has "article" on all its pages.
    is_article = any(name in names for name in _ARTICLE_META) or (
        names.get("og:type", "").lower() == "article" and "WebPage" not in types
    )
    return PageKind.ARTICLE if is_article or any(map(_ARTICLE_TYPES.match, types)) else PageKind.UNDECLARED


def is_published_article(page: Element) -> bool:
    """Whether a page declares an article of a publication: by its type in schema.org, or by the time of publication.

    `og:type` alone does not tell: programs for forums write `article` for threads too.
    """
    types = {
        *json_ld.types(page),
        *(
            str(element.get("itemtype")).rsplit("/", 1)[-1]
            for element in elements_with(page, "itemtype")
            if element.get("itemtype")
        ),
    }
    names = {str(element.get("property") or element.get("name") or "").lower() for element in page.iter("meta")}
    return any(map(_ARTICLE_TYPES.match, types)) or any(name in names for name in _ARTICLE_META)
