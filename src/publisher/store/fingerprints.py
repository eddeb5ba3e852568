"""Fingerprints: a hash of all that goes into a piece of work; in a cache with the program, its libraries and the fonts."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from publisher import __version__
from publisher.store.metadata_folders import metadata_folders, normalized, text_in

DISTRIBUTION = "publisher-toolchain"
_REQUIREMENT = re.compile(
    r"^Requires-Dist: (?P<name>[A-Za-z0-9._-]+)[ \t]*(?:\[(?P<extras>[^\]]*)\])?(?P<rest>.*)$", re.MULTILINE
)
_VERSION = re.compile(r"^Version: (\S+)", re.MULTILINE)
_DEVELOPERS = ("test", "bench")  # extras of ours that change no output
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w.-]+)""")
# Native libraries that set the page, by the names that systems give them, with the function that tells the version.
_NATIVE = {
    "pango_version": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0"),
    "hb_version_string": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0"),
    "FcGetVersion": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1"),
}
_NATIVE_FOLDERS = ("", "/opt/homebrew/lib/", "/usr/local/lib/")
_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)


def fingerprint(kind: str, *values: object) -> str:
    """64 hex digits for `values` by their `repr`: dates, strings, numbers, tuples and records of them."""
    return hashlib.sha256("\x1f".join((kind, *map(repr, values))).encode()).hexdigest()


def cache_key(key: str) -> str:
    """64 hex digits for a fingerprint and all else that may change a result (`versions`), which only a cache has to know."""
    return hashlib.sha256(f"{key}\x1f{versions()}".encode()).hexdigest()


@cache
def versions() -> str:
    """Everything that may change a result without a change in the input, as one line.

    Our version and the state of our files, Python's, every installed distribution that our metadata reaches, the native
    libraries that set the page, and the folders of fonts.
    """
    lines = [__version__, own_files(), sys.version, *distributions(), *native_libraries(), *font_folders()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def own_files() -> str:
    """Names, sizes and times of change of the package's own files."""
    return repr(sorted(_files_of_python(str(Path(__file__).parents[1]))))


def _files_of_python(folder: str, place: str = "") -> Iterator[tuple[str, int, int]]:
    """Path in the folder, size and time of change of each file of Python. With pathlib it takes three times as long."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                status = entry.stat()
                yield place + entry.name, status.st_size, status.st_mtime_ns
            elif entry.is_dir(follow_symlinks=False):
                yield from _files_of_python(entry.path, f"{place}{entry.name}/")


def distributions(top: str = DISTRIBUTION) -> list[str]:
    """`name=version` of every installed distribution that `top` requires, directly or through others.

    Of `top` all extras count but those for developers, of the others those that are asked for.
    """
    versions = {name: _VERSION.search(_header(name)) for name in requirements(top)}
    return [f"{name}={version[1] if version else 'missing'}" for name, version in sorted(versions.items())]


def requirements(top: str = DISTRIBUTION) -> dict[str, tuple[str, ...]]:
    """The same distributions by name, each with the names of those that it requires itself, sorted."""
    found: dict[str, set[str]] = {}
    wanted, seen = [(top, "*")], set()
    while wanted:
        request = wanted.pop()
        if request in seen:
            continue
        seen.add(request)
        name, extras = request
        required = list(_requirements(_header(name), extras))
        found.setdefault(name, set()).update(other for other, _ in required)
        wanted += required
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


@cache
def _header(name: str) -> str:
    """The header of a distribution's metadata; empty where it is not installed.

    Read as text: importlib.metadata parses the whole file as a mail, which takes a tenth of a second for all of them.
    """
    folders = metadata_folders()
    if folders is None:
        return _text_of_metadata(name).partition("\n\n")[0]
    folder = folders.get(normalized(name))
    return text_in(folder, "METADATA").partition("\n\n")[0] if folder else ""


def _text_of_metadata(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return distribution(name).read_text("METADATA") or ""
    except PackageNotFoundError:
        return ""


def _requirements(header: str, extras: str) -> Iterator[tuple[str, str]]:
    """Name and extras (separated by commas) of each requirement that holds without extras or with one of `extras`."""
    for match in _REQUIREMENT.finditer(header):
        condition = _EXTRA.search(match["rest"])
        extra = normalized(condition[1]) if condition else ""
        if not extra or extra in extras.split(",") or (extras == "*" and extra not in _DEVELOPERS):
            yield normalized(match["name"]), ",".join(map(normalized, re.findall(r"[\w.-]+", match["extras"] or "")))


def name_of(requirement: str) -> str:
    """The name of the distribution that a requirement (PEP 508) is about, as it is compared."""
    return normalized(re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0])


def native_libraries() -> list[str]:
    """`function=version` of Pango, HarfBuzz and FontConfig as the system has them, and of zlib."""
    return [f"zlib={zlib.ZLIB_RUNTIME_VERSION}", *(f"{function}={_native_version(function)}" for function in _NATIVE)]


def _native_version(function: str) -> str:
    for name in (folder + name for folder in _NATIVE_FOLDERS for name in _NATIVE[function]):
        with suppress(OSError, AttributeError):
            call = getattr(ctypes.CDLL(name), function)
            if function.endswith("_string"):
                call.restype = ctypes.c_char_p
                return str(call().decode())
            return str(call())
    return "unknown"


def font_folders() -> list[str]:
    """Folders of fonts and of Fontconfig's rules with their times of change: a new font may give a character another face."""
    lines = []
    for folder in font_folder_paths():
        with suppress(OSError):
            lines.append(f"{folder}={Path(folder).stat().st_mtime_ns}")
    return sorted(lines)


def font_folder_paths() -> Iterator[str]:
    """The folders in which systems keep fonts and Fontconfig's rules, and those in them."""
    for top in dict.fromkeys((*_FONT_FOLDERS, *_folders_of_environment())):
        for folder, _, _ in os.walk(Path(top).expanduser()):
            yield folder


def _folders_of_environment() -> Iterator[str]:
    """The folders that variables name to Fontconfig (fonts-conf(5), and the XDG Base Directory Specification)."""
    for variable, default, name in (
        ("XDG_DATA_HOME", "", "fonts"),
        ("XDG_DATA_DIRS", "", "fonts"),
        ("XDG_CONFIG_HOME", "~/.config", "fontconfig"),
        ("FONTCONFIG_PATH", "/etc/fonts", ""),
        ("FONTCONFIG_FILE", "", ".."),
    ):
        for folder in filter(None, (os.environ.get(variable) or default).split(os.pathsep)):
            yield os.path.normpath(os.path.join(folder, name))  # noqa: PTH118 (it may begin with ~)
