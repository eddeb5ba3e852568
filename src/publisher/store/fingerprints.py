"""Fingerprints: one hash of all that goes into a piece of work, the program and its libraries included."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from publisher import __version__

# Whose releases change what we make; Pango and the fonts of the system are not among them.
_LIBRARIES = (
    "beautifulsoup4",
    "cssselect2",
    "ebooklib",
    "fonttools",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "mdit-py-plugins",
    "nh3",
    "pikepdf",
    "pillow",
    "pydyf",
    "pyphen",
    "tinycss2",
    "weasyprint",
)
_EXTRAS = ("py3langid",)  # which may be missing


def fingerprint(kind: str, *values: object) -> str:
    """64 hex digits for `values` by their `repr`: dates, strings, numbers, tuples and records of them."""
    return hashlib.sha256("\x1f".join((kind, versions(), *map(repr, values))).encode()).hexdigest()


@cache
def versions() -> str:
    """Our version and the state of our files, and the libraries' versions: another of any of them makes everything anew."""
    folder = Path(__file__).parents[1]
    files = sorted((str(path.relative_to(folder)), path.stat()) for path in folder.rglob("*.py"))
    own = hashlib.sha256(repr([(name, status.st_size, status.st_mtime_ns) for name, status in files]).encode()).hexdigest()
    return " ".join([__version__, own, sys.version, *(f"{name}={version(name)}" for name in _LIBRARIES), *map(_extra, _EXTRAS)])


def _extra(name: str) -> str:
    try:
        return f"{name}={version(name)}"
    except PackageNotFoundError:
        return f"no {name}"
