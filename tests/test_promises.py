"""What we promise of any text: no word is lost, and what comes out is well-formed and says the same twice."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.input.formats import READERS
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import xhtml
from publisher.passes.pipeline import normalize
from publisher.passes.typography import _set
from publisher.text.encodings import without_double_encoding
from publisher.text.plain_text import text_of

WORD = st.text(st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=9)
PARAGRAPH = st.lists(WORD, min_size=5, max_size=40).map(lambda words: " ".join(words) + ".")
MARK = st.sampled_from(
    ["*{}*", "**{}**", "`{}`", "[{}](https://example.org/{})", "~~{}~~", "{}", "> {}", "- {}", "## {}", "{}^[{}]"]
)
FRAGMENTS = (
    "<p>{}</p>",
    "<div>{}",
    "<b><p>{}</b>",
    "<ul>{}</ul>",
    "<table><tr><td>{}",
    "<h5>{}</h5>",
    "<a href='//example.org/x'><p>{}</a>",
    "<dl><dd>{}</dl>",
    "<p id=1>{}<p id=1>",
    "<figure>{}</figure>",
    "<details><summary>{}</summary></details>",
    "<pre><p>{}</pre>",
)
HTML = st.sampled_from(FRAGMENTS)


def normalized(text: str, suffix: str) -> Article:
    manuscript = Manuscript(Path(f"story{suffix}"), text.encode(), f"story{suffix}")
    read = import_module(READERS[suffix].partition(":")[0]).read
    return normalize(read(manuscript)[0], manuscript)


def letters(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w", text.casefold()))


@given(st.lists(PARAGRAPH, min_size=2, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_letter_of_a_wire_text_is_lost(paragraphs: list[str]) -> None:
    article = normalized("\n\n".join(["Headline of the day", *paragraphs]), ".txt")
    removed = " ".join(one.words for one in article.removed)
    assert not letters(" ".join(map(without_double_encoding, paragraphs))) - letters(xhtml(article.root) + removed)


@given(st.lists(st.tuples(MARK, WORD), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_letter_of_a_markdown_text_is_lost(marked: list[tuple[str, str]]) -> None:
    text = "# Title\n\n" + "\n\n".join(mark.replace("{}", word) for mark, word in marked)
    said = text_of(normalized(text, ".md"))
    assert not letters(" ".join(without_double_encoding(word) for _, word in marked)) - letters(said)


@given(st.lists(st.tuples(HTML, WORD), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_however_broken_a_page_its_article_is_well_formed_with_ids_once_and_no_letter_lost(parts: list[tuple[str, str]]) -> None:
    body = "".join(part.replace("{}", word) for part, word in parts)
    article = normalized(f"<html><body><article><h1>Title</h1>{body}</article></body></html>", ".html")
    tree = ElementTree.fromstring(xhtml(article.root))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert not letters(" ".join(without_double_encoding(word) for _, word in parts)) - letters(text_of(article))
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
