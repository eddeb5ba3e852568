"""Characters that no page can show leave at the door, in every format, and one message a file says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml
from publisher.text.characters import clean, forbidden_in
from tests.conftest import Run

STORY = "The harbor opens\n\nThe first page ends here.\x0cThe second\x08 page begins.\n\nOne line\x0banother\u2028a third.\n"


def feed(text: str) -> str:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [{"id": "1", "title": text, "content_text": text}]}
    )


FORMS: dict[str, Callable[[str], str]] = {
    "a.txt": lambda text: f"Headline\n\n{text}\n\nMore words.",
    "a.md": lambda text: f"# {text}\n\n{text}\n\n![{text}](x.png)\n",
    "a.html": lambda text: f"<article><h1>H</h1><p title='{text}'>{text} and words</p></article>",
    "a.json": feed,
    "a.rst": lambda text: f"Title\n=====\n\n{text} and words\n",
}


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(blacklist_categories=()), max_size=40))
def test_whatever_comes_in_what_comes_out_is_xml_with_no_forbidden_character(name: str, text: str) -> None:
    data = FORMS[name](text).encode("utf-8", "surrogatepass").replace(b"\x00", b"")
    try:
        articles = articles_of(Manuscript(Path(name), data, name))
    except PublisherError:
        return
    for article in articles:
        out = xhtml(article.root)
        etree.fromstring(out)
        assert not forbidden_in(out) and clean(out) == out
        assert not forbidden_in(article.metadata.title)


def test_a_form_feed_parts_paragraphs_and_other_breaks_are_line_breaks(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.txt": STORY})
    run = publisher("tree", "--to", "text", "a.txt")
    assert run.out.split("\n\n") == [
        "The harbor opens", "The first page ends here.", "The second page begins.", "One line another a third.\n",
    ]  # fmt: skip
    assert "a.txt:3: warning: removed the control character U+0008 [control-characters]" in run.err


@pytest.mark.slow
def test_a_story_with_a_control_character_is_built_and_says_so_once(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    item = "<item><title>A\x08b</title><description>Words \x02 and \x08 words.</description></item>"
    edition({"a.txt": STORY, "b.xml": f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"})
    run = publisher("build", "a.txt", "b.xml", "-o", "x.pdf", "-o", "x.epub")
    assert run.code == 0 and run.err.count("[control-characters]") == 2
    assert publisher("check", "x.pdf", "x.epub").code == 0


def test_half_of_a_pair_becomes_a_replacement_character() -> None:
    data = feed("Half \ud83d of a smile")  # JSON may escape it
    (article,) = articles_of(manuscript := Manuscript(Path("a.json"), data.encode(), "a.json"))
    assert "Half \ufffd of a smile" in xhtml(article.root) and article.metadata.title == "Half \ufffd of a smile"
    assert [diagnostic.code for diagnostic in manuscript.diagnostics] == [Code.CHARACTERS]


def test_the_characters_of_a_text_that_no_article_may_have_are_found_wherever_they_stand() -> None:
    usual = "".join(map(chr, range(0x20, 0x7F))) + "\n\t\r"
    for text in ("", usual, "Fähre – 渡し場 🚢", usual * 3):
        assert clean(text) == text and forbidden_in(text) == []
    assert forbidden_in(f"{usual}\x00é\x7f\n\ud83dA\ude00\ufdd0🚢\U0001ffff") == [*"\x00\x7f\ud83d\ude00\ufdd0\U0001ffff"]
    assert clean("a\x0bb\u2028c\fd\x01\ud800") == "a\nb\nc\n\nd\ufffd"
    assert forbidden_in("a\x0bb\u2028c\x85d\fe") == []
