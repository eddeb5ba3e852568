"""Links of pages: relative ones get the address that the page names, those to a place in the page find it."""

from __future__ import annotations

import lxml.html
import pytest

from publisher.input.fragments import match_fragments
from tests.reader_samples import SECOND, meta, page, tree


def ld(values: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A", {values}}}</script>'


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="https://example.org/a/b">', "https://example.org/a/b"),
        ('<link rel="canonical" href="//example.org/a/b">', "https://example.org/a/b"),
        ('<base href="https://example.org/"><link rel="canonical" href="/a/b">', "https://example.org/a/b"),
        ('<link rel="canonical" href="/a/b">', ""),
        ('<link rel="canonical" href="/a/b"><meta property="og:url" content="https://example.org/c">', "https://example.org/c"),
        ('<meta property="og:url" content="https://example.org/a/b">', "https://example.org/a/b"),
        (ld('"url": "https://example.org/a/b"'), "https://example.org/a/b"),
        (ld('"mainEntityOfPage": "https://example.org/a/b"'), "https://example.org/a/b"),
        (ld('"mainEntityOfPage": {"@type": "WebPage", "@id": "https://example.org/a/b"}'), "https://example.org/a/b"),
        (ld('"mainEntityOfPage": true'), ""),
        (ld('"url": "urn:x:7"'), ""),
        ("", ""),
    ],
)
def test_the_address_that_a_page_names(head: str, address: str) -> None:
    assert meta(head).url == address


def links(body: str, address: str = "") -> list[str]:
    """The link targets of a page and, behind a space, the ids of its places."""
    parsed = lxml.html.fragment_fromstring(f"<div>{body}</div>")
    match_fragments(parsed, address)
    return [
        *(link.get("href") for link in parsed.iter("a") if link.get("href")),
        *(f" {element.get('id')}" for element in parsed.iter() if element.get("id")),
    ]


@pytest.mark.parametrize(
    ("href", "place", "expected"),
    [
        ("#weir", '<p id="weir">', ["#weir", " weir"]),
        ("#%C3%9Cbung", '<p id="Übung">', ["#ubung", " ubung"]),
        ("#Übung", '<p id="Übung">', ["#ubung", " ubung"]),
        ("#.C3.9Cbung", '<p id="Übung">', ["#ubung", " ubung"]),
        ("#two%20words", '<p id="two words">', ["#two-words", " two-words"]),
        ("#a.b", '<p id="a.b">', ["#a.b", " a.b"]),
        ("#a%2Db", '<p id="a%2Db">', ["#a-2db", " a-2db"]),
        ("#%E6%B0%B4", '<p id="水">', ["#shui", " shui"]),
        ("#%E2%98%83", '<p id="☃">', ["#place", " place"]),
        ("#weir", '<a name="weir"></a>', ["#weir", " weir"]),
        ("#weir", '<a name="weir" id="other"></a>', ["#other", " other"]),
        ("#weir", "<p>", ["#weir"]),
        ("#", '<p id="weir">', ["#", " weir"]),
        ("#Ü", '<p id="Ü"></p><p id="u">', ["#u-2", " u-2", " u"]),
        ("https://example.org/a#weir", '<p id="weir">', ["#weir", " weir"]),
        ("https://example.org/b#weir", '<p id="weir">', ["https://example.org/b#weir", " weir"]),
        ("https://example.org/a#gone", '<p id="weir">', ["https://example.org/a#gone", " weir"]),
    ],
)
def test_a_link_finds_its_place(href: str, place: str, expected: list[str]) -> None:
    assert links(f'<a href="{href}">x</a>{place}', "https://example.org/a") == expected


def test_several_links_to_a_place_with_other_letters() -> None:
    assert links('<a href="#Ü">x</a><a href="#%C3%9C">y</a><p id="Ü">') == ["#u", "#u", " u"]


def test_a_note_whose_id_has_other_letters_is_a_note() -> None:
    reference = '<sup id="cite_ref-Müller_1-0" class="reference"><a href="#cite_note-M%C3%BCller-1">[1]</a></sup>'
    note = '<ol><li id="cite_note-Müller-1"><a href="#cite_ref-M%C3%BCller_1-0">↑</a> Müller 1999.</li></ol>'
    assert "Müller 1999.</p></aside>" in tree(f"<p>A{reference} stands.</p><p>{SECOND}</p>{note}")


def test_a_link_to_a_place_that_was_cut_is_its_words() -> None:
    comments = '<div class="comments" id="comments"><p>I was there too.</p></div>'
    html = page(
        '<link rel="canonical" href="https://example.org/a">', f'<p>{SECOND} See <a href="#comments">what readers say</a>.</p>'
    )
    found = tree(html.replace("</article>", f"</article>{comments}<nav><a href='/'>Home</a></nav>"), "b.html")
    assert "See what readers say." in found and "I was there" not in found
