"""The workers of a Dask cluster, for sheets alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from publisher.build.apart import Receive
from publisher.build.tasks import ENGINE, netted
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError
from publisher.writers.contract import Failure

_CONNECT_TIMEOUT = "10s"  # for a scheduler that does not answer


@contextmanager
def cluster(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        hint = "pip install 'publisher-toolchain[dask]'"
        raise _unavailable(Code.COMPONENT_MISSING, "Dask is not installed", hint) from None
    if not address.startswith("dask:"):
        raise _unavailable(
            Code.EXECUTOR, f"unsupported executor address {address}", "use dask://HOST:PORT or dask:SCHEDULER-FILE"
        )
    target = address.removeprefix("dask:")
    options = {"address": f"tcp:{target}"} if target.startswith("//") else {"scheduler_file": target}
    try:
        client: Any = Client(timeout=_CONNECT_TIMEOUT, **options)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        hint = "start one: dask scheduler --port 8786, and dask worker --nthreads 1 tcp://HOST:8786 on each machine"
        raise _unavailable(Code.SCHEDULER, f"no scheduler answers at {address}", hint) from None
    with client:
        imports = [client.submit(_import_engine, workers=[worker], pure=False) for worker in client.ncores()]
        yield client
        del imports  # they are kept until here


def _import_engine() -> None:
    """What a worker of a cluster does before its first sheet comes, while manuscripts are read here."""
    import_module(ENGINE)


class Cluster:
    """The workers of a Dask cluster. They do not see our disk, so light tasks, which open files, run here."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        pool = self._client.get_executor(pure=False)
        return self._results(deque(pool.submit(netted, function, item) for item in items))

    @staticmethod
    def _results(futures: deque[Any]) -> Iterator[Any]:
        """The results of the cluster, which has begun already; each future is dropped with its result."""
        from distributed import KilledWorker

        while futures:
            try:
                yield futures.popleft().result()
            except KilledWorker:
                yield Failure("killed three workers")

    @staticmethod
    def light(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(partial(netted, function), items)

    @staticmethod
    def soon(task: Callable[[Receive], Any]) -> None:
        return None

    @staticmethod
    def when_idle(step: Callable[[], None]) -> None:
        pass

    @staticmethod
    def ahead(module: str, task: Callable[[Receive], Any]) -> None:
        return None


def _unavailable(code: Code, message: str, hint: str) -> PublisherError:
    return PublisherError(Diagnostic(code, message, None, hint), exit_code=Exit.MISSING_COMPONENT)
