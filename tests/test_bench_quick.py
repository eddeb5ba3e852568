"""`make bench-quick` finds a build that was slowed down on purpose, and finds nothing in a tree that is as it was."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SLOW = "sum(range(80_000_000))\n\n\ndef run()"


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules of bench/, as its scripts import them."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))


def git(folder: Path, *arguments: str) -> str:
    names = ["-c", "user.name=Ines Halvard", "-c", "user.email=ines@harbor.example", "-c", "commit.gpgsign=false"]
    command = ["git", *names, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path, **files: str) -> Path:
    """A repository with a commit on the branch `main`."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "src" / name).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder


@pytest.mark.parametrize(
    ("seconds", "slower", "faster"),
    [
        ([(4.0, 4.0), (4.1, 4.1), (4.0, 4.0), (3.9, 3.9), (4.0, 4.0)], False, False),
        ([(4.0, 4.2), (4.0, 4.2), (4.1, 4.3), (4.0, 4.2), (4.0, 4.2)], True, False),
        ([(4.0, 3.8), (4.0, 3.8), (4.1, 3.9), (4.0, 3.8), (4.0, 3.8)], False, True),
        ([(4.0, 4.02), (4.0, 4.02), (4.0, 4.02), (4.0, 4.02), (4.0, 4.02)], False, False),  # steady, and below the least noise
        ([(4.0, 4.1), (4.0, 3.9), (4.1, 4.6), (4.3, 4.1), (4.0, 4.3)], False, False),  # slower on average, within the noise
        ([(4.0, 4.0), (4.0, 4.0), (4.0, 6.0), (4.0, 4.0), (4.0, 4.0)], False, False),  # somebody else used the machine
    ],
)
def test_a_change_counts_when_it_is_more_than_the_noise(
    modules: None, seconds: list[tuple[float, float]], slower: bool, faster: bool
) -> None:
    from slower import change

    found = change(seconds, 0.01)
    assert (found.is_slower, found.is_faster) == (slower, faster), found


def test_the_base_is_the_last_commit_of_a_changed_tree_else_where_the_branch_began(modules: None, tmp_path: Path) -> None:
    from base_tree import base_commit

    root = repository(tmp_path, a="1")
    first = git(root, "rev-parse", "HEAD")
    with pytest.raises(ValueError, match="git knows no commit HEAD~1"):
        base_commit(root)
    git(root, "commit", "-q", "--allow-empty", "-m", "On main")
    second = git(root, "rev-parse", "HEAD")
    assert base_commit(root)[0] == first
    git(root, "checkout", "-q", "-b", "faster")
    (root / "src" / "a").write_text("2")
    assert base_commit(root)[0] == second
    git(root, "commit", "-q", "-a", "-m", "Faster")
    git(root, "commit", "-q", "--allow-empty", "-m", "And faster")
    assert base_commit(root)[0] == second
    (root / "src" / "new").write_text("2")  # a new file is a change too
    assert base_commit(root)[0] == git(root, "rev-parse", "HEAD")
    assert base_commit(root, "HEAD~2")[0] == second
    with pytest.raises(ValueError, match="git knows no commit nothing"):
        base_commit(root, "nothing")


def test_the_worktree_of_the_base_is_removed_also_after_an_error(modules: None, tmp_path: Path) -> None:
    from base_tree import base_tree

    root = repository(tmp_path / "root", a="1")
    (root / "src" / "a").write_text("2")
    with pytest.raises(KeyboardInterrupt), base_tree(root, "HEAD") as base:
        assert (base / "src" / "a").read_text() == "1"
        raise KeyboardInterrupt
    assert not base.exists() and git(root, "worktree", "list").count("\n") == 0 and (root / "src" / "a").read_text() == "2"


def quick(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, "bench/quick.py", "--edition", "place-names.md", *arguments]
    return subprocess.run(script, cwd=root, capture_output=True, text=True)


@pytest.mark.slow
def test_a_build_slowed_down_on_purpose_is_found_and_the_same_tree_is_not(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("src", "styles", "bench"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "manuscripts" / "sample-brief" / "place-names.md", tmp_path)
    root = repository(tmp_path)
    same = quick(root, "--base", "HEAD", "--pairs", "3", "--least", "40")
    assert same.returncode == 0 and "which is within the noise" in same.stdout, same.stdout + same.stderr

    module = root / "src" / "publisher" / "__main__.py"
    module.write_text(module.read_text().replace("def run()", SLOW))
    slowed = quick(root)
    assert slowed.returncode == 1 and "slower: the working tree takes +" in slowed.stdout, slowed.stdout + slowed.stderr
    assert "the last commit, since files are changed" in slowed.stdout and slowed.stdout.count("base ") == 5

    module.write_text("raise SystemExit(3)")
    broken = quick(root)
    assert broken.returncode == 2 and "could not be built by" in broken.stderr and "(exit code 3)" in broken.stderr
    assert git(root, "worktree", "list").count("\n") == 0
