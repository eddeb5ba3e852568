"""`--timings`: a timeline of a command by process, as JSON and as a chart."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from publisher.cli.timeline import Lane, Task, Timeline, as_json, chart
from publisher.model.events import Event, Planned, Span, Stopwatch, Worked, working
from tests.conftest import Run, log_lines

Edition = Callable[..., Path]
Publisher = Callable[..., Run]

STORY = "# Gate {number}\n\nThe gate at the weir opens on Monday, as the council decided..\n"
OWN = os.uname().nodename


def edition_of(edition: Edition, count: int) -> Path:
    return edition({f"in/a{number:02}.md": STORY.format(number=number) for number in range(count)})


def timings_of(folder: Path, *options: str) -> tuple[dict[str, Any], str]:
    """The timeline of a build in a process of its own, and the chart, which a slow machine prints behind lines of progress."""
    command = [sys.executable, "-m", "publisher", "build", "in", "-o", "x.pdf", "-o", "x.epub", "--timings", "t.json", *options]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "60"})
    return json.loads((folder / "t.json").read_text("utf-8")), run.stderr[run.stderr.index("command ") :]


def check_lanes(timeline: dict[str, Any]) -> None:
    """Nothing is outside of the command, no process does two things at once, and stages are the sums of tasks."""
    for lane in timeline["lanes"]:
        times = [time for task in lane["tasks"] for time in (task["start"], task["end"])]
        assert times == sorted(times) and times[0] >= 0 and times[-1] <= timeline["seconds"], lane
        assert all(task["cpu"] >= 0 for task in lane["tasks"])
    tasks = [task for lane in timeline["lanes"] for task in lane["tasks"]]
    for stage in timeline["stages"]:
        own = [task for task in tasks if task["stage"] == stage["stage"]]
        assert stage["tasks"] == len(own)
        assert (stage["start"], stage["end"]) == (min(task["start"] for task in own), max(task["end"] for task in own))


def lanes_by_stage(timeline: dict[str, Any]) -> dict[str, set[str]]:
    """The lanes of each stage, without the numbers of workers."""
    found: dict[str, set[str]] = {}
    for lane in timeline["lanes"]:
        for task in lane["tasks"]:
            found.setdefault(task["stage"], set()).add(lane["lane"].partition(" ")[0])
    return found


def without_figures(text: str) -> str:
    """A chart with its figures and cells as signs."""
    text = re.sub(r"^(command|server|worker \d) +\S+ +\d+%$", r"\1 CELLS", text, flags=re.MULTILINE)
    return re.sub(
        r" +[\d.]+ to [\d.]+ s, (\d+ tasks?), [\d.]+ s", r" TIMES, \1, CPU", re.sub(r"of [\d.]+ s in", "of TIME in", text)
    )


ALONE = """command CELLS

