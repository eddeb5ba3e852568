"""Sources: one identity for all forms of an address, what a note tells, numbers, the list, exports."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import lxml.html
import pikepdf
import pypandoc
import pypdfium2
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from publisher.build.build import Report, assemble, make
from publisher.build.plan import plan
from publisher.cli import cli
from publisher.model.addresses import canonical_address, doi_of, site_of, without_tracking
from publisher.model.codes import Code
from publisher.model.edition import Edition, Entry
from publisher.model.markup import xhtml
from publisher.model.metadata import Metadata
from publisher.model.parts import Citation
from publisher.model.sources import FROM_HOST, FROM_LINK_WORDS, Source, merged_source
from publisher.text.compact_notes import MANY_SOURCES
from publisher.text.link_words import title_in
from publisher.text.source_exports import as_csv, bibtex, ris
from publisher.text.standard_style import standard_style
from publisher.writers.epub.chapter import chapter_body
from tests.reader_samples import PROSE, article
from tests.writer_samples import book_of

GATE = "https://harbor.example/news/gate?id=7"
# Forms of GATE that lead to the same page.
VARIANTS = [
    "http://harbor.example/news/gate?id=7",
    "https://www.harbor.example/news/gate?id=7",
    "HTTPS://Harbor.EXAMPLE/news/gate?id=7",
    "https://harbor.example:443/news/gate?id=7",
    "http://harbor.example:80/news/gate?id=7",
    "https://harbor.example./news/gate?id=7",
    "https://harbor.example/news/gate/?id=7",
    "https://harbor.example/news/gate?id=7#top",
    "https://harbor.example/news/gate?id=7#:~:text=lock",
    "https://harbor.example/news/gate?id=7#",
    "https://harbor.example/news/../news/gate?id=7",
    "https://harbor.example/./news/gate?id=7",
    "https://harbor.example/news/%67ate?id=7",
    "https://harbor.example/news/gate?id=%37",
    "https:\\\\harbor.example\\news\\gate?id=7",
    " https://harbor.example/news/gate?id=7\n",
    "https://harbor.example/ne\nws/gate?id=7",
    "https://harbor.example/news/gate?id=7&",
    "https://harbor.example/news/gate?&id=7",
    *(
        f"https://harbor.example/news/gate?{query}"
        for query in (
            "utm_source=a&id=7",
            "id=7&utm_medium=mail&utm_campaign=b",
            "id=7&fbclid=Iw",
            "gclid=1&id=7",
            "id=7&mc_cid=1&mc_eid=2",
            "id=7&msclkid=3",
            "id=7&igshid=4",
            "id=7&_hsenc=5&_hsmi=6",
            "id=7&mtm_campaign=7",
            "id=7&UTM_Source=8",
            "id=7&ref_src=twsrc",
        )
    ),
]


def test_an_escape_of_a_tilde_is_that_tilde() -> None:
    assert Source(url="https://harbor.example/%7Eann").identifier == Source(url="https://harbor.example/~ann").identifier


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_forms_of_one_address_are_one_source(variant: str) -> None:
    assert Source(url=variant).identifier == Source(url=GATE).identifier


NEAR_MISSES = [
    "https://harbor.example/news/gate?id=8",
    "https://harbor.example/news/gate?ID=7",
    "https://harbor.example/news/gate?id=7&page=2",
    "https://harbor.example/news/Gate?id=7",
    "https://harbor.example/news/gate.html?id=7",
    "https://harbor.example/news/gate",
    "https://harbor.example/news%2Fgate?id=7",
    "https://m.harbor.example/news/gate?id=7",
    "https://amp.harbor.example/news/gate?id=7",
    "https://harbor.example/amp/news/gate?id=7",
    "https://harbor.example:8080/news/gate?id=7",
    "https://harbor.example/news/gate?id=7&utm=1",
    "https://harbor.example/news/gate?id=7&source=utm_source",
    "https://harbor.example/news/gate?id=7&ref=2",
    "https://harbor.example/news/gate?id=7#/map",
    "https://harbor.example/news/gate?id=7#!map",
    "https://harbor.example.org/news/gate?id=7",
    "https://wwwharbor.example/news/gate?id=7",
    "ftp://harbor.example/news/gate?id=7",
    "https://harbor.example/gate/news?id=7",
    "https://harbor.example/news/gate;v=2?id=7",
    "https://harbor.example/news/gate?a=1&id=7",
]


@pytest.mark.parametrize("address", NEAR_MISSES)
def test_another_address_is_another_source(address: str) -> None:
    assert Source(url=address).identifier != Source(url=GATE).identifier


@given(
    st.text(alphabet="abcAB019-_.~%/=&?;", min_size=1, max_size=12),
    st.text(alphabet="abcAB019-_.~/=&?;", min_size=1, max_size=12),
)
def test_paths_that_are_not_the_same_text_are_not_one_source_by_chance(first: str, second: str) -> None:
    one, other = (f"https://harbor.example/x{path}y" for path in (first, second))
    if canonical_address(one) == canonical_address(other):
        assert _without_equal_marks(one) == _without_equal_marks(other)


def _without_equal_marks(address: str) -> str:
    """What may differ in one address: dot segments, empty parameters, a slash at the end, escapes of letters."""
    resolved = lxml.html.document_fromstring(f'<a href="{address}">x</a>').xpath("//a/@href")[0]
    path, _, query = str(resolved).partition("?")
    pieces: list[str] = []
    for piece in path.split("/")[3:]:
        if piece == ".." and pieces:
            pieces.pop()
        elif piece not in (".", ".."):
            pieces.append(piece)
    return "/".join(pieces).rstrip("/") + "?" + "&".join(filter(None, query.split("&")))


@given(st.text(max_size=40))
def test_no_address_is_an_exception_and_its_canonical_form_is_its_own(address: str) -> None:
    for text in (address, f"https://harbor.example/{address}"):
        canonical = canonical_address(text)
        assert canonical_address(canonical) == canonical
        site_of(text), without_tracking(text)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.5555/Lock.7", "10.5555/lock.7"),
        ("https://doi.org/10.5555/lock.7", "10.5555/lock.7"),
        ("http://dx.doi.org/10.5555/lock.7", "10.5555/lock.7"),
        ("doi:10.5555/lock.7", "10.5555/lock.7"),
        ("https://harbor.example/10.5555/lock.7", ""),
        ("10.5555", ""),
    ],
)
def test_a_doi_in_all_its_forms(text: str, doi: str) -> None:
    assert doi_of(text) == doi


def test_a_source_with_a_doi_is_that_of_its_address_at_doi_org() -> None:
    sources = [
        Source(doi="10.5555/LOCK"),
        Source(doi="https://doi.org/10.5555/lock"),
        Source(doi="doi: 10.5555/lock"),
        Source(url="https://dx.doi.org/10.5555/lock"),
        Source(url="https://doi.org/10.5555/lock/?utm_source=mail#abstract"),
        Source(url="https://www.doi.org/10.5555%2Flock"),
    ]
    assert len({source.identifier for source in sources}) == 1
    assert sources[1].doi == sources[2].doi == "10.5555/lock"


# What several records know


RECORDS = [
    Source(
        url=GATE, title="gate", publication="harbor.example", guesses=(("title", FROM_LINK_WORDS), ("publication", FROM_HOST))
    ),
    Source(url=GATE, title="the upper gate", guesses=(("title", FROM_LINK_WORDS),)),
    Source(url=GATE, title="Upper gate opens", publication="Harbor Daily", authors=("Mara Ennis",)),
    Source(url=GATE, accessed=datetime.date(2026, 3, 13)),
]


def test_what_was_stated_takes_the_place_of_guesses_whichever_comes_first() -> None:
    for records in itertools.permutations(RECORDS):
        merged = merged_source(records)
        assert (merged.title, merged.publication, merged.authors) == ("Upper gate opens", "Harbor Daily", ("Mara Ennis",))
        assert merged.accessed == datetime.date(2026, 3, 13) and not merged.guesses


def test_of_two_guesses_the_longer_is_taken_whichever_comes_first() -> None:
    guesses = [record for record in RECORDS if record.guesses]
    found = {merged_source(records) for records in itertools.permutations(guesses)}
    assert {source.title for source in found} == {"the upper gate"} and len(found) == 1
    assert found.pop().confidence("title") == FROM_LINK_WORDS


# What the words of a link tell


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Upper gate opens", "Upper gate opens"),
        ("the keepers’ log", "The keepers’ log"),
        ("“Upper gate opens”", "Upper gate opens"),
        ("Who pays for the lock?", "Who pays for the lock?"),
        ("iLock 3", "iLock 3"),
        ("handbook", "Handbook"),
        ("水門", "水門"),
        ("lock.js", "Lock.js"),
        (f"{'barge ' * 30}", f"Barge {'barge ' * 24}…"),
        *(
            (words, "")
            for words in ("here", "Click here", "read more …", "[link]", "this", "hier", "ici", "więcej", "こちら", "said")
        ),
        *(
            (words, "")
            for words in ("12", "(3)", "→", "", "—", "https://harbor.example/news", "harbor.example/news", "a@b.example")
        ),
        *((words, "") for words in ("harbor.example", "www.harbor.example", "Harbor.Example", "www.harbor.example/gate")),
        *((words, "") for words in ("quay.org", "www.quay.eu", "quay.co.uk", "quay.gov.uk", "quay.eu/news")),
    ],
)
def test_the_words_of_a_link_as_a_title(words: str, title: str) -> None:
    assert title_in(words, GATE) == title


def notes_of(text: str, name: str = "a.md") -> list[str]:
    """The notes of an article as an output has them."""
    folder = article(name, text)
    from publisher.cli.tree import _with_sources

    tree = lxml.html.fragment_fromstring(xhtml(_with_sources(folder).root))
    return [" ".join(note.text_content().split()) for note in tree.iter("aside") if "note" in (note.get("class") or "")]


def test_a_note_has_the_words_of_its_link_and_the_address() -> None:
    assert notes_of(f"# Lock\n\n{PROSE} [The upper gate]({GATE}) and [here](https://quay.example/a).") == [
        "“The upper gate.” harbor.example/news/gate?id=7",
        "quay.example/a",
    ]


def test_the_title_of_a_link_comes_before_its_words() -> None:
    assert notes_of(f'# Lock\n\n{PROSE} [this log]({GATE} "The log of the gate").') == [
        "“The log of the gate.” harbor.example/news/gate?id=7"
    ]


def test_the_title_of_a_link_comes_before_longer_words_of_another() -> None:
    text = f'# Lock\n\n{PROSE} [The upper gate and all of its keepers]({GATE}) and [this]({GATE} "The log").'
    assert notes_of(text) == ["“The log.” harbor.example/news/gate?id=7"]


def test_a_link_of_the_articles_own_site_has_the_name_of_the_site() -> None:
    text = f"---\ntitle: Lock\nurl: https://harbor.example/lock\npublisher: Harbor Daily\n---\n\n{PROSE} [The gate]({GATE})."
    assert notes_of(text)[1] == "“The gate,” Harbor Daily. harbor.example/news/gate?id=7"


def test_a_linked_image_tells_its_description() -> None:
    found = notes_of(f'<h1>Lock</h1><p>{PROSE}</p><p><a href="{GATE}"><img alt="Map of the gate" src="x.png"></a></p>', "a.html")
    assert found == ["“Map of the gate.” harbor.example/news/gate?id=7"]


def test_a_note_of_the_author_that_writes_a_source_out_describes_it() -> None:
    text = f"# Lock\n\n{PROSE}[^a] See [here]({GATE}).\n\n[^a]: Mara Ennis, *The book of gates*, 1931, <{GATE}>."
    assert notes_of(text)[1] == "Mara Ennis, The book of gates, 1931. harbor.example/news/gate?id=7"


@pytest.mark.parametrize("note", ["So too:", " ".join(["gates"] * 61)])
def test_a_note_of_very_few_or_very_many_words_describes_no_source(note: str) -> None:
    text = f"# Lock\n\n{PROSE}[^a] See [here]({GATE}).\n\n[^a]: {note} <{GATE}>."
    assert notes_of(text)[1] == "harbor.example/news/gate?id=7"


def test_an_address_that_a_note_has_without_its_end_is_not_printed_again() -> None:
    text = f"# Lock\n\n{PROSE}[^a]\n\n[^a]: See [the quay](https://www.quay.example/a/) (quay.example/A)."
    assert notes_of(text) == ["See the quay (quay.example/A)."]


def test_the_address_of_a_link_inside_a_note_is_printed_once() -> None:
    text = f"# Lock\n\n{PROSE}[^a] {PROSE}[^b]\n\n[^a]: See [the log]({GATE}) and [again]({GATE}).\n\n[^b]: See {GATE}."
    assert notes_of(text) == [
        "See the log (harbor.example/news/gate?id=7) and again.",
        "See https://harbor.example/news/gate?id=7.",
    ]


def test_a_link_in_a_caption_and_in_a_table_has_a_note() -> None:
    body = (
        f'<h1>Lock</h1><p>{PROSE}</p><figure><img alt="x" src="x.png"><figcaption>By <a href="{GATE}">Mara Ennis</a></figcaption>'
        '</figure><table><tr><td>Barge<td><a href="https://quay.example/t">The quay</a></table>'
    )
    assert notes_of(body, "a.html") == ["“Mara Ennis.” harbor.example/news/gate?id=7", "“The quay.” quay.example/t"]


def test_tracking_parameters_are_not_printed() -> None:
    assert notes_of(f"# Lock\n\n{PROSE} [The gate]({GATE}&utm_source=mail&fbclid=1#:~:text=x).") == [
        "“The gate.” harbor.example/news/gate?id=7"
    ]


def test_an_address_as_the_words_of_a_link_is_printed_without_secrets(tmp_path: Path) -> None:
    text = "See <https://a.example/y?token=7f3a9c&p=1>, https://anna:sesame@a.example/z and [a word](https://a.example/?token=9b2e1d)."
    edition, problems = assemble(plan([manifest_in(tmp_path, {"a.md": f"# A\n\n{text}\n"})], []))
    shown = edition.entries[0].xhtml
    assert ">https://a.example/y?p=1</a>" in shown and ">https://a.example/z</a>" in shown
    assert not re.search("7f3a9c|sesame|9b2e1d", shown + "".join(map(str, problems)))
    assert Code.WORDS_UNACCOUNTED not in [problem.code for problem in problems]


def test_references_side_by_side_are_parted() -> None:
    tree = xhtml(article("a.md", f"# Lock\n\n{PROSE}[^a][^b] [^c]\n\n[^a]: A.\n\n[^b]: B.\n\n[^c]: C.").root)
    paragraph = lxml.html.fragment_fromstring(tree).find(".//p")
    assert paragraph.text_content() == f"{PROSE}1,2,3"
    assert [part.text for part in paragraph.iter("span") if part.get("class") == "parting"] == [",", ","]


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (Source(title="Lock?"), "“Lock?”"),
        (Source(title="Lock"), "“Lock.”"),
        (Source(title="Lock", publication="quay.example", url="https://quay.example/a"), "“Lock,” <cite>quay.example</cite>."),
        (
            Source(title="Lock", publication="quay.example", url="https://quay.example", guesses=(("publication", FROM_HOST),)),
            "“Lock.”",
        ),
        (Source(title="Lock", citation="Ennis, Locks", guesses=(("title", 0.5), ("citation", 0.6))), "Ennis, Locks."),
        (Source(title="Lock", citation="Ennis, Locks", guesses=(("citation", 0.6),)), "“Lock.”"),
    ],
)
def test_what_of_a_source_is_written(source: Source, note: str) -> None:
    assert standard_style(source, "en").partition(" <a ")[0] == note


# Editions


def edition_in(folder: Path, files: dict[str, str], settings: str = "") -> tuple[Edition, tuple[Code, ...]]:
    edition, diagnostics = assemble(plan([manifest_in(folder, files, settings)], []))
    return edition, tuple(diagnostic.code for diagnostic in diagnostics)


def manifest_in(folder: Path, files: dict[str, str], settings: str = "") -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    articles = ", ".join(f'"{name}"' for name in files)
    manifest = folder / "publisher.toml"
    manifest.write_text(f'[edition]\ntitle = "Locks"\n[[section]]\narticles = [{articles}]\n{settings}', "utf-8")
    return manifest


def links_to_gate(number: int, words: str = "The gate") -> str:
    return f"# Lock {number}\n\n{PROSE} [{words}]({GATE}).\n"


def test_what_one_note_of_the_edition_knows_all_know(tmp_path: Path) -> None:
    known = f"---\ntitle: Upper gate opens\nauthor: Mara Ennis\nurl: {GATE}\npublisher: Harbor Daily\n---\n\n{PROSE}\n"
    edition, _ = edition_in(tmp_path, {"a.md": links_to_gate(1, "here"), "b.md": known})
    notes = [re.sub(r"<[^>]+>", "", note) for entry in edition.entries for note in re.findall("<aside.*?</aside>", entry.xhtml)]
    assert set(notes) == {"Mara Ennis, “Upper gate opens,” Harbor Daily. harbor.example/news/gate?id=7"}


def test_sources_known_by_the_address_alone_are_counted(tmp_path: Path) -> None:
    edition, codes = edition_in(tmp_path, {"a.md": links_to_gate(1, "here"), "b.md": links_to_gate(2, "The gate")})
    assert Code.SOURCES_UNDESCRIBED not in codes and len(edition.sources) == 1
    _, codes = edition_in(tmp_path, {"a.md": links_to_gate(1, "here"), "b.md": links_to_gate(2, "click here")})
    assert codes.count(Code.SOURCES_UNDESCRIBED) == 1


@pytest.mark.parametrize(("count", "end"), [(3, "/2"), (4, "/2, …")])
def test_of_the_sources_known_by_the_address_alone_three_are_named(tmp_path: Path, count: int, end: str) -> None:
    links = " ".join(f"[here](https://quay.example/{number})" for number in range(count))
    _, problems = assemble(plan([manifest_in(tmp_path, {"a.md": f"# A\n\n{PROSE} {links}\n"})], []))
    (message,) = [problem.message for problem in problems if problem.code is Code.SOURCES_UNDESCRIBED]
    assert message.endswith(end)


def test_what_front_matter_states_of_a_source_is_accounted_for(tmp_path: Path) -> None:
    stated = (
        "title: Ledger of gates\n  publication: Daily\n  license: CC BY\n  descriptor: a log\n  credibility: high\n  ai_use: none"
    )
    _, codes = edition_in(tmp_path, {"a.md": f"---\ntitle: A\nsource:\n  {stated}\n---\n{PROSE}\n"})
    assert Code.WORDS_UNACCOUNTED not in codes


def test_the_order_of_articles_changes_no_identifier_and_no_note(tmp_path: Path) -> None:
    files = {f"{number}.md": links_to_gate(number, f"{'gate ' * number}") for number in range(1, 7)}
    files["own.md"] = f"---\ntitle: Quay\nurl: https://quay.example/a\n---\n\n{PROSE} See [the quay](https://quay.example/b).\n"
    chance, found = random.Random(7), set()
    for _ in range(20):
        names = chance.sample(sorted(files), len(files))
        edition, _ = edition_in(tmp_path, {name: files[name] for name in names})
        found.add(frozenset((cited.source.identifier, standard_style(cited.source, "en")) for cited in edition.sources))
    assert len(found) == 1 and len(found.pop()) == 3


def test_the_list_by_article_by_name_and_none(tmp_path: Path) -> None:
    files = {
        "a.md": f"# A\n\n{PROSE} [Zebra quay](https://quay.example/z) [Ärger at the lock](https://quay.example/a).\n",
        "b.md": f"# B\n\n{PROSE} [Barge](https://quay.example/b) [Zebra quay](https://quay.example/z).\n",
    }

    def titles(listing: str) -> list[str]:
        edition, _ = edition_in(tmp_path, files, f'[sources]\nlist = "{listing}"\n')
        return [cited.source.title for cited in edition.listed_sources]

    assert titles("article") == ["Zebra quay", "Ärger at the lock", "Barge"]
    assert titles("name") == ["Ärger at the lock", "Barge", "Zebra quay"]
    assert titles("none") == []


def test_a_link_inside_a_note_is_listed_where_its_note_stands(tmp_path: Path) -> None:
    text = (
        "A[^1] and [ports](https://ports.example/).\n\n[^1]: See [ships](https://ships.example/) and [quays](https://q.example/)."
    )
    (tmp_path / "a.md").write_text(f"# A\n\n{text}\n")
    sources = assemble(plan([tmp_path / "a.md"], []))[0].listed_sources
    listed = [(cited.source.title, cited.mentions[0].note) for cited in sources]
    assert listed == [("Ships", 1), ("Quays", 1), ("Ports", 2)]


def test_a_source_names_each_article_that_cites_it_once(tmp_path: Path) -> None:
    cites_twice = f"# A\n\n{PROSE}[^a] [The gate]({GATE}).\n\n[^a]: See [the gate]({GATE}).\n"
    edition, _ = edition_in(tmp_path, {"a.md": cites_twice, "b.md": links_to_gate(2)})
    assert [[(mention.slug, mention.note) for mention in cited.mentions] for cited in edition.listed_sources] == [
        [("a", 2), ("b", 1)]
    ]


@pytest.mark.parametrize(("text", "count"), [(links_to_gate(1), 0), (f"{links_to_gate(1)}\n[Quay](https://quay.example/q)\n", 2)])
def test_one_article_with_one_source_has_no_list(tmp_path: Path, text: str, count: int) -> None:
    (tmp_path / "a.md").write_text(text)
    edition, _ = assemble(plan([tmp_path / "a.md"], []))
    assert edition.standalone and len(edition.listed_sources) == count


# Many links


def many_links(count: int) -> str:
    links = (
        f"{PROSE} [Gate {number:03}](https://{'quay' if number % 3 else 'lock'}.example/g/{number})." for number in range(count)
    )
    return "# Lock\n\n" + "\n\n".join(links) + f"\n\n{PROSE} [Alone](https://weir.example/x)\n"


def test_notes_of_very_many_links_are_grouped_by_site_and_by_title(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(many_links(MANY_SOURCES + 3))
    edition, _ = assemble(plan([tmp_path / "a.md"], []))
    section = lxml.html.fragment_fromstring(edition.entries[0].xhtml).find("section")
    texts = [part.text_content().strip() for part in section]
    assert section.get("class") == "notes compact"
    assert texts[0] == "Alone weir.example/x" and texts[1] == "lock.example" and texts[2] == "Gate 000 /g/0"
    quay = texts.index("quay.example")
    assert texts[quay + 1 :] == [f"Gate {number:03} /g/{number}" for number in range(MANY_SOURCES + 3) if number % 3]
    assert len(texts) == MANY_SOURCES + 3 + 1 + 2 and not edition.listed_sources


def test_notes_of_fewer_links_and_notes_at_the_foot_are_not_grouped(tmp_path: Path) -> None:
    for count, settings in ((MANY_SOURCES - 1, ""), (MANY_SOURCES + 3, '[sources]\nnotes = "foot"\n')):
        edition, _ = edition_in(tmp_path, {"a.md": many_links(count)}, settings)
        assert 'class="notes"' in edition.entries[0].xhtml and 'class="site"' not in edition.entries[0].xhtml


def test_a_source_that_a_note_writes_out_is_not_grouped(tmp_path: Path) -> None:
    address = "https://quay.example/book"
    note = f"{PROSE}[^a] See [here]({address}).\n\n[^a]: Mara Ennis, *The book of gates*, <{address}>."
    text = f"{many_links(MANY_SOURCES + 3)}\n{note}\n"
    edition, _ = edition_in(tmp_path, {"a.md": text})
    section = lxml.html.fragment_fromstring(edition.entries[0].xhtml).find("section")
    assert section.get("class") == "notes compact"
    assert "Mara Ennis, The book of gates. quay.example/book" in [part.text_content().strip() for part in section]


def test_what_is_stated_does_not_count_among_the_notes_to_group(tmp_path: Path) -> None:
    text = f"---\ntitle: Lock\nsource:\n  title: The log\n  url: https://quay.example/log\n---\n{many_links(MANY_SOURCES - 1)}"
    edition, _ = edition_in(tmp_path, {"a.md": text})
    assert len(edition.sources) == MANY_SOURCES + 1 and 'class="site"' not in edition.entries[0].xhtml


# Numbers and links in the outputs


def outputs_of(folder: Path, files: dict[str, str], settings: str = "") -> dict[str, bytes]:
    names = [folder / "a.pdf", folder / "a.epub"]
    report: Report = make(plan([manifest_in(folder, files, settings)], names))
    return {path.suffix: output.data for path, output in report.outputs.items()}


def numbers_in(chapters: Iterable[str]) -> list[str]:
    return [number for chapter in chapters for number in re.findall(r'role="doc-noteref"[^>]*>(\d+)</a>', chapter)]


@pytest.mark.slow
@pytest.mark.parametrize(("numbering", "in_book"), [("article", ["1", "1", "1"]), ("edition", ["1", "2", "3"])])
def test_notes_of_short_articles_on_a_page_are_numbered_through_it(tmp_path: Path, numbering: str, in_book: list[str]) -> None:
    files = {f"{name}.md": links_to_gate(number, f"Gate {number}") for number, name in enumerate("abc")}
    files |= {f"d{number}.md": links_to_gate(number, "Gate") for number in range(10)}  # their numbers have other digits
    outputs = outputs_of(tmp_path, files, f'[sources]\nnumbering = "{numbering}"\n')
    book = book_of(outputs[".epub"])
    assert numbers_in(book[f"{name}.xhtml"] for name in "abc") == in_book
    with pikepdf.open(io.BytesIO(outputs[".pdf"])) as file:
        pages = [[str(link.Contents) for link in page.obj.get("/Annots", ()) if "/Dest" in link] for page in file.pages]
    notes = [[words for words in page if words.startswith("Note ")] for page in pages[:-1]]
    assert all(len(set(page)) == len(page) for page in notes)
    if numbering == "edition":
        found = {words for page in pages for words in page if words.startswith("Note ")}
        assert found == {f"Note {number}" for number in range(1, 14)}


@pytest.mark.slow
def test_links_of_the_pages_are_described_in_words(tmp_path: Path) -> None:
    files = {
        "a.md": f"# Lock\n\n{PROSE} [The gate]({GATE}) [Below](#below).\n\n## Below {{#below}}\n\n{PROSE}\n",
        "b.md": links_to_gate(2),
    }
    with pikepdf.open(io.BytesIO(outputs_of(tmp_path, files)[".pdf"])) as file:
        links = [link for page in file.pages for link in page.obj.get("/Annots", ()) if link.Subtype == "/Link"]
        described = {str(link.Contents) for link in links}
    assert described == {
        "Lock",
        "Lock 2",
        "Note 1",
        "Note 2",
        "Back to the text: Note 1",
        "Back to the text: Note 2",
        "The gate",
        "Below",
    }


@pytest.mark.parametrize(
    ("archived", "archived_date", "day"),
    [
        ("https://archive.example/web/20260317101500/https://harbor.example/", None, "2026-03-17"),
        ("https://archive.example/x", "2026-03-18", "2026-03-18"),
        ("https://archive.example/web/20261399101500/x", None, None),
        ("https://archive.example/x", None, None),
    ],
)
def test_links_of_a_book_name_the_archived_copy(archived: str, archived_date: str | None, day: str | None) -> None:
    known = Source(url=GATE, archived=archived, archived_date=archived_date and datetime.date.fromisoformat(archived_date))
    links = f'<p><a href="{GATE}#x">a</a> <a href="#b">b</a></p>'
    text = f'<article><header><h1>A</h1></header><div class="body">{links}</div></article>'
    entry = Entry("a", Metadata(title="A", lang="en"), text, 2, citations=(Citation(1, known),))
    body = lxml.html.fragment_fromstring(chapter_body(entry))
    link, inside = body.iter("a")
    assert (link.get("data-versionurl"), link.get("data-versiondate")) == (archived, day)
    assert inside.get("data-versionurl") is None


# Exports


LISTED = (
    Source(
        "Harbor Daily", "Gates & locks: 100 % {open}", ("Mara Ennis", "Pim Dole"), GATE, datetime.date(2026, 3, 2), key="gates"
    ),
    Source("", "The book of barges", (), "https://quay.example/b_1?x=a~b#c", None, datetime.date(2026, 3, 13)),
)


def by_pandoc(text: str, form: str) -> list[dict[str, object]]:
    return list(json.loads(pypandoc.convert_text(text, "csljson", format=form)))


@pytest.mark.parametrize(
    ("form", "export", "issued"),
    [("biblatex", bibtex, [2026, 3, 2]), ("ris", ris, [2026])],  # pandoc reads only the year of RIS
)
def test_pandoc_reads_what_is_exported(form: str, export: Callable[[Sequence[Source]], str], issued: list[int]) -> None:
    first, second = by_pandoc(export(LISTED), form)
    assert [re.sub(r"</?span[^>]*>", "", str(item["title"])) for item in (first, second)] == [source.title for source in LISTED]
    assert (first["URL"], second["URL"]) == (LISTED[0].url, LISTED[1].url)
    assert first["container-title"] == "Harbor Daily"
    assert first["issued"] == {"date-parts": [issued]}
    assert form == "ris" or second["accessed"] == {"date-parts": [[2026, 3, 13]]}
    authors = first["author"]
    assert isinstance(authors, list) and len(authors) == 2 and all("Ennis" in str(authors[0]) for _ in authors)


@pytest.mark.parametrize("form", ["csl-json", "bibtex", "ris", "csv"])
def test_publisher_sources_prints_each_source_once(tmp_path: Path, form: str) -> None:
    manifest = manifest_in(tmp_path, {"a.md": links_to_gate(1), "b.md": links_to_gate(2, "here")})
    result = CliRunner().invoke(cli, ["sources", str(manifest), "--to", form])
    assert result.exit_code == 0 and result.stdout.count(GATE) == 1 and result.stdout.count("The gate") == 1
    if form == "csl-json":
        assert [item["id"] for item in json.loads(result.stdout)] == [Source(url=GATE).identifier]
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(result.stdout))
        assert (row["title"], row["url"], row["publication"]) == ("The gate", GATE, "harbor.example")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_every_sign_that_begins_a_formula_is_text(start: str) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([Source(title=f"{start}1+1")])))
    assert row["title"] == f"'{start}1+1"


def test_a_cell_that_a_spreadsheet_would_compute_is_text(tmp_path: Path) -> None:
    manifest = manifest_in(tmp_path, {"a.md": f'# A\n\n{PROSE} [x]({GATE} "=1+1").\n'})
    result = CliRunner().invoke(cli, ["sources", str(manifest), "--to", "csv"])
    assert next(csv.DictReader(io.StringIO(result.stdout)))["title"] == "'=1+1"


def test_a_link_inside_a_note_is_listed_with_the_number_of_that_note(edition: Callable[..., Path]) -> None:
    text = "# Lock\n\nA [gate](https://harbor.example/gate)[^1] opened.[^2]\n\n[^1]: See [the gate](https://harbor.example/gate).\n\n"
    edition({"a.md": f"{text}[^2]: See [the report](https://harbor.example/report).\n"})
    citations = assemble(plan([Path("a.md")], []))[0].entries[0].citations
    assert {citation.source.url.rpartition("/")[2]: citation.note for citation in citations} == {"gate": 1, "report": 2}


@pytest.mark.parametrize(
    ("lang", "title", "shown"),
    [
        ("en", "The “upper” lock", "“The ‘upper’ lock.”"),
        ("de", "Die „obere“ Schleuse", "„Die ‚obere‘ Schleuse“."),
        ("de", "The “upper” lock", "„The “upper” lock“."),
        ("en", "The keeper’s “lock", "“The keeper’s “lock.”"),
    ],
)
def test_quotation_marks_in_a_title_are_inner_ones_in_a_note(lang: str, title: str, shown: str) -> None:
    assert standard_style(Source(title=title), lang) == shown


def test_a_reference_stands_at_its_word_without_a_space(edition: Callable[..., Path]) -> None:
    text = "# Lock\n\nIt opened. [^1] It *closed* [^2] [^3] then.\n\n[^1]: One.\n\n[^2]: Two.\n\n[^3]: Three.\n"
    edition({"a.md": text})
    xhtml = assemble(plan([Path("a.md")], []))[0].entries[0].xhtml
    body = re.sub(r'<a class="noteref"[^>]*>(\d)</a>', r"{\1}", xhtml)
    assert '<p>It opened.{1} It <em>closed</em>{2}<span class="parting">,</span>{3} then.</p>' in body


def test_publisher_series_and_number_are_printed(edition: Callable[..., Path]) -> None:
    manifest = (
        '[edition]\ntitle = "Harbor"\npublisher = "Quay Office"\nseries = "Tides"\nnumber = 7\n[[section]]\narticles = ["a.md"]\n'
    )
    edition({"a.md": "# Lock\n\nIt opened.\n", "publisher.toml": manifest})
    book, brief = (output.data for output in make(plan([], [Path("a.epub"), Path("a.pdf")])).outputs.values())
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert "Quay Office · Tides 7" in archive.read("EPUB/title.xhtml").decode()
    assert "Quay Office · Tides 7" in pypdfium2.PdfDocument(brief)[0].get_textpage().get_text_bounded()
