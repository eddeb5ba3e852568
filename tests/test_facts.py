"""What is known about an article and where from: statements of a page, guesses marked as such, the language of the words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.text import language_detection as guesses
from tests.conftest import Run

PAGE = """<!doctype html><html lang="en"><head><title>Lock Review</title>{head}</head><body>
<article class="h-entry"><h1 class="p-name">The gate opens</h1><p class="byline">By {byline}</p>
<p>The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop.</p></article>
</body></html>"""
GERMAN = (
    "Das Tor am oberen Stauwerk\n\nDas Tor am oberen Stauwerk wurde um sieben Uhr geöffnet, und die ersten Kähne des"
    " Frühlings fuhren ohne einen Halt hindurch. Am Mittag war die Schlange unter dem Wehr verschwunden, und die Wärter"
    " schrieben die Stunde in das Buch, das sie seit vielen Jahren führen.\n\nDie Mühle an der Brücke kaufte Platz für"
    " ihr Korn.\n"
)


def told(publisher: Callable[..., Run], file: str) -> tuple[dict[str, object], dict[str, dict[str, object]], str]:
    run = publisher("tree", file, "--to", "json")
    found = json.loads(run.out)
    return found["metadata"], found["origins"], run.err


def test_each_fact_has_a_place_and_a_confidence_and_a_guess_is_called_one(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    head = '<meta property="article:published_time" content="2026-03-12T08:00:00Z"><link rel="canonical" href="https://example.org/g">'
    edition({"a.html": PAGE.format(head=head, byline="Mara Ennis")})
    metadata, origins, err = told(publisher, "a.html")
    assert (metadata["title"], metadata["authors"], metadata["date"]) == ("The gate opens", ["Mara Ennis"], "2026-03-12")
    assert {name: one["place"] for name, one in origins.items()} == {
        "title": "microformats",
        "authors": "a byline on the page",
        "date": "a meta element",
        "lang": "the lang attribute",
        "url": "a link element",
    }
    assert [name for name, one in origins.items() if one["guess"]] == ["authors"]
    assert "note: authors: Mara Ennis, guessed from a byline on the page [metadata-guessed]" in err


def test_json_ld_comes_before_all_else(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    head = (
        '<meta name="author" content="The Desk"><script type="application/ld+json">{"@type": "NewsArticle",'
        ' "headline": "The gate opens early", "author": [{"name": "Ivo Lange"}], "datePublished": "2026-03-11"}</script>'
    )
    edition({"a.html": PAGE.format(head=head, byline="Mara Ennis")})
    metadata, origins, _ = told(publisher, "a.html")
    assert (metadata["title"], metadata["authors"], metadata["date"]) == ("The gate opens early", ["Ivo Lange"], "2026-03-11")
    assert {origins[name]["place"] for name in ("title", "authors", "date")} == {"JSON-LD"}


def test_what_a_sidecar_says_is_no_fact_of_the_page(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.html": PAGE.format(head="", byline="Mara Ennis"), "a.toml": 'author = "Ivo Lange"\n'})
    metadata, origins, _ = told(publisher, "a.html")
    assert metadata["authors"] == ["Ivo Lange"] and "authors" not in origins and "title" in origins


def test_bylines_of_readers_under_an_article_are_none(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    page = PAGE.replace('<p class="byline">By {byline}</p>', "").replace(
        "</body>", '<div class="comments"><div class="byline">S Sky</div></div><div class="author">{byline}</div></body>'
    )
    edition({"a.html": page.format(head="", byline="Mara Ennis")})
    assert told(publisher, "a.html")[0]["authors"] == ["Mara Ennis"]


def test_a_language_that_nobody_says_is_guessed_from_the_words(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.txt": GERMAN, "b.txt": "Das Tor\n\nDas Tor ist auf.\n", "c.md": f"---\nlang: de-CH\n---\n\n{GERMAN}"})
    metadata, origins, err = told(publisher, "a.txt")
    assert metadata["lang"] == "de" and origins["lang"]["guess"] and "lang: de, guessed from its words [metadata-guessed]" in err
    assert told(publisher, "b.txt")[0]["lang"] == "en"  # too few words to tell
    metadata, origins, _ = told(publisher, "c.md")
    assert metadata["lang"] == "de-CH" and "lang" not in origins


def test_the_language_of_the_edition_stands_where_the_words_agree(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    manifest = '[edition]\ntitle = "T"\nlanguage = "de-AT"\n[[section]]\narticles = ["a.txt"]\n'
    home = edition({"a.txt": GERMAN, "publisher.toml": manifest})
    run = publisher("build", "publisher.toml", "-o", "a.epub")
    assert run.code == 0 and "metadata-guessed" not in run.err and (home / "a.epub").is_file()


def test_without_the_extra_nothing_is_guessed(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses, "_model", lambda: None)
    edition({"a.txt": GERMAN})
    assert told(publisher, "a.txt")[0]["lang"] == "en"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("en", "en-GB", True), ("no", "nb", True), ("hr", "sr-Latn", True), ("de", "nl", False), ("zh-Hant", "yue", True)],
)
def test_tags_of_one_language(one: str, other: str, same: bool) -> None:
    assert guesses.same_language(one, other) is same


@pytest.mark.parametrize(
    ("text", "lang", "plain"),
    [
        (GERMAN, "de", True),
        (GERMAN, "de-AT", True),
        (GERMAN, "en", False),
        (GERMAN, "cs", False),
        ("Das Tor ist auf.", "de", False),  # too few words to tell
    ],
)
def test_frequent_words_show_the_language_of_a_text(text: str, lang: str, plain: bool) -> None:
    assert guesses.is_plainly(text, lang) is plain


def test_the_model_is_loaded_only_where_words_do_not_show_the_language(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = list[str]()
    monkeypatch.setattr(guesses, "_model", lambda: loaded.append("model"))
    manifest = '[edition]\ntitle = "T"\nlanguage = "{}"\n[[section]]\narticles = ["a.txt"]\n'
    home = edition({"a.txt": GERMAN, "german.toml": manifest.format("de"), "czech.toml": manifest.format("cs")})
    assert publisher("build", "german.toml", "-o", "a.epub", "--no-cache").code == 0 and not loaded
    assert publisher("build", "czech.toml", "-o", "a.epub", "--no-cache").code == 0 and loaded == ["model"]
    assert (home / "a.epub").is_file()
