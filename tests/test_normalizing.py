"""Small promises of readers and passes, one example each."""

from __future__ import annotations

import base64
import datetime
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
from PIL import Image

from publisher.build.ingest import articles_of
from publisher.extraction.page_metadata import page_metadata
from publisher.input import snippets, xml
from publisher.input.archives import Archive
from publisher.input.html_pages import fragment_markup, link_players
from publisher.input.image_sources import resolve_image_sources
from publisher.input.inline_svg import inline_svg_to_img
from publisher.input.manuscript import Manuscript
from publisher.input.omml import mathml
from publisher.input.sniffing import kind_of
from publisher.input.toml_lines import key_lines, line_of
from publisher.model.article import Article
from publisher.model.diagnostics import PublisherError
from publisher.model.limits import Limits
from publisher.model.markup import xhtml
from publisher.model.metadata import Metadata, Source
from publisher.model.parts import Citation
from publisher.passes import images, links, typography
from publisher.readers import notebook
from publisher.readers.feed import _close_elements, feed_text
from publisher.readers.mail import link_target
from publisher.text import characters, languages, mathematics
from publisher.text.bylines import date_in, day_of, is_name, names_after_by, split_names
from publisher.text.citations import csl_item, write_sources
from publisher.text.languages import quotes
from publisher.text.standard_style import standard_style
from tests.conftest import Run
from tests.test_readers import packed

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


SECOND = "By noon the queue below the weir had gone, and the keepers wrote the hour into the book that they keep."


def listed(text: str) -> list[str]:
    return text.split()


def wire(*blocks: str) -> Article:
    return article("a.txt", "\n\n".join(blocks))


def rules(found: Article) -> dict[str, str]:
    return {removal.words: removal.rule for removal in found.removed}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((f"{word} Mara Ennis", ["Mara Ennis"]) for word in ("By", "von", "Par", "Por", "Di", "Door", "Av", "Af", "Автор:")),
        *((f"{word} Mara Ennis", ["Mara Ennis"]) for word in ("written by", "Posted by", "Text:")),
        *((f"Mara Ennis{mark}Pim Dole", ["Mara Ennis", "Pim Dole"]) for mark in ("; ", " | ", ", ", " & ")),
        *((f"Mara Ennis {word} Pim Dole", ["Mara Ennis", "Pim Dole"]) for word in listed("and und et y e ve і та")),
        ("Mara Ennis, Jr", ["Mara Ennis, Jr"]),
        ("Mara Ennis, Sr.", ["Mara Ennis, Sr."]),
        ("Mara Ennis, MD", ["Mara Ennis, MD"]),
        ("Mara Ennis, PhD, Pim Dole", ["Mara Ennis, PhD", "Pim Dole"]),
        ("Mara Ennis, Ph.D.", ["Mara Ennis, Ph.D."]),
        ("Mara Ennis, M.D.", ["Mara Ennis, M.D."]),
        ("Mara Ennis (locks and weirs), Pim Dole", ["Mara Ennis (locks and weirs)", "Pim Dole"]),
        ("By Mara Ennis Edited by Pim Dole", ["Mara Ennis"]),
        ("By Mara Ennis reviewed by Pim Dole", ["Mara Ennis"]),
        (" | Mara  Ennis • ", ["Mara Ennis"]),
        ("Mara Ennis,, ", ["Mara Ennis"]),
        (f"Mara Ennis; {'Long ' * 21}", ["Mara Ennis"]),
        ("Byron Dole", ["Byron Dole"]),
    ],
)
def test_names_of_a_byline(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Mara Ennis", ["Mara Ennis"]),
        ("By Mara Ennis | Kalyra Wire", ["Mara Ennis"]),
        ("By Mara Ennis – Port Kalyra", ["Mara Ennis"]),
        ("By Mara Ennis · 7:30", ["Mara Ennis"]),
        ("By Mara van der Ennis", ["Mara van der Ennis"]),
        ("By Mara Ennis and Pim Dole", ["Mara Ennis", "Pim Dole"]),
        ("By Mara (of the 7th lock) Ennis", []),  # a number ends the names
        ("By Mara", []),  # one name alone may be a place
        ("By Mara Ennis and Pim", []),
        ("By noon the Queue had gone", []),
        ("By Mara Ennis.", []),
        ("By Mara Ennis?", []),
        ("Mara Ennis", []),
        ("By One Two Three Four Five Six Seven", []),
    ],
)
def test_names_are_taken_only_from_a_line_that_is_a_byline(line: str, names: list[str]) -> None:
    assert names_after_by(line) == names


@pytest.mark.parametrize(
    "particle",
    listed("and und et y e ve i та de del della der den van von zu la le el al bin da di do dos du te ten"),
)
def test_a_particle_may_stand_in_a_byline(particle: str) -> None:
    assert names_after_by(f"By Mara Ennis {particle} Pim Dole") != []
    assert names_after_by(f"By Mara Ennis x{particle} Pim Dole") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Mara Ennis", True), ("M. E.", True), ("M E", False), ("Lock 7", False), ("a b c d e f gg", False), ("Mara (7)", True)],
)
def test_what_may_be_a_name(text: str, wanted: bool) -> None:
    assert is_name(text) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12",
        "2026-03-12T08:00:00Z",
        "20260312T080000",
        "2026/03/12",
        "2026.03.12",
        "Thu, 12 Mar 2026 08:00:00 +0000",
        "March 12, 2026",
        "Mar. 12, 2026",
        "March 12 2026, 8 a.m.",
        "  2026-03-12 ",
    ],
)
def test_a_day_in_the_forms_of_feeds_and_pages(text: str) -> None:
    assert str(day_of(text)) == "2026-03-12"


def test_what_is_no_day() -> None:
    assert [day_of(text) for text in ("", "soon", "2026-13-45", "20261345")] == [None] * 4


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Filed 2026-03-12 here", "Filed   here"),
        ("2026年3月12日", " "),
        ("2026 年 3 月 12 日", " "),
        ("12.3.2026", " "),
        ("12. 03. 2026", " "),
        ("12 March 2026", " "),
        ("12th March, 2026", " "),
        ("12th of March 2026", " "),
        ("12. März 2026", " "),
        ("12 mars 2026", " "),
        ("12 de marzo de 2026", " "),
        ("12 de março de 2026", " "),
        ("12º marzo 2026", " "),
        ("12 marzo 2026", " "),
        ("12 maart 2026", " "),
        ("12 marts 2026", " "),
        ("12 maaliskuuta 2026", " "),
        ("12 marca 2026", " "),
        ("12 března 2026", " "),
        ("12 березня 2026", " "),
        ("12 марта 2026", " "),
        ("12 Mart 2026", " "),
        ("12 martie 2026", " "),
        ("12 március 2026", " "),
        ("12 Μαρτίου 2026", " "),
        ("12 Maret 2026", " "),
        ("Mar. 12th, 2026", " "),
        ("March 12 2026", " "),
        ("March 32, 2026 and March 12, 2026", "March 32, 2026 and  "),
    ],
)
def test_the_date_in_a_line_and_what_is_left_of_it(line: str, rest: str) -> None:
    assert (str(date_in(line)[0]), date_in(line)[1]) == ("2026-03-12", rest)


def test_a_number_of_a_line_that_is_no_date() -> None:
    assert date_in("Lock 12 of the year 2026") == (None, "Lock 12 of the year 2026")
    assert date_in("Maybe 12, 2026")[0] is None


@pytest.mark.parametrize(
    ("lang", "marks"),
    [
        ("en", "“”‘’"),
        ("de", "„“‚‘"),
        ("de-CH", "«»‹›"),
        ("es", "«»“”"),
        ("it", "«»“”"),
        ("pt", "“”‘’"),
        ("pt-BR", "“”‘’"),
        ("pt-PT", "«»“”"),
        ("nl", "‘’“”"),
        ("sv", "””’’"),
        ("fi", "””’’"),
        ("da", "“”‘’"),
        ("no", "«»‘’"),
        ("nb", "«»‘’"),
        ("pl", "„”«»"),
        ("cs", "„“‚‘"),
        ("sk", "„“‚‘"),
        ("hu", "„”»«"),
        ("ro", "„”«»"),
        ("bg", "„“‘’"),
        ("ru", "«»„“"),
        ("uk", "«»„“"),
        ("el", "«»“”"),
        ("tr", "“”‘’"),
        ("ar", "«»“”"),
        ("fa", "«»“”"),
        ("he", "””’’"),
        ("zh", "“”‘’"),
        ("zh-TW", "「」『』"),
        ("zh_HK", "「」『』"),
        ("ja", "「」『』"),
        ("ko", "“”‘’"),
        ("ka", "„“‚‘"),
        ("hr", "„”‚’"),
        ("sr", "„“‚‘"),
        ("sl", "„“‚‘"),
        ("lt", "„“‚‘"),
        ("et", "„“‚‘"),
        ("id", "“”‘’"),
        ("hi", "“”‘’"),
        ("xx", "“”‘’"),
    ],
)
def test_the_quotation_marks_of_a_language(lang: str, marks: str) -> None:
    assert "".join(quotes(lang)) == marks


def test_french_marks_have_narrow_spaces_within_and_before() -> None:
    assert quotes("fr") == ("«\u202f", "\u202f»", "“", "”") and quotes("fr-CH") == ("«\u202f", "\u202f»", "‹\u202f", "\u202f›")
    assert typography._set("Oui ; non : si ? « a »", "", "fr", [0, 0]) == ("Oui\u202f; non\u00a0: si\u202f? «\u202fa\u202f»")
    assert typography._set("Oui ; non : si ! « a »", "", "fr-CH", [0, 0]) == "Oui\u202f; non\u202f: si\u202f! «\u202fa\u202f»"
    assert typography._set("Yes ; no", "", "en", [0, 0]) == "Yes ; no"


@pytest.mark.parametrize("lang", listed("de fr it nl sv fi da nb no pl cs sk hu tr pt ro hr sl he ar"))
def test_a_dash_between_spaces_is_short_in_many_languages(lang: str) -> None:
    assert typography._set("lock -- weir", "", lang, [0, 0]) == "lock – weir"


@pytest.mark.parametrize(
    ("lang", "typed", "wanted"),
    [
        ("en", "lock -- weir", "lock — weir"),
        ("en", "lock --- weir", "lock — weir"),
        ("en", "lock--weir", "lock—weir"),
        ("en", "lock - weir", "lock – weir"),
        ("en", "12--14", "12–14"),
        ("en", "a ---- b", "a ---- b"),
        ("ja", "港--船", "港——船"),
        ("zh", "港 -- 船", "港——船"),
        *((lang, "a — b", "a\u00a0— b") for lang in ("uk", "ru", "be", "bg")),
        ("en", "so...", "so…"),
        ("en", "so . . .", "so …"),
        ("en", "'twas, 'tis, 'em", "’twas, ’tis, ’em"),
        ("en", "'90s and 'til, 'cause", "’90s and ’til, ’cause"),
        ("en", "rock 'n' roll", "rock ’n’ roll"),
        ("en", "'twere 'twill 'bout 'round", "’twere ’twill ’bout ’round"),
        ("en", "the keeper's", "the keeper’s"),
        ("en", "the keepers' book", "the keepers’ book"),
        ("en", "He said \"she said 'no' to it\" twice", "He said “she said ‘no’ to it” twice"),
        ("en", '("a") ["b"] —"c"', "(“a”) [“b”] —“c”"),
        ("en", "6' tall, 5'10\" wide", "6′ tall, 5′10″ wide"),
        ("en", 'a "lock 7" here', "a “lock 7” here"),
        ("en", 'so" it', "so” it"),
    ],
)
def test_marks_of_a_typewriter_are_set(lang: str, typed: str, wanted: str) -> None:
    assert typography._set(typed, "", lang, [0, 0]) == wanted


@pytest.mark.parametrize("element", ["pre", "code", "kbd", "samp", "var"])
def test_what_a_machine_says_is_not_set(element: str) -> None:
    tree = xhtml(article("a.html", page(body=f'<p>Type <{element}>a -- "b"...</{element}> or "c".</p>')).root)
    assert f'>a -- "b"...</{element}>' in tree and "“c”" in tree


@pytest.mark.parametrize("lang", ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ckb", "dv", "ar-EG"])
def test_a_text_that_is_written_from_the_right(lang: str) -> None:
    assert 'dir="rtl"' in xhtml(article("a.md", f"---\nlang: {lang}\n---\n\n# A\n\nWords.\n").root)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", "---\ntitle: A\n---\n\nThe **gate**.\n", ".md"),
        ("a.txt", "# Gate\n\nThe **gate**.\n", ".md"),
        ("a.txt", "See [it](https://example.org/), the **gate**.\n", ".md"),
        ("a.txt", "See [it](b.md), the **gate**.\n", ".md"),
        ("a.txt", "So[^1] the **gate**.\n\n[^1]: Note\n", ".md"),
        ("a.txt", "```\nx\n```\nThe **gate**.\n", ".md"),
        ("a.text", "# Gate\n\nThe **gate**.\n", ".md"),
        ("a", "# Gate\n\nThe **gate**.\n", ".md"),
        ("a.txt", "The **gate** opened.\n", ".txt"),
        ("a.txt", "# Gate\n\nIt opened.\n", ".txt"),
        *(("a.txt", f"<{tag} class='x'>Gate</{tag}>", ".html") for tag in listed("p div h1 h6 ul ol table blockquote section")),
        ("a.txt", "<b>Gate</b> opens", ".txt"),
        ("a.txt", "Gate <p>opens</p>", ".txt"),
        *(("a.xml", f"{start}>", ".html") for start in ("<!DOCTYPE html", "<html", "<head", "<BODY", "<article", "<main")),
        ("a.xml", "<?xml version='1.0'?>\n<!-- x -->\n<html>", ".html"),
        *(("a.xml", f"<{root}>", ".rss") for root in ("rss", "rdf:RDF", "feed", "channel")),
        ("a.xml", "<opml>", ".opml"),
        ("a.xml", "<?xml version='1.0'?><!-- x --><!DOCTYPE nitf SYSTEM 'n.dtd'>\n<nitf>", ".nitf"),
        ("a.xml", "<!DOCTYPE nitf [<!ENTITY a 'b'>]><nitf>", ".nitf"),
        *(
            ("a.xml", f"<n:{root} x='y'>", ".newsml")
            for root in (
                "newsItem",
                "packageItem",
                "conceptItem",
                "knowledgeItem",
                "planningItem",
                "newsMessage",
                "catalogItem",
                "contentSet",
                "groupSet",
                "NewsML",
            )
        ),
        ("a.txt", "<rss>", ".rss"),
        ("a.xml", "<other>", ".xml"),
        ("a.txt", "<other>", ".txt"),
        ("a.json", '{"version": "https://jsonfeed.org/version/1"}', ".jsonfeed"),
        ("a.json", '{"items": [], "home_page_url": "x"}', ".jsonfeed"),
        ("a.json", '{"items": []}', ".json"),
        ("a.json", '{"nbformat": 4, "cells": []}', ".ipynb"),
        ("a.json", '{"nbformat": 4}', ".json"),
        *(
            ("a.json", f'[{{"uri": "x", "{key}": 1}}]', ".ninjs")
            for key in (
                "versionCreated",
                "headlines",
                "headline",
                "bodies",
                "body_text",
                "body_xhtml",
                "pubStatus",
                "associations",
                "renditions",
                "descriptions",
                "eventDetails",
                "events",
            )
        ),
        ("a.json", '{"headline": "x", "body_text": "x"}', ".ninjs"),
        ("a.json", '{"headline": "x"}', ".json"),
        ("a.json", "[1]", ".json"),
        ("a.json", '{"headline": ', ".ninjs"),
        ("a.json", '{"version": "https://jsonfeed.org/version/1", ', ".jsonfeed"),
        ("a.txt", '{"headline": ', ".txt"),
        ("a.TXT", "Gate", ".txt"),
        ("a.zip", "Gate", ".zip"),
        ("a.txt", "%PDF-1.7", ".pdf"),
        ("a.txt", b"\x89PNG\r\n", ".png"),
        ("a.md", b"\xff\xd8\xff\xe0", ".jpg"),
        ("a.md", "GIF89a", ".gif"),
        ("a.md", "RIFFxxxx", ".riff"),
        ("a.txt", "{\\rtf1 x", ".rtf"),
        ("a.zip", "PK\x03\x04 application/epub+zip", ".epub"),
        ("a.zip", "PK\x03\x04 application/vnd.oasis.opendocument.text", ".odt"),
        ("a.zip", "PK\x03\x04 word/document.xml", ".docx"),
        ("a.epub", "PK\x03\x04\x00 x", ".epub"),
        ("a.odt", "PK\x03\x04\x00 x", ".odt"),
        ("a.docx", "PK\x03\x04\x00 x", ".docx"),
        *((f"a.{suffix}", "Only text.", ".txt") for suffix in ("docx", "odt", "epub")),
        ("a.docx", "Text \0 and not", ".docx"),
        ("a.docx", b"\xff\xfe", ".docx"),
        *(("a.txt", f"Subject: A\n{header}: x\n\nText", ".eml") for header in ("MIME-Version", "content-type", "Received")),
        ("a.txt", "Subject: A\n folded\nMessage-ID: x\n\nText", ".eml"),
        ("a.txt", "Subject: A\nFrom: x\n\nText", ".txt"),
        ("a.txt", "From x@example.org Thu Mar 12 08:00:00 2026\nSubject: A\n\nText", ".mbox"),
        ("a.mht", "Subject: A\nMIME-Version: 1.0\n\nText", ".mhtml"),
        ("a.eml", "Snapshot-Content-Location: x\nContent-Type: multipart/related; b=c\n\nText", ".mhtml"),
        ("a.eml", "From: <Saved by a browser>\nContent-Type: multipart/related; b=c\n\nText", ".mhtml"),
        ("a.eml", "From: x\nContent-Type: multipart/related; b=c\n\nText", ".eml"),
        ("a.eml", "Content-Location: x\nContent-Type: multipart/mixed; b=c\n\nText", ".eml"),
        ("a.xml", "\ufeff<rss>".encode("utf-16"), ".rss"),
        ("a.xml", "<rss>".encode("utf-16-be"), ".rss"),
        ("a.xml", "\ufeff \n<rss>", ".rss"),
    ],
)
def test_the_format_of_a_file_is_seen_in_its_content(name: str, data: str | bytes, kind: str) -> None:
    assert kind_of(name, data.encode() if isinstance(data, str) else data) == kind


