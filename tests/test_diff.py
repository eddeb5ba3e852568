"""What changed between two releases, two PDFs or two EPUBs: as text, as JSON, and as one page with images of the pages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import lxml.html
import pikepdf
import pytest
from PIL import Image

from publisher.release.diff import difference
from publisher.release.page_images import _regions, page_images
from publisher.release.word_diff import word_diff
from tests.conftest import Run
from tests.reader_samples import PROSE
from tests.test_release import UNCHECKED

Publisher = Callable[..., Run]

MANIFEST = """[edition]
title = "Harbor brief"
date = 2026-03-17

[[section]]
title = "Locks"
articles = ["gate.md", "lamp.md", "dike.md"]

[outputs."dist/brief.pdf"]
[outputs."dist/collection.epub"]
"""
GATE = (
    f"# Gate opens\n\nThe gate opens at six. See [the office](https://example.org/office).\n\n{PROSE}\n\n## Hours\n\nAll day.\n"
)
LAMP = f"# Lamp is lit\n\n{PROSE}\n\nThe keeper climbs the stairs at dusk.\n"
DIKE = f"# Dike holds\n\n{PROSE}\n"
MARCH = ("harbor-brief-2026-03-17", "harbor-brief-2026-03-18")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases: words of the gate changed, its paragraphs moved, the lamp removed, a bell added, a source exchanged."""
    from publisher.cli import main

    home = tmp_path_factory.mktemp("harbor")
    before = Path.cwd()
    os.chdir(home)
    try:
        for name, text in (("publisher.toml", MANIFEST), ("gate.md", GATE), ("lamp.md", LAMP), ("dike.md", DIKE)):
            Path(name).write_text(text)
        assert main(["release", *UNCHECKED, "--no-cache"]) == 0
        changed = GATE.replace("at six", "at seven").replace("https://example.org/office", "https://example.org/port")
        Path("gate.md").write_text(changed)
        Path("bell.md").write_text(f"# Bell rings\n\n{PROSE} <tag> & more.\n")
        Path("publisher.toml").write_text(MANIFEST.replace('"gate.md", "lamp.md"', '"bell.md", "gate.md"'))
        assert main(["release", *UNCHECKED, "--no-cache", "--date", "2026-03-18"]) == 0
    finally:
        os.chdir(before)
    return home / "dist" / MARCH[0], home / "dist" / MARCH[1]


# Words


def test_words_are_compared_within_paragraphs() -> None:
    (changed,) = word_diff(["A", "The gate opens at six."], ["A", "The gate opens at seven."])
    assert [(piece.mark, piece.text) for piece in changed.pieces] == [
        ("same", "The gate opens at"),
        ("removed", "six."),
        ("added", "seven."),
    ]
    assert (changed.words("removed"), changed.words("added")) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (["a b c"], ["a b c"], []),
        ([], ["a b c"], ["added"]),
        (["a b c"], [], ["removed"]),
        (["a b c", "d e f", "g h i"], ["g h i", "a b c", "d e f"], ["moved"]),
        (["a b c"], ["x y z"], ["removed", "added"]),
        (["a b c d"], ["x y z", "a b c e"], ["added", "changed"]),
        (["a b c d", "e f g h"], ["a b c x", "e f g y"], ["changed", "changed"]),
        (["a", "a"], ["a"], ["removed"]),
        (["", "a"], ["a"], []),
    ],
)
def test_paragraphs_are_matched_before_words(old: list[str], new: list[str], kinds: list[str]) -> None:
    assert [row.kind for row in word_diff(old, new)] == kinds


def test_a_moved_paragraph_counts_no_words() -> None:
    (moved,) = word_diff(["a b", "c d", "e f"], ["e f", "a b", "c d"])
    assert moved.kind == "moved" and moved.words("added") == moved.words("removed") == 0


# Releases


