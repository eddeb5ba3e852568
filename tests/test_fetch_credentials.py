"""Passwords and tokens of sites: they come from a netrc or a file of headers, go to their host alone, and are written nowhere."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher.fetching.credentials import Credentials, credentials_of_environment
from publisher.fetching.net import Answer
from publisher.fetching.public_answer import public_answer, public_data
from publisher.model.codes import Code
from publisher.model.diagnostics import Exit, PublisherError
from tests.conftest import Run
from tests.feed_samples import WORDS
from tests.test_fetch_secrets import written_in
from tests.web_server import HTML, RSS, Site, certificate, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
PASSWORD, TOKEN = "sesame-herring-42", "7f3a9c-otter-5d1e"
BASIC = f"Basic {base64.b64encode(f'anna:{PASSWORD}'.encode()).decode()}"
BEARER = f"Bearer {TOKEN}"
FEED = """<rss version="2.0"><channel><title>Harbor Review</title><link>{home}/</link><description>You sent {sent}</description>
<item><guid>1</guid><title>The gate</title><link>{home}/gate</link><description>A teaser.</description></item></channel></rss>"""
HEAD = "<title>Gate of {sent}</title><meta name='author' content='{sent}'>"
PAGE = f"<!doctype html><html><head>{HEAD}</head><body><h1>Gate</h1><p>{WORDS * 4} Hello {{sent}}.</p></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {"/feed.xml": (RSS, FEED), "/gate": (HTML, PAGE)}
    headers = {"X-Echo": "{sent}", "Set-Cookie": TOKEN}
    with serving(Site(pages=pages, private=("/feed.xml", "/gate"), headers=headers, password=BASIC)) as running:
        yield running


def manifest(*feeds: str) -> str:
    listed = ", ".join(f'"{feed}"' for feed in feeds)
    return f'[edition]\ntitle = "Morning"\n\n[[section]]\nfeeds = [{listed}]\n'


def netrc(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (home / "netrc").write_text(text)
    monkeypatch.setenv("NETRC", str(home / "netrc"))


def headers(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (home / "headers").write_text(text)
    monkeypatch.setenv("PUBLISHER_FETCH_HEADERS", str(home / "headers"))


@pytest.mark.parametrize("form", ["netrc", "headers", "home"])
def test_a_password_is_sent_to_its_host_and_written_nowhere(
    form: str,
    site: Site,
    edition: Edition,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    home = edition({"week/publisher.toml": manifest(f"{site.home}/feed.xml")})
    secret = PASSWORD
    if form == "headers":
        site.password, secret = BEARER, TOKEN
        headers(home, monkeypatch, f"# tokens\n\nother.example Authorization: Bearer x\n127.0.0.1   authorization:  {BEARER}\n")
    elif form == "netrc":
        netrc(
            home, monkeypatch, f'machine other.example login x password y\nmachine 127.0.0.1 login anna password "{PASSWORD}"\n'
        )
    else:
        monkeypatch.delenv("NETRC", raising=False)
        monkeypatch.setenv("HOME", str(home))
        (home / ".netrc").write_text(f"machine 127.0.0.1\n  login anna\n  password {PASSWORD}\n")
    with caplog.at_level(logging.DEBUG):
        run = publisher("fetch", "week", "--allow-private", "-v")
    assert run.code == 0 and ("/feed.xml", site.password) in site.requests and ("/gate", site.password) in site.requests
    written = written_in(home / "week") + run.out + run.err + caplog.text
    assert "You sent" in written and "Hello" in written  # the server repeats what it was sent
    for word in (secret, site.password.split()[1], "sesame"):
        assert word not in written, word
    assert publisher("fetch", "week", "--allow-private").out.endswith("1 feed: 1 unchanged\n")


def test_without_a_password_the_hint_names_the_netrc(site: Site, edition: Edition, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest(f"{site.home}/feed.xml")})
    run = publisher("fetch", "publisher.toml", "--allow-private")
    assert run.code == 1 and "status 401" in run.err and "netrc" in run.err


def test_after_a_redirect_to_another_origin_nothing_is_sent(
    site: Site, edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Site(pages={"/gate": (HTML, PAGE)})) as other:
        site.pages["/away"] = "redirect", f"{other.home}/gate"  # another port of this machine
        site.pages["/near"] = "redirect", "/gate"
        home = edition({})
        netrc(home, monkeypatch, f"machine 127.0.0.1 login anna password {PASSWORD}\n")
        assert publisher("fetch", f"{site.home}/away", f"{site.home}/near", "--into", "clips", "--allow-private").code == 0
        assert other.requests[-1] == ("/gate", "") and ("/gate", BASIC) in site.requests and ("/away", BASIC) in site.requests


def test_a_page_that_a_feed_leads_to_is_sent_nothing_of_hosts_that_the_user_did_not_name(
    site: Site, edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's feed could otherwise have pages captured that only the user may see."""
    elsewhere = FEED.replace("{home}/gate", f"{site.home.replace('127.0.0.1', 'localhost')}/gate")
    with serving(Site(pages={"/feed.xml": (RSS, elsewhere)})) as stranger:
        home = edition({"cited.md": f"# A\n\n[gate]({site.home}/gate)\n", "publisher.toml": '[edition]\ntitle = "T"\n'})
        netrc(home, monkeypatch, f"machine localhost login anna password {PASSWORD}\n")
        publisher("fetch", f"{stranger.home}/feed.xml", "--into", "clips", "--allow-private")
        assert ("/gate", "") in site.requests and BASIC not in [sent for _, sent in site.requests]
        site.requests.clear()
        netrc(home, monkeypatch, f"machine 127.0.0.1 login anna password {PASSWORD}\n")
        publisher("fetch", "--sources", "publisher.toml", "--allow-private")  # what articles cite, strangers chose
        publisher("fetch", "--check", "publisher.toml", "--allow-private")
        assert ("/gate", "") in site.requests and BASIC not in [sent for _, sent in site.requests]


