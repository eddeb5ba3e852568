"""A component: something that a build needs or can use, whether it is there, and how to get it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """What a component is for."""

    BUILD = "build"
    OPTIONAL = "optional"
    INFORMATION = "information"


@dataclass(frozen=True)
class Component:
    """A component of the installation or of the machine.

    `detail` is its version or place if `is_there`, else what is missing. `remedy` says how to get it, or what it is for.
    """

    name: str
    need: Need
    is_there: bool
    detail: str
    remedy: str = ""

    @property
    def state(self) -> str:
        """`ok`, or what its absence means: `missing` to a build, `absent` otherwise."""
        if self.is_there:
            return "ok"
        return "missing" if self.need is Need.BUILD else "absent"
