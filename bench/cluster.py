"""Dask clusters on loopback: a scheduler and its workers, which end with the measurement."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A cluster of so many workers of a thread each; gives the address for --executor."""
    where = folder / f"scheduler-{workers}.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    running = [subprocess.Popen([*scheduler, "--scheduler-file", str(where)], **quiet)]
    try:
        while not where.is_file() or not where.read_text():
            if running[0].poll() is not None:
                raise RuntimeError("the scheduler of Dask did not start")
            time.sleep(0.1)
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(where), "--nthreads", "1"]
        command = [*worker, "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
        running += [subprocess.Popen(command, **quiet) for _ in range(workers)]
        _wait(where, workers)
        yield f"dask:{where}"
    finally:
        for process in running:
            process.kill()
            process.wait()


def _wait(where: Path, workers: int) -> None:
    """Waits for the workers in another process: an import of Dask here would count as memory of what is measured."""
    script = f"from distributed import Client; Client(scheduler_file={str(where)!r}).wait_for_workers({workers}, timeout=60)"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
