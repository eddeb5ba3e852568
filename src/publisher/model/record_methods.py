"""Methods of dataclasses that are compiled when they are first called, not when the class is read.

A frozen dataclass has six generated methods, and CPython (up to 3.12, `_create_fn` in dataclasses.py) compiles each by itself:
for the classes of an unchanged build an eighth of its time. Of half of the classes a build makes no record, and of the others it
hardly calls anything but `__init__`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import wraps
from typing import Any

_OURS = "publisher."
_PUT_OFF = frozenset(
    {"__init__", "__repr__", "__eq__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__", "__setattr__", "__delattr__"}
)


def compile_when_called() -> None:
    """From now on in this process, methods of our dataclasses are compiled when they are first called.

    Those of other packages stay as they are: somebody may ask for their signatures.
    """
    now: Callable[..., Any] | None = getattr(dataclasses, "_create_fn", None)
    if now is None or hasattr(now, "__wrapped__"):  # a version that compiles all of a class at once, or this was called before
        return

    @wraps(now)
    def create(name: str, *description: Any, **options: Any) -> Callable[..., Any]:
        module = (options.get("globals") or {}).get("__name__", "")
        if name not in _PUT_OFF or not module.startswith(_OURS):
            return now(name, *description, **options)  # type: ignore[no-any-return]
        return _put_off(name, lambda: now(name, *description, **options))

    dataclasses._create_fn = create  # type: ignore[attr-defined]


def _put_off(name: str, compiled: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """A method that is compiled when it is called, and then stands in its class; it stays where something else is around it."""
    final: Callable[..., Any] | None = None

    def method(self: Any, /, *arguments: Any, **options: Any) -> Any:
        nonlocal final
        if final is None:
            final = compiled()
            final.__qualname__ = method.__qualname__
            for owner in type(self).__mro__:
                if vars(owner).get(name) is method:
                    setattr(owner, name, final)
        return final(self, *arguments, **options)

    method.__name__ = name
    return method
