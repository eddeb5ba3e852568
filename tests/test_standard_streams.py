"""`-`: a manuscript on standard input, an output on standard output."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from tests.conftest import Run, log_lines

Edition = Callable[..., Path]
Publisher = Callable[..., Run]

STORY = "# Gate opens\n\nThe gate opens, [the council](https://example.org/c) decided.\n\n![map](map.png)\n"
PAGE = "<!doctype html><title>Gate</title><body><article><h1>Gate opens</h1><p>The gate at the weir opens.</p></article>"
WIRE = "Gate opens\n\nBy Mara Ennis\n\nTHE WEIR (EA) -- The gate opens on Monday.\n"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Lets a text stand on standard input."""

    def put(text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    return put


def run(*arguments: str, data: str = STORY) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "publisher", *arguments], input=data.encode(), capture_output=True)


@pytest.mark.parametrize(("text", "kind"), [(STORY, "md"), (PAGE, "html"), (WIRE, "txt"), ("", "")])
def test_the_format_of_standard_input_is_known_by_its_content(
    text: str, kind: str, typed: Callable[[str], None], edition: Edition, publisher: Publisher
) -> None:
    edition({})
    typed(text)
    result = publisher("tree", "-")
    if not text:
        assert result.code == 1 and "stdin.txt: error: the manuscript is empty" in result.err
        return
    assert result.code == 0 and f"stdin.{kind}: read as {kind}\n" in result.err and "<h1>Gate opens</h1>" in result.out
    assert "its content says so" not in result.err


def test_the_format_can_be_stated_as_the_suffix_of_a_file_would(
    typed: Callable[[str], None], edition: Edition, publisher: Publisher
) -> None:
    edition({})
    typed("Gate\n====\n\nThe *gate*.\n")
    assert "<em>gate</em>" in publisher("tree", "-", "--from", "rst", "--to", "xhtml").out
    typed("Gate *opens*\n")
    assert "<em>opens</em>" in publisher("tree", "-", "-f", "md").out
    typed("x")
    assert "unknown input format 'nonsense'; the formats are txt, md" in publisher("tree", "-", "-f", "nonsense").err


def test_files_that_it_names_are_looked_for_in_the_current_folder(
    typed: Callable[[str], None], edition: Edition, publisher: Publisher
) -> None:
    image = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 120, 0)).save(image, "PNG")
    edition({"map.png": image.getvalue()})
    typed(STORY)
    assert publisher("check", "-").err == ""
    (Path("map.png")).unlink()
    typed(STORY)
    assert "stdin.md:5: warning: image not found: map.png" in publisher("check", "-").err


def test_no_sidecar_and_no_file_is_taken_for_it(typed: Callable[[str], None], edition: Edition, publisher: Publisher) -> None:
    home = edition({"stdin.md": "# Another\n\nFile.\n", "stdin-2.toml": 'title = "No"\n'})
    typed(STORY)
    assert "stdin-2.md: read as md" in publisher("tree", "-", "stdin.md").err
    typed(STORY)
    result = publisher("build", "-", "stdin.md", "-o", "x.epub")
    assert result.code == 0 and result.out.splitlines()[-1].startswith("2 articles") and (home / "x.epub").exists()


def test_a_build_from_standard_input_is_that_of_the_file(edition: Edition) -> None:
    home = edition({"in/stdin.md": STORY})
    assert run("build", "-", "-o", "a.epub").returncode == 0
    result = subprocess.run([sys.executable, "-m", "publisher", "build", "stdin.md", "-o", "../b.epub"], cwd=home / "in")
    assert result.returncode == 0 and (home / "a.epub").read_bytes() == (home / "b.epub").read_bytes()


