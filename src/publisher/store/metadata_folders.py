"""The folders in which installers describe what is installed: `NAME-VERSION.dist-info` (PyPA, Recording installed projects).

importlib.metadata finds them too, and whatever else may be installed; with the package `email`, which it imports, that takes a
twentieth of an unchanged build.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from importlib.machinery import PathFinder

_SUFFIX = ".dist-info"
_OTHER_FORMS = (".egg-info", ".egg")  # of setuptools


@cache
def metadata_folders() -> dict[str, str] | None:
    """The folder of each installed distribution by its name; None where some may be installed in another form."""
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return None
    folders: dict[str, str] = {}
    for place in map(os.path.abspath, sys.path):
        try:
            names = os.listdir(place)  # noqa: PTH208 (names are all that is asked for)
        except FileNotFoundError:
            continue
        except OSError:  # an archive, or closed to us
            return None
        if any(name.lower().endswith(_OTHER_FORMS) for name in names):
            return None
        for name in sorted(name for name in names if name.endswith(_SUFFIX)):
            folders.setdefault(normalized(name.removesuffix(_SUFFIX).partition("-")[0]), f"{place}/{name}")
    return folders


def normalized(name: str) -> str:
    """The name of a distribution as it is compared (PyPA, Names and normalization)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def text_in(folder: str, name: str) -> str:
    """The text of a file of such a folder; empty where there is none."""
    try:
        with open(f"{folder}/{name}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""
