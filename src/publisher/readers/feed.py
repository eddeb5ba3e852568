"""Reads RSS 0.9x to 2.0, RDF and Atom: each entry is an article, with its full content if the feed has it.

feedparser parses the dialects. What it would guess or cut is done in this module, before and after it: encodings, cut-off files,
sanitizing, and the choice between content and summary. Words of an entry that feedparser ignores are kept.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import lxml.etree

from publisher.input.extent import check_elements
from publisher.input.html_elements import words_of
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, headline_from
from publisher.input.xml import local_name, lowest_texts, text_at
from publisher.model.addresses import host_of, join_address, scheme_of, written_address
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import first_block, parse, words
from publisher.model.metadata import Metadata
from publisher.model.public_addresses import without_secrets
from publisher.model.sources import Source
from publisher.readers.feed_content import content_and_summary, report_date, text_of
from publisher.readers.html import with_captured_page
from publisher.text.characters import without_bad_references, without_named_references
from publisher.text.feed_dates import feed_day, is_day_first, is_no_date

_SURROGATES = re.compile(r"&#x(d[89ab][0-9a-f]{2});&#x(d[c-f][0-9a-f]{2});", re.IGNORECASE)
_MEDIA_RSS = "search.yahoo.com/mrss"  # the namespace of Media RSS
_IMAGE_SUFFIX = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
_MACHINE_VALUE = re.compile(r"\S*\d{4}-\d\d\S*|https?:\S*|[a-z]{2,3}(?:-[A-Za-z]{2,4})?|[\d.:-]*")  # dates, addresses, languages
_LONGEST_STANDFIRST = 60  # words; a summary that differs from the content and is longer becomes the description
_EARLIEST_YEAR = 1900  # of a date that feedparser reads: it takes the first digits of a long number for the year
_ENTRY_TAGS = ("item", "entry")
# Elements with data about an entry, not with its text. They are kept in the metadata or ignored.
_METADATA_TAGS = {
    "guid", "id", "link", "pubDate", "published", "updated", "modified", "issued", "created", "date", "category", "author",
    "creator", "contributor", "comments", "source", "rights", "copyright", "language", "enclosure", "title",
    "expirationDate", "subject", "name", "email", "url", "uri", "height", "width", "type", "format", "identifier",
    "publisher",
}  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """The metadata that all entries share: title, address, language, rights and authors of the feed.

    `day_first` is whether the day stands first in its dates in numbers, None if that is not known.
    """

    title: str = ""
    url: str = ""
    lang: str = ""
    rights: str = ""
    authors: tuple[str, ...] = ()
    day_first: bool | None = None


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each entry that has words; if there is none, one article with the feed's own description.

    There is no article if the feed has neither entries nor words. Raises PublisherError if it has entries without words.
    """
    text = feed_text(manuscript)
    parsed, root = _parse_feed(manuscript, text), _xml_root(text)
    if _close_elements(text) != text:
        manuscript.report(Code.FEED_CUT, "the feed is cut off: read as far as possible", hint="get the file again")
    feed = _feed_metadata(parsed)
    elements = [element for element in root.iter() if local_name(element).lower() in _ENTRY_TAGS] if root is not None else []
    entries = list(parsed.get("entries", ()))
    if len(elements) != len(entries):
        elements = [None] * len(entries)
    feed = replace(feed, day_first=is_day_first((text for entry in entries for text, _ in _date_texts(entry)), feed.lang))
    results = [_article(manuscript, entry, element, feed) for entry, element in zip(entries, elements, strict=True)]
    articles = tuple(article for article in results if article is not None)
    if articles:
        return articles
    feed_article = _feed_article(parsed, root)
    if feed_article is None and not entries and not elements:
        manuscript.report(Code.NOTHING_NEW, "the feed has no entries")
        return ()
    if feed_article is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the feed has no words")
    manuscript.report(Code.FEED_EMPTY, "no entry of the feed has words")
    return (feed_article,)


def feed_text(manuscript: Manuscript) -> str:
    """The text without named references of HTML, the halves of surrogate pairs joined that are written as two references."""

    def character(halves: re.Match[str]) -> str:
        return chr(0x10000 + ((int(halves[1], 16) - 0xD800) << 10) + int(halves[2], 16) - 0xDC00)

    return _SURROGATES.sub(character, without_named_references(manuscript.text()))


