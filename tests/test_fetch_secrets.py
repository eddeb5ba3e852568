"""Tokens and passwords in addresses: `publisher fetch` asks with them, today and tomorrow, and writes them nowhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from publisher.fetching.net import Answer
from publisher.fetching.public_answer import public_answer, public_data
from publisher.input.captures import address_key, captures_in
from publisher.readers.html import read  # noqa: F401 (loaded before logs are looked at)
from tests.conftest import Run
from tests.feed_samples import WORDS, stories_in
from tests.web_server import HTML, RSS, Site, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
TOKEN, PASSWORD, COOKIE, IMAGE_KEY = "7f3a9c-otter", "sesame-herring", "c0ffee-cookie", "e1d2-pike"
SECRETS = (TOKEN, PASSWORD, "anna", COOKIE)
TEXT = f"{WORDS} " * 4
PAGE = f"""<!doctype html><html lang="en"><head><title>The gate opens</title></head><body><h1>The gate opens</h1><p>{TEXT}</p>
<p><a href="{{home}}/more?token={TOKEN}">More</a> <img src="gate.png?sig={IMAGE_KEY}" alt="A gate"></p></body></html>"""
FEED = f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Harbor Review</title>
<link>{{home}}/</link><atom:link rel="self" href="{{home}}/feed?page=1&amp;token={TOKEN}"/>
<item><guid>{{home}}/gate?token={TOKEN}</guid><title>The gate opens</title><link>{{home}}/gate?token={TOKEN}</link>
<description>A teaser.</description></item></channel></rss>"""
HEADERS = {
    "Set-Cookie": f"id={COOKIE}",
    "X-Auth-Token": COOKIE,
    "Content-Location": f"feed?token={TOKEN}",
    "Link": f'</feed?page=1&token={TOKEN}>; rel="self"',
}


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {f"/feed?page=1&token={TOKEN}": (RSS, FEED), f"/gate?token={TOKEN}": (HTML, PAGE), "/feed": (RSS, FEED)}
    with serving(Site(pages=pages, headers=HEADERS)) as running:
        yield running


def written_in(folder: Path) -> str:
    """All that is in the files of a folder, WARC records unpacked, and their names."""
    texts = [str(path.relative_to(folder)) for path in folder.rglob("*")]
    for path in folder.rglob("*"):
        if path.name.endswith(".warc.gz"):
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    texts += [str(record.rec_headers), str(record.http_headers), record.content_stream().read().decode()]
        elif path.is_file():
            texts.append(path.read_text("utf-8"))
    return "\n".join(texts)


def secret_address(site: Site) -> str:
    return f"{site.home.replace('//', f'//anna:{PASSWORD}@')}/feed?page=1&token={TOKEN}"


def test_what_is_secret_is_asked_with_and_written_nowhere(
    site: Site, edition: Edition, publisher: Publisher, caplog: pytest.LogCaptureFixture
) -> None:
    home = edition({})
    with caplog.at_level(logging.DEBUG):
        run = publisher("fetch", secret_address(site), "--into", "clips", "--allow-private", "-v")
    assert run.code == 0 and f"from {site.home}/feed?page=1\n" in run.out and "fetch-image" in run.err
    assert (f"/feed?page=1&token={TOKEN}", "Basic YW5uYTpzZXNhbWUtaGVycmluZw==") in site.requests
    assert f"/gate?token={TOKEN}" in [path for path, _ in site.requests]
    kept = written_in(home / "clips")
    assert f'href="{site.home}/feed?page=1"' in kept and f"WARC-Target-URI: {site.home}/feed?page=1\r\n" in kept
    for secret in SECRETS:
        assert secret not in kept and secret not in run.out + run.err + caplog.text, secret
    (page,) = (home / "clips").glob("*.html")
    assert IMAGE_KEY not in run.err + page.read_text()  # in the record the page is as it came


