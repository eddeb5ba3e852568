"""An e-book that carries page numbers is made in another process, by a fork of the command while the PDF is made, or by a worker
while it is bound. Nothing else depends on who makes it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from publisher.build import apart, beside, writing
from publisher.build.apart import Begun, Receive
from publisher.build.build import assemble, make, moment_of
from publisher.build.executors import mapper
from publisher.build.plan import plan
from publisher.build.writing import AwaitedBreaks, Begin, WritingTask, begun_output
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.model.events import Event, OutputMade, Worked
from publisher.model.sources import Source
from publisher.store.cache import Cache
from publisher.text.citation_styles import listing_style
from publisher.text.standard_style import standard_style
from publisher.writers import cover, epub, themes
from publisher.writers.contract import Settings
from publisher.writers.formats import writer_for
from publisher.writers.page_breaks import PageBreak
from tests.conftest import SAMPLE

pytestmark = pytest.mark.slow

Edition = Callable[..., Path]
BOTH = [Path("x.pdf"), Path("x.epub")]


def built(folder: Path, jobs: int, cache: Cache | None = None) -> tuple[list[bytes], list[Diagnostic], list[Event]]:
    seen: list[Event] = []
    report = make(plan([folder], BOTH), jobs, seen.append, cache)
    return [output.data for output in report.outputs.values()], list(report.diagnostics), [*seen, *report.finished]


def processes(events: list[Event], stage: str) -> set[int]:
    return {event.span.process for event in events if isinstance(event, Worked) and event.stage == stage}


def gates(edition: Edition, count: int = 9) -> Path:
    """An edition with a character that no font has in its last article."""
    texts = {f"in/a{number}.md": f"# Gate {number}\n\nThe gate at the weir opens on Monday.\n" for number in range(count)}
    return edition({**texts, "in/b.md": "# Barge\n\nA barge \ue123 waits.\n"}) / "in"


def test_a_worker_makes_the_e_book_while_the_pdf_is_bound_and_nothing_differs(edition: Edition) -> None:
    home = gates(edition)
    data, found, events = built(home, 2)
    alone, found_alone, events_alone = built(home, 1)
    assert (data, found) == (alone, found_alone)
    assert any(diagnostic.code is Code.GLYPH_MISSING and diagnostic.location for diagnostic in found)
    assert processes(events_alone, "e-book") == {os.getpid()} == processes(events, "binding")
    assert len(processes(events, "e-book")) == 1 and os.getpid() not in processes(events, "e-book")
    (book,) = [event for event in events if isinstance(event, OutputMade) and event.path.endswith("epub")]
    assert book.ms > 0 and not book.cached


def test_a_book_that_a_worker_made_is_kept(edition: Edition, tmp_path: Path) -> None:
    home, cache = gates(edition), Cache(tmp_path / "kept")
    data, _, _ = built(home, 2, cache)
    again, _, events = built(home, 1, cache)
    assert again == data and [event.cached for event in events if isinstance(event, OutputMade)] == [True, True]


def test_workers_typeset_an_edit_and_give_the_bytes_of_a_clean_build(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command waits for one sheet alone, but the libraries are imported while it reads, and the e-book is begun beside it."""
    home, cache = gates(edition), Cache(tmp_path / "kept")
    built(home, 2, cache)
    begun = list[tuple[bool, bool]]()

    def recorded(task: WritingTask, begin: Begin, *, ahead: bool = False) -> Any:
        output = begun_output(task, begin, ahead=ahead)
        begun.append((ahead, output is not None))
        return output

    monkeypatch.setattr(beside, "begun_output", recorded)
    (home / "a3.md").write_text("# Gate 3\n\nThe gate at the weir opens on Tuesday.\n")
    data, _, events = built(home, 2, cache)
    assert [len(processes(events, stage)) for stage in ("reading", "typesetting", "e-book")] == [1, 1, 1]
    assert os.getpid() not in processes(events, "typesetting") | processes(events, "e-book")
    assert begun == [(True, False), (True, True)]  # there is no fork to begin it in, then a worker has nothing to do
    assert data == built(home, 1)[0]


def test_what_waits_for_an_idle_worker_is_begun_once_when_there_is_such() -> None:
    log = list[str]()
    with mapper(2) as run:
        run.when_idle(lambda: log.append("begun"))
        results = run(abs, range(6))
        assert [next(results) for _ in range(5)] == list(range(5)) and log == []
        assert list(results) == [5] and log == ["begun"]
        run.when_idle(lambda: log.append("begun"))
        results = run(abs, [7])  # fewer tasks than workers
        assert log == ["begun", "begun"] and list(results) == [7]
        assert list(run(abs, [8])) == [8] and log == ["begun", "begun"]
    with mapper(1) as run:
        run.when_idle(lambda: log.append("never"))
        assert list(run(abs, [1])) == [1] and log == ["begun", "begun"]


