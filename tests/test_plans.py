"""Small promises of the way from a manifest to an edition, and of what is kept between builds, one example each."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from publisher.build.assemble import read_inputs
from publisher.build.build import Report, assemble, make, moment_of, write_outputs
from publisher.build.crossrefs import link_targets, resolve
from publisher.build.executors import mapper
from publisher.build.found_files import MANIFEST
from publisher.build.ingest import articles_of, load_entries, read_all
from publisher.build.manifest_file import load, load_sidecar
from publisher.build.manuscripts import load_manuscript
from publisher.build.plan import Plan, plan
from publisher.build.planned import PlannedArticle
from publisher.build.slugs import SlugRequest, slugs_for
from publisher.build.starter import write_starter
from publisher.input.manuscript import Manuscript
from publisher.input.toml_lines import key_lines, line_of
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, PublisherError
from publisher.model.edition import Edition, Entry, Imprint
from publisher.model.events import ArticleRead, Event, StageBegun
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata
from publisher.store import cache as cache_module
from publisher.store import fingerprints
from publisher.store.cache import Cache, default_folder
from publisher.store.codec import decode, encode
from publisher.store.files import write_all
from publisher.store.kept import kept, kept_each, save
from publisher.writers.contract import Output
from tests.conftest import Run

Write = Callable[..., Path]
TEXT = "The barge passed the weir at seven.\n"
ARTICLE = f"# The weir\n\n{TEXT}"


def faults(call: Callable[[], object]) -> tuple[Diagnostic, ...]:
    """What a call that fails says."""
    with pytest.raises(PublisherError) as caught:
        call()
    return caught.value.diagnostics


def files_of(result: Plan) -> list[str]:
    return [planned.path.name for section in result.sections for planned in section.articles]


def stored(cache: Cache, name: str) -> Any:
    return cache.get(hashlib.sha256(name.encode()).hexdigest())


# Where keys stand in a TOML file


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("[edition]\ntitle = 'A'\n", ("edition", "title"), 2),
        ("[edition]\n'title' = 'A'\n", ("edition", "title"), 2),
        ('[outputs."x.pdf"]\npaper = "A4"\n', ("outputs", "x.pdf", "paper"), 2),
        ("edition.title = 'A'\n", ("edition", "title"), 1),
        ("a = [\n  'b = 1',\n]\nb = 2\n", ("b",), 4),
        ("a = {\n  c = 1 }\nb = 2\n", ("b",), 3),
        ("a = '['\n[b]\nc = 1\n", ("b", "c"), 3),
        ('a = "\\"["\n[b]\nc = 1\n', ("b", "c"), 3),
        ("a = 1 # [\n[b]\nc = 1\n", ("b", "c"), 3),
        ('a = """\nb = 1\n[c]\n"""\nb = 2\n', ("b",), 5),
        ("a = '''\nb = 1\n'''\nb = 2\n", ("b",), 4),
        ('a = """b = 1"""\nc = 2\n', ("c",), 2),
        ("[a] # a table\nb = 1\n", ("a", "b"), 2),
    ],
)
def test_the_line_of_a_key_is_that_of_the_key_not_of_words_like_it(text: str, key: tuple[str, ...], line: int) -> None:
    assert key_lines(text)[key] == line


def test_tables_of_one_name_are_counted_from_0() -> None:
    lines = key_lines("[[section]]\ntitle = 'A'\n\n[[section]]\ntitle = 'B'\n")
    assert (lines["section", 0], lines["section", 0, "title"]) == (1, 2)
    assert (lines["section", 1], lines["section", 1, "title"]) == (4, 5)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("x = 1\n[a]\nb = { c = 1,\n  d = 2 }\n", ("a", "b", "d"), 4),  # behind the table, not before it
        ("d = 1\n[a]\nb = { d = 2 }\n", ("a", "b", "d"), 3),
        ("x = 1\n[a]\nb = 1\n", ("a", "missing"), 2),
        ("x = 1\n", ("missing",), 1),
        ("x = 1\n[a]\nsub-d = 1\nb = [{ d = 2 }]\n", ("a", "b", 0, "d"), 4),
    ],
)
def test_a_key_without_a_line_has_that_of_what_is_around_it(text: str, key: tuple[str | int, ...], line: int) -> None:
    assert line_of(text, key) == line


# The manifest


def manifest(home: Path, text: str, profile: str | None = None) -> Any:
    (home / MANIFEST).write_text(text, "utf-8")
    return load(home / MANIFEST, MANIFEST, profile).manifest


EDITION = '[edition]\ntitle = "Lock log"\n'


def test_a_character_that_no_document_may_contain_is_an_error_at_its_key(tmp_path: Path) -> None:
    text = f'{EDITION}rights = "a\\u0008b"\nkeywords = ["gate", "c\\uFFFEd"]\n'
    found = [(fault.message, fault.location and fault.location.line) for fault in faults(lambda: manifest(tmp_path, text))]
    says = "has {}, which no document may contain"
    assert found == [(f"edition.rights: {says.format('U+0008')}", 3), (f"edition.keywords: {says.format('U+FFFE')}", 4)]
    (tmp_path / "a.toml").write_text('title = "a\\u0000b"\n', "utf-8")
    (fault,) = faults(lambda: load_sidecar(tmp_path / "a.toml", "a.toml"))
    assert fault.message.startswith("title: has U+0000") and fault.location is not None and fault.location.line == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[edition]\ntitle = ""\n', "edition.title: must not be empty"),
        (f'{EDITION}language = "english please"\n', "edition.language: "),
        (f"{EDITION}number = 0\n", "edition.number: "),
        (f"{EDITION}date = 7\n", "edition.date: "),
        (f"{EDITION}authors = 7\n", "edition.authors: must be a list"),
        (f'{EDITION}certifier = {{ name = "" }}\n', "edition.certifier.name: must not be empty"),
        (f"{EDITION}certifier = 7\n", "edition.certifier: "),
        (
            f"{EDITION}certifier = {{ name = 'A', report = 'javascript:x()' }}\n",
            "edition.certifier.report: must be a whole address",
        ),
        (f"{EDITION}[[section]]\narticles = [{{ path = 'a.md', most = 0 }}]\n", "section.articles.most: "),
        (f"{EDITION}[[section]]\narticles = [{{ path = 'a.md', slug = 'A b' }}]\n", "section.articles.slug: "),
        (f"{EDITION}[[section]]\narticles = [{{ path = 'a.md', slug = '-a' }}]\n", "section.articles.slug: "),
        (f'{EDITION}[sources]\nnotes = "side"\n', "sources.notes: "),
        (f'{EDITION}[outputs."a.pdf"]\nvariant = "pdf/x"\n', "outputs.a.pdf.variant: "),
        (f"{EDITION}[limits]\nmegabytes = 0\n", "limits.megabytes: "),
        (f"{EDITION}[limits]\ndepth = 100000000\n", "limits.depth: "),
    ],
)
def test_a_value_that_cannot_be_is_an_error_at_its_key(text: str, says: str, tmp_path: Path) -> None:
    (fault,) = faults(lambda: manifest(tmp_path, text))
    assert fault.code is Code.VALUE and fault.message.startswith(says) and fault.location is not None
    line = text.split("\n")[fault.location.line - 1]
    assert says.partition(":")[0].rpartition(".")[2] in line and fault.hint.startswith("the value is ")


@pytest.mark.parametrize(
    ("table", "key", "near"),
    [
        ("[edition]", "titel", "title"),
        ("[edition.certifier]", "credentials", "credential"),
        ("[sources]", "note", "notes"),
        ("[limits]", "megabyte", "megabytes"),
        ("[[section]]", "artikles", "articles"),
        ('[outputs."a.pdf"]', "page", "pages"),
    ],
)
def test_an_unknown_key_has_the_nearest_of_its_own_table(table: str, key: str, near: str, tmp_path: Path) -> None:
    text = EDITION + ("" if table == "[edition]" else f"{table}\n") + f"{key} = 1\n"
    found = [fault for fault in faults(lambda: manifest(tmp_path, text)) if fault.code is Code.KEY_UNKNOWN]
    assert [(fault.message, fault.hint) for fault in found] == [(f"unknown key {key!r}", f"did you mean {near!r}?")]


def test_a_key_that_is_like_no_other_has_all_keys_of_its_table(tmp_path: Path) -> None:
    (fault,) = faults(lambda: manifest(tmp_path, f"{EDITION}[sources]\nzzz = 1\n"))
    assert fault.hint == "the keys here are: bibliography, list, notes, numbering, style"
    assert fault.location is not None and fault.location.line == 4


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("articles", "[]", "it belongs under [[section]]"),
        ("language", '"en"', "it belongs under [edition]"),
        ("style", '"apa"', "it belongs under [sources]"),
        ("seconds", "4", "it belongs under [limits]"),
    ],
)
def test_a_key_of_another_table_is_led_there(edition: Callable[..., Path], key: str, value: str, hint: str) -> None:
    edition({"publisher.toml": f'{key} = {value}\n[edition]\ntitle = "Harbor"\n[[section]]\narticles = ["a.md"]\n'})
    with pytest.raises(PublisherError) as raised:
        plan([], [])
    assert [fault.hint for fault in raised.value.diagnostics] == [hint]


@pytest.mark.parametrize(("key", "near"), [("urll", "url"), ("autor", "author")])
def test_a_sidecar_names_the_keys_of_a_sidecar(key: str, near: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f'title = "A"\n{key} = "x"\n')
    (fault,) = faults(lambda: load_sidecar(tmp_path / "a.toml", "a.toml"))
    assert fault.hint == f"did you mean {near!r}?" and str(fault.location) == "a.toml:2"


def test_an_unknown_key_of_a_source_has_the_nearest_key_of_sources(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[source]\npublicaton = "Kalyra Wire"\n')
    (fault,) = faults(lambda: load_sidecar(tmp_path / "a.toml", "a.toml"))
    assert fault.hint == "did you mean 'publication'?"
    text = f"{EDITION}[[section]]\narticles = [{{ path = 'a.md', source = {{ archive = 'x' }} }}]\n"
    (fault,) = faults(lambda: manifest(tmp_path, text))
    assert fault.hint == "did you mean 'archived'?"


def test_one_author_is_a_list_of_one_and_a_list_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('author = "Ann Poe"\n')
    assert load_sidecar(path, "a.toml").authors == ("Ann Poe",)
    path.write_text('author = "Ann Poe"\nauthors = ["Ben Roe", "Cy Doe"]\n')
    assert load_sidecar(path, "a.toml").authors == ("Ben Roe", "Cy Doe")
    path.write_text('title = "A"\n')
    assert load_sidecar(path, "a.toml").authors == ()


def test_all_that_a_sidecar_says_of_the_source_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        '[source]\npublication = "Kalyra Wire"\ntitle = "Weir"\nauthors = ["Ann Poe"]\nurl = "https://example.org/1"\n'
        'date = 2026-03-01\naccessed = 2026-03-02\narchived = "https://example.org/old"\n'
    )
    source = load_sidecar(path, "a.toml").source
    assert (source.publication, source.title, source.authors, source.url) == (
        "Kalyra Wire", "Weir", ("Ann Poe",), "https://example.org/1",
    )  # fmt: skip
    assert (source.date, source.accessed) == (datetime.date(2026, 3, 1), datetime.date(2026, 3, 2))
    assert source.archived == "https://example.org/old"


PROFILES = f"""{EDITION}authors = ["Ann Poe", "Ben Roe"]
[[section]]
title = "Gates"
articles = ["a.md"]
[profile.internal]
edition.authors = ["Cy Doe"]
sources.notes = "end"
[profile.short]
section = []
"""


def test_a_profile_merges_tables_and_replaces_all_other_values(tmp_path: Path) -> None:
    plain, internal, short = (manifest(tmp_path, PROFILES, name) for name in (None, "internal", "short"))
    assert plain.edition.authors == ("Ann Poe", "Ben Roe") and plain.sources.notes == "auto"
    assert internal.edition.authors == ("Cy Doe",) and internal.edition.title == "Lock log"
    assert internal.sources.notes == "end" and len(internal.section) == 1 and short.section == ()


def test_a_profile_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    (fault,) = faults(lambda: manifest(tmp_path, PROFILES, "intern"))
    assert fault.code is Code.PROFILE_UNKNOWN and fault.hint == "the profiles are: internal, short"
    (fault,) = faults(lambda: manifest(tmp_path, EDITION, "intern"))
    assert fault.hint == "the manifest has no profiles"


def test_a_manifest_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert faults(lambda: load(tmp_path / "no.toml", "no.toml"))[0].code is Code.FILE_MISSING
    (tmp_path / "folder.toml").mkdir()
    assert faults(lambda: load(tmp_path / "folder.toml", "folder.toml"))[0].code is Code.FILE_UNREADABLE
    (tmp_path / "latin.toml").write_bytes(b'[edition]\ntitle = "Schleuse \xfc"\n')
    assert faults(lambda: load(tmp_path / "latin.toml", "latin.toml"))[0].code is Code.ENCODING


def test_a_manifest_may_begin_with_a_byte_order_mark(edition: Write) -> None:
    home = edition({MANIFEST: b"\xef\xbb\xbf" + EDITION.encode(), "a.md": ARTICLE})
    result = plan([home], [])
    assert result.imprint.title == "Lock log" and result.manifest == EDITION


def test_what_the_manifest_says_of_the_edition_is_its_imprint(tmp_path: Path) -> None:
    text = f"""{EDITION}subtitle = "A week"
