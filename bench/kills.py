"""Kills builds at points spread over all they ask of the file system, and looks at what the next command leaves.

    python bench/kills.py [KILLS]          (default: 500)

Nothing waits for a clock: a build runs in a process that forks from this one, counts its calls (files opened for writing,
writes, fsync, renames, links, removals, folders), and kills itself at the Nth. A fifth of the kills is spread over a whole build
without anything kept, the rest over a build of which all is kept, which mostly writes. The next command is in turn what `check`
does first, `build --dry-run` and `build`. Outputs that are damaged are counted, pairs that are mixed, and what is left beside the
outputs, in the cache and among temporary files.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from importlib import import_module
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.faulting import Disk, counted, in_child, killing

from publisher.cli import main
from publisher.model.disk import mend
from publisher.store.cache import Cache
from publisher.store.scratch import sweep

_MANIFEST = """[edition]
title = "Harbor notes"
date = 2026-03-17
[[section]]
articles = ["lock.md", "ferry.md"]
[outputs."{pdf}"]
[outputs."{epub}"]
"""
_LAYOUTS = {"one folder": ("dist/a.pdf", "dist/b.epub"), "two folders": ("print/a.pdf", "web/b.epub")}
_AUDITED = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.utime"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Harbor:
    """An edition with two states of its text, in a folder of its own, with the outputs of each state."""

    home: Path
    layout: tuple[str, str]
    wanted: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def outputs(self) -> list[Path]:
        return [self.home / name for name in self.layout]

    def set_text(self, state: int) -> None:
        (self.home / "lock.md").write_text(
            f"# The lock opens\n\nBarges [passed](https://example.org/log) it at {7 + state}.\n", "utf-8"
        )

    def set_up(self) -> None:
        """Writes the manuscripts, and builds both states once: what is kept of them is in `kept`."""
        self.home.mkdir(parents=True)
        (self.home / "publisher.toml").write_text(_MANIFEST.format(pdf=self.layout[0], epub=self.layout[1]), "utf-8")
        (self.home / "ferry.md").write_text(
            "# The ferry waits\n\nFog lay on the harbor.[^1]\n\n[^1]: Log of the harbor.\n", "utf-8"
        )
        for state in (0, 1):
            self.set_text(state)
            assert run("build", str(self.home), "-j", "1", "--cache", str(self.home / "kept")) == 0
            pdf, epub = (path.read_bytes() for path in self.outputs)
            self.wanted.append((pdf, epub))

    def reset(self, *, warm: bool) -> None:
        """The outputs of the first state beside the text of the second; with `warm`, a cache in which both are."""
        self.set_text(1)
        for path, data in zip(self.outputs, self.wanted[0], strict=True):
            path.write_bytes(data)
        shutil.rmtree(self.home / "cache", ignore_errors=True)
        if warm:
            shutil.copytree(self.home / "kept", self.home / "cache")

    def build(self, *options: str) -> int:
        return run("build", str(self.home), "-j", "1", "--cache", str(self.home / "cache"), *options)

    def faults(self, cache: Cache) -> list[str]:
        """What is wrong now."""
        pair = tuple(path.read_bytes() if path.exists() else b"" for path in self.outputs)
        known = [{wanted[place] for wanted in self.wanted} for place in (0, 1)]
        found = []
        if any(data not in whole for data, whole in zip(pair, known, strict=True)):
            found.append("damaged")
        elif pair not in self.wanted:
            found.append("mixed")
        own = {*self.outputs, *(self.home / name for name in ("publisher.toml", "lock.md", "ferry.md"))}
        entries = {path for _, _, path in cache._entries()}
        left = [
            path for path in self.home.rglob("*")
            if path.is_file() and path not in own | entries and (self.home / "kept") not in path.parents
        ]  # fmt: skip
        return found + [f"left: {path.name}" for path in [*left, *Path(tempfile.gettempdir()).iterdir()]]


def warm_up(harbor: Harbor) -> None:
    """Imports what a build imports, so that those that fork from this process need not."""
    reader, writer = os.pipe()

    def work() -> None:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            main(["build", str(harbor.home), "-j", "1", "--no-cache", "--dry-run"])
        os.write(writer, " ".join(sorted(sys.modules)).encode()[:60_000])  # less than a pipe holds
        finish(0)

    in_child(work)
    for name in os.read(reader, 60_000).decode().split():
        with suppress(ImportError):
            import_module(name)


def run(*arguments: str) -> int:
    """The exit code of a command in a process of its own, which forks from this one."""
    child = os.fork()
    if not child:
        code = 70
        try:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                code = main(list(arguments))
        finally:
            finish(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def finish(code: int) -> None:
    """Ends a process that forked, as an ordinary one ends: what stands in for its exit handlers is done."""
    from publisher.store.scratch import remove

    remove()
    os._exit(code)


def counting(work: Callable[[], object], disk: Disk) -> None:
    """Does `work`, every change of the file system that it asks for counted, also by the libraries."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        flags = arguments[2] if event == "open" else 0
        if event in _AUDITED or (isinstance(flags, int) and flags & _WRITING):
            disk.call(lambda: None)()

    sys.addaudithook(hook)
    with counted(disk):
        work()


