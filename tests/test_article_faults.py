"""An error in publisher itself costs the article that it was met in, never the build: the net, and each hole it could have."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from publisher.build import assemble, libraries
from publisher.build.cluster import Cluster
from publisher.build.executors import mapper
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import Exit, PublisherError
from publisher.model.faults import contain_faults, fault_of
from publisher.model.markup import words, xml_root
from publisher.passes import pipeline
from publisher.readers import markdown
from publisher.writers import epub
from publisher.writers.contract import Failure
from publisher.writers.epub import book_parity
from publisher.writers.pdf import engine
from publisher.writers.themes import Theme
from tests import raising
from tests.conftest import Run

STORY = "The ferry crossed the harbor before noon, and the lock stayed open. " * 4
FILES: dict[str, str | bytes] = {
    "in/barge.md": f"# Barge\n\n{STORY}\n",
    "in/faulty.md": f"# Faulty\n\nThe sluice. {STORY}\n",
    "in/gate.md": f"# Gate\n\n{STORY}\n",
}
PLACES: dict[str, tuple[Any, str, str]] = {
    "reader": (markdown, "read", "it was read"),
    "pass": (pipeline, "normalize", "it was read"),
    "links": (assemble, "resolve", "its links and sources were written"),
    "sheet": (engine, "render", "faulty was typeset"),
    "chapter": (epub, "chapter_body", "the chapter faulty was written"),
    "image": (epub, "downsample_for_screen", "an image of faulty was prepared for the EPUB"),
    "parity": (book_parity, "content_of", "the chapter faulty was compared with its article"),
}
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")

TRANSCRIPT = """\
in/empty.md: error: the manuscript is empty [manuscript-empty]
  hint: remove it from the manifest, or add text