HEADERS = {
    "harbor.example": {"authorization": BASIC},
    "10.0.0.7": {"authorization": BASIC},
    "localhost": {"authorization": BASIC},
}


@pytest.mark.parametrize(
    ("url", "wanted", "private", "is_sent"),
    [
        ("https://harbor.example/b", "https://harbor.example/a", False, True),
        ("https://HARBOR.example:443/b", "https://harbor.example/a", False, True),
        ("https://harbor.example:8443/", "https://harbor.example/", False, False),
        ("http://harbor.example/", "https://harbor.example/", True, False),
        ("http://harbor.example/", "http://harbor.example/", True, False),
        ("https://harbor.example/", "http://harbor.example/", True, False),
        ("https://harbor.example/", "https://other.example/", False, False),
        ("https://sub.harbor.example/", "https://sub.harbor.example/", False, False),
        ("https://harbor.example./", "https://harbor.example./", False, False),
        ("https://harbor.example.evil.example/", "https://harbor.example.evil.example/", False, False),
        ("https://harbor.example@evil.example/", "https://harbor.example@evil.example/", False, False),
        (
            "https://evil.example\\@harbor.example/",
            "https://evil.example\\@harbor.example/",
            False,
            True,
        ),  # asked is harbor.example
        ("https://harbor.example\\@evil.example/", "https://harbor.example\\@evil.example/", False, False),
        ("https://evil.example#@harbor.example/", "https://evil.example#@harbor.example/", False, False),
        ("http://10.0.0.7/", "http://10.0.0.7/", True, True),
        ("http://10.0.0.7/", "http://10.0.0.7/", False, False),
        ("http://localhost:8000/", "http://localhost:8000/", True, True),
        ("http://localhost:8000/", "http://localhost:8000/", False, False),
        ("https://[x/", "https://[x/", False, False),
    ],
)
def test_who_is_sent_a_password(url: str, wanted: str, private: bool, is_sent: bool) -> None:
    credentials = Credentials(HEADERS).only_for([url, wanted, *(f"https://{host}/" for host in HEADERS)], allow_private=private)
    assert bool(credentials.headers_for(url, wanted)) is is_sent


