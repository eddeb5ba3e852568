"""A web page: clean article HTML as it is, a saved page full of clutter cut to its article; metadata from the page itself."""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html

from publisher.article import Article, Removal
from publisher.diagnostics import Severity
from publisher.extraction.choose import Choice, choose
from publisher.extraction.cut import cut
from publisher.extraction.facts import Facts, facts, text_of
from publisher.extraction.leaves import is_hidden, leaves
from publisher.extraction.pictures import settle
from publisher.extraction.votes import vote
from publisher.manuscript import Manuscript
from publisher.markup import parse
from publisher.mathematics import Unreadable, from_mathml
from publisher.metadata import Metadata

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What saved pages have and clean articles have not.
_APPARATUS = ("nav", "footer", "form", "script", "iframe", "button", "noscript")
_EMBEDDED = ("iframe", "object", "embed", "video", "audio", "svg", "canvas", "form")
_PLAYED = ("iframe", "embed", "video", "audio", "object")
_LEAST = 25  # words that an article found in clutter must have
Element: TypeAlias = Any  # lxml has no types of its own


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where the page holds no text."""
    return (read_page(manuscript, manuscript.text()),)


def read_page(manuscript: Manuscript, html: str, base: str = "") -> Article:
    """The article of a page; `base` is the address it was saved from, where that is known from outside it."""
    page = lxml.html.document_fromstring(_DECLARATION.sub("", html))
    settle(page, lambda address: _is_beside(manuscript, address))
    hidden = _take_out_hidden(page)
    body, choices = _article_of(page)
    found = facts(page, body)  # before anything is cut: bylines and times stand outside the article, too
    removed = [*hidden, *(cut(body, choices) if choices else _take_out_bylines(body))]
    if not text_of(body) and body.find(".//img") is None:
        raise manuscript.refuse("the page holds no text", "manuscript-empty")
    _complain_of_guesses(manuscript, found)
    _resolve(manuscript, page, body, base or found.metadata.url)
    _draw_formulas(manuscript, body)
    _link_players(body)
    _complain_of_embedded(manuscript, body)
    metadata = _with_standfirst(found.metadata, removed)
    return Article(metadata, parse(_inner(body)), removed=tuple(Removal(rule, words) for rule, words in removed))


def _take_out_hidden(page: Element) -> list[tuple[str, str]]:
    """What a page does not show goes, unless that is all there is."""
    hidden = {one for one in page.iter() if isinstance(one.tag, str) and one.tag not in ("html", "body") and is_hidden(one)}
    outer = [one for one in page.iter() if one in hidden and not any(above in hidden for above in one.iterancestors())]
    words = [text_of(one) for one in outer]
    if len(text_of(page).split()) - sum(len(text.split()) for text in words) < _LEAST:
        return []
    for element in outer:
        element.drop_tree()
    return [("not shown by the page", text) for text in words if text]


def _article_of(page: Element) -> tuple[Element, list[Choice]]:
    """The element that holds the article, and what stays of it: empty where it is taken whole, without a site's apparatus."""
    body = page.find("body")
    if body is None:
        return page, []
    if next(body.iter(*_APPARATUS), None) is None:
        return _marked_article(body), []
    found = leaves(body)
    box, choices = choose(found, vote(page, found), body)
    if sum(len(one.leaf.words) for one in choices if one.kept) < _LEAST:
        return _marked_article(body), []
    return box, choices


def _marked_article(body: Element) -> Element:
    """The one `<article>`, or the longest of several that holds most of the text; else `<main>`, else the body."""
    candidates = sorted(body.iter("article"), key=lambda one: len(text_of(one)), reverse=True) or list(body.iter("main"))
    if candidates and 2 * len(text_of(candidates[0])) >= len(text_of(body)):
        return candidates[0]
    return body


def _take_out_bylines(body: Element) -> list[tuple[str, str]]:
    taken = []
    for element in [one for one in body.iter("p", "div", "span", "address") if "byline" in one.get("class", "").split()]:
        taken.append(("byline or date, now in the header", text_of(element)))
        element.drop_tree()
    return taken


def _with_standfirst(metadata: Metadata, removed: list[tuple[str, str]]) -> Metadata:
    from dataclasses import replace

    standfirst = " ".join(words for rule, words in removed if rule == "the standfirst")
    return replace(metadata, subtitle=standfirst) if standfirst else metadata


def _inner(element: Element) -> str:
    from html import escape

    return escape(element.text or "", quote=False) + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def _is_beside(manuscript: Manuscript, address: str) -> bool:
    from urllib.parse import unquote

    path = re.split(r"[?#]", address)[0]
    return bool(path) and not urlsplit(address).scheme and not path.startswith("/") and manuscript.open(unquote(path)) is not None


def _resolve(manuscript: Manuscript, page: Element, body: Element, base: str) -> None:
    """Relative addresses of a page that says where it was become whole, but for those of files beside it."""
    declared = next((str(one.get("href")) for one in page.iter("base") if one.get("href")), "")
    base = urljoin(base, declared) if declared else base
    if not base.startswith("http"):
        return
    here = base.split("#")[0]
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        if href and not href.startswith("#") and not _scheme(href) and not _is_beside(manuscript, href):
            whole = _joined(base, href)
            link.set("href", whole.removeprefix(here) if whole.startswith(f"{here}#") else whole)


def _scheme(address: str) -> str:
    """The scheme of an address, empty where it has none or is none."""
    found = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    return found[1].lower() if found else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _complain_of_guesses(manuscript: Manuscript, found: Facts) -> None:
    for name, where in found.guesses.items():
        value = getattr(found.metadata, name)
        shown = ", ".join(value) if isinstance(value, tuple) else value
        hint = "say it in the manifest or a sidecar where it is wrong"
        manuscript.complain(Severity.NOTE, f"{name}: {shown}, a guess from {where}", "metadata-guessed", hint=hint)


def _draw_formulas(manuscript: Manuscript, body: Element) -> None:
    """Puts a picture in place of each `math`; where it cannot be drawn its words stay, and that is said."""
    for math in list(body.iter("math")):
        tex = next((text_of(one) for one in math.iter("annotation") if "tex" in one.get("encoding", "").lower()), "")
        alt, tail = math.get("alttext") or tex or text_of(math), math.tail
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


def _link_players(body: Element) -> None:
    """A film or a sound on another site cannot be printed: a link to it stands in its place."""
    for element in list(body.iter(*_PLAYED)):
        said = [element.get(name) for name in ("src", "data-src", "data")]
        sources = filter(None, [*said, *(one.get("src") for one in element.iter("source"))])
        address = next((f"https:{one}" if one.startswith("//") else one for one in sources), "")
        if not address.startswith("http"):
            continue
        link = lxml.html.fragment_fromstring("<p><a></a></p>")
        link[0].set("href", address)
        link[0].text = element.get("title") or urlsplit(address).netloc
        link.tail = element.tail
        element.getparent().replace(element, link)


def _complain_of_embedded(manuscript: Manuscript, body: Element) -> None:
    for element in body.iter(*_EMBEDDED):
        manuscript.complain(
            Severity.WARNING,
            f"a <{element.tag}> is left out: it cannot be printed",
            "embedded-left-out",
            line=element.sourceline or 0,
            hint="put a picture or a link in its place",
        )
