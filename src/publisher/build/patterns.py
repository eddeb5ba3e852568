"""Patterns of file names in a manifest: `wire/*.txt`, `**/*.md`."""

from __future__ import annotations

import glob
import re
from pathlib import Path

_MARKS = re.compile(r"[*?[]")


def is_pattern(path: str) -> bool:
    """Whether a path has marks of a pattern. A file of that very name is meant by it first."""
    return _MARKS.search(path) is not None


def matches(folder: Path, pattern: str) -> list[Path]:
    """The files that match a pattern, which is relative to `folder`, in the order of their paths; hidden ones only by name."""
    found = glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207 (pathlib takes no absolute patterns)
    return sorted((path for name in found if not (path := folder / name).is_dir()), key=lambda path: path.parts)
