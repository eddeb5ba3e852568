"""Style sheets as rules: each is parsed once, however many questions are asked of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import tinycss2

_KEPT = 16  # style sheets whose rules are kept: a theme has fewer; the rules of all variants would take much memory


@lru_cache(_KEPT)
def rules_of(css: str) -> tuple[Any, ...]:
    """The rules of a style sheet (nodes of tinycss2), without comments and white space between them. They must not be changed."""
    return tuple(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
