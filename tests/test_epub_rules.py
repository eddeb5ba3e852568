"""Every device rule sees its own failure, and nothing in a good book: one breaking of a small collection for each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from publisher.checks.epub_rules import RULES, Book, Unreadable, failures
from tests.conftest import Run
from tests.test_collection import collection

Files = dict[str, bytes]
pytestmark = pytest.mark.slow

ARTICLE = """---
lang: en
---

# A small book[^2]

Words with a [link](https://example.org/one) and a note.[^1] And `code`.

## A subhead

| a | b |
| --- | --- |
| 1 | 2 |

![A red square](dot.png)

[^1]: The first note.

[^2]: The second note.
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("good")
    Image.new("RGB", (40, 40), "red").save(folder / "dot.png")
    (folder / "a.md").write_text(ARTICLE, "utf-8")
    with zipfile.ZipFile(io.BytesIO(collection(folder / "a.md").data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _in(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old.encode() in files[f"EPUB/{name}"], old
        files[f"EPUB/{name}"] = files[f"EPUB/{name}"].replace(old.encode(), new.encode(), 1)

    return change


def _css(rule: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files["EPUB/style.css"] += rule.encode()

    return change


def _emptied(files: Files) -> None:
    files["EPUB/cover.xhtml"] = re.sub(rb"(?s)<section.*</section>", b"", files["EPUB/cover.xhtml"])


def _picture(name: str, width: int, height: int) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        key = next(one for one in files if name in one)
        buffer = io.BytesIO()
        Image.new("RGB", (width, height)).save(buffer, "PNG")
        files[key] = buffer.getvalue()

    return change


def _heavy(name: str, size: int) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[next(one for one in files if name in one)] += bytes(size)  # behind a PNG's end nobody looks

    return change


def _deeper(files: Files) -> None:
    _in(
        "nav.xhtml",
        "</a></li>",
        "</a><ol><li><span>x</span><ol><li><span>y</span><ol><li><span>z</span></li></ol></li></ol></li></ol></li>",
    )(files)


BREAKINGS: dict[str, Callable[[Files], None]] = {
    "kindle-language": _in("content.opf", "<dc:language>en<", "<dc:language><"),
    "kindle-empty": _emptied,
    "kindle-targets": _in("nav.xhtml", "a.xhtml", "b.xhtml"),
    "kindle-margins": _css("figure { margin-left: -2em }"),
    "kindle-tables": _in("a.xhtml", "<td>1</td>", "<td><table><tr><td>1</td></tr></table></td>"),
    "kindle-pictures": _heavy("images/dot", 5_100_000),
    "kindle-size": lambda files: None,  # the file itself is made long, in the test
    "kindle-names": lambda files: files.update({"EPUB/a b.txt": b""}),
    "kobo-flex": _css("body { display: flex }"),
    "kobo-notes": _in("a.xhtml", 'href="#note-2"', 'href="#call-1"'),
    "kobo-cover": _heavy("cover.png", 3_100_000),
    "kobo-ids": _in("a.xhtml", 'id="a-subhead"', 'id="kobo.1.1"'),
    "apple-fonts": _css("@font-face { font-family: X; src: url(fonts/x.ttf) }"),
    "apple-cover": _picture("cover.png", 600, 800),
    "apple-pixels": _picture("images/dot", 2400, 2400),
    "old-ncx": _in("toc.ncx", "Colophon", "Imprint"),
    "old-depth": _deeper,
    "old-css": _css("p { width: calc(100% - 1em) }"),
    "read-sizes": _css("p { font-size: 12pt }"),
    "read-night": _css("p { background: white }"),
    "read-ids": _in("a.xhtml", "<p>", '<p id="a-subhead">'),
}


def test_a_good_book_fails_nothing(good: Files, tmp_path: Path) -> None:
    assert list(failures(Book(packed(good, tmp_path / "good.epub")))) == []


@pytest.mark.parametrize("rule", BREAKINGS)
def test_a_broken_book_fails_its_own_rule_only(rule: str, good: Files, tmp_path: Path) -> None:
    files = dict(good)
    BREAKINGS[rule](files)
    path = packed(files, tmp_path / "broken.epub")
    if rule == "kindle-size":
        book = path.read_bytes()
        with path.open("wb") as file:
            file.seek(51_000_000)  # a hole: zip files are read from their end
            file.write(book)
    assert {code for _, code in failures(Book(path))} == {rule}


def test_every_rule_has_its_breaking() -> None:
    assert RULES.keys() == BREAKINGS.keys()


def test_a_class_of_kobo_is_named_like_its_id(good: Files, tmp_path: Path) -> None:
    files = dict(good)
    _in("a.xhtml", "<p>", '<p class="koboSpan">')(files)
    assert [code for _, code in failures(Book(packed(files, tmp_path / "kobo.epub")))] == ["kobo-ids"]


def test_a_note_too_long_to_pop_up_is_named(good: Files, tmp_path: Path) -> None:
    files = dict(good)
    _in("a.xhtml", "The first note.", "word " * 1200)(files)
    assert [code for _, code in failures(Book(packed(files, tmp_path / "long.epub")))] == ["kobo-notes"]


def test_check_warns_and_refuses_under_strict(good: Files, publisher: Callable[..., Run], tmp_path: Path, ace: None) -> None:
    files = dict(good)
    BREAKINGS["read-sizes"](files)
    path = packed(files, tmp_path / "broken.epub")
    run = publisher("check", path)
    assert run.code == 0 and "warning: style.css: p has a fixed font-size" in run.err and "[read-sizes]" in run.err
    assert "checked by publisher's rules, EPUBCheck" in run.out
    assert publisher("check", path, "--strict").code == 3


def test_under_strict_a_checker_that_is_not_installed_is_exit_4(
    good: Files, publisher: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(good, tmp_path / "good.epub")
    monkeypatch.setenv("PATH", str(tmp_path))  # no Ace there
    run = publisher("check", path)
    assert run.code == 0 and "note: not checked by Ace: Ace is not installed [checker-missing]" in run.err
    assert "no problems found; checked by publisher's rules, EPUBCheck\n" in run.out
    for options in (("--strict",), ("--with", "ace")):
        run = publisher("check", path, *options)
        assert run.code == 4 and "error: Ace is not installed [component-missing]" in run.err


def test_a_heading_called_page_1_and_the_break_of_page_1_have_two_ids(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"a.md": "# A\n\nWords.\n\n## Page 1\n\nMore words.\n\n## Page_1\n\nStill more.\n"})
    assert publisher("build", "a.md", "-o", "a.pdf", "-o", "a.epub").code == 0
    run = publisher("check", "a.epub", "--with", "epubcheck")
    assert run.code == 0 and "a.epub: no problems found" in run.out


def test_what_is_no_book_is_an_error(publisher: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "no.epub").write_text("no")
    run = publisher("check", tmp_path / "no.epub")
    assert run.code == 1 and "this EPUB cannot be read" in run.err and "[epub]" in run.err
    with pytest.raises(Unreadable):
        Book(packed({"a": b""}, tmp_path / "empty.epub"))