@pytest.mark.parametrize(("form", "signature"), [("pdf", b"%PDF-"), ("epub", b"PK\x03\x04")])
def test_an_output_on_standard_output_has_the_same_bytes(form: str, signature: bytes, edition: Edition) -> None:
    home = edition({"a.md": STORY})
    result = run("build", "a.md", "-o", "-", "--to", form)
    assert run("build", "a.md", "-o", f"a.{form}").returncode == 0
    assert result.returncode == 0 and result.stdout.startswith(signature) and result.stdout == (home / f"a.{form}").read_bytes()
    assert b"wrote - (" in result.stderr and b"1 article" in result.stderr
    assert sorted(path.name for path in home.iterdir()) == sorted(["a.md", f"a.{form}"])


def test_through_a_pipe_and_as_json(edition: Edition) -> None:
    edition({})
    result = run("build", "-", "-o", "-", "--to", "epub", "--log-format", "json")
    lines = log_lines(result.stderr.decode(), 0)
    assert lines[0]["inputs"] == ["-"] and lines[1]["outputs"] == ["-"] and result.stdout.startswith(b"PK")
    (output,) = (line for line in lines if line["event"] == "output")
    assert (output["path"], output["written"], output["bytes"]) == ("-", True, len(result.stdout))


def test_after_an_error_nothing_is_on_standard_output(edition: Edition) -> None:
    edition({})
    assert (result := run("build", "-", "-o", "-", "--to", "pdf", "--strict")).returncode == 3 and not result.stdout
    assert (result := run("build", "-", "-o", "-", "--to", "pdf", data="")).returncode == 1 and not result.stdout
    assert (result := run("build", "-", "-o", "-", "--to", "pdf", "--dry-run")).returncode == 0 and not result.stdout


def test_a_reader_that_ends_early_is_quiet(edition: Edition) -> None:
    edition({"a.md": STORY})
    command = f'{sys.executable} -m publisher build a.md -q -o - --to pdf | head -c 4; echo " ${{PIPESTATUS[0]}}"'
    result = subprocess.run(["bash", "-c", command], capture_output=True)
    assert (result.stdout, result.stderr) == (b"%PDF 0\n", b"")


def test_sources_of_standard_input(typed: Callable[[str], None], edition: Edition, publisher: Publisher) -> None:
    edition({})
    typed(STORY)
    result = publisher("sources", "-")
    assert [source["URL"] for source in json.loads(result.out)] == ["https://example.org/c"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "-", "-"], "standard input can be read once"),
        (["build", "a.md", "-f", "md"], "--from is about standard input"),
        (["build", "a.md", "--to", "pdf"], "--to is about standard output"),
        (["build", "a.md", "-o", "-"], "-o - needs --to pdf or --to epub"),
        (["build", "a.md", "-o", "-", "-o", "a.pdf", "--to", "pdf"], "-o - is the only output"),
    ],
)
def test_what_cannot_be_meant_is_said(
    arguments: list[str], message: str, typed: Callable[[str], None], edition: Edition, publisher: Publisher
) -> None:
    edition({"a.md": STORY})
    typed(STORY)
    result = publisher(*arguments)
    assert result.code == 2 and message in result.err


def test_a_manifest_on_standard_input_is_not_taken_for_a_story(
    typed: Callable[[str], None], edition: Edition, publisher: Publisher
) -> None:
    edition({})
    typed('[edition]\ntitle = "T"\n')
    assert publisher("build", "-").code == 2


def test_closed_standard_input_is_said(edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    edition({})
    monkeypatch.setattr(sys, "stdin", None)
    result = publisher("tree", "-")
    assert result.code == 2 and "standard input is closed" in result.err


def test_an_input_that_is_too_large_is_refused(
    typed: Callable[[bytes], None], edition: Edition, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition({})
    typed(b"word " * 13_000_000)
    result = publisher("tree", "-")
    assert result.code == 1 and "stdin.txt: error: larger than 64 MB [limit]" in result.err


def test_no_output_is_written_to_a_terminal(edition: Edition) -> None:
    edition({"a.md": STORY})
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "publisher", "build", "a.md", "-o", "-", "--to", "pdf"]
    process = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == 2 and b"not written to a terminal" in process.stderr