def test_the_report_has_articles_words_pages_and_sources(releases: tuple[Path, Path], publisher: Publisher) -> None:
    run = publisher("diff", *releases)
    assert run.code == 0 and run.err == ""
    for line in (
        "harbor-brief 2026-03-17 → harbor-brief 2026-03-18",
        "  date: 2026-03-17 → 2026-03-18",
        "Articles: 1 added, 1 removed, 1 changed, 1 unchanged",
        "  + Bell rings (",
        "  - Lamp is lit (",
        "      ~ The gate opens at [-six.-] {+seven.+} See the office.",
        "Sources: 1 gained, 1 lost, 0 changed",
        "  + The office, example.org, https://example.org/port",
        "  - The office, example.org, https://example.org/office",
    ):
        assert f"\n{line}" in f"\n{run.out}", run.out


def test_nothing_differs_between_a_release_and_itself(releases: tuple[Path, Path], publisher: Publisher) -> None:
    run = publisher("diff", releases[0], releases[0], "--exit-code")
    assert run.code == 0 and run.out.endswith("nothing differs\n")
    assert publisher("diff", *releases, "--exit-code").code == 5
    assert publisher("diff", releases[0], releases[1].parent / "latest", "--exit-code").code == 5


def test_json_has_the_same_keys_each_time(releases: tuple[Path, Path], publisher: Publisher) -> None:
    values, same = (json.loads(publisher("diff", releases[0], other, "--to", "json").out) for other in reversed(releases))
    assert values.keys() == same.keys() and values["articles"].keys() == same["articles"].keys()
    assert (values["different"], same["different"]) == (True, False)
    (changed,) = values["articles"]["changed"]
    assert (changed["slug"], changed["words_added"], changed["words_removed"]) == ("gate", 2, 2)
    assert values["sources"]["gained"][0]["words"] == "The office, example.org, https://example.org/port"
    assert values["new"] == {"name": "harbor-brief 2026-03-18", "articles": 3, "pages": 1, "sources": 1}


