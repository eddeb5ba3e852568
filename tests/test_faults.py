"""A disk that is full, read-only or broken, and processes that are killed: all outputs are new, or all are old."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from publisher.build import interrupts
from publisher.build.build import Report, write_outputs
from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.store import scratch
from publisher.store.cache import Cache
from publisher.store.files import Unfinished, write_all
from publisher.store.journal import NAME, mend
from publisher.writers.contract import Output
from publisher.writers.pdf import engine
from tests import interrupting
from tests.conftest import Run
from tests.faulting import Disk, counted, in_child, killing, refusing

OLD, NEW = b"old" * 9, b"new" * 9
REFUSALS = (errno.ENOSPC, errno.EIO, errno.EROFS)
Outputs = dict[Path, bytes]


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it gave to the system: fsync is for a loss of power, which is not played here."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def _one_folder(home: Path) -> list[Path]:
    return [home / "a.pdf", home / "b.epub"]


def _two_folders(home: Path) -> list[Path]:
    return [home / "x" / "a.pdf", home / "y" / "b.epub"]


def _one_output(home: Path) -> list[Path]:
    return [home / "a.pdf"]


def _linked(home: Path) -> list[Path]:
    (home / "public").mkdir(exist_ok=True)
    path = home / "a.pdf"
    if not path.is_symlink():
        path.symlink_to(Path("public") / "a.pdf")
    return [path, home / "b.epub"]


LAYOUTS = [_one_folder, _two_folders, _one_output, _linked]


def _set_out(layout: Callable[[Path], list[Path]], home: Path, *, before: bool) -> list[Path]:
    """The outputs of a layout in an empty folder; `before`: with previous ones."""
    paths = layout(home)
    if before:
        write_all(dict.fromkeys(paths, OLD))
    return paths


def _calls(layout: Callable[[Path], list[Path]], home: Path, *, before: bool) -> int:
    """How many calls of the disk it takes to write the outputs."""
    paths = _set_out(layout, home, before=before)
    with counted(Disk()) as count:
        write_all(dict.fromkeys(paths, NEW))
    return count.count


def _content(paths: list[Path]) -> set[bytes | None]:
    return {path.read_bytes() if path.exists() else None for path in paths}


def _beside(home: Path, paths: list[Path]) -> list[Path]:
    """What stands in the folders besides the outputs."""
    outputs = {*paths, *(path.resolve() for path in paths)}
    return [path for path in home.rglob("*") if not path.is_dir() and path not in outputs]


@pytest.mark.parametrize("before", [True, False], ids=["replaced", "first"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_process_killed_at_any_call_leaves_one_set_and_nothing_beside_it_after_the_next_command(
    layout: Callable[[Path], list[Path]], before: bool, tmp_path: Path
) -> None:
    (tmp_path / "0").mkdir()
    calls = _calls(layout, tmp_path / "0", before=before)
    results = set()
    for at in range(1, calls + 1):
        home = tmp_path / str(at)
        home.mkdir()
        paths = _set_out(layout, home, before=before)

        def work(at: int = at, paths: list[Path] = paths) -> None:
            with counted(killing(at)):
                write_all(dict.fromkeys(paths, NEW))

        assert in_child(work) == -signal.SIGKILL
        mend(paths[-1:])  # as `check b.epub` does, which knows of one output only
        content = _content(paths)
        assert content in ({OLD if before else None}, {NEW}), (at, content)
        mend(paths)
        assert _content(paths) == content and _beside(home, paths) == [], at
        results |= content
        write_all(dict.fromkeys(paths, NEW))
        assert _content(paths) == {NEW} and _beside(home, paths) == []
    assert results == {OLD if before else None, NEW}


@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False], ids=["replaced", "first"])
@pytest.mark.parametrize("layout", [_one_folder, _two_folders])
def test_mending_that_is_killed_is_mended_too(layout: Callable[[Path], list[Path]], before: bool, tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    calls = _calls(layout, tmp_path / "0", before=before)
    for at in range(calls // 2, calls + 1):
        for again in range(1, 12):
            home = tmp_path / f"{at}-{again}"
            home.mkdir()
            paths = _set_out(layout, home, before=before)

            def work(at: int = at, paths: list[Path] = paths) -> None:
                with counted(killing(at)):
                    write_all(dict.fromkeys(paths, NEW))

            def repair(again: int = again, paths: list[Path] = paths) -> None:
                with counted(killing(again)):
                    mend(paths)

            in_child(work)
            killed = in_child(repair)
            mend(paths)
            assert _content(paths) in ({OLD if before else None}, {NEW}) and _beside(home, paths) == [], (at, again)
            if not killed:
                break


@pytest.mark.parametrize("once", [True, False], ids=["once", "for-ever"])
@pytest.mark.parametrize("refusal", REFUSALS, ids=errno.errorcode.get)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_disk_that_refuses_any_call_leaves_one_set_and_the_message_names_the_output(
    layout: Callable[[Path], list[Path]], refusal: int, once: bool, tmp_path: Path
) -> None:
    (tmp_path / "0").mkdir()
    calls = _calls(layout, tmp_path / "0", before=True)
    for at in range(1, calls + 1):
        home = tmp_path / str(at)
        home.mkdir()
        paths = _set_out(layout, home, before=True)
        problem = None
        with counted(refusing(refusal, at, once=once)):
            try:
                write_outputs(Report({path: Output(NEW) for path in paths}))
            except PublisherError as raised:
                (problem,) = raised.diagnostics
        if problem is None:  # all is in place: only tidying up was refused
            assert _content(paths) == {NEW}
        else:
            assert problem.code is Code.OUTPUT_UNWRITABLE and os.strerror(refusal) in problem.message and problem.hint
            assert problem.location is not None and Path(problem.location.file) in paths
            if "may be new" not in problem.hint:
                assert _content(paths) == {OLD}
        if once:
            assert problem is None or _content(paths) == {OLD}
        mend(paths)
        assert _content(paths) in ({OLD}, {NEW}) and _beside(home, paths) == [], at


def test_a_second_rename_that_fails_takes_the_first_one_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = _set_out(_one_folder, tmp_path, before=True)
    calls: list[Path] = []
    replace = Path.replace

    def fail_second(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(errno.EIO, "Input/output error", str(path), None, str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_second)
    with pytest.raises(OSError, match="Input/output") as raised:
        write_all(dict.fromkeys(paths, NEW))
    assert raised.value.filename == str(paths[1]) and not isinstance(raised.value, Unfinished)
    assert _content(paths) == {OLD} and _beside(tmp_path, paths) == []


def test_folders_made_for_outputs_that_fail_are_taken_back(tmp_path: Path) -> None:
    with counted(refusing(errno.ENOSPC, 5)), pytest.raises(OSError, match="No space"):
        write_all({tmp_path / "new" / "deep" / "a.pdf": NEW})
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_hard_links_keeps_the_previous_files_as_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _set_out(_one_folder, tmp_path, before=True)

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_all(dict.fromkeys(paths, NEW))
    assert _content(paths) == {NEW} and _beside(tmp_path, paths) == []


# Links, folders and devices as outputs


def test_a_link_as_output_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    path, book = _set_out(_linked, tmp_path, before=True)
    write_all({path: NEW, book: NEW})
    assert path.is_symlink() and (tmp_path / "public" / "a.pdf").read_bytes() == NEW
    loop = tmp_path / "loop.pdf"
    loop.symlink_to("loop.pdf")
    for wrong in (loop, tmp_path / "public"):
        with pytest.raises(OSError, match=str(wrong)):
            write_all({wrong: NEW})


# Several processes


def test_processes_that_write_the_same_outputs_leave_the_whole_set_of_one(tmp_path: Path) -> None:
    paths = _set_out(_two_folders, tmp_path, before=True)
    children = []
    for number in range(4):
        child = os.fork()
        if not child:
            try:
                for _ in range(10):
                    write_all(dict.fromkeys(paths, bytes([65 + number]) * 9))
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert len(_content(paths)) == 1 and _beside(tmp_path, paths) == []


def test_what_a_living_process_writes_is_waited_for_and_not_undone(tmp_path: Path) -> None:
    paths = _set_out(_one_folder, tmp_path, before=True)

    class Waited(Exception):
        pass

    def check() -> None:
        seen.append((tmp_path / NAME).read_bytes())
        if len(seen) > 2:
            raise Waited

    def look() -> None:
        with pytest.raises(Waited):
            mend(paths, check)
        with pytest.raises(Waited):
            write_all(dict.fromkeys(paths, b"other"), check)

    seen: list[bytes] = []
    with counted(Disk(at=_calls(_one_folder, tmp_path, before=True) // 2, act=look)):
        write_all(dict.fromkeys(paths, NEW))
    assert len(seen) > 2 and all(seen)
    assert _content(paths) == {NEW} and _beside(tmp_path, paths) == []


@pytest.mark.parametrize(
    "names",
    [["../victim"], ["/etc/victim"], [".."], ["a/b"], [7], ["a\0b"]],
    ids=["up", "root", "parent", "deep", "number", "nul"],
)
def test_a_journal_that_came_with_a_folder_reaches_nothing_outside_it(names: list[object], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "victim").write_bytes(OLD)
    token = "0123456789abcdef"
    record = {"token": token, "folders": [str(home)], "entries": [{"name": name, "existed": False} for name in names]}
    for state in "ru":
        (home / f".publisher-{token}-0.new").write_bytes(b"bad")
        (home / NAME).write_bytes(state.encode() + json.dumps(record).encode())
        mend([home / "a.pdf"])
        assert (tmp_path / "victim").read_bytes() == OLD and not (home / NAME).exists()


@pytest.mark.parametrize("content", [b"", b"w", b"r{", b"x{}", b"r[]", b"r" + b"[" * 100_000])
def test_a_journal_that_was_cut_short_is_removed(content: bytes, tmp_path: Path) -> None:
    paths = _set_out(_one_folder, tmp_path, before=True)
    (tmp_path / NAME).write_bytes(content)
    mend(paths)
    assert _content(paths) == {OLD} and _beside(tmp_path, paths) == []


def test_a_pipe_or_a_link_with_the_name_of_a_journal_is_an_error_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(PublisherError) as raised:
        disk.mend([tmp_path / "a.pdf"])
    assert str(tmp_path / "a.pdf") in str(raised.value)
    (tmp_path / NAME).unlink()
    (tmp_path / "other").write_bytes(OLD)
    (tmp_path / NAME).symlink_to("other")
    with pytest.raises(PublisherError):
        disk.write({tmp_path / "a.pdf": NEW})
    assert (tmp_path / "other").read_bytes() == OLD


def test_content_is_on_the_disk_before_its_name_and_names_before_the_journal_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _set_out(_one_folder, tmp_path, before=True)
    steps: list[str] = []

    def record(name: str, of: Callable[..., str]) -> None:
        call = getattr(os, name)

        def recorded(*values: Any, **options: Any) -> Any:
            steps.append(of(*values))
            return call(*values, **options)

        monkeypatch.setattr(os, name, recorded)

    record("fsync", lambda handle: f"sync {Path(f'/proc/self/fd/{handle}').readlink().suffix or 'names'}")
    record("replace", lambda path, target: f"rename to {Path(target).suffix}")
    record("unlink", lambda path, **_: f"remove {Path(path).suffix or 'journal'}")
    write_all(dict.fromkeys(paths, NEW))
    assert steps == [
        "sync .new", "sync .new", "sync names", "sync names", "sync names", "rename to .pdf", "rename to .epub", "sync names",
        *["remove .new", "remove .old"] * 2, "remove journal",
    ]  # fmt: skip


# Temporary files


def _leave_a_folder() -> None:
    (scratch.folder() / "font").write_bytes(NEW)
    os.kill(os.getpid(), signal.SIGKILL)


def test_temporary_files_of_a_killed_process_are_swept_and_those_of_a_living_one_or_of_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_own", {})
    assert in_child(_leave_a_folder) == -signal.SIGKILL and len(list(tmp_path.glob("*/font"))) == 1
    own = scratch.folder()
    others = [tmp_path / "publisher-notes", tmp_path / "publisher-run-file", tmp_path / "weasyprint-x"]
    others[0].mkdir()
    others[1].write_bytes(OLD)
    others[2].mkdir()
    (tmp_path / "publisher-run-link").symlink_to(others[0])
    assert in_child(scratch.sweep) == 0
    assert set(tmp_path.iterdir()) == {own, *others, tmp_path / "publisher-run-link"}
    scratch.remove()
    assert not own.exists()


def test_a_folder_that_somebody_has_removed_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_own", {})
    before = scratch.folder()
    before.rmdir()
    assert scratch.folder().is_dir() and scratch.folder() != before
    scratch.remove()


def test_a_folder_that_was_taken_for_a_leftover_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_own", {})
    flock, calls = fcntl.flock, []

    def late(handle: int, operation: int) -> None:
        calls.append(handle)
        if len(calls) == 1:
            next(tmp_path.iterdir()).rmdir()
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    assert scratch.folder().is_dir() and len(calls) == 2
    scratch.remove()


@pytest.mark.slow
@pytest.mark.parametrize("length", [60, 75, 200])
def test_workers_start_however_long_the_path_of_the_folder_for_temporary_files_is(length: int, tmp_path: Path) -> None:
    place = Path("/tmp") / ("t" * (length - len("/tmp/")))
    place.mkdir(exist_ok=True)
    for name in "abcd":
        (tmp_path / f"{name}.md").write_text(f"# Lock {name}\n\n{'Barges passed the lock. ' * 400}\n")
    command = [sys.executable, "-m", "publisher", "build", ".", "-o", "x.pdf", "-j", "2", "--no-cache"]
    environment = {**os.environ, "TMPDIR": str(place)}
    try:
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        assert list(place.iterdir()) == []
    finally:
        shutil.rmtree(place)


def test_a_folder_with_a_long_path_is_not_used_where_a_short_one_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = tmp_path / "s"
    for place in (short, tmp_path / ("long" * 9)):
        place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 9)))
    monkeypatch.setattr(scratch, "_SHORT", str(short))
    monkeypatch.setattr(scratch, "_own", {})
    (short / "publisher-run-left").mkdir()  # by a process that was killed
    for _ in range(2):
        with scratch.temporary_files(len(str(short)) + 30):
            own = Path(tempfile.gettempdir())
            assert own.parent == short and list(short.iterdir()) == [own]
    scratch.remove()
    assert list(short.iterdir()) == [] == list((tmp_path / ("long" * 9)).iterdir())


def test_a_disk_that_is_full_of_temporary_files_is_an_error_that_names_their_folder(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({"a.md": "# A\n\nBarges passed the lock.\n"})
    monkeypatch.setattr(scratch, "folder", lambda: refusing(errno.ENOSPC, 1).act())
    monkeypatch.setattr(engine, "_fonts", engine._Fonts)
    monkeypatch.setattr(engine, "_stylesheet", engine._stylesheet.__wrapped__)
    run = publisher("build", "a.md", "-o", "a.pdf", "--no-cache")
    assert run.code == 1 and "cannot write temporary files: No space left on device [temporary-files]" in run.err
    assert tempfile.gettempdir() in run.err


# The cache


KEY = "ab" * 32


def test_an_entry_whose_process_was_killed_is_a_miss_and_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for at in range(1, 9):
        with_disk = killing(at)

        def put(with_disk: Disk = with_disk) -> None:
            with counted(with_disk):
                cache.put(KEY, NEW)

        in_child(put)
        assert cache.get(KEY) in (None, NEW)
        cache.put(KEY, NEW)
        assert cache.get(KEY) == NEW and [path.name for path in tmp_path.glob("*/*")] == [KEY[2:]]
        (tmp_path / KEY[:2] / KEY[2:]).unlink()


def test_a_full_disk_costs_the_cache_only(edition: Callable[..., Path], publisher: Callable[..., Run], tmp_path: Path) -> None:
    home = edition({"a.md": "# A\n\nBarges passed the lock.\n"})
    (home / "cache").mkdir()
    with mock.patch.object(Cache, "_write", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        run = publisher("build", "a.md", "-o", "a.epub", "--cache", "cache")
    assert run.code == 0 and "the cache cache cannot be written: No space left on device [cache]" in run.err
    assert (home / "a.epub").exists()


def test_an_entry_that_does_not_fit_leaves_nothing_and_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    path = tmp_path / "cache" / KEY[:2] / KEY[2:]
    path.parent.mkdir(parents=True)
    (tmp_path / "victim").write_bytes(OLD)
    path.symlink_to(tmp_path / "victim")
    cache.put(KEY, NEW)
    assert cache.get(KEY) == NEW and (tmp_path / "victim").read_bytes() == OLD
    with mock.patch("builtins.open"), mock.patch.object(Path, "open", lambda path, mode: _Full(path.touch())):
        cache.put(KEY, OLD)
    assert "No space" in cache.trouble and not path.exists()


class _Full:
    """A file on a full disk."""

    def __init__(self, _: None) -> None: ...

    def __enter__(self) -> _Full:
        return self

    def __exit__(self, *_: object) -> None: ...

    def write(self, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


# Ctrl-C and SIGTERM


@pytest.fixture
def interruptible() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in interrupts.INTERRUPTS}
    for number in before:
        signal.signal(number, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", interrupts.INTERRUPTS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_interrupt_at_any_call_ends_with_the_old_outputs_or_comes_too_late(
    layout: Callable[[Path], list[Path]], number: signal.Signals, tmp_path: Path, interruptible: None
) -> None:
    (tmp_path / "0").mkdir()
    calls, outcomes = _calls(layout, tmp_path / "0", before=True), set()
    for at in range(1, calls + 1):
        home = tmp_path / str(at)
        home.mkdir()
        paths = _set_out(layout, home, before=True)
        interrupted = False
        with counted(Disk(at, lambda: signal.raise_signal(number))):
            try:
                with interrupts.held() as check:
                    write_outputs(Report({path: Output(NEW) for path in paths}), check)
            except KeyboardInterrupt:
                interrupted = True
        assert _content(paths) == {OLD if interrupted else NEW} and _beside(home, paths) == [], at
        outcomes.add(interrupted)
    assert outcomes == {True, False}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_interrupt_in_a_program_that_uses_the_library_takes_all_back(
    layout: Callable[[Path], list[Path]], tmp_path: Path, interruptible: None
) -> None:
    (tmp_path / "0").mkdir()
    calls = _calls(layout, tmp_path / "0", before=True)
    for at in range(1, calls + 1):
        home = tmp_path / str(at)
        home.mkdir()
        paths = _set_out(layout, home, before=True)
        with counted(Disk(at, lambda: signal.raise_signal(signal.SIGINT))), pytest.raises(KeyboardInterrupt):
            write_all(dict.fromkeys(paths, NEW))
        mend(paths)
        assert _content(paths) in ({OLD}, {NEW}) and _beside(home, paths) == [], at


def test_signals_that_a_program_handles_itself_stay_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        with interrupts.held() as check:
            signal.raise_signal(signal.SIGTERM)
            check()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert came == [signal.SIGTERM]


@pytest.mark.parametrize("instant", ["main:publisher.build.build", "server:publisher.writers.pdf.structure_fixes"])
def test_sigterm_ends_a_build_as_ctrl_c_does(instant: str, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"a{number:02}.md").write_text(f"# A{number}\n\n{'Words and words of an article. ' * 300}\n")
    command = [sys.executable, "-m", "publisher", "build", str(tmp_path), "-o", str(tmp_path / "x.pdf"), "-j", "2", "--no-cache"]
    with tempfile.TemporaryDirectory(prefix="t") as temporary:  # a short name: a socket is in it
        environment = {**interrupting.environment(tmp_path, instant, signal.SIGTERM), "TMPDIR": temporary}
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment)
        _, messages = process.communicate(timeout=120)
        assert list(Path(temporary).iterdir()) == []
    assert (tmp_path / "mark").exists(), messages
    assert (process.returncode, messages.strip()) == (130, "interrupted; nothing was written")
    assert not list(tmp_path.glob("*x.pdf*")) and not (tmp_path / NAME).exists()


@pytest.mark.slow
@pytest.mark.parametrize("refusal", REFUSALS, ids=errno.errorcode.get)
def test_a_disk_that_refuses_any_call_of_a_build_ends_in_old_or_new_outputs_and_no_bug(
    refusal: int, edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    home = edition({"a.md": "# A\n\nBarges passed the lock.\n"})
    book = home / "dist" / "a.epub"
    command = ("build", "a.md", "-o", "dist/a.epub", "--cache", "cache", "-j", "1")
    with counted(Disk()) as count:
        assert publisher(*command).code == 0
    whole, refused = book.read_bytes(), 0
    for at in range(1, count.count + 1):
        shutil.rmtree(home / "cache", ignore_errors=True)
        book.write_bytes(OLD)
        with counted(refusing(refusal, at)):
            run = publisher(*command)
        assert run.code in (0, 1), run.err
        assert book.read_bytes() == (whole if run.code == 0 else OLD)
        if run.code:
            refused += 1
            named = ("dist/a.epub: error: cannot write: ", "[temporary-files]", "a.md cannot be read: ")
            assert any(message in run.err for message in named)
        disk.mend([book])  # where tidying up was refused
        assert [path.name for path in book.parent.iterdir()] == [book.name]
    assert refused
