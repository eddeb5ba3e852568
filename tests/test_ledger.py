"""The ledger: what is taken out of an article without a record is found, in every format; what is recorded is no loss."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import Tag
from bs4.element import NavigableString

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.ledger.account import Account, Kept, Lost, account_of
from publisher.ledger.inventory import Inventory, Passage, inventory_of
from publisher.ledger.kept import kept_of
from publisher.ledger.report import SMALL_SHARE, account_for
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.markup import tags, words, xhtml
from publisher.model.parts import Removal
from publisher.passes import structure
from publisher.text.word_count import counted_words
from tests.conftest import Run
from tests.reader_samples import PROSE, SECOND
from tests.test_readers import CASES, DOCX_SPACES, TEMPLATES, packed

LEAST = 8  # words of a block that is cut


def read(name: str, data: bytes | str) -> tuple[Manuscript, tuple[Article, ...]]:
    manuscript = Manuscript(Path(name), data.encode() if isinstance(data, str) else data, name)
    return manuscript, articles_of(manuscript)


def account(name: str, data: bytes | str) -> tuple[Account, list[str]]:
    """The account of a file, and the codes of what the ledger reports."""
    manuscript, articles = read(name, data)
    before = len(manuscript.diagnostics)
    found = account_for(manuscript, articles)
    assert found is not None
    return found, [str(diagnostic.code) for diagnostic in manuscript.diagnostics[before:]]


def inventory(name: str, data: bytes | str) -> Inventory:
    found = inventory_of(Manuscript(Path(name), data.encode() if isinstance(data, str) else data, name))
    assert found is not None
    return found


# Not those whose text is from the data of a script: the ledger counts what a page shows, and what JSON-LD states.
WHOLE_CASES = [
    case
    for case in CASES
    if "[exit 0]" in (output := case.with_suffix(".out").read_text("utf-8")) and "from the data of a script" not in output
]
FORMATS = sorted({case.parent.name for case in WHOLE_CASES})


def golden(case: Path) -> tuple[Manuscript, tuple[Article, ...]]:
    manuscript = Manuscript(case, packed(case) if case.is_dir() else case.read_bytes(), case.name)
    return manuscript, articles_of(manuscript)


def longest_block(articles: tuple[Article, ...]) -> Tag | None:
    """The block with the most words outside headers and notes that name sources; None if it has few words."""
    blocks = [block for article in articles for block in tags(article.root, ("p", "li", "td", "pre", "dd"))]
    inner = [block for block in blocks if block.find_parent(["header"]) is None and block.find_parent(class_="source") is None]
    longest = max(inner, key=lambda block: len(words(block).split()), default=None)
    return longest if longest is not None and len(set(counted_words(words(longest)))) >= LEAST else None


@pytest.mark.parametrize("name", FORMATS)
def test_a_block_that_is_cut_out_of_any_article_is_reported_with_its_words(name: str) -> None:
    tried = 0
    for case in [case for case in WHOLE_CASES if case.parent.name == name]:
        manuscript, articles = golden(case)
        block = longest_block(articles)
        if block is None:
            continue
        cut, tried = counted_words(words(block)), tried + 1
        block.decompose()
        found = account_for(manuscript, articles)
        assert found is not None and found.lost is not None, case
        assert found.lost.words >= len(set(cut)) / 2 and set(found.lost.sample.split()) <= set(cut), case
        assert Code.WORDS_UNACCOUNTED in {diagnostic.code for diagnostic in manuscript.diagnostics}
    assert tried or name in ("notebook", "opml")  # whose parts are short


@pytest.mark.parametrize("name", ["docx", "epub", "html", "mail", "markdown", "mhtml", "notebook", "odt"])
def test_an_image_that_is_cut_out_of_any_article_is_reported(name: str) -> None:
    tried = 0
    for case in [case for case in WHOLE_CASES if case.parent.name == name]:
        manuscript, articles = golden(case)
        images = [image for found in articles for image in tags(found.root, ("img",)) if "math" not in (image.get("class") or [])]
        whole = account_for(manuscript, articles)
        if not images or whole is None or len(images) != whole.images - whole.removed_images:
            continue  # drawings in the page are no images of the file
        tried += 1
        images[0].decompose()
        found = account_for(manuscript, articles)
        assert found is not None and found.lost_images == 1, case
        assert Code.IMAGES_UNACCOUNTED in {diagnostic.code for diagnostic in manuscript.diagnostics}
    assert tried


@pytest.mark.parametrize("name", FORMATS)
def test_a_word_that_is_cut_out_of_a_line_is_found(name: str) -> None:
    for case in [case for case in WHOLE_CASES if case.parent.name == name]:
        manuscript, articles = golden(case)
        block = longest_block(articles)
        texts = [text for text in (block.find_all(string=True) if block is not None else ()) if len(text.split()) > LEAST]
        known = [text for found in articles for text in kept_of(found, xhtml(found.root)).texts]
        known += [removal.words for found in articles for removal in found.removed]
        counts = Counter(word for text in known for word in counted_words(text))
        rare = next((word for text in texts for word in text.split() if word.isalpha() and counts[word.casefold()] == 1), "")
        if not rare:
            continue
        text = next(text for text in texts if rare in text.split())
        text.replace_with(NavigableString(text.replace(rare, "", 1)))
        found = account_for(manuscript, articles)
        assert found is not None and found.open_words >= 1, (case, rare)


def test_what_is_recorded_is_accounted_for_and_what_is_joined_or_split_is_no_loss() -> None:
    inventory = Inventory(
        passages=[Passage("line 1", "The gate opened at seven"), Passage("line 2", "The up per lock Schleusen tor")]
    )
    removal = Removal("a rule", "The gate opened")
    found = account_of(inventory, Kept(["at seven The upper lock Schleusentor"]), [removal])
    assert (found.words, found.kept_words, found.removed_words, found.open_words) == (11, 8, 3, 0)
    found = account_of(inventory, Kept(["at seven The upper"]), [removal])
    assert found.lost == Lost(3, "line 2", "lock schleusen tor") and found.kept_words == 5


def test_a_title_may_be_repeated_in_the_text_but_not_lost() -> None:
    inventory = Inventory(passages=[Passage("body", "Gate opens")], titles=[Passage("subject", "Gate opens")])
    assert account_of(inventory, Kept(["Gate opens"]), []).lost is None
    assert account_of(inventory, Kept(["Gate"]), []).open_words == 2


def test_a_manuscript_that_ends_the_count_with_an_error_is_not_counted_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for bug, says in (
        (ValueError("odd"), "an error in publisher itself, ValueError: odd"),
        (RecursionError(), "nested too deeply"),
    ):
        monkeypatch.setattr("publisher.ledger.report.inventory_of", raising(bug))
        manuscript = Manuscript(Path("a.txt"), f"Gate\n\n{PROSE}".encode(), "a.txt")
        assert account_for(manuscript, articles_of(manuscript)) is None
        assert [says in str(diagnostic) for diagnostic in manuscript.diagnostics if diagnostic.code is Code.NOT_COUNTED] == [True]


def raising(bug: Exception) -> Callable[[Manuscript], Inventory]:
    def count(manuscript: Manuscript) -> Inventory:
        raise bug

    return count


@pytest.mark.parametrize(
    ("rule", "line", "kept", "arrived"),
    [
        ("byline, now in the header", "By Mara Ennis", Kept(bylines=["By Mara Ennis"]), True),
        ("byline, now in the header", "By Mara Ennis", Kept(["Mara Ennis went to the lock"]), False),
        ("byline, now in the header", "By Mara Ennis", Kept(), False),
        ("byline or date, now in the header", "March 12, 2026", Kept(bylines=["By Mara Ennis · 12 mars 2026"]), True),
        ("byline or date, now in the header", "By Mara Ennis, March 12, 2026", Kept(bylines=["By Mara Ennis"]), False),
        ("the headline", "The gate opens early", Kept(header=["The gate opens"]), True),
        ("the headline", "The gate opens early", Kept(header=["Weir"]), False),
        ("a slug", "By Mara Ennis", Kept(), True),
    ],
)
def test_what_a_record_calls_moved_to_the_header_must_be_there(rule: str, line: str, kept: Kept, arrived: bool) -> None:
    found = account_of(Inventory(passages=[Passage("line 1", f"{line} x")]), kept, [Removal(rule, f"{line} x")])
    assert (found.lost is None) is arrived


@pytest.mark.parametrize(
    ("kept", "lost"),
    [
        (Kept(["The gate"]), 0),
        (Kept(titles=["The gate"]), 2),
        (Kept(header=["The gate"]), 2),
        (Kept(bylines=["The gate"]), 2),
        (Kept(numbers=["the", "gate"]), 2),
    ],
)
def test_texts_beside_the_running_text_do_not_stand_for_it(kept: Kept, lost: int) -> None:
    assert account_of(Inventory(passages=[Passage("line 1", "The gate")]), kept, []).open_words == lost
    assert account_of(Inventory(titles=[Passage("alt", "The gate")]), Kept(titles=["The gate"]), []).open_words == 0


def test_numbers_of_lists_are_words_of_plain_text_only() -> None:
    for is_text in (True, False):
        inventory = Inventory(passages=[Passage("line 1", "1 gate")], has_list_numbers=is_text)
        assert account_of(inventory, Kept(["gate"], numbers=["1"]), []).open_words == (0 if is_text else 1)


@pytest.mark.parametrize(
    ("held", "kept", "lost"),
    [
        ("upper lock", "upperlock", 0),
        ("upperlock", "upper lock", 0),
        ("a gate of 12", "agate of12", 0),
        ("no 1 gate", "no 12 gate", 1),  # a part of another number
        ("gate a", "gate barges", 1),
    ],
)
def test_words_that_were_joined_are_words_on_both_sides(held: str, kept: str, lost: int) -> None:
    assert account_of(Inventory(passages=[Passage("line 1", held)]), Kept([kept]), []).open_words == lost


def test_forms_of_one_text_count_once_and_what_only_one_has_counts_too() -> None:
    forms = [Inventory(passages=[Passage(str(number), text)]) for number, text in enumerate(["a b c", "b c", "c d", "a d"])]
    inventory = Inventory()
    inventory.add_forms(forms)
    assert sorted(" ".join(passage.text for passage in inventory.passages).split()) == ["a", "b", "c", "d"]


def test_a_drawn_formula_stands_for_no_image() -> None:
    manuscript = Manuscript(Path("a.md"), f"# Gate\n\n{PROSE}\n\n$x + 1$ and ![A gate](gone.png)\n".encode(), "a.md")
    articles = articles_of(manuscript)
    (image,) = articles[0].root.find_all(class_="missing-image")
    image.decompose()
    found = account_for(manuscript, articles)
    assert found is not None and found.lost_images == 1


def test_an_image_behind_a_source_is_counted() -> None:
    page = b"<html><body><p>Gate <picture><source srcset='a.webp'><img src='a.png'></picture> opens</p></body></html>"
    inventory = inventory_of(Manuscript(Path("a.html"), page, "a.html"))
    assert inventory is not None and len(inventory.images) == 1 and "Gate" in inventory.passages[0].text


def test_enclosures_and_media_of_a_feed_are_counted() -> None:
    media = "xmlns:media='http://search.yahoo.com/mrss/'"
    feed = f"""<rss version='2.0' {media}><channel><title>Locks</title><item><title>Gate</title><description>Open</description>
        <enclosure url='https://example.org/talk.mp3'/><media:content url='https://example.org/weir.png' medium='image'>
        <media:description>A weir</media:description><media:credit>Ivo</media:credit></media:content></item></channel></rss>"""
    inventory = inventory_of(Manuscript(Path("a.rss"), feed.encode(), "a.rss"))
    assert inventory is not None and inventory.images == ["entry 1"]
    assert [title.text for title in inventory.titles] == ["https://example.org/talk.mp3", "A weir", "Ivo"]


LISTED = "VGhlIGdhdGUgb3BlbmVkIGF0IHNldmVuLg==\n____\nTo leave the list, write to the desk.\n"


@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        ("", "The gate opened at seven.\n", 5),
        ("Content-Transfer-Encoding: base64\n", LISTED, 13),
        ("Content-Transfer-Encoding: base64\n", "!!! not base64\n", 2),
        ("Content-Type: text/plain; charset=nothing\n", "The gate opened.\n", 3),
        ("Content-Type: text/plain; charset=utf-8\n", "The caf\xe9 opened.\n", 3),
    ],
)
def test_a_fault_in_the_decoding_of_mails_is_seen(head: str, body: str, words: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = f"From: Mara Ennis <m@example.org>\nSubject: Gate\n{head}\n{body}".encode("latin-1")
    monkeypatch.setattr("publisher.ledger.mail_inventory.part_text", lambda manuscript, part: "")
    inventory = inventory_of(Manuscript(Path("a.eml"), data, "a.eml"))
    assert inventory is not None
    assert sum(len(counted_words(passage.text)) for passage in inventory.passages) == words
    assert [title.text for title in inventory.titles] == ["Gate", "Mara Ennis"]


# What each format holds


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body; the other parts by their names, without suffix."""
    buffer = io.BytesIO()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in TEMPLATES[".docx"].items():
            archive.writestr(name, data)
        archive.writestr("word/document.xml", f"<w:document {DOCX_SPACES}><w:body>{body}</w:body></w:document>")
        for name, data in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:x {space}>{data}</w:x>")
    return buffer.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_every_part_of_a_word_document_is_counted_and_recorded() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret weir</w:t></w:r></w:p>"
    data = docx(
        paragraph(PROSE) + hidden,
        header1=paragraph("Water Watch"),
        footer1=paragraph("Page of the desk"),
        comments=f"<w:comment w:id='1'>{paragraph('Check this')}</w:comment>",
    )
    found, codes = account("a.docx", data)
    assert {row.rule: row.words for row in found.removed} == {
        "hidden text": 2, "a header that no page has": 2, "a footer that no page has": 4, "a comment of the document": 2,
    }  # fmt: skip
    assert found.open_words == 0 and not codes


