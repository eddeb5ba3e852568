"""Reads JSON Feed 1.0 and 1.1: each item is an article."""

from __future__ import annotations

import datetime
from html import escape
from typing import Any, TypedDict

from publisher.input.html_elements import words_of
from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, headline_from, json_of, objects_in, paragraph_markup, texts_in
from publisher.model.addresses import host_of, join_address, scheme_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import first_block, parse, root_of
from publisher.model.metadata import Metadata
from publisher.model.public_addresses import without_secrets
from publisher.model.sources import Source
from publisher.readers.feed_content import report_date
from publisher.readers.html import with_captured_page
from publisher.text.feed_dates import feed_day, is_day_first, is_no_date


class _Feed(TypedDict, total=False):
    items: list[Any] | None


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item that has words; none, with a note, if there are no items.

    Raises PublisherError if no item has words or the JSON is not valid.
    """
    feed = json_of(manuscript, _Feed)
    items = objects_in(feed.get("items"))
    _report_others(manuscript, feed.get("items"))
    articles = tuple(article for item in items if (article := _article(manuscript, feed, item)))
    if not feed.get("items"):
        manuscript.report(Code.NOTHING_NEW, "the feed has no entries")
    elif not articles:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "no item of the feed has words")
    return articles


def _article(manuscript: Manuscript, feed: dict[str, Any], item: dict[str, Any]) -> Article | None:
    def text(key: str, holder: dict[str, Any] = item) -> str:
        return " ".join(str(holder.get(key) or "").split())

    home = text("home_page_url", feed) or text("feed_url", feed)
    url = text("url") or text("external_url")
    url = join_address(home, url) if url and home.startswith("http") else url
    url = url if host_of(url) or scheme_of(url) else ""
    html = str(item.get("content_html") or "")
    summary = text("summary")
    plain = str(item.get("content_text") or "")
    body = fragment_markup(manuscript, html, url) if html else paragraph_markup(plain)
    if html and not set(words_of(plain)) <= set(words_of(root_of(parse(body)).get_text(" "))):
        body += paragraph_markup(plain)  # a different text, not the HTML without its markup
    if body:
        manuscript.remove("summary, now the description", summary)
    language = text("language") or text("language", feed)
    date = _day(manuscript, text("title") or url, [text("date_published"), text("date_modified")], language)
    authors = _authors(item)
    body, page = with_captured_page(manuscript, url, body or paragraph_markup(summary), bool(date and authors))
    figure = figure_markup(text("image"), text("title")) if text("image") and text("image") not in html else ""
    body = figure + body + _file_links(manuscript, item)
    title = text("title") or headline_from(first_block(body))
    if not title:
        return None
    authors, date, publication = authors or page.authors or _authors(feed), date or page.date, text("title", feed)
    return Article(
        Metadata(
            title=title,
            authors=authors,
            date=date,
            lang=language,
            description=summary,
            publisher=publication,
            url=url,
            identity=text("id") or url,
            source=Source(publication=publication, title=title, authors=authors, url=url, date=date),
        ),
        parse(body),
    )


def _report_others(manuscript: Manuscript, items: Any) -> None:
    """Reports what stands among the items and is none, and records its words."""
    others = [item for item in items or () if not isinstance(item, dict)]
    if others:
        count = "1 item of the feed is" if len(others) == 1 else f"{len(others)} items of the feed are"
        message = f"{count} left out: not an object, but {str(others[0])[:40]!r}"
        manuscript.report(Code.FEED_BROKEN, message, hint="get the file again, or tell its publisher")
    for item in others:
        manuscript.remove("an item of the feed that is no object", " ".join(texts_in(item)))


def _file_links(manuscript: Manuscript, item: dict[str, Any]) -> str:
    """A link for each attachment of an item: audio, video or another file."""
    links = []
    for file in objects_in(item.get("attachments")):
        address = str(file.get("url") or "")
        if address.startswith("http"):
            label = escape(str(file.get("title") or without_secrets(address)))
            links.append(f'<p><a href="{escape(address, quote=True)}">{label}</a></p>')
        elif scheme_of(address):
            manuscript.report_address(address)
    return "".join(links)


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    """The names of the authors of a feed or an item; version 1.0 has one of them, in another key."""
    people = objects_in(holder.get("authors")) or objects_in([holder.get("author")])
    return tuple(str(person["name"]) for person in people if person.get("name"))


def _day(manuscript: Manuscript, title: str, texts: list[str], lang: str) -> datetime.date | None:
    """The day of an item: published, else modified. If none of its dates is understood, this is reported."""
    found = next((day for text in texts if (day := feed_day(text, lang, is_day_first([], lang)))), None)
    wrong = next((text for text in texts if not is_no_date(text)), "")
    if found is None and wrong:
        report_date(manuscript, title, wrong)
    return found
