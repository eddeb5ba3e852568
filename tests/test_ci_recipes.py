"""The recipes of docs/ci.md, the action and the container, run as far as this machine can: what they install is compared."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.reader_samples import PROSE

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
PUBLISHER = Path(sys.executable).parent / "publisher"
LIBRARIES = {"libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "libfontconfig1"}
MANIFEST = """[edition]
title = "Harbor brief, {date}"

[[section]]
articles = ["*.md"]

[outputs."dist/brief.pdf"]
[outputs."dist/brief.epub"]
"""


def blocks(language: str) -> list[str]:
    """The blocks of code of the page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def morning(tmp_path: Path) -> Path:
    """The folder of an edition, named as in the page."""
    folder = tmp_path / "morning"
    folder.mkdir()
    (folder / "publisher.toml").write_text(MANIFEST)
    (folder / "gate.md").write_text(f"# Gate\n\n{PROSE}\n")
    return folder


@pytest.fixture
def shell(morning: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command in an empty environment, with the paths of the page as they are here."""

    def run(command: str, folder: Path, program: str = "/bin/sh", **variables: str) -> subprocess.CompletedProcess[str]:
        command = localized(command, morning)
        environment = {"HOME": str(morning.parent), "PATH": "/usr/bin:/bin", **variables}
        return subprocess.run(
            [program, "-c", command], cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )

    return run


def localized(text: str, morning: Path) -> str:
    return text.replace("/srv/briefs/morning", str(morning)).replace("/opt/publisher/bin/publisher", str(PUBLISHER))


def released(morning: Path) -> bool:
    return {"brief.pdf", "brief.epub", "SHA256SUMS"} <= {path.name for path in (morning / "dist" / "latest").iterdir()}


@pytest.mark.slow
def test_the_line_of_cron_makes_a_release_and_prints_nothing(morning: Path, shell: Any) -> None:
    (block,) = blocks("cron")
    *when, command = block.strip().split(None, 5)
    assert len(when) == 5 and all(re.fullmatch(r"[\d*,/-]+", field) for field in when)
    done = shell(command, morning.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "") and released(morning)


@pytest.mark.slow
def test_the_units_of_systemd_are_valid_and_their_command_makes_a_release(morning: Path, shell: Any, tmp_path: Path) -> None:
    service, timer = blocks("ini")
    units = {"morning-brief.service": service, "morning-brief.timer": timer}
    for name, text in units.items():
        (tmp_path / name).write_text(localized(text, morning).replace("User=briefs\n", ""))
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert not [line for line in done.stderr.splitlines() if "morning-brief" in line]
    values = dict(line.split("=", 1) for line in service.splitlines() if "=" in line)
    assert shell(values["ExecStart"], Path(localized(values["WorkingDirectory"], morning))).returncode == 0 and released(morning)


def test_make_builds_only_what_is_out_of_date(morning: Path, shell: Any) -> None:
    (block,) = blocks("make")
    (morning / "Makefile").write_text(localized(block, morning))
    (morning / "publisher.toml").write_text(MANIFEST.replace("\n\n[[", "\ndate = 2026-03-17\n\n[["))
    done = shell("make --no-print-directory", morning)
    assert done.returncode == 0 and (morning / "dist" / "brief.pdf").is_file(), done.stderr
    assert "is up to date" in shell("make --no-print-directory", morning).stdout


@pytest.mark.slow
def test_the_job_of_gitlab_makes_a_release(morning: Path, shell: Any) -> None:
    job = yaml.safe_load(blocks("yaml")[0])["brief"]
    assert set(job["before_script"][0].split()) >= LIBRARIES
    for line in job["script"]:
        assert shell(line, morning.parent, PATH=f"{PUBLISHER.parent}:/usr/bin:/bin").returncode == 0
    assert released(morning) and all((morning.parent / path).exists() for path in job["artifacts"]["paths"])
    history = next(path for path in job["cache"]["paths"] if "history" in path)
    assert list(morning.parent.glob(history))


@pytest.mark.slow
def test_the_workflow_of_github_runs_the_action(morning: Path, shell: Any, tmp_path: Path) -> None:
    steps = yaml.safe_load(blocks("yaml")[1])["jobs"]["brief"]["steps"]
    (step,) = [step for step in steps if step.get("id") == "brief"]
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    values = {name: entry["default"] for name, entry in action["inputs"].items()} | step["with"]
    assert step["with"].keys() <= action["inputs"].keys()
    install, packages, run = action["runs"]["steps"]
    assert set(install["run"].split()) >= LIBRARIES
    assert all((ROOT / name).is_file() for name in re.findall(r"\$ACTION/(requirements\S+\.txt)", packages["run"]))
    programs = tmp_path / "temp" / "publisher" / "bin"
    programs.mkdir(parents=True)
    (programs / "publisher").symlink_to(PUBLISHER)
    variables = {name: values[name.lower()] for name in run["env"]}
    assert all(run["env"][name] == f"${{{{ inputs.{name.lower()} }}}}" for name in variables)
    output = tmp_path / "output"
    done = shell(run["run"], tmp_path, "/bin/bash", RUNNER_TEMP=str(tmp_path / "temp"), GITHUB_OUTPUT=str(output), **variables)
    assert done.returncode == 0 and released(morning), done.stderr
    folder = output.read_text().strip().removeprefix("folder=")
    assert folder.startswith("morning/dist/harbor-brief-") and (tmp_path / folder / "brief.pdf").is_file()


def test_the_container_has_what_the_page_on_systems_names() -> None:
    lines = re.sub(r"\\\n", "", (ROOT / "Containerfile").read_text()).splitlines()
    steps = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    installed = next(words for name, words in steps if name == "RUN" and "apt-get install" in words)
    readme = (ROOT / "README.md").read_text()
    assert set(shlex.split(installed)) >= LIBRARIES and all(name in readme for name in LIBRARIES)
    assert all((ROOT / path).is_file() for path in re.findall(r"/src/(\S+\.txt)", "".join(lines)))
    (entry,) = [words for name, words in steps if name == "ENTRYPOINT"]
    command = [sys.executable if word == "python" else word for word in yaml.safe_load(entry)]
    assert subprocess.run([*command, "--version"], capture_output=True, text=True).stdout.startswith("publisher, version")
