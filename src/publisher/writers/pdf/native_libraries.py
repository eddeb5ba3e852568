"""Lets WeasyPrint find its native libraries at once; to be imported before WeasyPrint is.

WeasyPrint tries several names of each library (weasyprint/text/ffi.py). For each name that the system does not know,
cffi calls `ctypes.util.find_library`, which starts ldconfig, gcc and ld: half of the time that the import takes. Where
Linux knows every library by the name that WeasyPrint tries later, no other name is looked for.
"""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from publisher.model.garbage import search_postponed
from publisher.writers.pdf.native_declarations import declarations_known
from publisher.writers.pdf.selector_tests import compile_when_tested

_NAMES = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libharfbuzz.so.0", "libfontconfig.so.1", "libpangoft2-1.0.so.0")


def _are_known() -> bool:
    """Whether the system loads every library that WeasyPrint cannot do without by its name on Linux."""
    try:
        for name in _NAMES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


@contextmanager
def _no_search() -> Iterator[None]:
    """Lets a library be found only by a name that the system's loader knows."""
    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


def load_engine() -> None:
    """Imports WeasyPrint's native libraries. What is missing is reported by WeasyPrint, as ever."""
    compile_when_tested()  # WeasyPrint reads its own style sheets when it is imported
    if sys.platform == "linux" and "weasyprint.text.ffi" not in sys.modules and _are_known():
        with _no_search(), search_postponed(), declarations_known():
            import weasyprint.text.ffi  # noqa: F401


load_engine()