@pytest.mark.parametrize(
    "slug",
    [
        "BC-LOCK-Gate",
        "LOCK-GATE/ (UPDATE 2)",
        "a1-lock-gate, 2nd Ld",
        "a1-lock-gate, 4th Ld",
        "LOCK Ld-Writethru",
        "Lock-gate-spring",
    ],
)
def test_a_slug_above_the_headline_is_recorded_as_one(slug: str) -> None:
    found = wire(slug, "Gate opens early", PROSE, SECOND)
    assert found.metadata.title == "Gate opens early" and rules(found) == {slug: "slug"}


@pytest.mark.parametrize("take", ["2nd take of the gate", "3 take", "take 2", "ZCZC KWS0012"])
def test_the_number_of_a_take_is_recorded_as_a_slug(take: str) -> None:
    assert rules(wire(take, "Gate opens early", PROSE, SECOND)) == {take: "slug"}


def test_a_headline_with_a_hyphen_is_no_slug() -> None:
    assert wire("Spring-opening of the gate", PROSE, SECOND).metadata.title == "Spring-opening of the gate"


@pytest.mark.parametrize(
    "end",
    ["-30-", "— 30 —", "30", "ENDS", "END", "(END)", "##", "###", "NNNN", "MORE", "(MORE)", "--MORE--", "me/pd", "me/pd/il"],
)
def test_a_mark_at_the_end_is_recorded_as_one(end: str) -> None:
    found = wire("Gate opens early", PROSE, SECOND, end)
    assert rules(found) == {end: "end mark"} and end not in xhtml(found.root)


@pytest.mark.parametrize("start", ["Reporting", "Additional reporting", "Writing", "Editing", "Compiled"])
def test_credits_in_parentheses_end_a_story(start: str) -> None:
    credit = f"({start} by Mara Ennis)"
    assert f'<p class="credit">{credit}</p>' in xhtml(wire("Gate opens early", PROSE, SECOND, credit, "###").root)


@pytest.mark.parametrize(
    "line",
    [
        "Pim Dole contributed to this report.",
        "Pim Dole reported from Port Kalyra.",
        "Pim Dole was reporting from Port Kalyra",
        "Writing by Pim Dole",
        "Editing by Pim Dole",
        "Reporting by Pim Dole",
        "Staff writer Pim Dole was at the lock.",
        "Staff reporters were at the lock.",
        "Staff journalist Pim Dole was at the lock.",
    ],
)
def test_lines_under_the_last_rule_are_credits(line: str) -> None:
    found = wire("Gate opens early", PROSE, SECOND, "___", line, line)
    assert xhtml(found.root).count(f'<p class="credit">{line}</p>') == 2 and rules(found) == {"___": "rule above the credits"}


def test_a_rule_before_prose_stays_a_rule() -> None:
    for rule in ("___", "* * *", "****"):
        tree = xhtml(wire("Gate opens early", PROSE, rule, SECOND).root)
        assert "<hr/>" in tree and "credit" not in tree


@pytest.mark.parametrize(
    "line",
    [
        "Notizblock",
        "## Notizblock",
        "This part is not for publication",
        "Nicht zur Veröffentlichung bestimmt",
        "Avis de fin de service",
    ],
)
def test_what_is_not_for_publication_is_removed_to_the_end(line: str) -> None:
    found = wire("Gate opens early", PROSE, SECOND, line, "Call the desk.", "* * *")
    assert set(rules(found).values()) == {"to editors, not for publication"} and "desk" not in xhtml(found.root)
    assert "Call the desk." in rules(found)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *((word, "embargo") for word in ("EMBARGO", "EMBARGOED until 6", "SPERRFRIST 6.00")),
        *((word, "not-usable") for word in ("WITHDRAWN", "HOLD", "HOLD: legal", "HOLD FOR THE DESK", "KILL", "KILLED - wrong")),
        *((word, "advisory") for word in ("CORRECTION", "CORRECTS hour", "CORRECTED", "EDS: new", "Eds: new", "EDITORS: new")),
        *(
            (word, "advisory")
            for word in ("ATTENTION EDITORS", "ATTENTION - new", "BERICHTIGUNG", "RECTIFICATIF", "ADVISORY: new")
        ),
        *((word, "advisory") for word in ("URGENT", "FLASH", "BULLETIN", "FLASH!")),
    ],
)
def test_a_line_to_editors_is_a_message_and_metadata(word: str, code: str) -> None:
    text = "\n\n".join([word, "Gate opens early", PROSE, SECOND])
    manuscript = Manuscript(Path("a.txt"), text.encode(), "a.txt")
    (found,) = articles_of(manuscript)
    assert found.metadata.advisories == (word,) and found.metadata.title == "Gate opens early"
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [(code, 1)]


@pytest.mark.parametrize(
    "line", ["Hold the gate", "HOLD your horses", "KILLED, he said", "URGENT repairs at the weir", "EDSEL park opens"]
)
def test_a_headline_that_begins_like_a_line_to_editors(line: str) -> None:
    found = wire(line, PROSE, SECOND)
    assert found.metadata.advisories == (("KILLED, he said",) if line.startswith("KILLED") else ())


def test_lines_to_editors_also_stand_under_the_headline() -> None:
    found = wire("Gate opens early", "Eds: adds the hour", "CORRECTS HOUR", "By Mara Ennis", PROSE, SECOND)
    assert set(found.metadata.advisories) == {"Eds: adds the hour", "CORRECTS HOUR"} and found.metadata.authors == ("Mara Ennis",)


@pytest.mark.parametrize("by", listed("By BY Par Von Por Di Door Av Af Autor Autor: Yazan Yazan: Автор Автор: Від От"))
def test_the_byline_of_wire_copy(by: str) -> None:
    found = wire("Gate opens early", f"{by} Mara Ennis", PROSE, SECOND)
    assert found.metadata.authors == ("Mara Ennis",) and rules(found) == {f"{by} Mara Ennis": "byline, now in the header"}


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        *((f"By Mara Ennis {word} Pim Dole", ("Mara Ennis", "Pim Dole")) for word in listed("and et und y e &")),
        ("By Mara Ennis, Pim Dole and Ivo Lange", ("Mara Ennis", "Pim Dole", "Ivo Lange")),
        ("By MARA ENNIS", ("Mara Ennis",)),
        ("By M.J. DOLE", ("M.J. DOLE",)),
        ("By MARA MCENNIS", ("MARA MCENNIS",)),
        *((f"By Mara {word} Ennis", (f"Mara {word} Ennis",)) for word in ("de", "van", "von")),
        ("By Mara of Kalyra", ()),
        (f"By {'Mara ' * 13}", ()),
        ("By mara", ()),
    ],
)
def test_who_is_in_the_byline_of_wire_copy(line: str, authors: tuple[str, ...]) -> None:
    assert wire("Gate opens early", line, PROSE, SECOND).metadata.authors == authors


@pytest.mark.parametrize("last", ["Press", "News", "Agency", "Service", "Writer", "Writers", "Correspondent"])
def test_whom_the_author_writes_for_goes_with_the_byline(last: str) -> None:
    found = wire("Gate opens early", "By Mara Ennis", f"Kalyra River {last}", PROSE, SECOND)
    assert rules(found)[f"Kalyra River {last}"] == "who the author writes for"


def test_a_head_without_blank_lines_is_taken_apart() -> None:
    found = wire(f"Gate opens early\nBy Mara Ennis\nKalyra Press\nUPPER LOCK (KWS) — {PROSE}", SECOND, SECOND)
    assert (found.metadata.title, found.metadata.authors) == ("Gate opens early", ("Mara Ennis",))
    assert "Kalyra Press" in rules(found) and found.metadata.dateline == "UPPER LOCK (KWS)"
    found = wire(f"Gate opens early\nUPPER LOCK (KWS) — {PROSE}", SECOND, SECOND)
    assert found.metadata.title == "Gate opens early" and found.metadata.dateline == "UPPER LOCK (KWS)"


@pytest.mark.parametrize(
    ("start", "dateline"),
    [
        ("UPPER LOCK (KWS) — ", "UPPER LOCK (KWS)"),
        ("UPPER LOCK, Kalyra — ", "UPPER LOCK, Kalyra"),
        ("UPPER LOCK, March 12 (KWS) - ", "UPPER LOCK, March 12 (KWS)"),
        ("HAUTE-ÉCLUSE – ", "HAUTE-ÉCLUSE"),
        ("VAL D'ECLUSE -- ", "VAL D'ECLUSE"),
        ("ST. KALYRA — ", "ST. KALYRA"),
        ("Upper Lock (KWS) - ", ""),
        ("Upper Lock — ", ""),
        ("U — ", ""),
        ("UPPER LOCK ", ""),
    ],
)
def test_the_dateline_of_wire_copy(start: str, dateline: str) -> None:
    found = wire("Gate opens early", start + PROSE, SECOND)
    assert found.metadata.dateline == dateline
    assert ('<span class="dateline">' in xhtml(found.root)) is bool(dateline)


@pytest.mark.parametrize(
    ("line", "is_subheading"),
    [
        ("What the keepers say", True),
        ("Who opens the gate?", True),
        ("Price up 7%", True),
        ("1934 and after", True),
        ("The keepers (of the lock)", True),
        ("What the keepers say.", False),
        ("What the keepers say:", False),
        ("what the keepers say", False),
        ("“What the keepers say”", False),
        ("- What the keepers say", False),
        ("What the keepers say of the gate that was hung in the year before", False),
        ("What the keepers\nsay", False),
    ],
)
def test_a_line_between_prose_is_a_subheading_if_it_looks_like_one(line: str, is_subheading: bool) -> None:
    tree = xhtml(wire("Gate opens early", PROSE, line, SECOND, PROSE).root)
    assert ("<h2" in tree) is is_subheading


def test_a_subheading_needs_prose_on_both_sides() -> None:
    assert "<h2" not in xhtml(wire("Gate opens early", "One barge", "What the keepers say", SECOND, PROSE).root)
    assert "<h2" not in xhtml(wire("Gate opens early", PROSE, "What the keepers say", "One barge", PROSE).root)
    assert "<h2" not in xhtml(
        wire("Gate opens early", PROSE, "What the keepers of the lock say", "It was so at the time.", PROSE).root
    )
    assert ">What they say</h2>" in xhtml(wire("Gate opens early", PROSE, "- What they say -", SECOND).root)


@pytest.mark.parametrize(
    ("block", "markup"),
    [
        *((f"{mark} one\n{mark} two", "<ul><li>one</li><li>two</li></ul>") for mark in "*•·‣▪-"),
        ("* one", "<ul><li>one</li></ul>"),
        ("1. one\n2) two", "<ol><li>one</li><li>two</li></ol>"),
        ("3. one\n4. two", '<ol start="3"><li>one</li><li>two</li></ol>'),
        ("1. one\n3. two", "<p>1. one 3. two</p>"),
        ("1. one.", "<p>1. one.</p>"),
        ("As follows:\n* one\n* two", "<p>As follows:</p>\n<ul><li>one</li><li>two</li></ul>"),
        ("As follows:\n* one", "<p>As follows: * one</p>"),
        ("* one\n  more\n* two", "<ul><li>one more</li><li>two</li></ul>"),
        ("* one\nmore\n* two", "<p>* one more * two</p>"),
    ],
)
def test_lists_of_wire_copy(block: str, markup: str) -> None:
    assert markup in xhtml(wire("Gate opens early", PROSE, block, SECOND).root)


@pytest.mark.parametrize(
    ("block", "columns"),
    [
        ("Lock      Level\nUpper     2.10\nBridge    1.75", 2),
        ("Lock\tLevel\nUpper\t2.10\nBridge\t1.75", 2),
        ("          Level\nUpper     2.10\nBridge    1.75", 2),
        ("Lock      Level\n=====     =====\nUpper     2.10\nBridge    1.75", 2),
        ("Lock      Level\nUpper     2.10", 0),
        ("Lock      Level\nUpper     high\nBridge    low", 0),
        ("Lock      Level\nUpper     2.10\nBridge    1.75    x", 0),
        ("Lock\nUpper 2.10\nBridge 1.75", 0),
    ],
)
def test_tables_of_wire_copy(block: str, columns: int) -> None:
    tree = xhtml(wire("Gate opens early", PROSE, block, SECOND).root)
    assert tree.count("<tr>") == (3 if columns else 0) and tree.count("2.10") <= 1 and "=====</td>" not in tree


def test_a_headline_that_stands_twice_has_a_standfirst_between() -> None:
    found = wire("Gate opens early", "Barges pass at seven", "Gate Opens Early", PROSE, SECOND)
    assert found.metadata.subtitle == "Barges pass at seven" and rules(found) == {"Gate Opens Early": "repeated headline"}


@pytest.mark.parametrize("line", ["Gate opens early.", "Gate opens early:", "Gate opens early;", " ".join(["gate"] * 41)])
def test_a_line_that_is_no_headline(line: str) -> None:
    manuscript = Manuscript(Path("upper-lock_gate.txt"), f"{line}\n\n{PROSE}\n\n{SECOND}".encode(), "upper-lock_gate.txt")
    assert articles_of(manuscript)[0].metadata.title == "upper lock gate"


def test_several_stories_of_a_file_end_with_marks() -> None:
    story = ["Gate opens early", PROSE, SECOND, "###"]
    text = "\n\n".join([*story, "BC-MILL-Space", "2nd take", "Mill buys space", PROSE, SECOND, "###", "Only a line."])
    found = articles_of(Manuscript(Path("a.txt"), text.encode(), "a.txt"))
    assert [one.metadata.title for one in found] == ["Gate opens early", "Mill buys space"]


def test_a_text_of_lines_and_one_with_indents_are_paragraphs() -> None:
    assert xhtml(wire(f"Gate opens early\n{PROSE}\n{SECOND}").root).count("<p>") == 2
    indented = f"Gate opens early\n\n  {PROSE}\n  {SECOND}\nmore of it\n\n{PROSE}"
    assert xhtml(wire(indented).root).count("<p>") == 3
    assert f"{SECOND} more of it</p>" in xhtml(wire(indented).root)


def mail(body: str, *headers: str, kind: str = "html") -> Article:
    head = ["From: Morning Desk <desk@example.org>", "Subject: Gate", "MIME-Version: 1.0", *headers]
    text = "\n".join([*head, f"Content-Type: text/{kind}; charset=utf-8", "", body])
    return article("a.eml", text)


@pytest.mark.parametrize("name", ["url", "u", "target", "redirect", "redirect_url", "dest", "destination", "link", "q", "to"])
def test_a_tracking_link_names_its_target(name: str) -> None:
    assert link_target(f"https://example.com/x?{name}=https%3A%2F%2Fexample.org%2Fgate") == "https://example.org/gate"
    assert link_target(f"https://example.com/x?{name}=gate") == f"https://example.com/x?{name}=gate"


@pytest.mark.parametrize(
    "host", listed("click track tracking link links email go r lnk lnks trk safelinks urldefense list-manage Click news.click")
)
def test_hosts_that_track(host: str) -> None:
    query = "a=1&b=2&c=3&url=https%3A%2F%2Fexample.org%2Fgate"
    assert link_target(f"https://{host}.example.com/?{query}") == "https://example.org/gate"
    assert link_target(f"https://x{host.replace('news.', '')}.example.com/?{query}").startswith("https://x")


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://click.example.com/L0/https:%2F%2Fexample.org%2Fgate", "https://example.org/gate"),
        ("https://click.example.com/L0/https:/example.org/gate", "https://example.org/gate"),
        ("https://click.example.com/c/aHR0cHM6Ly9leGFtcGxlLm9yZy9nYXRl/x", "https://example.org/gate"),
        ("https://click.example.com/c/aHR0cHM6Ly9leGFtcGxlLm9yZy9nYXRlcw", "https://example.org/gates"),
        ("https://click.example.com/c/aHR0c__9/x", "https://click.example.com/c/aHR0c__9/x"),
        ("https://example.com/L0/https://example.org/gate", "https://example.com/L0/https://example.org/gate"),
        ("https://click.example.com/?u=https://go.example.com/?u=https%3A%2F%2Fexample.org%2Fgate", "https://example.org/gate"),
        ("https://example.com/?a=1&b=2&u=https://example.org/gate", "https://example.org/gate"),
        ("https://[bad", "https://[bad"),
        ("https://example.org/gate", "https://example.org/gate"),
    ],
)
def test_where_a_link_of_a_mail_leads(address: str, target: str) -> None:
    assert link_target(address) == target


@pytest.mark.parametrize(
    "line",
    [
        "Unsubscribe",
        "Update your preferences",
        "Manage preferences",
        "Change email preferences",
        "View in browser",
        "View this mail online",
        "Web version",
        "Webversion",
        "Forward to a friend",
        "Newsletter abmelden",
        "Abbestellen",
        "Im Browser ansehen",
        "Se désabonner",
        "Se désinscrire",
        "Voir dans le navigateur",
        "Darse de baja",
        "Cancelar la suscripción",
        "Ver en el navegador",
        "Cancelar inscrição",
        "Cancelar a subscrição",
        "Ver no navegador",
        "Disiscriviti",
        "Apri nel browser",
        "Uitschrijven",
        "Avregistrera",
        "Відписатися",
        "Отписаться",
    ],
)
def test_lines_of_the_mailing_are_recorded_as_such(line: str) -> None:
    found = mail(f"<p>{PROSE}</p><p>Our <a href='https://example.org/x'>{line}</a> page</p>")
    assert rules(found) == {f"Our {line} page": "of the mailing, not of its text"} and line not in xhtml(found.root)


@pytest.mark.parametrize(
    "path", ["unsub?x", "optout", "opt-out", "x.list-manage", "preference/1", "preferences?a", "u/abcdefghijkl"]
)
def test_a_link_personal_to_the_recipient_is_not_passed_on(path: str) -> None:
    found = mail(f"<p>{PROSE} {SECOND} {PROSE} {SECOND} <a href='https://example.org/{path}'>Here</a>.</p>")
    assert "example.org" not in xhtml(found.root) and "Here" in xhtml(found.root) and not found.removed