def _parse_feed(manuscript: Manuscript, text: str) -> Any:
    import feedparser

    check_elements(manuscript, text)
    try:
        return feedparser.parse(
            # Never bytes or a name: feedparser would try to open or to fetch them.
            io.BytesIO(without_bad_references(_close_elements(text).encode())),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as problem:  # feedparser raises many kinds, e.g. for a geographic point without numbers
        manuscript.report(Code.FEED_BROKEN, f"this feed is broken; details may be missing: {problem}")
        root = _xml_root(text)
        elements = [element for element in root.iter() if local_name(element).lower() in _ENTRY_TAGS] if root is not None else []
        return {"entries": [{} for _ in elements], "feed": {}}


def _close_elements(text: str) -> str:
    """The text with all elements closed that are open at its end, so that the last entry of a cut-off file is read."""
    if re.search(r"</[\w:]+>\s*$", text):
        return text
    if text.rfind("<![CDATA[") > text.rfind("]]>"):
        text += "]]>"
    text = text[: text.rfind("<")] if text.rfind("<") > text.rfind(">") else text
    open_tags: list[str] = []
    for match in re.finditer(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(/?)([\w:.-]+)[^>]*?(/?)>", text, re.DOTALL):
        if match[2] and not match[3]:
            if not match[1]:
                open_tags.append(match[2])
            elif match[2] in open_tags:
                while open_tags.pop() != match[2]:
                    pass
    return text + "".join(f"</{name}>" for name in reversed(open_tags))


def _xml_root(text: str) -> Any:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True)
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", _close_elements(text).lstrip("\ufeff"))
    try:
        return lxml.etree.fromstring(without_bad_references(body.strip().encode()), parser)
    except lxml.etree.XMLSyntaxError:
        return None


def _feed_metadata(parsed: Any) -> Feed:
    feed = parsed.get("feed", {})
    return Feed(
        _plain_text(feed, "title"),
        _page_address(feed),
        str(feed.get("language") or ""),
        _plain_text(feed, "rights"),
        _authors(feed),
    )


def _article(manuscript: Manuscript, entry: Any, element: Any, feed: Feed) -> Article | None:
    url, title = _page_address(entry, feed.url), _plain_text(entry, "title")
    for address in _refused_addresses(element):
        manuscript.report_address(address)
    html, summary = content_and_summary(manuscript, entry, url or feed.url, _media_texts(element))
    images = _image_markup(element, html + summary)
    html += images
    html += _remaining_markup(element, f"{title} {text_of(html + summary)}")
    if not html and not summary and not title:
        return None
    title = title or headline_from(first_block(html or summary))
    date, authors = _day(manuscript, entry, title, feed), _authors(entry)
    origin = source if isinstance(source := entry.get("source"), dict) else {}  # of an entry that was taken from another feed
    body, page = with_captured_page(manuscript, url, html or summary, bool(date and authors))
    authors, date = authors or page.authors or _authors(origin) or feed.authors, date or page.date
    publication = _plain_text(origin, "title") or feed.title
    summary_text = " ".join(text_of(summary).split()) if html and summary else ""
    summary_text = (
        "" if escape(summary_text) in images else summary_text
    )  # feedparser may take the description of an image for it
    if len(summary_text.split()) > _LONGEST_STANDFIRST:
        manuscript.remove("summary, now the description", summary_text)
    metadata = Metadata(
        title=title,
        subtitle=summary_text if len(summary_text.split()) <= _LONGEST_STANDFIRST else "",
        authors=authors,
        date=date,
        lang=_lang(entry) or feed.lang,
        description=summary_text if len(summary_text.split()) > _LONGEST_STANDFIRST else "",
        publisher=publication,
        rights=_plain_text(entry, "rights") or feed.rights,
        url=url,
        identity=str(entry.get("id") or url or title),
        source=Source(publication=publication, title=title, authors=authors, url=url, date=date)
        if url or publication
        else Source(),
    )
    return Article(metadata, parse(body + "".join(_enclosure_links(entry))))


def _media_texts(element: Any) -> set[str]:
    """The Media RSS texts about images and videos of an entry, which feedparser takes for the entry's content."""
    media = [
        child
        for child in (element.iter() if element is not None else ())
        if isinstance(child.tag, str) and _MEDIA_RSS in child.tag
    ]
    return {text for child in media if local_name(child) in ("description", "text", "title") and (text := text_at(child))}


def _image_markup(element: Any, known: str) -> str:
    """Figures for the Media RSS images that the entry's text does not show, with their descriptions and credits."""
    figures = []
    for child in element.iter() if element is not None else ():
        url = (
            str(child.get("url") or "")
            if isinstance(child.tag, str) and _MEDIA_RSS in child.tag and local_name(child) == "content"
            else ""
        )
        is_image = child.get("medium") == "image" or str(child.get("type", "")).startswith("image/") or _IMAGE_SUFFIX.search(url)
        if url and is_image and url not in known:
            texts = {name: text_at(child, name) for name in ("title", "description", "text", "credit")}
            caption = texts["description"] or texts["text"] or texts["title"]
            figures.append(figure_markup(url, texts["title"] or caption, caption, texts["credit"]))
    return "".join(figures)


def _remaining_markup(element: Any, known: str) -> str:
    """Paragraphs with the words of an entry that `known` lacks, from elements that feedparser does not know or takes apart."""
    if element is None:
        return ""
    known_words, paragraphs = set(words_of(known)), []
    for child in element:
        if local_name(child) in _METADATA_TAGS or not local_name(child) or child.get("mode") == "base64":
            continue
        text = " ".join(lowest_texts(child))
        plain = " ".join(text_of(text).split()) if "<" in text else text
        new_words = [word for word in words_of(plain) if word not in known_words]
        if len(new_words) > 0.3 * len(words_of(plain)) and any(word.isalpha() for word in new_words):
            paragraphs.append(f"<p>{escape(plain)}</p>")
            known_words |= set(new_words)
    return "".join(paragraphs)


def _feed_article(parsed: Any, root: Any) -> Article | None:
    """The feed's own description as an article; None if it has no words."""
    feed = parsed.get("feed", {})
    title = _plain_text(feed, "title")
    texts = [_plain_text(feed, key) for key in ("subtitle", "info", "rights", "summary")]
    texts += [_plain_text(feed.get(key, {}), name) for key in ("image", "textinput") for name in ("title", "description")]
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in dict.fromkeys(filter(None, texts)))
    if not text and root is not None:
        metadata_elements = [
            element
            for element in root.iter()
            if local_name(element) in _METADATA_TAGS - {"rights", "copyright", "subject"} or element.get("mode") == "base64"
        ]
        excluded = {descendant for element in metadata_elements for descendant in element.iter()}
        texts = [paragraph for child in root if local_name(child) and child not in excluded for paragraph in lowest_texts(child)]
        text = "".join(
            f"<p>{escape(paragraph)}</p>" for paragraph in texts if paragraph != title and not _MACHINE_VALUE.fullmatch(paragraph)
        )
    if not title and not text:
        return None
    return Article(
        Metadata(title=title, authors=_authors(feed), lang=str(feed.get("language") or ""), url=_page_address(feed)), parse(text)
    )


