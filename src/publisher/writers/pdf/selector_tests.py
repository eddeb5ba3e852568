"""Selectors of style sheets that are compiled when an element is first tested by them.

cssselect2 writes the test of each selector in Python and compiles it. Most selectors of a style sheet are for elements that a
text does not have: of the cover they all but a few.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from cssselect2 import compiler

_START = "lambda el: "
_LONGEST = 2_000  # characters of a test that may wait: what cannot be compiled must be known when the style sheet is read
_DEEPEST = 40  # brackets of such a test: the compiler refuses some hundred in each other
_WAITING = (lambda el: compiled(el)).__code__  # type: ignore[name-defined]  # noqa: F821 (a name of the test's own)


def compile_when_tested() -> None:
    """From now on in this process, the test of a selector is compiled when it is first called."""
    compiler.eval = _put_off


def _put_off(source: str, names: dict[str, Any], own_names: dict[str, Any]) -> Callable[[Any], Any]:
    """What `eval` gives for the test of a selector; the function takes the code of the test when it is called."""
    if not source.startswith(_START) or len(source) > _LONGEST or source.count("(") > _DEEPEST:
        return eval(source, names, own_names)  # type: ignore[no-any-return]

    def compiled(element: Any) -> Any:
        test.__code__ = eval(source, names).__code__
        return test(element)

    test = FunctionType(_WAITING, {**names, "compiled": compiled})
    return test
