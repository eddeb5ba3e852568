"""A story that is in two feeds, or in a feed and as a saved page, is published once; what only looks the same is not left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.build.assemble import read_inputs
from publisher.build.build import make
from publisher.build.executors import mapper
from publisher.build.plan import plan
from publisher.build.repeated import Copy, without_repeats
from publisher.store.cache import Cache
from tests.conftest import Run
from tests.feed_samples import WORDS, entry, rss, stories_in

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
LONGER = f"{WORDS} The keeper noted the hour."


def titles(*inputs: str) -> list[str]:
    return [found.metadata.title for found in stories_in(*inputs)]


def html(number: int = 1, words: str = WORDS, title: str = "Gate") -> str:
    """A saved page with the address `https://harbor.example/NUMBER`."""
    head = f'<title>{title}</title><link rel="canonical" href="https://harbor.example/{number}">'
    return f"<html lang='en'><head>{head}</head><body><article><h1>{title}</h1><p>{words}</p></article></body></html>"


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        # the same address: the fuller text, at the place of the first
        (rss(entry(1), entry(2)), html(1, LONGER, "Page"), ["Page", "Gate 2"]),
        (rss(entry(1, LONGER), entry(2)), html(1, title="Page"), ["Gate 1", "Gate 2"]),
        (html(1, title="Page"), rss(entry(2), entry(1, LONGER)), ["Gate 1", "Gate 2"]),
        (rss(entry(1, title="A")), rss(entry(1, title="B", guid="urn:x"), title="Other"), ["A"]),
        (rss(entry(1)), rss(entry(1, link="https://harbor.example/1?utm_source=x", guid="urn:x")), ["Gate 1"]),
        # as full: the one of whose source more is known, else the first
        (html(1, title="Page 1"), rss(entry(1)), ["Gate 1"]),
        (rss(entry(1, title="A")), rss(entry(1, title="B")), ["A"]),
        # the same guid in the same publication
        (rss(entry(1, link="https://gate.example/~r/7")), rss(entry(1, LONGER, title="B")), ["B"]),
        (rss(entry(1, guid="7")), rss(entry(1, guid="7", link="https://harbor.example/other")), ["Gate 1"]),
        # where addresses decide, no guid does
        (rss(entry(1), entry(2)), rss(entry(9, link="https://harbor.example/1", guid="urn:gate:2")), ["Gate 1", "Gate 2"]),
        # other stories
        (rss(entry(1)), rss(entry(2, title="Gate 1")), ["Gate 1", "Gate 1"]),
        (rss(entry(1, guid="", link="")), rss(entry(1, guid="", link="")), ["Gate 1", "Gate 1"]),
        (rss(entry(1, guid="Gate 1", link="")), rss(entry(1, guid="Gate 1", link="")), ["Gate 1", "Gate 1"]),
        (rss(entry(1)), rss(entry(1, link="https://gate.example/7"), title="Other"), ["Gate 1", "Gate 1"]),
        (rss(entry(1, guid="7")), rss(entry(1, guid="7", link="https://gate.example/7")), ["Gate 1", "Gate 1"]),
        (rss(entry(1, link="https://harbor.example/")), html(title="Page").replace("/1", "/"), ["Gate 1", "Page"]),
        (html(1, title="A"), html(1, title="B"), ["A", "B"]),
    ],
)
def test_which_copies_of_two_files_are_published(first: str, second: str, published: list[str], edition: Edition) -> None:
    names = [f"{name}.{'html' if text.startswith('<html') else 'xml'}" for name, text in (("a", first), ("b", second))]
    edition(dict(zip(names, (first, second), strict=True)))
    assert titles(*names) == published


def test_entries_that_lead_to_one_page_are_different_stories(edition: Edition) -> None:
    changes = [entry(number, link=f"https://harbor.example/changes#v{number}") for number in (1, 2, 3)]
    edition({"a.xml": rss(*changes[:2]), "b.xml": rss(*changes[1:]), "c.html": html().replace("/1", "/changes")})
    assert titles("a.xml", "b.xml", "c.html") == ["Gate 1", "Gate 2", "Gate 3", "Gate"]


def test_an_entry_that_a_feed_has_twice_is_published_once_but_not_another_with_its_guid(edition: Edition) -> None:
    edition({"a.xml": rss(entry(1), entry(1), entry(1, title="Lock"), entry(1, guid="urn:x"))})
    assert titles("a.xml") == ["Gate 1", "Lock", "Gate 1"]


def test_a_page_that_was_captured_for_an_entry_is_its_copy_wherever_the_address_led(edition: Edition) -> None:
    index = json.dumps({"https://gate.example/~r/7": {"file": "page.html"}})
    edition({"a/a.xml": rss(entry(1, link="https://gate.example/~r/7")), "a/page.html": html(1, LONGER), "a/fetched.json": index})
    assert titles("a") == ["Gate 1"]


def test_a_story_in_more_than_two_files_is_published_once(edition: Edition) -> None:
    """The first feed and the page have the address in common, the feeds the guid."""
    edition({"a.xml": rss(entry(1)), "b.xml": rss(entry(1, link="https://gate.example/7")), "c.html": html(1, LONGER, "Page")})
    assert titles("a.xml", "b.xml", "c.html") == ["Page"]


def test_text_of_your_own_is_never_left_out(edition: Edition) -> None:
    note = "---\ntitle: Notes\nurl: https://harbor.example/1\n---\n\nShort.\n"
    edition({"a.xml": rss(entry(1), entry(2)), "b.md": note, "c.md": note, "d.html": html(1, LONGER)})
    assert titles("a.xml", "b.md", "c.md", "d.html") == ["Gate 2", "Notes", "Notes"]


MANIFEST = '[edition]\ntitle = "T"\n[[section]]\ntitle = "News"\narticles = [{}]\n[[section]]\ntitle = "More"\narticles = [{}]\n'


def sections_of(*manifests: str) -> list[tuple[str, list[str]]]:
    from publisher.build.build import assemble

    found, _ = assemble(plan([Path(name) for name in manifests], []))
    return [(section.title, [entry.metadata.title for entry in section.entries]) for section in found.sections]


def test_the_copy_that_is_kept_stands_in_the_section_of_the_first(edition: Edition) -> None:
    files = {"a.xml": rss(entry(1), entry(2)), "b.html": html(1, LONGER, "Page"), "c.html": html(3, title="Other")}
    edition({**files, "publisher.toml": MANIFEST.format('"a.xml"', '"b.html", "c.html"')})
    assert sections_of("publisher.toml") == [("News", ["Page", "Gate 2"]), ("More", ["Other"])]


def test_a_page_that_the_manifest_names_twice_is_there_twice_and_the_entries_of_a_feed_are_not(edition: Edition) -> None:
    edition(
        {
            "a.html": html(),
            "b.xml": rss(entry(2), entry(3)),
            "publisher.toml": MANIFEST.format('"a.html", { path = "b.xml", most = 1 }', '"a.html", "b.xml"'),
        }
    )
    assert sections_of("publisher.toml") == [("News", ["Gate", "Gate 2"]), ("More", ["Gate", "Gate 3"])]


def test_of_a_page_that_is_named_twice_a_feed_replaces_one(edition: Edition) -> None:
    edition(
        {
            "a.html": html(1, LONGER),
            "b.xml": rss(entry(1)),
            "publisher.toml": MANIFEST.format('"b.xml", "a.html"', '"a.html"'),
        }
    )
    assert sections_of("publisher.toml") == [("News", ["Gate"]), ("More", ["Gate"])]


def test_the_note_has_what_a_copy_that_is_left_out_knows_of_the_source(edition: Edition) -> None:
    edition({"a.html": html(1, LONGER), "b.xml": rss(entry(1, author="m@harbor.example (Mara Ennis)"))})
    (found,) = stories_in("a.html", "b.xml")
    assert found.metadata.title == "Gate" and "Mara Ennis, “Gate,” <cite>Harbor Review</cite>." in found.xhtml


def test_the_editions_of_a_volume_each_have_their_stories(edition: Edition) -> None:
    edition(
        {
            "a.xml": rss(entry(1)),
            "b.html": html(1, LONGER, "Page"),
            "mon.toml": MANIFEST.format('"a.xml"', ""),
            "tue.toml": MANIFEST.format('"b.html"', ""),
        }
    )
    assert [titles for _, titles in sections_of("mon.toml", "tue.toml")] == [["Gate 1"], ["Page"]]


def test_a_link_to_a_copy_that_is_left_out_leads_to_the_one_that_is_published(edition: Edition) -> None:
    edition({"a.xml": rss(entry(1, LONGER), entry(2)), "b.html": html(), "c.md": "# Links\n\nThe [gate](b.html).\n"})
    found = stories_in("a.xml", "b.html", "c.md")
    assert f'<a href="article:{found[0].slug}">gate</a>' in found[2].xhtml and found[0].metadata.title == "Gate 1"


def test_a_repeated_story_changes_no_slug(edition: Edition) -> None:
    edition({"a.xml": rss(entry(1), entry(2)), "b.xml": rss(entry(1, LONGER), entry(3))})
    alone = {found.metadata.title: found.slug for found in stories_in("b.xml")}
    assert {found.slug for found in stories_in("a.xml", "b.xml")} > set(alone.values())


def test_the_note_names_both_copies_and_why_one_is_kept(edition: Edition, publisher: Publisher) -> None:
    edition(
        {
            "a.xml": rss(f"\n{entry(1, LONGER)}"),
            "b.html": html(),
            "c.xml": rss(entry(1, guid="urn:x", title="C")),
            "d.xml": rss(entry(1, link="https://x.example/7")),
        }
    )
    run = publisher("check", "a.xml", "b.html", "c.xml", "d.xml", "-v")
    assert run.code == 0
    assert [line.replace("note: ", "") for line in run.err.splitlines() if "story-repeated" in line] == [
        "b.html:1: “Gate” is left out: a.xml has the same story (same address), in more words (28, not 22) [story-repeated]",
        "c.xml:1: “C” is left out: a.xml has the same story (same address), in more words (28, not 22) [story-repeated]",
        "d.xml:1: “Gate 1” is left out: a.xml has the same story (same guid), in more words (28, not 23) [story-repeated]",
    ]


def test_the_ledger_counts_a_story_that_is_left_out_as_removed(edition: Edition, publisher: Publisher) -> None:
    image = '<img src="https://harbor.example/gate.png" alt="Heron">'
    text = f"<![CDATA[<p>{WORDS}</p>{image}]]>"
    edition(
        {
            "a.xml": rss(entry(1, f"<![CDATA[<p>{LONGER}</p>]]>"), entry(2)),
            "b.xml": rss(entry(1, text), entry(3, text)),
            "c.html": html(2).replace("</p>", f"</p>{image}"),
        }
    )
    with mapper(1) as run:
        found = read_inputs(plan([Path(name) for name in ("a.xml", "b.xml", "c.html")], []), run.light, None)
    accounts = dict(found.accounts)
    for account in accounts.values():
        assert account.words == account.kept_words + account.removed_words + account.open_words and not account.open_words
        assert account.images == account.kept_images + account.removed_images
    rows = {name: [(row.words, row.images) for row in account.removed] for name, account in accounts.items()}
    assert rows == {"a.xml": [], "b.xml": [(accounts["b.xml"].words // 2, 1)], "c.html": [(accounts["c.html"].words, 1)]}
    assert "a story that is published from another copy" in publisher("check", "a.xml", "b.xml", "c.html", "--ledger", "-v").out


def test_the_edition_is_the_same_from_the_cache_and_with_more_processes(edition: Edition, tmp_path: Path) -> None:
    edition(
        {
            "a.xml": rss(*map(entry, range(9))),
            "b.xml": rss(*(entry(number, LONGER) for number in range(5, 12))),
            "c.html": html(7, f"{LONGER} {LONGER}"),
        }
    )
    found = plan([Path(name) for name in ("a.xml", "b.xml", "c.html")], [Path("x.epub")])
    cache = Cache(tmp_path / "cache")
    reports = [make(found), make(found, cache=cache), make(found, cache=cache), make(found, jobs=2)]
    assert len({report.outputs[Path("x.epub")].data for report in reports}) == 1
    assert len({report.diagnostics for report in reports}) == 1 and reports[0].articles == 12


def test_another_copy_is_published_when_the_first_is_gone_also_from_the_cache(edition: Edition, tmp_path: Path) -> None:
    home = edition({"a.xml": rss(entry(1), entry(2)), "b.html": html(1, LONGER, "Page")})
    cache = Cache(tmp_path / "cache")

    def book() -> bytes:
        return make(plan([home / "a.xml", home / "b.html"], [Path("x.epub")]), cache=cache).outputs[Path("x.epub")].data

    first = book()
    edition({"b.html": html(3, LONGER, "Page")})
    second = book()
    edition({"b.html": html(1, LONGER, "Page")})
    assert first != second and book() == first


COPIES = st.lists(
    st.builds(
        lambda number, kind, address, guid, words: (number, kind, address, guid, words),
        st.integers(0, 3), st.sampled_from([".rss", ".html", ".md"]), st.integers(0, 3), st.integers(0, 3), st.integers(0, 2),
    ),
    max_size=10,
)  # fmt: skip


@given(COPIES)
def test_every_copy_is_published_or_has_one_that_is(rows: list[tuple[int, str, int, int, int]]) -> None:
    kinds = {number: kind for number, kind, *_ in rows}
    copies = [
        Copy(
            input=number, number=index, section=number, part="", path=Path(f"{number}"), kind=kinds[number], title="T",
            name=f"urn:{guid}" if guid else "", words=words, known=0, publication="F",
            addresses=(f"https://harbor.example/{address}",) if address else (),
        )
        for index, (number, _, address, guid, words) in enumerate(sorted(rows, key=lambda row: row[0]))
    ]  # fmt: skip
    published, repeats = without_repeats(copies)
    places = {copy.place for copy in published}
    assert len(places) == len(published) and {repeat.left_out.place for repeat in repeats} | places == {
        copy.place for copy in copies
    }
    assert all(repeat.kept.place in places and repeat.left_out.place not in places for repeat in repeats)
    assert all(repeat.left_out.words <= repeat.kept.words or repeat.kept.is_edited for repeat in repeats)
    assert not any(repeat.left_out.is_edited for repeat in repeats)
    assert [copy.section for copy in published] == sorted(copy.section for copy in published)
    assert without_repeats(copies) == (published, repeats)
    if not any(copy.is_entry for copy in copies):
        assert not repeats


def test_finding_repeated_stories_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in calls, not in time: each key of each copy is compared with its story once."""
    from publisher.build import repeated

    calls: list[int] = []
    entry_of = repeated._entry
    monkeypatch.setattr(repeated, "_entry", lambda copy: calls.append(1) or entry_of(copy))

    def work(count: int) -> int:
        calls.clear()
        copies = [
            Copy(
                number % 5,
                number,
                0,
                "",
                Path(f"{number % 5}"),
                ".rss",
                "T",
                f"urn:{number // 5}",
                9,
                0,
                (f"https://h.example/{number // 5}",),
                "F",
            )
            for number in range(count)
        ]
        assert len(without_repeats(copies)[0]) == count // 5
        return len(calls)

    assert work(2_000) <= 10 * work(200) * 1.01