def _plain_text(holder: Any, key: str) -> str:
    """A text construct as plain text. Its markup is removed only if its type declares markup."""
    value = str((holder or {}).get(key) or "")
    kind = str(((holder or {}).get(f"{key}_detail") or {}).get("type") or "")
    markup = "html" in kind and ("<" in value or "&" in value)
    return words(parse(value).article) if markup else " ".join(value.split())


def _page_address(holder: Any, base: str = "") -> str:
    """The address of the page of an entry or feed, from an alternate link; a relative address is resolved against `base`."""
    links = [link for link in (holder or {}).get("links", ()) if link.get("href")]
    alternates = [link["href"] for link in links if link.get("rel", "alternate") == "alternate"]
    url = str(next(iter(alternates), "") or (holder or {}).get("link") or "")
    if base and url in alternates and not re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
        url = join_address(base, url)
    return url if url.startswith("http") and host_of(url) else ""


def _refused_addresses(element: Any) -> Iterator[str]:
    """The addresses of the page and the files of an entry that no output may have; feedparser leaves some out in silence."""
    for child in element.iter() if element is not None else ():
        name = local_name(child)
        if name not in ("link", "enclosure") or child.get("rel", "alternate") not in ("alternate", "enclosure"):
            continue
        address = (child.get("url") if name == "enclosure" else child.get("href") or child.text) or ""
        if scheme_of(address) and not written_address(address):
            yield address.strip()


def _authors(holder: Any) -> tuple[str, ...]:
    people = (holder or {}).get("authors") or []
    names = [
        _author_name(str((holder or {}).get("author") or ""), str(person.get("name") or person.get("email") or ""))
        for person in people
    ]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _author_name(field: str, parsed: str) -> str:
    """The name of an author. RSS has `address (name)`; feedparser may take a part of the address for the name."""
    match = re.fullmatch(r"\S+@\S+\s*\((.+)\)", field.strip())
    if match:
        return match[1]
    return "" if re.fullmatch(r"\S+@\S+", field.strip()) and parsed in field else parsed


def _lang(entry: Any) -> str:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}, entry.get("summary_detail") or {}]
    return str(entry.get("language") or next((detail.get("language") for detail in details if detail.get("language")), "") or "")


def _day(manuscript: Manuscript, entry: Any, title: str, feed: Feed) -> datetime.date | None:
    """The day of an entry: published, else updated, else created. If none of its dates is understood, this is reported."""
    texts = _date_texts(entry)
    lang = _lang(entry) or feed.lang
    for text, stamp in texts:
        day = feed_day(text, lang, feed.day_first)
        if day is None and stamp and not text.strip().isdigit() and stamp[0] >= _EARLIEST_YEAR:
            day = datetime.date(*stamp[:3])
        if day is not None:
            return day
    if wrong := next((text for text, _ in texts if not is_no_date(text)), ""):
        report_date(manuscript, title, wrong)
    return None


def _date_texts(entry: Any) -> list[tuple[str, Any]]:
    """The dates of an entry as they stand in the feed and as feedparser reads them."""
    keys = [key for key in ("published", "updated", "created") if key in entry.keys()]  # get() has the value of another key
    return [(str(entry[key] or ""), entry.get(f"{key}_parsed")) for key in keys]


def _enclosure_links(entry: Any) -> list[str]:
    """A link for each enclosure of an entry: audio, video or another file."""
    links = [
        link for link in entry.get("links", ()) if link.get("rel") == "enclosure" and str(link.get("href", "")).startswith("http")
    ]
    return [
        f'<p><a href="{escape(link["href"], quote=True)}">{escape(link.get("title") or without_secrets(link["href"]))}</a></p>'
        for link in links
    ]
