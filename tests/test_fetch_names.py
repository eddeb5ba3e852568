"""`publisher fetch --as NAME`: the captured file has and keeps the name that was chosen; one that it cannot have is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher.fetching.names import Name, conflict, name_for, name_of, stem_of
from publisher.input.captures import captures_in
from tests.conftest import Run
from tests.feed_samples import entry, rss
from tests.web_server import HTML, RSS, Site, serving

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
FEED = rss(entry(1, link=""))
PAGE = "<!doctype html><html><head><title>Gate</title></head><body><h1>Gate</h1><p>The gate opened at seven.</p></body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site(pages={"/feed": (RSS, FEED), "/gate": (HTML, PAGE), "/next": (HTML, PAGE)})) as running:
        yield running


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("capture-"))


@pytest.mark.parametrize(
    ("path", "name", "file"),
    [
        ("/feed", "harbor", "harbor.xml"),
        ("/feed", "harbor.rss", "harbor.rss"),
        ("/feed", "week-1.2", "week-1.2.xml"),
        ("/feed", "Häfen heute", "Häfen heute.xml"),
        ("/gate", "gate", "gate.html"),
        ("/gate", "gate.htm", "gate.htm"),
    ],
)
def test_the_file_has_the_name_that_was_chosen(
    path: str, name: str, file: str, site: Site, edition: Edition, publisher: Publisher
) -> None:
    home = edition({})
    run = publisher("fetch", f"{site.home}{path}", "--into", "clips", "--as", name, "--allow-private")
    assert run.code == 0 and f"saved clips/{file} from" in run.out
    assert files_in(home / "clips") == sorted(["fetched.json", file, f"{file.rpartition('.')[0]}.toml"])
    assert publisher("tree", home / "clips" / file).code == 0


def test_an_address_has_the_same_name_each_time_chosen_or_not(site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({})
    options = ["--into", "clips", "--allow-private"]
    for path, names in (("/feed", ["--as", "harbor.rss"]), ("/gate", [])):
        assert "saved" in publisher("fetch", f"{site.home}{path}", *names, *options).out
        known = files_in(home / "clips")
        for arguments in ([], names):
            assert "kept" in publisher("fetch", f"{site.home}{path}", *arguments, *options).out
        site.pages[path] = (site.pages[path][0], f"{site.pages[path][1]} ")  # changed: captured again
        assert "saved" in publisher("fetch", f"{site.home}{path}", *options).out and files_in(home / "clips") == known
    assert (home / "clips" / "harbor.rss").is_file()


def test_another_name_is_another_file(site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({})
    for name in ("harbor", "review"):
        assert "saved" in publisher("fetch", f"{site.home}/feed", "--into", "clips", "--as", name, "--allow-private").out
    assert (home / "clips" / "harbor.xml").read_bytes() == (home / "clips" / "review.xml").read_bytes()
    assert json.loads((home / "clips" / "fetched.json").read_text())[f"{site.home}/feed"]["file"] == "review.xml"


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "..", ".hidden", "a/b", "../a", "a\\b", "C:a", "a*", "a?", 'a"', "a|b", "a\nb", "a\0", " a", "a ", "a.",
     ".xml", "a.toml", "publisher", "Publisher.xml", "fetched", "fetched.json", "con", "NUL.xml", "com1", "a" * 101],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_refused(name: str, site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({})
    run = publisher("fetch", f"{site.home}/feed", "--into", "clips", "--as", name, "--allow-private")
    assert run.code == 2 and "--as" in run.err and "Traceback" not in run.err
    assert not (home / "clips").exists() and not site.requests


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{home}/feed", "{home}/gate", "--into", "clips"], "--as names the file of one address, and there are 2"),
        (["list.txt", "--into", "clips"], "--as names the file of one address, and there are 2"),
        (["--sources", "publisher.toml"], "--as names the file of one address; it has no use with --sources or --check"),
        (["--check", "publisher.toml"], "--as names the file of one address; it has no use with --sources or --check"),
    ],
)
def test_a_name_is_for_one_address(
    arguments: list[str], message: str, site: Site, edition: Edition, publisher: Publisher
) -> None:
    edition({"list.txt": f"{site.home}/feed\n{site.home}/gate\n", "publisher.toml": '[edition]\ntitle = "T"\n'})
    run = publisher("fetch", *(text.format(home=site.home) for text in arguments), "--as", "harbor", "--allow-private")
    assert run.code == 2 and message in run.err and not site.requests


@pytest.mark.parametrize("taken", ["harbor.md", "Harbor.toml", "harbor.xml"])
def test_no_other_file_is_replaced_or_shares_its_sidecar(taken: str, site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({f"clips/{taken}": "# Harbor\n"})
    run = publisher("fetch", f"{site.home}/feed", "--into", "clips", "--as", "harbor", "--allow-private")
    assert run.code == 2 and f"clips/{taken} is there already" in run.err
    assert files_in(home / "clips") == [taken] and (home / "clips" / taken).read_text() == "# Harbor\n"


def test_nor_the_capture_of_another_address(site: Site, edition: Edition, publisher: Publisher) -> None:
    edition({})
    assert publisher("fetch", f"{site.home}/gate", "--into", "clips", "--as", "gate", "--allow-private").code == 0
    run = publisher("fetch", f"{site.home}/next", "--into", "clips", "--as", "gate", "--allow-private")
    assert run.code == 2 and "gate.html is there already" in run.err


def test_a_suffix_of_another_format_is_refused(site: Site, edition: Edition, publisher: Publisher) -> None:
    home = edition({})
    run = publisher("fetch", f"{site.home}/gate", "--into", "clips", "--as", "gate.docx", "--allow-private")
    assert run.code == 1 and "error: it is html, not docx: choose a name without a suffix [fetch-kind]" in run.err
    assert not (home / "clips").exists()


def test_an_index_that_publisher_did_not_write_leads_out_of_no_folder() -> None:
    captures = captures_in(
        json.dumps({"https://harbor.example/a": {"file": "../a.xml"}, "https://harbor.example/b": {"file": 7}}).encode()
    )
    assert name_for("https://harbor.example/a", None, captures) == Name("a", ".xml")
    assert name_for("https://harbor.example/b", None, captures).stem == "7"
    assert name_for("https://harbor.example/c", None, captures) == Name(stem_of("https://harbor.example/c"))


def test_names_are_made_of_words_of_the_address_and_a_hash_of_all_of_it() -> None:
    first, second = (stem_of(f"https://anna:sesame@harbor.example/a/The Gate.html;jsessionid=7F?token={value}") for value in "12")
    assert first.startswith("the-gate-") and second.startswith("the-gate-") and first != second
    assert stem_of("https://harbor.example:8080/").startswith("harbor-example-")


def test_what_of_a_folder_conflicts_with_a_name(tmp_path: Path) -> None:
    captures = captures_in(json.dumps({"https://harbor.example/a": {"file": "a.xml"}}).encode())
    (tmp_path / "a_files").mkdir()
    assert conflict("https://harbor.example/a", name_of("a"), captures, tmp_path / "none") == ""
    for file in ("a.xml", "a.toml"):
        (tmp_path / file).write_text("")
    assert conflict("https://harbor.example/a", name_of("a"), captures, tmp_path) == ""
    assert conflict("https://harbor.example/a", name_of("a.rss"), captures, tmp_path) == "a.toml"
    assert conflict("https://harbor.example/b", name_of("a"), captures, tmp_path) == "a.toml"
