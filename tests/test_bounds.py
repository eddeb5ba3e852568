"""Bounds: what is over one costs its article and is named; a fault that ends the process does too."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build import bounds
from publisher.build.bounds import OutOfBounds, resident, within
from publisher.build.ingest import articles_of
from publisher.build.tasks import task_seconds
from publisher.input.manuscript import Manuscript
from publisher.model.diagnostics import PublisherError
from publisher.model.edition import Entry
from publisher.model.limits import Limits
from publisher.model.metadata import Metadata
from publisher.text.plain_text import text_of
from publisher.writers.pdf.job import Job, Piece
from publisher.writers.pdf.long_words import break_long_words
from publisher.writers.themes import load
from tests.bombs import BOMBS
from tests.conftest import Run
from tests.file_samples import markdown, page

MANIFEST = '[edition]\ntitle = "Locks"\n[[section]]\narticles = [{}]\n[limits]\n{} = {}\n[outputs."a.pdf"]\n'
# The command, in which reading a text with the word "fault" dies as in a broken library, or never comes back.
_COMMAND = """
import os, sys
from publisher.__main__ import run
from publisher.input.manuscript import Manuscript

before = Manuscript.text

def text(self):
    if b"fault" in self.data:
        {fault}
    return before(self)

Manuscript.text = text
run()
"""


def watched(folder: Path, fault: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in processes of its own, in which reading a text with the word "fault" does what `fault` says."""
    script = folder / "command.py"
    script.write_text(_COMMAND.format(fault=fault))
    return subprocess.run([sys.executable, str(script), *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_a_fault_that_ends_the_process_costs_its_article_and_not_the_build(edition: Callable[..., Path]) -> None:
    home = edition({"a.md": "# A\n\nWords.\n", "b.md": "# B\n\nA fault.\n"})
    run = watched(home, "os.abort()", "build", "a.md", "b.md", "-o", "x.epub", "--no-cache", "--keep-going")
    assert run.returncode == 6 and "b.md: error: reading it needs too much memory, or a library failed" in run.stderr, run.stderr
    assert (home / "x.epub").exists() and "Traceback" not in run.stderr


def test_a_fault_is_an_error_with_the_name_of_the_file(edition: Callable[..., Path]) -> None:
    home = edition({"b.md": "# B\n\nA fault.\n"})
    run = watched(home, "os.abort()", "build", "b.md", "-o", "x.epub", "--no-cache")
    assert run.returncode == 1 and "b.md: error: reading it" in run.stderr and not (home / "x.epub").exists()


@pytest.mark.slow
def test_a_library_that_never_comes_back_is_ended_by_its_cpu_time(edition: Callable[..., Path]) -> None:
    home = edition({"b.md": "# B\n\nA fault.\n", "publisher.toml": MANIFEST.format('"b.md"', "seconds", 1)})
    run = watched(home, "import hashlib; hashlib.pbkdf2_hmac('sha512', b'', b'', 10**9)", "build", "--no-cache")
    assert run.returncode == 1 and "b.md: error: reading it takes too much CPU time" in run.stderr, run.stderr


def test_a_process_that_somebody_kills_is_not_started_again(edition: Callable[..., Path]) -> None:
    home = edition({"b.md": "# B\n\nA fault.\n"})
    run = watched(home, "os.kill(os.getpid(), 9)", "build", "b.md", "-o", "x.epub", "--no-cache")
    assert run.returncode == -9 and not (home / "x.epub").exists()


def test_the_command_ends_when_its_parent_is_killed(edition: Callable[..., Path]) -> None:
    home = edition({"b.md": "# B\n\nA fault.\n"})
    wait = "os.kill(os.getppid(), 9); import signal; signal.pause()"
    run = watched(home, wait, "build", "b.md", "-o", "x.epub", "--no-cache")  # returns when both have closed their ends
    assert run.returncode == -9


def test_memory_is_bounded() -> None:
    if not resident():
        pytest.skip("this system does not say how much memory a process has in use")
    held = []
    with pytest.raises(OutOfBounds, match="needs more than 50 MB of memory"), within(60, 50):
        while True:
            held.append(bytearray(100_000))


def test_that_time_ran_out_is_not_kept(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A neighbor that filled the machine must not cost the article in later builds."""
    from publisher.build import ingest

    def slow(*_: object) -> None:
        raise OutOfBounds("takes more than 9 s of CPU time", "seconds")

    edition({"a.md": "# Lock\n\nA barge.\n"})
    build = ("build", "a.md", "-o", "a.epub", "--cache", "kept")
    with monkeypatch.context() as patch:
        patch.setattr(ingest, "_read", slow)
        run = publisher(*build)
    assert run.code == 1 and "a.md: error: reading it takes more than 9 s of CPU time [limit]" in run.err
    assert "raise seconds under [limits]" in run.err
    assert publisher(*build).code == 0


def test_typesetting_one_article_is_bounded_too(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "WAITING", 1_000_000)
    many = "# A\n\n" + "4 5 6 7 8 9\n\n" * 4_000
    edition({"a.md": many, "publisher.toml": MANIFEST.format('"a.md"', "typeset_seconds", 1)})
    run = publisher("build", "--no-cache")
    assert run.code == 1 and re.search(r"^a\.md: error: typesetting a takes more than 1 s of CPU time", run.err, re.MULTILINE)
    assert "raise typeset_seconds under [limits]" in run.err and "[limit" in run.err


def test_a_word_wider_than_the_column_is_broken_and_whole(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    import pypdfium2

    word = "barge" * 300  # on one page
    home = edition({"a.md": f"# Lock\n\n{word} end.\n"})
    assert publisher("build", "a.md", "-o", "a.pdf", "--no-cache").code == 0
    pages = [page.get_textpage() for page in pypdfium2.PdfDocument(home / "a.pdf")]
    text = "".join("".join(part.get_text_bounded().split()) for part in pages)
    assert word in text.replace("\u200b", "").replace("\ufffe", "")


def test_words_are_broken_where_letters_end_and_code_is_left_as_it_is() -> None:
    from lxml import etree

    parts = ["a" * 100, "水" * 200]
    root = etree.fromstring(f"<div><pre>{'a' * 900}</pre>{''.join(f'<p>{part}</p>' for part in parts)}</div>")
    break_long_words(root)
    texts = [str(element.text) for element in root]
    assert ["\u200b" in text for text in texts] == [False, False, False]
    root = etree.fromstring("<p>" + "e\u0301" * 101 + "</p>")
    break_long_words(root)
    assert "\u200b\u0301" not in str(root.text)  # a mark stays with its letter
    root = etree.fromstring(f"<p>{'b' * 101}<b>x</b>{'c' * 205}</p>")
    break_long_words(root)
    assert root.text == "\u200b".join(["b" * 10] * 10 + ["b"]) and str(root[0].tail).count("\u200b") == 20


def test_the_columns_of_a_table_are_counted_with_what_reaches_down_from_rows_above() -> None:
    rows = "<tr><td colspan=9 rowspan=9>a</td></tr>" * 9
    with pytest.raises(PublisherError, match="81 columns in a table; 80 is the limit"):
        articles_of(Manuscript(Path("a.html"), page(f"<table>{rows}</table>"), "a.html", limits=Limits(columns=80)))


def test_an_article_over_several_limits_of_depth_is_refused_in_every_format() -> None:
    names = [name for name in BOMBS if " nested " in name and 250 < int(name.split()[0]) < 400]
    for name in names:
        file, content = BOMBS[name]
        manuscript = Manuscript(Path(file), content(), file, limits=Limits(depth=20))
        try:
            text_of(articles_of(manuscript)[0])
        except PublisherError as problem:
            assert all(str(diagnostic.location).startswith(file) for diagnostic in problem.diagnostics), name


def test_the_letters_of_a_word_are_counted_and_not_those_of_a_sentence() -> None:
    sentences = markdown("The barge went through the lock. " * 100)
    articles_of(Manuscript(Path("a.md"), sentences, "a.md", limits=Limits(word_letters=20)))
    with pytest.raises(PublisherError, match=r"a\.md: error: a word of 30 letters; 20 is the limit"):
        articles_of(Manuscript(Path("a.md"), markdown("barge" * 6), "a.md", limits=Limits(word_letters=20)))


def test_a_long_article_has_more_time_and_a_long_list_of_nothing_has_not() -> None:
    def seconds(text: str) -> float:
        return task_seconds(Limits(), Job("a", (Piece(Entry("a", Metadata(), text, 9)),), load("brief", Path()), "en"))

    assert seconds("<p>" + "barges " * 25_000 + "</p>") == Limits().typeset_seconds + 10
    assert seconds("<p>" + "a 1 " * 25_000 + "</p>") == Limits().typeset_seconds


def test_contents_and_sources_have_time_for_each_of_their_lines() -> None:
    lines = '<li><a href="#a">Lock</a></li>' * 3_000
    opening = Job("opening", (), load("brief", Path()), "en", before=f"<ul>{lines}</ul>")
    closing = Job("closing", (), load("brief", Path()), "en", after=f"<ul>{lines}</ul>")
    assert task_seconds(Limits(), opening) == task_seconds(Limits(), closing) >= 3_000 * 0.02
