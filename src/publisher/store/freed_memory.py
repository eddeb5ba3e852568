"""Memory that was freed goes back to the system: glibc keeps what lies between blocks in use, a third of a long build's."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Gives back what the allocator keeps (malloc_trim(3)); nothing happens with another C library. It takes milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
