"""Feeds: one example for each rule."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from publisher.build.ingest import accounted_articles, articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml
from publisher.readers.feed import _close_elements, feed_text
from tests.reader_samples import PROSE, SECOND, article, page, rules


def rss(item: str, channel: str = "") -> Article:
    spaces = " ".join(
        f'xmlns:{name}="{address}"'
        for name, address in {
            "content": "http://purl.org/rss/1.0/modules/content/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "media": "http://search.yahoo.com/mrss/",
            "k": "urn:kalyra",
        }.items()
    )
    return article("a.xml", f'<rss version="2.0" {spaces}><channel><title>F</title>{channel}<item>{item}</item></channel></rss>')


TAGS = "guid id link pubDate published updated modified issued created date category author creator contributor comments source"


TAGS += (
    " rights copyright language enclosure expirationDate subject name email url uri height width type format identifier publisher"
)


@pytest.mark.parametrize("tag", TAGS.split())
def test_data_of_an_entry_are_no_text_of_it(tag: str) -> None:
    item = f"<title>Gate opens</title><description>{PROSE}</description>"
    assert "Zebra" not in re.sub(
        r"<header>.*?</header>|<aside.*?</aside>", "", xhtml(rss(f"{item}<k:{tag}>Zebra</k:{tag}>").root), flags=re.S
    )
    assert "<p>Zebra</p>" in xhtml(rss(f"{item}<k:x{tag}>Zebra</k:x{tag}>").root)


def test_words_of_an_entry_that_no_standard_knows_are_kept_once() -> None:
    found = xhtml(
        rss(f"<title>Gate</title><description>{PROSE}</description><k:a>Zebra</k:a><k:b>zebra</k:b><k:c>2.10 7</k:c>").root
    )
    assert found.lower().count("zebra") == 1 and "2.10" not in found
    found = xhtml(
        rss(
            f"<title>Gate</title><description>{PROSE}</description><k:a "
            "mode='base64'>Zebra</k:a><k:b>&lt;b&gt;Bold&lt;/b&gt;</k:b>"
        ).root
    )
    assert "Zebra" not in found and "<p>Bold</p>" in found


def test_what_a_feed_says_of_its_entries() -> None:
    channel = (
        "<link>https://example.org/</link><language>de</language><copyright>© "
        "Wire</copyright><managingEditor>d@example.org (The Desk)</managingEditor>"
    )
    found = rss(
        "<title>Gate</title><link>/gate</link><guid>g7</guid><pubDate>Thu, "
        f"12 Mar 2026 08:00:00 GMT</pubDate><description>{PROSE}</description>",
        channel,
    ).metadata
    assert (found.lang, found.rights, found.identity, found.publisher, str(found.date)) == (
        "de",
        "© Wire",
        "g7",
        "F",
        "2026-03-12",
    )
    assert found.url == "https://example.org/gate" and found.source.url == found.url and found.source.publication == "F"
    found = rss(
        "<title>Gate</title><dc:creator>Mara Ennis</dc:creator><dc:rights>© "
        f"Mara</dc:rights><dc:language>fr</dc:language><description>{PROSE}</description>",
        channel,
    ).metadata
    assert (found.authors, found.rights, found.identity) == (("Mara Ennis",), "© Mara", "Gate")


@pytest.mark.parametrize(
    ("author", "names"),
    [("m@example.org (Mara Ennis)", ("Mara Ennis",)), ("Mara Ennis", ("Mara Ennis",)), ("m@example.org", ())],
)
def test_the_author_of_an_entry(author: str, names: tuple[str, ...]) -> None:
    assert rss(f"<title>Gate</title><author>{author}</author><description>{PROSE}</description>").metadata.authors == names


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('url="gate7" medium="image"', True),
        ('url="gate7" type="image/webp"', True),
        *((f'url="a.{suffix}"', True) for suffix in ("jpg", "jpeg", "PNG", "gif", "webp", "avif", "svg", "png?w=7")),
        ('url="a.mp4"', False),
        ('url="a.jpg.mp4"', False),
        ('medium="image"', False),
    ],
)
def test_images_beside_an_entry(attributes: str, shown: bool) -> None:
    media = (
        f"<media:content {attributes}><media:title>The gate</media:title><media:credit>Pim Dole</media:credit></media:content>"
    )
    found = xhtml(rss(f"<title>Gate</title><description>{PROSE}</description>{media}").root)
    assert ('<figcaption>The gate <span class="credit">Pim Dole</span></figcaption>' in found) is shown


def test_a_long_summary_is_the_description_and_a_short_one_the_standfirst() -> None:
    content = f"<content:encoded><![CDATA[<p>{PROSE}</p><p>{SECOND}</p>]]></content:encoded>"
    found = rss(f"<title>Gate</title><description>Herons came.</description>{content}").metadata
    assert (found.subtitle, found.description) == ("Herons came.", "")
    long = "Herons came. " * 31
    found = rss(f"<title>Gate</title><description>{long}</description>{content}").metadata
    assert (found.subtitle, found.description) == ("", long.strip())
    found = rss(f"<title>Gate</title><description>{PROSE}</description>{content}").metadata
    assert (found.subtitle, found.description) == ("", "")
    assert "Herons" in xhtml(
        rss(f"<title>Gate</title><description>{long}</description><content:encoded>Short.</content:encoded>").root
    )


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("gb2312", "gb18030", "水門鎔"),
        ("GBK", "gb18030", "水門€"),
        *((name, "cp1252", "“Été”") for name in ("iso-8859-1", "latin-1", "ascii", "us-ascii")),
        ("iso-8859-2", "iso-8859-2", "Žluťoučký"),
        ("utf-16", "utf-16-le", "“Été”"),
        ("utf-16", "utf-16-be", "“Été”"),
        ("utf-32", "utf-32-le", "“Été”"),
        ("utf-32", "utf-32-be", "“Été”"),
        ("utf-16", "utf-16", "“Été”"),
        ("utf-32", "utf-32", "“Été”"),
        ("utf-8", "utf-8-sig", "“Été”"),
        ("iso-8859-1", "utf-8", "“Été”"),
    ],
)
def test_the_characters_of_a_feed(declared: str, encoding: str, text: str) -> None:
    source = f"<?xml version='1.0' encoding='{declared}'?><rss><channel><item><title>{text}</title></item></channel></rss>"
    assert text in feed_text(Manuscript(Path("a.rss"), source.encode(encoding), "a.rss"))


def test_halves_of_a_character_and_controls_of_a_feed() -> None:
    manuscript = Manuscript(Path("a.rss"), b"<a>&#xD83D;&#xDE00; a\x08b &#xD83D;</a>", "a.rss")
    assert feed_text(manuscript) == "<a>\U0001f600 ab &#xD83D;</a>"
    manuscript = Manuscript(
        Path("a.rss"), "<a>Été été \xff</a>".encode("latin-1").replace("été".encode("latin-1"), "été".encode()), "a.rss"
    )
    feed_text(manuscript)
    manuscript = Manuscript(Path("a.rss"), "<a>Été été ".encode() + b"\xff\xff</a>", "a.rss")
    assert feed_text(manuscript) == "<a>Été été \ufffd\ufffd</a>"
    assert [diagnostic.message for diagnostic in manuscript.diagnostics] == [
        "2 bytes are not UTF-8, as the rest is; each is shown as \ufffd"
    ]


@pytest.mark.parametrize(
    ("cut", "closed"),
    [
        ("<a><b>x</b></a>\n", "<a><b>x</b></a>\n"),
        ("<a><b>x", "<a><b>x</b></a>"),
        ("<a><b>x</b><c", "<a><b>x</b></a>"),
        ("<a><b><![CDATA[x <i>", "<a><b><![CDATA[x <i>]]></b></a>"),
        ("<a><!-- <b> --><c/><d>x", "<a><!-- <b> --><c/><d>x</d></a>"),
        ("<a><b>x</a><c>y", "<a><b>x</a><c>y</c>"),
        ("<a></b><c>y", "<a></b><c>y</c></a>"),
    ],
)
def test_a_feed_that_was_cut_off_is_closed(cut: str, closed: str) -> None:
    assert _close_elements(cut) == closed


def jsonfeed(item: dict[str, object], **feed: object) -> Article:
    values = {"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "home_page_url": "https://example.org/", **feed}
    return article("a.json", json.dumps({**values, "items": ["x", item]}))


def test_what_an_item_of_a_json_feed_says() -> None:
    found = jsonfeed(
        {
            "id": 7,
            "url": "/gate",
            "title": " Gate  opens ",
            "content_html": f"<p>{PROSE}</p>",
            "summary": "Barges.",
            "language": "de",
            "date_published": "2026-03-12",
            "date_modified": "2026-03-13",
            "authors": [{"name": "Mara Ennis"}, {"url": "x"}, None],
            "image": "https://example.org/a.png",
            "attachments": [{"url": "https://example.org/a.mp3", "title": "Sound"}, {"url": "b.mp3"}, 7],
        },
        language="fr",
        authors=[{"name": "Pim Dole"}],
    )
    data, text = found.metadata, xhtml(found.root)
    assert (data.title, data.authors, str(data.date), data.lang) == ("Gate opens", ("Mara Ennis",), "2026-03-12", "de")
    assert (data.description, data.publisher, data.url, data.identity) == ("Barges.", "Wire", "https://example.org/gate", "7")
    assert ">Sound</a>" in text and "b.mp3" not in text and "missing-image" in text
    found = jsonfeed(
        {"external_url": "https://example.org/x", "content_text": PROSE, "date_modified": "2026-03-13"},
        language="fr",
        author={"name": "Pim Dole"},
    )
    data = found.metadata
    assert (data.title, data.authors, str(data.date), data.lang) == (
        "The gate at the upper lock opened at seven, and the first…",
        ("Pim Dole",),
        "2026-03-13",
        "fr",
    )
    assert data.identity == data.url == "https://example.org/x"
    both = xhtml(jsonfeed({"title": "G", "content_html": f"<p>{PROSE}</p>", "content_text": PROSE, "summary": "No"}).root)
    assert both.count("upper lock") == 1 and "Zebra" in xhtml(
        jsonfeed({"title": "G", "content_html": "<p>x</p>", "content_text": "Zebra"}).root
    )
    assert "Only a summary" in xhtml(jsonfeed({"title": "G", "summary": "Only a summary"}).root)
    image = {
        "title": "G",
        "image": "https://example.org/a.png",
        "content_html": '<p>x <img src="https://example.org/a.png" alt="y"></p>',
    }
    assert xhtml(jsonfeed(image).root).count("missing-image") == 1


def test_a_teaser_of_a_feed_gives_way_to_the_page_that_was_fetched() -> None:
    index = json.dumps({"https://example.org/g": {"file": "g.html"}, "https://example.org/h": {"file": "h.pdf"}}).encode()
    opened = {"fetched.json": index, "g.html": page(body=f"<p>{SECOND}</p>").encode(), "h.pdf": b"x"}
    for url, words, whole in (("g", 79, True), ("g", 80, False), ("h", 9, False), ("i", 9, False)):
        item = f"<item><title>T</title><link>https://example.org/{url}</link><description>{'word ' * words}</description></item>"
        feed = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        (found,) = articles_of(Manuscript(Path("a.rss"), feed.encode(), "a.rss", opened=dict(opened)))
        assert (SECOND in xhtml(found.root)) is whole
    for broken in (b"{", b"[]", b'{"https://example.org/g": 7}', None):
        item = "<item><title>T</title><link>https://example.org/g</link><description>words</description></item>"
        feed = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        assert articles_of(Manuscript(Path("a.rss"), feed.encode(), "a.rss", opened={"fetched.json": broken}))


@pytest.mark.parametrize("data", [b"<html><body></body></html>", b"<p>" * 5000, None], ids=["empty", "deep", "missing"])
def test_a_captured_page_that_cannot_be_read_leaves_the_words_of_the_feed(data: bytes | None) -> None:
    index = json.dumps({"https://example.org/g?token=S3": {"file": "g.html"}}).encode()
    items = "".join(
        f"<item><title>{name}</title><link>https://example.org/{name}</link><description>Words of {name}.</description></item>"
        for name in ("g?token=S3", "h")
    )
    feed = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
    manuscript = Manuscript(Path("a.rss"), feed.encode(), "a.rss", opened={"fetched.json": index, "g.html": data})
    articles = articles_of(manuscript)
    assert ["Words of" in xhtml(found.root) for found in articles] == [True, True]
    found = [str(diagnostic) for diagnostic in manuscript.diagnostics if diagnostic.code is Code.FEED_PAGE_UNREADABLE]
    assert len(found) == (data is not None) and not any("S3" in text for text in found)


def test_items_of_a_feed_that_are_none_are_named_and_recorded() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": ["Loose words", {"title": "A", "content_text": SECOND}, 7]}
    manuscript = Manuscript(Path("a.json"), json.dumps(feed).encode(), "a.json")
    articles, account = accounted_articles(manuscript)
    assert "2 items of the feed are left out: not an object, but 'Loose words'" in str(manuscript.diagnostics[0])
    assert account is not None and account.lost is None
    assert [removal.words for article in articles for removal in article.removed] == ["Loose words"]
    with pytest.raises(PublisherError, match="no item of the feed has words"):
        articles_of(Manuscript(Path("a.json"), json.dumps(feed | {"items": ["Loose words"]}).encode(), "a.json"))


def test_of_several_contents_of_an_entry_the_longest_stays() -> None:
    """The shorter says nothing new; were it taken first, its words would stand twice."""
    contents = "".join(f"<content type='html'>&lt;p&gt;{text}&lt;/p&gt;</content>" for text in ("The upper lock opened.", PROSE))
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>urn:x</id><title>A</title>'
    body = xhtml(article("a.atom", f"{head}{contents}</entry></feed>").root)
    assert PROSE in body and "The upper lock opened." not in body


@pytest.mark.parametrize(
    ("summary", "subtitle", "removals"),
    [
        (f"{PROSE[:60]} … Continue reading", "", ["summary that the content repeats"]),
        ("The gate at the upper lock opened at seven", "", []),
        ("The gate opened, as herons and the other birds of the marsh looked on.", "The gate opened, as herons", []),
    ],
)
def test_a_summary_that_is_the_beginning_of_the_content_is_no_standfirst(
    summary: str, subtitle: str, removals: list[str]
) -> None:
    text = (
        f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>F</title><item><title>A</title>'
        f"<description>{summary}</description><content:encoded><![CDATA[<p>{PROSE}</p><p>{SECOND}</p>]]></content:encoded>"
        "</item></channel></rss>"
    )
    found = article("a.rss", text)
    assert found.metadata.subtitle.startswith(subtitle) and bool(found.metadata.subtitle) is bool(subtitle)
    assert list(rules(found).values()) == removals


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("03/04/2026", "the date of the entry “Gate” may be one of two days: 03/04/2026"),
        ("soon", "the date of the entry “Gate” is not understood: soon"),
        ("17.03.2026", ""),
        ("", ""),
        ("0000-00-00", ""),
    ],
)
def test_a_date_that_is_not_understood_is_reported_with_its_entry(date: str, message: str) -> None:
    item = f"<item><title>Gate</title>\n<pubDate>{date}</pubDate><description>{PROSE}</description></item>"
    manuscript = Manuscript(Path("a.rss"), f"<rss><channel><title>F</title>{item}</channel></rss>".encode(), "a.rss")
    (found,) = articles_of(manuscript)
    assert (found.metadata.date is None) is (date != "17.03.2026")
    assert [(diagnostic.message, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == (
        [(message, 2)] if message else []
    )