language = "de-CH"
date = 2026-03-17
identifier = "urn:x"
publisher = "Canal House"
rights = "Free"
description = "Of gates"
lead = "Water is high."
keywords = ["locks", "weirs"]
series = "The lock"
number = 7
contact = "At the gate"
about = "Since 1998"
certifier = {{ name = "Ann Poe", credential = "C", report = "https://example.org/r" }}
"""
    imprint = manifest(tmp_path, text).imprint()
    values = {name: value for name, value in vars(imprint).items() if name != "certifier"}
    assert values == {
        "title": "Lock log", "subtitle": "A week", "authors": (), "language": "de-CH", "date": datetime.date(2026, 3, 17),
        "identifier": "urn:x", "publisher": "Canal House", "rights": "Free", "description": "Of gates", "lead": "Water is high.",
        "keywords": ("locks", "weirs"), "series": "The lock", "number": 7,
            "contact": "At the gate", "about": "Since 1998", "logo": None, "time": None, "cover_image": None,
    }  # fmt: skip
    assert vars(imprint.certifier) == {"name": "Ann Poe", "credential": "C", "report": "https://example.org/r"}
    assert manifest(tmp_path, EDITION).imprint().certifier is None


# The plan


def test_a_folder_is_read_by_name_without_its_readme(edition: Write) -> None:
    home = edition({"b.md": ARTICLE, "a.txt": TEXT, "README.md": ARTICLE, "notes.pdf": b"%PDF", "C.MD": ARTICLE})
    result = plan([home], [])
    assert files_of(result) == ["C.MD", "a.txt", "b.md"] and result.article_count == 3


@pytest.mark.parametrize("index", ["index.md", "SUMMARY.md", "_index.md"])
def test_an_index_gives_the_order_of_the_files_that_it_names(index: str, edition: Write) -> None:
    home = edition({index: "- [B](b.md)\n- [A](a.md)\n", "a.md": ARTICLE, "b.md": ARTICLE, "0.md": ARTICLE})
    assert files_of(plan([home], [])) == ["b.md", "a.md", "0.md"]


def test_an_index_that_names_no_file_is_an_article(edition: Write) -> None:
    home = edition({"index.md": ARTICLE, "a.md": ARTICLE})
    assert files_of(plan([home], [])) == ["a.md", "index.md"]


def test_a_file_of_a_common_suffix_is_only_read_if_its_content_is_known(edition: Write) -> None:
    feed = '{"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": []}'
    home = edition({"a.md": ARTICLE, "feed.json": feed, "settings.json": '{"color": "blue"}'})
    assert files_of(plan([home], [])) == ["a.md", "feed.json"]


@pytest.mark.parametrize(
    ("inputs", "title", "names", "standalone"),
    [
        (["a.md"], "", ["a.pdf", "a.epub"], True),
        (["a.md", "b.md"], "Collection", ["collection.pdf", "collection.epub"], False),
        (["spring-news_two"], "Spring news two", ["spring-news_two.pdf", "spring-news_two.epub"], False),
        (["one"], "", ["c.pdf", "c.epub"], True),
    ],
)
def test_without_a_manifest_title_and_outputs_are_called_like_the_input(
    inputs: list[str], title: str, names: list[str], standalone: bool, edition: Write
) -> None:
    edition(dict.fromkeys(("a.md", "b.md", "spring-news_two/c.md", "spring-news_two/d.md", "one/c.md"), ARTICLE))
    result = plan(list(map(Path, inputs)), [])
    assert result.imprint.title == title and result.standalone is standalone
    assert list(result.outputs) == [Path("dist") / name for name in names]


def test_a_manifest_without_outputs_writes_both_beside_it_by_the_name_of_its_folder(edition: Write) -> None:
    edition({f"lock/{MANIFEST}": EDITION, "lock/a.md": ARTICLE})
    result = plan([Path("lock")], [])
    assert list(result.outputs) == [Path("lock/dist/lock.pdf"), Path("lock/dist/lock.epub")]
    assert files_of(result) == ["a.md"] and not result.standalone and result.label == str(Path("lock") / MANIFEST)


def test_a_manifest_under_another_name_is_one_too(edition: Write) -> None:
    edition({"week.toml": EDITION, "a.md": ARTICLE})
    assert plan([Path("week.toml")], []).imprint.title == "Lock log"


def test_sections_without_articles_mean_all_manuscripts_of_the_folder(edition: Write) -> None:
    home = edition({MANIFEST: f'{EDITION}[[section]]\ntitle = "Gates"\n', "a.md": ARTICLE, "b.md": ARTICLE})
    assert files_of(plan([home], [])) == ["a.md", "b.md"]
    text = f'{EDITION}[[section]]\ntitle = "Gates"\n[[section]]\narticles = ["b.md"]\n'
    (home / MANIFEST).write_text(text)
    assert files_of(plan([home], [])) == ["b.md"]


def test_an_empty_folder_with_a_manifest_or_without_is_an_error(edition: Write) -> None:
    home = edition({f"with/{MANIFEST}": EDITION})
    (home / "without").mkdir()
    for name in ("with", "without"):
        (fault,) = faults(lambda name=name: plan([Path(name)], []))  # type: ignore[misc]
        assert fault.code is Code.NOTHING_TO_READ and ".md" in fault.hint


OUTPUTS = f"""{EDITION}[sources]
notes = "end"
[outputs."x.pdf"]
theme = "report"
paper = "A5"
[outputs."x.epub"]
theme = "digest"
"""


def test_outputs_of_the_command_line_have_the_settings_of_the_manifest_for_their_format(edition: Write) -> None:
    home = edition({MANIFEST: OUTPUTS, "a.md": ARTICLE})
    result = plan([home], [Path("other.PDF")])
    assert {path: (table.theme, table.paper) for path, table in result.outputs.items()} == {Path("other.PDF"): ("report", "A5")}
    assert result.notes == "end" and result.paged


def test_another_theme_is_set_on_its_own_paper_the_same_theme_on_that_of_the_manifest(edition: Write) -> None:
    home = edition({MANIFEST: OUTPUTS, "a.md": ARTICLE})
    papers = {name: [table.paper for table in plan([home], [], name).outputs.values()] for name in ("report", "brief")}
    assert papers == {"report": ["A5", None], "brief": [None, None]}
    assert [table.theme for table in plan([home], [], "brief").outputs.values()] == ["brief", "brief"]


def test_every_fault_of_a_plan_is_said_at_once(edition: Write) -> None:
    home = edition({MANIFEST: f'{EDITION}[sources]\nstyle = "house"\n', "a.md": ARTICLE})
    found = faults(lambda: plan([home], [Path("a.doc"), Path("a"), Path("a.pdf")]))
    assert [fault.code for fault in found] == [Code.OUTPUT_SUFFIX, Code.OUTPUT_SUFFIX, Code.STYLE_UNKNOWN]
    assert [fault.message for fault in found[:2]] == ["unsupported output format .doc", "the output's name has no suffix"]
    assert "standard" in found[2].hint and ".pdf, .epub" in found[0].hint


@pytest.mark.parametrize(
    ("outputs", "pages"),
    [
        ('[outputs."x.pdf"]\n[outputs."x.epub"]\n', "x.pdf"),
        ('[outputs."x.pdf"]\n[outputs."y.pdf"]\n[outputs."x.epub"]\n', None),
        ('[outputs."x.pdf"]\n[outputs."y.pdf"]\n[outputs."x.epub"]\npages = "y.pdf"\n', "y.pdf"),
        ('[outputs."x.pdf"]\n[outputs."x.epub"]\npages = "z.pdf"\n', None),
        ('[outputs."x.epub"]\n', None),
    ],
)
def test_an_e_book_carries_the_pages_of_the_pdf_that_it_names_else_of_the_only_one(
    outputs: str, pages: str | None, edition: Write
) -> None:
    edition({f"lock/{MANIFEST}": EDITION + outputs, "lock/a.md": ARTICLE})
    result = plan([Path("lock")], [])
    assert result.pages_of(Path("lock/x.epub")) == (Path("lock") / pages if pages else None)
    if Path("lock/x.pdf") in result.outputs:
        assert result.pages_of(Path("lock/x.pdf")) is None
    assert result.paged is ("pdf" in outputs)


WEEK = """[edition]
title = "{title}"
{more}
[[section]]
title = "Gates"
articles = ["a.md"]
"""


def volume(home: Path, *editions: tuple[str, str]) -> Plan:
    names = []
    for number, (title, more) in enumerate(editions):
        names.append(home / f"week-{number}.toml")
        names[-1].write_text(WEEK.format(title=title, more=more))
    (home / "a.md").write_text(ARTICLE)
    return plan(names, [])


def test_a_volume_keeps_what_its_editions_have_in_common(edition: Write) -> None:
    more = (
        'publisher = "Canal House"\ndescription = "Of gates"\nidentifier = "urn:x"\nnumber = 7\nrights = "{}"\nauthors = ["{}"]\n'
    )
    home = edition({})
    result = volume(
        home,
        ("Weirs", more.format("Free", "Ann Poe") + "date = 2026-03-17\n"),
        ("Locks", more.format("Held", "Ben Roe") + "date = 2026-03-16\n"),
    )
    imprint = result.imprint
    assert (imprint.title, imprint.subtitle) == ("Weirs · Locks", "March 16, 2026 – March 17, 2026")
    assert imprint.authors == ("Ann Poe", "Ben Roe") and imprint.date == datetime.date(2026, 3, 17)
    assert (imprint.publisher, imprint.rights) == ("Canal House", "")
    assert (imprint.description, imprint.identifier, imprint.number) == ("", "", None)
    assert [section.part for section in result.sections] == ["Weirs", "Locks"]
    assert list(result.outputs) == [Path("dist/volume.pdf"), Path("dist/volume.epub")]
    assert "week-0.toml" in result.manifest and "week-1.toml" in result.manifest and result.manifest.count("[[section]]") == 2


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        (("2026-03-16", "2026-03-17"), ["March 16, 2026", "March 17, 2026"]),
        (("2026-03-16", ""), ["Weirs, March 16, 2026", "Weirs"]),
        (("", ""), ["Weirs", "Weirs (2)"]),
        (("2026-03-16", "2026-03-16"), ["March 16, 2026", "March 16, 2026 (2)"]),
    ],
)
def test_the_parts_of_a_volume_have_titles_of_their_own(days: tuple[str, ...], parts: list[str], edition: Write) -> None:
    result = volume(edition({}), *(("Weirs", f"date = {day}\n" if day else "") for day in days))
    assert [section.part for section in result.sections] == parts and result.imprint.title == "Weirs"
    assert ("–" in result.imprint.subtitle) is (len({day for day in days if day}) > 1)


def test_the_series_is_the_title_of_a_volume(edition: Write) -> None:
    assert volume(edition({}), ("A", 'series = "The lock"\n'), ("B", 'series = "The lock"\n')).imprint.title == "The lock"
    item = volume(edition({}), ("A", 'series = "The lock"\n'))
    assert item.imprint.title == "A" and item.sections[0].part == ""


def test_an_article_of_the_manifest_knows_its_line_and_what_is_said_of_it(edition: Write) -> None:
    text = (
        f'{EDITION}[[section]]\narticles = [\n  "a.md",\n'
        '  { path = "b.xml", title = "Given", since = 2026-03-01, most = 2 },\n]\n[limits]\nmegabytes = 3\n'
    )
    home = edition({MANIFEST: text})
    result = plan([home], [])
    first, second = result.sections[0].articles
    assert (first.line, first.since, first.most) == (5, None, None)
    assert (second.line, second.given.title, second.since, second.most) == (6, "Given", datetime.date(2026, 3, 1), 2)
    assert result.limits == Limits(megabytes=3)


# Manuscripts


def test_the_manifest_overrides_the_sidecar_value_by_value(edition: Write) -> None:
    edition({"a.md": ARTICLE, "a.toml": 'title = "Of the sidecar"\nauthor = "Ann Poe"\n'})
    given = load_manuscript(PlannedArticle(Path("a.md"), Metadata(title="Of the manifest"))).given
    assert (given.title, given.authors) == ("Of the manifest", ("Ann Poe",))


def test_a_manuscript_that_cannot_be_opened_says_why_and_where_it_is_named(edition: Write) -> None:
    home = edition({})
    (fault,) = faults(lambda: load_manuscript(PlannedArticle(Path("a.md"), line=3, label="publisher.toml")))
    assert (str(fault.location), fault.hint) == ("publisher.toml:3", "paths are relative to the manifest")
    (fault,) = faults(lambda: load_manuscript(PlannedArticle(Path("a.md"))))
    assert fault.code is Code.FILE_MISSING and (str(fault.location), fault.hint) == ("a.md", "")
    (home / "folder.md").mkdir()
    (fault,) = faults(lambda: load_manuscript(PlannedArticle(Path("folder.md"))))
    assert fault.code is Code.FILE_UNREADABLE


def feed(*items: tuple[str, str]) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><guid>{title}</guid>{f'<pubDate>{day}</pubDate>' if day else ''}"
        f"<description>{TEXT}</description></item>"
        for title, day in items
    )
    return f'<rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'.encode()


DAYS = {"old": "Mon, 02 Mar 2026 10:00:00 GMT", "day": "Tue, 10 Mar 2026 10:00:00 GMT", "new": "Mon, 16 Mar 2026 10:00:00 GMT"}
SINCE = datetime.date(2026, 3, 10)


def manuscript(data: bytes, name: str = "feed.xml", **options: Any) -> Manuscript:
    return Manuscript(Path(name), data, name, **options)


def test_of_a_feed_the_articles_of_that_day_or_later_are_taken_and_those_without_a_date() -> None:
    data = feed(("old", DAYS["old"]), ("day", DAYS["day"]), ("none", ""), ("new", DAYS["new"]))
    assert [item.metadata.title for item in articles_of(manuscript(data, since=SINCE))] == ["day", "none", "new"]
    assert [item.metadata.title for item in articles_of(manuscript(data, since=SINCE, most=2))] == ["day", "none"]
    assert len(articles_of(manuscript(data))) == 4


def test_a_feed_with_nothing_new_says_so_and_one_with_something_does_not() -> None:
    for days, codes in ((("old",), [Code.NOTHING_NEW]), (("old", "new"), [])):
        read = manuscript(feed(*((day, DAYS[day]) for day in days)), since=SINCE)
        articles_of(read)
        assert [diagnostic.code for diagnostic in read.diagnostics if diagnostic.code is Code.NOTHING_NEW] == codes


def test_what_is_given_for_a_file_as_one_article_holds_for_none_of_several() -> None:
    given = Metadata(
        title="Given", subtitle="Sub", description="D", url="https://example.org/g", authors=("Ann Poe",), rights="R"
    )
    several = articles_of(manuscript(feed(("one", ""), ("two", "")), given=given))
    assert [item.metadata.title for item in several] == ["one", "two"]
    assert {item.metadata.subtitle for item in several} == {""} and {item.metadata.rights for item in several} == {"R"}
    assert all(item.metadata.url != given.url and item.metadata.description != "D" for item in several)
    (single,) = articles_of(manuscript(feed(("one", "")), given=given))
    assert (single.metadata.title, single.metadata.subtitle) == ("Given", "Sub")


@pytest.mark.parametrize(("number", "refused"), [(2, False), (3, True)])
def test_a_limit_itself_is_allowed(number: int, refused: bool) -> None:
    read = manuscript(feed(*((str(item), "") for item in range(number))), limits=Limits(articles=2))
    if refused:
        assert "3 articles, 2 is the limit" in faults(lambda: articles_of(read))[0].message
    else:
        assert len(articles_of(read)) == 2
    size = manuscript(ARTICLE.encode() + b" " * (1_000_000 - len(ARTICLE) + (number - 2)), "a.md", limits=Limits(megabytes=1))
    if refused:
        assert faults(lambda: articles_of(size))[0].message == "larger than 1 MB"
    else:
        assert len(articles_of(size)) == 1


@pytest.mark.parametrize(("name", "says"), [("a.pdf", "unsupported input format"), ("a.md", "it is a pdf file")])
def test_a_format_that_nobody_reads_is_named_where_the_suffix_hides_it(name: str, says: str) -> None:
    (fault,) = faults(lambda: articles_of(manuscript(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", name)))
    assert fault.code is Code.FORMAT and fault.message.endswith(says) and ".md" in fault.hint


def test_an_article_is_read_again_only_where_something_has_changed(tmp_path: Path) -> None:
    cache, reads = Cache(tmp_path), []

    def run(step: Callable[[Any], Any], jobs: Any) -> Any:
        reads.append(len(jobs))
        return map(step, jobs)

    base = manuscript(ARTICLE.encode(), "a.md")
    others = [
        replace(base, data=f"{ARTICLE}More.\n".encode()),
        replace(base, given=Metadata(title="Given")),
        replace(base, limits=Limits(depth=99)),
        replace(base, since=SINCE),
        replace(base, most=1),
        replace(base, label="b/a.md"),
    ]
    for item in (base, *others):
        read_all([item], "en", run, cache)
    read_all([base], "de", run, cache)
    assert reads == [1] * 8
    (known,) = read_all([base], "en", run, cache)
    assert reads == [1] * 8 + [0] and known.entries is None and known.record.words == (9,)
    (entries,) = load_entries([known], [base], "en", run, cache)
    assert entries[0].metadata.title == "The weir"
    cache.clear()
    assert load_entries([known], [base], "en", run, cache) == [entries]


# Links between articles


def linked(xhtml: str) -> tuple[str, list[Diagnostic]]:
    body = '<article><h2 id="part">P</h2><p id="uber-zwei">Z</p></article>'
    chapters = [("g.epub", "g-1", "/text/1.xhtml"), ("g.epub", "g-2", "2")]
    names = [("b.md", "b", ""), ("c d.md", "c-d", ""), ("e&f.md", "e-f", ""), *chapters]
    articles = [
        (manuscript(b"", file), name, Entry(slug, Metadata(), body, 2, new_ids={"Über zwei": "uber-zwei", "gone": "lost"}))
        for file, slug, name in names
    ]
    return resolve(xhtml, manuscript(b"See [b](b.md) and\n[z](z.md).\n", "a.md"), link_targets(articles))


@pytest.mark.parametrize(
    ("link", "resolved"),
    [
        ('<a href="b.md">B</a>', '<a href="article:b">B</a>'),
        ('<a class="x" href="b.md#part" title="t">B</a>', '<a class="x" href="article:b#part" title="t">B</a>'),
        ('<a href="./b.md">B</a> and <a href="b.md">b</a>', '<a href="article:b">B</a> and <a href="article:b">b</a>'),
        ('<a href="e&amp;f.md">E</a>', '<a href="article:e-f">E</a>'),
        ('<a href="c%20d.md">C</a>', '<a href="article:c-d">C</a>'),
        ('<a href="b.md#Über zwei">B</a>', '<a href="article:b#uber-zwei">B</a>'),
        ('<a href="b.md#%C3%9Cber%20zwei">B</a>', '<a href="article:b#uber-zwei">B</a>'),
        ('<a href="g.epub">G</a>', '<a href="article:g-1">G</a>'),
        ('<a href="g.epub/text/1.xhtml#part">G</a>', '<a href="article:g-1#part">G</a>'),
        ('<a href="g.epub/2">G</a>', '<a href="article:g-2">G</a>'),
        ('<a href="#b.md">B</a>', '<a href="#b.md">B</a>'),
        ('<a href="https://example.org/b.md">B</a>', '<a href="https://example.org/b.md">B</a>'),
        ('<a href="mailto:b.md@example.org">B</a>', '<a href="mailto:b.md@example.org">B</a>'),
        ('<a href="article:b">B</a>', '<a href="article:b">B</a>'),
    ],
)
def test_a_link_to_a_file_of_the_edition_leads_to_its_article(link: str, resolved: str) -> None:
    assert linked(f"<p>See {link}.</p>") == (f"<p>See {resolved}.</p>", [])


def test_a_link_to_no_article_keeps_its_words_and_is_reported_with_its_line() -> None:
    xhtml, (fault,) = linked('<p><a href="z.md">the <em>other</em></a> and <a href="b.md">b</a></p>')
    assert xhtml == '<p>the <em>other</em> and <a href="article:b">b</a></p>'
    assert fault.code is Code.LINK_BROKEN and str(fault.location) == "a.md:2" and "the link z.md leads" in fault.message


@pytest.mark.parametrize("name", ["nowhere", "gone", "%zz", "a&amp;b"])
def test_a_link_to_no_part_of_an_article_leads_to_its_start_and_is_reported(name: str) -> None:
    xhtml, (fault,) = linked(f'<p><a href="b.md#{name}">b</a></p>')
    assert xhtml == '<p><a href="article:b">b</a></p>' and "leads to no part of the article" in fault.message


@pytest.mark.parametrize("name", ["g.epub/3", "g.epub/text", "h.epub/2", "%00", "b.md/x"])
def test_a_link_into_a_file_that_has_no_such_article_keeps_its_words(name: str) -> None:
    xhtml, (fault,) = linked(f'<p><a href="{name}">g</a></p>')
    assert xhtml == "<p>g</p>" and fault.code is Code.LINK_BROKEN


def test_a_link_close_behind_a_broken_one_is_resolved() -> None:
    xhtml, (fault,) = linked('<p><a href="z.md">z</a><a href="b.md">b</a></p>')
    assert xhtml == '<p>z<a href="article:b">b</a></p>' and "z.md" in fault.message


# Slugs


def requests(*files: tuple[str, str, tuple[str, ...]]) -> list[SlugRequest]:
    return [SlugRequest(PlannedArticle(Path(name), line=1, label="x.toml"), slug, names) for name, slug, names in files]


@pytest.mark.parametrize(
    ("files", "slugs"),
    [
        ([("a.md", "", ("",)), ("x/a.md", "", ("",)), ("y/a.md", "", ("",))], ["a", "a-2", "a-3"]),
        ([("Weir No. 7.md", "", ("",))], ["weir-no-7"]),
        ([("Über.md", "", ("",))], ["uber"]),
        ([("???.md", "", ("",))], ["article"]),
        ([("sources.md", "", ("",)), ("nav.md", "", ("",))], ["sources-2", "nav-2"]),
        ([("title.md", "", ("",)), ("cover.md", "", ("",))], ["title-2", "cover-2"]),
        ([("colophon.md", "", ("",)), ("contents.md", "", ("",))], ["colophon-2", "contents-2"]),
        ([("b.md", "", ("",)), ("a.md", "b", ("",))], ["b-2", "b"]),
        ([("feed.xml", "", ("", ""))], ["feed", "feed-2"]),
        ([("feed.xml", "news", ("", ""))], ["news", "news-2"]),
    ],
)
def test_each_article_has_a_slug_of_its_own(files: list[tuple[str, str, tuple[str, ...]]], slugs: list[str]) -> None:
    assert slugs_for(requests(*files)) == (slugs, [])


def test_an_entry_of_a_feed_keeps_its_slug_when_others_come_before_it() -> None:
    (before, _), _ = slugs_for(requests(("feed.xml", "", ("one", "two"))))
    (*_, after), _ = slugs_for(requests(("feed.xml", "", ("zero", "two", "one"))))
    assert before == after == f"feed-{hashlib.sha256(b'one').hexdigest()[:6]}"
    assert slugs_for(requests(("feed.xml", "", ("one",)))) == (["feed"], [])


def test_two_equal_slugs_are_an_error_that_names_the_other_file() -> None:
    _, (clash,) = slugs_for(requests(("a.md", "weir", ("",)), ("b.md", "weir", ("",)), ("c.md", "lock", ("",))))
    assert clash.code is Code.SLUG_TWICE and "'weir'" in clash.message and clash.hint == "the other is a.md"


# The edition


def test_the_faults_of_all_manuscripts_come_in_the_order_of_the_plan(edition: Write) -> None:
    text = f'{EDITION}[[section]]\narticles = ["none.md", "a.md"]\n[[section]]\narticles = ["empty.md", "gone.md"]\n'
    home = edition({MANIFEST: text, "a.md": ARTICLE, "empty.md": ""})
    seen: list[Event] = []
    with mapper(1) as run:
        found = faults(lambda: read_inputs(plan([home], []), run.light, None, seen.append))
    assert [str(fault.location).rpartition("/")[2] for fault in found] == ["publisher.toml:4", "empty.md", "publisher.toml:6"]
    read = [Path(event.path).name for event in seen if isinstance(event, ArticleRead)]
    assert seen[0] == StageBegun("reading", 2) and read == ["a.md", "empty.md"]


def test_an_edition_whose_feed_has_nothing_new_is_no_error(edition: Write) -> None:
    text = f'{EDITION}[[section]]\narticles = [{{ path = "feed.xml", since = 2026-12-01 }}]\n'
    home = edition({MANIFEST: text, "feed.xml": feed(("old", DAYS["old"]))})
    report = make(plan([home], []))
    assert [diagnostic.code for diagnostic in report.diagnostics] == [Code.NOTHING_NEW]
    assert not report.outputs and not report.articles


def test_sections_keep_their_names_and_numbers_and_empty_ones_are_left_out(edition: Write) -> None:
    text = (
        f'{EDITION}[[section]]\ntitle = "None"\n[[section]]\ntitle = "Gates"\narticles = ["a.md", "b.md"]\n'
        '[[section]]\ntitle = "Water"\narticles = ["c.md"]\n'
    )
    home = edition({MANIFEST: text, **{f"{name}.md": ARTICLE for name in "abc"}})
    result, _ = assemble(plan([home], []))
    found = [(section.name, section.slug, [entry.slug for entry in section.entries]) for section in result.sections]
    assert found == [("Gates", "section-2", ["a", "b"]), ("Water", "section-3", ["c"])]
    assert result.manifest == text and not result.standalone


def test_one_article_by_itself_lends_the_edition_what_is_known_of_it(edition: Write) -> None:
    front = "title: Weir\nauthor: Ann Poe\nlang: de\ndescription: Of it\nrights: Free\npublisher: Kalyra Wire\n"
    edition({"a.md": f"---\n{front}---\n\nText.\n"})
    imprint = assemble(plan([Path("a.md")], []))[0].imprint
    assert (imprint.title, imprint.authors, imprint.language) == ("Weir", ("Ann Poe",), "de")
    assert (imprint.description, imprint.rights, imprint.publisher) == ("Of it", "Free", "Kalyra Wire")


@pytest.mark.parametrize(
    ("epoch", "day", "iso"),
    [
        ("1700000000", datetime.date(2026, 3, 17), "2023-11-14T22:13:20Z"),
        ("", datetime.date(2026, 3, 17), "2026-03-17T00:00:00Z"),
        ("soon", datetime.date(2026, 3, 17), "2026-03-17T00:00:00Z"),
        ("", None, "2000-01-01T00:00:00Z"),
    ],
)
def test_the_time_in_the_files_is_that_of_the_environment_else_of_the_edition(
    epoch: str, day: datetime.date | None, iso: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert moment_of(Edition(Imprint("T", date=day), ())).iso == iso


@pytest.mark.parametrize("epoch", ["253402300800", "9" * 5_000])
@pytest.mark.parametrize("date", ["", "date = 2026-03-17\n"])
def test_a_time_beyond_the_year_9999_is_wrong_usage(
    epoch: str, date: str, edition: Write, publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({"a.md": "# A\n\nWords.\n", "publisher.toml": f'[edition]\ntitle = "T"\n{date}'})
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    run = publisher("build")
    assert run.code == 2 and "error: SOURCE_DATE_EPOCH is beyond the year 9999" in run.err
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0253402300799")
    assert publisher("build", "-o", "x.epub").code == 0


def test_a_report_counts_articles_words_and_each_source_once(edition: Write) -> None:
    link = "[wire](https://example.org/wire)"
    edition({"a.md": f"# A\n\nTwo words {link}.\n", "b.md": f"# B\n\n{link} [x](https://example.org/x)\n"})
    report = make(plan([Path("a.md"), Path("b.md")], [Path("x.epub")]))
    assert (report.articles, report.sources, list(report.outputs)) == (2, 2, [Path("x.epub")]) and report.words == 7


def test_outputs_that_cannot_be_written_are_an_error_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    (fault,) = faults(lambda: write_outputs(Report({tmp_path / "blocked" / "a.pdf": Output(b"x")})))
    assert fault.code is Code.OUTPUT_UNWRITABLE and fault.message.startswith("cannot write: ")


@pytest.mark.parametrize(("folder", "title"), [("spring-news", "Spring news"), ("my_brief", "My brief"), ('a"b\\c', "Abc")])
def test_a_new_edition_is_called_like_its_folder_and_is_valid(folder: str, title: str, edition: Write) -> None:
    edition({})
    assert [path.name for path in write_starter(Path(folder))] == [MANIFEST, "first.md", "wire.txt"]
    result = plan([Path(folder)], [])
    assert result.imprint.title == title and files_of(result) == ["first.md", "wire.txt"]
    assert [path.name for path in result.outputs] == ["brief.pdf", "collection.epub"]
    assert faults(lambda: write_starter(Path(folder)))[0].code is Code.EDITION_EXISTS


# What is kept between builds


def test_a_file_that_is_written_has_the_mode_of_an_ordinary_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"x")
    write_all({tmp_path / "new" / "a.pdf": b"one", tmp_path / "b.pdf": b"two"})
    assert (tmp_path / "new" / "a.pdf").read_bytes() == b"one" and (tmp_path / "b.pdf").read_bytes() == b"two"
    assert (tmp_path / "b.pdf").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.pdf", "new", "plain"]


KEY = "ab" * 32


def test_an_entry_that_was_damaged_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"words of the weir")
    path = tmp_path / KEY[:2] / KEY[2:]
    assert cache.get(KEY) == b"words of the weir" and cache.get("cd" * 32) is None
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert cache.get(KEY) is None
    path.write_bytes(b"short")
    assert cache.get(KEY) is None


def test_an_entry_that_is_used_stays_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, other = Cache(tmp_path), "cd" * 32
    for number, key in enumerate((KEY, other)):
        cache.put(key, b"x" * 100)
        os.utime(tmp_path / key[:2] / key[2:], (number, number))
    assert cache.get(KEY)
    monkeypatch.setattr(cache_module, "LIMIT", 132)  # an entry, its digest included
    cache.prune()
    assert cache.get(KEY) is not None and cache.get(other) is None


def test_a_cache_is_cleared_of_its_entries_and_of_nothing_else(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for key in (KEY, "cd" * 32):
        cache.put(key, b"x" * 68)
    for name in ("notes.txt", "ab/notes.txt"):
        (tmp_path / name).write_text("mine")
    assert cache.clear() == (2, 200) and cache.get(KEY) is None and cache.clear() == (0, 0)
    assert (tmp_path / "notes.txt").exists() and (tmp_path / "ab" / "notes.txt").exists()


def test_a_cache_that_cannot_be_written_says_so_once_and_everything_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = Cache(tmp_path / "file")
    assert kept(cache, KEY, Output, lambda: Output(b"made")) == Output(b"made")
    assert cache.trouble.startswith(f"the cache {tmp_path / 'file'} cannot be written: ") and cache.get(KEY) is None


def test_a_build_whose_cache_cannot_be_written_is_a_build_with_a_message(edition: Write) -> None:
    edition({"a.md": ARTICLE, "file": "no folder"})
    report = make(plan([Path("a.md")], [Path("x.epub")]), cache=Cache(Path("file")))
    assert Code.CACHE in {diagnostic.code for diagnostic in report.diagnostics} and report.outputs[Path("x.epub")].data


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert default_folder() == tmp_path / "elsewhere" / "publisher"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == tmp_path / ".cache" / "publisher"
    (tmp_path / "Library" / "Caches").mkdir(parents=True)
    assert default_folder() == tmp_path / "Library" / "Caches" / "publisher"


def test_what_must_not_be_kept_is_made_each_time(tmp_path: Path) -> None:
    cache, result = Cache(tmp_path), []

    def step() -> Output:
        result.append(1)
        return Output(b"made")

    for _ in range(2):
        kept(cache, KEY, Output, step, keep=lambda output: False)
    assert len(result) == 2
    for _ in range(2):
        kept(cache, KEY, Output, step)
    assert len(result) == 3
    for _ in range(2):
        kept(None, KEY, Output, step)
    assert len(result) == 5


def test_the_records_of_jobs_are_under_their_own_keys(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    save(cache, KEY, Output(b"kept"))
    jobs = {"cd" * 32: "new", KEY: "known", "ef" * 32: "newer"}
    records = kept_each(cache, jobs, Output, lambda missing: [Output(job.encode()) for job in missing])
    assert {jobs[key]: record.data for key, record in records.items()} == {"new": b"new", "known": b"kept", "newer": b"newer"}


@pytest.mark.parametrize("size", [1_000, 1_001])
def test_texts_of_any_length_come_out_as_they_went_in(size: int) -> None:
    output = Output(b"\0part" * size, starts={"a": "x" * size, "b": "\u00e9" * size, "\u00e9": "\u00e9"})
    assert decode(encode(output), Output) == output
    assert (b'"a": "xx' in encode(output)) is (size <= 1_000)  # longer texts stand behind the head


def test_a_fingerprint_is_of_all_its_values_in_their_order() -> None:
    values = [("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""), ("a", None), ("a", 1), ("a", "1")]
    found = {fingerprints.fingerprint("kind", *value) for value in values} | {fingerprints.fingerprint("other", "a", "b")}
    assert len(found) == len(values) + 1 and all(re.fullmatch("[0-9a-f]{64}", item) for item in found)
    assert fingerprints.fingerprint("kind", "a", "b") in found


HEADER = """Name: x
Requires-Dist: Plain_Name>=1
Requires-Dist: fancy[one,Two_Three]>=2 ; python_version > "3"
Requires-Dist: for-tests; extra == "test"
Requires-Dist: for-bench; extra == 'bench'
Requires-Dist: for-check>=1; python_version > "3" and extra == "check"
"""


@pytest.mark.parametrize(
    ("extras", "names"),
    [
        ("", [("plain-name", ""), ("fancy", "one,two-three")]),
        ("check", [("plain-name", ""), ("fancy", "one,two-three"), ("for-check", "")]),
        ("a,test", [("plain-name", ""), ("fancy", "one,two-three"), ("for-tests", "")]),
        ("*", [("plain-name", ""), ("fancy", "one,two-three"), ("for-check", "")]),
    ],
)
def test_a_requirement_counts_where_its_extra_is_asked_for(extras: str, names: list[tuple[str, str]]) -> None:
    assert list(fingerprints._requirements(HEADER, extras)) == names


def test_a_distribution_that_is_not_installed_is_missing_not_an_error() -> None:
    assert fingerprints.distributions("no-such-weir") == ["no-such-weir=missing"]


def test_a_font_that_is_installed_changes_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.setattr(fingerprints, "_FONT_FOLDERS", (str(tmp_path), str(tmp_path / "none")))
    folders = {line.rpartition("=")[0] for line in fingerprints.font_folders()}
    assert {str(tmp_path / "inner"), str(tmp_path)} <= folders and str(tmp_path / "none") not in folders
    before = fingerprints.font_folders()
    os.utime(tmp_path / "inner", (1, 1))
    assert fingerprints.font_folders() != before


@pytest.mark.parametrize(
    ("variable", "value", "folder"),
    [
        ("XDG_DATA_HOME", "data", "data/fonts"),
        ("XDG_DATA_DIRS", "none:data", "data/fonts"),
        ("XDG_CONFIG_HOME", "data", "data/fontconfig"),
        ("FONTCONFIG_PATH", "data", "data"),
        ("FONTCONFIG_FILE", "data/fonts/fonts.conf", "data/fonts"),
    ],
)
def test_folders_of_fonts_that_the_environment_names_count(
    variable: str, value: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv(variable, value)
    assert folder in {line.rpartition("=")[0] for line in fingerprints.font_folders()}


def test_nothing_is_kept_of_a_build_that_failed(edition: Write, publisher: Callable[..., Run]) -> None:
    """The message comes again with the next build."""
    edition({"a.md": "# A\n\nSee [b](none.md).\n", "b.md": ""})
    for _ in range(2):
        run = publisher("build", "a.md", "b.md", "-o", "x.epub")
        assert run.code == 1 and "b.md" in run.err
    for _ in range(2):
        run = publisher("build", "a.md", "-o", "x.epub")
        assert run.code == 0 and "[link-broken]" in run.err


def test_a_file_name_that_is_not_utf_8_can_be_kept(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    home = edition({})
    (home / "caf\udce9.md").write_text("# A\n\nWords [of the lock](nowhere.md).\n", "utf-8")
    for _ in range(2):
        run = publisher("build", "caf\udce9.md", "-o", "x.epub")
        assert run.code == 0 and "[link-broken]" in run.err
