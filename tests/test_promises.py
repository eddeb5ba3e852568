"""What we promise of any text: no word is lost, and what comes out is well-formed and says the same twice."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from publisher.build.ingest import accounted_articles
from publisher.build.manifest_file import load
from publisher.input.formats import READERS
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Entry
from publisher.model.markup import xhtml
from publisher.passes.pipeline import normalize
from publisher.passes.typography import _set
from publisher.text.encodings import without_double_encoding
from publisher.text.plain_text import text_of
from publisher.writers.epub.chapter import chapter_body
from tests.strategies import FILES, HTML, MARK, PARAGRAPH, WORD, Written, manifests


def normalized(text: str, suffix: str) -> Article:
    manuscript = Manuscript(Path(f"story{suffix}"), text.encode(), f"story{suffix}")
    read = import_module(READERS[suffix].partition(":")[0]).read
    return normalize(read(manuscript)[0], manuscript)


def letters(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w", text.casefold()))


@given(st.lists(PARAGRAPH, min_size=2, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_letter_of_a_wire_text_is_lost(paragraphs: list[str]) -> None:
    text = "\n\n".join(["Headline of the day", *paragraphs])
    assume(without_double_encoding(text) == text)  # what is repaired depends on the line around a word
    article = normalized(text, ".txt")
    removed = " ".join(one.words for one in article.removed)
    assert not letters(" ".join(paragraphs)) - letters(xhtml(article.root) + removed)


@given(st.lists(st.tuples(MARK, WORD), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_letter_of_a_markdown_text_is_lost(marked: list[tuple[str, str]]) -> None:
    text = "# Title\n\n" + "\n\n".join(mark.replace("{}", word) for mark, word in marked)
    assume(without_double_encoding(text) == text)
    assert not letters(" ".join(word for _, word in marked)) - letters(text_of(normalized(text, ".md")))


@given(st.lists(st.tuples(HTML, WORD), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_however_broken_a_page_its_article_is_well_formed_with_ids_once_and_no_letter_lost(parts: list[tuple[str, str]]) -> None:
    body = "".join(part.replace("{}", word) for part, word in parts)
    page = f"<html><body><article><h1>Title</h1>{body}</article></body></html>"
    assume(without_double_encoding(page) == page)
    article = normalized(page, ".html")
    tree = ElementTree.fromstring(xhtml(article.root))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert not letters(" ".join(word for _, word in parts)) - letters(text_of(article))
    for paragraph in tree.iter("p"):
        assert not [
            inner.tag for inner in paragraph.iter() if inner is not paragraph and inner.tag in ("p", "ul", "div", "table")
        ]


@given(st.text(st.sampled_from("ab '\"-.5—“”"), max_size=30))
@settings(max_examples=200, deadline=None)
def test_typography_changes_no_letter_and_leaves_no_straight_quote(text: str) -> None:
    done = _set(text, "", "en", [0, 0])
    assert letters(done) == letters(text)
    assert '"' not in done and "'" not in done


def test_reading_twice_gives_the_same_tree() -> None:
    text = "# T\n\nA [link](https://example.org) and a note.[^1]\n\n[^1]: Words.\n"
    assert xhtml(normalized(text, ".md").root) == xhtml(normalized(text, ".md").root)


@pytest.mark.parametrize("kind", FILES)
@given(data=st.data())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_file_is_refused_or_its_articles_are_whole_counted_and_the_same_twice(kind: str, data: st.DataObject) -> None:
    written = data.draw(FILES[kind])
    articles = read_whole(written)
    assert [xhtml(article.root) for article in articles] == [xhtml(article.root) for article in read_whole(written)]


def read_whole(written: Written) -> tuple[Article, ...]:
    """The articles of a file, none if it is refused. Raises AssertionError if a word is lost, or a chapter is not well-formed."""
    manuscript = Manuscript(Path(written.name), written.data, written.name)
    try:
        articles, account = accounted_articles(manuscript)
    except PublisherError as refusal:
        assert refusal.diagnostics
        return ()
    assert account is not None and account.lost is None and not account.lost_images
    trees = (ElementTree.fromstring(xhtml(article.root)) for article in articles)
    removed = (removal.words for article in articles for removal in article.removed)
    kept = " ".join([*(" ".join(tree.itertext()) for tree in trees), *removed])
    assert not letters(" ".join(map(without_double_encoding, written.words))) - letters(kept)
    for article in articles:
        entry = Entry("a", article.metadata, xhtml(article.root), 1, article.resources, article.citations)
        ids = [element.get("id") for element in ElementTree.fromstring(chapter_body(entry)).iter() if element.get("id")]
        assert len(ids) == len(set(ids))
    return articles


@given(manifests())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_manifest_is_read_or_refused_with_its_lines(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "publisher.toml"
        path.write_text(text, "utf-8")
        try:
            assert load(path, "publisher.toml").manifest.edition.title
        except PublisherError as refusal:
            assert refusal.diagnostics and all(problem.location.file == "publisher.toml" for problem in refusal.diagnostics)
