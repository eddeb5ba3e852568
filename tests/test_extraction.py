"""How much of the article is found in the shared pages: the judge's figures and the elements kept, held from falling.

The floors are a little under what was measured (docs/formats.md has the figures beside other extractors').
"""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import io
import json
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import lxml.html
import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.markup import xhtml
from publisher.text.plain_text import text_of

pytestmark = pytest.mark.slow


def read(path: Path, data: bytes) -> Article:
    (article,) = articles_of(Manuscript(path, data, path.name))
    return article


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Path:
    return shared / "corpus"


@pytest.fixture(scope="module")
def web(corpus: Path) -> dict[str, Article]:
    return {page.parent.name: read(page, page.read_bytes()) for page in sorted(corpus.glob("web-pages/*/source.html"))}


def judge(corpus: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("judge", corpus.parent / "bench" / "extraction.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scores(collection: str, texts: dict[str, str], corpus: Path) -> dict[str, float]:
    """What the judge prints of the texts, as numbers by their names."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        getattr(judge(corpus), collection)(texts, corpus / f"{collection}-pages")
    return {name: float(value) for name, value in re.findall(r"(F1|precision|recall|mean|median) ([\d.]+)", said.getvalue())}


def test_news_pages(corpus: Path) -> None:
    texts = {}
    for page in sorted(corpus.glob("news-pages/*.html.gz")):
        name = page.name.removesuffix(".html.gz")
        texts[name] = text_of(read(page.with_name(f"{name}.html"), gzip.decompress(page.read_bytes())), body_only=True)
    found = scores("news", texts, corpus)
    assert len(texts) > 80 and found["F1"] >= 0.977 and found["recall"] >= 0.989


def test_web_pages(corpus: Path, web: dict[str, Article]) -> None:
    found = scores("web", {name: text_of(article, body_only=True) for name, article in web.items()}, corpus)
    assert len(web) > 60 and found["mean"] >= 0.977 and found["median"] >= 0.996


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def elements(root: lxml.html.HtmlElement) -> dict[str, Counter[str]]:
    return {
        "figures": Counter(words(one.tag) for one in root.iter("figure")),
        "captions": Counter(words(one.text_content()) for one in root.iter("figcaption")),
        "code": Counter(words(one.text_content()) for one in root.iter("pre")),
        "cells": Counter(words(one.text_content()) for one in root.iter("td", "th")),
    }


def test_elements_of_the_article_are_kept(corpus: Path, web: dict[str, Article]) -> None:
    wanted, kept = Counter[str](), Counter[str]()
    for name, article in web.items():
        expected = elements(lxml.html.fromstring((corpus / "web-pages" / name / "expected.html").read_text("utf-8")))
        tree = lxml.html.fromstring(xhtml(article.root))
        for call in tree.xpath('//a[contains(@class, "noteref")]'):
            call.drop_tree()
        found = elements(tree)
        for kind, counts in expected.items():
            wanted[kind] += counts.total()
            kept[kind] += (counts & found[kind]).total()
    shares = {kind: kept[kind] / wanted[kind] for kind in wanted}
    # Four of 77 captions: an empty one, one with a word for screen readers, and two of a front page and a page in many parts.
    assert {kind: share for kind, share in shares.items() if share < 0.94} == {}


def test_facts_are_those_that_a_person_noted(corpus: Path, web: dict[str, Article]) -> None:
    keys = {"title": "title", "authors": "byline", "publisher": "siteName", "date": "publishedTime", "lang": "lang"}
    asked, right = Counter[str](), Counter[str]()
    for name, article in web.items():
        noted = json.loads((corpus / "web-pages" / name / "expected-metadata.json").read_text("utf-8"))
        for field, key in keys.items():
            if noted.get(key):
                value = getattr(article.metadata, field)
                said = ", ".join(value) if isinstance(value, tuple) else str(value or "")
                asked[field] += 1
                right[field] += said == noted[key][:10] if field == "date" else words(said) == words(_named(noted[key]))
    shares = {field: right[field] / asked[field] for field in asked}
    floors = {"title": 0.85, "authors": 0.85, "publisher": 0.94, "date": 1.0, "lang": 1.0}
    assert {field: share for field, share in shares.items() if share < floors[field]} == {}


def _named(noted: str) -> str:
    return re.sub(r"^(by|von|par|por)\s", "", noted.strip(), flags=re.IGNORECASE)
