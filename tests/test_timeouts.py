"""Limits of time: the CPU time of the task, ten times as long for what waits, and nothing that a neighbor does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from publisher.build import bounds
from publisher.build.bounds import OutOfBounds, within

LITTLE = 0.05  # seconds of CPU time


def work(seconds: float) -> None:
    """Uses so much CPU time in the thread that calls it."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_work_is_stopped_by_its_cpu_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "WAITING", 1_000_000)
    with pytest.raises(OutOfBounds, match=r"takes more than 0\.05 s of CPU time"), within(LITTLE):
        work(3600)


def test_waiting_is_stopped_after_ten_times_as_long() -> None:
    end, _ = os.pipe()  # nobody ever writes to it
    with pytest.raises(OutOfBounds, match=r"is not done after 0\.5 s"), within(LITTLE):
        os.read(end, 1)


def test_a_busy_thread_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "WAITING", 1_000_000)
    neighbor = threading.Thread(target=work, args=(8 * LITTLE,))
    with within(LITTLE):
        neighbor.start()
        neighbor.join()


def test_a_busy_process_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "WAITING", 1_000_000)
    before = time.thread_time()
    with within(0.2):
        subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.4: pass"], check=True)
    assert time.thread_time() - before < 0.2


def test_after_a_block_nothing_rings_and_the_handlers_are_those_from_before() -> None:
    def own(*_: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGALRM, own)
    try:
        with within(LITTLE):
            pass
        with pytest.raises(OutOfBounds), within(LITTLE):
            work(3600)
        assert signal.getsignal(signal.SIGALRM) is own
        assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        work(2 * LITTLE)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_in_another_thread_there_is_no_limit() -> None:
    def limited() -> None:
        with within(LITTLE):
            work(2 * LITTLE)
            done.set()

    done = threading.Event()
    thread = threading.Thread(target=limited)
    thread.start()
    thread.join()
    assert done.is_set()
