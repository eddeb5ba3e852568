"""Small promises of readers and passes, one example each."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import lxml.etree
import pytest
from PIL import Image

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.model.article import Article
from publisher.model.markup import xhtml
from tests.conftest import Run

PROSE = "The gate at the upper lock opened at seven, and the first barges of the spring went through without a stop."


def article(name: str, text: str, **files: bytes) -> Article:
    (only,) = articles_of(Manuscript(Path(name), text.encode(), name))
    return only


def page(head: str = "", body: str = "", html: str = "") -> str:
    return f"<html {html}><head>{head}</head><body><article><h1>A</h1><p>{PROSE}</p>{body}</article></body></html>"


def test_the_byline_has_the_day_of_the_source_where_the_article_has_none(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.md": "# A\n\nWords.\n", "a.toml": '[source]\npublication = "Kalyra Wire"\ndate = 2026-03-12\n'})
    assert '<p class="byline">Kalyra Wire · March 12, 2026</p>' in publisher("tree", "a.md").out


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph() -> None:
    body = xhtml(article("a.md", '# A\n\n"It opened\n\nHe is 5\'10" tall, and "glad".\n').root)
    assert "“It opened" in body and "5′10″ tall" in body and "“glad.”" in body.replace("“glad”.", "“glad.”")


@pytest.mark.parametrize("tag", ["pt_BR", "pt-BR"])
def test_a_language_may_have_an_underscore(tag: str) -> None:
    assert article("a.html", page(html=f'lang="{tag}"')).metadata.lang == "pt-BR"


def test_a_photograph_in_printers_colors_becomes_rgb(edition: Callable[..., Path]) -> None:
    home = edition({"a.md": "# A\n\n![A square](c.jpg)\n"})
    Image.new("CMYK", (30, 30), (0, 200, 0, 0)).save(home / "c.jpg")
    (only,) = articles_of(Manuscript(home / "a.md", (home / "a.md").read_bytes(), "a.md"))
    assert Image.open(io.BytesIO(only.resources[0].data)).mode == "RGB"


@pytest.mark.parametrize("kind", ["1", "a", "A", "i", "I"])
def test_a_list_keeps_its_kind_of_numbers(kind: str) -> None:
    assert f'type="{kind}"' in xhtml(article("a.html", page(body=f'<ol type="{kind}"><li>one</li><li>two</li></ol>')).root)


@pytest.mark.parametrize(
    "listing", ['<pre class="language-python"><code>{}</code></pre>', '<pre><code class="language-python">{}</code></pre>']
)
def test_a_listing_is_colored_by_the_language_on_either_element(listing: str) -> None:
    assert 'class="code-keyword"' in xhtml(article("a.html", page(body=listing.format("def f(): pass"))).root)


def test_a_sum_of_a_word_document_keeps_what_is_summed() -> None:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    run = "<m:r><m:t>{}</m:t></m:r>".format
    limits = f"<m:sub>{run('i')}</m:sub><m:sup>{run('n')}</m:sup>"
    nary = f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>{limits}<m:e>{run('q')}</m:e></m:nary>"
    formula = mathml(lxml.etree.fromstring(f"<m:oMath xmlns:m='{space}'>{nary}</m:oMath>"))
    assert re.sub(r"<[^>]*>", "", formula) == "∑inq"


def test_json_ld_may_name_several_types() -> None:
    data = {
        "@context": "https://schema.org",
        "@type": ["Thing", "NewsArticle"],
        "headline": "The gate",
        "datePublished": "2026-03-12",
    }
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    metadata = article("a.html", page(head)).metadata
    assert str(metadata.date) == "2026-03-12"


def test_of_several_meta_elements_the_first_counts() -> None:
    head = "".join(f'<meta property="article:published_time" content="{day}">' for day in ("2026-03-12", "2026-03-14"))
    assert str(article("a.html", page(head)).metadata.date) == "2026-03-12"


def test_an_image_that_only_a_noscript_has_is_shown(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition({"a.html": page(body=f"<noscript><img src='d.png' alt='A dot'></noscript><p>{PROSE}</p>")})
    Image.new("RGB", (30, 30), "red").save(home / "d.png")
    assert '<img alt="A dot"' in publisher("tree", "a.html").out


def test_a_message_names_the_line_of_the_right_section(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    sections = '[[section]]\ntitle = "One"\n\n[[section]]\ntitle = 7\n\n[[section]]\ntitle = "Three"\n'
    edition({"publisher.toml": f'[edition]\ntitle = "T"\n{sections}'})
    assert "publisher.toml:7: error: section.title" in publisher("build").err


def test_the_manifest_overrides_the_sidecar_and_the_sidecar_the_file(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = [{ path = "a.md", title = "By the manifest" }]\n'
    sidecar = 'title = "By the sidecar"\nauthor = "Ann Side"\n'
    home = edition(
        {"a.md": "---\nauthor: Ann File\n---\n\n# By the file\n\nWords.\n", "a.toml": sidecar, "publisher.toml": manifest}
    )
    assert publisher("build", "-o", "x.epub").code == 0
    import zipfile

    with zipfile.ZipFile(home / "x.epub") as book:
        chapter = next(book.read(name).decode() for name in book.namelist() if name.endswith("/a.xhtml"))
    assert "By the manifest</h" in chapter and "Ann Side" in chapter and "Ann File" not in chapter


def test_hidden_text_of_a_mail_is_recorded(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    head = "From: desk@example.org\nSubject: Morning\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8"
    hidden = "<div style='display:none'>A zebra for the preview</div>"
    edition({"a.eml": f"{head}\n\n<html><body>{hidden}<p>{PROSE}</p></body></html>"})
    values = json.loads(publisher("tree", "--to", "json", "a.eml").out)
    assert "zebra" not in values["text"] and any("zebra" in removal["words"] for removal in values["removed"])


def test_a_title_of_a_feed_with_only_character_references_is_markup(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    entry = f'<entry><id>urn:x</id><title type="html">Locks &amp;amp; weirs</title><content>{PROSE}</content></entry>'
    edition({"a.atom": f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>'})
    assert "<h1>Locks &amp; weirs" in publisher("tree", "a.atom").out