@pytest.mark.parametrize(
    ("table", "stays"),
    [
        ("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", True),
        ("<table><tr><th>a</th></tr><tr><td><p>b</p></td></tr></table>", True),
        ("<table role='presentation'><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", False),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", False),
        ("<table><tr><td>a</td><td>b</td></tr></table>", False),
        *(
            (f"<table><tr><td><{tag}>a</{tag}></td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", False)
            for tag in ("p", "h1", "h2", "h3", "div")
        ),
        ("<table><tr><td><ul><li>a</li></ul></td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", False),
    ],
)
def test_tables_of_a_mail_that_only_arrange_are_opened(table: str, stays: bool) -> None:
    assert ("<table" in xhtml(mail(f"<p>{PROSE}</p>{table}").root)) is stays


def test_what_the_headers_of_a_mail_say() -> None:
    headers = ["Date: Thu, 12 Mar 2026 08:00:00 +0000", "Message-ID: <m1@example.org>"]
    found = mail(PROSE, *headers, kind="plain").metadata
    assert (found.title, found.authors, str(found.date), found.identity) == ("Gate", (), "2026-03-12", "<m1@example.org>")
    assert (found.source.publication, found.source.title, str(found.source.date)) == ("Morning Desk", "Gate", "2026-03-12")
    found = mail(f"<html lang='de'><body><p>{PROSE}</p></body></html>", 'List-Id: "Kalyra Wire" <wire.example.org>').metadata
    assert (found.publisher, found.authors, found.lang) == ("Kalyra Wire", ("Morning Desk",), "de")
    assert found.source.publication == "Kalyra Wire"
    assert article("a.eml", f"From: desk@example.org\nSubject: A\nMIME-Version: 1.0\n\n{PROSE}").metadata.source.publication == (
        "desk@example.org"
    )


def meta(head: str = "", body: str = "<p>Words</p>", html: str = "") -> Metadata:
    parsed = lxml.html.document_fromstring(f"<html {html}><head>{head}</head><body>{body}</body></html>")
    return page_metadata(parsed, parsed.find("body")).metadata


META = {
    "title": [
        "dc:title",
        "dcterm:title",
        "dcterms.title",
        "dc.title",
        "og:title",
        "citation_title",
        "weibo:article:title",
        "weibo:webpage:title",
        "title",
        "twitter:title",
        "parsely-title",
    ],
    "authors": [
        "dc:creator",
        "dcterm:creator",
        "dcterms.creator",
        "dc.creator",
        "citation_author",
        "author",
        "parsely-author",
        "sailthru.author",
    ],
    "date": [
        "article:published_time",
        "parsely-pub-date",
        "citation_publication_date",
        "citation_date",
        "dc:date",
        "dc.date",
        "dcterms.created",
        "dcterms.date",
        "date",
        "pubdate",
        "publish-date",
        "sailthru.date",
        "datepublished",
    ],
    "publisher": ["og:site_name", "citation_journal_title", "application-name"],
    "description": [
        "dc:description",
        "dcterm:description",
        "og:description",
        "weibo:article:description",
        "description",
        "twitter:description",
    ],
}
VALUES = {
    "title": ("Gate opens", "Gate opens"),
    "authors": ("By Mara Ennis", ("Mara Ennis",)),
    "date": ("2026-03-12T08:00:00Z", "2026-03-12"),
    "publisher": ("Kalyra Wire", "Kalyra Wire"),
    "description": ("Barges  pass", "Barges pass"),
}


@pytest.mark.parametrize("attribute", ["name", "property", "itemprop"])
@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in META.items() for name in names])
def test_a_meta_element_states_it(field: str, name: str, attribute: str) -> None:
    content, value = VALUES[field]
    found = getattr(meta(f'<meta {attribute}="x {name.upper()}" content=" {content} "><title>X</title>'), field)
    assert (found if isinstance(found, tuple) else str(found)) == value


@pytest.mark.parametrize("field", META)
def test_meta_elements_have_an_order(field: str) -> None:
    values = {"authors": "Mara E{}", "date": "2026-03-{}"}
    for first, second in zip(META[field], META[field][1:], strict=False):
        one, two = (values.get(field, "Gate {}").format(number) for number in ("12", "13"))
        found = getattr(meta(f'<meta name="{second}" content="{two}"><meta name="{first}" content="{one}">'), field)
        assert one in str(found), (first, second)


def test_which_of_the_statements_of_a_page_counts() -> None:
    assert meta('<meta property="article:author" content="Mara Ennis">').authors == ("Mara Ennis",)
    assert meta('<meta property="article:author" content="https://example.org/m">').authors == ()
    assert meta('<meta name="author" content="https://example.org/m">').authors == ()
    assert meta('<meta name="author" content="Pim Dole"><meta name="article:author" content="Mara Ennis">').authors == (
        "Pim Dole",
    )
    several = "".join(f'<meta name="citation_author" content="{name}">' for name in ("Mara Ennis", "Pim Dole"))
    assert meta(several).authors == ("Mara Ennis", "Pim Dole")
    assert str(meta('<meta name="dc:date" content="soon"><meta name="date" content="2026-03-12">').date) == "2026-03-12"
    assert meta('<meta name="author" content=""><meta name="author" content="Pim Dole">').authors == ("Pim Dole",)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://example.org/a">', "https://example.org/a"),
        ('<link rel="nofollow canonical" href="https://example.org/a">', "https://example.org/a"),
        ('<link rel="alternate" href="https://example.org/a">', ""),
        ('<link rel="canonical" href="/a"><meta property="og:url" content="https://example.org/b">', "https://example.org/b"),
        (
            '<link rel="canonical" href="https://example.org/a"><meta property="og:url" content="https://example.org/b">',
            "https://example.org/a",
        ),
        ('<meta property="og:url" content="/b">', ""),
    ],
)
def test_the_address_of_a_page(head: str, url: str) -> None:
    found = meta(f'{head}<title>Gate opens early</title><meta property="og:site_name" content="Kalyra Wire">')
    assert found.url == url and found.source.url == url
    assert (found.source.title, found.source.publication) == (("Gate opens early", "Kalyra Wire") if url else ("", ""))


@pytest.mark.parametrize(
    ("html", "head", "lang"),
    [
        ('lang="de"', "", "de"),
        ('xml:lang="de"', "", "de"),
        ('lang=" "', '<meta name="content-language" content="fr">', "fr"),
        ("", '<meta property="og:locale" content="pt_BR">', "pt-BR"),
        ("", '<meta property="og:locale" content="fr_FR"><meta name="content-language" content="it">', "it"),
        ('lang="de"', '<meta name="content-language" content="fr">', "de"),
    ],
)
def test_the_language_that_a_page_states(html: str, head: str, lang: str) -> None:
    assert meta(head, html=html).lang == lang


def test_the_language_of_the_body_counts_where_the_page_has_none() -> None:
    parsed = lxml.html.document_fromstring("<html><body lang='nl'><p>Words</p></body></html>")
    assert page_metadata(parsed, parsed.find("body")).metadata.lang == "nl"


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        ("Gate opens early - Kalyra Wire", "", "Gate opens early"),
        ("Gate opens early | Kalyra Wire", "", "Gate opens early"),
        *((f"The new gate opens early {mark} Kalyra Wire", "", "The new gate opens early") for mark in "|–—»>/\\·•-"),
        ("Wire - Gate opens early at seven", "", "Gate opens early at seven"),
        ("Gate-opening of the year", "", "Gate-opening of the year"),
        ("Gate - Kalyra", "", "Gate - Kalyra"),
        ("Gate opens - Kalyra", "<h2>Gate opens - Kalyra</h2>", "Gate opens - Kalyra"),
        ("Gate opens early - Wire", "<h1>The gate opens</h1>", "The gate opens"),
        ("Gate opens early today again - Wire", "<h1>Gate</h1>", "Gate opens early today again"),
        ("Wire", "<h1>Gate</h1>", "Gate"),
        ("Gate opens early", "<h1>One two</h1><h1>Three four</h1>", "Gate opens early"),
        ("", "<h1>Gate</h1><h1>Weir</h1>", "Gate"),
    ],
)
def test_the_title_of_a_page(title: str, body: str, wanted: str) -> None:
    head = f"<title>{title}</title>" if title else ""
    if title in ("Gate opens early - Kalyra Wire", "Gate opens early | Kalyra Wire"):
        body = "<h2>Gate opens early</h2>"  # a shorter title is trusted if it stands on the page
    assert meta(head, body).title == wanted


def test_a_stated_title_gives_way_to_the_headline_that_is_a_part_of_it() -> None:
    head = '<meta property="og:title" content="Gate opens | Kalyra Wire">'
    assert meta(head, "<h1>Gate opens</h1>").title == "Gate opens"
    assert meta(head, "<h1>Gate</h1>").title == "Gate opens | Kalyra Wire"


def ld(value: object, extra: str = "") -> Metadata:
    return meta(f'{extra}<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>')


@pytest.mark.parametrize(
    "kind",
    listed("Article NewsArticle BlogPosting LiveBlogPosting Report CreativeWork WebPage Review Recipe Book"),
)
def test_kinds_of_json_ld_that_are_articles(kind: str) -> None:
    assert ld({"@type": kind, "headline": "Gate opens"}).title == "Gate opens"
    assert ld({"@type": f"{kind}List", "headline": "Gate opens"}).title == ""


@pytest.mark.parametrize(
    "value",
    [
        {"@graph": [{"@type": "Organization"}, {"@type": "Article", "headline": "Gate opens"}]},
        [{"@type": "Person", "name": "X"}, {"@type": "Article", "headline": "Gate opens"}],
        [[{"@type": "Article", "headline": "Gate opens"}]],
        {"@type": "Article", "headline": " ", "name": "Gate  opens"},
        '//<![CDATA[\n{"@type": "Article", "headline": "Gate opens"}\n//]]>',
        '<![CDATA[{"@type": "Article", "headline": "Gate opens"}]]>',
        '{"@type": "Article", "headline": "Gate\nopens"}',
        '{"@type": "Article", "headline": "Gate &#111;pens"}',
    ],
)
def test_where_json_ld_has_the_article(value: object) -> None:
    assert ld(value).title == "Gate opens"


def test_broken_json_ld_is_passed_over() -> None:
    head = '<script type="application/ld+json">{"@type": </script><script>{"@type": "Article", "headline": "No"}</script>'
    assert ld({"@type": "Article", "headline": "Gate opens"}, head).title == "Gate opens"
    assert ld({"@type": 7, "headline": "X"}).title == "" and ld("7").title == ""


def test_of_headline_and_name_the_one_like_the_title_counts() -> None:
    item = {"@type": "Article", "headline": "Barges pass at last", "name": "Gate opens early"}
    assert ld(item, "<title>Gate opens early - Wire</title>").title == "Gate opens early"
    assert ld(item, "<title>Barges pass at last - Wire</title>").title == "Barges pass at last"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Mara Ennis", ("Mara Ennis",)),
        ({"name": "Mara Ennis"}, ("Mara Ennis",)),
        ([{"name": "Mara Ennis"}, "Pim Dole"], ("Mara Ennis", "Pim Dole")),
        ({"name": ["Mara Ennis", "Pim Dole"]}, ("Mara Ennis", "Pim Dole")),
        ("By Mara Ennis and Pim Dole", ("Mara Ennis", "Pim Dole")),
        ("Mara &amp; Ennis", ("Mara", "Ennis")),
        ("https://example.org/m", ()),
        (7, ()),
        ([{"name": 7}], ()),
    ],
)
def test_who_json_ld_says_wrote_it(author: object, names: tuple[str, ...]) -> None:
    assert ld({"@type": "Article", "author": author}).authors == names


def test_what_else_json_ld_says() -> None:
    item = {
        "@type": "Article",
        "datePublished": "2026-03-12T08:00",
        "description": "Barges &amp; mills",
        "publisher": [{"name": "Wire"}],
    }
    head = '<meta name="description" content="X"><meta name="og:site_name" content="Y"><meta name="date" content="2026-01-01">'
    found = ld(item, head)
    assert (str(found.date), found.description, found.publisher) == ("2026-03-12", "Barges & mills", "Wire")
    found = ld({"@type": "Article", "publisher": "Wire"}, head)
    assert (str(found.date), found.description, found.publisher) == ("2026-01-01", "X", "Y")


def image_of(html: str, *beside: str) -> list[str]:
    parsed = lxml.html.document_fromstring(f"<div>{html}</div>")
    resolve_image_sources(parsed, lambda address: address in beside)
    assert not list(parsed.iter("picture", "source"))
    return [str(image.get("src")) for image in parsed.iter("img")]


@pytest.mark.parametrize(
    "name",
    listed("data-src data-original data-lazy-src data-orig-file data-hi-res-src data-full-src data-url data-image"),
)
def test_an_image_that_is_loaded_late(name: str) -> None:
    assert image_of(f'<img src="small.jpg" {name}="big.jpg">') == ["big.jpg"]
    assert image_of(f'<img src="small.jpg" {name}="pictures/7">') == ["pictures/7"]
    assert image_of(f'<img src="small.jpg" {name}="7">') == ["small.jpg"]
    assert image_of(f'<img src="small.jpg" {name}="a b.jpg">') == ["small.jpg"]


@pytest.mark.parametrize("name", ["data-srcset", "data-lazy-srcset", "srcset"])
def test_of_several_sizes_the_largest(name: str) -> None:
    assert image_of(f'<img src="s.jpg" {name}="a.jpg 300w, b.jpg 900w, c.jpg 600w">') == ["b.jpg"]
    assert image_of(f'<img src="s.jpg" {name}="a.jpg, b.jpg 2x">') == ["b.jpg"]
    assert image_of(f'<img src="s.jpg" {name}="data:image/gif;base64,R0lG 900w, b.jpg 300w">') == ["b.jpg"]


@pytest.mark.parametrize(
    "source",
    [
        "data:image/gif;base64,R0lG",
        "data:image/svg+xml;utf8,x",
        "data:image/png;base64,x",
        "blank.gif",
        "img/spacer.png",
        "img_placeholder.svg",
        "a-pixel.jpg",
        "loading-2.jpeg",
        "lazy.png",
        "1x1.gif",
        "transparent.png",
        "grey.gif",
    ],
)
def test_a_placeholder_gives_way_to_any_image_that_the_element_names(source: str) -> None:
    assert image_of(f'<img src="{source}" data-other="https://example.org/gate.webp">') == ["https://example.org/gate.webp"]


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ('<img src="gate.jpg" data-other="https://example.org/x.jpg">', "gate.jpg"),
        ('<img src="blank.gif" data-other="//example.org/x.avif?w=2">', "//example.org/x.avif?w=2"),
        ('<img src="blank.gif" data-other="/x.gif">', "/x.gif"),
        ('<img src="blank.gif" data-other="x.gif">', "blank.gif"),
        ('<img src="blank.gif" other="/x.gif">', "blank.gif"),
        ('<img src="underlazy.gif">', "underlazy.gif"),
        (f'<img src="data:image/png;base64,{"A" * 300}">', f"data:image/png;base64,{'A' * 300}"),
        ('<picture><source srcset="a.avif" type="image/avif"><source srcset="b.webp 2x"><img src="c.jpg"></picture>', "b.webp"),
        ('<picture><source data-srcset="b.webp"><img src="c.jpg"></picture>', "b.webp"),
        ('<img src="lazy.gif"><noscript><img src="gate.jpg"></noscript>', "gate.jpg"),
        ('<span><img src="lazy.gif"></span><noscript><img src="gate.jpg"></noscript>', "gate.jpg"),
        ('<img src="weir.jpg"><noscript><img src="gate.jpg"></noscript>', "weir.jpg"),
        ('<p>Words</p><noscript><img src="gate.jpg"></noscript>', "gate.jpg"),
    ],
)
def test_the_best_copy_of_an_image(html: str, source: str) -> None:
    assert image_of(html) == [source]


def test_a_file_beside_the_page_is_the_best_copy() -> None:
    assert image_of('<img src="s.jpg" srcset="a.jpg 300w, b.jpg 900w" data-src="c.jpg">', "a.jpg") == ["a.jpg"]
    assert image_of('<p><img src="lazy.gif">Words</p><noscript><img src="gate.jpg"></noscript>') == ["lazy.gif", "gate.jpg"]
    assert image_of('<noscript><img src="a.jpg"><img src="b.jpg"></noscript>') == ["a.jpg", "b.jpg"]


SHAPE = '<path d="M0 0"/>'


@pytest.mark.parametrize(
    ("svg", "is_image"),
    [
        (f'<svg width="64" height="64">{SHAPE * 2}</svg>', True),
        (f'<svg width="64px" height=" 64 ">{SHAPE * 2}</svg>', True),
        (f'<svg width="63" height="64">{SHAPE * 2}</svg>', False),
        (f'<svg width="64" height="63">{SHAPE * 2}</svg>', False),
        (f'<svg width="64" height="64">{SHAPE}</svg>', False),
        *(
            (f'<svg width="64" height="64">{SHAPE}<{name}></{name}></svg>', True)
            for name in ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image")
        ),
        ('<svg width="64" height="64"><g></g><g></g></svg>', False),
        (f'<svg aria-hidden="true" width="64" height="64">{SHAPE * 2}</svg>', False),
        (f'<svg viewBox="0 0 64 64">{SHAPE * 6}</svg>', True),
        (f'<svg viewBox="0 0 64 64">{SHAPE * 5}</svg>', False),
        (f'<svg viewBox="0 0 64 63">{SHAPE * 6}</svg>', False),
        (f'<svg viewBox="0 0 64 64">{SHAPE}<text>7</text></svg>', True),
        (f'<svg width="1em" height="1em">{SHAPE * 6}</svg>', False),
        (f'<svg width="64" height="64">{SHAPE * 2}<use href="#a"/><path id="a"/></svg>', True),
        (f'<svg width="64" height="64">{SHAPE * 2}<use href="#b"/><path id="a"/></svg>', False),
        (f'<svg width="64" height="64">{SHAPE * 2}<use xlink:href="#b"/></svg>', False),
    ],
)
def test_drawings_become_images_and_icons_go(svg: str, is_image: bool) -> None:
    parsed = lxml.html.fragment_fromstring(f"<div>{svg}after</div>")
    inline_svg_to_img(parsed)
    assert (parsed.find("img") is not None) is is_image and parsed.find("svg") is None and parsed.text_content() == "after"


