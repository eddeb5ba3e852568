"""Modules that are loaded when something of them is first used, not when they are imported.

Each is imported by a package or a module that we need, for something that many builds never do. The time that they take to load
was measured (CPython 3.11, milliseconds).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # to load it takes 4 ms
    from importlib.abc import Loader

_MODULES = frozenset(
    {
        "soupsieve",  # Beautiful Soup, for CSS selectors: 31
        "chardet",  # Beautiful Soup, to guess encodings: 7
        "charset_normalizer",  # the same, where chardet is not installed
        "fontTools.subset",  # WeasyPrint, for fonts that HarfBuzz cannot cut: 15
        "tinyhtml5",  # WeasyPrint, for HTML, which it is not given: 4
        "PIL.ExifTags",  # Pillow, for what cameras write into images: 2
    }
)
_FUNCTIONS: dict[str, tuple[str, ...]] = {  # of which functions are imported by name: loaded when one of them is called
    "fontTools.varLib": (),  # the package of the next module: 25
    "fontTools.varLib.instancer": ("instantiateVariableFont",),  # WeasyPrint, for variable fonts that HarfBuzz cannot cut: 5
    "PIL.ImageCms": ("ImageCmsProfile",),  # WeasyPrint, for color profiles that a style sheet names: 5
    "publisher.text.link_words": ("title_in",),  # patterns for the words of links without a title: 3
    "importlib.metadata": ("entry_points",),  # pydantic, for its plug-ins: 7
    "wcwidth": ("wcswidth", "wcwidth"),  # ftfy, for tables on a terminal: 8
}


class _Finder:
    """Finds the modules above as Python does, and puts off their loading."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in _MODULES and name not in _FUNCTIONS:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader) if name in _MODULES else cast("Loader", _FunctionLoader(spec.loader))
        return spec


class _FunctionLoader:
    """Gives a module functions that load it when they are called, and loads it when anything else of it is asked for."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        for name in _FUNCTIONS[module.__name__]:
            setattr(module, name, self._function(module, name))

        def value(name: str) -> Any:
            if name == "__path__":  # the import of a name asks every module; packages have it already
                raise AttributeError(name)
            return getattr(self._loaded(module), name)

        module.__getattr__ = value  # type: ignore[method-assign]

    def _function(self, module: ModuleType, name: str) -> Callable[..., Any]:
        return lambda *arguments, **options: getattr(self._loaded(module), name)(*arguments, **options)

    def _loaded(self, module: ModuleType) -> ModuleType:
        if vars(module).pop("__getattr__", None):
            self._loader.exec_module(module)
        return module


def load_lazily() -> None:
    """From now on in this process, the modules above are loaded when something of them is first used."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
