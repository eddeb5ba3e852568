"""`--log-format json`: each line is an object of the published schema. conftest.log_lines holds every run of every test to it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import publisher.cli
from publisher.cli import console, log_schema
from publisher.model.diagnostics import Exit
from publisher.model.events import Done, Started, as_dict
from tests import interrupting
from tests.conftest import ROOT, Run, log_lines

Edition = Callable[..., Path]
Publisher = Callable[..., Run]

STORY = "# Gate opens\n\nThe gate at the weir opens on Monday, as [the council](https://example.org/c) decided.\n"
ALL = ("--log-format", "json")


def lines_of(run: Run, event: str = "") -> list[dict[str, Any]]:
    lines = log_lines(run.err, run.code)
    return [line for line in lines if event in ("", line["event"])]


def test_the_schema_in_the_package_is_that_of_the_events(request: pytest.FixtureRequest) -> None:
    path = Path(publisher.cli.__file__).with_name("log.schema.json")
    text = json.dumps(log_schema.schema(), indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--update"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, "run pytest --update and read the change"
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize(
    "line",
    [
        {"event": "start", "command": "build", "version": "1"},
        {"event": "done", "exit_code": 9, "meaning": "done", "ms": 1},
        {"event": "done", "exit_code": 0, "meaning": "done", "ms": -1},
        {"event": "stage"},
        {**as_dict(Started("build", "1", ())), "more": 1},
    ],
)
def test_the_schema_refuses_other_lines(line: dict[str, Any]) -> None:
    assert not jsonschema.Draft202012Validator(log_schema.schema()).is_valid(line)


@pytest.mark.parametrize(
    ("file", "table"), [("README.md", log_schema.exit_code_table), ("docs/reference.md", log_schema.event_table)]
)
def test_the_tables_of_docs_are_those_of_the_code(file: str, table: Callable[[], str], request: pytest.FixtureRequest) -> None:
    path, made = ROOT / file, table()
    text = path.read_text("utf-8")
    start = text.index(made.partition("\n")[0])
    end = text.index("\n\n", start)
    if request.config.getoption("--update"):
        path.write_text(text[:start] + made + text[end:], "utf-8")
        text = path.read_text("utf-8")
    assert made + "\n\n" in text, "run pytest --update and read the change"


def test_every_exit_code_is_in_the_table_and_in_the_help(publisher: Publisher) -> None:
    assert set(console.EXIT_CODES) == set(Exit)
    shown = publisher("--help").out
    for code, meaning in console.EXIT_CODES.items():
        assert f"  {int(code)} " in shown and meaning in shown


def test_the_order_of_exit_codes_is_that_of_the_docs() -> None:
    order = ", ".join(str(int(code)) for code in console.PRECEDENCE if code)
    assert f"If several codes apply, the first of {order} is used." in (ROOT / "README.md").read_text("utf-8")


def test_a_build_logs_what_it_reads_sets_and_writes(edition: Edition, publisher: Publisher) -> None:
    home = edition({"a.md": STORY, "b.md": "# Lock closed\n\nThe lock is closed.\n"})
    run = publisher("build", "a.md", "b.md", "-o", "x.pdf", "-o", "x.epub", "--no-cache", *ALL)
    lines = lines_of(run)
    assert not run.out and lines[0] == as_dict(Started("build", publisher_version(), ("a.md", "b.md")))
    assert lines[1] == {"event": "plan", "articles": 2, "outputs": ["x.pdf", "x.epub"]}
    read = [(line["path"], line["format"], line["articles"], line["words"], line["cached"]) for line in lines_of(run, "article")]
    assert read == [("a.md", "md", 1, 14, False), ("b.md", "md", 1, 6, False)]
    sheets = lines_of(run, "sheet")
    assert sheets[0]["articles"] == ["a", "b"] and sheets[0]["pages"] == 1 and not sheets[0]["cached"] and sheets[0]["ms"] > 0
    for line in lines_of(run, "output"):
        data = (home / line["path"]).read_bytes()
        assert (line["written"], line["bytes"], line["sha256"]) == (True, len(data), hashlib.sha256(data).hexdigest())
        assert line["pages"] == (1 if line["path"] == "x.pdf" else 0) and not line["cached"] and line["ms"] > 0
    assert lines_of(run, "result")[-1]["articles"] == 2 and lines[-1]["meaning"] == "done"


def publisher_version() -> str:
    return publisher.cli.__version__


def test_what_comes_from_the_cache_is_marked(edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    home = edition({"a.md": STORY})
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    first, second = (publisher("build", "a.md", "-o", "x.pdf", *ALL) for _ in range(2))
    third = publisher("build", "a.md", "-o", "x.pdf", "-p", "A5", *ALL)
    for event in ("article", "output"):
        assert [line["cached"] for run in (first, second) for line in lines_of(run, event)] == [False, True], event
    assert not lines_of(second, "sheet") and {line["cached"] for line in lines_of(third, "sheet")} == {False}
    assert [line["ms"] for line in lines_of(second, "article")] == [0]


def test_check_and_a_dry_run_say_that_nothing_was_written(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": STORY})
    assert [line["written"] for line in lines_of(publisher("build", "a.md", "-o", "x.epub", "--dry-run", *ALL), "output")] == [
        False
    ]
    assert {line["written"] for line in lines_of(publisher("check", "a.md", *ALL), "output")} == {False}


def test_what_is_left_out_is_named_with_the_code(edition: Edition, publisher: Publisher) -> None:
    feed = (
        '<rss version="2.0"><channel><title>F</title>'
        + "".join(
            f"<item><title>{title}</title><guid>{title}</guid><link>https://example.org/{link}</link>"
            f"<description>{'Words of the story. ' * 20}</description></item>"
            for title, link in (("Gate opens", "g"), ("EMBARGO: Weir", "w"))
        )
        + "</channel></rss>"
    )
    manifest = '[edition]\ntitle = "T"\n[[section]]\narticles = ["f.xml", "g.xml", "cut.docx", "none.md"]\n[outputs."x.epub"]\n'
    held = '{"uri": "x", "headline": "Held", "pubstatus": "withheld", "body_text": "Words of the story."}'
    edition({"publisher.toml": manifest, "f.xml": feed, "g.xml": feed, "cut.docx": b"PK\x03\x04 cut", "h.json": held})
    run = publisher("build", "--keep-going", *ALL)
    skipped = {(line["path"], line["title"], line["code"]) for line in lines_of(run, "skipped")}
    assert run.code == 6 and {("none.md", "", "file-missing"), ("g.xml", "Gate opens", "story-repeated")} <= skipped
    assert any(path == "cut.docx" and code for path, _, code in skipped)


def test_an_article_that_typesetting_loses_is_skipped_too(
    edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from publisher.writers.epub import chapter_body

    def fail(entry: Any, *rest: Any) -> str:
        return str(1 / 0) if entry.slug == "b" else chapter_body(entry, *rest)

    monkeypatch.setattr(sys.modules["publisher.writers.epub"], "chapter_body", fail)
    edition({"a.md": STORY, "b.md": "# Lock closed\n\nThe lock is closed.\n"})
    run = publisher("build", "a.md", "b.md", "-o", "x.epub", "--keep-going", "--no-cache", *ALL)
    assert [(line["path"], line["title"]) for line in lines_of(run, "skipped")] == [("b.md", "Lock closed")] and run.code == 6


def test_the_keys_of_a_message_are_as_before(edition: Edition, publisher: Publisher) -> None:
    edition({"a.md": "# A\n\n![alt](none.png)\n"})
    (message,) = lines_of(publisher("build", "a.md", "-o", "x.epub", *ALL), "message")
    assert list(message) == ["event", "severity", "code", "message", "hint", "file", "line", "column"]
    assert (message["severity"], message["code"], message["file"], message["line"]) == ("warning", "image-missing", "a.md", 3)


@pytest.mark.parametrize(
    ("arguments", "command", "code"),
    [
        (["build", "--titel", "x"], "build", 2),
        (["bild"], "", 2),
        (["build", "none.md"], "build", 1),
        (["check", "none.pdf"], "check", 1),
        (["tree", "none.md"], "tree", 1),
        (["sources", "none.toml"], "sources", 1),
        (["fetch", "none.txt", "--into", "clips"], "fetch", 1),
        (["fetch"], "fetch", 2),
        (["new", "."], "new", 1),
        (["build", "a.md", "-q", "-v"], "build", 2),
    ],
)
def test_errors_of_every_command_are_lines_too(
    arguments: list[str], command: str, code: int, edition: Edition, publisher: Publisher
) -> None:
    edition({"publisher.toml": "", "a.md": STORY})
    run = publisher(*arguments, *ALL)
    start, *messages, done = lines_of(run)
    assert (start["command"], run.code, done["exit_code"]) == (command, code, code)
    assert any(line["event"] == "message" and line["severity"] == "error" for line in messages)
    assert code != 2 or messages[-1]["code"] == "usage"


def test_commands_that_print_a_document_log_beside_it(edition: Edition, publisher: Publisher) -> None:
    home = edition({"a.md": STORY})
    run = publisher("tree", "a.md", *ALL)
    assert run.out.startswith("<article") and lines_of(run, "result")[0]["format"] == "md"
    run = publisher("sources", "a.md", *ALL)
    assert json.loads(run.out)[0]["URL"] == "https://example.org/c" and len(lines_of(run, "article")) == 1
    run = publisher("new", "week", *ALL)
    assert not run.out and lines_of(run, "result")[0]["path"] == "week/publisher.toml"
    assert not publisher("clean", "--cache", home / "cache", *ALL).out


def test_a_bug_is_a_message_and_the_exit_code_is_in_the_last_line(
    edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["publisher.cli.build"], "make_report", lambda *_: 1 / 0)
    edition({"a.md": STORY})
    run = publisher("build", "a.md", *ALL)
    (message,) = lines_of(run, "message")
    assert run.code == 70 and message["code"] == "bug" and "ZeroDivisionError" in message["message"] and "trace" not in message
    monkeypatch.setenv("PUBLISHER_TRACEBACK", "1")
    assert "Traceback" in lines_of(publisher("build", "a.md", *ALL), "message")[0]["trace"]


@pytest.mark.parametrize(
    "module", ["publisher.cli.build", "publisher.cli.console", "publisher.build.plan", "publisher.writers.cover"]
)
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_says_so_in_lines_wherever_it_is(
    module: str, by: signal.Signals, edition: Edition, tmp_path: Path
) -> None:
    edition({"a.md": STORY})
    command = [sys.executable, "-m", "publisher", "build", "a.md", "-o", "x.epub", "--no-cache", *ALL]
    environment = interrupting.environment(tmp_path, f"main:{module}", by)
    process = subprocess.run(command, env=environment, capture_output=True, text=True, start_new_session=True)
    assert (tmp_path / "mark").exists() and process.returncode == 130
    assert [line["code"] for line in log_lines(process.stderr, 130) if line["event"] == "message"] == ["interrupted"]


def test_secrets_of_addresses_are_not_logged(edition: Edition, publisher: Publisher) -> None:
    edition({})
    run = publisher("fetch", "https://user:hidden@127.0.0.1:9/x?token=hidden", "--into", "clips", *ALL)
    assert "hidden" not in run.err and "127.0.0.1" in lines_of(run)[0]["inputs"][0]


def test_a_reader_that_ends_early_is_no_error(edition: Edition) -> None:
    edition({f"{number}.md": STORY for number in range(3)})
    command = f"{sys.executable} -m publisher check . --log-format json 2>&1 | head -1; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=dict(os.environ))
    assert run.stdout.splitlines()[1:] == ["0"] and not run.stderr


def test_the_last_line_is_written_once() -> None:
    from publisher.cli.log import Log

    log = Log(["--log-format", "json"])
    log.end(0, "done")
    log.end(130, "x")
    assert log.exit_code == 130 and Done.NAME == "done"
