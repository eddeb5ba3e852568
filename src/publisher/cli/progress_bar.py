"""The bar on a terminal, drawn with rich: stage, bar, steps, time left, article. It is erased when the command is done.

It is drawn when events come, in the thread of the command.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.control import Control
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.segment import ControlType
from rich.table import Column
from rich.text import Text

from publisher.build import watch
from publisher.cli.stages import Stage

_PAUSE = 0.1  # seconds between two drawings of a stage
_WIDTH = 20  # characters of the bar


class _TimeLeft(ProgressColumn):
    """The time that the rest of the stage will take, as it went so far."""

    def render(self, task: Task) -> Text:
        seconds = task.time_remaining
        if task.total is None or seconds is None:
            return Text("")
        minutes, rest = divmod(int(seconds), 60)
        return Text(f"{minutes}:{rest:02} left", style="progress.remaining")


class ProgressBar:
    """A Display on standard error."""

    def __init__(self, clock: Callable[[], float]) -> None:
        console = Console(stderr=True)
        if watch.lost:  # a process that drew a bar was ended by a fault, and this process goes on for it
            console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(_WIDTH),
            TextColumn("{task.fields[steps]}", markup=False),
            _TimeLeft(),
            TextColumn("{task.fields[name]}", markup=False, style="dim", table_column=Column(ratio=1, no_wrap=True)),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            get_time=clock,
            expand=True,
        )
        self._task = self._progress.add_task("", total=None, steps="", name="")
        self._title, self._drawn = "", 0.0

    def show(self, stage: Stage, now: float) -> None:
        if stage.title != self._title:
            self._progress.reset(self._task, total=stage.total or None)
            self._title, self._drawn = stage.title, 0.0
        steps = f"{stage.steps:,}/{stage.total:,}" if stage.total else ""
        self._progress.update(self._task, completed=stage.steps, description=stage.title, steps=steps, name=stage.name)
        if now - self._drawn >= _PAUSE or stage.steps == stage.total:
            self._drawn = now
            self._progress.start()
            self._progress.refresh()

    def close(self) -> None:
        self._progress.stop()
