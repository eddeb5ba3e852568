"""What a page says of itself in meta elements, JSON-LD and its title: one example for each rule."""

from __future__ import annotations

import json

import lxml.etree
import lxml.html
import pytest

from publisher.extraction.page_metadata import page_metadata
from publisher.model.metadata import Metadata
from tests.reader_samples import listed, meta

META = {
    "title": [
        "dc:title",
        "dcterm:title",
        "dcterms.title",
        "dc.title",
        "og:title",
        "citation_title",
        "weibo:article:title",
        "weibo:webpage:title",
        "title",
        "twitter:title",
        "parsely-title",
    ],
    "authors": [
        "dc:creator",
        "dcterm:creator",
        "dcterms.creator",
        "dc.creator",
        "citation_author",
        "author",
        "parsely-author",
        "sailthru.author",
    ],
    "date": [
        "article:published_time",
        "parsely-pub-date",
        "citation_publication_date",
        "citation_date",
        "dc:date",
        "dc.date",
        "dcterms.created",
        "dcterms.date",
        "date",
        "pubdate",
        "publish-date",
        "sailthru.date",
        "datepublished",
    ],
    "publisher": ["og:site_name", "citation_journal_title", "application-name"],
    "description": [
        "dc:description",
        "dcterm:description",
        "og:description",
        "weibo:article:description",
        "description",
        "twitter:description",
    ],
}


VALUES = {
    "title": ("Gate opens", "Gate opens"),
    "authors": ("By Mara Ennis", ("Mara Ennis",)),
    "date": ("2026-03-12T08:00:00Z", "2026-03-12"),
    "publisher": ("Kalyra Wire", "Kalyra Wire"),
    "description": ("Barges  pass", "Barges pass"),
}


@pytest.mark.parametrize("attribute", ["name", "property", "itemprop"])
@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in META.items() for name in names])
def test_a_meta_element_states_it(field: str, name: str, attribute: str) -> None:
    content, value = VALUES[field]
    found = getattr(meta(f'<meta {attribute}="x {name.upper()}" content=" {content} "><title>X</title>'), field)
    assert (found if isinstance(found, tuple) else str(found)) == value


@pytest.mark.parametrize("field", META)
def test_meta_elements_have_an_order(field: str) -> None:
    values = {"authors": "Mara E{}", "date": "2026-03-{}"}
    for first, second in zip(META[field], META[field][1:], strict=False):
        one, two = (values.get(field, "Gate {}").format(number) for number in ("12", "13"))
        found = getattr(meta(f'<meta name="{second}" content="{two}"><meta name="{first}" content="{one}">'), field)
        assert one in str(found), (first, second)


def test_which_of_the_statements_of_a_page_counts() -> None:
    assert meta('<meta property="article:author" content="Mara Ennis">').authors == ("Mara Ennis",)
    assert meta('<meta property="article:author" content="https://example.org/m">').authors == ()
    assert meta('<meta name="author" content="https://example.org/m">').authors == ()
    assert meta('<meta name="author" content="Pim Dole"><meta name="article:author" content="Mara Ennis">').authors == (
        "Pim Dole",
    )
    several = "".join(f'<meta name="citation_author" content="{name}">' for name in ("Mara Ennis", "Pim Dole"))
    assert meta(several).authors == ("Mara Ennis", "Pim Dole")
    assert str(meta('<meta name="dc:date" content="soon"><meta name="date" content="2026-03-12">').date) == "2026-03-12"
    assert meta('<meta name="author" content=""><meta name="author" content="Pim Dole">').authors == ("Pim Dole",)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://example.org/a">', "https://example.org/a"),
        ('<link rel="nofollow canonical" href="https://example.org/a">', "https://example.org/a"),
        ('<link rel="alternate" href="https://example.org/a">', ""),
        ('<link rel="canonical" href="/a"><meta property="og:url" content="https://example.org/b">', "https://example.org/b"),
        (
            '<link rel="canonical" href="https://example.org/a"><meta property="og:url" content="https://example.org/b">',
            "https://example.org/a",
        ),
        ('<meta property="og:url" content="/b">', ""),
    ],
)
def test_the_address_of_a_page(head: str, url: str) -> None:
    found = meta(f'{head}<title>Gate opens early</title><meta property="og:site_name" content="Kalyra Wire">')
    assert found.url == url and found.source.url == url
    assert (found.source.title, found.source.publication) == (("Gate opens early", "Kalyra Wire") if url else ("", ""))


@pytest.mark.parametrize(
    ("html", "head", "lang"),
    [
        ('lang="de"', "", "de"),
        ('xml:lang="de"', "", "de"),
        ('lang=" "', '<meta name="content-language" content="fr">', "fr"),
        ("", '<meta property="og:locale" content="pt_BR">', "pt-BR"),
        ("", '<meta property="og:locale" content="fr_FR"><meta name="content-language" content="it">', "it"),
        ('lang="de"', '<meta name="content-language" content="fr">', "de"),
    ],
)
def test_the_language_that_a_page_states(html: str, head: str, lang: str) -> None:
    assert meta(head, html=html).lang == lang


