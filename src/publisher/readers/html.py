"""A web page: clean article HTML as it is, a saved page full of clutter cut to its article; metadata from the page itself."""

from __future__ import annotations

import json
from dataclasses import replace

from publisher.extraction.choice import BYLINE_LEFT, Choice
from publisher.extraction.choose import choose
from publisher.extraction.cut import cut
from publisher.extraction.figures import figures_in_order
from publisher.extraction.page_metadata import PageMetadata, page_metadata
from publisher.extraction.saved import saved_address, saved_day
from publisher.extraction.text_blocks import is_hidden, text_blocks
from publisher.extraction.votes import vote
from publisher.input.html_elements import Element, text_content, words_of
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article, Removal
from publisher.model.codes import Code
from publisher.model.markup import parse, words, xhtml
from publisher.model.metadata import Metadata, Source

INDEX = "fetched.json"  # what publisher fetch writes beside its captures: addresses and files
# What saved pages have and clean articles have not.
_APPARATUS = ("nav", "footer", "form", "script", "iframe", "button", "noscript")
_TEASER = 80  # words: an entry of a feed with fewer is no article
_LEAST = 25  # words that an article found in clutter must have


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError where the page holds no text."""
    return (read_page(manuscript, manuscript.text()),)


def read_page(manuscript: Manuscript, html: str, base: str = "") -> Article:
    """The article of a page; `base` is the address it was saved from, where that is known from outside it."""
    page = page_of(manuscript, html)
    hidden = _take_out_hidden(page)
    body, choices = _article_of(page)
    found = page_metadata(page, body)  # before anything is cut: bylines and times stand outside the article, too
    _settle_bylines(choices, found)
    removed = [*hidden, *(cut(body, choices) if choices else _take_out_bylines(body, found))]
    if not text_blocks(body) and body.find(".//img") is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the page holds no text")
    figures_in_order(body)
    _complain_of_guesses(manuscript, found)
    metadata = _as_saved(_with_standfirst(found.metadata, removed), html, base)
    markup = finished_markup(manuscript, page, body, base or saved_address(html) or metadata.url)
    cuts = tuple(Removal(rule, text) for rule, text in removed)
    return Article(metadata, parse(markup), removed=cuts, origins=found.origins)


def in_full(manuscript: Manuscript, url: str, teaser: str) -> str:
    """The markup of an entry of a feed: of the page that `publisher fetch` saved for it, where the entry has but a teaser."""
    if not url or not is_teaser(words(parse(teaser).article)):
        return teaser
    page = _snapshot_of(manuscript, url)
    return teaser if page is None else xhtml(page.root.children)


def is_teaser(text: str) -> bool:
    """Whether an entry of a feed has too few words to be the article."""
    return len(words_of(text)) < _TEASER


def _snapshot_of(manuscript: Manuscript, url: str) -> Article | None:
    index = manuscript.open(INDEX)
    try:
        file = json.loads(index or b"{}").get(url, {}).get("file", "")
    except (ValueError, AttributeError):
        return None
    data = manuscript.open(file) if file.endswith(".html") else None
    return read_page(replace(manuscript, data=data), data.decode("utf-8", "replace"), url) if data else None


def _take_out_hidden(page: Element) -> list[tuple[str, str]]:
    """What a page does not show goes, unless that is all there is."""
    hidden = {one for one in page.iter() if isinstance(one.tag, str) and one.tag not in ("html", "body") and is_hidden(one)}
    outer = [one for one in page.iter() if one in hidden and not any(above in hidden for above in one.iterancestors())]
    words = [text_content(one) for one in outer]
    if len(text_content(page).split()) - sum(len(text.split()) for text in words) < _LEAST:
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
    found = text_blocks(body)
    box, choices = choose(found, vote(page, found), body)
    if sum(len(one.leaf.words) for one in choices if one.kept) < _LEAST:
        return _marked_article(body), []
    return box, choices


def _marked_article(body: Element) -> Element:
    """The one `<article>`, or the longest of several that holds most of the text; else `<main>`, else the body."""
    candidates = sorted(body.iter("article"), key=lambda one: len(text_content(one)), reverse=True) or list(body.iter("main"))
    if candidates and 2 * len(text_content(candidates[0])) >= len(text_content(body)):
        return candidates[0]
    return body


def _settle_bylines(choices: list[Choice], found: PageMetadata) -> None:
    """Takes names and days out of the lines that leave as bylines, where nothing else says them; a line of which nothing is known
    otherwise stays where it is."""
    for one in choices:
        if one.cut_rule == BYLINE_LEFT and not found.absorb_byline(one.leaf.text):
            one.cut_rule = ""


def _take_out_bylines(body: Element, found: PageMetadata) -> list[tuple[str, str]]:
    taken = []
    for element in [one for one in body.iter("p", "div", "span", "address") if "byline" in one.get("class", "").split()]:
        text = text_content(element)
        if found.absorb_byline(text):
            taken.append((BYLINE_LEFT, text))
            element.drop_tree()
    return taken


def _as_saved(metadata: Metadata, html: str, base: str) -> Metadata:
    """With the address and the day that the saving program noted, where the page itself names no address."""
    url = metadata.url or base or saved_address(html)
    if not url:
        return metadata
    known = Source(metadata.publisher, metadata.title, url=url, date=metadata.date, accessed=saved_day(html))
    return replace(metadata, url=url, source=metadata.source.merged(known))


def _with_standfirst(metadata: Metadata, removed: list[tuple[str, str]]) -> Metadata:
    standfirst = " ".join(text for rule, text in removed if rule == "the standfirst")
    return replace(metadata, subtitle=standfirst) if standfirst else metadata


def _complain_of_guesses(manuscript: Manuscript, found: PageMetadata) -> None:
    for one in found.origins:
        if one.guess:
            value = getattr(found.metadata, one.field)
            shown = ", ".join(value) if isinstance(value, tuple) else value
            hint = "say it in the manifest or a sidecar where it is wrong"
            manuscript.report(Code.METADATA_GUESSED, f"{one.field}: {shown}, a guess from {one.place}", hint=hint)
