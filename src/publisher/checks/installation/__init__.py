"""What `publisher doctor` looks at: the installation, and the machine around it. Each probe yields components."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.installation.component import Component, Need
from publisher.model.plugins import load

_HERE = "publisher.checks.installation"
PROBES = (  # loaded when they are run: a package that is not installed breaks those alone that import it
    f"{_HERE}.packages:python",
    f"{_HERE}.packages:distributions",
    f"{_HERE}.packages:native_libraries",
    f"{_HERE}.packages:engine",
    f"{_HERE}.surroundings:fonts",
    f"{_HERE}.surroundings:folders",
    f"{_HERE}.programs:checkers",
    f"{_HERE}.programs:tools",
    f"{_HERE}.surroundings:locale",
    f"{_HERE}.surroundings:cores",
)


def components() -> Iterator[Component]:
    """Every component, in the order of the probes."""
    for probe in PROBES:
        try:
            yield from load(probe)()
        except ImportError as problem:
            name = probe.rpartition(":")[2].replace("_", " ")
            yield Component(name, Need.BUILD, False, f"cannot be looked at: {problem}", "install publisher again")
