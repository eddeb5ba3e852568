"""What reading a manuscript costs, in lines of Python and in calls: what was saved stays saved."""

from __future__ import annotations

import gc
import random
import re
import weakref
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from linkify_it import LinkifyIt
from lxml.html import fromstring
from markdown_it import MarkdownIt

from publisher.build import ingest
from publisher.build.ingest import read_all
from publisher.extraction import hidden_parts
from publisher.input.html_elements import text_content
from publisher.input.manuscript import Manuscript
from publisher.ledger import account
from publisher.ledger.inventory import Inventory, Passage
from publisher.model import markup
from publisher.model.markup import parse, words
from publisher.passes import typography
from publisher.readers import html
from publisher.readers.bare_links import BareLinks
from publisher.text import encodings
from publisher.text.word_count import counted_words
from tests.file_samples import each, markdown, page
from tests.line_count import lines_run

PARAGRAPH = '<p>PROSE <a href=https://example.org/@>here</a>, and <em>more</em>: "so".</p>'


def read(name: str, data: bytes) -> Any:
    return read_all([Manuscript(Path(name), data, name)], "en", map, None)[0]


@pytest.mark.parametrize(
    ("name", "content", "most"),
    [
        ("a.html", lambda count: page(each(count, PARAGRAPH)), 5_200),  # once 11,300
        (
            "a.md",
            lambda count: markdown(each(count, 'PROSE [here](https://example.org/@), and *more*: "so".\n\n')),
            8_400,
        ),  # 14,000
    ],
)
def test_a_paragraph_with_a_link_takes_so_many_lines_to_read(name: str, content: Any, most: int) -> None:
    read(name, content(16))  # what is done once in a process is done
    few, many = (lines_run(lambda count=count: read(name, content(count))) for count in (100, 200))
    assert (many - few) / 100 < most


def test_an_article_is_written_once_for_the_ledger_and_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    real = markup._written

    def counted(nodes: Any) -> str:
        written.extend(node.name for node in nodes)
        return real(nodes)

    monkeypatch.setattr(markup, "_written", counted)
    read("a.html", page(each(3, PARAGRAPH)))
    assert written == ["article"]


def test_a_passage_of_the_manuscript_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    def words_of(text: str) -> list[str]:
        counted.append(text)
        return counted_words(text)

    monkeypatch.setattr(account, "counted_words", words_of)
    read("a.html", page("<p>Twelve barges went through the lock at noon, and nobody looked up from the game.</p>"))
    assert sum(text.startswith("Twelve barges") for text in counted) == 1  # it is kept as it is
    counted.clear()
    read("a.html", page("<p>Twelve barges went through the lock at noon... nobody looked up from the game.</p>"))
    assert sum(text.startswith("Twelve barges") for text in counted) == 2  # as it is in the manuscript, and as it is kept


def test_a_page_that_hides_nothing_is_not_divided_into_blocks_to_see_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: Any) -> Any:
        raise AssertionError("the blocks of the page were collected")

    monkeypatch.setattr(hidden_parts, "text_blocks", never)
    assert read("a.html", page(each(3, PARAGRAPH))).record.words[0]


def test_a_tree_is_freed_with_its_article_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes: list[weakref.ref[Any]] = []
    real = ingest._read

    def observed(manuscript: Manuscript, lang: str) -> Any:
        articles = real(manuscript, lang)
        nodes.extend(map(weakref.ref, markup.tags(articles[0].root)))
        return articles

    monkeypatch.setattr(ingest, "_read", observed)
    gc.disable()
    try:
        read("a.html", page(each(3, PARAGRAPH)))
        assert len(nodes) > 9 and not any(node() for node in nodes)
    finally:
        gc.enable()


def test_marks_of_a_typewriter_are_found_where_they_stand_by_their_definition() -> None:
    definition = re.compile(r"[\"'`]|\.\.\.|--|\s[-–—]\s|\. \. \.|[ \u00a0\u202f][;:!?»]|«[ \u00a0]")
    chance = random.Random(21)
    for _ in range(30_000):
        text = "".join(chance.choices("ab1 .\t\u00a0\u202f-–—\"'`;:!?»«\n’", k=chance.randint(0, 7)))
        assert bool(typography._TYPEWRITER_MARKS.search(text)) == bool(definition.search(text)), ascii(text)


