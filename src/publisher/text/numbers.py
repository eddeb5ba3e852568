"""Numbers in the input, which may be written in any way: Python refuses some that pass `str.isdigit`, and long ones."""

from __future__ import annotations

import math

_MOST_DIGITS = 9


def whole_number(text: str, default: int = 0) -> int:
    """The number that digits of ASCII write, 999,999,999 for a larger one; the default for all other texts."""
    if not (text.isascii() and text.isdigit()):
        return default
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS - 1


def decimal_number(text: str, default: float = 0.0) -> float:
    """The number that a text writes; the default for a text that writes none, or one that is not finite."""
    try:
        number = float(text)
    except ValueError:
        return default
    return number if math.isfinite(number) else default
