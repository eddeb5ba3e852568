"""The daily run: placeholders, the day of the edition, folders and patterns, and what earlier releases have."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.build.edition_day import day_of
from publisher.build.history import History, PastRelease, Story, history_path, read_history
from publisher.build.plan import Plan, plan
from publisher.model.diagnostics import Exit, PublisherError
from publisher.text.date_patterns import patterned
from tests.conftest import Run
from tests.reader_samples import PROSE

Write = Callable[..., Path]
Publisher = Callable[..., Run]

DAY = datetime.date(2026, 3, 17)  # a Tuesday
UNCHECKED = ("--skip-check", "epubcheck", "--skip-check", "ace")


def manifest(edition: str = "", sections: str = "[[section]]\narticles = ['a.txt']\n", rest: str = "") -> str:
    return f'[edition]\ntitle = "Harbor"\n{edition}\n{sections}\n{rest}'


def story(headline: str, date: str = "") -> str:
    front = f"---\ndate: {date}\n---\n" if date else ""
    return f"{front}# {headline}\n\n{PROSE}\n"


def planned(edition: Write, text: str, files: dict[str, str] | None = None, **options: str) -> Plan:
    edition({"publisher.toml": text, "a.txt": f"Gate\n\n{PROSE}\n", **(files or {})})
    return plan([], [], **options)  # type: ignore[arg-type]


def refusal(work: Callable[[], object]) -> PublisherError:
    with pytest.raises(PublisherError) as raised:
        work()
    return raised.value


def files_of(result: Plan) -> list[str]:
    return [str(article.path) for section in result.sections for article in section.articles]


def headlines(path: Path) -> list[str]:
    """The headlines of the chapters of a book, in reading order."""
    with zipfile.ZipFile(path) as book:
        nav = next(book.read(name).decode() for name in book.namelist() if name.endswith("nav.xhtml"))
    return re.findall(r'<a href="(?!section)[^"]+"[^>]*>(?:<span[^>]*>)?(Gate [^<]+)', nav)


# Placeholders


def test_titles_sections_outputs_and_paths_are_written_for_the_day(edition: Write) -> None:
    text = manifest(
        'date = 2026-03-17\nnumber = 7\nsubtitle = "No. {number}, {weekday} {date:%-d %B %Y}"\nlanguage = "de"',
        '[[section]]\ntitle = "{date:%d.%m.}, {{so}}"\narticles = ["wire/{date}.md"]\n',
        '[outputs."dist/brief-{date}.pdf"]\n[outputs."dist/brief.epub"]\npages = "dist/brief-{date}.pdf"\n',
    )
    result = planned(edition, text, {"wire/2026-03-17.md": story("Gate")})
    assert result.imprint.subtitle == "No. 7, Dienstag 17 März 2026"
    assert result.sections[0].name == "17.03., {so}"
    assert files_of(result) == ["wire/2026-03-17.md"]
    assert list(map(str, result.outputs)) == ["dist/brief-2026-03-17.pdf", "dist/brief.epub"]
    assert result.pages_of(Path("dist/brief.epub")) == Path("dist/brief-2026-03-17.pdf")


def test_the_day_of_the_command_line_takes_the_place_of_the_manifest(edition: Write) -> None:
    result = planned(edition, manifest('date = 2026-03-17\nsubtitle = "{date}"'), date="2026-04-01")
    assert result.imprint.subtitle == "2026-04-01" and result.imprint.date == datetime.date(2026, 4, 1)
    assert result.day.origin == "option"


@pytest.mark.parametrize(
    ("keys", "message", "line"),
    [
        ('subtitle = "{date}"', "{date} needs the day of the edition", 3),
        ('subtitle = "{number}"', "{number} needs the number of the edition", 3),
        ('date = 2026-03-17\nsubtitle = "{datum}"', "there is no placeholder {datum}", 4),
        ('date = 2026-03-17\nsubtitle = "{date:%Q}"', "%Q is not known", 4),
        ('date = 2026-03-17\nsubtitle = "{date"', "a { alone", 4),
        ('date = 2026-03-17\nsubtitle = "date}"', "a } alone", 4),
        ('since = "yesterday"', "since = 'yesterday' needs the day of the edition", 3),
        ('since = "monday"', 'must be a day such as 2022-05-10, or "last", "all", "yesterday" or "today"', 3),
        ('timezone = "Kyiv"', "there is no time zone 'Kyiv'", 3),
        ('timezone = "../../etc/passwd"', "there is no time zone", 3),
    ],
)
def test_what_cannot_be_written_out_is_an_error_with_its_line(keys: str, message: str, line: int, edition: Write) -> None:
    problem = refusal(lambda: planned(edition, manifest(keys)))
    assert any(message in fault.message and fault.location and fault.location.line == line for fault in problem.diagnostics)
    assert problem.exit_code is Exit.INPUT


def test_all_wrong_placeholders_are_reported_at_once(edition: Write) -> None:
    problem = refusal(
        lambda: planned(edition, manifest('subtitle = "{a}"\nlead = "{b}"', '[[section]]\ntitle = "{c}"\narticles = []'))
    )
    assert len(problem.diagnostics) == 3


@given(st.datetimes(datetime.datetime(1583, 1, 1), datetime.datetime(9999, 12, 31)), st.sampled_from("dmYyHMSjVGu%"))
def test_numbers_are_those_of_strftime(moment: datetime.datetime, code: str) -> None:
    assert patterned(moment, f"%{code}", "en") == moment.strftime(f"%{code}")


@pytest.mark.parametrize(
    ("lang", "pattern", "text"),
    [
        ("en", "%A, %d %B %Y", "Tuesday, 17 March 2026"),
        ("uk", "%d %B", "17 березня"),
        ("uk", "%B %Y", "березень 2026"),  # a month alone is in the nominative
        ("ar", "%A", "الثلاثاء"),
        ("en", "%-d.%-m., week %V, 100 %%", "17.3., week 12, 100 %"),
    ],
)
def test_names_are_those_of_the_language(lang: str, pattern: str, text: str) -> None:
    assert patterned(datetime.datetime(2026, 3, 17), pattern, lang) == text


# The day and its time


def test_a_time_is_written_into_the_files(edition: Write, publisher: Publisher) -> None:
    home = edition(
        {"publisher.toml": manifest('date = 2026-03-17T05:30:00\ntimezone = "Europe/Kyiv"'), "a.txt": f"Gate\n\n{PROSE}\n"}
    )
    assert publisher("build", "-o", "a.epub").code == 0
    with zipfile.ZipFile(home / "a.epub") as book:
        package = next(book.read(name).decode() for name in book.namelist() if name.endswith(".opf"))
    assert '<meta property="dcterms:modified">2026-03-17T03:30:00Z</meta>' in package and ">2026-03-17</dc:date>" in package


def test_a_time_of_another_zone_is_that_of_the_edition() -> None:
    values = {"date": datetime.datetime(2026, 3, 17, 23, 30, tzinfo=datetime.UTC), "timezone": "Asia/Tokyo"}
    day = day_of(values, None)
    assert day.day == datetime.date(2026, 3, 18) and day.option == "2026-03-18T08:30:00+09:00"
    assert day_of({"timezone": "Asia/Tokyo"}, day.option).time == day.time
    assert day_of({"date": datetime.datetime(2026, 3, 17, 5, 30, 0, 250)}, None).option == "2026-03-17T05:30:00+00:00"


def test_the_clock_is_asked_only_for_today(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.datetime(2026, 3, 16, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
    assert day_of({"timezone": "Europe/Kyiv"}, "today").day == DAY
    assert day_of({"timezone": "Europe/Kyiv"}, "yesterday").day == datetime.date(2026, 3, 16)
    assert day_of({}, "today").origin == "clock" and day_of({}, None).day is None


def test_at_the_ends_of_time_there_is_no_yesterday(edition: Write) -> None:
    text = manifest("timezone = 'Asia/Tokyo'\nsince = 'yesterday'")
    assert planned(edition, text, date="0001-01-01").sections[0].articles[0].wanted.since == datetime.date.min
    late = manifest("timezone = 'Asia/Tokyo'\ndate = 9999-12-31T23:59:00Z")
    assert "outside the years 1 to 9999" in str(refusal(lambda: planned(edition, late)))


@pytest.mark.parametrize(
    "value", ["2026-02-30", "17.3.2026", "now", "2026-03-17T25:00", "2026-W12-2", "", "9999-12-31T23:59-05:00"]
)
def test_a_wrong_day_is_an_error_of_usage(value: str, edition: Write) -> None:
    assert refusal(lambda: planned(edition, manifest(), date=value)).exit_code is Exit.USAGE


# Folders and patterns


def test_folders_and_patterns_are_read_in_the_order_of_names(edition: Write) -> None:
    files = {f"wire/{name}": story(name) for name in ("b.md", "a.md", "c.txt", "README.md")}
    files |= {"wire/deep/d.md": story("d"), "wire/a.toml": 'title = "A"\n', "top.md": story("top")}
    text = manifest(sections="[[section]]\narticles = ['top.md', 'wire/c.*', 'wire', 'wire/**/*.md', '*.md']\n")
    result = planned(edition, text, files)
    assert files_of(result) == ["top.md", "wire/c.txt", "wire/a.md", "wire/b.md", "wire/README.md", "wire/deep/d.md"]
    assert not any(article.named for article in result.sections[0].articles[1:])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(edition: Write) -> None:
    text = manifest(sections="[[section]]\narticles = ['a[1].md', 'a*.md']\n")
    assert files_of(planned(edition, text, {"a[1].md": story("x"), "a1.md": story("y")})) == ["a[1].md", "a1.md"]


def test_what_matches_nothing_is_a_note_and_no_news(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17", "[[section]]\narticles = ['wire/{date}/*.txt']\n")
    home = edition({"publisher.toml": text})
    run = publisher("build")
    assert run.code == 0 and "publisher.toml:5: note: wire/2026-03-17/*.txt matches no manuscript [pattern-empty]" in run.err
    assert "nothing new to publish" in run.out and not (home / "dist").exists()
    assert publisher("build", "--fail-if-empty").code == 7


def test_what_is_of_one_article_is_refused_for_many(edition: Write) -> None:
    text = manifest(sections="[[section]]\narticles = [{ path = '*.txt', title = 'T', slug = 's', rights = 'R' }]\n")
    problem = refusal(lambda: planned(edition, text))
    assert [fault.message.split()[0] for fault in problem.diagnostics] == ["title", "slug"]


def test_folders_that_look_like_files_and_dangling_links_are_left_out(edition: Write, publisher: Publisher) -> None:
    text = manifest(sections="[[section]]\narticles = ['w/*.txt', 'w']\n")
    home = edition({"publisher.toml": text, "w/a.txt": f"Gate\n\n{PROSE}\n", "w/sub.txt/b.txt": f"Lock\n\n{PROSE}\n"})
    (home / "w" / "gone.txt").symlink_to("nowhere")
    run = publisher("build")
    assert run.code == 0 and "1 article, " in run.out
    assert "[link-dangling]" in run.err and "1 subfolder is not read: sub.txt [subfolder-unread]" in run.err


def test_a_pattern_reaches_no_file_that_is_a_link_to_elsewhere(
    edition: Write, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("other") / "secret.txt"
    secret.write_text(f"Secret\n\n{PROSE}\n")
    home = edition({"publisher.toml": manifest(sections="[[section]]\narticles = ['*.txt']\n")})
    (home / "a.txt").symlink_to(secret)
    run = publisher("build")
    assert run.code == 1 and "a.txt is a link to a file outside the folder" in run.err


# What is published: since, sort, most


def dated(*days: int) -> dict[str, str]:
    return {f"w/{day}.md": story(f"Gate {day}", f"2026-03-{day}") for day in days}


def published(publisher: Publisher, home: Path, *options: str) -> list[str]:
    (home / "o.epub").unlink(missing_ok=True)
    assert publisher("build", "-o", "o.epub", "--no-cache", *options).code == 0
    return headlines(home / "o.epub") if (home / "o.epub").exists() else []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", [14, 15, 16, 17]),
        ('since = "yesterday"', [16, 17]),
        ("since = 2026-03-15", [15, 16, 17]),
        ('sort = "newest"\nmost = 2', [17, 16]),
        ('sort = "oldest"', [14, 15, 16, 17]),
        ("most = 3", [14, 15, 16]),
        ('since = "today"\nsort = "newest"', [17]),
    ],
)
def test_a_section_chooses_by_day_order_and_number(keys: str, expected: list[int], edition: Write, publisher: Publisher) -> None:
    home = edition(
        {
            "publisher.toml": manifest("date = 2026-03-17", f"[[section]]\narticles = ['w/*.md']\n{keys}\n"),
            **dated(14, 15, 16, 17),
        }
    )
    assert published(publisher, home) == [f"Gate {day}" for day in expected]


def test_an_entry_may_ask_for_another_day_than_its_section_and_the_edition(edition: Write, publisher: Publisher) -> None:
    articles = "[{ path = 'w/14.md', since = 'all' }, 'w/15.md', { path = 'w/*.md', most = 1 }]"
    text = manifest("date = 2026-03-17\nsince = 'today'", f"[[section]]\narticles = {articles}\nsince = 'yesterday'\n")
    home = edition({"publisher.toml": text, **dated(14, 15, 16, 17)})
    assert published(publisher, home) == ["Gate 14", "Gate 16"]
    assert published(publisher, home, "--since", "2026-03-15") == ["Gate 15", "Gate 16"]
    assert published(publisher, home, "--since", "all") == ["Gate 14", "Gate 15", "Gate 16"]


def feed(*items: tuple[str, str, str]) -> str:
    """A feed of entries with guid, address and headline."""
    rows = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid>{f'<link>{link}</link>' if link else ''}<title>{title}</title>"
        f"<description>{PROSE} {title}</description></item>"
        for guid, link, title in items
    )
    return f"<rss version='2.0'><channel><title>Locks</title>{rows}</channel></rss>"


def past(home: Path, *identities: str, version: str = "2026-03-16", withdrawn: str = "") -> None:
    (home / "dist").mkdir(exist_ok=True)
    stories = tuple(Story((known,)) for known in identities)
    release = PastRelease(version, f"harbor-{version}", version, 3, stories, withdrawn, record=" ".join(identities))
    history_path(home / "dist", "harbor").write_bytes(History((release,)).data())


def test_what_an_earlier_release_has_is_left_out_and_named(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = ['f.xml']\n")
    entries = [
        ("urn:g:1", "https://example.org/1?utm_source=feed", "Gate 1"),
        ("urn:g:2", "", "Gate 2"),
        ("urn:g:3", "https://example.org/3", "Gate 3"),
    ]
    home = edition({"publisher.toml": text, "f.xml": feed(*entries)})
    assert published(publisher, home) == ["Gate 1", "Gate 2", "Gate 3"]
    past(home, "address http://example.org/1", "guid locks urn:g:2")
    assert published(publisher, home) == ["Gate 3"]
    run = publisher("build", "-o", "o.epub")
    assert "f.xml: note: 2 articles are left out: published in an earlier release [not-chosen]" in run.err
    assert published(publisher, home, "--since", "all") == ["Gate 1", "Gate 2", "Gate 3"]
    ledger = publisher("check", "--ledger").out
    assert re.search(r"f.xml +75 +25 +50 +0 ", ledger)  # words, kept, removed, unaccounted


def test_the_release_of_the_same_day_and_a_withdrawn_release_count_for_nothing(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = ['f.xml']\n")
    home = edition({"publisher.toml": text, "f.xml": feed(("urn:g:1", "https://example.org/1", "Gate 1"))})
    past(home, "address http://example.org/1", version="2026-03-17")
    assert published(publisher, home) == ["Gate 1"]
    past(home, "address http://example.org/1", withdrawn="wrong picture")
    assert published(publisher, home) == ["Gate 1"]
    past(home, "address http://example.org/1")
    assert published(publisher, home) == []


def test_at_most_so_many_are_so_many_of_those_that_are_new(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = [{ path = 'f.xml', most = 2 }]\n")
    entries = [(f"urn:g:{number}", f"https://example.org/{number}", f"Gate {number}") for number in range(1, 6)]
    home = edition({"publisher.toml": text, "f.xml": feed(*entries)})
    past(home, "address http://example.org/1", "address http://example.org/2")
    assert published(publisher, home) == ["Gate 3", "Gate 4"]


def test_entries_that_lead_to_one_page_are_known_by_their_guids(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = ['f.xml']\n")
    log = [(f"urn:g:{number}", "https://example.org/log", f"Gate {number}") for number in (1, 2, 3)]
    home = edition({"publisher.toml": text, "f.xml": feed(*log)})
    past(home, "guid locks urn:g:1", "guid locks urn:g:2", "address http://example.org/log")
    assert published(publisher, home) == ["Gate 3"]


@pytest.mark.parametrize("guids", [True, False])
def test_two_entries_that_lead_to_one_page_are_two_stories(guids: bool, edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = ['f.xml']\n")
    entries = [
        (f"urn:g:{number}" if guids else f"Gate {number}", "https://example.org/log", f"Gate {number}") for number in (1, 2)
    ]
    home = edition({"publisher.toml": text, "f.xml": feed(*entries)})
    assert publisher("release", *UNCHECKED).code == 0
    (home / "f.xml").write_text(feed(*entries[1:], (entries[1][0].replace("2", "3"), "https://example.org/log", "Gate 3")))
    assert published(publisher, home, "--date", "2026-03-18") == ["Gate 3"]


def test_a_log_that_lists_one_entry_at_a_time_loses_none(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = ['f.xml']\n")
    home = edition({"publisher.toml": text, "f.xml": feed(("urn:g:1", "https://example.org/log", "Gate 1"))})
    assert publisher("release", *UNCHECKED).code == 0
    (home / "f.xml").write_text(feed(("urn:g:2", "https://example.org/log", "Gate 2")))
    assert published(publisher, home, "--date", "2026-03-18") == ["Gate 2"]
    (home / "f.xml").write_text(feed(("urn:g:9", "https://example.org/log", "Gate 1")))  # the same story with a new guid
    assert published(publisher, home, "--date", "2026-03-18") == []


def test_a_section_has_at_most_so_many_whatever_the_others_have(edition: Write, publisher: Publisher) -> None:
    sections = "[[section]]\narticles = ['w/1[45].md']\n[[section]]\narticles = ['w/1[67].md']\nmost = 1\n"
    home = edition({"publisher.toml": manifest("date = 2026-03-17", sections), **dated(14, 15, 16, 17)})
    assert published(publisher, home) == ["Gate 14", "Gate 15", "Gate 16"]


def test_a_file_without_an_address_is_known_by_its_words(edition: Write, publisher: Publisher) -> None:
    text = manifest("date = 2026-03-17\nsince = 'last'", "[[section]]\narticles = ['*.txt']\n")
    home = edition({"publisher.toml": text, "a.txt": f"Gate one\n\n{PROSE}\n"})
    result = plan([], [])
    from publisher.build.assemble import read_inputs
    from publisher.build.executors import mapper

    with mapper(1) as workers:
        (known,) = read_inputs(result, workers.light, None, lambda *_: None).stories
    past(home, *known.known_by)
    (home / "a.txt").rename(home / "b.txt")
    assert published(publisher, home) == []
    (home / "b.txt").write_text(f"Gate one\n\n{PROSE} It was corrected at noon.\n")
    assert published(publisher, home) == ["Gate one"]


# The history


def test_the_next_number_follows_the_highest_and_is_the_same_for_the_same_day() -> None:
    history = History((PastRelease("a", "x-a", "2026-03-15", 8), PastRelease("b", "x-b", "2026-03-16", 7)))
    assert history.next_number("2026-03-17") == 9 and history.next_number("2026-03-15") == 8 and History().next_number("") == 1


def test_a_number_may_be_the_next_of_the_history(edition: Write) -> None:
    text = manifest('date = 2026-03-17\nnumber = "next"\nsubtitle = "No. {number}"')
    home = edition({"publisher.toml": text})
    past(home)
    assert planned(edition, text).imprint.subtitle == "No. 4"


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"releases": [{"version": "1", "folder": "../../etc"}]}'])
def test_a_damaged_history_is_an_error_and_publishes_nothing_twice(text: str, edition: Write, publisher: Publisher) -> None:
    home = edition(
        {"publisher.toml": manifest("since = 'last'"), "a.txt": f"Gate\n\n{PROSE}\n", "dist/harbor.history.json": text}
    )
    run = publisher("build")
    assert run.code == 1 and "the history of the releases cannot be read" in run.err
    assert not list((home / "dist").glob("*.pdf"))


def test_a_release_that_the_history_lacks_is_read_from_its_folder(tmp_path: Path) -> None:
    release = PastRelease(
        "2026-03-17", "harbor-2026-03-17", "2026-03-17", 1, (Story(("address http://example.org/1",), "T", "t", "0"),)
    )
    other = replace(release, stories=(Story(("words 0",)),), record="0")
    folder = tmp_path / release.folder
    folder.mkdir()
    record = {
        "slug": "harbor",
        "version": release.version,
        "date": {"value": release.date},
        "edition": {"number": 1},
        "articles": [{"known_by": ["address http://example.org/1"], "title": "T", "slug": "t", "words_sha256": "0"}],
    }
    (folder / "release.json").write_text(json.dumps(record))
    (tmp_path / "harbor-latest").symlink_to(folder)
    release = replace(release, record=hashlib.sha256((folder / "release.json").read_bytes()).hexdigest())
    assert read_history(tmp_path, "harbor") == History((release,))
    history_path(tmp_path, "harbor").write_bytes(History((other,)).data())  # that of a release which was replaced since
    assert read_history(tmp_path, "harbor") == History((release,))
    assert read_history(tmp_path, "harb") == History()
    other_edition = tmp_path / "harbor-internal-2026-03-17"
    other_edition.mkdir()
    (other_edition / "release.json").write_text(json.dumps({**record, "slug": "harbor-internal", "version": "x"}))
    assert read_history(tmp_path, "harbor") == History((release,))


# What changed since the last release


def test_a_box_says_what_changed_since_the_last_release(edition: Write, publisher: Publisher) -> None:
    overview = "# Overview\n\nWhat the brief holds.\n\n::: changed auto\n:::\n"
    files = {"o.md": overview, "gate.md": story("Gate"), "lock.md": story("Lock"), "weir.md": story("Weir")}
    text = manifest("date = 2026-03-17", "[[section]]\narticles = ['o.md', '[g-w]*.md']\n")
    home = edition({"publisher.toml": text, **files})
    assert publisher("release", *UNCHECKED).code == 0
    assert "Since the edition" not in attached(home, "o")
    (home / "gate.md").write_text(story("Gate") + "\nIt closed again.\n")
    (home / "weir.md").unlink()
    (home / "sluice.md").write_text(story("Sluice & gate"))
    assert publisher("release", *UNCHECKED, "--date", "2026-03-24").code == 0
    box = attached(home, "o").partition('<aside class="changed">')[2].partition("</aside>")[0]
    assert re.findall(r"<(?:strong|li)>.*", box) == [
        "<strong>Since the edition of March 17, 2026</strong></p>",
        '<li><strong>New</strong>: <a href="article:sluice">Sluice &amp; gate</a></li>',
        '<li><strong>Changed</strong>: <a href="article:gate">Gate</a></li>',
        "<li><strong>Removed</strong>: Weir</li>",
    ]
    assert publisher("release", *UNCHECKED, "--date", "2026-03-25").code == 0
    assert "<aside" not in attached(home, "o")  # nothing changed: no box


def attached(home: Path, slug: str) -> str:
    """A normalized article as the PDF of the newest release has it."""
    (path,) = (home / "dist" / "latest").glob("*.pdf")
    with pikepdf.open(path) as pdf:
        return pdf.attachments[f"{slug}.xhtml"].get_file().read_bytes().decode()


def test_what_an_author_wrote_in_the_box_stays(edition: Write, publisher: Publisher) -> None:
    text = "# O\n\nWords.\n\n::: {.changed .auto}\nSince Monday:\n:::\n"
    home = edition({"publisher.toml": manifest("date = 2026-03-17", "[[section]]\narticles = ['o.md']\n"), "o.md": text})
    past(home, "address http://example.org/1")
    assert publisher("release", *UNCHECKED).code == 0
    assert '<aside class="changed">\n<p>Since Monday:</p>\n<ul>\n<li><strong>Removed' in attached(home, "o")
    assert publisher("tree", "o.md").out.count('<aside class="changed auto">') == 1