def test_who_was_not_named_is_sent_none() -> None:
    assert (
        not Credentials(HEADERS)
        .only_for(["https://other.example/"], allow_private=True)
        .headers_for("https://harbor.example/", "https://harbor.example/")
    )
    assert BASIC not in repr(Credentials(HEADERS))


def test_over_tls_it_goes_to_its_host(
    tmp_path: Path, edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(Site(pages={"/gate": (HTML, PAGE)}, private=("/gate",), password=BASIC), context) as site:
        home = edition({})
        netrc(home, monkeypatch, f"machine 127.0.0.1 login anna password {PASSWORD}\n")
        run = publisher("fetch", f"{site.home}/gate", "--into", "clips", "--allow-private")
    assert run.code == 0 and site.home.startswith("https://") and PASSWORD not in written_in(home / "clips")


def test_the_default_entry_of_a_netrc_is_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLISHER_FETCH_HEADERS", raising=False)
    netrc(tmp_path, monkeypatch, f"machine A.example login x password y\ndefault login anna password {PASSWORD}\n")
    assert credentials_of_environment().headers.keys() == {"a.example"}


def test_a_header_file_adds_to_the_netrc_and_wins_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc(tmp_path, monkeypatch, "machine a.example login x password y\nmachine b.example login x password y\n")
    headers(tmp_path, monkeypatch, "A.example X-Api-Key: 51d0\nb.example Authorization: Bearer 7f\n[::1] Cookie: id=1; b=2\n")
    found = credentials_of_environment().headers
    assert found["a.example"] == {"authorization": "Basic eDp5", "x-api-key": "51d0"}
    assert found["b.example"] == {"authorization": "Bearer 7f"} and found["::1"] == {"cookie": "id=1; b=2"}


@pytest.mark.parametrize("there", [True, False])
def test_without_variables_and_files_there_are_none(there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.delenv("PUBLISHER_FETCH_HEADERS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path if there else tmp_path / "nowhere"))
    assert credentials_of_environment().headers == {}


@pytest.mark.parametrize(
    ("variable", "text", "line"),
    [
        ("NETRC", "machine a.example login anna secret sesame\n", 1),
        ("NETRC", "machine a.example login anna password x\nsesame", 2),
        ("PUBLISHER_FETCH_HEADERS", "# a\na.example Authorization Bearer sesame\n", 2),
        ("PUBLISHER_FETCH_HEADERS", "Authorization: sesame\n", 1),
        ("PUBLISHER_FETCH_HEADERS", "https://a.example Authorization: sesame\n", 1),
        ("PUBLISHER_FETCH_HEADERS", "a.example:8080 Authorization: sesame\n", 1),
        ("PUBLISHER_FETCH_HEADERS", "a.example Host: sesame\n", 1),
        ("PUBLISHER_FETCH_HEADERS", "a.example X: sésame\n", 1),
        ("NETRC", None, 0),
        ("PUBLISHER_FETCH_HEADERS", None, 0),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_that_quotes_nothing_of_it(
    variable: str, text: str | None, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NETRC", "PUBLISHER_FETCH_HEADERS"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "secrets"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv(variable, str(file))
    with pytest.raises(PublisherError) as caught:
        credentials_of_environment()
    (fault,) = caught.value.diagnostics
    assert caught.value.exit_code is Exit.USAGE and fault.code is Code.VARIABLE and fault.hint
    assert "same" not in str(fault).replace(str(tmp_path), "") and "anna" not in str(fault)
    if line:
        assert fault.location is not None and (fault.location.file, fault.location.line) == (str(file), line)
    else:
        assert variable in fault.message


def test_what_was_sent_is_removed_from_an_answer_that_repeats_it() -> None:
    answer = Answer("https://h.example/", 200, {"x-echo": BEARER, "x-b": BASIC}, b"", "https://h.example/", sent=(BEARER, BASIC))
    for text in (f"a {TOKEN} b", f"a {BASIC.split()[1]} b", f"a {PASSWORD} b"):
        assert public_data(text.encode(), answer) == b"a  b"
    assert public_answer(answer).headers == {"x-echo": "Bearer ", "x-b": "Basic "}
    assert public_data(b"Basic Bearer anna", answer) == b"Basic Bearer anna"
