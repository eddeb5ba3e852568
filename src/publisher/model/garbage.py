"""When the interpreter looks for cyclic garbage: not while modules are imported, whose objects stay, and once for each sheet."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MANY = 400_000  # new objects: three times as many as a usual sheet has when it is laid out


@contextmanager
def search_postponed() -> Iterator[None]:
    """While it lasts nothing is looked for. All objects then count as old: the interpreter looks at those last and rarely."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # takes all objects out of every generation, and ...
        gc.unfreeze()  # ... puts them into the oldest
        if was_enabled:
            gc.enable()


@contextmanager
def collected_alone() -> Iterator[None]:
    """While it lasts nothing is looked for; then the garbage that was left meanwhile is removed, without a look at older objects.

    A sheet leaves all its boxes and styles. If they counted as old, several sheets would wait for each other in memory.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def collect_if_many() -> None:
    """Looks for garbage if very many objects are new. Of a list of sources of 90 pages it is half: 545 MB are needed, not 690."""
    if gc.get_count()[0] > _MANY:
        gc.collect()
