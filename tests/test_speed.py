"""Kept and shared work changes nothing: cached, parallel and distributed builds are the bytes of a clean one."""

from __future__ import annotations

import gc
import hashlib
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.build.build import assemble, make, moment_of
from publisher.build.executors import mapper
from publisher.build.plan import plan
from publisher.model.diagnostics import PublisherError
from publisher.store import fingerprints
from publisher.store.cache import Cache
from publisher.writers import themes
from publisher.writers.contract import Failure, Settings
from publisher.writers.formats import writer_for
from publisher.writers.pdf import engine, line_drawing, lines, shared_styles, text_layouts, used_lengths
from tests import interrupting
from tests.conftest import SAMPLE, Run

pytestmark = pytest.mark.slow


def built(cache: Cache | None = None, executor: str | None = None, folder: Path = SAMPLE) -> bytes:
    return next(iter(make(plan([folder], [Path("x.pdf")]), 1, cache=cache, executor=executor).outputs.values())).data


@pytest.fixture(scope="module")
def clean() -> bytes:
    return built()


def test_a_cached_build_is_the_clean_one(clean: bytes, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert built(cache) == clean
    entries = list(tmp_path.glob("??/*"))
    assert len(entries) >= 6
    assert built(cache) == clean


def test_a_damaged_entry_is_noticed_and_made_anew(clean: bytes, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    built(cache)
    for entry in tmp_path.glob("??/*"):
        entry.write_bytes(entry.read_bytes()[:-9] + b"corrupted")
    assert built(cache) == clean


def test_an_edit_makes_its_own_sheet_anew_and_gives_the_bytes_of_a_clean_build(
    edition: Callable[..., Path], tmp_path: Path
) -> None:
    text = "\n\n".join(["A paragraph of some words, " + "and more of them " * 20 + "."] * 20)
    files = {f"a{number:02}.md": f"# Article {number}\n\n{text}\n" for number in range(16)}
    folder = edition({f"in/{name}": content for name, content in files.items()}) / "in"
    cache = Cache(tmp_path / "cache")
    built(cache, folder=folder)
    before = set((tmp_path / "cache").glob("??/*"))
    (folder / "a07.md").write_text(files["a07.md"].replace("some words", "some other words", 1))
    incremental = built(cache, folder=folder)
    made = set((tmp_path / "cache").glob("??/*")) - before
    assert len(made) == 4  # what is known of the article, the article, its sheet, and the file
    assert incremental == built(folder=folder)


def test_a_cached_warning_is_spoken_again(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    short = "Words and words."
    edition({f"in/a{n:02}.md": f"# A{n}\n\n{short * 120} \ue123\n" for n in range(14)})
    first = publisher("build", "in", "-o", "x.pdf", "-j", "1", "--cache", "cache")
    again = publisher("build", "in", "-o", "x.pdf", "-j", "1", "--cache", "cache")
    assert first.err == again.err and "glyph-missing" in again.err


def test_a_cache_that_cannot_be_written_is_a_note(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    text = "Words and words. " * 150
    edition({"cache": "a file", **{f"in/a{n:02}.md": f"# A{n}\n\n{text}\n" for n in range(14)}})
    run = publisher("build", "in", "-o", "x.pdf", "-j", "1", "--cache", "cache")
    assert run.code == 0 and "note: the cache cache cannot be written" in run.err


def test_a_scheduler_that_is_not_there_is_exit_4(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": "# A\n\nText.\n"})
    run = publisher("build", "a.md", "-o", "x.pdf", "--executor", "dask://127.0.0.1:9")
    assert run.code == 4 and "no scheduler answers at dask://127.0.0.1:9" in run.err
    assert publisher("build", "a.md", "-o", "x.pdf", "--executor", "ray://x").code == 4


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A real scheduler and two worker processes on loopback."""
    from distributed import Client

    module = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    file = tmp_path / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}
    options: dict[str, Any] = {"stderr": subprocess.PIPE, "text": True, "env": environment}
    processes = [subprocess.Popen([*module, "--scheduler-file", str(file)], **options)]
    try:
        assert any("Scheduler at" in line for line in processes[0].stderr or ())
        threading.Thread(target=(processes[0].stderr or io.StringIO()).read, daemon=True).start()
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1"]
        for _ in range(2):
            command = [*worker, "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path)]
            processes.append(subprocess.Popen(command, **{**options, "stderr": subprocess.DEVNULL}))
        with Client(scheduler_file=str(file), timeout="30s") as client:
            client.wait_for_workers(2, timeout=60)
        yield f"dask:{file}", processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _end_once(mark: Path) -> str:
    """Ends its process the first time."""
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return mark.name
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def test_two_dask_workers_give_the_same_bytes_also_when_a_task_has_killed_one(
    clean: bytes, cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    address, processes = cluster
    assert built(executor=address) == clean
    with mapper(2, address) as run:
        assert list(run(_end_once, [tmp_path / "mark"])) == ["mark"]
    assert sum(process.poll() is not None for process in processes) == 1 or processes[0].poll() is None
    assert built(executor=address) == clean


def test_dask_workers_import_the_engine_before_the_first_sheet_comes(
    cluster: tuple[str, list[subprocess.Popen[str]]], tmp_path: Path
) -> None:
    from distributed import Client

    address, _ = cluster
    with mapper(2, address), Client(scheduler_file=address.removeprefix("dask:"), timeout="30s") as client:
        found = [client.submit(lambda: "weasyprint" in sys.modules, workers=[worker], pure=False) for worker in client.ncores()]
        assert client.gather(found) == [True, True]


def _interruptible() -> None:
    """A parallel test run ignores interrupts, and what it starts would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(
    "instant",
    [
        "main:click",
        "main:publisher.build.build",
        "main:multiprocessing.forkserver",
        "main:publisher.ledger.report",
        "server:pyphen",
        "server:weasyprint.layout",
        "server:publisher.writers.pdf.sheet_cache",
        "server:publisher.writers.pdf.structure_fixes",
    ],
)
def test_ctrl_c_at_any_instant_ends_the_build_without_a_traceback_and_leaves_nothing(instant: str, tmp_path: Path) -> None:
    text = "Words and words of an article. " * 300
    for number in range(30):
        (tmp_path / f"a{number:02}.md").write_text(f"# A{number}\n\n{text}\n")
    command = [sys.executable, "-m", "publisher", "build", str(tmp_path), "-o", str(tmp_path / "x.pdf"), "-j", "2", "--no-cache"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=_interruptible,
        env=interrupting.environment(tmp_path, instant),
    )  # fmt: skip
    _, messages = process.communicate(timeout=120)  # until every process that it started has closed its stderr
    assert (tmp_path / "mark").exists(), f"nothing imports {instant}: {messages}"
    assert (process.returncode, messages.strip()) == (130, "interrupted; nothing was written")
    assert not (tmp_path / "x.pdf").exists() and not list(tmp_path.glob(".x.pdf*"))


def test_a_worker_killed_from_outside_costs_its_sheet_only(tmp_path: Path) -> None:
    text = "Words and words of an article. " * 300
    for number in range(30):
        (tmp_path / f"a{number:02}.md").write_text(f"# A{number}\n\n{text}\n")
    command = [sys.executable, "-m", "publisher", "build", str(tmp_path), "-o", str(tmp_path / "x.pdf"), "-j", "2", "--no-cache"]
    at = "kill-server:publisher.writers.pdf.structure_fixes"
    run = subprocess.run(command, capture_output=True, text=True, env=interrupting.environment(tmp_path, at))
    assert (tmp_path / "mark").exists() and run.returncode == 0, run.stderr
    assert (tmp_path / "x.pdf").read_bytes() == built(folder=tmp_path)


def test_a_program_that_uses_the_library_keeps_its_hooks_its_processes_and_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hook = threading.excepthook
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)
    child = multiprocessing.get_context("spawn").Process(target=signal.pause)
    child.start()
    try:
        with pytest.raises(KeyboardInterrupt), mapper(2) as run:
            for _ in run(str, range(6)):
                raise KeyboardInterrupt
        assert child.is_alive() and threading.excepthook is hook and "PYTHONWARNINGS" not in os.environ
    finally:
        child.kill()
        child.join()


def test_two_threads_of_a_worker_give_the_same_bytes_as_one(clean: bytes) -> None:
    """A Dask worker may have several threads, and the engine keeps state for all of them."""
    edition, _ = assemble(plan([SAMPLE], []))
    with ThreadPoolExecutor(4) as threads:
        options = Settings(themes.load(), moment_of(edition), mapper=lambda function, items: threads.map(function, list(items)))
        assert writer_for(Path("x.pdf"))(edition, options).data == clean


def both(folder: Path, cache: Cache | None = None, jobs: int = 1) -> list[bytes]:
    outputs = make(plan([folder], [Path("x.pdf"), Path("x.epub")]), jobs, cache=cache).outputs
    return [output.data for output in outputs.values()]


def test_two_processes_give_the_same_bytes_as_one(clean: bytes) -> None:
    assert next(iter(make(plan([SAMPLE], [Path("x.pdf")]), 2).outputs.values())).data == clean


_WORDS = st.sampled_from(["barge", "gauge", "river", "levee", "ford", "note^[From the harbor office.]", '"quoted"'])
_TEXT = st.lists(_WORDS, min_size=1, max_size=60).map(" ".join)


class Editing:
    """An edition on disk that is changed step by step, as its editor would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count, self.theme, self.title = folder, 0, "brief", "Week"
        self.names: list[str] = []
        for text in ("First words.", "Second words."):
            self.add(text)

    def add(self, text: str) -> None:
        self.count += 1
        self.names.append(f"a{self.count}.md")
        (self.folder / self.names[-1]).write_text(f"# Article {self.count}\n\n{text}\n")

    def change(self, step: tuple[str, int, str]) -> None:
        kind, index, text = step
        path = self.folder / self.names[index % len(self.names)]
        if kind == "add":
            self.add(text)
        elif kind == "edit":
            path.write_text(f"{path.read_text()}\n{text}\n")
        elif kind == "remove" and len(self.names) > 1:
            self.names.remove(path.name)
        elif kind == "reorder":
            self.names.reverse()
        elif kind == "rename":
            self.count += 1
            self.names[self.names.index(path.name)] = path.rename(self.folder / f"b{self.count}.md").name
        elif kind == "theme":
            self.theme = "./mine" if self.theme == "brief" else "brief"
        elif kind == "title":
            self.title = f"Week {index}"

    def write(self) -> Path:
        outputs = "".join(f'[outputs."x.{kind}"]\ntheme = "{self.theme}"\n' for kind in ("pdf", "epub"))
        articles = ", ".join(f'"{name}"' for name in self.names)
        manifest = f'[edition]\ntitle = "{self.title}"\n[[section]]\ntitle = "All"\narticles = [{articles}]\n{outputs}'
        (self.folder / "publisher.toml").write_text(manifest)
        (self.folder / "mine").mkdir(exist_ok=True)
        (self.folder / "mine" / "theme.toml").write_text('extends = "brief"\nflow = "article"\n')
        return self.folder


_STEP = st.tuples(
    st.sampled_from(["add", "edit", "edit", "remove", "reorder", "rename", "theme", "title"]), st.integers(0, 9), _TEXT
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_STEP, min_size=1, max_size=4))
def test_incremental_is_clean_whatever_was_edited(
    steps: list[tuple[str, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("editing")
    editing, cache = Editing(home), Cache(tmp_path_factory.mktemp("cache"))
    both(editing.write(), cache)
    for step in steps:
        editing.change(step)
        assert both(editing.write(), cache) == both(editing.folder)


def command(folder: Path, *options: str, **environment: str) -> list[bytes]:
    """What the command line writes in a process of its own, under another environment."""
    outputs = [folder / "y.pdf", folder / "y.epub"]
    named = [part for path in outputs for part in ("-o", str(path))]
    call = [sys.executable, "-m", "publisher", "build", str(SAMPLE), *named, *options]
    subprocess.run(call, check=True, capture_output=True, env={**os.environ, **environment}, cwd=folder)
    return [path.read_bytes() for path in outputs]


def test_two_builds_share_a_cache_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            folder.mkdir()
        one, two = pool.map(lambda folder: command(folder, "--cache", str(tmp_path / "cache")), folders)
    assert one == two == command(tmp_path, "--cache", str(tmp_path / "cache"))


def test_a_cache_of_another_version_is_ignored(clean: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(Cache(tmp_path))
    before = set(tmp_path.glob("??/*"))
    for path in before:
        path.write_bytes(hashlib.sha256(b"wrong").digest() + b"wrong")  # whoever reads one of these would notice
    monkeypatch.setattr(fingerprints, "versions", lambda: "another")
    assert built(Cache(tmp_path)) == clean
    assert len(set(tmp_path.glob("??/*")) - before) >= len(before)


def test_used_lengths_found_once_are_those_found_always(clean: bytes) -> None:
    used_lengths.resolve_percentages_always()
    try:
        assert built() == clean
    finally:
        used_lengths.resolve_percentages_once()


def test_shared_styles_are_those_that_each_document_computes(clean: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint import css

    monkeypatch.setattr(css, "StyleFor", shared_styles.StyleFor)
    assert built() == clean


def test_texts_of_a_prepared_style_are_those_that_are_prepared_alone(clean: bytes) -> None:
    text_layouts.prepare_each_text()
    try:
        assert not text_layouts.are_prepared() and built() == clean
    finally:
        text_layouts.prepare_text_styles()
    assert text_layouts.are_prepared()


def test_lines_that_are_found_and_drawn_are_those_of_pango(clean: bytes) -> None:
    lines.leave_lines_to_pango()
    line_drawing.leave_drawing_to_pango()
    try:
        assert not lines.are_found() and not line_drawing.are_drawn() and built() == clean
    finally:
        lines.find_lines()
        line_drawing.draw_shaped_lines()
    assert lines.are_found() and line_drawing.are_drawn()


def test_a_style_sheet_is_parsed_once_for_all_sets_of_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """An article in Arabic has other faces than one in English."""
    parsed: list[str] = []
    parse = engine.css_of
    monkeypatch.setattr(engine, "css_of", lambda text, *context: parsed.append(text) or parse(text, *context))
    engine._parsed_css.cache_clear()
    engine._stylesheet.cache_clear()
    for text in ("river", "نهر"):
        engine.render(f"<html><body><p>{text}</p></body></html>", themes.load(), "A4", {}, "page.css")
    pages = [text for text in parsed if "@page" in text]
    assert pages and len(pages) == len(set(pages))
    assert engine._stylesheet.cache_info().currsize == 2 * engine._parsed_css.cache_info().currsize


def _task(kind: str) -> str:
    if kind == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "hangs in native code":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGPROF})
    if kind.startswith("hangs"):
        signal.pause()
    while kind == "works":
        pass
    return kind


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_takes_too_long_fails_alone_with_workers_and_without(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_TASK_SECONDS", "0.05")
    with mapper(jobs) as run:
        results = list(run(_task, ["first", "works", "second", "hangs", "third"]))
    assert results[::2] == ["first", "second", "third"]
    busy = Failure("is not done after 1.5 s and was stopped")  # the pool ends it, on a machine that has no time for it
    assert results[1] in (Failure("takes more than 0.05 s of CPU time and was stopped"), busy)
    assert results[3] in (Failure("is not done after 0.5 s and was stopped"), busy)


def test_a_task_that_kills_or_hangs_its_worker_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_TASK_SECONDS", "0.05")
    with mapper(2) as run:
        came = list(run(_task, ["one", "kills", "two", "hangs in native code", "three", "four"]))
    assert [one for one in came if isinstance(one, str)] == ["one", "two", "three", "four"]
    assert [one.what for one in came if isinstance(one, Failure)] == [
        "killed its worker process",
        "is not done after 1.5 s and was stopped",
    ]


def test_an_article_that_takes_its_worker_down_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    def run(function: Callable[[Any], Any], work: Iterable[Any]) -> Iterator[Any]:
        for item in work:
            pieces = getattr(item, "pieces", ())
            guilty = any(piece.entry.slug == "clinic-boats" for piece in pieces)
            yield Failure("killed its worker process") if guilty else function(item)

    edition, _ = assemble(plan([SAMPLE], []))
    cache = Cache(tmp_path / "cache")
    (tmp_path / "apart").mkdir()
    (tmp_path / "apart" / "theme.toml").write_text('flow = "article"\n')
    wanted = Settings(themes.load(str(tmp_path / "apart")), moment_of(edition), mapper=run, cache=cache)
    with pytest.raises(PublisherError, match="typesetting clinic-boats killed its worker process"):
        writer_for(Path("x.pdf"))(edition, wanted)
    assert len(list((tmp_path / "cache").glob("??/*"))) >= 5


def test_a_sheet_leaves_nothing_in_memory(tmp_path: Path) -> None:
    """Its boxes lead to each other: only a search for garbage removes them."""
    from weasyprint.formatting_structure import boxes

    def count() -> int:
        return sum(isinstance(item, boxes.Box) for item in gc.get_objects())

    gc.collect()
    before = count()  # of other tests
    gc.disable()
    try:
        make(plan([SAMPLE / "upland-dam.txt"], [tmp_path / "a.pdf"]), 1)
        assert count() == before
    finally:
        gc.enable()
