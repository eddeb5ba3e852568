"""Damaged input is read or refused by name, never a traceback: every golden case, cut short and with bytes changed."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from publisher.build.ingest import articles_of
from publisher.input.manuscript import Manuscript
from publisher.model.diagnostics import PublisherError
from tests.test_readers import CASES, packed

SPLINTERS = (b"<", b"&", b"\0", b'"', b">", b"\xff", b"</p>", b"<table>", b"{", b"}", b"&#xD800;", b"\r", b"")
ROUNDS = 24  # of each case


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A part of the data, or all of it with up to a dozen places changed."""
    if dice.random() < 0.3:
        return data[: dice.randrange(len(data) + 1)]
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 12)):
        place = dice.randrange(len(changed) + 1)
        changed[place : place + dice.randrange(3)] = dice.choice(SPLINTERS)
    return bytes(changed)


@pytest.mark.parametrize("folder", sorted({case.parent for case in CASES}), ids=lambda path: path.name)
def test_damaged_files_are_read_or_refused(folder: Path) -> None:
    dice = random.Random(folder.name)
    tried = 0
    for case in [one for one in CASES if one.parent == folder]:
        for _ in range(ROUNDS):
            data = packed(case, partial(damaged, dice=dice)) if case.is_dir() else damaged(case.read_bytes(), dice)
            manuscript = Manuscript(case, data, case.name)
            tried += 1
            try:
                articles_of(manuscript)
            except PublisherError as problem:
                assert problem.diagnostics and all(one.location.file.startswith(case.name) for one in problem.diagnostics)
    assert tried >= 8 * ROUNDS