in/faulty.md: error: an error in publisher itself while it was read: IndexError: no such lock\ufffd[2J and more (at PLACE) [article-failed]
  hint: please report it with the file; --keep-going publishes the rest; PUBLISHER_TRACEBACK=1 shows where it happened
"""  # noqa: E501


def _words_of(value: Any) -> str:
    """All that one value says: a tree, an article, text."""
    if isinstance(value, Article):
        return words(value.root)
    return "".join(value.itertext()) if isinstance(value, etree._Element) else str(getattr(value, "xhtml", value))


def _raise_for_one(monkeypatch: pytest.MonkeyPatch, place: str, problem: Exception) -> None:
    """Lets a function raise for the article with a sluice."""
    module, name, _ = PLACES[place]
    function = getattr(module, name)

    def raising_one(value: Any, *others: Any, **options: Any) -> Any:
        if "sluice" in _words_of(value):
            raise problem
        return function(value, *others, **options)

    monkeypatch.setattr(module, name, raising_one)


def _without_places(text: str) -> str:
    return re.sub(r"\(at [^)]*\)", "(at PLACE)", text)


@pytest.mark.parametrize("keep_going", [False, True], ids=["stops", "keeps-going"])
@pytest.mark.parametrize("place", ["reader", "pass", "links", "sheet", "chapter", "parity"])
def test_an_exception_costs_its_article(
    place: str, keep_going: bool, edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = edition({**FILES, "x.pdf": "old", "x.epub": "old"})
    _raise_for_one(monkeypatch, place, IndexError("no such lock"))
    options = ["in", "-o", "x.pdf", "-o", "x.epub", "-j", "1", "--cache", "cache", *(["--keep-going"] if keep_going else [])]
    run = publisher("build", *options)
    message = f"in/faulty.md: error: an error in publisher itself while {PLACES[place][2]}: IndexError: no such lock (at PLACE)"
    assert f"{message} [article-failed]\n  hint: please report it with the file" in _without_places(run.err)
    assert run.err.count("article-failed") == 1 and "Traceback" not in run.err
    outputs = {(home / name).read_bytes() == b"old" for name in ("x.pdf", "x.epub")}
    assert (run.code, outputs) == ((6, {False}) if keep_going else (1, {True}))
    assert ("1 article is left out because of errors: faulty.md" in run.err) is keep_going
    monkeypatch.undo()
    monkeypatch.chdir(home)
    assert publisher("build", *options).code == 0  # nothing of it is kept


def test_the_message_is_as_in_the_reference(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({**FILES, "in/empty.md": ""})
    _raise_for_one(monkeypatch, "pass", IndexError("no such lock\x1b[2J\nand more"))
    run = publisher("build", "in", "-o", "x.epub", "--no-cache")
    assert (run.code, _without_places(run.err)) == (1, TRANSCRIPT)
    monkeypatch.setenv("PUBLISHER_TRACEBACK", "1")
    assert "Traceback (most recent call last):\n" in publisher("build", "in", "-o", "x.epub", "--no-cache").err
    lines = publisher("build", "in", "-o", "x.epub", "--no-cache", "--log-format", "json").err.splitlines()
    traces = [message["trace"] for line in lines if "trace" in (message := json.loads(line))]
    assert len(traces) == 1 and "pipeline.py" not in traces[0] and "ingest.py" in traces[0]


def test_a_template_of_ours_that_fails_for_one_chapter_costs_it(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition(FILES)
    render = Theme.render

    def failing(theme: Theme, template: str, **values: Any) -> str:
        if "sluice" in str(values.get("body")):
            raise IndexError("no such lock")
        return render(theme, template, **values)

    monkeypatch.setattr(Theme, "render", failing)
    run = publisher("build", "in", "-o", "x.epub", "--keep-going", "--no-cache")
    assert run.code == 6 and "while the chapter faulty was written: IndexError" in run.err


def test_an_image_that_cannot_be_made_smaller_costs_its_article(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({**FILES, "in/p.png": PIXEL, "in/faulty.md": f"# Faulty\n\n{STORY}\n\n![A lock](p.png)\n"})
    monkeypatch.setattr(epub, "downsample_for_screen", lambda image: 1 // 0)
    assert publisher("build", "in", "-o", "x.epub", "--no-cache").code == 1
    run = publisher("build", "in", "-o", "x.epub", "--keep-going", "--no-cache")
    assert run.code == 6 and f"while {PLACES['image'][2]}: ZeroDivisionError" in run.err


@pytest.mark.parametrize("problem", [MemoryError(), RecursionError("too deep"), OSError(5, "no"), KeyError("\ud800")], ids=repr)
def test_whatever_is_raised_is_an_error(
    problem: Exception, edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition(FILES)
    _raise_for_one(monkeypatch, "pass", problem)
    run = publisher("build", "in", "-o", "x.epub", "--keep-going", "--no-cache")
    assert run.code == 6 and "in/faulty.md: error: " in run.err


def test_the_tree_of_such_an_article_is_an_error_too(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition(FILES)
    _raise_for_one(monkeypatch, "reader", IndexError("no such lock"))
    run = publisher("tree", "in/faulty.md")
    assert run.code == 1 and "in/faulty.md: error: an error in publisher itself while it was read: IndexError" in run.err


def test_a_citation_library_or_a_sidecar_that_is_read_with_an_exception_is_named(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = '[edition]\ntitle = "Locks"\n[sources]\nbibliography = ["a.bib"]\n'
    edition({"publisher.toml": manifest, "a.bib": "@book{a}", "a.md": f"# A\n\n{STORY}\n", "a.toml": 'title = "B"\n'})
    monkeypatch.setattr(libraries, "read_library", lambda *_: 1 // 0)
    monkeypatch.setattr("publisher.build.manifest_file.load_sidecar", lambda *_: [][1])
    run = publisher("build", "--keep-going", "--no-cache")
    assert run.code == 1
    assert "a.bib: error: an error in publisher itself while it was read: ZeroDivisionError" in run.err
    assert "a.md: error: an error in publisher itself while it was opened: IndexError" in run.err


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("at", ["publisher.readers.markdown:read", "publisher.writers.pdf.engine:render"])
def test_workers_raise_as_the_command_itself_does(at: str, jobs: str, tmp_path: Path) -> None:
    for name in ("barge", "faulty", "gate", "lock", "pier", "quay"):
        words = "The sluice." if name == "faulty" else "The lock."
        (tmp_path / f"{name}.md").write_text(f"# {name.capitalize()}\n\n{words} {STORY * 30}\n")
    (tmp_path / "x.pdf").write_text("old")
    command = [sys.executable, "-m", "publisher", "build", ".", "-o", "x.pdf", "-j", jobs, "--no-cache"]
    options: dict[str, Any] = {"capture_output": True, "text": True, "cwd": tmp_path, "env": raising.environment(tmp_path, at)}
    run = subprocess.run(command, **options)
    assert run.returncode == 1 and "IndexError: no such lock (at " in run.stderr, run.stderr
    assert (tmp_path / "x.pdf").read_text() == "old"
    rest = subprocess.run([*command, "--keep-going"], **options)
    assert rest.returncode == 6 and "left out because of errors: faulty.md" in rest.stderr, rest.stderr
    assert (tmp_path / "x.pdf").read_bytes()[:5] == b"%PDF-"


def _task(number: int) -> int:
    if number == 1:
        raise MemoryError
    return 100 // (number - 2) if number != 3 else 3


def _failures(results: list[Any]) -> dict[int, str]:
    return {number: result.what for number, result in enumerate(results) if isinstance(result, Failure)}


@pytest.mark.parametrize("count", [5, 250])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_raises_is_a_failure_and_the_others_give_their_results(jobs: int, count: int) -> None:
    with mapper(jobs) as run:
        for results in (list(run(_task, range(count))), list(run.light(_task, range(count)))):
            failures = _failures(results)
            assert list(failures) == [1, 2] and results[3:5] == [3, 50]
            assert failures[2].startswith("failed: ZeroDivisionError: ")


def test_a_task_that_raises_on_a_cluster_is_a_failure() -> None:
    with ThreadPoolExecutor(1) as pool:
        cluster = Cluster(SimpleNamespace(get_executor=lambda pure: pool))
        for results in (list(cluster(_task, range(5))), list(cluster.light(_task, range(5)))):
            assert list(_failures(results)) == [1, 2] and results[3:] == [3, 50]


def test_an_exception_names_the_place_in_our_code_and_that_in_a_library() -> None:
    try:
        xml_root("<a>")
    except Exception as problem:
        assert re.search(r"^XMLSyntaxError: .* \(at model/markup\.py:\d+, in lxml\.etree\.pyx:\d+\)$|"
                         r"^XMLSyntaxError: .* \(at model/markup\.py:\d+.*\)$", fault_of(problem).words)  # fmt: skip


class _Unspeakable(Exception):
    def __str__(self) -> str:
        raise ValueError


def test_an_exception_that_cannot_say_what_it_is_has_a_message() -> None:
    with pytest.raises(PublisherError) as raised, contain_faults("it was read", None):
        raise _Unspeakable
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.code is Code.ARTICLE_FAILED and "_Unspeakable" in diagnostic.message
    assert isinstance(raised.value.__cause__, _Unspeakable)


def test_an_address_in_the_words_of_an_exception_has_no_secrets() -> None:
    try:
        raise ValueError("no host in https://anna:sesame@harbor.example/a?token=S3CRET")
    except ValueError as problem:
        fault = fault_of(problem)
    assert "harbor.example" in fault.words
    assert not any(secret in text for secret in ("sesame", "S3CRET") for text in (fault.words, fault.trace.splitlines()[-1]))


def _refuse(number: int) -> int:
    raise PublisherError(exit_code=Exit.MISSING_COMPONENT)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_input_is_no_fault_of_ours(jobs: int) -> None:
    for name in ("__call__", "light"):
        with pytest.raises(PublisherError) as raised, mapper(jobs) as run:
            list(getattr(run, name)(_refuse, range(5)))
        assert raised.value.exit_code is Exit.MISSING_COMPONENT
