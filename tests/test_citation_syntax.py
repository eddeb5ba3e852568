"""Citations as pandoc writes them: what is read of them, and where in Markdown they are words as typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.build.ingest import articles_of
from publisher.input.citation_syntax import cluster_of
from publisher.input.manuscript import Manuscript
from publisher.model.article import Article
from publisher.model.clusters import CitedItem, Cluster
from publisher.model.markup import words, xhtml


def items(inner: str) -> tuple[CitedItem, ...]:
    cluster = cluster_of(inner, f"[{inner}]")
    assert cluster is not None
    return cluster.items


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("@key", CitedItem("key")),
        ("-@key", CitedItem("key", suppress_author=True)),
        ("@{odd key}", None),
        ("@{odd/key:}", CitedItem("odd/key:")),
        ("@a:b.c_d-e+f", CitedItem("a:b.c_d-e+f")),
        ("@key, p. 12", CitedItem("key", label="page", locator="12")),
        ("@key p. 12", CitedItem("key", label="page", locator="12")),
        ("@key, 33", CitedItem("key", label="page", locator="33")),
        ("@key, pp. 33-35, 38--39 and passim", CitedItem("key", label="page", locator="33–35, 38–39", suffix=" and passim")),
        ("see *also* @key, chap. 3", CitedItem("key", prefix="see <i>also</i>", label="chapter", locator="3")),
        ("@key, §§ 4-5", CitedItem("key", label="section", locator="4–5")),
        ("@key, S. 12", CitedItem("key", label="page", locator="12")),
        ("@key, vol. iv", CitedItem("key", label="volume", locator="iv")),
        ("@key, {pp. iv, vi-xi, (xv)-(xvii)} with a suffix", CitedItem("key", label="page", locator="iv, vi–xi, (xv)–(xvii)",
                                                                       suffix=" with a suffix")),
        ("@key, {}99 years later", CitedItem("key", suffix="99 years later")),
        ("@key, and others", CitedItem("key", suffix=", and others")),
    ],
)  # fmt: skip
def test_parts_of_a_citation(inner: str, expected: CitedItem | None) -> None:
    cluster = cluster_of(inner, inner)
    assert (cluster.items[0] if cluster else None) == expected


def test_several_works_in_brackets() -> None:
    assert [item.key for item in items("see @a, p. 1; also -@b; @c")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "inner", ["no key", "@a; no key", "a@b.example", "@fig:map", "@tbl:one; @a", "@", "@-a", "@sec:x", "@eq:y"]
)
def test_what_is_no_citation(inner: str) -> None:
    assert cluster_of(inner, inner) is None


@given(st.text(alphabet=st.sampled_from("@ab1,;. -[]{}p§*_"), max_size=40))
def test_any_text_in_brackets_is_read(inner: str) -> None:
    cluster = cluster_of(inner, inner)
    assert cluster is None or all(item.key for item in cluster.items)


def read(text: str, cites: bool = True) -> Article:
    manuscript = Manuscript(Path("a.md"), f"# Locks\n\n{text}\n".encode(), "a.md", cites=cites)
    (article,) = articles_of(manuscript)
    return article


def keys(article: Article) -> list[tuple[str, ...]]:
    return [cluster.keys for cluster in article.clusters]


def test_clusters_of_a_text_have_their_lines() -> None:
    article = read("The lock [@a, p. 3] opened.\nAs @b [p. 4; see @c] says, so it did, and @d agrees.\n\nTwice [-@e].")
    assert [(cluster.keys, cluster.line, cluster.author_in_text) for cluster in article.clusters] == [
        (("a",), 3, False), (("b", "c"), 4, True), (("d",), 4, True), (("e",), 6, False)
    ]  # fmt: skip
    assert words(article.root.find("div", class_="body")).startswith("The lock opened. As says")


def test_a_citation_is_a_note_with_what_was_typed() -> None:
    text = xhtml(read("The lock [@a, p. 3] opened.").root)
    assert '<p>The lock <a class="noteref" href="#note-1" id="call-1" role="doc-noteref">1</a> opened.</p>' in text
    assert '<p><span data-cluster="0">[@a, p. 3]</span></p>' in text


def test_a_citation_in_a_footnote_stays_there() -> None:
    text = xhtml(read("The lock[^1] opened, and more^[See @b.].\n\n[^1]: But see [@a, p. 3].").root)
    assert '<p>But see <span data-cluster="1">[@a, p. 3]</span>.</p>' in text
    assert '<p>See <span data-cluster="0">@b</span>.</p>' in text
    assert "cites" not in text


@pytest.mark.parametrize(
    "text",
    [
        "`[@a]` and `@a`",
        "Write to a@b.example or <c@d.example>.",
        "https://harbor.example/@user is an address.",
        "[a link](https://harbor.example/@user)",
        "[see @user](https://harbor.example/)",
        "[a link with [@user] in it](https://harbor.example/)",
        r"\@user is a name.",
        "[@fig:map] and @tbl:one",
        "    [@a] in code",
    ],
)
def test_where_keys_are_words(text: str) -> None:
    article = read(text)
    assert article.clusters == ()
    assert "cites" not in xhtml(article.root)


def test_a_citation_before_a_note_or_another_citation() -> None:
    article = read("The gate [@a][@b][^1], @c [p. 2][^1] and **@d**, [@e][ref].\n\n[^1]: x\n\n[ref]: https://a.example/")
    assert keys(article) == [("a",), ("b",), ("c",), ("d",)]
    assert article.clusters[2].items[0].locator == "2"


def test_keys_in_links_and_alt_texts_stay_as_typed() -> None:
    article = read("[Of [@a] locks](https://harbor.example/) and ![A *gate* [@b], @c](https://harbor.example/gate.png) [@d].")
    assert keys(article) == [("d",)]
    text = xhtml(article.root)
    assert '<a href="https://harbor.example/">Of [@a] locks</a>' in text
    assert "A gate [@b], @c" in text


def test_a_bracket_that_is_not_closed_is_a_word() -> None:
    assert keys(read("The gate [@a opened.")) == [("a",)]


@pytest.mark.parametrize("text", ["[@a, p. 3]", "@harbor says", "see [-@b; @c]"])
def test_without_a_library_keys_stay_as_typed(text: str) -> None:
    article = read(f"The gate {text}.", cites=False)
    assert article.clusters == ()
    assert f"The gate {text}." in words(article.root)


def test_emphasis_around_a_citation_and_in_it() -> None:
    article = read("*The lock [see **also** @a] opened.*")
    assert article.clusters[0].items[0].prefix == "see <b>also</b>"


def test_a_reference_link_goes_before_a_citation() -> None:
    assert read("[@a] is a link.\n\n[@a]: https://harbor.example/").clusters == ()


def test_front_matter_names_a_library(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@book{a, title = {Locks}}\n@book{b, title = {Barges}}")
    data = b"---\ntitle: Locks\nbibliography: refs.bib\n---\nThe lock [@a] opened."
    manuscript = Manuscript(tmp_path / "a.md", data, "a.md")
    (article,) = articles_of(manuscript)
    assert keys(article) == [("a",)]
    assert [entry.key for entry in article.library] == ["a", "b"]
    assert "refs.bib" in manuscript.opened


def test_a_cluster_knows_its_keys() -> None:
    assert Cluster((CitedItem("a"), CitedItem("b")), "").keys == ("a", "b")
