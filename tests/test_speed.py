"""Kept and shared work changes nothing: cached, parallel and distributed builds are the bytes of a clean one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from publisher.build import make
from publisher.cache import Cache
from publisher.plan import plan
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
    start = time.monotonic()
    run = publisher("build", "a.md", "-o", "x.pdf", "--executor", "dask://127.0.0.1:9")
    assert run.code == 4 and "no scheduler answers at dask://127.0.0.1:9" in run.err
    assert time.monotonic() - start < 15
    assert publisher("build", "a.md", "-o", "x.pdf", "--executor", "ray://x").code == 4


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and two worker processes on loopback."""
    script = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    where = tmp_path / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}
    running = [subprocess.Popen([*script, "--scheduler-file", str(where)], stderr=subprocess.DEVNULL, env=environment)]
    try:
        deadline = time.monotonic() + 30
        while not where.exists() or not re.search(r"tcp://[\d.:]+", where.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(where), "--nthreads", "1"]
        for _ in range(2):
            command = [*worker, "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path)]
            running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment))
        yield f"dask:{where}", running
    finally:
        for process in running:
            process.kill()
            process.wait()


def test_two_dask_workers_give_the_same_bytes_though_one_is_killed(
    clean: bytes, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    import threading

    address, running = cluster
    assert built(executor=address) == clean
    threading.Timer(0.7, running[-1].send_signal, [signal.SIGKILL]).start()
    assert built(executor=address) == clean


def _interruptible() -> None:
    """A parallel test run ignores interrupts, and what it starts would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_stops_at_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    text = "Words and words of an article. " * 3000
    for number in range(20):
        (tmp_path / f"a{number:02}.md").write_text(f"# A{number}\n\n{text}\n")
    command = [sys.executable, "-m", "publisher", "build", str(tmp_path), "-o", str(tmp_path / "x.pdf"), "-j", "2", "--no-cache"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=_interruptible)
    time.sleep(4)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 130 and b"Traceback" not in said
    assert not (tmp_path / "x.pdf").exists()
    time.sleep(0.5)
    left = subprocess.run(["pgrep", "-a", "-g", str(process.pid)], capture_output=True, text=True, check=False).stdout
    assert [line for line in left.splitlines() if "<defunct>" not in line] == []