s starting TIMES, 1 task, CPU of CPU time
r reading TIMES, 2 tasks, CPU of CPU time
a assembling TIMES, 1 task, CPU of CPU time
t typesetting TIMES, 1 task, CPU of CPU time
n numbering pages TIMES, 2 tasks, CPU of CPU time
b binding TIMES, 1 task, CPU of CPU time
e e-book TIMES, 2 tasks, CPU of CPU time
w writing files TIMES, 1 task, CPU of CPU time
timeline of TIME in t.json
"""


def test_a_build_without_workers_is_one_lane(edition: Edition) -> None:
    timeline, printed = timings_of(edition_of(edition, 2), "--no-cache", "-j", "1")
    check_lanes(timeline)
    assert without_figures(printed) == ALONE
    assert [lane["lane"] for lane in timeline["lanes"]] == ["command"]
    assert [task["name"] for task in timeline["lanes"][0]["tasks"] if task["stage"] == "reading"] == ["in/a00.md", "in/a01.md"]


@pytest.mark.slow
def test_a_build_with_workers_has_a_lane_for_each(edition: Edition) -> None:
    folder = edition_of(edition, 20)
    (folder / "in" / "mine").mkdir()
    (folder / "in" / "mine" / "theme.toml").write_text('extends = "brief"\nflow = "article"\n')
    timeline, printed = timings_of(folder, "--no-cache", "-j", "2", "-t", "./mine")
    check_lanes(timeline)
    stages = lanes_by_stage(timeline)
    assert stages["importing"] == {"server"} and stages["typesetting"] == {"worker"} and stages["binding"] == {"command"}
    names = [lane["lane"] for lane in timeline["lanes"]]
    assert names == ["command", "server", "worker 1", "worker 2", "worker 3"]  # the last makes the e-book
    assert without_figures(printed).splitlines()[:5] == [f"{name} CELLS" for name in names]


def test_work_from_the_cache_is_no_task(edition: Edition) -> None:
    folder = edition_of(edition, 2)
    timings_of(folder, "--cache", "kept")
    timeline, _ = timings_of(folder, "--cache", "kept")
    assert set(lanes_by_stage(timeline)) == {"starting", "writing files"}


@pytest.mark.parametrize(("command", "last"), [(["release"], "checking"), (["run", "--skip", "release"], "writing files")])
def test_a_release_and_a_run_have_their_checks_in_the_timeline(
    command: list[str], last: str, edition: Edition, publisher: Publisher
) -> None:
    manifest = '[edition]\ntitle = "T"\ndate = 2026-03-17\n[[section]]\narticles = ["a.md"]\n[outputs."x.epub"]\n'
    folder = edition({"publisher.toml": manifest, "a.md": STORY.format(number=1)})
    options = ["--skip-check", "epubcheck", "--skip-check", "ace", "--timings", "t.json", "--no-cache"]
    run = publisher(*command, ".", *options)
    assert run.code == 0, run.err
    timeline = json.loads((folder / "t.json").read_text("utf-8"))
    check_lanes(timeline)
    stages = [stage["stage"] for stage in timeline["stages"]]
    assert stages[-1] == last and "checking" in stages and "reading" in stages


def test_a_quiet_command_writes_the_file_alone_and_json_has_a_result(edition: Edition, publisher: Publisher) -> None:
    folder = edition_of(edition, 1)
    run = publisher("build", "in", "-o", "x.epub", "--timings", "t.json", "-q", "--no-cache")
    assert (run.code, run.out, run.err) == (0, "", "") and (folder / "t.json").exists()
    (folder / "t.json").unlink()
    run = publisher("build", "in", "-o", "x.epub", "--timings", "t.json", "--log-format", "json", "--no-cache")
    (result,) = [line for line in log_lines(run.err, run.code) if "timings" in line]
    assert result["timings"] == "t.json" and (folder / "t.json").exists()


def test_a_chart_leaves_standard_output_to_the_document(edition: Edition, publisher: Publisher) -> None:
    edition_of(edition, 1)
    run = publisher("build", "in", "-o", "x.epub", "--timings", "t.json", "--no-cache")
    assert "command " in run.err and "command " not in run.out


def test_a_command_that_fails_writes_no_timeline(edition: Edition, publisher: Publisher) -> None:
    folder = edition({"a.md": ""})
    assert publisher("build", "a.md", "-o", "x.epub", "--timings", "t.json", "--no-cache").code == 1
    assert not (folder / "t.json").exists()


def test_a_timeline_that_cannot_be_written_is_refused_before_anything_is_built(edition: Edition, publisher: Publisher) -> None:
    folder = edition_of(edition, 1)
    run = publisher("build", "in", "-o", "x.epub", "--timings", "in/a00.md/t.json", "--no-cache")
    assert run.code == 2 and "the folder of in/a00.md/t.json is not there, or cannot be written" in run.err
    assert not (folder / "x.epub").exists()


def span(start: float, end: float, process: int, machine: str = OWN) -> Span:
    return Span(start, end, end - start, machine, process)


def test_a_chart_shows_the_stage_that_takes_most_of_a_cell() -> None:
    lanes = [
        Lane("command", 1, (Task("reading", "a", 0.0, 4.0, 4.0), Task("binding", "", 9.0, 10.0, 0.9))),
        Lane("worker 1", 2, (Task("typesetting", "b", 4.4, 7.4, 3.0), Task("ruling", "", 7.4, 8.6, 1.2))),
    ]
    assert chart(lanes, 10.0, 26) == [
        "command   rrrr.....b  50%",
        "worker 1  ....tttuu.  42%",
        "",
        "r reading              0.00 to 4.00 s, 1 task, 4.00 s of CPU time",
        "t typesetting          4.40 to 7.40 s, 1 task, 3.00 s of CPU time",
        "u ruling               7.40 to 8.60 s, 1 task, 1.20 s of CPU time",
        "b binding              9.00 to 10.00 s, 1 task, 0.90 s of CPU time",
    ]
    assert json.loads(as_json(lanes, 10.0))["lanes"][1]["lane"] == "worker 1"


def test_work_of_an_earlier_command_is_no_part_of_a_timeline() -> None:
    timeline = Timeline(Stopwatch().span().start)
    timeline(Worked("importing", "", span(0.0, 0.1, os.getpid() + 1)))
    assert not timeline.lanes()


def test_the_clock_of_another_machine_is_moved_to_the_results() -> None:
    """A worker of a cluster started its machine another day; no task may end after its result was here."""
    start = Stopwatch().span().start
    timeline = Timeline(start)
    timeline(Planned(2, ("x.pdf",)))
    for first, last in ((1.0, 1.001), (1.001, 1.002)):
        timeline(Worked("typesetting", "", span(first, last, 7, "elsewhere")))
    command, worker = timeline.lanes()
    times = [time for task in worker.tasks for time in (task.start, task.end)]
    assert (command.lane, worker.lane) == ("command", "worker 1")
    assert times[1] - times[0] == pytest.approx(0.001, abs=2e-4) and times[-1] <= Stopwatch().span().start - start
    assert all(earlier <= later for earlier, later in pairwise(times))


def test_work_that_fails_is_not_reported() -> None:
    seen: list[Event] = []
    with pytest.raises(ValueError, match="no"), working(seen.append, "binding"):
        raise ValueError("no")
    with working(seen.append, "binding", "x.pdf"):
        pass
    assert [(event.stage, event.name) for event in seen if isinstance(event, Worked)] == [("binding", "x.pdf")]