def test_a_drawing_of_a_page_is_whole_and_safe() -> None:
    svg = (
        '<svg id="a" class="b" width="90" height="80" viewBox="0 0 90 80" '
        'aria-label="" onclick="x()"><title>A chart</title><desc>Of it</desc>'
        '<linearGradient gradientUnits="userSpaceOnUse"/><clipPath/><script>x()</script><foreignObject>y</foreignObject>'
        "<text>Level <tspan>2.10</tspan> up</text><use xlink:href='#c'/><rect id='c'/></svg>"
    )
    parsed = lxml.html.fragment_fromstring(f"<div>{svg}</div>")
    inline_svg_to_img(parsed)
    image = parsed.find("img")
    assert {name: image.get(name) for name in ("id", "class", "width", "height", "alt")} == {
        "id": "a",
        "class": "b",
        "width": "90",
        "height": "80",
        "alt": "A chart",
    }
    drawing = base64.b64decode(image.get("src").partition("base64,")[2]).decode()
    for part in (
        'viewBox="0 0 90 80"',
        "<linearGradient gradientUnits",
        "<clipPath/>",
        'xlink:href="#c"',
        'xmlns="http://www.w3.org/2000/svg"',
    ):
        assert part in drawing
    assert "<text>Level <tspan>2.10</tspan> up</text>" in drawing and "script" not in drawing and "foreign" not in drawing.lower()
    labelled = lxml.html.fragment_fromstring(
        f"<div><svg width='90' height='90' aria-label='L'><title>T</title>{SHAPE * 2}</svg></div>"
    )
    inline_svg_to_img(labelled)
    assert labelled.find("img").get("alt") == "L"


def fragment(html: str, base: str = "", beside: bytes | None = None) -> tuple[str, list[str]]:
    manuscript = Manuscript(Path("a.html"), html.encode(), "a.html", opened={"b.html": b"x"})
    return fragment_markup(manuscript, html, base), [str(diagnostic.message) for diagnostic in manuscript.diagnostics]


@pytest.mark.parametrize(
    ("image", "stays"),
    [
        *((f'<img src="a.png" {side}="{size}">', False) for side in ("width", "height") for size in ("0", "1", "2", "1px")),
        *((f'<img src="a.png" style="{side}: {size}">', False) for side in ("width", "height") for size in ("1px", "0")),
        ('<img src="a.png" style="max-width: 1px">', True),
        ('<img src="a.png" width="3" height="3">', True),
        ('<img src="a.png">', True),
    ],
)
def test_images_that_only_track_are_removed(image: str, stays: bool) -> None:
    assert ("<img" in fragment(f"<p>Words {image}</p>")[0]) is stays


@pytest.mark.parametrize(
    ("href", "base", "address"),
    [
        ("c", "https://example.org/a/b", "https://example.org/a/c"),
        ("/c", "https://example.org/a/b", "https://example.org/c"),
        ("#c", "https://example.org/a/b", "#c"),
        ("https://example.org/a/b#c", "https://example.org/a/b", "https://example.org/a/b#c"),
        ("/a/b#c", "https://example.org/a/b", "#c"),
        ("mailto:x@example.org", "https://example.org/a/b", "mailto:x@example.org"),
        ("b.html", "https://example.org/a/b", "b.html"),
        ("c", "", "c"),
        ("c", "file:///a/b", "c"),
    ],
)
def test_addresses_of_a_saved_page_are_made_whole(href: str, base: str, address: str) -> None:
    assert f'href="{address}"' in fragment(f'<p><a href="{href}">Words</a></p>', base)[0]


def test_a_page_may_name_its_own_base() -> None:
    html = '<html><head><base target="x"><base href="/d/"></head><body><p><a href="c">Words</a></p></body></html>'
    assert 'href="https://example.org/d/c"' in fragment(html, "https://example.org/a/b")[0]


@pytest.mark.parametrize(
    ("player", "link"),
    [
        *(
            (f'<{tag} src="https://example.org/film" title="A film"></{tag}>', "https://example.org/film")
            for tag in ("iframe", "embed", "video", "audio")
        ),
        ('<object data="https://example.org/film" title="A film"></object>', "https://example.org/film"),
        ('<iframe data-src="//example.org/film" title="A film"></iframe>', "https://example.org/film"),
        ('<video title="A film"><source src="https://example.org/film"></video>', "https://example.org/film"),
    ],
)
def test_a_player_becomes_a_link_with_its_title(player: str, link: str) -> None:
    markup, messages = fragment(f"<div>{player} after</div>")
    assert f'<a class="player" href="{link}">A film</a></p> after' in markup and messages == []


def test_a_player_without_a_title_is_named_by_its_site_and_what_cannot_be_linked_is_a_message() -> None:
    assert ">example.org</a>" in fragment('<iframe src="https://example.org/film"></iframe>')[0]
    for tag in ("iframe", "object", "embed", "video", "audio", "canvas", "form"):
        assert fragment(f"<p>Words</p><{tag} src='film'></{tag}>")[1] == [f"a <{tag}> is left out: it cannot be printed"]


def test_players_in_markdown_have_the_line_of_their_html() -> None:
    manuscript = Manuscript(Path("a.md"), b"", "a.md")
    assert link_players(manuscript, "<b>x</b", 7) == "<b>x</b"
    assert link_players(manuscript, "<canvas></canvas>", 7) == "<canvas></canvas>"
    assert [diagnostic.location.line for diagnostic in manuscript.diagnostics] == [7]
    assert 'class="player"' in link_players(manuscript, '<IFRAME src="https://example.org/f"></IFRAME>', 7)
    assert "<img" in link_players(manuscript, f"<svg width='90' height='90'>{SHAPE * 2}</svg>", 7)


def test_classes_of_our_own_and_tooltips_of_a_page_mean_nothing() -> None:
    markup = fragment(
        '<p class="note credit">Words <img src="a.png" title="T" alt="A"></p><p class="task">x</p><a name="k">y</a>'
    )[0]
    assert '<p class="credit">' in markup and "title" not in markup and "task" not in markup and 'id="k"' in markup


def test_a_manifest_has_the_lines_of_its_keys() -> None:
    text = (
        'a = 1\n# b = 2\n[one]\nb = [\n  "c = 3",\n]\nd = """\ne = 4\n"""\n'
        '"f g" = 5\nh.i = 6\n[[two]]\nj = 1\n[[two]] # x\nj = { k = 2 }\n'
        "l = '''x'''\n'm' = 7\n[two.sub]\nn = 8\n"
    )
    assert key_lines(text) == {
        ("a",): 1,
        ("one",): 3,
        ("one", "b"): 4,
        ("one", "d"): 7,
        ("one", "f g"): 10,
        ("one", "h", "i"): 11,
        ("two", 0): 12,
        ("two", 0, "j"): 13,
        ("two", 1): 14,
        ("two", 1, "j"): 15,
        ("two", 1, "l"): 16,
        ("two", 1, "m"): 17,
        ("two", "sub"): 18,
        ("two", "sub", "n"): 19,
    }
    assert [line_of(text, path) for path in (("two", 1, "j", "k"), ("one", "z"), ("z",), ("two", 1))] == [15, 3, 1, 14]


def tree(html: str, name: str = "a.html") -> str:
    """The body of a page, or of another text, and its notes."""
    return xhtml(article(name, page(body=html) if name == "a.html" else html).root)


CALL, NOTE = "<p>Words{}</p>", "<ol><li id='{}'>{}A note of the lock book.</li></ol>"


def is_note(call: str, note: str) -> bool:
    found = tree(CALL.format(call) + note)
    assert re.sub(r"<[^>]*>", "", found).count("A note of the lock book.") == 1
    return 'id="call-1"' in found and '<aside class="note" id="note-1" role="doc-footnote">' in found


@pytest.mark.parametrize(
    ("call", "key", "wanted"),
    [
        *(
            (f"<a class='{name}' href='#x1'>1</a>", "x1", True)
            for name in ("footnote-ref", "footnote", "fn", "fnref", "reference")
        ),
        ("<a role='doc-noteref' href='#x1'>1</a>", "x1", True),
        ("<sup><a href='#x1'>1</a></sup>", "x1", True),
        ("<a href='#x1'><sup>1</sup></a>", "x1", True),
        ("<a href='#x1'>1</a>", "x1", False),
        *((f"<a href='#{key}'>1</a>", key, True) for key in ("fn1", "foot1", "note1", "endnote1", "cite_note-1", "ref1", "FN1")),
        *(
            (f"<sup><a href='#x1'>{mark}</a></sup>", "x1", True)
            for mark in ("[1]", "(1)", "[ 1 ]", "123", "*", "†", "‡", "§", "**", "a")
        ),
        *((f"<sup><a href='#x1'>{mark}</a></sup>", "x1", False) for mark in ("1234", "ab", "see", "1.2")),
    ],
)
def test_what_is_a_call_of_a_note(call: str, key: str, wanted: bool) -> None:
    assert is_note(call, NOTE.format(key, "")) is wanted


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        ("<p id='fn1'>A note of the lock book.</p>", True),
        ("<div id='fn1'>A note of the lock book.</div>", True),
        ("<section id='fn1'>A note of the lock book.</section>", True),
        ("<aside id='fn1'>A note of the lock book.</aside>", True),
        ("<dl><dt>1</dt><dd id='fn1'>A note of the lock book.</dd></dl>", True),
        ("<p><a id='fn1'></a>A note of the lock book.</p>", True),
        ("<p><sup id='fn1'>1</sup> A note of the lock book.</p>", True),
        ("<p><span id='fn1'>A note</span> of the lock book.</p>", True),
        ("<p>A note <span id='fn1'>of the lock</span> book.</p>", False),
        ("<h2 id='fn1'>A note of the lock book.</h2>", False),
        ("<table><tr><td id='fn1'>A note of the lock book.</td><td>x</td></tr></table>", False),
    ],
)
def test_what_is_a_note(note: str, wanted: bool) -> None:
    assert is_note("<sup><a href='#fn1'>1</a></sup>", note) is wanted


@pytest.mark.parametrize("text", ["↩", "↵", "⏎", "^", "←", "⮐", "↑", "↩\ufe0e", " ↩ "])
def test_the_link_back_of_a_note_goes_by_its_sign(text: str) -> None:
    found = tree(CALL.format("<sup id='r1'><a href='#fn1'>1</a></sup>") + NOTE.format("fn1", f"<a href='#r0'>{text}</a>"))
    assert ">A note of the lock book.</p>" in found and "Words<a" in found


@pytest.mark.parametrize("name", ["footnote-backref", "reversefootnote"])
def test_the_link_back_of_a_note_goes_by_its_class(name: str) -> None:
    found = tree(CALL.format("<sup><a href='#fn1'>1</a></sup>") + NOTE.format("fn1", f"<a class='{name}' href='#r0'>back</a>"))
    assert ">A note of the lock book.</p>" in found


@pytest.mark.parametrize(
    "label",
    [
        "<sup>1</sup>",
        "<a href='#r1'>1</a>",
        "<sup>[1]</sup>",
        "<a href='#r1'>^</a>",
        "<a href='#r1'>a</a> <a href='#r1'>2.1</a> ",
    ],
)
def test_the_number_that_a_note_has_of_its_own_goes(label: str) -> None:
    found = tree(CALL.format("<sup id='r1'><a href='#fn1'>1</a></sup>") + NOTE.format("fn1", label))
    assert re.search(r"<p>\s*A note of the lock book", found)
    assert "Once 1 more" in tree(
        CALL.format("<sup><a href='#fn1'>1</a></sup>") + "<ol><li id='fn1'>Once <sup>1</sup> more.</li></ol>"
    ).replace("<sup>1</sup>", "1")


@pytest.mark.parametrize(
    "heading",
    [
        "Notes",
        "Note",
        "Footnotes",
        "footnote",
        "Endnotes",
        "References",
        "Anmerkungen",
        "Fußnoten",
        "Notes de bas de page",
        "Dipnotlar",
        "Примітки",
    ],
)
def test_the_heading_of_the_notes_goes_with_them(heading: str) -> None:
    call, note = CALL.format("<sup><a href='#fn1'>1</a></sup>"), NOTE.format("fn1", "")
    for block in (f"<h2>{heading}</h2>{note}", f"<div><h2>{heading}</h2>{note}</div>"):
        found = article("a.html", page(body=call + block))
        assert f">{heading}<" not in xhtml(found.root) and rules(found) == {heading: "heading of the notes"}
    assert ">My notes<" in tree(f"{call}<h2>My notes</h2>{note}")


def test_one_note_called_twice_and_a_call_within_a_note() -> None:
    calls = "<sup><a href='#fn1'>1</a></sup> and <sup><a href='#fn1'>1</a></sup>"
    found = tree(CALL.format(calls) + NOTE.format("fn1", ""))
    assert found.count('href="#note-1"') == 2 and found.count('id="call-1"') == 1 and found.count("<aside") == 1
    found = tree("Words[^1] and[^2].\n\n[^1]: One[^2] more.\n\n[^2]: Two.\n", "a.md")
    assert found.count('class="noteref"') == 2 and found.count("<aside") == 2


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("HTTPS://example.org/x", "https://example.org/x"),
        ("https://exämple.org/x", "https://xn--exmple-cua.org/x"),
        ("https://exämple.org:81/x", "https://xn--exmple-cua.org:81/x"),
        ("https://example.org:81/x", "https://example.org:81/x"),
        ("https://u@example.org/x", "https://u@example.org/x"),
        ("https://example.org/ä?ö=%C3%BC#ß", "https://example.org/%C3%A4?%C3%B6=%C3%BC#%C3%9F"),
        ("https://example.org:99999/x", ""),
        ("https://exa mple.org/x", ""),
        ("https://", ""),
        ("ftp://example.org/x", ""),
        ("https://[c", ""),
    ],
)
def test_addresses_of_other_sites(typed: str, address: str) -> None:
    assert links._outside_address(typed) == address


def test_a_source_has_one_number_and_the_first_is_that_of_the_article() -> None:
    found = article(
        "a.md",
        "---\nurl: https://example.org/own\n---\n\n# A\n\n"
        '[One](https://example.org/1), [two](https://example.org/2 "Two"), [again]'
        "(https://www.example.org/1/?utm_source=x#y), [own](https://example.org/own).\n",
    )
    assert [(citation.note, citation.source.url) for citation in found.citations] == [
        (1, "https://example.org/own"),
        (2, "https://example.org/1"),
        (3, "https://example.org/2"),
    ]
    assert found.citations[2].source.title == "Two"
    assert re.findall(r'href="#note-(\d)"', xhtml(found.root)) == ["1", "2", "3", "2", "1"]


