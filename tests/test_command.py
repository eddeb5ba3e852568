"""The command line's contracts: exit codes, what is written and what is left alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

MANIFEST = '[edition]\ntitle = "B"\n\n[[section]]\narticles = ["a.md"]\n\n[outputs."dist/b.epub"]\n'


def test_help_is_there_at_once_no_heavy_library_is_imported_for_it() -> None:
    code = "import sys; from publisher.cli import main; main(['--help']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    heavy = {"weasyprint", "pikepdf", "lxml", "bs4", "pydantic", "jinja2", "msgspec", "httpx", "trafilatura", "ebooklib", "json5"}
    assert "Exit codes" in run.stdout and not heavy & set(run.stdout.splitlines()[-1].split())


def test_a_manuscript_without_a_manifest_needs_no_models_of_manifests(edition: Callable[..., Path]) -> None:
    edition({"a.txt": "The gate\n\n" + "The gate of the lock opened at seven, and it was the first of the year. " * 4 + "\n"})
    code = "import sys; from publisher.cli import main; main(['build', 'a.txt', '-o', 'a.epub']); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "wrote a.epub" in run.stdout and "ebooklib" in run.stdout.split()
    assert not {"pydantic", "pydantic_core", "py3langid", "numpy"} & set(run.stdout.split())


def test_a_manifest_beside_a_manuscript_of_its_name_is_no_sidecar(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    edition({"links.md": "# A\n\nText.\n", "links.toml": '[edition]\ntitle = "T"\n[[section]]\narticles = ["links.md"]\n'})
    assert publisher("build", "links.toml", "-o", "a.epub").code == 0


def test_without_pango_the_build_says_how_to_get_it(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    from publisher.writers import requirements

    edition({"a.md": "# A\n\nText.\n"})
    monkeypatch.setattr(requirements, "native_libraries", lambda: ["pango_version=unknown"])
    assert publisher("build", "a.md", "-o", "a.epub").code == 0  # under another name

    def fail(target: str) -> None:
        raise OSError(f"cannot load library 'libpango-1.0-0' for {target}")

    monkeypatch.setattr(requirements, "load", fail)
    run = publisher("build", "a.md", "-o", "a.epub")
    assert run.code == 4 and "error: Pango is not installed [component-missing]" in run.err and "hint: " in run.err


def test_a_checker_cannot_be_asked_for_without_a_file(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": "# A\n\nText.\n"})
    run = publisher("check", "a.md", "--with", "ace")
    assert run.code == 2 and "--with is for finished files" in run.err


@pytest.mark.parametrize("command", ["build", "check", "tree", "fetch", "new", "sources", "doctor", "clean", "explain"])
def test_the_help_of_each_command_has_two_examples_and_cuts_nothing_off(command: str, publisher: Callable[..., Run]) -> None:
    for run in (publisher(command, "--help"), publisher("--help")):
        assert "..." not in run.out.replace("FILE...", "").replace("]...", "") and "…" not in run.out
        examples = run.out.partition("Examples:\n")[2]
        assert len([line for line in examples.splitlines()[:2] if line.startswith("    publisher ")]) == 2


def test_errors_leave_the_previous_outputs_alone(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    folder = edition({"publisher.toml": MANIFEST, "a.md": "# A\n\nText.\n"})
    assert publisher("build").code == 0
    before = (folder / "dist" / "b.epub").read_bytes()
    (folder / "a.md").write_text("")
    assert publisher("build").code == 1
    assert (folder / "dist" / "b.epub").read_bytes() == before
    assert sorted(path.name for path in (folder / "dist").iterdir()) == ["b.epub"]


def test_warnings_are_refused_under_strict_and_nothing_is_written(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    folder = edition({"publisher.toml": MANIFEST, "a.md": "# A\n\n![alt](none.png)\n"})
    assert publisher("build", "--strict").code == 3
    assert not (folder / "dist").exists()
    assert publisher("build").code == 0


def test_a_dry_run_writes_nothing(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    folder = edition({"publisher.toml": MANIFEST, "a.md": "# A\n\nText.\n"})
    assert publisher("build", "--dry-run").code == 0
    assert not (folder / "dist").exists()


def test_messages_as_json_are_one_object_a_line(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"publisher.toml": '[edition]\ntitel = "B"\n'})
    run = publisher("build", "--log-format", "json")
    messages = [json.loads(line) for line in run.err.splitlines()]
    assert run.code == 1
    messages = [line for line in messages if line["event"] == "message"]
    assert [(one["code"], one["line"]) for one in messages] == [("key-missing", 1), ("key-unknown", 2)]


def test_a_new_edition_builds_at_once_and_without_warnings(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    folder = edition({})
    assert publisher("new", "morning").code == 0
    assert publisher("build", "morning", "--strict").code == 0
    assert sorted(path.name for path in (folder / "morning" / "dist").iterdir()) == ["brief.pdf", "collection.epub"]
    assert publisher("new", "morning").code == 1


def test_a_profile_lays_its_tables_over_the_manifest(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"publisher.toml": MANIFEST + '\n[profile.x]\nedition.title = "C"\n', "a.md": "# A\n\nText.\n"})
    assert publisher("check", "--profile", "x").code == 0
    assert publisher("check", "--profile", "y").code == 1


def test_a_sidecar_gives_title_author_and_source(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    sidecar = 'title = "Given"\nauthor = "Ann Poe"\n[source]\npublication = "Wire"\nurl = "https://example.org/1"\n'
    edition({"a.txt": "Typed\n\nText of it.\n\nMore text.\n", "a.toml": sidecar})
    out = publisher("tree", "a.txt").out
    assert '<h1>Given<a class="noteref"' in out and "By Ann Poe · Wire" in out
    edition({"a.toml": 'titel = "x"\n'})
    run = publisher("tree", "a.txt")
    assert run.code == 1 and "a.toml:1: error: unknown key 'titel'" in run.err


def test_links_between_articles_become_links_between_chapters(
    edition: Callable[..., Path], publisher: Callable[..., Run]
) -> None:
    from publisher.build.build import assemble
    from publisher.build.plan import plan

    edition({"a.md": "# A\n\nSee [b](b.md#part).\n", "b.md": "# B\n\n## Part\n\nText.\n"})
    made, said = assemble(plan([Path()], []))
    assert 'href="article:b#part"' in made.entries[0].xhtml
    assert not said


def test_an_error_in_publisher_itself_is_one_line_with_exit_70(
    edition: Callable[..., Path], publisher: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["publisher.cli.build"], "make_report", lambda *_: 1 / 0)
    edition({"a.md": "# A\n\nText.\n"})
    run = publisher("build", "a.md")
    assert run.code == 70 and "Traceback" not in run.err


def test_an_output_that_cannot_be_written_is_an_error(edition: Callable[..., Path], publisher: Callable[..., Run]) -> None:
    edition({"a.md": "# A\n\nText.\n", "blocked": "a file, not a folder"})
    run = publisher("build", "a.md", "-o", f"blocked{os.sep}a.epub")
    assert run.code == 1 and "output-unwritable" in run.err