def calls_of(harbor: Harbor, *, warm: bool) -> int:
    """How many calls a build makes."""
    harbor.reset(warm=warm)
    reader, writer = os.pipe()

    def work() -> None:
        disk = Disk()
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            counting(harbor_build, disk)
        os.write(writer, str(disk.count).encode())
        finish(0)

    def harbor_build() -> None:
        main(["build", str(harbor.home), "-j", "1", "--cache", str(harbor.home / "cache")])

    assert in_child(work) == 0
    count = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    return count


def kill(harbor: Harbor, at: int, number: int, *, warm: bool) -> list[str]:
    """Kills a build at call `at`; what is wrong after the next command, which is another one with each `number`."""
    harbor.reset(warm=warm)

    def work() -> None:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            counting(lambda: main(["build", str(harbor.home), "-j", "1", "--cache", str(harbor.home / "cache")]), killing(at))

    if in_child(work) != -signal.SIGKILL:
        return ["not killed"]
    mixed = tuple(path.read_bytes() for path in harbor.outputs) not in harbor.wanted
    if number % 3 == 0:
        code = in_child(lambda: (mend(harbor.outputs), sweep()))
    else:
        code = harbor.build("--dry-run") if number % 3 == 1 else harbor.build()
    found = harbor.faults(Cache(harbor.home / "cache"))
    if number % 3 == 2 and tuple(path.read_bytes() for path in harbor.outputs) != harbor.wanted[1]:
        found.append("a build that wrote nothing")
    return [*found, *([f"exit code {code}"] if code else []), *(["(mixed before the next command)"] if mixed else [])]


def report(kills: int) -> int:
    """Kills so many builds; prints the figures. The exit code is 1 if anything is wrong."""
    faults: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="kills-") as top:
        (Path(top) / "tmp").mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(Path(top) / "tmp")
        harbors = {name: Harbor(Path(top) / name, layout) for name, layout in _LAYOUTS.items()}
        number = 0
        for name, harbor in harbors.items():
            harbor.set_up()
            warm_up(harbor)
            for warm, share in ((False, kills // 10), (True, kills // 2 - kills // 10)):
                calls = calls_of(harbor, warm=warm)
                print(f"{name}, {'all kept' if warm else 'nothing kept'}: {calls} calls, {share} kills", flush=True)
                for index in range(share):
                    at = 1 + index % calls if warm else 1 + index * calls // share
                    found = kill(harbor, at, number, warm=warm)
                    number += 1
                    faults.update(found)
                    for fault in found:
                        if not fault.startswith("("):
                            print(f"  call {at}: {fault}", flush=True)
    print(f"{number} kills; {faults.pop('(mixed before the next command)', 0)} pairs were mixed until the next command")
    print(f"after it: {sum(faults.values())} faults {dict(faults) or ''}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(report(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
