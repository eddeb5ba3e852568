"""The table of output formats: which writer makes which kind of file. A third party adds a line through an entry point.

Entry points are named by suffix, in the group `publisher.writers`, and load a function of the signature shown here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from publisher.model.plugins import load, plugged

WRITERS: dict[str, str] = {
    ".pdf": "publisher.writers.pdf:write",
    ".epub": "publisher.writers.epub:write",
}


@cache
def _writers() -> dict[str, str]:
    return {**plugged("publisher.writers"), **WRITERS}


def writer_for(suffix: str) -> Any:
    """The writer for an output's suffix, loaded now; None where there is none."""
    target = _writers().get(suffix.lower())
    return None if target is None else load(target)


def writable() -> tuple[str, ...]:
    return tuple(_writers())
