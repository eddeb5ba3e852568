"""When the interpreter looks for cyclic garbage: not while modules are imported, whose objects stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
