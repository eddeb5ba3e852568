"""Entry points: other packages can add readers, writers and citation styles to the tables of formats and styles."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from publisher.store.metadata_folders import metadata_folders, text_in

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_GROUPS = ("publisher.readers", "publisher.writers", "publisher.citation_styles")


@cache
def _installed() -> tuple[EntryPoint, ...]:
    folders = metadata_folders()
    if folders is not None and not any("[publisher." in text_in(folder, "entry_points.txt") for folder in folders.values()):
        return ()
    from importlib.metadata import entry_points

    found = entry_points()  # looks through every installed distribution: once for all groups
    return tuple(point for group in _GROUPS for point in found.select(group=group))


def plugged(group: str) -> dict[str, str]:
    """The entry points of a group: `module:name` by the name of the entry point."""
    return {point.name: point.value for point in _installed() if point.group == group}


def plugin_versions() -> tuple[str, ...]:
    """The entry points of other packages with the versions of these packages, for fingerprints of cached results."""
    return tuple(sorted(f"{point.value}={point.dist.version if point.dist else ''}" for point in _installed()))


def load(target: str) -> Any:
    """Imports the object that `module:name` names."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
