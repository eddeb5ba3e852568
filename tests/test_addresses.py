"""Addresses as they may be shown: without user names, passwords and tokens, and otherwise as they were."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import secret_parameters
from publisher.model.addresses import join_address
from publisher.model.metadata import Source
from publisher.model.public_addresses import text_without_secrets, without_secrets
from publisher.text.standard_style import address_html
from tests.conftest import ROOT, Run

HOST = "https://harbor.example"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"{HOST}/feed?token=7f", f"{HOST}/feed"),
        (f"{HOST}/feed?page=2&token=7f&lang=de#top", f"{HOST}/feed?page=2&lang=de#top"),
        (f"{HOST}/feed?page=2&amp;token=7f", f"{HOST}/feed?page=2"),
        (f"{HOST}/feed?page=2;auth=7f", f"{HOST}/feed?page=2"),
        *((f"{HOST}/feed?{name}=7f", f"{HOST}/feed") for name in ("api_key", "apiKey", "access_token", "sig", "X-Signature")),
        (f"{HOST}/a.pdf?X-Amz-Date=20260317&X-Amz-Signature=7f&v=1", f"{HOST}/a.pdf?v=1"),
        ("https://anna:open@harbor.example:8080/feed", "https://harbor.example:8080/feed"),
        ("https://anna@harbor.example/feed", f"{HOST}/feed"),
        ("//anna:open@harbor.example/feed", "//harbor.example/feed"),
        ("ftp://anna:open@harbor.example/feed", "ftp://harbor.example/feed"),
        (f"{HOST}/feed;jsessionid=7F?page=2", f"{HOST}/feed?page=2"),
        (f"{HOST}/#access_token=7f&part=2", f"{HOST}/#part=2"),
        (f"{HOST}/#/feed?token=7f", f"{HOST}/#/feed"),
        ("/feed?token=7f&page=2", "/feed?page=2"),
        (f"https://gate.example/?url={HOST}/feed?token=7f", f"https://gate.example/?url={HOST}/feed"),
        ("https://gate.example/?url=https%3A%2F%2Fa%3Ab%40harbor.example%2Ffeed", "https://gate.example/?url=https%3A%2F%2Fharbor.example%2Ffeed"),
    ],
)  # fmt: skip
def test_what_is_secret_is_not_shown(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


@pytest.mark.parametrize("value", ["abc123", "TIDE", "7f3a9c", "s3same", "123456789", "mykey", "topsecret", "x" * 101, "a/b"])
def test_a_key_that_is_no_plain_word_is_a_secret(value: str) -> None:
    assert without_secrets(f"{HOST}/feed?key={value}") == f"{HOST}/feed"


@pytest.mark.parametrize("value", ["page2", "17", "harbor-news", "Harbor", "tides_2026", "20260317", "a+b"])
def test_a_key_that_is_a_plain_word_or_number_is_public(value: str) -> None:
    assert without_secrets(f"{HOST}/feed?key={value}") == f"{HOST}/feed?key={value}"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("session=opening-plenary-2026", "?session=opening-plenary-2026"),
        ("session=8c1f0b7de2a94c53", ""),
        ("hash=0b7de2a9-4c53-4f1e-9a77-8c1f0b7de2a9", ""),
        ("code=EU-7", "?code=EU-7"),
        ("user=anna", "?user=anna"),
        ("user=anna&password=open", ""),
        ("user=anna&key=7f&page=2", "?page=2"),
        ("token=", "?token="),
        ("token", "?token"),
    ],
)
def test_some_parameters_are_secrets_only_by_their_value_or_their_neighbor(query: str, shown: str) -> None:
    assert without_secrets(f"{HOST}/feed?{query}") == f"{HOST}/feed{shown}"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://[x?token=7f", "https://[x"),
        ("https://anna:o/p@harbor.example/feed", f"{HOST}/feed"),
        ("https://anna:o?p#n@harbor.example/feed?page=2", f"{HOST}/feed?page=2"),
        ("https:anna:open@harbor.example/feed", "https:harbor.example/feed"),
        (r"https:\\anna:open@harbor.example\feed", r"https:\\harbor.example\feed"),
    ],
)
def test_a_malformed_address_keeps_its_secrets_too(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


@pytest.mark.parametrize(
    "address",
    [f"{HOST}/@anna/post", f"{HOST}:8080/a@b", "https://[::1]:80/@a", "mailto:anna@harbor.example", f"{HOST}/?", f"{HOST}/#", "",
     "data:text/plain;token=7f,x", f"{HOST}/?u=anna@harbor.example", f"{HOST}/a;v=1/b?c=1;d=2&&e#f?g"],
)  # fmt: skip
def test_an_address_without_secrets_is_the_same(address: str) -> None:
    assert without_secrets(address) == address


def test_addresses_in_a_text_are_shown_without_secrets() -> None:
    text = 'Link: </feed?token=7f&page=2>; rel="self", <https://anna:open@harbor.example/a?b=1>'
    assert text_without_secrets(text) == 'Link: </feed?page=2>; rel="self", <https://harbor.example/a?b=1>'


PIECES = st.sampled_from(
    ["https://", "//", "anna:open@", "h.example", "/", "?", "&", ";", "#", "=", "%3A%2F%2F", "token", "key", "a", "7f"]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_is_added_and_twice_is_as_once(address: str) -> None:
    shown = without_secrets(address)
    assert without_secrets(shown) == shown and len(shown) <= len(address)


@given(st.text("abcXYZ019_-", min_size=1), st.sampled_from(["", "page=2", "a=1&b"]), st.sampled_from(["", "c=3"]))
def test_a_token_is_never_shown_wherever_it_stands(token: str, before: str, after: str) -> None:
    secret = f"~{token}~"
    query = "&".join(filter(None, [before, f"token={secret}", after]))
    for address in (
        f"{HOST}/feed?{query}",
        f"https://{secret}@harbor.example/?{query}",
        f"{HOST}/#{query}",
        f"https://[{HOST}?{query}",
    ):
        assert secret not in without_secrets(address)


def test_deep_nesting_ends_no_build() -> None:
    assert len(without_secrets("https://a.example/?u=" * 3_000)) < 100


def test_the_documents_list_the_table() -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    for names in (
        secret_parameters.ALWAYS,
        secret_parameters.UNLESS_PLAIN,
        secret_parameters.IF_RANDOM,
        secret_parameters.BESIDE_OTHERS,
    ):
        assert ", ".join(f"`{name}`" for name in names) in page


def test_no_source_has_a_secret() -> None:
    source = Source(url="https://anna:open@harbor.example/a", archived="https://archive.example/a?token=7f")
    assert (source.url, source.archived) == (f"{HOST}/a", "https://archive.example/a")
    assert source.identifier == Source(url=f"{HOST}/a").identifier
    source = Source(citation=f"Lock log, {HOST}/a?sig=7f", item=f'{{"URL": "{HOST}/a?sig=7f"}}')
    assert (source.citation, source.item) == (f"Lock log, {HOST}/a", f'{{"URL": "{HOST}/a"}}')


SECRETS = ("anna", "sesame", "7f3a9c")
SECRET_PAGE = """<!doctype html><html lang="en"><head><title>The gate opens</title>
<link rel="canonical" href="https://anna:sesame@harbor.example/story?token=7f3a9c"></head><body><article><h1>The gate opens</h1>
<p>The gate at the <a href="/lock?api_key=7f3a9c">upper lock</a> opened at seven, and the first barges of the spring went through
without a stop.</p><p><img src="https://harbor.example/gate.png?sig=7f3a9c"></p></article></body></html>"""
SECRET_FEED = """<rss version="2.0"><channel><title>Harbor</title><link>https://anna:sesame@harbor.example/?token=7f3a9c</link><item>
<guid>https://harbor.example/tides?token=7f3a9c</guid><title>Tides</title><description>The tide was high at noon.</description>
<enclosure url="https://harbor.example/tides.mp3?token=7f3a9c" type="audio/mpeg"/></item></channel></rss>"""
SECRET_OUTLINES = """<opml version="2.0"><head><title>Feeds</title></head><body>
<outline xmlUrl="https://anna:sesame@harbor.example/feed?token=7f3a9c"/></body></opml>"""
SECRET_ITEMS = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Barges",
        "items": [
            {
                "id": "https://harbor.example/barges?token=7f3a9c",
                "url": "https://anna:sesame@harbor.example/barges?token=7f3a9c",
                "title": "Barges",
                "content_text": "Seven barges waited below the gate.",
                "attachments": [{"url": "https://harbor.example/barges.pdf?token=7f3a9c"}],
            }
        ],
    }
)


IMAGE = "https://anna:sesame@harbor.example/a.png?token=7f3a9c"
DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>A</text><image href="{IMAGE}"/></svg>'
MAIL = f"""From: a@b.example\nSubject: Gate\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"