@pytest.mark.parametrize(
    ("link", "markup", "message"),
    [
        ("<a href='mailto:x@example.org'>w</a>", '<a href="mailto:x@example.org">w</a>', ""),
        ("<a href='tel:+1'>w</a>", '<a href="tel:+1">w</a>', ""),
        ("<a href='#'>w</a>", " w.", ""),
        ("<a href='#x'>w</a>", " w.", "the link #x leads nowhere; its words are kept"),
        ("<a href='gate.html'>w</a>", " w.", "the link gate.html leads nowhere; its words are kept"),
        ("<a href='//example.org/x'>w</a>", '<a href="https://example.org/x">w</a>', ""),
        ("<a id='k'>w</a>", '<span id="k">w</span>', ""),
        ("<a>w</a>", " w.", ""),
        (
            "<a href='https://example.org/x'>w</a> <a href='https://example.org/x'>x</a>",
            '<a href="https://example.org/x">w x</a>',
            "",
        ),
        (
            "<a href='https://example.org/x'>w</a><a href='https://example.org/x'>x</a>",
            '<a href="https://example.org/x">wx</a>',
            "",
        ),
        ("<a href='https://example.org/x'>w</a><a href='https://example.org/x' id='k'>x</a>", '>w</a><a class="noteref"', ""),
        ("<a href='https://example.org/x'>w</a> and <a href='https://example.org/x'>x</a>", '>w</a><a class="noteref"', ""),
        ("<a href='https://example.org/x'> </a>", 'Go  <a class="noteref"', ""),
    ],
)
def test_links_of_an_article(link: str, markup: str, message: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=f"<p>Go {link}.</p>").encode(), "a.html")
    (found,) = articles_of(manuscript)
    assert markup in xhtml(found.root)
    assert [diagnostic.message for diagnostic in manuscript.diagnostics] == ([message] if message else [])


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("<p><strike>w</strike></p>", "<p><s>w</s></p>"),
        ("<p><tt>w</tt></p>", "<p><code>w</code></p>"),
        ("<p><big>w</big></p>", "<p><span>w</span></p>"),
        ("<p><font>w</font></p>", "<p><span>w</span></p>"),
        ("<p><time>w</time></p>", "<p><span>w</span></p>"),
        ("<p><bdo>w</bdo></p>", "<p><span>w</span></p>"),
        ("<p><acronym title='t'>w</acronym></p>", '<p><abbr title="t">w</abbr></p>'),
        ("<center>w</center>", "\n<p>w</p>\n"),
        ("<xmp>w</xmp>", "<pre>w</pre>"),
        ("<listing>w</listing>", "<pre>w</pre>"),
        ("<dir><li>w</li></dir>", "<ul><li>w</li></ul>"),
        ("<menu><li>w</li></menu>", "<ul><li>w</li></ul>"),
        ("<details><summary>w</summary>x</details>", "<p>w</p>\n<p>x</p>"),
        ("<p><blink>w</blink></p>", "<p>w</p>"),
        (
            "<p lang='de-CH' dir='rtl' id='k' title='t' style='x' onclick='y'>w</p>",
            '<p dir="rtl" id="k" lang="de-CH" title="t">w</p>',
        ),
        ("<p lang='x y' dir='up'>w</p>", "<p>w</p>"),
        ("<p class='pull other'>w</p>", '<p class="pull">w</p>'),
        ("<ol start='-3' reversed=''><li value='7'>w</li></ol>", '<ol reversed="" start="-3"><li value="7">w</li></ol>'),
        ("<ol start='x' type='x'><li value='x'>w</li></ol>", "<ol><li>w</li></ol>"),
        ("<table><tr><td colspan='2' rowspan='3'>w</td></tr></table>", '<td colspan="2" rowspan="3">w</td>'),
        ("<table><tr><td colspan='1' rowspan='0'>w</td></tr></table>", "<td>w</td>"),
        ("<table><tr><td colspan='1000'>w</td><td colspan='1001'>x</td></tr></table>", '<td colspan="1000">w</td><td>x</td>'),
        *(
            (f"<table><tr><th scope='{scope}'>w</th></tr></table>", f'<th scope="{scope}">w</th>')
            for scope in ("row", "col", "rowgroup", "colgroup")
        ),
        ("<table><tr><th scope='x'>w</th></tr></table>", "<th>w</th>"),
    ],
)
def test_only_the_vocabulary_is_left(typed: str, markup: str) -> None:
    assert markup in tree(typed)


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("<p>one<br><br>two<br>three</p>", "<p>one</p><p>two<br/>three</p>"),
        ("<p>one<br> <br>two</p>", "<p>one</p><p>two</p>"),
        ("<div id='k'><p>one</p></div>", '<p id="k">one</p>'),
        ("<div id='k'><p id='l'>one</p></div>", '<p id="l"><span id="k"></span>one</p>'),
        ("<div id='k'><ul id='l'><li>one</li></ul></div>", '<ul id="l"><li>one</li></ul>'),
        ("one<p>two</p>three <b>four</b>", "<p>one</p>\n<p>two</p>\n<p>three <b>four</b></p>"),
        ("<blockquote>one<p>two</p></blockquote>", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("<blockquote><p>one</p><p>— two</p></blockquote>", '<blockquote><p>one</p><p class="credit">— two</p></blockquote>'),
        *((f"<blockquote><p>one</p><p>{dash} two</p></blockquote>", '<p class="credit">') for dash in ("–", "―", "--")),
        ("<blockquote><p>— two</p></blockquote>", "<blockquote><p>— two</p></blockquote>"),
        ("<blockquote><p>one</p><p>- two</p></blockquote>", "<blockquote><p>one</p><p>- two</p></blockquote>"),
        ("<p>one</p><li>two</li>", "<p>one</p>\n<p>two</p>"),
        ("<p>one</p><dl><dd>a</dd></dl>", "<ul><li>a</li></ul>"),
        ("<dl><dt>a</dt></dl>", "<ul><li>a</li></ul>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<ul>one<li>two</li><p>three</p></ul>", "<ul><li>one</li><li>two</li><li><p>three</p></li></ul>"),
        (
            "<figure><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' alt='a'></figure><figcaption>c</figcaption>",
            "<figcaption>c</figcaption></figure>",
        ),
        ("<p>x</p><figcaption>c</figcaption>", "<p>c</p>"),
        ("<a href='https://example.org/x'><h2>one</h2><p>two</p></a>", '<h2 id="one"><a href="https://example.org/x">one</a>'),
        ("<b><p>one</p></b>", "\n<p>one</p>\n"),
        *(
            (f"<{tag}> </{tag}><p>one</p>", "stop.</p>\n<p>one</p>")
            for tag in ("p", "h2", "ul", "ol", "dl", "blockquote", "figure")
        ),
        ("<p>&nbsp;</p><p>one</p>", "stop.</p>\n<p>one</p>"),
        ("<p>one</p><hr>", "<p>one</p>\n<hr/>"),
        (
            "<h4>e</h4><h6>b</h6><h5>c</h5><h2>d</h2>",
            '<h2 id="e">e</h2>\n<h3 id="b">b</h3>\n<h3 id="c">c</h3>\n<h2 id="d">d</h2>',
        ),
        ("<h2>f</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6>", '<h6 id="e">e</h6>'),
        (
            "<h2>The Gate</h2><h2>The Gate</h2><h2>7 locks</h2><h2>Notes</h2>",
            '<h2 id="the-gate">The Gate</h2>\n<h2 id="the-gate-2">The Gate</h2>'
            '\n<h2 id="p-7-locks">7 locks</h2>\n<h2 id="p-notes">Notes</h2>',
        ),
        ("<h2>✶</h2>", '<h2 id="p">✶</h2>'),
        ("<p id='7a'>x <a href='#7a'>y</a></p>", '<p id="p-7a">x <a href="#p-7a">y</a></p>'),
    ],
)
def test_the_structure_of_an_article(typed: str, markup: str) -> None:
    found = tree(typed)
    assert markup in found or markup in found.replace("\n", ""), found


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("<h1>One</h1><p>Words</p>", "One"),
        ("<p>Words</p><h2>Two</h2><p>x</p>", "Two"),
        ("<title>The title here</title><p>Words</p><h2>Two</h2><p>x</p>", "The title here"),
        ("<p>Words</p>", "upper lock gate"),
    ],
)
def test_where_the_headline_comes_from(given: str, title: str) -> None:
    manuscript = Manuscript(Path("upper-lock_gate.html"), given.encode(), "upper-lock_gate.html")
    (found,) = articles_of(manuscript)
    assert found.metadata.title == title and xhtml(found.root).count("<h1>") == 1
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == (
        ["headline-missing"] if title.startswith("upper") else []
    )


@pytest.mark.parametrize(
    ("second", "goes"),
    [
        ("## The gate’s “opening” – Early", True),
        ('The gate\'s "opening" - early', True),
        ("The gate's opening", False),
        ('[The gate\'s "opening" - early](https://example.org/)', False),
    ],
)
def test_a_headline_is_not_repeated(second: str, goes: bool) -> None:
    found = article("a.md", f'# The gate\'s "opening" - early\n\nOne.\n\n{second}\n\nTwo.\n')
    assert (list(rules(found).values()) == ["repeated headline"]) is goes
    late = "\n\n".join(["# Gate opens", "One.", "Two.", "Three.", "Four.", "Gate opens", "Five."])
    assert rules(article("a.md", late)) == {}


@pytest.mark.parametrize(
    "value",
    [
        "7",
        "7.5",
        "1,200",
        "1 200",
        "-7",
        "−7",
        "+7",
        "±7",
        "~7",
        "≈7",
        "<7",
        ">7",
        "7%",
        "7 %",
        "7‰",
        "$7",
        "€7",
        "£7",
        "¥7",
        "₺7",
        "₴7",
        "7 km",
        "7 m/s",
        "7°C",
        "7 m²",
        "7 €",
        "– 7",
    ],
)
def test_a_column_of_numbers_is_aligned_to_the_end(value: str) -> None:
    cell = value.replace("<", "&lt;").replace(">", "&gt;")
    rows = f"<tr><th>a</th><th>b</th></tr><tr><td>x</td><td>{cell}</td></tr>"
    assert tree(f"<table>{rows}</table>").count('class="end"') == 2


@pytest.mark.parametrize(
    ("cells", "aligned"),
    [
        *((["7", empty], True) for empty in ("–", "—", "-", "n/a", "…", "·", "")),
        (["7", "7", "7", "7", "low"], True),
        (["7", "7", "7", "low"], False),
        (["–", "–"], False),
        (["7 kilometers", "7"], False),
        (["<b class='center'>7</b>"], True),
    ],
)
def test_which_columns_are_of_numbers(cells: list[str], aligned: bool) -> None:
    rows = "".join(f"<tr><td>7</td><td>{cell}</td></tr>" for cell in cells)
    found = tree(f"<table>{rows}</table>")
    assert found.count('class="end"') == (len(cells) if aligned else 0)


@pytest.mark.parametrize("attribute", ["class='end'", "class='center'", "colspan='2'", "rowspan='2'"])
def test_a_table_that_its_author_arranged_is_left_alone(attribute: str) -> None:
    found = tree(f"<table><tr><td {attribute}>x</td><td>7</td></tr><tr><td>y</td><td>8</td></tr></table>")
    assert found.count('class="end"') == attribute.count("end")


def test_cells_have_no_lone_paragraphs_and_heads_no_empty_cells() -> None:
    found = tree(
        "<table><tr><th scope='col'></th><th><p>a</p></th></tr><tr><td> <p>x</p> </td><td><p>y</p><p>z</p></td></tr></table>"
    )
    assert "<tr><td></td><th>a</th></tr>" in found and "<p>y</p><p>z</p>" in found and "<p>x</p>" not in found


def test_a_table_in_a_table_of_data_is_lines_and_one_that_arranges_is_opened() -> None:
    inner = "<table><tr><td>1</td><td><p>2</p></td></tr><tr><td>3</td></tr></table>"
    rows = "".join(f"<tr><td>Row {n} of it</td><td>{n}</td></tr>" for n in range(4))
    found = tree(f"<table>{rows}<tr><td>Last</td><td>{inner}</td></tr></table>")
    assert found.count("<table") == 1 and "<p>1 · 2</p><p>3</p>" in found.replace("\n", "")
    found = tree(f"<table><tr><td><p>{SECOND}</p></td><td>{inner}</td></tr></table>")
    assert found.count("<table") == 1 and f"<p>{SECOND}</p>" in found and "<td>1</td>" in found


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://example.org/a.png", "image-missing"),
        ("//example.org/a.png", "image-missing"),
        ("a.png", "image-missing"),
        ("data:image/png;base64,A", "image-broken"),
        ("data:image/png;base64,AAAA", "image-broken"),
        ("data:image/svg+xml,<svg", "image-broken"),
    ],
)
def test_an_image_that_cannot_be_shown_is_a_message_and_its_words(address: str, code: str) -> None:
    manuscript = Manuscript(Path("a.html"), page(body=f"<p><img src='{address}' alt='A gate'></p>").encode(), "a.html")
    (found,) = articles_of(manuscript)
    assert '<figure><span class="missing-image">A gate</span></figure>' in xhtml(found.root)
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [(code, 1)]


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ("<svg viewBox='0 0 30.4 20'/>", (30, 20)),
        ("<svg viewBox='0 0 0 20' width='9' height='8px'/>", (9, 8)),
        ("<svg viewBox='0 0 30 0' width='9' height='8'/>", (9, 8)),
        ("<svg viewBox='0 0 30' width='9.6' height='8'/>", (10, 8)),
        ("<svg width='9em' height='8'/>", (0, 0)),
        ("<svg/>", (0, 0)),
    ],
)
def test_the_size_of_a_drawing(svg: str, size: tuple[int, int]) -> None:
    assert images._svg_size(lxml.etree.fromstring(svg)) == size


def test_a_drawing_is_made_safe() -> None:
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" onload="a()" viewBox="0 0 9 9">'
        '<script>a()</script><foreignObject/><set/><animate/><!-- c --><a href="https://example.org/"><path id="p"/></a>'
        '<use x:href="#p"/><image x:href="data:image/png;base64,AA"/><image x:href="https://example.org/a.png"/></svg>'
    )
    found = images._vector_image("a.svg", source.encode())[0].decode()
    for word in ("script", "foreignObject", "<set", "animate", "onload", "example.org", "<!--"):
        assert word not in found
    assert 'href="#p"' in found and "data:image/png" in found


def test_a_picture_with_transparent_parts_becomes_png_and_a_photograph_jpeg() -> None:
    kinds = {}
    for name, mode, form in (
        ("a", "RGBA", "WEBP"),
        ("b", "RGB", "WEBP"),
        ("c", "P", "BMP"),
        ("d", "RGB", "TIFF"),
        ("e", "RGB", "GIF"),
        ("f", "RGB", "BMP"),
    ):
        buffer = io.BytesIO()
        Image.new(mode, (4, 3)).save(buffer, form)
        kinds[name] = images._raster_image("x", buffer.getvalue())
    assert {name: found[1] for name, found in kinds.items()} == {
        "a": "image/png",
        "b": "image/jpeg",
        "c": "image/png",
        "d": "image/jpeg",
        "e": "image/gif",
        "f": "image/png",
    }
    assert all(found[3:] == (4, 3) for found in kinds.values())
    assert Image.open(io.BytesIO(kinds["a"][2])).mode == "RGBA" and Image.open(io.BytesIO(kinds["f"][2])).mode == "RGB"


@pytest.mark.parametrize(
    ("language", "code", "spans"),
    [
        ("python", "# c", [("comment", "# c")]),
        ("python", "'s'", [("string", "'"), ("string", "s"), ("string", "'")]),
        ("python", "7", [("number", "7")]),
        ("python", "return", [("keyword", "return")]),
        ("python", "a and b", [("keyword", "and")]),
        ("python", "def f(): 0", [("keyword", "def"), ("name", "f"), ("number", "0")]),
        ("python", "class C: 0", [("keyword", "class"), ("name", "C"), ("number", "0")]),
        ("html", "&lt;b c='d'&gt;", [("keyword", "b"), ("name", "c"), ("string", "'d'")]),
        ("diff", "+a\n-b\n c", [("string", "+a"), ("comment", "-b")]),
        ("nothing", "return", []),
    ],
)
def test_the_kinds_of_tokens_of_a_listing(language: str, code: str, spans: list[tuple[str, str]]) -> None:
    found = tree(f'<pre><code class="language-{language}">{code}</code></pre>')
    assert [(kind, html.unescape(text)) for kind, text in re.findall(r'class="code-(\w+)">([^<]*)<', found)] == spans


@pytest.mark.parametrize("name", ["language-python", "lang-python", "highlight-source-python", "brush: python", "x lang-Python"])
def test_the_class_that_names_the_language_of_a_listing(name: str) -> None:
    assert "code-keyword" in tree(f'<pre class="{name}">return 7</pre>')
    assert "code-keyword" not in tree(f'<pre class="x{name}">return 7</pre>'.replace("xx ", "y"))
    assert "code-keyword" not in tree(f'<pre class="{name}">return <b>7</b></pre>')


def rss(item: str, channel: str = "") -> Article:
    spaces = " ".join(
        f'xmlns:{name}="{address}"'
        for name, address in {
            "content": "http://purl.org/rss/1.0/modules/content/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "media": "http://search.yahoo.com/mrss/",
            "k": "urn:kalyra",
        }.items()
    )
    return article("a.xml", f'<rss version="2.0" {spaces}><channel><title>F</title>{channel}<item>{item}</item></channel></rss>')


TAGS = "guid id link pubDate published updated modified issued created date category author creator contributor comments source"
TAGS += (
    " rights copyright language enclosure expirationDate subject name email url uri height width type format identifier publisher"
)


@pytest.mark.parametrize("tag", TAGS.split())
def test_data_of_an_entry_are_no_text_of_it(tag: str) -> None:
    item = f"<title>Gate opens</title><description>{PROSE}</description>"
    assert "Zebra" not in re.sub(
        r"<header>.*?</header>|<aside.*?</aside>", "", xhtml(rss(f"{item}<k:{tag}>Zebra</k:{tag}>").root), flags=re.S
    )
    assert "<p>Zebra</p>" in xhtml(rss(f"{item}<k:x{tag}>Zebra</k:x{tag}>").root)


def test_words_of_an_entry_that_no_standard_knows_are_kept_once() -> None:
    found = xhtml(
        rss(f"<title>Gate</title><description>{PROSE}</description><k:a>Zebra</k:a><k:b>zebra</k:b><k:c>2.10 7</k:c>").root
    )
    assert found.lower().count("zebra") == 1 and "2.10" not in found
    found = xhtml(
        rss(
            f"<title>Gate</title><description>{PROSE}</description><k:a "
            "mode='base64'>Zebra</k:a><k:b>&lt;b&gt;Bold&lt;/b&gt;</k:b>"
        ).root
    )
    assert "Zebra" not in found and "<p>Bold</p>" in found


def test_what_a_feed_says_of_its_entries() -> None:
    channel = (
        "<link>https://example.org/</link><language>de</language><copyright>© "
        "Wire</copyright><managingEditor>d@example.org (The Desk)</managingEditor>"
    )
    found = rss(
        "<title>Gate</title><link>/gate</link><guid>g7</guid><pubDate>Thu, "
        f"12 Mar 2026 08:00:00 GMT</pubDate><description>{PROSE}</description>",
        channel,
    ).metadata
    assert (found.lang, found.rights, found.identity, found.publisher, str(found.date)) == (
        "de",
        "© Wire",
        "g7",
        "F",
        "2026-03-12",
    )
    assert found.url == "https://example.org/gate" and found.source.url == found.url and found.source.publication == "F"
    found = rss(
        "<title>Gate</title><dc:creator>Mara Ennis</dc:creator><dc:rights>© "
        f"Mara</dc:rights><dc:language>fr</dc:language><description>{PROSE}</description>",
        channel,
    ).metadata
    assert (found.authors, found.rights, found.identity) == (("Mara Ennis",), "© Mara", "Gate")


@pytest.mark.parametrize(
    ("author", "names"),
    [("m@example.org (Mara Ennis)", ("Mara Ennis",)), ("Mara Ennis", ("Mara Ennis",)), ("m@example.org", ())],
)
def test_the_author_of_an_entry(author: str, names: tuple[str, ...]) -> None:
    assert rss(f"<title>Gate</title><author>{author}</author><description>{PROSE}</description>").metadata.authors == names


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('url="gate7" medium="image"', True),
        ('url="gate7" type="image/webp"', True),
        *((f'url="a.{suffix}"', True) for suffix in ("jpg", "jpeg", "PNG", "gif", "webp", "avif", "svg", "png?w=7")),
        ('url="a.mp4"', False),
        ('url="a.jpg.mp4"', False),
        ('medium="image"', False),
    ],
)
def test_images_beside_an_entry(attributes: str, shown: bool) -> None:
    media = (
        f"<media:content {attributes}><media:title>The gate</media:title><media:credit>Pim Dole</media:credit></media:content>"
    )
    found = xhtml(rss(f"<title>Gate</title><description>{PROSE}</description>{media}").root)
    assert ('<figcaption>The gate <span class="credit">Pim Dole</span></figcaption>' in found) is shown