def test_an_e_book_does_what_needs_no_pages_before_it_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    themes._environment.cache_clear()
    edition, _ = assemble(plan([SAMPLE], []))
    drawn, before = list[Any](), list[set[str]]()

    def received() -> tuple[PageBreak, ...]:
        loaded = themes._environment(settings.theme.folders).cache or {}
        before.append({name for _, name in loaded.keys()})
        assert len(drawn) == 1
        return ()

    monkeypatch.setattr(epub, "cover", lambda *values: drawn.append(cover.cover(*values)) or drawn[0])
    settings = Settings(themes.load(), moment_of(edition), breaks=AwaitedBreaks(received))
    data = epub.write(edition, settings).data
    (loaded,) = before
    assert {"chapter.xhtml.j2", "package.opf.j2", "nav.xhtml.j2"} <= loaded
    assert data == epub.write(edition, replace(settings, breaks=())).data


def test_each_source_is_written_once_for_all_outputs() -> None:
    asked: list[tuple[Source, str]] = []

    def style(source: Source, lang: str) -> str:
        asked.append((source, lang))
        return standard_style(source, lang)

    listing = listing_style((), style)
    settings = Settings(themes.load(), moment_of(edition := assemble(plan([SAMPLE], []))[0]), style=listing)
    for path in BOTH:
        writer_for(path)(edition, settings)
    assert edition.listed_sources and len(asked) == len(set(asked)) == len(edition.listed_sources)


def _value(item: Any, _: Receive) -> Any:
    return item


def _received(receive: Receive) -> Any:
    return receive(), os.getpid()


def _ended_elsewhere(process: int, receive: Receive) -> Any:
    """Ends its process before it has a result, if that is not `process`."""
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    return receive()


def _process(_: Any) -> int:
    return os.getpid()


def _apply(function: Callable[[], Any], _: Any) -> Any:
    return function()


def _never_ends(_: Receive) -> None:
    signal.pause()


def _fails(item: str, _: Receive) -> None:
    raise PublisherError(Diagnostic(Code.THEME_FILE, item), exit_code=Exit.STRICT)


@pytest.fixture(params=["worker", "fork"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Begins a task in a process beside a pool, or in a fork of this process."""
    if request.param == "worker":
        with mapper(2) as workers:
            list(workers(str, range(4)))
            yield workers.soon
        return
    monkeypatch.setattr(apart, "_THREADS", SimpleNamespace(iterdir=lambda: ["a thread"]))  # a test has others, that hold no lock
    with mapper(1, forks=True) as alone:
        yield partial(alone.ahead, "")


def test_a_task_is_begun_where_there_are_workers_or_a_core_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    task = partial(_value, 1)
    with mapper(1) as run:
        assert run.soon(task) is None and run.ahead("", task) is None
    with mapper(2, forks=True) as run:
        assert run.soon(task) is None and run.ahead("", task) is None
        list(run(str, range(4)))
        begun = run.soon(task)
        assert begun is not None and begun.result() == 1
    with mapper(1, forks=True) as run:
        monkeypatch.setattr(apart, "_THREADS", SimpleNamespace(iterdir=lambda: ["a thread", "another"]))
        assert run.soon(task) is None and run.ahead("", task) is None


def test_a_task_waits_in_its_process_for_what_it_is_given(run: Begin) -> None:
    begun, unasked = run(_received), run(_received)
    assert begun is not None and unasked is not None
    begun.give(("page", 1))
    value, process = begun.result()
    assert value == ("page", 1) and process == begun.process.pid != os.getpid()
    assert unasked.process.is_alive()


def test_a_task_that_another_process_has_not_done_is_done_here(run: Begin) -> None:
    ended, unsendable = run(partial(_ended_elsewhere, os.getpid())), run(lambda receive: receive)
    assert ended is not None and unsendable is not None
    ended.process.join()
    ended.give("here")
    assert ended.result() == "here" and callable(unsendable.result())


def test_a_task_ends_with_the_pool() -> None:
    """The workers of sheets have grown: it has a process of its own. What nobody has asked for is not waited for."""
    with mapper(2) as run:
        workers = set(run(partial(_apply, os.getpid), range(8)))
        begun, unasked = run.soon(_process), run.soon(_never_ends)
        assert begun is not None and begun.result() not in workers | {os.getpid()} and unasked is not None
        assert unasked.process.is_alive()
    assert not unasked.process.is_alive()


def test_what_a_task_raises_is_raised_here(run: Begin) -> None:
    begun = run(partial(_fails, "no theme"))
    assert begun is not None
    with pytest.raises(PublisherError, match="no theme") as raised:
        begun.result()
    assert raised.value.exit_code is Exit.STRICT


def test_a_large_edition_is_not_held_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    edition, _ = assemble(plan([SAMPLE], []))
    style = listing_style(edition.bibliography, standard_style)
    task = WritingTask(Path("x.epub"), edition, Settings(themes.load(), moment_of(edition), style=style))
    asked: list[Any] = []

    def begin(work: Callable[[Receive], Any]) -> Begun:
        asked.append(work)
        return cast(Begun, SimpleNamespace(result=lambda: work(lambda: ())))

    monkeypatch.setattr(writing, "_MOST_BYTES", 100)
    assert begun_output(task, begin) is None and not asked
    monkeypatch.undo()
    output = begun_output(task, begin)
    assert output is not None and output.output().data and output.ms > 0 and len(asked) == 1
