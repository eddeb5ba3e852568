"""Readers and writers by name: the tables of input and output formats are strings, loaded only when one is wanted.

A third party adds a line to a table through an entry point of the same shape.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any


def plugged(group: str) -> dict[str, str]:
    """The entry points of a group, by name: `module:function` each."""
    return {point.name: point.value for point in entry_points(group=group)}


def load(target: str) -> Any:
    """What `module:name` names, imported now."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
