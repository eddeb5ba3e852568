"""JSON Feed 1.0 and 1.1: each item an article."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urljoin

from publisher.input.html_elements import words_of
from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, headline_from, json_of, paragraph_markup
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import first_block, parse, root_of
from publisher.model.metadata import Metadata, Source
from publisher.readers.html import in_full
from publisher.text.bylines import day_of


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each item with words. Raises PublisherError where there is none, or the JSON is broken."""
    feed = json_of(manuscript)
    items = [one for one in feed.get("items") or [] if isinstance(one, dict)]
    found = tuple(article for item in items if (article := _article(manuscript, feed, item)))
    if not found:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the feed has no items")
    return found


def _article(manuscript: Manuscript, feed: dict[str, Any], item: dict[str, Any]) -> Article | None:
    def text(key: str, holder: dict[str, Any] = item) -> str:
        return " ".join(str(holder.get(key) or "").split())

    home = text("home_page_url", feed) or text("feed_url", feed)
    url = text("url") or text("external_url")
    url = urljoin(home, url) if url and home.startswith("http") else url
    html = str(item.get("content_html") or "")
    summary = text("summary")
    plain = str(item.get("content_text") or "")
    body = fragment_markup(manuscript, html, url) if html else paragraph_markup(plain)
    if html and not set(words_of(plain)) <= set(words_of(root_of(parse(body)).get_text(" "))):
        body += paragraph_markup(plain)  # another text, not the same one without its markup
    body = in_full(manuscript, url, body or paragraph_markup(summary))
    shown = figure_markup(text("image"), text("title")) if text("image") and text("image") not in html else ""
    files = [one for one in item.get("attachments") or [] if isinstance(one, dict) and str(one.get("url", "")).startswith("http")]
    links = [
        f'<p><a href="{escape(one["url"], quote=True)}">{escape(str(one.get("title") or one["url"]))}</a></p>' for one in files
    ]
    body = shown + body + "".join(links)
    title = text("title") or headline_from(first_block(body))
    if not title:
        return None
    people = item.get("authors") or [item.get("author")]
    people = [one for one in people if one] or feed.get("authors") or [feed.get("author")]
    authors = tuple(str(one.get("name") or "") for one in people if isinstance(one, dict) and one.get("name"))
    written = day_of(text("date_published") or text("date_modified"))
    publication = text("title", feed)
    return Article(
        Metadata(
            title=title,
            authors=authors,
            date=written,
            lang=text("language") or text("language", feed),
            description=summary,
            publisher=publication,
            url=url,
            identity=text("id") or url,
            source=Source(publication=publication, title=title, authors=authors, url=url, date=written),
        ),
        parse(body),
    )