--b\nContent-Type: text/plain\n\nThe gate opened.
--b\nContent-Type: message/external-body; access-type=URL; URL="{IMAGE}"\n\nContent-Type: text/plain\n\n\n--b--
"""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.html", f'<p>The gate opened.</p><video src="{IMAGE}"></video>', ""),
        ("a.html", f'<p>The gate opened.</p><img src="{IMAGE}">', "the image https://harbor.example/a.png is not"),
        ("a.html", '<p>The gate opened.</p><img src="d.svg" alt="A">', "the image https://harbor.example/a.png [image-partial]"),
        ("a.html", '<p>The <a href="story?token=7f3a9c">gate</a>.</p>', "the link story leads nowhere"),
        ("a.eml", MAIL, "kept elsewhere (https://harbor.example/a.png)"),
    ],
)
def test_messages_have_no_secrets(
    name: str, text: str, message: str, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({name: text, "d.svg": DRAWING})
    run = publisher("check", name, "-v")
    assert run.code == 0 and message in run.err
    tree = publisher("tree", name).out
    assert not any(secret in run.err + tree for secret in SECRETS)


def test_what_is_published_has_no_secrets(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    files = {"story.html": SECRET_PAGE, "tides.xml": SECRET_FEED, "feeds.opml": SECRET_OUTLINES, "barges.json": SECRET_ITEMS}
    story = '{ path = "story.html", source = { archived = "https://archive.example/s?token=7f3a9c" } }'
    manifest = f'[edition]\ntitle = "Morning"\n[[section]]\narticles = [{story}, "tides.xml", "feeds.opml", "barges.json"]\n'
    home = edition({**files, "publisher.toml": manifest})
    run = publisher("build", "publisher.toml", "-o", "a.epub", "-o", "a.pdf", "-v", "--log-format", "json")
    assert run.code == 0 and "words-unaccounted" not in run.err
    with zipfile.ZipFile(home / "a.epub") as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(("html", "opf", "ncx")))
    assert "harbor.example/story" in text and "archive.example/s" in text and "harbor.example/lock" in text
    import pikepdf

    with pikepdf.open(home / "a.pdf") as file:
        text += "".join(attached.get_file().read_bytes().decode() for attached in file.attachments.values())
        text += "".join(str(link.A.get("/URI")) for page in file.pages for link in page.get("/Annots", []) if "/A" in link)
        text += str(file.Root.Metadata.read_bytes())
    for name in files:
        text += publisher("tree", name, "--to", "json").out
    for secret in SECRETS:
        assert secret not in run.err + run.out + text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.bücher.example/лист", "bücher.example/%D0%BB%D0%B8%D1%81%D1%82"),
        ("https://порт.example:8080/", "порт.example:8080"),
        ("https://すし屋.example", "すし屋.example"),
        ("https://pоrt.example/a", "xn--prt-sed.example/a"),  # a Cyrillic o among Latin letters
        ("https://xn--a.example/", "xn--a.example"),
    ],
)
def test_an_international_host_is_printed_in_its_own_letters_unless_they_are_mixed(url: str, shown: str) -> None:
    assert re.sub("<[^>]*>", "", address_html(url)) == shown


def test_a_joined_address_has_only_characters_that_xml_has() -> None:
    assert join_address("http://harbor.example/\x01a/", "b\ufffe\ud800c") == "http://harbor.example/a/bc"
    assert join_address("http://[harbor", "b\x02") == "b"