@pytest.mark.parametrize(
    ("name", "text", "passages"),
    [
        ("a.txt", "Gate opens\n\nThe gate\nopened.\n", [("line 1", "Gate opens"), ("line 3", "The gate\nopened.")]),
        (
            "a.md",
            "# Gate {#g .key}\n\n1. One\n2. Two [^1]\n\n[^1]: Note\n",
            [("line 1", "Gate"), ("line 3", "One Two"), ("line 6", "Note")],
        ),
        ("a.md", 'See [it](https://example.org/x "Tip"), <b>bold</b> &amp; `code`.\n', [("line 1", "See it bold code")]),
        ("a.md", "```py\nx = 1 <b>\n```\n\n::: key\nBox\n:::\n", [("line 2", "x 1 b"), ("line 5", "Box")]),
        ("a.md", "- [x] Done\n- [ ] Open\n\n[r]: https://example.org\n", [("line 1", "Done Open")]),
        ("a.html", "<body>A<b>b</b><p>c<script>d</script></p><noscript>e</noscript>", [("", "Ab"), ("", "c")]),
        (
            "a.html",
            "<body><svg><title>no</title><text>yes</text></svg><select><option>no</select><p>x<br>y",
            [("", "yes"), ("", "x y")],
        ),
    ],
)
def test_the_passages_of_a_text(name: str, text: str, passages: list[tuple[str, str]]) -> None:
    found = [
        (passage.place if any(place for place, _ in passages) else "", counted_words(passage.text))
        for passage in inventory(name, text).passages
    ]
    assert [pair for pair in found if pair[1]] == [(place, counted_words(text)) for place, text in passages]


