"""Findings: one file of each kind, made as short as it can be made in a while."""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Callable
from pathlib import Path

FINDINGS = Path(__file__).parent / "findings"
_NUMBERS = re.compile(r"\d+")
_ATTEMPTS = 400  # to make a finding shorter


def kind_of(problem: BaseException) -> str:
    """What a finding is: the exception and our function that it came from, so that one fault is found once."""
    ours = [frame for frame in traceback.extract_tb(problem.__traceback__) if "/publisher/" in frame.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else _NUMBERS.sub("", str(problem))[:40]
    return f"{type(problem).__name__} {place}"


def shortened(data: bytes, kind: str, run: Callable[[bytes], None]) -> bytes:
    """The data without as many of its pieces as is possible while `run` still fails in the same way."""
    attempts, size = _ATTEMPTS, len(data) // 2
    while size and attempts:
        place, removed = 0, False
        while place < len(data) and attempts:
            attempts -= 1
            shorter = data[:place] + data[place + size :]
            if _fails(shorter, kind, run):
                data, removed = shorter, True
            else:
                place += size
        size = min(size, len(data)) if removed and size > 1 else size // 2
    return data


def _fails(data: bytes, kind: str, run: Callable[[bytes], None]) -> bool:
    try:
        run(data)
    except Exception as problem:
        return kind_of(problem) == kind
    return False


def keep(target: str, data: bytes) -> Path:
    """Writes a finding to where the tests look for it."""
    path = FINDINGS / target / hashlib.sha256(data).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
