"""RSS 0.9x to 2.0, RDF and Atom: each entry an article, with its full content where the feed has it.

feedparser knows the dialects; what it would guess or cut is done here before and after (encodings, cut-off files, sanitizing,
the choice between content and summary), and no word of an entry that it passes over is lost.
"""

from __future__ import annotations

import codecs
import datetime
import io
import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urljoin

import lxml.etree

from publisher.input.html_elements import words_of
from publisher.input.html_pages import fragment_markup
from publisher.input.manuscript import Manuscript
from publisher.input.snippets import figure_markup, headline_from, paragraph_markup
from publisher.input.xml import local_name, lowest_texts, text_at, without_bad_references
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import first_block, parse, root_of, words
from publisher.model.metadata import Metadata, Source
from publisher.readers.html import in_full
from publisher.text.bylines import day_of

_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
}
_SURROGATES = re.compile(r"&#x(d[89ab][0-9a-f]{2});&#x(d[c-f][0-9a-f]{2});", re.IGNORECASE)
_MEDIA = "search.yahoo.com/mrss"  # the namespace of Media RSS
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
_MACHINE = re.compile(r"\S*\d{4}-\d\d\S*|https?:\S*|[a-z]{2,3}(?:-[A-Za-z]{2,4})?|[\d.:-]*")  # dates, addresses, languages
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HARDLY = 20  # words: fewer are no content beside a long summary
_LONGEST_STANDFIRST = 60  # words: a summary that says something else than the entry, and is longer, is its description
_ENTRIES = ("item", "entry")
# What an entry says of itself rather than in itself: kept in the metadata, or nobody's reading.
_ABOUT = {
    "guid", "id", "link", "pubDate", "published", "updated", "modified", "issued", "created", "date", "category", "author",
    "creator", "contributor", "comments", "source", "rights", "copyright", "language", "enclosure", "title",
    "expirationDate", "subject", "name", "email", "url", "uri", "height", "width", "type", "format", "identifier",
    "publisher",
}  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """What the entries share: the feed's own title, address, language, rights."""

    title: str = ""
    url: str = ""
    lang: str = ""
    rights: str = ""
    authors: tuple[str, ...] = ()


def read(manuscript: Manuscript) -> tuple[Article, ...]:
    """An article for each entry; for a feed without any, one of what it says of itself.

    Raises PublisherError where there are no words.
    """
    text = decoded(manuscript)
    parsed, root = _parsed(manuscript, text), _recovered(text)
    if _closed(text) != text:
        manuscript.report(Code.FEED_CUT, "the feed is cut off: read as far as it goes", hint="get the file again")
    feed = _feed(parsed)
    elements = [one for one in root.iter() if local_name(one).lower() in _ENTRIES] if root is not None else []
    entries = list(parsed.get("entries", ()))
    if len(elements) != len(entries):
        elements = [None] * len(entries)
    found = [_article(manuscript, entry, element, feed) for entry, element in zip(entries, elements, strict=True)]
    articles = tuple(article for article in found if article is not None)
    if articles:
        return articles
    alone = _about(parsed, root)
    if alone is None:
        raise manuscript.error(Code.MANUSCRIPT_EMPTY, "the feed has no entries and says nothing")
    manuscript.report(Code.FEED_EMPTY, "no entry of the feed has words: what it says of itself is the article")
    return (alone,)


def decoded(manuscript: Manuscript) -> str:
    """The characters of a feed: mark, zero bytes, UTF-8, what it declares, and UTF-8 again where few bytes are wrong.

    feedparser takes one wrong byte for another encoding of the whole file; this does not.
    """
    data = manuscript.data
    wide = _wide(data)
    if wide:
        return _cleaned(data.decode(wide, "replace"))
    try:
        return _cleaned(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:500])
    name = declared[1].decode().lower() if declared else ""
    if name and not name.startswith(("utf-8", "utf8", "utf-16", "utf-32", "u16", "u32")):
        try:
            return _cleaned(data.decode(_WIDER.get(name, name)))
        except (UnicodeDecodeError, LookupError):
            pass
    lenient = data.decode("utf-8", "replace")
    wrong = lenient.count("\ufffd")
    if sum(char > "\x7f" for char in lenient) - wrong >= wrong:
        manuscript.report(Code.ENCODING_REPAIRED, f"{wrong} bytes are not UTF-8, as the rest is; they stand as \ufffd")
        return _cleaned(lenient)
    return _cleaned(manuscript.text())


