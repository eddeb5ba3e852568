"""A morning run survives: what is left out and why, what the edition says of it, and the exit code."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.metadata import Hold
from publisher.writers.pdf import engine
from tests.conftest import Run
from tests.reader_samples import PROSE, SECOND

Write = Callable[..., Path]
Publisher = Callable[..., Run]

TITLE = '[edition]\ntitle = "Morning"\ndate = 2026-03-19\n{}\n'
OUTPUTS = '[outputs."a.pdf"]\n[outputs."a.epub"]\n'
STORY = f"{PROSE}\n\n{SECOND}\n"


def manifest(*articles: str, edition: str = "") -> str:
    listed = ", ".join(article if article.startswith("{") else f'"{article}"' for article in articles)
    return f"{TITLE.format(edition)}[[section]]\narticles = [{listed}]\n{OUTPUTS}"


def wire(line: str = "", headline: str = "Gate opens early") -> str:
    return f"{line}\n\n{headline}\n\n{STORY}".lstrip()


def feed(*titles: str) -> str:
    items = "".join(f"<item><title>{title}</title><description>{PROSE}</description></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Locks</title>{items}</channel></rss>"


def is_held(name: str, text: str) -> bool:
    """Whether the story of a manuscript is held back on the day of the edition."""
    (article,) = articles_of(Manuscript(Path(name), text.encode(), name))
    return article.metadata.hold is not None and article.metadata.hold.in_force(datetime.date(2026, 3, 19))


def words_of_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def colophon_of(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        name = next(name for name in book.namelist() if name.endswith("colophon.xhtml"))
        return book.read(name).decode()


@pytest.mark.parametrize(("options", "key"), [(["--keep-going"], ""), ([], 'on_error = "skip"')])
def test_articles_with_errors_are_left_out_and_named_in_the_colophon(
    options: list[str], key: str, edition: Write, publisher: Publisher
) -> None:
    text = manifest("a.txt", "cut.docx", '{ path = "gone.md", title = "Weirs" }', edition=key)
    home = edition({"publisher.toml": text, "a.txt": wire(), "cut.docx": b"PK\x03\x04 cut"})
    run = publisher("build", *options)
    assert run.code == 6
    assert "cut.docx: error: " in run.err and "file not found: gone.md" in run.err
    assert "publisher.toml: note: 2 articles are left out because of errors: cut.docx, Weirs [articles-left-out]" in run.err
    assert "1 article, " in run.out and "; 2 articles left out" in run.out
    line = "Missing from this edition because of errors: 2 (cut.docx, Weirs)"
    assert line in words_of_pdf(home / "a.pdf") and line in colophon_of(home / "a.epub")


def test_messages_of_writers_name_the_files_of_what_is_left(edition: Write, publisher: Publisher) -> None:
    files = {"a.txt": wire("KILL: do not use"), "b.md": f"# Gate\n\nThe sign a\ue8a3b stands. {STORY}"}
    edition({"publisher.toml": manifest(*files), **files})
    run = publisher("build", "--keep-going")
    assert run.code == 6 and "b.md:3: warning: no font has" in run.err


def test_without_the_option_nothing_is_written_and_a_second_run_gives_the_same(edition: Write, publisher: Publisher) -> None:
    home = edition({"publisher.toml": manifest("a.txt", "cut.docx"), "a.txt": wire(), "cut.docx": b"PK\x03\x04 cut"})
    assert publisher("build").code == 1 and not (home / "a.pdf").exists()
    first = publisher("build", "--keep-going")
    book = (home / "a.epub").read_bytes()
    second = publisher("build", "--keep-going")
    assert (first.code, first.err) == (second.code, second.err) and (home / "a.epub").read_bytes() == book
    (home / "cut.docx").unlink()
    assert "file not found" in publisher("build", "--keep-going").err  # the reason is of this run, not of the one before


def test_a_good_edition_has_no_line_about_missing_articles(edition: Write, publisher: Publisher) -> None:
    home = edition({"publisher.toml": manifest("a.txt"), "a.txt": wire()})
    assert publisher("build", "--keep-going").code == 0
    assert "Missing" not in words_of_pdf(home / "a.pdf")


def test_an_edition_without_one_good_article_is_an_error(edition: Write, publisher: Publisher) -> None:
    home = edition({"publisher.toml": manifest("cut.docx"), "cut.docx": b"PK\x03\x04 cut"})
    assert publisher("build", "--keep-going").code == 1 and not (home / "a.pdf").exists()


def test_a_fault_of_the_manifest_stops_every_build(edition: Write, publisher: Publisher) -> None:
    same = '{{ path = "{}.txt", slug = "gate" }}'
    edition({"publisher.toml": manifest(same.format("a"), same.format("b")), "a.txt": wire(), "b.txt": wire()})
    run = publisher("build", "--keep-going")
    assert run.code == 1 and "[slug-twice]" in run.err


def test_under_strict_a_warning_comes_before_what_is_left_out(edition: Write, publisher: Publisher) -> None:
    files = {"a.md": f"# Gate\n\n![A gate](gone.png)\n\n{STORY}", "cut.docx": b"PK\x03\x04 cut"}
    home = edition({"publisher.toml": manifest("a.md", "cut.docx"), **files})
    assert publisher("build", "--keep-going", "--strict").code == 3 and not (home / "a.epub").exists()
    assert publisher("build", "--keep-going").code == 6


def test_what_cannot_be_typeset_is_left_out_without_its_neighbors_on_the_sheet(
    edition: Write, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = engine.render

    def failing(xhtml: str, *rest: Any, **options: Any) -> Any:
        if "Bottomless" in xhtml:
            raise RecursionError
        return render(xhtml, *rest, **options)

    monkeypatch.setattr(engine, "render", failing)
    files = {"a.md": "# Gate\n\nOpen.\n", "deep.md": "# Deep\n\nBottomless.\n", "b.md": "# Weir\n\nShut.\n"}
    home = edition({"publisher.toml": manifest(*files), **files})
    run = publisher("build")
    assert run.code == 1 and "deep is nested too deeply to be typeset" in run.err
    run = publisher("build", "--keep-going")
    assert run.code == 6 and "deep.md: error: deep is nested too deeply" in run.err
    assert "Open." in words_of_pdf(home / "a.pdf") and "1 (deep.md)" in words_of_pdf(home / "a.pdf")


def test_nesting_too_deep_for_python_is_an_error_of_its_file(edition: Write, publisher: Publisher) -> None:
    page = f"<article><h1>Deep</h1>{'<blockquote><p>w</p>' * 1500}</article>"
    text = manifest("a.txt", "deep.html") + "[limits]\ndepth = 2000\n"
    edition({"publisher.toml": text, "a.txt": wire(), "deep.html": page})
    run = publisher("build", "--keep-going")
    assert run.code == 6 and "deep.html: error: its elements are nested too deeply [limit]" in run.err


def test_nesting_that_is_allowed_is_published(edition: Write, publisher: Publisher) -> None:
    edition({"deep.html": f"<article><h1>Deep</h1>{'<blockquote><p>w</p>' * 300}</article>"})
    assert publisher("build", "deep.html", "-o", "a.pdf", "-o", "a.epub").code == 0


def test_a_link_to_an_article_that_is_left_out_keeps_its_words(edition: Write, publisher: Publisher) -> None:
    home = edition({"publisher.toml": manifest("a.md", "cut.docx"), "a.md": f"# Gate\n\nSee [the plan](cut.docx). {STORY}",
                    "cut.docx": b"PK\x03\x04 cut"})  # fmt: skip
    run = publisher("build", "--keep-going")
    assert run.code == 6 and "[link-broken]" in run.err and "See the plan." in words_of_pdf(home / "a.pdf")


# What an agency holds back

HELD = ["KILL: do not use", "HOLD - legal", "EMBARGOED until Wednesday", "SPERRFRIST: 20. März 2026, 6 Uhr"]
ORDERS = [
    "Embargoed until March 20, 2026",
    "STRICT EMBARGO: March 20, 2026",
    "UNDER EMBARGO until further notice",
    "NOT FOR PUBLICATION BEFORE 20 MARCH 2026",
    "SOUS EMBARGO jusqu'au 20 mars 2026",
    "MANDATORY KILL",
    "Eds: HOLD FOR RELEASE",
    "[Do not use this story.]",
    "EMBARGOED until March 10, 2026\n\nEMBARGOED until March 20, 2026",
    "EMBARGOED until March 10, 2026\nEMBARGOED until March 20, 2026",
    "EMBARGOED until March 10, 2026\n\nKILL: do not use",
]
NO_ORDERS = [
    "EMBARGOED until March 10, 2026",
    "EDITORS: The embargo was lifted.",
    "CORRECTION: The lock was upper",
    "Embargoed goods pass the gate",
]


@pytest.mark.parametrize("line", HELD)
def test_an_article_that_is_held_stops_the_build_where_the_manifest_names_it(
    line: str, edition: Write, publisher: Publisher
) -> None:
    home = edition({"publisher.toml": manifest("a.txt", "b.txt"), "a.txt": wire(line), "b.txt": wire(headline="Weir shuts")})
    run = publisher("build")
    assert run.code == 1 and "publisher.toml:6: error: “Gate opens early” must not be published (" in run.err
    assert "[held]" in run.err and not (home / "a.pdf").exists()
    run = publisher("build", "--keep-going")  # it is counted, and its name stays out of the edition
    assert run.code == 6
    shown = words_of_pdf(home / "a.pdf")
    assert "errors: 1 (1 held back by the agency)" in shown and "a.txt" not in shown and "Gate opens early" not in shown


@pytest.mark.parametrize("line", HELD)
def test_it_is_left_out_with_a_warning_where_it_came_with_a_folder(
    line: str, edition: Write, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1773748800")  # March 17, 2026
    home = edition({"wire/a.txt": wire(line), "wire/b.txt": wire(headline="Weir shuts")})
    run = publisher("build", "wire", "-o", "a.pdf")
    assert run.code == 0 and "a.txt: warning: “Gate opens early” must not be published" in run.err
    assert "Gate opens early" not in words_of_pdf(home / "a.pdf") and "Weir shuts" in words_of_pdf(home / "a.pdf")


def test_one_held_story_of_a_file_does_not_take_the_others_along(edition: Write, publisher: Publisher) -> None:
    home = edition({"wire/a.txt": f"{wire('KILL: do not use')}\n30\n\n{wire(headline='Weir shuts')}"})
    assert publisher("build", "wire", "-o", "a.pdf").code == 0
    assert "Gate opens early" not in words_of_pdf(home / "a.pdf") and "Weir shuts" in words_of_pdf(home / "a.pdf")


@pytest.mark.parametrize(("line", "holds"), [*((line, True) for line in ORDERS), *((line, False) for line in NO_ORDERS)])
def test_an_order_to_editors_in_other_words(line: str, holds: bool) -> None:
    text = wire(line) if not line.startswith("Embargoed goods") else wire("", headline=line)
    assert is_held("a.txt", text) is holds


EMPTY = {"a.xml": "<newsItem><itemMeta>{}</itemMeta><contentMeta><headline>G</headline></contentMeta></newsItem>",
         "a.nitf": "<nitf><head><docdata>{}</docdata></head><body><body.content><p>Gate</p></body.content></body></nitf>",
         "a.json": '{{"uri": "x", "versioncreated": "2026-03-17", "headline": "Gate", {}}}'}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "holds"),
    [
        ("a.xml", "<embargoed/>", True),
        ("a.xml", "<embargoed>2026-03-20T06:00:00Z</embargoed>", True),
        ("a.xml", "<embargoed>2026-03-10T06:00:00Z</embargoed>", False),
        ("a.xml", "<edNote>Bulletin kill: the lock is closed.</edNote>", True),
        ("a.xml", "<edNote>Adds the hour.</edNote>", False),
        # an embargo that ended does not hide an order in a note
        ("a.xml", "<embargoed>2026-03-10T06:00:00Z</embargoed><edNote>Bulletin kill: the lock is closed.</edNote>", True),
        ("a.json", '"embargoed": "2026-03-10T06:00:00Z", "ednote": "MANDATORY KILL: wrong lock"', True),
        ("a.nitf", '<date.issue norm="20260301"/><date.release norm="20260310"/><ed-msg info="Hold until confirmed"/>', True),
        ("a.nitf", '<date.issue norm="20260317"/><date.release norm="20260320"/>', True),
        ("a.nitf", '<date.issue norm="20260317"/><date.release norm="20260317"/>', False),
        ("a.nitf", '<ed-msg info="Hold until the board confirms"/>', True),
        ("a.nitf", '<ed-msg info="Adds the hour"/>', False),
        ("a.json", '"ednote": "MANDATORY KILL: wrong lock"', True),
        ("a.json", '"ednote": "Adds the hour"', False),
    ],
)
def test_an_order_to_editors_in_an_agency_format(name: str, values: str, holds: bool) -> None:
    assert is_held(name, EMPTY[name].format(values)) is holds


def test_a_held_story_is_not_named_in_the_files_attached_to_the_pdf(edition: Write, publisher: Publisher) -> None:
    output = OUTPUTS.replace('"a.pdf"]', '"a.pdf"]\nvariant = "pdf/ua-1+a-3a"')
    for line, names in (("KILL: do not use", set()), ("", {"publisher.toml"})):
        text = manifest('{ path = "a.txt", title = "Secret gate" }', "b.txt").replace(OUTPUTS, output)
        home = edition({"publisher.toml": text, "a.txt": wire(line), "b.txt": wire(headline="Weir shuts")})
        assert publisher("build", "--keep-going").code == (6 if line else 0)
        with pikepdf.open(home / "a.pdf") as pdf:
            assert {"publisher.toml"} & set(pdf.attachments) == names
            texts = [pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments]
        assert any(b"Secret gate" in text for text in texts) is not bool(line)


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_the_status_of_an_item_counts_too(status: str, edition: Write, publisher: Publisher) -> None:
    item = f'{{"uri": "x", "versioncreated": "2026-03-17", "headline": "Gate opens early", "body_text": "{PROSE}", '
    edition({"wire/a.json": item + f'"pubstatus": "{status}"}}', "wire/b.txt": wire(headline="Weir shuts")})
    run = publisher("build", "wire", "-o", "a.pdf")
    assert run.code == 0 and f"must not be published ({status}): it is left out" in run.err


@pytest.mark.parametrize("where", ["manifest", "sidecar", "front matter"])
def test_the_user_may_release_a_story_and_hold_another(where: str, edition: Write, publisher: Publisher) -> None:
    entry = '{ path = "a.txt", hold = false }' if where == "manifest" else "a.txt"
    files = {"a.txt": wire("HOLD - legal"), "b.md": f"---\nhold: true\n---\n\n# Weir\n\n{STORY}", "c.txt": wire()}
    if where == "sidecar":
        files["a.toml"] = "hold = false\n"
    if where == "front matter":
        files["a.txt"] = f"---\ntitle: Gate\nhold: false\n---\n\n{STORY}"
    edition({"publisher.toml": manifest(entry), **files})
    assert publisher("build").code == 0
    assert publisher("build", "b.md").code == 1
    held = '{ path = "c.txt", hold = true }'
    edition({"publisher.toml": manifest(held)})
    assert publisher("build").code == 1


@pytest.mark.parametrize(
    ("until", "day", "in_force"),
    [("2026-03-18", "2026-03-19", False), ("2026-03-19", "2026-03-19", True), ("", "2026-03-19", True)],
)
def test_an_embargo_ends_with_its_last_day(until: str, day: str, in_force: bool) -> None:
    hold = Hold("embargo", datetime.date.fromisoformat(until) if until else None)
    assert hold.in_force(datetime.date.fromisoformat(day)) is in_force


@pytest.mark.parametrize(("day", "code"), [("2026-03-18", 1), ("2026-03-19", 0)])
def test_without_a_date_of_the_edition_the_day_of_the_build_decides(
    day: str, code: int, edition: Write, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())))
    edition({"a.txt": wire("EMBARGOED until 0600 GMT, March 18, 2026")})
    assert publisher("build", "a.txt", "-o", "a.pdf").code == code


def test_an_embargo_that_ended_before_the_edition_is_no_hold(edition: Write, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest("a.txt"), "a.txt": wire("EMBARGOED until 0600 GMT, March 18, 2026")})
    assert publisher("build").code == 0


# Nothing new


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feed.xml", feed()),
        ("feed.xml", "<rss version='2.0'><channel></channel></rss>"),
        ("feed.json", '{"version": "https://jsonfeed.org/version/1", "title": "Locks", "items": []}'),
    ],
)
def test_a_feed_without_entries_is_no_error_and_the_outputs_stay(
    name: str, text: str, edition: Write, publisher: Publisher
) -> None:
    home = edition({"publisher.toml": manifest("a.txt"), "a.txt": wire()})
    publisher("build")
    before = (home / "a.pdf").read_bytes()
    edition({"publisher.toml": manifest(name), name: text})
    run = publisher("build")
    assert run.code == 0 and run.out == "nothing new to publish: nothing is written\n" and f"{name}: note: " in run.err
    assert publisher("build", "--fail-if-empty").code == 7
    assert (home / "a.pdf").read_bytes() == before


def test_an_empty_feed_beside_a_full_one_is_a_note(edition: Write, publisher: Publisher) -> None:
    home = edition({"publisher.toml": manifest("none.xml", "some.xml"), "none.xml": feed(), "some.xml": feed("Gate opens")})
    run = publisher("build", "--fail-if-empty")
    assert run.code == 0 and "none.xml: note: no entry of the feed has words" in run.err
    assert "Locks" not in colophon_of(home / "a.epub") and "1 article" in run.out


def test_nothing_since_that_day_is_nothing_new(edition: Write, publisher: Publisher) -> None:
    old = feed("Gate opens").replace("<title>Gate", "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><title>Gate")
    edition({"publisher.toml": manifest('{ path = "feed.xml", since = 2026-03-10 }'), "feed.xml": old})
    assert publisher("build", "--fail-if-empty").code == 7
    assert publisher("check", "--fail-if-empty").code == 7


def test_errors_come_before_nothing_new(edition: Write, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest("none.xml", "cut.docx"), "none.xml": feed(), "cut.docx": b"PK\x03\x04 cut"})
    assert publisher("build", "--keep-going", "--fail-if-empty").code == 1


def test_a_file_without_entries_has_no_tree(edition: Write, publisher: Publisher) -> None:
    edition({"feed.xml": "<rss version='2.0'><channel></channel></rss>"})
    run = publisher("tree", "feed.xml")
    assert run.code == 1 and "feed.xml: error: no article in it" in run.err


def test_json_messages_name_what_is_left_out(edition: Write, publisher: Publisher) -> None:
    edition({"publisher.toml": manifest("a.txt", "cut.docx"), "a.txt": wire(), "cut.docx": b"PK\x03\x04 cut"})
    run = publisher("build", "--keep-going", "--log-format", "json")
    assert run.code == 6 and '"left_out": ["cut.docx"]' in run.err
