"""Parallel is `map`: one process, or a pool of them. The tasks are pure functions of plain data."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from publisher.writers.output import Mapper


@contextmanager
def mapper(jobs: int) -> Iterator[Mapper]:
    """A map over `jobs` processes; with one, the built-in map and no pool."""
    if jobs <= 1:
        yield map
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("forkserver")) as pool:
        try:
            yield pool.map
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