def test_the_language_of_the_body_counts_where_the_page_has_none() -> None:
    parsed = lxml.html.document_fromstring("<html><body lang='nl'><p>Words</p></body></html>")
    assert page_metadata(parsed, parsed.find("body")).metadata.lang == "nl"


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        ("Gate opens early - Kalyra Wire", "", "Gate opens early"),
        ("Gate opens early | Kalyra Wire", "", "Gate opens early"),
        *((f"The new gate opens early {mark} Kalyra Wire", "", "The new gate opens early") for mark in "|–—»>/\\·•-"),
        ("Wire - Gate opens early at seven", "", "Gate opens early at seven"),
        ("Gate-opening of the year", "", "Gate-opening of the year"),
        ("Gate - Kalyra", "", "Gate - Kalyra"),
        ("Gate opens - Kalyra", "<h2>Gate opens - Kalyra</h2>", "Gate opens - Kalyra"),
        ("Gate opens early - Wire", "<h1>The gate opens</h1>", "The gate opens"),
        ("Gate opens early today again - Wire", "<h1>Gate</h1>", "Gate opens early today again"),
        ("Wire", "<h1>Gate</h1>", "Gate"),
        ("Gate opens early", "<h1>One two</h1><h1>Three four</h1>", "Gate opens early"),
        ("", "<h1>Gate</h1><h1>Weir</h1>", "Gate"),
    ],
)
def test_the_title_of_a_page(title: str, body: str, wanted: str) -> None:
    head = f"<title>{title}</title>" if title else ""
    if title in ("Gate opens early - Kalyra Wire", "Gate opens early | Kalyra Wire"):
        body = "<h2>Gate opens early</h2>"  # a shorter title is trusted if it stands on the page
    assert meta(head, body).title == wanted


def test_a_stated_title_gives_way_to_the_headline_that_is_a_part_of_it() -> None:
    head = '<meta property="og:title" content="Gate opens | Kalyra Wire">'
    assert meta(head, "<h1>Gate opens</h1>").title == "Gate opens"
    assert meta(head, "<h1>Gate</h1>").title == "Gate opens | Kalyra Wire"


def ld(value: object, extra: str = "") -> Metadata:
    return meta(f'{extra}<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>')


@pytest.mark.parametrize(
    "kind",
    listed("Article NewsArticle BlogPosting LiveBlogPosting Report CreativeWork WebPage Review Recipe Book"),
)
def test_kinds_of_json_ld_that_are_articles(kind: str) -> None:
    assert ld({"@type": kind, "headline": "Gate opens"}).title == "Gate opens"
    assert ld({"@type": f"{kind}List", "headline": "Gate opens"}).title == ""


@pytest.mark.parametrize(
    "value",
    [
        {"@graph": [{"@type": "Organization"}, {"@type": "Article", "headline": "Gate opens"}]},
        [{"@type": "Person", "name": "X"}, {"@type": "Article", "headline": "Gate opens"}],
        [[{"@type": "Article", "headline": "Gate opens"}]],
        {"@type": "Article", "headline": " ", "name": "Gate  opens"},
        '//<![CDATA[\n{"@type": "Article", "headline": "Gate opens"}\n//]]>',
        '<![CDATA[{"@type": "Article", "headline": "Gate opens"}]]>',
        '{"@type": "Article", "headline": "Gate\nopens"}',
        '{"@type": "Article", "headline": "Gate &#111;pens"}',
    ],
)
def test_where_json_ld_has_the_article(value: object) -> None:
    assert ld(value).title == "Gate opens"


def test_broken_json_ld_is_passed_over() -> None:
    head = '<script type="application/ld+json">{"@type": </script><script>{"@type": "Article", "headline": "No"}</script>'
    assert ld({"@type": "Article", "headline": "Gate opens"}, head).title == "Gate opens"
    assert ld({"@type": 7, "headline": "X"}).title == "" and ld("7").title == ""


def test_of_headline_and_name_the_one_like_the_title_counts() -> None:
    item = {"@type": "Article", "headline": "Barges pass at last", "name": "Gate opens early"}
    assert ld(item, "<title>Gate opens early - Wire</title>").title == "Gate opens early"
    assert ld(item, "<title>Barges pass at last - Wire</title>").title == "Barges pass at last"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Mara Ennis", ("Mara Ennis",)),
        ({"name": "Mara Ennis"}, ("Mara Ennis",)),
        ([{"name": "Mara Ennis"}, "Pim Dole"], ("Mara Ennis", "Pim Dole")),
        ({"name": ["Mara Ennis", "Pim Dole"]}, ("Mara Ennis", "Pim Dole")),
        ("By Mara Ennis and Pim Dole", ("Mara Ennis", "Pim Dole")),
        ("Mara &amp; Ennis", ("Mara", "Ennis")),
        ("https://example.org/m", ()),
        (7, ()),
        ([{"name": 7}], ()),
    ],
)
def test_who_json_ld_says_wrote_it(author: object, names: tuple[str, ...]) -> None:
    assert ld({"@type": "Article", "author": author}).authors == names


def test_what_else_json_ld_says() -> None:
    item = {
        "@type": "Article",
        "datePublished": "2026-03-12T08:00",
        "description": "Barges &amp; mills",
        "publisher": [{"name": "Wire"}],
    }
    head = '<meta name="description" content="X"><meta name="og:site_name" content="Y"><meta name="date" content="2026-01-01">'
    found = ld(item, head)
    assert (str(found.date), found.description, found.publisher) == ("2026-03-12", "Barges & mills", "Wire")
    found = ld({"@type": "Article", "publisher": "Wire"}, head)
    assert (str(found.date), found.description, found.publisher) == ("2026-01-01", "X", "Y")
