"""The table of output formats, with what the rest of the program must know of each. Another package adds a line through an
entry point in the group `publisher.writers`, named by suffix, that loads an OutputFormat or a function like `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from publisher.model.plugins import load, plugged

if TYPE_CHECKING:
    from publisher.model.edition import Edition
    from publisher.writers.contract import Output, Settings

Write: TypeAlias = "Callable[[Edition, Settings], Output]"
Check: TypeAlias = Callable[[Path, Collection[str]], Any]  # the file, and checkers that must be installed; a Verdict


@dataclass(frozen=True)
class OutputFormat:
    """A format by the functions that write and check it (`module:function`), and its traits.

    `paged`: it has pages of its own, so that it is written first and takes long. `carries_pages`: it can carry the page numbers
    of a paged output. `default`: it is written where no output is named. `require` raises PublisherError where a component is
    missing. `engine` is a module that takes long to import, and without which nothing is written.
    """

    write: str | Write
    check: str = ""
    paged: bool = False
    carries_pages: bool = False
    default: bool = False
    require: str = ""
    engine: str = ""


_REQUIRE, _ENGINE = "publisher.writers.requirements:require_engine", "publisher.writers.pdf.engine"
FORMATS: dict[str, OutputFormat] = {
    ".pdf": OutputFormat(
        "publisher.writers.pdf:write",
        "publisher.checks.validate:check_pdf",
        paged=True,
        default=True,
        require=_REQUIRE,
        engine=_ENGINE,
    ),
    ".epub": OutputFormat(
        "publisher.writers.epub:write",
        "publisher.checks.validate:check_epub",
        carries_pages=True,
        default=True,
        require=_REQUIRE,
        engine=_ENGINE,
    ),
}


@cache
def formats() -> dict[str, OutputFormat]:
    """Every output format by its suffix, in the order of the table."""
    added = {suffix: load(target) for suffix, target in plugged("publisher.writers").items()}
    others = {suffix: value if isinstance(value, OutputFormat) else OutputFormat(value) for suffix, value in added.items()}
    return FORMATS | {suffix: value for suffix, value in others.items() if suffix not in FORMATS}


def format_of(path: Path) -> OutputFormat | None:
    """The format that a file's suffix names; None where it is unsupported."""
    return formats().get(path.suffix.lower())


def traits_of(path: Path) -> OutputFormat:
    """The format of an output of a plan, which has been checked to be supported."""
    return formats()[path.suffix.lower()]


def writer_for(path: Path) -> Write:
    """The function that writes a supported output, loaded now."""
    write = traits_of(path).write
    writer: Write = load(write) if isinstance(write, str) else write
    return writer


def require_components(path: Path) -> None:
    """Raises PublisherError (exit code 4) where a supported output cannot be written for a missing component."""
    if require := traits_of(path).require:
        load(require)()


def checker_for(path: Path) -> Check | None:
    """The function that checks a finished file, loaded now; None where its format has none."""
    known = format_of(path)
    checker: Check | None = load(known.check) if known and known.check else None
    return checker
