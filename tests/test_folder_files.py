"""What of a folder is not read is told: its subfolders, and links that lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build.plan import plan
from tests.conftest import Run

Publisher = Callable[..., Run]
Edition = Callable[..., Path]
STORY = "# The gate\n\nThe gate at the upper lock opened at seven.\n"
MANIFEST = '[edition]\ntitle = "T"\n'


def told(folder: str) -> list[tuple[str, str, str]]:
    found = plan([Path(folder)], []).warnings
    return [(str(message.code), str(message.location), message.message) for message in found]


@pytest.mark.parametrize("files", [{}, {"wire/publisher.toml": MANIFEST}])
def test_subfolders_with_manuscripts_are_named_and_not_read(
    files: dict[str, str], edition: Edition, publisher: Publisher
) -> None:
    edition({"wire/a.md": STORY, "wire/drafts/b.md": STORY, "wire/old/2025/c.txt": STORY, **files})
    assert told("wire") == [("subfolder-unread", "wire", "2 subfolders are not read: drafts, old")]
    run = publisher("check", "wire", "-v")
    assert "wire: note: 2 subfolders are not read: drafts, old [subfolder-unread]" in run.err and "1 article" in run.out


@pytest.mark.parametrize(
    "path", ["dist/a.epub", "feeds/a.xml", "sources/a.html", "page_files/a.html", ".git/a.md", "images/a.png", "drafts/README.md"]
)
def test_folders_that_hold_no_manuscripts_of_yours_are_not_named(path: str, edition: Edition) -> None:
    edition({"wire/a.md": STORY, f"wire/{path}": STORY})
    assert told("wire") == []


def test_folders_of_outputs_and_those_that_are_read_too_are_not_named(edition: Edition) -> None:
    edition({"wire/a.md": STORY, "wire/old/b.md": STORY, "wire/out/a.epub": "x"})
    assert [m.message for m in plan([Path("wire"), Path("wire/old")], [Path("wire/out/a.epub")]).warnings] == []
    own = '[outputs."out/a.epub"]\n[release]\nfolder = "releases"\n'
    edition({"wire/publisher.toml": MANIFEST + own, "wire/releases/wire-1/a.epub": "x"})
    assert told("wire") == [("subfolder-unread", "wire", "1 subfolder is not read: old")]


def test_a_very_large_subfolder_is_not_looked_through(edition: Edition) -> None:
    edition({"wire/a.md": STORY, **{f"wire/big/{number:04}.png": "" for number in range(1_000)}, "wire/big/z.md": STORY})
    assert told("wire") == []


@pytest.mark.parametrize("name", ["gone.md", "gone.xml", "gone", "gone.toml", ".#a.md"])
def test_a_link_that_leads_nowhere_is_a_warning_that_names_it_and_the_rest_is_built(
    name: str, edition: Edition, publisher: Publisher
) -> None:
    home = edition({"wire/a.md": STORY})
    (home / "wire" / name).symlink_to("nowhere.md")
    run = publisher("check", "wire")
    assert run.code == 0 and "1 article" in run.out
    assert f"wire/{name}: warning: this symbolic link leads to a file that does not exist: it is left out" in run.err
    assert publisher("check", "wire", "--strict").code == 3


def test_a_folder_with_nothing_but_such_links_has_no_manuscripts(edition: Edition, publisher: Publisher) -> None:
    home = edition({"wire/sub/a.md": STORY})
    (home / "wire" / "gone.md").symlink_to("nowhere.md")
    run = publisher("build", "wire")
    assert run.code == 1 and "no manuscripts found" in run.err and "gone.md: warning" in run.err and "not read: sub" in run.err


def test_of_a_folder_in_a_manifest_it_is_told_too(edition: Edition) -> None:
    listed = f'{MANIFEST}[[section]]\narticles = ["wire", "wire/old"]\n'
    home = edition({"wire/a.md": STORY, "wire/old/b.md": STORY, "wire/drafts/c.md": STORY, "publisher.toml": listed})
    (home / "wire" / "gone.md").symlink_to("nowhere.md")
    assert [code for code, *_ in told("publisher.toml")] == ["link-dangling", "subfolder-unread"]
    assert "1 subfolder is not read: drafts" in told("publisher.toml")[1][2]
