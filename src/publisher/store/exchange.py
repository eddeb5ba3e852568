"""Two folders change places in a single step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_HERE = -100  # AT_FDCWD
_SWAP = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def exchange(first: Path, second: Path) -> bool:
    """Gives each of two folders the name of the other; False, and nothing is done, where the system or the disk cannot."""
    call = _call()
    if call is None:
        return False
    names = os.fsencode(first), os.fsencode(second)
    arguments = (*names, _SWAP) if sys.platform == "darwin" else (_HERE, names[0], _HERE, names[1], _SWAP)
    return bool(call(*arguments) == 0)


@cache
def _call() -> Any:
    """The function of the system's C library; None where it has none."""
    name = "renamex_np" if sys.platform == "darwin" else "renameat2"
    return getattr(ctypes.CDLL(None, use_errno=True), name, None)
