"""Room for the frames of Python calls, in one piece.

CPython keeps frames in pieces of 16 kB, which it maps and unmaps (two calls of the system) whenever a call crosses their end
and comes back (`push_chunk` in Python/pystate.c, since 3.11). A call in a hot loop that happens to stand there costs up to a
twentieth of a small build. A frame that needs more than a piece gets a larger one, and those above it share the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TypeVar

_Result = TypeVar("_Result")
_SLOTS = 70_000  # of 8 bytes each: the piece is then 1 MB, of which 450 kB are left. What is not used is no memory


def _call(work: Callable[[], _Result]) -> _Result:
    return work()


def with_frame_space(work: Callable[[], _Result]) -> _Result:
    """What `work` gives; the frames of its calls stand in one piece, up to a depth of about a thousand calls."""
    wide: Callable[[Callable[[], _Result]], _Result] = FunctionType(_call.__code__.replace(co_stacksize=_SLOTS), globals())
    return wide(work)