def test_text_that_was_encoded_twice_is_found_by_its_definition() -> None:
    definition = re.compile(
        "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
        "|[\u0420\u0421][\u00a0-\u00bf\u0402-\u040f\u0452-\u045f\u2018-\u203a\u20ac\u2116\u2122]"
        "|[\x80-\x84\x86-\x9f]"
    )
    chance = random.Random(21)
    for _ in range(30_000):
        text = "".join(
            chance.choices("\u00c2\u00f4\u00e2\u0420\u0421\x80\x84\x85\x86\x9f\u00a0\u00bf\u2013\u20ac\u2122\u2116a ", k=3)
        )
        assert bool(encodings._ENCODED_TWICE.search(text)) == bool(definition.search(text)), ascii(text)


def test_a_straight_quote_behind_another_is_set_by_the_mark_before_it() -> None:
    assert typography.typeset_text("\"'So,' he wrote,\" she read.", "en") == "“‘So,’ he wrote,” she read."


def test_words_leave_out_references_to_notes_and_placeholders() -> None:
    tree = parse('<p>Noon<a class="noteref" href="#n">1</a> at <b>the</b><br>lock<span class="missing-image">gate</span></p>')
    assert words(tree.p) == "Noon at the lock"


ADDRESSES = [
    *("http://a.example/x", "https&colon;//x.example/z", "mailto:a@b.example", "mailto&#58;q@r.example", "//x.example/"),
    *("\\//a.example/", "/&#47;a.example", "www.x.example", "http\\://a.example", "ftp://q.example", "HTTP://A.EXAMPLE/"),
    *("a@b.example", "&sol;&sol;a.example"),
]


def test_bare_links_are_those_that_linkify_finds() -> None:
    theirs = LinkifyIt()
    theirs.set({"fuzzy_link": False, "fuzzy_email": False})
    parsers = [MarkdownIt("commonmark", {"html": True, "linkify": True}).enable("linkify") for _ in range(2)]
    parsers[0].linkify, parsers[1].linkify = theirs, BareLinks()
    chance = random.Random(21)
    for _ in range(3_000):
        text = "".join(chance.choices([*ADDRESSES, "word ", "\n", " ", "*", ": ", "<b>", "</b>"], k=chance.randint(1, 5)))
        assert parsers[0].render(text) == parsers[1].render(text), text


def test_bare_links_are_looked_for_only_where_a_text_has_the_signs_of_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    monkeypatch.setattr(LinkifyIt, "pretest", lambda _, text: searched.append(text))
    read("a.md", b"# Lock\n\nTwelve barges went through it.\n\nA note: there is more.\n")
    assert searched == ["A note: there is more."]


def test_words_of_running_text_are_those_of_the_passages_that_are_prose() -> None:
    """And only of a page of the web; they are found by what the other passages have."""
    inventory = Inventory([Passage("1", "The gate opens. The gate shuts.", True), Passage("2", "Home gate", False)], is_page=True)
    inventory.alternative_prose.append("The keeper")
    passages = [counted_words(passage.text) for passage in inventory.passages]
    held = Counter(word for found in passages for word in found)
    assert +account._prose(inventory, passages, held) == Counter({"the": 3, "gate": 2, "opens": 1, "shuts": 1, "keeper": 1})
    inventory.is_page = False
    assert account._prose(inventory, passages, held) == Counter({"the": 1, "keeper": 1})


@pytest.mark.parametrize("gap", ["", " ", "\n    \n"])
def test_a_marked_article_counts_from_half_of_the_text_on(gap: str) -> None:
    for beside in range(20, 60):
        body = fromstring(f"<body>{gap}<article>{'gate ' * 8}</article>{gap}<p>{'q' * beside}</p></body>")
        (article,) = body.iter("article")
        is_most = 2 * len(text_content(article)) >= len(text_content(body))
        assert html._marked_article(body) is (article if is_most else body)