def test_the_counts_of_a_markdown_file() -> None:
    found = inventory("a.md", "![A](a.png) [x](y) <img src='b.png'>\n\n| a |\n| - |\n| b |\n\nx^[note] y[^1]\n\n[^1]: Note\n")
    assert (len(found.images), found.links, found.tables, found.notes) == (2, 1, 1, 2)


def test_the_front_matter_of_a_markdown_file_has_titles_and_keys_that_are_not_for_readers() -> None:
    found = inventory("a.md", "---\ntitle: Gate\nlang: en\nauthor: [Mara Ennis]\nx: {y: Weir}\n---\n\nText\n")
    assert [title.text for title in found.titles] == ["Gate", "Mara Ennis", "Weir"]


def test_the_text_of_an_entry_is_counted_however_it_is_written() -> None:
    entries = (
        "<item><title>A &amp;amp; b</title><description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</description></item>"
        "<item><title>C</title><x:encoded xmlns:x='u'><![CDATA[<b>three</b>]]></x:encoded><guid>no</guid></item>"
    )
    found = inventory("a.rss", f"<rss><channel><title>no</title>{entries}</channel></rss>")
    assert [(passage.place, " ".join(counted_words(passage.text))) for passage in found.passages] == [
        ("entry 1", "a b"), ("entry 1", "one"), ("entry 1", "two"), ("entry 2", "c"), ("entry 2", "three"),
    ]  # fmt: skip


