"""Reads JSON Feed 1.0 and 1.1: each item is an article."""

from __future__ import annotations

import datetime
from html import escape
from typing import Any

from publisher.input.html_elements import words_of
from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, headline_from, json_of, paragraph_markup
from publisher.model.addresses import host_of, join_address, scheme_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import first_block, parse, root_of
from publisher.model.metadata import Metadata, Source
from publisher.readers.feed_content import report_date
from publisher.readers.html import full_markup
from publisher.text.feed_dates import feed_day, is_day_first, is_no_date


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item that has words; none, with a note, if there are no items.

    Raises PublisherError if no item has words or the JSON is not valid.
    """
    feed = json_of(manuscript)
    items = [item for item in feed.get("items") or [] if isinstance(item, dict)]
    articles = tuple(article for item in items if (article := _article(manuscript, feed, item)))
    if not items:
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
    body = full_markup(manuscript, url, body or paragraph_markup(summary))
    figure = figure_markup(text("image"), text("title")) if text("image") and text("image") not in html else ""
    links = _attachment_links(manuscript, item)
    body = figure + body + "".join(links)
    title = text("title") or headline_from(first_block(body))
    if not title:
        return None
    people = item.get("authors") or [item.get("author")]
    people = [person for person in people if person] or feed.get("authors") or [feed.get("author")]
    authors = tuple(str(person.get("name") or "") for person in people if isinstance(person, dict) and person.get("name"))
    date = _day(manuscript, title, [text("date_published"), text("date_modified")], text("language") or text("language", feed))
    publication = text("title", feed)
    return Article(
        Metadata(
            title=title,
            authors=authors,
            date=date,
            lang=text("language") or text("language", feed),
            description=summary,
            publisher=publication,
            url=url,
            identity=text("id") or url,
            source=Source(publication=publication, title=title, authors=authors, url=url, date=date),
        ),
        parse(body),
    )


def _attachment_links(manuscript: Manuscript, item: dict[str, Any]) -> list[str]:
    """A link for each attachment of an item: audio, video or another file."""
    links = []
    for file in item.get("attachments") or []:
        address = str(file.get("url") or "") if isinstance(file, dict) else ""
        if address.startswith("http"):
            label = escape(str(file.get("title") or address))
            links.append(f'<p><a href="{escape(address, quote=True)}">{label}</a></p>')
        elif scheme_of(address):
            manuscript.report_address(address)
    return links


def _day(manuscript: Manuscript, title: str, texts: list[str], lang: str) -> datetime.date | None:
    """The day of an item: published, else modified. If none of its dates is understood, this is reported."""
    found = next((day for text in texts if (day := feed_day(text, lang, is_day_first([], lang)))), None)
    wrong = next((text for text in texts if not is_no_date(text)), "")
    if found is None and wrong:
        report_date(manuscript, title, wrong)
    return found
