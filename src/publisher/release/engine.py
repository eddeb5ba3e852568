"""The engine of a release: the versions of the tool, of its libraries and of the native libraries that set the pages."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from publisher import __version__
from publisher.release.native_libraries import native_libraries
from publisher.store.fingerprints import distributions


def current() -> dict[str, str]:
    """Name and version of everything that an output depends on, on this machine."""
    own = {"publisher": __version__, "python": sys.version.split()[0]}
    packages = dict(line.split("=", 1) for line in distributions())
    return own | packages | {library.label: library.version for library in native_libraries()}


def recorded(record: Mapping[str, Any]) -> dict[str, str]:
    """The same, as release.json has it."""
    tool = record["tool"]
    own = {"publisher": tool["version"], "python": tool["python"]}
    return own | dict(record["libraries"]) | dict(record["native"])


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """`name: old → new` for each version that differs."""
    names = sorted(old.keys() | new.keys())
    missing = "not installed"
    pairs = ((name, old.get(name, "missing"), new.get(name, "missing")) for name in names)
    return [
        f"{name} {missing if before == 'missing' else before} → {missing if now == 'missing' else now}"
        for name, before, now in pairs
        if before != now and name != _OWN
    ]


_OWN = "publisher-toolchain"  # among the libraries; the tool itself is named `publisher`
