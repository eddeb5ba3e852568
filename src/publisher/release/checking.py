"""The checks of a release: every checker looks at every output, before anything is put in place."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from publisher.checks.validate import CHECKERS, NAMES, OWN_RULES, validate
from publisher.model import disk
from publisher.model.diagnostics import Diagnostic, PublisherError, errors
from publisher.release.record import Check
from publisher.writers.formats import checker_for


def checked(
    folder: Path, names: Iterable[str], skipped: Collection[str], shown: Mapping[str, str] | None = None
) -> tuple[tuple[Check, ...], tuple[Diagnostic, ...]]:
    """What each checker finds in the outputs `names` of a folder; `skipped` are the keys of CHECKERS that do not run.

    Messages name an output as in `shown`, else by its name.

    Raises PublisherError with every error, and (exit code 4) where a checker is not installed.
    """
    checks, found = list[Check](), list[Diagnostic]()
    required = [name for name in CHECKERS if name not in skipped]
    for name in names:
        path = folder / name
        if checker_for(path) is None:
            continue
        verdict = validate(path, required, skipped)
        own = [_named(diagnostic, (shown or {}).get(name, name)) for diagnostic in verdict.diagnostics]
        found += own
        for checker in verdict.checkers:
            checks.append(Check(name, checker, "passed", len(own) if len(verdict.checkers) == 1 else _count(own, checker)))
        checks += [Check(name, checker, "skipped") for checker in verdict.skipped]
    if errors(found):
        raise PublisherError(*found)
    return tuple(checks), tuple(found)


def checked_outputs(outputs: Mapping[str, bytes], skipped: Collection[str]) -> tuple[Diagnostic, ...]:
    """What each checker finds in outputs that are written nowhere yet; raises as `checked` does."""
    with disk.temporary_files(), tempfile.TemporaryDirectory() as folder:
        names = {f"{number}/{Path(path).name}": path for number, path in enumerate(outputs)}
        for name, path in names.items():
            file = Path(folder) / name
            file.parent.mkdir()
            file.write_bytes(outputs[path])
        return checked(Path(folder), names, skipped, names)[1]


def unchecked(names: Iterable[str]) -> tuple[Check, ...]:
    """That no checker looked at these outputs."""
    return tuple(Check(name, OWN_RULES, "skipped") for name in names)


def _named(diagnostic: Diagnostic, name: str) -> Diagnostic:
    """A message about a file that is aside, under the name that the file will have."""
    return replace(diagnostic, location=diagnostic.location and replace(diagnostic.location, file=name))


def _count(found: Iterable[Diagnostic], checker: str) -> int:
    """How many of the messages are a checker's: the rules of EPUBCheck and Ace begin with their names."""
    keys = tuple(f"{key}-" for key in CHECKERS)
    own = next((f"{key}-" for key, name in NAMES.items() if name == checker), None)
    return sum(diagnostic.rule.startswith(own) if own else not diagnostic.rule.startswith(keys) for diagnostic in found)