def _wide(data: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return name
    head = data[:4]
    patterns = {b"\0\0\0<": "utf-32-be", b"<\0\0\0": "utf-32-le", b"\0<\0?": "utf-16-be", b"<\0?\0": "utf-16-le"}
    return patterns.get(head, "utf-16-be" if head[:2] == b"\0<" else "utf-16-le" if head[:2] == b"<\0" else "")


def _cleaned(text: str) -> str:
    """Without characters that XML forbids, halves of a surrogate pair joined."""
    joined = _SURROGATES.sub(lambda found: chr(0x10000 + ((int(found[1], 16) - 0xD800) << 10) + int(found[2], 16) - 0xDC00), text)
    return _CONTROLS.sub("", joined)


def _parsed(manuscript: Manuscript, text: str) -> Any:
    import feedparser

    try:
        return feedparser.parse(
            io.BytesIO(
                without_bad_references(_closed(text).encode())
            ),  # never bytes or a name: it would try to open or to fetch them
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as problem:  # it raises what its parts raise (a geographic point without numbers, an odd reference)
        manuscript.report(Code.FEED_BROKEN, f"broken in a way that costs its details: {problem}")
        root = _recovered(text)
        found = [one for one in root.iter() if local_name(one).lower() in _ENTRIES] if root is not None else []
        return {"entries": [{} for _ in found], "feed": {}}


def _closed(text: str) -> str:
    """A file that was cut off, closed: what is open at its end is ended, so that its last entry is read."""
    if re.search(r"</[\w:]+>\s*$", text):
        return text
    if text.rfind("<![CDATA[") > text.rfind("]]>"):
        text += "]]>"
    text = text[: text.rfind("<")] if text.rfind("<") > text.rfind(">") else text
    opened: list[str] = []
    for mark in re.finditer(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(/?)([\w:.-]+)[^>]*?(/?)>", text, re.DOTALL):
        if mark[2] and not mark[3]:
            if not mark[1]:
                opened.append(mark[2])
            elif mark[2] in opened:
                while opened.pop() != mark[2]:
                    pass
    return text + "".join(f"</{name}>" for name in reversed(opened))


def _recovered(text: str) -> Any:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True)
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", _closed(text).lstrip("\ufeff"))
    try:
        return lxml.etree.fromstring(without_bad_references(body.strip().encode()), parser)
    except lxml.etree.XMLSyntaxError:
        return None


def _feed(parsed: Any) -> Feed:
    feed = parsed.get("feed", {})
    return Feed(_plain(feed, "title"), _alternate(feed), str(feed.get("language") or ""), _plain(feed, "rights"), _authors(feed))


def _article(manuscript: Manuscript, entry: Any, element: Any, feed: Feed) -> Article | None:
    url, title = _alternate(entry, feed.url), _plain(entry, "title")
    html, summary = _texts(manuscript, entry, url or feed.url, _media_texts(element))
    pictures = _pictures(element, html + summary)
    html += pictures
    html += _passed_over(element, f"{title} {_spoken(html + summary)}")
    if not html and not summary and not title:
        return None
    title = title or headline_from(first_block(html or summary))
    written = _day(entry)
    authors = _authors(entry) or _authors(entry.get("source", {})) or feed.authors
    origin = entry.get("source", {})
    publication = _plain(origin, "title") if isinstance(origin, dict) else ""
    publication = publication or feed.title
    body = in_full(manuscript, url, html or summary)
    told = " ".join(_spoken(summary).split()) if html and summary else ""
    told = "" if escape(told) in pictures else told  # feedparser takes a picture's description for the entry's
    metadata = Metadata(
        title=title,
        subtitle=told if len(told.split()) <= _LONGEST_STANDFIRST else "",
        authors=authors,
        date=written,
        lang=_lang(entry) or feed.lang,
        description=told if len(told.split()) > _LONGEST_STANDFIRST else "",
        publisher=publication,
        rights=_plain(entry, "rights") or feed.rights,
        url=url,
        identity=str(entry.get("id") or url or title),
        source=Source(publication=publication, title=title, authors=authors, url=url, date=written)
        if url or publication
        else Source(),
    )
    return Article(metadata, parse(body + "".join(_enclosures(entry))))


def _media_texts(element: Any) -> set[str]:
    """What Media RSS says of an entry's pictures and films, which feedparser takes for the entry's content."""
    found = [one for one in (element.iter() if element is not None else ()) if isinstance(one.tag, str) and _MEDIA in one.tag]
    return {text for one in found if local_name(one) in ("description", "text", "title") and (text := text_at(one))}


def _texts(manuscript: Manuscript, entry: Any, base: str, media: set[str]) -> tuple[str, str]:
    """The content, and the summary where that says something else; both as HTML."""
    contents = [
        one
        for one in entry.get("content", ())
        if (one.get("value") or "").strip()
        and not str(one.get("type", "")).startswith("image")
        and " ".join(one["value"].split()) not in media
    ]
    contents.sort(key=lambda one: len(one["value"]), reverse=True)
    texts = [_html(manuscript, one, base) for one in contents]
    summary = entry.get("summary_detail", {})
    told = _html(manuscript, summary, base) if (summary.get("value") or "").strip() else ""
    if not texts:
        return told, ""
    body, known = texts[0], set(words_of(_spoken(texts[0])))
    for other in texts[1:]:
        if set(words_of(_spoken(other))) - known:
            body += other
            known |= set(words_of(_spoken(other)))
    if len(known) < _HARDLY and len(words_of(_spoken(told))) > 3 * len(known):
        return told, body  # the content only says that there is more
    return body, told if set(words_of(_spoken(told))) - known else ""


def _html(manuscript: Manuscript, detail: Any, url: str) -> str:
    value, kind = str(detail.get("value") or ""), str(detail.get("type") or "")
    if kind == "text/plain" or ("<" not in value and "&" not in value):
        return paragraph_markup(value)
    return fragment_markup(manuscript, value, str(detail.get("base") or "") or url)


def _spoken(html: str) -> str:
    """The words of a piece of HTML, those of different blocks apart."""
    return root_of(parse(html)).get_text(" ") if html else ""


def _pictures(element: Any, known: str) -> str:
    """Pictures of Media RSS, with their descriptions and credits, that the entry's text does not show."""
    shown = []
    for one in element.iter() if element is not None else ():
        url = str(one.get("url") or "") if isinstance(one.tag, str) and _MEDIA in one.tag and local_name(one) == "content" else ""
        pictured = one.get("medium") == "image" or str(one.get("type", "")).startswith("image/") or _PICTURE.search(url)
        if url and pictured and url not in known:
            told = {name: text_at(one, name) for name in ("title", "description", "text", "credit")}
            caption = told["description"] or told["text"] or told["title"]
            shown.append(figure_markup(url, told["title"] or caption, caption, told["credit"]))
    return "".join(shown)


def _passed_over(element: Any, known: str) -> str:
    """The words of an entry's element that nothing so far has: elements that feedparser does not know, or takes apart."""
    if element is None:
        return ""
    have, parts = set(words_of(known)), []
    for one in element:
        if local_name(one) in _ABOUT or not local_name(one) or one.get("mode") == "base64":
            continue
        text = " ".join(lowest_texts(one))
        plain = " ".join(_spoken(text).split()) if "<" in text else text
        fresh = [word for word in words_of(plain) if word not in have]
        if len(fresh) > 0.3 * len(words_of(plain)) and any(word.isalpha() for word in fresh):
            parts.append(f"<p>{escape(plain)}</p>")
            have |= set(fresh)
    return "".join(parts)


def _about(parsed: Any, root: Any) -> Article | None:
    feed = parsed.get("feed", {})
    title = _plain(feed, "title")
    told = [_plain(feed, key) for key in ("subtitle", "info", "rights", "summary")]
    told += [_plain(feed.get(key, {}), name) for key in ("image", "textinput") for name in ("title", "description")]
    text = "".join(f"<p>{escape(one)}</p>" for one in dict.fromkeys(filter(None, told)))
    if not text and root is not None:
        parts = [
            one
            for one in root.iter()
            if local_name(one) in _ABOUT - {"rights", "copyright", "subject"} or one.get("mode") == "base64"
        ]
        known = {one for part in parts for one in part.iter()}
        told = [one for piece in root if local_name(piece) and piece not in known for one in lowest_texts(piece)]
        text = "".join(f"<p>{escape(one)}</p>" for one in told if one != title and not _MACHINE.fullmatch(one))
    if not title and not text:
        return None
    return Article(
        Metadata(title=title, authors=_authors(feed), lang=str(feed.get("language") or ""), url=_alternate(feed)), parse(text)
    )


def _plain(holder: Any, key: str) -> str:
    """A text construct as words: markup in it is taken off only where it is said to be markup."""
    value = str((holder or {}).get(key) or "")
    kind = str(((holder or {}).get(f"{key}_detail") or {}).get("type") or "")
    markup = "html" in kind and ("<" in value or "&" in value)
    return words(parse(value).article) if markup else " ".join(value.split())


def _alternate(holder: Any, base: str = "") -> str:
    """The address of the entry's page: a link that says so, never an enclosure's; a relative one against the feed's."""
    links = [one for one in (holder or {}).get("links", ()) if one.get("href")]
    named = [one["href"] for one in links if one.get("rel", "alternate") == "alternate"]
    url = str(next(iter(named), "") or (holder or {}).get("link") or "")
    if base and url in named and not re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
        url = urljoin(base, url)
    return url if url.startswith("http") else ""


def _authors(holder: Any) -> tuple[str, ...]:
    people = (holder or {}).get("authors") or []
    names = [_name(str((holder or {}).get("author") or ""), str(one.get("name") or one.get("email") or "")) for one in people]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _name(said: str, parsed: str) -> str:
    """The name of an author: RSS has `address (name)`, of which feedparser may take too little for the address."""
    found = re.fullmatch(r"\S+@\S+\s*\((.+)\)", said.strip())
    if found:
        return found[1]
    return "" if re.fullmatch(r"\S+@\S+", said.strip()) and parsed in said else parsed


def _lang(entry: Any) -> str:
    details = [*entry.get("content", ()), entry.get("title_detail") or {}, entry.get("summary_detail") or {}]
    return str(entry.get("language") or next((one.get("language") for one in details if one.get("language")), "") or "")


def _day(entry: Any) -> datetime.date | None:
    for key in ("published", "updated", "created"):
        if key in entry.keys():  # get() would answer with the other's
            known = day_of(str(entry[key] or ""))
            stamp = entry.get(f"{key}_parsed")
            if known or stamp:
                return known or datetime.date(*stamp[:3])
    return None


def _enclosures(entry: Any) -> list[str]:
    """Sound, film and files that come with an entry: a link each."""
    found = [
        one for one in entry.get("links", ()) if one.get("rel") == "enclosure" and str(one.get("href", "")).startswith("http")
    ]
    return [f'<p><a href="{escape(one["href"], quote=True)}">{escape(one.get("title") or one["href"])}</a></p>' for one in found]