def test_of_alternatives_every_word_is_counted_once() -> None:
    plain = "--b\nContent-Type: text/plain\n\nThe gate opened, weir\n"
    page = "--b\nContent-Type: text/html\n\n<p>The gate opened early today</p>\n"
    head = "Subject: Gate\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
    found = inventory("a.eml", f"{head}{plain}{page}--b--\n")
    counts = Counter(word for passage in found.passages for word in counted_words(passage.text))
    assert counts == Counter(["the", "gate", "opened", "early", "today", "weir"])


def test_running_text_of_a_page_and_what_scripts_would_show() -> None:
    links = "<ul>" + "<li><a href='/x'>A list of links with ten words or more in every item</a></li>" * 3 + "</ul>"
    found = inventory("a.html", f"<body><p>{PROSE}</p><p>Short</p>{links}<noscript><p>{SECOND}</p></noscript>")
    assert [passage.text for passage in found.passages if passage.is_prose] == [PROSE] and found.alternative_prose == [SECOND]


# Messages


def test_a_small_article_of_a_large_page_is_a_warning() -> None:
    story = f"<article><h1>Gate</h1><p>{PROSE}</p><p>{SECOND}</p></article>"
    page = f"<nav><a href='/'>Home</a></nav>{story}"
    assert account("a.html", page)[1] == []
    hidden = "".join(f"<p>{number} {SECOND}</p>" for number in range(24))
    found, codes = account("a.html", f"{page}<noscript>{hidden}</noscript>")
    assert codes == ["article-small"] and found.prose is not None and found.kept_prose < SMALL_SHARE * found.prose


