"""The time that the environment states for a build (reproducible-builds.org, SOURCE_DATE_EPOCH)."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager

from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

VARIABLE = "SOURCE_DATE_EPOCH"
_DIGITS = 12  # the last second of the year 9999, the last that a date can have, is 253402300799


@contextmanager
def stated_as(epoch: str) -> Iterator[None]:
    """While it lasts, the environment states this time: a number of seconds since 1970, or none if it is empty."""
    before = os.environ.pop(VARIABLE, None)
    if epoch:
        os.environ[VARIABLE] = epoch
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)
        if before is not None:
            os.environ[VARIABLE] = before


def stated_time() -> datetime.datetime | None:
    """The time of SOURCE_DATE_EPOCH; None if it is no number. Raises PublisherError (exit 2) if it is beyond the year 9999."""
    epoch = os.environ.get(VARIABLE, "")
    if not (epoch.isascii() and epoch.isdigit()):
        return None
    try:
        return datetime.datetime.fromtimestamp(int(epoch.lstrip("0")[: _DIGITS + 1] or "0"), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        message = f"{VARIABLE} is beyond the year 9999: {epoch[:20]}"
        hint = "give the number of seconds since 1970, or unset it"
        raise PublisherError(Diagnostic(Code.VARIABLE, message, hint=hint), exit_code=Exit.USAGE) from None