def test_the_story_behind_a_secret_address_is_found_and_printed_without_it(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    home = edition({})
    assert publisher("fetch", secret_address(site), "--into", "clips", "--as", "harbor", "--allow-private").code == 0
    for inputs in ("clips/harbor.xml", "clips"):
        (story,) = stories_in(inputs)
        assert (
            "upper lock" in story.xhtml
            and f'href="{site.home}/gate"' in story.xhtml
            and f'href="{site.home}/more"' in story.xhtml
        )
        run = publisher("build", inputs, "-o", "a.epub", "-o", "a.pdf", "-v")
        assert run.code == 0 and "unaccounted" not in run.err
        for secret in SECRETS:
            assert secret not in run.err + story.xhtml + repr(story.metadata) + repr(story.citations)
            assert secret.encode() not in (home / "a.pdf").read_bytes()


def test_the_same_address_is_known_tomorrow_and_another_token_is_another_address(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    home = edition({})
    options = ["--into", "clips", "--allow-private"]
    publisher("fetch", secret_address(site), *options)
    assert "kept clips/feed-" in publisher("fetch", secret_address(site), *options).out
    index = json.loads((home / "clips" / "fetched.json").read_text())
    assert address_key(secret_address(site)) in index
    run = publisher("fetch", secret_address(site).replace(TOKEN, "other"), *options)
    assert run.code == 1 and f"{site.home}/feed?page=1: error: status 404" in run.err and "other" not in run.err


def test_where_a_redirect_leads_is_shown_without_its_secrets(site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({"publisher.toml": '[edition]\ntitle = "T"\n', "a.md": f"# A\n\nThe [gate]({site.home}/moved).\n"})
    site.pages["/moved"] = "redirect", f"/gate?token={TOKEN}"
    assert publisher("fetch", f"{site.home}/moved", "--into", "clips", "--allow-private").code == 0
    kept = written_in(home / "clips")
    assert f'url = "{site.home}/gate"' in kept and TOKEN not in kept
    assert f'<link rel="canonical" href="{site.home}/gate">' in kept
    site.pages["/moved"] = "moved", f"/gate?token={TOKEN}"
    checked = publisher("fetch", "--check", "publisher.toml", "--allow-private", "-v").err
    assert f"moved to {site.home}/gate [link-moved]" in checked and TOKEN not in checked


@pytest.mark.parametrize(
    "address", ["https://anna:sesame@[x?token=7f3a9c", "https://anna:se/same@harbor.example/", "ftp://anna:sesame@harbor.example/?key=7f3a9c",
                "anna:sesame@harbor.example/feed?token=7f3a9c"],
)  # fmt: skip
def test_an_address_that_cannot_be_fetched_is_named_without_its_secrets(
    address: str, edition: Edition, publisher: Publisher
) -> None:
    edition({})
    run = publisher("fetch", address, "--into", "clips", "--log-format", "json")
    assert run.code == 1 and "fetch-address" in run.err
    assert not any(secret in run.err + run.out for secret in ("anna", "same", "7f3a9c"))


def test_secrets_in_an_index_of_an_old_version_are_gone_after_the_next_run(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    old = {
        f"https://anna:{PASSWORD}@harbor.example/a?token={TOKEN}": {
            "file": "a.xml",
            "final": f"https://harbor.example/?token={TOKEN}",
        }
    }
    home = edition({"clips/fetched.json": json.dumps(old)})
    assert publisher("fetch", f"{site.home}/feed", "--into", "clips", "--allow-private").code == 0
    text = (home / "clips" / "fetched.json").read_text()
    assert captures_in(text.encode()).file_of(next(iter(old))) == "a.xml"
    assert not any(secret in text for secret in SECRETS)


def answer(url: str, data: bytes = b"", **headers: str) -> Answer:
    return Answer(url, 200, headers, data, url)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("/a?token=7f", "/a"),
        ("/a?token=7f&page=1", "/a?page=1"),
        ("/a?page=1&amp;token=7f", "/a?page=1"),
        ("/a?page=1&amp;token=7f&amp;lang=de", "/a?page=1&amp;lang=de"),
        ("/a?sig=9&token=7f'", "/a'"),
        ("{&quot;a&quot;:&quot;/a?token=7f&quot;}", "{&quot;a&quot;:&quot;/a&quot;}"),
        (r"\/a?page=1\u0026token=7f", r"\/a?page=1"),
        ("?u=%2Fa%3Ftoken%3D7f", "?u=%2Fa"),
        ("?u=%2Fa%3Ftoken%3D7f%26page%3D1", "?u=%2Fa%3Fpage%3D1"),
        ("https://anna:sesame@h/", "https://h/"),
        ("/a?token=7fb and mytoken=7f and token 7f", "/a?token=7fb and mytoken=7f and token 7f"),
    ],
)
def test_a_text_that_repeats_the_address_is_without_its_secrets_and_otherwise_the_same(text: str, public: str) -> None:
    assert public_data(text.encode(), answer("https://anna:sesame@harbor.example/a?token=7f&sig=9")) == public.encode()


def test_a_long_secret_is_removed_wherever_it_stands_but_not_from_other_files() -> None:
    page = answer("https://harbor.example/a?token=7f3a9c0b5d2e")
    assert public_data(b"Your key: 7f3a9c0b5d2e.", page) == b"Your key: ."
    for data in (b"PK\x03\x04 7f3a9c0b5d2e", b"%PDF- 7f3a9c0b5d2e", b"\x89PNG\0 7f3a9c0b5d2e"):
        assert public_data(data, page) == data
    plain = answer("https://harbor.example/a?page=7f3a9c0b5d2e")
    assert public_data(b"7f3a9c0b5d2e", plain) == b"7f3a9c0b5d2e"


def test_headers_that_are_secret_are_left_out_and_the_others_stay() -> None:
    secret = {"set-cookie": "a", "authorization": "a", "x-api-key": "a", "x-amz-security-token": "a"}
    found = public_answer(answer("https://harbor.example/?token=7f", **secret, etag='"7f"', location="/a?token=7f", server="x"))
    assert found.headers == {"etag": '"7f"', "location": "/a", "server": "x"} and found.url == "https://harbor.example/"