def test_strict_refuses_what_is_unaccounted(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = edition({"a.md": f"# Gate\n\n{PROSE}\n\n{SECOND}\n"})
    block = structure._remove_empty_blocks

    def careless(root: Tag) -> None:
        block(root)
        tags(root, ("p",))[-1].decompose()

    monkeypatch.setattr(structure, "_remove_empty_blocks", careless)
    run = publisher("build", "a.md", "-o", "a.epub", "--no-cache", "--strict")
    assert run.code == 3 and not (home / "a.epub").exists()
    assert re.search(
        r"a\.md:5: warning: \d+ of \d+ words \(\d+ %\) are neither in the article nor recorded as removed: “", run.err
    )
    run = publisher("check", "a.md", "--ledger")
    assert run.code == 0 and "words  kept  removed  unaccounted" in run.out


def test_the_ledger_in_json(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": f"# Gate\n\n{PROSE}\n"})
    (values,) = [
        json.loads(line)
        for line in publisher("build", "a.md", "-o", "a.epub", "--log-format", "json").err.splitlines()
        if "account" in line
    ]
    assert (
        values["file"] == "a.md"
        and values["account"]["lost"] is None
        and values["account"]["words"] == values["account"]["kept_words"]
    )
    tree = json.loads(publisher("tree", "a.md", "--to", "json").out)
    assert tree["account"] == values["account"]


def test_the_ledger_comes_from_the_cache_too(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": f"# Gate\n\n{PROSE}\n"})
    first, second = (publisher("build", "a.md", "-o", "a.epub", "--log-format", "json").err for _ in range(2))
    accounts = [[line for line in log.splitlines() if '"account"' in line] for log in (first, second)]
    assert accounts[0] == accounts[1] and len(accounts[0]) == 1


def test_what_the_manifest_replaces_is_recorded(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    entry = '{ path = "a.md", title = "Weir", subtitle = "Dry", authors = ["Pim Dole"] }'
    front_matter = "subtitle: Early in spring\nauthor: Mara Ennis\ndescription: About gates\nx: Unknown"
    copy = f"---\n{front_matter}\n---\n\n# Gate opens\n\n{PROSE}\n"
    edition({"publisher.toml": f'[edition]\ntitle = "T"\n[[section]]\narticles = [{entry}]\n', "a.md": copy})
    run = publisher("check", "--ledger", "-v")
    assert run.code == 0 and "unaccounted [" not in run.err and "words-unaccounted" not in run.err
    assert "replaced by what the manifest or a sidecar gives: 6 words" in run.out
    assert "front matter that is not printed: 3 words" in run.out
