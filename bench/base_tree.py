"""The commit that a working tree is compared with, and its files in a temporary worktree of git."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEASURED = ("src", "styles")  # a change here makes the tree another than its last commit


def base_commit(root: Path, stated: str = "") -> tuple[str, str]:
    """The commit to compare with, and why that. Raises ValueError where there is none.

    Stated, else HEAD where files are changed, else where the branch left `main`, else the parent of HEAD.
    """
    if stated:
        return _commit(root, stated), f"as stated ({stated})"
    if _git(root, "status", "--porcelain", "--", *_MEASURED):
        return _commit(root, "HEAD"), "the last commit, since files are changed"
    try:
        fork = _git(root, "merge-base", "main", "HEAD")
        if fork != _commit(root, "HEAD"):
            return fork, "where this branch left main"
    except ValueError:
        pass  # a clone without the branch
    return _commit(root, "HEAD~1"), "the commit before the last, since nothing is changed"


@contextmanager
def base_tree(root: Path, commit: str) -> Iterator[Path]:
    """The files of a commit in a worktree that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-base-") as temporary:
        tree = Path(temporary, "base")
        try:
            _git(root, "worktree", "add", "--detach", "--quiet", str(tree), commit)
            yield tree
        finally:
            if tree.exists():
                _git(root, "worktree", "remove", "--force", str(tree))


def _commit(root: Path, name: str) -> str:
    return _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", fault=f"git knows no commit {name}")


def _git(root: Path, *arguments: str, fault: str = "") -> str:
    try:
        result = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        raise ValueError("git is not installed") from None
    if result.returncode:
        raise ValueError(fault or f"git {arguments[0]} failed: {result.stderr.strip()}")
    return result.stdout.strip()
