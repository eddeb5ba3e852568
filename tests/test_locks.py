"""Locks of folders: who comes second waits or is sent away, and a lock ends with its process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from publisher.model import disk
from publisher.model.codes import Code
from publisher.model.diagnostics import Exit, PublisherError


class _Stop(Exception):
    pass


def _holder(folder: Path) -> int:
    """A process that holds the lock of a folder until it is killed."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with disk.locked(folder, "a test", lambda: None, wait=True):
            os.write(write, b"x")
            signal.pause()
    os.read(read, 1)
    os.close(read)
    os.close(write)
    return child


def test_a_second_run_is_sent_away_or_waits_until_the_first_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    child = _holder(folder)

    def end() -> None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    with pytest.raises(PublisherError) as refused, disk.locked(folder, "a release", lambda: None, wait=False):
        pass
    assert refused.value.exit_code is Exit.LOCKED
    assert refused.value.diagnostics[0].code is Code.LOCKED and "a release is under way" in str(refused.value)
    with disk.locked(folder, "a release", end, wait=True):  # asked between two looks: the other one is then gone
        assert not list(folder.iterdir())


def test_who_waits_can_be_interrupted(tmp_path: Path) -> None:
    child = _holder(tmp_path)

    def interrupt() -> None:
        raise _Stop

    try:
        with pytest.raises(_Stop), disk.locked(tmp_path, "a release", interrupt, wait=True):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_folder_that_was_removed_meanwhile_is_made_anew_and_locked(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    child = _holder(folder)

    def end() -> None:
        folder.rmdir()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    with disk.locked(folder, "a capture", end, wait=True):
        assert folder.is_dir()
        with pytest.raises(PublisherError), disk.locked(folder, "a capture", lambda: None, wait=False):
            pass
