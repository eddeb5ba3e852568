"""Keeping finished work between builds: a step is a function of plain data, and keeping it is one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from publisher.store.cache import Cache
from publisher.store.codec import WrongShape, decode, encoded_parts
from publisher.store.fingerprints import cache_key

T = TypeVar("T")
Job = TypeVar("Job")
Failed = TypeVar("Failed")


def kept(
    cache: Cache | None,
    key: str,
    kind: type[T],
    step: Callable[[], T],
    keep: Callable[[T], bool] = lambda record: True,
    found: Callable[[T], None] = lambda record: None,
) -> T:
    """The record of type `kind` under `key`; where there is none, what `step` gives, kept if `keep` allows it.

    `found` gets a record that was there.
    """
    record = load(cache, key, kind)
    if record is None:
        record = step()
        if keep(record):
            save(cache, key, record)
    else:
        found(record)
    return record


def kept_each(
    cache: Cache | None,
    jobs: Mapping[str, Job],
    kind: type[T],
    step: Callable[[Sequence[Job]], Iterable[T | Failed]],
    valid: Callable[[Job, T], bool] = lambda job, record: True,
    found: Callable[[Job, T], None] = lambda job, record: None,
    keep: Callable[[T], bool] = lambda record: True,
) -> dict[str, T | Failed]:
    """The record of every job by its key; arguments as of `as_kept`."""
    return dict(cast("Iterator[tuple[str, T | Failed]]", as_kept(cache, jobs, kind, step, valid, found, keep)))


def as_kept(
    cache: Cache | None,
    jobs: Mapping[str, Job],
    kind: type[T],
    step: Callable[[Sequence[Job]], Iterable[T | Failed]],
    valid: Callable[[Job, T], bool] = lambda job, record: True,
    found: Callable[[Job, T], None] = lambda job, record: None,
    keep: Callable[[T], bool] = lambda record: True,
) -> Iterator[tuple[str, T | Failed]]:
    """The key and the record of every job: those from the cache, then what `step` gives for the missing jobs, in their order.

    A kept record that is not `valid` any more counts as missing; `found` gets each of the others. What `step` gives that is
    no `kind` (a failure), or what `keep` refuses, is not kept.
    """
    missing = {}
    for key, job in jobs.items():
        record = load(cache, key, kind)
        if record is not None and valid(job, record):
            found(job, record)
            yield key, record
        else:
            missing[key] = job
    for key, result in zip(missing, step(list(missing.values())), strict=True):
        if isinstance(result, kind) and keep(result):
            save(cache, key, result)
        yield key, result


def load(cache: Cache | None, key: str, kind: type[T]) -> T | None:
    """The record under `key`; None where there is none of that shape."""
    stored = cache.get(cache_key(key)) if cache else None
    if stored is None:
        return None
    try:
        return decode(stored, kind)
    except WrongShape:
        return None


def save(cache: Cache | None, key: str, record: object) -> None:
    if cache is not None:
        cache.put(cache_key(key), *encoded_parts(record))