def test_an_article_is_known_by_its_address_where_its_file_has_another_name(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    manifest = MANIFEST.replace('"gate.md", "lamp.md", "dike.md"', '"a.md"').replace('[outputs."dist/brief.pdf"]\n', "")
    text = f"---\nurl: https://example.org/story\n---\n{LAMP}"
    for day, name in ((17, "a.md"), (18, "b.md")):
        Path(name).write_text(text.replace("dusk", f"dusk {day}"))
        Path("publisher.toml").write_text(manifest.replace("a.md", name))
        assert publisher("release", *UNCHECKED, "--date", f"2026-03-{day}").code == 0
    found = difference(*(Path("dist") / name for name in MARCH))
    assert not found.added and not found.removed
    assert [(row.old.slug, row.new.slug) for row in found.changed] == [("a", "b")]


@pytest.mark.parametrize("name", ["brief.pdf", "collection.epub"])
def test_two_files_are_compared_like_releases(releases: tuple[Path, Path], name: str, publisher: Publisher) -> None:
    run = publisher("diff", *(folder / name for folder in releases))
    assert run.code == 0 and "Articles: 1 added, 1 removed, 1 changed, 1 unchanged" in run.out
    assert "~ The gate opens at [-six.-] {+seven.+} See the office." in run.out and "Sources: 1 gained, 1 lost" in run.out


def test_things_of_two_kinds_are_not_compared(releases: tuple[Path, Path], tmp_path: Path, publisher: Publisher) -> None:
    run = publisher("diff", releases[0], releases[1] / "brief.pdf")
    assert run.code == 2 and "is a release folder, and" in run.err
    assert publisher("diff", tmp_path, tmp_path).code == 1
    assert publisher("diff", tmp_path / "gone", tmp_path).code == 2
    (tmp_path / "a.txt").touch()
    assert publisher("diff", tmp_path / "a.txt", tmp_path / "a.txt").code == 1


def test_what_changes_no_word_is_a_difference_too(tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    manifest = MANIFEST.replace('"gate.md", "lamp.md", "dike.md"', '"gate.md"').replace('[outputs."dist/brief.pdf"]\n', "")
    steps = ((17, GATE, ""), (18, GATE.replace("All", "*All*"), ""), (19, GATE, '[sources]\nlist = "none"\n'))
    for day, text, extra in steps:
        Path("gate.md").write_text(text)
        Path("publisher.toml").write_text(manifest + extra)
        assert publisher("release", *UNCHECKED, "--version", f"{day}").code == 0
    folders = [Path("dist") / f"harbor-brief-{day}" for day in (17, 18, 19)]
    assert "~ Gate opens (words unchanged; title, images, links or other markup changed)" in publisher("diff", *folders[:2]).out
    assert "  list: article → none" in publisher("diff", folders[0], folders[2]).out


# The page


def test_the_page_is_one_accessible_file(releases: tuple[Path, Path], tmp_path: Path, publisher: Publisher) -> None:
    target = tmp_path / "changes.html"
    run = publisher("diff", *releases, "-o", target)
    assert run.code == 0 and run.out.startswith("wrote ")
    page = lxml.html.document_fromstring(target.read_text("utf-8"))
    assert page.get("lang") == "en" and page.xpath("string(//title)").startswith("Differences: harbor-brief 2026-03-17")
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    images = page.xpath("//img")
    assert len(images) >= 2
    assert all(image.get("alt") and image.get("src").startswith("data:image/png;base64,") for image in images)
    assert not page.xpath("//script | //link | //iframe | //@href | //@onclick")
    assert "default-src 'none'" in page.xpath("string(//meta[@http-equiv]/@content)")
    assert page.xpath("string(//del)") == "removed: six." and "added: seven." in page.xpath("string(//ins)")
    assert "https://example.org/port" in page.text_content()


def test_the_page_is_the_same_each_time(releases: tuple[Path, Path], publisher: Publisher) -> None:
    pages = {publisher("diff", *releases, "--to", "html").out for _ in range(2)}
    assert len(pages) == 1


def test_pages_over_the_bound_are_said_to_be_left_out(releases: tuple[Path, Path], publisher: Publisher) -> None:
    page = publisher("diff", *releases, "--to", "html", "--pages", "0").out
    assert "1 page looks different, 0 pages look the same. The first 0 are shown, 1 is left out (--pages)." in page
    assert "<img " not in page


def test_words_of_articles_cannot_become_markup(releases: tuple[Path, Path], publisher: Publisher) -> None:
    page = publisher("diff", releases[1], releases[0], "--to", "html", "--pages", "0").out
    assert "<tag>" not in page


def test_regions_that_differ_are_found_and_joined() -> None:
    old = Image.new("RGB", (300, 300), "white")
    new = old.copy()
    new.paste("black", (50, 50, 60, 60))
    new.paste("black", (70, 50, 80, 60))  # near: the same region
    new.paste("black", (200, 220, 240, 240))
    assert _regions(old, new) == [(47, 47, 82, 62), (197, 217, 242, 242)]
    assert _regions(old, old) == [] and _regions(None, new) == []


def test_a_page_that_is_new_does_not_make_the_others_differ(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.md").write_text("# Lamp\n\n" + "\n\n".join(f"{number}. {PROSE}" for number in range(30)))
    Path("other.md").write_text(DIKE)
    for name in ("long", "other"):
        assert publisher("build", f"{name}.md", "-o", f"{name}.pdf").code == 0
    with pikepdf.open("long.pdf") as pdf, pikepdf.open("other.pdf") as other:
        count = len(pdf.pages)
        pdf.pages.insert(1, other.pages[0])
        pdf.save("longer.pdf")
    found = page_images(Path("long.pdf"), Path("longer.pdf"), 20)
    assert [(pair.old, pair.new, pair.images[0]) for pair in found.pairs] == [(0, 2, b"")]
    assert (found.different, found.same) == (1, count) and count > 1
