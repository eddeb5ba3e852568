"""What is around a build: fonts, the locale, the folders for the cache and for temporary files, cores, locks."""

from __future__ import annotations

import fcntl
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from publisher.checks.installation.component import Component, Need
from publisher.model.diagnostics import PublisherError
from publisher.store import fingerprints
from publisher.store.cache import LIMIT, Cache, default_folder
from publisher.writers import themes

_FONT = re.compile(r"url\(\s*[\"']?((?:fonts|fallback)/[^)\"']+)")
_FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".pfb", ".woff", ".woff2")


def fonts() -> Iterator[Component]:
    """The fonts that the style sheets of each shipped theme name, and those of the system."""
    reinstall = f"install {fingerprints.DISTRIBUTION} again: the fonts are a part of it"
    folder = themes.shipped()
    names = sorted(path.name for path in folder.glob("*") if (path / "theme.toml").is_file())
    if not names:
        yield Component("themes", Need.BUILD, False, f"no theme in {folder}", reinstall)
    for name in names:
        try:
            theme = themes.load(name)
        except PublisherError as problem:
            yield Component(f"theme {name}", Need.BUILD, False, str(problem.diagnostics[0].message), reinstall)
            continue
        styles = [path.read_text("utf-8", "replace") for place in theme.folders for path in sorted(place.glob("*.css"))]
        named = dict.fromkeys(font for css in styles for font in _FONT.findall(css))
        missing = [font for font in named if theme.path(font) is None]
        detail = f"without {', '.join(missing)}" if missing else f"{len(named)} fonts"
        yield Component(f"theme {name}", Need.BUILD, not missing, detail, reinstall)
    files = [file for place in fingerprints.font_folder_paths() for file in Path(place).iterdir()]
    count = sum(file.suffix.lower() in _FONT_SUFFIXES for file in files)
    yield Component("system fonts", Need.INFORMATION, True, f"{count}; used only for characters that no theme has")


def locale() -> Iterator[Component]:
    """The encoding of file names and of standard output."""
    encodings = {sys.getfilesystemencoding(), (sys.stdout.encoding or "utf-8").lower()}
    others = sorted(encoding for encoding in encodings if encoding.replace("-", "") != "utf8")
    detail = ", ".join(others) or "UTF-8"
    yield Component("encoding", Need.OPTIONAL, not others, detail, "export LC_ALL=C.UTF-8: other characters are shown as escapes")


def folders() -> Iterator[Component]:
    """The folder of the cache, the folder for temporary files, and whether files in the current folder can be locked."""
    cache = default_folder()
    problem = _refusal(cache)
    count, size = Cache(cache).size()
    detail = f"{cache}: {problem}" if problem else f"{cache} ({count:,} entries, {size / 1e6:,.0f} of {LIMIT / 1e6:,.0f} MB)"
    yield Component(
        "cache", Need.OPTIONAL, not problem, detail, "set XDG_CACHE_HOME, or use --cache DIR; without, builds are slower"
    )
    try:
        temporary = Path(tempfile.gettempdir())
        problem = _refusal(temporary)
    except FileNotFoundError as error:
        temporary, problem = Path(), str(error.strerror)
    detail = f"{temporary}: {problem}" if problem else str(temporary)
    yield Component("temporary files", Need.BUILD, not problem, detail, "set TMPDIR to a folder that can be written")
    problem = _lock_refusal(Path())
    detail = f"not in this folder: {problem}" if problem else "in this folder"
    yield Component("locks", Need.OPTIONAL, not problem, detail, "do not run two builds of the same outputs here")


def cores() -> Iterator[Component]:
    """The processors that a build may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Component("cores", Need.INFORMATION, True, str(count))


def _refusal(folder: Path) -> str:
    """Why a folder, or the nearest folder above it that is there, cannot be written; empty if it can."""
    try:
        place = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
        with tempfile.TemporaryFile(dir=place):
            return ""
    except OSError as problem:
        return problem.strerror or str(problem)


def _lock_refusal(folder: Path) -> str:
    """Why a folder cannot be locked (flock); empty if it can, or if another process holds the lock."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(handle)
    except BlockingIOError:
        return ""
    except OSError as problem:
        return problem.strerror or str(problem)
    return ""
