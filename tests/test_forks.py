"""A small edition on two cores: forks of the command read, and make the e-book, while the command imports, and makes the PDF."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import interrupting, raising

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks are safe on Linux alone")]

# The command on a machine of two cores, whatever this machine has.
_COMMAND = "import os; os.sched_getaffinity = lambda _: {0, 1}; from publisher.__main__ import run; run()"
_OUTPUTS = ("-o", "x.pdf", "-o", "x.epub", "--no-cache")
_INTERRUPTED = "interrupted; nothing was written"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "in"
    home.mkdir()
    for name in ("gate", "lock"):
        text = "\n\n".join(f"The {name} opens on day {day}. " + "Barges wait at the weir. " * 40 for day in range(20))
        (home / f"{name}.md").write_text(f"# {name.capitalize()}\n\n{text}\n")
    return tmp_path


def build(folder: Path, *options: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _COMMAND, "build", "in", *_OUTPUTS, *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, **settings)


def outputs(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ("x.pdf", "x.epub")]


def alone(folder: Path) -> list[bytes]:
    """The outputs of one process."""
    run = build(folder, "-j", "1", "-q")
    assert (run.returncode, run.stderr) == (0, "")
    return outputs(folder)


def test_two_processes_make_both_outputs_and_the_bytes_are_those_of_a_single_process(folder: Path) -> None:
    run = build(folder, "--timings", "t.json")
    assert run.returncode == 0, run.stderr
    lanes = {lane["lane"]: lane["tasks"] for lane in json.loads((folder / "t.json").read_text("utf-8"))["lanes"]}
    assert list(lanes) == ["command", "worker 1", "worker 2"]
    assert [task["name"] for task in lanes["worker 1"]] == ["in/gate.md", "in/lock.md"]
    assert [(task["stage"], task["name"]) for task in lanes["worker 2"]] == [("e-book", "cover"), ("e-book", "")]
    cover, book = lanes["worker 2"]
    (sheet,) = [task for task in lanes["command"] if task["stage"] == "typesetting"]
    assert cover["start"] < sheet["end"] <= book["start"]  # the cover needs no page numbers, the rest waits for them
    made = outputs(folder)
    assert made == alone(folder)
    build(folder, "-j", "1", "--timings", "t.json")
    assert [lane["lane"] for lane in json.loads((folder / "t.json").read_text("utf-8"))["lanes"]] == ["command"]


def test_manuscripts_are_read_beside_the_import_of_what_sets_them(folder: Path) -> None:
    found = {}
    for name in ("x.pdf", "x.epub"):
        command = [sys.executable, "-c", _COMMAND, "build", "in", "-o", name, "--no-cache", "--timings", "t.json"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        lanes = json.loads((folder / "t.json").read_text("utf-8"))["lanes"]
        found[name] = {lane["lane"]: {task["stage"] for task in lane["tasks"]} for lane in lanes}
    assert found["x.pdf"].pop("worker 1") == {"reading"} and list(found["x.pdf"]) == list(found["x.epub"]) == ["command"]
    assert "e-book" in found["x.epub"]["command"] and "typesetting" in found["x.pdf"]["command"]


@pytest.mark.parametrize("module", ["publisher.readers.bare_links", "ebooklib", "pypdfium2"])
def test_a_fork_that_is_killed_costs_no_output(module: str, folder: Path) -> None:
    run = build(folder, "-q", env=interrupting.environment(folder, f"kill-fork:{module}"))
    assert (folder / "mark").exists() and (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert outputs(folder) == alone(folder)


@pytest.mark.parametrize(
    "at",
    [
        "fork:publisher.readers.bare_links",
        "main:weasyprint.layout",
        "fork:ebooklib",
        "main:publisher.writers.pdf.structure_fixes",
    ],
)
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_both_and_leaves_nothing(at: str, by: signal.Signals, folder: Path) -> None:
    temporary = folder / "t"
    temporary.mkdir()
    command = [sys.executable, "-c", _COMMAND, "build", "in", *_OUTPUTS]
    process = subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=_interruptible,
        env={**interrupting.environment(folder, at, by), "TMPDIR": str(temporary)},
    )  # fmt: skip
    _, messages = process.communicate(timeout=120)  # until every process that it started has closed its stderr
    assert (folder / "mark").exists(), messages
    assert (process.returncode, messages.strip()) == (130, _INTERRUPTED)
    assert not list(folder.glob("*x.*")) and not list(temporary.iterdir())


def _interruptible() -> None:
    """A parallel test run ignores interrupts, and what it starts would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_fork_ends_with_a_command_that_is_killed(folder: Path) -> None:
    run = build(folder, env=interrupting.environment(folder, "kill-main:publisher.writers.pdf.structure_fixes"), timeout=120)
    assert (folder / "mark").exists() and run.returncode == -signal.SIGKILL  # and nobody has its stderr open any more
    assert not (folder / "x.epub").exists()


def test_errors_of_reading_are_those_of_a_single_process(folder: Path) -> None:
    (folder / "in" / "broken.docx").write_bytes(b"PK\x03\x04 this is none")
    (folder / "in" / "hurdle.html").write_bytes(b"")
    runs = [build(folder, *options) for options in ((), ("-j", "1"))]
    assert runs[0].returncode == runs[1].returncode == 1 and runs[0].stderr == runs[1].stderr
    assert "broken.docx" in runs[0].stderr and "hurdle.html" in runs[0].stderr


def test_errors_of_the_e_book_are_those_of_a_single_process(folder: Path) -> None:
    (folder / "in" / "mine" / "templates").mkdir(parents=True)
    (folder / "in" / "mine" / "theme.toml").write_text('extends = "brief"\n')
    (folder / "in" / "mine" / "templates" / "chapter.xhtml.j2").write_text("<html>{{ nothing.of.this }}</html>")
    runs = [build(folder, "-t", "./mine", *options) for options in ((), ("-j", "1"))]
    assert runs[0].returncode == runs[1].returncode != 0
    assert runs[0].stderr == runs[1].stderr and "chapter.xhtml.j2" in runs[0].stderr and not list(folder.glob("x.*"))


def test_articles_that_the_e_book_cannot_have_are_left_out_of_both(folder: Path) -> None:
    """Its errors begin both outputs anew."""
    environment = raising.environment(folder, "publisher.writers.epub.chapter:chapter_body")
    (folder / "in" / "faulty.md").write_text("# The sluice\n\nIt opens on Monday.\n")
    runs = []
    for options in ((), ("-j", "1")):
        run = build(folder, "--keep-going", "-q", *options, env=environment)
        runs.append((run.returncode, run.stderr, outputs(folder)))
    assert runs[0] == runs[1] and runs[0][0] == 6 and "faulty.md" in runs[0][1]
