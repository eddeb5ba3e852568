"""Shared by the tests: where things are, how to run the command, and `--update` for transcripts and goldens."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "manuscripts" / "sample-brief"
SHARED = ROOT.parent / "shared"


class Run(NamedTuple):
    code: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite transcripts and goldens with what comes out now")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine says of proxies and passwords is not for the servers of the tests."""
    for name in list(os.environ):
        if name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "netrc", "publisher_fetch_headers"):
            monkeypatch.delenv(name)


@pytest.fixture
def ace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ace, as set-up.sh installs it for the tests, on the path."""
    monkeypatch.setenv("PATH", f"{ROOT / 'tests' / 'reading' / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpora and judges that CI and developers have; users do not."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the shared folder is missing on CI")
        pytest.skip("the shared folder is not on this machine")
    return SHARED


@cache
def _log_validator() -> Draft202012Validator:
    from publisher.cli.log_schema import schema

    return Draft202012Validator(schema())


def log_lines(err: str, code: int) -> list[dict[str, Any]]:
    """The lines of `--log-format json`: each is as the schema says, the first is `start`, the last is `done`."""
    lines = [json.loads(line) for line in err.splitlines()]
    for line in lines:
        _log_validator().validate(line)
    assert [line["event"] for line in lines].count("done") == 1 and (lines[-1]["event"], lines[-1]["exit_code"]) == ("done", code)
    assert lines[0]["event"] == "start"
    return lines


@pytest.fixture
def publisher(capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Runs the command line in this process."""
    from publisher.cli import main

    def run(*arguments: str | Path) -> Run:
        capfd.readouterr()
        code = main([str(one) for one in arguments])
        captured = capfd.readouterr()
        if "--log-format json" in " ".join(map(str, arguments)):
            log_lines(captured.err, code)
        return Run(int(code), captured.out, captured.err)

    return run


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes files into an empty folder and goes there: `edition({"a.md": "…"})`."""
    monkeypatch.chdir(tmp_path)

    def write(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write
