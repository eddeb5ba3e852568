"""The source of a function of another package, for the patches that compile it again."""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from types import CodeType, FunctionType


def source_of(function: FunctionType) -> str:
    """What inspect.getsource gives for a function on the top level of a module. Without its tokens: a twentieth of the time."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    return "".join(lines[code.co_firstlineno - 1 : max(_ends(code))])


def _ends(code: CodeType) -> Iterator[int]:
    """The last lines of the expressions of a function, and of the functions in it."""
    yield from (end for _, end, _, _ in code.co_positions() if end is not None)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _ends(constant)
