"""The sources of stories that come from feeds: five stories on a server of our own, each printed once, with its own address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher.input.captures import captures_in
from publisher.model.edition import Entry
from tests.conftest import Run
from tests.feed_samples import WORDS, entry, rss, stories_in
from tests.web_server import HTML, RSS, Site, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
STORIES = {"gate": "heron", "tides": "otter", "barges": "pike", "ferry": "grebe", "lock": "smelt"}  # a word that no other has
AUTHORS = {"gate": "Mara Ennis", "ferry": "Pim Dole"}


def page(name: str, word: str) -> str:
    author = f'<meta name="author" content="{AUTHORS[name]}">' if name in AUTHORS else ""
    text = f"At the upper lock a {word} was seen from the harbor wall, and the keeper noted the hour in the book. " * 6
    head = f'<title>On the {name}</title>{author}<meta property="article:published_time" content="2026-03-12">'
    body = f'<nav><a href="/">Home</a></nav><article><h1>On the {name}</h1><p>{text}</p></article><footer>Imprint</footer>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def item(name: str, query: str = "", guid: str = "") -> str:
    return (
        f"<item><guid isPermaLink='false'>{guid or f'urn:harbor:{name}'}</guid><title>On the {name}</title>"
        f"<link>{{home}}/{name}{query}</link><description>The {STORIES[name]} came.</description></item>"
    )


def feed(title: str, items: str) -> str:
    return f'<rss version="2.0"><channel><title>{title}</title><link>{{home}}/</link>{items}</channel></rss>'


@pytest.fixture
def site() -> Iterator[Site]:
    names = list(STORIES)
    pages = {f"/{name}": (HTML, page(name, word)) for name, word in STORIES.items()}
    pages |= {f"/{name}?utm_source=water": content for name, content in ((name, pages[f"/{name}"]) for name in names)}
    pages["/feed.xml"] = RSS, feed("Harbor Review", "".join(map(item, names)))
    pages["/water.xml"] = RSS, feed("Harbor Review: Water", "".join(item(name, "?utm_source=water") for name in names[1:]))
    with serving(Site(pages=pages)) as running:
        yield running


def check_five_stories(entries: list[Entry], home: str) -> None:
    """Each of the five words is in one article, and the note of that article names its own address, and no other."""
    for name, word in STORIES.items():
        (entry,) = [entry for entry in entries if word in entry.xhtml]
        (note,) = re.findall('<aside class="note source".*?</aside>', entry.xhtml, re.DOTALL)
        (address,) = re.findall(r'href="(http[^"]*)"', note)
        assert address == f"{home}/{name}"
        assert "On the" in note and "<cite>Harbor Review" in note and "March 12, 2026" in note
    assert len(entries) == 5


def test_each_story_of_a_feed_has_its_own_source(site: Site, edition: Edition, publisher: Publisher) -> None:
    edition({})
    assert publisher("fetch", f"{site.home}/feed.xml", "--into", "clips", "--as", "review", "--allow-private").code == 0
    entries = stories_in("clips/review.xml")
    check_five_stories(entries, site.home)
    assert {entry.metadata.title: entry.metadata.authors for entry in entries if entry.metadata.authors} == {
        "On the gate": ("Mara Ennis",),
        "On the ferry": ("Pim Dole",),
    }
    assert all(entry.metadata.source.accessed for entry in entries)


def test_a_folder_with_a_feed_and_its_pages_has_each_story_once(site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({})
    assert publisher("fetch", f"{site.home}/feed.xml", "--into", "clips", "--allow-private").code == 0
    assert len(list((home / "clips").glob("*.html"))) == 5
    check_five_stories(stories_in("clips"), site.home)
    run = publisher("check", "clips", "-v")
    assert run.code == 0 and run.err.count("[story-repeated]") == 5 and "unaccounted" not in run.err


def test_two_overlapping_feeds_have_each_story_once(site: Site, edition: Edition, publisher: Publisher) -> None:
    edition({})
    for name in ("feed", "water"):
        assert publisher("fetch", f"{site.home}/{name}.xml", "--into", "clips", "--as", name, "--allow-private").code == 0
    for inputs in (["clips/feed.xml", "clips/water.xml"], ["clips"]):
        check_five_stories(stories_in(*inputs), site.home)


# What is given for a file that holds entries

SIDECAR = """url = "https://harbor.example/feed.xml"\n[source]\ntitle = "A feed"\nurl = "https://harbor.example/feed.xml"
archived = "https://archive.example/feed.xml"\nauthors = ["The Desk"]\ndate = 2026-01-01\naccessed = 2026-03-17\n"""


@pytest.mark.parametrize("count", [1, 3])
def test_a_sidecar_of_a_feed_names_the_source_of_none_of_its_entries(edition: Edition, count: int) -> None:
    edition({"a.xml": rss(*map(entry, range(count))), "a.toml": SIDECAR})
    sources = [found.metadata.source for found in stories_in("a.xml")]
    assert [source.url for source in sources] == [f"https://harbor.example/{number}" for number in range(count)]
    assert {(source.publication, source.archived, source.authors, source.date) for source in sources} == {
        ("Harbor Review", "", (), None)
    }
    assert {str(source.accessed) for source in sources} == {"2026-03-17"}


def test_nor_does_what_the_manifest_gives_for_it_but_publication_and_day_of_access_hold(edition: Edition) -> None:
    given = (
        '{ path = "a.xml", source = { url = "https://harbor.example/feed.xml", publication = "Review", accessed = 2026-03-17 } }'
    )
    edition({"a.xml": rss(entry(1)), "publisher.toml": f'[edition]\ntitle = "T"\n[[section]]\narticles = [{given}]\n'})
    (found,) = stories_in("publisher.toml")
    source = found.metadata.source
    assert (source.url, source.publication, str(source.accessed)) == ("https://harbor.example/1", "Review", "2026-03-17")


def test_the_source_of_a_file_with_several_articles_is_that_of_none(edition: Edition) -> None:
    mail = "From anna@harbor.example Thu Mar 12 08:00:00 2026\nFrom: Anna <anna@harbor.example>\nSubject: Gate\nMessage-ID: <1@h>"
    edition({"a.mbox": f"{mail}\n\n{WORDS}\n\n" * 2, "a.toml": SIDECAR})
    assert {found.metadata.source.url for found in stories_in("a.mbox")} == {""}


# What the page of an entry knows


def page_beside(head: str, body: str = f"<p>{WORDS}</p>") -> dict[str, str]:
    index = '{"https://harbor.example/1": {"file": "gate.html"}}'
    return {"in/fetched.json": index, "in/gate.html": f"<html><head>{head}</head><body><article>{body}</article></body></html>"}


AUTHOR = '<meta name="author" content="Mara Ennis"><meta property="article:published_time" content="2026-03-12">'
LONG = f"{WORDS} " * 5  # no teaser


@pytest.mark.parametrize(
    ("words", "values", "author", "date"),
    [
        (LONG, {}, "Mara Ennis", "2026-03-12"),
        (WORDS, {}, "Mara Ennis", "2026-03-12"),
        (LONG, {"pubDate": "Tue, 17 Mar 2026 08:00:00 GMT"}, "Mara Ennis", "2026-03-17"),
        (LONG, {"author": "p@harbor.example (Pim Dole)"}, "Pim Dole", "2026-03-12"),
    ],
)
def test_author_and_date_of_the_page_fill_those_that_an_entry_lacks(
    words: str, values: dict[str, str], author: str, date: str, edition: Edition
) -> None:
    edition({"in/a.xml": rss(entry(1, words, **values)), **page_beside(AUTHOR)})
    (found,) = stories_in("in/a.xml")
    for data in (found.metadata, found.metadata.source):
        assert (data.authors, str(data.date)) == ((author,), date)


def test_a_json_feed_takes_them_too_before_the_authors_of_the_feed(edition: Edition) -> None:
    item = f'{{"id": "1", "url": "https://harbor.example/1", "title": "Gate", "content_text": "{LONG}"}}'
    text = (
        f'{{"version": "https://jsonfeed.org/version/1.1", "title": "F", "authors": [{{"name": "The Desk"}}], "items": [{item}]}}'
    )
    edition({"in/a.json": text, **page_beside(AUTHOR)})
    (found,) = stories_in("in/a.json")
    assert (found.metadata.authors, str(found.metadata.date)) == (("Mara Ennis",), "2026-03-12")


def test_a_page_that_cannot_be_read_costs_an_entry_nothing(edition: Edition) -> None:
    edition({"in/a.xml": rss(entry(1, LONG)), **page_beside(AUTHOR, "")})
    (found,) = stories_in("in/a.xml")
    assert found.metadata.authors == () and "upper lock" in found.xhtml


def test_the_publication_of_an_entry_from_another_feed_is_that_feed(edition: Edition) -> None:
    edition({"a.xml": rss(entry(1, source="Lock Letter"), entry(2))})
    assert [found.metadata.source.publication for found in stories_in("a.xml")] == ["Lock Letter", "Harbor Review"]


def test_what_a_capture_knows_of_a_page_stands_in_the_notes_that_lead_there(
    site: Site, edition: Edition, publisher: Publisher
) -> None:
    site.pages["/old"] = "redirect", "/gate"
    text = "The keeper was there as well, as he wrote the same night in the book that he keeps in the house at the upper lock."
    manifest = '[edition]\ntitle = "Locks"\n[[section]]\narticles = ["a.md"]\n'
    edition(
        {"publisher.toml": manifest, "a.md": f"# Lock\n\n{text} See [here]({site.home}/old) and [there]({site.home}/tides).\n"}
    )
    assert publisher("fetch", "--sources", "publisher.toml", "--allow-private").code == 0
    (article,) = stories_in("publisher.toml")
    first, second = re.findall('<aside class="note source".*?</aside>', article.xhtml, re.DOTALL)
    assert "Mara Ennis, “On the gate,” March 12, 2026. Accessed " in first and f'href="{site.home}/old"' in first
    assert "“On the tides,” March 12, 2026. Accessed " in second


def test_a_record_of_a_capture_with_other_types_is_as_good_as_none() -> None:
    index = (
        b'{"https://a.example/": {"source": 3}, "https://b.example/": {"source": {"title": ["x"], "date": 7}, "accessed": "no"}}'
    )
    assert captures_in(index).sources == ()
