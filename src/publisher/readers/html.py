"""Reads web pages: clean article HTML as it is, a saved page with clutter reduced to its article.

The metadata comes from the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from publisher.extraction.choice import HEADLINE, STANDFIRST, Choice
from publisher.extraction.choose import choose, choose_main_text, kept_shares
from publisher.extraction.clutter import CLUTTER
from publisher.extraction.cut import cut
from publisher.extraction.figures import make_figures
from publisher.extraction.hidden_parts import LEAST_WORDS, open_disclosures, remove_hidden, show_waiting_text
from publisher.extraction.listings import make_listings
from publisher.extraction.page_kind import PageKind, page_kind
from publisher.extraction.page_links import remove_links_within
from publisher.extraction.page_metadata import PageMetadata, page_metadata
from publisher.extraction.page_notes import mark_notes
from publisher.extraction.saved_pages import saved_address, saved_day
from publisher.extraction.stated_text import set_stated_text, stated_text
from publisher.extraction.streamed_parts import place_streamed_parts
from publisher.extraction.text_blocks import has_text, text_blocks
from publisher.extraction.threads import Post, common_element, find_posts, set_posts
from publisher.extraction.votes import vote
from publisher.input.captures import CAPTURE_INDEX, captures_in
from publisher.input.html_elements import Element, class_and_id, removal_of, text_content, typed_length, words_of
from publisher.input.html_pages import finished_markup, page_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import parse, words, xhtml
from publisher.model.metadata import Metadata
from publisher.model.parts import BYLINE_TO_HEADER, Removal
from publisher.model.public_addresses import without_secrets
from publisher.model.sources import Source
from publisher.text.bylines import is_in_byline, is_in_headline

# Elements that saved pages have and clean articles do not have.
_CLUTTER_TAGS = ("nav", "footer", "form", "script", "iframe", "button", "noscript")
# The words that an article has of those of its page without clutter. With fewer, the page has its text in many places.
_LEAST_KEPT, _LEAST_PROSE_KEPT = 0.85, 0.5
_LINKS_OF_A_MENU = 3
_TEASER_WORDS = 80  # words; a feed entry with fewer is a teaser
_OUTSIDE = "outside the article's part of the page"


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """One article. Raises PublisherError if the page has no text."""
    return (read_page(manuscript, manuscript.text()),)


def read_page(manuscript: Manuscript, html: str, base: str = "", images: Callable[[str], str] | None = None) -> Article:
    """The article of a page. `base` is the address that the page was saved from, if it is known from elsewhere.

    `images` are those that were saved into the same file.
    """
    page = page_of(manuscript, html, images)
    _held = list(page.iter())  # to the end: lxml makes an object anew, slowly, for each element that nobody holds
    removed = place_streamed_parts(page) + mark_notes(page)
    open_disclosures(page)
    show_waiting_text(page)
    removed += make_listings(page) + remove_links_within(page) + remove_hidden(page)
    body, choices, posts = _article_part(manuscript, page)
    removed += _outside(page, body)
    extracted = page_metadata(page, body)  # before anything is cut: bylines and dates may be outside the article
    _absorb_bylines(choices, extracted)
    if posts and not posts[0].author and extracted.metadata.authors:
        posts[0] = replace(posts[0], author=extracted.metadata.authors[0])
    if posts:
        extracted.absorb_first_post(posts[0].author, posts[0].time)
    removed += set_posts(body, posts) if posts else cut(body, choices) if choices else _remove_bylines(body, extracted)
    if not has_text(body) and body.find(".//img") is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the page has no text")
    make_figures(body)
    _report_guesses(manuscript, extracted)
    metadata = _with_saved_address(_with_standfirst(extracted.metadata, removed), html, base)
    markup = finished_markup(manuscript, page, body, base or saved_address(html) or metadata.url)
    removed = [_with_rule_by_use(removal, metadata) for removal in removed]
    return Article(metadata, parse(markup), removed=tuple(removed), origins=extracted.origins)


def with_captured_page(manuscript: Manuscript, url: str, text: str, is_described: bool) -> tuple[str, Metadata]:
    """The markup of a feed entry and what is known from the page that `publisher fetch` captured for it, if any.

    In place of a teaser it is the markup of the page, if that can be read. The page is not read for an entry with its text,
    author and date (`is_described`).
    """
    teaser = words(parse(text).article)
    if not url or (is_described and not is_teaser(teaser)):
        return text, Metadata()
    alone = replace(manuscript, diagnostics=[], removed=[])
    article, fault = None, ""
    try:
        article = _captured_article(alone, url)
    except PublisherError as problem:
        fault = problem.diagnostics[0].message
    if not is_teaser(teaser):  # what is wrong with the rest of the page is no matter of the feed
        manuscript.diagnostics.extend(found for found in alone.diagnostics if found.code is Code.METADATA_GUESSED)
        return text, Metadata() if article is None else article.metadata
    if fault:
        message = f"the captured page of {without_secrets(url)} cannot be read: {fault}; the feed's own words stand"
        manuscript.report(Code.FEED_PAGE_UNREADABLE, message, line=manuscript.line_of(url), hint="fetch it again")
    if article is None:
        return text, Metadata()
    manuscript.diagnostics.extend(alone.diagnostics)
    manuscript.record(*alone.removed)
    manuscript.remove("teaser, replaced by the page it leads to", teaser)
    return xhtml(article.root.children), article.metadata


def is_teaser(text: str) -> bool:
    """Whether the text of a feed entry has too few words to be the whole article."""
    return len(words_of(text)) < _TEASER_WORDS


def _captured_article(manuscript: Manuscript, url: str) -> Article | None:
    file = captures_in(manuscript.open(CAPTURE_INDEX)).file_of(url)
    data = manuscript.open(file) if file.endswith(".html") else None
    return read_page(replace(manuscript, data=data), data.decode("utf-8", "replace"), url) if data else None


def _outside(page: Element, body: Element) -> list[Removal]:
    """What stands beside the element that holds the article, up to the body of the page."""
    removed = []
    inside = {body, *body.iterancestors()}
    for element in body.iterancestors():
        if element.tag == "html":
            break
        rest = [removal_of(_OUTSIDE, child) for child in element if child not in inside and isinstance(child.tag, str)]
        loose = " ".join(filter(None, [element.text, *(child.tail for child in element)]))
        removed += [removal for removal in (*rest, Removal(_OUTSIDE, " ".join(loose.split()))) if removal.words or removal.images]
    return removed


def _article_part(manuscript: Manuscript, page: Element) -> tuple[Element, list[Choice], list[Post]]:
    """The element that contains the article; the choices of its text blocks, or the posts of a thread, or neither."""
    stated = stated_text(page)
    if stated is not None:
        hint = "open the page in a browser and save it again as it is shown there"
        manuscript.report(Code.TEXT_FROM_DATA, f"the page does not show its article; the text is from {stated.place}", hint=hint)
        return set_stated_text(page, stated), [], []
    posts = find_posts(page)
    return (common_element(posts), [], posts) if posts else (*_find_article(page), [])


def _find_article(page: Element) -> tuple[Element, list[Choice]]:
    """The element that contains the article, and the choices of its text blocks. No choices: the element is used as a whole."""
    body = page.find("body")
    if body is None:
        return page, []
    if not _has_clutter(body):
        return _marked_article(body), []
    blocks = text_blocks(body)
    votes = vote(page, blocks)
    container, choices = choose(blocks, votes, body)
    if page_kind(page) is PageKind.UNDECLARED:
        main, main_choices = choose_main_text(blocks, votes, body)
        prose_share, share = kept_shares(choices, main_choices)
        if prose_share < _LEAST_PROSE_KEPT or (share < _LEAST_KEPT and not _is_signed(page, container)):
            container, choices = main, main_choices
    if sum(len(choice.block.words) for choice in choices if choice.kept) < LEAST_WORDS:
        return _marked_article(body), []
    return container, choices


def _is_signed(page: Element, body: Element) -> bool:
    """Whether a page has an author or a date, as articles have."""
    metadata = page_metadata(page, body).metadata
    return bool(metadata.authors or metadata.date)


def _has_clutter(body: Element) -> bool:
    """Whether a page has more than an article: elements for it, or lists of links that are named so."""
    return next(body.iter(*_CLUTTER_TAGS), None) is not None or any(
        len(list(islice(element.iter("a"), _LINKS_OF_A_MENU))) == _LINKS_OF_A_MENU and CLUTTER.search(class_and_id(element))
        for element in body.iter("div", "ul", "ol", "section", "header", "aside")
    )


def _marked_article(body: Element) -> Element:
    """The longest `<article>`, or without one the `<main>`, if it has at least half of the text; else the body."""
    candidates = list(body.iter("article")) or list(islice(body.iter("main"), 1))
    if not candidates:
        return body
    lengths = [len(text_content(candidate)) for candidate in candidates]
    longest = max(lengths)
    article = candidates[lengths.index(longest)]
    beside = typed_length(body) - typed_length(article)
    is_most = longest >= beside + 2 or 2 * longest >= len(text_content(body))  # the first, with a space on each side, is cheaper
    return article if is_most else body


def _absorb_bylines(choices: list[Choice], extracted: PageMetadata) -> None:
    """Fills missing authors and dates from lines that are to be removed as bylines.

    A line whose information is not in the metadata afterwards is kept in the text.
    """
    for choice in choices:
        if choice.cut_rule == BYLINE_TO_HEADER and not extracted.absorb_byline(choice.block.text):
            choice.cut_rule = ""


def _remove_bylines(body: Element, extracted: PageMetadata) -> list[Removal]:
    removed = []
    for element in [
        element for element in body.iter("p", "div", "span", "address") if "byline" in element.get("class", "").split()
    ]:
        text = text_content(element)
        if extracted.absorb_byline(text):
            removed.append(removal_of(BYLINE_TO_HEADER, element))
            element.drop_tree()
    return removed


def _with_rule_by_use(removal: Removal, metadata: Metadata) -> Removal:
    """The record of a headline or byline; with another rule if it is not the article's, as those of comments and teasers."""
    byline = (
        metadata.title,
        *metadata.authors,
        metadata.publisher,
        metadata.source.publication,
        str(metadata.date.year) if metadata.date else "",
    )
    if removal.rule == HEADLINE and not is_in_headline(removal.words, metadata.title):
        return replace(removal, rule="another headline")
    if removal.rule == BYLINE_TO_HEADER and not is_in_byline(removal.words, " ".join(byline)):
        return replace(removal, rule="another byline or date")
    return removal


def _with_saved_address(metadata: Metadata, html: str, base: str) -> Metadata:
    """Adds the address and the day that the saving program recorded. An address in the page itself has priority."""
    url = metadata.url or base or saved_address(html)
    if not url:
        return metadata
    source = Source(metadata.publisher, metadata.title, url=url, date=metadata.date, accessed=saved_day(html))
    return replace(metadata, url=url, source=metadata.source.merged(source))


def _with_standfirst(metadata: Metadata, removed: list[Removal]) -> Metadata:
    standfirst = " ".join(removal.words for removal in removed if removal.rule == STANDFIRST)
    return replace(metadata, subtitle=standfirst) if standfirst else metadata


def _report_guesses(manuscript: Manuscript, extracted: PageMetadata) -> None:
    for origin in extracted.origins:
        if origin.guess:
            value = getattr(extracted.metadata, origin.field)
            text = ", ".join(value) if isinstance(value, tuple) else value
            hint = "if it is wrong, give the value in a sidecar or the manifest"
            manuscript.report(Code.METADATA_GUESSED, f"{origin.field}: {text}, guessed from {origin.place}", hint=hint)
