"""Progress: a bar on a terminal, a line every ten seconds elsewhere, and what -q, -v, NO_COLOR and TERM=dumb change."""

from __future__ import annotations

import io
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from publisher.build import executors
from publisher.cli.progress import Progress
from publisher.model.events import ArticleRead, Event, Planned, SheetSet, StageBegun, StepDone, Waiting, ignore
from tests import interrupting
from tests.conftest import Run

Edition = Callable[..., Path]
Publisher = Callable[..., Run]

STORY = "# Gate opens\n\nThe gate at the weir opens on Monday.\n"
EMPTY = "b.md: error: the manuscript is empty [manuscript-empty]\n  hint: remove it from the manifest, or add text\n"
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def read(number: int) -> ArticleRead:
    return ArticleRead(f"in/{number:04}.md", "md", 1, 100, cached=False, ms=240)


def long_build() -> Iterator[tuple[float, Event]]:
    """The events of a thousand articles, each with the seconds that went by before it."""
    yield 0.1, Planned(1000, ("x.pdf", "x.epub"))
    yield 0.1, StageBegun("reading", 1000)
    for number in range(1000):
        yield 0.05, read(number)
    yield 2.0, StageBegun("making x.pdf")
    yield 0.1, StageBegun("typesetting", 60)
    for number in range(60):
        yield 2.5, SheetSet((f"{number:04}", f"{number:04}-b"), 8, cached=False, ms=2400)
    yield 0.1, StageBegun("writing chapters", 1000)
    for number in range(1000):
        yield 0.02, StepDone(f"{number:04}")


def test_a_long_build_prints_a_line_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    clock, times = Clock(), [0.0]
    with Progress(None, clock) as listener:
        for seconds, event in long_build():
            clock.now += seconds
            listener(event)
            if capsys.readouterr().err:
                times.append(clock.now)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert clock.now > 200 and min(gaps) >= 10 and max(gaps) < 13


def test_a_line_says_the_stage_how_far_it_is_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Progress(None, clock) as listener:
        listener(StageBegun("reading", 1000))
        for number in range(340):
            clock.now += 0.03
            listener(read(number))
    assert capsys.readouterr().err == "reading 334 of 1,000: 0333.md\n"


def test_a_short_build_prints_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Progress(None, clock) as listener:
        for _, event in list(long_build())[:100]:
            clock.now += 0.09
            listener(event)
    assert not capsys.readouterr().err


