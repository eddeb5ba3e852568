"""An article page in clean HTML: the head's metadata, and the element that holds the article.

A page full of clutter is read whole; finding the article in it is another reader's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import lxml.etree
import lxml.html

from publisher.article import Article
from publisher.diagnostics import Severity
from publisher.manuscript import Manuscript
from publisher.markup import parse
from publisher.mathematics import Unreadable, from_mathml
from publisher.metadata import Metadata, Source, day

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_EMBEDDED = ["iframe", "object", "embed", "video", "audio", "svg", "canvas", "form"]
_SPACES = re.compile(r"\s+")
Element: TypeAlias = Any  # lxml has no types of its own


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where the page holds no text."""
    text = _DECLARATION.sub("", manuscript.text())
    page = lxml.html.document_fromstring(text)
    body = _article_of(page)
    if not _text(body) and body.find(".//img") is None:
        raise manuscript.refuse("the page holds no text", "manuscript-empty")
    _draw_formulas(manuscript, body)
    _complain_of_embedded(manuscript, body)
    metadata = _metadata(page, body)
    _take_out_bylines(body)
    return (Article(metadata, parse(_inner(body))),)


def _article_of(page: Element) -> Element:
    """The one `<article>`, or the longest of several that holds most of the text; else `<main>`, else the body."""
    body = page.find("body")
    if body is None:
        return page
    candidates = sorted(page.iter("article"), key=lambda one: len(_text(one)), reverse=True) or list(page.iter("main"))
    if candidates and 2 * len(_text(candidates[0])) >= len(_text(body)):
        return candidates[0]
    return body


def _text(element: Element) -> str:
    parts = (text for text in element.xpath(".//text()[not(parent::script or parent::style)]"))
    return _SPACES.sub(" ", "".join(parts)).strip()


def _inner(element: Element) -> str:
    head = element.text or ""
    return head + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def _metadata(page: Element, body: Element) -> Metadata:
    meta = dict(_meta(page))
    headline = next((_text(one) for one in body.iter("h1") if _text(one)), "")
    title = headline or meta.get("og:title", "") or _title(page)
    canonical = next((link.get("href", "") for link in page.iter("link") if "canonical" in link.get("rel", "")), "")
    url = canonical or meta.get("og:url", "")
    written = day(meta.get("article:published_time", "") or meta.get("date", "") or _time(body))
    source = Source(publication=meta.get("og:site_name", ""), title=title, url=url, date=written) if url else Source()
    return Metadata(
        title=title,
        authors=tuple(_authors(meta, body)),
        date=written,
        lang=page.get("lang", "") or page.get("xml:lang", "") or body.get("lang", ""),
        description=meta.get("description", "") or meta.get("og:description", ""),
        publisher=meta.get("og:site_name", ""),
        url=url,
        source=source,
    )


def _meta(page: Element) -> Iterator[tuple[str, str]]:
    for element in reversed(list(page.iter("meta"))):  # the first of a name wins
        name, content = element.get("property") or element.get("name"), (element.get("content") or "").strip()
        if name and content:
            yield name.lower(), content


def _title(page: Element) -> str:
    element = page.find(".//title")
    return _SPACES.sub(" ", element.text or "").strip() if element is not None else ""


def _time(body: Element) -> str:
    return next((str(one.get("datetime")) for one in body.iter("time") if one.get("datetime")), "")


def _authors(meta: dict[str, str], body: Element) -> list[str]:
    named = meta.get("author") or next((_text(one) for one in _bylines(body)), "")
    named = re.sub(r"^(by|von|par|por|di)\s+", "", named.strip(), flags=re.IGNORECASE)
    return [name.strip() for name in re.split(r",\s*|\s+(?:and|und|et|y)\s+", named) if name.strip()]


def _bylines(body: Element) -> list[Element]:
    return [one for one in body.iter("p", "div", "span", "address") if "byline" in one.get("class", "").split()]


def _take_out_bylines(body: Element) -> None:
    for element in _bylines(body):  # the header shows it
        element.drop_tree()


def _draw_formulas(manuscript: Manuscript, body: Element) -> None:
    """Puts a picture in place of each `math`; where it cannot be drawn its words stay, and that is said."""
    for math in list(body.iter("math")):
        tex = next((_text(one) for one in math.iter("annotation") if "tex" in one.get("encoding", "").lower()), "")
        alt, tail = math.get("alttext") or tex or _text(math), math.tail
        for one in list(math.iter("annotation", "annotation-xml")):
            one.drop_tree()
        try:
            math.tail = None
            drawn = from_mathml(lxml.etree.tostring(math, encoding="unicode"), alt, math.get("display") == "block")
            picture = lxml.html.fragment_fromstring(drawn)
        except Unreadable as problem:
            picture = lxml.html.fragment_fromstring("<span></span>")
            picture.text = alt
            hint = "its words are kept"
            line = math.sourceline or 0
            manuscript.complain(
                Severity.WARNING, f"a formula cannot be drawn: {problem}", "math-unreadable", line=line, hint=hint
            )
        picture.tail = tail
        math.getparent().replace(math, picture)


def _complain_of_embedded(manuscript: Manuscript, body: Element) -> None:
    for element in body.iter(*_EMBEDDED):
        manuscript.complain(
            Severity.WARNING,
            f"a <{element.tag}> is left out: it cannot be printed",
            "embedded-left-out",
            line=element.sourceline or 0,
            hint="put a picture or a link in its place",
        )