def test_a_long_summary_is_the_description_and_a_short_one_the_standfirst() -> None:
    content = f"<content:encoded><![CDATA[<p>{PROSE}</p><p>{SECOND}</p>]]></content:encoded>"
    found = rss(f"<title>Gate</title><description>Herons came.</description>{content}").metadata
    assert (found.subtitle, found.description) == ("Herons came.", "")
    long = "Herons came. " * 31
    found = rss(f"<title>Gate</title><description>{long}</description>{content}").metadata
    assert (found.subtitle, found.description) == ("", long.strip())
    found = rss(f"<title>Gate</title><description>{PROSE}</description>{content}").metadata
    assert (found.subtitle, found.description) == ("", "")
    assert "Herons" in xhtml(
        rss(f"<title>Gate</title><description>{long}</description><content:encoded>Short.</content:encoded>").root
    )


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("gb2312", "gb18030", "水門鎔"),
        ("GBK", "gb18030", "水門€"),
        *((name, "cp1252", "“Été”") for name in ("iso-8859-1", "latin-1", "ascii", "us-ascii")),
        ("iso-8859-2", "iso-8859-2", "Žluťoučký"),
        ("utf-16", "utf-16-le", "“Été”"),
        ("utf-16", "utf-16-be", "“Été”"),
        ("utf-32", "utf-32-le", "“Été”"),
        ("utf-32", "utf-32-be", "“Été”"),
        ("utf-16", "utf-16", "“Été”"),
        ("utf-32", "utf-32", "“Été”"),
        ("utf-8", "utf-8-sig", "“Été”"),
        ("iso-8859-1", "utf-8", "“Été”"),
    ],
)
def test_the_characters_of_a_feed(declared: str, encoding: str, text: str) -> None:
    source = f"<?xml version='1.0' encoding='{declared}'?><rss><channel><item><title>{text}</title></item></channel></rss>"
    assert text in feed_text(Manuscript(Path("a.rss"), source.encode(encoding), "a.rss"))


def test_halves_of_a_character_and_controls_of_a_feed() -> None:
    manuscript = Manuscript(Path("a.rss"), b"<a>&#xD83D;&#xDE00; a\x08b &#xD83D;</a>", "a.rss")
    assert feed_text(manuscript) == "<a>\U0001f600 ab &#xD83D;</a>"
    manuscript = Manuscript(
        Path("a.rss"), "<a>Été été \xff</a>".encode("latin-1").replace("été".encode("latin-1"), "été".encode()), "a.rss"
    )
    feed_text(manuscript)
    manuscript = Manuscript(Path("a.rss"), "<a>Été été ".encode() + b"\xff\xff</a>", "a.rss")
    assert feed_text(manuscript) == "<a>Été été \ufffd\ufffd</a>"
    assert [diagnostic.message for diagnostic in manuscript.diagnostics] == [
        "2 bytes are not UTF-8, as the rest is; each is shown as \ufffd"
    ]


@pytest.mark.parametrize(
    ("cut", "closed"),
    [
        ("<a><b>x</b></a>\n", "<a><b>x</b></a>\n"),
        ("<a><b>x", "<a><b>x</b></a>"),
        ("<a><b>x</b><c", "<a><b>x</b></a>"),
        ("<a><b><![CDATA[x <i>", "<a><b><![CDATA[x <i>]]></b></a>"),
        ("<a><!-- <b> --><c/><d>x", "<a><!-- <b> --><c/><d>x</d></a>"),
        ("<a><b>x</a><c>y", "<a><b>x</a><c>y</c>"),
        ("<a></b><c>y", "<a></b><c>y</c></a>"),
    ],
)
def test_a_feed_that_was_cut_off_is_closed(cut: str, closed: str) -> None:
    assert _close_elements(cut) == closed


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"cell_type": "markdown", "source": ["A *b*\n", "c"]}, "A *b*\nc"),
        ({"cell_type": "heading", "level": 2, "source": "H"}, "## H"),
        ({"cell_type": "heading", "source": "H"}, "# H"),
        ({"cell_type": "code", "source": "x"}, "```r\nx\n```"),
        ({"cell_type": "code", "input": "x\n"}, "```r\nx\n```"),
        ({"cell_type": "raw", "source": "x"}, "```\nx\n```"),
        ({"cell_type": "code", "source": " "}, ""),
        ({"cell_type": "code", "source": "```\nx\n````"}, "`````r\n```\nx\n````\n`````"),
        ({"outputs": [{"text": ["a\n", "b"]}]}, "```text\na\nb\n```"),
        ({"outputs": [{"data": {"text/plain": "a"}}]}, "```text\na\n```"),
        ({"outputs": [{"traceback": ["\x1b[0;31mE\x1b[0m", "x"]}]}, "```text\nE\nx\n```"),
        ({"outputs": [{"text": " "}]}, ""),
        (
            {"outputs": [{"data": {"text/html": "<style>x</style><p>a</p>\n \n<p>b</p>", "text/plain": "c"}}]},
            "<p>a</p>\n<p>b</p>",
        ),
        ({"outputs": [{"data": {"text/markdown": "*a*", "text/plain": "c"}}]}, "*a*"),
        ({"outputs": [{"data": {"text/latex": "$a$", "text/plain": "c"}}]}, "$a$"),
        *(
            (
                {"outputs": [{"data": {f"image/{kind}": "AA\nBB", "text/html": "c", "text/plain": "<A [p]>"}}]},
                f"![A  p ](data:image/{kind};base64,AABB)",
            )
            for kind in ("png", "jpeg", "gif")
        ),
        ({"outputs": [{"data": {"image/svg+xml": "<svg/>"}}]}, "![output](data:image/svg+xml;base64,PHN2Zy8+)"),
        (
            {"cell_type": "markdown", "source": "![a](attachment:b.png)", "attachments": {"b.png": {"image/png": "AA\nBB"}}},
            "![a](data:image/png;base64,AABB)",
        ),
    ],
)
def test_cells_of_a_notebook_as_markdown(cell: dict[str, object], text: str) -> None:
    assert "\n\n".join(notebook._parts(cell, "r")) == text


def omml(markup: str) -> str:
    root = lxml.etree.fromstring(f"<m:oMath xmlns:m='urn:m'>{markup}</m:oMath>")
    return mathml(root).removeprefix('<math xmlns="http://www.w3.org/1998/Math/MathML">').removesuffix("</math>")


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


A, B, C = (f"<mrow><mi>{letter}</mi></mrow>" for letter in "abc")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (run("ab 1.5+.5"), "<mi>a</mi><mi>b</mi><mn>1.5</mn><mo>+</mo><mo>.</mo><mn>5</mn>"),
        (run("a&lt;b"), "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (f"<m:f><m:fPr/><m:num>{run('a')}</m:num><m:den>{run('b')}</m:den></m:f>", f"<mfrac>{A}{B}</mfrac>"),
        (f"<m:rad><m:deg/><m:e>{run('a')}</m:e></m:rad>", f"<msqrt>{A}</msqrt>"),
        (f"<m:rad><m:deg>{run('b')}</m:deg><m:e>{run('a')}</m:e></m:rad>", f"<mroot>{A}{B}</mroot>"),
        *(
            (
                f"<m:nary><m:naryPr><m:chr m:val='{sign}'/></m:naryPr><m:sub>"
                f"{run('a')}</m:sub><m:sup>{run('b')}</m:sup><m:e>{run('c')}</m:e></m:nary>",
                f"<munderover><mo>{sign}</mo>{A}{B}</munderover>{C}",
            )
            for sign in "∑∏⋃⋂"
        ),
        (
            f"<m:nary><m:sub>{run('a')}</m:sub><m:sup>{run('b')}</m:sup><m:e>{run('c')}</m:e></m:nary>",
            f"<msubsup><mo>∫</mo>{A}{B}</msubsup>{C}",
        ),
        (f"<m:d><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>", f"<mrow><mo>(</mo>{A}<mo>|</mo>{B}<mo>)</mo></mrow>"),
        (
            "<m:d><m:dPr><m:begChr m:val='['/><m:sepChr m:val=';'/><m:endChr "
            f"m:val='&gt;'/></m:dPr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>",
            f"<mrow><mo>[</mo>{A}<mo>;</mo>{B}<mo>&gt;</mo></mrow>",
        ),
        (
            f"<m:m><m:mr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:mr></m:m>",
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable>",
        ),
        (
            f"<m:eqArr><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:eqArr>",
            "<mtable><mtr><mtd><mi>a</mi></mtd></mtr><mtr><mtd><mi>b</mi></mtd></mtr></mtable>",
        ),
        (f"<m:func><m:fName>{run('a')}</m:fName><m:e>{run('b')}</m:e></m:func>", f"{A}<mo>\u2061</mo>{B}"),
        *(
            (
                f"<m:acc><m:accPr><m:chr m:val='{mark}'/></m:accPr><m:e>{run('a')}</m:e></m:acc>",
                f'<mover accent="true">{A}<mo>{sign}</mo></mover>',
            )
            for mark, sign in {
                "\u0302": "^",
                "\u0303": "~",
                "\u0304": "¯",
                "\u0305": "¯",
                "\u0307": "˙",
                "\u0308": "¨",
                "\u20d7": "→",
                "x": "x",
            }.items()
        ),
        (f"<m:acc><m:e>{run('a')}</m:e></m:acc>", f'<mover accent="true">{A}<mo>^</mo></mover>'),
        (f"<m:sSup><m:e>{run('a')}</m:e><m:sup>{run('b')}</m:sup></m:sSup>", f"<msup>{A}{B}</msup>"),
        (f"<m:sSub><m:e>{run('a')}</m:e><m:sub>{run('b')}</m:sub></m:sSub>", f"<msub>{A}{B}</msub>"),
        (
            f"<m:sSubSup><m:e>{run('a')}</m:e><m:sub>{run('b')}</m:sub><m:sup>{run('c')}</m:sup></m:sSubSup>",
            f"<msubsup>{A}{B}{C}</msubsup>",
        ),
        (f"<m:limLow><m:e>{run('a')}</m:e><m:lim>{run('b')}</m:lim></m:limLow>", f"<munder>{A}{B}</munder>"),
        (f"<m:limUpp><m:e>{run('a')}</m:e><m:lim>{run('b')}</m:lim></m:limUpp>", f"<mover>{A}{B}</mover>"),
        (f"<m:box><m:boxPr>{run('x')}</m:boxPr><m:e>{run('a')}</m:e></m:box>", "<mi>a</mi>"),
    ],
)
def test_formulas_of_word_as_mathml(markup: str, wanted: str) -> None:
    assert omml(markup) == wanted


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("a\n\nb\nc\n \nd", "<p>a</p>\n<p>b c</p>\n<p>d</p>"),
        ("a\nb  b", "<p>a</p>\n<p>b b</p>"),
        ("\n a < b \n", "<p>a &lt; b</p>"),
        ("", ""),
    ],
)
def test_plain_text_as_paragraphs(text: str, markup: str) -> None:
    assert snippets.paragraph_markup(text) == markup


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("The gate opened. It was seven.", "The gate opened"),
        ("The gate opened! It was seven.", "The gate opened!"),
        ("The gate opened? So.", "The gate opened?"),
        ("The  gate\nopened", "The gate opened"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "…"),
        (f"The gate, {'x' * 60}", "The gate…"),
        (f"{'x' * 57} yz more", f"{'x' * 57} yz…"),
        (f"{'x' * 57} yzz more", f"{'x' * 57}…"),
    ],
)
def test_a_headline_for_a_text_without_one(text: str, headline: str) -> None:
    assert snippets.headline_from(text) == headline


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            Source(title="Gate", authors=("Mara Ennis", "Pim Dole"), publication="Wire"),
            "Mara Ennis, Pim Dole, “Gate,” <cite>Wire</cite>.",
        ),
        (Source(title="Why?", publication="Wire"), "“Why?” <cite>Wire</cite>."),
        (Source(title="Why?"), "“Why?”"),
        (Source(title="Go!"), "“Go!”"),
        (Source(title="A & b <c>", authors=("D & e",)), "D &amp; e, “A &amp; b &lt;c&gt;”."),
        (Source(publication="Wire Co."), "<cite>Wire Co.</cite>."),
        (
            Source(url="https://www.example.org/a-b/c?d=1&e#f/"),
            '<a href="https://www.example.org/a-b/c?d=1&amp;e#f/">'
            "example.org/<wbr/>a-b/<wbr/>c?<wbr/>d=<wbr/>1&amp;<wbr/>e#<wbr/>f</a>",
        ),
        (
            Source(url=f"https://example.org/{'x' * 30}"),
            f'<a href="https://example.org/{"x" * 30}">example.org/<wbr/>{"x" * 24}<wbr/>{"x" * 6}</a>',
        ),
        (
            Source(title="G", archived="https://example.org/a"),
            '“G”. Archived: <a href="https://example.org/a">example.org/<wbr/>a</a>',
        ),
    ],
)
def test_a_source_as_it_is_cited(source: Source, wanted: str) -> None:
    assert standard_style(source, "en").replace("Archived at", "Archived:").replace("archived at", "Archived:") == wanted


def test_a_source_for_other_programs() -> None:
    day = datetime.date(2026, 3, 12)
    full = Source("Wire", "Gate", ("Mara Ennis",), "https://example.org/g", day, day, "https://example.org/a")
    assert csl_item(full) == {
        "id": full.identifier,
        "type": "article-newspaper",
        "title": "Gate",
        "author": [{"literal": "Mara Ennis"}],
        "container-title": "Wire",
        "issued": {"date-parts": [[2026, 3, 12]]},
        "accessed": {"date-parts": [[2026, 3, 12]]},
        "URL": "https://example.org/g",
        "archive_location": "https://example.org/a",
    }
    assert csl_item(Source(title="Gate"))["type"] == "webpage" and set(csl_item(Source(title="G"))) == {"id", "type", "title"}


@pytest.mark.parametrize(
    ("text", "cleaned", "forbidden"),
    [
        ("a\fb", "a\n\nb", 0),
        *((f"a{char}b", "a\nb", 0) for char in "\x0b\x85\u2028\u2029"),
        *(
            (f"a{char}b", "ab", 1)
            for char in (
                "\x00",
                "\x08",
                "\x0e",
                "\x1f",
                "\x7f",
                "\x84",
                "\x86",
                "\x9f",
                "\ufdd0",
                "\ufdef",
                "\ufffe",
                "\uffff",
                "\U0001fffe",
                "\U0010ffff",
            )
        ),
        *((f"a{char}b", "a\ufffdb", 1) for char in ("\ud800", "\udfff")),
        ("a\tb\nc\rd\xa0e", "a\tb\nc\rd\xa0e", 0),
    ],
)
def test_characters_that_no_article_has(text: str, cleaned: str, forbidden: int) -> None:
    assert characters.clean(text) == cleaned and len(characters.forbidden_in(text)) == forbidden


@pytest.mark.parametrize(
    "name",
    listed(
        "math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom menclose "
        "msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd"
    ),
)
def test_elements_of_formulas_stay(name: str) -> None:
    assert f"<{name}>" in mathematics._clean_mathml(f"<math><mi>x</mi><{name}>y</{name}></math>").replace(
        '<math xmlns="http://www.w3.org/1998/Math/MathML">', "<math>"
    )
    assert f"<x{name}>" not in mathematics._clean_mathml(f"<math><x{name}>y</x{name}></math>")


@pytest.mark.parametrize(
    "name",
    listed(
        "accent accentunder columnalign columnspan depth display displaystyle fence form height largeop linethickness lspace "
        "mathvariant maxsize minsize movablelimits notation rowalign "
        "rowspan rspace scriptlevel separator stretchy symmetric voffset width"
    ),
)
def test_attributes_of_formulas_stay(name: str) -> None:
    found = mathematics._clean_mathml(f"<math><mo {name}='v' onclick='x' x{name}='v'>y</mo></math>")
    assert f'<mo {name}="v">y</mo>' in found


def test_a_formula_has_no_notes_scripts_and_hidden_characters() -> None:
    found = mathematics._clean_mathml(
        "<math><semantics><mi>x</mi><annotation>a</annotation><script>b</script><style>c</style></semantics></math>"
    )
    assert found == '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>x</mi></mrow></math>'
    image = mathematics.from_mathml(
        "<math><mi>x</mi><mo>\u2061</mo><mphantom><mn>7</mn></mphantom><mtext>y</mtext></math>", " x  of y ", True
    )
    assert 'class="math display" alt="x of y"' in image and 'class="math"' in mathematics.from_tex(" x ")
    svg = base64.b64decode(image.partition("base64,")[2].rstrip('"/>'))
    assert mathematics.characters_of(svg) == "x y" and mathematics.characters_of(b"<svg/>") == ""
    written = mathematics.with_hidden_characters(svg, "Mono")
    assert written.count(b'fill-opacity="0"') == 2 and mathematics.with_hidden_characters(b"<svg/>", "Mono") == b"<svg/>"


def nitf(head: str = "", body_head: str = "", content: str = f"<p>{PROSE}</p>", attributes: str = "") -> Metadata:
    body = f"<body><body.head>{body_head}</body.head><body.content>{content}</body.content></body>"
    return article("a.xml", f"<nitf {attributes}><head>{head}</head>{body}</nitf>").metadata


def test_what_a_story_in_nitf_says_of_itself() -> None:
    head = '<title>Head</title><docdata><date.issue norm="20260312"/><doc.copyright year="2026" holder="Wire"/></docdata>'
    names = "<byline><person>Mara Ennis</person><person>Pim Dole</person> by both</byline>"
    found = nitf(
        head,
        f"<hedline><hl1>Gate</hl1></hedline>{names}<distributor>D <org>Wire</org>"
        "</distributor><dateline>LOCK</dateline><abstract>Barges.</abstract>",
        attributes='xml:lang="de"',
    )
    assert (found.title, found.authors, str(found.date), found.dateline) == (
        "Gate",
        ("Mara Ennis", "Pim Dole"),
        "2026-03-12",
        "LOCK",
    )
    assert (found.lang, found.description, found.publisher, found.rights) == ("de", "Barges.", "Wire", "© 2026 Wire")
    assert (found.source.publication, found.source.title, found.source.authors) == ("Wire", "Gate", ("Mara Ennis", "Pim Dole"))
    found = nitf(head, "<byline>By Mara Ennis<byttl>Writer</byttl></byline><distributor>Wire</distributor><rights>All</rights>")
    assert (found.title, found.authors, found.publisher) == ("Head", ("Mara Ennis",), "Wire")
    assert nitf("", "<headline><hl1>Old</hl1></headline><rights>All</rights>").title == "Old"
    assert nitf("<docdata><doc.copyright year='2026'/></docdata>", "<rights>All</rights>").rights == "All"
    assert nitf("<docdata><doc.copyright holder='Wire'/></docdata>", "<rights>All</rights>").rights == "© Wire"
    assert not nitf("", "<hedline><hl1>Gate</hl1></hedline>").source