def test_tasks_that_are_done_behind_a_longer_one_count(capsys: pytest.CaptureFixture[str]) -> None:
    """The sheet with long contents is typeset first, and its workers go on with others: that is no standstill."""
    clock = Clock()
    with Progress(None, clock) as listener:
        listener(StageBegun("typesetting", 130))
        for second in range(1, 31):
            clock.now += 1
            listener(Waiting(second // 2))
        listener(SheetSet(("a", "b"), 9, cached=False, ms=30_000))
        clock.now += 10
        listener(Waiting(14))
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"typesetting {done} of 130" for done in (5, 10, 15)] + ["typesetting 15 of 130: a and 1 more"]


def _task(path: Path) -> str:
    """A task that ends at once, or, if it is the long one, when the file is there that lets it go on."""
    while path.name == "long" and not path.with_name("go").exists():
        os.sched_yield()
    return path.name


def test_a_pool_says_how_many_tasks_are_done_while_it_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_LOOK", 0.01)
    seen: list[Event] = []

    def listen(event: Event) -> None:
        seen.append(event)
        if event == Waiting(3):
            (tmp_path / "go").touch()

    names = ["long", "a", "b", "c"]
    with executors.mapper(2, report=listen) as run:
        assert list(run(_task, [tmp_path / name for name in names])) == names
    assert Waiting(3) in seen


def test_a_quiet_command_follows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with Progress(ignore, clock) as listener:
        for seconds, event in long_build():
            clock.now += seconds
            listener(event)
    assert not capsys.readouterr().err


def test_the_bar_has_stage_steps_time_left_and_article(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, clock = Terminal(), Clock()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    with Progress(None, clock) as listener:
        listener(StageBegun("reading", 1000))
        for number in range(500):
            clock.now += 0.2
            listener(read(number))
        shown = _SEQUENCE.sub("", terminal.getvalue()).split("\r")[-1]
        assert re.fullmatch(r"reading ━{10}[╸╺━ ]?━* +500/1,000 +1:(39|40|41) left +0499\.md *", shown), shown
        assert len(shown) <= 80
    assert terminal.getvalue().endswith("\x1b[2K") and "\x1b[?25h" in terminal.getvalue()


def on_terminal(command: list[str], **variables: str) -> tuple[int, str]:
    """Exit code of a command, and what it wrote on a terminal that is its standard error."""
    ours, theirs = pty.openpty()
    environment = {"TERM": "xterm-256color", "COLUMNS": "80", **os.environ, **variables}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment, start_new_session=True)
    os.close(theirs)
    seen = b""
    while True:
        try:
            data = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        seen += data
    os.close(ours)
    return process.wait(), seen.decode()


def left_on_screen(seen: str) -> str:
    """What stands on the screen in the end: lines that were erased are gone."""
    lines, current = [], ""
    for part in re.split(r"(\r\n|\r|\x1b\[2K|\x1b\[1A|\n)", _colorless(seen)):
        match part:
            case "\r\n" | "\n":
                lines.append(current)
                current = ""
            case "\r":
                pass
            case "\x1b[2K":
                current = ""
            case "\x1b[1A":
                current = lines.pop() if lines else ""
            case text:
                current = text or current
    return "\n".join([*lines, current]).strip()


def _colorless(seen: str) -> str:
    return re.sub(r"\x1b\[(?:[0-9;]*m|\?25[lh])", "", seen)


BUILD = [sys.executable, "-m", "publisher", "build", "a.md", "-o", "a.pdf", "--no-cache"]


def test_a_terminal_sees_a_bar_that_goes_and_gives_the_cursor_back(edition: Edition) -> None:
    edition({"a.md": STORY})
    code, seen = on_terminal(BUILD)
    assert code == 0 and "a.md" in seen and "1/1" in seen and "typesetting" in seen
    assert seen.count("\x1b[?25l") == 1 == seen.count("\x1b[?25h") and not left_on_screen(seen)


def test_messages_alone_stay_on_the_terminal_after_an_error(edition: Edition) -> None:
    edition({"a.md": "# A\n\nText.\n", "b.md": ""})
    code, seen = on_terminal([*BUILD, "b.md"])
    assert code == 1 and left_on_screen(seen) == EMPTY.strip()
    assert "\x1b[31m" in seen


def test_an_interrupt_leaves_its_message_alone(edition: Edition, tmp_path: Path) -> None:
    edition({"a.md": STORY})
    environment = interrupting.environment(tmp_path, "main:publisher.writers.pdf.page_starts", signal.SIGINT)
    code, seen = on_terminal(BUILD, **{key: environment[key] for key in environment if os.environ.get(key) != environment[key]})
    assert code == 130 and left_on_screen(seen) == "interrupted; nothing was written" and "\x1b[?25h" in seen


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_where_it_is_not_wanted(variable: dict[str, str], edition: Edition) -> None:
    edition({"a.md": "# A\n\n![alt](none.png)\n"})
    code, seen = on_terminal(BUILD, **variable)
    assert code == 0 and not re.search(r"\x1b\[[0-9;]*3[0-9]", seen) and "image not found" in seen
    assert ("\x1b[?25l" in seen) == ("NO_COLOR" in variable)


def test_q_prints_errors_only_and_v_everything(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": "# A\n\n[a](#x) [b](#y) ![alt](none.png)\n", "b.md": ""})
    build = ("build", "a.md", "-o", "x.epub")
    assert publisher(*build, "-q") == Run(0, "", "")
    assert publisher(*build, "b.md", "-q") == Run(1, "", EMPTY)
    assert publisher(*build, "-v").err.count("[link-broken]") == 2 > publisher(*build).err.count("[link-broken]")
    assert publisher("check", "a.md", "--quiet") == Run(0, "", "")
    assert publisher("new", "week", "-q") == Run(0, "", "") and publisher("clean", "--cache", "c", "-q") == Run(0, "", "")
    for command in ("tree", "sources"):
        run = publisher(command, "a.md", "-q")
        assert run.code == 0 and run.out and not run.err, command


def test_refused_warnings_are_errors_to_a_quiet_command_too(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": "# A\n\n![alt](none.png)\n"})
    run = publisher("build", "a.md", "-o", "x.epub", "-q", "--strict")
    assert run.code == 3 and run.err.startswith("a.md:3: warning: image not found: none.png [image-missing]")


def test_rich_is_imported_for_a_terminal_alone(edition: Edition) -> None:
    edition({"a.md": STORY})
    code = "import sys; from publisher.cli import main; main(['check', 'a.md']); print('rich.progress' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.splitlines()[-1] == "False"
