"""`publisher doctor`: what is installed, what is missing, how to get it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from publisher.cli import console, options
from publisher.model.codes import Code
from publisher.model.diagnostics import Diagnostic, Exit, PublisherError

if TYPE_CHECKING:
    from publisher.checks.installation.component import Component

_WIDTH = 80
_TITLES = {"build": "Needed by every build", "optional": "Optional", "information": "This machine"}
_COLORS = {"ok": "green", "missing": "red", "absent": "yellow"}


@options.command("publisher doctor\npublisher doctor --log-format json", short_help="Say what is installed and what is missing.")
@options.quiet
@options.log_format
def doctor(log_format: str) -> int:
    """Say what is installed, what is missing, and how to get it. If a build needs what is missing, the exit code is 4."""
    from publisher.checks.installation import components

    found = list(components())
    if log_format == "json":
        for component in found:
            values = {"need": str(component.need), "detail": component.detail, "remedy": component.remedy}
            console.tell(_sentence(component), log_format, component=component.name, state=component.state, **values)
    else:
        for line in lines(found):
            console.tell_styled(line)
    missing = [component for component in found if component.state == "missing"]
    if missing:
        raise PublisherError(
            *(Diagnostic(Code.COMPONENT_MISSING, _sentence(component), hint=component.remedy) for component in missing)
        )
    console.tell("all that a build needs is there", log_format)
    return Exit.DONE


def _sentence(component: Component) -> str:
    return f"{component.name}: {component.detail}"


def lines(components: Sequence[Component]) -> Iterator[list[tuple[str, str]]]:
    """The lines of the table, 80 columns wide: each as pieces of text with their colors (empty: none)."""
    width = max((len(component.name) for component in components), default=0)
    for need, title in _TITLES.items():
        yield [(title, "bold")]
        for component in components:
            if component.need == need:
                yield from _rows(component, width)
        yield [("", "")]


def _rows(component: Component, width: int) -> Iterator[list[tuple[str, str]]]:
    indent = 2 + 7 + 2 + width + 2
    first, *rest = _wrapped(component.detail, _WIDTH - indent) or [""]
    state = (f"{component.state:<7}", _COLORS[component.state])
    yield [("  ", ""), state, (f"  {component.name:<{width}}  {first}", "")]
    for line in rest:
        yield [(" " * indent + line, "")]
    if not component.is_there and component.remedy:
        for line in _wrapped(component.remedy, _WIDTH - indent):
            yield [(" " * indent, ""), (line, "dim")]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)