def newsml(item_meta: str = "", content_meta: str = "", rights: str = "", content: str = "", attributes: str = "") -> Metadata:
    content = content or f'<inlineData contenttype="text/plain">{PROSE}</inlineData>'
    parts = f"<rightsInfo>{rights}</rightsInfo><itemMeta>{item_meta}</itemMeta><contentMeta>{content_meta}</contentMeta>"
    return article("a.xml", f"<newsItem {attributes}>{parts}<contentSet>{content}</contentSet></newsItem>").metadata


def test_what_an_item_in_newsml_says_of_itself() -> None:
    rights = (
        "<copyrightHolder><name>Holder</name></copyrightHolder><copyrightNotice>"
        "© Wire</copyrightNotice><usageTerms>For readers.</usageTerms>"
    )
    meta = (
        "<headline>Gate</headline><headline>Early</headline><creator><name>Mara Ennis</name></creator><creator>Pim Dole</creator>"
    )
    meta += (
        "<located><name>Upper Lock</name></located><language tag='fr'/>"
        "<description>Barges.</description><description>Mills.</description>"
    )
    dates = (
        "<provider><name>Wire</name></provider><firstCreated>"
        "2026-03-11T08:00:00Z</firstCreated><versionCreated>2026-03-12</versionCreated>"
    )
    found = newsml(dates, meta + "<contentCreated>2026-03-10</contentCreated>", rights)
    assert (found.title, found.subtitle, found.authors, str(found.date)) == (
        "Gate",
        "Early",
        ("Mara Ennis", "Pim Dole"),
        "2026-03-11",
    )
    assert (found.dateline, found.lang, found.description, found.publisher) == ("Upper Lock", "fr", "Barges.", "Wire")
    assert found.rights == "© Wire For readers." and found.source.title == "Gate" and found.source.publication == "Wire"
    found = newsml(
        "<versionCreated>2026-03-12</versionCreated><title>Item</title>",
        "<slugline>slug</slugline><contentCreated>2026-03-10</contentCreated>",
        rights,
        attributes='xml:lang="de"',
    )
    assert (found.title, str(found.date), found.publisher, found.lang) == ("Item", "2026-03-10", "Holder", "de")
    found = newsml("<versionCreated>2026-03-12</versionCreated>", "<slugline>slug</slugline>")
    assert (found.title, str(found.date)) == ("slug", "2026-03-12") and not found.source


@pytest.mark.parametrize("status", ["usable", "Usable", ""])
def test_a_usable_item_is_no_message(status: str) -> None:
    for name, text in {
        "a.xml": f"<newsItem><itemMeta><pubStatus qcode='stat:{status}'/><embargoed/>"
        "</itemMeta><contentMeta><headline>G</headline></contentMeta></newsItem>",
        "a.json": json.dumps({"uri": "x", "headline": "Gate", "body_text": PROSE, "pubstatus": status, "embargoed": ""}),
    }.items():
        manuscript = Manuscript(Path(name), text.encode(), name)
        assert articles_of(manuscript) and not manuscript.diagnostics


def ninjs(**item: object) -> Article:
    return article("a.json", json.dumps({"uri": "urn:x", "body_text": PROSE, **item}))


def test_what_an_item_in_ninjs_says_of_itself() -> None:
    found = ninjs(
        uri="https://example.org/7",
        headlines=[{"role": "sub", "value": "Sub"}, {"role": "text", "value": "Gate"}],
        by="By Mara Ennis",
        firstcreated="2026-03-11",
        versioncreated="2026-03-12",
        located="Upper Lock",
        language="de",
        copyrightholder="Wire",
        copyrightnotice="© Wire",
        usageterms="For readers.",
    )
    data = found.metadata
    assert (data.title, data.authors, str(data.date), data.dateline, data.lang) == (
        "Gate",
        ("Mara Ennis",),
        "2026-03-11",
        "Upper Lock",
        "de",
    )
    assert (data.publisher, data.rights, data.url, data.source.url) == (
        "Wire",
        "© Wire For readers.",
        "https://example.org/7",
        "https://example.org/7",
    )
    assert rules(found) == {"Sub": "another headline"}
    assert ninjs(headlines=[{"role": "sub", "value": "Sub"}]).metadata.title == "Sub"
    assert ninjs(title="T", slugline="S").metadata.title == "T" and ninjs(slugline="S").metadata.title == "S"
    assert ninjs(headline="H", copyrightholder="Wire").metadata.rights == "Wire"
    assert str(ninjs(headline="H", versioncreated="2026-03-12", contentcreated="2026-03-13").metadata.date) == "2026-03-12"
    assert str(ninjs(headline="H", contentcreated="2026-03-13").metadata.date) == "2026-03-13"
    assert not ninjs(headline="H").metadata.source and ninjs(headline="H").metadata.url == ""


@pytest.mark.parametrize(
    "names",
    [
        ("main", "hires"),
        ("hires", "high"),
        ("high", "original"),
        ("original", "preview"),
        ("preview", "small"),
        ("small", "thumbnail"),
        ("thumbnail", "x"),
    ],
)
def test_the_best_rendition_of_an_image(names: tuple[str, str]) -> None:
    for renditions in (
        {name: {"href": f"{name}.png"} for name in reversed(names)},
        [{"title": name.upper(), "href": f"{name}.png"} for name in reversed(names)],
    ):
        manuscript = Manuscript(
            Path("a.json"),
            json.dumps({"uri": "x", "headline": "Gate", "type": "picture", "renditions": renditions}).encode(),
            "a.json",
        )
        articles_of(manuscript)
        assert [diagnostic.message for diagnostic in manuscript.diagnostics] == [f"image not found: {names[0]}.png"]


def jsonfeed(item: dict[str, object], **feed: object) -> Article:
    values = {"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "home_page_url": "https://example.org/", **feed}
    return article("a.json", json.dumps({**values, "items": ["x", item]}))


def test_what_an_item_of_a_json_feed_says() -> None:
    found = jsonfeed(
        {
            "id": 7,
            "url": "/gate",
            "title": " Gate  opens ",
            "content_html": f"<p>{PROSE}</p>",
            "summary": "Barges.",
            "language": "de",
            "date_published": "2026-03-12",
            "date_modified": "2026-03-13",
            "authors": [{"name": "Mara Ennis"}, {"url": "x"}, None],
            "image": "https://example.org/a.png",
            "attachments": [{"url": "https://example.org/a.mp3", "title": "Sound"}, {"url": "b.mp3"}, 7],
        },
        language="fr",
        authors=[{"name": "Pim Dole"}],
    )
    data, text = found.metadata, xhtml(found.root)
    assert (data.title, data.authors, str(data.date), data.lang) == ("Gate opens", ("Mara Ennis",), "2026-03-12", "de")
    assert (data.description, data.publisher, data.url, data.identity) == ("Barges.", "Wire", "https://example.org/gate", "7")
    assert ">Sound</a>" in text and "b.mp3" not in text and "missing-image" in text
    found = jsonfeed(
        {"external_url": "https://example.org/x", "content_text": PROSE, "date_modified": "2026-03-13"},
        language="fr",
        author={"name": "Pim Dole"},
    )
    data = found.metadata
    assert (data.title, data.authors, str(data.date), data.lang) == (
        "The gate at the upper lock opened at seven, and the first…",
        ("Pim Dole",),
        "2026-03-13",
        "fr",
    )
    assert data.identity == data.url == "https://example.org/x"
    both = xhtml(jsonfeed({"title": "G", "content_html": f"<p>{PROSE}</p>", "content_text": PROSE, "summary": "No"}).root)
    assert both.count("upper lock") == 1 and "Zebra" in xhtml(
        jsonfeed({"title": "G", "content_html": "<p>x</p>", "content_text": "Zebra"}).root
    )
    assert "Only a summary" in xhtml(jsonfeed({"title": "G", "summary": "Only a summary"}).root)
    image = {
        "title": "G",
        "image": "https://example.org/a.png",
        "content_html": '<p>x <img src="https://example.org/a.png" alt="y"></p>',
    }
    assert xhtml(jsonfeed(image).root).count("missing-image") == 1


def test_what_is_at_the_head_of_a_document_in_restructured_text() -> None:
    text = (
        "Gate *opens*\n############\n\nBarges pass\n===========\n\n:Author: Mara Ennis\n:Date: "
        f"2026-03-12\n:Copyright: © Wire\n:Status: draft\n\n{PROSE}\n\nBelow\n-----\n\n{SECOND}\n"
    )
    found = article("a.rst", text)
    data = found.metadata
    assert (data.title, data.subtitle, data.authors, str(data.date), data.rights) == (
        "Gate opens",
        "Barges pass",
        ("Mara Ennis",),
        "2026-03-12",
        "© Wire",
    )
    assert "draft" not in xhtml(found.root) and '<h2 id="below">Below</h2>' in xhtml(found.root)


def test_what_is_left_out_of_restructured_text() -> None:
    text = (
        f"T\n=\n\n.. contents::\n\n{PROSE} [1]_ and [K7]_ and ``code``.\n"
        f"\nBelow\n-----\n\n{SECOND}\n\n.. [1] A note.\n.. [K7] A book.\n"
    )
    found = tree(text, "a.rst")
    assert "<code>code</code>" in found and "A note." in found and "K7" in found and "Contents" not in found
    assert found.count(">Below<") == 1 and 'id="call-1"' in found
    manuscript = Manuscript(Path("a.rst"), f"T\n=\n\n{PROSE}\n\nAn |unknown| word.\n".encode(), "a.rst")
    assert "System Message:" not in xhtml(articles_of(manuscript)[0].root)
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [("rst", 6)]


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("## A {#k .lead .pull}\n", '<h2 class="lead pull" id="k">A</h2>'),
        ("## A {x}\n", ">A {x}</h2>"),
        (
            "| a | b | c |\n| --- | ---: | :-: |\n| x | y | z |\n",
            '<tr><td>x</td><td class="end">y</td><td class="center">z</td></tr>',
        ),
        ("- [ ] open\n- [x] shut\n", '<li><span class="task">☐</span> open</li><li><span class="task done">☑</span> shut</li>'),
        ("::: key\nx\n:::\n", '<aside class="key"><p>x</p></aside>'),
        ("::: {.changed}\nx\n:::\n", '<aside class="changed"><p>x</p></aside>'),
        ("::: pull\nx\n:::\n", '<blockquote class="pull"><p>x</p></blockquote>'),
        ("::: other\nx\n:::\n", "<p>::: other"),
        (
            ":::: key\n::: pull\nx\n:::\ny\n::::\n",
            '<aside class="key"><blockquote class="pull"><p>x</p></blockquote><p>y</p></aside>',
        ),
        ("a $x$ b\n", '<img alt="x" class="math" '),
        ("$$\nx\n$$\n", 'class="math display"'),
        ("a $ x $ and $5 and $6 b\n", "a $ x $ and $5 and $6 b"),
        (
            "a https://example.org/x b www.example.org m@example.org\n",
            '<a href="https://example.org/x">https://example.org/x</a>',
        ),
        ("a https://example.org/x b www.example.org m@example.org\n", " b www.example.org m@example.org"),
        ("~~x~~\n", "<s>x</s>"),
        ("T\n: m\n", "<dl><dt>T</dt><dd>m</dd></dl>"),
        ("[x]{.credit}\n", '<span class="credit">x</span>'),
        ("a^[in *it*] b\n", '<aside class="note" id="note-1" role="doc-footnote"><p>in <em>it</em></p></aside>'),
        ("> " * 30 + "deep\n", "deep"),
    ],
)
def test_the_markdown_that_is_understood(text: str, markup: str) -> None:
    assert markup in tree(f"# Headline\n\n{text}", "a.md").replace("\n", "")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("# A\n\nx[^k] y\n", "no footnote for the reference [^k]; kept as typed", 3),
        ("# A\n\nx\n\n[^k]: y\n", "no reference to the footnote k; it stands after the others", 5),
        ("# A\n\nx $\\frac{$ y\n", "a formula cannot be drawn", 3),
        ("---\ndate: soon\n---\n\n# A\n\nx\n", "date in the front matter is ignored", 2),
        ("# A\n\nx\n\n<canvas></canvas>\n", "a <canvas> is left out: it cannot be printed", 5),
        ("# A\n\n![](none.png)\n", "image not found: none.png", 3),
    ],
)
def test_messages_of_markdown_have_their_lines(text: str, message: str, line: int) -> None:
    manuscript = Manuscript(Path("a.md"), text.encode(), "a.md")
    articles_of(manuscript)
    (found,) = [diagnostic for diagnostic in manuscript.diagnostics if diagnostic.message.startswith(message)]
    assert found.location.line == line


@pytest.mark.parametrize(
    ("front", "line"),
    [("a: [", 2), ("a: b: c", 2), ("date: 2026-13-45", 1), ("- a", 1)],
)
def test_front_matter_that_is_broken_is_an_error_with_its_line(front: str, line: int) -> None:
    with pytest.raises(PublisherError) as caught:
        article("a.md", f"---\n{front}\n---\n\n# A\n\nx\n")
    (found,) = caught.value.diagnostics
    assert (found.code.value, found.location.line) == ("front-matter", line)


@pytest.mark.parametrize(
    ("data", "text", "code"),
    [
        ("\ufeffÉté", "Été", ""),
        *(("Été".encode(encoding), "Été", "") for encoding in ("utf-16", "utf-32", "utf-8-sig")),
        ('<meta charset="iso-8859-2"> Žlutý'.encode("iso-8859-2"), '<meta charset="iso-8859-2"> Žlutý', ""),
        (
            "<META http-equiv='x' content='text/html; charset=cp1251'> Ворота".encode("cp1251"),
            "<META http-equiv='x' content='text/html; charset=cp1251'> Ворота",
            "",
        ),
        (
            "<meta charset='nothing'> Été à Noël, déjà vu".encode("cp1252"),
            "<meta charset='nothing'> Été à Noël, déjà vu",
            "encoding-guessed",
        ),
        ("a\r\nb\rc", "a\nb\nc", ""),
    ],
)
def test_the_characters_of_a_file(data: str | bytes, text: str, code: str) -> None:
    manuscript = Manuscript(Path("a.txt"), data.encode() if isinstance(data, str) else data, "a.txt")
    assert manuscript.text().removeprefix("\ufeff") == text
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == ([code] if code else [])


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\xff\xfe\n\0x", "encoding", 2),
        (b"a\0b", "encoding", 0),
        (b" \n\t", "manuscript-empty", 0),
        (b"", "manuscript-empty", 0),
    ],
)
def test_a_file_without_words_or_that_is_no_text_is_an_error(data: bytes, code: str, line: int) -> None:
    with pytest.raises(PublisherError) as caught:
        Manuscript(Path("a.txt"), data, "a.txt").text()
    assert (caught.value.diagnostics[0].code.value, caught.value.diagnostics[0].location.line) == (code, line)


def test_where_words_stand_in_a_file() -> None:
    manuscript = Manuscript(Path("a.txt"), b"a b\nb c\nb", "a.txt")
    assert [manuscript.line_of("b", number) for number in (1, 2, 3, 4)] == [1, 2, 3, 0]
    assert (manuscript.line_of("c"), manuscript.line_of("x"), manuscript.line_of("")) == (2, 0, 0)


@pytest.mark.parametrize(
    ("source", "text", "messages"),
    [
        ("<a>b &amp; c</a>", "b & c", 0),
        ("<a>b & c</a>", "b & c", 1),
        ("<a>b<c>d</a>", "bd", 1),
        ("<a>b&#xD800;c&#1114112;d&#65;&#x10FFFF;</a>", "b\ufffdc\ufffddA\U0010ffff", 1),
        ("<a>b\x08c</a>", "bc", 0),
        ("<a><!-- x --><?y z?>b</a>", "b", 0),
    ],
)
def test_xml_is_read_as_far_as_possible(source: str, text: str, messages: int) -> None:
    manuscript = Manuscript(Path("a.xml"), b"", "a.xml")
    assert "".join(xml.xml_of(manuscript, source).itertext()) == text and len(manuscript.diagnostics) == messages


def test_small_functions_on_xml() -> None:
    root = lxml.etree.fromstring(
        "<a xmlns:n='urn:n'><n:b c='1' n:d='2'>x <i>y</i><br/><!-- z --> w</n:b><b> v </b><e><f>u</f><g> </g></e></a>"
    )
    assert xml.text_at(root, "b") == "x y w" and xml.text_at(root, "e", "f") == "u" and xml.text_at(root, "q", "f") == ""
    assert [xml.local_name(part) for part in xml.children_named(root, "b")] == ["b", "b"] and xml.children_named(None, "b") == []
    assert (
        xml.inner_markup(root) == '<b c="1">x <i>y</i><br/> w</b><b> v </b><e><f>u</f><g> </g></e>'
        and xml.inner_markup(None) == ""
    )
    assert list(xml.lowest_texts(root)) == ["x y w", "v", "u"] and xml.first_child(None, "x") is None


def test_pictures_of_a_mail_and_what_is_left_out_of_it() -> None:
    dot = base64.b64encode(b"GIF89a").decode()
    parts = [
        f"Content-Type: text/html; charset=unknown\n\n<p>{PROSE}</p><img "
        "alt='a' SRC='cid:p1'><img alt='b' src=\"b.gif\"><a href='cid:p1'>x</a>",
        f"Content-Type: image/gif\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\n{dot}",
        f"Content-Type: image/gif\nContent-Location: b.gif\nContent-Transfer-Encoding: base64\n\n{dot}",
        f"Content-Type: image/gif\nContent-Disposition: attachment; filename=d.gif\nContent-Transfer-Encoding: base64\n\n{dot}AA",
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename=e.pdf\n\nx",
        "Content-Type: text/html\nContent-Disposition: attachment; filename=f.html\n\n<p>Not this</p>",
    ]
    text = "Subject: A\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n\n" + "".join(
        f"--q\n{part}\n" for part in parts
    )
    for end, cut in (("--q--\n", False), ("", True)):
        manuscript = Manuscript(Path("a.eml"), (text + end).encode(), "a.eml")
        found = xhtml(articles_of(manuscript)[0].root)
        assert PROSE in found and "Not this" not in found and found.count("<img") + found.count("missing-image") == 3
        messages = [diagnostic.message for diagnostic in manuscript.diagnostics]
        assert "the attachment e.pdf is left out" in messages and "the attachment f.html is left out" in messages
        assert ("cut off: the last part has no end" in messages) is cut


