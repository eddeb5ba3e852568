"""Feeds in the manifest: `publisher fetch MANIFEST` captures them, a build publishes what was captured, what fails is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from publisher.build.build import assemble
from publisher.build.feed_addresses import public_manifest
from publisher.build.manifest_file import load
from publisher.build.plan import plan
from publisher.fetching.feeds import Feed, fetch_feeds
from publisher.fetching.net import Bounds
from publisher.model.codes import Code
from publisher.model.diagnostics import Location
from tests.conftest import Run
from tests.feed_samples import WORDS, stories_in
from tests.web_server import HTML, RSS, Site, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
LONG = f"{WORDS} " * 5  # no teaser
FETCH = ("fetch", "publisher.toml", "--allow-private")


def item(name: str, text: str = "A teaser.", day: int = 17) -> str:
    return (
        f"<item><guid isPermaLink='false'>urn:harbor:{name}</guid><title>On the {name}</title><link>{{home}}/{name}</link>"
        f"<pubDate>{day} Mar 2026 08:00:00 GMT</pubDate><description>{text}</description></item>"
    )


def feed(*items: str, title: str = "Harbor Review") -> tuple[str, str]:
    return RSS, f'<rss version="2.0"><channel><title>{title}</title><link>{{home}}/</link>{"".join(items)}</channel></rss>'


def page(word: str) -> tuple[str, str]:
    text = f"At the upper lock a {word} was seen from the harbor wall, and the keeper noted the hour in the book. " * 6
    return HTML, f'<!doctype html><html lang="en"><head><title>P</title></head><body><h1>P</h1><p>{text}</p></body></html>'


def manifest(*feeds: str, articles: str = "", more: str = "") -> str:
    listed = ",\n  ".join(entry if entry.startswith("{") else f'"{entry}"' for entry in feeds)
    section = f'[[section]]\ntitle = "Water"\n{articles}\nfeeds = [\n  {listed},\n]\n'
    return f'[edition]\ntitle = "Morning"\ndate = 2026-03-17\n\n{section}{more}'


def titles(*inputs: str) -> list[str]:
    return [story.metadata.title for story in stories_in(*(inputs or ("publisher.toml",)))]


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {
        "/feed.xml": feed(item("gate"), item("tide", LONG)),
        "/water.xml": feed(item("lock", LONG, 12), item("weir", LONG, 16)),
        "/gate": page("heron"),
        "/ferry": page("grebe"),
    }
    with serving(Site(pages=pages)) as running:
        yield running


def test_the_feeds_of_a_manifest_are_captured_beside_it_and_published_in_their_sections(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    listed = 'articles = ["first.md"]'
    other = f'[[section]]\ntitle = "Locks"\nfeeds = ["{site.home}/water.xml"]\n'
    text = manifest(f"{site.home}/feed.xml", articles=listed, more=other)
    home = edition({"week/publisher.toml": text, "week/first.md": f"# First\n\n{LONG}\n"})
    run = publisher("fetch", "week", "--allow-private")
    assert run.code == 0 and run.out.endswith("2 feeds: 2 new\n") and run.out.count("saved week/feeds/") == 3  # and one page
    assert not list(home.glob("*.warc.gz")) and len(list((home / "week" / "feeds").glob("*.warc.gz"))) == 1
    assert titles("week") == ["First", "On the gate", "On the tide", "On the lock", "On the weir"]
    (gate,) = [story for story in stories_in("week/publisher.toml") if story.metadata.title == "On the gate"]
    assert "heron" in gate.xhtml and "A teaser." not in gate.xhtml  # the page stands in for its teaser, once
    assert "5 articles, " in publisher("build", "week", "-o", "a.epub").out
    again = publisher("fetch", "week", "--allow-private")
    assert again.code == 0 and again.out.endswith("2 feeds: 2 unchanged\n")


def test_an_entry_of_feeds_has_the_keys_of_an_article(site: Site, edition: Edition, publisher: Publisher) -> None:
    entry = f'{{ url = "{site.home}/water.xml", since = 2026-03-15, most = 1, source = {{ license = "CC0" }} }}'
    edition({"publisher.toml": manifest(entry)})
    assert publisher(*FETCH).code == 0
    (story,) = stories_in("publisher.toml")
    assert story.metadata.title == "On the weir" and story.metadata.source.license == "CC0"
    assert story.metadata.source.url == f"{site.home}/weir"  # not that of the feed


def test_the_page_of_an_entry_that_is_not_wanted_is_not_published(site: Site, edition: Edition, publisher: Publisher) -> None:
    site.pages["/feed.xml"] = feed(item("tide", LONG), item("gate"), item("ferry"))
    edition({"publisher.toml": manifest(f'{{ url = "{site.home}/feed.xml", most = 2 }}')})
    assert publisher(*FETCH).code == 0
    assert titles() == ["On the tide", "On the gate"]


def test_since_last_takes_what_no_earlier_release_had_of_a_feed(site: Site, edition: Edition, publisher: Publisher) -> None:
    text = manifest(f'{{ url = "{site.home}/feed.xml", since = "last", most = 1 }}') + '[outputs."{date}.epub"]\n'
    edition({"publisher.toml": text})
    assert publisher(*FETCH).code == 0 and titles() == ["On the gate"]
    assert publisher("release", "--skip-check", "epubcheck", "--skip-check", "ace").code == 0
    site.pages["/feed.xml"] = feed(item("gate"), item("ferry"), item("tide", LONG))
    assert publisher(*FETCH).code == 0
    (story,) = assemble(plan([Path("publisher.toml")], [], date="2026-03-18"))[0].entries
    assert story.metadata.title == "On the ferry" and "grebe" in story.xhtml


def test_placeholders_of_a_manifest_have_the_day_of_the_option(site: Site, edition: Edition, publisher: Publisher) -> None:
    text = manifest(f"{site.home}/feed.xml").replace("date = 2026-03-17\n", "").replace("Morning", "{date:%d %B}")
    edition({"publisher.toml": text})
    assert publisher(*FETCH).code == 1 and publisher(*FETCH, "--date", "2026-03-17").code == 0


def test_pages_of_entries_that_are_gone_are_not_published_and_none_is_published_twice(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    home = edition({"publisher.toml": manifest(f"{site.home}/feed.xml")})
    for entries, expected in (
        (("gate", "tide"), ["On the gate", "On the tide"]),
        (("ferry", "gate"), ["On the ferry", "On the gate"]),
        (("ferry",), ["On the ferry"]),
    ):
        texts = {"tide": LONG}
        site.pages["/feed.xml"] = feed(*(item(name, texts.get(name, "A teaser.")) for name in entries))
        assert publisher(*FETCH).code == 0
        assert titles() == expected
        index = json.loads((home / "feeds" / "fetched.json").read_text())
        pages = [f"{site.home}/{name}" for name in entries if name not in texts]
        assert index[f"{site.home}/feed.xml"]["pages"] == pages
    assert f"{site.home}/gate" in index  # kept, and not published
    site.pages["/feed.xml"] = feed()
    assert publisher(*FETCH).code == 0
    assert publisher("build", "--fail-if-empty").code == 7


def test_a_page_that_failed_is_asked_for_again_though_the_feed_has_not_changed(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    edition({"publisher.toml": manifest(f"{site.home}/feed.xml")})
    gate = site.pages.pop("/gate")
    run = publisher(*FETCH)
    assert run.code == 0 and f"{site.home}/gate: warning: status 404 [fetch-status]" in run.err
    site.pages["/gate"] = gate
    run = publisher(*FETCH)
    assert f"from {site.home}/gate\n" in run.out and "1 feed: 1 unchanged" in run.out
    asked = len(site.requests)
    publisher(*FETCH)
    assert "/gate" not in [path for path, _ in site.requests[asked:]]  # it is there now
    assert "heron" in next(iter(stories_in("publisher.toml"))).xhtml


def test_a_feed_that_was_never_captured_is_a_warning_with_its_line_and_the_rest_is_built(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    feeds = ("https://harbor.example/a.xml?token=7f3a9c", "https://harbor.example/b.xml")
    home = edition({"publisher.toml": manifest(*feeds, articles='articles = ["first.md"]'), "first.md": f"# First\n\n{LONG}\n"})
    run = publisher("build", "-o", "a.epub", "-v")
    assert run.code == 0 and (home / "a.epub").is_file()
    assert "publisher.toml:9: warning: https://harbor.example/a.xml was not captured yet: there is none of it in feeds" in run.err
    assert "publisher.toml:10: warning: https://harbor.example/b.xml was not captured yet" in run.err
    assert "[feed-not-captured]\n  hint: run `publisher fetch publisher.toml`" in run.err and "7f3a9c" not in run.err
    assert publisher("check", "--strict").code == 3


def test_feeds_alone_of_which_nothing_was_captured_are_nothing_new(edition: Edition, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest("https://harbor.example/a.xml"), "beside.md": f"# Beside\n\n{LONG}\n"})
    run = publisher("build")
    assert run.code == 0 and run.out.startswith("nothing new to publish: nothing is written") and "feed-not-captured" in run.err
    assert publisher("build", "--fail-if-empty").code == 7 and publisher("check", "--fail-if-empty").code == 7
    assert publisher("sources", "publisher.toml").code == 0


def test_each_manifest_of_a_volume_says_which_feeds_are_missing(edition: Edition, publisher: Publisher) -> None:
    edition({f"{name}/publisher.toml": manifest(f"https://harbor.example/{name}.xml") for name in ("mon", "tue")})
    run = publisher("build", "mon", "tue")
    assert run.code == 0 and "mon/publisher.toml:9: warning: " in run.err and "tue/publisher.toml:9: warning: " in run.err


def test_what_an_index_leads_to_outside_of_its_folder_is_no_feed(edition: Edition, publisher: Publisher) -> None:
    address = "https://harbor.example/a.xml"
    secret = feed(item("tide", LONG))[1]
    home = edition({"publisher.toml": manifest(address), "secret.xml": secret, "feeds/page.html": page("heron")[1],
                    "feeds/fetched.json": json.dumps({address: {"file": "../secret.xml"}})})  # fmt: skip
    assert publisher("build", "--fail-if-empty").code == 7
    (home / "feeds" / "fetched.json").write_text(json.dumps({address: {"file": "link.xml"}}))
    (home / "feeds" / "link.xml").symlink_to("../secret.xml")
    assert publisher("build", "--fail-if-empty").code == 7
    (home / "feeds" / "fetched.json").write_text(json.dumps({address: {"file": "page.html"}}))
    run = publisher("build", "--fail-if-empty")
    assert run.code == 7 and f"{address} is no feed: feeds/page.html [feed-not-captured]" in run.err


# What fails


LOGIN = HTML, "<!doctype html><html><head><title>Sign in</title></head><body><form><p>Your password</p></form></body></html>"


@pytest.mark.parametrize(
    ("answer", "reason", "code"),
    [
        (("text/plain", ""), "status 404", "fetch-status"),
        (LOGIN, "it is a web page, not a feed", "fetch-no-feed"),
        ((RSS, LOGIN[1]), "it is a web page, not a feed", "fetch-no-feed"),
        ((RSS, " \n"), "the answer is empty", "fetch-empty"),
        ((RSS, "<rss><channel><item></item></channel></rss>"), "the feed has no words", "fetch-no-feed"),
        (("application/json", '{"nbformat": 4, "cells": []}'), "it is ipynb, not a feed", "fetch-no-feed"),
        (("image/png", "x"), "image/png is not a document", "fetch-kind"),
    ],
)
def test_a_feed_that_fails_is_a_warning_and_its_earlier_capture_stays(
    answer: tuple[str, str], reason: str, code: str, site: Site, edition: Edition, publisher: Publisher
) -> None:
    home = edition({"publisher.toml": manifest(f"{site.home}/water.xml", f"{site.home}/feed.xml")})
    assert publisher(*FETCH).code == 0
    site.pages["/feed.xml"] = answer
    site.pages["/water.xml"] = feed(item("weir", LONG))
    run = publisher(*FETCH)
    assert run.code == 0 and run.out.endswith("2 feeds: 1 new, 1 failed\n")
    day = json.loads((home / "feeds" / "fetched.json").read_text())[f"{site.home}/feed.xml"]["accessed"]
    told = f"publisher.toml:10: warning: {site.home}/feed.xml is not captured: {reason}; the capture of {day} stays [{code}]"
    assert told in run.err
    assert titles() == ["On the weir", "On the gate", "On the tide"]
    site.pages["/water.xml"] = feed(item("lock", LONG), item("weir", LONG))
    strict = publisher(*FETCH, "--strict")
    assert strict.code == 3 and told in strict.err and "saved feeds/water-" in strict.out
    assert titles() == ["On the lock", "On the weir", "On the gate", "On the tide"]  # what was captured stays written


def test_if_no_feed_can_be_fetched_the_run_fails_and_writes_nothing(site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({"publisher.toml": manifest(f"{site.home}/none.xml")})
    run = publisher(*FETCH)
    assert run.code == 1 and not (home / "feeds").exists()
    assert f"publisher.toml:9: error: {site.home}/none.xml is not captured: status 404; there is no earlier capture" in run.err


def test_a_manifest_without_feeds_has_nothing_to_fetch(edition: Edition, publisher: Publisher) -> None:
    edition({"publisher.toml": '[edition]\ntitle = "T"\n', "a.md": "# A\n\nWords.\n"})
    run = publisher("fetch", "publisher.toml")
    assert run.code == 0 and run.out == "publisher.toml lists no feeds: nothing is fetched\n"


def test_feeds_of_a_profile_and_another_folder(site: Site, edition: Edition, publisher: Publisher) -> None:
    profile = f'[[profile.late.section]]\nfeeds = ["{site.home}/water.xml"]\n'
    home = edition({"publisher.toml": manifest(f"{site.home}/feed.xml", more=profile)})
    assert publisher(*FETCH, "--profile", "late", "--into", "clips").code == 0
    assert f"{site.home}/water.xml" in (home / "clips" / "fetched.json").read_text() and not (home / "feeds").exists()


@pytest.mark.parametrize(
    "arguments", [("https://harbor.example/",), ("--as", "x"), ("--sources", "publisher.toml"), ("publisher.toml",)]
)
def test_a_manifest_is_fetched_alone(arguments: tuple[str, ...], edition: Edition, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest("https://harbor.example/a.xml")})
    assert publisher("fetch", "publisher.toml", *arguments).code == 2


def test_a_function_gives_results_and_messages_and_prints_nothing(
    site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    feeds = [
        Feed(f"{site.home}/{name}.xml", Location("week.toml", line)) for line, name in enumerate(["feed", "none", "feed"], 4)
    ]
    report = fetch_feeds(feeds, tmp_path / "feeds", Bounds(allow_private=True))
    assert [bool(result.file) for result in report.feeds] == [True, False] and len(report.pages) == 1
    (fault,) = report.diagnostics
    assert fault.code is Code.FETCH_STATUS and fault.location == Location("week.toml", 5) and report.failed == report.feeds[1:]
    none = fetch_feeds(feeds[1:2], tmp_path / "others", Bounds(allow_private=True))  # the caller decides what that means
    assert none.failed == none.feeds and not (tmp_path / "others").exists()
    assert fetch_feeds([], tmp_path / "others") == type(report)()
    assert capfd.readouterr() == ("", "")


# The manifest


@pytest.mark.parametrize(
    ("entry", "says", "line"),
    [
        ("ftp://harbor.example/a.xml", "must be an http or https address", 10),
        ("feeds/a.xml", "must be an http or https address", 10),
        ("https://", "must be an http or https address", 10),
        ("https://[x", "must be an http or https address", 10),
        ("https://anna:sesame@harbor.example/a.xml", "must not have a user name or a password", 10),
        ("https://anna@harbor.example/a.xml", "must not have a user name or a password", 10),
        ("ftp://anna:sesame@harbor.example/a.xml", "must be an http or https address", 10),
        ('{ url = "https://harbor.example/b.xml", headers = { a = "sesame" } }', "unknown key 'headers'", 10),
        ('{ url = "https://harbor.example/b.xml", password = "sesame" }', "unknown key 'password'", 10),
        ('{ path = "https://harbor.example/b.xml" }', "section.feeds.url is missing", 10),
        ("{ url = 7 }", "section.feeds.url: must be text in quotation marks", 10),
        ("{ most = 2 }", "section.feeds.url is missing", 8),
        ('{ url = "https://harbor.example/b.xml", most = 0 }', "section.feeds.most: ", 10),
    ],
)
def test_an_entry_that_cannot_be_is_an_error_at_its_line_and_tells_no_secret(
    entry: str, says: str, line: int, edition: Edition, publisher: Publisher
) -> None:
    edition({"publisher.toml": manifest("https://harbor.example/a.xml", entry)})
    for command in ("build", "fetch"):
        run = publisher(command, "publisher.toml")
        assert run.code == 1 and f"publisher.toml:{line}: error: " in run.err and says in run.err
        assert "sesame" not in run.err and "anna" not in run.err
        assert ("netrc" in run.err) == ("user name" in says)


def test_the_hint_of_an_unknown_key_names_the_keys_of_a_feed(edition: Edition, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest('{ url = "https://harbor.example/b.xml", mos = 1 }')})
    assert "did you mean 'most'?" in publisher("build").err


TOKEN = "7f3a9c-otter"


def test_a_token_in_the_address_of_a_feed_is_written_nowhere(site: Site, edition: Edition, publisher: Publisher) -> None:
    site.pages[f"/private.xml?page=1&token={TOKEN}"] = feed(item("tide", LONG))
    for escaped in ("&", "\\u0026"):
        address = f"{site.home}/private.xml?page=1{escaped}token={TOKEN}"
        home = edition({"publisher.toml": manifest(address, "https://harbor.example/none.xml") + '[outputs."a.pdf"]\n'})
        fetched = publisher(*FETCH, "-v", "--timeout", "1")
        assert fetched.code == 0 and f"from {site.home}/private.xml?page=1\n" in fetched.out
        built = publisher("build", "-v")
        assert built.code == 0 and titles() == ["On the tide"]
        with pikepdf.open(home / "a.pdf") as pdf:
            attached = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
        assert any(b"private.xml?page=1" in data for data in attached)
        for data in (*attached, *(path.read_bytes() for path in (home / "feeds").iterdir()), (fetched.err + built.err).encode()):
            assert TOKEN.encode() not in data


def test_a_token_of_a_profile_is_not_passed_on_either(tmp_path: Path) -> None:
    profile = f'[[profile.late.section]]\nfeeds = ["https://harbor.example/b.xml?token={TOKEN}"]\n'
    (tmp_path / "publisher.toml").write_text(manifest("https://harbor.example/a.xml", more=profile))
    public = load(tmp_path / "publisher.toml", "publisher.toml", "late").public_text
    assert "https://harbor.example/b.xml" in public and TOKEN not in public


def test_a_manifest_is_passed_on_without_the_tokens_of_its_feeds() -> None:
    text = 'feeds = ["https://h.example/a?token=7f", "https://h.example/b?x=1\\u0026key=7f3a!"]\n'
    public = public_manifest(text, ["https://h.example/a?token=7f", "https://h.example/b?x=1&key=7f3a!"])
    assert public == 'feeds = ["https://h.example/a", "https://h.example/b?x=1\\u0026"]\n'
