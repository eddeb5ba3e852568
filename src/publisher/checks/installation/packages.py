"""Python, the packages of the installation with its extras, and the native libraries that set the page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from publisher import __version__
from publisher.checks.installation.component import Component, Need
from publisher.store import fingerprints
from publisher.store.fingerprints import DISTRIBUTION
from publisher.writers.requirements import install_hint

_LEAST_PYTHON = (3, 11)
_LIBRARIES = {"pango_version": "Pango", "hb_version_string": "HarfBuzz", "FcGetVersion": "Fontconfig", "zlib": "zlib"}
_DEVELOPERS = ("bench", "test")
_NOTHING = "unknown"


def python() -> Iterator[Component]:
    """The interpreter."""
    numbers = sys.version_info[:3]
    least = ".".join(map(str, _LEAST_PYTHON))
    yield Component(
        "Python",
        Need.BUILD,
        numbers >= _LEAST_PYTHON,
        f"{'.'.join(map(str, numbers))} ({sys.executable})",
        f"install Python {least} or newer",
    )


def distributions() -> Iterator[Component]:
    """publisher with the packages that it needs, and each extra."""
    try:
        lines = requires(DISTRIBUTION) or []
        extras = metadata(DISTRIBUTION).get_all("Provides-Extra") or []
    except PackageNotFoundError:
        remedy = f"python -m pip install {DISTRIBUTION}"
        yield Component("publisher", Need.BUILD, False, "not installed as a package: its packages are not known", remedy)
        return
    missing = _missing([line for line in lines if ";" not in line])
    detail = f"{__version__}; not installed: {', '.join(missing)}" if missing else __version__
    yield Component("publisher", Need.BUILD, not missing, detail, f"python -m pip install {DISTRIBUTION}")
    for extra in sorted(set(extras) - set(_DEVELOPERS)):
        own = [line for line in lines if f"extra == '{extra}'" in line.replace('"', "'")]
        missing = _missing(own)
        detail = f"not installed: {', '.join(missing)}" if missing else "installed"
        remedy = f"python -m pip install '{DISTRIBUTION}[{extra}]'"
        yield Component(f"extra {extra}", Need.OPTIONAL, not missing, detail, remedy)


def _missing(requirements: list[str]) -> list[str]:
    """The names of the distributions that are not installed."""
    names = [fingerprints.name_of(line) for line in requirements]
    return [name for name in names if not _version(name)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def native_libraries() -> Iterator[Component]:
    """The libraries of the system, by the functions that tell their versions."""
    for line in fingerprints.native_libraries():
        function, _, number = line.partition("=")
        is_there = number != _NOTHING
        detail = _readable(number) if is_there else "not found"
        yield Component(_LIBRARIES[function], Need.BUILD, is_there, detail, install_hint())


def _readable(number: str) -> str:
    """`1.50.12` for 15012, as Pango and Fontconfig count; other versions as they are."""
    if not number.isdigit():
        return number
    return f"{int(number) // 10_000}.{int(number) // 100 % 100}.{int(number) % 100}"


def engine() -> Iterator[Component]:
    """WeasyPrint and the libraries that corrections are written for, with their versions."""
    try:
        from publisher.writers.pdf.weasyprint_patches import PATCHES
    except (ImportError, OSError) as problem:
        what = "not installed" if isinstance(problem, ImportError) else "cannot be loaded: a native library is not found"
        yield Component("WeasyPrint", Need.BUILD, False, what, install_hint())
        return
    libraries = {patch.library.__name__: patch for patch in sorted(PATCHES, key=lambda patch: patch.known, reverse=True)}
    for name, patch in sorted(libraries.items(), key=lambda item: item[0] != "weasyprint"):
        installed = str(patch.library.__version__)
        known = ", ".join(patch.versions)
        if patch.known:
            yield Component(name, Need.OPTIONAL, True, f"{installed}, with the corrections for it")
        else:
            detail = f"{installed}; the corrections are for {known}: no claim of PDF/UA and PDF/A"
            yield Component(name, Need.OPTIONAL, False, detail, f"python -m pip install '{name}=={patch.versions[0]}'")