def test_a_mailbox_has_its_mails_in_order_and_names_those_left_out() -> None:
    mails = [
        "Subject: One\nMIME-Version: 1.0\n\nWords.\n>From the lock.\n",
        "Subject: Two\nMIME-Version: 1.0\n\n \n",
        "Subject: Three\nMIME-Version: 1.0\n\nWords.\n",
    ]
    text = "".join(f"From a@example.org Thu Mar 12 08:00:00 2026\n{one}\n" for one in mails)
    manuscript = Manuscript(Path("a.mbox"), text.encode(), "a.mbox")
    found = articles_of(manuscript)
    assert (
        [one.metadata.title for one in found] == ["One", "Three"]
        and "From the lock" in xhtml(found[0].root)
        and "&gt;" not in xhtml(found[0].root)
    )
    assert [(diagnostic.code.value, diagnostic.location.line) for diagnostic in manuscript.diagnostics] == [("mail-left-out", 8)]


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        (f"<article><p>{PROSE}</p></article><div>x</div>", True),
        (f"<article><p>x</p></article><article><p>{PROSE}</p></article>", True),
        (f"<main><p>{PROSE}</p></main><div>x</div>", True),
        (f"<article><p>x</p></article><div><p>{PROSE}</p></div>", False),
        (f"<article><p>y</p></article><main><p>{PROSE}</p></main>", False),
    ],
)
def test_the_marked_article_of_a_clean_page(body: str, marked: bool) -> None:
    found = xhtml(article("a.html", f"<html><body>{body}</body></html>").root)
    assert PROSE in found and (">x<" not in found and ">y<" not in found) is marked


@pytest.mark.parametrize("tag", ["p", "div", "span", "address"])
def test_a_byline_of_a_clean_page_moves_to_the_header(tag: str) -> None:
    found = article("a.html", page(body=f"<{tag} class='x byline'>By Mara Ennis</{tag}><{tag} class='bylines'>Kept</{tag}>"))
    assert found.metadata.authors == ("Mara Ennis",) and "Kept" in xhtml(found.root)
    assert rules(found) == {"By Mara Ennis": "byline or date, now in the header"}


def test_what_a_page_hides_is_removed_unless_hardly_a_word_is_left() -> None:
    hidden = "<div style='display:none'>A zebra <p hidden>twice</p></div>"
    found = article("a.html", page(body=f"<p>{SECOND}</p>{hidden}"))
    assert rules(found) == {"A zebra twice": "not shown by the page"} and "zebra" not in xhtml(found.root)
    assert "zebra" in tree("x").replace("x", "zebra") and "zebra" in xhtml(
        article("a.html", f"<article><h1>A</h1><p>Few words.</p>{hidden}</article>").root
    )


GIF = (
    "data:image/gif;base64,"
    f"{base64.b64encode(bytes.fromhex('47494638396101000100800000ffffff00000021f90400000000002c00000000010001000002024401003b')).decode()}"
)


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        (
            f'![a]({GIF} "A caption")',
            '<figure><img alt="a" height="1" src="X" width="1"/><figcaption>A caption</figcaption></figure>',
        ),
        (f"![a]({GIF})", '<figure><img alt="a" height="1" src="X" width="1"/></figure>'),
        (f"![a]({GIF}) words", '<p><img alt="a" height="1" src="X" width="1"/> words</p>'),
        (f"*![a]({GIF})*", '<p><em><img alt="a" height="1" src="X" width="1"/></em></p>'),
        (
            f"![a]({GIF}) ![b]({GIF})",
            '<p><img alt="a" height="1" src="X" width="1"/> <img alt="b" height="1" src="X" width="1"/></p>',
        ),
        (f'<figure><p><img src="{GIF}" alt="a"></p></figure>', '<figure><img alt="a" height="1" src="X" width="1"/></figure>'),
        ('![a](none.png "A caption")', '<figure><span class="missing-image">a</span><figcaption>A caption</figcaption></figure>'),
        ("![](none.png)", '<figure><span class="missing-image">Figure</span></figure>'),
        ("![a](none.png) words", '<p><span class="missing-image">a</span> words</p>'),
        (
            "<figure><img src='none.png' alt=' a  b '><figcaption>a b</figcaption></figure>",
            '<span class="missing-image">Figure</span>',
        ),
        ("<figure><img src='none.png' alt='a'><figcaption>b</figcaption></figure>", '<span class="missing-image">a</span>'),
        ("<figure><p><img src='none.png' alt='a'></p></figure>", '<figure><span class="missing-image">a</span></figure>'),
    ],
)
def test_an_image_alone_is_a_figure(typed: str, markup: str) -> None:
    found = re.sub(r'src="images/[\w-]+\.gif"', 'src="X"', tree(f"# Headline\n\nWords.\n\n{typed}\n", "a.md"))
    label = languages.words_for("en")["figure"]
    assert markup.replace(">Figure<", f">{label}<") in found


def test_an_image_has_the_name_of_its_file_and_stands_once_among_the_resources() -> None:
    data = base64.b64decode(GIF.partition(",")[2])
    text = "# A\n\n![a](The%20Gate_7.GIF?x#y) and ![b](The%20Gate_7.GIF)\n\n![c](none.png) ![d](none.png)\n"
    manuscript = Manuscript(Path("a.md"), text.encode(), "a.md", opened={"The Gate_7.GIF": data, "none.png": None})
    (found,) = articles_of(manuscript)
    ((name, kind, width),) = [(one.name, one.media_type, one.width) for one in found.resources]
    assert name.startswith("images/the-gate-7-") and name.endswith(".gif") and (kind, width) == ("image/gif", 1)
    assert len(manuscript.diagnostics) == 2 and {diagnostic.location.line for diagnostic in manuscript.diagnostics} == {5}


def test_a_message_shortens_a_long_address() -> None:
    assert images._short_address("x" * 80) == "x" * 80 and images._short_address("x" * 81) == "x" * 79 + "…"
    assert images._short_address("data:image/png;base64,AA") == "embedded in the page"


@pytest.mark.parametrize(
    ("front", "byline"),
    [
        ("author: Mara Ennis\npublisher: Wire\ndate: 2026-03-12", "By Mara Ennis · Wire · March 12, 2026"),
        ("authors: [Mara Ennis, Pim Dole]", "By Mara Ennis, Pim Dole"),
        ("publisher: Wire\nsource: {publication: Other}", "Other"),
        ("date: 2026-03-12\nsource: {date: 2026-03-11}", "March 12, 2026"),
        ("date: 2026-03-12\nlang: de", "12. März 2026"),
    ],
)
def test_the_byline_of_an_article(front: str, byline: str) -> None:
    assert f'<p class="byline">{byline}</p>' in tree(f"---\n{front}\n---\n\n# A\n\nWords.\n", "a.md")
    assert "byline" not in tree("# A\n\nWords.\n", "a.md")


@pytest.mark.parametrize(
    ("lang", "wanted"), [("de", "de"), ("de_AT", "de-AT"), ("zh-Hant-TW", "zh-Hant-TW"), ("x", "en"), ("german language", "en")]
)
def test_the_language_of_an_article_is_a_tag_or_that_of_the_edition(lang: str, wanted: str) -> None:
    assert article("a.html", page(html=f'lang="{lang}"')).metadata.lang == wanted


def test_a_standfirst_of_the_text_stays_and_one_that_is_given_replaces_it() -> None:
    page_text = page(body="<p class='standfirst'>Of the <b>gate</b>.</p>").encode()
    for given, markup in (
        (Metadata(), "Of the <b>gate</b>."),
        (Metadata(subtitle="Given"), "Given"),
        (Metadata(subtitle="of the gate."), "Of the <b>gate</b>."),
    ):
        (found,) = articles_of(Manuscript(Path("a.html"), page_text, "a.html", given=given))
        assert f'<p class="standfirst">{markup}</p>' in xhtml(found.root)


def test_a_title_that_is_given_replaces_the_headline_and_its_markup_only_if_it_is_another() -> None:
    for given, markup in (
        (Metadata(title="the “gate” – OPENS"), "The <em>“gate”</em> — opens"),
        (Metadata(title="The weir"), "The weir"),
    ):
        (found,) = articles_of(Manuscript(Path("a.md"), "# The *“gate”* — opens\n\nWords.\n".encode(), "a.md", given=given))
        assert f"<h1>{markup}</h1>" in xhtml(found.root)


def test_control_characters_in_attributes_and_metadata_are_cleaned_too() -> None:
    items = [
        {
            "id": 1,
            "title": "A\x08b",
            "authors": [{"name": "Mara\x08 Ennis"}],
            "content_html": "<p title='x\x08\x0by'>Words\x08</p>",
        }
    ]
    values = {"version": "https://jsonfeed.org/version/1.1", "title": "Wi\x08re", "items": items}
    manuscript = Manuscript(Path("a.json"), json.dumps(values).encode(), "a.json")
    (found,) = articles_of(manuscript)
    assert (found.metadata.title, found.metadata.authors, found.metadata.source.publication) == ("Ab", ("Mara Ennis",), "Wire")
    assert 'title="x y"' in xhtml(found.root) and ">Words</p>" in xhtml(found.root)
    assert [diagnostic.code.value for diagnostic in manuscript.diagnostics] == ["control-characters"]


def test_a_teaser_of_a_feed_gives_way_to_the_page_that_was_fetched() -> None:
    index = json.dumps({"https://example.org/g": {"file": "g.html"}, "https://example.org/h": {"file": "h.pdf"}}).encode()
    opened = {"fetched.json": index, "g.html": page(body=f"<p>{SECOND}</p>").encode(), "h.pdf": b"x"}
    for url, words, whole in (("g", 79, True), ("g", 80, False), ("h", 9, False), ("i", 9, False)):
        item = f"<item><title>T</title><link>https://example.org/{url}</link><description>{'word ' * words}</description></item>"
        feed = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        (found,) = articles_of(Manuscript(Path("a.rss"), feed.encode(), "a.rss", opened=dict(opened)))
        assert (SECOND in xhtml(found.root)) is whole
    for broken in (b"{", b"[]", b'{"https://example.org/g": 7}', None):
        item = "<item><title>T</title><link>https://example.org/g</link><description>words</description></item>"
        feed = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        assert articles_of(Manuscript(Path("a.rss"), feed.encode(), "a.rss", opened={"fetched.json": broken}))


def test_sources_are_written_out_once_with_their_number_of_words() -> None:
    source = Source(title="A & B", url="https://example.org/x")
    text = f'<aside><p data-source="{source.identifier}"></p></aside><p data-source="{source.identifier}"/>'
    written, count = write_sources(text, [Citation(1, source)], "en", lambda one, lang: f"<b>{one.title} in {lang}</b> x &amp; y")
    assert written == "<aside><p><b>A & B in en</b> x &amp; y</p></aside><p><b>A & B in en</b> x &amp; y</p>" and count == 16


@pytest.mark.parametrize(
    ("entries", "limits", "code"),
    [
        ({"a": b"x" * 900}, Limits(files=1), ""),
        ({"a": b"x", "b": b"x"}, Limits(files=1), "limit"),
        ({"a": b"\0" * 1_000_001}, Limits(unpacked_megabytes=1, ratio=10**6), "limit"),
        ({"a": b"\0" * 1_000_000}, Limits(unpacked_megabytes=1, ratio=1), ""),
        ({"a": b"\0" * 1_000_001}, Limits(ratio=1), "limit"),
    ],
)
def test_the_limits_of_an_archive(entries: dict[str, bytes], limits: Limits, code: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name, data)
    manuscript = Manuscript(Path("a.odt"), buffer.getvalue(), "a.odt", limits=limits)
    if not code:
        archive = Archive(manuscript)
        assert archive.names == list(entries) and archive.read("a") == entries["a"] and archive.has("a") and not archive.has("z")
        with pytest.raises(PublisherError, match="file not found in the archive: z"):
            archive.read("z")
        return
    with pytest.raises(PublisherError) as caught:
        Archive(manuscript)
    assert caught.value.diagnostics[0].code.value == code


def test_an_archive_that_is_broken_or_encrypted() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", PROSE * 9)
    data = buffer.getvalue()
    encrypted = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    broken = data[:40] + b"\xff\xff\xff\xff" + data[44:]
    for content, code in (
        (encrypted, "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x", "encrypted"),
        (data[:-9], "archive-broken"),
        (broken, "archive-broken"),
    ):
        with pytest.raises(PublisherError) as caught:
            Archive(Manuscript(Path("a.odt"), content, "a.odt")).read("a")
        assert caught.value.diagnostics[0].code.value == code


@pytest.mark.parametrize(
    ("headers", "part", "url"),
    [
        (
            "Snapshot-Content-Location: https://example.org/a\n",
            "Content-Location: https://example.org/b\n",
            "https://example.org/a",
        ),
        ("", "Content-Location: https://example.org/b\n", "https://example.org/b"),
        ("Snapshot-Content-Location: cid:x\n", "", ""),
        ("", "", ""),
    ],
)
def test_the_address_of_a_page_in_mhtml(headers: str, part: str, url: str) -> None:
    text = (
        f"From: x\n{headers}MIME-Version: 1.0\nContent-Type: multipart/related; "
        f"boundary=q\n\n--q\nContent-Type: text/html\n{part}\n{page()}\n--q--\n"
    )
    assert article("a.mhtml", text).metadata.url == url


@pytest.mark.parametrize(
    ("outline", "markup"),
    [
        (
            'text="T" title="U" htmlUrl="https://example.org/h" xmlUrl="https://example.org/x" url="https://example.org/u"',
            '<a href="https://example.org/h">T</a>',
        ),
        ('title="U" xmlUrl="https://example.org/x" url="https://example.org/u"', '<a href="https://example.org/x">U</a>'),
        ('url="https://example.org/u"', '<a href="https://example.org/u">https://example.org/u</a>'),
        ('text="T" url="feed.xml"', "<li>T</li>"),
        ('text="T &amp; &lt;U&gt;"', "<li>T &amp; &lt;U&gt;</li>"),
    ],
)
def test_outlines_become_links(outline: str, markup: str) -> None:
    assert markup in xhtml(
        article("a.opml", f"<opml><body><outline text='Feeds'><outline {outline}/></outline></body></opml>").root
    )


@pytest.mark.parametrize(
    ("math", "alt"),
    [
        ("<mrow><mi>q</mi><mo>=</mo><mn>2</mn></mrow><annotation>q over 2</annotation>", "q over 2"),
        ("<mrow><mi>q</mi><mo>=</mo><mn>2</mn></mrow>", "q=2"),
    ],
)
def test_a_formula_of_an_opendocument_text_is_drawn(tmp_path: Path, math: str, alt: str) -> None:
    folder = tmp_path / "a.odt"
    (folder / "Object 1").mkdir(parents=True)
    frames = "".join(f'<draw:frame><draw:object xlink:href="./Object {number}"/></draw:frame>' for number in (1, 2))
    (folder / "body.xml").write_text(f"<text:p>Of the formula {frames} nothing is lost.</text:p>")
    (folder / "Object 1" / "content.xml").write_text(
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>{math}</semantics></math>'
    )
    (found,) = articles_of(Manuscript(folder, packed(folder), "a.odt"))
    assert f'<p>Of the formula <img alt="{alt}" class="math"' in xhtml(found.root) and xhtml(found.root).count("<img") == 1


def test_small_promises_of_several_readers() -> None:
    assert typography._set('¿"Sí"? ¡"No"!', "", "es", [0, 0]) == "¿«Sí»? ¡«No»!"
    found = mail(f"<p>{PROSE}</p><p><a href='https://example.org/x'><b>Unsubscribe</b></a></p>")
    assert rules(found) == {"Unsubscribe": "of the mailing, not of its text"}
    found = wire("Gate opens early", "* one", "* two", "* three", "* four", "By Mara Ennis", PROSE, SECOND)
    assert found.metadata.authors == ("Mara Ennis",)
    entry = f"<entry><id>x</id><title>Gate</title><updated>2026-03-12T08:00:00Z</updated><content>{PROSE}</content></entry>"
    found = article("a.atom", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>')
    assert str(found.metadata.date) == "2026-03-12"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", page('<link rel="canonical" href="https://example.org/a">', '<p><a href="//[c">of</a> <img src="//[c"></p>')),
        ("a.html", page(body='<iframe src="https://[c"></iframe>')),
        ("a.html", page('<base href="https://[c">', '<a href="b">of</a>')),
        ("a.md", f'# A\n\n{PROSE}\n\n<iframe src="https://[c"></iframe>\n\n[a](https://[c)\n'),
        (
            "a.rss",
            f"<rss><channel><item><title>A</title><link>https://[c</link><description>{PROSE}</description></item></channel></rss>",
        ),
        (
            "a.json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "home_page_url": "https://example.org",
                    "items": [{"id": "1", "url": "https://[c", "title": "A", "content_text": PROSE}],
                }
            ),
        ),
    ],
)
def test_a_malformed_address_leads_nowhere_and_breaks_nothing(name: str, text: str) -> None:
    assert "first barges of the spring" in xhtml(article(name, text).root)


def test_a_formula_with_a_reference_to_no_character_is_drawn() -> None:
    assert "\ufffd" in mathematics._clean_mathml("<math><mi>x&#xD800;</mi></math>")


def test_a_formula_of_restructured_text_is_drawn_and_messages_stay_out() -> None:
    found = article("a.rst", "Gate\n====\n\n:Authors: Mara Ennis; Pim Dole\n\nWords :math:`x^2` and `lost`_ here.\n")
    body = xhtml(found.root)
    assert '<img alt="x^2" class="math"' in body and "Docutils" not in body
    assert found.metadata.authors == ("Mara Ennis", "Pim Dole")
