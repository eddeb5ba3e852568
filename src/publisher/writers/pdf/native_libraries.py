"""Lets WeasyPrint be imported in half of the time; to be imported before WeasyPrint is.

WeasyPrint tries several names of each library (weasyprint/text/ffi.py). For each name that the system does not know,
cffi calls `ctypes.util.find_library`, which starts ldconfig, gcc and ld: half of the time that the import takes. Where
Linux knows every library by the name that WeasyPrint tries later, no other name is looked for.

It also parses a style sheet for the attributes by which old HTML says how it looks (weasyprint/html.py, `PH_STYLESHEET`). We have
no such attributes: the style sheet is parsed if somebody asks for it.
"""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from publisher.model.garbage import search_postponed

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


class _LaterStyleSheet:
    """A style sheet of WeasyPrint that is parsed when something of it is asked for."""

    def __init__(self, parse: Callable[[], Any]) -> None:
        self._parse = parse

    def __getattr__(self, name: str) -> Any:
        self.__dict__.update(vars(self._parse()))
        return self.__dict__[name]


class _HtmlFinder(MetaPathFinder):
    """Lets `weasyprint.html` be imported with style sheets that are parsed later, but for those that define counter styles."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == "weasyprint.html" else None
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module
            spec.loader.exec_module = partial(self._executed, execute)  # type: ignore[method-assign]
        return spec

    @staticmethod
    def _executed(execute: Callable[[ModuleType], None], module: ModuleType) -> None:
        package: Any = sys.modules["weasyprint"]
        style_sheet = package.CSS

        def later(*arguments: Any, **options: Any) -> Any:
            parse = partial(style_sheet, *arguments, **options)
            return parse() if "counter_style" in options else _LaterStyleSheet(parse)

        package.CSS = later
        try:
            execute(module)
        finally:
            package.CSS = style_sheet
        vars(module)["CSS"] = style_sheet


def load_engine() -> None:
    """Imports WeasyPrint with its native libraries. What is missing is reported by WeasyPrint, as ever."""
    if "weasyprint" in sys.modules:
        return
    search = _no_search() if sys.platform == "linux" and _are_known() else nullcontext()
    sys.meta_path.insert(0, finder := _HtmlFinder())
    try:
        with search, search_postponed():
            import weasyprint  # noqa: F401
    finally:
        sys.meta_path.remove(finder)


load_engine()
